"""The displays: what they hold, where they draw it, and what they say when they cannot."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata
from sklearn.datasets import make_blobs
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from fuzzysvm import FuzzySVC, membership
from fuzzysvm.display import CriticalDifferenceDisplay, EntropyPolarDisplay, MembershipDisplay

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    """Closes the figures of every test."""
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def data():
    return make_blobs([120, 40], centers=[[0, 0], [2, 1]], random_state=0)


@pytest.fixture(scope="module")
def fitted(data):
    return FuzzySVC("iefsvm").fit(*data)


def drawn(display):
    """The positions and areas of the marks of both classes."""
    positions = [np.asarray(marks.get_offsets()) for marks in display.scatter_]
    return positions, [marks.get_sizes() for marks in display.scatter_]


def sorted_rows(a):
    return a[np.lexsort(a.T)]


def test_the_membership_is_the_area(data, fitted):
    X, y = data
    display = MembershipDisplay.from_estimator(fitted, X, y)
    positions, areas = drawn(display)
    for label, position, area in zip([0, 1], positions, areas, strict=True):
        np.testing.assert_array_equal(sorted_rows(position), sorted_rows(X[y == label]))
        # A larger membership is a larger area.
        s = np.array([fitted.membership_[(X == row).all(axis=1)][0] for row in position])
        np.testing.assert_allclose(np.diff(area) > 0, np.diff(s) > 0)
        np.testing.assert_allclose(area - area.min(), (s - s.min()) * 80.0, atol=1e-9)
    assert display.figure_ is display.ax_.figure
    assert [t.get_text() for t in display.ax_.get_legend().get_texts()][:3] == ["0", "1", "s = 1"]


def test_the_border_is_where_the_decision_is_0(data, fitted):
    X, y = data
    display = MembershipDisplay.from_estimator(fitted, X, y, grid_resolution=150)
    np.testing.assert_array_equal(display.border_.levels, [-1, 0, 1])
    for path, level in zip(display.border_.get_paths(), [-1, 0, 1], strict=True):
        assert len(path.vertices) > 10
        np.testing.assert_allclose(fitted.decision_function(path.vertices), level, atol=0.02)


def test_a_ring_is_a_membership_of_0(data, fitted):
    X, y = data
    display = MembershipDisplay.from_estimator(fitted, X, y)
    empty = [int((marks.get_facecolor()[:, 3] == 0).sum()) for marks in display.scatter_]
    assert empty == [int((fitted.membership_ == 0).sum()), 0] and empty[0] > 0


def test_areas_of_two_pictures_are_compared(data):
    X, y = data
    whole, half = (MembershipDisplay.from_memberships(X, y, np.full(len(y), s), largest=1.0) for s in (1.0, 0.5))
    for large, small in zip(whole.scatter_, half.scatter_, strict=True):
        np.testing.assert_allclose(large.get_sizes() - small.get_sizes(), 40.0)


def test_the_rarer_class_is_the_triangle_whatever_its_name(data):
    X, y = data
    display = MembershipDisplay.from_memberships(X, np.where(y == 1, "a", "z"), np.ones(len(y)))
    assert display.border_ is None
    assert [len(marks.get_offsets()) for marks in display.scatter_] == [120, 40]
    assert [t.get_text() for t in display.ax_.get_legend().get_texts()][:2] == ["z", "a"]


@pytest.mark.filterwarnings("error")
def test_frames_pipelines_and_searches(data):
    X, y = data
    frame = pd.DataFrame(X, columns=["income", "debt"])
    search = GridSearchCV(make_pipeline(StandardScaler(), FuzzySVC()), {"fuzzysvc__C": [1.0, 2.0]}, cv=2)
    search.fit(frame, y)
    display = MembershipDisplay.from_estimator(search, frame, y)
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("income", "debt")
    polar = EntropyPolarDisplay.from_estimator(search, frame, y)
    scaled = EntropyPolarDisplay.from_samples(StandardScaler().fit_transform(X), y)
    np.testing.assert_allclose(polar.mean, scaled.mean)


def test_any_classifier_with_memberships_given(data):
    X, y = data
    s = membership.efsvm(X, y)
    svc = SVC().fit(X, y, sample_weight=s)
    with pytest.raises(ValueError, match="no attribute membership_"):
        MembershipDisplay.from_estimator(svc, X, y)
    assert MembershipDisplay.from_estimator(svc, X, y, membership=s).border_ is not None


def test_axes_that_are_given(data, fitted):
    X, y = data
    _, (first, second, third) = plt.subplots(1, 3)
    assert MembershipDisplay.from_estimator(fitted, X, y, ax=first).ax_ is first
    assert EntropyPolarDisplay.from_estimator(fitted, X, y, ax=second).ax_ is second
    assert CriticalDifferenceDisplay.from_ranks([1.2, 1.8], ["a", "b"], 1.0, ax=third).ax_ is third
    assert MembershipDisplay.from_estimator(fitted, X, y, legend=False, ax=first).plot(xlabel="x").ax_ is not first


@pytest.mark.parametrize("angle", ["mean-over-std", "std-over-mean"])
def test_radius_times_angle_gives_the_membership(data, angle):
    X, y = data
    display = EntropyPolarDisplay.from_samples(X, y, angle=angle)
    d = np.hypot(display.mean, display.std)
    over = (display.mean, display.std) if angle == "mean-over-std" else (display.std, display.mean)
    a = d * np.arctan2(*over)
    low, high = a[y == 0].min(), a[y == 0].max()
    expected = np.where(y == 1, 1.0, (1 - (a - low) / (high - low)) / 3.0)
    np.testing.assert_allclose(membership.iefsvm(X, y, angle=angle), expected, atol=1e-12)
    np.testing.assert_allclose(display.lines_.levels, low + (high - low) * np.array([0.25, 0.5, 0.75, 1.0]))
    for path, level in zip(display.lines_.get_paths(), display.lines_.levels, strict=True):
        mean, std = path.vertices.T
        over = (mean, std) if angle == "mean-over-std" else (std, mean)
        np.testing.assert_allclose(np.hypot(mean, std) * np.arctan2(*over), level, atol=2e-3)


def test_equal_points_are_one_mark(data):
    X, y = data
    display = EntropyPolarDisplay.from_samples(X, y)
    positions, areas = drawn(display)
    for label, position, area in zip([0, 1], positions, areas, strict=True):
        # Area 20 sqrt(n) for n samples.
        assert np.round((area / 20.0) ** 2).sum() == (y == label).sum()
        assert len(np.unique(position, axis=0)) == len(position)


def test_sizes_and_angle_are_the_estimators(data):
    X, y = data
    model = FuzzySVC("iefsvm", membership_params={"ks": [1, 5, 9], "angle": "std-over-mean"}).fit(X, y)
    display = EntropyPolarDisplay.from_estimator(model, X, y)
    expected = EntropyPolarDisplay.from_samples(X, y, ks=[1, 5, 9])
    np.testing.assert_array_equal(display.std, expected.std)
    assert display.angle == "std-over-mean"
    for other in ("iefsvm-std-over-mean", "IEFSVM_std_over_mean", membership.IEFSVM(angle="std-over-mean")):
        assert EntropyPolarDisplay.from_estimator(FuzzySVC(other).fit(X, y), X, y).angle == "std-over-mean"


def test_pure_neighborhoods_have_no_lines():
    X = np.concatenate([np.arange(20.0), 1000.0 + np.arange(16.0)])[:, np.newaxis]
    display = EntropyPolarDisplay.from_samples(X, X[:, 0] > 500)
    assert display.lines_ is None and not display.mean.any()


def test_the_diagram_of_demsar():
    # Table 6 and section 3.2.2 of Demsar 2006: four algorithms on 14 sets; CD is 1.25 at 0.05, where no two differ, and
    # 1.12 at 0.10, where C4.5 is worse than the two with m and nothing is said of C4.5+cf.
    names, ranks = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"], [3.143, 2.000, 2.893, 1.964]
    display = CriticalDifferenceDisplay.from_ranks(ranks, names, cd=1.25)
    assert [group.tolist() for group in display.groups_] == [[3, 1, 2, 0]]
    texts = [t.get_text() for t in display.ax_.texts]
    assert {"CD = 1.25", "C4.5 (3.14)", "C4.5+m+cf (1.96)"} <= set(texts)
    # The best rank is to the right.
    left, right = display.ax_.get_xlim()
    assert left > right
    display = CriticalDifferenceDisplay.from_ranks(ranks, names, cd=1.12)
    assert [group.tolist() for group in display.groups_] == [[3, 1, 2], [2, 0]]


def test_a_difference_as_large_as_the_critical_one_is_significant():
    display = CriticalDifferenceDisplay.from_ranks([1.0, 2.0, 3.0], list("abc"), cd=1.0)
    assert display.groups_ == []
    display = CriticalDifferenceDisplay.from_ranks([1.0, 2.0, 3.0], list("abc"), cd=2.5)
    assert [group.tolist() for group in display.groups_] == [[0, 1, 2]]


def test_scores_are_ranked_set_by_set():
    scores = pd.DataFrame({"a": [0.9, 0.8, 0.7], "b": [0.9, 0.6, 0.8], "c": [0.1, 0.2, 0.3]})
    display = CriticalDifferenceDisplay.from_scores(scores, cd=1.0)
    np.testing.assert_allclose(display.ranks, [(1.5 + 1 + 2) / 3, (1.5 + 2 + 1) / 3, 3.0])
    assert list(display.names) == ["a", "b", "c"]
    losses = CriticalDifferenceDisplay.from_scores(scores.to_numpy(), 1.0, names="xyz", greater_is_better=False)
    np.testing.assert_allclose(losses.ranks, rankdata(scores.to_numpy(), axis=1).mean(axis=0))


def test_the_critical_difference_is_nemenyis_where_none_is_given():
    # Demsar 2006, table 5 (a) and section 3.2.2: four methods on 14 sets, 2.569 at 0.05 and 2.291 at 0.10.
    scores = np.random.default_rng(0).normal(size=(14, 4))
    for alpha, q in [(0.05, 2.569), (0.10, 2.291)]:
        display = CriticalDifferenceDisplay.from_scores(scores, alpha=alpha, names="abcd")
        assert display.cd == pytest.approx(q * np.sqrt(4 * 5 / (6 * 14)), abs=5e-4)


@pytest.mark.parametrize("n", [2, 9, 20])
@pytest.mark.parametrize("name", ["b", "a method with a long name"])
def test_no_label_covers_another(n, name):
    names = [f"{name} {i}" for i in range(n)]
    display = CriticalDifferenceDisplay.from_ranks(np.linspace(1.25, n - 0.25, n), names, cd=0.3 * n)
    figure = display.figure_
    figure.canvas.draw()
    boxes = [t.get_window_extent() for t in display.ax_.texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
        # Constrained layout keeps it on the page.
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1


def test_colors_differ_from_the_background(data):
    X, y = data
    for style in ["default", "dark_background"]:
        with plt.style.context(style):
            display = MembershipDisplay.from_memberships(X, y, np.ones(len(y)))
            back = luminance(display.ax_.get_facecolor())
            for marks in display.scatter_:
                of_mark = luminance(marks.get_facecolor()[0])
                # The contrast that WCAG 2.1 asks for graphics (1.4.11).
                assert (max(back, of_mark) + 0.05) / (min(back, of_mark) + 0.05) >= 3.0


def linear(color):
    """Linear red, green and blue of sRGB."""
    c = np.asarray(color[:3])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color):
    """Relative luminance of WCAG 2.1."""
    return linear(color) @ [0.2126, 0.7152, 0.0722]


# Machado, Oliveira & Fernandes 2009, doi 10.1109/TVCG.2009.113, severity 1: what an eye without one kind of cone sees.
EYES = {
    "protanope": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranope": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanope": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(rgb):
    """CIELAB of linear red, green and blue, D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = to_xyz @ rgb / np.array([0.9505, 1.0, 1.089])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("eye", EYES)
