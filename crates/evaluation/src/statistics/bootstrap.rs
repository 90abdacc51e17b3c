//! Percentile bootstrap intervals.

use fuzzysvm_core::ParamError;
use rand::RngExt;

use super::quantile::of_sorted as percentile;
use super::{check_level, mean_std, tied};
use crate::EvaluationError;
use crate::splits::generator;

/// An interval and the number of resamples that it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Confidence level, as given.
    pub level: f64,
    /// Resamples on which the statistic was defined; 0 where none was drawn (every interval but the bootstrap's).
    pub n_defined: usize,
}

/// Percentile bootstrap interval of any statistic of n samples. `statistic` is given the rows of a
/// resample (n draws with replacement) and returns `None` where it is undefined there (one class only);
/// such resamples are left out and show in [`Interval::n_defined`]. The percentiles are interpolated
/// linearly, as numpy does. Resample r uses stream r of `seed`.
///
/// # Errors
/// Where n or `n_resamples` is 0, `level` is not strictly between 0 and 1, the statistic is undefined
/// on every resample, or it is not finite; [`EvaluationError::NoVariance`] where it is the same on all of them (up to
/// rounding): an interval without width would promise what no sample can.
pub fn bootstrap_interval(
    n: usize,
    mut statistic: impl FnMut(&[usize]) -> Option<f64>,
    n_resamples: usize,
    level: f64,
    seed: u64,
) -> Result<Interval, EvaluationError> {
    check(n, n_resamples, level)?;
    let mut rows = vec![0usize; n];
    let mut values = Vec::with_capacity(n_resamples);
    for resample in 0..n_resamples {
        draw(&mut rows, seed, resample);
        if let Some(value) = statistic(&rows) {
            if !value.is_finite() {
                return Err(EvaluationError::NotFinite {
                    what: "the statistic of resample",
                    index: resample,
                    value,
                });
            }
            values.push(value);
        }
    }
    interval(values, level)
}

fn check(n: usize, n_resamples: usize, level: f64) -> Result<(), EvaluationError> {
    if n == 0 {
        return Err(EvaluationError::Empty {
            what: "the list of samples",
        });
    }
    check_level(level)?;
    ParamError::check(
        n_resamples > 0,
        "n_resamples",
        n_resamples as f64,
        "must be at least 1",
    )?;
    Ok(())
}

/// The rows of a resample.
pub(super) fn draw(rows: &mut [usize], seed: u64, resample: usize) {
    let (n, mut rng) = (rows.len(), generator(seed, resample as u64));
    match u32::try_from(n) {
        // The same numbers, of a function that is compiled into the loop.
        Ok(n) => rows
            .iter_mut()
            .for_each(|row| *row = rng.random_range(0..n) as usize),
        Err(_) => rows
            .iter_mut()
            .for_each(|row| *row = rng.random_range(0..n)),
    }
}

/// The interval of the values of a statistic on resamples.
fn interval(mut values: Vec<f64>, level: f64) -> Result<Interval, EvaluationError> {
    if let Some(index) = values.iter().position(|v| !v.is_finite()) {
        return Err(EvaluationError::NotFinite {
            what: "the statistic of resample",
            index,
            value: values[index],
        });
    }
    if values.is_empty() {
        return Err(EvaluationError::TooLittleData {
            test: "the bootstrap",
            what: "resamples on which the statistic is defined",
            needed: 1,
            found: 0,
        });
    }
    values.sort_by(f64::total_cmp);
    if tied(values[0], values[values.len() - 1]) {
        return Err(EvaluationError::NoVariance {
            what: "the figure",
            why: "all resamples agree",
            n_defined: values.len(),
        });
    }
    Ok(Interval {
        lower: percentile(&values, (1.0 - level) / 2.0),
        upper: percentile(&values, (1.0 + level) / 2.0),
        level,
        n_defined: values.len(),
    })
}

/// [`bootstrap_interval`] of the mean of `values`.
///
/// ```
/// let values: Vec<f64> = (0..100).map(f64::from).collect();
/// let i = fuzzysvm_evaluation::bootstrap_mean_interval(&values, 2000, 0.95, 1)?;
/// // 49.5 ± 1.96 · 29.0/10
/// assert!((i.lower - 43.8).abs() < 0.5 && (i.upper - 55.2).abs() < 0.5);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`bootstrap_interval`], and where a value is not finite.
pub fn bootstrap_mean_interval(
    values: &[f64],
    n_resamples: usize,
    level: f64,
    seed: u64,
) -> Result<Interval, EvaluationError> {
    let mut all = bootstrap_mean_intervals(&[values], n_resamples, level, seed)?;
    all.remove(0)
}

