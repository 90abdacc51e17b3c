//! The gradient of the point found, computed afresh in double precision.
//!
//! While α moves, the gradient follows it by adding rows of Q, which may be rounded to single precision. The error
//! grows with α: at a large C it exceeds the tolerance, and the gap that the gradient shows is not that of the
//! problem. So where rounding may show, and where it is asked for ([`Smo::verify`]), no point is handed back before its
//! gradient has been computed again from Q in double precision. Where the true gap is above the tolerance the solver
//! goes on from the fresh gradient, on the same rows: what they add from then on is small, and so is its error
//! (iterative refinement). Where that does not help, double precision does.
//!
//! The same way yᵀα strays from Δ: by the rounding of the largest values that α has had. Where these are gone and it
//! shows, other variables take it, and the gradient is computed again.

use super::pairs::{Control, Work};
use super::passes::{LOW, UP};
use super::real::Real;
use super::settings::Smo;
use crate::{DualProblem, SolveError, SolveInfo, Status};

/// How much of the tolerance is aimed at after a gap that turned out to be too large.
const AIM: f64 = 0.5;
/// What a round must leave of the true gap at most for another one to be worth it.
const PROGRESS: f64 = 0.5;
/// Variables at 0 are judged by the gradient they have where it is farther from violating than this many times
/// the largest error found among the others.
const REACH: f64 = 16.0;

/// How often what is left in the equality is looked for: the first pass takes it, the next what that has rounded.
const PASSES: usize = 4;

/// The part of the tolerance by which a gap may be off where nobody wants it exact.
const NOTICEABLE: f64 = 0.05;

/// The true gap of one round after another.
pub(super) struct Rounds {
    last: f64,
}

/// What follows from a true gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// To go on from the fresh gradient.
    GoOn,
    /// This is the end.
    Done,
    /// Rows of this precision cannot do better.
    Exhausted,
}

impl Rounds {
    pub fn new() -> Self {
        Self {
            last: f64::INFINITY,
        }
    }

    /// Whether no gap has been judged yet.
    pub fn is_first(&self) -> bool {
        self.last == f64::INFINITY
    }

    /// Judges the true gap of a point at which the solver stopped for the given reason. Where it is to go on, `control`
    /// says how far, otherwise `info` says why it ended.
    pub fn judge(
        &mut self,
        stopped: Status,
        gap: f64,
        smo: &Smo,
        control: &mut Control,
        info: &mut SolveInfo,
    ) -> Verdict {
        let before = std::mem::replace(&mut self.last, gap);
        let (verdict, status) = match stopped {
            _ if gap <= smo.tol => (Verdict::Done, Status::Converged),
            Status::MaxIterations | Status::TimeLimit => (Verdict::Done, stopped),
            _ if gap <= PROGRESS * before => {
                *control = control.again(smo);
                control.tol *= AIM;
                (Verdict::GoOn, Status::Stalled)
            }
            _ => (Verdict::Exhausted, Status::Stalled),
        };
        info.status = status;
        verdict
    }
}

impl<T: Real> Work<T> {
    /// The rounding of rows: that of the largest entry.
    fn unit(&self) -> f64 {
        let unit = if T::SINGLE { -23 } else { -52 };
        let largest = self.diag.iter().fold(0.0f64, |m, d| m.max(d.abs()));
        2f64.powi(unit) * largest
    }

    fn check_finite(&self) -> Result<(), SolveError> {
        match self.state.f.iter().position(|f| !f.is_finite()) {
            Some(row) => Err(SolveError::Overflow { row }),
            None => Ok(()),
        }
    }

    /// How far rounding may have moved the gap. Errors of rows are independent of each other, so they grow with the norm
    /// of α: those of gaps were found to be between a tenth and eight tenths of this.
    fn rounding(&self) -> f64 {
        let norm = self.alpha.iter().map(|a| a * a).sum::<f64>().sqrt();
        self.unit() * norm.max(self.largest_step)
    }

    /// Whether rounding has not moved the gap noticeably.
    fn is_exact_enough(&self, tol: f64) -> bool {
        self.rounding() <= NOTICEABLE * tol
    }

    /// How small the gap of a gradient that was never computed again has to be: by what rounding may have moved it below
    /// the tolerance, so that mostly the true gap is within it at once.
    pub(super) fn aim(&self, tol: f64) -> f64 {
        if self.is_exact_enough(tol) {
            tol
        } else {
            (tol - self.rounding()).max(AIM * tol)
        }
    }

