//! Options that several commands share: method, kernel, solver.

use clap::{Args, ValueEnum};
use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::core::{Matrix, MatrixBuf};
use fuzzysvm::kernels::{
    Gamma, KernelKind, LandmarkDraw, Laplacian, Linear, Polynomial, Precomputed, Rbf, Sigmoid,
};
use fuzzysvm::method::{MethodKind, peer_grid_in_words};
use fuzzysvm::qp::Smo;
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::approx::{ApproxSvc, Approximation};

use crate::failure::Failure;
use crate::fitting::Learning;
pub use crate::method::{MembershipArgs, Method, MethodSettings};

/// A finite number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("expected a finite number above 0".to_owned()),
    }
}

/// A finite number.
pub fn finite(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err("expected a finite number".to_owned()),
    }
}

/// A whole number from 1.
pub fn count(text: &str) -> Result<usize, String> {
    match text.trim().parse::<usize>() {
        Ok(value) if value > 0 => Ok(value),
        _ => Err("expected a whole number from 1".to_owned()),
    }
}

/// `scale`, `auto` or a number.
pub fn gamma(text: &str) -> Result<Gamma, String> {
    text.parse()
        .map_err(|_| "expected scale, auto or a finite number above 0".to_owned())
}

/// Help of `--methods`, which takes names of the pipelines' methods and runs `default` without them.
pub fn methods_help(default: &[MethodKind]) -> String {
    let names = MethodKind::ALL.map(MethodKind::id).join(", ");
    let default = match MethodKind::ALL.iter().position(|m| !default.contains(m)) {
        None => "all",
        Some(first) => &format!("those before {}", MethodKind::ALL[first]),
    };
    format!("Methods, separated by commas: {names} [default: {default}]")
}

/// What each peer among the methods is tuned over, one line each, for the text of a pipeline.
pub fn peer_grids(methods: &[MethodKind], peers: &[BaselineKind]) -> String {
    let line = |&method: &MethodKind| {
        peer_grid_in_words(method, peers).map(|grid| format!("\n  {} over {grid}", method.title()))
    };
    methods.iter().filter_map(line).collect()
}

/// The kernels, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KernelName {
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

impl KernelName {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            KernelName::Linear => "linear",
            KernelName::Polynomial => "polynomial",
            KernelName::Rbf => "rbf",
            KernelName::Sigmoid => "sigmoid",
            KernelName::Laplacian => "laplacian",
            KernelName::Precomputed => "precomputed",
        }
    }
}

/// Options of the kernel beside γ.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Kernel")]
pub struct KernelArgs {
    /// Kernel function
    #[arg(
        long,
        short = 'K',
        value_enum,
        default_value = "rbf",
        value_name = "KERNEL"
    )]
    pub kernel: KernelName,

    /// Degree of the polynomial kernel [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub degree: Option<u32>,

    /// Constant of the polynomial and sigmoid kernels [default: 0]
    #[arg(long, value_name = "X", value_parser = finite, allow_negative_numbers = true)]
    pub coef0: Option<f64>,
}

impl KernelArgs {
    /// Refuses options that the kernel does not have.
    pub fn check(&self, gamma_given: bool) -> Result<(), Failure> {
        use KernelName::{Laplacian, Polynomial, Rbf, Sigmoid};
        for (given, flag, owners) in [
            (
                gamma_given,
                "--gamma",
                &[Polynomial, Rbf, Sigmoid, Laplacian][..],
            ),
            (self.degree.is_some(), "--degree", &[Polynomial][..]),
            (self.coef0.is_some(), "--coef0", &[Polynomial, Sigmoid][..]),
        ] {
            if given && !owners.contains(&self.kernel) {
                return Err(Failure::usage(format!(
                    "{flag} does not apply to --kernel {}",
                    self.kernel.name()
                )));
            }
        }
        Ok(())
    }

    /// Whether the kernel has a width.
    pub fn has_gamma(&self) -> bool {
        use KernelName::{Laplacian, Polynomial, Rbf, Sigmoid};
        matches!(self.kernel, Polynomial | Rbf | Sigmoid | Laplacian)
    }

    /// Whether anything but the default is asked for.
    pub fn is_given(&self) -> bool {
        self.kernel != KernelName::Rbf || self.degree.is_some() || self.coef0.is_some()
    }

    /// The kernel for these training features.
    pub fn kernel(&self, gamma: Gamma, x: Matrix<'_>) -> Result<KernelKind, Failure> {
        let coef0 = self.coef0.unwrap_or(0.0);
        let kernel: KernelKind = match self.kernel {
            KernelName::Linear => Linear.into(),
            KernelName::Polynomial => Polynomial {
                degree: self.degree.unwrap_or(3),
                gamma: gamma.resolve(x)?,
                coef0,
            }
            .into(),
            KernelName::Rbf => Rbf {
                gamma: gamma.resolve(x)?,
            }
            .into(),
            KernelName::Sigmoid => Sigmoid {
                gamma: gamma.resolve(x)?,
                coef0,
            }
            .into(),
            KernelName::Laplacian => Laplacian {
                gamma: gamma.resolve(x)?,
            }
            .into(),
            KernelName::Precomputed => Precomputed::new(x.to_owned_matrix())?.into(),
        };
        kernel.validate()?;
        Ok(kernel)
    }

