"""The weighted random forest."""

import numpy as np

from ._base import PeerClassifier, ProbabilityMixin


class CSRandomForestClassifier(ProbabilityMixin, PeerClassifier):
    """Weighted random forest: class weights in the splits and the leaves of its trees.

    It is scikit-learn's ``RandomForestClassifier`` with ``class_weight="balanced_subsample"``, with
    ``bootstrap="weighted"`` that with ``class_weight="balanced"`` since version 1.9. Fully grown trees have pure leaves
    whatever the weights: raise ``min_samples_leaf`` for a forest that finds the minority. The decision value is the
    probability less one half.

    Parameters
    ----------
    n_estimators : int, default=100
        Number of trees.
    class_weight : dict, "balanced" or None, default="balanced"
        Weights of the two classes; None is 1 for both, "power:P" the balanced ones to the power P.
    bootstrap : bool or "weighted", default=True
        Whether a tree is grown on samples drawn with replacement, "weighted" by their weights, or on all samples.
    max_depth : int or None, default=None
        Most splits between root and leaf of a tree.
    min_samples_leaf : int, default=1
        Fewest samples of a leaf.
    max_features : {"sqrt", "log2"}, int, float or None, default="sqrt"
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
    Chen, Liaw & Breiman 2004, technical report 666, University of California, Berkeley

    Examples
    --------
    >>> from fuzzysvm.peers import CSRandomForestClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1, 1]
    >>> CSRandomForestClassifier(bootstrap=False, random_state=0).fit(X, y).predict_proba(X)[:, 1]
    array([0., 0., 0., 1., 1.])
    """

    _method = "cs-rf"

    def __init__(
        self,
        n_estimators=100,
        *,
        class_weight="balanced",
        bootstrap=True,
        max_depth=None,
        min_samples_leaf=1,
        max_features="sqrt",
        random_state=None,
    ):
        self.n_estimators = n_estimators
        self.class_weight = class_weight
        self.bootstrap = bootstrap
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.random_state = random_state

    def _value(self, name, value, encoded):
        if name == "bootstrap" and isinstance(value, (bool, np.bool_)):
            return "rows" if value else "off"
        return super()._value(name, value, encoded)
