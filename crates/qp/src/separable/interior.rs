//! Primal-dual interior point for separable problems.

use fuzzysvm_core::{ParamError, math};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::SeparableProblem;
use crate::{SolveError, Status};

/// Mehrotra's predictor and corrector on a [`SeparableProblem`]: per step O(n) time for n variables and O(m³) for the m
/// limits that can bind. It keeps every limit at every step, and stops on the duality gap itself, by
/// [`SeparableProblem::lower_bound`].
///
/// ```
/// use fuzzysvm_qp::{Grouping, InteriorPoint, SeparableProblem};
/// // Most of 3a + 2b + c where a + b + c ≤ 1 and a + b ≤ 0.5: a = c = 0.5.
/// let groupings = [
///     Grouping { of: &[0, 0, 0], limit: &[1.0] },
///     Grouping { of: &[0, 0, 1], limit: &[0.5, f64::INFINITY] },
/// ];
/// let problem = SeparableProblem {
///     curvature: &[0.0; 3], p: &[-3.0, -2.0, -1.0], upper: &[1.0; 3], groupings: &groupings,
/// };
/// let solution = InteriorPoint::default().solve(&problem)?;
/// assert!((solution.objective + 2.0).abs() < 1e-9 && solution.gap < 1e-9);
/// // A unit more of the budget is worth 1, one more of the first group 2.
/// assert!((solution.multipliers[0][0] - 1.0).abs() < 1e-6);
/// assert!((solution.multipliers[1][0] - 2.0).abs() < 1e-6);
/// # Ok::<(), fuzzysvm_qp::SolveError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct InteriorPoint {
    /// Duality gap to reach, relative to the objective or to what the best variable alone could bring; finite and > 0,
    /// default 1e-10.
    pub tol: f64,
    /// Most steps; default 100.
    pub max_iter: u64,
}

impl Default for InteriorPoint {
    fn default() -> Self {
        Self {
            tol: 1e-10,
            max_iter: 100,
        }
    }
}

/// A point, and the proof of how good it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SeparableSolution {
    /// The point; it keeps bounds and limits.
    pub w: Vec<f64>,
    /// What a unit more of every limit is worth, ≥ 0: a list per grouping. 0 for a limit that cannot bind, and for one of 0.
    pub multipliers: Vec<Vec<f64>>,
    /// Its objective.
    pub objective: f64,
    /// The objective less the lower bound that the multipliers prove.
    pub gap: f64,
    /// Steps taken.
    pub iterations: u64,
    /// Why the solver stopped.
    pub status: Status,
}

impl InteriorPoint {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.tol.is_finite() && self.tol > 0.0,
            "tol",
            self.tol,
            "must be finite and > 0",
        )
    }

    /// Solves the problem. Stopping short of the tolerance is no error: see [`SeparableSolution::status`].
    ///
    /// # Errors
    /// [`SolveError`] where the problem or a parameter breaks a rule.
    pub fn solve(&self, problem: &SeparableProblem<'_>) -> Result<SeparableSolution, SolveError> {
        self.validate()?;
        problem.validate()?;
        let mut best = Best::at_zero(problem);
        let limits = Limits::of(problem);
        if limits.variables.is_empty() {
            return Ok(best.finish(0, Status::Converged));
        }
        if limits.limit.is_empty() {
            best.offer(limits.unlimited(problem), best.multipliers.clone());
            return Ok(best.finish(0, Status::Converged));
        }
        let scale = best.scale;
        let mut point = Point::new(problem, &limits, scale);
        let (mut steps, mut last_gain) = (0, 0);
        loop {
            let (w, y) = point.full(problem, &limits);
            if best.offer(w, y) {
                last_gain = steps;
            }
            if best.gap <= self.tol * best.unit() {
                return Ok(best.finish(steps, Status::Converged));
            }
            if steps >= self.max_iter {
                return Ok(best.finish(steps, Status::MaxIterations));
            }
            if steps > last_gain + 15 || !point.step(&limits) {
                return Ok(best.finish(steps, Status::Stalled));
            }
            steps += 1;
        }
    }
}

