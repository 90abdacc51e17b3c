"""What cannot be computed is a ValueError that names the parameter."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.exceptions import NotFittedError

from fuzzysvm import FuzzySVC, FuzzySVCCV, compare, load_model, metrics, portfolio, save_model, stats
from fuzzysvm.peers import CSRandomForestClassifier

X, y = make_classification(60, 4, weights=[0.7], random_state=0)
LOANS = {"funded_amnt": 1000.0, "installment": 33.0, "total_pymnt": 496.0}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: metrics.geometric_mean_score([], []), "y_true must have at least one sample"),
        (lambda: metrics.ks_statistic([], []), "y_true must have at least one sample"),
        (lambda: FuzzySVCCV(None).fit(X, y), "memberships must be names"),
        (lambda: FuzzySVCCV({"efsvm": 5}).fit(X, y), "the grid of a membership must be a dict"),
        (lambda: FuzzySVC("efsvm", membership_params=["n_neighbors"]).fit(X, y), "membership_params must be a mapping"),
        (lambda: stats.friedman([[1.0, 2.0], [3.0, 1.0]], seed=-1), "seed must be at least 0"),
        (lambda: stats.friedman([[1.0, 2.0], [3.0, 1.0]], n_samples=-1), "n_samples must be at least 0"),
        (lambda: FuzzySVCCV("svm", Cs=[1], gammas=[1], cv=[([], [0])]).fit(X, y), "."),
        (lambda: compare("absent.csv", na=-999, methods=["svm"]), "absent.csv"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_an_error_of_values(wrong, words):
    with pytest.raises(ValueError, match=words):
        wrong()


@pytest.mark.parametrize("kind", ["roi", "irr"])
@pytest.mark.parametrize(
    ("option", "value"),
    [("months_to_last_payment", v) for v in (-5, 12.7, np.inf, 2.0**32)]
    + [("term", v) for v in (np.inf, 36.5, 2.0**32 + 36)],
)
def test_months_are_whole(kind, option, value):
    options = {"term": 36, "months_to_last_payment": 12.0, option: value}
    with pytest.raises(ValueError, match=f"{option} must be whole numbers of months"):
        portfolio.loan_returns(**LOANS, **options, kind=kind)


def test_columns_of_scores_and_truth_values():
    column = y[:, np.newaxis]
    assert metrics.geometric_mean_score(column, column) == 1.0
    given = CSRandomForestClassifier(5, bootstrap=np.bool_(False), random_state=0).fit(X, y)
    plain = CSRandomForestClassifier(5, bootstrap=False, random_state=0).fit(X, y)
    np.testing.assert_array_equal(given.predict_proba(X), plain.predict_proba(X))


@pytest.mark.parametrize("estimator", [FuzzySVC(C=-1.0), CSRandomForestClassifier(0)], ids=["svc", "peer"])
def test_what_failed_to_fit_is_not_fitted(estimator):
    with pytest.raises(ValueError, match="C|n_estimators"):
        estimator.fit(X, y)
    with pytest.raises(NotFittedError):
        estimator.predict(X)


def test_names_of_columns_that_are_numbers(tmp_path):
    names = [str(i) for i in range(4)]
    svc = FuzzySVC("class-cost").fit(pd.DataFrame(X, columns=names), y)
    save_model(svc, tmp_path / "model.json")
    model = load_model(tmp_path / "model.json")
    expected = svc.decision_function(pd.DataFrame(X, columns=names))
    np.testing.assert_allclose(model.decision_function(pd.DataFrame(X)), expected, rtol=1e-12, atol=1e-15)
    more = pd.DataFrame(X).assign(word="further columns play no part")
    np.testing.assert_allclose(model.decision_function(more), expected, rtol=1e-12, atol=1e-15)
    with pytest.raises(ValueError, match="3"):
        model.predict(pd.DataFrame(X[:, :3]))
