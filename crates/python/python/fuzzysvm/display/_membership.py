"""Samples of two features, each as large as its membership."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils.validation import check_is_fitted

from ._style import axes, beside, classes_of, foreground, last_step, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALLEST, LARGEST = 4.0, 84.0
"""Areas in square points of a sample of membership 0 and of the largest one."""


class MembershipDisplay:
    """Samples of two features whose area shows their membership, with the border of a classifier.

    Use :meth:`from_estimator` or :meth:`from_memberships` to make one. The class with more samples is drawn as blue
    circles, the other as orange triangles; samples of membership 0, which a machine never sees, as small rings.

    Parameters
    ----------
    X : ndarray of shape (n_samples, 2)
        The samples.
    y : ndarray of shape (n_samples,)
        Two classes.
    membership : ndarray of shape (n_samples,)
        Non-negative numbers; the largest is drawn largest.
    xx0 : ndarray of shape (grid_resolution, grid_resolution), default=None
        First feature of the grid on which the classifier decided; None for no border.
    xx1 : ndarray of shape (grid_resolution, grid_resolution), default=None
        Second feature of the grid.
    response : ndarray of shape (grid_resolution, grid_resolution), default=None
        Decision values on the grid; the border is where they are 0, the margins are where they are -1 and 1.
    feature_names : sequence of str, default=None
        Labels of the axes.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the picture.
    figure_ : matplotlib Figure
        Figure with the picture.
    scatter_ : list of matplotlib PathCollection
        The samples of the majority, then those of the minority.
    border_ : matplotlib QuadContourSet or None
        Border and margins.

    See Also
    --------
    EntropyPolarDisplay : Where the membership of IEFSVM comes from.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import make_blobs
    >>> from fuzzysvm import FuzzySVC
    >>> from fuzzysvm.display import MembershipDisplay
    >>> X, y = make_blobs([80, 20], random_state=0, cluster_std=2.0)
    >>> model = FuzzySVC("iefsvm").fit(X, y)
    >>> MembershipDisplay.from_estimator(model, X, y)
    <...>
    >>> plt.show()
    """

    def __init__(
        self,
        *,
        X: npt.NDArray[np.float64],
        y: npt.NDArray[Any],
        membership: npt.NDArray[np.float64],
        xx0: npt.NDArray[np.float64] | None = None,
        xx1: npt.NDArray[np.float64] | None = None,
        response: npt.NDArray[np.float64] | None = None,
        feature_names: list[str] | None = None,
    ) -> None:
        self.X = X
        self.y = y
        self.membership = membership
        self.xx0 = xx0
        self.xx1 = xx1
        self.response = response
        self.feature_names = feature_names

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        membership: npt.ArrayLike | None = None,
        grid_resolution: int = 100,
        margin: float = 0.05,
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> MembershipDisplay:
        """Draw the training samples of a fitted classifier with its border.

        Parameters
        ----------
        estimator : estimator instance
            Fitted classifier with `decision_function`, or a pipeline or search that ends with one.
        X : array-like of shape (n_samples, 2)
            The samples that it was fitted to, as they went into it.
        y : array-like of shape (n_samples,)
            Their classes.
        membership : array-like of shape (n_samples,), default=None
            Their membership; None for the attribute `membership_` of the classifier.
        grid_resolution : int, default=100
            Points of the grid in each direction.
        margin : float, default=0.05
            How far the plane goes beyond the samples, as a share of their range.
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.
        **kwargs : dict
            Options of :meth:`plot`.

        Returns
        -------
        MembershipDisplay
            The picture.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        check_is_fitted(estimator)
        values, names = plane(X)
        if membership is None:
            membership = getattr(last_step(estimator)[1], "membership_", None)
            if membership is None:
                raise ValueError("the estimator has no attribute membership_: give membership")
        if grid_resolution < 2:
            raise ValueError(f"grid_resolution must be greater than 1; got {grid_resolution}")
        if margin < 0.0:
            raise ValueError(f"margin must be at least 0; got {margin}")
        low, high = values.min(axis=0), values.max(axis=0)
        room = margin * np.where(high > low, high - low, 1.0)
        steps = np.linspace(low - room, high + room, grid_resolution, axis=1)
        xx0, xx1 = np.meshgrid(*steps)
        grid: Any = np.column_stack([xx0.ravel(), xx1.ravel()])
        if hasattr(X, "columns"):
            grid = type(X)(dict(zip(X.columns, grid.T, strict=True)))
        response = np.asarray(estimator.decision_function(grid))
        if response.shape != (xx0.size,):
            raise ValueError(f"the estimator must give one decision value per row; got the shape {response.shape}")
        display = cls._checked(values, y, membership, names)
        display.xx0, display.xx1, display.response = xx0, xx1, response.reshape(xx0.shape)
        return display.plot(ax=ax, **kwargs)

    @classmethod
    def from_memberships(
        cls, X: Any, y: npt.ArrayLike, membership: npt.ArrayLike, *, ax: Axes | None = None, **kwargs: Any
    ) -> MembershipDisplay:
        """Draw samples alone.

        Parameters
        ----------
        X : array-like of shape (n_samples, 2)
            The samples.
        y : array-like of shape (n_samples,)
            Their classes.
        membership : array-like of shape (n_samples,)
            Their membership, such as `fuzzysvm.membership.iefsvm` gives it.
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.
        **kwargs : dict
            Options of :meth:`plot`.

        Returns
        -------
        MembershipDisplay
            The picture.
        """
        check_matplotlib_support(f"{cls.__name__}.from_memberships")
        values, names = plane(X)
        return cls._checked(values, y, membership, names).plot(ax=ax, **kwargs)

    @classmethod
    def _checked(
        cls, X: npt.NDArray[np.float64], y: npt.ArrayLike, membership: npt.ArrayLike, names: list[str] | None
    ) -> MembershipDisplay:
        """The display of samples whose labels and memberships are as many and usable."""
        y, s = np.asarray(y), np.asarray(membership, dtype=np.float64)
        if y.shape != (len(X),):
            raise ValueError(f"y must be an array of shape {(len(X),)}; got {y.shape}")
        if s.shape != (len(X),):
            raise ValueError(f"membership must be an array of shape {(len(X),)}; got {s.shape}")
        if not (np.isfinite(s).all() and (s >= 0).all()):
            raise ValueError("membership must hold finite, non-negative numbers")
        return cls(X=X, y=y, membership=s, feature_names=names)

    def plot(
        self,
        ax: Axes | None = None,
        *,
        xlabel: str | None = None,
        ylabel: str | None = None,
        largest: float | None = None,
        legend: bool = True,
        **kwargs: Any,
    ) -> MembershipDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.
        xlabel : str, default=None
            Label of the first feature; None for its name.
        ylabel : str, default=None
            Label of the second feature; None for its name.
        largest : float, default=None
            The membership that the largest area stands for; None for the largest that there is. To be given where
            pictures are compared.
        legend : bool, default=True
            Whether classes and areas are explained, to the right of the axes.
        **kwargs : dict
            Options of `matplotlib.axes.Axes.scatter`.

        Returns
        -------
        MembershipDisplay
            The display itself.
        """
        classes, encoded = classes_of(self.y)
        if largest is not None and not largest > 0.0:
            raise ValueError(f"largest must be > 0; got {largest}")
        ax = axes(ax, f"{type(self).__name__}.plot", (6.4, 4.2))
        from matplotlib.colors import to_rgba

        color = foreground(ax)
        if largest is None:
            largest = float(self.membership.max()) or 1.0
        self.scatter_ = []
        for number, style in enumerate(styles(ax)):
            # Small ones last, so that no large one hides them.
            rows = np.flatnonzero(encoded == number)
            rows = rows[np.argsort(-self.membership[rows], kind="stable")]
            s = self.membership[rows]
            # A ring has no face, which an alpha of the whole would give it.
            alpha = kwargs.get("alpha", 0.9)
            face = [to_rgba(style["color"], alpha if weight > 0 else 0.0) for weight in s]
            edge = [ax.get_facecolor() if weight > 0 else style["color"] for weight in s]
            options = {
                "s": area(s / largest),
                "facecolors": face,
                "edgecolors": edge,
                "marker": style["marker"],
                "linewidths": 0.5,
                "zorder": 3,
                **kwargs,
                "alpha": None,
            }
            self.scatter_.append(ax.scatter(self.X[rows, 0], self.X[rows, 1], **options))
        self.border_ = None
        if self.xx0 is not None and self.xx1 is not None and self.response is not None:
            self.border_ = ax.contour(
                self.xx0,
                self.xx1,
                self.response,
                levels=[-1.0, 0.0, 1.0],
                colors=[color],
                linestyles=["dotted", "solid", "dotted"],
                linewidths=[1.0, 1.6, 1.0],
                zorder=4,
            )
        names = self.feature_names or ["first feature", "second feature"]
        ax.set_xlabel(names[0] if xlabel is None else xlabel)
        ax.set_ylabel(names[1] if ylabel is None else ylabel)
        if legend:
            self._explain(ax, classes, largest)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _explain(self, ax: Axes, classes: npt.NDArray[Any], largest: float) -> None:
        """The legend: classes, three areas, lines."""
        from matplotlib.lines import Line2D

        def dot(label: str, share: float, **style: Any) -> Line2D:
            return Line2D([], [], linestyle="none", markersize=float(np.sqrt(area(share))), label=label, **style)

        color = foreground(ax)
        handles = [dot(str(label), 0.6, **style) for label, style in zip(classes, styles(ax), strict=True)]
        for share in (1.0, 0.5, 0.1):
            handles.append(dot(f"s = {share * largest:.2g}", share, marker="o", color=color))
        if (self.membership == 0.0).any():
            handles.append(dot("s = 0", 0.0, marker="o", markerfacecolor="none", markeredgecolor=color))
        if self.border_ is not None:
            handles.append(Line2D([], [], color=color, linewidth=1.6, label="border"))
            handles.append(Line2D([], [], color=color, linewidth=1.0, linestyle="dotted", label="margins"))
        beside(ax, handles=handles)


def area(share: Any) -> Any:
    """Area of a sample by the share of its membership in the largest one."""
    return SMALLEST + (LARGEST - SMALLEST) * share


def plane(X: Any) -> tuple[npt.NDArray[np.float64], list[str] | None]:
    """The samples as an array, and the names of their two features where they have some."""
    values = np.asarray(X, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != 2:
        raise ValueError(f"X must be a table of two features; got the shape {values.shape}")
    if not len(values):
        raise ValueError("X must have at least one sample")
    return values, [str(name) for name in X.columns] if hasattr(X, "columns") else None
