"""Memberships as objects with parameters, kernels that are functions, and entropies of a fit."""

import inspect
import pickle
import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

from fuzzysvm import FuzzySVC, FuzzySVCCV, _native, class_entropy, membership


@pytest.fixture(scope="module")
def data():
    return make_classification(200, 4, weights=[0.75], flip_y=0.1, random_state=5)


def class_of(name):
    """The class of a membership of the registry, by the attribute that names it."""
    classes = [getattr(membership, other) for other in membership.__all__]
    (found,) = [c for c in classes if inspect.isclass(c) and c.method == name]
    return found


@pytest.mark.parametrize("entry", _native.memberships(), ids=lambda entry: entry["name"])
def test_every_membership_has_a_class(data, entry):
    X, y = data
    Kind = class_of(entry["name"])
    kind = Kind()
    assert sorted(kind.get_params()) == sorted(name for name, *_ in entry["params"])
    for name, *_ in entry["params"]:
        assert f"\n{name} : " in Kind.__doc__
    assert entry["source"] in Kind.__doc__
    again = pickle.loads(pickle.dumps(clone(kind)))
    assert again.get_params() == kind.get_params()
    by_name, by_object = FuzzySVC(entry["name"]).fit(X, y), FuzzySVC(kind).fit(X, y)
    np.testing.assert_array_equal(by_name.membership_, by_object.membership_)
    if not (entry["first_model"] or entry["times"]):
        np.testing.assert_array_equal(kind(X, y), by_object.membership_)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("EFSVM", "efsvm"),
        ("Iefsvm", "iefsvm"),
        ("efsvm_Binned", "efsvm-binned"),
        ("class_cost", "class-cost"),
        (" IEFSVM_std_over_mean ", "iefsvm-std-over-mean"),
        ("Uniform", "svm"),
    ],
)
def test_case_plays_no_part_in_a_name(data, given, name):
    X, y = data
    ours, theirs = FuzzySVC(given).fit(X, y), FuzzySVC(name).fit(X, y)
    np.testing.assert_array_equal(ours.membership_, theirs.membership_)
    np.testing.assert_array_equal(ours.decision_function(X), theirs.decision_function(X))
    assert hasattr(ours, "entropy_") == hasattr(theirs, "entropy_")
    assert ours.membership == clone(ours).membership == given
    called = FuzzySVC(given, kernel=wide).fit(X, y)
    np.testing.assert_allclose(called.membership_, theirs.membership_, atol=1e-12)
    for memberships in (given, {given: None}):
        search = FuzzySVCCV(memberships, Cs=[1.0], gammas=[0.1], cv=2).fit(X, y)
        assert search.memberships == memberships and search.best_params_["membership"] == name


def test_an_unknown_name_lists_those_that_can_be_fitted(data):
    with pytest.raises(ValueError, match="no membership is called 'rusboost'; there are ") as error:
        FuzzySVC("rusboost").fit(*data)
    listed = re.findall(r"[\w-]+", str(error.value).partition("there are ")[2])
    assert listed == [entry["name"] for entry in _native.memberships()]
    for name in listed:
        FuzzySVC(name).fit(*data)


@pytest.mark.parametrize("entry", _native.memberships(), ids=lambda entry: entry["name"])
def test_the_docstring_says_what_is_tuned(data, entry):
    search = FuzzySVCCV(entry["name"], Cs=[1.0], gammas=[0.1], cv=2).fit(*data)
    tried = [point["membership_params"] for point in search.cv_results_["params"]]
    values = {name: dict.fromkeys(str(params[name]) for params in tried) for name in tried[0]}
    lists = "".join(f"{name} ({', '.join(texts)}), " for name, texts in values.items())
    assert f'``FuzzySVCCV("{entry["name"]}")`` tunes {lists}C and gamma.' in class_of(entry["name"]).__doc__


def test_parameters_are_reached(data):
    X, y = data
    svc = FuzzySVC(membership.IEFSVM())
    assert svc.get_params()["membership__noise_aware"] is False
    svc.set_params(membership__angle="std-over-mean", membership__noise_aware=True, membership__ks=[1, 3])
    s = membership.iefsvm(X, y, angle="std-over-mean", noise_aware=True, ks=[1, 3])
    np.testing.assert_array_equal(svc.fit(X, y).membership_, s)
    grid = {"membership": [membership.EFSVM()], "membership__n_neighbors": [1, 3, 9], "membership__noise_aware": [True]}
    search = GridSearchCV(svc, grid, cv=3, error_score="raise").fit(X, y)
    chosen = search.best_params_["membership__n_neighbors"]
    s = membership.efsvm(X, y, n_neighbors=chosen, noise_aware=True)
    np.testing.assert_array_equal(search.best_estimator_.membership_, s)


