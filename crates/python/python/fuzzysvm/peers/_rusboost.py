"""RUSBoost."""

from ._base import PeerClassifier


class RUSBoostClassifier(PeerClassifier):
    """RUSBoost: boosting that draws from the larger class in every round.

    With ``algorithm="samme"`` it is imbalanced-learn's ``RUSBoostClassifier``, except that a round without an error
    counts ½ ln 10¹⁰ and a first round without an edge is no error. The decision value is the margin in [-1, 1]; it is no
    probability.

    Parameters
    ----------
    n_estimators : int, default=50
        Most rounds of boosting.
    algorithm : {"m2", "samme"}, default="m2"
        AdaBoost.M2, as in the paper, or discrete AdaBoost.
    sampling_strategy : float or "auto", default="auto"
        Samples of the smaller class per sample of the larger one after the draw, above 0 and at most 1; "auto" is 1.
    max_depth : int or None, default=1
        Most splits between root and leaf of a tree.
    min_samples_leaf : int, default=1
        Fewest samples of a leaf.
    max_features : {"sqrt", "log2"}, int, float or None, default=None
        Features drawn at every node of a tree; None is all.
    random_state : int, RandomState instance or None, default=None
        Draws samples and features.

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
    Seiffert, Khoshgoftaar, Van Hulse & Napolitano 2010, doi 10.1109/TSMCA.2009.2029559

    Examples
    --------
    >>> from fuzzysvm.peers import RUSBoostClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [8.0], [9.0]], [0, 0, 0, 0, 1, 1]
    >>> RUSBoostClassifier(random_state=0).fit(X, y).predict(X)
    array([0, 0, 0, 0, 1, 1])
    """

    _method = "rusboost"

    def __init__(
        self,
        n_estimators=50,
        *,
        algorithm="m2",
        sampling_strategy="auto",
        max_depth=1,
        min_samples_leaf=1,
        max_features=None,
        random_state=None,
    ):
        self.n_estimators = n_estimators
        self.algorithm = algorithm
        self.sampling_strategy = sampling_strategy
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.random_state = random_state

    def _value(self, name, value, encoded):
        if name == "sampling_strategy" and isinstance(value, str) and value == "auto":
            return 1.0
        return super()._value(name, value, encoded)
