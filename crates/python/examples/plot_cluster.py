"""Work on other processes: four memberships on twelve sets, two workers, one diagram.

    python plot_cluster.py [FOLDER]

The unit of work is one set. Every executor of ``concurrent.futures`` takes it: here two processes; with
``dask.distributed`` the one of ``Client.get_executor()``, whose workers are on other machines. Above: who did what
when. Below: the diagram of critical differences of the scores.
"""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_classification
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fuzzysvm import FuzzySVC
from fuzzysvm.display import CriticalDifferenceDisplay

MEMBERSHIPS = ["svm", "class-cost", "efsvm", "iefsvm"]
N_SETS = 12


def work(seed):
    """The scores of all memberships on one set, with the worker and its times."""
    start = time.time()
    X, y = make_classification(300, 6, n_informative=4, weights=[0.9], flip_y=0.05, random_state=seed)
    scores = []
    for name in MEMBERSHIPS:
        model = make_pipeline(StandardScaler(), FuzzySVC(name, C=10.0))
        scores.append(cross_val_score(model, X, y, scoring="balanced_accuracy", cv=4).mean())
    return scores, os.getpid(), start, time.time()


def main(folder):
    """Draws the picture into the folder."""
    # Processes that are spawned: threads of a process that has fitted do not outlive a fork.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as executor:
        scores, workers, starts, ends = zip(*executor.map(work, range(N_SETS)), strict=True)
    workers, first = np.unique(workers, return_inverse=True)[1], min(starts)

    figure, (above, below) = plt.subplots(2, 1, figsize=(8.0, 5.6), layout="constrained", height_ratios=[1, 1.5])
    for seed, (worker, start, end) in enumerate(zip(workers, starts, ends, strict=True)):
        edge = above.get_facecolor()
        above.barh(worker, end - start, left=start - first, height=0.6, color=f"C{worker}", edgecolor=edge)
        above.text((start + end) / 2 - first, worker, str(seed), ha="center", va="center", color="black", fontsize=9)
    above.set_yticks(range(workers.max() + 1), [f"worker {1 + i}" for i in range(workers.max() + 1)])
    above.set_xlabel("seconds; the number in a bar is its set")
    CriticalDifferenceDisplay.from_scores(np.array(scores), names=MEMBERSHIPS, ax=below)
    path = Path(folder) / "cluster.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
