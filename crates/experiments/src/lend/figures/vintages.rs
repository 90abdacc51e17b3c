//! Loans by quarter of issue, and how many of them were charged off as they aged.

use std::collections::BTreeMap;

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{CHARGE_OFF_DELAY_MONTHS, Quarter, Selection};
use fuzzysvm_estimator::LoanData;

use super::results::Vintage;
use super::round::short;

/// Months between two columns.
const STEP: u32 = 6;

/// The quarters of all loans of the selection, whatever their age or state. A charge-off counts in the month in which it
/// was known, at the latest at the end of the term and the delay of a charge-off. Months that not all loans of a quarter
/// have reached in the files have no share. Nothing where no payment has a month.
pub(super) fn vintages(data: &LoanData) -> Vec<Vintage> {
    let Some(snapshot) = data.book().snapshot() else {
        return Vec::new();
    };
    let selection = Selection {
        seasoned_by: None,
        ..data.selection().clone()
    };
    let loans = || {
        let all = data.book().loans();
        all.filter(|loan| selection.leaves_out(loan).is_none())
    };
    let term = loans().map(|loan| loan.term()).max().unwrap_or(0);
    let months: Vec<u32> = (1..=term / STEP + 1).map(|i| i * STEP).collect();
    let mut quarters: BTreeMap<Quarter, (usize, Vec<usize>)> = BTreeMap::new();
    for loan in loans() {
        let issued = loan.issue_month();
        let quarter = quarters.entry(issued.quarter());
        let (n, charged_off) = quarter.or_insert_with(|| (0, vec![0; months.len()]));
        *n += 1;
        let known = loan
            .resolved_month()
            .filter(|_| loan.label() == Some(Label::Positive));
        if let Some(known) = known {
            let latest = loan.term() as i32 + CHARGE_OFF_DELAY_MONTHS;
            let age = known.months_since(issued).min(latest);
            let counts = charged_off.iter_mut().zip(&months);
            counts
                .filter(|(_, month)| age <= **month as i32)
                .for_each(|(count, _)| *count += 1);
        }
    }
    let vintages = quarters.into_iter().map(|(quarter, (n, counts))| {
        let shown = |month: u32| quarter.last_month().plus_months(month as i32) <= snapshot;
        let shares = counts.iter().zip(&months);
        Vintage {
            quarter: quarter.to_string(),
            n,
            charged_off: shares
                .map(|(&count, &month)| shown(month).then(|| short(count as f64 / n as f64)))
                .collect(),
            months: months.clone(),
        }
    });
    vintages.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions};

    /// Of four loans of a quarter one is charged off 4 + 5 months after its issue, one with a recovery long after its
    /// term; the open one shows that the file was written in September 2012.
    #[test]
    fn a_hand_worked_quarter() {
        let header = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,last_pymnt_d\n";
        let rows = "Charged Off,36 months,10%,Jan-2010,1000,300,0,May-2010\n\
                    Charged Off,36 months,10%,Feb-2010,1000,300,0,Dec-2016\n\
                    Fully Paid,36 months,10%,Mar-2010,1000,1100,0,Mar-2011\n\
                    Current,36 months,10%,Mar-2010,1000,900,0,Sep-2012\n\
                    Charged Off,60 months,10%,Mar-2010,1000,100,0,Apr-2010\n";
        let text = format!("{header}{rows}");
        let book = LoanBook::from_reader(text.as_bytes(), ReadOptions::default()).unwrap();
        let found = vintages(&LoanData::new(book, &Selection::default()));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].quarter.as_str(), found[0].n), ("2010Q1", 4));
        assert_eq!(found[0].months, [6, 12, 18, 24, 30, 36, 42]);
        let quarter = Some(0.25);
        assert_eq!(
            found[0].charged_off,
            [Some(0.0), quarter, quarter, quarter, quarter, None, None]
        );
    }
}
