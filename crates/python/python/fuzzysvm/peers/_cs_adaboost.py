"""AdaC2."""

from ._base import PeerClassifier


class CSAdaBoostClassifier(PeerClassifier):
    """Cost-sensitive AdaBoost: AdaC2, boosting with class costs in the weights.

    With ``class_weight=None`` it is scikit-learn's ``AdaBoostClassifier`` (SAMME). The decision value is the margin in
    [-1, 1]; it is no probability.

    Parameters
    ----------
    n_estimators : int, default=50
        Most rounds of boosting.
    class_weight : dict, "balanced" or None, default="balanced"
        Costs of the two classes; None is 1 for both, "power:P" the balanced ones to the power P.
    costs_per_round : bool, default=False
        Whether every round has the costs in full, as in the paper, or their ``n_estimators``-th root.
    costs_in_tree : bool, default=True
        Whether the trees see the costs, or, as in the paper, the boosting weights alone.
    max_depth : int or None, default=1
        Most splits between root and leaf of a tree.
    min_samples_leaf : int, default=1
        Fewest samples of a leaf.
    max_features : {"sqrt", "log2"}, int, float or None, default=None
        Features drawn at every node of a tree; None is all.
    random_state : int, RandomState instance or None, default=None
        Draws the features; changes nothing where all are taken.

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
    Sun, Kamel, Wong & Wang 2007, doi 10.1016/j.patcog.2007.04.009

    Examples
    --------
    >>> from fuzzysvm.peers import CSAdaBoostClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 0, 1]
    >>> CSAdaBoostClassifier().fit(X, y).predict(X)
    array([0, 0, 0, 0, 1])
    """

    _method = "cs-adaboost"

    def __init__(
        self,
        n_estimators=50,
        *,
        class_weight="balanced",
        costs_per_round=False,
        costs_in_tree=True,
        max_depth=1,
        min_samples_leaf=1,
        max_features=None,
        random_state=None,
    ):
        self.n_estimators = n_estimators
        self.class_weight = class_weight
        self.costs_per_round = costs_per_round
        self.costs_in_tree = costs_in_tree
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.random_state = random_state