    /// What the learner is given as samples: the features, or row numbers of a given Gram matrix.
    pub fn samples(&self, x: MatrixBuf) -> Result<MatrixBuf, Failure> {
        if self.kernel != KernelName::Precomputed {
            return Ok(x);
        }
        let rows = (0..x.n_rows()).map(|i| i as f64).collect();
        Ok(MatrixBuf::new(rows, 1)?)
    }
}

/// The feature maps, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ApproxName {
    /// Kernel values with landmarks drawn from the samples; any kernel
    Nystrom,
    /// Random Fourier features; the rbf kernel alone
    Rff,
}

/// Which samples become landmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LandmarksName {
    /// Every sample with the same chance
    Uniform,
    /// Every class its share, at least one
    Stratified,
    /// Half from each class
    Balanced,
}

/// Options of the approximation.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Approximation")]
pub struct ApproxArgs {
    /// Replace the kernel by a map to --components coordinates: time and memory grow
    /// with the samples, not with their square. --tol is then the duality gap relative
    /// to the objective, --max-iter counts Newton steps
    #[arg(long, value_enum, value_name = "MAP")]
    pub approx: Option<ApproxName>,

    /// Coordinates of the map: more are nearer to the exact model and slower; 4 bytes
    /// each a sample [default: 500]
    #[arg(long, value_name = "M", value_parser = count, requires = "approx")]
    pub components: Option<usize>,

    /// Draw of nystrom's landmarks, by --seed [default: stratified]
    #[arg(long, value_enum, value_name = "DRAW", requires = "approx")]
    pub landmarks: Option<LandmarksName>,
}

impl ApproxArgs {
    /// Refuses options that do not go together.
    pub fn check(&self, kernel: KernelName) -> Result<(), Failure> {
        let Some(approx) = self.approx else {
            return Ok(());
        };
        if kernel == KernelName::Precomputed {
            return Err(Failure::usage(
                "--approx does not apply to --kernel precomputed: its kernel values are there already",
            ));
        }
        if approx == ApproxName::Rff {
            if kernel != KernelName::Rbf {
                return Err(Failure::usage(format!(
                    "--approx rff needs --kernel rbf, not {}: take --approx nystrom",
                    kernel.name()
                )));
            }
            if self.landmarks.is_some() {
                return Err(Failure::usage(
                    "--landmarks does not apply to --approx rff: it draws none",
                ));
            }
        }
        Ok(())
    }

    /// The approximate learner, where one is asked for.
    pub fn learner(
        &self,
        c: f64,
        kernel: KernelKind,
        solver: &SolverArgs,
        seed: u64,
    ) -> Option<ApproxSvc> {
        let default = ApproxSvc::default();
        let landmarks = match self.landmarks {
            None => LandmarkDraw::default(),
            Some(LandmarksName::Uniform) => LandmarkDraw::Uniform,
            Some(LandmarksName::Stratified) => LandmarkDraw::Stratified,
            Some(LandmarksName::Balanced) => LandmarkDraw::Balanced,
        };
        Some(ApproxSvc {
            c,
            kernel,
            approximation: match self.approx? {
                ApproxName::Nystrom => Approximation::Nystrom { landmarks },
                ApproxName::Rff => Approximation::Fourier,
            },
            components: self.components.unwrap_or(default.components),
            seed,
            tol: solver.tol,
            max_iter: solver.max_iter.unwrap_or(default.max_iter),
        })
    }

    /// The learner, exact or approximate.
    pub fn learning(&self, c: f64, kernel: KernelKind, solver: &SolverArgs, seed: u64) -> Learning {
        match self.learner(c, kernel.clone(), solver, seed) {
            Some(svc) => Learning::Approx(svc),
            None => Learning::Exact(Svc {
                c,
                kernel,
                solver: solver.smo(),
            }),
        }
    }
}

/// Options of the solver.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Solver")]
pub struct SolverArgs {
    /// Stop at this violation of the optimality conditions
    #[arg(long, value_name = "X", default_value = "1e-3", value_parser = positive,
          allow_negative_numbers = true)]
    pub tol: f64,

    /// Stop after this many steps, with exit code 3 [default: max(10^7, 100 n)]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_iter: Option<u64>,

    /// Memory for kernel rows, in MB
    #[arg(long, value_name = "MB", default_value = "1024", value_parser = positive,
          allow_negative_numbers = true)]
    pub cache_size: f64,

    /// Set aside samples that stay at their bounds (the default)
    #[arg(long, overrides_with = "no_shrinking")]
    pub shrinking: bool,

    /// Keep all samples in every step
    #[arg(long, overrides_with = "shrinking")]
    pub no_shrinking: bool,
}

impl SolverArgs {
    /// The solver.
    pub fn smo(&self) -> Smo {
        Smo {
            tol: self.tol,
            max_iter: self.max_iter,
            cache_size: self.cache_size,
            shrinking: !self.no_shrinking,
            ..Smo::default()
        }
    }
}
