"""Fuzzy support vector machines for imbalanced data, as scikit-learn estimators.

>>> import numpy as np
>>> from fuzzysvm import FuzzySVC
>>> X = np.arange(40.0).reshape(-1, 1)
>>> y = np.where(X[:, 0] < 31.5, "paid", "default")
>>> FuzzySVC(membership="iefsvm", C=10.0).fit(X, y).predict([[1.0], [39.0]])
array(['paid', 'default'], dtype='<U7')
"""

from . import membership
from ._model_files import load_model, save_model
from ._native import __version__
from ._onnx import to_onnx
from ._svc import FuzzySVC
from .membership import class_entropy

__all__ = ["FuzzySVC", "__version__", "class_entropy", "load_model", "membership", "save_model", "to_onnx"]
