//! The quarters of a loan book.

use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, Loan, LoanBook, Payments, Quarter, Selection, StateAsOf,
};
use fuzzysvm_portfolio::{LoanState, LoanTerms, ObservedLoan, PortfolioError, ReturnKind};

use super::{Decision, KnownLoans, OfferedLoans, Realised, TestQuarter};
use crate::lend::{LendError, installment_of, name_of, return_of};

/// Quarters with fewer resolved loans before them are no [`default_quarters`]: too little is known for any decision.
pub const MIN_RESOLVED: usize = 250;
/// Nor are quarters with fewer loans to choose from.
pub(super) const MIN_OFFERED: usize = 100;

/// The quarters of a book that can be decided on and tested: those with at least [`MIN_RESOLVED`] resolved loans
/// before them, and at least 100 loans, all of them finished in the file.
///
/// # Errors
/// As [`LoanBook::as_of`].
pub fn default_quarters(book: &LoanBook, selection: &Selection) -> Result<Vec<Quarter>, LendError> {
    let months = || book.loans().map(|loan| loan.issue_month());
    let (Some(first), Some(last)) = (months().min(), months().max()) else {
        return Ok(Vec::new());
    };
    let first = first.quarter();
    let mut quarters = Vec::new();
    for i in 0..=last.quarter().quarters_since(first) {
        let quarter = first.plus_quarters(i);
        let test = book.issued_in(quarter.months(), selection);
        if test.kept() < MIN_OFFERED || n_unfinished(book, quarter, selection) > 0 {
            continue;
        }
        if book.as_of(quarter.first_month(), selection)?.n_resolved() >= MIN_RESOLVED {
            quarters.push(quarter);
        }
    }
    Ok(quarters)
}

/// What was known at the first month of each quarter, and what the quarter's loans returned in the end. Features are
/// [`DEFAULT_FEATURES`], encoded and scaled by the loans issued before.
///
/// ```no_run
/// use fuzzysvm_datasets::lending_club::{LoanBook, Selection};
/// use fuzzysvm_experiments::walk_forward::{book_quarters, default_quarters, run, WalkForwardSettings};
/// let book = LoanBook::read_path("LoanStats3a.csv.gz")?;
/// let selection = Selection::default();
/// let quarters = default_quarters(&book, &selection)?;
/// let results = run(
///     book_quarters(&book, &quarters, &selection),
///     &WalkForwardSettings::default(),
///     &|_| {},
/// )?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn book_quarters<'a>(
    book: &'a LoanBook,
    quarters: &'a [Quarter],
    selection: &'a Selection,
) -> impl Iterator<Item = Result<TestQuarter, LendError>> + 'a {
    quarters.iter().map(move |&quarter| {
        test_quarter(book, quarter, selection).map_err(|source| LendError::Quarter {
            quarter: quarter.to_string(),
            source: Box::new(source),
        })
    })
}

fn test_quarter(
    book: &LoanBook,
    quarter: Quarter,
    selection: &Selection,
) -> Result<TestQuarter, LendError> {
    let view = book.as_of(quarter.first_month(), selection)?;
    let known_rows = view.rows();
    let encoder = FeatureEncoder::fit(book, &known_rows, DEFAULT_FEATURES)?;
    let known = view.loans().iter().enumerate();
    let known: Vec<ObservedLoan> = known
        .map(|(i, known)| {
            let loan = book.loan(known.row);
            // Of a resolved loan what was known by then; an open one has no return yet.
            let roi = || match view.payments(i) {
                Some(payments) => roi_of(&loan, &payments),
                None => Err(at(&loan, PortfolioError::NotFinite)),
            };
            let state = match known.state {
                StateAsOf::Paid { after_months } => LoanState::Paid {
                    after_months,
                    roi: roi()?,
                },
                StateAsOf::ChargedOff { after_months } => LoanState::ChargedOff {
                    after_months,
                    roi: roi()?,
                },
                StateAsOf::Open { age_months } => LoanState::Open { age_months },
                // A state that this version does not know tells no outcome.
                _ => LoanState::Open {
                    age_months: quarter
                        .first_month()
                        .months_since(loan.issue_month())
                        .max(0) as u32,
                },
            };
            Ok(ObservedLoan {
                terms: terms_of(&loan)?,
                state,
            })
        })
        .collect::<Result<_, LendError>>()?;
    let test = book.issued_in(quarter.months(), selection);
    let offered: Vec<Loan<'_>> = test.rows.iter().map(|&row| book.loan(row)).collect();
    let unfinished = n_unfinished(book, quarter, selection);
    let warning = format!(
        "{unfinished} of {} loans of {quarter} are not finished and left out: those that ended early weigh too much",
        unfinished + offered.len()
    );
    Ok(TestQuarter {
        name: quarter.to_string(),
        decision: Decision {
            known: KnownLoans {
                loans: known,
                x: encoder.transform(book, &known_rows)?,
                grades: grades(known_rows.iter().map(|&row| book.loan(row))),
            },
            offered: OfferedLoans {
                terms: offered.iter().map(terms_of).collect::<Result<_, _>>()?,
                x: encoder.transform(book, &test.rows)?,
                names: offered.iter().map(name_of).collect(),
            },
        },
        realised: Realised {
            roi: offered
                .iter()
                .map(|loan| roi_of(loan, &loan.payments()))
                .collect::<Result<_, _>>()?,
            irr: irr(&offered),
            defaulted: test
                .labels
                .iter()
                .map(|label| label.is_positive())
                .collect(),
            grades: grades(offered.into_iter()),
        },
        warnings: (unfinished > 0).then_some(warning).into_iter().collect(),
    })
}

/// Loans of a quarter that the selection would take if they were finished.
fn n_unfinished(book: &LoanBook, quarter: Quarter, selection: &Selection) -> usize {
    let open = |loan: &Loan<'_>| {
        quarter.months().contains(&loan.issue_month())
            && loan.label().is_none()
            && selection.leaves_out(loan).is_none()
    };
    book.loans().filter(open).count()
}

fn at(loan: &Loan<'_>, source: PortfolioError) -> LendError {
    let (file, line) = loan.source();
    LendError::Return {
        file: file.to_owned(),
        line,
        source,
    }
}

fn roi_of(loan: &Loan<'_>, payments: &Payments) -> Result<f64, LendError> {
    return_of(payments, ReturnKind::Roi).map_err(|e| at(loan, e))
}

fn terms_of(loan: &Loan<'_>) -> Result<LoanTerms, LendError> {
    let payments = loan.payments();
    let terms = LoanTerms {
        term_months: payments.term,
        annual_rate: payments.int_rate,
        installment: installment_of(&payments),
        funded_amnt: payments.funded_amnt,
    };
    terms.validate().map_err(|e| at(loan, e))?;
    Ok(terms)
}

/// Internal rates of return; `None` where the file does not say how much was recovered, or one is not defined.
fn irr(loans: &[Loan<'_>]) -> Option<Vec<f64>> {
    let of = |loan: &Loan<'_>| {
        let payments = loan.payments();
        payments.recoveries?;
        return_of(&payments, ReturnKind::Irr).ok()
    };
    loans.iter().map(of).collect()
}

/// Grades as numbers; `None` where a loan has none.
fn grades<'a>(loans: impl Iterator<Item = Loan<'a>>) -> Option<Vec<u8>> {
    loans.map(|loan| u8::try_from(loan.grade()?).ok()).collect()
}
