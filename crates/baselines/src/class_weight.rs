//! What a class costs.

use fuzzysvm_core::ParamError;

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

impl ClassWeight {
    /// Checks given weights.
    ///
    /// # Errors
    /// [`ParamError`] for a weight that is not finite and > 0, a ratio beyond 1e100, or a power outside 0 to 10.
    pub fn validate(&self) -> Result<(), ParamError> {
        let (negative, positive) = match *self {
            Self::Balanced | Self::Equal => return Ok(()),
            Self::Power(power) => {
                let ok = (0.0..=10.0).contains(&power);
                let rule = "must lie between 0 and 10";
                return ParamError::check(ok, "class_weight.power", power, rule);
            }
            Self::Given { negative, positive } => (negative, positive),
        };
        for (name, value) in [
            ("class_weight.negative", negative),
            ("class_weight.positive", positive),
        ] {
            let ok = value.is_finite() && value > 0.0;
            ParamError::check(ok, name, value, "must be finite and > 0")?;
        }
        let ratio = positive / negative;
        ParamError::check(
            (1e-100..=1e100).contains(&ratio),
            "class_weight",
            ratio,
            "must have a ratio between 1e-100 and 1e100",
        )
    }

    /// Negative, positive; the larger of the two is 1.
    pub(crate) fn resolve(self, sums: [f64; 2]) -> [f64; 2] {
        let [negative, positive] = match self {
            Self::Equal => [1.0, 1.0],
            // The smaller the class, the larger its weight.
            Self::Balanced => [sums[1], sums[0]],
            Self::Power(power) => {
                let larger = (sums[0].min(sums[1]) / sums[0].max(sums[1])).powf(power);
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
