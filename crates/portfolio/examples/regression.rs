//! What a regression of returns is worth: standard errors, t values, variance inflation, and the features to leave out, by
//! name.
//!
//! `cargo run -p fuzzysvm-portfolio --example regression`

use fuzzysvm_core::Matrix;
use fuzzysvm_portfolio::LinearReturn;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A full set of one-hot columns: each is what the others leave of 1.
    let names = ["int_rate", "dti", "home=own", "home=rent"];
    let x = [
        0.08, 0.10, 1.0, 0.0, 0.09, 0.25, 0.0, 1.0, 0.12, 0.05, 1.0, 0.0, 0.14, 0.30, 0.0, 1.0,
        0.16, 0.12, 0.0, 1.0, 0.18, 0.35, 1.0, 0.0, 0.11, 0.20, 0.0, 1.0,
    ];
    let returns = [0.07, 0.05, 0.11, 0.06, 0.14, 0.08, 0.07];
    let (fitted, statistics) =
        LinearReturn.fit_with_statistics(Matrix::new(&x, names.len())?, &returns)?;
    let number = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.3}"));
    println!(
        "{:<10} {:>11} {:>11} {:>8} {:>6}",
        "", "coefficient", "std. error", "t", "VIF"
    );
    for (j, name) in names.iter().enumerate() {
        let s = statistics.features[j];
        println!(
            "{name:<10} {:>11.3} {:>11} {:>8} {:>6}",
            fitted.coefficients[j],
            number(s.standard_error),
            number(s.t_value),
            number(s.vif)
        );
    }
    println!(
        "{} residual degrees of freedom, R² {}",
        statistics.residual_degrees_of_freedom,
        number(statistics.r_squared)
    );
    println!(
        "leave out: {}",
        statistics.redundant_among(&names).join(", ")
    );
    Ok(())
}