/// The best point and the best multipliers so far.
struct Best<'a> {
    problem: &'a SeparableProblem<'a>,
    w: Vec<f64>,
    objective: f64,
    multipliers: Vec<Vec<f64>>,
    bound: f64,
    gap: f64,
    /// What the best variable alone could bring.
    scale: f64,
}

impl<'a> Best<'a> {
    fn at_zero(problem: &'a SeparableProblem<'a>) -> Self {
        let groups = problem.groupings.iter();
        let multipliers: Vec<Vec<f64>> = groups.map(|g| vec![0.0; g.limit.len()]).collect();
        let bound = problem.lower_bound(&multipliers);
        let of_one = problem.p.iter().zip(problem.upper);
        Self {
            problem,
            w: vec![0.0; problem.n()],
            objective: 0.0,
            multipliers,
            bound,
            gap: -bound,
            scale: of_one.fold(0.0, |most, (p, c)| most.max(-p * c)),
        }
    }

    /// Takes the point and the multipliers, each where it is better; true where one was.
    fn offer(&mut self, w: Vec<f64>, multipliers: Vec<Vec<f64>>) -> bool {
        let before = self.gap;
        let objective = self.problem.objective(&w);
        if objective < self.objective {
            (self.w, self.objective) = (w, objective);
        }
        let bound = self.problem.lower_bound(&multipliers);
        if bound > self.bound {
            (self.multipliers, self.bound) = (multipliers, bound);
        }
        // Rounding alone can lift the bound above the objective.
        self.gap = (self.objective - self.bound).max(0.0);
        self.gap < 0.99 * before
    }

    /// What the gap is measured by.
    fn unit(&self) -> f64 {
        self.objective.abs().max(self.scale)
    }

    fn finish(self, iterations: u64, status: Status) -> SeparableSolution {
        SeparableSolution {
            w: self.w,
            multipliers: self.multipliers,
            objective: self.objective,
            gap: self.gap,
            iterations,
            status,
        }
    }
}

/// No limit of a grouping binds the variable.
const NONE: usize = usize::MAX;

/// The variables that can be above 0, and the limits that can bind them.
struct Limits {
    /// Their places in the problem.
    variables: Vec<usize>,
    limit: Vec<f64>,
    /// Grouping and group of each limit.
    place: Vec<(usize, usize)>,
    /// For each variable and grouping the limit, or [`NONE`].
    of: Vec<usize>,
    n_groupings: usize,
}

impl Limits {
    fn of(problem: &SeparableProblem<'_>) -> Self {
        let groupings = problem.groupings;
        let variables: Vec<usize> = (0..problem.n())
            .filter(|&i| problem.upper[i] > 0.0 && !problem.is_closed(i))
            .collect();
        let (mut limit, mut place) = (Vec::new(), Vec::new());
        let mut of = vec![NONE; variables.len() * groupings.len()];
        for (g, grouping) in groupings.iter().enumerate() {
            let mut room = vec![0.0; grouping.limit.len()];
            for &i in &variables {
                room[grouping.of[i]] += problem.upper[i];
            }
            let mut number = vec![NONE; room.len()];
            for (group, &room) in room.iter().enumerate() {
                if room > grouping.limit[group] {
                    number[group] = limit.len();
                    limit.push(grouping.limit[group]);
                    place.push((g, group));
                }
            }
            for (k, &i) in variables.iter().enumerate() {
                of[k * groupings.len() + g] = number[grouping.of[i]];
            }
        }
        Self {
            variables,
            limit,
            place,
            of,
            n_groupings: groupings.len(),
        }
    }

    /// The limits that variable k counts towards.
    fn rows(&self, k: usize) -> impl Iterator<Item = usize> {
        let rows = &self.of[k * self.n_groupings..(k + 1) * self.n_groupings];
        rows.iter().copied().filter(|&row| row != NONE)
    }

    /// A v: the sum over every limit.
    fn sums(&self, v: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.limit.len()];
        for k in 0..self.variables.len() {
            let v = v(k);
            self.rows(k).for_each(|row| sums[row] += v);
        }
        sums
    }

    /// Aᵀy of variable k.
    fn price(&self, k: usize, y: &[f64]) -> f64 {
        self.rows(k).map(|row| y[row]).sum()
    }

    /// The minimum where no limit can bind.
    fn unlimited(&self, problem: &SeparableProblem<'_>) -> Vec<f64> {
        let mut w = vec![0.0; problem.n()];
        for &i in &self.variables {
            if problem.p[i] < 0.0 {
                w[i] = problem.upper[i].min(-problem.p[i] / problem.curvature[i]);
            }
        }
        w
    }
}

