"""The six peers as classifiers."""

import copy
import json
import pickle
import re
import subprocess

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
from sklearn.linear_model import Ridge
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.fixes import parse_version

from fuzzysvm import _native, peers
from fuzzysvm.peers import (
    CSAdaBoostClassifier,
    CSRandomForestClassifier,
    CSXGBClassifier,
    EasyEnsembleClassifier,
    RUSBoostClassifier,
    WELMClassifier,
)
from fuzzysvm.peers._base import NAMES

CLASSES = [getattr(peers, name) for name in peers.__all__]
# Small ones, for tests that are not about the size.
SMALL = [
    CSAdaBoostClassifier(n_estimators=5),
    CSRandomForestClassifier(n_estimators=10),
    EasyEnsembleClassifier(n_estimators=3, n_rounds=5),
    EasyEnsembleClassifier(n_estimators=3, n_rounds=5, combine="probabilities"),
    RUSBoostClassifier(n_estimators=5),
    WELMClassifier(n_hidden=20),
    CSXGBClassifier(n_estimators=5),
]
WEIGHTS = "check_sample_weight_equivalence_on_dense_data"
DRAWN = {WEIGHTS: "samples are drawn one by one: one of weight 2 is drawn as one, not as two"}
PURE = {"check_class_weight_classifiers": "a fully grown tree has pure leaves, whatever the weights"}
# Before 1.7 the check makes two classes by the first label, which another row has after its shuffling.
TWO_CLASSES = {}
if parse_version(sklearn.__version__) < parse_version("1.7"):
    TWO_CLASSES = {WEIGHTS: "the check compares other classes"}
CHECKED = [
    (SMALL[0], {}),
    (SMALL[1], DRAWN | PURE),
    (CSRandomForestClassifier(n_estimators=10, min_samples_leaf=5), DRAWN),
    (CSRandomForestClassifier(n_estimators=10, bootstrap=False), PURE),
    (SMALL[2], DRAWN),
    (SMALL[3], DRAWN),
    (SMALL[4], DRAWN),
    (SMALL[5], {}),
    (SMALL[6], {}),
]


@pytest.fixture(scope="module")
def data():
    return make_classification(400, 6, weights=[0.8], flip_y=0.05, random_state=3)


def ids(value):
    return "" if isinstance(value, dict) else repr(value)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("estimator", "expected"), CHECKED, ids=ids)
def test_checks_of_scikit_learn(estimator, expected):
    expected = TWO_CLASSES | expected
    results = check_estimator(estimator, expected_failed_checks=expected, on_fail=None, on_skip=None)
    assert len(results) > 55
    assert [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"] == []
    # What is expected to fail does.
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(expected)


@pytest.mark.parametrize("estimator", SMALL, ids=ids)
def test_checks_of_imbalanced_learn(estimator):
    checks = pytest.importorskip("imblearn.utils.estimator_checks", reason="imbalanced-learn is not installed")
    checks.check_classifier_on_multilabel_or_multioutput_targets(type(estimator).__name__, estimator)
    # Its other check fits three classes.
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        checks.check_classifiers_with_encoded_labels(type(estimator).__name__, estimator)


@pytest.mark.parametrize("kind", CLASSES)
def test_parameters_are_those_of_the_registry(kind):
    entries = {entry["name"]: entry for entry in _native.baselines()}
    entry, names = entries[kind._method], NAMES.get(kind._method, {})
    params = kind().get_params()
    assert set(params) == {names.get(name, name) for name, *_ in entry["params"]} | {"random_state"}
    assert entry["source"] in kind.__doc__
    for name in params:
        assert f"\n    {name} : " in kind.__doc__


def test_every_baseline_has_a_class():
    assert {kind._method for kind in CLASSES} == {entry["name"] for entry in _native.baselines()}


@pytest.mark.parametrize("method", [kind._method for kind in CLASSES])
def test_the_command_line_decides_the_same(data, method, tmp_path, binary):
    """Its defaults are those here, and so are its seeds."""
    X, y = data
    columns = list("abcdef")
    pd.DataFrame(X, columns=columns).assign(y=y).to_csv(tmp_path / "data.csv", index=False)
    run(
        binary, tmp_path, "train", "data.csv", "--method", method, "--scale", "none", "--seed", "7", "--model", "m.json"
    )
    run(binary, tmp_path, "predict", "data.csv", "--model", "m.json", "--output", "scores.csv")
    theirs = pd.read_csv(tmp_path / "scores.csv")
    kind = next(kind for kind in CLASSES if kind._method == method)
    ours = kind(random_state=7).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), theirs["decision"], rtol=1e-12, atol=1e-15)
    # The model that is pickled is that of the file.
    file = json.loads((tmp_path / "m.json").read_text())
    assert json.loads(ours._model.to_json())["model"] == file["model"]


def run(binary, folder, *arguments):
    subprocess.run([binary, *arguments], check=True, cwd=folder, capture_output=True)


def test_adaboost_is_that_of_scikit_learn(data):
    X, y = data
    ours = CSAdaBoostClassifier(20, class_weight=None).fit(X, y)
    theirs = AdaBoostClassifier(n_estimators=20, random_state=0).fit(X, y)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


