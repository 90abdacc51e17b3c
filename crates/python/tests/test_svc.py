"""FuzzySVC beside scikit-learn's SVC, and in its company."""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from fuzzysvm import FuzzySVC, _native


@pytest.fixture(scope="module")
def data():
    return make_classification(300, 6, weights=[0.8], flip_y=0.05, random_state=3)


def objective(svc, X, kernel):
    """The dual objective of SVC's solution."""
    coef = svc.dual_coef_[0]
    return 0.5 * coef @ kernel(X[svc.support_]) @ coef - np.abs(coef).sum()


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"gamma": "auto", "C": 10.0},
        {"gamma": 0.3, "class_weight": "balanced"},
        {"class_weight": {0: 1.0, 1: 3.5}},
        {"kernel": "linear"},
        {"kernel": "poly", "degree": 2, "coef0": 1.0},
        {"kernel": "sigmoid", "gamma": 0.01},
    ],
)
def test_the_plain_machine_is_svc(data, options, tol):
    X, y = data
    ours, theirs = FuzzySVC("svm", tol=tol, **options).fit(X, y), SVC(tol=tol, **options).fit(X, y)
    difference = np.abs(ours.decision_function(X) - theirs.decision_function(X)).max()
    # Two points whose gap is tol differ by a small multiple of it, and LIBSVM keeps kernel values in single precision.
    assert difference < 20 * tol + 1e-5
    assert ours.kkt_gap_ <= tol and ours.status_ == "converged"
    assert (ours.predict(X) == theirs.predict(X)).mean() > 0.99
    if tol < 1e-8:
        np.testing.assert_array_equal(ours.support_, theirs.support_)
        np.testing.assert_array_equal(ours.n_support_, theirs.n_support_)
        np.testing.assert_array_equal(ours.support_vectors_, theirs.support_vectors_)
        np.testing.assert_allclose(ours.dual_coef_, theirs.dual_coef_, atol=1e-3)
        np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-5)
    for name in ["support_", "support_vectors_", "dual_coef_", "intercept_", "n_support_", "n_iter_", "classes_"]:
        assert np.ndim(getattr(ours, name)) == np.ndim(getattr(theirs, name)), name
        assert getattr(ours, name).dtype.kind == getattr(theirs, name).dtype.kind, name


def test_the_objective_is_that_of_svc(data):
    X, y = data
    ours, theirs = FuzzySVC("svm", gamma=0.2, tol=1e-8).fit(X, y), SVC(gamma=0.2, tol=1e-8).fit(X, y)
    expected = objective(theirs, X, lambda rows: rbf_kernel(rows, gamma=0.2))
    assert ours.objective_ == pytest.approx(expected, rel=1e-7)


def test_a_callable_is_a_sample_weight_of_svc(data):
    X, y = data

    def membership(X, y):
        return np.where(y == 1, 1.0, 1.0 / (1.0 + X[:, 0] ** 2))

    ours = FuzzySVC(membership, tol=1e-9).fit(X, y)
    theirs = SVC(tol=1e-9).fit(X, y, sample_weight=membership(X, y))
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-5)
    np.testing.assert_array_equal(ours.membership_, membership(X, y))


@pytest.mark.parametrize("membership", ["class-cost", "efsvm", "iefsvm"])
def test_a_named_membership_is_a_sample_weight_of_svc(data, membership):
    X, y = data
    given = np.random.default_rng(0).uniform(0.5, 2.0, len(y))
    ours = FuzzySVC(membership, gamma=0.2, tol=1e-9).fit(X, y, sample_weight=given)
    theirs = SVC(gamma=0.2, tol=1e-9).fit(X, y, sample_weight=ours.membership_ * given)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-5)


def test_a_positive_decision_is_the_second_class_whichever_is_rarer(data):
    X, y = data
    first = FuzzySVC("efsvm", tol=1e-8).fit(X, y)
    second = FuzzySVC("efsvm", tol=1e-8).fit(X, 1 - y)
    np.testing.assert_allclose(first.decision_function(X), -second.decision_function(X), atol=1e-12)
    np.testing.assert_array_equal(first.membership_, second.membership_)
    assert (first.membership_[y == 1] == 1.0).all()


