from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ._search import SearchCV

class EFSVMCV(SearchCV):
    ks: Sequence[int] | npt.NDArray[np.integer[Any]]
    k_: int
    def __init__(
        self,
        ks: Sequence[int] | npt.NDArray[np.integer[Any]] = (1, 3, 5, 7, 9, 11, 13, 15),
        *,
        Cs: npt.ArrayLike | None = None,
        gammas: npt.ArrayLike | None = None,
        kernel: str = "rbf",
        degree: int = 3,
        coef0: float = 0.0,
        tol: float = 1e-3,
        cache_size: float = 1024,
        max_iter: int = -1,
        scoring: str = "balanced_accuracy",
        cv: int | Iterable[tuple[npt.ArrayLike, npt.ArrayLike]] | Any = 5,
        random_state: int | np.random.RandomState | None = 1,
        search: str = "grid",
    ) -> None: ...
