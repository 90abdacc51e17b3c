#!/usr/bin/env python3
"""Times the machine on Nyström's map beside scikit-learn's Nystroem and LinearSVC.

    python3 benches/peers/approx.py [--n 100000] [--components 500] [--loans FILE] [--rounds 2]

Both learn from the same loans with the same weights (IEFSVM's), γ = `scale` and C, and score 10,000 others. LinearSVC runs
with the loss that ours has, the hinge (liblinear's dual solver), and with its default, the squared hinge; each with its
default tolerance and limit of iterations. The least seconds of some rounds: map and machine, then the scores.
"""
import argparse
import json
import os
import sys
import time
import warnings

import common

HELD_OUT = 10_000


def peer(folder, loss, components, c, rounds):
    import numpy as np
    from sklearn.kernel_approximation import Nystroem
    from sklearn.svm import LinearSVC

    meta = json.load(open(f"{folder}/meta.json"))
    x, y, w = (np.fromfile(f"{folder}/{name}.f64") for name in ("X", "y", "w"))
    x = x.reshape(-1, meta["d"])
    n = len(y) - HELD_OUT
    best = dict(fit_s=float("inf"), predict_s=float("inf"))
    for _ in range(rounds):
        start = time.perf_counter()
        basis = Nystroem(gamma=meta["gamma"], n_components=components, random_state=0)
        z = basis.fit_transform(x[:n])
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            svm = LinearSVC(C=c, loss=loss, random_state=0).fit(z, y[:n], sample_weight=w[:n])
        fitted = time.perf_counter()
        scores = svm.decision_function(basis.transform(x[n:]))
        best = dict(fit_s=min(best["fit_s"], fitted - start), predict_s=min(best["predict_s"], time.perf_counter() - fitted),
                    converged=not seen)
    scores.tofile(f"{folder}/{loss}.f64")
    print(json.dumps(best))


def auc(folder, name):
    """The ranking AUC of scores, by the ranks of the positive rows; ties count half."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    truth = np.fromfile(f"{folder}/y.f64")[-HELD_OUT:] > 0
    print(json.dumps(dict(auc=roc_auc_score(truth, np.fromfile(f"{folder}/{name}.f64")))))


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6])))
if len(sys.argv) > 1 and sys.argv[1] == "--auc":
    sys.exit(auc(*sys.argv[2:]))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--n", default="100000")
parser.add_argument("--components", type=int, default=500)
parser.add_argument("--c", type=float, default=1.0)
parser.add_argument("--loans", help="a file of loans; simulated ones where it is absent")
parser.add_argument("--rounds", type=int, default=2)
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python = common.peers(args.venv)
ours, dump = common.example("peer_approx"), common.example("dump_loans")
print("| n | M | side | fit s | ours ÷ it | 10,000 scores s | ours ÷ it | ranking AUC |")
print("| --- " * 8 + "|")
for n in args.n.split(","):
    folder = os.path.join(args.venv, f"approx-{n}")
    common.lines(dump, folder, int(n) + HELD_OUT, *(["--loans", args.loans] if args.loans else []))
    settings = (args.components, args.c, args.rounds)
    sides = {"ours, hinge": ("approx", common.lines(ours, folder, HELD_OUT, *settings)[0])}
    for loss in ("hinge", "squared_hinge"):
        row = common.lines(python, __file__, "--peer", folder, loss, *settings)[0]
        sides[f"scikit-learn, {loss.replace('_', ' ')}"] = (loss, row)
    mine = sides["ours, hinge"][1]
    for side, (name, row) in sides.items():
        of = "ours-approx" if name == "approx" else name
        [judged] = common.lines(python, __file__, "--auc", folder, of)
        stopped = "" if row.get("converged", True) else " (limit of iterations)"
        cells = " | ".join(f"{row[k]:.3f} | {mine[k] / row[k]:.3f}" for k in ("fit_s", "predict_s"))
        print(f"| {n} | {args.components} | {side}{stopped} | {cells} | {judged['auc']:.4f} |", flush=True)
