"""Parameters chosen by cross-validation."""

import json
import pickle
import subprocess

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, balanced_accuracy_score, recall_score
from sklearn.model_selection import GridSearchCV, KFold, LeaveOneOut, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import check_estimator

from fuzzysvm import EFSVMCV, FuzzySVC, FuzzySVCCV, membership

GRID = {"Cs": [0.25, 4.0], "gammas": [0.02, 0.2]}
FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)
WEIGHTS = "check_sample_weight_equivalence_on_dense_data"
REASON = "folds are dealt by sample: a sample of weight 2 is in one fold, two samples may be in two"


@pytest.fixture(scope="module")
def data():
    return make_classification(200, 5, weights=[0.8], flip_y=0.1, random_state=3)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "estimator",
    [
        FuzzySVCCV(["svm", "iefsvm"], Cs=[1.0], gammas=[0.1], cv=2),
        EFSVMCV([1, 3], Cs=[1.0], gammas=[0.1], cv=2),
        FuzzySVCCV("svm", Cs=[0.1, 1.0, 10.0], gammas=[0.1], cv=2, search="halving"),
    ],
    ids=repr,
)
def test_checks_of_scikit_learn(estimator):
    results = check_estimator(estimator, expected_failed_checks={WEIGHTS: REASON}, on_fail=None, on_skip=None)
    assert len(results) > 60
    assert [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"] == []


@pytest.mark.parametrize("method", ["efsvm", "iefsvm", "svm", "fsvm-cil"])
@pytest.mark.parametrize("scoring", ["balanced-accuracy", "g-mean", "accuracy"])
def test_the_command_line_finds_the_same(data, method, scoring, tmp_path, binary):
    X, y = data
    pd.DataFrame(X, columns=list("abcde")).assign(y=y).to_csv(tmp_path / "data.csv", index=False)
    command = [binary, "tune", tmp_path / "data.csv", "--method", method, "--scale", "none", "--folds", "4"]
    command += ["--score", scoring, "--seed", "7", "--c", "0.25,4", "--gamma", "0.02,0.2", "--json"]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    ours = FuzzySVCCV(method, **GRID, scoring=scoring, cv=4, random_state=7).fit(X, y)
    assert ours.best_score_ == theirs["best"]["score"]
    assert (ours.best_params_["C"], ours.best_params_["gamma"]) == (theirs["best"]["c"], theirs["best"]["gamma"])
    results = ours.cv_results_
    assert len(theirs["grid"]) == len(results["params"])
    for i, entry in enumerate(theirs["grid"]):
        point, params = results["params"][i], results["params"][i]["membership_params"]
        assert (point["C"], point["gamma"]) == (entry["c"], entry["gamma"])
        assert params.get("n_neighbors") == entry["k"]
        assert all(entry[name] == value for name, value in params.items() if name != "n_neighbors")
        assert results["mean_test_score"][i] == entry["score"]
        assert [results[f"split{f}_test_score"][i] for f in range(4)] == entry["fold_scores"]


@pytest.fixture(scope="module")
def more_data():
    return make_classification(1500, 5, weights=[0.8], flip_y=0.1, random_state=3)


def test_halving_is_that_of_the_command_line(more_data, tmp_path, binary):
    X, y = more_data
    pd.DataFrame(X, columns=list("abcde")).assign(y=y).to_csv(tmp_path / "data.csv", index=False)
    command = [binary, "tune", tmp_path / "data.csv", "--method", "efsvm", "--k", "3,7", "--scale", "none"]
    command += ["--seed", "7", "--c", "0.25,4", "--gamma", "0.02,0.2,2", "--search", "halving", "--json"]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    search = EFSVMCV([3, 7], Cs=[0.25, 4.0], gammas=[0.02, 0.2, 2.0], random_state=7, search="halving")
    results = search.fit(X, y).cv_results_
    assert search.best_score_ == theirs["best"]["score"]
    entries = theirs["grid"]
    np.testing.assert_array_equal(results["mean_test_score"], [entry["score"] for entry in entries])
    np.testing.assert_array_equal(results["iter"] + 1, [entry["round"] for entry in entries])
    np.testing.assert_array_equal(results["n_resources"], [entry["rows"] for entry in entries])
    # 12 points on 133 rows would be too few: 12 on 400 and 4 on all.
    assert sorted(results["iter"]) == [0] * 8 + [1] * 4
    assert set(zip(results["iter"], results["n_resources"], strict=True)) == {(0, 400), (1, 1200)}
    # The last round comes first, and what is best is best in it.
    late = results["iter"] == 1
    assert sorted(results["rank_test_score"])[0] == 1 and (results["rank_test_score"][late] <= 4).all()
    assert (results["rank_test_score"][~late] > 4).all()
    assert search.best_index_ == np.flatnonzero(results["rank_test_score"] == 1)[0]
    assert search.best_score_ == results["mean_test_score"][late].max()


def test_points_of_the_last_round_are_scored_as_in_the_grid(more_data):
    X, y = more_data
    options = {"Cs": [0.25, 1.0, 4.0], "gammas": [0.02, 0.2], "tol": 1e-8, "cv": FOLDS}
    grid = FuzzySVCCV("svm", **options).fit(X, y).cv_results_
    search = FuzzySVCCV("svm", **options, search="halving").fit(X, y)
    results = search.cv_results_
    last = results["iter"] == results["iter"].max()
    assert 0 < last.sum() < len(last)
    np.testing.assert_array_equal(results["mean_test_score"][last], grid["mean_test_score"][last])
    assert results["params"] == grid["params"] and "iter" not in grid
    assert clone(search).get_params()["search"] == "halving"

    def scores(random_state):
        again = clone(search).set_params(random_state=random_state).fit(X, y)
        return again.cv_results_["mean_test_score"]

    np.testing.assert_array_equal(scores(1), results["mean_test_score"])
    assert not np.array_equal(scores(2), results["mean_test_score"])
    np.testing.assert_array_equal(scores(np.random.RandomState(3)), scores(np.random.RandomState(3)))


def test_halving_of_few_samples_is_the_grid(data):
    X, y = data
    grid = pd.DataFrame(FuzzySVCCV("iefsvm", **GRID).fit(X, y).cv_results_)
    halving = pd.DataFrame(FuzzySVCCV("iefsvm", **GRID, search="halving").fit(X, y).cv_results_)
    assert set(halving.pop("iter")) == {0} and set(halving.pop("n_resources")) == {160}
    pd.testing.assert_frame_equal(halving, grid)


def test_algorithm_1_is_the_search_over_k(data):
    X, y = data
    ours = EFSVMCV([1, 5, 9], **GRID).fit(X, y)
    same = FuzzySVCCV({"efsvm": {"n_neighbors": [1, 5, 9]}}, **GRID).fit(X, y)
    pd.testing.assert_frame_equal(pd.DataFrame(ours.cv_results_), pd.DataFrame(same.cv_results_))
    assert ours.k_ == ours.best_params_["membership_params"]["n_neighbors"] in (1, 5, 9)
    default = EFSVMCV(Cs=[1.0], gammas=[0.1]).fit(X, y)
    assert list(default.cv_results_["param_membership_params__n_neighbors"]) == list(range(1, 16, 2))


@pytest.mark.parametrize("name", ["svm", "efsvm", "iefsvm"])
def test_grid_search_finds_the_same(data, name):
    """Scores of GridSearchCV on the same folds: every fit begins from nothing there."""
    X, y = data
    params = {"C": GRID["Cs"], "gamma": GRID["gammas"]}
    theirs = GridSearchCV(FuzzySVC(name, tol=1e-8), params, scoring="balanced_accuracy", cv=FOLDS).fit(X, y)
    ours = FuzzySVCCV({name: {"n_neighbors": 7} if name == "efsvm" else None}, **GRID, tol=1e-8, cv=FOLDS)
    ours.fit(X, y)
    ours_frame = pd.DataFrame(ours.cv_results_).set_index(["param_C", "param_gamma"]).sort_index()
    theirs_frame = pd.DataFrame(theirs.cv_results_).set_index(["param_C", "param_gamma"]).sort_index()
    columns = ["mean_test_score", "std_test_score", "rank_test_score"] + [f"split{i}_test_score" for i in range(3)]
    pd.testing.assert_frame_equal(
        ours_frame[columns].astype(float), theirs_frame[columns].astype(float), check_index_type=False, rtol=1e-12
    )
    assert ours.best_score_ == pytest.approx(theirs.best_score_)
    assert set(ours.cv_results_) >= set(columns)


def test_the_svm_is_scored_as_svc(data):
    X, y = data
    ours = FuzzySVCCV("svm", Cs=[3.0], gammas=[0.1], cv=FOLDS, scoring="accuracy", tol=1e-8).fit(X, y)
    theirs = cross_val_score(SVC(C=3.0, gamma=0.1, tol=1e-8), X, y, cv=FOLDS)
    np.testing.assert_allclose([ours.cv_results_[f"split{i}_test_score"][0] for i in range(3)], theirs)


def test_attributes(data):
    X, y = data
    frame = pd.DataFrame(X, columns=list("abcde"))
    search = FuzzySVCCV(["svm", "efsvm", "fsvm-cil"], **GRID, cv=3).fit(frame, y)
    results = search.cv_results_
    assert search.n_splits_ == 3 and list(search.classes_) == [0, 1]
    assert search.best_index_ == np.flatnonzero(results["rank_test_score"] == 1)[0]
    assert results["params"][search.best_index_] == search.best_params_
    splits = np.array([results[f"split{i}_test_score"] for i in range(3)])
    np.testing.assert_allclose(results["mean_test_score"], splits.mean(axis=0))
    np.testing.assert_allclose(results["std_test_score"], splits.std(axis=0))
    # gamma varies slowest, then C, then the memberships.
    assert list(results["param_gamma"]) == sorted(results["param_gamma"])
    first = results["param_membership"][: len(results["param_C"]) // 4]
    assert first[0] == "svm" and first[1] == "efsvm" and first[-1] == "fsvm-cil"
    table = pd.DataFrame(results)
    assert table["param_membership_params__n_neighbors"].notna().sum() == (table["param_membership"] == "efsvm").sum()
    assert set(table["param_membership_params__decay"].dropna()) == {"linear", "exponential"}

    best = search.best_estimator_
    assert isinstance(best, FuzzySVC) and list(best.feature_names_in_) == list("abcde")
    again = FuzzySVC(**search.best_params_).fit(frame, y)
    np.testing.assert_array_equal(search.decision_function(frame), again.decision_function(frame))
    np.testing.assert_array_equal(search.predict(frame), again.predict(frame))
    assert clone(search).get_params() == search.get_params()
    other = pickle.loads(pickle.dumps(search))
    np.testing.assert_array_equal(other.decision_function(frame), search.decision_function(frame))


@pytest.mark.parametrize("scoring", ["balanced_accuracy", "balanced-accuracy", "g_mean", "g-mean", "accuracy"])
def test_scores(data, scoring):
    X, y = data
    search = FuzzySVCCV("svm", Cs=[3.0], gammas=[0.1], cv=FOLDS, scoring=scoring, tol=1e-8).fit(X, y)
    score = {
        "balanced-accuracy": balanced_accuracy_score,
        "accuracy": accuracy_score,
        "g-mean": lambda t, p: np.sqrt(recall_score(t, p) * recall_score(t, p, pos_label=0)),
    }[scoring.replace("_", "-")]
    assert search.score(X, y) == pytest.approx(score(y, search.predict(X)))
    of_folds = [
        score(y[test], FuzzySVC("svm", C=3.0, gamma=0.1).fit(X[train], y[train]).predict(X[test]))
        for train, test in FOLDS.split(X, y)
    ]
    assert search.best_score_ == pytest.approx(np.mean(of_folds))


def test_splits_are_given_in_every_way(data):
    X, y = data
    splits = list(FOLDS.split(X, y))
    masks = [(np.isin(np.arange(len(y)), train), np.isin(np.arange(len(y)), test)) for train, test in splits]
    scores = [
        FuzzySVCCV("efsvm", **GRID, cv=cv).fit(X, y).cv_results_["mean_test_score"]
        for cv in (FOLDS, splits, iter(splits), masks)
    ]
    for other in scores[1:]:
        np.testing.assert_array_equal(other, scores[0])
    one = FuzzySVCCV("svm", **GRID, cv=splits[:1]).fit(X, y)
    assert one.n_splits_ == 1
    single = FuzzySVCCV("svm", Cs=[1.0], gammas=[0.1], cv=LeaveOneOut(), scoring="accuracy").fit(X[:40], y[:40])
    assert single.n_splits_ == 40


def test_seeds(data):
    X, y = data

    def scores(random_state):
        return FuzzySVCCV("svm", **GRID, random_state=random_state).fit(X, y).cv_results_["split0_test_score"]

    np.testing.assert_array_equal(scores(3), scores(np.int64(3)))
    assert not np.array_equal(scores(3), scores(4))
    np.testing.assert_array_equal(scores(np.random.RandomState(3)), scores(np.random.RandomState(3)))


def test_weights(data):
    X, y = data
    weights = np.random.default_rng(0).uniform(0.5, 2.0, len(y))
    weights[::5] = 0.0
    kept = weights > 0
    options = {"Cs": [1.0], "gammas": [0.1], "tol": 1e-8}
    ours = FuzzySVCCV("efsvm", **options).fit(X, y, sample_weight=weights)
    # A weight of 0 removes the sample, from the folds too.
    without = FuzzySVCCV("efsvm", **options).fit(X[kept], y[kept], sample_weight=weights[kept])
    np.testing.assert_array_equal(ours.cv_results_["mean_test_score"], without.cv_results_["mean_test_score"])
    splits = list(FOLDS.split(X, y))
    given = FuzzySVCCV({"efsvm": {"n_neighbors": [7]}}, cv=splits, **options).fit(X, y, sample_weight=weights)
    for i, (train, test) in enumerate(splits):
        train, test = train[kept[train]], test[kept[test]]
        alone = FuzzySVC("efsvm", membership_params={"n_neighbors": 7}, C=1.0, gamma=0.1, tol=1e-8)
        predicted = alone.fit(X[train], y[train], sample_weight=weights[train]).predict(X[test])
        expected = balanced_accuracy_score(y[test], predicted)
        assert given.cv_results_[f"split{i}_test_score"][0] == pytest.approx(expected)


def test_other_kernels(data):
    X, y = data
    linear = FuzzySVCCV("svm", kernel="linear", Cs=[0.1, 1.0]).fit(X, y)
    assert "gamma" not in linear.best_params_ and "param_gamma" not in linear.cv_results_
    assert linear.best_estimator_.kernel == "linear" and len(linear.cv_results_["params"]) == 2
    poly = FuzzySVCCV("svm", kernel="poly", degree=2, coef0=1.0, Cs=[1.0], gammas=[0.1], tol=1e-8, cv=FOLDS).fit(X, y)
    theirs = cross_val_score(
        SVC(kernel="poly", degree=2, coef0=1.0, gamma=0.1, tol=1e-8), X, y, cv=FOLDS, scoring="balanced_accuracy"
    )
    assert poly.best_score_ == pytest.approx(theirs.mean())


def test_labels_of_any_kind(data):
    X, y = data
    # The rarer class last, then first.
    for labels in (["no", "yes"], ["yes", "no"]):
        search = EFSVMCV([1, 5], **GRID).fit(X, np.array(labels)[y])
        assert search.best_score_ == EFSVMCV([1, 5], **GRID).fit(X, y).best_score_
        assert set(search.predict(X)) == {"no", "yes"}


def test_a_membership_as_an_object_is_one_setting(data):
    X, y = data
    objects = [membership.EFSVM(n_neighbors=3), membership.IEFSVM(angle="std-over-mean"), "svm"]
    search = FuzzySVCCV(objects, Cs=[1.0], gammas=[0.1]).fit(X, y)
    same = {"efsvm": {"n_neighbors": 3}, "iefsvm": {"angle": "std-over-mean"}, "svm": None}
    named = FuzzySVCCV(same, Cs=[1.0], gammas=[0.1]).fit(X, y)
    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], named.cv_results_["mean_test_score"])
    assert list(search.cv_results_["param_membership"]) == ["efsvm", "iefsvm", "svm"]
    np.testing.assert_array_equal(search.decision_function(X), named.decision_function(X))


