#!/usr/bin/env python3
"""Compares the baselines with scikit-learn, imbalanced-learn and xgboost on KEEL sets, and prints tables of differences.

    python3 benches/peers/baselines.py --keel DIR [--sets pima,yeast1] [--methods cs-rf,rusboost] [--seed 0] [--fresh]

Five times five stratified folds, the same on both sides, options matched, one seed per fold. Features are standardised over the whole set
(what is compared is implementations) and rounded to single precision, in which the peers work. The same code judges the scores of both
sides. A cell is the mean over the folds of ours − theirs with its bootstrap 95 % interval; the last row resamples the folds of every set. A peer's
scores are kept in the environment's folder and used again unless --fresh.
"""
import argparse
import json
import os
import sys

import common

SETS = "pima,haberman,yeast1,vehicle1,glass0,ecoli3,yeast3,vowel0,yeast6,page-blocks0"
METHODS = "adaboost,cs-rf,cs-rf-leaf5,cs-rf-drawn,easy-ensemble,rusboost,w-elm,cs-xgboost"
REPEATS, FOLDS = 5, 5


def dump(keel, sets, folder):
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    for name in sets.split(","):
        rows = [line.strip().split(",") for line in open(f"{keel}/{name}.dat") if line.strip() and line[0] != "@"]
        x = np.array([[float(v) for v in r[:-1]] for r in rows])
        y = np.where(np.array([r[-1].strip() for r in rows]) == "positive", 1.0, -1.0)
        spread = x.std(0)
        x = ((x - x.mean(0)) / np.where(spread > 0, spread, 1.0)).astype(np.float32).astype(float)
        folds = np.zeros((REPEATS, len(y)))
        for r in range(REPEATS):
            for f, (_, test) in enumerate(StratifiedKFold(FOLDS, shuffle=True, random_state=r).split(x, y)):
                folds[r, test] = f
        to = f"{folder}/{name}"
        os.makedirs(to, exist_ok=True)
        for what, array in dict(X=x, y=y, folds=folds).items():
            array.tofile(f"{to}/{what}.f64")
        json.dump(dict(n=len(y), d=x.shape[1]), open(f"{to}/meta.json", "w"))


def load(folder, name):
    import numpy as np

    to = f"{folder}/{name}"
    meta = json.load(open(f"{to}/meta.json"))
    return np.fromfile(f"{to}/X.f64").reshape(meta["n"], -1), np.fromfile(f"{to}/y.f64"), np.fromfile(f"{to}/folds.f64").reshape(REPEATS, -1)


def score(method, seed, x, y, rows):
    """Scores of `rows` by the peer, positive where it says positive."""
    import numpy as np

    if method == "w-elm":
        # No library has one: the definition, on scikit-learn's weighted ridge regression.
        from sklearn.linear_model import Ridge

        rng = np.random.default_rng(seed)
        a, b = rng.uniform(-1, 1, (x.shape[1], 200)), rng.random(200)
        hidden = lambda part: 1 / (1 + np.exp(-(part @ a + b)))
        size = np.where(y > 0, (y > 0).sum(), (y < 0).sum())
        return Ridge(alpha=1 / 1024, fit_intercept=False).fit(hidden(x), y, sample_weight=1 / size).predict(hidden(rows))
    if method == "adaboost":
        from sklearn.ensemble import AdaBoostClassifier

        return AdaBoostClassifier(n_estimators=50, random_state=seed).fit(x, y).decision_function(rows)
    if method.startswith("cs-rf"):
        from sklearn.ensemble import RandomForestClassifier

        # Since 1.9 "balanced" draws the rows by weight; "balanced_subsample" draws them alike and weighs them in the tree.
        weight = "balanced" if method.endswith("drawn") else "balanced_subsample"
        leaf = 5 if method.endswith("leaf5") else 1
        model = RandomForestClassifier(100, class_weight=weight, min_samples_leaf=leaf, random_state=seed)
        return model.fit(x, y).predict_proba(rows)[:, 1] - 0.5
    if method == "easy-ensemble":
        from imblearn.ensemble import EasyEnsembleClassifier

        return EasyEnsembleClassifier(10, random_state=seed).fit(x, y).predict_proba(rows)[:, 1] - 0.5
    if method == "rusboost":
        from imblearn.ensemble import RUSBoostClassifier

        try:
            return RUSBoostClassifier(n_estimators=50, random_state=seed).fit(x, y).decision_function(rows)
        except ValueError as e:
            # Its first stump has no edge on all rows; ours then scores 0.
            if "worse than random" not in str(e):
                raise
            return np.zeros(len(rows))
    if method == "cs-xgboost":
        from xgboost import XGBClassifier

        model = XGBClassifier(n_estimators=100, max_depth=6, learning_rate=0.3, reg_lambda=1, min_child_weight=1, base_score=0.5,
                              scale_pos_weight=(y < 0).sum() / (y > 0).sum(), tree_method="hist", max_bin=256, n_jobs=1, random_state=seed)
        return model.fit(x, y > 0).predict(rows, output_margin=True)
    sys.exit(f"no peer for {method}")


