//! LIBSVM's sparse rows: `label index:value index:value …`.
//!
//! Indices ascend and count from 1, or from 0 ([`ZeroBased`]); absent ones are 0. `# comment` is skipped to the end
//! of the line, and so is the query of a ranking file (`qid:n` behind the label), with a warning. Refused with line
//! and column: an index out of order or twice, one above [`MAX_INDEX`], values that are not finite. Of many columns those
//! that no row fills are left out where hardly any is filled.

use super::error::{Location, TableError, shown};
use super::options::ZeroBased;
use super::source::lines;

/// The largest feature index read, and the largest number of features. Larger ones are typing errors more often than
/// data, and a dense row of them would not fit in memory.
pub const MAX_INDEX: u32 = 1_000_000;

/// Files of more columns are looked at for columns that no row fills.
const MANY: usize = 10_000;

/// The columns that no row fills are left out where at most one in so many is filled.
const FEW: usize = 10;

/// Indices that have no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Rows with such indices.
    pub rows: usize,
    /// Line and index of the first.
    pub line: u64,
    pub index: u32,
}

/// Parsed rows, still sparse, with the indices of the file.
#[derive(Debug, Default)]
pub(crate) struct SparseRows {
    pub labels: Vec<f64>,
    pub lines: Vec<u64>,
    /// End of each row in `entries`.
    pub ends: Vec<usize>,
    /// Index, value.
    pub entries: Vec<(u32, f64)>,
    /// Line and column of the first index 0.
    pub zero: Option<(u64, u64)>,
    /// The largest index, and where it stands.
    pub largest: u32,
    pub widest: (u64, u64),
    /// Rows with a query.
    pub queries: usize,
}

/// One-based character of a token in its line.
fn column_of(raw: &str, token: &str) -> u64 {
    let byte = (token.as_ptr() as usize).saturating_sub(raw.as_ptr() as usize);
    raw.get(..byte).map_or(0, |before| before.chars().count()) as u64 + 1
}

