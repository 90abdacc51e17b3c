from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ._search import SearchCV
from .membership import Membership

_Memberships: TypeAlias = str | Membership | Sequence[str | Membership] | Mapping[str, Mapping[str, Any] | None]

class FuzzySVCCV(SearchCV):
    memberships: _Memberships
    def __init__(
        self,
        memberships: _Memberships = "iefsvm",
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
