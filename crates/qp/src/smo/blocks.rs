//! Working sets of hundreds of variables (Joachims 1998; Wen et al. 2018, ThunderSVM, JMLR 19).
//!
//! An outer step takes the variables that violate the conditions most, solves their small problem by
//! pairs on a matrix that lies in the nearest caches, and then moves the gradient of all variables at
//! once by [`QMatrix::add_products`], which computes kernel values without storing them. On today's
//! CPUs computing a value again costs less than the first touch of the memory to keep it in, and a pair
//! step on 1,024 variables a twentieth of one on 20,000. Free variables stay in the set, with their
//! entries, so that no variable leaves and returns again and again. Where no step helps any more, the pairs
//! take over from the point reached and find the reason.

use super::Solved;
use super::exact::{Rounds, Verdict};
use super::known::Known;
use super::memory::prefer_huge_pages;
use super::newton::Newton;
use super::pairs::{Control, Halt, Pause, Work};
use super::passes::{LOW, UP, change_signs};
use super::real::Real;
use super::rows::Rows;
use super::settings::Smo;
use crate::{DualProblem, QMatrix, SolveError, SolveInfo, Status};
use rayon::prelude::*;
use std::time::Instant;

/// Problems below this size are solved by pairs.
const FROM: usize = 3_000;
/// An inner problem is solved to this part of the gap that it started with.
const INNER_GAP: f64 = 0.3;
/// One that holds everything that violates is solved to this part of `tol`: nothing outside is in sight
/// that would move its solution.
const LAST_GAP: f64 = 0.5;
/// Inner steps at most, for every variable of the working set.
const INNER_STEPS: u64 = 20;
/// Until this many rows per variable have been computed a working set stays small: variables that are free
/// far from the solution are seldom free at it.
const EARLY: f64 = 1.5;
/// Rows and columns of a tile of a matrix.
const TILE: usize = 16;
/// Outer steps without a smaller gap after which the pairs take over.
const PATIENCE: usize = 500;

pub(super) enum Outcome<T> {
    Solved(Box<Solved<T>>),
    /// Not a problem for working sets (any more): the point to go on from.
    NotFor(Vec<f64>),
}

/// The matrix of a working set.
struct Square<'a, T> {
    entries: &'a [T],
    diagonal: Vec<f64>,
}

