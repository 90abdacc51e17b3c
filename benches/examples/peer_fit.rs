//! Fits one weighted RBF classifier to a folder of raw arrays and prints one JSON line, so that our
//! fit can be timed beside a peer's on the same data.
//!
//! `peer_fit DIR [--c C] [--tol T] [--reps N] [--cache MB] [--working-set Q] [--shrinking false]
//! [--alpha FILE]`
//!
//! DIR holds `X.f64`, `y.f64` (±1), `w.f64` and `Xp.f64` (little-endian doubles, row-major) and
//! `meta.json` with `n`, `d`, `gamma`, `C` and `tol`. `--alpha` writes the α, one double per row.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fuzzysvm::core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm::svm::Svc;
use fuzzysvm_benches::{doubles, peak_mib};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = Path::new(
        args.first()
            .ok_or("usage: peer_fit DIR [--c C] [--alpha FILE] …")?,
    );
    let option = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|i| args.get(i + 1))
            .map(String::as_str)
    };
    let meta: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("meta.json"))?)?;
    let number = |flag: &str, key: &str| -> Result<f64, Box<dyn Error>> {
        match option(flag) {
            Some(text) => Ok(text.parse()?),
            None => meta[key]
                .as_f64()
                .ok_or_else(|| format!("meta.json has no {key}").into()),
        }
    };
    let d = number("--d", "d")? as usize;
    let (x, y, w) = (
        doubles(&dir.join("X.f64"))?,
        doubles(&dir.join("y.f64"))?,
        doubles(&dir.join("w.f64"))?,
    );
    let labels: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();
    let train = Samples::new(Matrix::new(&x, d)?, &labels)?;
    let mut svc = Svc::rbf(number("--c", "C")?, number("--gamma", "gamma")?);
    svc.solver.tol = number("--tol", "tol")?;
    if let Some(mb) = option("--cache") {
        svc.solver.cache_size = mb.parse()?;
    }
    if let Some(size) = option("--working-set") {
        svc.solver.working_set = Some(size.parse()?);
    }
    if let Some(on) = option("--shrinking") {
        svc.solver.shrinking = on.parse()?;
    }
    let reps: usize = option("--reps").unwrap_or("3").parse()?;
    let mut seconds = Vec::new();
    let mut model = None;
    for _ in 0..reps.max(1) {
        let start = Instant::now();
        model = Some(svc.fit(train, Some(&w))?);
        seconds.push(start.elapsed().as_secs_f64());
    }
    let peak = peak_mib();
    let model = model.ok_or("no fit")?;
    let probe = doubles(&dir.join("Xp.f64"))?;
    let start = Instant::now();
    let positive = model
        .decision_function(Matrix::new(&probe, d)?)?
        .iter()
        .filter(|v| **v > 0.0)
        .count();
    let predict = start.elapsed().as_secs_f64();
    let first = seconds[0];
    seconds.sort_by(f64::total_cmp);
    if let Some(file) = option("--alpha") {
        let bytes: Vec<u8> = model.alpha().iter().flat_map(|a| a.to_le_bytes()).collect();
        std::fs::write(file, bytes)?;
    }
    println!(
        "{}",
        serde_json::json!({
            "peak_mb": peak, "fit_s": seconds[seconds.len() / 2], "first_fit_s": first, "fits": seconds, "predict_s": predict,
            "dual_objective": -model.info.objective, "kkt_gap": model.info.kkt_gap,
            "iterations": model.info.iterations, "n_sv": model.support.len(), "positive": positive,
            "intercept": model.intercept,
        })
    );
    Ok(())
}
