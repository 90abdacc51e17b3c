"""The classifier inside scikit-learn's tools, and beside imbalanced-learn's."""

import pickle

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris, make_classification
from sklearn.ensemble import AdaBoostClassifier, BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.inspection import DecisionBoundaryDisplay, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, make_scorer, roc_auc_score
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    StratifiedKFold,
    TunedThresholdClassifierCV,
    cross_val_predict,
    cross_validate,
)
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from fuzzysvm import FuzzySVC
from fuzzysvm.membership import EFSVM


@pytest.fixture(scope="module")
def data():
    return make_classification(240, 5, weights=[0.8], flip_y=0.05, random_state=11)


def half(X, y):
    """The majority counts one half."""
    return np.where(y == 1, 1.0, 0.5)


MODELS = {
    "iefsvm": FuzzySVC("iefsvm", membership_params={"ks": [1, 3, 5]}),
    "linear": FuzzySVC("class-cost", kernel="linear", class_weight={0: 1.0, 1: 2.0}),
    "function": FuzzySVC(half, gamma=0.5),
    "three classes": FuzzySVC(EFSVM(n_neighbors=5)),
}


@pytest.fixture(params=MODELS)
def fitted(request, data):
    X, y = load_iris(return_X_y=True) if request.param == "three classes" else data
    return clone(MODELS[request.param]).fit(X, y), X, y


def assert_the_same(again, fitted, X):
    """Two models that have the same parameters and decide the same."""
    assert type(again) is type(fitted)
    np.testing.assert_array_equal(again.decision_function(X), fitted.decision_function(X))
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))
    np.testing.assert_array_equal(again.membership_, fitted.membership_)


def test_pickle(fitted):
    model, X, _ = fitted
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert_the_same(pickle.loads(pickle.dumps(model, protocol)), model, X)


def test_cloudpickle_of_functions_without_a_name(data):
    cloudpickle = pytest.importorskip("cloudpickle", reason="cloudpickle is not installed")
    share = 0.5
    fitted = FuzzySVC(lambda X, y: np.where(y == 1, 1.0, share), kernel=lambda A, B: A @ B.T).fit(*data)
    again = pickle.loads(cloudpickle.dumps(fitted))
    assert_the_same(again, fitted, data[0])
    assert_the_same(again.fit(*data), fitted, data[0])


def test_joblib(fitted, tmp_path):
    model, X, _ = fitted
    joblib.dump(model, tmp_path / "model.joblib", compress=3)
    assert_the_same(joblib.load(tmp_path / "model.joblib"), model, X)
    # Arrays that are mapped into memory for reading alone.
    joblib.dump(model, tmp_path / "plain.joblib")
    assert_the_same(joblib.load(tmp_path / "plain.joblib", mmap_mode="r"), model, X)


def test_skops(fitted, tmp_path):
    sio = pytest.importorskip("skops.io", reason="skops is not installed")
    model, X, y = fitted
    pipeline = make_pipeline(StandardScaler(), clone(model)).fit(X, y)
    sio.dump(pipeline, tmp_path / "model.skops")
    unknown = sio.get_untrusted_types(file=tmp_path / "model.skops")
    ours = {"fuzzysvm._svc.FuzzySVC", "fuzzysvm.membership.EFSVM", f"{__name__}.half"}
    assert "fuzzysvm._svc.FuzzySVC" in unknown and set(unknown) <= ours
    again = sio.load(tmp_path / "model.skops", trusted=unknown)
    assert_the_same(again[-1], pipeline[-1], StandardScaler().fit_transform(X))


def test_clone_and_parameters(fitted):
    model, _, _ = fitted
    copy = clone(model)
    assert copy is not model and not hasattr(copy, "classes_")
    assert repr(copy) == repr(model)
    copy.set_params(C=7.0, membership="efsvm", membership_params={"n_neighbors": 3, "noise_aware": True})
    assert (copy.C, copy.membership) == (7.0, "efsvm")
    assert copy.set_params(membership=EFSVM()).set_params(membership__n_neighbors=9).membership.n_neighbors == 9
    with pytest.raises(ValueError, match="Invalid parameter 'nu'"):
        copy.set_params(nu=0.5)


def test_the_representation_names_what_differs_from_the_defaults():
    assert repr(FuzzySVC("efsvm", C=3.0)) == "FuzzySVC(C=3.0, membership='efsvm')"
    assert repr(FuzzySVC(EFSVM(n_neighbors=3))) == "FuzzySVC(membership=EFSVM(n_neighbors=3))"


