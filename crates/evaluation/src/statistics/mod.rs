//! Summaries, rank tests and intervals for comparing methods.

mod bootstrap;
mod curve_bands;
mod delong;
mod friedman;
mod holm;
mod metric_interval;
mod nemenyi;
mod proportion;
mod psi;
mod quantile;
mod ranks;
mod recalls;
mod resampled_jackknife;
mod resampled_t;
mod row_orders;
mod studentized_range;
mod summary;
mod wilcoxon;

pub use bootstrap::{
    Interval, bootstrap_interval, bootstrap_mean_interval, bootstrap_mean_intervals,
};
pub use curve_bands::{Band, CurveBands, curve_bands};
pub use delong::{RocAucComparison, RocAucInterval, compare_roc_auc, roc_auc_interval};
pub use friedman::{ControlComparison, Friedman, FriedmanTest, compare_with_control, friedman};
pub use holm::holm;
pub use metric_interval::metric_interval;
pub use nemenyi::{Nemenyi, PairComparison, nemenyi};
pub use proportion::proportion_interval;
pub use psi::{Psi, population_stability_index, psi_of_values, quantile_edges};
pub use quantile::quantile;
pub use ranks::{average_ranks, ranks, tied};
pub use resampled_jackknife::{ResampledInterval, corrected_resampled_jackknife};
pub use resampled_t::{ResampledTTest, corrected_resampled_t_test};
pub use summary::{MeanStd, mean_std};
pub use wilcoxon::{
    NullChoice, NullDistribution, SignedRank, Wilcoxon, ZeroDifferences, wilcoxon_signed_rank,
};

use fuzzysvm_core::ParamError;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// P(|Z| ≥ |z|) of a standard normal Z, as P(χ²₁ ≥ z²): statrs' incomplete gamma function is good to
/// 1e-14 where its error function is good to 1e-11 only.
fn two_sided_normal(z: f64) -> f64 {
    if z.is_infinite() {
        return 0.0;
    }
    ChiSquared::new(1.0).map_or(f64::NAN, |d| d.sf(z * z).min(1.0))
}

/// A confidence level strictly between 0 and 1.
fn check_level(level: f64) -> Result<(), ParamError> {
    ParamError::check(
        level > 0.0 && level < 1.0,
        "level",
        level,
        "must lie strictly between 0 and 1",
    )
}
