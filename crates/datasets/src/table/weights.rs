//! A file of sample weights: one number per line.

use fuzzysvm_core::quote::quoted;

use super::source::{lines, text};
use super::{Location, TableError};

/// Reads one finite, non-negative number per line, as many as there are samples; `file` is what errors call it. Blank
/// lines at the end are no numbers; any other blank line is refused.
///
/// ```
/// use fuzzysvm_datasets::table::read_weights;
/// assert_eq!(read_weights("w.txt", b"1\n0.5\n0\n", 3)?, [1.0, 0.5, 0.0]);
/// let error = read_weights("w.txt", b"1\n-1\n", 2).unwrap_err();
/// assert_eq!(error.to_string(), "w.txt:2:1: found \"-1\", expected a finite number that is not negative");
/// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
/// ```
///
/// # Errors
/// [`TableError::Invalid`] at the first line that is no such number, or for the file where there are more or fewer;
/// bytes that are no text.
pub fn read_weights(file: &str, bytes: &[u8], n_samples: usize) -> Result<Vec<f64>, TableError> {
    let invalid = |line: u64, column: u64, found: String, expected: String| TableError::Invalid {
        at: Location::new(file, line, column),
        found,
        expected,
    };
    let text = text(file, bytes)?;
    let mut weights = Vec::new();
    for (number, line) in lines(text.trim_end()) {
        match line.trim().parse::<f64>() {
            Ok(weight) if weight.is_finite() && weight >= 0.0 => weights.push(weight),
            _ => {
                let expected = "a finite number that is not negative".to_owned();
                return Err(invalid(
                    number,
                    1,
                    quoted(line.trim()).to_string(),
                    expected,
                ));
            }
        }
    }
    if weights.len() != n_samples {
        let found = format!("{} weights", weights.len());
        return Err(invalid(0, 0, found, format!("{n_samples}, one per sample")));
    }
    Ok(weights)
}
