from os import PathLike
from typing import Any, NoReturn, Protocol, type_check_only

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

from ._svc import FuzzySVC

@type_check_only
class _Pipeline(Protocol):
    steps: list[tuple[str, Any]]

class TrainedModel(ClassifierMixin, BaseEstimator):
    classes_: npt.NDArray[np.str_]
    columns_: list[str]
    method_: str | None
    parameters_: dict[str, Any] | None
    n_features_in_: int
    text_: str
    def fit(self, X: Any, y: Any) -> NoReturn: ...
    def decision_function(self, X: Any) -> npt.NDArray[np.float64]: ...
    def predict(self, X: Any) -> npt.NDArray[Any]: ...
    def score(self, X: Any, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float: ...
    def set_score_request(self, *, sample_weight: bool | str | None = ...) -> TrainedModel: ...
    def __sklearn_is_fitted__(self) -> bool: ...
    def __getstate__(self) -> dict[str, Any]: ...

def load_model(path: str | PathLike[str]) -> TrainedModel: ...
def save_model(estimator: FuzzySVC | _Pipeline | TrainedModel, path: str | PathLike[str]) -> None: ...
