//! The iteration: one pair of variables at a time.

use super::passes::{Diagonal, LOW, State, UP, add_rows, select_partner};
use super::real::{Real, TAU};
use super::rows::Rows;
use super::settings::Smo;
use crate::{DualProblem, DualSolution, SolveError, SolveInfo, Status};
use fuzzysvm_core::Stop;
use std::time::Instant;

/// Iterations between two looks at the clock.
const CLOCK_EVERY: u64 = 256;

/// Where the gap in the precision of the rows is at most this many tolerances, it is computed in double precision.
const CLOSE: f64 = 1.001;

/// When to stop, and the watch over progress.
pub(super) struct Control {
    pub tol: f64,
    pub max_iter: u64,
    pub deadline: Option<Instant>,
    /// Iterations without progress after which the solver gives up.
    patience: u64,
    progress: Progress,
}

impl Control {
    pub(super) fn new(smo: &Smo, n: usize) -> Self {
        let n = n as u64;
        Self {
            tol: smo.tol,
            max_iter: smo.max_iter.unwrap_or(10_000_000.max(100 * n)),
            deadline: smo.time_limit.and_then(|t| Instant::now().checked_add(t)),
            patience: 10_000.max(10 * n),
            progress: Progress::new(),
        }
    }

    /// By how much pairs have lowered the objective.
    pub(super) fn total_decrease(&self) -> f64 {
        self.progress.total
    }

    /// The same limits and the tolerance of `smo`, for another start: what counts as progress is still measured
    /// against the whole decrease, but its last sign is forgotten.
    pub(super) fn again(&self, smo: &Smo) -> Self {
        Self {
            tol: smo.tol,
            progress: Progress {
                total: self.progress.total,
                ..Progress::new()
            },
            ..*self
        }
    }
}

/// When to hand back in between.
#[derive(Clone, Copy)]
pub(super) struct Pause {
    /// After this many iterations.
    pub after: u64,
    /// As soon as the gap is this small.
    pub gap: f64,
}

impl Pause {
    pub const NEVER: Self = Self {
        after: u64::MAX,
        gap: 0.0,
    };
}

/// Why a run ended.
pub(super) enum Halt {
    Done(Status),
    Pause,
}

/// Watches for a standstill: neither the gap nor the objective moves for a long time.
struct Progress {
    best_gap: f64,
    decrease: f64,
    total: f64,
    since: u64,
}

impl Progress {
    fn new() -> Self {
        Self {
            best_gap: f64::INFINITY,
            decrease: 0.0,
            total: 0.0,
            since: 0,
        }
    }

    /// Whether `patience` iterations have passed in which the gap never fell below 0.999 of the best
    /// before them and the objective fell by less than its rounding error.
    fn stands_still(&mut self, gap: f64, decrease: f64, patience: u64) -> bool {
        self.total += decrease;
        self.decrease += decrease;
        self.since += 1;
        if gap < 0.999 * self.best_gap || self.decrease > f64::EPSILON * self.total {
            self.best_gap = self.best_gap.min(gap);
            self.decrease = 0.0;
            self.since = 0;
        }
        self.since >= patience
    }
}

/// The point and everything that follows it.
pub(super) struct Work<T> {
    pub alpha: Vec<f64>,
    pub upper: Vec<f64>,
    pub y: Vec<f64>,
    pub diag: Vec<f64>,
    pub state: State<T>,
    /// m(α) − M(α) when the last run ended.
    pub gap: f64,
    /// The largest change of a variable that the gradient has followed. What it rounded away stays lost when the variable
    /// comes back.
    pub largest_step: f64,
}

impl<T: Real> Work<T> {
    pub(super) fn new(problem: &DualProblem<'_>, alpha: Vec<f64>) -> Self {
        let n = problem.n();
        let diag = problem.q.diagonal().to_vec();
        let mut work = Self {
            alpha,
            upper: problem.upper.to_vec(),
            y: problem.y.to_vec(),
            state: State::new(
                problem
                    .y
                    .iter()
                    .zip(problem.p)
                    .map(|(y, p)| -y * p)
                    .collect(),
                vec![0; n],
                Diagonal::new(diag.iter().map(|&d| T::narrow(d)).collect()),
            ),
            diag,
            gap: f64::INFINITY,
            largest_step: 0.0,
        };
        for i in 0..n {
            work.mark(i);
        }
        work
    }

