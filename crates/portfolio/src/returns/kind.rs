//! The returns by name.

use std::fmt;
use std::str::FromStr;

use super::{AnnualisedOver, LoanCashFlow, SERVICE_FEE, annualised, irr, nar, roi};
use crate::PortfolioError;

/// Which return is meant. The choice reorders loans, so every report says which it used.
///
/// ```
/// use fuzzysvm_portfolio::ReturnKind;
/// assert_eq!("irr".parse::<ReturnKind>()?, ReturnKind::Irr);
/// assert_eq!(ReturnKind::default().to_string(), "roi");
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum ReturnKind {
    /// `roi` (default): profit over the amount lent, over the whole life ([`roi`]).
    #[default]
    Roi,
    /// `annualised`: the same per year of the agreed term ([`annualised`], [`AnnualisedOver::Term`]).
    Annualised,
    /// `annualised-life`: the same per year of the months to the last payment ([`annualised`],
    /// [`AnnualisedOver::Life`]).
    AnnualisedLife,
    /// `irr`: effective annual internal rate of return ([`irr`]).
    Irr,
    /// `nar`: net annualized return after Lending Club, with its service fee ([`nar`]).
    Nar,
}

impl ReturnKind {
    /// Every kind.
    pub const ALL: &'static [ReturnKind] = &[
        ReturnKind::Roi,
        ReturnKind::Annualised,
        ReturnKind::AnnualisedLife,
        ReturnKind::Irr,
        ReturnKind::Nar,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            ReturnKind::Roi => "roi",
            ReturnKind::Annualised => "annualised",
            ReturnKind::AnnualisedLife => "annualised-life",
            ReturnKind::Irr => "irr",
            ReturnKind::Nar => "nar",
        }
    }

    /// The return of a loan, as a fraction.
    ///
    /// # Errors
    /// As the function of the kind.
    pub fn of(self, loan: &LoanCashFlow) -> Result<f64, PortfolioError> {
        match self {
            ReturnKind::Roi => roi(loan),
            ReturnKind::Annualised => annualised(loan, AnnualisedOver::Term),
            ReturnKind::AnnualisedLife => annualised(loan, AnnualisedOver::Life),
            ReturnKind::Irr => irr(loan),
            // Without the place of a loan of which there is one.
            ReturnKind::Nar => nar(std::slice::from_ref(loan), SERVICE_FEE).map_err(|e| match e {
                PortfolioError::AtLoan { source, .. } => *source,
                other => other,
            }),
        }
    }
}

impl fmt::Display for ReturnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ReturnKind {
    type Err = PortfolioError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        ReturnKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == s)
            .ok_or_else(|| PortfolioError::UnknownName {
                what: "return",
                found: s.to_owned(),
                expected: "roi, annualised, annualised-life, irr, nar",
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAN: LoanCashFlow = LoanCashFlow {
        funded_amnt: 1000.0,
        installment: 34.0,
        term_months: 36,
        months_to_last_payment: Some(18),
        last_pymnt_amnt: 34.0,
        total_pymnt: 1331.0,
        recoveries: 0.0,
        collection_recovery_fee: 0.0,
    };

    #[test]
    fn a_hand_worked_loan() {
        // 1.331^(1/3) = 1.1, 1.331^(12/18) = 1.21
        assert!((ReturnKind::Roi.of(&LOAN).unwrap() - 0.331).abs() < 1e-15);
        assert!((ReturnKind::Annualised.of(&LOAN).unwrap() - 0.1).abs() < 1e-15);
        assert!((ReturnKind::AnnualisedLife.of(&LOAN).unwrap() - 0.21).abs() < 1e-15);
    }

    #[test]
    fn nothing_back_is_minus_one_in_every_kind_but_nar() {
        let loss = LoanCashFlow {
            months_to_last_payment: None,
            last_pymnt_amnt: 0.0,
            total_pymnt: 0.0,
            ..LOAN
        };
        for &kind in ReturnKind::ALL {
            // A sixth of the principal per month until the charge-off, compounded.
            let expected = match kind {
                ReturnKind::Nar => (5.0f64 / 6.0).powi(12) - 1.0,
                _ => -1.0,
            };
            assert!((kind.of(&loss).unwrap() - expected).abs() < 1e-14, "{kind}");
            assert_eq!(kind.name().parse::<ReturnKind>(), Ok(kind));
        }
    }

    #[test]
    fn loans_that_cannot_be_are_named_by_field() {
        let field = |loan: LoanCashFlow| match ReturnKind::Irr.of(&loan) {
            Err(PortfolioError::InvalidLoan { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                field(LoanCashFlow {
                    funded_amnt: bad,
                    ..LOAN
                }),
                "funded_amnt"
            );
        }
        for bad in [-0.01, f64::NAN, f64::INFINITY] {
            assert_eq!(
                field(LoanCashFlow {
                    installment: bad,
                    ..LOAN
                }),
                "installment"
            );
            assert_eq!(
                field(LoanCashFlow {
                    total_pymnt: bad,
                    ..LOAN
                }),
                "total_pymnt"
            );
            assert_eq!(
                field(LoanCashFlow {
                    last_pymnt_amnt: bad,
                    ..LOAN
                }),
                "last_pymnt_amnt"
            );
        }
        assert_eq!(
            field(LoanCashFlow {
                recoveries: 2000.0,
                ..LOAN
            }),
            "recoveries"
        );
        assert_eq!(
            field(LoanCashFlow {
                collection_recovery_fee: 1.0,
                ..LOAN
            }),
            "collection_recovery_fee"
        );
        assert_eq!(
            field(LoanCashFlow {
                term_months: 0,
                ..LOAN
            }),
            "term_months"
        );
        assert_eq!(
            field(LoanCashFlow {
                months_to_last_payment: Some(u32::MAX),
                ..LOAN
            }),
            "months_to_last_payment"
        );
        assert!("IRR".parse::<ReturnKind>().is_err());
    }
}
