"""The comparison of methods over data sets."""

import json

import numpy as np

from ._convert import text_of
from ._jobs import paths_of, run

# What is no option of the run itself.
_NO_OPTIONS = ("data", "threads", "client")
# Options whose values are lists of texts, which may hold commas.
_LISTS = ("negative", "na", "drop", "features")


class CompareResult:
    """What :func:`compare` found.

    Attributes
    ----------
    results : dict
        What results.json of the command line holds.
    methods : DataFrame
        One row per method and metric over all data sets: ``method``, ``name``, ``metric``, ``mean``, ``average_rank``.
    sets : DataFrame
        One row per data set: its sizes, classes and copies.
    scores : DataFrame
        One row per data set, method and metric: ``set``, ``method``, ``metric``, ``mean`` and ``std`` over the folds.
    folds : DataFrame
        One row per data set, method and fold: the metrics, ``chosen``, ``n_support``, ``converged``.
    tests : DataFrame
        One row per metric: the tests of Friedman, and of Iman and Davenport, over all methods; empty below two data sets
        or methods.
    comparisons : DataFrame
        One row per metric and method: wins, ties and losses of the control, and Wilcoxon's test against it with Holm's
        correction.
    skipped : DataFrame
        Data sets that could not take part: ``name``, ``source``, ``reason``.
    """

    def __init__(self, report):
        import pandas as pd

        self._json = report["json"]
        self.results = results = json.loads(self._json)
        self.methods = pd.DataFrame(
            [
                {"method": method["id"], "name": method["name"], "metric": metric, **figures}
                for method in results["methods"]
                for metric, figures in method["metrics"].items()
            ]
        )
        self.sets = pd.DataFrame([{k: v for k, v in s.items() if k != "methods"} for s in results["sets"]])
        pairs = [(s["name"], method) for s in results["sets"] for method in s["methods"]]
        self.scores = pd.DataFrame(
            [
                {"set": name, "method": method["id"], "metric": metric, **figures}
                for name, method in pairs
                for metric, figures in method["metrics"].items()
            ]
        )
        folds = []
        for name, method in pairs:
            for fold in method["folds"]:
                fold = dict(fold)
                folds.append({"set": name, "method": method["id"], **fold.pop("metrics"), **fold})
        self.folds = pd.DataFrame(folds)
        tests = {metric: test for metric, test in results["tests"].items() if test is not None}
        comparisons = [
            {"metric": metric, "control": test["control"], **comparison}
            for metric, test in tests.items()
            for comparison in test["comparisons"]
        ]
        self.comparisons = pd.json_normalize(comparisons)
        of_all = [{"metric": metric, **test} for metric, test in tests.items()]
        self.tests = pd.json_normalize(of_all).drop(columns=["comparisons", "nemenyi"], errors="ignore")
        self.skipped = pd.DataFrame(results["skipped"], columns=["name", "source", "reason"])

    def to_json(self):
        """The bytes of the command line's results.json for the same options, as text.

        Without what only a command line has, ``command``, ``cpu``, ``started`` and ``seconds`` of its ``provenance``.

        Returns
        -------
        str
        """
        return self._json

    def __repr__(self):
        return f"CompareResult(sets={len(self.sets)}, methods={len(self.results['methods'])})"


def _texts(values):
    """A list of texts; one alone is a list of one."""
    if isinstance(values, str) or not np.iterable(values):
        values = [values]
    return tuple(str(value) for value in values)


def compare(
    data,
    *,
    target=None,
    positive=None,
    negative=None,
    missing=None,
    na=None,
    drop=None,
    features=None,
    header=None,
    sep=None,
    decimal=None,
    scale="standard",
    folds=5,
    repeats=2,
    inner_folds=5,
    methods=None,
    control=None,
    c=None,
    gamma=None,
    k=None,
    seed=1,
    threads=None,
    client=None,
):
    """Compares methods over data sets, with tests of significance.

    Every method is tuned and measured on every data set by repeated stratified cross-validation; scaling, neighbors,
    memberships and tuning see the training part alone. The options are those of ``fuzzysvm compare``. A data set that is
    too small for this, is given twice or cannot be read is left out with a warning.

    Parameters
    ----------
    data : path or list of paths
        Files of samples: .csv, .dat, .libsvm, .svm or .parquet, also with .gz.
    target : str, default=None
        Column to predict; None takes KEEL's ``@outputs``, else the last.
    positive : str, default=None
        Its positive value; None takes the rarer one of two.
    negative : list of str, default=None
        Its negative values, others are left out; None for all others.
    missing : {"impute", "refuse"}, default=None
        What becomes of cells without a value; None imputes.
    na : list of str, default=None
        More marks of cells without a value, as "-999".
    drop, features : list of str, default=None
        Columns to leave out; columns to use, no others.
    header : bool, default=None
        CSV: whether the first line holds names; None expects names and refuses numbers.
    sep, decimal : str, default=None
        CSV: separator of cells, decimal mark; None finds them.
    scale : {"standard", "minmax", "none"}, default="standard"
        Scaling of the features, learnt from training parts.
    folds : int, default=5
        Folds of the cross-validation.
    repeats : int, default=2
        Repetitions with other shuffles.
    inner_folds : int, default=5
        Folds of the tuning inside a training part.
    methods : list of str, default=None
        Names of the methods; None for all.
    control : str, default=None
        Method to test the others against; None is "iefsvm", else the first.
    c, gamma : list of float, default=None
        Grids of C and gamma.
    k : list of int, default=None
        Numbers of neighbors that efsvm tunes over.
    seed : int, default=1
        Seed of all shuffles.
    threads : int, default=None
        Threads; no result depends on them. None is as many as of a fit here (see `FuzzySVC`), and one in each worker of a client.
    client : dask Client or concurrent.futures.Executor, default=None
        Where folds are computed, one per task. Workers read the data sets themselves, by the same paths. The results are
        the same bytes.

    Returns
    -------
    CompareResult
        Tables as DataFrames, and ``to_json()``.

    Raises
    ------
    ValueError
        Options out of their range or that contradict each other, or no data set that can take part.

    References
    ----------
    Demšar, Statistical comparisons of classifiers over multiple data sets, JMLR 7 (2006) 1-30.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> from fuzzysvm import compare
    >>> from sklearn.datasets import make_classification
    >>> folder, paths = pathlib.Path(tempfile.mkdtemp()), []
    >>> for seed in (1, 2):
    ...     X, y = make_classification(80, 4, weights=[0.75], random_state=seed)
    ...     paths.append(folder / f"set{seed}.csv")
    ...     np.savetxt(paths[-1], np.column_stack([X, y]), delimiter=",", header="a,b,c,d,y", comments="")
    >>> result = compare(paths, methods=["svm", "class-cost"], folds=2, repeats=1, inner_folds=2, c=[1], gamma=[0.1])
    >>> result
    CompareResult(sets=2, methods=2)
    >>> result.comparisons["method"].unique().tolist()
    ['class-cost']
    """
    given = {name: value for name, value in locals().items() if name not in _NO_OPTIONS and value is not None}
    lists = tuple((name, _texts(given.pop(name))) for name in _LISTS if name in given)
    params = tuple((name, text_of(value)) for name, value in given.items())
    return CompareResult(run("compare", (paths_of(data, "data"), lists, params), threads, client))
