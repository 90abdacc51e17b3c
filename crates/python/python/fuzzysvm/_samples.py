"""Training samples, checked, and what is drawn and named for them."""

from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, validate_data

from ._convert import arrow_as_frame, check_one_output, require_binary


def binary_samples(estimator, X, y, sample_weight):
    """Checks what ``fit`` is given, in scikit-learn's words, and sets ``classes_``.

    Returns X, the place of every label in ``classes_``, the weights or None, and which samples count: those of weight
    0 do not.
    """
    check_one_output(y)
    X, y = validate_data(estimator, arrow_as_frame(X), arrow_as_frame(y), dtype=np.float64, order="C")
    require_binary(y)
    estimator.classes_, encoded = np.unique(y, return_inverse=True)
    weights, counted = weights_of(sample_weight, X)
    n_classes = len(np.unique(encoded[counted]))
    if n_classes < 2:
        after = "" if len(estimator.classes_) < 2 else " after samples of weight 0 are left out"
        raise ValueError(f"The number of classes has to be greater than one; got {n_classes} class{after}")
    return X, encoded, weights, counted


def weights_of(sample_weight, X):
    """The weights or None, and which samples count: those of weight 0 do not."""
    if sample_weight is None:
        return None, np.ones(len(X), dtype=bool)
    weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    counted = weights > 0
    if not counted.any():
        raise ValueError("Sample weights must contain at least one non-zero number.")
    return weights, counted


def seed_of(random_state):
    """The seed of the Rust side: a whole number as it is, or one drawn."""
    drawn = check_random_state(random_state)
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(drawn.randint(np.iinfo(np.int32).max))


def names_of_features(estimator):
    """The columns of the frame that the estimator was fitted on; of an array x0, x1, ..."""
    names = getattr(estimator, "feature_names_in_", None)
    if names is None:
        return [f"x{i}" for i in range(estimator.n_features_in_)]
    return [str(name) for name in names]
