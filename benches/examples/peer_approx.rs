//! Fits the approximate machine to a folder of raw arrays, so that it can be timed beside a peer's.
//!
//! `peer_approx DIR HELD_OUT COMPONENTS C ROUNDS`: DIR as `dump_loans` writes it, of which the last `HELD_OUT` rows are
//! scored and the others learned from, with their weights. One JSON line: the least seconds of a fit and of the scores,
//! the primal objective, the duality gap. Writes the scores to `ours-approx.f64`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fuzzysvm::core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm::kernels::Rbf;
use fuzzysvm::svm::approx::ApproxSvc;
use fuzzysvm_benches::doubles;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, held_out, components, c, rounds] = args.as_slice() else {
        return Err("usage: peer_approx DIR HELD_OUT COMPONENTS C ROUNDS".into());
    };
    let dir = Path::new(dir);
    let meta: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("meta.json"))?)?;
    let d = meta["d"].as_u64().ok_or("meta.json has no d")? as usize;
    let gamma = meta["gamma"].as_f64().ok_or("meta.json has no gamma")?;
    let (x, y) = (doubles(&dir.join("X.f64"))?, doubles(&dir.join("y.f64"))?);
    let weights = doubles(&dir.join("w.f64"))?;
    let labels: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();
    let held_out: usize = held_out.parse()?;
    let n = labels.len().checked_sub(held_out).ok_or("too few rows")?;
    let train = Samples::new(Matrix::new(&x[..n * d], d)?, &labels[..n])?;
    let probe = Matrix::new(&x[n * d..], d)?;
    let svc = ApproxSvc {
        c: c.parse()?,
        kernel: Rbf { gamma }.into(),
        components: components.parse()?,
        ..ApproxSvc::default()
    };
    let (mut fit_s, mut predict_s) = (f64::INFINITY, f64::INFINITY);
    let mut last = None;
    for _ in 0..rounds.parse()? {
        let start = Instant::now();
        let model = svc.fit(train, Some(&weights[..n]))?;
        fit_s = fit_s.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let scores = model.decision_function(probe)?;
        predict_s = predict_s.min(start.elapsed().as_secs_f64());
        last = Some((model, scores));
    }
    let (model, scores) = last.ok_or("at least one round")?;
    let bytes: Vec<u8> = scores.iter().flat_map(|s| s.to_le_bytes()).collect();
    std::fs::write(dir.join("ours-approx.f64"), bytes)?;
    let line = serde_json::json!({
        "fit_s": fit_s, "predict_s": predict_s, "objective": model.info.primal, "gap": model.info.duality_gap,
    });
    println!("{line}");
    Ok(())
}