def test_color_blind_readers_tell_the_classes_apart(data, style, eye):
    X, y = data
    with plt.style.context(style):
        display = MembershipDisplay.from_memberships(X, y, np.ones(len(y)))
    seen = [lab(np.clip(EYES[eye] @ linear(m.get_facecolor()[0]), 0, 1)) for m in display.scatter_]
    # Ten times the difference that an eye just notices, 2.3.
    assert np.linalg.norm(seen[0] - seen[1]) > 23
    first, second = (marks.get_paths()[0].vertices for marks in display.scatter_)
    assert first.shape != second.shape


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda X, y: MembershipDisplay.from_memberships(X[:, :1], y, np.ones(len(y))), "table of two features"),
        (lambda X, y: MembershipDisplay.from_memberships(X, y, np.ones(3)), "membership must be an array of shape"),
        (lambda X, y: MembershipDisplay.from_memberships(X, y, -np.ones(len(y))), "finite, non-negative"),
        (lambda X, y: MembershipDisplay.from_memberships(X, y[:5], np.ones(len(y))), "y must be an array of shape"),
        (lambda X, y: MembershipDisplay.from_memberships(X, 0 * y, np.ones(len(y))), "y must have two classes"),
        (lambda X, y: MembershipDisplay.from_memberships(X, y, np.ones(len(y)), largest=0.0), "largest must be > 0"),
        (lambda X, y: EntropyPolarDisplay.from_samples(X, y, angle="both"), "angle must be one of"),
        (lambda X, y: EntropyPolarDisplay.from_estimator(FuzzySVC("efsvm").fit(X, y), X, y), "must be iefsvm or"),
        (lambda X, y: CriticalDifferenceDisplay.from_ranks([1.0, 2.0], ["a"], 1.0), "names must be as many"),
        (lambda X, y: CriticalDifferenceDisplay.from_ranks([1.0, 3.0], ["a", "b"], 1.0), "from 1 to 2"),
        (lambda X, y: CriticalDifferenceDisplay.from_ranks([1.0, 2.0], ["a", "b"], 0.0), "cd must be finite"),
        (lambda X, y: CriticalDifferenceDisplay.from_scores([[0.5, np.nan]], 1.0, names="ab"), "must be finite"),
        (lambda X, y: CriticalDifferenceDisplay.from_scores([[0.5, 0.6]], 1.0), "names must be given"),
    ],
)
def test_errors(data, draw, words):
    with pytest.raises(ValueError) as error:
        draw(*data)
    assert words in str(error.value)
    assert not plt.get_fignums()


