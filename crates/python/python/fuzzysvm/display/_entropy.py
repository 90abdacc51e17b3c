"""The entropies of IEFSVM as points of a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils.validation import check_is_fitted

from ..membership import Membership, canonical, class_entropy
from ._style import axes, beside, classes_of, foreground, last_step, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KS = (1, 3, 5, 7, 9, 11, 13, 15)
ANGLES = ("mean-over-std", "std-over-mean")


class EntropyPolarDisplay:
    r"""The plane of mean and standard deviation of a sample's class entropies, in polar form.

    IEFSVM takes the class entropies among the k nearest neighbors of sample i for several k, their mean
    :math:`\mu_i` and population standard deviation :math:`\sigma_i`, and from the polar form of that point

    .. math:: d_i = \sqrt{\mu_i^2 + \sigma_i^2}, \quad \theta_i = \mathrm{atan2}(\mu_i, \sigma_i)

    the product :math:`a_i = d_i \theta_i`: the larger it is, the less a sample of the majority counts. Here are all
    samples, with lines of the :math:`a` that leave a sample of the majority 75, 50, 25 and 0 % of the largest
    membership in its class. Samples at the same point are one mark, whose area grows with their number. Use
    :meth:`from_estimator` or :meth:`from_samples` to make one.

    Parameters
    ----------
    mean : ndarray of shape (n_samples,)
        Means of the entropies in nats.
    std : ndarray of shape (n_samples,)
        Population standard deviations of the entropies in nats.
    y : ndarray of shape (n_samples,)
        Two classes.
    angle : {"mean-over-std", "std-over-mean"}, default="mean-over-std"
        Which way the angle is measured: atan2(mean, std) or atan2(std, mean).

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the picture.
    figure_ : matplotlib Figure
        Figure with the picture.
    scatter_ : list of matplotlib PathCollection
        The marks of the majority, then those of the minority.
    lines_ : matplotlib QuadContourSet or None
        Lines of equal product of radius and angle; None where it is the same for all samples of the majority.

    See Also
    --------
    MembershipDisplay : The membership on the plane of two features.

    References
    ----------
    Cho, Lee & Chang 2020, doi 10.1007/s10044-019-00851-x. The two angles are this project's reading of it.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import make_blobs
    >>> from fuzzysvm.display import EntropyPolarDisplay
    >>> X, y = make_blobs([80, 20], random_state=0, cluster_std=2.0)
    >>> EntropyPolarDisplay.from_samples(X, y)
    <...>
    >>> plt.show()
    """

    def __init__(
        self,
        *,
        mean: npt.NDArray[np.float64],
        std: npt.NDArray[np.float64],
        y: npt.NDArray[Any],
        angle: str = "mean-over-std",
    ) -> None:
        self.mean = mean
        self.std = std
        self.y = y
        self.angle = angle

    @classmethod
    def from_estimator(
        cls, estimator: Any, X: Any, y: npt.ArrayLike, *, ax: Axes | None = None, **kwargs: Any
    ) -> EntropyPolarDisplay:
        """Draw the training samples of a fitted classifier, with its neighborhood sizes and its angle.

        Parameters
        ----------
        estimator : estimator instance
            Fitted `FuzzySVC` with the membership "iefsvm" or "iefsvm-std-over-mean", by name or as an object, or a
            pipeline or search that ends with one.
        X : array-like of shape (n_samples, n_features)
            The samples that it was fitted to, as they went into it.
        y : array-like of shape (n_samples,)
            Their classes.
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.
        **kwargs : dict
            Options of :meth:`plot`.

        Returns
        -------
        EntropyPolarDisplay
            The picture.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        check_is_fitted(estimator)
        before, classifier = last_step(estimator)
        name: Any = getattr(classifier, "membership", None)
        params: Any = getattr(classifier, "membership_params", None)
        if isinstance(name, Membership):
            name, params = name.method, name.get_params()
        elif isinstance(name, str):
            name = canonical(name)
        if name not in ("iefsvm", "iefsvm-std-over-mean"):
            raise ValueError(f"the membership of the estimator must be iefsvm or iefsvm-std-over-mean; got {name!r}")
        params = params or {}
        angle = params.get("angle", "mean-over-std" if name == "iefsvm" else "std-over-mean")
        entropies = getattr(classifier, "entropy_", None)
        if entropies is not None and np.ndim(entropies) == 2:
            # Those of the fit, NaN where a sample did not take part.
            y = np.asarray(y)
            if len(entropies) != len(y):
                raise ValueError(f"y must have the {len(entropies)} classes of the training samples; got {len(y)}")
            kept = ~np.isnan(entropies).any(axis=1)
            mean, std = entropies[kept].mean(axis=1), entropies[kept].std(axis=1)
            return cls(mean=mean, std=std, y=y[kept], angle=angle).plot(ax=ax, **kwargs)
        encoded = X if before is None else before.transform(X)
        return cls.from_samples(encoded, y, ks=params.get("ks", KS), angle=angle, ax=ax, **kwargs)

    @classmethod
    def from_samples(
        cls,
        X: Any,
        y: npt.ArrayLike,
        *,
        ks: Sequence[int] = KS,
        angle: str = "mean-over-std",
        ax: Axes | None = None,
        **kwargs: Any,
    ) -> EntropyPolarDisplay:
        """Draw samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples, scaled as the classifier would see them.
        y : array-like of shape (n_samples,)
            Their classes.
        ks : sequence of int, default=(1, 3, 5, 7, 9, 11, 13, 15)
            Neighborhood sizes, increasing.
        angle : {"mean-over-std", "std-over-mean"}, default="mean-over-std"
            Which way the angle is measured.
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.
        **kwargs : dict
            Options of :meth:`plot`.

        Returns
        -------
        EntropyPolarDisplay
            The picture.
        """
        check_matplotlib_support(f"{cls.__name__}.from_samples")
        entropies = class_entropy(X, y, ks)
        display = cls(mean=entropies.mean(axis=1), std=entropies.std(axis=1), y=np.asarray(y), angle=angle)
        return display.plot(ax=ax, **kwargs)

    def plot(self, ax: Axes | None = None, *, legend: bool = True, **kwargs: Any) -> EntropyPolarDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw in; None for those of a new figure.
        legend : bool, default=True
            Whether the classes are named, to the right of the axes.
        **kwargs : dict
            Options of `matplotlib.axes.Axes.scatter`.

        Returns
        -------
        EntropyPolarDisplay
            The display itself.
        """
        if self.angle not in ANGLES:
            raise ValueError(f"angle must be one of {', '.join(ANGLES)}; got {self.angle!r}")
        classes, encoded = classes_of(self.y)
        ax = axes(ax, f"{type(self).__name__}.plot", (7.2, 4.0))
        right = float(self.mean.max()) * 1.08 or 0.1
        top = float(self.std.max()) * 1.12 or 0.1
        self._polar(ax, encoded, right, top)
        self.scatter_ = []
        for number, style in enumerate(styles(ax)):
            of_class = np.column_stack([self.mean, self.std])[encoded == number]
            points, sizes = np.unique(of_class.round(9), axis=0, return_counts=True)
            options = {
                "s": 20.0 * np.sqrt(sizes),
                "label": str(classes[number]),
                "edgecolors": [ax.get_facecolor()],
                "linewidths": 0.5,
                "alpha": 0.75,
                "zorder": 3,
                **style,
                **kwargs,
            }
            self.scatter_.append(ax.scatter(points[:, 0], points[:, 1], **options))
        ax.set_xlim(-0.03 * right, right)
        ax.set_ylim(-0.04 * top, top)
        ax.set_aspect("equal")
        ax.set_xlabel(r"mean of the entropies $\mu$ (nats)")
        ax.set_ylabel(r"standard deviation $\sigma$ (nats)")
        if legend:
            beside(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _polar(self, ax: Axes, encoded: npt.NDArray[np.intp], right: float, top: float) -> None:
        """Arcs of equal radius and lines of equal product of radius and angle."""
        color = foreground(ax)
        mean, std = np.meshgrid(np.linspace(0.0, right, 300), np.linspace(0.0, top, 300))
        radius = np.hypot(mean, std)
        ax.contour(mean, std, radius, levels=np.arange(0.1, 1.0, 0.1), colors=[color], linewidths=0.5, alpha=0.3)
        plate = {"facecolor": ax.get_facecolor(), "edgecolor": "none", "pad": 0.5}
        for degrees in range(0, 91, 15):
            # The angle from the axis that atan2 has second.
            turn = np.deg2rad(90 - degrees if self.angle == "mean-over-std" else degrees)
            end = np.array([np.cos(turn), np.sin(turn)])
            end *= min(limit / along for limit, along in zip((right, top), end, strict=True) if along > 1e-9)
            ax.plot([0.0, end[0]], [0.0, end[1]], color=color, linewidth=0.5, alpha=0.3, zorder=1)
            if 0 < degrees < 90:
                x, y = 0.96 * end
                ax.text(x, y, f"{degrees}°", color=color, alpha=0.6, fontsize=7, ha="center", va="center", bbox=plate)
        over = (mean, std) if self.angle == "mean-over-std" else (std, mean)
        product = radius * np.arctan2(*over)
        self.lines_ = None
        of_majority = product_of(self.mean, self.std, self.angle)[encoded == 0]
        low, high = of_majority.min(), of_majority.max()
        if high > low:
            levels = low + (high - low) * np.array([0.25, 0.5, 0.75, 1.0])
            self.lines_ = ax.contour(
                mean, std, product, levels=levels, colors=[color], linestyles="dashed", linewidths=1.0, zorder=2
            )
            box = np.array([right, top])
            places = [
                middle(np.asarray(path.vertices, dtype=np.float64) / box) * box for path in self.lines_.get_paths()
            ]
            ax.clabel(self.lines_, fmt=lambda level: f"$d\\theta$ = {level:.2f}", fontsize=8, manual=places)


def middle(line: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The point of a line in the unit square that is farthest from the square's sides."""
    point: npt.NDArray[np.float64] = line[np.abs(line - 0.5).max(axis=1).argmin()]
    return point


def product_of(mean: npt.NDArray[np.float64], std: npt.NDArray[np.float64], angle: str) -> npt.NDArray[np.float64]:
    """Radius times angle of points (mean, std)."""
    theta = np.arctan2(mean, std) if angle == "mean-over-std" else np.arctan2(std, mean)
    product: npt.NDArray[np.float64] = np.hypot(mean, std) * theta
    return product
