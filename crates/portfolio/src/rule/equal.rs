//! Equal amounts under caps.

use super::Candidates;

/// Spreads `budget` over the `chosen` loans as evenly as their caps let: every loan gets its cap or the
/// common level, whichever is less. Loans are filled in the order of their caps, so this is exact in one
/// pass. `chosen` is not empty.
pub(super) fn equal_amounts(candidates: Candidates<'_>, chosen: &[usize], budget: f64) -> Vec<f64> {
    let mut amounts = vec![0.0; candidates.n_candidates()];
    let mut order = chosen.to_vec();
    order.sort_by(|&a, &b| candidates.cap(a).total_cmp(&candidates.cap(b)));
    let mut left = budget;
    for (done, &i) in order.iter().enumerate() {
        let level = left / (order.len() - done) as f64;
        amounts[i] = candidates.cap(i).min(level);
        left = (left - amounts[i]).max(0.0);
    }
    amounts
}
