"""From Python's values to those of the Rust side."""

import json
from collections.abc import Mapping

import numpy as np
from sklearn.utils import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target


def text_of(value):
    """The text of a parameter's value, as on the command line."""
    if value is None:
        return "none"
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, (np.ndarray, list, tuple, range)):
        return ",".join(text_of(v) for v in value)
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def value_of(text):
    """The value of a parameter's text: numbers, truth values and lists as such."""
    try:
        return json.loads(text)
    except ValueError:
        return None if text == "none" else text


def pairs_of(params):
    """Names and values of parameters as texts."""
    if params is None:
        return []
    if not isinstance(params, Mapping):
        raise ValueError(f"membership_params must be a mapping or None; got {params!r}")
    return [(str(name), text_of(value)) for name, value in params.items()]


def arrow_as_frame(data):
    """A table that speaks Arrow's C interface alone as a table of pyarrow; anything else as it is."""
    known = hasattr(data, "__array__") or hasattr(data, "__dataframe__") or hasattr(data, "__len__")
    if known or not hasattr(data, "__arrow_c_stream__"):
        return data
    import pyarrow

    return pyarrow.table(data)


def check_one_output(y):
    """Raises imbalanced-learn's error where y has several columns."""
    shape = getattr(y, "shape", ())
    if len(shape) == 2 and shape[1] > 1:
        raise ValueError(f"Multilabel and multioutput targets are not supported. y should be a 1d array, got {shape}.")


def require_binary(y):
    """Raises scikit-learn's error of a binary-only classifier where y has more than two classes."""
    y_type = type_of_target(y, input_name="y", raise_unknown=True)
    if y_type != "binary":
        check_classification_targets(y)
        raise ValueError(f"Only binary classification is supported. The type of the target is {y_type}.")


def minority(encoded, counted):
    """Which of the classes 0 and 1 has fewer samples among those that count; 1 where both have as many."""
    n_first, n_second = np.bincount(encoded[counted], minlength=2)
    return 0 if n_first < n_second else 1


def class_weights(class_weight, classes, y, weights):
    """The weight of each class."""
    if weights is not None and isinstance(class_weight, str) and class_weight == "balanced":
        # As of the rows repeated; compute_class_weight takes weights in new versions of scikit-learn only.
        totals = np.array([weights[y == label].sum() for label in classes])
        return weights.sum() / (len(totals) * totals)
    return compute_class_weight(class_weight, classes=classes, y=y)


def vector(values, name, dtype=np.float64):
    """A list of numbers as a contiguous array."""
    array = np.ascontiguousarray(values, dtype=dtype)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension; got {array.ndim}")
    return array
