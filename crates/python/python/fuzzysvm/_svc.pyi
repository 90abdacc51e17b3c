from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

class FuzzySVC(ClassifierMixin, BaseEstimator):
    membership: str | Callable[[npt.NDArray[np.float64], npt.NDArray[Any]], npt.ArrayLike]
    membership_params: Mapping[str, Any] | None
    C: float
    kernel: str
    degree: int
    gamma: float | Literal["scale", "auto"]
    coef0: float
    tol: float
    cache_size: float
    max_iter: int
    class_weight: Mapping[Any, float] | Literal["balanced"] | None
    classes_: npt.NDArray[Any]
    support_: npt.NDArray[np.int32]
    support_vectors_: npt.NDArray[np.float64]
    dual_coef_: npt.NDArray[np.float64]
    intercept_: npt.NDArray[np.float64]
    n_support_: npt.NDArray[np.int32]
    n_iter_: npt.NDArray[np.int64]
    membership_: npt.NDArray[np.float64]
    objective_: float
    kkt_gap_: float
    status_: str
    n_features_in_: int
    feature_names_in_: npt.NDArray[Any]
    def __init__(
        self,
        membership: str | Callable[[npt.NDArray[np.float64], npt.NDArray[Any]], npt.ArrayLike] = "iefsvm",
        *,
        membership_params: Mapping[str, Any] | None = None,
        C: float = 1.0,
        kernel: str = "rbf",
        degree: int = 3,
        gamma: float | Literal["scale", "auto"] = "scale",
        coef0: float = 0.0,
        tol: float = 1e-3,
        cache_size: float = 1024,
        max_iter: int = -1,
        class_weight: Mapping[Any, float] | Literal["balanced"] | None = None,
    ) -> None: ...
    def __sklearn_tags__(self) -> Any: ...
    def fit(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> Self: ...
    def decision_function(self, X: Any) -> npt.NDArray[np.float64]: ...
    def predict(self, X: Any) -> npt.NDArray[Any]: ...
    def score(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float: ...
    def set_fit_request(self, *, sample_weight: bool | str | None = ...) -> Self: ...
    def set_score_request(self, *, sample_weight: bool | str | None = ...) -> Self: ...
