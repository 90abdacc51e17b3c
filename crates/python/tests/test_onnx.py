"""ONNX graphs against the models that they are made of, in ONNX Runtime."""

import subprocess
from contextlib import nullcontext
from itertools import combinations

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from scipy.linalg import block_diag
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.datasets import dump_svmlight_file, load_svmlight_file, make_classification
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC

from fuzzysvm import FuzzySVC, _native, load_model, to_onnx

KERNELS = [
    {"kernel": "rbf", "C": 1.0},
    {"kernel": "rbf", "C": 1000.0, "gamma": 0.05},
    {"kernel": "linear", "C": 100.0},
    {"kernel": "poly", "degree": 3, "coef0": 1.0},
    {"kernel": "poly", "degree": 2, "gamma": 0.1},
    {"kernel": "sigmoid", "gamma": 0.01, "coef0": -0.1},
    {"kernel": "laplacian", "gamma": 0.1},
]


def session(model):
    """The graph in ONNX Runtime, checked by ONNX's own checker."""
    onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def agrees(model, inputs, labels, scores):
    """Every label is equal, and every score to 1e-5 of its size."""
    label, score = session(model).run(["label", "score"], inputs)
    np.testing.assert_array_equal(label, labels)
    np.testing.assert_allclose(score, scores, rtol=1e-5, atol=0)
    return label, score


def columns(frame):
    """The columns of a frame as inputs: texts are empty where they are missing."""
    inputs = {}
    for name in frame:
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column):
            inputs[name] = column.to_numpy(np.float64).reshape(-1, 1)
        else:
            inputs[name] = column.astype(object).where(column.notna(), "").to_numpy(object).reshape(-1, 1)
    return inputs


@pytest.fixture(scope="module")
def samples():
    X, y = make_classification(1200, 12, weights=[0.8], flip_y=0.05, class_sep=0.5, random_state=0)
    X = StandardScaler().fit_transform(X)
    return X[:400], y[:400], X[400:]


@pytest.fixture(scope="module")
def mixed():
    """A table of numbers and texts, with missing cells; and rows with categories that it does not have."""
    rng = np.random.default_rng(1)
    n = 900
    frame = pd.DataFrame(
        {
            "income": rng.lognormal(10, 1, n).round(2),
            "age": rng.integers(18, 80, n).astype(float),
            "home, or none": rng.choice(["rent", "own", "mortgage"], n),
            "purpose": rng.choice(["car", "house", "wedding", "größe"], n),
        }
    )
    risk = (frame["age"] < 35) + 1.0 * (frame["home, or none"] == "rent") + rng.normal(0, 0.7, n)
    kind = np.where(risk > 1.2, "default", "paid")
    frame.loc[rng.random(n) < 0.1, "income"] = np.nan
    frame.loc[rng.random(n) < 0.1, "purpose"] = None
    train, test = frame[:400], frame[400:].copy()
    test.loc[rng.random(len(test)) < 0.2, "purpose"] = "boat"
    # Training misses no age.
    test.loc[rng.random(len(test)) < 0.1, "age"] = np.nan
    return train, kind[:400], test, kind[400:]


@pytest.mark.parametrize("params", KERNELS, ids=lambda p: f"{p['kernel']}-{p.get('C', 1)}")
def test_every_kernel(samples, params):
    X, y, new = samples
    svc = FuzzySVC("class-cost", **params).fit(X, y)
    _, score = agrees(to_onnx(svc), {"X": new}, svc.predict(new), svc.decision_function(new))
    assert (score > 0).any() and (score < 0).any()


def test_columns_may_have_any_names(samples):
    X, y, new = samples
    names = [
        "distance",
        "column",
        "difference",
        "axis",
        "sum",
        "next_sum",
        "of_rows",
        "of_points",
        "score",
        "x",
        "y",
        "z",
    ]
    svc = FuzzySVC("svm", kernel="laplacian", gamma=0.1).fit(pd.DataFrame(X, columns=names), y)
    frame = pd.DataFrame(new, columns=names)
    label, score = session(to_onnx(svc)).run(["label", "score_"], columns(frame))
    np.testing.assert_array_equal(label, svc.predict(frame))
    np.testing.assert_allclose(score, svc.decision_function(frame), rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    "names",
    [["n", "y"], ["y", "n"], [0, 1], [1, 0], [-1, 1], [7, 3], [2.0, -1.0], [True, False], [False, True]],
    ids=str,
)
def test_classes_of_any_kind_in_either_order(samples, names):
    X, y, new = samples
    y = np.array(names)[y]
    svc = FuzzySVC().fit(X, y)
    label, score = agrees(to_onnx(svc), {"X": new}, svc.predict(new), svc.decision_function(new))
    assert set(label) == set(names)
    np.testing.assert_array_equal(score > 0, label == svc.classes_[1])


