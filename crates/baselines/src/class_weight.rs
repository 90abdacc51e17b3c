//! Weights of the two classes.

use fuzzysvm_core::{ParamError, ParamType, ParamValue, math};

/// Weights of the two classes. Only their ratio matters.
///
/// ```
/// use fuzzysvm_baselines::ClassWeight;
/// assert!(ClassWeight::Given { negative: 1.0, positive: 5.0 }.validate().is_ok());
/// assert!(ClassWeight::Given { negative: 1.0, positive: 0.0 }.validate().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(rename_all = "kebab-case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum ClassWeight {
    /// 1 for the smaller class, n_small/n_large for the larger (sizes are sums of sample weights), so that both
    /// weigh the same. The default.
    #[default]
    Balanced,
    /// 1 for both.
    Equal,
    /// 1 for the smaller class, n_small/n_large to this power, 0 to 10, for the larger: 0 is `Equal`, 1 is `Balanced`.
    Power(f64),
    /// These two, finite and > 0, at most 1e100 apart.
    Given {
        /// For the negative class.
        negative: f64,
        /// For the positive class.
        positive: f64,
    },
}

/// `balanced`, `equal`, `power:P` or `given:[NEGATIVE,POSITIVE]`.
impl ParamValue for ClassWeight {
    const TYPE: ParamType = ParamType::Text;

    fn to_text(&self) -> String {
        match *self {
            Self::Balanced => "balanced".to_owned(),
            Self::Equal => "equal".to_owned(),
            Self::Power(power) => format!("power:{power}"),
            Self::Given { negative, positive } => format!("given:[{negative},{positive}]"),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        match text {
            "balanced" => return Some(Self::Balanced),
            "equal" => return Some(Self::Equal),
            _ => {}
        }
        if let Some(power) = text.strip_prefix("power:") {
            return f64::from_text(power).map(Self::Power);
        }
        let pair = text.strip_prefix("given:")?.trim_start();
        // The brackets keep the pair together in a list of values.
        let pair = pair.starts_with('[').then(|| Vec::from_text(pair))??;
        match pair[..] {
            [negative, positive] => Some(Self::Given { negative, positive }),
            _ => None,
        }
    }
}

impl ClassWeight {
    /// Checks given weights.
    ///
    /// # Errors
    /// [`ParamError`] for a weight that is not finite and > 0, a ratio beyond 1e100, or a power outside 0 to 10.
    pub fn validate(&self) -> Result<(), ParamError> {
        let check = |ok, rule| ParamError::check(ok, "class_weight", self.to_text(), rule);
        match *self {
            Self::Balanced | Self::Equal => Ok(()),
            Self::Power(power) => check(
                (0.0..=10.0).contains(&power),
                "must have a power between 0 and 10",
            ),
            Self::Given { negative, positive } => {
                let ok = [negative, positive]
                    .iter()
                    .all(|w| w.is_finite() && *w > 0.0);
                check(ok, "must have two weights that are finite and > 0")?;
                check(
                    (1e-100..=1e100).contains(&(positive / negative)),
                    "must have two weights with a ratio between 1e-100 and 1e100",
                )
            }
        }
    }

    /// Negative, positive; the larger of the two is 1.
    pub(crate) fn resolve(self, sums: [f64; 2]) -> [f64; 2] {
        let [negative, positive] = match self {
            Self::Equal => [1.0, 1.0],
            // The smaller the class, the larger its weight.
            Self::Balanced => [sums[1], sums[0]],
            Self::Power(power) => {
                let larger = math::powf(sums[0].min(sums[1]) / sums[0].max(sums[1]), power);
                // Far beyond any data set; a weight of 0 would be a class removed.
                let larger = larger.max(1e-100);
                if sums[0] > sums[1] {
                    [larger, 1.0]
                } else {
                    [1.0, larger]
                }
            }
            Self::Given { negative, positive } => [negative, positive],
        };
        let largest = negative.max(positive);
        [negative / largest, positive / largest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_gives_the_larger_class_the_inverse_ratio() {
        assert_eq!(ClassWeight::Balanced.resolve([12.0, 3.0]), [0.25, 1.0]);
        assert_eq!(ClassWeight::Balanced.resolve([2.0, 8.0]), [1.0, 0.25]);
        assert_eq!(ClassWeight::Equal.resolve([12.0, 3.0]), [1.0, 1.0]);
        assert_eq!(ClassWeight::Power(0.5).resolve([12.0, 3.0]), [0.5, 1.0]);
        assert_eq!(ClassWeight::Power(1.0).resolve([2.0, 8.0]), [1.0, 0.25]);
        assert_eq!(ClassWeight::Power(0.0).resolve([2.0, 8.0]), [1.0, 1.0]);
        let given = ClassWeight::Given {
            negative: 2.0,
            positive: 8.0,
        };
        assert_eq!(given.resolve([1.0, 1.0]), [0.25, 1.0]);
    }
}
