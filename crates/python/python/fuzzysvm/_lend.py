"""The lending experiment."""

import inspect
import json

from ._convert import text_of
from ._jobs import paths_of, run
from ._paths import reading

# What is no option of the run itself.
_NO_OPTIONS = ("loans", "map", "threads", "client")


class LendResult:
    """What :func:`lend` found.

    Attributes
    ----------
    results : dict
        What results.json of the command line holds; None is a figure that nothing defines.
    methods : DataFrame
        One row per method and metric over the trials: ``method``, ``name``, ``metric``, ``mean``, ``std``, ``rank`` and
        ``trials`` that define it. Of ``return_over_std`` the value stands in ``mean``.
    trials : DataFrame
        One row per method and trial.
    differences : DataFrame
        One row per method and metric: the difference to IEFSVM with its 95 % interval and p-value.
    benchmarks : DataFrame
        Returns without a classifier and without a regression, and IEFSVM's beside them.
    claims : DataFrame
        The published claims, and whether they hold here.
    purchases : DataFrame
        Every loan bought in a trial; those of ``benchmark-1``, the forecasts alone, have no score.
    scores : DataFrame
        With ``scores=True`` every test loan of every trial, with its forecast and a column for the score of every method.
    rankings, quarters, pairs : DataFrame
        Walk-forward: one row per ranking, per quarter, and per pair of the first ranking and another.
    quarter_purchases : DataFrame
        Every loan bought in a quarter.

    Tables of an experiment that was not run are empty.
    """

    def __init__(self, report):
        import pandas as pd

        self._json = report["json"]
        self.results = json.loads(self._json)
        methods = self.results.get("methods", [])
        metrics, differences, trials = [], [], []
        for method in methods:
            key = {"method": method["id"], "name": method["name"]}
            for metric, figures in method["metrics"].items():
                figures = dict(figures)
                figures.setdefault("mean", figures.pop("value", None))
                metrics.append({**key, "metric": metric, **figures})
            for metric, figures in method["versus_iefsvm"].items():
                differences.append({**key, "metric": metric, **figures})
            trials.extend({**key, **trial} for trial in method["trials"])
        self.methods = pd.DataFrame(metrics, columns=["method", "name", "metric", "mean", "std", "rank", "trials"])
        self.differences = pd.DataFrame(
            differences, columns=["method", "name", "metric", "mean", "low", "high", "p_value"]
        )
        self.trials = pd.DataFrame(trials)
        self.benchmarks = pd.json_normalize(self.results.get("benchmarks", []))
        self.claims = pd.json_normalize(self.results.get("claims", []))
        self.purchases = pd.DataFrame(report["purchases"])
        self.scores = pd.DataFrame(report.get("scores", {}))
        forward = self.results.get("walk_forward", {})
        self.rankings = pd.json_normalize(forward.get("strategies", []))
        self.quarters = pd.json_normalize(forward.get("quarters", []))
        self.pairs = pd.json_normalize(forward.get("pairs", []))
        self.quarter_purchases = pd.DataFrame(report.get("quarter_purchases", {}))

    def to_json(self):
        """The bytes of the command line's results.json for the same options, as text.

        Without what only a command line has, ``command``, ``cpu``, ``started`` and ``seconds`` of its ``provenance``.

        Returns
        -------
        str
        """
        return self._json

    def __repr__(self):
        parts = [f"source={self.results['source']!r}"]
        if len(self.trials):
            parts.append(f"methods={self.trials['method'].nunique()}, trials={self.trials['trial'].nunique()}")
        if len(self.quarters):
            parts.append(f"quarters={len(self.quarters)}")
        return f"LendResult({', '.join(parts)})"


