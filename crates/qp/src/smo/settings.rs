//! The settings of the solver.

use fuzzysvm_core::ParamError;
use std::time::Duration;

/// In which precision rows of Q are kept. Point and gradient are always in double precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Precision {
    /// Single where `tol` ≥ 1e-4 and rounding Q cannot matter at that tolerance (the largest diagonal
    /// entry times 2⁻²⁴ is at most `tol`), double otherwise (default).
    #[default]
    Auto,
    /// f32: half the memory, about twice the speed, Q rounded to 6e-8 relative.
    Single,
    /// f64.
    Double,
}

/// Sequential minimal optimisation with second-order working sets (Fan, Chen & Lin 2005, JMLR 6) and
/// a bound per variable, after LIBSVM (Chang & Lin 2011, doi:10.1145/1961189.1961199).
///
/// Each iteration takes the pair (i, j) that promises the largest decrease and solves for it exactly;
/// a variable that reaches a bound is set exactly to it. It always ends: see `max_iter`.
///
/// ```
/// use fuzzysvm_qp::Smo;
/// let precise = Smo { tol: 1e-8, ..Smo::default() };
/// assert!(precise.validate().is_ok());
/// assert!(Smo { tol: 0.0, ..Smo::default() }.validate().is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Smo {
    /// Stop when the KKT gap m(α) − M(α) is at most this, as in LIBSVM. Finite and > 0; default 1e-3.
    pub tol: f64,
    /// Most iterations; `None` (default) means max(10⁷, 100 n).
    pub max_iter: Option<u64>,
    /// Whether variables that stay at a bound are left out for a while. The result is the same within
    /// `tol`. Default true: at 10,000 loans it takes a third off the time at C = 100 and changes nothing
    /// at C = 1; where few rows fit in memory it computes fewer of them.
    pub shrinking: bool,
    /// Memory for rows of Q in MB (2²⁰ bytes), > 0; default 1024. All of Q is kept where it fits, else
    /// the rows used last; two rows are kept in any case.
    pub cache_size: f64,
    /// Precision of the rows of Q.
    pub precision: Precision,
    /// How many variables are worked on at once, ≥ 2. 2 is classic pairs on rows kept in memory; more
    /// is a working set solved on its own between two looks at all variables, for which no row is kept
    /// at all. `None` (default): pairs below 3,000 variables and where Q is in memory already, else sets
    /// that start at 768 and keep their free variables, as far as two copies of their matrix fit in `cache_size`.
    /// `shrinking` concerns pairs only. The result is the same within `tol`.
    pub working_set: Option<usize>,
    /// Whether the gradient of the point found is always computed again in double precision: objective, gap and `rho`
    /// then have all digits. `false` (default): only where rounding may have moved the gap by a twentieth of
    /// `tol`, as at a large C; the objective is then right to about 1e-7. `true` takes 1.4 to 1.5 times as long at
    /// 2,000 variables and C = 1. Either way a gap that is above `tol` in truth is not taken for smaller: the solver
    /// goes on from the true gradient, in double precision where that is needed.
    pub verify: bool,
    /// Stop after this time; `None` (default) means never. The one setting that makes a result depend
    /// on the machine.
    pub time_limit: Option<Duration>,
}

impl Default for Smo {
    fn default() -> Self {
        Self {
            tol: 1e-3,
            max_iter: None,
            shrinking: true,
            cache_size: 1024.0,
            precision: Precision::Auto,
            working_set: None,
            verify: false,
            time_limit: None,
        }
    }
}

impl Smo {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let positive = "must be finite and > 0";
        ParamError::check(
            self.tol.is_finite() && self.tol > 0.0,
            "tol",
            self.tol,
            positive,
        )?;
        ParamError::check(
            self.cache_size.is_finite() && self.cache_size > 0.0,
            "cache_size",
            self.cache_size,
            positive,
        )?;
        ParamError::check(
            self.working_set.is_none_or(|q| q >= 2),
            "working_set",
            self.working_set.unwrap_or(0) as f64,
            "must be at least 2",
        )?;
        ParamError::check(
            self.max_iter != Some(0),
            "max_iter",
            0.0,
            "must be at least 1",
        )
    }

    /// Whether rows of a Q with this diagonal are kept in single precision: see [`Precision`].
    pub fn keeps_single(&self, diagonal: &[f64]) -> bool {
        match self.precision {
            Precision::Single => true,
            Precision::Double => false,
            // No entry of a positive semidefinite Q exceeds its largest diagonal entry. Rounding moves
            // the gradient by 2⁻²⁴ of that for every unit of α: where this is more than `tol`, the
            // rounded problem has another solution.
            Precision::Auto => {
                let largest = diagonal.iter().fold(0.0f64, |m, d| m.max(d.abs()));
                self.tol >= 1e-4 && largest * 2f64.powi(-24) <= self.tol
            }
        }
    }
}
