#!/usr/bin/env python3
"""Times the forest and gradient boosting on loans beside scikit-learn, xgboost (hist) and LightGBM.

    python3 benches/peers/trees.py [--n 2000,20000] [--loans FILE] [--rounds 5] [--jobs 2] [--ours PROGRAM,…]

100 trees; boosting of depth 6, learning rate 0.3, 256 bins (LightGBM: 64 leaves, 255 bins); forests grown fully. All sides run in turn, in
every round each some fits, and the least seconds over all rounds count: wall, and CPU of all threads. `--ours` names builds of
`peer_trees` to compare with each other; the one of this tree is built where it is absent. Prints one table row per side.
"""
import argparse
import json
import os
import sys
import time

import common

METHODS = "cs-xgboost,cs-rf"


def least(rounds, call):
    wall, cpu = [], []
    for _ in range(rounds):
        c, w = time.process_time(), time.perf_counter()
        result = call()
        wall.append(time.perf_counter() - w)
        cpu.append(time.process_time() - c)
    return min(wall), min(cpu), result


def peer(folder, name, rounds, jobs):
    import numpy as np
    from sklearn.metrics import roc_auc_score

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
    fit, fit_cpu, _ = least(rounds, lambda: model.fit(x, y))
    predict, predict_cpu, scores = least(rounds, score)
    method = "cs-rf" if name == "scikit-learn" else "cs-xgboost"
    ours = np.fromfile(f"{folder}/ours-{method}.f64")
    print(json.dumps(dict(method=method, fit_s=fit, fit_cpu_s=fit_cpu, predict_s=predict, predict_cpu_s=predict_cpu,
                          differ=float(np.abs(ours - scores).max()), auc=roc_auc_score(np.resize(y, len(probe)), scores))))


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--n", default="2000,20000")
parser.add_argument("--loans", help="a file of loans; simulated ones where it is absent")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--ours", help="programs, comma-separated")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python = common.peers(args.venv, "xgboost", "lightgbm")
programs = args.ours.split(",") if args.ours else [common.example("peer_trees")]
dump = common.example("dump_loans")
print("| n | d | side | what | fit s | CPU s | predict 10,000 s | CPU s |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
for n in args.n.split(","):
    folder = os.path.join(args.venv, f"trees-{n}")
    [meta] = common.lines(dump, folder, n, *(["--loans", args.loans] if args.loans else []))
    best = {}
    os.environ["RAYON_NUM_THREADS"] = str(args.jobs)
    for _ in range(args.rounds):
        sides = [(p, common.lines(p, folder, METHODS, 3)) for p in programs]
        sides += [(p, common.lines(python, __file__, "--peer", folder, p, 3, args.jobs)) for p in ("xgboost", "lightgbm", "scikit-learn")]
        for side, rows in sides:
            for row in rows:
                seen = best.setdefault((row["method"], side), row)
                best[row["method"], side] = {k: min(v, row[k]) if k.endswith("_s") else v for k, v in seen.items()}
    for (method, side), row in sorted(best.items()):
        cells = [row[k] for k in ("fit_s", "fit_cpu_s", "predict_s", "predict_cpu_s")]
        print(f"| {n} | {meta['d']} | {side} | {method} | " + " | ".join(f"{v:.4f}" for v in cells) + " |", flush=True)
