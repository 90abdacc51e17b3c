//! Decide on every quarter, then look.

use super::evaluate::evaluate;
use super::judged::Judged;
use super::{QuarterSummary, TestQuarter, WalkForwardResults, WalkForwardSettings, scores};
use crate::lend::LendError;

/// Ranks the loans of every quarter by every strategy, and compares what the rankings returned. Quarters are taken one
/// by one, so that only one is held at a time. `on_quarter` is handed each one's name when it is decided on.
///
/// # Errors
/// Where a setting is out of range, there is no quarter, one is an error, or does not allow a decision.
pub fn run(
    quarters: impl IntoIterator<Item = Result<TestQuarter, LendError>>,
    settings: &WalkForwardSettings,
    on_quarter: &dyn Fn(&str),
) -> Result<WalkForwardResults, LendError> {
    settings.validate()?;
    let (mut summaries, mut judged) = (Vec::new(), Vec::new());
    for (stream, quarter) in quarters.into_iter().enumerate() {
        let quarter = quarter?;
        let in_quarter = |source: LendError| LendError::Quarter {
            quarter: quarter.name.clone(),
            source: Box::new(source),
        };
        quarter.validate().map_err(|e| in_quarter(e.into()))?;
        let scores = scores(&quarter.decision, settings, stream as u64).map_err(in_quarter)?;
        let known = &quarter.decision.known.loans;
        let completion = scores.completed.warnings.iter().map(ToString::to_string);
        let one = Judged::new(&quarter, &scores);
        summaries.push(QuarterSummary {
            quarter: quarter.name.clone(),
            n_known: known.len(),
            n_resolved: known.iter().filter(|l| l.state.is_resolved()).count(),
            completed_roi: scores.completed.mean_roi().unwrap_or(f64::NAN),
            completed_default_rate: scores.completed.default_rate().unwrap_or(f64::NAN),
            market: one.market(),
            warnings: quarter.warnings.iter().cloned().chain(completion).collect(),
        });
        judged.push(one);
        on_quarter(&quarter.name);
    }
    evaluate(summaries, &judged, settings)
}
