//! `--weights FILE`: one number per line.

use std::path::Path;

use fuzzysvm::core::quote::quoted;
use fuzzysvm::datasets::table::Location;

use crate::failure::{Failure, InFile};

/// Reads one finite, non-negative number per line, as many as there are samples. Blank lines at the end
/// are no numbers; any other blank line is refused.
pub fn read_weights(path: &Path, n_samples: usize) -> Result<Vec<f64>, Failure> {
    let bytes = std::fs::read(path).in_file(path)?;
    let text = std::str::from_utf8(&bytes).in_file(path)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end();
    let mut weights = Vec::with_capacity(n_samples);
    for (i, line) in text.lines().enumerate() {
        match line.trim().parse::<f64>() {
            Ok(weight) if weight.is_finite() && weight >= 0.0 => weights.push(weight),
            _ => {
                let found = quoted(line.trim());
                return Err(Failure::at(
                    Location::new(path.display().to_string(), i as u64 + 1, 1),
                    format!("found {found}, expected a finite number that is not negative"),
                ));
            }
        }
    }
    if weights.len() != n_samples {
        return Err(Failure::at(
            Location::new(path.display().to_string(), 0, 0),
            format!(
                "found {} weights, expected {n_samples}, one per sample",
                weights.len()
            ),
        ));
    }
    Ok(weights)
}
