"""Units of work in other processes, by any executor of concurrent.futures."""

from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed

# How often in a row workers may die without a unit finished in between.
_RETRIES = 3


def _executor(client):
    """The executor that a client is, or has."""
    if hasattr(client, "get_executor"):
        # Dask: the same unit asked for again is computed again.
        client = client.get_executor(pure=False)
    if not isinstance(client, Executor):
        raise TypeError(f"client must be a dask Client or a concurrent.futures.Executor; got {client!r}")
    return client


def _again(executor, why):
    """An executor in the place of one that broke."""
    if not isinstance(executor, ProcessPoolExecutor):
        raise why
    return ProcessPoolExecutor(
        executor._max_workers,
        mp_context=executor._mp_context,
        initializer=executor._initializer,
        initargs=executor._initargs,
    )


def compute(client, function, units, meanwhile):
    """What a function gives for every unit, in their order; ``meanwhile`` runs here while workers do.

    A worker that dies costs the units that are being computed: they are computed again. (Dask does so by itself. A pool
    of processes ends all its workers when one dies; another of its kind then takes its place.)
    """
    executor = given = _executor(client)
    results, deaths = {}, 0
    try:
        while missing := [unit for unit in units if unit not in results]:
            before, broken, futures = len(results), None, {}
            try:
                for unit in missing:
                    futures[executor.submit(function, unit)] = unit
            except BrokenExecutor as why:
                broken = why
            try:
                if meanwhile is not None:
                    meanwhile, now = None, meanwhile
                    now()
                for future in as_completed(futures):
                    try:
                        results[futures[future]] = future.result()
                    except BrokenExecutor as why:
                        broken = why
            except BaseException:
                for future in futures:
                    future.cancel()
                raise
            if broken is not None and len(results) < len(units):
                deaths = deaths + 1 if len(results) == before else 1
                if deaths > _RETRIES:
                    raise broken
                replaced, executor = executor, _again(executor, broken)
                if replaced is not given:
                    replaced.shutdown()
        if meanwhile is not None:
            # There were no units to wait for.
            meanwhile()
    finally:
        if executor is not given:
            executor.shutdown()
    return [results[unit] for unit in units]
