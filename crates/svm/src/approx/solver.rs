//! The weighted primal by an augmented Lagrangian and semismooth Newton steps.
//!
//! ```text
//! min ½‖w‖² + Σ c_i max(0, u_i),   u_i = 1 − y_i (w·z_i + b),   c_i = C s_i
//! ```
//!
//! With multipliers α (those of the dual problem) and a penalty σ every hinge is replaced by its envelope
//! max over 0 ≤ p ≤ c_i of p u_i − (p − α_i)²/(2σ), attained at p_i = clip(α_i + σ u_i, 0, c_i): smooth,
//! and quadratic between the clips. Newton steps on (w, b) with an exact line search minimise the sum; then
//! α ← p. Both loops end after few steps: the hinge is piecewise linear, so the minimiser of the envelope is
//! that of the hinge once α is near (Rockafellar 1976, doi:10.1287/moor.1.2.97; for this loss Yan & Li
//! 2020, *An efficient augmented Lagrangian method for support vector machine*, arXiv:1912.06800). Only rows
//! between the clips enter the Newton matrix, few near the end,
//! and it is updated by the rows that came or went. b is not penalised anywhere.
//!
//! p lies in the dual box; shrinking the heavier class until yᵀp = 0 makes it feasible, so the duality gap
//! that ends the iteration is a bound for this w and no estimate.

use super::cholesky;
use super::passes::{Rows, sum_over};
use fuzzysvm_core::cpu::Product;
use fuzzysvm_qp::Status;
use nalgebra::DMatrix;

/// Rows from which on a sample of them is solved first, and one row in how many it takes.
const COARSE_FROM: usize = 20_000;
const COARSE: usize = 8;
/// Relative gap to which the sample is solved.
const COARSE_TOL: f64 = 1e-2;
/// Growth of the penalty at every step of the multipliers.
const GROWTH: f64 = 4.0;
/// Steps without progress after which the arithmetic gives no more.
const STILL: u32 = 100;

/// What is to be solved: rows with their signs and bounds (> 0).
pub(super) struct Problem<'a> {
    pub rows: Rows<'a>,
    pub chosen: Vec<u32>,
    pub y: Vec<f64>,
    pub upper: Vec<f64>,
}

/// A point and how good it is.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    /// w, then b.
    pub w: Vec<f64>,
    pub status: Status,
    /// Newton steps on all rows.
    pub iterations: u64,
    /// ½‖w‖² + Σ c hinge.
    pub primal: f64,
    /// The dual value that proves the gap.
    pub dual: f64,
}

impl Solution {
    /// (primal − dual) / primal, 0 where both are 0.
    pub fn gap(&self) -> f64 {
        relative(self.primal, self.dual)
    }
}

fn relative(primal: f64, dual: f64) -> f64 {
    let gap = primal - dual;
    if gap <= 0.0 {
        0.0
    } else {
        gap / primal.abs().max(f64::MIN_POSITIVE)
    }
}

impl Problem<'_> {
    /// Every eighth row of each class, with bounds that add up to the same.
    fn coarse(&self) -> Self {
        let mut keep: Vec<usize> = Vec::with_capacity(self.y.len() / COARSE + 2);
        let (mut seen, mut scale) = ([0usize; 2], [[0.0f64; 2]; 2]);
        for (i, (&y, &c)) in self.y.iter().zip(&self.upper).enumerate() {
            let class = usize::from(y > 0.0);
            scale[class][0] += c;
            if seen[class].is_multiple_of(COARSE) {
                keep.push(i);
                scale[class][1] += c;
            }
            seen[class] += 1;
        }
        let factor = scale.map(|[all, some]| all / some);
        Self {
            rows: self.rows,
            chosen: keep.iter().map(|&i| self.chosen[i]).collect(),
            y: keep.iter().map(|&i| self.y[i]).collect(),
            upper: keep
                .iter()
                .map(|&i| self.upper[i] * factor[usize::from(self.y[i] > 0.0)])
                .collect(),
        }
    }

    /// Solves the problem to a relative duality gap of `tol`.
    pub fn solve(&self, tol: f64, max_iter: u64) -> Solution {
        let start = (self.y.len() >= COARSE_FROM)
            .then(|| self.coarse().solve(tol.max(COARSE_TOL), max_iter).w);
        Newton::new(self, start).run(tol, max_iter)
    }
}

