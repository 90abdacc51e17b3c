"""``lend`` and ``compare`` give what the command line gives."""

import re
import subprocess

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification

import fuzzysvm
from fuzzysvm import compare, lend

SMALL = {"trials": 2, "train": 200, "test": 200, "c": [1, 4], "gamma": [0.02], "k": [1, 3]}


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    paths = []
    for seed in range(3):
        X, y = make_classification(90, 4, weights=[0.75], flip_y=0.1, random_state=seed)
        path = folder / f"set{seed}.csv"
        pd.DataFrame(X, columns=list("abcd")).assign(y=np.where(y, "bad", "good")).to_csv(path, index=False)
        paths.append(str(path))
    return paths


def flags(options):
    """Options as the command line writes them."""
    given = []
    for name, value in options.items():
        flag = "--" + {"returns": "return"}.get(name, name).replace("_", "-")
        if value is True:
            given.append(flag)
        else:
            given += [flag, ",".join(map(str, value)) if isinstance(value, list) else str(value)]
    return given


def command(binary, out, *arguments):
    subprocess.run([binary, *arguments, "--out", out, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return (out / "results.json").read_text(encoding="utf-8")


def without_clock(text):
    """results.json without what only the command line has: the last four lines of its provenance."""
    clock = r',\n    "command": .*,\n    "cpu": .*,\n    "started": .*,\n    "seconds": .*(?=\n  })'
    cut, n = re.subn(clock, "", text)
    assert n == 1
    return cut


@pytest.mark.parametrize(
    "options",
    [
        {**SMALL, "simulated_loans": 3000, "methods": ["svm", "iefsvm", "cs-rf", "random"], "top": 0.2},
        {**SMALL, "simulated_loans": 3000, "methods": ["efsvm", "iefsvm"], "preset": "published", "seed": 7},
        {
            **SMALL,
            "simulated_loans": 4000,
            "methods": ["class-cost"],
            "split": "out-of-time",
            "known_only": True,
            "returns": "annualised",
            "regression": "all",
            "rank": "score",
            "snapshot": "off",
            "folds": 3,
            "scores": True,
        },
        {
            **SMALL,
            "simulated_loans": 3000,
            "methods": ["class-cost", "w-elm"],
            "split": "random",
            "forecast": "expected",
            "scores": True,
        },
        {
            "simulated_loans": 3000,
            "split": "walk-forward",
            "methods": ["highest-rate", "hazard-forecast"],
            "hurdle": "grade",
        },
    ],
    ids=["both", "published", "out-of-time", "expected", "walk-forward"],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_lend_gives_the_bytes_of_the_command_line(binary, tmp_path, options):
    theirs = without_clock(command(binary, tmp_path / "out", "lend", *flags(options)))
    ours = lend(**options)
    assert ours.to_json() == theirs
    files = [path.name for path in (tmp_path / "out").iterdir()]
    assert ("portfolio.csv" in files, "walk-forward.csv" in files) == (bool(len(ours.trials)), bool(len(ours.quarters)))
    if len(ours.trials):
        portfolio = pd.read_csv(tmp_path / "out" / "portfolio.csv", dtype={"loan": str})
        pd.testing.assert_frame_equal(ours.purchases, portfolio.drop(columns="source"), check_dtype=False)
    assert ("scores.csv.gz" in files) == bool(len(ours.scores)) == bool(options.get("scores"))
    if len(ours.scores):
        scores = pd.read_csv(tmp_path / "out" / "scores.csv.gz", dtype={"loan": str}).drop(columns="source")
        scores["charged_off"] = scores["charged_off"] == 1
        pd.testing.assert_frame_equal(ours.scores, scores, check_dtype=False)
    if len(ours.quarters):
        bought = pd.read_csv(tmp_path / "out" / "walk-forward.csv", dtype={"loan": str}).drop(columns="source")
        bought["charged_off"] = bought["charged_off"] == 1
        pd.testing.assert_frame_equal(ours.quarter_purchases, bought, check_dtype=False)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_lend_reads_files(binary, tmp_path):
    subprocess.run([binary, "simulate-loans", "--n", "2500", "--output", tmp_path / "book.csv"], check=True)
    text = (tmp_path / "book.csv").read_text().replace('"purpose"', '"what for"', 1)
    (tmp_path / "book.csv").write_text(text)
    options = {**SMALL, "methods": ["svm"], "split": "random"}
    path = str(tmp_path / "book.csv")
    theirs = command(binary, tmp_path / "out", "lend", "--loans", path, "--map", "what for=purpose", *flags(options))
    theirs = without_clock(theirs)
    assert lend(path, map={"what for": "purpose"}, **options).to_json() == theirs


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_tables_of_lend():
    result = lend(simulated_loans=3000, methods=["svm", "iefsvm", "highest-rate"], **SMALL)
    trials = result.trials.groupby("method")["balanced_accuracy"].agg(["mean", "std"])
    metric = result.methods[result.methods["metric"] == "balanced_accuracy"].set_index("method")
    np.testing.assert_allclose(metric[["mean", "std"]], trials.loc[metric.index], rtol=1e-12)
    of_methods = result.purchases["method"] != "benchmark-1"
    bought = result.purchases[of_methods].groupby(["method", "trial"])["realised"].mean()
    returned = result.trials.set_index(["method", "trial"])["return_top"].sort_index()
    np.testing.assert_allclose(bought, returned, rtol=1e-9)
    assert result.purchases.groupby(["method", "trial"])["amount"].sum().round(6).eq(10_000).all()
    assert result.differences["method"].unique().tolist() == ["svm"]
    assert result.benchmarks["name"].tolist() == ["Benchmark 1", "Benchmark 2", "IEFSVM"]
    assert result.rankings["strategy"].tolist() == ["highest-rate", "svm", "iefsvm"]
    per_quarter = result.quarter_purchases[result.quarter_purchases["ranking"] == "highest-rate"]
    assert per_quarter["realised"].mean() == pytest.approx(result.rankings["top.mean_roi"][0])
    assert repr(result) == f"LendResult(source='simulated', methods=2, trials=2, quarters={len(result.quarters)})"


COMPARE = {"methods": ["svm", "iefsvm", "rusboost"], "repeats": 2, "folds": 3, "inner_folds": 2, "c": [1, 16]}


@pytest.mark.parametrize(
    "options",
    [
        {**COMPARE, "gamma": [0.1]},
        {**COMPARE, "gamma": [0.1, 1.0], "control": "svm", "scale": "minmax", "drop": ["a"], "positive": "good"},
    ],
    ids=["plain", "options"],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_compare_gives_the_bytes_of_the_command_line(binary, sets, tmp_path, options):
    small = tmp_path / "small.csv"
    small.write_text("a,b,y\n" + "".join(f"{i},{i % 3},{'bad' if i < 2 else 'good'}\n" for i in range(12)))
    data = [*sets, str(small), sets[0]]
    theirs = without_clock(command(binary, tmp_path / "out", "compare", *data, *flags(options)))
    ours = compare(data, **options)
    assert ours.to_json() == theirs
    assert ours.skipped["source"].tolist() == [sets[0], str(small)]
    scores = pd.read_csv(tmp_path / "out" / "results.csv").drop(columns="folds")
    ours = ours.scores.sort_values(["set", "method", "metric"]).reset_index(drop=True)
    theirs = scores.sort_values(["set", "method", "metric"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(ours, theirs, rtol=1e-14)


def test_tables_of_compare(sets):
    result = compare(sets, gamma=[0.1], **COMPARE)
    key = ["set", "method"]
    folds = result.folds.groupby(key)["balanced_accuracy"].agg(["mean", "std"])
    scores = result.scores[result.scores["metric"] == "balanced_accuracy"].set_index(key)[["mean", "std"]]
    np.testing.assert_allclose(scores.sort_index(), folds.sort_index(), rtol=1e-12)
    table = scores["mean"].unstack()[COMPARE["methods"]]
    test = result.tests.set_index("metric").loc["balanced_accuracy"]
    ours = fuzzysvm.stats.friedman(table)
    assert test["friedman.chi_squared"] == pytest.approx(ours.chi_squared)
    assert test["p_value"] == pytest.approx(ours.p_value)
    row = result.comparisons.query("metric == 'balanced_accuracy' and method == 'svm'").iloc[0]
    assert row["control"] == "iefsvm"
    assert row["wilcoxon.p_value"] == pytest.approx(fuzzysvm.stats.wilcoxon(table["iefsvm"], table["svm"]).p_value)
    assert result.sets["n_samples"].tolist() == [90, 90, 90] and result.skipped.empty
    assert repr(result) == "CompareResult(sets=3, methods=3)"


def test_what_is_left_out_is_said(sets, tmp_path):
    broken = tmp_path / "broken.csv"
    broken.write_text("a,y\n1,x\n1e999,z\n")
    with pytest.warns(UserWarning, match=r"broken.csv: left out: .*1e999"):
        result = compare([*sets, broken], methods=["svm"], c=[1], gamma=[0.1], folds=2, repeats=1, inner_folds=2)
    assert len(result.sets) == 3 and result.tests.empty
    with pytest.raises(ValueError, match="broken.csv.*1e999"):
        compare(broken)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"trials": 0}, 'parameter `trials` is "0": must be a whole number from 1'),
        ({"train": 5}, "parameter `train` is 5: must be at least 20"),
        ({"top": 2}, r"parameter `top` is 2: must lie in \(0, 1\]"),
        ({"c": [-1.0]}, "parameter `c` is -1"),
        ({"k": [0]}, "parameter `k`"),
        ({"split": "what"}, "must be one of both, random, walk-forward, out-of-time"),
        ({"methods": ["svm", "svm"]}, "methods names svm twice"),
        ({"methods": ["what"]}, 'parameter `methods` is "what": must name what there is'),
        ({"known_only": True}, 'known_only needs split="out-of-time"'),
        ({"hurdle": "rate", "split": "random"}, 'hurdle does nothing without split="walk-forward" or both'),
        ({"preset": "published", "top": 0.2}, 'top does nothing beside preset="published", which sets it'),
        ({"forecast": "what"}, "must be one of linear, ridge, instances, expected"),
        ({"forecast": "expected", "rank": "score"}, "parameter `forecast` is expected: must be another one beside"),
        ({"forecast": "ridge", "split": "walk-forward"}, 'forecast does nothing with split="walk-forward"'),
        ({"trials": 3, "split": "walk-forward"}, 'trials does nothing with split="walk-forward"'),
        ({"test_from": "June", "split": "out-of-time"}, "parameter `test_from`.* must be a month"),
        ({"simulated_loans": 100}, "loans are needed"),
        ({"map": {"a": "b"}}, "map needs loans"),
        ({"loans": 3}, "loans must be a path or a list of paths; got 3"),
        ({"threads": 0, "simulated_loans": 100}, "threads must be at least 1; got 0"),
    ],
)
def test_errors_of_lend(options, words):
    with pytest.raises(ValueError, match=words):
        lend(**options)


def test_errors_of_compare(sets):
    for options, words in [
        ({"control": "efsvm", "methods": ["svm"]}, 'control="efsvm" is not among methods'),
        ({"folds": 1}, "parameter `folds` is 1: must be at least 2"),
        ({"missing": "x"}, "must be one of impute, refuse"),
        ({"decimal": "x"}, "must be . or ,"),
        ({"gamma": ["x"]}, "parameter `gamma`"),
    ]:
        with pytest.raises(ValueError, match=words):
            compare(sets, **options)
    with pytest.raises(ValueError, match="no data set"):
        compare([])
    with pytest.raises(TypeError):
        compare(sets, client=3)