@pytest.mark.parametrize("labels", [["no", "yes"], [-1, 1], [2.0, 7.0], [False, True]])
def test_labels_of_any_kind(data, labels):
    X, y = data
    named = np.array(labels)[y]
    fitted = FuzzySVC().fit(X, named)
    assert list(fitted.classes_) == labels
    np.testing.assert_array_equal(fitted.predict(X), np.array(labels)[(fitted.decision_function(X) > 0).astype(int)])


def test_given_kernel_values(data):
    X, y = data
    gram = rbf_kernel(X, gamma=0.2)
    given = FuzzySVC("class-cost", kernel="precomputed", tol=1e-9).fit(gram, y)
    computed = FuzzySVC("class-cost", gamma=0.2, tol=1e-9).fit(X, y)
    rows = X[::7] + 0.1
    np.testing.assert_allclose(
        given.decision_function(rbf_kernel(rows, X, gamma=0.2)), computed.decision_function(rows), atol=1e-6
    )


@pytest.mark.parametrize("entry", _native.memberships(), ids=lambda entry: entry["name"])
def test_given_kernel_values_are_for_memberships_without_features(data, entry):
    X, y = data
    name, svc = entry["name"], FuzzySVC(entry["name"], kernel="precomputed")
    if not entry["features"]:
        svc.fit(X @ X.T, y)
        assert f'"{name}"' in FuzzySVC.__doc__.partition('With "precomputed"')[2].partition("A callable")[0]
        return
    words = f"membership must be svm, class-cost, lin-wang-time or a function with kernel='precomputed'; {name} looks"
    with pytest.raises(ValueError, match=words):
        svc.fit(X @ X.T, y)


def test_a_function_takes_the_place_of_the_default_with_given_kernel_values(data):
    X, y = data
    FuzzySVC(lambda K, y: 1.0 / (1.0 + K.diagonal()), kernel="precomputed").fit(X @ X.T, y)
    with pytest.raises(ValueError, match="; iefsvm looks at features"):
        FuzzySVC(kernel="precomputed").fit(X @ X.T, y)


def test_parameters_of_the_membership(data):
    X, y = data
    few, many = (FuzzySVC("efsvm", membership_params={"n_neighbors": k}).fit(X, y) for k in (3, 15))
    assert not np.array_equal(few.membership_, many.membership_)
    fitted = FuzzySVC(membership_params={"ks": [1, 5, 9], "angle": "std-over-mean", "noise_aware": True}).fit(X, y)
    assert fitted.membership_.shape == y.shape


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"C": 0.0}, "parameter `C` is 0: must be finite and > 0"),
        ({"C": "1"}, "C must be a number"),
        ({"gamma": -1.0}, "parameter `gamma` is -1"),
        ({"gamma": "wide"}, '`gamma` is "wide"'),
        ({"degree": -1, "kernel": "poly"}, "parameter `degree` is -1"),
        ({"degree": 1.5}, "degree must be a whole number"),
        ({"tol": 0.0}, "parameter `tol`"),
        ({"cache_size": -1.0}, "parameter `cache_size`"),
        ({"max_iter": 0}, "parameter `max_iter` is 0"),
        ({"kernel": "cosine"}, 'no kernel is called "cosine"'),
        ({"membership": "lssvm"}, "no membership is called 'lssvm'; there are svm, class-cost, fsvm, "),
        ({"membership": "cs-rf"}, "no membership is called 'cs-rf'"),
        ({"membership": 3}, "membership must be a name, an object of fuzzysvm.membership or a callable"),
        ({"membership": "stake-svm"}, "no membership is called 'stake-svm'"),
        ({"membership": lambda X, y: np.ones(3)}, "must return an array of shape"),
        ({"membership": lambda X, y: -np.ones(len(y))}, "finite, non-negative"),
        ({"membership_params": {"n_neighbours": 3}}, "unknown"),
        ({"membership_params": {"ks": [1, 501]}}, "neighbors need at least"),
    ],
)
def test_errors_are_value_errors_that_say_what_is_wrong(data, options, words):
    with pytest.raises(ValueError) as error:
        FuzzySVC(**options).fit(*data)
    assert words in str(error.value)