def test_one_tree_of_all_samples_is_that_of_scikit_learn(data):
    X, y = data
    options = {"n_estimators": 1, "bootstrap": False, "max_features": None, "max_depth": 3, "random_state": 0}
    weights = {0: 1.0, 1: 3.0}
    ours = CSRandomForestClassifier(class_weight=weights, **options).fit(X, y)
    theirs = RandomForestClassifier(class_weight=weights, **options).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-12)


def test_the_extreme_learning_machine_is_a_ridge_regression_of_its_layer(data):
    X, y = data
    fitted = WELMClassifier(n_hidden=30, C=100.0, random_state=2).fit(X, y)
    layer = json.loads(fitted._model.to_json())["model"]["content"]
    a, b = np.reshape(layer["a"], (X.shape[1], 30)), np.asarray(layer["b"])
    hidden = 1.0 / (1.0 + np.exp(-(X @ a + b)))
    weights = np.where(y == 1, 1.0 / (y == 1).sum(), 1.0 / (y == 0).sum())
    ridge = Ridge(alpha=1.0 / 100.0, fit_intercept=False).fit(hidden, 2.0 * y - 1.0, sample_weight=weights)
    np.testing.assert_allclose(fitted.decision_function(X), ridge.predict(hidden), atol=1e-6)


def test_the_first_tree_of_boosting_is_newtons_step():
    """One stump: the leaf value is -eta G / (H + lambda) with p = 1/2."""
    X, y = np.array([[0.0]] * 6 + [[1.0]] * 2), np.array([0] * 6 + [1] * 2)
    options = {"n_estimators": 1, "max_depth": 1, "learning_rate": 0.5, "reg_lambda": 1.0, "min_child_weight": 0.0}
    for scale, u in [(None, 3.0), (2.0, 2.0)]:
        fitted = CSXGBClassifier(scale_pos_weight=scale, **options).fit(X, y)
        expected = [-0.5 * (6 * 0.5) / (6 * 0.25 + 1), 0.5 * (2 * u * 0.5) / (2 * u * 0.25 + 1)]
        np.testing.assert_allclose(fitted.decision_function([[0.0], [1.0]]), expected, rtol=1e-6)


@pytest.mark.parametrize("estimator", SMALL, ids=ids)
def test_labels_decisions_and_probabilities_agree(data, estimator):
    X, y = data
    # The rarer class first, then last.
    for labels in (["no", "yes"], ["yes", "no"]):
        named = np.array(labels)[y]
        fitted = clone(estimator).set_params(random_state=0).fit(X, named)
        assert list(fitted.classes_) == ["no", "yes"]
        predicted = fitted.predict(X)
        np.testing.assert_array_equal(predicted, fitted.classes_[(fitted.decision_function(X) > 0).astype(int)])
        assert balanced_accuracy_score(named, predicted) > 0.7
        if hasattr(fitted, "predict_proba"):
            probability = fitted.predict_proba(X)
            assert probability.shape == (len(y), 2)
            np.testing.assert_allclose(probability.sum(axis=1), 1.0)
            np.testing.assert_array_equal(fitted.decision_function(X) > 0, probability[:, 1] > 0.5 + 1e-12)


def test_who_has_probabilities():
    having = [e for e in SMALL if hasattr(e, "predict_proba")]
    assert having == [SMALL[1], SMALL[3], SMALL[6]]
    with pytest.raises(AttributeError, match="predict_proba"):
        getattr(EasyEnsembleClassifier(), "predict_proba")


def test_log_odds(data):
    X, y = data
    fitted = CSXGBClassifier(n_estimators=5).fit(X, y)
    np.testing.assert_allclose(fitted.predict_proba(X)[:, 1], 1 / (1 + np.exp(-fitted.decision_function(X))))


@pytest.mark.parametrize("estimator", SMALL, ids=ids)
def test_copies_of_every_kind(data, estimator):
    X, y = data
    fitted = clone(estimator).set_params(random_state=1).fit(X, y)
    expected = fitted.decision_function(X)
    for other in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        np.testing.assert_array_equal(other.decision_function(X), expected)
    model = pickle.loads(pickle.dumps(fitted._model))
    np.testing.assert_array_equal(model.decision_function(X), expected)
    assert not hasattr(clone(fitted), "_model")
    with pytest.raises(ValueError, match="checksum"):
        _native.PeerModel(re.sub(r'(?<="checksum":")\w+', "0", fitted._model.to_json()))


def test_skops(data):
    io = pytest.importorskip("skops.io", reason="skops is not installed")
    X, y = data
    fitted = RUSBoostClassifier(5, random_state=1).fit(X, y)
    saved = io.dumps(fitted)
    loaded = io.loads(saved, trusted=io.get_untrusted_types(data=saved))
    np.testing.assert_array_equal(loaded.decision_function(X), fitted.decision_function(X))


