"""The examples of the docstrings."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["fuzzysvm._svc", "fuzzysvm._model_files", "fuzzysvm.membership"])
def test_examples(module):
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0 and found.failed == 0
