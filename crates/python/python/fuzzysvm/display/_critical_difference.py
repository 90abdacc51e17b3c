"""The diagram of critical differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.utils._optional_dependencies import check_matplotlib_support

from ..stats import nemenyi
from ._style import axes, foreground, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class CriticalDifferenceDisplay:
    """Average ranks of methods over data sets, with bars that join those which Nemenyi's test does not tell apart.

    The diagram of Demsar: the best rank is to the right, and the bar above the axis is as long as the critical
    difference. Use :meth:`from_ranks` or :meth:`from_scores` to make one.

    Parameters
    ----------
    ranks : ndarray of shape (n_methods,)
        Average rank of each method; 1 is the best.
    names : sequence of str
        Names of the methods.
    cd : float
        Critical difference: methods whose ranks differ by less are joined.

    Attributes
    ----------
    groups_ : list of ndarray of int
        Methods that a bar joins, by their number, the best first; no group is part of another.
    ax_ : matplotlib Axes
        Axes with the picture.
    figure_ : matplotlib Figure
        Figure with the picture.

    References
    ----------
    Demsar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7 (2006), pages 1-30.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from fuzzysvm.display import CriticalDifferenceDisplay
    >>> display = CriticalDifferenceDisplay.from_ranks([1.4, 1.9, 3.2, 3.5], ["a", "b", "c", "d"], cd=1.5)
    >>> [group.tolist() for group in display.groups_]
    [[0, 1], [1, 2], [2, 3]]
    >>> plt.show()
    """

    def __init__(self, *, ranks: npt.NDArray[np.float64], names: Sequence[str], cd: float) -> None:
        self.ranks = ranks
        self.names = names
        self.cd = cd

    @classmethod
    def from_ranks(
        cls, ranks: npt.ArrayLike, names: Sequence[str], cd: float, *, ax: Axes | None = None
    ) -> CriticalDifferenceDisplay:
        """Draw average ranks.

        Parameters
        ----------
        ranks : array-like of shape (n_methods,)
            Average rank of each method; 1 is the best.
        names : sequence of str
            Names of the methods.
        cd : float
            Critical difference.
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.

        Returns
        -------
        CriticalDifferenceDisplay
            The picture.
        """
        check_matplotlib_support(f"{cls.__name__}.from_ranks")
        given = np.asarray(ranks, dtype=np.float64)
        names = [str(name) for name in names]
        if given.ndim != 1 or len(given) < 2:
            raise ValueError(f"ranks must be a list of at least two numbers; got the shape {given.shape}")
        if len(names) != len(given):
            raise ValueError(f"names must be as many as the ranks, {len(given)}; got {len(names)}")
        if not ((given >= 1) & (given <= len(given))).all():
            raise ValueError(f"ranks must be from 1 to {len(given)}, the number of methods")
        if not (np.isfinite(cd) and cd > 0):
            raise ValueError(f"cd must be finite and > 0; got {cd}")
        return cls(ranks=given, names=names, cd=float(cd)).plot(ax=ax)

    @classmethod
    def from_scores(
        cls,
        scores: Any,
        cd: float | None = None,
        *,
        alpha: float = 0.05,
        names: Sequence[str] | None = None,
        greater_is_better: bool = True,
        ax: Axes | None = None,
    ) -> CriticalDifferenceDisplay:
        """Draw the average ranks of scores; methods with the same score on a set share the mean of their ranks.

        Parameters
        ----------
        scores : array-like of shape (n_sets, n_methods)
            Score of each method on each data set.
        cd : float, default=None
            Critical difference; None for that of Nemenyi's test, :func:`fuzzysvm.stats.nemenyi`.
        alpha : float, default=0.05
            Level of Nemenyi's test.
        names : sequence of str, default=None
            Names of the methods; None for the columns of a frame.
        greater_is_better : bool, default=True
            Whether the greater score is the better one.
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.

        Returns
        -------
        CriticalDifferenceDisplay
            The picture.
        """
        check_matplotlib_support(f"{cls.__name__}.from_scores")
        values = np.asarray(scores, dtype=np.float64)
        if values.ndim != 2 or not len(values):
            raise ValueError(f"scores must be a table of sets and methods; got the shape {values.shape}")
        if not np.isfinite(values).all():
            raise ValueError("scores must be finite")
        if names is None:
            if not hasattr(scores, "columns"):
                raise ValueError("names must be given where the scores have no columns")
            names = list(scores.columns)
        ranks = rankdata(-values if greater_is_better else values, axis=1).mean(axis=0)
        if cd is None:
            cd = nemenyi(values, alpha).critical_difference
        return cls.from_ranks(ranks, names, cd, ax=ax)

    def plot(self, ax: Axes | None = None) -> CriticalDifferenceDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.

        Returns
        -------
        CriticalDifferenceDisplay
            The display itself.
        """
        n = len(self.ranks)
        order = np.argsort(self.ranks, kind="stable")
        runs = groups(self.ranks[order], self.cd)
        self.groups_ = [order[first : last + 1] for first, last in runs]
        half = (n + 1) // 2
        levels = levels_of(runs)
        depth = 0.9 + 0.35 * (max(levels, default=-1) + 1)
        longest = max(len(name) for name in self.names) + len(" (1.00)")
        # In inches: an axis with room for its numbers, and the longest name on both of its sides.
        size = (max(3.5, 0.35 * n) + 2 * 0.09 * longest, 0.32 * (depth + half) + 0.9)
        ax = axes(ax, f"{type(self).__name__}.plot", size)
        color = foreground(ax)
        line: dict[str, Any] = {"color": color, "linewidth": 1.2, "solid_capstyle": "butt", "clip_on": False}

        # The axis, at height 0; what is below it has negative heights.
        ax.plot([1, n], [0, 0], **line)
        for tick in np.arange(1, n + 0.25, 0.5):
            whole = tick == int(tick)
            ax.plot([tick, tick], [0, 0.3 if whole else 0.15], **line)
            if whole:
                ax.text(tick, 0.4, f"{int(tick)}", ha="center", va="bottom", color=color)
        start = float(n)
        ax.plot([start, start - self.cd], [1.75, 1.75], **{**line, "linewidth": 2.0})
        for end in (start, start - self.cd):
            ax.plot([end, end], [1.6, 1.9], **line)
        ax.text(start - self.cd / 2, 1.95, f"CD = {self.cd:.2f}", ha="center", va="bottom", color=color)

        # The better half hangs to the right, the others to the left.
        room = 0.04 * (n - 1)
        for place, method in enumerate(order):
            right = place < half
            row = place if right else n - 1 - place
            height = -depth - row
            end = 1 - room if right else n + room
            rank = self.ranks[method]
            ax.plot([rank, rank, end], [0, height, height], **{**line, "linewidth": 0.9})
            label = f"{self.names[method]} ({rank:.2f})"
            beyond = -0.5 * room if right else 0.5 * room
            ax.text(end + beyond, height, label, ha="left" if right else "right", va="center", color=color)
        bar = {**line, "color": styles(ax)[1]["color"], "linewidth": 4.0, "zorder": 3}
        for level, group in zip(levels, self.groups_, strict=True):
            ends = self.ranks[group[[0, -1]]] + 0.01 * (n - 1) * np.array([-1, 1])
            height = -0.45 - 0.35 * level
            ax.plot(ends, [height, height], **bar)
        ax.set_xlim(n + room, 1 - room)
        ax.set_ylim(-depth - half + 0.5, 2.6)
        ax.set_axis_off()
        self.ax_, self.figure_ = ax, ax.figure
        return self


def groups(ranks: npt.NDArray[np.float64], cd: float) -> list[tuple[int, int]]:
    """First and last of the longest runs of sorted ranks whose ends differ by less than `cd`."""
    found: list[tuple[int, int]] = []
    for first, rank in enumerate(ranks):
        last = int(np.searchsorted(ranks, rank + cd, side="left")) - 1
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def levels_of(runs: list[tuple[int, int]]) -> list[int]:
    """For every run the first level on which it meets no run before it."""
    levels: list[int] = []
    ends: list[int] = []
    for first, last in runs:
        level = next((level for level, end in enumerate(ends) if end < first), len(ends))
        ends[level : level + 1] = [last]
        levels.append(level)
    return levels