def lend(
    loans=None,
    *,
    simulated_loans=20_000,
    term=36,
    include_off_policy=False,
    snapshot=None,
    map=None,
    trials=30,
    train=2000,
    test=2000,
    split="both",
    preset=None,
    test_from=None,
    known_only=False,
    returns="roi",
    regression="paid",
    forecast="linear",
    rank="filter",
    rule="top-fraction",
    hurdle="mean",
    tune_stakes=False,
    top=0.1,
    budget=10_000.0,
    methods=None,
    c=None,
    gamma=None,
    k=None,
    folds=5,
    seed=1,
    scores=False,
    threads=None,
    client=None,
):
    """Chooses loans: classifies them, forecasts their returns, and buys the most promising ones.

    Two experiments. At random, as published: draws training and test loans, tunes every method inside the training loans,
    and buys the tenth of the test loans predicted paid that promises most. And walk-forward: quarter by quarter with what
    was known at the time. Both report what the loans really returned. The options are those of ``fuzzysvm lend``. Not
    investment advice.

    Parameters
    ----------
    loans : path or list of paths, default=None
        Lending Club files (.csv or .csv.gz); None for a simulated loan book.
    simulated_loans : int, default=20_000
        Loans in the simulated book.
    term : {36, 60}, default=36
        Months of the loans.
    include_off_policy : bool, default=False
        Also loans that do not meet the credit policy.
    snapshot : str, default=None
        Leave out loans younger than their term at "YYYY-MM", "auto" (the month that the files show) or "off"; None is
        "auto" out of time, else "off".
    map : dict of str to str, default=None
        Names of columns in the files, each with Lending Club's name for it.
    trials : int, default=30
        Number of trials.
    train : int, default=2000
        Training loans per trial; of methods in a quarter, at most.
    test : int, default=2000
        Test loans per trial.
    split : {"both", "random", "walk-forward", "out-of-time"}, default="both"
        Both experiments, or one; "out-of-time" trains trials on loans whose outcome was known before the first test month.
    preset : {"published"}, default=None
        The trials alone, with all that the paper fixes.
    test_from : str, default=None
        First month "YYYY-MM" of the test loans, walk-forward or out of time.
    known_only : bool, default=False
        Out of time: training on loans that had ended alone is meant.
    returns : {"roi", "annualised", "annualised-life", "irr", "nar"}, default="roi"
        How a return is measured.
    regression : {"paid", "all"}, default="paid"
        Trials: the loans that the forecast of returns is fitted on.
    forecast : {"linear", "ridge", "instances", "expected"}, default="linear"
        Trials: what forecasts returns: linear regression, the same with a penalty that leave-one-out chooses, the mean of the
        training loans weighted by how like they are, or the returns if paid and if charged off by the method's own probability,
        calibrated out of folds.
    rank : {"filter", "score", "forecast"}, default="filter"
        What a method buys by: the forecasts of the loans it predicts paid, its decision values, or all forecasts.
    rule : str, default="top-fraction"
        Trials: what is bought, "top-fraction" (the share `top`), "top-n=50", "threshold=0.05" (forecasts from 5 % on) or
        "mean-variance=50" (forecast against variance at this aversion to risk).
    hurdle : {"mean", "grade", "rate"}, default="mean"
        Walk-forward: what a loan should return, that of all or of loans like it.
    tune_stakes : bool, default=False
        Walk-forward: choose C and gamma of "bilateral-svm" and "stake-svm" in every quarter too, in place of 1 and 0.01.
    top : float, default=0.1
        Share that is bought, of the predicted paid or of a quarter.
    budget : float, default=10_000.0
        Amount invested per trial and method, US dollars.
    methods : list of str, default=None
        Names of methods and, of walk-forward, of rankings; None for all.
    c, gamma : list of float, default=None
        Grids of C and gamma.
    k : list of int, default=None
        Numbers of neighbors that efsvm tunes over.
    folds : int, default=5
        Inner folds of the tuning.
    seed : int, default=1
        Seed of all draws.
    scores : bool, default=False
        Keep the scores of all test loans of all trials.
    threads : int, default=None
        Threads; no result depends on them. None is as many as of a fit here (see `FuzzySVC`), and one in each worker of a client.
    client : dask Client or concurrent.futures.Executor, default=None
        Where trials are computed, one per task; walk-forward runs here meanwhile. Workers read the loans themselves, by
        the same paths. The results are the same bytes.

    Returns
    -------
    LendResult
        Tables as DataFrames, and ``to_json()``.

    Raises
    ------
    OSError
        A file that cannot be opened, as of ``open``: FileNotFoundError and the like.
    ValueError
        Options out of their range or that contradict each other, files of another kind, or too few loans.

    References
    ----------
    Cho, Chang & Song, Instance-based entropy fuzzy SVM for P2P lending, IEEE Access 7 (2019),
    doi:10.1109/ACCESS.2019.2896474.

    Examples
    --------
    >>> from fuzzysvm import lend
    >>> result = lend(simulated_loans=2000, split="random", trials=2, train=100, test=100,
    ...               methods=["svm", "class-cost"], c=[1], gamma=[0.02])
    >>> result
    LendResult(source='simulated', methods=2, trials=2)
    >>> sorted(set(result.purchases["method"]))
    ['benchmark-1', 'class-cost', 'svm']
    """
    options = {name: value for name, value in locals().items() if name not in _NO_OPTIONS}
    defaults = inspect.signature(lend).parameters
    params = tuple((name, text_of(value)) for name, value in options.items() if value is not None)
    # Options that take lists or arrays are None by default.
    given = tuple(
        name
        for name, value in options.items()
        if value is not None and (defaults[name].default is None or value != defaults[name].default)
    )
    paths = paths_of(loans, "loans")
    names = tuple(sorted((str(old), str(new)) for old, new in dict(map or {}).items()))
    with reading(*paths):
        report = run("lend", (paths, names, params, given), threads, client)
    return LendResult(report)