@pytest.mark.parametrize("multi_class", ["ovo", "ovr"])
@pytest.mark.parametrize("shape", ["ovr", "ovo"])
@pytest.mark.parametrize("break_ties", [False, True])
@pytest.mark.parametrize("names", [["b", "d", "a", "c"], [3, 1, 2, 7]], ids=["texts", "numbers"])
def test_several_classes(multi_class, shape, break_ties, names):
    X, y = make_classification(900, 6, n_informative=4, n_classes=4, flip_y=0.2, class_sep=0.6, random_state=0)
    X, y, new = X[:300], np.array(names)[y[:300]], X[300:]
    svc = FuzzySVC(
        "class-cost",
        gamma=0.1,
        multi_class=multi_class,
        decision_function_shape=shape,
        break_ties=break_ties,
    ).fit(X, y)
    label, _ = agrees(to_onnx(svc), {"X": new}, svc.predict(new), svc.decision_function(new))
    assert set(label) == set(names)


def test_far_from_the_origin(samples):
    X, y, new = samples
    scale, shift = np.geomspace(1e-3, 1e6, 12), np.linspace(-1e7, 1e7, 12)
    X, new = X + shift * np.geomspace(1e-9, 1, 12) / scale, new + shift * np.geomspace(1e-9, 1, 12) / scale
    svc = make_pipeline(StandardScaler(), FuzzySVC()).fit(X * scale, y)
    agrees(to_onnx(svc), {"X": new * scale}, svc.predict(new * scale), svc.decision_function(new * scale))
    for kernel in ("rbf", "laplacian"):
        svc = FuzzySVC("svm", kernel=kernel, gamma=0.05).fit(X, y)
        agrees(to_onnx(svc), {"X": new}, svc.predict(new), svc.decision_function(new))


def test_ties_are_ties_of_the_negative_class():
    X = np.tile([[0.1, 0.7], [0.3, 0.2]], (6, 1))
    y = np.repeat([0, 1], 6)
    svc = FuzzySVC("svm").fit(X, y)
    assert (svc.decision_function(X) == 0).all()
    agrees(to_onnx(svc), {"X": X}, np.zeros(12), np.zeros(12))


def test_one_row_and_none(samples):
    X, y, new = samples
    svc = FuzzySVC(kernel="laplacian").fit(X, y)
    for rows in (new[:1], new[:0]):
        label, score = session(to_onnx(svc)).run(None, {"X": rows})
        assert label.shape == score.shape == (len(rows),)


def test_a_missing_number_that_nothing_fills_has_no_score(samples):
    X, y, new = samples
    label, score = session(to_onnx(FuzzySVC().fit(X, y))).run(None, {"X": np.full_like(new[:1], np.nan)})
    assert np.isnan(score).all()
    assert label == [0]


def test_a_score_that_overflows_is_no_tie(samples):
    X, y, new = samples
    svc = FuzzySVC("svm", kernel="poly", degree=3).fit(X, y)
    huge = np.full_like(new[:1], 1e200)
    with pytest.raises(ValueError, match="decision value"):
        svc.decision_function(huge)
    _, score = session(to_onnx(svc)).run(None, {"X": huge})
    assert not np.isfinite(score).any()


def test_columns_of_a_frame_are_inputs(samples):
    X, y, new = samples
    names = ["label", "score", "fuzzysvm_1", *(f"col {i}" for i in range(9))]
    svc = FuzzySVC().fit(pd.DataFrame(X, columns=names), y)
    new = pd.DataFrame(new, columns=names)
    run = session(to_onnx(svc))
    assert [i.name for i in run.get_inputs()] == names
    # Names that columns have are taken.
    assert [o.name for o in run.get_outputs()] == ["label_", "score_"]
    label, score = run.run(None, columns(new))
    np.testing.assert_array_equal(label, svc.predict(new))
    np.testing.assert_allclose(score, svc.decision_function(new), rtol=1e-5)


