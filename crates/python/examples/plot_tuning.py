"""C, gamma and the membership chosen by cross-validation.

    python plot_tuning.py [FOLDER]

One map per membership of the balanced accuracy over C and gamma; the ring is the best cell of the map, and the best of
all is in the title.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler

from fuzzysvm import FuzzySVCCV

CS = [2.0**e for e in range(-3, 8, 2)]
GAMMAS = [2.0**e for e in range(-9, 2, 2)]


def main(folder):
    """Draws the picture into the folder."""
    X, y = make_classification(300, 6, n_informative=4, weights=[0.88], flip_y=0.05, class_sep=0.8, random_state=4)
    # One value of each parameter of a membership: its default.
    grids = {"svm": {}, "class-cost": {}, "efsvm": {"n_neighbors": 7}, "iefsvm": {"angle": "mean-over-std"}}
    search = FuzzySVCCV(grids, Cs=CS, gammas=GAMMAS).fit(StandardScaler().fit_transform(X), y)
    results = search.cv_results_

    figure, axes = plt.subplots(1, 4, figsize=(11.0, 3.2), sharey=True, layout="constrained")
    scores = results["mean_test_score"]
    for ax, name in zip(axes, grids, strict=True):
        of_name = results["param_membership"] == name
        # gamma varies slowest.
        table = scores[of_name].reshape(len(GAMMAS), len(CS))
        image = ax.imshow(table, origin="lower", cmap="cividis", vmin=scores.min(), vmax=scores.max(), aspect="auto")
        row, column = np.unravel_index(table.argmax(), table.shape)
        ax.plot(column, row, "o", markersize=14, markerfacecolor="none", markeredgecolor="black", markeredgewidth=2)
        ax.set_title(f"{name}: {table.max():.3f}", fontsize=10)
        ax.set_xticks(range(len(CS)), [f"{c:g}" for c in CS], rotation=45)
        ax.set_xlabel("C")
    axes[0].set_yticks(range(len(GAMMAS)), [f"{gamma:.2g}" for gamma in GAMMAS])
    axes[0].set_ylabel(r"$\gamma$")
    figure.colorbar(image, ax=axes, label="balanced accuracy", pad=0.01)
    best = search.best_params_
    figure.suptitle(f"best: {best['membership']}, C = {best['C']:g}, $\\gamma$ = {best['gamma']:.3g}", fontsize=11)
    path = Path(folder) / "tuning.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
