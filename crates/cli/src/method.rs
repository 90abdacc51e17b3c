//! Options of the membership: the method, its settings, and the machine that some are fitted with first.

use clap::{Args, ValueEnum};
use fuzzysvm::core::Matrix;
use fuzzysvm::kernels::Gamma;
use fuzzysvm::membership::{
    Angle, CilDecay, CilDistance, FeatureSpace, MembershipKind, MinorityClass, Pretrained,
    TimeShape, TimeSource,
};

use crate::data::Preprocessing;
use crate::failure::Failure;
use crate::fitting::Learning;
use crate::options::{
    ApproxArgs, KernelArgs, KernelName, SolverArgs, count, finite, gamma, positive,
};

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
    /// Distance to a centre or a hyperplane, times the class ratio (Batuwita & Palade 2010)
    FsvmCil,
    /// Slacks of a class-cost SVM fitted first (Ren et al. 2023)
    SlackFactor,
    /// Density inside the own class, by its k-th neighbour
    RelativeDensity,
    /// Membership and non-membership in feature space (Rezvani et al. 2019)
    Intuitionistic,
    /// The later a sample, the more it counts (Lin & Wang 2002)
    LinWangTime,
    /// How sure two estimators that have not seen the sample are of its class
    Posterior,
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
            Method::FsvmCil => "fsvm-cil",
            Method::SlackFactor => "slack-factor",
            Method::RelativeDensity => "relative-density",
            Method::Intuitionistic => "intuitionistic",
            Method::LinWangTime => "lin-wang-time",
            Method::Posterior => "posterior",
        }
    }

    /// Whether the size of the classes enters.
    pub fn weighs_classes(self) -> bool {
        !matches!(self, Method::Uniform | Method::Fsvm | Method::LinWangTime)
    }

    /// Whether it looks at the features and not only at the classes.
    pub fn needs_features(self) -> bool {
        !matches!(
            self,
            Method::Uniform | Method::ClassCost | Method::LinWangTime
        )
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

/// What fsvm-cil measures the distance to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DistanceName {
    /// The centre of the sample's own class
    OwnCenter,
    /// The centre of all samples
    AllCenter,
    /// The hyperplane of a plain SVM fitted first
    Hyperplane,
}

/// How the weight of fsvm-cil falls with the distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DecayName {
    /// 1 - d/max d
    Linear,
    /// 2/(1 + exp(beta d))
    Exponential,
}

/// How the weight of lin-wang-time grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TimeShapeName {
    /// In proportion to the time
    Linear,
    /// With its square
    Quadratic,
}

/// Which class is down-weighted by its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MinorityName {
    /// The positive class is the minority, whatever its size
    Positive,
    /// The class with fewer samples is the minority
    Smaller,
}

/// Options of the membership, whose name stands elsewhere.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct MembershipArgs {
    /// Nearest neighbours of efsvm and efsvm-binned [default: 7], and of
    /// relative-density [default: the root of the class's size]
    #[arg(long, value_name = "K", value_parser = count)]
    pub k: Option<usize>,

    #[command(flatten)]
    pub settings: MethodSettings,
}

impl MembershipArgs {
    /// The membership of this name.
    pub fn membership(&self, method: Method) -> Result<MembershipKind, Failure> {
        self.settings.membership(method, self.k)
    }
}