def peer(folder, sets, methods, seed, fresh):
    import warnings

    import numpy as np
    from joblib import Parallel, delayed

    def one(method, x, y, folds, r, f):
        warnings.simplefilter("ignore")
        test = folds[r] == f
        return score(method, int(seed) + r * FOLDS + f, x[~test], y[~test], x[test])

    for name in sets.split(","):
        x, y, folds = load(folder, name)
        for method in methods.split(","):
            path = f"{folder}/{name}/theirs-{method}-{seed}.f64"
            if os.path.exists(path) and fresh != "True":
                continue
            cells = [(r, f) for r in range(REPEATS) for f in range(FOLDS)]
            scores = np.zeros(folds.shape)
            for (r, f), part in zip(cells, Parallel(n_jobs=-1)(delayed(one)(method, x, y, folds, r, f) for r, f in cells)):
                scores[r, folds[r] == f] = part
            scores.tofile(path)


def judge(folder, sets, methods, seed):
    import numpy as np
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score

    rng = np.random.default_rng(0)

    def interval(groups):
        """Mean over the groups' means, and its interval when each group is resampled."""
        means = [g[rng.integers(0, len(g), (10_000, len(g)))].mean(1) for g in groups]
        return [float(np.mean([g.mean() for g in groups])), *np.percentile(np.mean(means, 0), [2.5, 97.5]).tolist()]

    for method in methods.split(","):
        every = []
        for name in sets.split(","):
            _, y, folds = load(folder, name)
            values = []
            for who in ("ours", "theirs"):
                s = np.fromfile(f"{folder}/{name}/{who}-{method}-{seed}.f64").reshape(folds.shape)
                cells = [(y[t], s[r][t]) for r in range(REPEATS) for t in (folds[r] == f for f in range(FOLDS))]
                values.append([(balanced_accuracy_score(t > 0, p > 0), roc_auc_score(t > 0, p)) for t, p in cells])
            ours, theirs = np.array(values)
            every.append((ours, theirs))
            print(json.dumps(dict(method=method, set=name, ours=ours.mean(0).tolist(), theirs=theirs.mean(0).tolist(),
                                  difference=[interval([(ours - theirs)[:, k]]) for k in (0, 1)])))
        print(json.dumps(dict(method=method, set="all", ours=np.mean([o.mean(0) for o, _ in every], 0).tolist(),
                              theirs=np.mean([t.mean(0) for _, t in every], 0).tolist(),
                              difference=[interval([(o - t)[:, k] for o, t in every]) for k in (0, 1)])))


actions = {"--dump": dump, "--peer": peer, "--judge": judge}
if len(sys.argv) > 1 and sys.argv[1] in actions:
    sys.exit(actions[sys.argv[1]](*sys.argv[2:]))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--keel", required=True, help="the folder of the .dat files")
parser.add_argument("--sets", default=SETS)
parser.add_argument("--methods", default=METHODS)
parser.add_argument("--seed", type=int, default=0, help="added to the seeds of both sides")
parser.add_argument("--fresh", action="store_true")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python, ours = common.peers(args.venv), common.example("peer_baselines")
common.run(python, "-m", "pip", "install", "-q", "imbalanced-learn", "xgboost-cpu")
folder = os.path.join(args.venv, "baselines")
common.run(python, __file__, "--dump", os.path.abspath(args.keel), args.sets, folder)
common.run(ours, folder, args.sets, args.methods, args.seed)
common.run(python, __file__, "--peer", folder, args.sets, args.methods, args.seed, args.fresh)
last = None
for row in common.lines(python, __file__, "--judge", folder, args.sets, args.methods, args.seed):
    if row["method"] != last:
        last = row["method"]
        print(f"\n### {last}\n\n| set | balanced accuracy: ours | theirs | ours − theirs (95 %) | ROC AUC: ours | theirs | ours − theirs (95 %) |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
    cells = []
    for k in (0, 1):
        mean, low, high = row["difference"][k]
        cells += [f"{row['ours'][k]:.4f}", f"{row['theirs'][k]:.4f}", f"{mean:+.4f} ({low:+.4f}, {high:+.4f})"]
    print(f"| {row['set']} | " + " | ".join(cells) + " |")
