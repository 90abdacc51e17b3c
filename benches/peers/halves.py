#!/usr/bin/env python3
"""Ranks and tests of a `fuzzysvm compare` run over all data sets, and over each half of them, by SciPy.

    python3 benches/peers/halves.py RESULTS.csv [--control posterior] [--against class-cost,efsvm,iefsvm] [--metrics ...]

Halves: the data sets sorted by name, every other one from the first (development) and from the second (confirmation) on.
Ranks are among all methods of the run; Wilcoxon's signed ranks (zeros split between the sides, normal distribution) of the control
against each of the others, Holm over them. An independent check of what `compare` prints for the whole, with two small differences: SciPy corrects
Friedman for ties, and splits every zero where `compare`, after Demsar, leaves one of an odd number out.
"""
import argparse
import csv
import os
import sys

import common

METRICS = "balanced_accuracy,roc_auc,g_mean,f1,mcc,average_precision"


def holm(p):
    import numpy as np

    order = np.argsort(p)
    stepped = np.maximum.accumulate(np.minimum(1, np.array(p)[order] * (len(p) - np.arange(len(p)))))
    adjusted = np.empty(len(p))
    adjusted[order] = stepped
    return adjusted


def table(values, methods, sets, control, against):
    import numpy as np
    from scipy import stats

    v = np.round([[values[m][s] for s in sets] for m in methods], 12)
    ranks = stats.rankdata(-v, axis=0).mean(axis=1)
    friedman = stats.friedmanchisquare(*v)
    c = methods.index(control)
    rows, p = [], []
    for m in against:
        d = np.round(v[c] - v[methods.index(m)], 12)
        test = stats.wilcoxon(d, zero_method="zsplit", method="asymptotic")
        p.append(test.pvalue)
        rows.append((m, (d > 0).sum(), (d == 0).sum(), (d < 0).sum(), 100 * d.mean()))
    return v.mean(axis=1), ranks, friedman, [r + (a, b) for r, a, b in zip(rows, p, holm(p))]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("results")
    args.add_argument("--control", default="posterior")
    args.add_argument("--against", default="class-cost,efsvm,iefsvm")
    args.add_argument("--metrics", default=METRICS)
    args = args.parse_args()
    values = {}
    with open(args.results, newline="") as file:
        for row in csv.DictReader(file):
            values.setdefault(row["metric"], {}).setdefault(row["method"], {})[row["set"]] = float(row["mean"])
    sets = sorted(values["balanced_accuracy"][args.control])
    for name, part in (("development half", sets[::2]), ("confirmation half", sets[1::2]), ("all", sets)):
        for metric in args.metrics.split(","):
            methods = list(values[metric])
            means, ranks, friedman, tests = table(values[metric], methods, part, args.control, args.against.split(","))
            print(f"\n{name}, {len(part)} data sets, {metric}: Friedman chi2 {friedman.statistic:.2f} p {friedman.pvalue:.2g}")
            print("| method | mean in % | average rank |\n| --- | ---: | ---: |")
            for rank, mean, method in sorted(zip(ranks, means, methods)):
                print(f"| {method} | {100 * mean:.2f} | {rank:.2f} |")
            print(f"| {args.control} against | wins, ties, losses | mean difference | Wilcoxon p | Holm |\n| --- | --- | ---: | ---: | ---: |")
            for m, w, t, l, d, p, adjusted in tests:
                print(f"| {m} | {w}, {t}, {l} | {d:+.2f} | {p:.4f} | {adjusted:.4f} |")


if __name__ == "__main__":
    python = common.peers(common.VENV, "scipy")
    # The interpreter with SciPy runs the rest.
    if os.path.realpath(sys.prefix) != os.path.realpath(common.VENV):
        os.execv(python, [python, *sys.argv])
    main()
