//! Completes the open loans of a book and forecasts new loans, so that the numbers can be compared with a peer's.
//!
//! `peer_completion FILE` reads one JSON object: `known` and `x`, loans as [`ObservedLoan`] with a row of features
//! each, and `offered` and `x_new`, terms with features. It prints one JSON object of lists: `p_bad`, `roi_bad` and
//! `roi_paid` of the known loans, and `expected_roi` of the new ones.

use std::error::Error;

use fuzzysvm::core::MatrixBuf;
use fuzzysvm::portfolio::{Completed, LoanTerms, ObservedLoan, SurvivalCompletion};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args()
        .nth(1)
        .ok_or("usage: peer_completion FILE")?;
    let input: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let known: Vec<ObservedLoan> = serde_json::from_value(input["known"].clone())?;
    let offered: Vec<LoanTerms> = serde_json::from_value(input["offered"].clone())?;
    let (x, x_new) = (matrix(&input["x"])?, matrix(&input["x_new"])?);
    let hazards = SurvivalCompletion::default().fit(&known, x.view())?;
    let completed = hazards.complete(&known, x.view())?;
    let forecast = hazards.forecast(&offered, x_new.view())?;
    let list = |of: fn(&Completed) -> f64| -> Vec<f64> { completed.loans.iter().map(of).collect() };
    let expected: Vec<f64> = forecast.iter().map(Completed::expected_roi).collect();
    let found = json!({
        "p_bad": list(|loan| loan.p_bad),
        "roi_bad": list(|loan| loan.roi_bad),
        "roi_paid": list(|loan| loan.roi_paid),
        "expected_roi": expected,
    });
    println!("{found}");
    Ok(())
}

/// Rows of equal length.
fn matrix(rows: &Value) -> Result<MatrixBuf, Box<dyn Error>> {
    let rows: Vec<Vec<f64>> = serde_json::from_value(rows.clone())?;
    let n_columns = rows.first().map_or(0, Vec::len);
    Ok(MatrixBuf::new(rows.concat(), n_columns)?)
}
