//! The support vector machine: kernel, approximation, solver.

use clap::{Args, ValueEnum};
use fuzzysvm::estimator::{ApproxSpec, KernelName, KernelSpec, SvmSpec};
use fuzzysvm::kernels::{Gamma, LandmarkDraw};
use fuzzysvm::qp::Smo;
use fuzzysvm::svm::approx::Approximation;

use super::parse::{count, finite, positive};
use crate::failure::Failure;

/// The kernels, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KernelFlag {
    /// x·z
    Linear,
    /// (γ x·z + coef0)^degree
    #[value(alias = "poly")]
    Polynomial,
    /// exp(-γ‖x-z‖²)
    Rbf,
    /// tanh(γ x·z + coef0)
    Sigmoid,
    /// exp(-γ‖x-z‖₁)
    Laplacian,
    /// The features are the rows of the Gram matrix of all samples
    Precomputed,
}

impl KernelFlag {
    fn name(self) -> KernelName {
        match self {
            KernelFlag::Linear => KernelName::Linear,
            KernelFlag::Polynomial => KernelName::Polynomial,
            KernelFlag::Rbf => KernelName::Rbf,
            KernelFlag::Sigmoid => KernelName::Sigmoid,
            KernelFlag::Laplacian => KernelName::Laplacian,
            KernelFlag::Precomputed => KernelName::Precomputed,
        }
    }
}

/// The kernel beside γ.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Kernel")]
pub struct KernelFlags {
    /// linear, polynomial, rbf, sigmoid, laplacian or precomputed
    #[arg(
        long,
        short = 'K',
        value_enum,
        default_value = "rbf",
        value_name = "KERNEL",
        hide_possible_values = true
    )]
    kernel: KernelFlag,

    /// polynomial: degree [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    degree: Option<u32>,

    /// polynomial, sigmoid: constant [default: 0]
    #[arg(long, value_name = "X", value_parser = finite, allow_negative_numbers = true)]
    coef0: Option<f64>,
}

impl KernelFlags {
    /// The kernel; refuses parameters that it does not have.
    pub fn spec(&self, gamma: Option<Gamma>) -> Result<KernelSpec, Failure> {
        let name = self.kernel.name();
        let polynomial = name == KernelName::Polynomial;
        for (given, flag, has) in [
            (gamma.is_some(), "--gamma", name.has_gamma()),
            (self.degree.is_some(), "--degree", polynomial),
            (
                self.coef0.is_some(),
                "--coef0",
                polynomial || name == KernelName::Sigmoid,
            ),
        ] {
            if given && !has {
                return Err(Failure::usage(format!(
                    "{flag} does not apply to --kernel {name}"
                )));
            }
        }
        let default = KernelSpec::default();
        Ok(KernelSpec {
            name,
            gamma: gamma.unwrap_or(default.gamma),
            degree: self.degree.unwrap_or(default.degree),
            coef0: self.coef0.unwrap_or(default.coef0),
        })
    }

    /// Whether the kernel is another one than the default.
    pub fn is_given(&self) -> bool {
        self.kernel != KernelFlag::Rbf || self.degree.is_some() || self.coef0.is_some()
    }
}

/// The feature maps, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ApproxName {
    /// Kernel values with landmarks drawn from the samples; any kernel
    Nystrom,
    /// Random Fourier features; the rbf kernel alone
    Rff,
}

/// Which samples become landmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LandmarksName {
    /// Every sample with the same chance
    Uniform,
    /// Every class its share, at least one
    Stratified,
    /// Half from each class
    Balanced,
}

/// The approximation.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Approximation")]
pub struct ApproxFlags {
    /// nystrom or rff: a feature map in place of the kernel
    #[arg(long, value_enum, value_name = "MAP", hide_possible_values = true)]
    approx: Option<ApproxName>,

    /// Coordinates; 4 bytes each per sample [default: 500]
    #[arg(long, value_name = "M", value_parser = count, requires = "approx")]
    components: Option<usize>,

    /// nystrom: uniform, stratified or balanced draw of landmarks [default: stratified]
    #[arg(
        long,
        value_enum,
        value_name = "DRAW",
        requires = "approx",
        hide_possible_values = true
    )]
    landmarks: Option<LandmarksName>,
}

impl ApproxFlags {
    /// The feature map, where there is one.
    fn spec(&self) -> Result<Option<ApproxSpec>, Failure> {
        let Some(approx) = self.approx else {
            return Ok(None);
        };
        if approx == ApproxName::Rff && self.landmarks.is_some() {
            return Err(Failure::usage(
                "--landmarks does not apply to --approx rff: it draws none",
            ));
        }
        let landmarks = match self.landmarks {
            None => LandmarkDraw::default(),
            Some(LandmarksName::Uniform) => LandmarkDraw::Uniform,
            Some(LandmarksName::Stratified) => LandmarkDraw::Stratified,
            Some(LandmarksName::Balanced) => LandmarkDraw::Balanced,
        };
        let default = ApproxSpec::default();
        Ok(Some(ApproxSpec {
            map: match approx {
                ApproxName::Nystrom => Approximation::Nystrom { landmarks },
                ApproxName::Rff => Approximation::Fourier,
            },
            components: self.components.unwrap_or(default.components),
        }))
    }
}

/// The solver.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Solver")]
pub struct SolverFlags {
    /// Tolerance of the optimality conditions
    #[arg(long, value_name = "X", default_value = "1e-3", value_parser = positive,
          allow_negative_numbers = true)]
    tol: f64,

    /// Most steps; exit code 3 [default: max(10^7, 100 n)]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_iter: Option<u64>,

    /// Memory for kernel rows, in MB
    #[arg(long, value_name = "MB", default_value = "1024", value_parser = positive,
          allow_negative_numbers = true)]
    cache_size: f64,

    /// Set aside samples that stay at their bounds (the default)
    #[arg(long, overrides_with = "no_shrinking", hide = true)]
    shrinking: bool,

    /// Keep all samples in every step
    #[arg(long, overrides_with = "shrinking")]
    no_shrinking: bool,
}

impl SolverFlags {
    fn smo(&self) -> Smo {
        Smo {
            tol: self.tol,
            max_iter: self.max_iter,
            cache_size: self.cache_size,
            shrinking: !self.no_shrinking,
            ..Smo::default()
        }
    }
}

/// The support vector machine of these flags.
pub fn svm(
    c: f64,
    gamma: Option<Gamma>,
    kernel: &KernelFlags,
    approx: &ApproxFlags,
    solver: &SolverFlags,
) -> Result<SvmSpec, Failure> {
    Ok(SvmSpec {
        c,
        kernel: kernel.spec(gamma)?,
        solver: solver.smo(),
        approx: approx.spec()?,
    })
}
