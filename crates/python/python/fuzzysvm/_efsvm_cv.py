"""EFSVM with its number of neighbors chosen by cross-validation."""

from ._search import SearchCV


class EFSVMCV(SearchCV):
    """Entropy-based fuzzy support vector classifier whose k, C and gamma are chosen by cross-validation.

    Algorithm 1 of EFSVM: k of the membership s = (1 - H(k)) / IR of the majority, with H(k) the entropy of the classes
    among the k nearest neighbors and IR the ratio of the class sizes, is the one with the best mean score over the
    folds, the first of equally good ones. One search of neighbors in a fold serves all k, one Gram matrix all k and C.
    It is ``FuzzySVCCV({"efsvm": {"n_neighbors": ks}})`` and finds what ``fuzzysvm tune --method efsvm`` finds.

    Parameters
    ----------
    ks : list of int, default=(1, 3, 5, 7, 9, 11, 13, 15)
        Numbers of neighbors.
    Cs : list of float, default=None
        Values of C; None is 0.25, 1, 4, 16, 64.
    gammas : list of float, default=None
        Widths of the kernel; None is 2**-8, 2**-6, ..., 1, for features that are scaled.
    kernel : {"rbf", "linear", "poly", "sigmoid", "laplacian"}, default="rbf"
        The kernel.
    degree : int, default=3
        Degree of the kernel "poly".
    coef0 : float, default=0.0
        Constant of the kernels "poly" and "sigmoid".
    tol : float, default=1e-3
        Largest violation of the optimality conditions in the fits of the search; the best estimator has that of
        ``FuzzySVC`` by default.
    cache_size : float, default=1024
        Memory for kernel values in MB, of the whole search.
    max_iter : int, default=-1
        Limit of the solver's steps in each fit; -1 for none that is ever met.
    scoring : {"balanced_accuracy", "g_mean", "accuracy"}, default="balanced_accuracy"
        What is maximized. The command line's names, such as "g-mean", are the same. Others, such as "roc_auc", are
        for ``GridSearchCV``.
    cv : int, splitter or iterable, default=5
        Number of folds, stratified and shuffled as by the command line; or a splitter of scikit-learn; or training and
        test rows of every split.
    random_state : int, RandomState instance or None, default=1
        Shuffles the folds where ``cv`` is a number, and draws the rows of halving; a whole number is the command line's
        ``--seed``, which is 1 by default.
    search : {"grid", "halving"}, default="grid"
        Whether every point is fitted on all rows, or by successive halving every point on a small share of the
        rows of each fold, the best third on three times as many, and so on, the last ones on all. As in
        ``HalvingGridSearchCV``, but on m of n rows with C n / m, so that the terms of the objective keep their
        proportion. The first round has at least 200 rows, 20 of each class; where there are too few for two rounds it
        is the grid.

    Attributes
    ----------
    k_ : int
        The number of neighbors that was chosen.
    best_estimator_, best_params_, best_score_, best_index_, cv_results_, n_splits_, scorer_
        As in ``FuzzySVCCV``.
    n_iter_ : ndarray of shape (1,)
        Steps of the solver for the best estimator.
    classes_ : ndarray of shape (2,)
        The classes.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, where X has names that are all strings.

    References
    ----------
    Fan, Wang, Li, Gao & Zha 2017, doi 10.1016/j.knosys.2016.09.032; Cho, Chang & Song 2019; halving:
    Jamieson & Talwalkar 2016, AISTATS, PMLR 51, arXiv 1502.07943

    Examples
    --------
    >>> from fuzzysvm import EFSVMCV
    >>> from sklearn.datasets import make_classification
    >>> X, y = make_classification(200, weights=[0.85], random_state=0)
    >>> search = EFSVMCV(ks=[1, 3, 5], Cs=[1.0], gammas=[0.05]).fit(X, y)
    >>> search.k_ == search.best_params_["membership_params"]["n_neighbors"]
    True
    """

    def __init__(
        self,
        ks=(1, 3, 5, 7, 9, 11, 13, 15),
        *,
        Cs=None,
        gammas=None,
        kernel="rbf",
        degree=3,
        coef0=0.0,
        tol=1e-3,
        cache_size=1024,
        max_iter=-1,
        scoring="balanced_accuracy",
        cv=5,
        random_state=1,
        search="grid",
    ):
        self.ks = ks
        self.Cs = Cs
        self.gammas = gammas
        self.kernel = kernel
        self.degree = degree
        self.coef0 = coef0
        self.tol = tol
        self.cache_size = cache_size
        self.max_iter = max_iter
        self.scoring = scoring
        self.cv = cv
        self.random_state = random_state
        self.search = search

    def _methods(self):
        return [("efsvm", {"n_neighbors": self.ks})]

    def _keep(self, found, names):
        super()._keep(found, names)
        self.k_ = self.best_params_["membership_params"]["n_neighbors"]
