//! Stopping a computation from outside.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// What the computations of this thread look at.
    static WATCHED: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

/// Asks computations to stop: for interfaces whose users may interrupt them, such as Python's.
///
/// Long loops look at it now and then ([`Stop::look`]), on every thread that watches it ([`Stop::watch`]). They stop by
/// unwinding their thread, as a panic does but without its message, so that no function needs an error for it;
/// [`Stop::run`] is where the unwinding ends. Nothing is looked at on threads that watch nothing.
///
/// ```
/// use fuzzysvm_core::{Stop, Stopped};
///
/// let stop = Stop::default();
/// assert_eq!(stop.run(|| 1 + 1), Ok(2));
/// stop.request();
/// let endless = || loop {
///     Stop::look();
/// };
/// assert_eq!(stop.run(endless), Err(Stopped));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

/// A computation was stopped from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

impl Stop {
    /// Asks every computation that looks at this to stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// From now on computations of this thread look at this one: for the start handler of a pool of threads.
    pub fn watch(&self) {
        WATCHED.with(|watched| *watched.borrow_mut() = Some(self.clone()));
    }

    /// Runs a computation on this thread, which watches this one meanwhile.
    ///
    /// # Errors
    /// [`Stopped`] where it was asked to stop before it had ended.
    pub fn run<T>(&self, compute: impl FnOnce() -> T) -> Result<T, Stopped> {
        let before = WATCHED.with(|watched| watched.borrow_mut().replace(self.clone()));
        let result = catch_unwind(AssertUnwindSafe(compute));
        WATCHED.with(|watched| *watched.borrow_mut() = before);
        result.or_else(|payload| match payload.downcast::<Stopped>() {
            Ok(stopped) => Err(*stopped),
            Err(panic) => resume_unwind(panic),
        })
    }

    /// Unwinds this thread up to [`Stop::run`] where what it watches was asked to stop.
    pub fn look() {
        let asked = |stop: &Stop| stop.0.load(Ordering::Relaxed);
        if WATCHED.with(|watched| watched.borrow().as_ref().is_some_and(asked)) {
            resume_unwind(Box::new(Stopped));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_watches_nothing_goes_on() {
        let stop = Stop::default();
        stop.request();
        Stop::look();
        assert_eq!(stop.run(Stop::look), Err(Stopped));
        // As before the computation.
        Stop::look();
    }

    #[test]
    fn another_thread_stops_what_runs_on_this_one() {
        let stop = Stop::default();
        let other = stop.clone();
        let (begun, wait) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let _ = wait.recv();
                other.request();
            });
            let endless = || {
                let _ = begun.send(());
                loop {
                    Stop::look();
                }
            };
            assert_eq!(stop.run(endless), Err(Stopped));
        });
    }

    #[test]
    fn a_panic_stays_one() {
        let stop = Stop::default();
        let caught = catch_unwind(|| stop.run(|| resume_unwind(Box::new(7))));
        assert_eq!(caught.unwrap_err().downcast_ref(), Some(&7));
    }
}
