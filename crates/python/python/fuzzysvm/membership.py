"""Fuzzy memberships of training samples: how much each of them counts.

There is one function for every registered membership that needs samples and labels alone, such as
``iefsvm(X, y, **params)``; ``__all__`` has their names. Each returns one number in [0, 1] per sample, which goes
wherever a ``sample_weight`` goes.
"""

import inspect

import numpy as np
from sklearn.utils.validation import check_X_y

from . import _native
from ._convert import minority, pairs_of, require_binary, value_of

__all__ = ["class_entropy"]


def _samples(X, y):
    """The features, and for every sample whether it is of the minority."""
    X, y = check_X_y(X, y, dtype=np.float64, order="C")
    require_binary(y)
    classes, encoded = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"y must have two classes; got {len(classes)} class")
    return X, encoded == minority(encoded, slice(None))


def class_entropy(X, y, ks):
    """Entropy of the classes among the k nearest neighbors of every sample.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        The samples.
    y : array-like of shape (n_samples,)
        Two classes.
    ks : sequence of int
        Neighborhood sizes, increasing.

    Returns
    -------
    ndarray of shape (n_samples, len(ks))
        In nats, from 0 (one class alone) to ln 2.

    Examples
    --------
    >>> from fuzzysvm import class_entropy
    >>> X, y = [[0.0], [1.0], [2.0], [10.0], [11.0]], ["a", "a", "a", "b", "b"]
    >>> class_entropy(X, y, [1, 2, 3]).round(3)
    array([[0.   , 0.   , 0.637],
           [0.   , 0.   , 0.637],
           [0.   , 0.   , 0.637],
           [0.   , 0.693, 0.637],
           [0.   , 0.693, 0.637]])
    """
    X, positive = _samples(X, y)
    return _native.class_entropy(X, positive, [int(k) for k in ks])


def _function(entry):
    """The function of a membership of the registry."""
    method = entry["name"]
    params = [(name, value_of(default), rule, help_) for name, default, rule, help_ in entry["params"]]

    def function(X, y, **params):
        X, positive = _samples(X, y)
        return _native.membership(X, positive, method, pairs_of(params))

    listed = "".join(f"\n{name} : {rule}, default={default!r}\n    {help_}." for name, default, rule, help_ in params)
    function.__name__ = function.__qualname__ = method.replace("-", "_")
    title = entry["title"][:1].upper() + entry["title"][1:]
    function.__doc__ = f"""{title}: {entry["summary"]}.

The class with fewer samples is the minority.

Parameters
----------
X : array-like of shape (n_samples, n_features)
    The samples.
y : array-like of shape (n_samples,)
    Two classes.{listed}

Returns
-------
ndarray of shape (n_samples,)
    The membership of every sample.

References
----------
{entry["source"]}

Examples
--------
>>> from fuzzysvm import membership
>>> from sklearn.datasets import make_blobs
>>> from sklearn.svm import SVC
>>> X, y = make_blobs([90, 30], random_state=2)
>>> s = membership.{function.__name__}(X, y)
>>> SVC(C=10.0).fit(X, y, sample_weight=s).score(X, y)
1.0
"""
    positional = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("X", "y")]
    keywords = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default) for name, default, _, _ in params
    ]
    function.__signature__ = inspect.Signature(positional + keywords)
    return function


for _entry in _native.memberships():
    if not (_entry["first_model"] or _entry["times"]):
        _name = _entry["name"].replace("-", "_")
        globals()[_name] = _function(_entry)
        __all__.append(_name)
