"""The fuzzy support vector classifier."""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import compute_class_weight
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from . import _native
from ._convert import minority, pairs_of, require_binary, require_one_target

_NO_CONVERGENCE = {
    "max-iterations": "max_iter was reached before the tolerance",
    "stalled": "the solver cannot come nearer to its tolerance",
    "time-limit": "the time limit was reached before the tolerance",
}


class FuzzySVC(ClassifierMixin, BaseEstimator):
    """Support vector classifier whose samples count as much as their fuzzy membership says.

    The bound of the dual variable of sample i is C s_i in place of C, and ``membership`` is where s_i comes from.
    For two classes; the one with fewer training samples is the minority of the memberships, and a positive decision
    means ``classes_[1]`` in any case.

    Parameters
    ----------
    membership : str or callable, default="iefsvm"
        Name of a membership, such as "svm" (all samples count fully), "class-cost", "fsvm", "efsvm", "iefsvm"; or a
        function of X and y, both as arrays, that returns one finite, non-negative number per sample.
    membership_params : dict, default=None
        Parameters of the named membership, such as ``{"n_neighbors": 5}``.
    C : float, default=1.0
        Price of a violated margin.
    kernel : {"rbf", "linear", "poly", "sigmoid", "laplacian", "precomputed"}, default="rbf"
        The kernel. With "precomputed", X holds kernel values.
    degree : int, default=3
        Degree of the kernel "poly".
    gamma : {"scale", "auto"} or float, default="scale"
        Width of the kernel: "scale" is 1 / (n_features * variance of X), where a sample of weight w counts w times;
        "auto" is 1 / n_features.
    coef0 : float, default=0.0
        Constant of the kernels "poly" and "sigmoid".
    tol : float, default=1e-3
        Largest violation of the optimality conditions, as in SVC.
    cache_size : float, default=1024
        Memory for kernel values in MB.
    max_iter : int, default=-1
        Limit of the solver's steps; -1 for none that is ever met.
    class_weight : dict or "balanced", default=None
        Weights of the classes, multiplied onto the membership.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The classes.
    support_ : ndarray of shape (n_SV,)
        Rows of the support vectors, those of ``classes_[0]`` first.
    support_vectors_ : ndarray of shape (n_SV, n_features)
        The support vectors; empty with the kernel "precomputed".
    dual_coef_ : ndarray of shape (1, n_SV)
        y_i alpha_i of the support vectors, y_i = 1 for ``classes_[1]``.
    intercept_ : ndarray of shape (1,)
        The constant of the decision function.
    n_support_ : ndarray of shape (2,)
        Support vectors of each class.
    n_iter_ : ndarray of shape (1,)
        Steps of the solver.
    membership_ : ndarray of shape (n_samples,)
        The membership of every training sample, without the weights given beside it; 0 where a weight is 0.
    objective_ : float
        The dual objective, at most 0.
    kkt_gap_ : float
        The violation of the optimality conditions that was reached.
    status_ : str
        "converged", or why the solver stopped.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, where X has names that are all strings.

    Notes
    -----
    A weight of 0 removes the sample, from the neighborhoods and class sizes of the membership too. Other weights do
    not enter the membership: a sample of weight 2 is one neighbor.

    Examples
    --------
    >>> from fuzzysvm import FuzzySVC
    >>> from sklearn.datasets import make_blobs
    >>> X, y = make_blobs([90, 30], random_state=2)
    >>> model = FuzzySVC(membership="iefsvm", C=10.0).fit(X, y)
    >>> model.predict(X[:5])
    array([0, 0, 0, 0, 1])
    >>> model.score(X, y)
    1.0
    >>> model.membership_.shape
    (120,)
    """

    def __init__(
        self,
        membership="iefsvm",
        *,
        membership_params=None,
        C=1.0,
        kernel="rbf",
        degree=3,
        gamma="scale",
        coef0=0.0,
        tol=1e-3,
        cache_size=1024,
        max_iter=-1,
        class_weight=None,
    ):
        self.membership = membership
        self.membership_params = membership_params
        self.C = C
        self.kernel = kernel
        self.degree = degree
        self.gamma = gamma
        self.coef0 = coef0
        self.tol = tol
        self.cache_size = cache_size
        self.max_iter = max_iter
        self.class_weight = class_weight

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.pairwise = self.kernel == "precomputed"
        return tags

    def fit(self, X, y, sample_weight=None):
        """Fits the classifier.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features) or (n_samples, n_samples)
            The samples; kernel values with the kernel "precomputed".
        y : array-like of shape (n_samples,)
            Two classes, of any kind.
        sample_weight : array-like of shape (n_samples,), default=None
            Finite, non-negative weights, multiplied onto the membership. 0 removes the sample.

        Returns
        -------
        self : FuzzySVC
        """
        require_one_target(y)
        X, y = validate_data(self, X, y, dtype=np.float64, order="C")
        require_binary(y)
        self._check_kinds()
        self.classes_, encoded = np.unique(y, return_inverse=True)
        weights, counted = None, np.ones(len(y), dtype=bool)
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
            counted = weights > 0
            if not counted.any():
                raise ValueError("Sample weights must contain at least one non-zero number.")
        n_classes = len(np.unique(encoded[counted]))
        if n_classes < 2:
            after = "" if len(self.classes_) < 2 else " after samples of weight 0 are left out"
            raise ValueError(f"The number of classes has to be greater than one; got {n_classes} class{after}")
        self._gamma = self._width(X, weights)

        given = weights
        if self.class_weight is not None:
            of_class = self._class_weights(y, weights)
            given = of_class[encoded] if weights is None else weights * of_class[encoded]
        method, params, membership = self.membership, pairs_of(self.membership_params), None
        if callable(method):
            if params:
                raise ValueError("membership_params must be None where membership is a callable")
            membership = np.zeros(len(y))
            membership[counted] = self._called(X[counted], y[counted])
            given = membership if given is None else given * membership
            method = "svm"
        elif not isinstance(method, str):
            raise ValueError(f"membership must be a name or a callable; got {method!r}")

        positive = minority(encoded, counted)
        sign = 1.0 if positive == 1 else -1.0
        features = getattr(self, "feature_names_in_", None)
        if features is None:
            features = [f"x{i}" for i in range(X.shape[1])]
        names = [str(self.classes_[1 - positive]), str(self.classes_[positive])]
        fitted = _native.fit(
            X,
            encoded == positive,
            method,
            params,
            self._kernel(),
            {"c": self.C, "tol": self.tol, "cache_size": self.cache_size, "max_iter": self.max_iter},
            ([str(f) for f in features], names),
            given,
        )
        self._keep(fitted, sign, X)
        self.membership_ = fitted["membership"] if membership is None else membership
        for message in fitted["warnings"]:
            warnings.warn(message, UserWarning, stacklevel=2)
        if self.status_ != "converged":
            reason = _NO_CONVERGENCE.get(self.status_, self.status_)
            message = f"{reason}: the gap is {self.kkt_gap_:.3g}, tol is {self.tol:.3g}"
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        return self

    def decision_function(self, X):
        """Decision values: greater than 0 means ``classes_[1]``.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features) or (n_rows, n_samples)
            Rows to decide on; kernel values with the training samples with the kernel "precomputed".

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        return _native.decision_function(
            X,
            self._kernel(),
            self.support_.astype(np.uintp),
            self.support_vectors_,
            self.dual_coef_[0],
            float(self.intercept_[0]),
            len(self.membership_),
        )

    def predict(self, X):
        """The class of every row: ``classes_[1]`` where the decision value is greater than 0.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features) or (n_rows, n_samples)

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        decision = self.decision_function(X)
        return self.classes_[(decision > 0).astype(np.intp)]

    def _check_kinds(self):
        """Raises where a parameter is of the wrong kind; the Rust side checks the ranges."""
        kinds = {
            "a number": (Real, ("C", "coef0", "tol", "cache_size")),
            "a whole number": (Integral, ("degree", "max_iter")),
        }
        for what, (kind, names) in kinds.items():
            for name in names:
                value = getattr(self, name)
                if not isinstance(value, kind) or isinstance(value, (bool, np.bool_)):
                    raise ValueError(f"{name} must be {what}; got {value!r}")
        if not isinstance(self.kernel, str):
            raise ValueError(f"kernel must be the name of a kernel; got {self.kernel!r}")

    def _width(self, X, weights):
        """The width of the kernel as a number."""
        if self.kernel in ("linear", "precomputed"):
            return 1.0
        if isinstance(self.gamma, str):
            return _native.gamma(X, self.gamma, weights)
        if isinstance(self.gamma, Real):
            return float(self.gamma)
        raise ValueError(f"gamma must be 'scale', 'auto' or a number; got {self.gamma!r}")

    def _class_weights(self, y, weights):
        """The weight of each class."""
        if weights is not None and isinstance(self.class_weight, str) and self.class_weight == "balanced":
            # As of the rows repeated; compute_class_weight takes weights in new versions of scikit-learn only.
            totals = np.array([weights[y == label].sum() for label in self.classes_])
            return weights.sum() / (len(totals) * totals)
        return compute_class_weight(self.class_weight, classes=self.classes_, y=y)

    def _called(self, X, y):
        """The numbers that the callable gives, checked."""
        s = np.asarray(self.membership(X, y), dtype=np.float64)
        if s.shape != (len(y),):
            raise ValueError(f"membership must return an array of shape {(len(y),)}; got {s.shape}")
        if not (np.isfinite(s).all() and (s >= 0).all()):
            raise ValueError("membership must return finite, non-negative numbers")
        return s

    def _kernel(self):
        """The kernel as the Rust side takes it."""
        return {"kernel": self.kernel, "gamma": self._gamma, "degree": self.degree, "coef0": self.coef0}

    def _keep(self, fitted, sign, X):
        """Turns what the solver found into SVC's attributes."""
        support, coef = fitted["support"], sign * fitted["dual_coef"]
        # SVC lists the support vectors of classes_[0] first.
        order = np.argsort(coef > 0, kind="stable")
        self.support_ = support[order].astype(np.int32)
        self.dual_coef_ = np.ascontiguousarray(coef[order])[np.newaxis]
        self.intercept_ = np.array([sign * fitted["intercept"] + 0.0])
        self.support_vectors_ = X[self.support_]
        if self.kernel == "precomputed":
            self.support_vectors_ = np.empty((0, 0))
        n_second = int((coef > 0).sum())
        self.n_support_ = np.array([len(coef) - n_second, n_second], dtype=np.int32)
        self.n_iter_ = np.array([fitted["n_iter"]], dtype=np.int64)
        self.objective_ = fitted["objective"]
        self.kkt_gap_ = fitted["kkt_gap"]
        self.status_ = fitted["status"]
