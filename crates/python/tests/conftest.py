"""Settings of all tests, and what several of them share."""

import os
import tempfile

import pytest

# scikit-learn checks input of the array API where SciPy is asked for it before its import.
os.environ.setdefault("SCIPY_ARRAY_API", "1")


@pytest.fixture(autouse=True)
def _temporary_files(tmp_path, monkeypatch):
    """What a test and its processes leave among the temporary files goes with its folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.fixture(scope="session")
def binary():
    """The path of the command line's program."""
    path = os.environ.get("FUZZYSVM")
    if not path:
        pytest.skip("the command is not named by FUZZYSVM")
    return path
