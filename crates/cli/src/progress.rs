//! How far a run is: a bar on a terminal, a line now and then where there is none.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// A run shorter than this prints no line.
const FIRST_LINE: Duration = Duration::from_secs(60);
/// Between lines.
const NEXT_LINE: Duration = Duration::from_secs(30);
/// Nothing is said of the time left before this: the first steps tell little.
const FIRST_ESTIMATE: Duration = Duration::from_secs(2);

/// Where progress goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A bar on standard error, a terminal.
    Bar,
    /// Lines on standard error, which is none.
    Lines,
    /// Nowhere: `--quiet`.
    Nowhere,
}

/// Steps of a run that is under way. Dropping it ends what is shown.
pub struct Progress {
    state: Arc<State>,
    bar: Option<ProgressBar>,
    lines: Option<Lines>,
}

/// What has been done.
struct State {
    message: Mutex<String>,
    done: AtomicU64,
    /// 0 where it is not known.
    total: AtomicU64,
    /// Whether the message says what a step is; else it counts by itself, and steps are of unequal size.
    counted: bool,
    /// Done before this run began, which says nothing about its speed.
    before: AtomicU64,
    start: Instant,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    /// Over `total` steps, 0 where their number is not known.
    pub fn new(total: u64, message: &str, shown: Shown) -> Self {
        let state = Arc::new(State {
            message: Mutex::new(message.to_owned()),
            done: AtomicU64::new(0),
            total: AtomicU64::new(total),
            counted: !message.is_empty(),
            before: AtomicU64::new(0),
            start: Instant::now(),
        });
        let bar = (shown == Shown::Bar).then(|| bar(&state));
        let lines = (shown == Shown::Lines)
            .then(|| Lines::start(Arc::clone(&state)))
            .flatten();
        Self { state, bar, lines }
    }

    /// So many steps more are done.
    pub fn inc(&self, steps: u64) {
        self.state.done.fetch_add(steps, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(steps);
        }
    }

    /// So many steps are done in all.
    pub fn set_position(&self, steps: u64) {
        let done = self.state.done.swap(steps, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(steps.saturating_sub(done));
        }
    }

    /// So many steps were done by an earlier run.
    pub fn done_before(&self, steps: u64) {
        self.state.before.fetch_add(steps, Ordering::Relaxed);
        self.inc(steps);
    }

    /// The number of steps.
    pub fn set_length(&self, total: u64) {
        self.state.total.store(total, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            set_style(bar, &self.state);
        }
    }

    /// What is being done, or how much of it.
    pub fn set_message(&self, message: String) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.clone());
        }
        *locked(&self.state.message) = message;
    }

    /// Ends it before what follows is printed.
    pub fn finish_and_clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if let Some(lines) = &self.lines {
            lines.stop();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish_and_clear();
        if let Some(thread) = self.lines.as_mut().and_then(|l| l.thread.take()) {
            // It was told to stop, and only writes.
            let _ = thread.join();
        }
    }
}

impl State {
    /// Time left at the speed so far; `None` where nothing tells.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let done = self.done.load(Ordering::Relaxed);
        let total = self.total.load(Ordering::Relaxed);
        let now = done.saturating_sub(self.before.load(Ordering::Relaxed));
        if now == 0 || total < done || elapsed < FIRST_ESTIMATE {
            return None;
        }
        let left = elapsed.as_secs_f64() * (total - done) as f64 / now as f64;
        Duration::try_from_secs_f64(left).ok()
    }

    /// `about 2 min left`, or nothing.
    fn left_in_words(&self, elapsed: Duration) -> String {
        self.left(elapsed)
            .map_or_else(String::new, |left| format!("about {} left", in_words(left)))
    }

    /// `12 of 390 fits after 1 min 30 s, about 40 min left`.
    fn line(&self, elapsed: Duration) -> String {
        let message = locked(&self.message).clone();
        let (done, total) = (
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        );
        let after = in_words(elapsed);
        let so_far = match total {
            0 => format!("{message}: {after} so far"),
            _ if self.counted => format!("{done} of {total} {message} after {after}"),
            _ => format!("{message}: {}% after {after}", 100 * done / total),
        };
        match self.left_in_words(elapsed) {
            left if left.is_empty() => so_far,
            left => format!("{so_far}, {left}"),
        }
    }
}