/// What is known at a point of the envelope.
struct Point {
    /// clip(α + σu, 0, c).
    p: Vec<f64>,
    /// The gradient of the envelope in w and b.
    gradient: Vec<f64>,
    primal: f64,
    dual: f64,
    /// How much of the gap the multipliers leave, and how much the Newton steps.
    outer: f64,
    inner: f64,
}

struct Newton<'a, 'z> {
    problem: &'a Problem<'z>,
    w: Vec<f64>,
    /// w·z + b of every row.
    f: Vec<f64>,
    alpha: Vec<f64>,
    sigma: f64,
    /// Σ z̃ z̃ᵀ over the rows between the clips, and which they are.
    gram: DMatrix<f64>,
    between: Vec<bool>,
    n_between: usize,
}

impl<'a, 'z> Newton<'a, 'z> {
    fn new(problem: &'a Problem<'z>, start: Option<Vec<f64>>) -> Self {
        let (n, width) = (problem.y.len(), problem.rows.m + 1);
        let w = start.unwrap_or_else(|| vec![0.0; width]);
        let largest = problem.upper.iter().fold(0.0f64, |a, &b| a.max(b));
        Self {
            f: problem.rows.scores(&problem.chosen, &w),
            alpha: vec![0.0; n],
            sigma: 4.0 * largest,
            gram: DMatrix::zeros(width, width),
            between: vec![false; n],
            n_between: 0,
            problem,
            w,
        }
    }

    fn n(&self) -> usize {
        self.problem.y.len()
    }

    /// α + σu where the score is f.
    fn unclipped(&self, i: usize, f: f64) -> f64 {
        self.alpha[i] + self.sigma * (1.0 - self.problem.y[i] * f)
    }

    fn point(&self) -> Point {
        let q = self.problem;
        let m = q.rows.m;
        let p: Vec<f64> = (0..self.n())
            .map(|i| self.unclipped(i, self.f[i]).clamp(0.0, q.upper[i]))
            .collect();
        let [plus, minus] = q.rows.sums(&q.chosen, &q.y, &p);
        let [hinge, outer] = sum_over(self.n(), |i| {
            let u = 1.0 - q.y[i] * self.f[i];
            let loss = q.upper[i] * u.max(0.0);
            [loss, loss - p[i] * u]
        });
        let (w, b) = (&self.w[..m], self.w[m]);
        let norm: f64 = w.iter().map(|v| v * v).sum();
        let mut gradient: Vec<f64> = (0..m).map(|k| w[k] - (plus[k] - minus[k])).collect();
        let unbalanced = plus[m] - minus[m];
        let inner =
            0.5 * gradient.iter().map(|g| g * g).sum::<f64>() + (1.0 + b.abs()) * unbalanced.abs();
        gradient.push(-unbalanced);
        // The heavier class is shrunk until both weigh the same.
        let lighter = plus[m].min(minus[m]);
        let dual = if lighter > 0.0 {
            let (a, b) = (lighter / plus[m], lighter / minus[m]);
            let norm: f64 = (0..m).map(|k| (a * plus[k] - b * minus[k]).powi(2)).sum();
            2.0 * lighter - 0.5 * norm
        } else {
            0.0
        };
        Point {
            p,
            gradient,
            primal: 0.5 * norm + hinge,
            dual,
            outer,
            inner,
        }
    }

    fn run(mut self, tol: f64, max_iter: u64) -> Solution {
        let mut best = Solution {
            w: self.w.clone(),
            status: Status::MaxIterations,
            iterations: 0,
            primal: f64::INFINITY,
            dual: 0.0,
        };
        // Steps in which neither a bound improved nor, under the same multipliers, the gradient.
        let (mut still, mut least_inner) = (0, f64::INFINITY);
        loop {
            let point = self.point();
            let before = best.gap();
            if point.primal < best.primal {
                best.primal = point.primal;
                best.w.copy_from_slice(&self.w);
            }
            best.dual = best.dual.max(point.dual);
            if !(point.primal.is_finite() && point.dual.is_finite()) {
                best.status = Status::Stalled;
                return best;
            }
            if best.gap() <= tol {
                best.status = Status::Converged;
                return best;
            }
            let nearer = best.gap() < 0.999 * before || point.inner < 0.9 * least_inner;
            least_inner = least_inner.min(point.inner);
            still = if nearer { 0 } else { still + 1 };
            if still > STILL {
                best.status = Status::Stalled;
                return best;
            }
            if point.inner <= 0.25 * point.outer {
                self.alpha = point.p;
                self.sigma *= GROWTH;
                least_inner = f64::INFINITY;
                continue;
            }
            if best.iterations == max_iter {
                return best;
            }
            best.iterations += 1;
            if !self.step(&point) {
                // No descent at working precision: the multipliers are the best there is to move.
                if point.outer <= 0.0 {
                    best.status = Status::Stalled;
                    return best;
                }
                self.alpha = point.p;
                self.sigma *= GROWTH;
                least_inner = f64::INFINITY;
            }
        }
    }

