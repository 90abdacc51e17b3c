#!/usr/bin/env python3
"""Times EFSVM's tuning (k = 1, 3, …, 15, 5 C, 5 γ, 5 folds: 1,000 fits and the memberships) beside the same loop
written with scikit-learn and with scikit-learn-intelex.

    python3 benches/peers/tune.py [--loans LoanStats3a.csv] [--n 2000] [--skip sklearn] [--peer-folds 5]

The same loans, folds and weights on all sides, one job each; ours with one thread too, and with all. The peers take
minutes, at n = 5,000 a quarter of an hour each: with fewer than five `--peer-folds` they run the first folds alone, and
their time is multiplied. Errors are counted over all cells and the folds that the peers run: they must agree but for
held-out loans on a decision boundary.
"""
import argparse
import json
import os
import sys
import time

import common

KS = (1, 3, 5, 7, 9, 11, 13, 15)


def load(folder):
    import numpy as np

    meta = json.load(open(f"{folder}/meta.json"))
    return np.fromfile(f"{folder}/X.f64").reshape(-1, meta["d"]), np.fromfile(f"{folder}/y.f64")


def folds(folder):
    """Writes the fold of every row."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    x, y = load(folder)
    of = np.zeros(len(y))
    for f, (_, held_out) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(x, y)):
        of[held_out] = f
    of.tofile(f"{folder}/folds.f64")


def peer(name, folder, n_folds):
    import numpy as np

    if name == "sklearnex":
        from sklearnex.neighbors import NearestNeighbors
        from sklearnex.svm import SVC
    else:
        from sklearn.neighbors import NearestNeighbors
        from sklearn.svm import SVC
    x, y = load(folder)
    of = np.fromfile(f"{folder}/folds.f64")
    start, cpu, errors = time.perf_counter(), time.process_time(), 0
    for f in range(int(n_folds)):
        train, held_out = of != f, of == f
        xt, yt = x[train], y[train]
        index = NearestNeighbors(n_neighbors=16).fit(xt).kneighbors(xt, return_distance=False)[:, 1:]
        among, ratio, weights = (yt > 0)[index], (yt < 0).sum() / (yt > 0).sum(), []
        for k in KS:
            p = among[:, :k].mean(1)
            with np.errstate(divide="ignore", invalid="ignore"):
                h = -(np.where(p > 0, p * np.log(p), 0) + np.where(p < 1, (1 - p) * np.log1p(-p), 0))
            weights.append(np.where(yt > 0, 1.0, (1 - h) / ratio))
        for gamma in (2.0**e for e in range(-8, 1, 2)):
            for c in (2.0**e for e in range(-2, 7, 2)):
                for w in weights:
                    model = SVC(C=c, gamma=gamma).fit(xt, yt, sample_weight=w)
                    errors += int((model.predict(x[held_out]) != y[held_out]).sum())
    times = 5 / int(n_folds)
    print(json.dumps(dict(s=times * (time.perf_counter() - start), cpu_s=times * (time.process_time() - cpu), errors=errors)))


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(*sys.argv[2:]))
if len(sys.argv) > 1 and sys.argv[1] == "--folds":
    sys.exit(folds(sys.argv[2]))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--loans")
parser.add_argument("--n", default="2000")
parser.add_argument("--skip", default="", help="peers to leave out")
parser.add_argument("--peer-folds", type=int, default=5, choices=range(1, 6))
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python, ours, dump = common.peers(args.venv), common.example("peer_tune"), common.example("dump_loans")
print("| n | side | s | CPU s | errors, all cells | ours, one thread ÷ this | all threads ÷ this |")
print("| --- | --- | --- | --- | --- | --- | --- |")
for n in args.n.split(","):
    folder = os.path.join(args.venv, f"loans-{n}")
    common.run(dump, folder, n, *(["--loans", os.path.abspath(args.loans)] if args.loans else []))
    common.run(python, __file__, "--folds", folder)
    one = None
    for threads in ("1", "0"):
        [mine] = common.lines("env", f"RAYON_NUM_THREADS={threads}", ours, folder)
        one = one or mine["s"]
        errors = -int(sum(mine["fold_scores"][:args.peer_folds]))
        print(f"| {n} | ours, {'one thread' if threads == '1' else 'all threads'} | {mine['s']:.2f} | | {errors} | | |", flush=True)
    for name in ("sklearn", "sklearnex"):
        if name not in args.skip.split(","):
            [theirs] = common.lines(python, __file__, "--peer", name, folder, args.peer_folds)
            print(f"| {n} | {name} | {theirs['s']:.1f} | {theirs['cpu_s']:.1f} | {theirs['errors']} | {one / theirs['s']:.3f} | {mine['s'] / theirs['s']:.3f} |", flush=True)
