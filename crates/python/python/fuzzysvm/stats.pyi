from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["friedman", "holm", "nemenyi", "wilcoxon"]

# average_ranks and p_values are a Series and a DataFrame where the table is a DataFrame.
class FriedmanResult(NamedTuple):
    average_ranks: Any
    chi_squared: float
    chi_squared_p_value: float
    iman_davenport: float
    iman_davenport_p_value: float
    p_value: float
    null_distribution: Literal["exact", "sampled", "f"]

class NemenyiResult(NamedTuple):
    critical_difference: float
    average_ranks: Any
    p_values: Any

class WilcoxonResult(NamedTuple):
    n: int
    rank_sum_first: float
    rank_sum_second: float
    z: float
    p_value: float
    null_distribution: Literal["exact", "normal"]

def friedman(table: Any, *, n_samples: int = 99_999, seed: int = 0) -> FriedmanResult: ...
def nemenyi(table: Any, alpha: float = 0.05) -> NemenyiResult: ...
def wilcoxon(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    zeros: Literal["split-even", "split", "drop", "pratt"] = "split-even",
    tie_correction: bool = False,
    null_distribution: Literal["auto", "exact", "scipy", "normal"] = "auto",
) -> WilcoxonResult: ...
def holm(p_values: npt.ArrayLike) -> npt.NDArray[np.float64]: ...
