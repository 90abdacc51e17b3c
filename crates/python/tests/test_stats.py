"""Tests of significance and metrics, against SciPy, scikit-learn and worked examples."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as theirs
from sklearn.metrics import recall_score

from fuzzysvm import metrics, stats

# Results of four methods on 14 data sets, Demšar (2006), table 6: C4.5, C4.5+m, C4.5+cf, C4.5+m+cf.
DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],
        [0.957, 0.978, 0.946, 0.970],
    ]
)


@pytest.fixture(scope="module")
def table():
    return np.random.default_rng(3).normal(size=(12, 5)) + np.linspace(0, 1, 5)


def test_friedman_on_the_example_of_demsar():
    found = stats.friedman(DEMSAR)
    np.testing.assert_allclose(found.average_ranks, [3.143, 2.000, 2.893, 1.964], atol=1e-3)
    assert found.chi_squared == pytest.approx(9.28, abs=0.01)
    assert found.iman_davenport == pytest.approx(3.69, abs=0.01)


def test_friedman_is_that_of_scipy(table):
    found = stats.friedman(table, seed=1)
    statistic, p_value = theirs.friedmanchisquare(*table.T)
    np.testing.assert_allclose([found.chi_squared, found.chi_squared_p_value], [statistic, p_value], rtol=1e-10)
    np.testing.assert_allclose(found.average_ranks, theirs.rankdata(-table, axis=1).mean(axis=0), rtol=1e-12)
    n, k = table.shape
    f = (n - 1) * statistic / (n * (k - 1) - statistic)
    p_value = theirs.f.sf(f, k - 1, (k - 1) * (n - 1))
    np.testing.assert_allclose([found.iman_davenport, found.iman_davenport_p_value], [f, p_value], rtol=1e-9)
    assert found.null_distribution in ("exact", "sampled")
    assert stats.friedman(table, n_samples=0).null_distribution == "f"


def test_friedman_counts_all_orders_of_a_small_table():
    # Of the 6^4 orders of the rows 54 are at least as far apart.
    small = [[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.7, 0.8], [0.6, 0.5, 0.4]]
    found = stats.friedman(small)
    assert (found.p_value, found.null_distribution) == (pytest.approx(54 / 1296, rel=1e-12), "exact")


def test_nemenyi_by_the_studentized_range(table):
    n, k = table.shape
    found = stats.nemenyi(table, alpha=0.1)
    error = np.sqrt(k * (k + 1) / (6 * n))
    q = theirs.studentized_range.ppf(0.9, k, np.inf) / np.sqrt(2)
    assert found.critical_difference == pytest.approx(q * error, rel=1e-6)
    ranks = found.average_ranks
    z = np.abs(ranks[:, None] - ranks[None, :]) / error
    np.testing.assert_allclose(found.p_values, theirs.studentized_range.sf(z * np.sqrt(2), k, np.inf), atol=1e-7)


def test_frames_keep_their_names():
    frame = pd.DataFrame(DEMSAR, columns=["plain", "m", "cf", "both"])
    assert stats.friedman(frame).average_ranks["m"] == pytest.approx(2.0)
    found = stats.nemenyi(frame)
    assert found.average_ranks.index.tolist() == frame.columns.tolist()
    assert found.p_values.loc["plain", "m"] == found.p_values.loc["m", "plain"] < 1
    # Critical differences of four methods on 14 data sets, as Demšar prints them.
    assert found.critical_difference == pytest.approx(1.25, abs=0.01)
    assert stats.nemenyi(frame, alpha=0.1).critical_difference == pytest.approx(1.12, abs=0.01)


@pytest.mark.parametrize("zeros, theirs_zeros", [("drop", "wilcox"), ("pratt", "pratt"), ("split", "zsplit")])
@pytest.mark.parametrize("n", [9, 70])
def test_wilcoxon_is_that_of_scipy(zeros, theirs_zeros, n):
    rng = np.random.default_rng(n)
    first = rng.integers(0, 6, n).astype(float)
    second = first - rng.integers(-2, 4, n)
    found = stats.wilcoxon(first, second, zeros=zeros, tie_correction=True, null_distribution="normal")
    other = theirs.wilcoxon(first, second, zero_method=theirs_zeros, method="approx", correction=False)
    assert min(found.rank_sum_first, found.rank_sum_second) == other.statistic
    assert found.p_value == pytest.approx(other.pvalue, rel=1e-10)
    assert found.null_distribution == "normal"


def test_wilcoxon_exact_is_that_of_scipy():
    rng = np.random.default_rng(8)
    first, second = rng.normal(size=(2, 14))
    found = stats.wilcoxon(first, second)
    other = theirs.wilcoxon(first, second, method="exact")
    assert (found.n, found.null_distribution) == (14, "exact")
    assert found.p_value == pytest.approx(other.pvalue, rel=1e-12)


def test_wilcoxon_on_the_example_of_demsar():
    # C4.5 against C4.5+m: sums of ranks 93 and 12 of 14 data sets, two of them ties that are split.
    found = stats.wilcoxon(DEMSAR[:, 0], DEMSAR[:, 1])
    assert sorted([found.rank_sum_first, found.rank_sum_second]) == [12.0, 93.0]
    assert found.z == pytest.approx(-2.54, abs=0.01)


def test_holm_by_hand():
    p = np.array([0.04, 0.01, 0.03, 0.5, 0.005])
    order = np.argsort(p)
    expected = np.empty(5)
    expected[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(5, 0, -1)), 1)
    np.testing.assert_allclose(stats.holm(p), expected, rtol=1e-12)
    np.testing.assert_allclose(stats.holm([0.03, 0.01, 0.5]), [0.06, 0.03, 0.5])


def test_errors():
    for table, words in [
        ([[0.1, 0.2]], "at least 2"),
        ([[0.1, np.nan], [0.2, 0.3]], "finite"),
        ([0.1, 0.2], "two dimensions"),
    ]:
        with pytest.raises(ValueError, match=words):
            stats.friedman(table)
    with pytest.raises(ValueError, match="alpha"):
        stats.nemenyi(DEMSAR, alpha=1.5)
    with pytest.raises(ValueError, match='zeros must be one of split-even, split, drop, pratt; got "x"'):
        stats.wilcoxon([1.0, 2.0], [2.0, 1.0], zeros="x")
    with pytest.raises(ValueError):
        stats.wilcoxon([1.0, 2.0], [2.0])
    with pytest.raises(ValueError, match="probability 1 is 1.5"):
        stats.holm([0.1, 1.5])


def test_metrics():
    rng = np.random.default_rng(0)
    y = np.where(rng.random(200) < 0.2, "bad", "good")
    predicted = np.where(rng.random(200) < 0.3, "good", y)
    expected = np.sqrt(np.prod(recall_score(y, predicted, average=None)))
    assert metrics.geometric_mean_score(y, predicted) == pytest.approx(expected, rel=1e-12)
    score = rng.normal(size=200) + (y == "bad")
    expected = theirs.ks_2samp(score[y == "bad"], score[y == "good"]).statistic
    assert metrics.ks_statistic(y, score) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ValueError, match="which y_true has not"):
        metrics.geometric_mean_score(y, np.full(200, "other"))
    with pytest.raises(ValueError, match="Only binary"):
        metrics.ks_statistic(np.arange(200) % 3, score)
