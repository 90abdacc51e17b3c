from typing import Literal

from ._base import PeerClassifier, ProbabilityMixin, _ClassWeight, _MaxFeatures, _RandomState

class CSRandomForestClassifier(ProbabilityMixin, PeerClassifier):
    n_estimators: int
    class_weight: _ClassWeight
    bootstrap: bool | Literal["weighted"]
    max_depth: int | None
    min_samples_leaf: int
    max_features: _MaxFeatures
    def __init__(
        self,
        n_estimators: int = 100,
        *,
        class_weight: _ClassWeight = "balanced",
        bootstrap: bool | Literal["weighted"] = True,
        max_depth: int | None = None,
        min_samples_leaf: int = 1,
        max_features: _MaxFeatures = "sqrt",
        random_state: _RandomState = None,
    ) -> None: ...
