"""Tables of other libraries, and rows in another order."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification

from fuzzysvm import FuzzySVC, _native, class_entropy, membership


@pytest.fixture(scope="module")
def data():
    return make_classification(150, 3, n_informative=3, n_redundant=0, weights=[0.7], flip_y=0.1, random_state=2)


class OnlyArrow:
    """A table that speaks Arrow's C interface and nothing else."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def as_polars(frame, y):
    pl = pytest.importorskip("polars", reason="polars is not installed")
    return pl.DataFrame({c: frame[c].to_numpy() for c in frame}), pl.Series(y)


def as_arrow(frame, y):
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    return pa.table({c: frame[c].to_numpy() for c in frame}), pa.array(y)


def as_capsule(frame, y):
    table, y = as_arrow(frame, y)
    return OnlyArrow(table), y


@pytest.mark.parametrize("convert", [as_polars, as_arrow, as_capsule])
def test_tables_of_other_libraries(data, convert):
    frame = pd.DataFrame(data[0], columns=["a", "b", "c"])
    y = np.where(data[1] == 1, "bad", "good")
    X, labels = convert(frame, y)
    expected, fitted = FuzzySVC().fit(frame, y), FuzzySVC().fit(X, labels)
    assert list(fitted.feature_names_in_) == ["a", "b", "c"]
    np.testing.assert_array_equal(fitted.classes_, ["bad", "good"])
    np.testing.assert_array_equal(fitted.decision_function(X), expected.decision_function(frame))
    np.testing.assert_array_equal(fitted.predict(X), expected.predict(frame))


def lattice():
    """Whole numbers and copies, of both classes, so that every neighborhood has ties."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 4, (120, 2)).astype(float)
    return X, (rng.uniform(size=120) < 0.3).astype(int)


NAMES = [entry["name"] for entry in _native.memberships() if not entry["times"]]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_rows_changes_nothing(name):
    X, y = lattice()
    weights = np.random.default_rng(1).integers(0, 4, len(y)).astype(float)
    given = FuzzySVC(name).fit(X, y, sample_weight=weights)
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(y))
        other = FuzzySVC(name).fit(X[order], y[order], sample_weight=weights[order])
        first = in_order(X, y, weights, given.membership_)
        np.testing.assert_array_equal(in_order(X[order], y[order], weights[order], other.membership_), first)
        assert other.intercept_[0] == given.intercept_[0]
        np.testing.assert_allclose(other.decision_function(X), given.decision_function(X), rtol=0, atol=1e-12)


def in_order(X, y, weights, values):
    """Samples and values, sorted: copies that differ in nothing may have changed places."""
    table = np.column_stack([X, y, weights, values])
    return table[np.lexsort(table.T)]


def test_functions_do_not_hang_on_the_order_either():
    X, y = lattice()
    order = np.random.default_rng(3).permutation(len(y))
    for function in [membership.iefsvm, membership.efsvm, lambda X, y: class_entropy(X, y, [1, 3, 9])]:
        first, other = function(X, y), function(X[order], y[order])
        # Copies of one class have equal places in all that follows, whichever is which.
        key = np.column_stack([X, y])
        for row in np.unique(key, axis=0):
            here = np.sort(first[(key == row).all(axis=1)], axis=0)
            there = np.sort(other[(key[order] == row).all(axis=1)], axis=0)
            np.testing.assert_array_equal(here, there)


def test_rows_in_order_of_time_stay_there():
    X, y = lattice()
    s = FuzzySVC("lin-wang-time").fit(X, y).membership_
    for label in (0, 1):
        assert (np.diff(s[y == label]) > 0).all()
