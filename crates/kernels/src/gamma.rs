//! The kernel width γ, given or derived from the data.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_core::{Matrix, ParamError, is_constant};

pub(crate) fn check_gamma(gamma: f64) -> Result<(), ParamError> {
    ParamError::check(
        gamma.is_finite() && gamma > 0.0,
        "gamma",
        gamma,
        "must be finite and > 0",
    )
}

pub(crate) fn check_coef0(coef0: f64) -> Result<(), ParamError> {
    ParamError::check(coef0.is_finite(), "coef0", coef0, "must be finite")
}

/// How γ is chosen, as scikit-learn's `gamma`.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_kernels::Gamma;
///
/// let x = [0.0, 2.0, 0.0, 2.0];
/// let x = Matrix::new(&x, 2)?;
/// assert_eq!(Gamma::Scale.resolve(x)?, 0.5); // 1 / (2 features × variance 1)
/// assert_eq!("auto".parse::<Gamma>()?.resolve(x)?, 0.5); // 1 / 2 features
/// assert_eq!("0.25".parse::<Gamma>()?, Gamma::Value(0.25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Gamma {
    /// 1 / (d · Var(all entries of x)), population variance; 1 where the entries are the same up
    /// to rounding (range at most n·ε·(largest |entry|), for n entries and ε = 2⁻⁵²). The default.
    #[default]
    Scale,
    /// 1 / d.
    Auto,
    /// This number, finite and > 0.
    Value(f64),
}

impl Gamma {
    /// The number for these (training) samples.
    ///
    /// # Errors
    /// [`ParamError`] for a [`Gamma::Value`] that is not finite and > 0, or where the variance of
    /// the data overflows so that `scale` would be 0.
    pub fn resolve(self, x: Matrix<'_>) -> Result<f64, ParamError> {
        self.with_variance(x, || variance(x.as_slice()))
    }

    /// As [`Gamma::resolve`], where a sample of weight w counts w times in the variance: the width of the rows
    /// repeated.
    ///
    /// ```
    /// use fuzzysvm_core::Matrix;
    /// use fuzzysvm_kernels::Gamma;
    ///
    /// let (x, repeated) = ([0.0, 2.0, 5.0], [0.0, 0.0, 0.0, 2.0]);
    /// let width = Gamma::Scale.resolve_weighted(Matrix::new(&x, 1)?, &[3.0, 1.0, 0.0])?;
    /// assert_eq!(width, Gamma::Scale.resolve(Matrix::new(&repeated, 1)?)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Gamma::resolve`], and where there is not one finite, non-negative weight for every sample.
    pub fn resolve_weighted(self, x: Matrix<'_>, weights: &[f64]) -> Result<f64, ParamError> {
        let ok = weights.len() == x.n_rows() && weights.iter().all(|w| w.is_finite() && *w >= 0.0);
        let rule = "must be one finite, non-negative number for every sample";
        ParamError::check(
            ok,
            "sample_weight",
            format_args!("{} numbers", weights.len()),
            rule,
        )?;
        self.with_variance(x, || {
            let first = weights.first();
            if weights.iter().all(|w| Some(w) == first) {
                return variance(x.as_slice()); // the same to the last bit as without weights
            }
            weighted_variance(x, weights)
        })
    }

    fn with_variance(self, x: Matrix<'_>, variance: impl Fn() -> f64) -> Result<f64, ParamError> {
        let d = x.n_cols() as f64;
        let gamma = match self {
            Gamma::Value(v) => v,
            Gamma::Auto => 1.0 / d,
            Gamma::Scale => match variance() {
                0.0 => 1.0,
                v => 1.0 / (d * v),
            },
        };
        check_gamma(gamma)?;
        Ok(gamma)
    }
}

/// Population variance, 0 where there are no values and where they differ by rounding alone, so that it would be noise.
fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.is_empty() || is_constant(values.iter().copied()) {
        return 0.0;
    }
    // Dividing first keeps the mean of huge values finite.
    let sum: f64 = values.iter().sum();
    let mean = if sum.is_finite() {
        sum / n
    } else {
        values.iter().map(|v| v / n).sum()
    };
    values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n
}

/// As [`variance`], where every entry of a row counts as often as the weight of the row says.
fn weighted_variance(x: Matrix<'_>, weights: &[f64]) -> f64 {
    let rows = || x.rows().zip(weights).filter(|(_, w)| **w > 0.0);
    if is_constant(rows().flat_map(|(row, _)| row.iter().copied())) {
        return 0.0;
    }
    let total: f64 = x.n_cols() as f64 * weights.iter().sum::<f64>();
    // Dividing first keeps sums of huge values and weights finite.
    let mean_of = |value: &dyn Fn(f64) -> f64| -> f64 {
        rows()
            .map(|(row, w)| row.iter().map(|v| value(*v)).sum::<f64>() * (w / total))
            .sum()
    };
    let mean = mean_of(&|v| v);
    mean_of(&|v| (v - mean) * (v - mean))
}

impl fmt::Display for Gamma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gamma::Scale => f.write_str("scale"),
            Gamma::Auto => f.write_str("auto"),
            Gamma::Value(v) => write!(f, "{v}"),
        }
    }
}

impl fuzzysvm_core::ParamValue for Gamma {
    const TYPE: fuzzysvm_core::ParamType = fuzzysvm_core::ParamType::Text;
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromStr for Gamma {
    type Err = ParamError;

    /// `scale`, `auto` or a number that is finite and > 0.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s.trim() {
            "scale" => Ok(Gamma::Scale),
            "auto" => Ok(Gamma::Auto),
            number => {
                let value: f64 = number.parse().map_err(|_| {
                    ParamError::unreadable("gamma", number, "`scale`, `auto` or a number above 0")
                })?;
                check_gamma(value)?;
                Ok(Gamma::Value(value))
            }
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Gamma {
    /// The words `"scale"` and `"auto"`, or the number.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Gamma::Scale => serializer.serialize_str("scale"),
            Gamma::Auto => serializer.serialize_str("auto"),
            Gamma::Value(v) => serializer.serialize_f64(*v),
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Gamma {
    /// The words `"scale"` and `"auto"`, or a number that is finite and > 0.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Number(f64),
            Word(String),
        }
        match Raw::deserialize(deserializer)? {
            Raw::Number(v) => check_gamma(v).map(|()| Gamma::Value(v)),
            Raw::Word(s) => s.parse(),
        }
        .map_err(serde::de::Error::custom)
    }
}