/// [`bootstrap_mean_interval`] of several lists of values of the same samples, whose resamples are drawn once: bit for bit
/// what each has alone.
///
/// ```
/// use fuzzysvm_evaluation::{bootstrap_mean_interval, bootstrap_mean_intervals};
/// let (a, b) = ([1.0, 2.0, 4.0], [3.0, 3.0, 3.0]);
/// let both = bootstrap_mean_intervals(&[&a, &b], 200, 0.95, 1)?;
/// assert_eq!(both[0], bootstrap_mean_interval(&a, 200, 0.95, 1));
/// assert!(both[1].is_err()); // no variance
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`bootstrap_interval`], where a value is not finite, and [`EvaluationError::LengthMismatch`] where the lists differ in
/// length.
pub fn bootstrap_mean_intervals(
    samples: &[&[f64]],
    n_resamples: usize,
    level: f64,
    seed: u64,
) -> Result<Vec<Result<Interval, EvaluationError>>, EvaluationError> {
    let Some(first) = samples.first() else {
        return Ok(Vec::new());
    };
    let n = first.len();
    for values in samples {
        mean_std(values)?;
        if values.len() != n {
            return Err(EvaluationError::LengthMismatch {
                what: "a list of values",
                expected: n,
                found: values.len(),
            });
        }
    }
    check(n, n_resamples, level)?;
    // Values of a sample side by side: a list's sum grows in the order of the resample, eight of them at once.
    let tables: Vec<Vec<[f64; LANES]>> = samples.chunks(LANES).map(side_by_side).collect();
    let mut rows = vec![0usize; n];
    let mut means = vec![Vec::with_capacity(n_resamples); samples.len()];
    for resample in 0..n_resamples {
        draw(&mut rows, seed, resample);
        for (means, table) in means.chunks_mut(LANES).zip(&tables) {
            let sums = rows.iter().fold([-0.0; LANES], |mut sums, &i| {
                sums.iter_mut().zip(&table[i]).for_each(|(s, v)| *s += v);
                sums
            });
            for (means, sum) in means.iter_mut().zip(sums) {
                means.push(sum / n as f64);
            }
        }
    }
    Ok(means.into_iter().map(|m| interval(m, level)).collect())
}

/// Lists whose sums are made at once.
const LANES: usize = 8;

/// The values of every sample in up to [`LANES`] lists.
fn side_by_side(lists: &[&[f64]]) -> Vec<[f64; LANES]> {
    let of_sample = |i: usize| std::array::from_fn(|l| lists.get(l).map_or(0.0, |list| list[i]));
    (0..lists[0].len()).map(of_sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // numpy.quantile([1, 2, 4, 8, 16], [0, .025, .3, .975, 1])
    #[test]
    fn percentiles_are_numpys() {
        let v = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (q, expected) in [
            (0.0, 1.0),
            (0.025, 1.1),
            (0.3, 2.4),
            (0.975, 15.2),
            (1.0, 16.0),
        ] {
            assert!((percentile(&v, q) - expected).abs() < 1e-12, "{q}");
        }
    }

    #[test]
    fn rows_are_those_of_the_range_of_usize() {
        for n in [1, 2, 1000] {
            let mut rows = vec![0; n];
            draw(&mut rows, 5, 3);
            let mut rng = generator(5, 3);
            assert!(rows.iter().all(|row| *row == rng.random_range(0..n)));
        }
    }

    #[test]
    fn seeds_decide_and_undefined_resamples_are_left_out() {
        let one = bootstrap_mean_interval(&[1.0, 5.0, 9.0, 2.0], 200, 0.9, 4).unwrap();
        assert_eq!(
            one,
            bootstrap_mean_interval(&[1.0, 5.0, 9.0, 2.0], 200, 0.9, 4).unwrap()
        );
        assert_ne!(
            one,
            bootstrap_mean_interval(&[1.0, 5.0, 9.0, 2.0], 200, 0.9, 5).unwrap()
        );
        let later = |rows: &[usize]| (rows[0] > 0).then_some(rows[0] as f64);
        let some = bootstrap_interval(3, later, 300, 0.9, 0).unwrap();
        assert!(some.n_defined > 150 && some.n_defined < 250);
        assert_eq!((some.lower, some.upper), (1.0, 2.0));
    }

    #[test]
    fn resamples_that_agree_give_no_interval() {
        for values in [vec![2.5], vec![1.0; 30], vec![0.3, 0.1 + 0.2, 0.3]] {
            let found = bootstrap_mean_interval(&values, 50, 0.9, 0);
            assert!(
                matches!(
                    found,
                    Err(EvaluationError::NoVariance { n_defined: 50, .. })
                ),
                "{values:?}: {found:?}"
            );
        }
    }

    /// The 90 % interval of the mean of 60 normal-like values must cover the true mean about nine times
    /// in ten: 400 repetitions put 0.9 ± 4 standard errors at 0.84 to 0.96.
    #[test]
    fn the_level_is_kept() {
        let covered = (0..400u64)
            .filter(|&seed| {
                let mut rng = generator(seed, 9);
                let values: Vec<f64> = (0..60)
                    .map(|_| (0..4).map(|_| rng.random::<f64>() - 0.5).sum())
                    .collect();
                let i = bootstrap_mean_interval(&values, 200, 0.9, seed).unwrap();
                i.lower <= 0.0 && 0.0 <= i.upper
            })
            .count();
        assert!((336..=384).contains(&covered), "{covered}");
    }

    #[test]
    fn hostile_input() {
        use EvaluationError as E;
        assert!(matches!(
            bootstrap_mean_interval(&[], 10, 0.9, 0),
            Err(E::Empty { .. })
        ));
        assert!(matches!(
            bootstrap_mean_interval(&[1.0], 0, 0.9, 0),
            Err(E::Param(_))
        ));
        for level in [0.0, 1.0, -1.0, f64::NAN] {
            assert!(matches!(
                bootstrap_mean_interval(&[1.0], 10, level, 0),
                Err(E::Param(_))
            ));
        }
        assert!(matches!(
            bootstrap_interval(2, |_| None, 10, 0.9, 0),
            Err(E::TooLittleData { .. })
        ));
        assert!(matches!(
            bootstrap_interval(2, |_| Some(f64::NAN), 10, 0.9, 0),
            Err(E::NotFinite { .. })
        ));
    }
}
