"""FuzzySVC among the tools of scikit-learn and its neighbors."""

import inspect

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.datasets import load_iris, make_classification
from sklearn.metrics import balanced_accuracy_score, make_scorer
from sklearn.model_selection import GridSearchCV, TunedThresholdClassifierCV, cross_validate
from sklearn.multiclass import OneVsOneClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_html_repr

from fuzzysvm import FuzzySVC
from fuzzysvm.membership import EFSVM


@pytest.fixture(scope="module")
def data():
    return make_classification(200, 6, weights=[0.8], flip_y=0.05, random_state=3)


@pytest.fixture(params=["two classes", "three classes"])
def fitted(request, data):
    X, y = data if request.param == "two classes" else load_iris(return_X_y=True)
    return FuzzySVC(EFSVM(n_neighbors=5)).fit(X, y), X


def test_cloudpickle(fitted):
    cloudpickle = pytest.importorskip("cloudpickle", reason="cloudpickle is not installed")
    svc, X = fitted
    again = cloudpickle.loads(cloudpickle.dumps(svc))
    np.testing.assert_array_equal(again.decision_function(X), svc.decision_function(X))
    local = FuzzySVC(lambda X, y: np.ones(len(y)), kernel=lambda X, Y: X @ Y.T).fit(X, svc.predict(X))
    again = cloudpickle.loads(cloudpickle.dumps(local))
    np.testing.assert_array_equal(again.decision_function(X), local.decision_function(X))


def test_skops(fitted):
    io = pytest.importorskip("skops.io", reason="skops is not installed")
    svc, X = fitted
    data = io.dumps(svc)
    ours = io.get_untrusted_types(data=data)
    assert all(name.startswith("fuzzysvm.") for name in ours), ours
    again = io.loads(data, trusted=ours)
    np.testing.assert_array_equal(again.decision_function(X), svc.decision_function(X))


def test_joblib(fitted, tmp_path):
    import joblib

    svc, X = fitted
    joblib.dump(svc, tmp_path / "svc.joblib")
    again = joblib.load(tmp_path / "svc.joblib", mmap_mode="r")
    np.testing.assert_array_equal(again.predict(X), svc.predict(X))


def test_weights_are_routed(data):
    X, y = data
    weights = np.random.default_rng(0).uniform(0.1, 3.0, len(y))
    with sklearn.config_context(enable_metadata_routing=True):
        svc = FuzzySVC("svm").set_fit_request(sample_weight=True)
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), svc)
        scorer = make_scorer(balanced_accuracy_score).set_score_request(sample_weight=False)
        search = GridSearchCV(pipeline, {"fuzzysvc__C": [1.0]}, scoring=scorer, cv=3)
        search.fit(X, y, sample_weight=weights)
        found = search.best_estimator_.decision_function(X)
    scaled = StandardScaler().fit_transform(X)
    expected = FuzzySVC("svm").fit(scaled, y, sample_weight=weights).decision_function(scaled)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert "sample_weight" in inspect.signature(svc.set_fit_request).parameters


def test_thresholds_and_scores(data):
    X, y = data
    tuned = TunedThresholdClassifierCV(FuzzySVC(), scoring="balanced_accuracy", cv=3).fit(X, y)
    assert balanced_accuracy_score(y, tuned.predict(X)) > 0.7
    X, y = load_iris(return_X_y=True)
    scores = cross_validate(FuzzySVC(), X, y, cv=3, scoring=["accuracy", "f1_macro"], error_score="raise")
    assert scores["test_accuracy"].min() > 0.8


def test_pairs_by_hand():
    X, y = load_iris(return_X_y=True)
    by_hand = OneVsOneClassifier(FuzzySVC("efsvm", gamma=0.5)).fit(X, y)
    ours = FuzzySVC("efsvm", gamma=0.5).fit(X, y)
    np.testing.assert_array_equal(by_hand.predict(X), ours.predict(X))


def test_output_and_pictures(fitted, data):
    svc, _ = fitted
    assert "FuzzySVC" in estimator_html_repr(svc) and "EFSVM" in repr(svc)
    X, y = data
    pipeline = make_pipeline(StandardScaler(), FuzzySVC()).set_output(transform="pandas").fit(X, y)
    assert list(pipeline[-1].feature_names_in_) == [f"x{i}" for i in range(6)]
    assert pipeline.predict(X).shape == (200,)


def test_imbalanced_learn(data):
    checks = pytest.importorskip("imblearn.utils.estimator_checks", reason="imbalanced-learn is not installed")
    ran = 0
    for estimator, check in checks.parametrize_with_checks([FuzzySVC("class-cost")]).args[1]:
        check(clone(estimator))
        ran += 1
    assert ran >= 2
