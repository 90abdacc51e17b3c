//! Working sets of hundreds of variables (Joachims 1998; Wen et al. 2018, ThunderSVM, JMLR 19).
//!
//! An outer step takes the variables that violate the conditions most, solves their small problem by
//! pairs on a matrix that lies in the nearest caches, and then moves the gradient of all variables at
//! once by [`QMatrix::add_products`], which computes kernel values without storing them. On today's
//! CPUs computing a value again costs less than the first touch of the memory to keep it in, and a pair
//! step on 1,024 variables a twentieth of one on 20,000. Half of every working set stays for the next,
//! so that what one step moves the other way is seen. Where no step helps any more, the pairs take over
//! from the point reached, and say why.

use super::Smo;
use super::engine::{Control, Halt, Pause, Work};
use super::real::Real;
use super::rows::Rows;
use crate::{DualProblem, DualSolution, QMatrix, SolveError, SolveInfo, Status};
use std::time::Instant;

/// Problems below this size are solved by pairs.
const FROM: usize = 3_000;
/// An inner problem is solved to this part of the gap that it started with.
const INNER_GAP: f64 = 0.1;
/// Inner steps at most, for every variable of the working set.
const INNER_STEPS: u64 = 20;
/// The working set doubles every time this many rows for every variable have been computed: free
/// variables that do not fit in it together would come back again and again.
const DOUBLE_AFTER: f64 = 1.0;
/// Outer steps without a smaller gap after which the pairs take over.
const PATIENCE: usize = 500;

pub(super) enum Outcome {
    Solved(Box<DualSolution>),
    /// Not a problem for working sets (any more): the point to go on from.
    NotFor(Vec<f64>),
}

/// The matrix of a working set.
struct Square {
    narrow: Vec<f32>,
    wide: Vec<f64>,
    diagonal: Vec<f64>,
}

impl QMatrix for Square {
    fn len(&self) -> usize {
        self.diagonal.len()
    }
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.len();
        for (&r, out) in rows.iter().zip(out.chunks_exact_mut(n)) {
            out.copy_from_slice(&self.wide[r as usize * n..][..n]);
        }
    }
    fn dense_f32(&self) -> Option<&[f32]> {
        (!self.narrow.is_empty()).then_some(&self.narrow)
    }
}

fn size(smo: &Smo, n: usize) -> usize {
    let q = match smo.working_set {
        Some(q) => q,
        None if n < FROM => 2,
        None => 1_024,
    };
    q.min(n)
}

pub(super) fn solve<T: Real>(
    smo: &Smo,
    problem: &DualProblem<'_>,
    alpha: Vec<f64>,
) -> Result<Outcome, SolveError> {
    let n = problem.n();
    let mut q = size(smo, n);
    if q < 4 || T::dense(problem.q).is_some() {
        return Ok(Outcome::NotFor(alpha));
    }
    let mut work = Work::<T>::new(problem, alpha);
    let mut control = Control::new(smo, n);
    let mut info = SolveInfo {
        status: Status::Stalled,
        iterations: 0,
        objective: 0.0,
        kkt_gap: 0.0,
        rows_computed: 0,
        negative_curvature: 0,
    };
    let start: Vec<(u32, f64)> = (0..n as u32)
        .map(|i| (i, work.alpha[i as usize]))
        .filter(|(_, a)| *a != 0.0)
        .collect();
    let mut change = vec![0.0; n];
    move_gradient(&mut work, problem.q, &start, &mut change);
    info.rows_computed += start.len() as u64;

    let mut chosen: Vec<u32> = Vec::new();
    let mut taken = vec![false; n];
    let mut since_doubled = 0;
    let keep_in = |q: usize| (q * q * size_of::<T>()) as f64 <= smo.cache_size * 1_048_576.0;
    let mut best = f64::INFINITY;
    let mut since = 0;
    info.status = loop {
        let gap = work.gap_now();
        if !gap.is_finite() && gap > 0.0 || work.state.f.iter().any(|f| !f.is_finite()) {
            // An entry of Q overflows: the pairs find out which.
            return Ok(Outcome::NotFor(work.alpha));
        }
        if gap <= control.tol {
            break Status::Converged;
        }
        if info.iterations >= control.max_iter {
            break Status::MaxIterations;
        }
        if control.deadline.is_some_and(|d| Instant::now() >= d) {
            break Status::TimeLimit;
        }
        since = if gap < 0.99 * best { 0 } else { since + 1 };
        best = best.min(gap);
        if since > PATIENCE {
            return Ok(Outcome::NotFor(work.alpha));
        }
        if since_doubled as f64 > DOUBLE_AFTER * n as f64 && q < n && keep_in(2 * q) {
            (q, since_doubled) = ((2 * q).min(n), 0);
        }
        choose(&work, q, &mut chosen, &mut taken);
        let m = chosen.len();
        let mut entries = vec![T::default(); m * m];
        T::square(problem.q, &chosen, &mut entries);
        info.rows_computed += (m * m).div_ceil(n) as u64;
        let mut part = work.only(&chosen);
        let (narrow, wide) = T::wrap(entries);
        let square = Square {
            narrow,
            wide,
            diagonal: part.diag.clone(),
        };
        // Room for all of it: no row is computed twice.
        let mut rows = Rows::<T>::new(&square, (m * m * 8) as f64 / 1e6 + 1.0)?;
        let pause = Pause {
            after: INNER_STEPS * m as u64,
            gap: INNER_GAP * gap,
        };
        let inner = part.run(&mut rows, &mut control, &mut info, pause);
        if let Ok(Halt::Done(Status::TimeLimit)) = inner {
            // The look at the clock above ends it.
        } else if inner.is_err() {
            return Ok(Outcome::NotFor(work.alpha));
        }
        let moved: Vec<(u32, f64)> = chosen
            .iter()
            .zip(&part.alpha)
            .map(|(&i, &a)| (i, a - work.alpha[i as usize]))
            .filter(|(_, d)| *d != 0.0)
            .collect();
        if moved.is_empty() {
            return Ok(Outcome::NotFor(work.alpha));
        }
        for (&i, &a) in chosen.iter().zip(&part.alpha) {
            work.alpha[i as usize] = a;
            work.mark(i as usize);
        }
        move_gradient(&mut work, problem.q, &moved, &mut change);
        info.rows_computed += moved.len() as u64;
        since_doubled += moved.len();
    };
    let gradient = work
        .state
        .f
        .iter()
        .zip(problem.y)
        .map(|(f, y)| -y * f)
        .collect();
    DualSolution::finish(problem, work.alpha, gradient, info).map(|s| Outcome::Solved(Box::new(s)))
}

