"""Loans: who is predicted to pay, and what the bought tenth returns.

    FUZZYSVM=target/release/fuzzysvm python plot_lending.py [FOLDER]

Runs the lending experiment of the command line on a small simulated loan book and draws its results.json: a small dot
per trial, a large one for the mean. The book is simulated, and so few trials rank nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

COMMAND = "lend --split random --trials 8 --simulated-loans 5000 --train 400 --test 400 --methods"
METHODS = "svm,class-cost,fsvm,efsvm,iefsvm"
COLUMNS = {"balanced_accuracy": "balanced accuracy", "return_top": "return of the bought tenth"}


def main(folder):
    """Draws the picture into the folder."""
    binary = os.environ.get("FUZZYSVM", "fuzzysvm")
    with tempfile.TemporaryDirectory() as out:
        command = [binary, *COMMAND.split(), METHODS, "--out", out]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        results = json.loads((Path(out) / "results.json").read_text(encoding="utf-8"))
    methods = results["methods"][::-1]

    figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), sharey=True, layout="constrained")
    for ax, (column, label) in zip(axes, COLUMNS.items(), strict=True):
        for row, method in enumerate(methods):
            trials = [trial[column] for trial in method["trials"]]
            values = np.array([value for value in trials if value is not None])
            ax.plot(100 * values, np.full(len(values), row), "o", color="C0", alpha=0.6, markersize=4)
            ax.plot(100 * values.mean(), row, "D", color="C1", markersize=8)
        ax.set_xlabel(f"{label} (%)")
        ax.grid(axis="x", alpha=0.3)
    axes[1].axvline(100 * results["market"]["return"]["mean"], color="gray", linestyle="dashed", label="all loans")
    axes[1].legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, frameon=False)
    axes[0].set_yticks(range(len(methods)), [method["name"] for method in methods])
    figure.suptitle(f"{results['source']} loans, {results['settings']['trials']} trials", fontsize=11)
    path = Path(folder) / "lending.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
