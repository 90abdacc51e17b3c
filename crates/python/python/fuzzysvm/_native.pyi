from typing import Any

__version__: str

# The functions are typed where the package wraps them.
def __getattr__(name: str) -> Any: ...