    /// Brings the Newton matrix to the rows that are between the clips now.
    fn update_gram(&mut self) {
        let (mut came, mut went) = (Vec::new(), Vec::new());
        let mut all = Vec::new();
        for i in 0..self.n() {
            let a = self.unclipped(i, self.f[i]);
            let now = a > 0.0 && a < self.problem.upper[i];
            if now {
                all.push(self.problem.chosen[i]);
            }
            if now != self.between[i] {
                let list = if now { &mut came } else { &mut went };
                list.push(self.problem.chosen[i]);
                self.between[i] = now;
            }
        }
        self.n_between = all.len();
        let rows = self.problem.rows;
        if came.len() + went.len() < all.len() {
            rows.add_gram(&came, Product::Add, &mut self.gram);
            rows.add_gram(&went, Product::Subtract, &mut self.gram);
        } else {
            self.gram.fill(0.0);
            rows.add_gram(&all, Product::Add, &mut self.gram);
        }
    }

    /// One Newton step; `false` where none descends.
    fn step(&mut self, point: &Point) -> bool {
        let q = self.problem;
        let m = q.rows.m;
        self.update_gram();
        let rhs: Vec<f64> = point.gradient.iter().map(|g| -g).collect();
        // Where no row is between the clips the matrix says nothing about b.
        let mut damping = if self.n_between == 0 {
            self.sigma
        } else {
            1e-13 * self.sigma * self.n_between as f64
        };
        let direction = loop {
            let mut h = &self.gram * self.sigma;
            for k in 0..m {
                h[(k, k)] += 1.0;
            }
            h[(m, m)] += damping;
            if let Some(d) = cholesky::solve(h, &rhs) {
                break d;
            }
            damping = (damping * 100.0).max(f64::MIN_POSITIVE);
            if !damping.is_finite() {
                return false;
            }
        };
        let g = q.rows.scores(&q.chosen, &direction);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let slope_of_norm = dot(&self.w[..m], &direction[..m]);
        let curvature = dot(&direction[..m], &direction[..m]);
        // The derivative along the direction, piecewise linear and never falling.
        let slope = |t: f64| {
            let [sum] = sum_over(self.n(), |i| {
                let a = self.unclipped(i, self.f[i] + t * g[i]);
                [q.y[i] * g[i] * a.clamp(0.0, q.upper[i])]
            });
            slope_of_norm + t * curvature - sum
        };
        let t = root(slope);
        if t <= 0.0 {
            return false;
        }
        for (w, d) in self.w.iter_mut().zip(&direction) {
            *w += t * d;
        }
        for (f, g) in self.f.iter_mut().zip(&g) {
            *f += t * g;
        }
        true
    }
}

/// Where a non-decreasing function that starts below 0 reaches it, nearly; 0 where it does not start below.
fn root(slope: impl Fn(f64) -> f64) -> f64 {
    let start = slope(0.0);
    if start.is_nan() || start >= 0.0 {
        return 0.0;
    }
    let near = 1e-3 * start.abs();
    let (mut low, mut at_low, mut high) = (0.0, start, 1.0);
    let mut at_high = slope(high);
    while at_high < -near {
        (low, at_low) = (high, at_high);
        high *= 4.0;
        at_high = slope(high);
        if high > 1e12 {
            return low;
        }
    }
    // Regula falsi with a halved weight on the end that stays (Illinois).
    let mut side = 0;
    if at_high <= near {
        return high;
    }
    for _ in 0..60 {
        let t = (low * at_high - high * at_low) / (at_high - at_low);
        let value = slope(t);
        if value.abs() <= near {
            return t;
        }
        if value < 0.0 {
            (low, at_low) = (t, value);
            if side < 0 {
                at_high *= 0.5;
            }
            side = -1;
        } else {
            (high, at_high) = (t, value);
            if side > 0 {
                at_low *= 0.5;
            }
            side = 1;
        }
    }
    low
}
