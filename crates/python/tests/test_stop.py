"""Ctrl-C ends a search and the fit of a peer."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
from sklearn.datasets import make_classification
from fuzzysvm import EFSVMCV, peers

X, y = make_classification(8000, 20, flip_y=0.4, random_state=0)
estimator = {estimator}
print("begin", flush=True)
try:
    estimator.fit(X, y)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="another system sends other signals")
@pytest.mark.parametrize(
    "estimator",
    [
        "EFSVMCV(tol=1e-9)",
        "peers.CSRandomForestClassifier(5_000)",
        "peers.EasyEnsembleClassifier(10, n_rounds=100_000, max_depth=5)",
    ],
)
def test_an_interrupt_ends_a_fit(estimator):
    program = PROGRAM.format(estimator=estimator)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "begin\n"
        # The fit would take minutes; a second is time enough to be in the middle of it.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1.0)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert out == "interrupted\n"
    assert process.returncode == 0
