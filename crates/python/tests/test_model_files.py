"""Model files, to and from the command line."""

import json
import os
import pickle
import subprocess

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris, make_classification
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from fuzzysvm import FuzzySVC, load_model, membership, save_model


@pytest.fixture
def run(binary):
    """Runs the command line."""

    def run(*arguments):
        done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def predicted(run, frame, model, folder):
    """What the command line predicts."""
    frame.to_csv(folder / "new.csv", index=False)
    run("predict", folder / "new.csv", "--model", model, "--output", folder / "scores.csv", "--force")
    return pd.read_csv(folder / "scores.csv", dtype={"label": str})


@pytest.fixture(scope="module")
def numbers():
    X, y = make_classification(200, 4, weights=[0.75], flip_y=0.1, random_state=5)
    return pd.DataFrame(X, columns=["age", "in,come", 'a "b"', "d"]), np.where(y == 1, "bad", "good")


@pytest.fixture(scope="module")
def mixed(numbers):
    """Numbers with gaps, texts, truth values and a column that training leaves alone."""
    X, y = numbers
    frame = X.assign(town=np.array(["Oslo", "Rome, Italy", "São Paulo"])[np.arange(len(X)) % 3], owner=y == "bad")
    frame.loc[::7, "age"] = np.nan
    frame.loc[3::11, "town"] = None
    return frame, y


