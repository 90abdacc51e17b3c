"""scikit-learn's own checks of an estimator."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.utils.estimator_checks import check_estimator

from fuzzysvm import FuzzySVC, _native, membership

WEIGHTS = "check_sample_weight_equivalence_on_dense_data"
OTHERS = "weights do not enter the membership: a sample of weight 2 is one neighbor and counts once in class sizes and centers"
FIRST_MODEL = "the first model does not see the weights"
TIMES = "rows are in order of time, and a row repeated is two times"
FEW = "on the 12 samples of this check the membership of the whole majority is 0, which leaves one class"

# Where the membership does not look at other samples, nothing fails.
REASONS = {
    "svm": None,
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
NAMES = [entry["name"] for entry in _native.memberships()]


def failures(estimator, expected):
    """What failed and was not expected to."""
    results = check_estimator(estimator, expected_failed_checks=expected, on_fail=None, on_skip=None)
    bad = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert len(results) > 60
    # What is expected to fail does.
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(expected)
    return bad


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_every_membership(name):
    reason = REASONS.get(name, OTHERS)
    expected = {} if reason is None else {WEIGHTS: reason}
    assert failures(FuzzySVC(membership=name), {**expected, **MORE.get(name, {})}) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "estimator",
    [
        FuzzySVC(),
        FuzzySVC(membership.IEFSVM(ks=[1, 3, 5], angle="std-over-mean")),
        FuzzySVC("efsvm", multi_class="ovr", kernel="laplacian"),
        FuzzySVC("efsvm", kernel=cosine_similarity),
    ],
)
def test_settings(estimator):
    assert failures(estimator, {WEIGHTS: OTHERS}) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("multi_class", ["ovo", "ovr"])
def test_a_callable_of_each_sample_alone(multi_class):
    assert failures(FuzzySVC(membership=first_feature, multi_class=multi_class), {}) == []


def first_feature(X, y):
    """A membership of each sample alone."""
    return 1.0 / (1.0 + np.abs(X[:, 0]))
