#!/usr/bin/env python3
"""Solves 50 invented allocations of notes by Clarabel: writes notes.json beside itself.

    python3 crates/portfolio/tests/golden/notes.py        (needs NumPy 2.4, SciPy 1.17 and clarabel 0.11)

Each is the relaxation of NotesAllocation: shares w of a budget of 10,000 that maximise
sum w f + (1 - sum w) cash - lambda/2 sum w^2 v, with a cap per loan in whole notes of 25, and caps per group in two overlapping
lists. Every second one is a linear program. tests/notes.rs reads the file.
"""
import json
import os

import clarabel
import numpy as np
from scipy import sparse

BUDGET, NOTE = 10_000.0, 25.0


def solve(f, v, upper, groups, caps, risk, cash):
    n = len(f)
    rows = [np.ones(n)]
    limits = [1.0]
    for ids, limit in zip(groups, caps):
        for g, cap in enumerate(limit):
            rows.append((ids == g).astype(float))
            limits.append(cap)
    a = np.vstack(rows + [np.eye(n), -np.eye(n)])
    b = np.r_[limits, upper, np.zeros(n)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    p = sparse.csc_matrix(np.diag(risk * v))
    solver = clarabel.DefaultSolver(
        p, cash - f, sparse.csc_matrix(a), b, [clarabel.NonnegativeConeT(len(b))], settings)
    solution = solver.solve()
    assert str(solution.status) in ("Solved", "AlmostSolved"), solution.status
    return cash - solution.obj_val


def main():
    rng = np.random.default_rng(16)
    problems = []
    for k in range(50):
        n = int(rng.integers(8, 40))
        f = np.round(rng.normal(0.06, 0.05, n), 4)
        v = np.round(rng.uniform(0.01, 0.2, n), 4)
        cap = NOTE * rng.integers(1, 81, n)
        sizes = [int(rng.integers(2, 6)), int(rng.integers(2, 8))]
        groups = [rng.integers(0, size, n) for size in sizes]
        # Every number is used, so that there are as many caps as groups.
        for ids, size in zip(groups, sizes):
            ids[:size] = np.arange(size)
        caps = [NOTE / BUDGET * rng.integers(10, 140, size) for size in sizes]
        risk = 0.0 if k % 2 else float(np.round(rng.uniform(0.2, 30.0), 2))
        cash = float(np.round(rng.choice([0.0, 0.02, -1.0]), 2))
        objective = solve(f, v, cap / BUDGET, groups, caps, risk, cash)
        problems.append(dict(
            risk_aversion=risk, cash=cash, forecast=f.tolist(), variance=v.tolist(), cap=cap.tolist(),
            groups=[ids.tolist() for ids in groups], group_caps=[np.round(c, 6).tolist() for c in caps],
            objective=round(float(objective), 11)))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notes.json")
    with open(path, "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(p, separators=(",", ":")) for p in problems) + "\n]\n")


if __name__ == "__main__":
    main()