@pytest.mark.parametrize("kernel", ["rbf", "linear", "poly", "sigmoid", "laplacian"])
@pytest.mark.parametrize("minor", ["bad", "good"])
def test_the_command_line_predicts_what_python_fitted(numbers, kernel, minor, tmp_path, run):
    X, y = numbers
    y = y if minor == "bad" else np.where(y == "bad", "good", "bad")
    fitted = FuzzySVC("efsvm", kernel=kernel, degree=2, coef0=0.5, C=2.0).fit(X, y)
    save_model(fitted, tmp_path / "model.json")
    # Columns by name: another order, and one more.
    scores = predicted(run, X[X.columns[::-1]].assign(more=1.0), tmp_path / "model.json", tmp_path)
    np.testing.assert_allclose(scores["decision"], fitted.decision_function(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(scores["label"], fitted.predict(X))
    loaded = load_model(tmp_path / "model.json")
    np.testing.assert_allclose(loaded.decision_function(X), fitted.decision_function(X), rtol=1e-12, atol=1e-12)
    assert loaded.method_ == "efsvm" and loaded.parameters_["c"] == 2.0
    assert loaded.parameters_["membership"]["n_neighbors"] == 7


@pytest.mark.parametrize("options", [{}, {"with_mean": False}, {"with_std": False}])
def test_a_pipeline_with_a_scaler(numbers, options, tmp_path, run):
    X, y = numbers
    X = X * [10.0, 1.0, 1e3, 0.1] + 5.0
    pipeline = make_pipeline(StandardScaler(**options), FuzzySVC()).fit(X, y)
    save_model(pipeline, tmp_path / "model.json")
    scores = predicted(run, X, tmp_path / "model.json", tmp_path)
    np.testing.assert_allclose(scores["decision"], pipeline.decision_function(X), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(scores["label"], pipeline.predict(X))
    np.testing.assert_array_equal(load_model(tmp_path / "model.json").predict(X), pipeline.predict(X))


def test_columns_without_names_and_labels_that_are_numbers(numbers, tmp_path):
    X, y = numbers[0].to_numpy(), (numbers[1] == "bad") * 3
    fitted = FuzzySVC(membership.IEFSVM(noise_aware=True)).fit(X, y)
    save_model(fitted, tmp_path / "model.json")
    loaded = load_model(tmp_path / "model.json")
    assert loaded.columns_ == ["x0", "x1", "x2", "x3"] and list(loaded.classes_) == ["0", "3"]
    np.testing.assert_array_equal(loaded.predict(X), fitted.predict(X).astype(str))
    np.testing.assert_array_equal(loaded.decision_function(X.tolist()), loaded.decision_function(X))
    assert loaded.parameters_["membership"]["noise_aware"] is True
    save_model(loaded, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == (tmp_path / "model.json").read_text()


def frames(X):
    """The table in the hands of every library that is there, and in another order of columns."""
    yield X
    yield X[X.columns[::-1]].assign(more="x")
    try:
        import polars
    except ImportError:
        return
    yield polars.from_dicts(X.astype(object).where(X.notna(), None).to_dict("records"), infer_schema_length=None)
    try:
        import pyarrow
    except ImportError:
        return
    yield pyarrow.Table.from_pandas(X, preserve_index=False)


@pytest.mark.parametrize("method", ["iefsvm", "class-cost", "cs-rf", "w-elm"])
def test_python_predicts_what_the_command_line_trained(mixed, method, tmp_path, run):
    X, y = mixed
    X.assign(y=y).to_csv(tmp_path / "train.csv", index=False)
    model = tmp_path / "model.json"
    run(
        "train",
        tmp_path / "train.csv",
        "--target",
        "y",
        "--positive",
        "bad",
        "--method",
        method,
        "--missing",
        "impute",
        "--model",
        model,
    )
    scores = predicted(run, X, model, tmp_path)
    loaded = load_model(model)
    assert loaded.method_ == method and set(loaded.columns_) == set(X.columns)
    assert list(loaded.classes_) == ["good", "bad"]
    for frame in frames(X):
        np.testing.assert_array_equal(loaded.decision_function(frame), scores["decision"])
        np.testing.assert_array_equal(loaded.predict(frame), scores["label"])
    again = pickle.loads(pickle.dumps(loaded))
    np.testing.assert_array_equal(again.predict(X), scores["label"])


def test_numbers_alone_go_by_without_a_file(numbers, tmp_path, run):
    X, y = numbers
    X.assign(y=y).to_csv(tmp_path / "train.csv", index=False)
    model = tmp_path / "model.json"
    run("train", tmp_path / "train.csv", "--target", "y", "--model", model)
    scores = predicted(run, X, model, tmp_path)
    loaded = load_model(model)
    for rows in [X, X[loaded.columns_].to_numpy(), *frames(X)]:
        np.testing.assert_array_equal(loaded.decision_function(rows), scores["decision"])


def test_loans(tmp_path, run):
    loans, model = tmp_path / "loans.csv", tmp_path / "model.json"
    run("simulate-loans", "--n", 3000, "--seed", 1, "--output", loans)
    run("train", loans, "--method", "class-cost", "--model", model)
    # The first line says what the file is.
    frame = pd.read_csv(loans, dtype=str, skiprows=1).iloc[:400]
    scores = predicted(run, frame, model, tmp_path)
    loaded = load_model(model)
    decisions, labels = loaded.decision_function(frame), loaded.predict(frame)
    np.testing.assert_array_equal(decisions, scores["decision"])
    scored = scores["decision"].notna().to_numpy()
    np.testing.assert_array_equal(labels[scored], scores["label"][scored])
    assert all(label is None for label in labels[~scored])


def test_errors_say_what_is_wrong(mixed, tmp_path, run):
    X, y = mixed
    X.assign(y=y).to_csv(tmp_path / "train.csv", index=False)
    run("train", tmp_path / "train.csv", "--target", "y", "--missing", "impute", "--model", tmp_path / "model.json")
    loaded = load_model(tmp_path / "model.json")
    with pytest.raises(ValueError, match="X.csv.*town"):
        loaded.predict(X.drop(columns="town"))
    with pytest.raises(ValueError, match="X must have 6 columns"):
        loaded.predict(X.to_numpy()[:, :3])
    with pytest.raises(NotImplementedError, match="a model from a file is fitted"):
        loaded.fit(X, y)
    text = (tmp_path / "model.json").read_text()
    (tmp_path / "broken.json").write_text(text[:200])
    with pytest.raises(ValueError, match="broken.json"):
        load_model(tmp_path / "broken.json")


def test_what_has_no_place_in_a_file(numbers, tmp_path):
    X, y = numbers
    minmax = make_pipeline(MinMaxScaler(), FuzzySVC()).fit(X, y)
    with pytest.raises(ValueError, match="alone or after a StandardScaler; got MinMaxScaler, FuzzySVC"):
        save_model(minmax, tmp_path / "model.json")
    with pytest.raises(ValueError, match="a machine of two classes; got 3"):
        save_model(FuzzySVC().fit(*load_iris(return_X_y=True)), tmp_path / "model.json")
    gram = FuzzySVC("svm", kernel="precomputed").fit(X @ X.T, y)
    called = FuzzySVC("svm", kernel=lambda X, Y: X @ Y.T).fit(X, y)
    for fitted in (gram, called):
        with pytest.raises(ValueError, match="a kernel that has a name"):
            save_model(fitted, tmp_path / "model.json")
    fitted = FuzzySVC().fit(X, y)
    with pytest.raises(ValueError, match="absent"):
        save_model(fitted, tmp_path / "absent" / "model.json")
    assert not os.listdir(tmp_path)
    # A membership of the user's own has no name in the file.
    save_model(FuzzySVC(lambda X, y: np.ones(len(y))).fit(X, y), tmp_path / "model.json")
    loaded = load_model(tmp_path / "model.json")
    assert loaded.method_ is None and loaded.parameters_ is None
    assert json.loads((tmp_path / "model.json").read_text())["checksum"]


def test_a_loaded_model_clones_to_one_that_is_not_fitted(numbers, tmp_path):
    X, y = numbers
    save_model(FuzzySVC().fit(X, y), tmp_path / "model.json")
    with pytest.raises(Exception, match="not fitted"):
        clone(load_model(tmp_path / "model.json")).predict(X)