def test_sparse_input_is_refused_in_scikit_learns_words(data):
    X, y = data
    with pytest.raises(TypeError, match="[Ss]parse"):
        FuzzySVC().fit(csr_array(X), y)


def test_before_a_fit(data):
    with pytest.raises(NotFittedError):
        FuzzySVC().predict(data[0])


def test_a_solver_that_stops_early_warns(data):
    with pytest.warns(ConvergenceWarning, match="max_iter was reached"):
        fitted = FuzzySVC(max_iter=3).fit(*data)
    assert fitted.status_ == "max-iterations" and fitted.n_iter_[0] == 3


def test_a_weight_of_zero_removes_the_sample(data):
    X, y = data
    kept = np.arange(len(y)) % 3 > 0
    without = FuzzySVC(tol=1e-8).fit(X[kept], y[kept])
    weighted = FuzzySVC(tol=1e-8).fit(X, y, sample_weight=kept.astype(float))
    np.testing.assert_allclose(weighted.decision_function(X), without.decision_function(X), atol=1e-12)
    np.testing.assert_array_equal(weighted.membership_[kept], without.membership_)
    assert (weighted.membership_[~kept] == 0).all()


def test_pickle_and_clone(data):
    X, y = data
    fitted = FuzzySVC("efsvm", membership_params={"n_neighbors": 5}, C=3.0).fit(X, y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.decision_function(X), fitted.decision_function(X))
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params() and not hasattr(copy, "classes_")


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_grid_search(data, n_jobs):
    X, y = data
    grid = {
        "fuzzysvc__C": [0.5, 5.0],
        "fuzzysvc__membership": ["svm", "efsvm"],
        "fuzzysvc__membership_params": [None],
    }
    pipeline = make_pipeline(StandardScaler(), FuzzySVC())
    search = GridSearchCV(pipeline, grid, scoring="balanced_accuracy", cv=3, n_jobs=n_jobs, error_score="raise")
    search.fit(X, y)
    assert search.best_score_ > 0.6


def test_cross_validate_and_calibration(data):
    X, y = data
    scores = cross_validate(FuzzySVC(), X, y, scoring=["roc_auc", "balanced_accuracy"], cv=3, error_score="raise")
    assert scores["test_roc_auc"].min() > 0.7
    calibrated = CalibratedClassifierCV(FuzzySVC(), ensemble=False, cv=3).fit(X, y)
    assert calibrated.predict_proba(X).shape == (len(y), 2)


def test_frames(data):
    X, y = data
    frame = pd.DataFrame(X, columns=[f"f{i}" for i in range(X.shape[1])])
    fitted = FuzzySVC().fit(frame, pd.Series(np.where(y == 1, "bad", "good")))
    assert list(fitted.feature_names_in_) == list(frame.columns)
    assert set(fitted.predict(frame)) <= {"bad", "good"}
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(frame[frame.columns[::-1]])


def test_a_feature_named_for_the_times(data):
    X, y = data
    frame = pd.DataFrame(X, columns=list("abcdef"))
    late = FuzzySVC("lin-wang-time", membership_params={"time": "a"}).fit(frame, y)
    assert late.membership_[np.argmax(X[:, 0])] == late.membership_.max()


def test_columns_of_any_layout(data):
    X, y = data
    fitted = FuzzySVC().fit(X, y)
    for other in [np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2], X.tolist()]:
        np.testing.assert_array_equal(FuzzySVC().fit(other, y).dual_coef_, fitted.dual_coef_)
        np.testing.assert_array_equal(fitted.decision_function(other), fitted.decision_function(X))


def test_other_threads_run_during_a_fit():
    import threading
    import time

    X, y = make_classification(4000, 20, flip_y=0.3, random_state=0)
    fit = threading.Thread(target=FuzzySVC("svm", C=100.0).fit, args=(X, y))
    longest, begin = 0.0, time.perf_counter()
    last = begin
    fit.start()
    while fit.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    # A fit that held the interpreter would let this thread wait for nearly all of it.
    assert longest < 0.5 * (time.perf_counter() - begin)
