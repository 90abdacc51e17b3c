#!/usr/bin/env python3
"""Recomputes memberships from their printed formulas, independently of the library: writes recompute.json beside itself.

    python3 crates/membership/tests/golden/recompute.py        (needs NumPy)

30 samples of 3 features, 8 of them positive, with one pair of duplicates in each class; decision values of a fixed plane
stand in for a first model. tests/recomputed.rs reads the file.
"""
import json
import os

import numpy as np

rng = np.random.default_rng(7)
y = np.where(np.arange(30) % 4 == 1, 1, -1)
x = np.round(rng.normal(size=(30, 3)) + 1.2 * (y[:, None] == 1), 3)
x[9], x[20] = x[5], x[2]
f = np.round(1.3 * x @ [1.0, 0.6, -0.4] - 1.1, 4)
pos, neg = y == 1, y == -1
ir = neg.sum() / pos.sum()
factor = np.where(pos, 1.0, 1.0 / ir)
norm = lambda a: np.sqrt((a * a).sum(-1))

# FSVM-CIL: f_lin = 1 - d/(max d + Delta), f_exp = 2/(1 + exp(beta d)), times r+ = 1, r- = n+/n-
own = np.where(pos, norm(x - x[pos].mean(0)), norm(x - x[neg].mean(0)))
distances = {"own-center": own, "all-center": norm(x - x.mean(0)), "hyperplane": abs(f)}
cases = []


def case(settings, values, decision=False):
    cases.append(dict(settings=settings, decision=decision, expected=[float(v) for v in values]))


for name, d in distances.items():
    hyper = name == "hyperplane"
    case(dict(membership="fsvm-cil", distance=name), factor * (1 - d / (d.max() + 1e-6)), hyper)
    for beta in (0.1, 0.7):
        case(dict(membership="fsvm-cil", distance=name, decay="exponential", beta=beta), factor * 2 / (1 + np.exp(beta * d)), hyper)

# Slack factors: positives 0 < xi <= 1: 2/(1 + exp(beta xi)), xi > 1: 1e-5; negatives xi > a: exp(-beta xi); others 1
xi = np.maximum(0, 1 - y * f)
assert (pos & (xi == 0)).any() and (pos & (xi > 0) & (xi <= 1)).any() and (pos & (xi > 1)).any()
assert (neg & (xi > 2)).any() and (neg & (xi > 1.1) & (xi <= 2)).any()
for beta, a in ((0.5, 2.0), (0.3, 1.1), (0.0, 1.5)):
    s = np.ones(30)
    s[pos & (xi > 0) & (xi <= 1)] = 2 / (1 + np.exp(beta * xi[pos & (xi > 0) & (xi <= 1)]))
    s[pos & (xi > 1)] = 1e-5
    s[neg & (xi > a)] = np.exp(-beta * xi[neg & (xi > a)])
    case(dict(membership="slack-factor", beta=beta, location=a), factor * s, True)

# Relative density: 1/(distance to the K-th neighbor in the class) over its maximum; zeros apart
d2 = norm(x[:, None] - x[None])


def density(rows, k):
    kth = np.array([np.sort(np.delete(d2[i][rows], np.flatnonzero(np.flatnonzero(rows) == i)))[k - 1] for i in np.flatnonzero(rows)])
    ratio = np.ones(len(kth))
    ratio[kth > 0] = kth[kth > 0].min() / kth[kth > 0]
    return ratio


for k, both in ((None, False), (1, False), (3, True)):
    s = np.ones(30)
    s[neg] = density(neg, k or int(np.sqrt(neg.sum()))) / ir
    if both:
        s[pos] = density(pos, k)
    case(dict(membership="relative-density", n_neighbors=k, both_classes=both), s)


# Intuitionistic: explicit Gram matrix, loops as the formulas are printed
def intuitionistic(gram, alpha, both, delta=1e-4):
    n = len(y)
    r = np.zeros(n)
    for i in range(n):
        c = y == y[i]
        r[i] = np.sqrt(gram[i, i] - 2 * gram[i][c].mean() + gram[np.ix_(c, c)].mean())
    most = {c: r[y == c].max() for c in (-1, 1)}
    alpha = alpha or max(most.values())
    s = np.ones(n)
    for i in range(n):
        if y[i] == 1 and not both:
            continue
        near = np.sqrt(np.maximum(0, gram[i, i] + np.diag(gram) - 2 * gram[i])) <= alpha
        mu = 1 - r[i] / (most[y[i]] + delta)
        nu = (1 - mu) * (near & (y != y[i])).sum() / near.sum()
        s[i] = mu if nu == 0 else 0.0 if mu <= nu else (1 - nu) / (2 - mu - nu)
        s[i] *= factor[i]
    return s


gamma = 1 / x.var(0).sum()
rbf = lambda g: np.exp(-g * d2**2)
case(dict(membership="intuitionistic"), intuitionistic(rbf(gamma), None, False))
case(dict(membership="intuitionistic", space={"rbf": 0.4}, alpha=0.6, both_classes=True), intuitionistic(rbf(0.4), 0.6, True))
case(dict(membership="intuitionistic", space={"kernel": {"kernel": "linear"}}, both_classes=True), intuitionistic(x @ x.T, None, True))
case(dict(membership="intuitionistic", space={"rbf": "auto"}, both_classes=True, delta=0.01), intuitionistic(rbf(1 / 3), None, True, 0.01))

# Lin & Wang: the linear form as printed, the quadratic one with sigma
t, sg = x[:, 1], 0.3
t1, tl = t.min(), t.max()
case(dict(membership="lin-wang-time", time={"column": 1}, sigma=sg), (1 - sg) / (tl - t1) * t + (tl * sg - t1) / (tl - t1))
case(dict(membership="lin-wang-time", time={"column": 1}, shape="quadratic", sigma=sg, class_ratio=True), factor * ((1 - sg) * ((t - t1) / (tl - t1)) ** 2 + sg))
case(dict(membership="lin-wang-time"), 0.9 * np.arange(30) / 29 + 0.1)

# Posterior: loops as the formulas are printed
def posterior(sharpness, a):
    k = np.exp(-sharpness * gamma * d2**2)
    own = np.zeros(len(y))
    for i in range(len(y)):
        others = np.arange(len(y)) != i
        kp, kn = k[i][pos & others].mean(), k[i][neg & others].mean()
        p = (1 / (1 + np.exp(-2 * f[i])) + kp / (kp + kn)) / 2
        own[i] = (a + (p if y[i] == 1 else 1 - p)) / (1 + a)
    s = own.copy()
    s[neg] *= own[pos].sum() / own[neg].sum()
    return s / max(1, s.max())


for settings in (dict(), dict(floor=0.0), dict(sharpness=1.5, floor=0.5)):
    case(dict(membership="posterior", **settings), posterior(settings.get("sharpness", 4.0), settings.get("floor", 0.1)), True)

out = dict(n_cols=3, x=x.ravel().tolist(), y=y.tolist(), decision=f.tolist(), cases=cases)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recompute.json")
with open(path, "w") as file:
    file.write("{" + ",\n".join(f'"{k}": ' + ("[\n" + ",\n".join(map(json.dumps, v)) + "]" if k == "cases" else json.dumps(v)) for k, v in out.items()) + "}\n")
print(len(cases), "cases")
