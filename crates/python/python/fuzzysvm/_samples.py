"""Training samples of two classes, checked."""

import numpy as np
from sklearn.utils.validation import _check_sample_weight, validate_data

from ._convert import require_binary


def binary_samples(estimator, X, y, sample_weight):
    """Checks what ``fit`` is given, in scikit-learn's words, and sets ``classes_``.

    Returns X, the place of every label in ``classes_``, the weights or None, and which samples count: those of weight
    0 do not.
    """
    X, y = validate_data(estimator, X, y, dtype=np.float64, order="C")
    require_binary(y)
    estimator.classes_, encoded = np.unique(y, return_inverse=True)
    weights, counted = None, np.ones(len(y), dtype=bool)
    if sample_weight is not None:
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        counted = weights > 0
        if not counted.any():
            raise ValueError("Sample weights must contain at least one non-zero number.")
    n_classes = len(np.unique(encoded[counted]))
    if n_classes < 2:
        after = "" if len(estimator.classes_) < 2 else " after samples of weight 0 are left out"
        raise ValueError(f"The number of classes has to be greater than one; got {n_classes} class{after}")
    return X, encoded, weights, counted
