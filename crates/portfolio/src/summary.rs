//! Realised figures of a portfolio.

use crate::PortfolioError;
use crate::error::check_values;

/// Realised figures of the loans bought (those with an amount above 0). Returns are fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PortfolioSummary {
    /// Loans bought.
    pub n: usize,
    /// Mean realised return, every loan counting once.
    pub mean: f64,
    /// Mean realised return, every loan counting by the amount in it.
    pub capital_weighted: f64,
    /// Sample standard deviation (ddof = 1) of the realised returns of the loans; 0 for one loan.
    pub std: f64,
    /// mean/std of the loans, without a risk-free rate; `None` where std is 0. It is **not** the ratio
    /// of the lending table, which divides the mean over trials by the deviation over trials.
    pub mean_over_std: Option<f64>,
    /// Share of the loans bought that defaulted; `None` where the outcomes were not given.
    pub default_rate: Option<f64>,
}

impl PortfolioSummary {
    /// Summarises `amounts` (one per candidate, 0 = not bought) against the `realised` returns, and
    /// against which candidates defaulted where that is known.
    ///
    /// # Errors
    /// Where the lists are not equally long, an amount is negative or not finite, a return is not
    /// finite, nothing was bought, or a figure overflows.
    pub fn of(
        amounts: &[f64],
        realised: &[f64],
        defaulted: Option<&[bool]>,
    ) -> Result<Self, PortfolioError> {
        for (what, found) in [
            ("realised returns", Some(realised.len())),
            ("defaults", defaulted.map(<[bool]>::len)),
        ] {
            if let Some(found) = found.filter(|&found| found != amounts.len()) {
                return Err(PortfolioError::LengthMismatch {
                    of: "amounts",
                    expected: amounts.len(),
                    what,
                    found,
                });
            }
        }
        check_values("amount", amounts, "must be finite and >= 0", |a| {
            a.is_finite() && a >= 0.0
        })?;
        check_values("return", realised, "must be finite", f64::is_finite)?;
        let bought: Vec<usize> = (0..amounts.len()).filter(|&i| amounts[i] > 0.0).collect();
        if bought.is_empty() {
            return Err(PortfolioError::EmptyPortfolio);
        }
        let n = bought.len() as f64;
        let mean = bought.iter().map(|&i| realised[i]).sum::<f64>() / n;
        let squares: f64 = bought.iter().map(|&i| (realised[i] - mean).powi(2)).sum();
        let std = if bought.len() > 1 {
            (squares / (n - 1.0)).sqrt()
        } else {
            0.0
        };
        let capital: f64 = bought.iter().map(|&i| amounts[i]).sum();
        let gained: f64 = bought.iter().map(|&i| amounts[i] * realised[i]).sum();
        let capital_weighted = gained / capital;
        if ![mean, std, capital_weighted].iter().all(|v| v.is_finite()) {
            return Err(PortfolioError::SummaryNotFinite);
        }
        Ok(Self {
            n: bought.len(),
            mean,
            capital_weighted,
            std,
            mean_over_std: (std > 0.0).then(|| mean / std),
            default_rate: defaulted.map(|d| bought.iter().filter(|&&i| d[i]).count() as f64 / n),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_worked_portfolio() {
        let amounts = [100.0, 0.0, 300.0, 0.0, 100.0];
        let realised = [0.1, 5.0, -0.5, -5.0, 0.1];
        let defaulted = [false, true, true, true, false];
        let s = PortfolioSummary::of(&amounts, &realised, Some(&defaulted)).unwrap();
        assert_eq!(s.n, 3);
        assert!((s.mean + 0.1).abs() < 1e-15);
        assert!((s.capital_weighted + 0.26).abs() < 1e-15);
        // Deviations 0.2, -0.4, 0.2: squares 0.24 over 2.
        assert!((s.std - 0.12f64.sqrt()).abs() < 1e-15);
        assert!((s.mean_over_std.unwrap() + 0.1 / 0.12f64.sqrt()).abs() < 1e-14);
        assert_eq!(s.default_rate, Some(1.0 / 3.0));
        let one = PortfolioSummary::of(&[5.0], &[0.2], None).unwrap();
        assert_eq!(
            (one.std, one.mean_over_std, one.default_rate),
            (0.0, None, None)
        );
    }

    #[test]
    fn hostile_input() {
        use PortfolioError as E;
        assert_eq!(
            PortfolioSummary::of(&[0.0], &[0.1], None),
            Err(E::EmptyPortfolio)
        );
        assert_eq!(PortfolioSummary::of(&[], &[], None), Err(E::EmptyPortfolio));
        assert!(matches!(
            PortfolioSummary::of(&[1.0], &[], None),
            Err(E::LengthMismatch {
                what: "realised returns",
                ..
            })
        ));
        assert!(matches!(
            PortfolioSummary::of(&[1.0], &[0.1], Some(&[])),
            Err(E::LengthMismatch {
                what: "defaults",
                ..
            })
        ));
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(
                PortfolioSummary::of(&[bad], &[0.1], None),
                Err(E::InvalidValue { what: "amount", .. })
            ));
        }
        assert!(PortfolioSummary::of(&[1.0], &[f64::NAN], None).is_err());
        for (amounts, realised) in [([1e308; 2], [1.0; 2]), ([1.0; 2], [1e200, -1e200])] {
            assert_eq!(
                PortfolioSummary::of(&amounts, &realised, None),
                Err(E::SummaryNotFinite)
            );
        }
    }
}
