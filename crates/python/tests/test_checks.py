"""scikit-learn's own checks of an estimator."""

import numpy as np
import pytest
import sklearn
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.fixes import parse_version

from fuzzysvm import FuzzySVC, _native

WEIGHTS = "check_sample_weight_equivalence_on_dense_data"
TOLERANCE = (
    "two solutions within tol=1e-3 agree to three digits, the check asks for seven; see the test with a small tol"
)
OTHERS = "weights do not enter the membership: a sample of weight 2 is one neighbor and counts once in class sizes and centers"
FIRST_MODEL = "the first model does not see the weights"
TIMES = "rows are in order of time, and a row repeated is two times"
FEW = "on the 12 samples of this check the membership of the whole majority is 0, which leaves one class"

# Where the membership does not look at other samples, the check passes as soon as the solver is precise.
REASONS = {
    "svm": TOLERANCE,
    "class-cost": TOLERANCE,
    "slack-factor": FIRST_MODEL,
    "posterior": FIRST_MODEL,
    "lin-wang-time": TIMES,
}
MORE = {
    "intuitionistic": dict.fromkeys(
        [
            "check_sample_weights_pandas_series",
            "check_sample_weights_not_an_array",
            "check_classifier_data_not_an_array",
        ],
        FEW,
    )
}
fair = pytest.mark.skipif(
    parse_version(sklearn.__version__) < parse_version("1.7"),
    reason="the check of scikit-learn 1.6 gives a binary classifier other labels with weights than with rows repeated",
)
NAMES = [entry["name"] for entry in _native.memberships()]


def failures(estimator, expected):
    """What failed and was not expected to, and the names of the checks that ran."""
    results = check_estimator(estimator, expected_failed_checks=expected, on_fail=None, on_skip=None)
    bad = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert len(results) > 60
    return bad


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_every_membership(name):
    expected = {WEIGHTS: REASONS.get(name, OTHERS), **MORE.get(name, {})}
    assert failures(FuzzySVC(membership=name), expected) == []


@pytest.mark.filterwarnings("ignore")
def test_the_default():
    assert failures(FuzzySVC(), {WEIGHTS: OTHERS}) == []


@fair
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("membership", ["svm", "class-cost"])
def test_weights_are_repetitions_where_the_solver_is_precise(membership):
    assert failures(FuzzySVC(membership=membership, tol=1e-10), {}) == []


@fair
@pytest.mark.filterwarnings("ignore")
def test_a_callable_of_each_sample_alone():
    assert failures(FuzzySVC(membership=first_feature, tol=1e-10), {}) == []


def first_feature(X, y):
    """A membership of each sample alone."""
    return 1.0 / (1.0 + np.abs(X[:, 0]))
