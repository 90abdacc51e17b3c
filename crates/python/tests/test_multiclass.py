"""More than two classes, beside SVC."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import SVC

from fuzzysvm import FuzzySVC, class_entropy, membership


@pytest.fixture(scope="module")
def iris():
    return load_iris(return_X_y=True)


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return X[:500] / 16.0, y[:500]


@pytest.fixture(params=["iris", "digits"])
def data(request):
    X, y = request.getfixturevalue(request.param)
    return X, np.array(list("abcdefghij"))[y]


def same_model(ours, theirs, X, atol):
    for name in ["support_", "n_support_", "support_vectors_", "classes_"]:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), name)
    for name in ["dual_coef_", "intercept_"]:
        assert getattr(ours, name).shape == getattr(theirs, name).shape, name
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), atol=atol, err_msg=name)
    assert ours.n_iter_.shape == theirs.n_iter_.shape
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=atol)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", ["ovr", "ovo"])
def test_the_plain_machines_are_those_of_svc(data, shape, weighted):
    X, y = data
    weights = np.random.default_rng(0).uniform(0.2, 2.0, len(y)) if weighted else None
    options = {"tol": 1e-9, "gamma": 0.1, "decision_function_shape": shape}
    ours = FuzzySVC("svm", **options).fit(X, y, sample_weight=weights)
    theirs = SVC(**options).fit(X, y, sample_weight=weights)
    # LIBSVM keeps kernel values in single precision.
    same_model(ours, theirs, X, 1e-4)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("options", [{"break_ties": True}, {"class_weight": "balanced"}, {"kernel": "linear"}])
def test_options_are_those_of_svc(iris, options):
    X, y = iris
    # All that is told apart by 2 decimals: many rows have as many votes for every class.
    X = np.round(X[:, :2], 0)
    ours, theirs = FuzzySVC("svm", tol=1e-9, **options).fit(X, y), SVC(tol=1e-9, **options).fit(X, y)
    grid = np.random.default_rng(0).uniform(2, 8, (400, 2))
    clear = (
        np.abs(
            FuzzySVC("svm", tol=1e-9, decision_function_shape="ovo", **{**options, "break_ties": False})
            .fit(X, y)
            .decision_function(grid)
        ).min(axis=1)
        > 1e-4
    )
    assert clear.sum() > 300
    np.testing.assert_array_equal(ours.predict(grid)[clear], theirs.predict(grid)[clear])
    np.testing.assert_allclose(ours.decision_function(grid)[clear], theirs.decision_function(grid)[clear], atol=1e-4)


def test_ties_are_broken_whatever_the_shape(iris):
    X, y = iris
    X = np.round(X[:, :2], 0)
    grid = np.random.default_rng(0).uniform(0, 9, (2000, 2))
    by_values, by_order = (FuzzySVC("svm", gamma=5.0, break_ties=b).fit(X, y) for b in (True, False))
    values = by_values.decision_function(grid)
    np.testing.assert_array_equal(by_values.predict(grid), values.argmax(axis=1))
    by_values.set_params(decision_function_shape="ovo")
    np.testing.assert_array_equal(by_values.predict(grid), values.argmax(axis=1))
    cyclic = by_values.predict(grid) != by_order.predict(grid)
    assert 0 < cyclic.sum() < 200
    # Each class has won one pair.
    first, middle, last = np.sign(by_values.decision_function(grid[cyclic])).T
    np.testing.assert_array_equal(first, last)
    np.testing.assert_array_equal(first, -middle)


@pytest.mark.parametrize("name", ["class-cost", "efsvm", "iefsvm"])
def test_the_membership_is_that_of_each_pair(iris, name):
    X, y = iris
    keep = np.r_[0:50, 50:80, 100:120]
    X, y = X[keep], y[keep]
    fitted = FuzzySVC(name, gamma=0.5, tol=1e-9, decision_function_shape="ovo").fit(X, y)
    function = getattr(membership, name.replace("-", "_"))
    for machine, (first, second) in enumerate([(0, 1), (0, 2), (1, 2)]):
        pair = (y == first) | (y == second)
        s = function(X[pair], y[pair])
        np.testing.assert_array_equal(fitted.membership_[pair, machine], s)
        assert np.isnan(fitted.membership_[~pair, machine]).all()
        alone = SVC(gamma=0.5, tol=1e-9).fit(X[pair], y[pair], sample_weight=s)
        # Of two classes SVC's values are those of the second.
        np.testing.assert_allclose(fitted.decision_function(X)[:, machine], -alone.decision_function(X), atol=1e-5)


@pytest.mark.parametrize("name", ["svm", "efsvm"])
def test_one_against_the_rest(iris, name):
    X, y = iris
    ours = FuzzySVC(name, multi_class="ovr", gamma=0.5, tol=1e-9).fit(X, y)
    theirs = OneVsRestClassifier(FuzzySVC(name, gamma=0.5, tol=1e-9)).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-10)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    assert ours.dual_coef_.shape == (3, len(ours.support_)) and ours.intercept_.shape == (3,)
    assert ours.n_support_.sum() == len(ours.support_) and ours.membership_.shape == (len(y), 3)
    np.testing.assert_array_equal(y[ours.support_], np.repeat(ours.classes_, ours.n_support_))


@pytest.mark.parametrize("multi_class", ["ovo", "ovr"])
def test_given_kernel_values(iris, multi_class):
    X, y = iris
    given = FuzzySVC("class-cost", kernel="precomputed", multi_class=multi_class, tol=1e-9)
    given.fit(rbf_kernel(X, gamma=0.5), y)
    computed = FuzzySVC("class-cost", gamma=0.5, multi_class=multi_class, tol=1e-9).fit(X, y)
    rows = X[::7] + 0.1
    np.testing.assert_allclose(
        given.decision_function(rbf_kernel(rows, X, gamma=0.5)), computed.decision_function(rows), atol=1e-6
    )


def test_entropies_of_each_pair(iris):
    X, y = iris
    one = FuzzySVC("efsvm", membership_params={"n_neighbors": 5}).fit(X, y).entropy_
    several = FuzzySVC("iefsvm", membership_params={"ks": [1, 5]}).fit(X, y).entropy_
    assert one.shape == (150, 3) and several.shape == (150, 3, 2)
    pair = y != 0
    np.testing.assert_array_equal(one[pair, 2], class_entropy(X[pair], y[pair], [5])[:, 0])
    np.testing.assert_array_equal(several[pair, 2], class_entropy(X[pair], y[pair], [1, 5]))
    assert np.isnan(several[~pair, 2]).all()


def test_a_callable_is_called_once_with_all_classes(iris):
    X, y = iris
    calls = []

    def s(X, y):
        calls.append(set(y))
        return 1.0 / (1.0 + y)

    ours = FuzzySVC(s, gamma=0.5, tol=1e-9).fit(X, y)
    theirs = SVC(gamma=0.5, tol=1e-9).fit(X, y, sample_weight=1.0 / (1.0 + y))
    assert calls == [{0, 1, 2}]
    np.testing.assert_array_equal(ours.membership_, 1.0 / (1.0 + y))
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-5)


def test_weights_of_zero(iris):
    X, y = iris
    kept = np.arange(len(y)) % 3 > 0
    without = FuzzySVC(tol=1e-8).fit(X[kept], y[kept])
    weighted = FuzzySVC(tol=1e-8).fit(X, y, sample_weight=kept.astype(float))
    np.testing.assert_allclose(weighted.decision_function(X), without.decision_function(X), atol=1e-9)
    with pytest.raises(ValueError, match="got 2 classes after samples of weight 0 are left out, which are all of 1"):
        FuzzySVC().fit(X, y, sample_weight=(y != 1).astype(float))


def test_a_machine_that_stops_early_is_said_once(iris):
    with pytest.warns(ConvergenceWarning, match="max_iter was reached") as said:
        fitted = FuzzySVC("svm", max_iter=2).fit(*iris)
    assert len([w for w in said if w.category is ConvergenceWarning]) == 1
    assert list(fitted.status_) == ["max-iterations"] * 3
    assert fitted.kkt_gap_.shape == fitted.objective_.shape == (3,)


def test_pickle_and_clone(iris):
    X, y = iris
    fitted = FuzzySVC("efsvm", multi_class="ovr").fit(X, y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))
    assert clone(fitted).get_params() == fitted.get_params()


@pytest.mark.parametrize("options", [{"multi_class": "crammer"}, {"decision_function_shape": None}])
def test_errors(iris, options):
    with pytest.raises(ValueError, match=f"{next(iter(options))} must be 'ov[or]' or 'ov[or]'; got"):
        FuzzySVC(**options).fit(*iris)


@pytest.mark.parametrize("multi_class", ["ovo", "ovr"])
def test_a_parameter_that_is_set_after_the_fit_does_not_change_it(multi_class):
    X, y = load_iris(return_X_y=True)
    svc = FuzzySVC("svm", multi_class=multi_class).fit(X, y)
    before = svc.predict(X)
    svc.set_params(multi_class="ovr" if multi_class == "ovo" else "ovo")
    np.testing.assert_array_equal(svc.predict(X), before)
