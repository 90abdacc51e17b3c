"""``lend``, ``compare``, searches and scoring over several processes."""

import functools
import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import dying
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV

from fuzzysvm import FuzzySVC, _cluster, compare, lend

LEND = {
    "simulated_loans": 3000,
    "split": "random",
    "methods": ["svm", "iefsvm"],
    "trials": 4,
    "train": 150,
    "test": 150,
    "c": [1, 4],
    "gamma": [0.02],
}
COMPARE = {"methods": ["svm", "iefsvm"], "repeats": 1, "folds": 3, "inner_folds": 2, "c": [1, 16], "gamma": [0.1]}


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    paths = []
    for seed in range(2):
        X, y = make_classification(80, 4, weights=[0.75], flip_y=0.1, random_state=seed)
        paths.append(str(folder / f"set{seed}.csv"))
        pd.DataFrame(X, columns=list("abcd")).assign(y=y).to_csv(paths[-1], index=False)
    return paths


@pytest.fixture(scope="module")
def alone(sets):
    return lend(**LEND).to_json(), compare(sets, **COMPARE).to_json()


def spawned(**options):
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"), **options)


def test_processes_give_the_same_bytes(sets, alone):
    with spawned() as pool:
        assert (lend(**LEND, client=pool).to_json(), compare(sets, **COMPARE, client=pool).to_json()) == alone


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_forked_processes_after_a_run_here(alone):
    assert lend(**LEND, threads=2).to_json() == alone[0]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        assert lend(**LEND, client=pool).to_json() == alone[0]


def test_walk_forward_and_trials_and_a_set_that_cannot_take_part(sets, tmp_path):
    both = {**LEND, "split": "both", "methods": ["svm", "random"], "trials": 2}
    small = tmp_path / "small.csv"
    small.write_text("a,b,y\n" + "".join(f"{i},{i % 3},{int(i < 4)}\n" for i in range(12)))
    with ThreadPoolExecutor(2) as pool, pytest.warns(UserWarning, match="small.csv: left out"):
        assert lend(**both, client=pool).to_json() == lend(**both).to_json()
        options = {**COMPARE, "inner_folds": 3}
        there = compare([*sets, small], **options, client=pool)
        assert there.to_json() == compare([*sets, small], **options).to_json()
    assert there.skipped["name"].tolist() == ["small"]


needs_kill = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes end otherwise here")


@needs_kill
def test_walk_forward_alone_runs_beside_a_client_without_units():
    options = {
        "simulated_loans": 20_000,
        "split": "walk-forward",
        "methods": ["highest-rate"],
        "c": np.array([1.0, 4.0]),
    }
    with ThreadPoolExecutor(1) as pool:
        result = lend(**options, client=pool)
    assert result.to_json() == lend(**options).to_json()
    assert len(result.quarters)


def test_a_worker_that_dies_costs_the_units_in_its_hands(tmp_path):
    units = list(range(8))
    with spawned() as pool:
        found = _cluster.compute(pool, functools.partial(dying.die_once, str(tmp_path)), units, None)
    assert found == [unit * unit for unit in units]
    assert (tmp_path / "died").exists()
    computed = [int(path.name.split("-")[0]) for path in tmp_path.iterdir() if "-" in path.name]
    assert set(computed) == set(units)
    # Of those that had ended before none is computed again.
    assert len(computed) <= len(units) + 1


@needs_kill
def test_a_run_ends_where_all_workers_die():
    with spawned() as pool, pytest.raises(Exception, match="process pool"):
        _cluster.compute(pool, dying.die, [1, 2], None)


class Killing(ProcessPoolExecutor):
    """Kills one of its workers as the second unit ends."""

    ended = 0

    def submit(self, *arguments):
        future = super().submit(*arguments)
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _: Future):
        Killing.ended += 1
        if Killing.ended == 2:
            for pid in list(self._processes)[:1]:
                os.kill(pid, signal.SIGKILL)


