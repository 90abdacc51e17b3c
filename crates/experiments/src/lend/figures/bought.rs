//! The first loans that the designated method bought.

use fuzzysvm_estimator::LoanData;

use super::loans::Loans;
use super::reasons::Explained;
use super::results::{BoughtLoan, BoughtLoans};
use super::trial::MethodInTrial;
use crate::lend::trial::name_of;

/// How many are shown.
const SHOWN: usize = 20;

/// The loans in the order in which the method ranks them.
pub(super) fn bought(
    trial: usize,
    method: &MethodInTrial<'_>,
    (data, samples): (&LoanData, &[usize]),
    loans: &Loans<'_>,
    explained: &Explained,
) -> Option<BoughtLoans> {
    let mut order: Vec<&(usize, f64)> = method.bought.iter().collect();
    order.sort_by(|a, b| method.values[b.0].total_cmp(&method.values[a.0]));
    let shown = order.iter().take(SHOWN).enumerate();
    let shown = shown.map(|(i, &&(place, amount))| {
        let row = data.selected().rows[samples[place]];
        BoughtLoan {
            rank: i + 1,
            loan: name_of(&data.book().loan(row)),
            issued: loans.issued[place].to_string(),
            grade: loans.grade[place].map(String::from),
            rate: loans.rate[place],
            term: loans.term[place],
            amount,
            score: method.scores[place],
            probability: method.probabilities.as_ref().map(|p| p.test[place]),
            forecast: method.forecast[place],
            realised: loans.realised[place],
            charged_off: loans.charged_off[place],
            reasons: explained.reasons.get(&place).cloned().unwrap_or_default(),
            neighbors: explained.neighbors.get(&place).cloned().unwrap_or_default(),
        }
    });
    (!order.is_empty()).then(|| BoughtLoans {
        method: method.id.to_owned(),
        trial,
        n: order.len(),
        loans: shown.collect(),
    })
}