/// Options of the membership beside its name.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct MethodSettings {
    /// Bins of efsvm-binned [default: 10]
    #[arg(long, value_name = "M", value_parser = count)]
    pub n_bins: Option<usize>,

    /// Step between bins of efsvm-binned, at most 1/(M-1) [default: 0.05]; steepness of
    /// fsvm-cil --decay exponential [default: 0.1] and slack-factor [default: 0.5]
    #[arg(long, value_name = "B", value_parser = finite, allow_negative_numbers = true)]
    pub beta: Option<f64>,

    /// Angle of iefsvm [default: mean-over-std]
    #[arg(long, value_enum, value_name = "ANGLE")]
    pub angle: Option<AngleName>,

    /// Neighbourhood sizes of iefsvm, increasing [default: 1,3,5,7,9,11,13,15]
    #[arg(long, value_name = "K,K,…", value_delimiter = ',', value_parser = count)]
    pub ks: Option<Vec<usize>>,

    /// fsvm, lin-wang-time: weigh the majority by the class ratio as well
    #[arg(long)]
    pub class_ratio: bool,

    /// efsvm, iefsvm: a majority sample among minority neighbours loses its weight
    #[arg(long)]
    pub noise_aware: bool,

    /// Which class is treated as the minority
    #[arg(long, value_enum, value_name = "CLASS", default_value = "positive")]
    pub minority: MinorityName,

    /// What fsvm-cil measures the distance to [default: own-center]
    #[arg(long, value_enum, value_name = "TO")]
    pub distance: Option<DistanceName>,

    /// How the weight of fsvm-cil falls with it [default: linear]
    #[arg(long, value_enum, value_name = "DECAY")]
    pub decay: Option<DecayName>,

    /// Slack from where slack-factor doubts a majority sample, above 1 [default: 2]
    #[arg(long, value_name = "A", value_parser = finite, allow_negative_numbers = true)]
    pub location: Option<f64>,

    /// relative-density, intuitionistic: weigh the minority too
    #[arg(long)]
    pub both_classes: bool,

    /// Radius of intuitionistic's neighbourhoods in feature space [default: the larger
    /// class radius]
    #[arg(long, value_name = "R", value_parser = positive, allow_negative_numbers = true)]
    pub alpha: Option<f64>,

    /// Column with the times of lin-wang-time [default: rows are in order of time]
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,

    /// How the weight of lin-wang-time grows [default: linear]
    #[arg(long, value_enum, value_name = "SHAPE")]
    pub time_shape: Option<TimeShapeName>,

    /// Weight of lin-wang-time's earliest sample, above 0 [default: 0.1]
    #[arg(long, value_name = "S", value_parser = finite, allow_negative_numbers = true)]
    pub sigma: Option<f64>,

    /// Width of posterior's second estimator, in units of scale [default: 4]
    #[arg(long, value_name = "S", value_parser = positive, allow_negative_numbers = true)]
    pub sharpness: Option<f64>,

    /// What posterior leaves a sample whatever is believed of it [default: 0.1]
    #[arg(long, value_name = "A", value_parser = finite, allow_negative_numbers = true)]
    pub floor: Option<f64>,

    /// C of the SVM that posterior, slack-factor and fsvm-cil --distance hyperplane fit
    /// first [default: 1]; its kernel is --kernel
    #[arg(long, value_name = "C", value_parser = positive, allow_negative_numbers = true)]
    pub membership_c: Option<f64>,

    /// Width of that SVM's kernel, and of intuitionistic's [default: scale]
    #[arg(long, value_name = "GAMMA", value_parser = gamma, allow_negative_numbers = true)]
    pub membership_gamma: Option<Gamma>,
}

