"""Memberships and entropies as functions."""

import inspect
import re
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.neighbors import NearestNeighbors

import fuzzysvm
from fuzzysvm import FuzzySVC, _native, membership


@pytest.fixture(scope="module")
def data():
    return make_classification(200, 4, weights=[0.75], flip_y=0.1, random_state=5)


def entropies(X, y, ks):
    """Class entropy among the k nearest neighbors, in a few lines of NumPy."""
    rows = NearestNeighbors(n_neighbors=max(ks)).fit(X).kneighbors(return_distance=False)
    share = np.stack([y[rows[:, :k]].mean(axis=1) for k in ks], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nan_to_num(share * np.log(share)) - np.nan_to_num((1 - share) * np.log(1 - share))


def iefsvm(X, y):
    """IEFSVM's membership in a few lines of NumPy; 1 is the minority."""
    e = entropies(X, y, range(1, 16, 2))
    mean, std = e.mean(axis=1), e.std(axis=1)
    a = np.hypot(mean, std) * np.arctan2(mean, std)
    low, high = a[y == 0].min(), a[y == 0].max()
    return np.where(y == 1, 1.0, (1 - (a - low) / (high - low)) * (y == 1).sum() / (y == 0).sum())


def test_entropies(data):
    X, y = data
    ks = [1, 3, 8]
    found = fuzzysvm.class_entropy(X, y, ks)
    assert found.shape == (len(y), 3)
    np.testing.assert_allclose(found, entropies(X, y, ks), atol=1e-12)


def test_iefsvm(data):
    X, y = data
    s = membership.iefsvm(X, y)
    np.testing.assert_allclose(s, iefsvm(X, y), atol=1e-12)
    np.testing.assert_array_equal(s, membership.iefsvm(X, np.where(y == 1, "a", "b")))
    np.testing.assert_array_equal(s, FuzzySVC("iefsvm").fit(X, y).membership_)


@pytest.mark.parametrize("method", ["iefsvm", "efsvm", "fsvm", "class-cost", "relative-density"])
def test_the_command_line_gives_the_same(data, method, tmp_path, binary):
    X, y = data
    frame = pd.DataFrame(X, columns=list("abcd")).assign(y=y)
    frame.to_csv(tmp_path / "data.csv", index=False)
    command = [
        binary,
        "membership",
        tmp_path / "data.csv",
        "--method",
        method,
        "--scale",
        "none",
        "--output",
        tmp_path / "s.csv",
    ]
    subprocess.run(command, check=True)
    theirs = pd.read_csv(tmp_path / "s.csv")["membership"]
    ours = getattr(membership, method.replace("-", "_"))(X, y)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_every_membership_of_samples_alone_has_a_function(data):
    X, y = data
    for entry in _native.memberships():
        name = entry["name"].replace("-", "_")
        alone = not (entry["first_model"] or entry["times"])
        assert (name in membership.__all__) == alone
        if alone:
            function = getattr(membership, name)
            s = function(X, y)
            assert s.shape == y.shape and (s >= 0).all() and (s <= 1).all()
            assert entry["source"] in function.__doc__
            # The defaults of the signature are those of the method.
            given = {p.name: p.default for p in inspect.signature(function).parameters.values() if p.name not in "Xy"}
            np.testing.assert_array_equal(function(X, y, **given), s)


def test_the_page_names_the_memberships_that_are_classes_alone():
    page = Path(__file__).resolve().parents[3] / "docs/src/python.md"
    if not page.exists():
        pytest.skip("there is no page of the workspace here")
    sentence = page.read_text(encoding="utf-8").partition("functions too. ")[2].partition(" are not.")[0]
    others = {e["name"] for e in _native.memberships() if e["first_model"] or e["times"]}
    assert {getattr(membership, name).method for name in re.findall("`(.*?)`", sentence)} == others


def test_errors(data):
    X, y = data
    with pytest.raises(TypeError, match="iefsvm has no parameter 'k'"):
        membership.iefsvm(X, y, k=3)
    with pytest.raises(TypeError, match="class_cost has no parameter 'minority'"):
        membership.class_cost(X, y, minority="smaller")
    with pytest.raises(ValueError, match="two classes"):
        membership.iefsvm(X, np.zeros(len(y)))
    with pytest.raises(ValueError, match="Only binary"):
        membership.iefsvm(X, np.arange(len(y)) % 3)
    with pytest.raises(ValueError, match="neighbors need at least"):
        fuzzysvm.class_entropy(X, y, [1, 500])
    with pytest.raises(ValueError):
        fuzzysvm.class_entropy(X, y, [])


def test_default_neighborhoods_that_are_too_large_are_left_out_and_said():
    X, y = np.arange(10.0).reshape(-1, 1), np.arange(10) > 7
    words = "10 samples are too few for neighborhoods of 15: the default sizes end with 9"
    with pytest.warns(UserWarning, match=words):
        s = membership.iefsvm(X, y)
    np.testing.assert_array_equal(s, membership.iefsvm(X, y, ks=[1, 3, 5, 7, 9]))
    with pytest.raises(ValueError, match="15 neighbors need at least 16 points"):
        membership.iefsvm(X, y, ks=[1, 15])