/// A strictly interior point with its slacks, and the multipliers of everything.
struct Point {
    d: Vec<f64>,
    p: Vec<f64>,
    w: Vec<f64>,
    /// c − w.
    t: Vec<f64>,
    z_low: Vec<f64>,
    z_up: Vec<f64>,
    /// Limit less sum.
    s: Vec<f64>,
    y: Vec<f64>,
    /// What the best variable alone could bring.
    scale: f64,
}

struct Direction {
    w: Vec<f64>,
    z_low: Vec<f64>,
    z_up: Vec<f64>,
    s: Vec<f64>,
    y: Vec<f64>,
}

/// Second-order corrections of the three complementarities.
struct Corrections {
    low: Vec<f64>,
    up: Vec<f64>,
    limit: Vec<f64>,
}

/// What the directions from one point share: the inverse of the diagonal and the factor of the equations of y.
struct Equations {
    dual: Vec<f64>,
    inverse: Vec<f64>,
    /// 1/√ of the diagonal of the equations, which they are scaled by.
    unit: DVector<f64>,
    factor: Cholesky<f64, Dyn>,
}

impl Point {
    /// Half way to the nearest limit along the upper bounds, with multipliers that meet the equations of the dual: so does
    /// every point that follows.
    fn new(problem: &SeparableProblem<'_>, limits: &Limits, scale: f64) -> Self {
        let pick = |v: &[f64]| -> Vec<f64> { limits.variables.iter().map(|&i| v[i]).collect() };
        let c = pick(problem.upper);
        let full = limits.sums(|k| c[k]);
        let share = full.iter().zip(&limits.limit).map(|(full, b)| b / full);
        let share = 0.5 * share.fold(1.0, f64::min);
        let w: Vec<f64> = c.iter().map(|c| share * c).collect();
        let t: Vec<f64> = c.iter().zip(&w).map(|(c, w)| c - w).collect();
        let sums = limits.sums(|k| w[k]);
        let s: Vec<f64> = limits.limit.iter().zip(&sums).map(|(b, a)| b - a).collect();
        let gradient: Vec<f64> = limits
            .variables
            .iter()
            .zip(&w)
            .map(|(&i, w)| problem.p[i] + problem.curvature[i] * w)
            .collect();
        let slope = gradient.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
        let y = vec![slope / limits.n_groupings as f64; s.len()];
        // z_low − z_up is the slope of the Lagrangian, and both are above 0.
        let slopes = gradient
            .iter()
            .enumerate()
            .map(|(k, g)| g + limits.price(k, &y));
        let z_low: Vec<f64> = slopes
            .clone()
            .map(|g| 0.5 * (g + math::hypot(g, slope)))
            .collect();
        let z_up = slopes.map(|g| 0.5 * (math::hypot(g, slope) - g)).collect();
        Self {
            z_low,
            z_up,
            y,
            d: pick(problem.curvature),
            p: pick(problem.p),
            w,
            t,
            s,
            scale,
        }
    }

    /// Point and multipliers of the whole problem. What is at 0 for all that its multiplier says is 0.
    fn full(&self, problem: &SeparableProblem<'_>, limits: &Limits) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut w = vec![0.0; problem.n()];
        for (k, &i) in limits.variables.iter().enumerate() {
            let (share, cost) = (
                self.w[k] / problem.upper[i],
                self.z_low[k] * problem.upper[i],
            );
            let at_zero = share < 1e-6 && share * self.scale < cost;
            w[i] = if at_zero {
                0.0
            } else {
                self.w[k].min(problem.upper[i])
            };
        }
        // The sums are kept up to rounding: the last of it goes.
        let sums = limits.sums(|k| w[limits.variables[k]]);
        let over = sums.iter().zip(&limits.limit).map(|(sum, b)| sum / b);
        let over = over.fold(1.0, f64::max);
        if over > 1.0 {
            w.iter_mut().for_each(|w| *w /= over);
        }
        let groups = problem.groupings.iter();
        let mut y: Vec<Vec<f64>> = groups.map(|g| vec![0.0; g.limit.len()]).collect();
        for (&(g, group), &value) in limits.place.iter().zip(&self.y) {
            y[g][group] = value;
        }
        (w, y)
    }