    /// Writes the mask of variable i.
    pub fn mark(&mut self, i: usize) {
        let (can_rise, can_fall) = (self.alpha[i] < self.upper[i], self.alpha[i] > 0.0);
        let (up, low) = if self.y[i] > 0.0 {
            (can_rise, can_fall)
        } else {
            (can_fall, can_rise)
        };
        self.state.mask[i] = if up { UP } else { 0 } | if low { LOW } else { 0 };
    }

    /// Adds Q times the change of α to the gradient.
    pub fn move_gradient(
        &mut self,
        rows: &mut Rows<'_, T>,
        change: &[f64],
    ) -> Result<(), SolveError> {
        let moved: Vec<usize> = (0..change.len()).filter(|&i| change[i] != 0.0).collect();
        rows.will_need(moved.iter().filter(|&&i| !rows.holds(i)).count());
        let at_once = if rows.window() < 4 { 2 } else { 4 };
        for group in moved.chunks(at_once) {
            for &i in group {
                rows.load(i, group[0])?;
            }
            let mut e = [0.0; 4];
            let mut refs = [rows.get(group[0]); 4];
            for (k, &i) in group.iter().enumerate() {
                e[k] = self.y[i] * change[i];
                self.largest_step = self.largest_step.max(change[i].abs());
                refs[k] = rows.get(i);
            }
            add_rows(&mut self.state.f, refs, e);
        }
        Ok(())
    }

    /// Iterates until something says stop. Gradient and masks are in step with α at every return.
    pub fn run(
        &mut self,
        rows: &mut Rows<'_, T>,
        control: &mut Control,
        info: &mut SolveInfo,
        pause: Pause,
    ) -> Result<Halt, SolveError> {
        let stop_at = info.iterations.saturating_add(pause.after);
        let mut pending: Option<(usize, usize, PairStep)> = None;
        loop {
            let s = &mut self.state;
            let (f_i, i) = match &pending {
                None => s.select_first(),
                Some((a, b, step)) => s.update_and_select(
                    [rows.get(*a), rows.get(*b)],
                    [self.y[*a] * step.d_i, self.y[*b] * step.d_j],
                ),
            };
            if f_i == f64::NEG_INFINITY {
                self.gap = f64::NEG_INFINITY;
                return Ok(Halt::Done(Status::Converged));
            }
            if rows.look_is_due() {
                rows.will_need(s.unsettled().filter(|&t| !rows.holds(t)).count());
            }
            rows.load(i, i)?;
            let row_i = rows.get(i);
            let (mut gap, j, gain) = select_partner(s, row_i, f_i, self.diag[i]);
            if gap <= CLOSE * control.tol || gap == f64::INFINITY {
                // Whether this is the end is a matter of double precision.
                let (high, low) = s.extremes();
                gap = high - low;
            }
            self.gap = gap;
            if gap == f64::INFINITY {
                return Err(SolveError::Overflow { row: i });
            }
            if gap <= control.tol {
                return Ok(Halt::Done(Status::Converged));
            }
            if info.iterations >= control.max_iter {
                return Ok(Halt::Done(Status::MaxIterations));
            }
            if info.iterations.is_multiple_of(CLOCK_EVERY) {
                Stop::look();
                if control.deadline.is_some_and(|d| Instant::now() >= d) {
                    return Ok(Halt::Done(Status::TimeLimit));
                }
            }
            let stuck = pending.is_some_and(|(_, _, step)| {
                (step.d_i == 0.0 && step.d_j == 0.0)
                    || control
                        .progress
                        .stands_still(gap, step.decrease, control.patience)
            });
            if stuck || !gain {
                return Ok(Halt::Done(Status::Stalled));
            }
            if info.iterations >= stop_at || gap <= pause.gap {
                return Ok(Halt::Pause);
            }
            rows.load(j, i)?;
            let k_ij = rows.get(i)[j].wide();
            pending = Some((i, j, self.step(i, j, k_ij, info)));
            info.iterations += 1;
        }
    }

