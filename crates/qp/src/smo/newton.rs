//! Newton's step: all free variables at once, where pairs take many iterations.
//!
//! Pairs find soon which variables end at a bound, and then take long to move the free ones, the longer the larger the bounds.
//! With the others held, the free variables minimise a quadratic function under one equality: in u_i = y_i Δα_i and
//! f_i = −y_i G_i it is ½ uᵀKu − fᵀu with Σ u_i = 0, so K u = f − b for one number b. [`Factor`] solves it; the first bound on the
//! way ends a step, its variable leaves the factor, and the rest goes on. The objective never grows, and pairs go on from there.
//!
//! A constant on all of K changes nothing where Σ u_i = 0 and makes K regular in that direction. A small ridge
//! on the diagonal makes it regular in the others, copies of a sample among them; the length of a step is that of the
//! function without the ridge.

use super::factor::{Factor, dot};
use super::pairs::{Control, Halt, Pause, Work};
use super::passes::{LOW, UP};
use super::real::Real;
use super::rows::Rows;
use crate::{SolveError, SolveInfo, Status};
use fuzzysvm_core::Stop;
use std::time::Instant;

/// Iterations between two looks at whether a step is due.
const EVERY: u64 = 100;
/// Entries of a row that a pair reads in the time of one multiplication of a factor.
const MULTIPLICATION: f64 = 0.4;
/// How many times the cost of a step pairs cost before the first one.
const FIRST: f64 = 4.0;
/// The same at least, after steps that gained more than pairs of the same cost.
const LEAST: f64 = 1.0 / 16.0;
/// The same at most, after steps that gained less.
const MOST: f64 = 64.0;
/// How many variables may meet a bound before a step must have come nearer to the minimum; more where pairs are slow.
const AT_ONCE: f64 = 8.0;
/// Ridge as a part of the largest diagonal entry, above what rounding does to an entry.
const RIDGE_SINGLE: f64 = 1.0 / (1 << 18) as f64;
const RIDGE_DOUBLE: f64 = 1.0 / (1u64 << 40) as f64;
/// Most free variables: their factor has 32 MB.
const LARGEST: usize = 2048;

/// When steps are worth their cost, and what they gained.
pub(super) struct Newton {
    /// Entries read by pairs since the last step.
    spent: f64,
    /// Iterations when that was last counted.
    iterations: u64,
    /// The decrease by pairs at the last step.
    decrease: f64,
    /// How many times the cost of a step pairs cost before the next one.
    wait: f64,
}

impl Newton {
    pub(super) fn new(control: &Control, info: &SolveInfo) -> Self {
        Self {
            spent: 0.0,
            iterations: info.iterations,
            decrease: control.total_decrease(),
            wait: FIRST,
        }
    }

    /// [`Work::run`] with steps in between. Gradient and masks are in step with α at every return.
    pub(super) fn run<T: Real>(
        &mut self,
        work: &mut Work<T>,
        rows: &mut Rows<'_, T>,
        control: &mut Control,
        info: &mut SolveInfo,
        pause: Pause,
    ) -> Result<Halt, SolveError> {
        let stop_at = info.iterations.saturating_add(pause.after);
        loop {
            let left = stop_at.saturating_sub(info.iterations);
            let next = Pause {
                after: left.min(EVERY),
                gap: pause.gap,
            };
            let halt = work.run(rows, control, info, next)?;
            if matches!(halt, Halt::Done(_)) || work.gap <= pause.gap {
                return Ok(halt);
            }
            Stop::look();
            if control.deadline.is_some_and(|d| Instant::now() >= d) {
                return Ok(Halt::Done(Status::TimeLimit));
            }
            self.step(work, rows, control, info)?;
            if left <= EVERY {
                return Ok(halt);
            }
        }
    }

    /// Takes a step if one is due: pairs have cost as much, in the last iterations without gaining more. Gradient and masks are in step with α before and after.
    fn step<T: Real>(
        &mut self,
        work: &mut Work<T>,
        rows: &mut Rows<'_, T>,
        control: &Control,
        info: &mut SolveInfo,
    ) -> Result<(), SolveError> {
        let width = work.alpha.len();
        let recent = 2.0 * width as f64 * (info.iterations - self.iterations) as f64;
        let rate = (control.total_decrease() - self.decrease) / recent;
        self.spent += recent;
        self.iterations = info.iterations;
        self.decrease = control.total_decrease();
        let is_free = |mask: &u8| *mask == UP | LOW;
        let m = work.state.mask.iter().filter(|mask| is_free(mask)).count();
        let cost = cost(m, width);
        if !(3..=LARGEST).contains(&m) || self.spent < self.wait * cost {
            return Ok(());
        }
        let free = (0..width).filter(|&i| is_free(&work.state.mask[i]));
        let mut part = Free::new(work, rows, free.collect());
        let at_least = (AT_ONCE / self.wait.min(1.0)) as u64;
        let steps = part.minimise(at_least, control.max_iter.saturating_sub(info.iterations));
        let mut change = vec![0.0; width];
        for (&i, a) in part.places.iter().zip(&part.alpha) {
            change[i] = a - work.alpha[i];
            work.alpha[i] = *a;
        }
        work.move_gradient(rows, &change)?;
        for &i in &part.places {
            work.mark(i);
        }
        info.iterations += steps;
        let more = MULTIPLICATION * steps as f64 * 3.0 * (m * m) as f64;
        let by_pairs = rate * (cost + more);
        self.wait = if part.decrease > by_pairs {
            (self.wait / 2.0).max(LEAST)
        } else {
            (self.wait * 2.0).min(MOST)
        };
        self.spent = -more.min(cost);
        self.iterations = info.iterations;
        Ok(())
    }
}

