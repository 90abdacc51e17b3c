//! Laws that every [`PortfolioRule`] must satisfy, as plain functions to run on your own rules.
//!
//! Each returns `Err` with a sentence where the law does not hold.

use crate::{Candidates, PortfolioRule};

/// 0 ≤ a_i ≤ cap_i, Σ a_i ≤ budget (up to 1e-9 of it), one amount per candidate.
///
/// # Errors
/// A sentence with the first amount out of bounds, or the rule's own error.
pub fn allocation_is_feasible<R: PortfolioRule + ?Sized>(
    rule: &R,
    candidates: Candidates<'_>,
    budget: f64,
) -> Result<(), String> {
    let amounts = rule
        .allocate(candidates, budget)
        .map_err(|e| e.to_string())?;
    if amounts.len() != candidates.n_candidates() {
        return Err(format!(
            "{} amounts for {} candidates",
            amounts.len(),
            candidates.n_candidates()
        ));
    }
    for (i, &a) in amounts.iter().enumerate() {
        // Written so that NaN fails.
        if !(a >= 0.0 && a <= candidates.cap(i)) {
            return Err(format!(
                "candidate {i} gets {a} with cap {}",
                candidates.cap(i)
            ));
        }
    }
    let spent: f64 = amounts.iter().sum();
    if spent > budget * (1.0 + 1e-9) {
        return Err(format!("{spent} is spent of {budget}"));
    }
    Ok(())
}

/// Without caps the budget is only a unit: twice the budget buys twice of everything.
///
/// # Errors
/// A sentence with the first amount that does not scale (to 1e-12, relative), or the rule's own error.
pub fn amounts_scale_with_the_budget<R: PortfolioRule + ?Sized>(
    rule: &R,
    forecast: &[f64],
    budget: f64,
    factor: f64,
) -> Result<(), String> {
    let run = |budget| {
        Candidates::new(forecast)
            .and_then(|c| rule.allocate(c, budget))
            .map_err(|e| e.to_string())
    };
    for (i, (a, b)) in run(budget)?.iter().zip(run(budget * factor)?).enumerate() {
        if (a * factor - b).abs() > 1e-12 * b.abs().max(f64::MIN_POSITIVE) {
            return Err(format!("candidate {i}: {a} times {factor} is not {b}"));
        }
    }
    Ok(())
}

/// Where no forecasts tie, permuting the candidates permutes the amounts.
///
/// # Errors
/// A sentence with the first amount that differs by more than 1e-9 of the budget, or the rule's error.
pub fn order_does_not_matter<R: PortfolioRule + ?Sized>(
    rule: &R,
    forecast: &[f64],
    cap: &[f64],
    budget: f64,
    permutation: &[usize],
) -> Result<(), String> {
    let run = |forecast: &[f64], cap: &[f64]| {
        Candidates::new(forecast)
            .and_then(|c| c.with_cap(cap))
            .and_then(|c| rule.allocate(c, budget))
            .map_err(|e| e.to_string())
    };
    let plain = run(forecast, cap)?;
    let pick = |v: &[f64]| permutation.iter().map(|&i| v[i]).collect::<Vec<_>>();
    for (at, amount) in run(&pick(forecast), &pick(cap))?.into_iter().enumerate() {
        let expected = plain[permutation[at]];
        if (amount - expected).abs() > 1e-9 * budget {
            return Err(format!(
                "candidate {} gets {expected} in one order and {amount} in another",
                permutation[at]
            ));
        }
    }
    Ok(())
}