@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(),
        StandardScaler(with_mean=False),
        StandardScaler(with_std=False),
        StandardScaler(with_mean=False, with_std=False),
        MinMaxScaler((-1, 3)),
        MaxAbsScaler(),
        RobustScaler(),
        RobustScaler(with_centering=False),
        "passthrough",
    ],
    ids=str,
)
def test_scalers(samples, scaler):
    X, y, new = samples
    X, new = X * 3 + 5, new * 3 + 5
    pipeline = make_pipeline(scaler, FuzzySVC()).fit(X, y)
    agrees(to_onnx(pipeline), {"X": new}, pipeline.predict(new), pipeline.decision_function(new))


@pytest.mark.parametrize("indicator", [False, True])
def test_imputers(samples, indicator):
    X, y, new = (a.copy() for a in samples)
    rng = np.random.default_rng(0)
    X[rng.random(X.shape) < 0.1] = np.nan
    new[rng.random(new.shape) < 0.1] = np.nan
    # No row has the last but one, every row the last.
    X[:, -2], X[:, -1] = np.nan, 1.0
    imputer = SimpleImputer(strategy="median", add_indicator=indicator)
    pipeline = make_pipeline(imputer, StandardScaler(), FuzzySVC()).fit(X, y)
    # The indicator of scikit-learn asks for what training missed.
    new[:, -1] = 1.0
    agrees(to_onnx(pipeline), {"X": new}, pipeline.predict(new), pipeline.decision_function(new))


@pytest.mark.parametrize("drop", [None, "first"])
@pytest.mark.parametrize("kernel", ["rbf", "laplacian"])
def test_a_pipeline_of_a_mixed_table(mixed, drop, kernel):
    X, y, new, _ = mixed
    text = ["home, or none", "purpose"]
    encoder = OneHotEncoder(drop=drop, handle_unknown="ignore", sparse_output=False)
    features = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), ["age", "income"]),
            ("texts", encoder, text),
            ("unused", "drop", ["purpose"]),
        ]
    )
    search = GridSearchCV(make_pipeline(features, FuzzySVC(kernel=kernel)), {"fuzzysvc__C": [1.0, 10.0]}, cv=2)
    # Training misses no age, and the indicator has no column for it.
    new = new.fillna({"age": 30.0})
    search.fit(X, y)
    with pytest.warns(UserWarning, match="unknown categories") if drop else nullcontext():
        labels, scores = search.predict(new), search.decision_function(new)
    agrees(to_onnx(search), columns(new), labels, scores)


def test_texts_that_are_imputed_numbers_that_are_encoded(mixed):
    X, y, new, _ = mixed
    X, new = X.drop(columns="income"), new.drop(columns="income").fillna({"age": 17.0})
    texts = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    )
    features = ColumnTransformer(
        [
            ("texts", texts, make_column_selector(dtype_exclude="number")),
            ("ages", OneHotEncoder(handle_unknown="ignore", sparse_output=False), slice("age", "age")),
        ],
        remainder="passthrough",
    )
    pipeline = make_pipeline(features, FuzzySVC()).fit(X, y)
    agrees(to_onnx(pipeline), columns(new), pipeline.predict(new), pipeline.decision_function(new))


def test_texts_are_filled_before_their_columns_are_chosen(mixed):
    X, y, new, _ = mixed
    X, new = X.select_dtypes(exclude="number"), new.select_dtypes(exclude="number")
    assert new.isna().any().any()
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    chosen = ColumnTransformer([("texts", encoder, list(range(X.shape[1])))])
    pipeline = make_pipeline(SimpleImputer(strategy="most_frequent"), chosen, FuzzySVC()).fit(X, y)
    agrees(to_onnx(pipeline), columns(new), pipeline.predict(new), pipeline.decision_function(new))


