//! Times the 15 nearest neighbors of all samples and the entropies of k = 1, 3, …, 15, and prints one
//! JSON line.
//!
//! `peer_neighbors DIR D`: DIR holds `X.f64` (row-major) and `y.f64`, little-endian doubles.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fuzzysvm::core::{Label, Matrix};
use fuzzysvm::knn_entropy::{NeighborSearch, SearchKind, class_entropy};
use fuzzysvm_benches::doubles;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, d] = args.as_slice() else {
        return Err("usage: peer_neighbors DIR D".into());
    };
    let dir = Path::new(dir);
    let (x, y) = (doubles(&dir.join("X.f64"))?, doubles(&dir.join("y.f64"))?);
    let labels: Vec<Label> = y.iter().map(|&v| Label::from_sign(v)).collect();
    let x = Matrix::new(&x, d.parse()?)?;
    let start = Instant::now();
    let table = SearchKind::Auto.among_themselves(x, 15)?;
    let entropies = class_entropy(&table, &labels, &[1, 3, 5, 7, 9, 11, 13, 15])?;
    let seconds = start.elapsed().as_secs_f64();
    let total: f64 = entropies.iter().sum();
    println!("{}", serde_json::json!({ "s": seconds, "entropy": total }));
    Ok(())
}
