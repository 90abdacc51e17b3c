from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any, Literal

# Both return a DataFrame of pandas.
def read_lending_club(
    path: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    term: Literal[36, 60] | None = 36,
    include_off_policy: bool = False,
    features: Iterable[str] | None = None,
    map: Mapping[str, str] | None = None,
) -> Any: ...
def read_keel(path: str | PathLike[str], *, target: str | None = None, positive: str | None = None) -> Any: ...