impl<T: Real> QMatrix for Square<'_, T> {
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.len();
        for (&r, out) in rows.iter().zip(out.chunks_exact_mut(n)) {
            for (o, v) in out.iter_mut().zip(&self.entries[r as usize * n..][..n]) {
                *o = v.wide();
            }
        }
    }
    fn is_kernel(&self) -> bool {
        true
    }
    fn dense_f32(&self) -> Option<&[f32]> {
        T::singles(self.entries)
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
    known: Option<Known<'_>>,
    control: &mut Control,
    info: &mut SolveInfo,
) -> Result<Outcome<T>, SolveError> {
    let n = problem.n();
    let q = size(smo, n);
    if q < 4 || T::dense(problem.q).is_some() {
        return Ok(Outcome::NotFor(alpha));
    }
    let (mut work, mut change) = Work::<T>::near(problem, alpha, known);
    let mut rounds = Rounds::new();
    let start: Vec<(u32, f64)> = (0..n as u32)
        .map(|i| (i, change[i as usize]))
        .filter(|(_, d)| *d != 0.0)
        .collect();
    move_gradient(&mut work, problem.q, &start, &mut change);
    info.rows_computed += start.len() as u64;

    let room = (smo.cache_size * 1_048_576.0 / (2 * size_of::<T>()) as f64).sqrt();
    let most = if smo.working_set.is_some() {
        q
    } else {
        (room as usize).clamp(q, n)
    };
    let mut set = Set {
        chosen: Vec::new(),
        entries: Vec::<T>::new(),
        spare: Vec::new(),
        taken: vec![false; n],
        limit: most.saturating_mul(most),
    };
    let new = (q * 3).div_ceil(4);
    let mut best = f64::INFINITY;
    let mut since = 0;
    loop {
        let (high, low) = work.state.extremes();
        let gap = high - low;
        if !gap.is_finite() && gap > 0.0 || work.state.f.iter().any(|f| !f.is_finite()) {
            // An entry of Q overflows: the pairs find out which.
            return Ok(Outcome::NotFor(work.alpha));
        }
        if rounds.is_first() {
            control.tol = work.aim(smo.tol);
        }
        let stopped = if gap <= control.tol {
            Some(Status::Converged)
        } else if info.iterations >= control.max_iter {
            Some(Status::MaxIterations)
        } else if control.deadline.is_some_and(|d| Instant::now() >= d) {
            Some(Status::TimeLimit)
        } else {
            None
        };
        if let Some(stopped) = stopped {
            let gap = work.refresh(problem, smo)?;
            let verdict = rounds.judge(stopped, gap, smo, control, info);
            if verdict == Verdict::GoOn {
                (best, since) = (f64::INFINITY, 0);
                continue;
            }
            let exhausted = verdict == Verdict::Exhausted;
            return Ok(Outcome::Solved(Box::new(Solved { work, exhausted })));
        }
        since = if gap < 0.99 * best { 0 } else { since + 1 };
        best = best.min(gap);
        if since > PATIENCE {
            return Ok(Outcome::NotFor(work.alpha));
        }
        let early = (info.rows_computed as f64) < EARLY * n as f64;
        let at_most = if early { most.min(2 * new) } else { most };
        let complete = set.renew(&work, problem.q, new, at_most);
        let (m, chosen) = (set.chosen.len(), &set.chosen);
        let mut part = work.only(chosen);
        let y = part.y.clone();
        let square = Square {
            entries: &set.entries,
            diagonal: part.diag.clone(),
        };
        // Room for all of it: no row is computed twice.
        let mut rows = Rows::<T>::new(&square, &y, (m * m * 8) as f64 / 1e6 + 1.0)?;
        let pause = Pause {
            after: INNER_STEPS * m as u64,
            gap: if complete {
                LAST_GAP * control.tol
            } else {
                INNER_GAP * gap
            },
        };
        let inner = Newton::new(control, info).run(&mut part, &mut rows, control, info, pause);
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
    }
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
    let is_kernel = q.is_kernel();
    let (columns, coef): (Vec<u32>, Vec<f64>) = moved
        .iter()
        .map(|&(i, d)| (i, if is_kernel { work.y[i as usize] * d } else { d }))
        .unzip();
    let largest = coef.iter().fold(work.largest_step, |m, c| m.max(c.abs()));
    work.largest_step = largest;
    change.fill(0.0);
    q.add_products(&columns, &coef, T::SINGLE, change);
    for ((f, y), d) in work.state.f.iter_mut().zip(&work.y).zip(change.iter()) {
        *f -= if is_kernel { *d } else { y * d };
    }
}

/// A working set and Q among it.
struct Set<T> {
    chosen: Vec<u32>,
    entries: Vec<T>,
    /// Memory of the set before: fresh memory would cost more than the entries.
    spare: Vec<T>,
    /// Whether a variable is in it.
    taken: Vec<bool>,
    /// Entries of the largest set that `cache_size` allows.
    limit: usize,
}

