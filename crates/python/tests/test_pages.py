"""The programs in the README and the book run, and docstrings have the figures of the book."""

import re
from pathlib import Path

import pytest

from fuzzysvm import FuzzySVC

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    "README.md",
    "crates/python/README.md",
    "docs/src/python.md",
    "docs/src/onnx.md",
    "docs/src/python-tuning.md",
    "docs/src/python-experiments.md",
]


def test_what_the_default_tolerance_costs_is_what_was_measured():
    path = ROOT / "docs/src/performance.md"
    if not path.exists():
        pytest.skip("there is no page of the workspace here")
    words = r"up to ([\d.]+) times as long as (?:at SVC's )?1e-3"
    (measured,) = re.findall(words, path.read_text(encoding="utf-8"))
    assert re.findall(words, " ".join(FuzzySVC.__doc__.split())) == [measured]


@pytest.mark.parametrize("page", PAGES)
def test_programs(page):
    path = ROOT / page
    if not path.exists():
        pytest.skip("there is no page of the workspace here")
    programs = re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert programs
    for program in programs:
        exec(compile(program, page, "exec"), {})
