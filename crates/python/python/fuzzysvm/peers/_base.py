"""What the six classifiers have in common."""

import re
from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import compute_class_weight
from sklearn.utils.validation import check_is_fitted, validate_data

from .. import _native
from .._convert import arrow_as_frame, text_of
from .._samples import binary_samples, seed_of

# The parameters of the registry whose names differ from those that scikit-learn, imbalanced-learn or xgboost use.
NAMES = {
    "easy-ensemble": {"n_subsets": "n_estimators", "n_estimators": "n_rounds"},
    "rusboost": {"ratio": "sampling_strategy"},
    "w-elm": {"c": "C"},
    "cs-xgboost": {"n_bins": "max_bin"},
}
PARAMS = {entry["name"]: entry["params"] for entry in _native.baselines()}


class PeerClassifier(ClassifierMixin, BaseEstimator):
    """A classifier of the registry, called ``_method`` there.

    ``classes_[1]`` is the positive class, whichever is rarer.
    """

    _method = None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X, y, sample_weight=None):
        """Fits the classifier.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Two classes, of any kind.
        sample_weight : array-like of shape (n_samples,), default=None
            Finite, non-negative weights; 0 removes the sample.

        Returns
        -------
        self : PeerClassifier
        """
        X, encoded, weights, counted = binary_samples(self, X, y, sample_weight)
        names = NAMES.get(self._method, {})
        params = []
        for name, _, kind, rule, _ in PARAMS[self._method]:
            ours = names.get(name, name)
            value = self._value(ours, getattr(self, ours), encoded[counted])
            if kind in ("integer", "number") and isinstance(value, str):
                raise ValueError(f"{ours} must be {rule}; got {value!r}")
            params.append((name, text_of(value)))
        try:
            self._model = _native.PeerModel.fit(
                X, encoded == 1, self._method, params, seed_of(self.random_state), weights
            )
        except ValueError as error:
            # The parameter is named as here.
            renamed = re.sub(r"(?<=parameter `)\w+", lambda m: names.get(m[0], m[0]), str(error))
            raise ValueError(renamed) from None
        return self

    def decision_function(self, X):
        """Decision values: greater than 0 means ``classes_[1]``.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        rows = self._rows(X)
        return self._model.decision_function(rows)

    def predict(self, X):
        """The class of every row: ``classes_[1]`` where the decision value is greater than 0.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        decision = self.decision_function(X)
        return self.classes_[(decision > 0).astype(np.intp)]

    def _predict_proba(self, X):
        rows = self._rows(X)
        second = self._model.predict_proba(rows)
        return np.column_stack([1.0 - second, second])

    def _rows(self, X):
        check_is_fitted(self)
        return validate_data(self, arrow_as_frame(X), dtype=np.float64, order="C", reset=False)

    def _value(self, name, value, encoded):
        """The value of a parameter as the registry knows it."""
        if name == "class_weight":
            return self._class_weight(value, encoded)
        if name == "max_features":
            return self._max_features(value)
        return value

    def _class_weight(self, value, encoded):
        if value is None:
            return "equal"
        if not isinstance(value, Mapping):
            return value
        first, second = compute_class_weight(dict(value), classes=self.classes_, y=self.classes_[encoded])
        return f"given:[{float(first)!r},{float(second)!r}]"

    def _max_features(self, value):
        if value is None:
            return "all"
        if isinstance(value, bool) or not isinstance(value, Real):
            return value
        if isinstance(value, Integral):
            return f"number:{int(value)}"
        if not 0.0 < value <= 1.0:
            raise ValueError(f"max_features must be a share above 0, at most 1; got {value!r}")
        return f"number:{max(1, int(value * self.n_features_in_))}"

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_model")

    def __getstate__(self):
        state = dict(super().__getstate__())
        if "_model" in state:
            state["_model"] = state["_model"].to_json()
        return state

    def __setstate__(self, state):
        if "_model" in state:
            state = {**state, "_model": _native.PeerModel(state["_model"])}
        super().__setstate__(state)


class ProbabilityMixin:
    """For classifiers whose score is a probability, and whose decision is that it exceeds one half."""

    def predict_proba(self, X):
        """The probability of each class among samples weighted as in training: not a rate of the population.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows, 2)
        """
        return self._predict_proba(X)
