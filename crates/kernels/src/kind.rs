//! The shipped kernels as one type, for files and command lines.

use fuzzysvm_core::{Matrix, ParamError};

use crate::{
    Kernel, KernelError, Laplacian, Linear, Polynomial, Precomputed, PreparedKernel, Rbf, Sigmoid,
};

/// Any shipped kernel. In files it is a map with the name under `kernel` beside its parameters:
/// `{"kernel":"rbf","gamma":0.5}`.
///
/// ```
/// use fuzzysvm_kernels::{Kernel, KernelKind, Rbf};
/// let kind = KernelKind::from(Rbf { gamma: 0.5 });
/// assert_eq!(kind.name(), "rbf");
/// assert_eq!(kind.eval(&[1.0], &[1.0]), 1.0);
/// assert!(KernelKind::from(Rbf { gamma: -1.0 }).validate().is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kernel", rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum KernelKind {
    /// `linear`: x · z.
    Linear(Linear),
    /// `polynomial`: (γ x · z + coef0)^degree.
    Polynomial(Polynomial),
    /// `rbf`: exp(−γ‖x − z‖²).
    Rbf(Rbf),
    /// `sigmoid`: tanh(γ x · z + coef0).
    Sigmoid(Sigmoid),
    /// `laplacian`: exp(−γ‖x − z‖₁).
    Laplacian(Laplacian),
    /// `precomputed`: values from a Gram matrix.
    Precomputed(Precomputed),
}

/// `f(kernel)` for whichever kernel it is.
macro_rules! each {
    ($kind:expr, $kernel:ident => $value:expr) => {
        match $kind {
            KernelKind::Linear($kernel) => $value,
            KernelKind::Polynomial($kernel) => $value,
            KernelKind::Rbf($kernel) => $value,
            KernelKind::Sigmoid($kernel) => $value,
            KernelKind::Laplacian($kernel) => $value,
            KernelKind::Precomputed($kernel) => $value,
        }
    };
}

impl KernelKind {
    /// The names in files and on command lines.
    pub const NAMES: &'static [&'static str] = &[
        "linear",
        "polynomial",
        "rbf",
        "sigmoid",
        "laplacian",
        "precomputed",
    ];

    /// The name in files and on command lines.
    pub fn name(&self) -> &'static str {
        match self {
            KernelKind::Linear(_) => "linear",
            KernelKind::Polynomial(_) => "polynomial",
            KernelKind::Rbf(_) => "rbf",
            KernelKind::Sigmoid(_) => "sigmoid",
            KernelKind::Laplacian(_) => "laplacian",
            KernelKind::Precomputed(_) => "precomputed",
        }
    }

    /// γ, where the kernel has one.
    pub fn gamma(&self) -> Option<f64> {
        match self {
            KernelKind::Polynomial(k) => Some(k.gamma),
            KernelKind::Rbf(k) => Some(k.gamma),
            KernelKind::Sigmoid(k) => Some(k.gamma),
            KernelKind::Laplacian(k) => Some(k.gamma),
            KernelKind::Linear(_) | KernelKind::Precomputed(_) => None,
        }
    }

    /// The same kernel with another γ; unchanged where the kernel has none.
    #[must_use]
    pub fn with_gamma(mut self, gamma: f64) -> Self {
        match &mut self {
            KernelKind::Polynomial(k) => k.gamma = gamma,
            KernelKind::Rbf(k) => k.gamma = gamma,
            KernelKind::Sigmoid(k) => k.gamma = gamma,
            KernelKind::Laplacian(k) => k.gamma = gamma,
            KernelKind::Linear(_) | KernelKind::Precomputed(_) => {}
        }
        self
    }

    /// Checks that every parameter lies in its documented range.
    ///
    /// # Errors
    /// [`ParamError`] with the first parameter that does not.
    pub fn validate(&self) -> Result<(), ParamError> {
        each!(self, k => k.validate())
    }
}

impl Default for KernelKind {
    /// RBF with its default γ.
    fn default() -> Self {
        KernelKind::Rbf(Rbf::default())
    }
}

impl Kernel for KernelKind {
    fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
        each!(self, k => k.eval(x, z))
    }

    fn eval_row(&self, x: &[f64], points: Matrix<'_>, out: &mut [f64]) {
        each!(self, k => k.eval_row(x, points, out));
    }

    fn eval_block(&self, rows: Matrix<'_>, points: Matrix<'_>, out: &mut [f64]) {
        each!(self, k => k.eval_block(rows, points, out));
    }

    fn prepare<'a>(&'a self, points: Matrix<'a>) -> Box<dyn PreparedKernel + 'a> {
        each!(self, k => k.prepare(points))
    }

    fn bound(&self) -> Option<f64> {
        each!(self, k => k.bound())
    }

    fn weights(&self, points: Matrix<'_>, coef: &[f64]) -> Option<Vec<f64>> {
        each!(self, k => k.weights(points, coef))
    }

    fn validate(&self) -> Result<(), ParamError> {
        KernelKind::validate(self)
    }

    fn check_points(&self, points: Matrix<'_>) -> Result<(), KernelError> {
        each!(self, k => k.check_points(points))
    }
}

macro_rules! from_kernel {
    ($($kernel:ident),*) => {$(
        impl From<$kernel> for KernelKind {
            fn from(kernel: $kernel) -> Self {
                KernelKind::$kernel(kernel)
            }
        }
    )*};
}
from_kernel!(Linear, Polynomial, Rbf, Sigmoid, Laplacian, Precomputed);
