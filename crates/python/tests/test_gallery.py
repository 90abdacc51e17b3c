"""The scripts of the gallery run, and each draws a picture that is not empty."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("agg")
plt = pytest.importorskip("matplotlib.pyplot")

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SCRIPTS = sorted(path.stem for path in EXAMPLES.glob("plot_*.py"))


def test_there_are_six():
    assert len(SCRIPTS) == 6


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("script", SCRIPTS)
def test_script(script, tmp_path, monkeypatch):
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


def test_the_page_shows_them_all():
    page = EXAMPLES.parents[2] / "docs" / "src" / "python-gallery.md"
    if not page.exists():
        pytest.skip("there is no page of the workspace here")
    text = page.read_text(encoding="utf-8")
    for script in SCRIPTS:
        picture = f"gallery/{script.removeprefix('plot_')}.png"
        assert f"`{script}.py`" in text and f"({picture})" in text
        assert (page.parent / picture).stat().st_size <= 60_000
    (program,) = re.findall(r"^```python\n(.*?)^```$", text, flags=re.M | re.S)
    exec(compile(program, page.name, "exec"), {})
    plt.close("all")
