"""Metrics of two classes that scikit-learn does not have."""

import numpy as np
from sklearn.utils import column_or_1d

from . import _native
from ._convert import require_binary, vector

__all__ = ["geometric_mean_score", "ks_statistic"]


def _classes(y_true):
    y_true = column_or_1d(y_true)
    if not len(y_true):
        raise ValueError("y_true must have at least one sample")
    require_binary(y_true)
    return y_true, np.unique(y_true)


def geometric_mean_score(y_true, y_pred):
    """Geometric mean of the recalls of both classes.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Two classes, of any kind.
    y_pred : array-like of shape (n_samples,)
        Predicted classes.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        Where ``y_true`` does not have two classes, or the lists are not equally long.

    Examples
    --------
    >>> from fuzzysvm.metrics import geometric_mean_score
    >>> geometric_mean_score([0, 0, 0, 0, 1], [0, 0, 0, 1, 1]) == 0.75 ** 0.5
    True
    """
    y_true, classes = _classes(y_true)
    y_pred = column_or_1d(y_pred)
    unknown = np.setdiff1d(y_pred, classes)
    if len(unknown):
        raise ValueError(f"y_pred has the class {unknown[0]!r}, which y_true has not")
    return _native.geometric_mean_score(y_true == classes[-1], y_pred == classes[-1])


def ks_statistic(y_true, y_score):
    """Kolmogorov-Smirnov statistic: the greatest distance of the two classes' distributions of scores.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Two classes, of any kind.
    y_score : array-like of shape (n_samples,)
        Scores, such as decision values.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        Where ``y_true`` does not have two classes, the lists are not equally long, or a score is not finite.

    Examples
    --------
    >>> from fuzzysvm.metrics import ks_statistic
    >>> ks_statistic([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.5
    """
    y_true, classes = _classes(y_true)
    return _native.ks_statistic(y_true == classes[-1], vector(y_score, "y_score"))
