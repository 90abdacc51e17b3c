//! Completion by survival: cause-specific hazards of default and prepayment.

use fuzzysvm_core::{Matrix, ParamError};

use super::expected::{ChargeOff, Schedule, expected};
use super::hazard::{CauseHazard, MonthlyHazard};
use super::person_periods::{AgeBins, Cause, Observed, PersonPeriods};
use super::{
    Completed, CompletedLoans, Completion, CompletionWarning, LoanState, LoanTerms, ObservedLoan,
};
use crate::PortfolioError;

/// Below so many resolved loans of a term the completed figures can be far off, and a [`CompletionWarning`] says
/// so. On 36-month Lending Club loans the completed default rate with 276 resolved loans (July 2009) was 6 % where
/// 14 % defaulted in the end; from 575 on (January 2010) it stayed within 3 points of the final rate.
pub const FEW_RESOLVED_LOANS: usize = 600;

/// Most features that are taken. A fit holds one square matrix of features and age bins, about 130 MB at this limit.
pub const MAX_COMPLETION_FEATURES: usize = 4096;

/// Completes open loans by discrete-time survival with two competing causes.
///
/// **Hazards.** The months since issue are cut into bins b of `bin_months` up to the end of the term, and one of
/// nine months after it. A loan with features x that is alive at the start of bin b ends in it by cause k (default
/// or prepayment) with the chance
///
/// q_k(x, b) = 1 / (1 + exp(−(α_k + β_kᵀx + γ_kb)))
///
/// Each cause is fitted on the person-periods of all loans, open ones too: one row per loan i and bin b that it was
/// alive in, y = 1 where it ended there by the cause, and the weight w = 1 where it ended there by either, else the
/// observed share of the bin. With z = α + βᵀx + γ_b the fit minimises
///
/// Σ w_ib (log(1 + exp z_ib) − y_ib z_ib) + (‖β‖² + ‖γ‖²/9) / (2 C)
///
/// The intercept α is not penalised and the age effects γ hardly are. It is what scikit-learn's
/// `LogisticRegression(C=C)` solves with dummies of 3 for the bins; here by Newton's method, to a gradient of 1e-8
/// of the first one. The penalty acts on all features alike, so **standardise them**. Loans of different terms get
/// hazards of their own.
///
/// **Returns.** A month of bin b has the hazard 1 − (1 − q)^(1/width). With the monthly rate r and the installment m,
/// the balance after k payments is B(k) = F (1 + r)^k − m ((1 + r)^k − 1)/r of the amount F lent. Repaid in month t, a
/// loan returns (m t + B(t))/F − 1. Charged off in month t, it stopped paying `charge_off_lag_months` before, and the share
/// ρ = `recovery_share` of the balance is recovered: with k = max(t − lag, 0), it returns (m k + ρ B(k))/F − 1. The last
/// payments are cut to what is owed, where m is rounded up. Expectations run over the months after the loan's age; in the
/// last month of the term all that does not default is repaid. An open loan past its term counts as repaid in full.
///
/// **Memory and time.** Person-periods are enumerated, never stored: beside the input a fit holds some 20 bytes per loan
/// and one (features + bins)² matrix. It takes about ten passes of loans × features² operations per cause: 15,000 loans
/// with 49 features are completed within a second. It runs in one thread, so the numbers
/// depend on no setting of threads.
///
/// Little history fails, and no model mends that: see [`FEW_RESOLVED_LOANS`].
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_portfolio::{Completion, LoanState, LoanTerms, ObservedLoan, SurvivalCompletion};
///
/// let terms = LoanTerms { term_months: 36, annual_rate: 0.12, installment: 332.14, funded_amnt: 10_000.0 };
/// let loan = |state| ObservedLoan { terms, state };
/// // Eight months after issue, one of four loans is charged off, and one repaid.
/// let loans = [
///     loan(LoanState::ChargedOff { after_months: 7, roi: -0.85 }),
///     loan(LoanState::Paid { after_months: 5, roi: 0.047 }),
///     loan(LoanState::Open { age_months: 8 }),
///     loan(LoanState::Open { age_months: 8 }),
/// ];
/// let x = [1.0, -1.0, 0.5, -0.5];
/// let completed = SurvivalCompletion::default().complete(&loans, Matrix::new(&x, 1)?)?;
/// assert_eq!(completed.loans[0].expected_roi(), -0.85);
/// let [risky, safe] = [completed.loans[2], completed.loans[3]];
/// assert!(risky.p_bad > safe.p_bad && risky.expected_roi() < safe.expected_roi());
/// assert!(completed.warnings[0].to_string().starts_with("only 2 loans of 36 months are resolved"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Sources: Allison, "Discrete-time methods for the analysis of event histories", Sociological Methodology 13 (1982),
/// [doi:10.2307/270718](https://doi.org/10.2307/270718); Banasik, Crook & Thomas, "Not if but when will borrowers
/// default", J. Oper. Res. Soc. 50 (1999), [doi:10.1057/palgrave.jors.2600851](https://doi.org/10.1057/palgrave.jors.2600851);
/// Stepanova & Thomas, "Survival analysis methods for personal loan data", Operations Research 50 (2002),
/// [doi:10.1287/opre.50.2.277.426](https://doi.org/10.1287/opre.50.2.277.426).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct SurvivalCompletion {
    /// Inverse strength of the penalty, above 0; default 0.1.
    pub c: f64,
    /// Months in an age bin, 1 to 120; default 3.
    pub bin_months: u32,
    /// Months from the last payment of a defaulted loan to its charge-off, at most 120; default 5.
    pub charge_off_lag_months: u32,
    /// Share of the balance of a defaulted loan that is recovered, in [0, 1]; default 0.06.
    pub recovery_share: f64,
}

