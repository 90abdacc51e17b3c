"""The programs in the README and the book run."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

import fuzzysvm

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


def test_the_example_of_the_package():
    assert doctest.testmod(fuzzysvm).failed == 0


@pytest.mark.parametrize("module", ["_compare", "_lend", "_readers", "metrics", "portfolio", "stats"])
def test_examples_of_functions(module):
    found = doctest.testmod(importlib.import_module(f"fuzzysvm.{module}"))
    assert found.attempted > 0 and found.failed == 0
