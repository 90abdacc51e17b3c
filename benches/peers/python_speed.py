#!/usr/bin/env python3
"""Times the Python package beside scikit-learn's SVC, and scikit-learn-intelex's: one fit and one prediction on the same
rows in one process, in turn. And what the package adds to the Rust side: checks, conversions, attributes.

    python3 benches/peers/python_speed.py [--n 500,2000,5000] [--rounds 7] [--python PYTHON]

Builds the package for release into the peers' environment, or takes it from `--python`, an interpreter that has it. One
thread for all; `--threads 0` for as many as there are. Medians of the rounds. Added by Python is the time of `fit` less that
of the calls into the extension module, as a share of a fit, and beside it what scikit-learn's checks of X and y take of it,
which SVC runs too. What is left, the conversion, must be under 2 % at n = 2,000. With iefsvm we compute the membership, the
peers are given it.

Then tuning: 5 C, 5 gamma and 5 folds of the plain machine, FuzzySVCCV beside GridSearchCV of the peers on the same folds,
once, for the sizes of `--tune-n`.
"""
import argparse
import json
import os
import statistics
import sys
import time

import common


class Clock:
    """Adds up the time of all calls into the extension module."""

    def __init__(self, native):
        self.seconds = 0.0
        for name in dir(native):
            function = getattr(native, name)
            if callable(function) and not isinstance(function, type):
                setattr(native, name, self.timed(function))

    def timed(self, function):
        def call(*args, **kwargs):
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - start

        return call


def measure(n, rounds):
    """Prints one JSON line per membership and side."""
    import numpy as np
    from fuzzysvm import FuzzySVC, _native
    from sklearn.utils import check_X_y
    from sklearn.utils.multiclass import type_of_target

    clock, classes = Clock(_native), peers()
    train, test = rows(n)
    for membership in ("svm", "iefsvm"):
        options = dict(C=10.0, gamma="scale", tol=1e-3, cache_size=1000)
        weights = FuzzySVC(membership, **options).fit(*train).membership_
        # LIBSVM refuses a weight of 0 where it leaves a class, and it is not a support vector in any case.
        kept = weights > 0
        options["gamma"] = 1.0 / (train[0].shape[1] * train[0].var())
        models = {"fuzzysvm": lambda: FuzzySVC(membership, **options).fit(*train)}
        for name, peer in classes.items():
            models[name] = lambda peer=peer: peer(**options).fit(train[0][kept], train[1][kept], sample_weight=weights[kept])
        fits, predictions, added, labels = ({name: [] for name in models} for _ in range(4))
        checks = []
        for _ in range(rounds):
            start = time.perf_counter()
            type_of_target(check_X_y(*train, dtype=np.float64, order="C")[1])
            checks.append(time.perf_counter() - start)
            for name, fit in models.items():
                clock.seconds, start = 0.0, time.perf_counter()
                model = fit()
                seconds = time.perf_counter() - start
                fits[name].append(seconds)
                added[name].append(seconds - clock.seconds)
                start = time.perf_counter()
                labels[name] = np.asarray(model.predict(test))
                predictions[name].append(time.perf_counter() - start)
        for name in models:
            print(json.dumps(dict(
                membership=membership, side=name, fit=statistics.median(fits[name]), predict=statistics.median(predictions[name]),
                added=statistics.median(added[name]), checks=statistics.median(checks),
                same=float((labels[name] == labels["fuzzysvm"]).mean()),
            )))


def rows(n):
    """Training rows and as many for predictions, scaled."""
    import numpy as np
    from sklearn.datasets import make_classification
    from sklearn.preprocessing import StandardScaler

    X, y = make_classification(2 * n, 20, n_informative=8, weights=[0.85], flip_y=0.05, random_state=0)
    X = np.ascontiguousarray(StandardScaler().fit_transform(X))
    return (X[:n], y[:n]), X[n:]


def peers():
    """SVC of the libraries that are installed."""
    from sklearn.svm import SVC

    classes = {"sklearn": SVC}
    try:
        from sklearnex.svm import SVC as Intelex

        classes["sklearnex"] = Intelex
    except ImportError:
        pass
    return classes


def tune(n):
    """Prints one JSON line per side."""
    from fuzzysvm import FuzzySVCCV
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    (X, y), _ = rows(n)
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    c, gamma = [2.0**e for e in range(-2, 7, 2)], [2.0**e for e in range(-8, 1, 2)]
    searches = {"fuzzysvm": FuzzySVCCV("svm", Cs=c, gammas=gamma, cv=folds, scoring="balanced_accuracy")}
    for name, peer in peers().items():
        searches[name] = GridSearchCV(peer(cache_size=1000), {"C": c, "gamma": gamma}, cv=folds, scoring="balanced_accuracy")
    for name, search in searches.items():
        start = time.perf_counter()
        search.fit(X, y)
        print(json.dumps(dict(side=name, tune=time.perf_counter() - start, score=float(search.best_score_))))


if len(sys.argv) > 1 and sys.argv[1] == "--measure":
    sys.exit(measure(*map(int, sys.argv[2:])))
if len(sys.argv) > 1 and sys.argv[1] == "--tune":
    sys.exit(tune(int(sys.argv[2])))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--n", default="500,2000,5000")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--tune-n", default="500,2000")
parser.add_argument("--threads", default="1")
parser.add_argument("--python", help="an interpreter that has the package")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python = args.python
if not python:
    python = common.peers(args.venv)
    common.run(python, "-m", "pip", "install", "-q", "--force-reinstall", "--no-deps", os.path.join(common.ROOT, "crates", "python"))
threads = [] if args.threads == "0" else [f"{name}={args.threads}" for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")]
print("| n | membership | side | fit, ms | predict, ms | ours ÷ this, fit | predict | added by Python | of it checks | same labels |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for n in args.n.split(","):
    sides = common.lines("env", *threads, python, "-W", "ignore", __file__, "--measure", n, args.rounds)
    for row in sides:
        [ours] = [r for r in sides if r["side"] == "fuzzysvm" and r["membership"] == row["membership"]]
        shares = [f"{100 * row[part] / row['fit']:.2f} %" if row is ours else "" for part in ("added", "checks")]
        print(f"| {n} | {row['membership']} | {row['side']} | {1e3 * row['fit']:.2f} | {1e3 * row['predict']:.2f} "
              f"| {ours['fit'] / row['fit']:.2f} | {ours['predict'] / row['predict']:.2f} | {' | '.join(shares)} | {100 * row['same']:.2f} % |", flush=True)
        if row["same"] < 0.995:
            sys.exit(f"{row['side']} decides otherwise")
print("\n| n | side | tuning, s | ours ÷ this | best balanced accuracy |")
print("| --- | --- | --- | --- | --- |")
for n in args.tune_n.split(","):
    sides = common.lines("env", *threads, python, "-W", "ignore", __file__, "--tune", n)
    for row in sides:
        print(f"| {n} | {row['side']} | {row['tune']:.2f} | {sides[0]['tune'] / row['tune']:.3f} | {row['score']:.4f} |", flush=True)
        if abs(row["score"] - sides[0]["score"]) > 0.01:
            sys.exit(f"{row['side']} chooses otherwise")
