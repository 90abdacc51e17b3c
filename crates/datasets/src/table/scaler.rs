//! Scaling of features, fitted on training rows.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_core::{Matrix, MatrixBuf};

use super::error::TableError;
use super::schema::check_copy;
use fuzzysvm_core::is_constant;

/// Which scaling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum ScalerKind {
    /// Mean 0 and population standard deviation 1, as scikit-learn's `StandardScaler`.
    #[default]
    Standard,
    /// Training minimum to 0 and maximum to 1, as scikit-learn's `MinMaxScaler`; other rows may
    /// fall outside.
    MinMax,
    /// The values as they are.
    None,
}

impl ScalerKind {
    /// The names that [`FromStr`] takes.
    pub const NAMES: &'static [&'static str] = &["standard", "minmax", "none"];
}

impl fmt::Display for ScalerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ScalerKind::Standard => "standard",
            ScalerKind::MinMax => "minmax",
            ScalerKind::None => "none",
        })
    }
}

impl FromStr for ScalerKind {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "standard" => Ok(ScalerKind::Standard),
            "minmax" => Ok(ScalerKind::MinMax),
            "none" => Ok(ScalerKind::None),
            _ => Err(format!(
                "found {s:?}, expected one of {}",
                Self::NAMES.join(", ")
            )),
        }
    }
}

/// A fitted scaling: x ↦ (x − center) / width, column by column.
///
/// A column that is constant in the training rows becomes 0 everywhere. So does one that is constant up to
/// rounding: its range is at most n·ε·(largest |value|), for n rows and ε = 2⁻⁵².
/// [`constant_up_to_rounding`] lists those.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_datasets::table::{Scaler, ScalerKind};
/// let data = [1.0, 7.0, 3.0, 7.0];
/// let x = Matrix::new(&data, 2)?;
/// let scaler = Scaler::fit(ScalerKind::Standard, x)?;
/// assert_eq!(scaler.transform(x)?.into_vec(), [-1.0, 0.0, 1.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Raw", deny_unknown_fields))]
pub struct Scaler {
    kind: ScalerKind,
    center: Vec<f64>,
    /// 0 marks a column that was constant.
    width: Vec<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    kind: ScalerKind,
    center: Vec<f64>,
    width: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Scaler {
    type Error = TableError;

    fn try_from(raw: Raw) -> Result<Self, TableError> {
        Scaler::from_parts(raw.kind, raw.center, raw.width)
    }
}

impl Scaler {
    /// A scaling whose numbers are known: it takes `center` off a column and divides by `width`; a width of 0 makes the
    /// column 0.
    ///
    /// # Errors
    /// [`TableError::Inconsistent`] where there is not one of both for every column, or one is out of range.
    pub fn from_parts(
        kind: ScalerKind,
        center: Vec<f64>,
        width: Vec<f64>,
    ) -> Result<Self, TableError> {
        let why = if center.len() != width.len() || center.is_empty() {
            Some("lengths differ")
        } else if center.iter().any(|v| !v.is_finite())
            || width.iter().any(|v| !(v.is_finite() && *v >= 0.0))
        {
            Some("a value is out of range")
        } else {
            None
        };
        match why {
            Some(why) => Err(TableError::Inconsistent {
                what: "scaler",
                why,
            }),
            None => Ok(Self {
                kind,
                center,
                width,
            }),
        }
    }

    /// Learns center and width of every column.
    ///
    /// # Errors
    /// [`TableError::ScaleOverflow`] where a column's spread exceeds the range of numbers,
    /// [`TableError::FeatureCount`] where there are no rows to learn from.
    pub fn fit(kind: ScalerKind, x: Matrix<'_>) -> Result<Self, TableError> {
        let d = x.n_cols();
        if x.is_empty() {
            return Err(TableError::FeatureCount {
                expected: d,
                found: 0,
            });
        }
        let mut center = vec![0.0; d];
        let mut width = vec![1.0; d];
        if kind == ScalerKind::None {
            return Ok(Self {
                kind,
                center,
                width,
            });
        }
        for j in 0..d {
            let column = || x.rows().map(move |row| row[j]);
            let min = column().fold(f64::INFINITY, f64::min);
            let max = column().fold(f64::NEG_INFINITY, f64::max);
            // Rounding must not become noise of width 1.
            if is_constant(column()) {
                center[j] = min;
                width[j] = 0.0;
                continue;
            }
            (center[j], width[j]) = match kind {
                ScalerKind::MinMax => (min, max - min),
                _ => mean_and_deviation(x, j, max - min),
            };
            if !(center[j].is_finite() && width[j].is_finite()) {
                return Err(TableError::ScaleOverflow { column: j + 1 });
            }
        }
        Ok(Self {
            kind,
            center,
            width,
        })
    }

