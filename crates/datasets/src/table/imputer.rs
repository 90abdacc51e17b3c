//! Numbers in the place of missing ones, learnt from training rows.

use fuzzysvm_core::{Matrix, MatrixBuf};

use super::error::TableError;
use super::missing::MissingCells;
use super::schema::check_copy;

/// A fitted imputation, as scikit-learn's `SimpleImputer(strategy="median", add_indicator=True)`: a missing number
/// becomes the median of the training rows, and every feature that training rows miss has an indicator behind the
/// other features, 1 where it is missing.
///
/// A feature that all training rows miss becomes 0 everywhere.
///
/// ```
/// use fuzzysvm_datasets::table::{Format, Imputer, ReadOptions, read_bytes};
/// let file = b"a,b,y\n1,5,p\n,6,n\n4,7,n\n9,8,n\n";
/// let data = read_bytes("t.csv", Format::Csv, file, &ReadOptions::default())?;
/// let missing = data.missing.as_ref().unwrap();
/// // Learnt from the first three rows.
/// let imputer = Imputer::fit(data.x.view(), missing, &[0, 1], Some(&[0, 1, 2]));
/// let x = imputer.transform(data.x.view(), missing, None)?;
/// assert_eq!(x.row(1), [2.5, 6.0, 1.0]);
/// assert_eq!(x.row(3), [9.0, 8.0, 0.0]);
/// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Raw", deny_unknown_fields))]
pub struct Imputer {
    /// The features that may miss a number, in order.
    features: Vec<usize>,
    /// The median of each of them; `None` where training rows have no number.
    medians: Vec<Option<f64>>,
    /// The features with an indicator, in order.
    indicators: Vec<usize>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    features: Vec<usize>,
    medians: Vec<Option<f64>>,
    indicators: Vec<usize>,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Imputer {
    type Error = TableError;

    fn try_from(raw: Raw) -> Result<Self, TableError> {
        let ascend = |list: &[usize]| list.windows(2).all(|w| w[0] < w[1]);
        let known = |i: &usize| raw.features.binary_search(i).is_ok();
        let why = if raw.features.len() != raw.medians.len() {
            Some("lengths differ")
        } else if !(ascend(&raw.features) && ascend(&raw.indicators)) {
            Some("features out of order")
        } else if !raw.indicators.iter().all(known) {
            Some("an indicator without feature")
        } else if raw.medians.iter().flatten().any(|m| !m.is_finite()) {
            Some("a value is out of range")
        } else {
            None
        };
        match why {
            Some(why) => Err(TableError::Inconsistent {
                what: "imputer",
                why,
            }),
            None => Ok(Imputer {
                features: raw.features,
                medians: raw.medians,
                indicators: raw.indicators,
            }),
        }
    }
}

impl Imputer {
    /// Learns the medians of `features` from the rows given, all where `None`.
    pub fn fit(
        x: Matrix<'_>,
        missing: &MissingCells,
        features: &[usize],
        rows: Option<&[usize]>,
    ) -> Self {
        let n = x.n_rows();
        let mut values = Vec::with_capacity(rows.map_or(n, <[usize]>::len));
        let mut misses = vec![false; x.n_cols()];
        let mut known = |feature: usize, row: usize| {
            let of_row = missing.of_row(row);
            let absent = of_row.binary_search_by_key(&feature, |&(_, f)| f).is_ok();
            if absent {
                misses[feature] = true;
            }
            !absent
        };
        let medians = features
            .iter()
            .map(|&feature| {
                values.clear();
                let mut take = |row: usize| {
                    if missing.is_empty() || known(feature, row) {
                        values.push(x.row(row)[feature]);
                    }
                };
                match rows {
                    None => (0..n).for_each(&mut take),
                    Some(rows) => rows.iter().copied().for_each(&mut take),
                }
                median(&mut values)
            })
            .collect();
        Self {
            features: features.to_vec(),
            medians,
            indicators: (0..x.n_cols()).filter(|&j| misses[j]).collect(),
        }
    }

    /// The same rows with medians in the cells that are missing, without indicators.
    pub(super) fn fill(
        &self,
        x: MatrixBuf,
        missing: &MissingCells,
    ) -> Result<MatrixBuf, TableError> {
        let width = x.n_cols();
        let mut data = x.into_vec();
        for &(row, feature) in missing.cells() {
            if let Ok(k) = self.features.binary_search(&feature) {
                data[row * width + feature] = self.medians[k].unwrap_or(0.0);
            }
        }
        Ok(MatrixBuf::new(data, width)?)
    }

    /// The features that may miss a number, in order.
    pub fn features(&self) -> &[usize] {
        &self.features
    }

    /// The median of each of [`Imputer::features`]; `None` where training rows have no number, so that the feature is 0
    /// everywhere.
    pub fn medians(&self) -> &[Option<f64>] {
        &self.medians
    }

    /// Number of indicators.
    pub fn n_indicators(&self) -> usize {
        self.indicators.len()
    }

    /// The features with an indicator.
    pub fn indicators(&self) -> &[usize] {
        &self.indicators
    }

    /// Whether every feature that it speaks of is below `n_features`.
    pub fn fits(&self, n_features: usize) -> bool {
        self.features.last().is_none_or(|&last| last < n_features)
    }

    /// The names of the features that [`Imputer::transform`] returns: an indicator is called `NAME_missing`.
    pub fn feature_names(&self, mut names: Vec<String>) -> Vec<String> {
        let indicators: Vec<String> = self
            .indicators
            .iter()
            .filter_map(|&j| names.get(j))
            .map(|name| format!("{name}_missing"))
            .collect();
        names.extend(indicators);
        names
    }

    /// The rows given, all where `None`, with medians in place of what is missing, and the indicators behind.
    ///
    /// # Errors
    /// [`TableError::FeatureCount`] where there are fewer features than the imputer speaks of.
    pub fn transform(
        &self,
        x: Matrix<'_>,
        missing: &MissingCells,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, TableError> {
        let d = x.n_cols();
        if !self.fits(d) {
            return Err(TableError::FeatureCount {
                expected: self.features.last().map_or(0, |&last| last + 1),
                found: d,
            });
        }
        let width = d + self.indicators.len();
        let n = rows.map_or(x.n_rows(), <[usize]>::len);
        check_copy(n, width)?;
        let mut data = Vec::with_capacity(n * width);
        let unknown = self.features.iter().zip(&self.medians);
        let unknown: Vec<usize> = unknown
            .filter(|(_, m)| m.is_none())
            .map(|(&f, _)| f)
            .collect();
        let mut push = |row: usize| {
            let start = data.len();
            data.extend_from_slice(x.row(row));
            data.resize(start + width, 0.0);
            for &(_, feature) in missing.of_row(row) {
                if let Ok(k) = self.features.binary_search(&feature) {
                    data[start + feature] = self.medians[k].unwrap_or(0.0);
                }
                if let Ok(k) = self.indicators.binary_search(&feature) {
                    data[start + d + k] = 1.0;
                }
            }
            for &feature in &unknown {
                data[start + feature] = 0.0;
                if let Ok(k) = self.indicators.binary_search(&feature) {
                    data[start + d + k] = 0.0;
                }
            }
        };
        match rows {
            None => (0..n).for_each(&mut push),
            Some(rows) => rows.iter().copied().for_each(&mut push),
        }
        Ok(MatrixBuf::new(data, width)?)
    }
}

/// The middle value, or the mean of the two in the middle.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    Some(match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if n.is_multiple_of(2) => f64::midpoint(lower, upper),
        _ => upper,
    })
}