impl<T: Real> Set<T> {
    /// The next set: the free variables of this one (the newest of them where `most` is less than twice as
    /// many), and up to `new` violators from both ends. Only entries of new variables are computed.
    /// Returns whether that leaves no violator out.
    fn renew(&mut self, work: &Work<T>, q: &dyn QMatrix, new: usize, most: usize) -> bool {
        let m = self.chosen.len();
        let free = |i: u32| {
            let (a, c) = (work.alpha[i as usize], work.upper[i as usize]);
            a > 0.0 && a < c
        };
        let mut kept: Vec<usize> = (0..m).filter(|&k| free(self.chosen[k])).collect();
        let room = (most / 2).max(most.saturating_sub(new));
        kept.drain(..kept.len().saturating_sub(room));
        let mut chosen: Vec<u32> = kept.iter().map(|&k| self.chosen[k]).collect();
        for &i in &self.chosen {
            self.taken[i as usize] = false;
        }
        for &i in &chosen {
            self.taken[i as usize] = true;
        }
        let wanted = (chosen.len() + new).min(most) - chosen.len();
        let complete = self.add_violators(work, wanted, &mut chosen);

        let (old, all) = (kept.len(), chosen.len());
        let mut entries = std::mem::take(&mut self.spare);
        if entries.capacity() < all * all {
            // Its content is not needed any more; half as much again, so that this is rare.
            let capacity = (all * all + all * all / 2).min(self.limit).max(all * all);
            entries = vec![T::default(); capacity];
            prefer_huge_pages(&mut entries);
        }
        entries.resize(all * all, T::default());
        let (above, below) = entries.split_at_mut(old * all);
        q.fill(Some(&chosen[old..]), Some(&chosen), T::entries(below));
        if !q.is_kernel() {
            let y: Vec<f64> = chosen.iter().map(|&i| work.y[i as usize]).collect();
            for (row, y_r) in below.chunks_exact_mut(all).zip(&y[old..]) {
                change_signs(row, *y_r, &y);
            }
        }
        // The other rows from the last set and, by symmetry, from the new ones: in tiles of a cache line
        // each way.
        let (last, below) = (&self.entries, &*below);
        above
            .par_chunks_mut(TILE * all)
            .enumerate()
            .for_each(|(r, rows)| {
                for (row, &k) in rows.chunks_exact_mut(all).zip(&kept[r * TILE..]) {
                    for (v, &l) in row.iter_mut().zip(&kept) {
                        *v = last[k * m + l];
                    }
                }
                for c in (old..all).step_by(TILE) {
                    for (i, row) in rows.chunks_exact_mut(all).enumerate() {
                        for (j, v) in row[c..all.min(c + TILE)].iter_mut().enumerate() {
                            *v = below[(c + j - old) * all + r * TILE + i];
                        }
                    }
                }
            });
        self.spare = std::mem::replace(&mut self.entries, entries);
        self.chosen = chosen;
        complete
    }