pub(crate) fn parse(file: &str, text: &str) -> Result<SparseRows, TableError> {
    let mut rows = SparseRows::default();
    for (number, raw) in lines(text) {
        let content = raw.split('#').next().unwrap_or_default();
        let refuse = |token: &str, found: String, expected: &str| TableError::Invalid {
            at: Location {
                file: file.to_owned(),
                line: number,
                column: column_of(raw, token),
            },
            found,
            expected: expected.to_owned(),
        };
        let mut tokens = content.split_whitespace().peekable();
        let Some(first) = tokens.next() else {
            continue;
        };
        let label = match first.parse::<f64>() {
            Ok(label) if label.is_finite() => label,
            _ => return Err(refuse(first, shown(first), "a finite number as label")),
        };
        if let Some(query) = tokens.next_if(|token| token.starts_with("qid:")) {
            if query["qid:".len()..].parse::<i64>().is_err() {
                return Err(refuse(query, shown(query), "qid:n with a whole number n"));
            }
            rows.queries += 1;
        }
        let mut last: Option<u32> = None;
        for token in tokens {
            let Some((index, value)) = token.split_once(':') else {
                return Err(refuse(token, shown(token), "index:value"));
            };
            if index == "qid" {
                let expected = "index:value (a query stands once, right behind the label)";
                return Err(refuse(token, shown(token), expected));
            }
            let index = match index.parse::<u64>() {
                Ok(i) if i <= u64::from(MAX_INDEX) => i as u32,
                Ok(i) => {
                    let expected = format!("at most {MAX_INDEX}");
                    return Err(refuse(token, format!("index {i}"), &expected));
                }
                Err(_) => return Err(refuse(token, shown(token), "index:value")),
            };
            if let Some(last) = last.filter(|&last| index <= last) {
                let found = format!("index {index} after {last}");
                return Err(refuse(token, found, "ascending indices"));
            }
            last = Some(index);
            match value.parse::<f64>() {
                Ok(value) if value.is_finite() => rows.entries.push((index, value)),
                _ => return Err(refuse(token, shown(value), "a finite number as value")),
            }
            if index == 0 {
                rows.zero.get_or_insert((number, column_of(raw, token)));
            }
            if index > rows.largest {
                rows.largest = index;
                rows.widest = (number, column_of(raw, token));
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
    /// The index of the first feature: 1, or 0 in a zero-based file. Of a file that is not the training file,
    /// `trained` is the index of the training file's first feature.
    pub fn base(
        &self,
        file: &str,
        zero_based: ZeroBased,
        trained: Option<u32>,
    ) -> Result<u32, TableError> {
        // Of a model of zero-based data the user has said already that index 0 is a feature.
        let is_open = zero_based == ZeroBased::Auto && trained != Some(0);
        if let Some((line, column)) = self.zero
            && is_open
            && self.is_gram()
        {
            return Err(TableError::GramMatrix {
                at: Location {
                    file: file.to_owned(),
                    line,
                    column,
                },
            });
        }
        let base = match (zero_based, trained) {
            (ZeroBased::Yes, _) => 0,
            (ZeroBased::No, _) => 1,
            (ZeroBased::Auto, Some(base)) => base,
            (ZeroBased::Auto, None) => u32::from(self.zero.is_none()),
        };
        match self.zero {
            Some((line, column)) if base == 1 => {
                let expected = match zero_based {
                    ZeroBased::No => "indices from 1",
                    _ => "indices from 1 as in the training data, or a model of zero-based data",
                };
                Err(self.refuse(file, (line, column), 0, expected))
            }
            _ => Ok(base),
        }
    }

    /// The smallest number of features that holds every index.
    pub fn width(&self, base: u32) -> usize {
        match self.entries.is_empty() {
            true => 0,
            false => (self.largest + 1).saturating_sub(base) as usize,
        }
    }

    /// Whether the file is a Gram matrix in the form of LIBSVM's `-t 4`: in every row `0:` and the number of the row,
    /// and behind it the row of the matrix, indices 1 to n for the same n.
    pub fn is_gram(&self) -> bool {
        let mut start = 0;
        let n = self.largest as usize;
        n > 0
            && self.ends.len() > 1
            && self.ends.iter().enumerate().all(|(row, &end)| {
                let entries = self.entries.get(start..end).unwrap_or_default();
                start = end;
                let in_order = || entries.iter().zip(0..).all(|((i, _), place)| *i == place);
                let serial = entries.first().map(|(_, value)| *value);
                serial == Some(row as f64 + 1.0) && entries.len() == n + 1 && in_order()
            })
    }

    /// The number of features: as many as there must be, or as many as asked for.
    pub fn n_features(
        &self,
        file: &str,
        base: u32,
        wanted: Option<usize>,
    ) -> Result<usize, TableError> {
        let width = self.width(base);
        match wanted {
            None => Ok(width),
            Some(n) if n > MAX_INDEX as usize => Err(TableError::Invalid {
                at: Location {
                    file: file.to_owned(),
                    line: 0,
                    column: 0,
                },
                found: format!("n_features {n}"),
                expected: format!("at most {MAX_INDEX}"),
            }),
            Some(n) if n < width => {
                let expected = format!("n_features of at least {width}, not {n}");
                Err(self.refuse(file, self.widest, self.largest, &expected))
            }
            Some(n) => Ok(n),
        }
    }

    /// Refuses a file that is wider than the training data.
    pub fn check_width(&self, file: &str, base: u32, n_features: usize) -> Result<(), TableError> {
        if self.width(base) <= n_features {
            return Ok(());
        }
        let last = (n_features as u64 + u64::from(base)).saturating_sub(1);
        let expected = format!(
            "at most {last}, the features of the training data; set n_features to {} to take \
             the others as 0 in training",
            self.width(base)
        );
        Err(self.refuse(file, self.widest, self.largest, &expected))
    }

    fn refuse(&self, file: &str, place: (u64, u64), index: u32, expected: &str) -> TableError {
        TableError::Invalid {
            at: Location {
                file: file.to_owned(),
                line: place.0,
                column: place.1,
            },
            found: format!("index {index}"),
            expected: expected.to_owned(),
        }
    }

    /// The indices that some row fills, in order, where they are few of many: of more than [`MANY`] columns at most one
    /// in [`FEW`]. Written out, such rows would be almost nothing but zeros.
    pub fn filled_of_few(&self, base: u32, n_features: usize) -> Option<Vec<u32>> {
        if n_features <= MANY {
            return None;
        }
        let mut is_filled = vec![false; n_features];
        for &(index, _) in &self.entries {
            if let Some(filled) = is_filled.get_mut(index.saturating_sub(base) as usize) {
                *filled = true;
            }
        }
        let filled = (base..).zip(is_filled).filter(|(_, filled)| *filled);
        let mut filled: Vec<u32> = filled.map(|(index, _)| index).collect();
        if filled.is_empty() {
            filled.push(base);
        }
        (filled.len() <= n_features / FEW).then_some(filled)
    }

    /// The rows written out in `n_features` columns; `place` is the column of an index, `None` where it is left out.
    /// Also which indices were: rows, and line and index of the first.
    pub fn dense(
        &self,
        n_features: usize,
        place: impl Fn(u32) -> Option<usize>,
    ) -> (Vec<f64>, Option<LeftOut>) {
        let mut data = vec![0.0; self.labels.len() * n_features];
        let mut left_out: Option<LeftOut> = None;
        let mut start = 0;
        let rows = data.chunks_exact_mut(n_features.max(1));
        for ((row, &end), &line) in rows.zip(&self.ends).zip(&self.lines) {
            let mut first = None;
            for &(index, value) in self.entries.get(start..end).unwrap_or_default() {
                match place(index).and_then(|j| row.get_mut(j)) {
                    Some(cell) => *cell = value,
                    None => first = first.or(Some(index)),
                }
            }
            start = end;
            if let Some(index) = first {
                let new = LeftOut {
                    rows: 0,
                    line,
                    index,
                };
                left_out.get_or_insert(new).rows += 1;
            }
        }
        (data, left_out)
    }
}
