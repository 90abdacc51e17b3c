//! The settings of the learner.

use crate::SvmError;
use fuzzysvm_core::ParamError;
use fuzzysvm_kernels::{FeatureMapError, KernelKind, LandmarkDraw, check_components};

/// The feature map in place of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "map", rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Approximation {
    /// Kernel values with landmarks: any positive semidefinite kernel, at most one component per sample. See
    /// [`fuzzysvm_kernels::Nystrom`].
    Nystrom {
        /// Which samples are landmarks.
        landmarks: LandmarkDraw,
    },
    /// Random cosines: the RBF kernel alone, any number of components. See
    /// [`fuzzysvm_kernels::RandomFourierFeatures`].
    #[cfg_attr(feature = "serde", serde(rename = "rff"))]
    Fourier,
}

impl Default for Approximation {
    fn default() -> Self {
        Self::Nystrom {
            landmarks: LandmarkDraw::default(),
        }
    }
}

impl Approximation {
    /// The name on command lines and in files.
    pub fn name(self) -> &'static str {
        match self {
            Approximation::Nystrom { .. } => "nystrom",
            Approximation::Fourier => "rff",
        }
    }
}

/// The classifier of [`Svc`](crate::Svc) with K̃(x, x′) = z(x)·z(x′) in place of K:
///
/// ```text
/// min ½‖w‖² + C Σ s_i max(0, 1 − y_i (w·z(x_i) + b))
/// ```
///
/// Memory is 4·n·M bytes for the coordinates plus 24·M² for the landmarks; time grows with n·M² for
/// making them and with n·M for a pass of the solver, of which it makes some tens. The model keeps M
/// landmarks or frequencies, so that predictions cost M kernel values per row for any n.
///
/// A sample of weight 0 is removed before landmarks are drawn; a constant weight t is the same as C·t.
/// Results do not depend on the number of threads.
///
/// ```
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
/// use fuzzysvm_kernels::Rbf;
/// use fuzzysvm_svm::approx::ApproxSvc;
///
/// let x: Vec<f64> = (0..60).map(|i| f64::from(i) / 10.0).collect();
/// let y: Vec<Label> = (0..60).map(|i| Label::from_sign((f64::from(i) - 30.0).abs() - 14.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let svc = ApproxSvc { c: 10.0, kernel: Rbf { gamma: 1.0 }.into(), components: 20, seed: 3, ..ApproxSvc::default() };
/// let model = svc.fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.predict(x)?, y);
/// assert!(model.info.duality_gap <= svc.tol);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct ApproxSvc {
    /// Penalty of a margin violation, finite and > 0; default 1.
    pub c: f64,
    /// The kernel that is approximated; default RBF with γ = 1.
    pub kernel: KernelKind,
    /// How; default Nyström with stratified landmarks.
    pub approximation: Approximation,
    /// M, coordinates of the map, from 1 to 32,768; default 500. With Nyström at most one per sample of weight
    /// above 0.
    pub components: usize,
    /// Seed of landmarks or frequencies; default 0.
    pub seed: u64,
    /// Stop at this duality gap relative to the primal objective, finite and > 0; default 1e-3.
    pub tol: f64,
    /// Stop after this many Newton steps; default 1,000. Some 10 to 60 are usual.
    pub max_iter: u64,
}

impl Default for ApproxSvc {
    fn default() -> Self {
        Self {
            c: 1.0,
            kernel: KernelKind::default(),
            approximation: Approximation::default(),
            components: 500,
            seed: 0,
            tol: 1e-3,
            max_iter: 1000,
        }
    }
}

impl ApproxSvc {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`SvmError`]: a parameter out of range, or random Fourier features with another kernel than RBF.
    pub fn validate(&self) -> Result<(), SvmError> {
        let rule = "must be finite and > 0";
        ParamError::check(self.c.is_finite() && self.c > 0.0, "c", self.c, rule)?;
        ParamError::check(
            self.tol.is_finite() && self.tol > 0.0,
            "tol",
            self.tol,
            rule,
        )?;
        check_components(self.components)?;
        self.kernel.validate()?;
        if self.approximation == Approximation::Fourier {
            self.rbf_gamma()?;
        }
        Ok(())
    }

    pub(super) fn rbf_gamma(&self) -> Result<f64, SvmError> {
        match &self.kernel {
            KernelKind::Rbf(rbf) => Ok(rbf.gamma),
            other => Err(FeatureMapError::NotRbf {
                kernel: other.name(),
            }
            .into()),
        }
    }
}