    /// Mean complementarity.
    fn mu(&self) -> f64 {
        let sum =
            |slack: &[f64], z: &[f64]| -> f64 { slack.iter().zip(z).map(|(s, z)| s * z).sum() };
        let all = sum(&self.w, &self.z_low) + sum(&self.t, &self.z_up) + sum(&self.s, &self.y);
        all / self.pairs()
    }

    /// Mean complementarity after a step of this length.
    fn mu_after(&self, d: &Direction, reach: f64) -> f64 {
        let at = |v: &[f64], dv: &[f64], k: usize, length: f64| v[k] + length * dv[k];
        let mut all = 0.0;
        for k in 0..self.w.len() {
            all += at(&self.w, &d.w, k, reach) * at(&self.z_low, &d.z_low, k, reach);
            all += at(&self.t, &d.w, k, -reach) * at(&self.z_up, &d.z_up, k, reach);
        }
        for r in 0..self.s.len() {
            all += at(&self.s, &d.s, r, reach) * at(&self.y, &d.y, r, reach);
        }
        all / self.pairs()
    }

    /// Number of slacks.
    fn pairs(&self) -> f64 {
        (2 * self.w.len() + self.s.len()) as f64
    }

    /// One step; false where rounding allows none.
    fn step(&mut self, limits: &Limits) -> bool {
        let Some(equations) = self.equations(limits) else {
            return false;
        };
        let mu = self.mu();
        let (n, m) = (self.w.len(), self.s.len());
        let none = Corrections {
            low: vec![0.0; n],
            up: vec![0.0; n],
            limit: vec![0.0; m],
        };
        let affine = self.direction(limits, &equations, 0.0, &none);
        let ahead = self.mu_after(&affine, self.reach(&affine, 1.0));
        let sigma = (ahead / mu).powi(3).clamp(0.0, 1.0);
        let product = |a: &[f64], b: &[f64], sign: f64| -> Vec<f64> {
            a.iter().zip(b).map(|(a, b)| sign * a * b).collect()
        };
        let second = Corrections {
            low: product(&affine.w, &affine.z_low, 1.0),
            up: product(&affine.w, &affine.z_up, -1.0),
            limit: product(&affine.s, &affine.y, 1.0),
        };
        let mut d = self.direction(limits, &equations, sigma * mu, &second);
        let mut reach = self.reach(&d, 0.995);
        if reach < 0.3 || self.mu_after(&d, reach) > (1.0 - 0.01 * reach) * mu {
            // The second-order correction can lead astray: back to the middle instead.
            d = self.direction(limits, &equations, 0.5 * mu, &none);
            reach = self.reach(&d, 0.9);
        }
        let finite = |v: &[f64]| v.iter().all(|v| v.is_finite());
        if !(reach > 1e-12 && finite(&d.w) && finite(&d.y)) {
            return false;
        }
        let add = |to: &mut [f64], change: &[f64], factor: f64| {
            to.iter_mut()
                .zip(change)
                .for_each(|(v, c)| *v += factor * c);
        };
        add(&mut self.w, &d.w, reach);
        add(&mut self.t, &d.w, -reach);
        add(&mut self.z_low, &d.z_low, reach);
        add(&mut self.z_up, &d.z_up, reach);
        add(&mut self.s, &d.s, reach);
        add(&mut self.y, &d.y, reach);
        true
    }