    /// Takes the part of Δ − yᵀα that no sum of the α_i explains: values that were far larger and came back have left it.
    /// Whether there was any that variables had room for.
    fn restore(&mut self, delta: f64) -> bool {
        let mut restored = false;
        for _ in 0..PASSES {
            let (mut sum, mut size) = (0.0, delta.abs());
            for (a, y) in self.alpha.iter().zip(&self.y) {
                sum += y * a;
                size += a;
            }
            let left = delta - sum;
            let explained = (32.0 + self.alpha.len() as f64) * f64::EPSILON * size;
            if left.abs() <= explained || !self.take(left) {
                break;
            }
            restored = true;
        }
        restored
    }

    /// Gives yᵀα what is left to the free variables, those with most room first, then to those at their upper bound, at
    /// last to those at 0; whether any had room.
    fn take(&mut self, left: f64) -> bool {
        let rises = |i: usize| self.y[i] * left > 0.0;
        let room = |i: usize| {
            if rises(i) {
                self.upper[i] - self.alpha[i]
            } else {
                self.alpha[i]
            }
        };
        let stage = |i: usize| match self.state.mask[i] {
            mask if mask == UP | LOW => 0,
            _ if rises(i) => 2,
            _ => 1,
        };
        let mut steps: Vec<(usize, f64, u8)> = (0..self.alpha.len())
            .map(|i| (i, room(i), stage(i)))
            .filter(|(_, room, _)| *room > 0.0)
            .collect();
        steps.sort_by(|a, b| a.2.cmp(&b.2).then(b.1.total_cmp(&a.1)));
        let mut need = left.abs();
        for &(i, room, _) in &steps {
            if need <= 0.0 {
                break;
            }
            self.alpha[i] = match (room <= need, self.y[i] * left > 0.0) {
                (true, true) => self.upper[i],
                (true, false) => 0.0,
                (false, true) => (self.alpha[i] + need).min(self.upper[i]),
                (false, false) => self.alpha[i] - need,
            };
            need -= room;
            self.mark(i);
        }
        !steps.is_empty()
    }

