//! Options that several commands share: method, kernel, solver.

use clap::{Args, ValueEnum};
use fuzzysvm::core::{Matrix, MatrixBuf};
use fuzzysvm::kernels::{
    Gamma, KernelKind, LandmarkDraw, Laplacian, Linear, Polynomial, Precomputed, Rbf, Sigmoid,
};
use fuzzysvm::membership::{Angle, MembershipKind, MinorityClass};
use fuzzysvm::method::MethodKind;
use fuzzysvm::qp::Smo;
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::approx::{ApproxSvc, Approximation};

use crate::failure::Failure;
use crate::fitting::Learning;

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

/// Help of `--methods`, which takes names of the pipelines' methods.
pub fn methods_help() -> String {
    let names = MethodKind::ALL.map(MethodKind::id).join(", ");
    format!("Methods, separated by commas: {names} [default: all]")
}

/// The methods, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Every sample counts 1: the plain SVM
    #[value(alias = "svm")]
    Uniform,
    /// The majority counts 1/IR: the cost-sensitive SVM
    ClassCost,
    /// Distance to the own class's centre (Lin & Wang 2002)
    Fsvm,
    /// Class entropy among the k nearest neighbours
    Efsvm,
    /// The same in entropy bins (Fan et al. 2017)
    EfsvmBinned,
    /// Entropies of all k = 1, 3, …, 15 at once (Cho et al. 2020)
    Iefsvm,
}

impl Method {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Method::Uniform => "uniform",
            Method::ClassCost => "class-cost",
            Method::Fsvm => "fsvm",
            Method::Efsvm => "efsvm",
            Method::EfsvmBinned => "efsvm-binned",
            Method::Iefsvm => "iefsvm",
        }
    }

    /// Whether the size of the classes enters.
    pub fn weighs_classes(self) -> bool {
        !matches!(self, Method::Uniform | Method::Fsvm)
    }

    /// Whether it looks at the features and not only at the classes.
    pub fn needs_features(self) -> bool {
        !matches!(self, Method::Uniform | Method::ClassCost)
    }
}

/// How the angle of IEFSVM is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AngleName {
    /// atan2(mean, standard deviation)
    MeanOverStd,
    /// atan2(standard deviation, mean)
    StdOverMean,
}

/// Which class is down-weighted by its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MinorityName {
    /// The positive class is the minority, whatever its size
    Positive,
    /// The class with fewer samples is the minority
    Smaller,
}

/// Options of the membership.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct MethodArgs {
    /// Fuzzy membership of the samples
    #[arg(
        long,
        short = 'M',
        value_enum,
        default_value = "efsvm",
        value_name = "METHOD"
    )]
    pub method: Method,

    /// Nearest neighbours of efsvm and efsvm-binned [default: 7]
    #[arg(long, value_name = "K", value_parser = count)]
    pub k: Option<usize>,

    #[command(flatten)]
    pub settings: MethodSettings,
}

impl MethodArgs {
    /// The membership asked for.
    pub fn membership(&self) -> Result<MembershipKind, Failure> {
        self.settings.membership(self.method, self.k)
    }

    /// Whether the size of the positive class should be warned about.
    pub fn positive_is_minority(&self) -> bool {
        self.settings.minority == MinorityName::Positive && self.method.weighs_classes()
    }
}

/// Options of the membership beside its name.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct MethodSettings {
    /// Bins of efsvm-binned [default: 10]
    #[arg(long, value_name = "M", value_parser = count)]
    pub n_bins: Option<usize>,

    /// Step between bins of efsvm-binned, at most 1/(M-1) [default: 0.05]
    #[arg(long, value_name = "B", value_parser = finite, allow_negative_numbers = true)]
    pub beta: Option<f64>,

    /// Angle of iefsvm [default: mean-over-std]
    #[arg(long, value_enum, value_name = "ANGLE")]
    pub angle: Option<AngleName>,

    /// Neighbourhood sizes of iefsvm, increasing [default: 1,3,5,7,9,11,13,15]
    #[arg(long, value_name = "K,K,…", value_delimiter = ',', value_parser = count)]
    pub ks: Option<Vec<usize>>,

    /// fsvm: weigh the majority by the class ratio as well
    #[arg(long)]
    pub class_ratio: bool,

    /// efsvm, iefsvm: a majority sample among minority neighbours loses its weight
    #[arg(long)]
    pub noise_aware: bool,

    /// Which class is treated as the minority
    #[arg(long, value_enum, value_name = "CLASS", default_value = "positive")]
    pub minority: MinorityName,
}

impl MethodSettings {
    /// The membership, with `k` neighbours where it has such a number.
    pub fn membership(&self, method: Method, k: Option<usize>) -> Result<MembershipKind, Failure> {
        let mut kind: MembershipKind = method.name().parse()?;
        let minority = match self.minority {
            MinorityName::Positive => MinorityClass::Positive,
            MinorityName::Smaller => MinorityClass::Smaller,
        };
        let refuse = |given: bool, flag: &str, owners: &[Method]| {
            if given && !owners.contains(&method) {
                return Err(Failure::usage(format!(
                    "{flag} does not apply to --method {}",
                    method.name()
                )));
            }
            Ok(())
        };
        use Method::{Efsvm, EfsvmBinned, Fsvm, Iefsvm};
        refuse(k.is_some(), "--k", &[Efsvm, EfsvmBinned])?;
        refuse(self.n_bins.is_some(), "--n-bins", &[EfsvmBinned])?;
        refuse(self.beta.is_some(), "--beta", &[EfsvmBinned])?;
        refuse(self.angle.is_some(), "--angle", &[Iefsvm])?;
        refuse(self.ks.is_some(), "--ks", &[Iefsvm])?;
        refuse(self.class_ratio, "--class-ratio", &[Fsvm])?;
        refuse(self.noise_aware, "--noise-aware", &[Efsvm, Iefsvm])?;
        match &mut kind {
            MembershipKind::ClassCost(m) => m.minority = minority,
            MembershipKind::ClassCenter(m) => {
                m.class_ratio = self.class_ratio;
                m.minority = minority;
            }
            MembershipKind::Efsvm(m) => {
                m.n_neighbors = k.unwrap_or(m.n_neighbors);
                m.noise_aware = self.noise_aware;
                m.minority = minority;
            }
            MembershipKind::EfsvmBinned(m) => {
                m.n_neighbors = k.unwrap_or(m.n_neighbors);
                m.n_bins = self.n_bins.unwrap_or(m.n_bins);
                m.beta = self.beta.unwrap_or(m.beta);
                m.minority = minority;
            }
            MembershipKind::Iefsvm(m) => {
                m.ks = self.ks.clone().unwrap_or_else(|| m.ks.clone());
                m.angle = match self.angle {
                    Some(AngleName::StdOverMean) => Angle::StdOverMean,
                    Some(AngleName::MeanOverStd) => Angle::MeanOverStd,
                    None => m.angle,
                };
                m.noise_aware = self.noise_aware;
                m.minority = minority;
            }
            _ => {}
        }
        fuzzysvm::membership::Membership::validate(&kind).map_err(Failure::usage)?;
        Ok(kind)
    }
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
