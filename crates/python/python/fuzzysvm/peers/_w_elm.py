"""The weighted extreme learning machine."""

from ._base import PeerClassifier


class WELMClassifier(PeerClassifier):
    """Weighted extreme learning machine: weighted ridge regression of the classes on a layer of random sigmoid units.

    Scale the features before: units saturate far from 0. The decision value is the regression of -1 and 1; it is no
    probability.

    Parameters
    ----------
    n_hidden : int, default=200
        Number of hidden units.
    C : float, default=1024.0
        Price of an error beside the size of the output weights.
    weighting : {"w1", "w2"} or None, default="w1"
        Class weights: 1 / size of the class, the same with 0.618 for the larger one, or none.
    random_state : int, RandomState instance or None, default=None
        Draws the hidden layer.

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
    Zong, Huang & Chen 2013, doi 10.1016/j.neucom.2012.08.010

    Examples
    --------
    >>> from fuzzysvm.peers import WELMClassifier
    >>> X, y = [[-1.0], [-0.8], [-0.6], [-0.4], [0.9], [1.0]], [0, 0, 0, 0, 1, 1]
    >>> WELMClassifier(random_state=0).fit(X, y).predict(X)
    array([0, 0, 0, 0, 1, 1])
    """

    _method = "w-elm"

    def __init__(self, n_hidden=200, *, C=1024.0, weighting="w1", random_state=None):
        self.n_hidden = n_hidden
        self.C = C
        self.weighting = weighting
        self.random_state = random_state
