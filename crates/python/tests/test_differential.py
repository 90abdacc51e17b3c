"""Twenty-five problems of benches/peers/differential.py, of a seed of their own, and that the script sees errors."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from fuzzysvm import FuzzySVC

SCRIPT = Path(__file__).resolve().parents[3] / "benches" / "peers" / "differential.py"


@pytest.fixture(scope="module")
def differential():
    if not SCRIPT.exists():
        pytest.skip("there is no script of the workspace here")
    spec = importlib.util.spec_from_file_location("differential", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("number", range(25))
def test_beside_libsvm(differential, number):
    seen = differential.compare(*differential.draw(np.random.default_rng([2, number])))
    # The figures are worth something: a gap that is known makes two solutions one.
    if seen["their_gap"] < 1e-5 and seen["unique"]:
        assert seen["objective"] < 1e-6
        assert seen["decision"] < 1e-2


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        (lambda fitted: setattr(fitted, "intercept_", fitted.intercept_ + 1e-6), "margin"),
        (lambda fitted: setattr(fitted, "dual_coef_", fitted.dual_coef_ * 1.0001), "bounds|y'a"),
        (lambda fitted: setattr(fitted, "objective_", fitted.objective_ * (1 + 1e-9)), "objective"),
        (lambda fitted: setattr(fitted, "kkt_gap_", 1e-6), "gap"),
    ],
)
def test_an_error_is_seen(differential, monkeypatch, changed, error):
    class Wrong(FuzzySVC):
        def fit(self, X, y, sample_weight=None):
            super().fit(X, y, sample_weight)
            changed(self)
            return self

    monkeypatch.setattr(differential, "FuzzySVC", Wrong)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = (X[:, 0] + rng.normal(size=60) > 0.3).astype(int)
    options = {"kernel": "rbf", "C": 1.0, "gamma": 0.3, "class_weight": None}
    with pytest.raises(AssertionError, match=error):
        differential.compare(X, y, rng.random(60) + 0.1, options, X[:5])


def test_a_looser_fit_is_seen(differential, monkeypatch):
    class Loose(FuzzySVC):
        def fit(self, X, y, sample_weight=None):
            self.tol = 1e-3
            return super().fit(X, y, sample_weight)

    monkeypatch.setattr(differential, "FuzzySVC", Loose)
    with pytest.raises(AssertionError, match="gap"):
        differential.compare(*differential.draw(np.random.default_rng([2, 3])))
