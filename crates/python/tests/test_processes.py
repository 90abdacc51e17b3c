"""Signals, threads and forked processes."""

import os
import subprocess
import sys

import pytest

START = """
import multiprocessing, os, sys, threading, time
import numpy as np
from sklearn.datasets import make_classification
from fuzzysvm import FuzzySVC

X, y = make_classification(300, 6, flip_y=0.1, random_state=0)
small = FuzzySVC("iefsvm").fit(X, y)
"""


def run(program, **options):
    """A program in a process of its own, which ends in time."""
    return subprocess.run(
        [sys.executable, "-c", START + program], capture_output=True, text=True, timeout=60, check=False, **options
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_fits_after_its_parent_has():
    program = """
def fit(_):
    return FuzzySVC("iefsvm").fit(X, y).dual_coef_

with multiprocessing.get_context("fork").Pool(2) as pool:
    for coef in pool.map(fit, range(4)):
        assert np.array_equal(coef, small.dual_coef_)
print("equal")
"""
    done = run(program)
    assert (done.stdout, done.returncode) == ("equal\n", 0), done.stderr


THREADS = """
X, y = make_classification(8000, 20, flip_y=0.4, random_state=0)

def name(task):
    try:
        return open(f"/proc/self/task/{task}/comm").read()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it has ended since

def most_threads():
    fit = threading.Thread(target=FuzzySVC("svm", max_iter=3000, cache_size=2000).fit, args=(X, y))
    fit.start()
    most = 0
    while fit.is_alive():
        most = max(most, sum(name(task).startswith("fuzzysvm") for task in os.listdir("/proc/self/task")))
        time.sleep(0.005)
    return most
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted where Linux lists them")
@pytest.mark.filterwarnings("ignore")
def test_how_many_threads_there_are():
    env = {k: v for k, v in os.environ.items() if k not in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS")}
    told = run(THREADS + "print(most_threads())", env={**env, "RAYON_NUM_THREADS": "3", "OMP_NUM_THREADS": "1"})
    assert told.stdout == "3\n", told.stderr
    worker = run(THREADS + "print(most_threads())", env={**env, "OMP_NUM_THREADS": "1,4"})
    assert worker.stdout == "1\n", worker.stderr
    child = """
import warnings
warnings.simplefilter("ignore")
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.apply(most_threads))
"""
    forked = run(THREADS + child, env=env)
    assert forked.stdout == "1\n", forked.stderr


def test_a_wish_for_more_threads_than_any_machine_has_is_cut():
    for variable in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS"]:
        done = run("print(len(small.support_) > 0)", env={**os.environ, "RAYON_NUM_THREADS": "", variable: "10000"})
        assert done.stdout == "True\n", done.stderr