/// `40 s`, `2 min`, `1 h 10 min`: as exact as an estimate needs.
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64().round() as u64;
    match seconds {
        0..60 => format!("{} s", seconds.max(1)),
        60..600 if !seconds.is_multiple_of(60) => {
            // To ten seconds, which may make a whole minute.
            let tens = (seconds + 5) / 10 * 10;
            match tens % 60 {
                0 => format!("{} min", tens / 60),
                rest => format!("{} min {rest} s", tens / 60),
            }
        }
        60..3600 => format!("{} min", (seconds + 30) / 60),
        _ => {
            let minutes = (seconds + 30) / 60;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

fn bar(state: &Arc<State>) -> ProgressBar {
    let bar = match state.total.load(Ordering::Relaxed) {
        0 => ProgressBar::new_spinner(),
        total => ProgressBar::new(total),
    };
    set_style(&bar, state);
    bar.set_message(locked(&state.message).clone());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn set_style(bar: &ProgressBar, state: &Arc<State>) {
    let template = match state.total.load(Ordering::Relaxed) {
        0 => "{spinner} {msg} {elapsed}",
        _ if state.counted => "{pos} of {len} {msg} {wide_bar} {percent:>3}% {left}",
        _ => "{msg} {wide_bar} {percent:>3}% {left}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        let state = Arc::clone(state);
        let left = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            // A bar that cannot be drawn is no reason to stop.
            let _ = out.write_str(&state.left_in_words(state.start.elapsed()));
        };
        bar.set_style(style.with_key("left", left));
    }
}

/// The thread that prints a line now and then.
struct Lines {
    ended: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Lines {
    fn start(state: Arc<State>) -> Option<Self> {
        let ended = Arc::new((Mutex::new(false), Condvar::new()));
        let theirs = Arc::clone(&ended);
        let print = |line: &str| {
            // A closed standard error is no reason to stop.
            let _ = writeln!(std::io::stderr(), "{line}");
        };
        let thread = std::thread::Builder::new()
            .name("progress".to_owned())
            .spawn(move || print_lines(&state, &theirs, [FIRST_LINE, NEXT_LINE], print))
            .ok()?;
        Some(Self {
            ended,
            thread: Some(thread),
        })
    }

    fn stop(&self) {
        *locked(&self.ended.0) = true;
        self.ended.1.notify_all();
    }
}

fn print_lines(
    state: &State,
    ended: &(Mutex<bool>, Condvar),
    [first, next]: [Duration; 2],
    print: impl Fn(&str),
) {
    let mut wait = first;
    let mut has_ended = locked(&ended.0);
    while !*has_ended {
        let (guard, timeout) = ended
            .1
            .wait_timeout(has_ended, wait)
            .unwrap_or_else(PoisonError::into_inner);
        has_ended = guard;
        if timeout.timed_out() && !*has_ended {
            print(&state.line(state.start.elapsed()));
            wait = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(done: u64, before: u64, total: u64, counted: bool) -> State {
        State {
            message: Mutex::new("fits".to_owned()),
            done: AtomicU64::new(done),
            total: AtomicU64::new(total),
            counted,
            before: AtomicU64::new(before),
            start: Instant::now(),
        }
    }

    #[test]
    fn lines_say_what_is_done_and_what_is_left() {
        let minute = Duration::from_secs(60);
        for (done, before, total, line) in [
            (0, 0, 0, "fits: 1 min so far"),
            (0, 0, 10, "0 of 10 fits after 1 min"),
            (5, 0, 10, "5 of 10 fits after 1 min, about 1 min left"),
            // What an earlier run did took no time of this one.
            (6, 4, 10, "6 of 10 fits after 1 min, about 2 min left"),
            (4, 4, 10, "4 of 10 fits after 1 min"),
            (10, 0, 10, "10 of 10 fits after 1 min, about 1 s left"),
        ] {
            assert_eq!(state(done, before, total, true).line(minute), line);
        }
        let unequal = state(3, 0, 4, false).line(minute);
        assert_eq!(unequal, "fits: 75% after 1 min, about 20 s left");
    }

    #[test]
    fn times_are_as_exact_as_an_estimate_needs() {
        for (seconds, words) in [
            (0, "1 s"),
            (59, "59 s"),
            (60, "1 min"),
            (92, "1 min 30 s"),
            (118, "2 min"),
            (599, "10 min"),
            (640, "11 min"),
            (4200, "1 h 10 min"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn lines_come_now_and_then_and_end_with_the_run() {
        let state = Arc::new(state(1, 0, 2, true));
        let ended = Arc::new((Mutex::new(false), Condvar::new()));
        let (send, lines) = std::sync::mpsc::channel();
        let (of_thread, theirs) = (Arc::clone(&state), Arc::clone(&ended));
        let thread = std::thread::spawn(move || {
            let short = [Duration::from_millis(1); 2];
            print_lines(&of_thread, &theirs, short, |l| {
                let _ = send.send(l.to_owned());
            });
        });
        let line = lines.recv().unwrap();
        assert!(line.starts_with("1 of 2 fits after"), "{line}");
        lines.recv().unwrap();
        *locked(&ended.0) = true;
        ended.1.notify_all();
        thread.join().unwrap();
        // A run that ends before its first line prints none.
        let quick = Progress::new(3, "fits", Shown::Lines);
        quick.inc(1);
        drop(quick);
    }
}