@pytest.mark.parametrize("Kind", [class_of(e["name"]) for e in _native.memberships() if e["name"] != "svm"])
def test_the_minority_is_a_choice_in_folds_alone(data, Kind):
    X, y = data
    asked = [Kind(minority="positive"), Kind(minority="smaller")]
    for classes in (y, 1 - y):
        fits = [FuzzySVC(kind).fit(X, classes) for kind in asked]
        np.testing.assert_array_equal(fits[0].membership_, fits[1].membership_)
        np.testing.assert_array_equal(fits[0].decision_function(X), fits[1].decision_function(X))
    # The class that is rarer in all is not in this training part.
    train = np.r_[np.flatnonzero(y == 1)[5:], np.flatnonzero(y == 0)[:20]]
    folds = [(train, np.setdiff1d(np.arange(len(y)), train))]
    if "class_ratio" in Kind().get_params():
        asked = [clone(kind).set_params(class_ratio=True) for kind in asked]
    scores = FuzzySVCCV(asked, Cs=[0.25, 1.0, 4.0], gammas=[0.1, 1.0], cv=folds).fit(X, y).cv_results_
    smaller = scores["param_membership_params__minority"] == "smaller"
    assert not np.array_equal(scores["mean_test_score"][smaller], scores["mean_test_score"][~smaller])
    words = " ".join(Kind.__doc__.partition("\nminority : ")[2].split())
    assert words.startswith("positive or smaller, default='positive' The minority in a training part of")
    function = getattr(membership, Kind.method.replace("-", "_"), None)
    assert function is None or "minority :" not in function.__doc__


def test_default_sizes_of_an_object_are_left_out_where_samples_are_few():
    X, y = np.arange(10.0).reshape(-1, 1), np.arange(10) > 7
    with pytest.warns(UserWarning, match="the default sizes end with 9"):
        FuzzySVC(membership.IEFSVM()).fit(X, y)
    with pytest.raises(ValueError, match="15 neighbors need at least 16 points"):
        FuzzySVC(membership.IEFSVM(ks=[1, 15])).fit(X, y)


def test_errors_of_objects(data):
    with pytest.raises(TypeError, match="EFSVM has no parameter 'k'"):
        membership.EFSVM(k=3)
    with pytest.raises(ValueError, match="membership_params must be None where membership is an object"):
        FuzzySVC(membership.EFSVM(), membership_params={"n_neighbors": 3}).fit(*data)
    with pytest.raises(ValueError, match="`n_neighbors` is 0"):
        FuzzySVC(membership.EFSVM(n_neighbors=0)).fit(*data)
    with pytest.raises(ValueError, match="Invalid parameter"):
        FuzzySVC(membership.EFSVM()).set_params(membership__angle="std-over-mean")


def wide(X, Y):
    return rbf_kernel(X, Y, gamma=0.2)


@pytest.mark.parametrize("name", ["svm", "class-cost", "iefsvm", "slack-factor"])
def test_a_kernel_that_is_a_function(data, name):
    X, y = data
    called = FuzzySVC(name, kernel=wide, tol=1e-9).fit(X, y)
    named = FuzzySVC(name, gamma=0.2, tol=1e-9).fit(X, y)
    if name != "slack-factor":  # its first machine has this kernel too, of another width
        np.testing.assert_allclose(called.membership_, named.membership_, atol=1e-9)
    s = called.membership_
    theirs = SVC(gamma=0.2, tol=1e-9).fit(X, y, sample_weight=s)
    rows = X[::7] + 0.1
    np.testing.assert_allclose(called.decision_function(rows), theirs.decision_function(rows), atol=1e-5)
    again = pickle.loads(pickle.dumps(called))
    np.testing.assert_array_equal(again.decision_function(rows), called.decision_function(rows))
    assert called.support_vectors_.shape == (len(called.support_), X.shape[1])


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        (lambda X, Y: np.ones((2, 2)), "kernel must return an array of shape"),
        (lambda X, Y: np.full((len(X), len(Y)), np.nan), "kernel must return finite numbers"),
        (3, "kernel must be the name of a kernel or a callable"),
    ],
)
def test_errors_of_kernels(data, kernel, words):
    with pytest.raises(ValueError, match=words):
        FuzzySVC(kernel=kernel).fit(*data)


def test_entropies_of_a_fit(data):
    X, y = data
    one = FuzzySVC("efsvm", membership_params={"n_neighbors": 5}).fit(X, y)
    np.testing.assert_array_equal(one.entropy_, class_entropy(X, y, [5])[:, 0])
    binned = FuzzySVC("efsvm-binned", membership_params={"n_neighbors": 5}).fit(X, y)
    np.testing.assert_array_equal(binned.entropy_, one.entropy_)
    several = FuzzySVC("iefsvm", membership_params={"ks": [3]}).fit(X, y)
    np.testing.assert_array_equal(several.entropy_, class_entropy(X, y, [3]))
    kept = np.arange(len(y)) % 4 > 0
    several.fit(X, y, sample_weight=kept.astype(float))
    np.testing.assert_array_equal(several.entropy_[kept], class_entropy(X[kept], y[kept], [3]))
    assert np.isnan(several.entropy_[~kept]).all()
    assert not hasattr(several.set_params(membership="svm", membership_params=None).fit(X, y), "entropy_")
