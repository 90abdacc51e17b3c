"""EFSVM beside IEFSVM: one neighborhood size against all of them.

    python plot_efsvm_iefsvm.py [FOLDER]

Above: EFSVM with k = 7 and IEFSVM on the same samples. Below: where IEFSVM's membership comes from. Every sample is a
point (mean, standard deviation) of its class entropies over k = 1, 3, ..., 15; on a dashed line the product of radius
and angle is the same, and so is the membership of the majority. The two angles are the two readings of the paper.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.datasets import make_moons

from fuzzysvm import FuzzySVC
from fuzzysvm.display import EntropyPolarDisplay, MembershipDisplay


def main(folder):
    """Draws the picture into the folder."""
    X, y = make_moons((240, 60), noise=0.25, random_state=0)
    figure, axes = plt.subplots(2, 2, figsize=(10.5, 6.4), layout="constrained", height_ratios=[1.5, 1])
    models = {
        "EFSVM, k = 7": FuzzySVC("efsvm", membership_params={"n_neighbors": 7}, C=10.0),
        "IEFSVM": FuzzySVC("iefsvm", C=10.0),
    }
    for ax, (title, model) in zip(axes[0], models.items(), strict=True):
        MembershipDisplay.from_estimator(model.fit(X, y), X, y, ax=ax, legend=ax is axes[0, 1])
        ax.set_title(title, fontsize=10)
    angles = {
        "mean-over-std": r"$\theta$ = atan2($\mu$, $\sigma$), the default",
        "std-over-mean": r"$\theta$ = atan2($\sigma$, $\mu$)",
    }
    for ax, (angle, title) in zip(axes[1], angles.items(), strict=True):
        EntropyPolarDisplay.from_samples(X, y, angle=angle, ax=ax, legend=ax is axes[1, 1])
        ax.set_title(title, fontsize=10)
    path = Path(folder) / "efsvm_iefsvm.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
