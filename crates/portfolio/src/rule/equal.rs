//! The best forecasts, and equal amounts under caps.

use super::Candidates;

/// Spreads `budget` over the `chosen` loans as evenly as their caps let: every loan gets its cap or the
/// common level, whichever is less. Loans are filled in the order of their caps, so this is exact in one
/// pass. Where none is chosen, nothing is spent.
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

/// The `count` candidates with the highest forecasts, best first; equal forecasts go to the lower index.
pub(super) fn best(candidates: Candidates<'_>, count: usize) -> Vec<usize> {
    let forecast = candidates.forecast();
    let mut order: Vec<usize> = (0..candidates.n_candidates()).collect();
    // The sort is stable, so equal forecasts stay in the order of their index; adding 0 makes −0 a 0.
    order.sort_by(|&a, &b| (forecast[b] + 0.0).total_cmp(&(forecast[a] + 0.0)));
    order.truncate(count);
    order
}
