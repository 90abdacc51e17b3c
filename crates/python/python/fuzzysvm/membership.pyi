from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "class_entropy",
    "svm",
    "class_cost",
    "fsvm",
    "efsvm_binned",
    "efsvm",
    "iefsvm",
    "iefsvm_std_over_mean",
    "relative_density",
    "intuitionistic",
]

def class_entropy(X: Any, y: npt.ArrayLike, ks: Sequence[int]) -> npt.NDArray[np.float64]: ...
def svm(X: Any, y: npt.ArrayLike) -> npt.NDArray[np.float64]: ...
def class_cost(
    X: Any,
    y: npt.ArrayLike,
    *,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def fsvm(
    X: Any,
    y: npt.ArrayLike,
    *,
    delta: float = 1e-06,
    class_ratio: bool = False,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def efsvm_binned(
    X: Any,
    y: npt.ArrayLike,
    *,
    n_neighbors: int = 7,
    n_bins: int = 10,
    beta: float = 0.05,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def efsvm(
    X: Any,
    y: npt.ArrayLike,
    *,
    n_neighbors: int = 7,
    noise_aware: bool = False,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def iefsvm(
    X: Any,
    y: npt.ArrayLike,
    *,
    ks: Sequence[int] = [1, 3, 5, 7, 9, 11, 13, 15],
    angle: Literal["mean-over-std", "std-over-mean"] = "mean-over-std",
    noise_aware: bool = False,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def iefsvm_std_over_mean(
    X: Any,
    y: npt.ArrayLike,
    *,
    ks: Sequence[int] = [1, 3, 5, 7, 9, 11, 13, 15],
    angle: Literal["mean-over-std", "std-over-mean"] = "std-over-mean",
    noise_aware: bool = False,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def relative_density(
    X: Any,
    y: npt.ArrayLike,
    *,
    n_neighbors: int | None = None,
    both_classes: bool = False,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
def intuitionistic(
    X: Any,
    y: npt.ArrayLike,
    *,
    gamma: str | float = "scale",
    alpha: float | None = None,
    delta: float = 0.0001,
    both_classes: bool = False,
    minority: Literal["positive", "smaller"] = "positive",
) -> npt.NDArray[np.float64]: ...