/// What a step with m of `width` variables costs, in entries read by pairs.
fn cost(m: usize, width: usize) -> f64 {
    let (m, width) = (m as f64, width as f64);
    MULTIPLICATION * m * m * m / 6.0 + m * width
}

/// The free variables, with all others held.
struct Free {
    places: Vec<usize>,
    alpha: Vec<f64>,
    upper: Vec<f64>,
    y: Vec<f64>,
    /// f of those that are still free, 0 elsewhere.
    f: Vec<f64>,
    factor: Factor,
    ridge: f64,
    decrease: f64,
}

impl Free {
    fn new<T: Real>(work: &Work<T>, rows: &Rows<'_, T>, places: Vec<usize>) -> Self {
        let m = places.len();
        let largest = places
            .iter()
            .fold(0.0f64, |l, &i| l.max(work.diag[i].abs()));
        let ridge = largest
            * if T::SINGLE {
                RIDGE_SINGLE
            } else {
                RIDGE_DOUBLE
            };
        let entries = rows.among(&places);
        let mut matrix: Vec<f64> = entries.iter().map(|v| v.wide() + largest).collect();
        matrix.iter_mut().step_by(m + 1).for_each(|v| *v += ridge);
        let factor = Factor::new(matrix, m, 0.5 * ridge);
        let of = |values: &[f64]| places.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        let mut f = of(&work.state.f);
        // Of about the size of what is to be removed: only differences count.
        let middle = f.iter().sum::<f64>() / m as f64;
        for (k, f) in f.iter_mut().enumerate() {
            *f = if factor.has(k) { *f - middle } else { 0.0 };
        }
        Self {
            alpha: of(&work.alpha),
            upper: of(&work.upper),
            y: of(&work.y),
            places,
            f,
            factor,
            ridge,
            decrease: 0.0,
        }
    }

    /// Goes to the minimum, variables that meet a bound on the way staying there; returns the number of steps. Where bounds
    /// are met too often it ends before, after `at_least` steps and `at_most` in any case.
    fn minimise(&mut self, at_least: u64, at_most: u64) -> u64 {
        let m = self.places.len() as f64;
        // The part of the way to the minimum that is left.
        let mut left = 1.0;
        let before = self.alpha.clone();
        let mut steps = 0;
        while steps < at_most.min(at_least + ((1.0 - left) * m / 4.0) as u64) {
            let (u, b) = self.direction();
            steps += 1;
            let slope = dot(&self.f, &u);
            if slope.is_nan() || slope <= 0.0 {
                break;
            }
            // The curvature without the ridge.
            let curvature = slope - self.ridge * dot(&u, &u);
            let length = if curvature > 0.0 {
                slope / curvature
            } else {
                f64::INFINITY
            };
            let (mut nearest, mut blocked) = (length, None);
            for (k, u) in u.iter().enumerate() {
                let room = self.room(k, *u);
                if *u != 0.0 && room < nearest * u.abs() {
                    (nearest, blocked) = (room / u.abs(), Some(k));
                }
            }
            if !nearest.is_finite() {
                break;
            }
            for (k, u) in u.iter().enumerate() {
                let moved = self.alpha[k] + self.y[k] * nearest * u;
                self.alpha[k] = moved.max(0.0).min(self.upper[k]);
            }
            self.decrease += nearest * (slope - 0.5 * curvature.max(0.0) * nearest);
            let Some(k) = blocked else { break };
            self.alpha[k] = if self.y[k] * u[k] > 0.0 {
                self.upper[k]
            } else {
                0.0
            };
            for ((f, u), live) in self.f.iter_mut().zip(&u).zip(self.factor.live()) {
                if *live {
                    *f -= nearest * (*f - b - self.ridge * u);
                }
            }
            left *= 1.0 - nearest / length;
            self.f[k] = 0.0;
            self.factor.remove(k);
        }
        self.restore(&before);
        steps
    }

    /// How far variable k may move where it moves by u.
    fn room(&self, k: usize, u: f64) -> f64 {
        if self.y[k] * u > 0.0 {
            self.upper[k] - self.alpha[k]
        } else {
            self.alpha[k]
        }
    }

    /// u with (K + ridge) u = f − b and Σ u_i = 0, and b.
    fn direction(&self) -> (Vec<f64>, f64) {
        let mut of_f = self.f.clone();
        let mut ones: Vec<f64> = self
            .factor
            .live()
            .iter()
            .map(|&live| f64::from(u8::from(live)))
            .collect();
        self.factor.forward(&mut of_f);
        self.factor.forward(&mut ones);
        let b = dot(&of_f, &ones) / dot(&ones, &ones);
        for (f, one) in of_f.iter_mut().zip(&ones) {
            *f -= b * one;
        }
        self.factor.backward(&mut of_f);
        (of_f, b)
    }

    /// Makes Σ y_i α_i what it was before: rounding goes to the variable farthest from its bounds.
    fn restore(&mut self, before: &[f64]) {
        let mut moved = 0.0;
        for ((a, b), y) in self.alpha.iter().zip(before).zip(&self.y) {
            moved += y * (a - b);
        }
        let slack = |k: usize| self.alpha[k].min(self.upper[k] - self.alpha[k]);
        let widest = (0..self.alpha.len()).max_by(|&a, &b| slack(a).total_cmp(&slack(b)));
        if let Some(k) = widest.filter(|&k| slack(k) > moved.abs()) {
            self.alpha[k] -= self.y[k] * moved;
        }
    }
}
