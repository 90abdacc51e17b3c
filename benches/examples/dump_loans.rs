//! Writes loans as raw arrays for `peer_fit` and for peers in other languages.
//!
//! `dump_loans DIR N [--loans FILE] [--c C]`
//!
//! N finished loans of 36 months (of the simulated book where no file is given) with IEFSVM weights and
//! γ = `scale`, and 10,000 rows to predict (the same loans over again): `X.f64`, `y.f64`, `w.f64`, `Xp.f64`
//! (little-endian doubles, row-major) and `meta.json`.

use std::error::Error;
use std::path::Path;

use fuzzysvm::core::{Label, MatrixBuf, Samples};
use fuzzysvm::datasets::lending_club::{DEFAULT_FEATURES, FeatureEncoder, LoanBook, Selection};
use fuzzysvm::kernels::Gamma;
use fuzzysvm::membership::{Iefsvm, Membership};
use fuzzysvm_benches::simulated_loans;

const N_PREDICT: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, n, ..] = args.as_slice() else {
        return Err("usage: dump_loans DIR N [--loans FILE] [--c C]".into());
    };
    let option = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|i| args.get(i + 1))
    };
    let n: usize = n.parse()?;
    let c: f64 = option("--c").map_or(Ok(1.0), |c| c.parse())?;
    let (x, y) = match option("--loans") {
        Some(file) => real_loans(file, n)?,
        None => simulated_loans(n),
    };
    let train = Samples::new(x.view(), &y)?;
    let weights = Iefsvm::default().membership(train)?;
    let rows: Vec<usize> = (0..N_PREDICT).map(|i| i % y.len()).collect();
    let signs: Vec<f64> = y.iter().map(|l| l.sign()).collect();
    let dir = Path::new(dir);
    std::fs::create_dir_all(dir)?;
    let write = |name: &str, values: &[f64]| {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(dir.join(name), bytes)
    };
    write("X.f64", x.view().as_slice())?;
    write("y.f64", &signs)?;
    write("w.f64", &weights)?;
    write("Xp.f64", x.view().select_rows(&rows).view().as_slice())?;
    let meta = serde_json::json!({
        "n": y.len(), "d": x.n_cols(), "gamma": Gamma::Scale.resolve(x.view())?, "C": c, "tol": 1e-3,
    });
    std::fs::write(dir.join("meta.json"), meta.to_string())?;
    println!("{meta}");
    Ok(())
}

fn real_loans(file: &str, n: usize) -> Result<(MatrixBuf, Vec<Label>), Box<dyn Error>> {
    let book = LoanBook::read_path(file)?;
    let all = Selection {
        term: None,
        include_off_policy: true,
        ..Selection::default()
    };
    let kept = all.select(&book);
    // Files are ordered by month: a stride takes loans of all of them.
    let n = n.min(kept.rows.len());
    let places: Vec<usize> = (0..n).map(|i| i * kept.rows.len() / n).collect();
    let rows: Vec<usize> = places.iter().map(|&i| kept.rows[i]).collect();
    let encoder = FeatureEncoder::fit(&book, &rows, DEFAULT_FEATURES)?;
    Ok((
        encoder.transform(&book, &rows)?,
        places.iter().map(|&i| kept.labels[i]).collect(),
    ))
}
