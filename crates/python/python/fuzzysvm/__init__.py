"""Fuzzy support vector machines for imbalanced data, as scikit-learn estimators.

>>> import numpy as np
>>> from fuzzysvm import FuzzySVC
>>> X = np.arange(40.0).reshape(-1, 1)
>>> y = np.where(X[:, 0] < 31.5, "paid", "default")
>>> FuzzySVC(membership="iefsvm", C=10.0).fit(X, y).predict([[1.0], [39.0]])
array(['paid', 'default'], dtype='<U7')
"""

from . import display, membership, metrics, peers, portfolio, stats
from ._compare import compare
from ._efsvm_cv import EFSVMCV
from ._lend import lend
from ._model_files import load_model, save_model
from ._native import __version__
from ._onnx import to_onnx
from ._readers import read_keel, read_lending_club
from ._svc import FuzzySVC
from ._svc_cv import FuzzySVCCV
from .membership import class_entropy

__all__ = [
    "EFSVMCV",
    "FuzzySVC",
    "FuzzySVCCV",
    "__version__",
    "class_entropy",
    "compare",
    "display",
    "lend",
    "load_model",
    "membership",
    "metrics",
    "peers",
    "portfolio",
    "read_keel",
    "read_lending_club",
    "save_model",
    "stats",
    "to_onnx",
]
