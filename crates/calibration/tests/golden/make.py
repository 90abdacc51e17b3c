"""Writes peers.json: scikit-learn's calibrations and metrics, and the sigmoid's exact minimum by SciPy.

Made with Python 3, NumPy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1: ``python make.py``.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import root
from scipy.special import expit, logit
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss


def minimum(x, target, weight):
    """Slope and intercept where the gradient of the weighted log loss vanishes."""
    center, width = x.mean(), x.std()
    z = (x - center) / width

    def gradient(v):
        residual = weight * (expit(v[0] * z + v[1]) - target)
        return [residual @ z, residual.sum()]

    def hessian(v):
        p = expit(v[0] * z + v[1])
        h = weight * p * (1 - p)
        return [[h @ z**2, h @ z], [h @ z, h.sum()]]

    found = root(gradient, [0.5, 0.0], jac=hessian, method="hybr", tol=1e-15)
    assert np.abs(gradient(found.x)).max() < 1e-9 * weight.sum(), found
    slope = found.x[0] / width
    return [slope, found.x[1] - slope * center]


def case(name, seed, n, share, distance, unit=1.0, weighted=False, lattice=None):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < share).astype(int)
    y[:2] = [1, 0]
    scores = rng.normal(size=n) + distance * (y - 0.5)
    scores = np.round(scores * lattice) / lattice if lattice else np.round(scores, 4)
    scores = scores * unit
    weight = np.round(rng.uniform(0, 3, n), 2) if weighted else np.ones(n)
    if weighted:
        weight[5] = 0.0
    kept = weight > 0
    positive, negative = weight[y == 1].sum(), weight[y == 0].sum()
    target = np.where(y == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    probe = np.round(np.linspace(scores.min() - unit, scores.max() + unit, 15), 6)
    platt = _SigmoidCalibration().fit(scores, y, sample_weight=weight)
    isotonic = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    isotonic.fit(scores[kept], y[kept], sample_weight=weight[kept])
    # Probabilities that are off: too far from one half.
    p = np.round(expit(1.6 * scores / unit - 0.8), 6)
    curve = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky")
    curve.fit(logit(p)[kept, None], y[kept], sample_weight=weight[kept])
    share_true, mean_width = calibration_curve(y, p, n_bins=10, strategy="uniform")
    share_count, mean_count = calibration_curve(y, p, n_bins=5, strategy="quantile")
    return {
        "name": name,
        "scores": scores.tolist(),
        "y": y.tolist(),
        "weights": weight.tolist() if weighted else None,
        "probe": probe.tolist(),
        "sigmoid": minimum(scores[kept], target[kept], weight[kept]),
        "sigmoid_scikit_learn": platt.predict(probe).tolist(),
        "isotonic": isotonic.predict(probe).tolist(),
        "probability": p.tolist(),
        "brier": brier_score_loss(y, p, sample_weight=weight),
        "line": [curve.coef_[0, 0], curve.intercept_[0]],
        # scikit-learn's curve takes no weights, and its quantiles tear ties that a lattice makes.
        "by_width": None if weighted else [mean_width.tolist(), share_true.tolist()],
        "by_count": None if weighted or lattice else [mean_count.tolist(), share_count.tolist()],
    }


cases = [
    case("plain", 1, 60, 0.4, 1.5),
    case("weighted", 2, 60, 0.3, 1.2, weighted=True),
    case("rare, ties", 3, 80, 0.12, 1.0, lattice=4),
    case("large scores", 4, 50, 0.5, 1.0, unit=500.0),
    case("small scores, weighted", 5, 40, 0.3, 2.0, unit=1e-3, weighted=True),
]
text = json.dumps({"cases": cases}, separators=(",", ":"))
Path(__file__).with_name("peers.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")
