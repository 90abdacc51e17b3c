from typing import Literal

from ._base import PeerClassifier, _MaxFeatures, _RandomState

class RUSBoostClassifier(PeerClassifier):
    n_estimators: int
    algorithm: Literal["m2", "samme"]
    sampling_strategy: float | Literal["auto"]
    max_depth: int | None
    min_samples_leaf: int
    max_features: _MaxFeatures
    def __init__(
        self,
        n_estimators: int = 50,
        *,
        algorithm: Literal["m2", "samme"] = "m2",
        sampling_strategy: float | Literal["auto"] = "auto",
        max_depth: int | None = 1,
        min_samples_leaf: int = 1,
        max_features: _MaxFeatures = None,
        random_state: _RandomState = None,
    ) -> None: ...
