//! Mean and standard deviation.

use crate::EvaluationError;
use crate::error::check_finite;

/// Mean and **sample** standard deviation (divisor n − 1) of n values.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MeanStd {
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation (ddof = 1); 0 for a single value.
    pub std: f64,
    /// Number of values.
    pub n: usize,
}

/// Mean and sample standard deviation (ddof = 1, in two passes). One value has the deviation 0, so
/// that a single trial can be reported.
///
/// ```
/// let m = fuzzysvm_evaluation::mean_std(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])?;
/// assert_eq!((m.mean, m.std), (5.0, (32.0f64 / 7.0).sqrt()));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where there are no values or one is not finite.
pub fn mean_std(values: &[f64]) -> Result<MeanStd, EvaluationError> {
    if values.is_empty() {
        return Err(EvaluationError::Empty {
            what: "the list of values",
        });
    }
    check_finite("value", values)?;
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Ok(MeanStd {
        mean,
        std: if values.len() > 1 {
            (squares / (n - 1.0)).sqrt()
        } else {
            0.0
        },
        n: values.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_none_and_hostile_ones() {
        let one = mean_std(&[3.5]).unwrap();
        assert_eq!((one.mean, one.std, one.n), (3.5, 0.0, 1));
        assert!(matches!(mean_std(&[]), Err(EvaluationError::Empty { .. })));
        assert!(matches!(
            mean_std(&[1.0, f64::NAN]),
            Err(EvaluationError::NotFinite { index: 1, .. })
        ));
    }

    // numpy.std([1e9 + 1, 1e9 + 2, 1e9 + 3], ddof=1) == 1.0
    #[test]
    fn a_large_offset_does_not_cancel() {
        let m = mean_std(&[1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0]).unwrap();
        assert_eq!((m.mean, m.std), (1e9 + 2.0, 1.0));
    }
}