    /// The kind it was fitted as.
    pub fn kind(&self) -> ScalerKind {
        self.kind
    }

    /// What is taken off each feature.
    pub fn center(&self) -> &[f64] {
        &self.center
    }

    /// What the difference is divided by; 0 for a feature that was constant, which becomes 0.
    pub fn width(&self) -> &[f64] {
        &self.width
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.center.len()
    }

    /// The value that became `scaled`, up to rounding; for a feature that was constant its center. `None` where there is
    /// no such feature.
    pub fn unscaled(&self, feature: usize, scaled: f64) -> Option<f64> {
        let (center, width) = (self.center.get(feature)?, self.width.get(feature)?);
        Some(center + width * scaled)
    }

    /// The same with further features, `n_features` in all, that were 0 in all training rows.
    #[must_use]
    pub fn widened(&self, n_features: usize) -> Self {
        let mut wide = self.clone();
        let n = n_features.max(self.n_features());
        wide.center.resize(n, 0.0);
        let constant = if self.kind == ScalerKind::None {
            1.0
        } else {
            0.0
        };
        wide.width.resize(n, constant);
        wide
    }

    /// Scales rows of the same features.
    ///
    /// # Errors
    /// [`TableError::FeatureCount`], or [`TableError::ScaleOverflow`] where a value far outside the
    /// training range leaves the range of numbers.
    pub fn transform(&self, x: Matrix<'_>) -> Result<MatrixBuf, TableError> {
        let d = self.center.len();
        if x.n_cols() != d {
            return Err(TableError::FeatureCount {
                expected: d,
                found: x.n_cols(),
            });
        }
        check_copy(x.n_rows(), d)?;
        if self.kind == ScalerKind::None {
            return Ok(x.to_owned_matrix());
        }
        let mut data = Vec::with_capacity(x.as_slice().len());
        for row in x.rows() {
            let parts = self.center.iter().zip(&self.width);
            data.extend(row.iter().zip(parts).map(|(value, (center, width))| {
                let scaled = (value - center) / width;
                if *width == 0.0 { 0.0 } else { scaled }
            }));
        }
        if let Some(i) = data.iter().position(|scaled| !f64::is_finite(*scaled)) {
            return Err(TableError::ScaleOverflow { column: i % d + 1 });
        }
        Ok(MatrixBuf::new(data, d)?)
    }
}

/// The columns, from 0, that are constant up to rounding but not to the last bit: a [`Scaler`] fitted on these
/// rows makes them 0, though their values differ.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_datasets::table::constant_up_to_rounding;
/// let data = [0.3, 7.0, 1.0, 0.1 + 0.2, 7.0, 2.0];
/// assert_eq!(constant_up_to_rounding(Matrix::new(&data, 3)?), [0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn constant_up_to_rounding(x: Matrix<'_>) -> Vec<usize> {
    let differs = |j: &usize| x.rows().any(|row| row[*j] != x.row(0)[*j]);
    (0..x.n_cols())
        .filter(differs)
        .filter(|&j| is_constant(x.rows().map(|row| row[j])))
        .collect()
}

/// Mean and population standard deviation. Differences are divided by the range first, so that
/// neither 1e-200 nor 1e200 is lost when squared.
fn mean_and_deviation(x: Matrix<'_>, j: usize, range: f64) -> (f64, f64) {
    let n = x.n_rows() as f64;
    let column = || x.rows().map(move |row| row[j]);
    let first = x.row(0)[j];
    let mean = first + column().map(|v| (v - first) / n).sum::<f64>();
    let spread = column().map(|v| ((v - mean) / range).powi(2)).sum::<f64>() / n;
    (mean, spread.sqrt() * range)
}
