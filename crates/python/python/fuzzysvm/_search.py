"""What the classifiers that choose their parameters by cross-validation have in common."""

import re
import warnings
from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, balanced_accuracy_score, make_scorer, recall_score
from sklearn.model_selection import check_cv
from sklearn.utils.validation import check_is_fitted

from . import _native
from ._check import check_numbers
from ._convert import minority, text_of, value_of
from ._samples import binary_samples, names_of_features, seed_of
from ._svc import FuzzySVC
from .membership import Membership, canonical


def g_mean(y_true, y_pred, sample_weight=None):
    """The geometric mean of the recalls of the classes."""
    recalls = recall_score(y_true, y_pred, average=None, sample_weight=sample_weight)
    return float(np.prod(recalls) ** (1.0 / len(recalls)))


_SCORERS = {"balanced_accuracy": balanced_accuracy_score, "g_mean": g_mean, "accuracy": accuracy_score}
_SEARCHES = ("grid", "halving")


class SearchCV(ClassifierMixin, BaseEstimator):
    """A fuzzy support vector classifier whose parameters are those of the best point of a grid."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X, y, sample_weight=None):
        """Scores every point of the grid on every fold, and fits the best one to all samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Two classes, of any kind.
        sample_weight : array-like of shape (n_samples,), default=None
            Finite, non-negative weights of the training samples, multiplied onto the membership. 0 removes the sample
            from all parts of all folds; test parts are scored without weights.

        Returns
        -------
        self : SearchCV
        """
        rows, encoded, weights, counted = binary_samples(self, X, y, sample_weight)
        self._check_kinds()
        positive = minority(encoded, counted)
        seed = self._seed()
        folds = self._folds(rows, encoded, counted, positive, seed)
        methods = self._methods()
        found = self._tune(
            rows[counted],
            encoded[counted] == positive,
            {
                "methods": [(name, _lists(grid)) for name, grid in methods],
                "c": _numbers("Cs", self.Cs),
                "gamma": _numbers("gammas", self.gammas),
                "score": self._score_name().replace("_", "-"),
                "halving": seed if self.search == "halving" else None,
            },
            {"kernel": self.kernel, "gamma": 1.0, "degree": self.degree, "coef0": self.coef0},
            {"c": 1.0, "tol": self.tol, "cache_size": self.cache_size, "max_iter": self.max_iter},
            folds,
            (names_of_features(self), [str(self.classes_[1 - positive]), str(self.classes_[positive])]),
            None if weights is None else weights[counted],
        )
        self._keep(found, [name for name, _ in methods])
        for message in found["warnings"]:
            warnings.warn(message, UserWarning, stacklevel=2)
        if found["unconverged"]:
            message = f"the solver stopped before its tolerance in {found['unconverged']} of {found['fits']} fits"
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        best = FuzzySVC(
            **self.best_params_,
            kernel=self.kernel,
            degree=self.degree,
            coef0=self.coef0,
            cache_size=self.cache_size,
            max_iter=self.max_iter,
        )
        self.best_estimator_ = best.fit(X, y, sample_weight=sample_weight)
        self.n_iter_ = self.best_estimator_.n_iter_
        return self

    def decision_function(self, X):
        """Decision values of the best estimator: greater than 0 means ``classes_[1]``.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        check_is_fitted(self)
        return self.best_estimator_.decision_function(X)

    def predict(self, X):
        """The class of every row by the best estimator.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        check_is_fitted(self)
        return self.best_estimator_.predict(X)

    def score(self, X, y, sample_weight=None):
        """The score that was maximized, of the best estimator.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)
        y : array-like of shape (n_rows,)
        sample_weight : array-like of shape (n_rows,), default=None

        Returns
        -------
        float
        """
        check_is_fitted(self)
        return self.scorer_(self.best_estimator_, X, y, sample_weight=sample_weight)

    def _tune(self, *arguments):
        """What the Rust side finds; its errors name the parameters as they are called here."""
        try:
            return _native.tune(*arguments)
        except ValueError as error:
            raise ValueError(re.sub("parameter `(C|gamma)`", r"parameter `\1s`", str(error))) from None

    def _methods(self):
        """Names of memberships, each with the values of parameters that replace those of its own grid."""
        raise NotImplementedError

    def _check_kinds(self):
        """Raises where a parameter is of the wrong kind; the Rust side checks the ranges."""
        check_numbers(self)
        if not isinstance(self.kernel, str):
            raise ValueError(f"kernel must be the name of a kernel; got {self.kernel!r}")
        if self.kernel == "linear" and self.gammas is not None:
            raise ValueError("gammas must be None with kernel='linear', which has no width")
        if not isinstance(self.search, str) or self.search not in _SEARCHES:
            raise ValueError(f"search must be {' or '.join(map(repr, _SEARCHES))}; got {self.search!r}")

    def _score_name(self):
        """The score as scikit-learn would call it."""
        name = self.scoring.replace("-", "_") if isinstance(self.scoring, str) else None
        if name not in _SCORERS:
            *others, last = map(repr, _SCORERS)
            raise ValueError(
                f"scoring must be {', '.join(others)} or {last}; got {self.scoring!r}. Others, such as scores of "
                "rankings, are for GridSearchCV"
            )
        return name

    def _deals_folds(self):
        """Whether the folds are dealt here, cv being their number."""
        return isinstance(self.cv, Integral) and not isinstance(self.cv, bool)

    def _seed(self):
        """The seed of folds and halving, drawn once; None where neither needs one."""
        return seed_of(self.random_state) if self._deals_folds() or self.search == "halving" else None

    def _folds(self, rows, encoded, counted, positive, seed):
        """Training and test rows of every fold, among the samples that count."""
        if self._deals_folds():
            if self.cv < 2:
                raise ValueError(f"cv must be at least 2; got {self.cv}")
            return _native.stratified_folds(encoded[counted] == positive, int(self.cv), seed)
        place = np.cumsum(counted) - 1
        numbers = np.arange(len(encoded))

        def part(picked):
            picked = np.asarray(picked)
            # A list without rows has no type.
            picked = numbers[picked if picked.size else picked.astype(np.intp)]
            return place[picked[counted[picked]]].astype(np.uintp)

        splits = check_cv(self.cv, self.classes_[encoded], classifier=True).split(rows, self.classes_[encoded])
        folds = [(part(train), part(test)) for train, test in splits]
        if not folds:
            raise ValueError("cv must give at least one split")
        return folds

    def _keep(self, found, names):
        """Turns what was found into the attributes of scikit-learn's searches."""
        candidates = [
            (names[place], {name: value_of(text) for name, text in params}) for place, params in found["candidates"]
        ]
        has_gamma = not np.isnan(found["gamma"]).any()
        points = []
        for c, gamma, candidate in zip(found["c"], found["gamma"], found["candidate"], strict=True):
            name, params = candidates[candidate]
            point = {"membership": name, "membership_params": dict(params), "C": float(c)}
            if has_gamma:
                point["gamma"] = float(gamma)
            points.append(point)
        results = {}
        for name in ["membership", "C", "gamma"][: 2 + has_gamma]:
            results[f"param_{name}"] = _column([point[name] for point in points])
        for name in dict.fromkeys(name for _, params in candidates for name in params):
            values = [point["membership_params"].get(name, np.ma.masked) for point in points]
            results[f"param_membership_params__{name}"] = _column(values)
        results["params"] = points
        scores = found["fold_scores"]
        for i in range(scores.shape[1]):
            results[f"split{i}_test_score"] = scores[:, i]
        results["mean_test_score"] = found["score"]
        results["std_test_score"] = scores.std(axis=1)
        if "round" in found:
            results["iter"] = found["round"].astype(np.int64)
            results["n_resources"] = found["rows"].astype(np.int64)
        results["rank_test_score"] = _ranks(found["score"], found.get("round"))
        self.cv_results_ = results
        self.best_index_ = found["best"]
        self.best_params_ = points[self.best_index_]
        self.best_score_ = float(found["score"][self.best_index_])
        self.n_splits_ = scores.shape[1]
        self.scorer_ = make_scorer(_SCORERS[self._score_name()])


