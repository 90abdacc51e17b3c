"""The programs in the README and the book run."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    "README.md",
    "crates/python/README.md",
    "docs/src/python.md",
    "docs/src/onnx.md",
    "docs/src/python-tuning.md",
    "docs/src/python-experiments.md",
]


@pytest.mark.parametrize("page", PAGES)
def test_programs(page):
    path = ROOT / page
    if not path.exists():
        pytest.skip("there is no page of the workspace here")
    programs = re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert programs
    for program in programs:
        exec(compile(program, page, "exec"), {})
