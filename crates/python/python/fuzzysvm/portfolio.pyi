from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["all_candidates", "irr", "loan_returns", "mean_variance", "top_fraction"]

def irr(cash_flows: npt.ArrayLike) -> float: ...
def loan_returns(
    *,
    funded_amnt: npt.ArrayLike,
    installment: npt.ArrayLike,
    term: npt.ArrayLike,
    months_to_last_payment: npt.ArrayLike,
    total_pymnt: npt.ArrayLike,
    last_pymnt_amnt: npt.ArrayLike = 0.0,
    recoveries: npt.ArrayLike = 0.0,
    collection_recovery_fee: npt.ArrayLike = 0.0,
    kind: Literal["roi", "annualised", "annualised-life", "irr", "nar"] = "roi",
) -> npt.NDArray[np.float64]: ...
def top_fraction(
    forecast: npt.ArrayLike, budget: float, fraction: float = 0.1, cap: npt.ArrayLike | None = None
) -> npt.NDArray[np.float64]: ...
def all_candidates(
    forecast: npt.ArrayLike, budget: float, cap: npt.ArrayLike | None = None
) -> npt.NDArray[np.float64]: ...
def mean_variance(
    forecast: npt.ArrayLike,
    variance: npt.ArrayLike,
    budget: float,
    risk_aversion: float = 50.0,
    cap: npt.ArrayLike | None = None,
) -> npt.NDArray[np.float64]: ...
