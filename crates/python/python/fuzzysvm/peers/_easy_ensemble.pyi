from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ._base import PeerClassifier, _MaxFeatures, _RandomState

class EasyEnsembleClassifier(PeerClassifier):
    n_estimators: int
    n_rounds: int
    combine: Literal["votes", "probabilities"]
    max_depth: int | None
    min_samples_leaf: int
    max_features: _MaxFeatures
    def __init__(
        self,
        n_estimators: int = 10,
        *,
        n_rounds: int = 50,
        combine: Literal["votes", "probabilities"] = "votes",
        max_depth: int | None = 1,
        min_samples_leaf: int = 1,
        max_features: _MaxFeatures = None,
        random_state: _RandomState = None,
    ) -> None: ...
    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]: ...
