#!/usr/bin/env python3
"""Times the forest and gradient boosting on loans beside scikit-learn, xgboost (hist) and LightGBM.

    python3 benches/peers/trees.py [--n 2000,20000] [--loans FILE] [--rounds 5] [--jobs 2] [--before PROGRAM]

100 trees; boosting of depth 6, learning rate 0.3, 256 bins (LightGBM: 64 leaves, 255 bins); forests grown fully. All sides run in turn,
three fits each in every round, and the least seconds over all rounds count: wall, and CPU of all threads (a thread that waits for
another spins, so with two jobs the CPU seconds of xgboost and LightGBM say little where the machine is busy: see --jobs 1).
"""
import argparse
import json
import os
import sys
import time

import common

METHODS = "cs-xgboost,cs-rf"
PEERS = ("xgboost", "lightgbm", "scikit-learn")
FITS = 3


def least(rounds, call):
    wall, cpu = [], []
    for _ in range(rounds):
        c, w = time.process_time(), time.perf_counter()
        call()
        wall.append(time.perf_counter() - w)
        cpu.append(time.process_time() - c)
    return min(wall), min(cpu)


def peer(folder, name, rounds, jobs):
    import numpy as np

    meta = json.load(open(f"{folder}/meta.json"))
    x, y = np.fromfile(f"{folder}/X.f64").reshape(-1, meta["d"]), np.fromfile(f"{folder}/y.f64") > 0
    probe = np.fromfile(f"{folder}/Xp.f64").reshape(-1, meta["d"])
    weight = (~y).sum() / y.sum()
    if name == "xgboost":
        from xgboost import XGBClassifier

        model = XGBClassifier(n_estimators=100, max_depth=6, learning_rate=0.3, base_score=0.5, scale_pos_weight=weight, tree_method="hist",
                              max_bin=256, n_jobs=jobs)
        score = lambda: model.predict(probe, output_margin=True)
    elif name == "lightgbm":
        from lightgbm import LGBMClassifier

        model = LGBMClassifier(n_estimators=100, max_depth=6, num_leaves=64, learning_rate=0.3, reg_lambda=1, min_child_weight=1,
                               min_child_samples=1, scale_pos_weight=weight, n_jobs=jobs, verbosity=-1)
        score = lambda: model.predict(probe, raw_score=True)
    else:
        from sklearn.ensemble import RandomForestClassifier

        model = RandomForestClassifier(100, class_weight="balanced_subsample", n_jobs=jobs, random_state=0)
        score = lambda: model.predict_proba(probe)[:, 1]
    fit, fit_cpu = least(rounds, lambda: model.fit(x, y))
    predict, predict_cpu = least(rounds, score)
    method = "cs-rf" if name == "scikit-learn" else "cs-xgboost"
    print(json.dumps(dict(method=method, fit_s=fit, fit_cpu_s=fit_cpu, predict_s=predict, predict_cpu_s=predict_cpu)))


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--n", default="2000,20000")
parser.add_argument("--loans", help="a file of loans; simulated ones where it is absent")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--before", help="an older build of peer_trees, as a peer of both")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python = common.peers(args.venv)
common.run(python, "-m", "pip", "install", "-q", "xgboost-cpu", "lightgbm")
ours, dump = common.example("peer_trees"), common.example("dump_loans")
os.environ["RAYON_NUM_THREADS"] = str(args.jobs)
print("| n, d | method | side | fit s | ours ÷ it | CPU s | ours ÷ it | 10,000 scores s | ours ÷ it | CPU s | ours ÷ it |")
print("| --- " * 11 + "|")
for n in args.n.split(","):
    folder = os.path.join(args.venv, f"trees-{n}")
    [meta] = common.lines(dump, folder, n, *(["--loans", args.loans] if args.loans else []))
    best = {}
    for _ in range(args.rounds):
        sides = [("ours", common.lines(ours, folder, METHODS, FITS))]
        if args.before:
            sides.append(("before", common.lines(args.before, folder, METHODS, FITS)))
        sides += [(p, common.lines(python, __file__, "--peer", folder, p, FITS, args.jobs)) for p in PEERS]
        for side, rows in sides:
            for row in rows:
                seen = best.setdefault((row["method"], side), row)
                best[row["method"], side] = {k: min(v, row[k]) if k.endswith("_s") else v for k, v in seen.items()}
    for method in METHODS.split(","):
        mine = best[method, "ours"]
        for side in ("ours", "before", *PEERS):
            row = best.get((method, side))
            if row:
                cells = [f"{row[k]:.4f} | {mine[k] / row[k]:.2f}" for k in ("fit_s", "fit_cpu_s", "predict_s", "predict_cpu_s")]
                print(f"| {n}, {meta['d']} | {method} | {side} | " + " | ".join(cells) + " |", flush=True)