    /// The solution at this point.
    pub(super) fn finish(
        self,
        problem: &DualProblem<'_>,
        info: SolveInfo,
    ) -> Result<DualSolution, SolveError> {
        let signed = self.state.f.iter().zip(problem.y);
        let gradient = signed.map(|(f, y)| -y * f).collect();
        DualSolution::new(problem, self.alpha, gradient, info)
    }

    /// Moves along the pair to its minimum, or to the first bound on the way.
    fn step(&mut self, i: usize, j: usize, k_ij: f64, info: &mut SolveInfo) -> PairStep {
        let s = &self.state;
        let (y_i, y_j) = (self.y[i], self.y[j]);
        let b = s.f[i] - s.f[j];
        let scale = self.diag[i].abs() + self.diag[j].abs();
        let curvature = self.diag[i] + self.diag[j] - 2.0 * k_ij;
        if curvature < -1e-6 * scale {
            info.negative_curvature += 1;
        }
        let a = if curvature > 0.0 { curvature } else { TAU };
        // λ is how much y_i α_i grows and y_j α_j falls.
        let room_i = if y_i > 0.0 {
            self.upper[i] - self.alpha[i]
        } else {
            self.alpha[i]
        };
        let room_j = if y_j > 0.0 {
            self.alpha[j]
        } else {
            self.upper[j] - self.alpha[j]
        };
        let lambda = (b / a).min(room_i).min(room_j);
        let old = (self.alpha[i], self.alpha[j]);
        let moved = |alpha: f64, upper: f64, up: bool, whole: bool| match (up, whole) {
            (true, true) => upper,
            (false, true) => 0.0,
            (true, false) => (alpha + lambda).min(upper),
            (false, false) => (alpha - lambda).max(0.0),
        };
        self.alpha[i] = moved(old.0, self.upper[i], y_i > 0.0, lambda >= room_i);
        self.alpha[j] = moved(old.1, self.upper[j], y_j < 0.0, lambda >= room_j);
        self.mark(i);
        self.mark(j);
        let (d_i, d_j) = (self.alpha[i] - old.0, self.alpha[j] - old.1);
        self.largest_step = self.largest_step.max(d_i.abs()).max(d_j.abs());
        // What the largest step has left in f by rounding is no slope.
        let noise = f64::EPSILON * scale * self.largest_step;
        let decrease = if b > noise {
            lambda * (b - 0.5 * curvature * lambda)
        } else {
            0.0
        };
        PairStep { d_i, d_j, decrease }
    }
}

struct PairStep {
    d_i: f64,
    d_j: f64,
    /// By how much the objective falls, as far as that is more than rounding.
    decrease: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DenseQ;

    /// Q has 2 and 3 on its diagonal and −1 beside it, p is −1: along α₁ = α₂ = λ the objective is 1.5 λ² − 2λ, with its
    /// minimum −2/3 at 2/3.
    #[test]
    fn the_decrease_of_a_step_is_that_of_the_objective() {
        for (upper, alpha, decrease) in [(9.0, 2.0 / 3.0, 2.0 / 3.0), (0.5, 0.5, 0.625)] {
            let q = DenseQ::new(vec![2.0, -1.0, -1.0, 3.0], 2).unwrap();
            let upper = [9.0, upper];
            let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0, -1.0], 0.0, &upper).unwrap();
            let mut work = Work::<f64>::new(&problem, vec![0.0; 2]);
            let mut info = SolveInfo::new(Status::Stalled);
            // The entry without signs.
            let step = work.step(0, 1, 1.0, &mut info);
            assert_eq!(work.alpha, [alpha, alpha]);
            assert_eq!((step.d_i, step.d_j), (alpha, alpha));
            assert!(
                (step.decrease - decrease).abs() < 1e-15,
                "{}",
                step.decrease
            );
        }
    }
}