impl Default for SurvivalCompletion {
    fn default() -> Self {
        Self {
            c: 0.1,
            bin_months: 3,
            charge_off_lag_months: 5,
            recovery_share: 0.06,
        }
    }
}

impl SurvivalCompletion {
    /// Checks every setting.
    ///
    /// # Errors
    /// The first setting out of its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.c.is_finite() && self.c > 0.0 && (1.0 / self.c).is_finite(),
            "c",
            self.c,
            "must be finite and > 0",
        )?;
        ParamError::check(
            (1..=120).contains(&self.bin_months),
            "bin_months",
            self.bin_months,
            "must be 1 to 120",
        )?;
        ParamError::check(
            self.charge_off_lag_months <= 120,
            "charge_off_lag_months",
            self.charge_off_lag_months,
            "must be 0 to 120",
        )?;
        ParamError::check(
            (0.0..=1.0).contains(&self.recovery_share),
            "recovery_share",
            self.recovery_share,
            "must lie in [0, 1]",
        )
    }

    /// Fits the hazards to loans as far as they are known; row i of `x` holds the features of loan i.
    ///
    /// # Errors
    /// Where a setting or a number of a loan is out of range, the lists do not fit, there are no loans or too many
    /// features, no default or no repayment of a term is known, or the features are too large.
    pub fn fit(
        &self,
        loans: &[ObservedLoan],
        x: Matrix<'_>,
    ) -> Result<FittedSurvival, PortfolioError> {
        self.validate()?;
        check_rows(loans.len(), x)?;
        if loans.is_empty() {
            return Err(PortfolioError::TooFewLoans {
                needed: 2,
                found: 0,
            });
        }
        if x.n_cols() > MAX_COMPLETION_FEATURES {
            return Err(PortfolioError::TooManyFeatures {
                found: x.n_cols(),
                most: MAX_COMPLETION_FEATURES,
            });
        }
        for (index, loan) in loans.iter().enumerate() {
            loan.validate().map_err(|e| e.at_loan(index))?;
        }
        let mut terms: Vec<u32> = loans.iter().map(|loan| loan.terms.term_months).collect();
        terms.sort_unstable();
        terms.dedup();
        let mut fitted = FittedSurvival {
            n_features: x.n_cols(),
            charge_off: ChargeOff {
                lag: self.charge_off_lag_months,
                recovery_share: self.recovery_share,
            },
            terms: Vec::with_capacity(terms.len()),
            warnings: Vec::new(),
        };
        for term_months in terms {
            let of_term = || {
                let all = loans.iter().enumerate();
                all.filter(move |(_, loan)| loan.terms.term_months == term_months)
            };
            let found = of_term().filter(|(_, l)| l.state.is_resolved()).count();
            let periods = PersonPeriods {
                bins: AgeBins::new(term_months, self.bin_months),
                loans: of_term()
                    .map(|(row, loan)| Observed::new(row, &loan.state))
                    .collect(),
            };
            for (cause, event) in [(Cause::Default, "default"), (Cause::Repayment, "repayment")] {
                if periods.count(cause) == 0 {
                    return Err(PortfolioError::NoEvent {
                        event,
                        term_months,
                        last_month: periods.bins.last_month(),
                    });
                }
            }
            if found < FEW_RESOLVED_LOANS {
                fitted.warnings.push(CompletionWarning::FewResolved {
                    term_months,
                    found,
                    advised: FEW_RESOLVED_LOANS,
                });
            }
            fitted.terms.push(TermHazards {
                term_months,
                default: CauseHazard::fit(&periods, x, Cause::Default, self.c)?,
                prepayment: CauseHazard::fit(&periods, x, Cause::Repayment, self.c)?,
                bins: periods.bins,
            });
        }
        Ok(fitted)
    }
}

impl Completion for SurvivalCompletion {
    fn complete(
        &self,
        loans: &[ObservedLoan],
        x: Matrix<'_>,
    ) -> Result<CompletedLoans, PortfolioError> {
        self.fit(loans, x)?.complete(loans, x)
    }
}

/// Fitted hazards: completes open loans and forecasts new ones.
#[derive(Debug, Clone)]
pub struct FittedSurvival {
    n_features: usize,
    charge_off: ChargeOff,
    /// By ascending term.
    terms: Vec<TermHazards>,
    warnings: Vec<CompletionWarning>,
}

