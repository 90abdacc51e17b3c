from ._base import PeerClassifier, _ClassWeight, _MaxFeatures, _RandomState

class CSAdaBoostClassifier(PeerClassifier):
    n_estimators: int
    class_weight: _ClassWeight
    costs_per_round: bool
    costs_in_tree: bool
    max_depth: int | None
    min_samples_leaf: int
    max_features: _MaxFeatures
    def __init__(
        self,
        n_estimators: int = 50,
        *,
        class_weight: _ClassWeight = "balanced",
        costs_per_round: bool = False,
        costs_in_tree: bool = True,
        max_depth: int | None = 1,
        min_samples_leaf: int = 1,
        max_features: _MaxFeatures = None,
        random_state: _RandomState = None,
    ) -> None: ...
