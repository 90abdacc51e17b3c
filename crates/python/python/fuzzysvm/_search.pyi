from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

from ._svc import FuzzySVC

def g_mean(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float: ...
def named_grids(memberships: Any) -> list[tuple[str, dict[str, Any]]]: ...

class SearchCV(ClassifierMixin, BaseEstimator):
    Cs: npt.ArrayLike | None
    gammas: npt.ArrayLike | None
    kernel: str
    degree: int
    coef0: float
    tol: float
    cache_size: float
    max_iter: int
    scoring: str
    cv: int | Iterable[tuple[npt.ArrayLike, npt.ArrayLike]] | Any
    random_state: int | np.random.RandomState | None
    search: str
    best_estimator_: FuzzySVC
    best_params_: dict[str, Any]
    best_score_: float
    best_index_: int
    cv_results_: dict[str, Any]
    n_splits_: int
    scorer_: Callable[..., float]
    n_iter_: npt.NDArray[np.int64]
    classes_: npt.NDArray[Any]
    n_features_in_: int
    feature_names_in_: npt.NDArray[Any]
    def __sklearn_tags__(self) -> Any: ...
    def fit(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> Self: ...
    def decision_function(self, X: Any) -> npt.NDArray[np.float64]: ...
    def predict(self, X: Any) -> npt.NDArray[Any]: ...
    def score(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float: ...
    def set_fit_request(self, *, sample_weight: bool | str | None = ...) -> Self: ...
    def set_score_request(self, *, sample_weight: bool | str | None = ...) -> Self: ...
