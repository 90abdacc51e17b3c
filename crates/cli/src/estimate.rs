//! A word beforehand where exact training takes long.

use fuzzysvm::estimator::Data;

use crate::progress::in_words;
use crate::ui::General;
use std::time::Duration;

/// Samples below which no fit is long.
const FEW: usize = 10_000;
/// Seconds of which nothing is said.
const SHORT: f64 = 30.0;

/// Says how long exact training takes by `seconds` (of samples, features and threads), where that is long, and what is
/// faster.
pub fn say_where_long(
    data: &Data,
    general: &General,
    seconds: impl Fn(usize, usize, usize) -> f64,
) {
    let n = data.y().len();
    if n < FEW {
        return;
    }
    let expected = seconds(n, n_features(data), rayon::current_num_threads());
    if let Some(words) = words(n, expected) {
        general.note(words);
    }
}

fn words(n: usize, seconds: f64) -> Option<String> {
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    (seconds >= SHORT).then(|| {
        format!(
            "exact training on {} samples takes about {}; --approx nystrom --components 1000 is faster: its time \
             grows with the samples, not with their square",
            crate::ui::grouped(n as u64),
            in_words(time)
        )
    })
}

/// Features once encoded; for an estimate those of a few rows will do.
fn n_features(data: &Data) -> usize {
    use fuzzysvm::estimator::Encode as _;
    let some: Vec<usize> = (0..data.y().len().min(1000)).collect();
    data.learn(Some(&some), fuzzysvm::datasets::table::ScalerKind::Standard)
        .map_or(0, |preprocessing| preprocessing.n_features())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_fits_are_announced() {
        assert_eq!(words(50_000, 29.0), None);
        let words = words(200_000, 130.0).unwrap();
        assert!(
            words.starts_with("exact training on 200 000 samples takes about 2 min 10 s; --approx"),
            "{words}"
        );
    }
}
