//! What a book of open loans is expected to return: resolved loans alone say that it loses money.
//!
//! `cargo run -p fuzzysvm-portfolio --example complete_book`

use fuzzysvm_core::Matrix;
use fuzzysvm_portfolio::{LoanState, LoanTerms, ObservedLoan, SurvivalCompletion};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // 600 loans of 1000 for 36 months, issued month by month over two years. The feature is the borrower's debt,
    // standardised; indebted borrowers pay 18 % instead of 10 %.
    let terms = |indebted: bool| LoanTerms {
        term_months: 36,
        annual_rate: if indebted { 0.18 } else { 0.10 },
        installment: if indebted { 36.15 } else { 32.27 },
        funded_amnt: 1000.0,
    };
    let (mut loans, mut x) = (Vec::new(), Vec::new());
    for i in 0..600u32 {
        let indebted = i % 2 == 0;
        let age = 1 + i / 25;
        // Of twenty loans three are charged off, two of them of indebted borrowers, and two are repaid early.
        let state = match i % 20 {
            1 | 2 | 4 if age >= 9 => LoanState::ChargedOff {
                after_months: 9,
                roi: -0.82,
            },
            3 | 6 if age >= 12 => LoanState::Paid {
                after_months: 12,
                roi: if indebted { 0.14 } else { 0.08 },
            },
            _ => LoanState::Open { age_months: age },
        };
        loans.push(ObservedLoan {
            terms: terms(indebted),
            state,
        });
        x.push(if indebted { 1.0 } else { -1.0 });
    }

    let fitted = SurvivalCompletion::default().fit(&loans, Matrix::new(&x, 1)?)?;
    let completed = fitted.complete(&loans, Matrix::new(&x, 1)?)?;
    for warning in &completed.warnings {
        println!("warning: {warning}");
    }
    let roi = |loan: &ObservedLoan| match loan.state {
        LoanState::Paid { roi, .. } | LoanState::ChargedOff { roi, .. } => Some(roi),
        _ => None,
    };
    let resolved: Vec<f64> = loans.iter().filter_map(roi).collect();
    let mean = resolved.iter().sum::<f64>() / resolved.len() as f64;
    println!(
        "mean return of the {} resolved loans: {:6.2} %",
        resolved.len(),
        100.0 * mean
    );
    if let (Some(roi), Some(bad)) = (completed.mean_roi(), completed.default_rate()) {
        println!(
            "of all {} loans, completed:       {:6.2} %",
            loans.len(),
            100.0 * roi
        );
        println!("default rate, completed:            {:6.2} %", 100.0 * bad);
    }

    let offered = [terms(true), terms(false)];
    let forecast = fitted.forecast(&offered, Matrix::new(&[1.0, -1.0], 1)?)?;
    for (name, loan) in ["indebted", "others"].into_iter().zip(&forecast) {
        println!(
            "a new loan, {name}: {:5.1} % chance of default, expected return {:5.2} %",
            100.0 * loan.p_bad,
            100.0 * loan.expected_roi()
        );
    }
    Ok(())
}