    fn equations(&self, limits: &Limits) -> Option<Equations> {
        let n = self.w.len();
        let dual = |k: usize| {
            self.d[k] * self.w[k] + self.p[k] + limits.price(k, &self.y) - self.z_low[k]
                + self.z_up[k]
        };
        let diagonal = |k: usize| self.d[k] + self.z_low[k] / self.w[k] + self.z_up[k] / self.t[k];
        let inverse: Vec<f64> = (0..n).map(|k| 1.0 / diagonal(k)).collect();
        let m = self.s.len();
        let mut matrix = DMatrix::<f64>::zeros(m, m);
        for (k, inverse) in inverse.iter().enumerate() {
            for row in limits.rows(k) {
                for column in limits.rows(k) {
                    matrix[(row, column)] += inverse;
                }
            }
        }
        for row in 0..m {
            matrix[(row, row)] += self.s[row] / self.y[row];
        }
        let unit = matrix.diagonal().map(|v| 1.0 / v.sqrt());
        for column in 0..m {
            for row in 0..m {
                matrix[(row, column)] *= unit[row] * unit[column];
            }
            // Two limits on the same variables are one equation twice.
            matrix[(column, column)] += 1e-14;
        }
        Some(Equations {
            dual: (0..n).map(dual).collect(),
            inverse,
            unit,
            factor: Cholesky::new(matrix)?,
        })
    }

    /// The Newton direction towards complementarity `target`.
    fn direction(
        &self,
        limits: &Limits,
        equations: &Equations,
        target: f64,
        corrections: &Corrections,
    ) -> Direction {
        let n = self.w.len();
        let low = |k: usize| (target - corrections.low[k]) / self.w[k] - self.z_low[k];
        let up = |k: usize| (target - corrections.up[k]) / self.t[k] - self.z_up[k];
        let limit = |r: usize| (target - corrections.limit[r]) / self.s[r] - self.y[r];
        let h: Vec<f64> = (0..n).map(|k| low(k) - up(k) - equations.dual[k]).collect();
        let sums = limits.sums(|k| equations.inverse[k] * h[k]);
        let right = |r: usize| (sums[r] + self.s[r] / self.y[r] * limit(r)) * equations.unit[r];
        let right = DVector::from_fn(self.s.len(), |r, _| right(r));
        let y = equations
            .factor
            .solve(&right)
            .component_mul(&equations.unit);
        let y: Vec<f64> = y.iter().copied().collect();
        let w: Vec<f64> = (0..n)
            .map(|k| equations.inverse[k] * (h[k] - limits.price(k, &y)))
            .collect();
        let s = limits.sums(|k| -w[k]);
        Direction {
            z_low: (0..n)
                .map(|k| low(k) - self.z_low[k] / self.w[k] * w[k])
                .collect(),
            z_up: (0..n)
                .map(|k| up(k) + self.z_up[k] / self.t[k] * w[k])
                .collect(),
            w,
            s,
            y,
        }
    }

    /// The longest step, at most 1, that keeps everything positive with a margin.
    fn reach(&self, d: &Direction, margin: f64) -> f64 {
        let mut reach: f64 = 1.0;
        let mut keep = |value: f64, change: f64| {
            if change < 0.0 {
                reach = reach.min(-margin * value / change);
            }
        };
        for k in 0..self.w.len() {
            keep(self.w[k], d.w[k]);
            keep(self.t[k], -d.w[k]);
            keep(self.z_low[k], d.z_low[k]);
            keep(self.z_up[k], d.z_up[k]);
        }
        for r in 0..self.s.len() {
            keep(self.s[r], d.s[r]);
            keep(self.y[r], d.y[r]);
        }
        reach
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_complementarity_is_that_of_the_point() {
        // Two variables and one limit: five products.
        let point = Point {
            d: vec![0.0; 2],
            p: vec![-1.0; 2],
            w: vec![1.0, 2.0],
            t: vec![2.0, 1.0],
            z_low: vec![4.0, 1.0],
            z_up: vec![3.0, 6.0],
            s: vec![0.5],
            y: vec![4.0],
            scale: 1.0,
        };
        // 4 + 2 + 6 + 6 + 2 over five.
        assert_eq!(point.mu(), 4.0);
        let d = Direction {
            w: vec![1.0, -2.0],
            z_low: vec![-4.0, 2.0],
            z_up: vec![1.0, -2.0],
            s: vec![1.0],
            y: vec![-4.0],
        };
        // Half the way: w = 1.5 and 1, t = 1.5 and 2, s = 1; multipliers 2 and 2, 3.5 and 5, 2.
        let products = 3.0 + 2.0 + 5.25 + 10.0 + 2.0;
        assert_eq!(point.mu_after(&d, 0.5), products / 5.0);
    }
}
