"""Fuzzy memberships of training samples: how much each of them counts.

There is one function for every registered membership that needs samples and labels alone, such as
``iefsvm(X, y, **params)``; ``__all__`` has their names. Each returns one number in [0, 1] per sample, which goes
wherever a ``sample_weight`` goes. Like a fit they do not hang on the order of the rows.

There is a class for every membership, such as ``IEFSVM(angle="std-over-mean")``, for
:class:`fuzzysvm.FuzzySVC`: its parameters are reached by ``set_params`` and so by ``GridSearchCV``.

>>> from fuzzysvm import FuzzySVC, membership
>>> FuzzySVC(membership.IEFSVM()).set_params(membership__angle="std-over-mean")
FuzzySVC(membership=IEFSVM(angle='std-over-mean'))
"""

import inspect

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_X_y

from . import _native
from ._convert import minority, pairs_of, require_binary, text_of, value_of

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


# Help in place of the registry's: in Python the positive class is the one with fewer samples in all.
_HELP = {
    "minority": """The minority in a training part of :class:`fuzzysvm.FuzzySVCCV`: the class with fewer samples in all
    ("positive"), or in that part ("smaller"). Elsewhere both are the same class"""
}


def _params(entry):
    """Name, default, rule and help of every parameter of a membership."""
    return [(name, value_of(default), rule, _HELP.get(name, help_)) for name, default, rule, help_ in entry["params"]]


def _listed(params):
    """Parameters as a docstring lists them."""
    return "".join(f"\n{name} : {rule}, default={default!r}\n    {help_}." for name, default, rule, help_ in params)


def _function(entry):
    """The function of a membership of the registry."""
    method = entry["name"]
    # Without folds there is one minority.
    params = [param for param in _params(entry) if param[0] != "minority"]
    names = [name for name, *_ in params]

    def function(X, y, **given):
        unknown = [name for name in given if name not in names]
        if unknown:
            raise TypeError(f"{function.__name__} has no parameter {unknown[0]!r}")
        X, positive = _samples(X, y)
        return _native.membership(X, positive, method, pairs_of(given))

    function.__name__ = function.__qualname__ = method.replace("-", "_")
    title = entry["title"][:1].upper() + entry["title"][1:]
    function.__doc__ = f"""{title}: {entry["summary"]}.

The class with fewer samples is the minority.

Parameters
----------
X : array-like of shape (n_samples, n_features)
    The samples.
y : array-like of shape (n_samples,)
    Two classes.{_listed(params)}

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


class Membership(BaseEstimator):
    """A membership of the registry with its parameters. Its subclasses are those of ``__all__``.

    Called with X and y it returns the memberships, where samples are all that it needs.
    """

    def __call__(self, X, y):
        X, positive = _samples(X, y)
        return _native.membership(X, positive, self.method, pairs_of(self.given_params()))

    def given_params(self):
        """The parameters that are not the default: sizes left at the default may be left out where samples are few."""
        params = inspect.signature(type(self)).parameters
        return {name: value for name, value in self.get_params().items() if not _equal(value, params[name].default)}


def _equal(a, b):
    """Whether two values of a parameter are the same."""
    return text_of(a) == text_of(b)


def _tuned(entry):
    """What a search tunes where a membership is named."""
    lists = [f"{name} ({', '.join(values)})" for name, values in entry["grid"]]
    return f'``FuzzySVCCV("{entry["name"]}")`` tunes {", ".join([*lists, "C and gamma"])}.'


def _class_name(method):
    """``FSVMCIL`` of ``fsvm-cil``, ``ClassCost`` of ``class-cost``."""
    parts = method.split("-")
    return "".join(part.upper() if part.endswith("svm") or part == "cil" else part.capitalize() for part in parts)


def _class(entry):
    """The class of a membership of the registry."""
    params = _params(entry)

    def __init__(self, **given):
        unknown = [name for name in given if name not in defaults]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no parameter {unknown[0]!r}")
        for name, default in defaults.items():
            setattr(self, name, given.get(name, default))

    defaults = {name: default for name, default, _, _ in params}
    keywords = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default) for name, default in defaults.items()
    ]
    own = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    __init__.__signature__ = inspect.Signature(own + keywords)
    section = f"\n\nParameters\n----------{_listed(params)}" if params else ""
    name = _class_name(entry["name"])
    title = entry["title"][:1].upper() + entry["title"][1:]
    doc = f"""{title}: {entry["summary"]}.

{_tuned(entry)}{section}

References
----------
{entry["source"]}

Examples
--------
>>> from fuzzysvm import FuzzySVC, membership
>>> from sklearn.datasets import make_blobs
>>> X, y = make_blobs([90, 30], random_state=2)
>>> FuzzySVC(membership.{name}(), C=10.0).fit(X, y).score(X, y)
1.0
"""
    members = {"__init__": __init__, "__doc__": doc, "__module__": __name__, "method": entry["name"]}
    return type(name, (Membership,), members)


_ENTRIES = {entry["name"]: entry for entry in _native.memberships()}
_NAMES = {name: entry["name"] for entry in _ENTRIES.values() for name in (entry["name"], *entry["aliases"])}


def canonical(name):
    """The registry's name of a membership: case plays no part, and "_" is read as "-"."""
    known = _NAMES.get(name.strip().lower().replace("_", "-"))
    if known is None:
        raise ValueError(f"no membership is called {name!r}; there are {', '.join(_ENTRIES)}")
    return known


def resolve(membership, params):
    """Name and parameters, as texts, of the membership that is meant; no name where it is a function."""
    if isinstance(membership, Membership):
        if params:
            raise ValueError("membership_params must be None where membership is an object")
        return membership.method, pairs_of(membership.given_params())
    if callable(membership):
        if params:
            raise ValueError("membership_params must be None where membership is a callable")
        return None, []
    if not isinstance(membership, str):
        raise ValueError(
            f"membership must be a name, an object of fuzzysvm.membership or a callable; got {membership!r}"
        )
    return canonical(membership), pairs_of(params)


def looks_at_features(method):
    """Whether the membership of this name needs more than kernel values."""
    return _ENTRIES[method]["features"]


def require_no_features(method):
    """Raises where the membership of this name needs more than kernel values."""
    if looks_at_features(method):
        others = ", ".join(name for name in _ENTRIES if not looks_at_features(name))
        raise ValueError(
            f"membership must be {others} or a function with kernel='precomputed'; {method} looks at features"
        )


def of_one_size(method):
    """Whether the membership of this name looks at one size of neighborhoods."""
    return "ks" not in (name for name, *_ in _ENTRIES[method]["params"])


for _entry in _ENTRIES.values():
    if not (_entry["first_model"] or _entry["times"]):
        _name = _entry["name"].replace("-", "_")
        globals()[_name] = _function(_entry)
        __all__.append(_name)
    _name = _class_name(_entry["name"])
    globals()[_name] = _class(_entry)
    __all__.append(_name)