impl MethodSettings {
    /// Whether the size of the positive class should be warned about.
    pub fn positive_is_minority(&self, method: Method) -> bool {
        self.minority == MinorityName::Positive && method.weighs_classes()
    }

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
        use Method::{
            Efsvm, EfsvmBinned, Fsvm, FsvmCil, Iefsvm, Intuitionistic, LinWangTime, Posterior,
            RelativeDensity, SlackFactor,
        };
        refuse(k.is_some(), "--k", &[Efsvm, EfsvmBinned, RelativeDensity])?;
        refuse(self.n_bins.is_some(), "--n-bins", &[EfsvmBinned])?;
        let owners = [EfsvmBinned, FsvmCil, SlackFactor];
        refuse(self.beta.is_some(), "--beta", &owners)?;
        refuse(self.angle.is_some(), "--angle", &[Iefsvm])?;
        refuse(self.ks.is_some(), "--ks", &[Iefsvm])?;
        refuse(self.class_ratio, "--class-ratio", &[Fsvm, LinWangTime])?;
        refuse(self.noise_aware, "--noise-aware", &[Efsvm, Iefsvm])?;
        refuse(self.distance.is_some(), "--distance", &[FsvmCil])?;
        refuse(self.decay.is_some(), "--decay", &[FsvmCil])?;
        refuse(self.location.is_some(), "--location", &[SlackFactor])?;
        let owners = [RelativeDensity, Intuitionistic];
        refuse(self.both_classes, "--both-classes", &owners)?;
        refuse(self.alpha.is_some(), "--alpha", &[Intuitionistic])?;
        refuse(self.time.is_some(), "--time", &[LinWangTime])?;
        refuse(self.time_shape.is_some(), "--time-shape", &[LinWangTime])?;
        refuse(self.sigma.is_some(), "--sigma", &[LinWangTime])?;
        refuse(self.sharpness.is_some(), "--sharpness", &[Posterior])?;
        refuse(self.floor.is_some(), "--floor", &[Posterior])?;
        let first = [SlackFactor, FsvmCil, Posterior];
        refuse(self.membership_c.is_some(), "--membership-c", &first)?;
        let owners = [SlackFactor, FsvmCil, Posterior, Intuitionistic];
        refuse(
            self.membership_gamma.is_some(),
            "--membership-gamma",
            &owners,
        )?;
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
            MembershipKind::FsvmCil(m) => {
                m.distance = match self.distance {
                    None => m.distance,
                    Some(DistanceName::OwnCenter) => CilDistance::OwnCenter,
                    Some(DistanceName::AllCenter) => CilDistance::AllCenter,
                    Some(DistanceName::Hyperplane) => CilDistance::Hyperplane,
                };
                m.decay = match self.decay {
                    None => m.decay,
                    Some(DecayName::Linear) => CilDecay::Linear,
                    Some(DecayName::Exponential) => CilDecay::Exponential,
                };
                m.beta = self.beta.unwrap_or(m.beta);
                m.minority = minority;
                if self.beta.is_some() && m.decay == CilDecay::Linear {
                    return Err(Failure::usage("--beta needs --decay exponential"));
                }
                let first = [
                    (self.membership_c.is_some(), "--membership-c"),
                    (self.membership_gamma.is_some(), "--membership-gamma"),
                ];
                for (given, flag) in first {
                    if given && m.distance != CilDistance::Hyperplane {
                        return Err(Failure::usage(format!(
                            "{flag} needs --distance hyperplane: other distances fit no SVM"
                        )));
                    }
                }
            }
            MembershipKind::SlackFactor(m) => {
                m.beta = self.beta.unwrap_or(m.beta);
                m.location = self.location.unwrap_or(m.location);
                m.minority = minority;
            }
            MembershipKind::Posterior(m) => {
                m.sharpness = self.sharpness.unwrap_or(m.sharpness);
                m.floor = self.floor.unwrap_or(m.floor);
                m.minority = minority;
            }
            MembershipKind::RelativeDensity(m) => {
                m.n_neighbors = k;
                m.both_classes = self.both_classes;
                m.minority = minority;
            }
            MembershipKind::Intuitionistic(m) => {
                m.space = FeatureSpace::Rbf(self.membership_gamma.unwrap_or_default());
                m.alpha = self.alpha;
                m.both_classes = self.both_classes;
                m.minority = minority;
            }
            MembershipKind::LinWangTime(m) => {
                m.shape = match self.time_shape {
                    None => m.shape,
                    Some(TimeShapeName::Linear) => TimeShape::Linear,
                    Some(TimeShapeName::Quadratic) => TimeShape::Quadratic,
                };
                m.sigma = self.sigma.unwrap_or(m.sigma);
                m.class_ratio = self.class_ratio;
                m.minority = minority;
            }
            _ => {}
        }
        fuzzysvm::membership::Membership::validate(&kind).map_err(Failure::usage)?;
        Ok(kind)
    }

    /// Refuses what does not go with the kernel.
    pub fn check_kernel(&self, method: Method, kernel: &KernelArgs) -> Result<(), Failure> {
        if self.time.is_some() && kernel.kernel == KernelName::Precomputed {
            return Err(Failure::usage(
                "--time does not apply to --kernel precomputed: a Gram matrix has no such column",
            ));
        }
        let of_first = self.membership_gamma.is_some() && method != Method::Intuitionistic;
        if of_first && !kernel.has_gamma() {
            return Err(Failure::usage(format!(
                "--membership-gamma does not apply to --kernel {}",
                kernel.kernel.name()
            )));
        }
        Ok(())
    }

    /// The membership on encoded training features: columns by their number, and the SVM that it is fitted with
    /// first, where it needs one.
    pub fn on(
        &self,
        mut kind: MembershipKind,
        preprocessing: &Preprocessing,
        x: Matrix<'_>,
        first: &First<'_>,
    ) -> Result<Ready, Failure> {
        if let (MembershipKind::LinWangTime(m), Some(name)) = (&mut kind, &self.time) {
            let names = preprocessing.feature_names();
            let Some(column) = names.iter().position(|n| n == name) else {
                return Err(Failure::run(format!(
                    "found no feature {name:?} for --time, expected one of {}",
                    names.join(", ")
                )));
            };
            m.time = TimeSource::Column(column);
        }
        let learner = if starts_from_a_model(&kind) {
            let gamma = self.membership_gamma.unwrap_or_default();
            let kernel = first.kernel.kernel(gamma, x)?;
            let c = self.membership_c.unwrap_or(1.0);
            match first.machine {
                Some((approx, solver)) => approx.learning(c, kernel, solver, first.seed),
                None => Learning::exact(c, kernel),
            }
        } else {
            Learning::default()
        };
        Ok(Pretrained::new(kind, learner))
    }
}

/// A membership that needs nothing more than samples.
pub type Ready = Pretrained<MembershipKind, Learning>;

/// How a first model is fitted, besides its own C and γ.
pub struct First<'a> {
    pub kernel: &'a KernelArgs,
    /// The options of the final machine; default ones where there is none.
    pub machine: Option<(&'a ApproxArgs, &'a SolverArgs)>,
    pub seed: u64,
}

/// Whether a strategy needs a fitted machine.
pub fn starts_from_a_model(kind: &MembershipKind) -> bool {
    match kind {
        MembershipKind::SlackFactor(_) | MembershipKind::Posterior(_) => true,
        MembershipKind::FsvmCil(m) => m.distance == CilDistance::Hyperplane,
        _ => false,
    }
}