    /// Computes the gradient again where that is called for, of all variables above 0 and of those at 0 that may
    /// decide the gap, and returns the gap.
    pub(super) fn refresh(
        &mut self,
        problem: &DualProblem<'_>,
        smo: &Smo,
    ) -> Result<f64, SolveError> {
        let restored = self.restore(problem.delta);
        if !restored && !smo.verify && self.is_exact_enough(smo.tol) {
            self.check_finite()?;
            let (high, low) = self.state.extremes();
            return Ok(high - low);
        }
        let n = self.alpha.len();
        let support: Vec<u32> = (0..n as u32)
            .filter(|&i| self.alpha[i as usize] > 0.0)
            .collect();
        let is_kernel = problem.q.is_kernel();
        let coef: Vec<f64> = support
            .iter()
            .map(|&i| {
                let (a, y) = (self.alpha[i as usize], self.y[i as usize]);
                if is_kernel { y * a } else { a }
            })
            .collect();
        let (p, y) = (problem.p, problem.y);
        let fresh = |f: &mut [f64], rows: &[u32]| -> Result<f64, SolveError> {
            let mut sums = vec![0.0; rows.len()];
            // Where all variables are 0 again the gradient is p.
            if !support.is_empty() {
                problem.q.add_products_at(rows, &support, &coef, &mut sums);
            }
            let mut error = 0.0f64;
            for (&row, sum) in rows.iter().zip(sums) {
                let i = row as usize;
                let sum = if is_kernel { sum } else { y[i] * sum };
                let value = -y[i] * p[i] - sum;
                if !value.is_finite() {
                    return Err(SolveError::Overflow { row: i });
                }
                error = error.max((value - f[i]).abs());
                f[i] = value;
            }
            Ok(error)
        };
        let error = fresh(&mut self.state.f, &support)?;
        // No less than the rounding of rows explains: few variables above 0 tell little of the error.
        let size: f64 = coef.iter().map(|c| c.abs()).sum();
        let size = size.max(self.largest_step);
        let reach = (REACH * error).max(8.0 * self.unit() * size);
        let (mut high, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
        for &i in &support {
            let (f, mask) = (self.state.f[i as usize], self.state.mask[i as usize]);
            high = if mask & UP != 0 { high.max(f) } else { high };
            low = if mask & LOW != 0 { low.min(f) } else { low };
        }
        let near = |i: &u32| {
            let i = *i as usize;
            let (f, mask) = (self.state.f[i], self.state.mask[i]);
            let decides =
                (mask & UP != 0 && f + reach >= high) || (mask & LOW != 0 && f - reach <= low);
            // The gradient has not followed what was restored.
            self.alpha[i] <= 0.0 && (restored || decides)
        };
        let candidates: Vec<u32> = (0..n as u32).filter(near).collect();
        fresh(&mut self.state.f, &candidates)?;
        self.check_finite()?;
        let (high, low) = self.state.extremes();
        self.gap = high - low;
        Ok(self.gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_larger_values_left_behind_goes_to_the_free_variables_with_most_room() {
        let (y, upper, p) = ([1.0, 1.0, -1.0], [1.0; 3], [-1.0; 3]);
        let q = crate::DenseQ::new(vec![0.0; 9], 3).unwrap();
        let work = |alpha: [f64; 3]| {
            let problem = DualProblem::new(&q, &p, &y, 0.0, &upper).unwrap();
            Work::<f64>::new(&problem, alpha.to_vec())
        };
        // Powers of two and their sums: every number here is exact.
        let lost = 2f64.powi(-40);
        for (off, on) in [
            (
                [0.25, 0.0625, 0.3125 + lost],
                [0.25, 0.0625 + lost, 0.3125 + lost],
            ),
            ([0.25 + lost, 0.0, 0.25], [0.25 + lost, 0.0, 0.25 + lost]),
            // What is left of a single variable, and of two.
            ([lost, 0.0, 0.0], [0.0; 3]),
            ([0.0, 0.0, lost], [0.0; 3]),
            ([lost, 2.0 * lost, 0.0], [0.0; 3]),
        ] {
            let mut work = work(off);
            assert!(work.restore(0.0));
            assert_eq!(work.alpha, on);
            for i in 0..3 {
                let mask = work.state.mask[i];
                work.mark(i);
                assert_eq!(work.state.mask[i], mask);
            }
        }
        // None is free: one leaves its upper bound, and where that is not enough, one leaves 0.
        for (off, on) in [
            ([1.0, 0.0, 0.0], [0.0; 3]),
            ([0.0, 0.0, 1.0], [0.0; 3]),
            ([1.0, 1.0, 1.0], [0.0, 1.0, 1.0]),
        ] {
            let mut work = work(off);
            assert!(work.restore(0.0));
            assert_eq!(work.alpha, on);
        }
        let mut low = work([0.0; 3]);
        assert!(low.restore(-0.5));
        assert_eq!(low.alpha, [0.0, 0.0, 0.5]);
        // Rounding of the values themselves is none of its business.
        let alpha = [0.25, 0.0625, 0.3125 + f64::EPSILON];
        let mut kept = work(alpha);
        assert!(!kept.restore(0.0));
        assert_eq!(kept.alpha, alpha);
    }

    #[test]
    fn the_first_aim_leaves_room_for_what_rounding_may_have_moved() {
        let q = crate::DenseQ::new(vec![1.0, 0.0, 0.0, 1.0], 2).unwrap();
        let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0, -1.0], 0.0, &[2048.0; 2]).unwrap();
        // Rounding by 2⁻²³ of a norm of 2¹⁰.
        let single = Work::<f32>::new(&problem, vec![1024.0, 0.0]);
        let moved = 2f64.powi(-13);
        for (tol, aim) in [
            (1.0, 1.0),
            (32.0 * moved, 32.0 * moved),
            (16.0 * moved, 15.0 * moved),
            (moved, 0.5 * moved),
        ] {
            assert_eq!(single.aim(tol), aim);
        }
        let double = Work::<f64>::new(&problem, vec![1024.0, 0.0]);
        assert_eq!(double.aim(moved), moved);
    }

    #[test]
    fn a_gap_that_was_too_large_is_followed_by_a_smaller_aim_until_that_does_not_help() {
        let smo = Smo {
            tol: 0.25,
            ..Smo::default()
        };
        let (mut control, mut info) = (Control::new(&smo, 2), SolveInfo::new(Status::Stalled));
        let mut rounds = Rounds::new();
        let mut judge = |gap| {
            let verdict = rounds.judge(Status::Converged, gap, &smo, &mut control, &mut info);
            (verdict, info.status, control.tol)
        };
        assert_eq!(judge(1.0), (Verdict::GoOn, Status::Stalled, 0.125));
        // Half of the gap before is just enough; the aim stays half of the tolerance.
        assert_eq!(judge(0.5), (Verdict::GoOn, Status::Stalled, 0.125));
        assert_eq!(judge(0.3), (Verdict::Exhausted, Status::Stalled, 0.125));
        assert_eq!(judge(0.25), (Verdict::Done, Status::Converged, 0.125));
    }
}
