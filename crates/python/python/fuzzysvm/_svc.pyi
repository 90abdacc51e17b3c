from collections.abc import Callable, Mapping
from typing import Any, Literal, Self, TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

from .membership import Membership

_Rows: TypeAlias = npt.NDArray[np.float64]
_Membership: TypeAlias = str | Membership | Callable[[_Rows, npt.NDArray[Any]], npt.ArrayLike]
_Kernel: TypeAlias = str | Callable[[_Rows, _Rows], npt.ArrayLike]
_Gamma: TypeAlias = float | Literal["scale", "auto"]
_ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"] | None

class FuzzySVC(ClassifierMixin, BaseEstimator):
    membership: _Membership
    membership_params: Mapping[str, Any] | None
    C: float
    kernel: _Kernel
    degree: int
    gamma: _Gamma
    coef0: float
    tol: float
    cache_size: float
    max_iter: int
    class_weight: _ClassWeight
    multi_class: Literal["ovo", "ovr"]
    decision_function_shape: Literal["ovr", "ovo"]
    break_ties: bool
    classes_: npt.NDArray[Any]
    support_: npt.NDArray[np.int32]
    support_vectors_: npt.NDArray[np.float64]
    dual_coef_: npt.NDArray[np.float64]
    intercept_: npt.NDArray[np.float64]
    n_support_: npt.NDArray[np.int32]
    n_iter_: npt.NDArray[np.integer[Any]]
    membership_: npt.NDArray[np.float64]
    entropy_: npt.NDArray[np.float64]
    # Of two classes one value; an array where there are more.
    objective_: Any
    kkt_gap_: Any
    status_: Any
    n_features_in_: int
    feature_names_in_: npt.NDArray[Any]
    def __init__(
        self,
        membership: _Membership = "iefsvm",
        *,
        membership_params: Mapping[str, Any] | None = None,
        C: float = 1.0,
        kernel: _Kernel = "rbf",
        degree: int = 3,
        gamma: _Gamma = "scale",
        coef0: float = 0.0,
        tol: float = 1e-9,
        cache_size: float = 1024,
        max_iter: int = -1,
        class_weight: _ClassWeight = None,
        multi_class: Literal["ovo", "ovr"] = "ovo",
        decision_function_shape: Literal["ovr", "ovo"] = "ovr",
        break_ties: bool = True,
    ) -> None: ...
    def __sklearn_is_fitted__(self) -> bool: ...
    def __sklearn_tags__(self) -> Any: ...
    def fit(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> Self: ...
    def decision_function(self, X: Any) -> npt.NDArray[np.float64]: ...
    def predict(self, X: Any) -> npt.NDArray[Any]: ...
    def score(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float: ...
    def set_fit_request(self, *, sample_weight: bool | str | None = ...) -> Self: ...
    def set_score_request(self, *, sample_weight: bool | str | None = ...) -> Self: ...
