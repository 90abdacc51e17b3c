//! LIBSVM's sparse rows: `label index:value index:value …`.
//!
//! Indices count from 1 and ascend; absent ones are 0. `# comment` is skipped to the end of the line.
//! Refused with line and column: index 0, an index out of order or twice, one above
//! [`MAX_INDEX`], values that are not finite, and ranking files (`qid:`).

use super::error::{Location, TableError, shown};
use super::source::lines;

/// The largest feature index read. Larger ones are typing errors more often than data, and a dense
/// row of them would not fit in memory.
pub const MAX_INDEX: u32 = 1_000_000;

/// Parsed rows, still sparse.
#[derive(Debug, Default)]
pub(crate) struct SparseRows {
    pub labels: Vec<f64>,
    pub lines: Vec<u64>,
    /// End of each row in `entries`.
    pub ends: Vec<usize>,
    /// Zero-based feature, value.
    pub entries: Vec<(u32, f64)>,
    /// Largest one-based index, and where it stands.
    pub n_features: usize,
    pub widest: (u64, u64),
}

pub(crate) fn parse(file: &str, text: &str) -> Result<SparseRows, TableError> {
    let mut rows = SparseRows::default();
    for (number, raw) in lines(text) {
        let content = raw.split('#').next().unwrap_or_default();
        let refuse = |token: &str, found: String, expected: &str| {
            let byte = (token.as_ptr() as usize).saturating_sub(raw.as_ptr() as usize);
            let column = raw.get(..byte).map_or(0, |before| before.chars().count());
            TableError::Invalid {
                at: Location {
                    file: file.to_owned(),
                    line: number,
                    column: column as u64 + 1,
                },
                found,
                expected: expected.to_owned(),
            }
        };
        let mut tokens = content.split_whitespace();
        let Some(first) = tokens.next() else {
            continue;
        };
        let label = match first.parse::<f64>() {
            Ok(label) if label.is_finite() => label,
            _ => return Err(refuse(first, shown(first), "a finite number as label")),
        };
        let mut last = 0_u32;
        for token in tokens {
            let Some((index, value)) = token.split_once(':') else {
                return Err(refuse(token, shown(token), "index:value"));
            };
            if index == "qid" {
                return Err(refuse(
                    token,
                    "qid: of a ranking file".to_owned(),
                    "index:value",
                ));
            }
            let index = match index.parse::<u64>() {
                Ok(0) => return Err(refuse(token, "index 0".to_owned(), "indices from 1")),
                Ok(i) if i <= u64::from(MAX_INDEX) => i as u32,
                Ok(i) => {
                    let expected = format!("at most {MAX_INDEX}");
                    return Err(refuse(token, format!("index {i}"), &expected));
                }
                Err(_) => return Err(refuse(token, shown(token), "index:value")),
            };
            if index <= last {
                let found = format!("index {index} after {last}");
                return Err(refuse(token, found, "ascending indices"));
            }
            last = index;
            match value.parse::<f64>() {
                Ok(value) if value.is_finite() => rows.entries.push((index - 1, value)),
                _ => return Err(refuse(token, shown(value), "a finite number as value")),
            }
            if index as usize > rows.n_features {
                rows.n_features = index as usize;
                let byte = (token.as_ptr() as usize).saturating_sub(raw.as_ptr() as usize);
                rows.widest = (number, byte as u64 + 1);
            }
        }
        rows.labels.push(label);
        rows.lines.push(number);
        rows.ends.push(rows.entries.len());
    }
    if rows.labels.is_empty() {
        return Err(TableError::Empty {
            file: file.to_owned(),
        });
    }
    Ok(rows)
}

impl SparseRows {
    /// The rows written out in `n_features` columns, at least as many as seen.
    pub fn dense(&self, n_features: usize) -> Vec<f64> {
        let mut data = vec![0.0; self.labels.len() * n_features];
        let mut start = 0;
        for (i, &end) in self.ends.iter().enumerate() {
            for &(j, value) in &self.entries[start..end] {
                data[i * n_features + j as usize] = value;
            }
            start = end;
        }
        data
    }
}
