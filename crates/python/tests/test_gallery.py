"""The scripts of the gallery run, and each draws a picture that is not empty."""

import importlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("agg")

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SCRIPTS = sorted(path.stem for path in EXAMPLES.glob("plot_*.py"))


def test_there_are_six():
    assert len(SCRIPTS) == 6


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("script", SCRIPTS)
def test_script(script, tmp_path, monkeypatch):
    if script == "plot_lending" and "FUZZYSVM" not in os.environ:
        pytest.skip("the command is not named by FUZZYSVM")
    # By its name, as processes that it starts must find it again.
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = importlib.import_module(script).main(tmp_path)
    assert [path] == list(tmp_path.iterdir())
    pixels = matplotlib.image.imread(path)
    assert min(pixels.shape[:2]) > 300
    # No row or column at the edge holds more than the background: nothing is cut off.
    edges = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    assert all((edge == pixels[0, 0]).all() for edge in edges)
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 20


def test_scripts_say_what_they_are():
    for script in SCRIPTS:
        text = (EXAMPLES / f"{script}.py").read_text(encoding="utf-8")
        assert f"python {script}.py [FOLDER]" in text.split('"""')[1]
