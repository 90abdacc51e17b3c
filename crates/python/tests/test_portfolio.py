"""Returns and portfolio rules, against NumPy's roots and by hand."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from fuzzysvm import portfolio


def root(flows):
    """The yearly rate at which monthly flows are worth nothing, from the roots of a polynomial in 1/(1 + r)."""
    roots = np.roots(flows[::-1])
    discount = roots[np.isclose(roots.imag, 0) & (roots.real > 0)].real
    assert len(discount) == 1
    return discount[0] ** -12.0 - 1


@pytest.mark.parametrize(
    "flows",
    [
        [-1000.0] + 36 * [33.0],
        [-1000.0] + 5 * [33.0] + 6 * [0.0] + [120.0],
        [-500.0, 0.0, 0.0, 700.0],
        [-1000.0] + 11 * [10.0] + [1100.0],
    ],
)
def test_irr_is_the_root_of_the_present_value(flows):
    assert portfolio.irr(flows) == pytest.approx(root(flows), rel=1e-9)
    value = lambda r: np.sum(np.array(flows) / (1 + r) ** (np.arange(len(flows)) / 12))  # noqa: E731
    assert portfolio.irr(flows) == pytest.approx(brentq(value, -0.99, 20, xtol=1e-14), rel=1e-9)


def test_irr_edges():
    assert portfolio.irr([-100.0]) == portfolio.irr([-100.0, 0.0, 0.0]) == -1
    # One payment of 110 after a year.
    assert portfolio.irr([-100.0] + 11 * [0.0] + [110.0]) == pytest.approx(0.1, rel=1e-12)
    for flows, words in [
        ([], "first cash flow 0 is 0"),
        ([100.0, 5.0], "first cash flow 0 is 100: must be finite and < 0"),
        ([-100.0, 5.0, -1.0], "later cash flow 1 is -1: must be finite and >= 0"),
        ([-1.0, 1e9], "1000 %"),
        ([[-1.0, 2.0]], "one dimension"),
    ]:
        with pytest.raises(ValueError, match=words):
            portfolio.irr(flows)


LOANS = {
    "funded_amnt": [1000.0, 1000.0, 1000.0],
    "installment": 33.0,
    "term": 36,
    "months_to_last_payment": [36, 12, np.nan],
    "last_pymnt_amnt": [33.0, 33.0, 0.0],
    "total_pymnt": [1188.0, 496.0, 0.0],
    "recoveries": [0.0, 100.0, 0.0],
    "collection_recovery_fee": [0.0, 16.0, 0.0],
}


def test_returns_of_loans():
    roi = np.array([0.188, -0.52, -1.0])
    np.testing.assert_allclose(portfolio.loan_returns(**LOANS), roi, rtol=1e-12)
    yearly = portfolio.loan_returns(**LOANS, kind="annualised")
    np.testing.assert_allclose(yearly, (1 + roi) ** (12 / 36) - 1, rtol=1e-12)
    irr = portfolio.loan_returns(**LOANS, kind="irr")
    # Twelve instalments, and the recovery less its fee half a year later.
    paid, charged_off = [-1000.0] + 36 * [33.0], [-1000.0] + 12 * [33.0] + 5 * [0.0] + [84.0]
    np.testing.assert_allclose(irr, [root(paid), root(charged_off), -1], rtol=1e-9)
    life = portfolio.loan_returns(**LOANS, kind="annualised-life")
    np.testing.assert_allclose(life, (1 + roi) ** (12 / np.array([36, 12, 1])) - 1, rtol=1e-12)
    # The profit less 1 % of all payments (but recoveries) over the principal outstanding, month by month.
    rate = (1 + root([-1000.0] + 36 * [33.0])) ** (1 / 12) - 1
    balance = 1000 * (1 + rate) ** np.arange(37) - 33 * ((1 + rate) ** np.arange(37) - 1) / rate
    gained = np.array([188.0 - 11.88, -520.0 - 3.96, -1000.0])
    months = np.array([balance[:36].sum(), balance[:12].sum() + 5 * balance[12], 6000.0])
    nar = portfolio.loan_returns(**LOANS, kind="nar")
    np.testing.assert_allclose(nar, (1 + gained / months) ** 12 - 1, rtol=1e-8)
    with pytest.raises(ValueError, match="loan 1: .*funded_amnt"):
        portfolio.loan_returns(**{**LOANS, "funded_amnt": [1.0, -1.0, 1.0]})
    with pytest.raises(ValueError, match="what.*roi, annualised, annualised-life, irr, nar"):
        portfolio.loan_returns(**LOANS, kind="what")


def test_equal_amounts():
    forecast = [0.02, 0.11, 0.05, 0.09, -0.01, 0.03, 0.07, 0.08, 0.01, 0.04]
    amounts = portfolio.top_fraction(forecast, 1000, fraction=0.2)
    np.testing.assert_array_equal(np.flatnonzero(amounts), [1, 3])
    np.testing.assert_array_equal(amounts[[1, 3]], 500)
    # A tenth of 14 loans is one, of 15 two; of equal forecasts the first.
    for n, bought in [(14, [0]), (15, [0, 1])]:
        np.testing.assert_array_equal(np.flatnonzero(portfolio.top_fraction(np.zeros(n), 1.0)), bought)
    # The first loan takes 10 of its share of 20, the others share the rest.
    np.testing.assert_allclose(portfolio.all_candidates([0.1, 0.2, 0.3], 60, cap=[10, 99, 99]), [10, 25, 25])
    np.testing.assert_allclose(portfolio.all_candidates([0.1, 0.2, 0.3], 60, cap=15), 15)


def test_mean_variance_is_the_best_of_its_kind():
    rng = np.random.default_rng(1)
    forecast, variance = rng.normal(0.05, 0.02, 6), rng.uniform(0.01, 0.1, 6)
    amounts = portfolio.mean_variance(forecast, variance, 100.0, risk_aversion=2.0, cap=40.0)
    loss = lambda w: -(w @ forecast - w**2 @ variance)  # noqa: E731
    whole = {"type": "eq", "fun": lambda w: w.sum() - 1}
    best = minimize(loss, np.full(6, 1 / 6), bounds=6 * [(0, 0.4)], constraints=whole, tol=1e-14)
    np.testing.assert_allclose(amounts, 100 * best.x, atol=0.05)
    assert amounts.sum() == pytest.approx(100) and (amounts <= 40).all()


def test_errors():
    for call, words in [
        (lambda: portfolio.top_fraction([0.1], 1.0, fraction=0.0), r"fraction.* must lie in \(0, 1\]"),
        (lambda: portfolio.top_fraction([0.1], -1.0), "budget.*must be finite and > 0"),
        (lambda: portfolio.all_candidates([np.nan], 1.0), "forecast 0 is NaN"),
        (lambda: portfolio.all_candidates([0.1], 1.0, cap=[-1.0]), "cap 0 is -1"),
        (lambda: portfolio.mean_variance([0.1, 0.2], [0.1], 1.0), "2 candidates but 1 variances"),
    ]:
        with pytest.raises(ValueError, match=words):
            call()
