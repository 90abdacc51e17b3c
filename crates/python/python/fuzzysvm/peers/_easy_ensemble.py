"""EasyEnsemble."""

from sklearn.utils.metaestimators import available_if

from ._base import PeerClassifier


def _has_probabilities(estimator):
    """Whether the decision is that of the probability."""
    if estimator.combine != "probabilities":
        raise AttributeError('predict_proba needs combine="probabilities"')
    return True


class EasyEnsembleClassifier(PeerClassifier):
    """EasyEnsemble: AdaBoost on balanced subsets, each with the whole smaller class.

    With ``combine="probabilities"`` it is imbalanced-learn's ``EasyEnsembleClassifier``. The decision value is the
    margin of all votes in [-1, 1], or the mean probability less one half.

    Parameters
    ----------
    n_estimators : int, default=10
        Number of balanced subsets.
    n_rounds : int, default=50
        Most rounds of AdaBoost on a subset.
    combine : {"votes", "probabilities"}, default="votes"
        Whether all trees of all subsets vote, as in the paper, or the subsets' probabilities are averaged. With the
        latter there is ``predict_proba``.
    max_depth : int or None, default=1
        Most splits between root and leaf of a tree.
    min_samples_leaf : int, default=1
        Fewest samples of a leaf.
    max_features : {"sqrt", "log2"}, int, float or None, default=None
        Features drawn at every node of a tree; None is all.
    random_state : int, RandomState instance or None, default=None
        Draws subsets and features.

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
    Liu, Wu & Zhou 2009, doi 10.1109/TSMCB.2008.2007853

    Examples
    --------
    >>> from fuzzysvm.peers import EasyEnsembleClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [8.0], [9.0]], [0, 0, 0, 0, 1, 1]
    >>> EasyEnsembleClassifier(random_state=0).fit(X, y).predict(X)
    array([0, 0, 0, 0, 1, 1])
    """

    _method = "easy-ensemble"

    def __init__(
        self,
        n_estimators=10,
        *,
        n_rounds=50,
        combine="votes",
        max_depth=1,
        min_samples_leaf=1,
        max_features=None,
        random_state=None,
    ):
        self.n_estimators = n_estimators
        self.n_rounds = n_rounds
        self.combine = combine
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.random_state = random_state

    @available_if(_has_probabilities)
    def predict_proba(self, X):
        """The mean probability of each class over the subsets, with ``combine="probabilities"``. It is not calibrated.

        Parameters
        ----------
        X : array-like of shape (n_rows, n_features)

        Returns
        -------
        ndarray of shape (n_rows, 2)
        """
        return self._predict_proba(X)