def _ranks(scores, rounds):
    """Ranks of the scores, 1 for the best ones; those of a later round come before those of an earlier one."""
    if rounds is None:
        return rankdata(-scores, method="min").astype(np.int32)
    ranks = np.empty(len(scores), dtype=np.int32)
    for number in np.unique(rounds):
        of_round = rounds == number
        ranks[of_round] = (rounds > number).sum() + rankdata(-scores[of_round], method="min")
    return ranks


def _lists(grid):
    """The values of every parameter as texts; one value alone is a list of one."""
    lists = []
    if not isinstance(grid, Mapping):
        raise ValueError(f"the grid of a membership must be a dict of parameters or None; got {grid!r}")
    for name, values in grid.items():
        if isinstance(values, str) or not np.iterable(values):
            values = [values]
        lists.append((str(name), [text_of(value) for value in values]))
    return lists


def _numbers(name, values):
    """A list of numbers, or None."""
    if values is None:
        return None
    numbers = np.asarray(values)
    if numbers.ndim != 1 or numbers.size == 0 or numbers.dtype.kind not in "iuf":
        raise ValueError(f"{name} must be a list of at least one number, or None; got {values!r}")
    return numbers.astype(np.float64).tolist()


def _column(values):
    """A masked array, of numbers where all are."""
    mask = [value is np.ma.masked for value in values]
    number = all(m or (isinstance(v, Real) and not isinstance(v, bool)) for v, m in zip(values, mask, strict=True))
    if number:
        column = np.ma.MaskedArray(np.zeros(len(values)), mask=mask)
        if all(m or isinstance(v, Integral) for v, m in zip(values, mask, strict=True)):
            column = column.astype(np.int64)
    else:
        column = np.ma.MaskedArray(np.empty(len(values), dtype=object), mask=mask)
    for i, value in enumerate(values):
        if not mask[i]:
            column[i] = value
    return column


def named_grids(memberships):
    """Names of memberships in the registry with their grids, of one membership, a list of them, or names with grids."""
    if isinstance(memberships, (str, Membership)):
        memberships = [memberships]
    if isinstance(memberships, Mapping):
        grids = [(name, {} if grid is None else grid) for name, grid in memberships.items()]
    else:
        if not np.iterable(memberships):
            raise ValueError(f"memberships must be names or objects of fuzzysvm.membership; got {memberships!r}")
        grids = [_setting(m) if isinstance(m, Membership) else (m, {}) for m in memberships]
    if not grids or not all(isinstance(name, str) for name, _ in grids):
        raise ValueError(f"memberships must be names or objects of fuzzysvm.membership; got {memberships!r}")
    return [(canonical(name), grid) for name, grid in grids]


def _setting(membership):
    """A membership of the registry in one setting, in place of all of its grid."""
    given = membership.given_params()
    # Sizes left at the default may be left out where samples are few.
    params = {name: value for name, value in membership.get_params().items() if name != "ks" or name in given}
    return membership.method, {name: [value] for name, value in params.items()}
