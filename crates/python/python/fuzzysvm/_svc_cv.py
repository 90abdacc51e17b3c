"""FuzzySVC with membership, C and gamma chosen by cross-validation."""

from ._search import SearchCV, named_grids


class FuzzySVCCV(SearchCV):
    """Fuzzy support vector classifier whose membership, C and gamma are chosen by cross-validation.

    It is ``GridSearchCV`` of ``FuzzySVC`` as the command ``fuzzysvm tune`` does it: all points of a fold share its
    neighbors and the Gram matrix of each gamma, every fit starts from the solution of a neighboring point, and folds
    run on all threads. Memberships see the training part of a fold alone. Of equally good points the first one is
    taken: gamma varies slowest, then C, then the memberships. Nothing is scaled. For two classes.

    Parameters
    ----------
    memberships : str, object of ``fuzzysvm.membership``, list of them, or dict, default="iefsvm"
        Names of memberships, each tried with its own grid of parameters, which its class shows
        (``help(membership.EFSVM)``); objects are tried as they are. A dict from names has values of parameters in place
        of those of the grid, such as ``{"efsvm": {"n_neighbors": [3, 5]}, "svm": None}``.
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
    best_estimator_ : FuzzySVC
        The best point, fitted to all samples.
    best_params_ : dict
        Its parameters: ``membership``, ``membership_params``, ``C`` and, where the kernel has a width, ``gamma``.
    best_score_ : float
        Its mean score over the folds.
    best_index_ : int
        Its place in ``cv_results_``.
    cv_results_ : dict of arrays
        Every point in the order of the search, as in ``GridSearchCV`` without the times: ``params``, ``param_*``,
        ``split*_test_score``, ``mean_test_score``, ``std_test_score``, ``rank_test_score``. With ``search="halving"``
        also ``iter``, the last round in which the point took part, counted from 0, and ``n_resources``, the training
        rows of a fold in that round; scores are those of that round, and ranks begin with the last one. A
        ``pandas.DataFrame`` can be made of it.
    n_splits_ : int
        Number of folds.
    scorer_ : callable
        The scorer of ``score``.
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
    Halving: Jamieson & Talwalkar 2016, Non-stochastic best arm identification and hyperparameter optimization, AISTATS,
    PMLR 51, arXiv 1502.07943

    Examples
    --------
    >>> from fuzzysvm import FuzzySVCCV
    >>> from sklearn.datasets import make_classification
    >>> X, y = make_classification(200, weights=[0.85], random_state=0)
    >>> search = FuzzySVCCV(["svm", "iefsvm"], Cs=[1, 10], gammas=[0.01, 0.1]).fit(X, y)
    >>> search.best_params_["membership"], search.best_estimator_.C
    ('iefsvm', 10.0)
    """

    def __init__(
        self,
        memberships="iefsvm",
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
        self.memberships = memberships
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
        return named_grids(self.memberships)