def test_columns_that_are_passed_through(samples):
    X, y, new = samples
    features = ColumnTransformer([("scaled", StandardScaler(), [0, 1])], remainder="passthrough")
    pipeline = make_pipeline(features, FuzzySVC()).fit(X, y)
    agrees(to_onnx(pipeline), {"X": new}, pipeline.predict(new), pipeline.decision_function(new))


def test_an_unknown_category_is_an_error_where_the_encoder_says_so(mixed):
    X, y, new, _ = mixed
    X, new = X[["purpose"]].fillna("car"), new[["purpose"]].fillna("car")
    pipeline = make_pipeline(OneHotEncoder(sparse_output=False), FuzzySVC("class-cost")).fit(X, y)
    known = new[new["purpose"] != "boat"]
    model = to_onnx(pipeline)
    agrees(model, columns(known), pipeline.predict(known), pipeline.decision_function(known))
    with pytest.raises(Exception, match="(?i)unknown"):
        session(model).run(None, columns(new))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda X, y: FuzzySVC("svm", kernel="precomputed").fit(X[:200] @ X[:200].T, y[:200]), "kernel is precomputed"),
        (lambda X, y: FuzzySVC("svm", kernel=np.inner).fit(X[:200], y[:200]), "kernel is precomputed"),
        (lambda X, y: make_pipeline(Normalizer(), FuzzySVC()).fit(X, y), "Normalizer is not written"),
        (lambda X, y: make_pipeline(MinMaxScaler(clip=True), FuzzySVC()).fit(X, y), "clip=True"),
        (lambda X, y: CalibratedClassifierCV(FuzzySVC(), ensemble=False).fit(X, y), "only FuzzySVC"),
        (lambda X, y: FuzzySVC(), "not fitted"),
    ],
)
def test_what_is_no_graph_is_refused(samples, make, words):
    X, y, _ = samples
    with pytest.raises(ValueError, match=words):
        to_onnx(make(X, y))


@pytest.mark.parametrize("shape", ["ovr", "ovo"])
@pytest.mark.parametrize("break_ties", [False, True])
def test_votes_of_pairs_are_those_of_scikit_learn(shape, break_ties):
    X, y = make_classification(900, 6, n_informative=4, n_classes=4, flip_y=0.2, class_sep=0.6, random_state=0)
    X, y, new = X[:300], y[:300], X[300:]
    svc = SVC(gamma=0.1, decision_function_shape=shape, break_ties=break_ties and shape == "ovr").fit(X, y)
    of_class = np.repeat(range(4), svc.n_support_)
    coefs = np.zeros((6, len(of_class)))
    for coef, (a, b) in zip(coefs, combinations(range(4), 2)):
        coef[of_class == a] = svc.dual_coef_[b - 1, of_class == a]
        coef[of_class == b] = svc.dual_coef_[a, of_class == b]
    graph = _native.OnnxGraph()
    kernel = {"kernel": "rbf", "gamma": 0.1, "degree": 3, "coef0": 0.0}
    model = graph.classify(
        graph.numbers("X", 6),
        kernel,
        np.ascontiguousarray(svc.support_vectors_),
        coefs,
        svc.intercept_.tolist(),
        svc.classes_.tolist(),
        "pairs",
        (svc.break_ties, shape == "ovr"),
    )
    agrees(model, {"X": new}, svc.predict(new), svc.decision_function(new))


def test_the_largest_decision_names_the_class(samples):
    X, y, new = samples
    y = y + (X[:, 0] > 1)
    machines = [FuzzySVC("svm", gamma=0.1).fit(X, y == k) for k in range(3)]
    graph = _native.OnnxGraph()
    model = graph.classify(
        graph.numbers("X", X.shape[1]),
        machines[0]._kernel(),
        np.vstack([m.support_vectors_ for m in machines]),
        block_diag(*[m.dual_coef_ for m in machines]),
        [float(m.intercept_[0]) for m in machines],
        ["a", "b", "c"],
        "largest",
        (True, True),
    )
    decisions = np.column_stack([m.decision_function(new) for m in machines])
    agrees(model, {"X": new}, np.array(["a", "b", "c"])[decisions.argmax(axis=1)], decisions)


# The command line: a table that it was trained on, and `predict` as the judge.


