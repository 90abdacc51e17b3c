"""The types of the package: mypy finds the mistakes of a program that uses it, and what they say is what there is."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="mypy is not installed")

CONFIG = Path(__file__).resolve().parents[1] / "pyproject.toml"
PROGRAM = """\
import numpy as np
import numpy.typing as npt

from fuzzysvm import EFSVMCV, FuzzySVC, FuzzySVCCV, class_entropy, compare, lend, load_model, membership
from fuzzysvm import portfolio, read_keel, save_model, stats, to_onnx
from fuzzysvm.display import CriticalDifferenceDisplay, EntropyPolarDisplay, MembershipDisplay
from fuzzysvm.peers import EasyEnsembleClassifier


def first_feature(X: npt.NDArray[np.float64], y: npt.NDArray[np.str_]) -> npt.NDArray[np.float64]:
    return np.abs(X[:, 0])


X, y = np.zeros((4, 2)), ["a", "a", "b", "b"]
model: FuzzySVC = FuzzySVC("iefsvm", membership_params={"ks": [1, 3]}, C=2.0, gamma="auto").fit(X, y)
values: npt.NDArray[np.float64] = model.decision_function(X) + model.membership_ + class_entropy(X, y, [1])[:, 0]
s: npt.NDArray[np.float64] = membership.iefsvm(X, y, ks=(1, 3), angle="std-over-mean", noise_aware=True)
MembershipDisplay.from_estimator(model, X, y, ax=None).plot().ax_.set_title("both")
EntropyPolarDisplay.from_samples(X, y).ax_.set_xlabel("mean")
CriticalDifferenceDisplay.from_ranks([1.0, 2.0], ["a", "b"], cd=1.0).groups_[0].tolist()
FuzzySVC(first_feature, class_weight={"a": 2})
FuzzySVC(membership.IEFSVM(angle="std-over-mean"), kernel=lambda A, B: A @ B.T, multi_class="ovr")
score: float = FuzzySVCCV({"efsvm": {"n_neighbors": [3]}, "svm": None}, Cs=[1.0]).fit(X, y).best_score_
k: int = EFSVMCV(ks=[1, 3]).fit(X, y).k_
cd: float = stats.nemenyi([[0.9, 0.8], [0.7, 0.6]]).critical_difference + portfolio.irr([-1.0, 1.1])
lend(split="random", trials=2, methods=["svm"]).trials.to_csv("trials.csv")
compare(["a.csv", "b.csv"], folds=2).to_json().encode()
save_model(model, "model.json")
labels: npt.NDArray[np.str_] = load_model("model.json").predict(X)
graph: bytes = to_onnx(model)
read_keel("a.dat", positive="yes").attrs["classes"]
EasyEnsembleClassifier(n_estimators=3, combine="probabilities").fit(X, y).predict(X)
FuzzySVC(gama=1.0)  # call-arg
FuzzySVC("svm", {"ks": [1]})  # call-arg
FuzzySVC(C="1")  # arg-type
FuzzySVC(lambda X: X)  # arg-type misc
FuzzySVC(class_weight="heavy")  # arg-type
FuzzySVC().fit(X)  # call-arg
word: str = model.n_features_in_  # assignment
membership.iefsvm(X, y, angle="both")  # arg-type
membership.efsvm(X, y, n_neighbours=3)  # call-arg
membership.uniform(X, y)  # attr-defined
EntropyPolarDisplay.from_samples(X, y, ks=3)  # arg-type
CriticalDifferenceDisplay.from_ranks([1.0, 2.0], ["a", "b"])  # call-arg
FuzzySVC(membership.EFSVM(n_neighbors="7"))  # arg-type
FuzzySVC(multi_class="all")  # arg-type
FuzzySVCCV(C=[1.0])  # call-arg
lend(split="both", trial=3)  # call-arg
lend(term=48)  # arg-type
stats.wilcoxon([1.0], [2.0], zeros="keep")  # arg-type
save_model("model.json", model)  # arg-type
to_onnx()  # call-arg
"""


def run(*command, cwd=None):
    """What a module of mypy says."""
    command = [sys.executable, "-m", *map(str, command)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """What mypy knows of NumPy and matplotlib, learnt once."""
    return tmp_path_factory.mktemp("cache")


def test_the_wheel_says_that_it_has_types():
    assert files("fuzzysvm").joinpath("py.typed").is_file()


def test_a_program(cache, tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    done = run("mypy", "--strict", "--cache-dir", cache, path)
    found = {(int(line), code) for line, code in re.findall(r":(\d+): error: .*\[([a-z-]+)\]$", done.stdout, re.M)}
    lines = [line.partition("  # ")[2].split() for line in PROGRAM.splitlines()]
    assert found == {(number, code) for number, codes in enumerate(lines, 1) for code in codes}, done.stdout


def test_the_stubs_are_what_there_is(tmp_path):
    # What Rust gives is typed where it is wrapped, and lru_cache has a signature of its own.
    allowed = tmp_path / "allowed.txt"
    allowed.write_text("fuzzysvm\\._native\\..*\nfuzzysvm\\._jobs\\..*\n", encoding="utf-8")
    options = ["--concise", "--ignore-unused-allowlist", "--mypy-config-file", CONFIG, "--allowlist", allowed]
    # It keeps what it knows where it runs.
    done = run("mypy.stubtest", "fuzzysvm", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_itself(cache):
    packages = ["-p", "fuzzysvm.display", "-p", "fuzzysvm.membership"]
    done = run("mypy", "--config-file", CONFIG, "--cache-dir", cache, *packages)
    assert done.returncode == 0, done.stdout