def test_grids_that_are_none(data, fitted):
    X, y = data
    with pytest.raises(ValueError, match="grid_resolution"):
        MembershipDisplay.from_estimator(fitted, X, y, grid_resolution=1)
    with pytest.raises(ValueError, match="margin"):
        MembershipDisplay.from_estimator(fitted, X, y, margin=-1.0)
    with pytest.raises(NotFittedError):
        MembershipDisplay.from_estimator(FuzzySVC(), X, y)


def test_without_matplotlib(data, fitted, monkeypatch):
    X, y = data
    display = MembershipDisplay.from_estimator(fitted, X, y)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    asks = {
        "MembershipDisplay.plot": display.plot,
        "MembershipDisplay.from_estimator": lambda: MembershipDisplay.from_estimator(fitted, X, y),
        "MembershipDisplay.from_memberships": lambda: MembershipDisplay.from_memberships(X, y, np.ones(len(y))),
        "EntropyPolarDisplay.from_estimator": lambda: EntropyPolarDisplay.from_estimator(fitted, X, y),
        "EntropyPolarDisplay.from_samples": lambda: EntropyPolarDisplay.from_samples(X, y),
        "CriticalDifferenceDisplay.from_ranks": lambda: CriticalDifferenceDisplay.from_ranks([1, 2], "ab", 1.0),
        "CriticalDifferenceDisplay.from_scores": lambda: CriticalDifferenceDisplay.from_scores([[1, 2]], 1.0),
    }
    for name, ask in asks.items():
        with pytest.raises(ImportError) as error:
            ask()
        words = f"{name} requires matplotlib. You can install matplotlib with `pip install matplotlib`"
        assert str(error.value) == words


def test_matplotlib_is_not_imported_before_it_is_needed():
    program = "import sys, fuzzysvm.display; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_entropies_are_those_of_the_fit(data):
    X, y = data
    weights = np.ones(len(y))
    weights[::3] = 0.0
    model = FuzzySVC("iefsvm").fit(X, y, sample_weight=weights)
    display = EntropyPolarDisplay.from_estimator(model, X, y)
    kept = ~np.isnan(model.entropy_).any(axis=1)
    np.testing.assert_array_equal(display.mean, model.entropy_[kept].mean(axis=1))
    few = np.r_[np.flatnonzero(y == y[0])[:8], np.flatnonzero(y != y[0])[:4]]
    with pytest.warns(UserWarning):
        small = FuzzySVC("iefsvm").fit(X[few], y[few])
    assert len(EntropyPolarDisplay.from_estimator(small, X[few], y[few]).mean) == 12
