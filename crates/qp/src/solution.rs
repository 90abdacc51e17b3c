//! The trait of solvers and what they return.

use crate::{DualProblem, SolveError};

/// Solves [`DualProblem`]s.
pub trait QpSolver: Send + Sync {
    /// Solves the problem, from `start` where one is given.
    ///
    /// A start need not be feasible: it is clamped into the box and moved onto yᵀα = Δ, in a fixed
    /// way. It changes how long the solver takes, not what it finds (within its tolerance).
    ///
    /// Stopping short of the tolerance is no error: see [`SolveInfo::status`].
    ///
    /// # Errors
    /// [`SolveError`] where the problem, the start or the solver's parameters break a rule, or where
    /// Q is not finite.
    fn solve(
        &self,
        problem: &DualProblem<'_>,
        start: Option<&[f64]>,
    ) -> Result<DualSolution, SolveError>;
}

/// Why a solver stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Status {
    /// The KKT gap is at most the tolerance.
    Converged,
    /// The iteration cap was reached first.
    MaxIterations,
    /// The time limit was reached first.
    TimeLimit,
    /// No step changes the point any more at working precision, or the objective and the gap have
    /// stood still for a long time: the tolerance asks for more than the arithmetic can give.
    Stalled,
    /// Not solved here: the model came from another program, and nothing is known of its solution.
    Imported,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Status::Converged => "converged",
            Status::MaxIterations => "max-iterations",
            Status::TimeLimit => "time-limit",
            Status::Stalled => "stalled",
            Status::Imported => "imported",
        })
    }
}

/// How a solution was reached and how good it is.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SolveInfo {
    /// Why the solver stopped.
    pub status: Status,
    /// Steps taken.
    pub iterations: u64,
    /// ½αᵀQα + pᵀα.
    pub objective: f64,
    /// m(α) − M(α), at least 0: the largest violation of the optimality conditions by a pair of
    /// variables, in the units of the gradient (Chang & Lin 2011, eq. 11,
    /// doi:10.1145/1961189.1961199). In single precision it is the gap for the rounded Q.
    pub kkt_gap: f64,
    /// Rows of Q computed, repeats included. Rows read in place count nothing.
    pub rows_computed: u64,
    /// Steps along which the objective was concave: above 0 the matrix is not positive semidefinite
    /// and the point may be a local minimum only.
    pub negative_curvature: u64,
}

impl SolveInfo {
    /// No step yet: zero everywhere.
    pub fn new(status: Status) -> Self {
        Self {
            status,
            iterations: 0,
            objective: 0.0,
            kkt_gap: 0.0,
            rows_computed: 0,
            negative_curvature: 0,
        }
    }
}

/// A point, its gradient and how it was reached.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DualSolution {
    /// α, inside the box; a variable at a bound is exactly at it.
    pub alpha: Vec<f64>,
    /// Qα + p in double precision.
    pub gradient: Vec<f64>,
    /// The multiplier of yᵀα = Δ: the mean of y_i G_i over the free variables, and where none is free
    /// the middle of the interval that the bounded ones leave. The intercept of an SVM is −rho.
    pub rho: f64,
    /// How it was reached.
    pub info: SolveInfo,
}

impl DualSolution {
    /// Puts a point inside the box and its gradient together: computes `rho`, the objective and the KKT gap.
    ///
    /// # Errors
    /// [`SolveError::Overflow`] where the gradient, the objective or `rho` is not finite.
    pub fn new(
        problem: &DualProblem<'_>,
        alpha: Vec<f64>,
        gradient: Vec<f64>,
        mut info: SolveInfo,
    ) -> Result<Self, SolveError> {
        if let Some(row) = gradient.iter().position(|g| !g.is_finite()) {
            return Err(SolveError::Overflow { row });
        }
        info.kkt_gap = kkt_gap(problem, &alpha, &gradient);
        let part = |i: usize| 0.5 * alpha[i] * (gradient[i] + problem.p[i]);
        info.objective = (0..alpha.len()).map(part).sum();
        let rho = rho(problem, &alpha, &gradient);
        if !(info.objective.is_finite() && rho.is_finite()) {
            // Sums overflow before their parts do.
            let largest = |a: &usize, b: &usize| part(*a).abs().total_cmp(&part(*b).abs());
            let row = (0..alpha.len()).max_by(largest).unwrap_or(0);
            return Err(SolveError::Overflow { row });
        }
        Ok(Self {
            alpha,
            gradient,
            rho,
            info,
        })
    }
}

/// m(α) − M(α) for a given gradient, at least 0, and 0 where no pair of variables can move.
pub(crate) fn kkt_gap(problem: &DualProblem<'_>, alpha: &[f64], gradient: &[f64]) -> f64 {
    let (mut up, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
    for i in 0..problem.n() {
        let (y, f) = (problem.y[i], -problem.y[i] * gradient[i]);
        let (can_rise, can_fall) = (alpha[i] < problem.upper[i], alpha[i] > 0.0);
        if (y > 0.0 && can_rise) || (y < 0.0 && can_fall) {
            up = up.max(f);
        }
        if (y > 0.0 && can_fall) || (y < 0.0 && can_rise) {
            low = low.min(f);
        }
    }
    let gap = up - low;
    if gap.is_finite() { gap.max(0.0) } else { 0.0 }
}

/// How near to a bound a variable counts as at it when rho is computed, as a share of Σα: of the numbers whose
/// rounding is meant. The boxes may be as large as they like.
///
/// Where the upper bounds of both classes add up to the same (class weights "balanced" do that), a small C
/// ends with every variable at its upper bound but for the rounding of the sums: one variable is 1e-16
/// short of it. Taken for free, it alone would say where the intercept lies in an interval that may be as wide
/// as the scores, and a model that ranks perfectly would call every sample the same class.
const AT_BOUND: f64 = 1e-12;

/// LIBSVM's rule (Chang & Lin 2011, sec. 4.1.5), with two differences: a variable whose box is [0, 0]
/// says nothing about rho, and one that rounding alone keeps from a bound is at it.
fn rho(problem: &DualProblem<'_>, alpha: &[f64], gradient: &[f64]) -> f64 {
    let (mut sum, mut free) = (0.0, 0u64);
    let (mut lowest, mut highest) = (f64::NEG_INFINITY, f64::INFINITY);
    let near = AT_BOUND * alpha.iter().sum::<f64>();
    for i in 0..problem.n() {
        let (y, a, c) = (problem.y[i], alpha[i], problem.upper[i]);
        let yg = y * gradient[i];
        if c <= 0.0 {
            continue;
        }
        // Of a box as small as the rounding the nearer bound counts.
        let (at_zero, at_upper) = if a < c - a {
            (a <= near, false)
        } else {
            (false, c - a <= near)
        };
        if !at_zero && !at_upper {
            sum += yg;
            free += 1;
        } else if at_zero == (y > 0.0) {
            highest = highest.min(yg);
        } else {
            lowest = lowest.max(yg);
        }
    }
    if free > 0 {
        return sum / free as f64;
    }
    match (lowest.is_finite(), highest.is_finite()) {
        (true, true) => 0.5 * (lowest + highest),
        (true, false) => lowest,
        (false, true) => highest,
        (false, false) => 0.0,
    }
}