@pytest.fixture
def fuzzysvm(tmp_path, binary):
    def run(*args):
        subprocess.run([binary, *args, "--quiet"], cwd=tmp_path, check=True)
        return tmp_path

    return run


def predicted(fuzzysvm, train, new, *flags):
    """A graph that the command line writes, and what it predicts itself."""
    fuzzysvm("train", train, "--model", "m.json", "--force", *flags)
    fuzzysvm("predict", new, "--model", "m.json", "--output", "p.csv", "--force")
    folder = fuzzysvm("convert", "m.json", "--to", "onnx", "--output", "m.onnx", "--force")
    expected = pd.read_csv(folder / "p.csv", dtype={"label": str})
    return (folder / "m.onnx").read_bytes(), expected["label"], expected["decision"]


@pytest.mark.parametrize(
    "flags",
    [
        ["--kernel", "rbf"],
        ["--kernel", "linear", "--c", "100"],
        ["--kernel", "polynomial", "--coef0", "1"],
        ["--kernel", "sigmoid", "--gamma", "0.01"],
        ["--kernel", "laplacian"],
        ["--kernel", "rbf", "--positive", "paid"],
        ["--scale", "minmax"],
        ["--scale", "none", "--gamma", "1e-6"],
        ["--approx", "nystrom", "--components", "150"],
        ["--approx", "rff"],
    ],
    ids=" ".join,
)
def test_a_mixed_table_of_the_command_line(fuzzysvm, tmp_path, mixed, flags):
    X, y, new, kind = mixed
    X.assign(kind=y).to_csv(tmp_path / "train.csv", index=False)
    new.assign(kind=kind).to_csv(tmp_path / "new.csv", index=False)
    model, labels, decisions = predicted(fuzzysvm, "train.csv", "new.csv", *flags)
    label, score = agrees(model, columns(new), labels, decisions)
    positive = "paid" if "paid" in flags else "default"
    np.testing.assert_array_equal(score > 0, label == positive)
    assert set(label) == {"paid", "default"}


def test_per_cents_are_the_numbers_that_were_read(fuzzysvm, tmp_path, samples):
    X, y, new = samples
    for name, rows, labels in (("train.csv", X, y), ("new.csv", new, np.zeros(len(new), int))):
        cells = [f"{v!r}%" for v in rows[:, 0].tolist()]
        pd.DataFrame({"rate": cells, "other": rows[:, 1], "kind": labels}).to_csv(tmp_path / name, index=False)
    model, labels, decisions = predicted(fuzzysvm, "train.csv", "new.csv")
    agrees(model, {"rate": new[:, [0]] / 100, "other": new[:, [1]]}, labels, decisions)


def test_a_column_that_training_misses_wholly(fuzzysvm, tmp_path, mixed):
    X, y, new, _ = mixed
    X.assign(kind=y, income=np.nan).to_csv(tmp_path / "train.csv", index=False)
    new.to_csv(tmp_path / "new.csv", index=False)
    model, labels, decisions = predicted(fuzzysvm, "train.csv", "new.csv", "--scale", "none", "--gamma", "0.01")
    inputs = columns(new)
    known = [i.name for i in session(model).get_inputs()]
    agrees(model, {name: inputs[name] for name in known}, labels, decisions)


def test_a_model_file_is_the_graph_that_convert_writes(fuzzysvm, tmp_path, mixed):
    X, y, new, kind = mixed
    X.assign(kind=y).to_csv(tmp_path / "train.csv", index=False)
    new.assign(kind=kind).to_csv(tmp_path / "new.csv", index=False)
    model, _, _ = predicted(fuzzysvm, "train.csv", "new.csv")
    assert to_onnx(load_model(tmp_path / "m.json")) == model


def test_a_libsvm_file_of_the_command_line(fuzzysvm, tmp_path, samples):
    X, y, new = samples
    for name, rows, labels in (("train.svm", X, y), ("new.svm", new, np.zeros(len(new), int))):
        dump_svmlight_file(rows, labels, str(tmp_path / name), zero_based=False)
    model, labels, decisions = predicted(fuzzysvm, "train.svm", "new.svm")
    agrees(model, {"X": load_svmlight_file(str(tmp_path / "new.svm"))[0].toarray()}, labels, decisions)
