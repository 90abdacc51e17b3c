"""Checks that need Python's eyes, and warnings; ranges of parameters are checked by the Rust side."""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.exceptions import ConvergenceWarning

KINDS = {
    "a number": (Real, ("C", "coef0", "tol", "cache_size")),
    "a whole number": (Integral, ("degree", "max_iter")),
}
_NO_CONVERGENCE = {
    "max-iterations": "max_iter was reached before the tolerance",
    "stalled": "the solver cannot come nearer to its tolerance",
    "time-limit": "the time limit was reached before the tolerance",
}
CHOICES = {"multi_class": ("ovo", "ovr"), "decision_function_shape": ("ovr", "ovo")}


def check_numbers(estimator):
    """Raises where a parameter that the estimator has is no number, or no whole one."""
    params = estimator.get_params(deep=False)
    for what, (kind, names) in KINDS.items():
        for name in names:
            value = params.get(name, 1)
            if not isinstance(value, kind) or isinstance(value, (bool, np.bool_)):
                raise ValueError(f"{name} must be {what}; got {value!r}")


def check_kinds(estimator):
    """Raises where a parameter of the classifier is of the wrong kind."""
    check_numbers(estimator)
    for name, choices in CHOICES.items():
        value = getattr(estimator, name)
        if value not in choices:
            raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}; got {value!r}")
    if not (isinstance(estimator.kernel, str) or callable(estimator.kernel)):
        raise ValueError(f"kernel must be the name of a kernel or a callable; got {estimator.kernel!r}")


def check_gram(values, shape):
    """The kernel values that a callable gave, checked."""
    values = np.ascontiguousarray(values, dtype=np.float64)
    if values.shape != shape:
        raise ValueError(f"kernel must return an array of shape {shape}; got {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("kernel must return finite numbers")
    return values


def check_membership(values, n_samples):
    """The numbers that a callable gave, checked."""
    s = np.asarray(values, dtype=np.float64)
    if s.shape != (n_samples,):
        raise ValueError(f"membership must return an array of shape {(n_samples,)}; got {s.shape}")
    if not (np.isfinite(s).all() and (s >= 0).all()):
        raise ValueError("membership must return finite, non-negative numbers")
    return s


def warn_of(fits, tol):
    """Says what is legal in the fits of a classifier and hardly meant, everything once, where its ``fit`` was called."""
    for message in dict.fromkeys(message for fit in fits for message in fit["warnings"]):
        warnings.warn(message, UserWarning, stacklevel=3)
    early = [fit for fit in fits if fit["status"] != "converged"]
    if early:
        status, gap = early[0]["status"], max(fit["kkt_gap"] for fit in early)
        message = f"{_NO_CONVERGENCE.get(status, status)}: the gap is {gap:.3g}, tol is {tol:.3g}"
        warnings.warn(message, ConvergenceWarning, stacklevel=3)