@needs_kill
def test_lend_goes_on_after_a_worker_was_killed(alone, monkeypatch):
    Killing.ended, replaced, again = 0, [], _cluster._again
    monkeypatch.setattr(_cluster, "_again", lambda *broken: replaced.append(broken) or again(*broken))
    with Killing(2, mp_context=get_context("spawn")) as pool:
        assert lend(**LEND, client=pool).to_json() == alone[0]
    assert replaced


def test_other_data_in_a_worker_is_refused(sets, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(Path(sets[0]).read_text())

    class Elsewhere(ThreadPoolExecutor):
        """Its workers have another file of the same name."""

        def submit(self, *arguments):
            if path.read_text() != Path(sets[1]).read_text():
                path.write_text(Path(sets[1]).read_text())
            return super().submit(*arguments)

    with Elsewhere(1) as pool, pytest.raises(ValueError, match="a worker reads other data than this process"):
        compare(path, **COMPARE, client=pool)


def test_what_is_no_client_is_refused(sets):
    with pytest.raises(TypeError, match="client must be a dask Client or a concurrent.futures.Executor; got 3"):
        compare(sets, **COMPARE, client=3)


@pytest.fixture(scope="module")
def dask():
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_dask_gives_the_same_bytes(dask, sets, alone):
    assert (lend(**LEND, client=dask).to_json(), compare(sets, **COMPARE, client=dask).to_json()) == alone


@needs_kill
def test_dask_goes_on_after_a_worker_was_killed(dask, alone, tmp_path):
    units = list(range(8))
    found = _cluster.compute(dask, functools.partial(dying.die_once, str(tmp_path)), units, None)
    assert found == [unit * unit for unit in units]
    assert (tmp_path / "died").exists()
    assert lend(**LEND, client=dask).to_json() == alone[0]


GRID = {"membership": ["svm", "iefsvm"], "C": [0.5, 2.0]}


def search(X, y):
    found = GridSearchCV(FuzzySVC(gamma=0.1), GRID, cv=3, scoring="balanced_accuracy", n_jobs=2).fit(X, y)
    return {name: value for name, value in found.cv_results_.items() if "time" not in name}


def assert_same_search(there, here):
    assert there.keys() == here.keys()
    for name in here:
        np.testing.assert_array_equal(there[name], here[name], err_msg=name)


def test_a_search_under_dask_is_that_of_one_process(dask):
    joblib = pytest.importorskip("joblib")
    X, y = make_classification(150, 4, weights=[0.75], flip_y=0.1, random_state=3)
    with joblib.parallel_backend("sequential"):
        here = search(X, y)
    with joblib.parallel_backend("dask"):
        there = search(X, y)
    assert_same_search(there, here)


def test_a_search_under_ray_is_that_of_one_process():
    ray = pytest.importorskip("ray", reason="Ray is large and not installed in the project's own tests")
    import joblib
    from ray.util.joblib import register_ray

    X, y = make_classification(150, 4, weights=[0.75], flip_y=0.1, random_state=3)
    register_ray()
    with joblib.parallel_backend("sequential"):
        here = search(X, y)
    ray.init(num_cpus=2, include_dashboard=False)
    try:
        with joblib.parallel_backend("ray"):
            there = search(X, y)
    finally:
        ray.shutdown()
    assert_same_search(there, here)


def score(frame, model):
    return pd.Series(model.decision_function(frame.to_numpy()), index=frame.index)


def test_scoring_by_partitions_is_one_call(dask):
    frames = pytest.importorskip("dask.dataframe", reason="Dask's data frames are not installed", exc_type=ImportError)
    X, y = make_classification(400, 4, weights=[0.75], flip_y=0.1, random_state=3)
    model = FuzzySVC("iefsvm", gamma=0.1).fit(X, y)
    rows = np.random.default_rng(0).normal(size=(20_000, 4))
    parts = frames.from_pandas(pd.DataFrame(rows, columns=list("abcd")), npartitions=7)
    scores = parts.map_partitions(score, model, meta=(None, "f8")).compute()
    np.testing.assert_array_equal(scores.to_numpy(), model.decision_function(rows))
    assert clone(model).get_params() == model.get_params()
