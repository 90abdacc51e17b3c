//! Scores the held-out rows of every fold by the baselines, options matched to those of `benches/peers/baselines.py`.
//!
//! `peer_baselines DIR SETS METHODS SEED`: DIR holds `SET/` with `X.f64`, `y.f64`, `folds.f64` (repeats × rows,
//! the fold in which a row is held out; little-endian doubles) and `meta.json` with `n` and `d`. Writes
//! `SET/ours-METHOD-SEED.f64`, as large as `folds.f64`.

use std::error::Error;
use std::path::Path;

use fuzzysvm::baselines::{
    BaselineKind, Bootstrap, ClassWeight, Combine, CsAdaBoost, CsRandomForest, CsXgBoost,
    EasyEnsemble, RusBoost, RusBoostAlgorithm, WElm,
};
use fuzzysvm::core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm_benches::doubles;

/// The baseline with the peer's options.
fn matched(method: &str) -> Result<BaselineKind, Box<dyn Error>> {
    Ok(match method {
        "adaboost" => CsAdaBoost {
            class_weight: ClassWeight::Equal,
            ..CsAdaBoost::default()
        }
        .into(),
        "cs-rf" => CsRandomForest::default().into(),
        "cs-rf-drawn" => CsRandomForest {
            bootstrap: Bootstrap::Weighted,
            ..CsRandomForest::default()
        }
        .into(),
        "cs-rf-leaf5" => {
            let mut forest = CsRandomForest::default();
            forest.tree.min_samples_leaf = 5;
            forest.into()
        }
        "easy-ensemble" => EasyEnsemble {
            combine: Combine::Probabilities,
            ..EasyEnsemble::default()
        }
        .into(),
        "rusboost" => RusBoost {
            algorithm: RusBoostAlgorithm::Samme,
            ..RusBoost::default()
        }
        .into(),
        "w-elm" => WElm::default().into(),
        "cs-xgboost" => CsXgBoost::default().into(),
        other => return Err(format!("no method is called {other}").into()),
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, sets, methods, seed] = args.as_slice() else {
        return Err("usage: peer_baselines DIR SETS METHODS SEED".into());
    };
    let first: u64 = seed.parse()?;
    for set in sets.split(',') {
        let dir = Path::new(dir).join(set);
        let meta: serde_json::Value =
            serde_json::from_slice(&std::fs::read(dir.join("meta.json"))?)?;
        let size = |key: &str| meta[key].as_u64().map(|v| v as usize).ok_or("meta.json");
        let (n, d) = (size("n")?, size("d")?);
        let (data, y) = (doubles(&dir.join("X.f64"))?, doubles(&dir.join("y.f64"))?);
        let folds = doubles(&dir.join("folds.f64"))?;
        let x = Matrix::new(&data, d)?;
        let y: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();
        for method in methods.split(',') {
            let learner = matched(method)?;
            let mut scores = vec![0.0; folds.len()];
            for (r, (folds, scores)) in folds.chunks(n).zip(scores.chunks_mut(n)).enumerate() {
                for fold in 0..5 {
                    let (test, train): (Vec<usize>, Vec<usize>) =
                        (0..n).partition(|&i| folds[i] == f64::from(fold));
                    let x_train = x.select_rows(&train);
                    let y_train: Vec<Label> = train.iter().map(|&i| y[i]).collect();
                    let learner = learner
                        .clone()
                        .with_seed(first + 5 * r as u64 + fold as u64);
                    let model = learner.fit(Samples::new(x_train.view(), &y_train)?, None)?;
                    let held_out = model.decision_function(x.select_rows(&test).view())?;
                    for (i, score) in test.into_iter().zip(held_out) {
                        scores[i] = score;
                    }
                }
            }
            let bytes: Vec<u8> = scores.iter().flat_map(|s| s.to_le_bytes()).collect();
            std::fs::write(dir.join(format!("ours-{method}-{seed}.f64")), bytes)?;
        }
    }
    Ok(())
}
