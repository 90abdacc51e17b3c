//! How long exact training takes, roughly and beforehand.

use crate::SvmSpec;
use fuzzysvm_core::math;

/// Seconds that one kernel value takes on one thread, beside the features and for each of them. These and the two
/// below are fitted to the measurements of the page *Performance* of the book.
const PER_VALUE: f64 = 0.3e-9;
const PER_FEATURE: f64 = 0.025e-9;
/// Kernel values per pair of samples at C = 1, and the power of C with which they grow.
const VALUES: f64 = 2.0;
const POWER_OF_C: f64 = 0.25;
/// What a fit of a grid takes of the time of a single one: the fits of a fold share their Gram matrix, as long as it
/// has no more rows than this.
const SHARED: f64 = 0.25;
const MOST_SHARED: usize = 20_000;

/// Seconds that one exact fit of an SVM takes on `threads` threads, good to a factor of about three: data that are hard
/// to separate take longer. Time grows with the square of the samples. 0 for an approximate fit.
pub(crate) fn exact_fit_seconds(
    svm: &SvmSpec,
    n_samples: usize,
    n_features: usize,
    threads: usize,
) -> f64 {
    if svm.approx.is_some() {
        return 0.0;
    }
    let n = n_samples as f64;
    let value = PER_VALUE + PER_FEATURE * n_features as f64;
    let values = VALUES * math::powf(svm.c.max(1.0), POWER_OF_C);
    n * n * value * values / threads.max(1) as f64
}

/// What a fit of a grid takes of [`exact_fit_seconds`].
pub(crate) fn share_in_grid(n_samples: usize) -> f64 {
    if n_samples <= MOST_SHARED {
        SHARED
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_near_the_fits_that_were_measured() {
        // Samples, features, C, seconds on two threads: docs/src/performance.md.
        for (n, d, c, seconds) in [
            (10_000, 49, 1.0, 0.163),
            (10_000, 49, 10.0, 0.212),
            (10_000, 49, 100.0, 0.433),
            (20_000, 49, 1.0, 0.538),
            (20_000, 49, 10.0, 0.788),
            (20_000, 49, 100.0, 1.706),
            (42_000, 49, 10.0, 2.61),
        ] {
            let svm = SvmSpec {
                c,
                ..SvmSpec::default()
            };
            let ratio = exact_fit_seconds(&svm, n, d, 2) / seconds;
            assert!((0.33..3.0).contains(&ratio), "{n} {c}: {ratio}");
        }
    }
}