def test_in_a_pipeline(data):
    X, y = data
    pipeline = make_pipeline(StandardScaler(), EFSVMCV([1, 5], **GRID))
    scores = cross_val_score(pipeline, X, y, cv=KFold(3, shuffle=True, random_state=0), scoring="balanced_accuracy")
    assert (scores > 0.6).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"memberships": "lssvm"}, "no membership is called 'lssvm'; there are svm, class-cost, fsvm, "),
        ({"memberships": {"cs-rf": None}}, "no membership is called 'cs-rf'"),
        ({"memberships": []}, "memberships must be names"),
        ({"memberships": [len]}, "memberships must be names"),
        ({"memberships": {"efsvm": {"n_neighbours": [3]}}}, "unknown"),
        ({"memberships": {"efsvm": {"n_neighbors": []}}}, "at least one"),
        ({"memberships": {"efsvm": {"n_neighbors": [0]}}}, "parameter `n_neighbors` is 0"),
        ({"memberships": {"efsvm": {"n_neighbors": [500]}}}, "neighbors need at least"),
        ({"memberships": {"iefsvm": {"ks": [[1, 500]]}}}, "neighbors need at least"),
        ({"Cs": [1.0, 0.0]}, "parameter `Cs` is 0"),
        ({"Cs": []}, "Cs must be a list of at least one number"),
        ({"Cs": 1.0}, "Cs must be a list of at least one number"),
        ({"gammas": ["scale"]}, "gammas must be a list of at least one number"),
        ({"gammas": [-1.0]}, "parameter `gammas` is -1"),
        ({"kernel": "cosine"}, 'no kernel is called "cosine"'),
        ({"kernel": "precomputed"}, "a Gram matrix cannot be tuned"),
        ({"kernel": "linear", "gammas": [1.0]}, "gammas must be None"),
        (
            {"scoring": "roc_auc"},
            "scoring must be 'balanced_accuracy', 'g_mean' or 'accuracy'; got 'roc_auc'. Others, such as scores of "
            "rankings, are for GridSearchCV",
        ),
        ({"scoring": None}, "scoring must be 'balanced_accuracy', 'g_mean' or 'accuracy'; got None"),
        ({"cv": 1}, "cv must be at least 2"),
        ({"cv": 150}, "the positive class has"),
        ({"cv": []}, "cv must give at least one split"),
        ({"cv": [(np.arange(100), np.arange(50, 150))]}, "row 50 in both parts of a fold"),
        ({"tol": 0.0}, "parameter `tol`"),
        ({"tol": "0.1"}, "tol must be a number"),
        ({"max_iter": 0}, "parameter `max_iter` is 0"),
        ({"random_state": -1}, "Seed must be between"),
        ({"search": "random"}, "search must be 'grid' or 'halving'; got 'random'"),
        ({"search": None}, "search must be 'grid' or 'halving'; got None"),
        ({"search": ["halving"]}, "search must be 'grid' or 'halving'"),
        ({"search": "halving", "Cs": []}, "Cs must be a list of at least one number"),
    ],
    ids=lambda v: None if isinstance(v, str) else repr(v),
)
def test_errors_are_value_errors_that_say_what_is_wrong(data, options, words):
    with pytest.raises(ValueError) as error:
        FuzzySVCCV(**{"memberships": "svm", **options}).fit(*data)
    assert words in str(error.value)


def test_a_test_part_of_one_class_is_an_error(data):
    X, y = data
    order = np.argsort(y, kind="stable")
    with pytest.raises(ValueError, match="fold 1"):
        FuzzySVCCV("svm", **GRID, cv=[(order[100:], order[:100])]).fit(X, y)


def test_warnings(data):
    X, y = data
    with pytest.warns(ConvergenceWarning, match=r"stopped before its tolerance in \d+ of 20 fits"):
        FuzzySVCCV("svm", **GRID, max_iter=2).fit(X, y)
    few = np.r_[np.flatnonzero(y == 0)[:9], np.flatnonzero(y == 1)[:9]]
    with pytest.warns(UserWarning, match="9 samples are too few for neighborhoods of 15: the default sizes end with 7"):
        FuzzySVCCV("iefsvm", Cs=[1.0], gammas=[0.1], cv=2).fit(X[few], y[few])
