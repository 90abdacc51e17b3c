#!/usr/bin/env python3
"""Times our weighted RBF fit beside scikit-learn and scikit-learn-intelex, and prints a table of ratios.

    python3 benches/peers/compare.py [--loans LoanStats3a.csv] [--n 2000,10000] [--c 1,10,100] [--rounds 3]

Makes a virtual environment (--venv, default target/peers), installs the peers, builds our side, writes the loans
as raw arrays (the simulated book where no file is given) and runs all sides in turn, each fit in a fresh process, so
that ratios hold on a noisy machine. Every alpha is judged by the same f64 code: a fast solver that stops early is wrong.
"""
import argparse
import json
import os
import statistics

import common

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--loans")
parser.add_argument("--n", default="2000,10000")
parser.add_argument("--c", default="1,10,100")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--cache", type=float, default=1000)
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()


run, python = common.run, common.peers(args.venv)
ours, dump = common.example("peer_fit"), common.example("dump_loans")
peer = [python, os.path.join(common.HERE, "peer.py")]

print("| n | d | C | ours s | again s | scikit-learn s | ratio | oneDAL f64 s | ratio | dual: ours − best, relative | "
      "predict 10,000: ours s | ratio to scikit-learn | to oneDAL |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for n in args.n.split(","):
    folder = os.path.join(args.venv, f"loans-{n}")
    meta = json.loads(run(dump, folder, n, *(["--loans", os.path.abspath(args.loans)] if args.loans else [])))
    for c in args.c.split(","):
        alpha = os.path.join(folder, "alpha.f64")
        sides = dict(ours=[], sklearn=[], sklearnex=[])
        for _ in range(args.rounds):
            # Three fits in our process: the first pays for fresh memory, as the peers' only one does.
            flags = ["--c", c, "--reps", "3", "--cache", str(args.cache), "--alpha", alpha]
            sides["ours"].append(json.loads(run(ours, folder, *flags)))
            for name in ("sklearn", "sklearnex"):
                sides[name].append(json.loads(run(*peer, name, folder, c, str(args.cache))))
        median = lambda name, key: statistics.median(r[key] for r in sides[name])
        first = statistics.median(r["first_fit_s"] for r in sides["ours"])
        again, predict = median("ours", "fit_s"), median("ours", "predict_s")
        judged = json.loads(run(*peer, "judge", folder, c, alpha))
        best = max(sides["sklearn"][0]["dual_objective"], sides["sklearnex"][0]["dual_objective"])
        relative = (judged["dual_objective"] - best) / abs(best)
        skl, one = median("sklearn", "fit_s"), median("sklearnex", "fit_s")
        print(f"| {meta['n']} | {meta['d']} | {c} | {first:.3f} | {again:.3f} | {skl:.3f} | {first / skl:.2f} | {one:.3f} "
              f"| {first / one:.2f} | {relative:+.1e} | {predict:.3f} | {predict / median('sklearn', 'predict_s'):.3f} "
              f"| {predict / median('sklearnex', 'predict_s'):.2f} |", flush=True)
