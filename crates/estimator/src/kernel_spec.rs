//! The kernel before the training features are known.

use std::fmt;

use fuzzysvm_core::{Matrix, ParamError};
use fuzzysvm_kernels::{
    Gamma, KernelKind, Laplacian, Linear, Polynomial, Precomputed, Rbf, Sigmoid,
};

use crate::EstimatorError;

/// The kernels, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum KernelName {
    /// x·z
    Linear,
    /// (γ x·z + coef0)^degree
    Polynomial,
    /// exp(−γ‖x−z‖²), the default
    #[default]
    Rbf,
    /// tanh(γ x·z + coef0)
    Sigmoid,
    /// exp(−γ‖x−z‖₁)
    Laplacian,
    /// The features are the rows of the Gram matrix of all samples.
    Precomputed,
}

impl KernelName {
    /// The name on command lines and in files.
    pub const fn name(self) -> &'static str {
        match self {
            KernelName::Linear => "linear",
            KernelName::Polynomial => "polynomial",
            KernelName::Rbf => "rbf",
            KernelName::Sigmoid => "sigmoid",
            KernelName::Laplacian => "laplacian",
            KernelName::Precomputed => "precomputed",
        }
    }

    /// Whether the kernel has a width γ.
    pub const fn has_gamma(self) -> bool {
        !matches!(self, KernelName::Linear | KernelName::Precomputed)
    }
}

impl fmt::Display for KernelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A kernel whose γ may depend on the training features. Parameters that the kernel does not have are ignored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KernelSpec {
    /// The kernel function; default RBF.
    pub name: KernelName,
    /// γ; default `scale`, 1/(d · variance of the training features).
    pub gamma: Gamma,
    /// Degree of the polynomial kernel; default 3.
    pub degree: u32,
    /// Constant of the polynomial and sigmoid kernels; default 0.
    pub coef0: f64,
}

impl Default for KernelSpec {
    fn default() -> Self {
        Self {
            name: KernelName::Rbf,
            gamma: Gamma::Scale,
            degree: 3,
            coef0: 0.0,
        }
    }
}

impl KernelSpec {
    /// The RBF kernel with this γ.
    pub fn rbf(gamma: f64) -> Self {
        Self::default().with_gamma(Gamma::Value(gamma))
    }

    /// The same kernel with another γ.
    #[must_use]
    pub fn with_gamma(self, gamma: Gamma) -> Self {
        Self { gamma, ..self }
    }

    /// Checks the parameters that do not depend on the training features.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        if let (true, Gamma::Value(gamma)) = (self.name.has_gamma(), self.gamma) {
            let ok = gamma.is_finite() && gamma > 0.0;
            ParamError::check(ok, "gamma", gamma, "must be finite and > 0")?;
        }
        let any_width = self.with_gamma(Gamma::Value(1.0));
        match any_width.of_width(1.0) {
            Some(kernel) => kernel.validate(),
            None => Ok(()),
        }
    }

    /// The kernel for these training features.
    ///
    /// # Errors
    /// A parameter outside its range, features without variance where γ is `scale`, or a Gram matrix that is none.
    pub fn resolve(&self, x: Matrix<'_>) -> Result<KernelKind, EstimatorError> {
        match self.of_features(x)? {
            Some(kernel) => Ok(kernel),
            None => Ok(Precomputed::new(x.to_owned_matrix())?.into()),
        }
    }

    /// As [`KernelSpec::resolve`]; `None` for kernel values that are given.
    pub(crate) fn of_features(&self, x: Matrix<'_>) -> Result<Option<KernelKind>, ParamError> {
        let gamma = match self.name.has_gamma() {
            true => self.gamma.resolve(x)?,
            false => 1.0,
        };
        let kernel = self.of_width(gamma);
        if let Some(kernel) = &kernel {
            kernel.validate()?;
        }
        Ok(kernel)
    }

    /// The kernel with γ as a number; `None` for kernel values that are given.
    fn of_width(&self, gamma: f64) -> Option<KernelKind> {
        let coef0 = self.coef0;
        Some(match self.name {
            KernelName::Linear => Linear.into(),
            KernelName::Polynomial => Polynomial {
                degree: self.degree,
                gamma,
                coef0,
            }
            .into(),
            KernelName::Rbf => Rbf { gamma }.into(),
            KernelName::Sigmoid => Sigmoid { gamma, coef0 }.into(),
            KernelName::Laplacian => Laplacian { gamma }.into(),
            KernelName::Precomputed => return None,
        })
    }
}
