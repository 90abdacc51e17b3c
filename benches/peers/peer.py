#!/usr/bin/env python3
"""Fits one peer to a folder of raw arrays (see examples/dump_loans.rs) and prints one JSON line.

peer.py sklearn|sklearnex DIR C [CACHE_MB]      one fit in a fresh process
peer.py judge DIR C ALPHA.f64                   dual objective and KKT gap of somebody's alpha, in f64
"""
import json
import resource
import sys
import time

import numpy as np

what, folder, c = sys.argv[1], sys.argv[2], float(sys.argv[3])
meta = json.load(open(f"{folder}/meta.json"))
read = lambda name: np.fromfile(f"{folder}/{name}.f64")
y, w = read("y"), read("w")
X, Xp = read("X").reshape(len(y), -1), read("Xp").reshape(-1, meta["d"])
gamma = meta["gamma"]


def block(P, Q):
    K = -2.0 * (P @ Q.T)
    K += (P * P).sum(1)[:, None]
    K += (Q * Q).sum(1)[None]
    return np.exp(-gamma * np.maximum(K, 0.0))


def quality(alpha):
    """Dual objective (to be maximised) and KKT gap, as LIBSVM defines it."""
    upper = c * w
    sv = np.flatnonzero(alpha > 0)
    coef = (alpha * y)[sv]
    f = np.concatenate([block(X[i:i + 500], X[sv]) @ coef for i in range(0, len(y), 500)])
    high, low = alpha >= upper * (1 - 1e-9), alpha <= 0
    up = ((y > 0) & ~high) | ((y < 0) & ~low)
    down = ((y < 0) & ~high) | ((y > 0) & ~low)
    v = y - f
    gap = float(v[up].max() - v[down].min())
    return dict(dual_objective=float(alpha.sum() - 0.5 * coef @ f[sv]), kkt_gap=gap, n_sv=len(sv))


if what == "judge":
    print(json.dumps(quality(np.fromfile(sys.argv[4]))))
    sys.exit()
if what == "sklearnex":
    from sklearnex.svm import SVC
else:
    from sklearn.svm import SVC
cache = float(sys.argv[4]) if len(sys.argv) > 4 else 1000.0
keep = w > 0
start = time.perf_counter()
model = SVC(C=c, gamma=gamma, tol=meta["tol"], cache_size=cache).fit(X[keep], y[keep], sample_weight=w[keep])
fit_s = time.perf_counter() - start
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start = time.perf_counter()
model.predict(Xp)
predict_s = time.perf_counter() - start
alpha = np.zeros(len(y))
alpha[np.flatnonzero(keep)[np.asarray(model.support_, int)]] = np.abs(np.asarray(model.dual_coef_, float)).ravel()
print(json.dumps(dict(fit_s=fit_s, predict_s=predict_s, peak_mb=peak_mb, **quality(alpha))))
