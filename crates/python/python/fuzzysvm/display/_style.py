"""What the displays share: axes, colors that color-blind readers tell apart, fitted estimators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.utils._optional_dependencies import check_matplotlib_support

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Blue and vermilion of Okabe and Ito's palette, and on dark axes its sky blue and orange: readers who do not tell red
# from green tell these apart, and the markers differ too.
ON_LIGHT = ("#0072B2", "#D55E00")
ON_DARK = ("#56B4E9", "#E69F00")
MARKERS = ("o", "^")


def axes(ax: Axes | None, caller: str, size: tuple[float, float]) -> Axes:
    """The axes to draw in: those given, or of a new figure of this size in inches."""
    check_matplotlib_support(caller)
    import matplotlib.pyplot as plt

    if ax is None:
        _, ax = plt.subplots(figsize=size, layout="constrained")
    return ax


def foreground(ax: Axes) -> Any:
    """The color of the axes' texts, which their background lets one see."""
    return ax.xaxis.label.get_color()


def styles(ax: Axes) -> list[dict[str, str]]:
    """Color and marker of the majority and of the minority."""
    from matplotlib.colors import to_rgb

    # Rec. 709.
    luminance = np.dot(to_rgb(ax.get_facecolor()), [0.2126, 0.7152, 0.0722])
    colors = ON_DARK if luminance < 0.5 else ON_LIGHT
    return [{"color": color, "marker": marker} for color, marker in zip(colors, MARKERS, strict=True)]


def beside(ax: Axes, **options: Any) -> Any:
    """A legend to the right of the axes, where it covers no point."""
    return ax.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, frameon=False, labelspacing=0.7, **options
    )


def classes_of(y: npt.ArrayLike) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """The two classes, the majority first, and for every sample the number of its own."""
    classes, encoded, sizes = np.unique(np.asarray(y), return_inverse=True, return_counts=True)
    if len(classes) != 2:
        raise ValueError(f"y must have two classes; got {len(classes)}")
    if sizes[0] < sizes[1]:
        classes, encoded = classes[::-1], 1 - encoded
    return classes, encoded


def last_step(estimator: Any) -> tuple[Any, Any]:
    """What stands before the classifier (None for nothing), and the classifier of a search or pipeline."""
    estimator = getattr(estimator, "best_estimator_", estimator)
    if hasattr(estimator, "steps"):
        before = estimator[:-1] if len(estimator.steps) > 1 else None
        return before, estimator.steps[-1][1]
    return None, estimator
