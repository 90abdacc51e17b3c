"""Runs of ``lend`` and ``compare``, here or on a cluster."""

import functools
import os
import warnings

from sklearn.exceptions import ConvergenceWarning

from . import _cluster, _native

_KINDS = {"lend": _native.LendJob, "compare": _native.CompareJob}


def paths_of(paths, name):
    """Paths as texts; one alone is a list of one."""
    if paths is None:
        return ()
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    try:
        return tuple(os.fspath(path) for path in paths)
    except TypeError:
        raise ValueError(f"{name} must be a path or a list of paths; got {paths!r}") from None


def _stamps(paths):
    """What changes where files change, so that a worker reads them again."""
    return tuple((s.st_mtime_ns, s.st_size) for s in map(os.stat, paths))


@functools.lru_cache(maxsize=2)
def _job_of_worker(kind, arguments, stamps, threads):
    return _new(kind, arguments, threads)


def _new(kind, arguments, threads):
    """The job of hashable arguments, of which tuples of pairs stand for dicts."""
    paths, named, *lists = arguments
    return _KINDS[kind](list(paths), dict(named), *[list(items) for items in lists], threads)


def _unit(kind, arguments, stamps, identity, threads, unit):
    """Computes one unit in a worker, which reads the data once."""
    job = _job_of_worker(kind, arguments, stamps, threads)
    if job.identity != identity:
        raise ValueError("a worker reads other data than this process, or has another version of fuzzysvm")
    return job.run_unit(unit, threads)


def run(kind, arguments, threads, client):
    """The report of a run as a dict of the native module."""
    if client is not None and threads is None:
        threads = 1
    job = _new(kind, arguments, threads)
    _warn(job.warnings)
    walk = functools.partial(job.walk, threads) if kind == "lend" else None
    finished = []
    if client is None:
        if walk is not None:
            walk()
    else:
        paths = [path for path in arguments[0] if os.path.exists(path)]
        unit = functools.partial(_unit, kind, arguments, _stamps(paths), job.identity, threads)
        finished = _cluster.compute(client, unit, job.units, walk)
    report = job.report([outcome for outcome in finished if outcome is not None], threads)
    _warn(report["warnings"])
    if report["n_short"]:
        words = f"the solver stopped before its tolerance in {report['n_short']} final fits"
        warnings.warn(words, ConvergenceWarning, stacklevel=3)
    return report


def _warn(messages):
    for message in messages:
        # Where lend or compare was called.
        warnings.warn(message, UserWarning, stacklevel=4)
