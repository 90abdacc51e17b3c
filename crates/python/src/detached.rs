//! Computing beside the interpreter: without its lock, on threads that end with the computation, and stopped by Ctrl-C.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle, available_parallelism};
use std::time::Duration;

use fuzzysvm::core::Stop;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::{ThreadBuilder, ThreadPoolBuilder};

/// Between two looks at Python's signals.
const POLL: Duration = Duration::from_millis(100);
/// What says how many threads there are: our own library's variable, and the one that joblib, Dask, Ray and Spark set in
/// their workers.
const THREADS: [&str; 2] = ["RAYON_NUM_THREADS", "OMP_NUM_THREADS"];
/// Rows that are worth a thread of their own where a model only predicts.
const ROWS_PER_THREAD: usize = 256;

/// Computes without holding the interpreter, while this thread looks at Python's signals: Ctrl-C stops the computation.
///
/// The threads are there for this computation alone, so that a process may fork between two. Their number changes the
/// time it takes and nothing else. A panic, which would be a bug, becomes a `RuntimeError`.
pub fn detached<T: Send>(
    py: Python<'_>,
    compute: impl FnOnce() -> PyResult<T> + Send,
) -> PyResult<T> {
    detached_on(py, None, compute)
}

/// As [`detached`], for a computation on each of `n_rows` rows: a few of them are not worth many threads.
pub fn detached_rows<T: Send>(
    py: Python<'_>,
    n_rows: usize,
    compute: impl FnOnce() -> PyResult<T> + Send,
) -> PyResult<T> {
    let worth = n_rows.div_ceil(ROWS_PER_THREAD).max(1);
    detached_on(py, Some(threads(py)?.min(worth)), compute)
}

/// As [`detached`], on so many threads.
pub fn detached_on<T: Send>(
    py: Python<'_>,
    n_threads: Option<usize>,
    compute: impl FnOnce() -> PyResult<T> + Send,
) -> PyResult<T> {
    let n_threads = match n_threads {
        Some(0) => return Err(PyValueError::new_err("threads must be at least 1; got 0")),
        Some(n) => n,
        None => threads(py)?,
    };
    let stop = Stop::default();
    let watched = stop.clone();
    // A pool that is dropped tells its threads to end and does not wait for it, so they are kept here.
    let started: Mutex<Vec<JoinHandle<()>>> = Mutex::default();
    let start = |thread: ThreadBuilder| {
        let name = format!("fuzzysvm-{}", thread.index());
        let handle = Builder::new().name(name).spawn(|| thread.run())?;
        let mut all = started.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(handle);
        Ok(())
    };
    let pool = ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .start_handler(move |_| watched.watch())
        .spawn_handler(start)
        .build()
        .map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
    let mut signal = None;
    let ended = py.detach(|| {
        let (send, receive) = channel();
        let ended = pool.in_place_scope(|scope| {
            let stop = &stop;
            scope.spawn(move |_| {
                let caught = catch_unwind(AssertUnwindSafe(|| stop.run(compute)));
                // This thread waits for it.
                let _ = send.send(caught);
            });
            loop {
                match receive.recv_timeout(POLL) {
                    Ok(ended) => return Some(ended),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if signal.is_none() {
                    signal = Python::attach(|py| py.check_signals()).err();
                }
                if signal.is_some() {
                    stop.request();
                }
            }
        });
        drop(pool);
        for thread in started.into_inner().unwrap_or_else(PoisonError::into_inner) {
            // A thread of the pool hands panics to the computation; it has none of its own.
            let _ = thread.join();
        }
        ended
    });
    if let Some(signal) = signal {
        return Err(signal);
    }
    match ended {
        Some(Ok(Ok(result))) => result,
        Some(Err(panic)) => Err(bug(&*panic)),
        Some(Ok(Err(_))) | None => Err(bug(&"stopped")),
    }
}

/// As many threads as any machine may be asked for; one with more processors takes as many as it has.
const MOST: usize = 256;

/// How many threads compute: what the environment says, else 1 in a worker process of Python's, else one per processor.
fn threads(py: Python<'_>) -> PyResult<usize> {
    let said = THREADS.iter().find_map(|name| {
        // OMP_NUM_THREADS may be a list, one number per level of nesting.
        let text = std::env::var(name).ok()?;
        let first: usize = text.split(',').next()?.trim().parse().ok()?;
        (first > 0).then_some(first)
    });
    let processors = available_parallelism().map_or(1, usize::from);
    if let Some(threads) = said {
        return Ok(threads.min(MOST.max(processors)));
    }
    let parent = py
        .import("multiprocessing")?
        .call_method0("parent_process")?;
    if !parent.is_none() {
        return Ok(1);
    }
    Ok(processors)
}

/// The error of what must not happen.
fn bug(panic: &dyn Any) -> PyErr {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    PyRuntimeError::new_err(format!(
        "fuzzysvm panicked, which is a bug: please report it ({words})"
    ))
}
