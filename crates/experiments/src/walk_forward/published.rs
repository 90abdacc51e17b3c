//! The published way: a classifier of default, trained on the loans whose outcome is known.

use fuzzysvm_core::{Label, Samples};
use fuzzysvm_datasets::table::{Scaler, ScalerKind};
use fuzzysvm_estimator::{Data, EstimatorError};
use fuzzysvm_portfolio::LoanState;

use super::score::lowest;
use super::{Decision, WalkForwardSettings};

/// The decision values of the offered loans by every method among the strategies, tuned and trained on the resolved
/// loans alone; above 0 is predicted to default. Of more than are allowed, those with the lowest `draws` are taken.
pub(super) fn decisions(
    decision: &Decision,
    settings: &WalkForwardSettings,
    draws: &[f64],
    stream: u64,
) -> Result<Vec<Vec<f64>>, EstimatorError> {
    let methods = settings.methods();
    if methods.is_empty() {
        return Ok(Vec::new());
    }
    let known = &decision.known;
    let outcome = |(i, loan): (usize, &fuzzysvm_portfolio::ObservedLoan)| match loan.state {
        LoanState::ChargedOff { .. } => Some((i, Label::Positive)),
        LoanState::Paid { .. } => Some((i, Label::Negative)),
        _ => None,
    };
    let resolved = known.loans.iter().enumerate().filter_map(outcome);
    let resolved: Vec<(usize, Label)> = resolved.collect();
    let of_resolved: Vec<f64> = resolved.iter().map(|&(i, _)| draws[i]).collect();
    let drawn = lowest(&of_resolved, settings.max_method_loans);
    let drawn = resolved.into_iter().zip(drawn).filter(|(_, drawn)| *drawn);
    let (rows, y): (Vec<usize>, Vec<Label>) = drawn.map(|(loan, _)| loan).unzip();
    // Features come scaled by all known loans; what is learnt here sees the resolved ones alone.
    let x = known.x.view().select_rows(&rows);
    let scaler = Scaler::fit(ScalerKind::Standard, x.view())?;
    let x_train = scaler.transform(x.view())?;
    let x_new = scaler.transform(decision.offered.x.view())?;
    let names: Vec<String> = (1..=x.n_cols()).map(|i| i.to_string()).collect();
    let train = Samples::new(x_train.view(), &y)?;
    let seed = settings.seed.wrapping_mul(1_000_003).wrapping_add(stream);
    let data = Data::from_matrix(x, y.clone())?;
    let tuned = settings
        .tuning
        .tune(&methods, (&data, None), (train, &names), seed, &|_| {})?;
    let of_method = tuned.iter().map(|tuned| {
        let fitted = tuned.fit(train)?;
        Ok(fitted.classifier.decision_function(x_new.view())?)
    });
    of_method.collect()
}
