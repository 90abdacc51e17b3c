"""Six memberships on a toy plane, and the border that each leads to.

    python plot_memberships.py [FOLDER]

The area of a sample is its membership. The rarer class, orange, lies partly inside the other. Where all samples count
alike the border shuts it in; where the majority counts less, and least where the classes are mixed, the border moves
away from it.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.datasets import make_blobs

from fuzzysvm import FuzzySVC
from fuzzysvm.display import MembershipDisplay

MEMBERSHIPS = {
    "svm": "svm: all count 1",
    "class-cost": "class-cost: the majority 1/IR",
    "fsvm": "fsvm: near the class center",
    "efsvm": "efsvm: entropy at one k",
    "iefsvm": "iefsvm: entropies at all k",
    "relative-density": "relative-density",
}


def main(folder):
    """Draws the picture into the folder."""
    X, y = make_blobs([160, 32], centers=[[0.0, 0.0], [1.6, 1.2]], cluster_std=[1.1, 0.7], random_state=3)
    figure, axes = plt.subplots(2, 3, figsize=(10.5, 6.4), sharex=True, sharey=True, layout="constrained")
    for ax, (name, title) in zip(axes.flat, MEMBERSHIPS.items(), strict=True):
        model = FuzzySVC(membership=name, C=10.0, gamma=0.3).fit(X, y)
        MembershipDisplay.from_estimator(model, X, y, ax=ax, largest=1.0, legend=ax is axes[0, -1])
        ax.set_title(title, fontsize=10)
        ax.label_outer()
    path = Path(folder) / "memberships.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
