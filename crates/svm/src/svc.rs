//! The learner [`Svc`].

use crate::gram::Gram;
use crate::{SvcModel, SvmError};
use fuzzysvm_core::{Learner, MatrixBuf, ParamError, Samples, check_weights};
use fuzzysvm_kernels::{Kernel, KernelKind, Linear, Rbf};
use fuzzysvm_qp::{DualProblem, QpSolver, Smo, SolveError};

/// The support vector classifier with one weight per sample.
///
/// The bound of sample i is C·s_i. A sample of weight 0 leaves the problem before the solver sees it;
/// [`SvcModel::support`] still counts the caller's rows. A constant weight t is the same as C·t.
///
/// ```
/// use fuzzysvm_kernels::{KernelKind, Rbf};
/// use fuzzysvm_svm::Svc;
/// let svc = Svc { c: 10.0, kernel: KernelKind::from(Rbf { gamma: 0.5 }), ..Svc::default() };
/// assert!(svc.validate().is_ok());
/// assert!(Svc { c: f64::INFINITY, ..svc }.validate().is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Svc<K = KernelKind, S = Smo> {
    /// Penalty of a margin violation, finite and > 0; default 1. A large C gives a hard margin.
    pub c: f64,
    /// The kernel; default RBF with γ = 1. γ is a number here: `Gamma::resolve` turns `scale` into one.
    pub kernel: K,
    /// The solver of the dual problem; default [`Smo`].
    pub solver: S,
}

impl Default for Svc {
    fn default() -> Self {
        Self {
            c: 1.0,
            kernel: KernelKind::default(),
            solver: Smo::default(),
        }
    }
}

impl Svc<Rbf> {
    /// RBF kernel and default solver.
    pub fn rbf(c: f64, gamma: f64) -> Self {
        Self {
            c,
            kernel: Rbf { gamma },
            solver: Smo::default(),
        }
    }
}

impl Svc<Linear> {
    /// Linear kernel and default solver.
    pub fn linear(c: f64) -> Self {
        Self {
            c,
            kernel: Linear,
            solver: Smo::default(),
        }
    }
}

impl<K: Kernel, S> Svc<K, S> {
    /// Checks C and the kernel's parameters. The solver checks its own.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let rule = "must be finite and > 0";
        ParamError::check(self.c.is_finite() && self.c > 0.0, "c", self.c, rule)?;
        self.kernel.validate()
    }
}

impl<K: Kernel + Clone, S: QpSolver> Svc<K, S> {
    /// Fits from a start: one α per training row, as [`SvcModel::alpha`] gives it. The start is clamped
    /// and made feasible, so that of a model with another C, other weights or another kernel is fine; it
    /// saves time and changes nothing else (within the solver's tolerance).
    ///
    /// # Errors
    /// As [`Learner::fit`], and [`SvmError::StartLength`].
    pub fn fit_warm(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
        start: Option<&[f64]>,
    ) -> Result<SvcModel<K>, SvmError> {
        self.validate()?;
        let n = train.n_samples();
        train.require_both_classes()?;
        if let Some(w) = sample_weight {
            check_weights(w, train.y())?;
        }
        if let Some(s) = start.filter(|s| s.len() != n) {
            return Err(SvmError::StartLength {
                n_rows: n,
                n_start: s.len(),
            });
        }
        self.kernel.check_points(train.x())?;

        let weight = |i: usize| sample_weight.map_or(1.0, |w| w[i]);
        let kept: Vec<usize> = (0..n).filter(|&i| weight(i) > 0.0).collect();
        let reduced: MatrixBuf;
        let x = if kept.len() == n {
            train.x()
        } else {
            reduced = train.x().select_rows(&kept);
            reduced.view()
        };
        let y: Vec<f64> = kept.iter().map(|&i| train.y()[i].sign()).collect();
        let upper: Vec<f64> = kept.iter().map(|&i| self.c * weight(i)).collect();
        let p = vec![-1.0; kept.len()];
        let start: Option<Vec<f64>> = start.map(|s| kept.iter().map(|&i| s[i]).collect());

        let gram = Gram::new(&self.kernel, x);
        let to_caller = |e: SolveError| match e {
            SolveError::NotFinite { row } | SolveError::Overflow { row } => {
                SvmError::KernelOverflow { row: kept[row] }
            }
            SolveError::Param(e) => SvmError::Param(e),
            other => SvmError::Solve(other),
        };
        let problem = DualProblem::new(&gram, &p, &y, 0.0, &upper).map_err(to_caller)?;
        let solution = self
            .solver
            .solve(&problem, start.as_deref())
            .map_err(to_caller)?;
        drop(gram);
        SvcModel::from_solution(self.kernel.clone(), x, &y, &kept, n, &solution)
    }
}

impl<K: Kernel + Clone, S: QpSolver> Learner for Svc<K, S> {
    type Model = SvcModel<K>;
    type Error = SvmError;

    /// Fits the classifier.
    ///
    /// # Errors
    /// [`SvmError`]: parameters, one class, weights, a kernel that overflows. A solver that stops short
    /// of its tolerance is no error: see [`SvcModel::info`].
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<SvcModel<K>, SvmError> {
        self.fit_warm(train, sample_weight, None)
    }
}
