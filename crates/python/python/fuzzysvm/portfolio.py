"""Returns of loans, and rules that choose among loans by a forecast of their returns.

>>> from fuzzysvm import portfolio
>>> round(portfolio.irr([-1000.0, 0.0, 1020.1]), 6)
0.126825
>>> portfolio.top_fraction([0.02, 0.11, 0.05, 0.09], budget=1000.0, fraction=0.5)
array([  0., 500.,   0., 500.])
"""

import numpy as np

from . import _native
from ._convert import vector

__all__ = ["all_candidates", "irr", "loan_returns", "mean_variance", "top_fraction"]


def irr(cash_flows):
    """Internal rate of return of monthly cash flows, effective per year.

    Parameters
    ----------
    cash_flows : array-like of shape (n_months + 1,)
        What was lent, as a negative number, then what came in month by month, at least 0 each.

    Returns
    -------
    float
        (1 + r)^12 - 1 for the monthly rate r at which the flows are worth 0 together; -1 where nothing came back.

    Raises
    ------
    ValueError
        Where the first flow is not below 0, another is, or the rate exceeds 1000 % per month.

    Examples
    --------
    >>> from fuzzysvm.portfolio import irr
    >>> round(irr([-100.0] + 12 * [9.0]), 6)
    0.154489
    """
    return _native.irr(vector(cash_flows, "cash_flows"))


def loan_returns(
    *,
    funded_amnt,
    installment,
    term,
    months_to_last_payment,
    total_pymnt,
    last_pymnt_amnt=0.0,
    recoveries=0.0,
    collection_recovery_fee=0.0,
    kind="roi",
):
    """Returns of finished loans from the columns of Lending Club's files.

    Parameters
    ----------
    funded_amnt : array-like of shape (n_loans,)
        Amount lent, above 0; amounts in one currency.
    installment : array-like of shape (n_loans,) or float
        Level monthly payment agreed on.
    term : array-like of shape (n_loans,) or int
        Agreed number of monthly payments.
    months_to_last_payment : array-like of shape (n_loans,)
        Months from issue to the last payment; NaN where nothing was ever paid.
    total_pymnt : array-like of shape (n_loans,)
        All that came in, recoveries included.
    last_pymnt_amnt : array-like of shape (n_loans,) or float, default=0.0
        The last payment; for "irr" and "nar" alone.
    recoveries : array-like of shape (n_loans,) or float, default=0.0
        Received after the charge-off, before the fee.
    collection_recovery_fee : array-like of shape (n_loans,) or float, default=0.0
        Kept by the collector out of the recoveries.
    kind : {"roi", "annualised", "annualised-life", "irr", "nar"}, default="roi"
        Profit over the amount lent, over the whole life; the same per year of the term; the same per year of the months to
        the last payment; internal rate of return of the monthly cash flows rebuilt from the columns, effective per year;
        Lending Club's net annualized return, after its service fee of 1 % of all payments.

    Returns
    -------
    ndarray of shape (n_loans,)
        Fractions: 0.05 is 5 %; -1 where nothing came back.

    Raises
    ------
    ValueError
        Where a column breaks its rule, with the loan counted from 0.

    Examples
    --------
    >>> from fuzzysvm.portfolio import loan_returns
    >>> loan_returns(funded_amnt=[1000.0], installment=33.0, term=36, months_to_last_payment=[12],
    ...              total_pymnt=[496.0], recoveries=100.0, collection_recovery_fee=16.0)
    array([-0.52])
    """
    columns = [funded_amnt, installment, last_pymnt_amnt, total_pymnt, recoveries, collection_recovery_fee]
    columns = np.broadcast_arrays(*[np.asarray(c, dtype=np.float64) for c in columns], term, months_to_last_payment)
    *amounts, terms, months = [vector(np.atleast_1d(c), "a column of loans") for c in columns]
    known = ~np.isnan(months)
    for name, values in [("term", terms), ("months_to_last_payment", months[known])]:
        if not ((values == np.floor(values)) & (values >= 0) & (values < 2**32)).all():
            raise ValueError(f"{name} must be whole numbers of months")
    loans = np.ascontiguousarray(np.stack(amounts, axis=1))
    months = np.where(known, months, -1).astype(np.int64)
    return _native.loan_returns(loans, terms.astype(np.uint32), months, kind)


