"""Loans: who is predicted to pay, and what the bought tenth returns.

    python plot_lending.py [FOLDER]

The lending experiment on a small simulated loan book: a small dot per trial, a large one for the mean. The book is
simulated, and so few trials rank nothing.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt

from fuzzysvm import lend

METHODS = ["svm", "class-cost", "fsvm", "efsvm", "iefsvm"]
COLUMNS = {"balanced_accuracy": "balanced accuracy", "return_top": "return of the bought tenth"}


def main(folder):
    """Draws the picture into the folder."""
    found = lend(split="random", trials=8, simulated_loans=5000, train=400, test=400, methods=METHODS)
    names = list(dict.fromkeys(found.trials["name"]))[::-1]

    figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), sharey=True, layout="constrained")
    for ax, (column, label) in zip(axes, COLUMNS.items(), strict=True):
        for row, name in enumerate(names):
            values = 100 * found.trials.loc[found.trials["name"] == name, column].dropna()
            ax.plot(values, [row] * len(values), "o", color="C0", alpha=0.6, markersize=4)
            ax.plot(values.mean(), row, "D", color="C1", markersize=8)
        ax.set_xlabel(f"{label} (%)")
        ax.grid(axis="x", alpha=0.3)
    market = found.results["market"]["return"]["mean"]
    axes[1].axvline(100 * market, color="gray", linestyle="dashed", label="all loans")
    axes[1].legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, frameon=False)
    axes[0].set_yticks(range(len(names)), names)
    figure.suptitle(f"{found.results['source']} loans, {found.results['settings']['trials']} trials", fontsize=11)
    path = Path(folder) / "lending.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
