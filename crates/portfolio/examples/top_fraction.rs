//! From features and past returns to amounts: a regression forecasts the returns of loans on offer, and the best
//! fifth of them shares the budget.
//!
//! `cargo run -p fuzzysvm-portfolio --example top_fraction`

use fuzzysvm_core::Matrix;
use fuzzysvm_portfolio::{Candidates, LinearReturn, PortfolioRule, TopFraction};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Finished loans: interest rate and debt-to-income ratio, and what they returned.
    let finished = [
        0.08, 0.10, 0.09, 0.25, 0.12, 0.05, 0.14, 0.30, 0.16, 0.12, 0.18, 0.35,
    ];
    let returns = [0.07, 0.05, 0.11, 0.06, 0.14, 0.08];
    let model = LinearReturn.fit_linear(Matrix::new(&finished, 2)?, &returns)?;

    let offered = [
        0.10, 0.20, 0.15, 0.08, 0.13, 0.33, 0.17, 0.15, 0.09, 0.05, 0.11, 0.28, 0.16, 0.22, 0.14,
        0.12, 0.18, 0.30, 0.12, 0.18,
    ];
    let forecast = model.forecast(Matrix::new(&offered, 2)?)?;

    // At most 600 per loan.
    let caps = vec![600.0; forecast.len()];
    let candidates = Candidates::new(&forecast)?.with_cap(&caps)?;
    let amounts = TopFraction { fraction: 0.2 }.allocate(candidates, 1000.0)?;
    for (loan, (amount, forecast)) in amounts.iter().zip(&forecast).enumerate() {
        println!(
            "loan {loan}: forecast {:5.2} %, buy {amount:.0}",
            100.0 * forecast
        );
    }
    Ok(())
}
