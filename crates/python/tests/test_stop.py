"""Ctrl-C ends what is computed, and what comes after is as before."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
from sklearn.datasets import make_classification
from fuzzysvm import EFSVMCV, FuzzySVC, lend, peers

def small():
    return FuzzySVC("iefsvm").fit(*make_classification(300, 6, flip_y=0.1, random_state=0)).dual_coef_

before = small()
X, y = make_classification({size}, flip_y=0.4, random_state=0)
print("begin", flush=True)
try:
    {call}
except KeyboardInterrupt:
    print("interrupted", flush=True)
assert np.array_equal(small(), before)
print("as before", flush=True)
"""
LONG = "C=1e4, gamma=1.0, tol=1e-9"


@pytest.mark.skipif(os.name != "posix", reason="another system sends other signals")
@pytest.mark.parametrize(
    ("size", "call"),
    [
        ("30_000, 40", f"FuzzySVC('svm', {LONG}).fit(X, y)"),
        ("30_000, 40", f"FuzzySVC('svm', {LONG}, cache_size=1.0).fit(X, y)"),
        ("30_000, 40", f"FuzzySVC('iefsvm', {LONG}).fit(X, y)"),
        ("8000", "EFSVMCV(tol=1e-9).fit(X, y)"),
        ("8000", "peers.CSRandomForestClassifier(5_000).fit(X, y)"),
        ("8000", "peers.EasyEnsembleClassifier(10, n_rounds=100_000, max_depth=5).fit(X, y)"),
        ("50", "lend(simulated_loans=20_000, split='random', methods=['iefsvm'], c=[100.0, 1000.0])"),
    ],
)
def test_an_interrupt_ends_a_computation(size, call):
    program = PROGRAM.format(size=size, call=call)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "begin\n"
        # It would take minutes; a few seconds are time enough to be in the middle of it.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2.0)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (out, process.returncode) == ("interrupted\nas before\n", 0)
