//! Times EFSVM's tuning by cross-validation and prints one JSON line.
//!
//! `peer_tune DIR`: DIR holds `X.f64`, `y.f64`, `folds.f64` (little-endian doubles; the fold of every
//! row) and `meta.json` with `d`. The grid is the default one, k = 1, 3, …, 15.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fuzzysvm::core::{Label, Matrix, Samples};
use fuzzysvm::membership::Efsvm;
use fuzzysvm::svm::tuning::{GridSearch, TuningFold};
use fuzzysvm_benches::doubles;

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args().nth(1).ok_or("usage: peer_tune DIR")?;
    let dir = Path::new(&dir);
    let meta: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("meta.json"))?)?;
    let d = meta["d"].as_u64().ok_or("meta.json has no d")? as usize;
    let (x, y) = (doubles(&dir.join("X.f64"))?, doubles(&dir.join("y.f64"))?);
    let (x, of) = (Matrix::new(&x, d)?, doubles(&dir.join("folds.f64"))?);
    let labels: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();

    let start = Instant::now();
    let mut parts = Vec::new();
    for f in 0..5 {
        let rows = |held_out: bool| -> Vec<usize> {
            (0..y.len())
                .filter(|&i| (of[i] == f64::from(f)) == held_out)
                .collect()
        };
        let pick = |rows: &[usize]| -> (_, Vec<Label>) {
            (
                x.select_rows(rows),
                rows.iter().map(|&i| labels[i]).collect(),
            )
        };
        parts.push((pick(&rows(false)), pick(&rows(true))));
    }
    let mut folds = Vec::new();
    for ((x_train, y_train), (x_valid, y_valid)) in &parts {
        let train = Samples::new(x_train.view(), y_train)?;
        folds.push(TuningFold {
            x_train: x_train.view(),
            y_train,
            x_valid: x_valid.view(),
            y_valid,
            candidates: Efsvm::default().candidates(train, &[1, 3, 5, 7, 9, 11, 13, 15])?,
        });
    }
    let errors = |truth: &[Label], predicted: &[Label]| {
        -(truth.iter().zip(predicted).filter(|(t, p)| t != p).count() as f64)
    };
    let table = GridSearch::default().run(&folds, &errors)?;
    let seconds = start.elapsed().as_secs_f64();
    let of_fold = |f: usize| -> f64 { table.cells.iter().map(|c| c.fold_scores[f]).sum() };
    let fold_scores: Vec<f64> = (0..folds.len()).map(of_fold).collect();
    println!(
        "{}",
        serde_json::json!({
            "s": seconds, "fits": table.fits, "fold_scores": fold_scores, "iterations": table.iterations,
            "unconverged": table.unconverged,
        })
    );
    Ok(())
}
