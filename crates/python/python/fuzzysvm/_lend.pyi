from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias

_Path: TypeAlias = str | PathLike[str]

# The tables are DataFrames of pandas.
class LendResult:
    results: dict[str, Any]
    methods: Any
    trials: Any
    differences: Any
    benchmarks: Any
    claims: Any
    purchases: Any
    scores: Any
    rankings: Any
    quarters: Any
    pairs: Any
    quarter_purchases: Any
    def __init__(self, report: dict[str, Any]) -> None: ...
    def to_json(self) -> str: ...

def lend(
    loans: _Path | Sequence[_Path] | None = None,
    *,
    simulated_loans: int = 20_000,
    term: Literal[36, 60] = 36,
    include_off_policy: bool = False,
    snapshot: str | None = None,
    map: Mapping[str, str] | None = None,
    trials: int = 30,
    train: int = 2000,
    test: int = 2000,
    split: Literal["both", "random", "walk-forward", "out-of-time"] = "both",
    preset: Literal["published"] | None = None,
    test_from: str | None = None,
    known_only: bool = False,
    returns: Literal["roi", "annualised", "annualised-life", "irr", "nar"] = "roi",
    regression: Literal["paid", "all"] = "paid",
    forecast: Literal["linear", "ridge", "instances", "expected"] = "linear",
    rank: Literal["filter", "score", "forecast"] = "filter",
    rule: str = "top-fraction",
    hurdle: Literal["mean", "grade", "rate"] = "mean",
    tune_stakes: bool = False,
    top: float = 0.1,
    budget: float = 10_000.0,
    methods: str | Sequence[str] | None = None,
    c: float | Sequence[float] | None = None,
    gamma: float | Sequence[float] | None = None,
    k: int | Sequence[int] | None = None,
    folds: int = 5,
    seed: int = 1,
    scores: bool = False,
    threads: int | None = None,
    client: Any = None,
) -> LendResult: ...
