//! CSV tables.

use crate::case;
use crate::common::Bench;

/// `evaluate` with class costs over five folds: balanced accuracy and ranking AUC.
fn evaluated(name: &str, flags: &str) -> Option<(f64, f64)> {
    let path = case(name)?;
    let bench = Bench::new();
    let found = bench.json(&format!(
        "evaluate {} --target class --method class-cost {flags}",
        path.display()
    ));
    Some((
        found["balanced_accuracy"].as_f64().unwrap(),
        found["roc_auc"].as_f64().unwrap(),
    ))
}

#[test]
fn the_base_table() {
    let Some((balanced, auc)) = evaluated("tables/00_base.csv", "") else {
        return;
    };
    assert!((balanced - 0.5625).abs() < 5e-5, "{balanced}");
    assert!((auc - 0.5920).abs() < 5e-5, "{auc}");
}
