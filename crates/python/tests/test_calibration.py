"""Probabilities of models that the command line trained with ``--calibrate``."""

import json
import os
import pickle
import subprocess

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.metrics import brier_score_loss

from fuzzysvm import FuzzySVC, load_model, save_model, to_onnx

BINARY = os.environ.get("FUZZYSVM")
pytestmark = pytest.mark.skipif(not BINARY, reason="the command is not named by FUZZYSVM")


def run(*arguments):
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["sigmoid", "isotonic"])
def calibrated(request, tmp_path_factory):
    """Training rows with a text and gaps, the model file, and what the command line predicts of new rows."""
    folder = tmp_path_factory.mktemp("calibrated")
    X, y = make_classification(400, 3, n_informative=2, n_redundant=0, weights=[0.8], flip_y=0.1, random_state=3)
    frame = pd.DataFrame(X, columns=["age", "debt", "score"]).assign(town=np.array(["Oslo", "Rome"])[np.arange(400) % 2])
    frame.loc[::9, "debt"] = np.nan
    labels = np.where(y == 1, "bad", "good")
    frame[:300].assign(y=labels[:300]).to_csv(folder / "train.csv", index=False)
    frame[300:].assign(y=labels[300:]).to_csv(folder / "new.csv", index=False)
    model = folder / "model.json"
    run("train", folder / "train.csv", "--method", "iefsvm", "--calibrate", request.param, "--model", model)
    run("predict", folder / "new.csv", "--model", model, "--output", folder / "scores.csv")
    return frame[300:], labels[300:], model, pd.read_csv(folder / "scores.csv"), folder


def test_python_gives_the_probabilities_of_the_command_line(calibrated):
    X, _, model, scores, folder = calibrated
    loaded = load_model(model)
    p = loaded.predict_proba(X)
    assert p.shape == (100, 2) and list(loaded.classes_) == ["good", "bad"]
    np.testing.assert_array_equal(p[:, 1], scores["probability"])
    np.testing.assert_allclose(p.sum(axis=1), 1.0, rtol=1e-15)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(loaded)).predict_proba(X), p)
    save_model(loaded, folder / "again.json")
    np.testing.assert_array_equal(load_model(folder / "again.json").predict_proba(X), p)


def test_evaluate_measures_what_scikit_learn_measures(calibrated):
    _, y, model, scores, folder = calibrated
    found = json.loads(run("evaluate", folder / "new.csv", "--model", model, "--resamples", 20, "--json"))
    assert found["brier"] == pytest.approx(brier_score_loss(y == "bad", scores["probability"]), rel=1e-12)


def test_a_graph_has_the_probabilities(calibrated):
    onnxruntime = pytest.importorskip("onnxruntime")
    X, _, model, scores, folder = calibrated
    session = onnxruntime.InferenceSession(to_onnx(load_model(model)), providers=["CPUExecutionProvider"])
    assert [(o.name, o.shape[1:], o.type) for o in session.get_outputs()][2] == ("probability", [], "tensor(double)")
    inputs = {name: X[[name]].to_numpy(object if name == "town" else float) for name in X}
    label, score, probability = session.run(["label", "score", "probability"], inputs)
    np.testing.assert_array_equal(label, scores["label"])
    np.testing.assert_allclose(score, scores["decision"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(probability, scores["probability"], rtol=1e-9, atol=1e-9)
    # Far off both ends.
    far = {name: (values if name == "town" else values * 1e6) for name, values in inputs.items()}
    (ends,) = session.run(["probability"], far)
    assert ((ends >= 0) & (ends <= 1)).all()


def test_a_model_without_has_no_probabilities(tmp_path):
    X, y = [[0.0], [0.5], [1.0], [3.0], [3.5]], ["no", "no", "no", "yes", "yes"]
    save_model(FuzzySVC("class-cost").fit(X, y), tmp_path / "model.json")
    loaded = load_model(tmp_path / "model.json")
    assert not hasattr(loaded, "predict_proba")
    with pytest.raises(AttributeError, match="predict_proba"):
        loaded.predict_proba(X)