    fn add_violators(&mut self, work: &Work<T>, wanted: usize, chosen: &mut Vec<u32>) -> bool {
        let mut complete = true;
        let s = &work.state;
        let end_at = chosen.len() + wanted;
        let (high, low) = work.state.extremes();
        for end in [1.0, -1.0] {
            // Half from the first end, the rest from the second.
            let here = if end > 0.0 {
                wanted / 2
            } else {
                end_at - chosen.len()
            };
            let may = if end > 0.0 { UP } else { LOW };
            let mut violators: Vec<(f64, u32)> = (0..s.f.len())
                .filter(|&i| !self.taken[i] && s.mask[i] & may != 0)
                .filter(|&i| {
                    if end > 0.0 {
                        s.f[i] > low
                    } else {
                        s.f[i] < high
                    }
                })
                .map(|i| (-end * s.f[i], i as u32))
                .collect();
            let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if violators.len() > here && here > 0 {
                violators.select_nth_unstable_by(here - 1, order);
            }
            complete &= violators.len() <= here;
            violators.truncate(here);
            violators.sort_unstable_by(order);
            for (_, i) in violators {
                self.taken[i as usize] = true;
                chosen.push(i);
            }
        }
        complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DenseQ;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    const N: usize = 60;

    /// A kernel of points on a line, and signs in turn.
    fn kernel_and_signs() -> (Vec<f64>, Vec<f64>) {
        let k = |i: usize, j: usize| (-0.01 * (i as f64 - j as f64).powi(2)).exp();
        let y = (0..N).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 });
        ((0..N * N).map(|e| k(e / N, e % N)).collect(), y.collect())
    }

    fn signed(k: &[f64], y: &[f64]) -> DenseQ {
        let q = k.iter().enumerate().map(|(e, k)| y[e / N] * y[e % N] * k);
        DenseQ::new(q.collect(), N).unwrap()
    }

    #[test]
    fn a_set_has_the_worst_violators_of_both_ends_and_keeps_what_is_free() {
        let (k, y) = kernel_and_signs();
        let q = signed(&k, &y);
        // f is 1 + i/64 where y is 1, the negative of it elsewhere: the last variables violate most.
        let p: Vec<f64> = (0..N).map(|i| -1.0 - i as f64 / 64.0).collect();
        let problem = DualProblem::new(&q, &p, &y, 0.0, &[1.0; N]).unwrap();
        let mut work = Work::<f64>::new(&problem, vec![0.0; N]);
        let mut set = Set {
            chosen: Vec::new(),
            entries: Vec::new(),
            spare: Vec::new(),
            taken: vec![false; N],
            limit: N * N,
        };
        let is_q_among = |set: &Set<f64>| {
            let at = |i: u32, j: u32| k[i as usize * N + j as usize];
            let pairs = set
                .chosen
                .iter()
                .flat_map(|&i| set.chosen.iter().map(move |&j| at(i, j)));
            set.entries.iter().copied().eq(pairs)
        };
        assert!(!set.renew(&work, &q, 8, 20));
        assert_eq!(set.chosen, [58, 56, 54, 52, 59, 57, 55, 53]);
        assert!(is_q_among(&set));
        // Two of them are free now, one is at its upper bound and may only come back.
        for (i, a) in [(56, 0.5), (53, 0.25), (58, 1.0)] {
            work.alpha[i] = a;
            work.mark(i);
        }
        assert!(!set.renew(&work, &q, 8, 20));
        assert_eq!(set.chosen, [56, 53, 54, 52, 50, 48, 59, 57, 55, 51]);
        assert!(is_q_among(&set));
        // Room for everything that violates.
        assert!(set.renew(&work, &q, 2 * N, N));
        let mut all = set.chosen.clone();
        all.sort_unstable();
        let but_58: Vec<u32> = (0..N as u32).filter(|&i| i != 58).collect();
        assert!(all.iter().copied().eq(but_58) && is_q_among(&set));
    }

    #[test]
    fn working_sets_never_ask_for_a_whole_row() {
        struct Counted(DenseQ, AtomicUsize);
        impl QMatrix for Counted {
            fn diagonal(&self) -> &[f64] {
                self.0.diagonal()
            }
            fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
                self.0.fill_rows(rows, out);
            }
            fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: crate::Entries<'_>) {
                self.1.fetch_add(usize::from(columns.is_none()), Relaxed);
                self.0.fill(rows, columns, out);
            }
            fn add_products(&self, columns: &[u32], coef: &[f64], single: bool, out: &mut [f64]) {
                self.0.add_products(columns, coef, single, out);
            }
        }
        let (k, y) = kernel_and_signs();
        let q = Counted(signed(&k, &y), AtomicUsize::new(0));
        let problem = DualProblem::new(&q, &[-1.0; N], &y, 0.0, &[1.0; N]).unwrap();
        for (working_set, whole) in [(Some(8), false), (None, true)] {
            q.1.store(0, Relaxed);
            let smo = Smo {
                working_set,
                ..Smo::default()
            };
            let solution = crate::QpSolver::solve(&smo, &problem, None).unwrap();
            assert_eq!(solution.info.status, Status::Converged);
            assert_eq!(q.1.load(Relaxed) > 0, whole, "working set {working_set:?}");
        }
    }
}
