//! The problem: a separable objective, a box, and limits on the sums over groups.

use crate::SolveError;

/// A partition of the variables into groups, with a limit on the sum over each. One group of all variables is a budget.
#[derive(Debug, Clone, Copy)]
pub struct Grouping<'a> {
    /// The group of every variable, a place in `limit`.
    pub of: &'a [usize],
    /// The most that the variables of a group may add up to, ≥ 0; infinity is legal.
    pub limit: &'a [f64],
}

/// min Σ ½ d_i w_i² + p_i w_i subject to 0 ≤ w_i ≤ c_i and, for every group of every grouping, Σ w_i ≤ its limit.
#[derive(Debug, Clone, Copy)]
pub struct SeparableProblem<'a> {
    /// d, n finite values ≥ 0. All 0 make a linear program.
    pub curvature: &'a [f64],
    /// p, n finite values.
    pub p: &'a [f64],
    /// The upper bounds c, n finite values ≥ 0.
    pub upper: &'a [f64],
    /// The groupings, which may overlap each other; none is legal.
    pub groupings: &'a [Grouping<'a>],
}

impl SeparableProblem<'_> {
    /// Number of variables.
    pub fn n(&self) -> usize {
        self.p.len()
    }

    /// The objective at a point.
    pub fn objective(&self, w: &[f64]) -> f64 {
        let terms = w.iter().zip(self.p).zip(self.curvature);
        terms.map(|((w, p), d)| w * (p + 0.5 * d * w)).sum()
    }

    /// Whether a limit of 0 keeps the variable at 0.
    pub(super) fn is_closed(&self, i: usize) -> bool {
        let mut groupings = self.groupings.iter();
        groupings.any(|g| g.limit[g.of[i]] == 0.0)
    }

    /// The greatest lower bound of the objective that these multipliers of the limits (≥ 0) prove: the minimum of the
    /// Lagrangian over the box, which separates. Variables that a limit of 0 keeps at 0 need no multiplier.
    pub fn lower_bound(&self, multipliers: &[Vec<f64>]) -> f64 {
        let mut bound = 0.0;
        for (grouping, y) in self.groupings.iter().zip(multipliers) {
            let limits = grouping.limit.iter().zip(y).filter(|&(_, &y)| y > 0.0);
            bound -= limits.map(|(b, y)| b * y).sum::<f64>();
        }
        for i in (0..self.n()).filter(|&i| !self.is_closed(i)) {
            let price: f64 = self
                .groupings
                .iter()
                .zip(multipliers)
                .map(|(grouping, y)| y[grouping.of[i]])
                .sum();
            let (slope, d, c) = (self.p[i] + price, self.curvature[i], self.upper[i]);
            if slope < 0.0 {
                // −slope/d is infinite for d = 0.
                let w = c.min(-slope / d);
                bound += w * (slope + 0.5 * d * w);
            }
        }
        bound
    }

    /// Checks lengths and ranges. The solver calls it itself.
    ///
    /// # Errors
    /// [`SolveError`] naming the first entry that breaks a rule.
    pub fn validate(&self) -> Result<(), SolveError> {
        let n = self.n();
        if n == 0 {
            return Err(SolveError::Empty);
        }
        let lengths = [
            ("curvature", self.curvature.len()),
            ("upper", self.upper.len()),
        ];
        let groups = self.groupings.iter().map(|g| ("group", g.of.len()));
        for (what, found) in lengths.into_iter().chain(groups) {
            if found != n {
                return Err(SolveError::LengthMismatch {
                    what,
                    expected: n,
                    found,
                });
            }
        }
        let finite = |v: f64| v.is_finite();
        let positive = |v: f64| v.is_finite() && v >= 0.0;
        check("p", self.p, "must be finite", finite)?;
        let rule = "must be finite and >= 0";
        check("curvature", self.curvature, rule, positive)?;
        check("upper", self.upper, rule, positive)?;
        for grouping in self.groupings {
            check("limit", grouping.limit, "must be >= 0", |v| v >= 0.0)?;
            let unknown = |&g: &usize| g >= grouping.limit.len();
            if let Some(row) = grouping.of.iter().position(unknown) {
                return Err(SolveError::InvalidEntry {
                    what: "group",
                    row,
                    value: grouping.of[row] as f64,
                    rule: "must have a limit",
                });
            }
        }
        Ok(())
    }
}

fn check(
    what: &'static str,
    values: &[f64],
    rule: &'static str,
    ok: impl Fn(f64) -> bool,
) -> Result<(), SolveError> {
    match values.iter().position(|&v| !ok(v)) {
        None => Ok(()),
        Some(row) => Err(SolveError::InvalidEntry {
            what,
            row,
            value: values[row],
            rule,
        }),
    }
}
