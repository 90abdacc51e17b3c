"""Gradient-boosted trees with a weight for the positive class."""

from ._base import PeerClassifier, ProbabilityMixin


class CSXGBClassifier(ProbabilityMixin, PeerClassifier):
    """Cost-sensitive XGBoost: gradient-boosted trees in which ``classes_[1]`` counts more.

    It is xgboost's ``XGBClassifier`` with ``tree_method="hist"``, ``base_score=0.5`` and ``scale_pos_weight``. Sample
    weights are absolute, as there. The decision value is the log-odds.

    Parameters
    ----------
    n_estimators : int, default=100
        Number of trees.
    learning_rate : float, default=0.3
        Factor of every tree.
    max_depth : int, default=6
        Most splits between root and leaf of a tree.
    min_child_weight : float, default=1.0
        Least sum of second derivatives in a leaf.
    reg_lambda : float, default=1.0
        L2 regularization of the leaf values.
    gamma : float, default=0.0
        Least gain of a split.
    subsample : float, default=1.0
        Share of the samples drawn for each tree.
    scale_pos_weight : float or None, default=None
        Weight of the samples of ``classes_[1]``; None is the ratio of the class sizes, sums of sample weights, where
        xgboost takes 1.
    max_bin : int, default=256
        Most bins per feature.
    random_state : int, RandomState instance or None, default=None
        Draws samples; changes nothing where ``subsample`` is 1.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The classes.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, where X has names that are all strings.

    References
    ----------
    Chen & Guestrin 2016, doi 10.1145/2939672.2939785

    Examples
    --------
    >>> from fuzzysvm.peers import CSXGBClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [8.0], [9.0]], [0, 0, 0, 0, 1, 1]
    >>> CSXGBClassifier(min_child_weight=0.1).fit(X, y).predict(X)
    array([0, 0, 0, 0, 1, 1])
    """

    _method = "cs-xgboost"

    def __init__(
        self,
        n_estimators=100,
        *,
        learning_rate=0.3,
        max_depth=6,
        min_child_weight=1.0,
        reg_lambda=1.0,
        gamma=0.0,
        subsample=1.0,
        scale_pos_weight=None,
        max_bin=256,
        random_state=None,
    ):
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.max_depth = max_depth
        self.min_child_weight = min_child_weight
        self.reg_lambda = reg_lambda
        self.gamma = gamma
        self.subsample = subsample
        self.scale_pos_weight = scale_pos_weight
        self.max_bin = max_bin
        self.random_state = random_state