#[derive(Debug, Clone)]
struct TermHazards {
    term_months: u32,
    bins: AgeBins,
    default: CauseHazard,
    prepayment: CauseHazard,
}

impl FittedSurvival {
    /// Number of features of the fit.
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// The terms, in months, that there are hazards for, ascending.
    pub fn terms(&self) -> Vec<u32> {
        self.terms.iter().map(|t| t.term_months).collect()
    }

    /// What a person should know before trusting the forecasts.
    pub fn warnings(&self) -> &[CompletionWarning] {
        &self.warnings
    }

    /// The hazards of each month of the term, for each row of `x`.
    ///
    /// # Errors
    /// Where there are no hazards for the term, the rows have another number of features, or are too large.
    pub fn monthly_hazards(
        &self,
        term_months: u32,
        x: Matrix<'_>,
    ) -> Result<Vec<Vec<MonthlyHazard>>, PortfolioError> {
        self.check_features(x)?;
        x.rows()
            .enumerate()
            .map(|(index, row)| self.hazards(index, term_months, row))
            .collect()
    }

    /// The expected outcome of loans at issue; row i of `x` holds the features of loan i.
    ///
    /// # Errors
    /// Where the lists do not fit, a number of a loan is out of range, there are no hazards for its term, the rows
    /// have another number of features, or are too large.
    pub fn forecast(
        &self,
        loans: &[LoanTerms],
        x: Matrix<'_>,
    ) -> Result<Vec<Completed>, PortfolioError> {
        check_rows(loans.len(), x)?;
        self.check_features(x)?;
        loans
            .iter()
            .zip(x.rows())
            .enumerate()
            .map(|(index, (terms, row))| {
                let schedule = terms.schedule().map_err(|e| e.at_loan(index))?;
                self.outcome(index, &schedule, terms.term_months, 0, row)
            })
            .collect()
    }

    /// The outcome of every loan: known for resolved loans, expected for open ones.
    ///
    /// # Errors
    /// As [`FittedSurvival::forecast`].
    pub fn complete(
        &self,
        loans: &[ObservedLoan],
        x: Matrix<'_>,
    ) -> Result<CompletedLoans, PortfolioError> {
        check_rows(loans.len(), x)?;
        self.check_features(x)?;
        let completed = loans
            .iter()
            .zip(x.rows())
            .enumerate()
            .map(|(index, (loan, row))| {
                loan.state.validate().map_err(|e| e.at_loan(index))?;
                let schedule = loan.terms.schedule().map_err(|e| e.at_loan(index))?;
                let at = |age| self.outcome(index, &schedule, loan.terms.term_months, age, row);
                Ok(match loan.state {
                    LoanState::Open { age_months } => at(age_months)?,
                    LoanState::Paid { roi, .. } => Completed {
                        p_bad: 0.0,
                        roi_paid: roi,
                        ..at(0)?
                    },
                    LoanState::ChargedOff { roi, .. } => Completed {
                        p_bad: 1.0,
                        roi_bad: roi,
                        ..at(0)?
                    },
                })
            })
            .collect::<Result<_, PortfolioError>>()?;
        Ok(CompletedLoans::new(completed, self.warnings.clone()))
    }

    fn outcome(
        &self,
        index: usize,
        schedule: &Schedule,
        term_months: u32,
        age: u32,
        row: &[f64],
    ) -> Result<Completed, PortfolioError> {
        let hazards = self.hazards(index, term_months, row)?;
        Ok(expected(schedule, &hazards, age, self.charge_off))
    }

    fn hazards(
        &self,
        index: usize,
        term_months: u32,
        row: &[f64],
    ) -> Result<Vec<MonthlyHazard>, PortfolioError> {
        let Some(of_term) = self.terms.iter().find(|t| t.term_months == term_months) else {
            let known: Vec<String> = self.terms().iter().map(u32::to_string).collect();
            return Err(PortfolioError::UnknownTerm {
                index,
                found: term_months,
                expected: known.join(", "),
            });
        };
        let default = of_term.default.monthly(&of_term.bins, row);
        let prepayment = of_term.prepayment.monthly(&of_term.bins, row);
        default
            .zip(prepayment)
            .map(|(default, prepayment)| {
                // NaN where the features overflow.
                if default.is_finite() && prepayment.is_finite() {
                    Ok(MonthlyHazard {
                        default,
                        prepayment,
                    })
                } else {
                    Err(PortfolioError::NotFinite)
                }
            })
            .collect()
    }

    fn check_features(&self, x: Matrix<'_>) -> Result<(), PortfolioError> {
        if x.n_cols() == self.n_features {
            Ok(())
        } else {
            Err(PortfolioError::FeatureCount {
                expected: self.n_features,
                found: x.n_cols(),
            })
        }
    }
}

fn check_rows(n_loans: usize, x: Matrix<'_>) -> Result<(), PortfolioError> {
    if x.n_rows() == n_loans {
        Ok(())
    } else {
        Err(PortfolioError::LengthMismatch {
            of: "loans",
            expected: n_loans,
            what: "rows of features",
            found: x.n_rows(),
        })
    }
}
