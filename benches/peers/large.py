#!/usr/bin/env python3
"""Times weighted RBF fits with a row cache of 200 MB beside scikit-learn and scikit-learn-intelex, and their peak memory.

    python3 benches/peers/large.py [--loans LoanStats3a.csv] [--simulated 42000] [--c 1,10,100] [--rounds 1]

All finished loans of the file and a simulated book, IEFSVM weights, γ = `scale`, tol = 1e-3. Every fit in a process of its
own; the peak is that of the whole process when the fit ends, so the peers' holds their interpreter and libraries. The
dual objectives are judged by the same f64 code.
"""
import argparse
import json
import os
import statistics

import common

ALL = 10**9
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--loans")
parser.add_argument("--simulated", type=int, default=42_000)
parser.add_argument("--c", default="1,10,100")
parser.add_argument("--cache", default="200")
parser.add_argument("--rounds", type=int, default=1)
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python, ours, dump = common.peers(args.venv), common.example("peer_fit"), common.example("dump_loans")
peer = [python, os.path.join(common.HERE, "peer.py")]
books = [("real", ["--loans", os.path.abspath(args.loans)], ALL)] if args.loans else []
books += [("simulated", [], args.simulated)]
print("| loans | n | C | ours s | scikit-learn s | oneDAL f64 s | ratio to the faster | ours MB | scikit-learn MB | oneDAL MB "
      "| ratio to the smaller | dual: ours − best, relative |")
print("|" + " --- |" * 12)
for name, flags, n in books:
    folder = os.path.join(args.venv, f"large-{name}")
    meta = json.loads(common.run(dump, folder, n, *flags))
    for c in args.c.split(","):
        alpha = os.path.join(folder, "alpha.f64")
        sides = dict(ours=[], sklearn=[], sklearnex=[])
        for _ in range(args.rounds):
            sides["ours"] += common.lines(ours, folder, "--c", c, "--reps", 1, "--cache", args.cache, "--alpha", alpha)
            for who in ("sklearn", "sklearnex"):
                sides[who] += common.lines(*peer, who, folder, c, args.cache)
        seconds, peaks = ([statistics.median(r[key] for r in rows) for rows in sides.values()] for key in ("fit_s", "peak_mb"))
        [judged] = common.lines(*peer, "judge", folder, c, alpha)
        best = max(sides[who][0]["dual_objective"] for who in ("sklearn", "sklearnex"))
        relative = (judged["dual_objective"] - best) / abs(best)
        print(f"| {name} | {meta['n']} | {c} | " + " | ".join(f"{s:.2f}" for s in seconds)
              + f" | {seconds[0] / min(seconds[1:]):.2f} | " + " | ".join(f"{p:.0f}" for p in peaks)
              + f" | {peaks[0] / min(peaks[1:]):.2f} | {relative:+.1e} |", flush=True)
