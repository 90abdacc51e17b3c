"""Tests of whether methods differ over several data sets.

A table of results has one row per data set and one column per method; higher is better. The rows must be independent:
trials that resample one data set are not.

>>> from fuzzysvm import stats
>>> table = [[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.7, 0.8], [0.6, 0.5, 0.4]]
>>> test = stats.friedman(table)
>>> float(test.chi_squared), round(test.p_value, 4)
(6.5, 0.0417)
>>> [float(rank) for rank in test.average_ranks]
[1.0, 2.25, 2.75]
"""

from collections import namedtuple

import numpy as np

from . import _native
from ._convert import vector

__all__ = ["friedman", "holm", "nemenyi", "wilcoxon"]

FriedmanResult = namedtuple(
    "FriedmanResult",
    [
        "average_ranks",
        "chi_squared",
        "chi_squared_p_value",
        "iman_davenport",
        "iman_davenport_p_value",
        "p_value",
        "null_distribution",
    ],
)
FriedmanResult.__doc__ = "The result of :func:`friedman`, which says what the fields are."

NemenyiResult = namedtuple("NemenyiResult", ["critical_difference", "average_ranks", "p_values"])
NemenyiResult.__doc__ = "The result of :func:`nemenyi`, which says what the fields are."

WilcoxonResult = namedtuple(
    "WilcoxonResult", ["n", "rank_sum_first", "rank_sum_second", "z", "p_value", "null_distribution"]
)
WilcoxonResult.__doc__ = "The result of :func:`wilcoxon`, which says what the fields are."


def _table(table):
    """The numbers of a table, and the names of its columns where it has names."""
    names = getattr(table, "columns", None)
    numbers = np.ascontiguousarray(table, dtype=np.float64)
    if numbers.ndim != 2:
        raise ValueError(f"table must have two dimensions; got {numbers.ndim}")
    return numbers, names


def _named(values, names):
    """The values by the names of the methods, where there are names."""
    if names is None:
        return values
    import pandas as pd

    return pd.Series(values, index=names)


def friedman(table, *, n_samples=99_999, seed=0):
    """Friedman's test of "all methods are alike" over several data sets, with Iman and Davenport's form of it.

    Parameters
    ----------
    table : array-like or DataFrame of shape (n_datasets, n_methods)
        Results, higher is better; at least two rows and two columns.
    n_samples : int, default=99_999
        Random orders of the rows where the p-value is sampled; with 0 the approximation takes its place.
    seed : int, default=0
        Seed of the sampling.

    Returns
    -------
    FriedmanResult
        A named tuple: ``average_ranks`` of shape (n_methods,), 1 is best (a Series where the table is a DataFrame);
        ``chi_squared``, without a correction for ties, and its p-value ``chi_squared_p_value``; ``iman_davenport``
        and its ``iman_davenport_p_value``; ``p_value``, the one to rely on; and ``null_distribution``, where that
        comes from: "exact", "sampled" or "f".

    Raises
    ------
    ValueError
        Where the table is too small, or holds a value that is not finite.

    References
    ----------
    Demšar, Statistical comparisons of classifiers over multiple data sets, JMLR 7 (2006) 1-30.

    Examples
    --------
    >>> from fuzzysvm.stats import friedman
    >>> friedman([[0.9, 0.8], [0.7, 0.6]]).p_value
    0.5
    """
    numbers, names = _table(table)
    for name, value in [("n_samples", n_samples), ("seed", seed)]:
        if value < 0:
            raise ValueError(f"{name} must be at least 0; got {value}")
    found = _native.friedman(numbers, int(n_samples), int(seed))
    found["average_ranks"] = _named(found["average_ranks"], names)
    return FriedmanResult(**found)


def nemenyi(table, alpha=0.05):
    """Nemenyi's test of all pairs of methods.

    Parameters
    ----------
    table : array-like or DataFrame of shape (n_datasets, n_methods)
        Results, higher is better; at least two rows and two columns.
    alpha : float, default=0.05
        Level of the critical difference, between 0 and 1.

    Returns
    -------
    NemenyiResult
        A named tuple: ``critical_difference`` (mean ranks further apart than this differ at level ``alpha``, over all
        pairs together); ``average_ranks`` of shape (n_methods,), 1 is best; ``p_values`` of shape (n_methods,
        n_methods), already for all pairs together, 1 on the diagonal. Series and DataFrame where the table is a
        DataFrame.

    Raises
    ------
    ValueError
        As :func:`friedman`, and where ``alpha`` does not lie between 0 and 1.

    References
    ----------
    Demšar, Statistical comparisons of classifiers over multiple data sets, JMLR 7 (2006) 1-30.

    Examples
    --------
    >>> from fuzzysvm.stats import nemenyi
    >>> table = [[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.7, 0.8], [0.6, 0.5, 0.4]]
    >>> round(nemenyi(table).critical_difference, 3)
    1.657
    """
    numbers, names = _table(table)
    critical_difference, ranks, p_values = _native.nemenyi(numbers, float(alpha))
    if names is not None:
        import pandas as pd

        p_values = pd.DataFrame(p_values, index=names, columns=names)
    return NemenyiResult(critical_difference, _named(ranks, names), p_values)


def wilcoxon(first, second, *, zeros="split-even", tie_correction=False, null_distribution="auto"):
    """Wilcoxon's signed-rank test of "both methods are alike" on paired results.

    Parameters
    ----------
    first, second : array-like of shape (n_datasets,)
        Results of the two methods, higher is better.
    zeros : {"split-even", "split", "drop", "pratt"}, default="split-even"
        What becomes of differences that are 0: their ranks are split evenly, one being left out where their number is
        odd (Demšar's rule); all are split (SciPy's "zsplit"); they are left out before ranking (SciPy's "wilcox"); or
        after it.
    tie_correction : bool, default=False
        Whether the variance of the normal approximation is lessened for ties, as SciPy does.
    null_distribution : {"auto", "exact", "scipy", "normal"}, default="auto"
        Exact for at most 50 differences, else normal; exact for at most 500; as SciPy's ``method="auto"``; normal.

    Returns
    -------
    WilcoxonResult
        A named tuple: ``n`` differences ranked; ``rank_sum_first`` and ``rank_sum_second``, the sums of the ranks where
        either is better; ``z``, never positive; the two-sided ``p_value``; and ``null_distribution``, where it comes
        from: "exact" or "normal".

    Raises
    ------
    ValueError
        Where the lists are empty, not equally long, or not finite.

    References
    ----------
    Demšar, Statistical comparisons of classifiers over multiple data sets, JMLR 7 (2006) 1-30.

    Examples
    --------
    >>> from fuzzysvm.stats import wilcoxon
    >>> wilcoxon([0.9, 0.8, 0.7, 0.95, 0.6], [0.8, 0.85, 0.4, 0.9375, 0.4]).p_value
    0.1875
    """
    found = _native.wilcoxon(
        vector(first, "first"), vector(second, "second"), zeros, bool(tie_correction), null_distribution
    )
    return WilcoxonResult(**found)


def holm(p_values):
    """Holm's adjusted p-values: rejecting where one is at most alpha keeps the chance of any false rejection at alpha.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        p-values, of tests that may depend on each other in any way.

    Returns
    -------
    ndarray of shape (n_tests,)
        In the order given.

    Raises
    ------
    ValueError
        Where a value is no probability.

    References
    ----------
    Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65-70.

    Examples
    --------
    >>> from fuzzysvm.stats import holm
    >>> [float(p) for p in holm([0.03, 0.01, 0.5])]
    [0.06, 0.03, 0.5]
    """
    return _native.holm(vector(p_values, "p_values"))
