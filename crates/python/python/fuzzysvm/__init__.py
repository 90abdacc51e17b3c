"""Fuzzy support vector machines for imbalanced data, as scikit-learn estimators.

>>> import numpy as np
>>> from fuzzysvm import FuzzySVC
>>> X = np.arange(40.0).reshape(-1, 1)
>>> y = np.where(X[:, 0] < 31.5, "paid", "default")
>>> FuzzySVC(membership="iefsvm", C=10.0).fit(X, y).predict([[1.0], [39.0]])
array(['paid', 'default'], dtype='<U7')
"""

from . import membership, metrics, portfolio, stats
from ._compare import compare
from ._lend import lend
from ._native import __version__
from ._readers import read_keel, read_lending_club
from ._svc import FuzzySVC
from .membership import class_entropy

__all__ = [
    "FuzzySVC",
    "__version__",
    "class_entropy",
    "compare",
    "lend",
    "membership",
    "metrics",
    "portfolio",
    "read_keel",
    "read_lending_club",
    "stats",
]
