//! From flags to one typed plan: the estimator that `train` and `evaluate` fit.

use clap::Args;
use fuzzysvm::estimator::Estimator;
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

    /// Nearest neighbors of efsvm, efsvm-binned and relative-density
    #[arg(long, value_name = "K", value_parser = count, help_heading = "Method")]
    k: Option<usize>,

    #[command(flatten)]
    kernel: KernelFlags,

    /// Price of a violated margin
    #[arg(long, short = 'C', value_name = "C", default_value = "1", value_parser = positive,
          allow_negative_numbers = true, help_heading = "Kernel")]
    c: f64,

    /// Width of the kernel: scale, auto or a number [default: scale]
    #[arg(long, short, value_name = "GAMMA", value_parser = gamma,
          allow_negative_numbers = true, help_heading = "Kernel")]
    gamma: Option<Gamma>,

    #[command(flatten)]
    solver: SolverFlags,

    #[command(flatten)]
    approx: ApproxFlags,
}

impl EstimatorFlags {
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
