//! Fits the baselines on trees to a folder of raw arrays and scores rows, so that both can be timed beside a peer's.
//!
//! `peer_trees DIR METHODS ROUNDS`: DIR as `dump_loans` writes it. One JSON line per method: the least wall seconds and
//! the least CPU seconds (of all threads) of a fit and of scoring `Xp.f64`, defaults of `cs-rf` and `cs-xgboost`.
//! Writes the scores to `ours-METHOD.f64`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm_benches::doubles;

/// CPU seconds of all threads of this process; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let of_thread = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    let threads = std::fs::read_dir("/proc/self/task");
    let nanoseconds: f64 = threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| of_thread(thread.path()))
        .sum();
    nanoseconds * 1e-9
}

/// The least wall and CPU seconds of some rounds, and the last result.
fn timed<T, E>(rounds: usize, of: impl Fn() -> Result<T, E>) -> Result<([f64; 2], T), E> {
    let mut least = [f64::INFINITY; 2];
    let once = |least: &mut [f64; 2]| {
        let (cpu, start) = (cpu_seconds(), Instant::now());
        let result = of();
        let wall = start.elapsed().as_secs_f64();
        *least = [least[0].min(wall), least[1].min(cpu_seconds() - cpu)];
        result
    };
    let mut last = once(&mut least)?;
    for _ in 1..rounds {
        last = once(&mut least)?;
    }
    Ok((least, last))
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, methods, rounds] = args.as_slice() else {
        return Err("usage: peer_trees DIR METHODS ROUNDS".into());
    };
    let (dir, rounds) = (Path::new(dir), rounds.parse()?);
    let meta: serde_json::Value = serde_json::from_slice(&std::fs::read(dir.join("meta.json"))?)?;
    let d = meta["d"].as_u64().ok_or("meta.json has no d")? as usize;
    let (x, y) = (doubles(&dir.join("X.f64"))?, doubles(&dir.join("y.f64"))?);
    let labels: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();
    let train = Samples::new(Matrix::new(&x, d)?, &labels)?;
    let probe = doubles(&dir.join("Xp.f64"))?;
    let probe = Matrix::new(&probe, d)?;
    for method in methods.split(',') {
        let learner: BaselineKind = method.parse()?;
        let (fit, model) = timed(rounds, || learner.fit(train, None))?;
        let (predict, scores) = timed(rounds, || model.decision_function(probe))?;
        let bytes: Vec<u8> = scores.iter().flat_map(|s| s.to_le_bytes()).collect();
        std::fs::write(dir.join(format!("ours-{method}.f64")), bytes)?;
        let line = serde_json::json!({
            "method": method, "fit_s": fit[0], "fit_cpu_s": fit[1], "predict_s": predict[0], "predict_cpu_s": predict[1],
        });
        println!("{line}");
    }
    Ok(())
}
