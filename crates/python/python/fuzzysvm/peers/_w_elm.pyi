from typing import Literal

from ._base import PeerClassifier, _RandomState

class WELMClassifier(PeerClassifier):
    n_hidden: int
    C: float
    weighting: Literal["w1", "w2"] | None
    def __init__(
        self,
        n_hidden: int = 200,
        *,
        C: float = 1024.0,
        weighting: Literal["w1", "w2"] | None = "w1",
        random_state: _RandomState = None,
    ) -> None: ...