def test_html(data):
    before = make_pipeline(StandardScaler(), FuzzySVC("efsvm", C=3.5))
    for model in (before, clone(before).fit(*data)):
        html = model._repr_html_()
        assert html.count("<div") == html.count("</div>")
        for word in ("FuzzySVC", "StandardScaler", "efsvm", "3.5"):
            assert word in html


def test_grid_search_in_a_pipeline_is_the_same_on_two_processes(data):
    X, y = data
    pipeline = make_pipeline(StandardScaler(), FuzzySVC())
    grid = [
        {"fuzzysvc__membership": ["svm", half], "fuzzysvc__C": [0.5, 5.0]},
        {
            "fuzzysvc__membership": ["iefsvm"],
            "fuzzysvc__membership_params": [{"ks": [1, 3]}, {"noise_aware": True}, {"angle": "std-over-mean"}],
        },
    ]
    serial, parallel = (
        GridSearchCV(pipeline, grid, scoring="roc_auc", cv=3, n_jobs=n, error_score="raise").fit(X, y) for n in (1, 2)
    )
    for key, values in serial.cv_results_.items():
        if not key.endswith("_time"):
            np.testing.assert_array_equal(values, parallel.cv_results_[key], err_msg=key)
    assert serial.best_estimator_[-1].membership == serial.best_params_["fuzzysvc__membership"]
    # One cell by hand.
    scores = []
    for train, test in StratifiedKFold(3).split(X, y):
        scaler = StandardScaler().fit(X[train])
        model = FuzzySVC(half, C=5.0).fit(scaler.transform(X[train]), y[train])
        scores.append(roc_auc_score(y[test], model.decision_function(scaler.transform(X[test]))))
    cell = serial.cv_results_["params"].index({"fuzzysvc__membership": half, "fuzzysvc__C": 5.0})
    assert serial.cv_results_["mean_test_score"][cell] == pytest.approx(np.mean(scores), abs=1e-12)


def test_weights_are_routed(data):
    X, y = data
    weights = np.random.default_rng(0).uniform(0.1, 2.0, len(y))
    folds = StratifiedKFold(3)
    with config_context(enable_metadata_routing=True):
        model = make_pipeline(
            StandardScaler().set_fit_request(sample_weight=False), FuzzySVC().set_fit_request(sample_weight=True)
        )
        scorer = make_scorer(balanced_accuracy_score).set_score_request(sample_weight=True)
        routed = cross_validate(model, X, y, cv=folds, scoring=scorer, params={"sample_weight": weights})
        with pytest.raises(ValueError, match="sample_weight"):
            # Nobody has said whether the classifier wants them.
            cross_validate(FuzzySVC(), X, y, cv=folds, params={"sample_weight": weights}, error_score="raise")
    expected = []
    for train, test in folds.split(X, y):
        scaler = StandardScaler().fit(X[train])
        alone = FuzzySVC().fit(scaler.transform(X[train]), y[train], sample_weight=weights[train])
        found = alone.predict(scaler.transform(X[test]))
        expected.append(balanced_accuracy_score(y[test], found, sample_weight=weights[test]))
    np.testing.assert_allclose(routed["test_score"], expected)


def test_weights_without_routing(data):
    X, y = data
    weights = np.random.default_rng(0).uniform(0.1, 2.0, len(y))
    inside = make_pipeline(FuzzySVC()).fit(X, y, fuzzysvc__sample_weight=weights)
    assert_the_same(inside[-1], FuzzySVC().fit(X, y, sample_weight=weights), X)


def test_a_threshold_that_is_tuned(data):
    X, y = data
    tuned = TunedThresholdClassifierCV(
        FuzzySVC("svm"), scoring="balanced_accuracy", response_method="decision_function", cv=3, store_cv_results=True
    ).fit(X, y)
    decision = FuzzySVC("svm").fit(X, y).decision_function(X)
    np.testing.assert_array_equal(tuned.predict(X), (decision >= tuned.best_threshold_).astype(int))
    assert tuned.best_score_ == tuned.cv_results_["scores"].max()
    # Where the plain machine lets the majority win, a lower threshold does not.
    assert tuned.best_threshold_ < 0
    assert balanced_accuracy_score(y, tuned.predict(X)) > balanced_accuracy_score(y, (decision > 0).astype(int))
    fixed = FixedThresholdClassifier(FuzzySVC("svm"), threshold=-0.5, response_method="decision_function").fit(X, y)
    np.testing.assert_array_equal(fixed.predict(X), (decision >= -0.5).astype(int))


