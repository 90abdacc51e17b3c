#!/usr/bin/env python3
"""Times weighted RBF fits on small KEEL sets beside scikit-learn, and prints a table of ratios.

    python3 benches/peers/keel.py --keel DIR [--sets pima,yeast1] [--c 1,10,100] [--reps 15] [--rounds 3]

Five stratified folds, standardised on their training part, γ = 1/d, minority weight 1, majority uniform in (0, 1/IR],
tol = 1e-3. A side's time on a fold is the median of `reps` fits in one process after one fit to warm up; the table has the
median over rounds (sides in turn) of the sum over the folds. Every α is judged by the same f64 code.
"""
import argparse
import json
import math
import os
import statistics
import sys
import time

import common

SETS = "ecoli3,pima,vehicle0,vehicle2,yeast1,yeast3,yeast6,segment0,vowel0,page-blocks0"
DUALS = "alpha-{who}-{c}.f64"


def dump(keel, sets, folder):
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    for name in sets.split(","):
        rows = [line.strip().split(",") for line in open(f"{keel}/{name}.dat") if line.strip() and line[0] != "@"]
        x = np.array([[float(v) for v in r[:-1]] for r in rows])
        y = np.where(np.array([r[-1].strip() for r in rows]) == "positive", 1.0, -1.0)
        rng = np.random.default_rng(0)
        for f, (train, _) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(x, y)):
            to = f"{folder}/{name}-{f}"
            os.makedirs(to, exist_ok=True)
            part, labels = x[train], y[train]
            spread = part.std(0)
            part = (part - part.mean(0)) / np.where(spread > 0, spread, 1.0)
            ratio = (labels < 0).sum() / (labels > 0).sum()
            weights = np.where(labels > 0, 1.0, (1.0 - rng.random(len(labels))) / ratio)
            part.tofile(f"{to}/X.f64")
            labels.tofile(f"{to}/y.f64")
            weights.tofile(f"{to}/w.f64")
            json.dump(dict(d=part.shape[1], n=len(part), gamma=1.0 / part.shape[1], tol=1e-3), open(f"{to}/meta.json", "w"))


def load(folder):
    import numpy as np

    meta = json.load(open(f"{folder}/meta.json"))
    x = np.fromfile(f"{folder}/X.f64").reshape(-1, meta["d"])
    return meta, x, np.fromfile(f"{folder}/y.f64"), np.fromfile(f"{folder}/w.f64")


def peer(folder, sets, cs, reps):
    import numpy as np
    from sklearn.svm import SVC

    for name in sets.split(","):
        for c in cs.split(","):
            total = 0.0
            for f in range(5):
                to = f"{folder}/{name}-{f}"
                meta, x, y, w = load(to)
                seconds = []
                for _ in range(int(reps) + 1):
                    start = time.perf_counter()
                    model = SVC(C=float(c), gamma=meta["gamma"], tol=meta["tol"], cache_size=1000).fit(x, y, sample_weight=w)
                    seconds.append(time.perf_counter() - start)
                total += statistics.median(seconds[1:])
                alpha = np.zeros(len(y))
                alpha[model.support_] = np.abs(model.dual_coef_).ravel()
                alpha.tofile(f"{to}/" + DUALS.format(who="peer", c=c))
            print(json.dumps(dict(set=name, c=c, s=total)))


def judge(folder, sets, cs):
    import numpy as np

    for name in sets.split(","):
        for c in cs.split(","):
            worst = math.inf
            for f in range(5):
                to = f"{folder}/{name}-{f}"
                meta, x, y, _ = load(to)
                square = ((x[:, None] - x[None]) ** 2).sum(2) if len(x) < 1500 else None
                if square is None:
                    norms = (x * x).sum(1)
                    square = np.maximum(norms[:, None] + norms[None] - 2 * x @ x.T, 0)
                q = np.exp(-meta["gamma"] * square) * y[:, None] * y[None]
                dual = []
                for who in ("ours", "peer"):
                    a = np.fromfile(f"{to}/" + DUALS.format(who=who, c=c))
                    dual.append(a.sum() - 0.5 * a @ (q @ a))
                worst = min(worst, (dual[0] - dual[1]) / abs(dual[1]))
            print(json.dumps(dict(set=name, c=c, worst=worst)))


actions = {"--dump": dump, "--peer": peer, "--judge": judge}
if len(sys.argv) > 1 and sys.argv[1] in actions:
    sys.exit(actions[sys.argv[1]](*sys.argv[2:]))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--keel", required=True, help="the folder of the .dat files")
parser.add_argument("--sets", default=SETS)
parser.add_argument("--c", default="1,10,100")
parser.add_argument("--reps", type=int, default=15)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python, ours = common.peers(args.venv), common.example("peer_keel")
folder = os.path.join(args.venv, "keel")
common.run(python, __file__, "--dump", os.path.abspath(args.keel), args.sets, folder)
sides = dict(ours=[], peer=[])
for _ in range(args.rounds):
    sides["ours"].append(common.lines(ours, folder, args.sets, args.c, args.reps))
    sides["peer"].append(common.lines(python, __file__, "--peer", folder, args.sets, args.c, args.reps))
judged = common.lines(python, __file__, "--judge", folder, args.sets, args.c)
print("| set | C | ours ms | scikit-learn ms | ratio | dual: ours − theirs, relative, worst fold |")
print("| --- | --- | --- | --- | --- | --- |")
ratios = []
for k, verdict in enumerate(judged):
    mine, theirs = (statistics.median(r[k]["s"] for r in sides[who]) for who in ("ours", "peer"))
    ratios.append(mine / theirs)
    print(f"| {verdict['set']} | {verdict['c']} | {1e3 * mine:.2f} | {1e3 * theirs:.2f} | {ratios[-1]:.2f} | {verdict['worst']:+.1e} |")
print(f"\nGeometric mean of the ratios {statistics.geometric_mean(ratios):.3f}, largest {max(ratios):.2f}.")
