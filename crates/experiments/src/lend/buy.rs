//! How many of the loans that a method ranks are bought, and how much of each.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_core::ParamError;
use fuzzysvm_portfolio::{MeanVariance, PortfolioRule, Threshold, TopFraction, TopN};
use serde::{Serialize, Serializer};

use crate::Rank;

const RULES: &str =
    "top-fraction, top-n=N, threshold=RETURN or mean-variance=AVERSION, as in top-n=50";

/// The portfolio rule of the trials. In text `top-fraction`, `top-n=50`, `threshold=0.05` or `mean-variance=50`.
///
/// ```
/// use fuzzysvm_experiments::lend::Buy;
/// assert_eq!("top-n=50".parse::<Buy>()?, Buy::TopN(50));
/// assert_eq!(Buy::Threshold(0.05).to_string(), "threshold=0.05");
/// # Ok::<(), fuzzysvm_core::ParamError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Buy {
    /// The best share of the loans, as published: [`LendSettings::top_fraction`](super::LendSettings::top_fraction).
    #[default]
    TopFraction,
    /// This many of the best.
    TopN(usize),
    /// All with at least this forecast.
    Threshold(f64),
    /// Forecast against variance at this aversion to risk. The variance of a loan's return is that of the training loans,
    /// repaid or not, whose forecasts are most like its own ([`InstanceReturn`](fuzzysvm_portfolio::InstanceReturn)).
    MeanVariance(f64),
}

impl Buy {
    /// Checks the number, and that what is ranked suits the rule.
    ///
    /// # Errors
    /// Where it does not.
    pub(crate) fn validate(self, rank: Rank) -> Result<(), ParamError> {
        let valid = match self {
            Buy::TopFraction => Ok(()),
            Buy::TopN(n) => TopN { n }.validate(),
            Buy::Threshold(minimum) => Threshold { minimum }.validate(),
            Buy::MeanVariance(risk_aversion) => MeanVariance { risk_aversion }.validate(),
        };
        valid.map_err(|e| ParamError::new("rule", self, format!("{} (its number)", e.rule)))?;
        let rule = "must be a return as a fraction, below 1: threshold=0.08 is 8 %";
        let percent = matches!(self, Buy::Threshold(minimum) if minimum >= 1.0);
        ParamError::check(!percent, "rule", self, rule)?;
        let forecasts = matches!(self, Buy::Threshold(_) | Buy::MeanVariance(_));
        let rule = "must be top-fraction or top-n beside `rank=score`, which ranks by no forecast";
        ParamError::check(!(forecasts && rank == Rank::Score), "rule", self, rule)
    }

    /// The rule, with the share that the best of the loans are.
    pub(super) fn rule(self, fraction: f64) -> Box<dyn PortfolioRule> {
        match self {
            Buy::TopFraction => Box::new(TopFraction { fraction }),
            Buy::TopN(n) => Box::new(TopN { n }),
            Buy::Threshold(minimum) => Box::new(Threshold { minimum }),
            Buy::MeanVariance(risk_aversion) => Box::new(MeanVariance { risk_aversion }),
        }
    }

    /// Whether it needs the variance of every loan.
    pub(super) fn needs_variance(self) -> bool {
        matches!(self, Buy::MeanVariance(_))
    }

    /// What is bought, in the words of the tables; `top` is the share in words.
    pub(super) fn words(self, top: &str) -> String {
        match self {
            Buy::TopFraction => format!("top {top}"),
            Buy::TopN(n) => format!("top {n}"),
            Buy::Threshold(minimum) => format!("from {} %", 100.0 * minimum),
            Buy::MeanVariance(aversion) => format!("mean–variance {aversion}"),
        }
    }
}

impl fmt::Display for Buy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Buy::TopFraction => f.write_str("top-fraction"),
            Buy::TopN(n) => write!(f, "top-n={n}"),
            Buy::Threshold(minimum) => write!(f, "threshold={minimum}"),
            Buy::MeanVariance(aversion) => write!(f, "mean-variance={aversion}"),
        }
    }
}

impl FromStr for Buy {
    type Err = ParamError;

    fn from_str(text: &str) -> Result<Self, ParamError> {
        let wrong = || ParamError::new("rule", text, format!("must be {RULES}"));
        let (name, number) = match text.split_once('=') {
            None => (text, None),
            Some((name, number)) => (name, Some(number)),
        };
        let real = || number.and_then(|n| n.parse::<f64>().ok()).ok_or_else(wrong);
        match (name, number) {
            ("top-fraction", None) => Ok(Buy::TopFraction),
            ("top-n", Some(n)) => n.parse().map(Buy::TopN).map_err(|_| wrong()),
            ("threshold", _) => real().map(Buy::Threshold),
            ("mean-variance", _) => real().map(Buy::MeanVariance),
            _ => Err(wrong()),
        }
    }
}

impl Serialize for Buy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_written() {
        for rule in [
            Buy::TopFraction,
            Buy::TopN(50),
            Buy::Threshold(-0.05),
            Buy::MeanVariance(12.5),
        ] {
            assert_eq!(rule.to_string().parse::<Buy>(), Ok(rule));
            assert!(rule.validate(Rank::Filter).is_ok());
        }
        for text in [
            "",
            "top",
            "top-n",
            "top-n=-1",
            "top-n=1.5",
            "threshold",
            "threshold=x",
            "top-fraction=0.1",
        ] {
            let error = text.parse::<Buy>().unwrap_err().to_string();
            assert!(error.contains("must be top-fraction, top-n=N"), "{error}");
        }
        for wrong in ["top-n=0", "threshold=inf", "mean-variance=-1"] {
            let error = wrong.parse::<Buy>().unwrap().validate(Rank::Filter);
            assert!(
                error.unwrap_err().to_string().contains("(its number)"),
                "{wrong}"
            );
        }
        let percent = Buy::Threshold(8.0).validate(Rank::Filter).unwrap_err();
        assert!(percent.to_string().contains("0.08 is 8 %"), "{percent}");
        assert!(Buy::Threshold(0.0).validate(Rank::Score).is_err());
        assert!(Buy::TopN(5).validate(Rank::Score).is_ok());
    }
}
