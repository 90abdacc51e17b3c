//! Laws that every [`PortfolioRule`], every [`Completion`] and every [`ReturnModel`] must satisfy, as plain functions to
//! run on your own.
//!
//! Each returns `Err` with a sentence where the law does not hold.

use fuzzysvm_core::Matrix;

use crate::{
    Candidates, CompletedLoans, Completion, LoanState, LoanTerms, LoansToForecast, LoansToLearn,
    ObservedLoan, PortfolioError, PortfolioRule, ReturnModel,
};

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

/// One outcome per loan: p_bad in [0, 1], returns finite and ≥ −1 (up to 1e-12), and a resolved loan keeps its own
/// outcome and return.
///
/// # Errors
/// A sentence with the first outcome that breaks the law, or the completion's own error.
pub fn completion_keeps_what_is_known<C: Completion + ?Sized>(
    completion: &C,
    loans: &[ObservedLoan],
    x: Matrix<'_>,
) -> Result<(), String> {
    let completed = complete(completion, loans, x)?;
    if completed.loans.len() != loans.len() {
        return Err(format!(
            "{} outcomes for {} loans",
            completed.loans.len(),
            loans.len()
        ));
    }
    for (i, (loan, c)) in loans.iter().zip(&completed.loans).enumerate() {
        let lawful = |roi: f64| roi.is_finite() && roi >= -1.0 - 1e-12;
        // Written so that NaN fails.
        if !((0.0..=1.0).contains(&c.p_bad) && lawful(c.roi_bad) && lawful(c.roi_paid)) {
            return Err(format!("loan {i} becomes {c:?}"));
        }
        let kept = match loan.state {
            LoanState::Open { .. } => true,
            LoanState::Paid { roi, .. } => c.p_bad == 0.0 && c.roi_paid == roi,
            LoanState::ChargedOff { roi, .. } => c.p_bad == 1.0 && c.roi_bad == roi,
        };
        if !kept {
            return Err(format!("loan {i} is {:?} and becomes {c:?}", loan.state));
        }
    }
    Ok(())
}

/// Permuting the loans permutes the outcomes.
///
/// # Errors
/// A sentence with the first outcome that differs by more than 1e-6, or the completion's own error.
pub fn order_of_loans_does_not_matter<C: Completion + ?Sized>(
    completion: &C,
    loans: &[ObservedLoan],
    x: Matrix<'_>,
    permutation: &[usize],
) -> Result<(), String> {
    let plain = complete(completion, loans, x)?;
    let permuted: Vec<ObservedLoan> = permutation.iter().map(|&i| loans[i]).collect();
    let rows = x.select_rows(permutation);
    let other = complete(completion, &permuted, rows.view())?;
    let expected = CompletedLoans::new(
        permutation.iter().map(|&i| plain.loans[i]).collect(),
        Vec::new(),
    );
    same(&expected, &other)
}

/// Amounts are only a unit: `factor` times the amount lent and the installment changes nothing.
///
/// # Errors
/// A sentence with the first outcome that differs by more than 1e-6, or the completion's own error.
pub fn amounts_of_loans_are_only_units<C: Completion + ?Sized>(
    completion: &C,
    loans: &[ObservedLoan],
    x: Matrix<'_>,
    factor: f64,
) -> Result<(), String> {
    let plain = complete(completion, loans, x)?;
    let scaled: Vec<ObservedLoan> = loans
        .iter()
        .map(|loan| {
            let mut loan = *loan;
            loan.terms.funded_amnt *= factor;
            loan.terms.installment *= factor;
            loan
        })
        .collect();
    same(&plain, &complete(completion, &scaled, x)?)
}

/// One finite forecast per loan, which does not depend on what else is forecast. Probabilities of repayment, for models that
/// need them, are made up from the first feature.
///
/// # Errors
/// A sentence with the first forecast that breaks the law, or the model's own error.
pub fn each_loan_is_forecast_on_its_own<M: ReturnModel + ?Sized>(
    model: &M,
    learnt: LoansToLearn<'_>,
    x: Matrix<'_>,
    terms: &[LoanTerms],
) -> Result<(), String> {
    let words = |e: PortfolioError| e.to_string();
    let fitted = model.fit(learnt).map_err(words)?;
    let p = made_up_probabilities(x);
    let of = |from: usize, to: usize| {
        let loans = LoansToForecast::new(x.slice_rows(from, to)).with_terms(&terms[from..to])?;
        fitted.forecast(loans.with_p_paid(&p[from..to])?)
    };
    let n = terms.len();
    let all = of(0, n).map_err(words)?;
    if all.len() != n {
        return Err(format!("{} forecasts for {n} loans", all.len()));
    }
    for (i, &forecast) in all.iter().enumerate() {
        let alone = of(i, i + 1).map_err(words)?;
        // Written so that NaN fails.
        if !(forecast.is_finite() && alone == [forecast]) {
            return Err(format!("loan {i} is forecast {forecast}, alone {alone:?}"));
        }
    }
    Ok(())
}

/// Permuting the loans that a return model learns from changes no forecast.
///
/// # Errors
/// A sentence with the first forecast that differs by more than 1e-6, or the model's own error.
pub fn order_of_learnt_loans_does_not_matter<M: ReturnModel + ?Sized>(
    model: &M,
    (x, returns): (Matrix<'_>, &[f64]),
    observed: &[ObservedLoan],
    permutation: &[usize],
) -> Result<(), String> {
    let terms: Vec<LoanTerms> = observed.iter().map(|loan| loan.terms).collect();
    let p = made_up_probabilities(x);
    let forecast = |order: &[usize]| {
        let rows = x.select_rows(order);
        let returns: Vec<f64> = order.iter().map(|&i| returns[i]).collect();
        let observed: Vec<ObservedLoan> = order.iter().map(|&i| observed[i]).collect();
        let learnt = LoansToLearn::new(rows.view(), &returns)?.with_observed(&observed)?;
        let offered = LoansToForecast::new(x).with_terms(&terms)?;
        model.fit(learnt)?.forecast(offered.with_p_paid(&p)?)
    };
    let words = |e: PortfolioError| e.to_string();
    let as_given: Vec<usize> = (0..terms.len()).collect();
    let both = [&as_given[..], permutation].map(|order| forecast(order).map_err(words));
    let [plain, permuted] = both;
    for (i, (a, b)) in plain?.iter().zip(permuted?).enumerate() {
        let near = (a - b).abs() <= 1e-6;
        // NaN is not near either.
        if !near {
            return Err(format!(
                "loan {i} is forecast {a} in one order and {b} in another"
            ));
        }
    }
    Ok(())
}

fn made_up_probabilities(x: Matrix<'_>) -> Vec<f64> {
    let first = x.rows().map(|row| row.first().copied().unwrap_or(0.0));
    first.map(|v| 1.0 / (1.0 + (-v).exp())).collect()
}

fn complete<C: Completion + ?Sized>(
    completion: &C,
    loans: &[ObservedLoan],
    x: Matrix<'_>,
) -> Result<CompletedLoans, String> {
    completion.complete(loans, x).map_err(|e| e.to_string())
}

fn same(expected: &CompletedLoans, found: &CompletedLoans) -> Result<(), String> {
    for (i, (a, b)) in expected.loans.iter().zip(&found.loans).enumerate() {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6;
        if !(near(a.p_bad, b.p_bad) && near(a.roi_bad, b.roi_bad) && near(a.roi_paid, b.roi_paid)) {
            return Err(format!("loan {i} becomes {b:?} where it became {a:?}"));
        }
    }
    Ok(())
}
