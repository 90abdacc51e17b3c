from ._base import PeerClassifier, ProbabilityMixin, _RandomState

class CSXGBClassifier(ProbabilityMixin, PeerClassifier):
    n_estimators: int
    learning_rate: float
    max_depth: int
    min_child_weight: float
    reg_lambda: float
    gamma: float
    subsample: float
    scale_pos_weight: float | None
    max_bin: int
    def __init__(
        self,
        n_estimators: int = 100,
        *,
        learning_rate: float = 0.3,
        max_depth: int = 6,
        min_child_weight: float = 1.0,
        reg_lambda: float = 1.0,
        gamma: float = 0.0,
        subsample: float = 1.0,
        scale_pos_weight: float | None = None,
        max_bin: int = 256,
        random_state: _RandomState = None,
    ) -> None: ...
