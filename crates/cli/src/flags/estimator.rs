//! From flags to one typed plan: the estimator that `train` and `evaluate` fit.

use clap::Args;
use fuzzysvm::datasets::table::ScalerKind;
use fuzzysvm::estimator::{Estimator, KernelName, methods};
use fuzzysvm::kernels::Gamma;

use super::ScaleFlag;
use super::method::MethodFlags;
use super::parse::{count, gamma, positive};
use super::svm::{ApproxFlags, KernelFlags, SolverFlags, svm};
use crate::explicit_flags::ExplicitFlags;
use crate::failure::Failure;

/// Everything that one fit depends on beside the data.
#[derive(Debug, Clone, Args)]
pub struct EstimatorFlags {
    #[command(flatten)]
    scale: ScaleFlag,

    #[command(flatten)]
    pub method: MethodFlags,

    /// Neighbors of efsvm, efsvm-binned, relative-density
    #[arg(long, value_name = "K", value_parser = count, help_heading = "Method")]
    k: Option<usize>,

    #[command(flatten)]
    kernel: KernelFlags,

    /// Price of a violated margin
    #[arg(long, short = 'C', value_name = "C", default_value = "1", value_parser = positive,
          allow_negative_numbers = true, help_heading = "Kernel")]
    c: f64,

    /// Width: scale, auto or a number [default: scale]
    #[arg(long, short, value_name = "GAMMA", value_parser = gamma,
          allow_negative_numbers = true, help_heading = "Kernel")]
    gamma: Option<Gamma>,

    #[command(flatten)]
    solver: SolverFlags,

    #[command(flatten)]
    approx: ApproxFlags,
}

impl EstimatorFlags {
    /// The scaling, where it was given.
    pub fn scale(&self) -> Option<ScalerKind> {
        self.scale.scale
    }

    /// The estimator, checked. `also` names flags of the command `C` that a baseline takes as well.
    pub fn estimator<C: Args>(
        &self,
        explicit: &ExplicitFlags,
        also: &[&str],
        seed: u64,
    ) -> Result<Estimator, Failure> {
        let method = self.method.method;
        let settings = self.method.params.settings(method, self.k)?;
        if method.is_baseline() {
            explicit.check_baseline::<C>(method.name, also)?;
        }
        let svm = svm(self.c, self.gamma, &self.kernel, &self.approx, &self.solver)?;
        self.method.params.check_kernel(svm.kernel.name)?;
        if svm.kernel.name == KernelName::Precomputed && method.needs.features {
            return Err(Failure::usage(format!(
                "--kernel precomputed has no features for --method {}: take {}",
                method.name,
                without_features().join(" or ")
            )));
        }
        let estimator = Estimator::new(settings)
            .with_svm(svm)
            .with_scale(self.scale.scale)
            .with_seed(seed);
        estimator
            .validate()
            .map_err(|e| Failure::of_param(&e, method.name))?;
        Ok(estimator)
    }
}

/// The methods that a Gram matrix alone is enough for.
fn without_features() -> Vec<&'static str> {
    let all = methods().iter().filter(|m| !m.needs.features);
    all.map(|m| m.name).collect()
}
