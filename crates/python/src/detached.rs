//! Computing beside the interpreter: without its lock, on threads that end with the computation, and stopped by Ctrl-C.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::available_parallelism;
use std::time::Duration;

use fuzzysvm::core::Stop;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use rayon::ThreadPoolBuilder;

/// Between two looks at Python's signals.
const POLL: Duration = Duration::from_millis(100);
/// What says how many threads there are: our own library's variable, and the one that joblib, Dask, Ray and Spark set in
/// their workers.
const THREADS: [&str; 2] = ["RAYON_NUM_THREADS", "OMP_NUM_THREADS"];

/// Computes without holding the interpreter, while this thread looks at Python's signals: Ctrl-C stops the computation.
///
/// The threads are there for this computation alone, so that a process may fork between two. Their number changes the
/// time it takes and nothing else. A panic, which would be a bug, becomes a `RuntimeError`.
pub fn detached<T: Send>(
    py: Python<'_>,
    compute: impl FnOnce() -> PyResult<T> + Send,
) -> PyResult<T> {
    let stop = Stop::default();
    let watched = stop.clone();
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads(py)?)
        .thread_name(|i| format!("fuzzysvm-{i}"))
        .start_handler(move |_| watched.watch())
        .build()
        .map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
    let mut signal = None;
    let ended = py.detach(|| {
        let (send, receive) = channel();
        pool.in_place_scope(|scope| {
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
        })
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

/// How many threads compute: what the environment says, else 1 in a worker process of Python's, else one per processor.
fn threads(py: Python<'_>) -> PyResult<usize> {
    let said = THREADS.iter().find_map(|name| {
        // OMP_NUM_THREADS may be a list, one number per level of nesting.
        let text = std::env::var(name).ok()?;
        let first = text.split(',').next()?.trim().parse().ok()?;
        (first > 0).then_some(first)
    });
    if let Some(threads) = said {
        return Ok(threads);
    }
    let parent = py
        .import("multiprocessing")?
        .call_method0("parent_process")?;
    if !parent.is_none() {
        return Ok(1);
    }
    Ok(available_parallelism().map_or(1, usize::from))
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