def test_seeds(data):
    X, y = data

    def decisions(random_state):
        return RUSBoostClassifier(5, random_state=random_state).fit(X, y).decision_function(X)

    np.testing.assert_array_equal(decisions(3), decisions(np.int64(3)))
    assert not np.array_equal(decisions(3), decisions(4))
    np.testing.assert_array_equal(decisions(np.random.RandomState(3)), decisions(np.random.RandomState(3)))
    generator = np.random.RandomState(3)
    assert not np.array_equal(decisions(generator), decisions(generator))
    np.random.seed(0)
    first = decisions(None)
    assert not np.array_equal(first, decisions(None))
    np.random.seed(0)
    np.testing.assert_array_equal(first, decisions(None))


@pytest.mark.parametrize("estimator", SMALL, ids=ids)
def test_a_weight_of_zero_removes_the_sample(data, estimator):
    X, y = data
    weights = np.tile([1.0, 0.0, 1.0, 1.0], len(y) // 4)
    kept = weights > 0
    estimator = clone(estimator).set_params(random_state=0)
    weighted = clone(estimator).fit(X, y, sample_weight=weights)
    without = clone(estimator).fit(X[kept], y[kept])
    np.testing.assert_array_equal(weighted.decision_function(X), without.decision_function(X))


def test_class_weights(data):
    X, y = data

    def decisions(class_weight, y=y):
        return CSAdaBoostClassifier(5, class_weight=class_weight).fit(X, y).decision_function(X)

    ratio = (y == 0).sum() / (y == 1).sum()
    np.testing.assert_allclose(decisions("balanced"), decisions({0: 1.0, 1: ratio}), atol=1e-9)
    np.testing.assert_allclose(decisions("balanced"), decisions("power:1"), atol=1e-9)
    np.testing.assert_allclose(decisions(None), decisions({1: 1.0}), atol=1e-9)
    named = np.where(y == 1, "a", "b")
    np.testing.assert_allclose(decisions({"a": 3.0}, named), -decisions({1: 3.0}), atol=1e-9)


def test_features_drawn(data):
    X, y = data

    def decisions(max_features):
        estimator = CSRandomForestClassifier(5, max_features=max_features, random_state=0)
        return estimator.fit(X, y).decision_function(X)

    # Of six features.
    np.testing.assert_array_equal(decisions("sqrt"), decisions(2))
    np.testing.assert_array_equal(decisions("log2"), decisions(0.4))
    np.testing.assert_array_equal(decisions(None), decisions(6))
    np.testing.assert_array_equal(decisions(None), decisions(1.0))
    assert not np.array_equal(decisions(1), decisions(2))


def test_the_strategy_of_sampling_is_the_ratio_after_the_draw(data):
    X, y = data

    def decisions(strategy):
        estimator = RUSBoostClassifier(5, sampling_strategy=strategy, random_state=0)
        return estimator.fit(X, y).decision_function(X)

    np.testing.assert_array_equal(decisions("auto"), decisions(1.0))
    assert not np.array_equal(decisions("auto"), decisions(0.5))


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (EasyEnsembleClassifier(n_estimators=0), "parameter `n_estimators` is 0: must lie between 1 and 100000"),
        (EasyEnsembleClassifier(n_rounds=0), "parameter `n_rounds` is 0"),
        (EasyEnsembleClassifier(n_rounds="5"), "n_rounds must be a whole number from 1 to 100000; got '5'"),
        (EasyEnsembleClassifier(combine="mean"), 'parameter `combine` is "mean": must be votes or probabilities'),
        (RUSBoostClassifier(sampling_strategy=1.5), "parameter `sampling_strategy` is 1.5"),
        (RUSBoostClassifier(algorithm="m3"), "parameter `algorithm`"),
        (RUSBoostClassifier(random_state=-1), "Seed must be between"),
        (WELMClassifier(C=-1.0), "parameter `C` is -1"),
        (WELMClassifier(n_hidden=1.5), 'parameter `n_hidden` is "1.5"'),
        (WELMClassifier(n_hidden=True), 'parameter `n_hidden` is "true"'),
        (CSXGBClassifier(max_bin=1), "parameter `max_bin` is 1"),
        (CSXGBClassifier(max_depth=None), 'parameter `max_depth` is "none"'),
        (CSRandomForestClassifier(bootstrap="rows of gold"), "parameter `bootstrap`"),
        (CSRandomForestClassifier(max_features=0.0), "max_features must be a share"),
        (CSRandomForestClassifier(max_features=0), "parameter `max_features`"),
        (CSRandomForestClassifier(class_weight="even"), "parameter `class_weight`"),
        (CSRandomForestClassifier(class_weight={0: -1.0}), "parameter `class_weight`"),
    ],
    ids=lambda v: None if isinstance(v, str) else repr(v),
)
def test_errors_are_value_errors_that_name_the_parameter(data, estimator, words):
    with pytest.raises(ValueError) as error:
        estimator.fit(*data)
    assert words in str(error.value)


def test_scikit_learn_tunes_them(data):
    X, y = data
    search = GridSearchCV(EasyEnsembleClassifier(random_state=0), {"n_estimators": [2, 4], "n_rounds": [5]}, n_jobs=2)
    search.fit(X, y)
    assert search.best_score_ == cross_val_score(search.best_estimator_, X, y).mean()