@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_calibration(data, method):
    X, y = data
    calibrated = CalibratedClassifierCV(FuzzySVC(), method=method, ensemble=False, cv=3).fit(X, y)
    p = calibrated.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    # One model of all samples, whose decision values become probabilities without a change of order.
    (inner,) = calibrated.calibrated_classifiers_
    alone = FuzzySVC().fit(X, y)
    assert_the_same(inner.estimator, alone, X)
    order = np.argsort(alone.decision_function(X))
    assert (np.diff(p[order, 1]) >= 0).all()
    # The probabilities are about right on the whole: calibration keeps the mean.
    held_out = cross_val_predict(FuzzySVC(), X, y, cv=3, method="decision_function")
    assert np.corrcoef(held_out, y)[0, 1] > 0.3
    assert p[:, 1].mean() == pytest.approx(y.mean(), abs=0.08)


def test_names_that_a_transformer_gives(data):
    X, y = data
    frame = pd.DataFrame(X, columns=list("abcde"))
    pipeline = make_pipeline(StandardScaler(), FuzzySVC()).set_output(transform="pandas").fit(frame, y)
    assert list(pipeline[-1].feature_names_in_) == list("abcde")
    plain = make_pipeline(StandardScaler(), FuzzySVC()).fit(X, y)
    # The scaler sums the columns of a frame in another order.
    np.testing.assert_allclose(pipeline.decision_function(frame), plain.decision_function(X), atol=1e-12)
    # A classifier has no output to set.
    assert not hasattr(FuzzySVC(), "transform")


def test_polars(data):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    X, y = data
    frame = polars.DataFrame(X, schema=list("abcde"))
    fitted = FuzzySVC().fit(frame, polars.Series(y))
    assert list(fitted.feature_names_in_) == list("abcde")
    np.testing.assert_array_equal(fitted.decision_function(frame), FuzzySVC().fit(X, y).decision_function(X))


def test_ensembles(data):
    X, y = data
    logistic = LogisticRegression()
    for ensemble in [
        BaggingClassifier(FuzzySVC(), n_estimators=3, random_state=0),
        AdaBoostClassifier(FuzzySVC("svm", C=0.5), n_estimators=3, random_state=0),
        VotingClassifier([("fuzzy", FuzzySVC()), ("logistic", logistic)]),
        StackingClassifier([("fuzzy", FuzzySVC()), ("logistic", logistic)], cv=3),
    ]:
        assert balanced_accuracy_score(y, ensemble.fit(X, y).predict(X)) > 0.6


@pytest.mark.parametrize("wrapper", [OneVsRestClassifier, OneVsOneClassifier])
def test_more_classes_by_scikit_learns_wrappers(wrapper):
    X, y = load_iris(return_X_y=True)
    ours, theirs = wrapper(FuzzySVC("svm", tol=1e-6)).fit(X, y), wrapper(SVC(tol=1e-6)).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=1e-4)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    assert wrapper(FuzzySVC("efsvm")).fit(X, y).score(X, y) > 0.9


def test_pairs_are_those_of_scikit_learns_wrapper():
    X, y = load_iris(return_X_y=True)
    ours, theirs = FuzzySVC("efsvm", gamma=0.5), OneVsOneClassifier(FuzzySVC("efsvm", gamma=0.5))
    np.testing.assert_array_equal(ours.fit(X, y).predict(X), theirs.fit(X, y).predict(X))
    scores = cross_validate(ours, X, y, cv=3, scoring=["accuracy", "f1_macro"], error_score="raise")
    assert scores["test_accuracy"].min() > 0.8


def test_inspection(data):
    X, y = data
    fitted = FuzzySVC().fit(X, y)
    found = permutation_importance(fitted, X, y, scoring="roc_auc", n_repeats=3, random_state=0)
    assert found.importances_mean.max() > 0.02
    plt = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    plt.use("agg")
    plane = FuzzySVC().fit(X[:, :2], y)
    display = DecisionBoundaryDisplay.from_estimator(plane, X[:, :2], response_method="decision_function")
    assert display.response.shape == (100, 100)


def test_the_checks_of_imbalanced_learn():
    checks = pytest.importorskip("imblearn.utils.estimator_checks", reason="imbalanced-learn is not installed")
    ran = set()
    for estimator, check in checks.estimator_checks_generator(FuzzySVC()):
        check(estimator)
        ran.add(getattr(check, "func", check).__name__)
    assert {"check_classifier_on_multilabel_or_multioutput_targets", "check_classifiers_with_encoded_labels"} <= ran


def test_behind_a_sampler_of_imbalanced_learn(data):
    pipeline = pytest.importorskip("imblearn.pipeline", reason="imbalanced-learn is not installed")
    from imblearn.under_sampling import RandomUnderSampler

    X, y = data
    sampler = RandomUnderSampler(random_state=0)
    model = pipeline.make_pipeline(sampler, FuzzySVC()).fit(X, y)
    assert_the_same(model[-1], FuzzySVC().fit(*clone(sampler).fit_resample(X, y)), X)
