"""A membership of one's own: the newer a sample, the more it counts.

    python plot_own_membership.py [FOLDER]

While the samples come in, the two classes turn around each other. A function of X and y that gives old samples little
weight turns the border to where the classes are now; the accuracies are those on samples of the last moment.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import balanced_accuracy_score

from fuzzysvm import FuzzySVC
from fuzzysvm.display import MembershipDisplay

N = 300


def samples(times, rng):
    """Samples at these times, from 0 to 1, in their order."""
    y = rng.random(len(times)) < 0.25
    turn = 0.7 * np.pi * times
    centers = np.where(y, 1.0, -1.0)[:, np.newaxis] * np.column_stack([np.cos(turn), np.sin(turn)])
    return centers + 0.6 * rng.normal(size=(len(times), 2)), np.where(y, "default", "paid")


def recent(X, y):
    """Half as much for every fifth of the samples that came in since, and the rarer class four times that."""
    age = np.arange(len(y))[::-1] / len(y)
    return 0.5 ** (age / 0.2) * np.where(y == "default", 1.0, 0.25)


def main(folder):
    """Draws the picture into the folder."""
    rng = np.random.default_rng(7)
    X, y = samples(np.linspace(0.0, 1.0, N), rng)
    now = samples(np.ones(2000), rng)
    figure, axes = plt.subplots(1, 2, figsize=(10.5, 4.2), sharex=True, sharey=True, layout="constrained")
    names = {"class-cost": "all times alike (class-cost)", recent: "the newer the larger (a function)"}
    for ax, (membership, title) in zip(axes, names.items(), strict=True):
        model = FuzzySVC(membership, C=10.0, gamma=0.3).fit(X, y)
        accuracy = balanced_accuracy_score(now[1], model.predict(now[0]))
        MembershipDisplay.from_estimator(model, X, y, ax=ax, largest=1.0, legend=ax is axes[1])
        ax.set_title(f"{title}: balanced accuracy {accuracy:.3f}", fontsize=10)
        ax.label_outer()
    path = Path(folder) / "own_membership.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)
    return path


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
