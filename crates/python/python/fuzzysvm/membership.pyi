from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

__all__ = [
    "class_entropy",
    "svm",
    "SVM",
    "class_cost",
    "ClassCost",
    "fsvm",
    "FSVM",
    "efsvm_binned",
    "EFSVMBinned",
    "efsvm",
    "EFSVM",
    "iefsvm",
    "IEFSVM",
    "iefsvm_std_over_mean",
    "IEFSVMStdOverMean",
    "FSVMCIL",
    "SlackFactor",
    "relative_density",
    "RelativeDensity",
    "intuitionistic",
    "Intuitionistic",
    "Posterior",
    "LinWangTime",
]

class Membership(BaseEstimator):
    method: str
    def __call__(self, X: Any, y: npt.ArrayLike) -> npt.NDArray[np.float64]: ...
    def given_params(self) -> dict[str, Any]: ...

def class_entropy(X: Any, y: npt.ArrayLike, ks: Sequence[int]) -> npt.NDArray[np.float64]: ...
def canonical(name: str) -> str: ...
def looks_at_features(method: str) -> bool: ...
def of_one_size(method: str) -> bool: ...
def require_no_features(method: str) -> None: ...
def resolve(membership: Any, params: Any) -> tuple[str | None, list[tuple[str, str]]]: ...
def svm(X: Any, y: npt.ArrayLike) -> npt.NDArray[np.float64]: ...

class SVM(Membership):
    def __init__(self) -> None: ...

def class_cost(X: Any, y: npt.ArrayLike) -> npt.NDArray[np.float64]: ...

class ClassCost(Membership):
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

def fsvm(
    X: Any,
    y: npt.ArrayLike,
    *,
    delta: float = 1e-06,
    class_ratio: bool = False,
) -> npt.NDArray[np.float64]: ...

class FSVM(Membership):
    delta: float
    class_ratio: bool
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        delta: float = 1e-06,
        class_ratio: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

def efsvm_binned(
    X: Any,
    y: npt.ArrayLike,
    *,
    n_neighbors: int = 7,
    n_bins: int = 10,
    beta: float = 0.05,
) -> npt.NDArray[np.float64]: ...

class EFSVMBinned(Membership):
    n_neighbors: int
    n_bins: int
    beta: float
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        n_neighbors: int = 7,
        n_bins: int = 10,
        beta: float = 0.05,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

def efsvm(
    X: Any,
    y: npt.ArrayLike,
    *,
    n_neighbors: int = 7,
    noise_aware: bool = False,
) -> npt.NDArray[np.float64]: ...

class EFSVM(Membership):
    n_neighbors: int
    noise_aware: bool
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        n_neighbors: int = 7,
        noise_aware: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

def iefsvm(
    X: Any,
    y: npt.ArrayLike,
    *,
    ks: Sequence[int] = [1, 3, 5, 7, 9, 11, 13, 15],
    angle: Literal["mean-over-std", "std-over-mean"] = "mean-over-std",
    noise_aware: bool = False,
) -> npt.NDArray[np.float64]: ...

class IEFSVM(Membership):
    ks: Sequence[int]
    angle: Literal["mean-over-std", "std-over-mean"]
    noise_aware: bool
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        ks: Sequence[int] = [1, 3, 5, 7, 9, 11, 13, 15],
        angle: Literal["mean-over-std", "std-over-mean"] = "mean-over-std",
        noise_aware: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

def iefsvm_std_over_mean(
    X: Any,
    y: npt.ArrayLike,
    *,
    ks: Sequence[int] = [1, 3, 5, 7, 9, 11, 13, 15],
    angle: Literal["mean-over-std", "std-over-mean"] = "std-over-mean",
    noise_aware: bool = False,
) -> npt.NDArray[np.float64]: ...

class IEFSVMStdOverMean(Membership):
    ks: Sequence[int]
    angle: Literal["mean-over-std", "std-over-mean"]
    noise_aware: bool
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        ks: Sequence[int] = [1, 3, 5, 7, 9, 11, 13, 15],
        angle: Literal["mean-over-std", "std-over-mean"] = "std-over-mean",
        noise_aware: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

class FSVMCIL(Membership):
    distance: Literal["own-center", "all-center", "hyperplane"]
    decay: Literal["linear", "exponential"]
    beta: float
    delta: float
    minority: Literal["positive", "smaller"]
    preliminary_c: float
    preliminary_gamma: float | Literal["scale", "auto"]
    def __init__(
        self,
        *,
        distance: Literal["own-center", "all-center", "hyperplane"] = "own-center",
        decay: Literal["linear", "exponential"] = "linear",
        beta: float = 0.1,
        delta: float = 1e-06,
        minority: Literal["positive", "smaller"] = "positive",
        preliminary_c: float = 1,
        preliminary_gamma: float | Literal["scale", "auto"] = "scale",
    ) -> None: ...

class SlackFactor(Membership):
    beta: float
    location: float
    minority: Literal["positive", "smaller"]
    preliminary_c: float
    preliminary_gamma: float | Literal["scale", "auto"]
    def __init__(
        self,
        *,
        beta: float = 0.5,
        location: float = 2,
        minority: Literal["positive", "smaller"] = "positive",
        preliminary_c: float = 1,
        preliminary_gamma: float | Literal["scale", "auto"] = "scale",
    ) -> None: ...

def relative_density(
    X: Any,
    y: npt.ArrayLike,
    *,
    n_neighbors: int | None = None,
    both_classes: bool = False,
) -> npt.NDArray[np.float64]: ...

class RelativeDensity(Membership):
    n_neighbors: int | None
    both_classes: bool
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        n_neighbors: int | None = None,
        both_classes: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

def intuitionistic(
    X: Any,
    y: npt.ArrayLike,
    *,
    gamma: float | Literal["scale", "auto"] = "scale",
    alpha: float | None = None,
    delta: float = 0.0001,
    both_classes: bool = False,
) -> npt.NDArray[np.float64]: ...

class Intuitionistic(Membership):
    gamma: float | Literal["scale", "auto"]
    alpha: float | None
    delta: float
    both_classes: bool
    minority: Literal["positive", "smaller"]
    def __init__(
        self,
        *,
        gamma: float | Literal["scale", "auto"] = "scale",
        alpha: float | None = None,
        delta: float = 0.0001,
        both_classes: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
    ) -> None: ...

class Posterior(Membership):
    sharpness: float
    floor: float
    minority: Literal["positive", "smaller"]
    preliminary_c: float
    preliminary_gamma: float | Literal["scale", "auto"]
    def __init__(
        self,
        *,
        sharpness: float = 4,
        floor: float = 0.1,
        minority: Literal["positive", "smaller"] = "positive",
        preliminary_c: float = 1,
        preliminary_gamma: float | Literal["scale", "auto"] = "scale",
    ) -> None: ...

class LinWangTime(Membership):
    shape: Literal["linear", "quadratic"]
    sigma: float
    class_ratio: bool
    minority: Literal["positive", "smaller"]
    time: str | None
    def __init__(
        self,
        *,
        shape: Literal["linear", "quadratic"] = "linear",
        sigma: float = 0.1,
        class_ratio: bool = False,
        minority: Literal["positive", "smaller"] = "positive",
        time: str | None = None,
    ) -> None: ...
