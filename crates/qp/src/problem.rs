//! The problem: Q and the vectors around it.

use crate::{QMatrix, SolveError};

/// min ½αᵀQα + pᵀα subject to yᵀα = Δ and 0 ≤ α_i ≤ c_i.
#[derive(Clone, Copy)]
pub struct DualProblem<'a> {
    /// Q, n × n, symmetric; positive semidefinite for a global minimum.
    pub q: &'a dyn QMatrix,
    /// p, n finite values. −1 each in support vector classification.
    pub p: &'a [f64],
    /// y, n values, each +1.0 or −1.0.
    pub y: &'a [f64],
    /// Δ, finite. 0 in support vector classification.
    pub delta: f64,
    /// The upper bounds c, n values ≥ 0. 0 fixes a variable at 0; infinity is legal.
    pub upper: &'a [f64],
}

impl std::fmt::Debug for DualProblem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DualProblem")
            .field("n", &self.q.len())
            .field("delta", &self.delta)
            .finish_non_exhaustive()
    }
}

impl<'a> DualProblem<'a> {
    /// A checked problem.
    ///
    /// # Errors
    /// As [`DualProblem::validate`].
    pub fn new(
        q: &'a dyn QMatrix,
        p: &'a [f64],
        y: &'a [f64],
        delta: f64,
        upper: &'a [f64],
    ) -> Result<Self, SolveError> {
        let problem = Self {
            q,
            p,
            y,
            delta,
            upper,
        };
        problem.validate()?;
        Ok(problem)
    }

    /// Rows of Q, with its signs.
    pub(crate) fn signed_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.q.fill_rows(rows, out);
        if self.q.is_kernel() {
            for (&r, row) in rows.iter().zip(out.chunks_exact_mut(self.n())) {
                for (v, y) in row.iter_mut().zip(self.y) {
                    *v *= self.y[r as usize] * y;
                }
            }
        }
    }

    /// Number of variables.
    pub fn n(&self) -> usize {
        self.y.len()
    }

    /// Checks lengths, ranges and that the equality can be met. Solvers call it themselves.
    ///
    /// # Errors
    /// [`SolveError`] naming the first entry that breaks a rule.
    pub fn validate(&self) -> Result<(), SolveError> {
        let n = self.q.len();
        if n == 0 {
            return Err(SolveError::Empty);
        }
        if n >= u32::MAX as usize {
            return Err(SolveError::TooLarge {
                n,
                limit: u32::MAX as usize - 1,
            });
        }
        let lengths = [
            ("diagonal", self.q.diagonal().len()),
            ("p", self.p.len()),
            ("y", self.y.len()),
            ("upper", self.upper.len()),
        ];
        for (what, found) in lengths {
            if found != n {
                return Err(SolveError::LengthMismatch {
                    what,
                    expected: n,
                    found,
                });
            }
        }
        let entry = |what, values: &[f64], rule, ok: fn(f64) -> bool| match values
            .iter()
            .position(|&v| !ok(v))
        {
            Some(row) => Err(SolveError::InvalidEntry {
                what,
                row,
                value: values[row],
                rule,
            }),
            None => Ok(()),
        };
        entry("p", self.p, "must be finite", f64::is_finite)?;
        entry("y", self.y, "must be +1 or -1", |v| v == 1.0 || v == -1.0)?;
        entry("upper", self.upper, "must be >= 0", |v| v >= 0.0)?;
        entry("delta", &[self.delta], "must be finite", f64::is_finite)?;
        if let Some(row) = self.q.diagonal().iter().position(|v| !v.is_finite()) {
            return Err(SolveError::NotFinite { row });
        }
        let (mut highest, mut lowest) = (0.0, 0.0);
        for (&y, &c) in self.y.iter().zip(self.upper) {
            if y > 0.0 {
                highest += c;
            } else {
                lowest -= c;
            }
        }
        if !(lowest <= self.delta && self.delta <= highest) {
            return Err(SolveError::Infeasible {
                delta: self.delta,
                lowest,
                highest,
            });
        }
        Ok(())
    }
}