def _cap(cap, forecast):
    """The caps of the loans, of which one number is that of all."""
    return None if cap is None else vector(np.broadcast_to(cap, forecast.shape), "cap")


def top_fraction(forecast, budget, fraction=0.1, cap=None):
    """Buys the share of the loans with the highest forecasts, in equal amounts.

    Parameters
    ----------
    forecast : array-like of shape (n_loans,)
        Forecast return of each loan.
    budget : float
        Amount to invest, above 0.
    fraction : float, default=0.1
        Share of the loans that is bought, in (0, 1]: of n loans max(1, floor(fraction * n + 1/2)); equal forecasts go to
        the earlier loan.
    cap : array-like of shape (n_loans,) or float, default=None
        The most that may go into each loan; what it leaves goes evenly into the other loans that are bought.

    Returns
    -------
    ndarray of shape (n_loans,)
        Amounts, in the currency of the budget.

    Raises
    ------
    ValueError
        Where a value is out of its range.

    Examples
    --------
    >>> from fuzzysvm.portfolio import top_fraction
    >>> top_fraction([0.1, 0.3, 0.3, 0.2], budget=30.0, fraction=0.5, cap=[9.0, 9.0, 25.0, 9.0])
    array([ 0.,  9., 21.,  0.])
    """
    forecast = vector(forecast, "forecast")
    return _native.top_fraction(forecast, float(budget), float(fraction), _cap(cap, forecast))


def all_candidates(forecast, budget, cap=None):
    """Buys every loan in equal amounts, whatever the forecast.

    Parameters
    ----------
    forecast : array-like of shape (n_loans,)
        Forecast return of each loan.
    budget : float
        Amount to invest, above 0.
    cap : array-like of shape (n_loans,) or float, default=None
        The most that may go into each loan.

    Returns
    -------
    ndarray of shape (n_loans,)
        Amounts, in the currency of the budget.

    Raises
    ------
    ValueError
        Where a value is out of its range.

    Examples
    --------
    >>> from fuzzysvm.portfolio import all_candidates
    >>> all_candidates([0.1, -0.2, 0.3], budget=30.0, cap=[5.0, 50.0, 50.0])
    array([ 5. , 12.5, 12.5])
    """
    forecast = vector(forecast, "forecast")
    return _native.all_candidates(forecast, float(budget), _cap(cap, forecast))


def mean_variance(forecast, variance, budget, risk_aversion=50.0, cap=None):
    """Mean-variance weights of independent loans: the shares w of the budget maximise
    sum(w * forecast) - risk_aversion / 2 * sum(w**2 * variance).

    Parameters
    ----------
    forecast : array-like of shape (n_loans,)
        Forecast return of each loan.
    variance : array-like of shape (n_loans,)
        Variance of the return of each loan, at least 0.
    budget : float
        Amount to invest, above 0.
    risk_aversion : float, default=50.0
        Price of variance, at least 0.
    cap : array-like of shape (n_loans,) or float, default=None
        The most that may go into each loan.

    Returns
    -------
    ndarray of shape (n_loans,)
        Amounts, in the currency of the budget.

    Raises
    ------
    ValueError
        Where a value is out of its range.

    References
    ----------
    Guo et al., Instance-based credit risk assessment for investment decisions in P2P lending, EJOR 249 (2016)
    417-426, doi:10.1016/j.ejor.2015.05.050.

    Examples
    --------
    >>> from fuzzysvm.portfolio import mean_variance
    >>> mean_variance([0.10, 0.08], [0.04, 0.02], budget=300.0, risk_aversion=1.0).round(2)
    array([200., 100.])
    """
    forecast = vector(forecast, "forecast")
    variance = vector(variance, "variance")
    return _native.mean_variance(forecast, variance, float(budget), float(risk_aversion), _cap(cap, forecast))
