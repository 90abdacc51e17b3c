//! Do three classifiers differ over eight data sets? Friedman's test of all, then Wilcoxon's test of each against the
//! last, corrected by Holm.
//!
//! `cargo run -p fuzzysvm-evaluation --example compare_classifiers`

use fuzzysvm_evaluation::{EvaluationError, friedman, holm, wilcoxon_signed_rank};

fn main() -> Result<(), EvaluationError> {
    let names = ["SVM", "FSVM", "IEFSVM"];
    // Balanced accuracy, one row per data set.
    let table = [
        [0.71, 0.74, 0.78],
        [0.83, 0.82, 0.86],
        [0.64, 0.69, 0.70],
        [0.90, 0.91, 0.93],
        [0.58, 0.60, 0.66],
        [0.77, 0.78, 0.77],
        [0.69, 0.73, 0.75],
        [0.81, 0.80, 0.84],
    ];
    let test = friedman(&table)?;
    for (name, rank) in names.iter().zip(&test.average_ranks) {
        println!("{name}: mean rank {rank:.2}");
    }
    println!(
        "Friedman, over all orders of the ranks: p = {:.4}",
        test.p_value
    );

    let column = |j: usize| -> Vec<f64> { table.iter().map(|row| row[j]).collect() };
    let p_value = |j| wilcoxon_signed_rank(&column(2), &column(j)).map(|test| test.p_value);
    let adjusted = holm(&[p_value(0)?, p_value(1)?])?;
    for (name, p) in names.iter().zip(adjusted) {
        println!("IEFSVM against {name}: p = {p:.4} (Wilcoxon, Holm)");
    }
    Ok(())
}