/// Adds Q times the change of some variables to the gradient.
fn move_gradient<T: Real>(
    work: &mut Work<T>,
    q: &dyn QMatrix,
    moved: &[(u32, f64)],
    change: &mut [f64],
) {
    if moved.is_empty() {
        return;
    }
    let (columns, coef): (Vec<u32>, Vec<f64>) = moved.iter().copied().unzip();
    change.fill(0.0);
    T::add_products(q, &columns, &coef, change);
    let s = &mut work.state;
    for ((f, y), d) in s.f.iter_mut().zip(&s.y).zip(change.iter()) {
        *f -= y * d;
    }
}

impl<T: Real> Work<T> {
    /// m(α) − M(α) over all variables.
    fn gap_now(&self) -> f64 {
        let s = &self.state;
        let (mut high, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
        for ((f, up), down) in s.f.iter().zip(&s.up).zip(&s.low) {
            high = high.max(f + up);
            low = low.min(f + down);
        }
        high - low
    }
}

/// The next working set: the newer half of the last one, filled up from both ends of the violators.
fn choose<T: Real>(work: &Work<T>, q: usize, chosen: &mut Vec<u32>, taken: &mut [bool]) {
    for &i in chosen.iter() {
        taken[i as usize] = false;
    }
    // All of it where the set has just been doubled.
    let kept = chosen.len().min(q / 2);
    chosen.drain(..chosen.len() - kept);
    for &i in chosen.iter() {
        taken[i as usize] = true;
    }
    let s = &work.state;
    let n = s.f.len();
    let wanted = q - chosen.len();
    for end in [1.0, -1.0] {
        // `wanted / 2` from the first end, the rest from the second.
        let here = if end > 0.0 {
            wanted / 2
        } else {
            q - chosen.len()
        };
        let mut violators: Vec<(f64, u32)> = (0..n)
            .filter(|&i| {
                !taken[i]
                    && if end > 0.0 {
                        s.up[i] == 0.0
                    } else {
                        s.low[i] == 0.0
                    }
            })
            .map(|i| (-end * s.f[i], i as u32))
            .collect();
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if violators.len() > here && here > 0 {
            violators.select_nth_unstable_by(here - 1, order);
        }
        violators.truncate(here);
        violators.sort_unstable_by(order);
        for (_, i) in violators {
            taken[i as usize] = true;
            chosen.push(i);
        }
    }
}

/// How a precision hands a square to the inner solver.
pub(crate) trait IntoSquare: Sized {
    fn wrap(entries: Vec<Self>) -> (Vec<f32>, Vec<f64>);
}
impl IntoSquare for f32 {
    fn wrap(entries: Vec<f32>) -> (Vec<f32>, Vec<f64>) {
        (entries, Vec::new())
    }
}
impl IntoSquare for f64 {
    fn wrap(entries: Vec<f64>) -> (Vec<f32>, Vec<f64>) {
        (Vec::new(), entries)
    }
}
