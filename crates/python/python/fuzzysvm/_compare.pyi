from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias

_Path: TypeAlias = str | PathLike[str]
_Texts: TypeAlias = str | Sequence[str] | None

# The tables are DataFrames of pandas.
class CompareResult:
    results: dict[str, Any]
    methods: Any
    sets: Any
    scores: Any
    folds: Any
    tests: Any
    comparisons: Any
    skipped: Any
    def __init__(self, report: dict[str, Any]) -> None: ...
    def to_json(self) -> str: ...

def compare(
    data: _Path | Sequence[_Path],
    *,
    target: str | None = None,
    positive: str | None = None,
    negative: _Texts = None,
    missing: Literal["impute", "refuse"] | None = None,
    na: _Texts = None,
    drop: _Texts = None,
    features: _Texts = None,
    header: bool | None = None,
    sep: str | None = None,
    decimal: str | None = None,
    scale: Literal["standard", "minmax", "none"] = "standard",
    folds: int = 5,
    repeats: int = 2,
    inner_folds: int = 5,
    methods: _Texts = None,
    control: str | None = None,
    c: float | Sequence[float] | None = None,
    gamma: float | Sequence[float] | None = None,
    k: int | Sequence[int] | None = None,
    seed: int = 1,
    threads: int | None = None,
    client: Any = None,
) -> CompareResult: ...
