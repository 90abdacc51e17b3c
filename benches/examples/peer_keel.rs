//! Times weighted RBF fits on folds of small sets and prints one JSON line a set and C.
//!
//! `peer_keel DIR SETS CS REPS`: DIR holds `SET-FOLD/` with `X.f64`, `y.f64`, `w.f64` (little-endian
//! doubles) and `meta.json` with `d`, `gamma` and `tol`, folds 0 to 4. Writes `alpha-ours-C.f64` there.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fuzzysvm::core::{Label, Learner, Matrix, Samples};
use fuzzysvm::svm::Svc;
use fuzzysvm_benches::doubles;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, sets, cs, reps] = args.as_slice() else {
        return Err("usage: peer_keel DIR SETS CS REPS".into());
    };
    let reps: usize = reps.parse()?;
    for set in sets.split(',') {
        for c in cs.split(',') {
            let mut total = 0.0;
            for fold in 0..5 {
                let dir = Path::new(dir).join(format!("{set}-{fold}"));
                let meta: serde_json::Value =
                    serde_json::from_slice(&std::fs::read(dir.join("meta.json"))?)?;
                let number = |key: &str| meta[key].as_f64().ok_or("meta.json");
                let (x, y) = (doubles(&dir.join("X.f64"))?, doubles(&dir.join("y.f64"))?);
                let w = doubles(&dir.join("w.f64"))?;
                let labels: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();
                let train = Samples::new(Matrix::new(&x, number("d")? as usize)?, &labels)?;
                let mut svc = Svc::rbf(c.parse()?, number("gamma")?);
                svc.solver.tol = number("tol")?;
                let mut seconds = Vec::new();
                let mut model = svc.fit(train, Some(&w))?;
                for _ in 0..reps {
                    let start = Instant::now();
                    model = svc.fit(train, Some(&w))?;
                    seconds.push(start.elapsed().as_secs_f64());
                }
                seconds.sort_by(f64::total_cmp);
                total += seconds[reps / 2];
                let bytes: Vec<u8> = model.alpha().iter().flat_map(|a| a.to_le_bytes()).collect();
                std::fs::write(dir.join(format!("alpha-ours-{c}.f64")), bytes)?;
            }
            println!("{}", serde_json::json!({ "set": set, "c": c, "s": total }));
        }
    }
    Ok(())
}
