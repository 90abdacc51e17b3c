"""The fuzzy support vector classifier."""

from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _native
from ._check import check_gram, check_kinds, check_membership, warn_of
from ._convert import arrow_as_frame, check_one_output, class_weights
from ._machines import Machines, confidences, votes
from ._samples import names_of_features, weights_of
from .membership import looks_at_features, of_one_size, require_no_features, resolve


class FuzzySVC(ClassifierMixin, BaseEstimator):
    """Support vector classifier whose samples count as much as their fuzzy membership says.

    The bound of the dual variable of sample i is C s_i in place of C, and ``membership`` is where s_i comes from. The
    class with fewer training samples is the minority of the memberships. Of two classes, a positive decision means
    ``classes_[1]`` in any case. More classes are told apart by several machines of two, each with memberships of its
    own.

    Parameters
    ----------
    membership : str, object or callable, default="iefsvm"
        Name of a membership, such as "svm" (all samples count fully), "class-cost", "fsvm", "efsvm", "iefsvm", in upper
        or lower case; or an object of :mod:`fuzzysvm.membership`, such as ``IEFSVM(noise_aware=True)``, whose
        parameters are reached as ``membership__noise_aware``; or a function of X and y, both as arrays, that returns
        one finite, non-negative number per sample. It is called once, with the samples of all classes whose weight is
        above 0.
    membership_params : dict, default=None
        Parameters of the named membership, such as ``{"n_neighbors": 5}``.
    C : float, default=1.0
        Price of a violated margin.
    kernel : {"rbf", "linear", "poly", "sigmoid", "laplacian", "precomputed"} or callable, default="rbf"
        The kernel. With "precomputed", X holds kernel values, and the membership is one that looks at no features:
        "svm", "class-cost", "lin-wang-time" or a function, not the default. A callable takes two arrays of rows and
        returns an array with the kernel value of every row of the first with every row of the second.
    degree : int, default=3
        Degree of the kernel "poly".
    gamma : {"scale", "auto"} or float, default="scale"
        Width of the kernel: "scale" is 1 / (n_features * variance of X), where a sample of weight w counts w times;
        "auto" is 1 / n_features.
    coef0 : float, default=0.0
        Constant of the kernels "poly" and "sigmoid".
    tol : float, default=1e-9
        Largest violation of the optimality conditions, as in SVC. At the default weights are as good as rows repeated,
        to seven digits, and a fit takes up to 2.7 times as long as at SVC's 1e-3.
    cache_size : float, default=1024
        Memory for kernel values in MB.
    max_iter : int, default=-1
        Limit of the solver's steps; -1 for none that is ever met.
    class_weight : dict or "balanced", default=None
        Weights of the classes, multiplied onto the membership.
    multi_class : {"ovo", "ovr"}, default="ovo"
        Which machines tell more than two classes apart: one for every pair, as in SVC, or one for every class against
        the rest.
    decision_function_shape : {"ovr", "ovo"}, default="ovr"
        Of more than two classes told apart by pairs, whether there is one decision value per class ("ovr": votes, and
        the sums of decision values where votes are equal) or one per pair ("ovo"), as in SVC.
    break_ties : bool, default=True
        Whether, among classes that win as many pairs, the sums of decision values decide, so that ``predict`` names the
        class with the largest value of ``decision_function_shape="ovr"``, or the first of them, as by default in SVC.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes.
    support_ : ndarray of shape (n_SV,)
        Rows of the support vectors of all machines, grouped by class.
    support_vectors_ : ndarray of shape (n_SV, n_features)
        The support vectors; empty with the kernel "precomputed".
    dual_coef_ : ndarray of shape (n_classes - 1, n_SV)
        y_i alpha_i of the support vectors. Of two classes y_i = 1 for ``classes_[1]``. Of more, in SVC's layout: the
        coefficients of class k in its machines with the other classes in their order, y_i = 1 for the first class of
        the pair. With ``multi_class="ovr"`` of shape (n_classes, n_SV), y_i = 1 for the class.
    intercept_ : ndarray of shape (n_machines,)
        The constants of the decision functions.
    n_support_ : ndarray of shape (n_classes,)
        Support vectors of each class.
    n_iter_ : ndarray of shape (n_machines,)
        Steps of the solver.
    membership_ : ndarray of shape (n_samples,) or (n_samples, n_machines)
        The membership of every training sample, without the weights given beside it; 0 where a weight is 0. Of more
        than two classes there is a column for every machine, NaN where the sample is of neither class; not of a
        callable, which is called once.
    entropy_ : ndarray of shape (n_samples,), (n_samples, n_sizes), and so on
        The class entropies in nats that "efsvm" and "efsvm-binned" (one per sample) and "iefsvm" (one per sample and
        neighborhood size) look at, NaN where a weight is 0. Of more than two classes there is a second axis with an
        entry for every machine. Only with these memberships, and not with a kernel that is a callable.
    objective_ : float or ndarray of shape (n_machines,)
        The dual objective, at most 0; an array where there are more than two classes.
    kkt_gap_ : float or ndarray of shape (n_machines,)
        The violation of the optimality conditions that was reached.
    status_ : str or ndarray of shape (n_machines,)
        "converged", or why the solver stopped.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, where X has names that are all strings.

    Notes
    -----
    A weight of 0 removes the sample, from the neighborhoods and class sizes of the membership too. Other weights do
    not enter the membership: a sample of weight 2 is one neighbor.

    The order of the samples does not change the model. Among equally near neighbors those with smaller features come
    first, the first feature that differs deciding, and among copies of one sample those of the larger class. Only
    "lin-wang-time" takes the rows for ordered by time, and with kernel values that are given or come from a callable
    the model is the same within ``tol``.

    Ctrl-C stops a fit. As many threads compute as RAYON_NUM_THREADS or else OMP_NUM_THREADS say, else one in a process
    that multiprocessing started, else one per processor; their number does not change the model.

    Examples
    --------
    >>> from fuzzysvm import FuzzySVC
    >>> X, y = [[0.0], [0.5], [1.0], [3.0], [3.5], [6.0], [6.5]], ["a", "a", "a", "b", "b", "c", "c"]
    >>> FuzzySVC(membership="class-cost", gamma=1.0).fit(X, y).predict([[0.2], [3.1], [7.0]])
    array(['a', 'b', 'c'], dtype='<U1')
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
        tol=1e-9,
        cache_size=1024,
        max_iter=-1,
        class_weight=None,
        multi_class="ovo",
        decision_function_shape="ovr",
        break_ties=True,
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
        self.multi_class = multi_class
        self.decision_function_shape = decision_function_shape
        self.break_ties = break_ties

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.kernel == "precomputed"
        return tags

    def fit(self, X, y, sample_weight=None):
        """Fits the classifier.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features) or (n_samples, n_samples)
            The samples; kernel values with the kernel "precomputed".
        y : array-like of shape (n_samples,)
            Two classes or more, of any kind.
        sample_weight : array-like of shape (n_samples,), default=None
            Finite, non-negative weights, multiplied onto the membership. 0 removes the sample.

        Returns
        -------
        self : FuzzySVC

        Raises
        ------
        ValueError
            Where a parameter is outside its range, or the samples allow no fit.
        """
        check_one_output(y)
        X, y = validate_data(self, arrow_as_frame(X), arrow_as_frame(y), dtype=np.float64, order="C")
        check_classification_targets(y)
        check_kinds(self)
        self.classes_, encoded = np.unique(y, return_inverse=True)
        weights, counted = weights_of(sample_weight, X)
        n_classes = np.count_nonzero(np.bincount(encoded[counted]))
        left_out = len(self.classes_) - n_classes
        if n_classes < 2 or left_out:
            after = f" after samples of weight 0 are left out, which are all of {left_out}" if left_out else ""
            classes = "class" if n_classes == 1 else "classes"
            raise ValueError(f"The number of classes has to be greater than one; got {n_classes} {classes}{after}")
        self._gamma = self._width(X, weights)

        given = weights
        if self.class_weight is not None:
            of_class = class_weights(self.class_weight, self.classes_, y, weights)
            given = of_class[encoded] if weights is None else weights * of_class[encoded]
        method, params = resolve(self.membership, self.membership_params)
        called = None
        if method is None:
            called = np.zeros(len(y))
            called[counted] = check_membership(self.membership(X[counted], y[counted]), counted.sum())
            given = called if given is None else given * called
            method = "svm"
        if self.kernel == "precomputed":
            require_no_features(method)
        gram = X
        if callable(self.kernel):
            gram = check_gram(self.kernel(X, X), (len(X), len(X)))

        machines = Machines(n_classes, self.multi_class)
        fits = []
        for machine in range(len(machines.sides)):
            rows, positive = machines.rows(machine, encoded)
            first, second = machines.sides[machine]
            names = ["rest" if k is None else str(self.classes_[k]) for k in (second, first)]
            minor = machines.minority(machine, positive[counted[rows]])
            fits.append(self._fit_machine(X, gram, rows, positive, minor, names, counted, given, method, params))
        self._keep(machines, encoded, fits, X, method, called)
        warn_of(fits, self.tol)
        return self

    def decision_function(self, X):
        """Decision values.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features) or (n_rows, n_samples)
            Rows to decide on; kernel values with the training samples with the kernel "precomputed".

        Returns
        -------
        ndarray of shape (n_rows,), (n_rows, n_classes) or (n_rows, n_classes * (n_classes - 1) / 2)
            Of two classes one value per row, greater than 0 for ``classes_[1]``. Of more one per class; with
            ``decision_function_shape="ovo"`` and machines of pairs one per pair, greater than 0 for its first class.
        """
        decisions, machines = self._decide(X)
        if machines.pairwise and self.decision_function_shape == "ovr":
            return confidences(decisions, machines.n_classes)
        return decisions.ravel() if machines.binary else decisions

    def predict(self, X):
        """The class of every row.

        Of two classes ``classes_[1]`` where the decision value is greater than 0. Of more the one that wins most pairs
        (see ``break_ties``), or with ``multi_class="ovr"`` the one with the largest decision value.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features) or (n_rows, n_samples)

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        decisions, machines = self._decide(X)
        if machines.binary:
            chosen = (decisions[:, 0] > 0).astype(np.intp)
        elif not machines.pairwise:
            chosen = decisions.argmax(axis=1)
        elif self.break_ties:
            chosen = confidences(decisions, machines.n_classes).argmax(axis=1)
        else:
            chosen = votes(decisions, machines.n_classes)
        return self.classes_[chosen]

    def _decide(self, X):
        """The decision value of every row and machine, and the machines."""
        check_is_fitted(self)
        X = validate_data(self, arrow_as_frame(X), dtype=np.float64, order="C", reset=False)
        machines = self._machines()
        support, n_samples, vectors = self.support_.astype(np.uintp), len(self.membership_), self.support_vectors_
        if callable(self.kernel):
            # Kernel values with the support vectors are all that is needed.
            X = check_gram(self.kernel(X, vectors), (len(X), len(vectors)))
            support, n_samples = np.arange(len(vectors), dtype=np.uintp), len(vectors)
        parts = machines.unpack(self.dual_coef_, self.n_support_, self.intercept_)
        return _native.decision_function(X, self._kernel(), support, vectors, parts, n_samples), machines

    def _fit_machine(self, X, gram, rows, positive, minor, names, counted, given, method, params):
        """Fits one machine: what the Rust side says, with rows and signs as they are here."""
        x = gram
        if len(rows) < len(X):
            x = gram[np.ix_(rows, rows)] if self._is_gram() else gram[rows]
        given = None if given is None else given[rows]
        membership = None
        if callable(self.kernel) and looks_at_features(method):
            # The features are known, though the machine itself looks at kernel values alone.
            kept = counted[rows]
            membership = np.zeros(len(rows))
            membership[kept] = _native.membership(X[rows][kept], (positive == minor)[kept], method, params)
            given = membership if given is None else given * membership
            method, params = "svm", []
        names = (names_of_features(self), names if minor == 1 else names[::-1])
        fitted = _native.fit(x, positive == minor, method, params, self._kernel(), self._svm(), names, given)
        sign = 1.0 if minor == 1 else -1.0
        fitted["rows"] = rows
        fitted["support"] = rows[fitted["support"]]
        fitted["dual_coef"] = sign * fitted["dual_coef"]
        fitted["intercept"] = sign * fitted["intercept"] + 0.0
        if membership is not None:
            fitted["membership"] = membership
        return fitted

    def _width(self, X, weights):
        """The width of the kernel as a number."""
        if self.kernel in ("linear", "precomputed") or callable(self.kernel):
            return 1.0
        if isinstance(self.gamma, str):
            return _native.gamma(X, self.gamma, weights)
        if isinstance(self.gamma, Real):
            return float(self.gamma)
        raise ValueError(f"gamma must be 'scale', 'auto' or a number; got {self.gamma!r}")

    def __sklearn_is_fitted__(self):
        return hasattr(self, "support_")

    def _machines(self):
        """The machines that were fitted, whatever ``multi_class`` has been set to since."""
        n_classes = len(self.classes_)
        return Machines(n_classes, "ovo" if len(self.dual_coef_) == n_classes - 1 else "ovr")

    def _is_gram(self):
        """Whether the machine looks at kernel values that are given."""
        return callable(self.kernel) or self.kernel == "precomputed"

    def _kernel(self):
        """The kernel as the Rust side takes it."""
        name = "precomputed" if callable(self.kernel) else self.kernel
        return {"kernel": name, "gamma": self._gamma, "degree": self.degree, "coef0": self.coef0}

    def _svm(self):
        """The settings of the machine as the Rust side takes them."""
        return {"c": self.C, "tol": self.tol, "cache_size": self.cache_size, "max_iter": self.max_iter}

    def _keep(self, machines, encoded, fits, X, method, called):
        """Turns what the solver found into SVC's attributes."""
        found = [(fit["support"], fit["dual_coef"]) for fit in fits]
        self.support_, self.dual_coef_, self.n_support_ = machines.pack(encoded, found)
        self.support_vectors_ = np.empty((0, 0)) if self.kernel == "precomputed" else X[self.support_]
        self.intercept_ = np.array([fit["intercept"] for fit in fits])
        self.n_iter_ = np.array([fit["n_iter"] for fit in fits], dtype=np.int64)
        for name, key in [("objective_", "objective"), ("kkt_gap_", "kkt_gap"), ("status_", "status")]:
            values = [fit[key] for fit in fits]
            setattr(self, name, values[0] if machines.binary else np.array(values))

        def of_machines(key):
            if machines.binary:
                return fits[0][key]
            # Neighborhood sizes are left out where a machine has few samples.
            values = np.full((len(X), len(fits)) + max(fit[key].shape[1:] for fit in fits), np.nan)
            for machine, fit in enumerate(fits):
                sizes = tuple(slice(n) for n in fit[key].shape[1:])
                values[(fit["rows"], machine, *sizes)] = fit[key]
            return values

        self.membership_ = of_machines("membership") if called is None else called
        if hasattr(self, "entropy_"):
            del self.entropy_
        if fits[0]["entropy"] is not None:
            entropy = of_machines("entropy")
            self.entropy_ = entropy[..., 0] if of_one_size(method) else entropy
