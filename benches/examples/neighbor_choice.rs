//! Times the k-d tree against brute force, 15 nearest of all samples, and prints a table: what `Auto` of
//! `fuzzysvm-knn-entropy` decides by.
//!
//! `RAYON_NUM_THREADS=1 neighbor_choice [N,N,…] [KIND,KIND,…] [REPEATS] [D,D,…]`: runs alternate, medians; every pair of
//! tables is compared.

use std::error::Error;
use std::time::Instant;

use fuzzysvm::core::{Matrix, MatrixBuf};
use fuzzysvm::knn_entropy::{NeighborSearch, SearchKind};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const KINDS: [&str; 6] = [
    "normal", "factors", "clusters", "lattice", "binary", "one-hot",
];
const K: usize = 15;

/// Sum of twelve uniform numbers: normal enough.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| rng.random_range(-0.5..0.5)).sum()
}

fn samples(kind: &str, n: usize, d: usize) -> Result<MatrixBuf, Box<dyn Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(20_190_212);
    let rng = &mut rng;
    let mut x = vec![0.0; n * d];
    match kind {
        "normal" => x.fill_with(|| normal(rng)),
        // Three factors and a little of each column's own, as credit data have it.
        "factors" => {
            let loads: Vec<f64> = (0..3 * d).map(|_| normal(rng)).collect();
            for row in x.chunks_exact_mut(d) {
                let factors = [normal(rng), normal(rng), normal(rng)];
                for (c, v) in row.iter_mut().enumerate() {
                    let common: f64 = (0..3).map(|f| factors[f] * loads[f * d + c]).sum();
                    *v = common + 0.3 * normal(rng);
                }
            }
        }
        // Thirty centers, each with 0.05 around it.
        "clusters" => {
            let centers: Vec<f64> = (0..30 * d).map(|_| normal(rng)).collect();
            for row in x.chunks_exact_mut(d) {
                let center = rng.random_range(0..30) * d;
                for (c, v) in row.iter_mut().enumerate() {
                    *v = centers[center + c] + 0.05 * normal(rng);
                }
            }
        }
        // Whole numbers from 0 to 1, 2 or 3.
        "lattice-2" => x.fill_with(|| f64::from(rng.random_range(0..2i32))),
        "lattice-3" => x.fill_with(|| f64::from(rng.random_range(0..3i32))),
        "lattice-4" => x.fill_with(|| f64::from(rng.random_range(0..4i32))),
        // Two normal columns; the others are one-hot of one category, standardised as a scaler does.
        "one-hot" => {
            let categories = d.saturating_sub(2).max(1);
            let share = 1.0 / categories as f64;
            let deviation = (share * (1.0 - share)).sqrt().max(0.1);
            for row in x.chunks_exact_mut(d) {
                let category = rng.random_range(0..categories);
                for (c, v) in row.iter_mut().enumerate() {
                    *v = match c {
                        0 | 1 => normal(rng),
                        _ => (f64::from(u8::from(c - 2 == category)) - share) / deviation,
                    };
                }
            }
        }
        _ => return Err(format!("{kind} is none of {}", KINDS.join(", ")).into()),
    }
    Ok(MatrixBuf::new(x, d)?)
}

fn seconds(search: SearchKind, x: Matrix<'_>) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    std::hint::black_box(search.among_themselves(x, K)?);
    Ok(start.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |i: usize, default: &str| args.get(i).map_or(default, String::as_str).to_owned();
    let (sizes, kinds) = (arg(0, "500,2000,20000"), arg(1, &KINDS.join(",")));
    let repeats: usize = arg(2, "5").parse()?;
    let columns = arg(3, "1,2,3,4");
    println!("| data | n | d | tree ms | brute force ms | tree / brute force |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for n in sizes.split(',') {
        let n: usize = n.parse()?;
        for kind in kinds.split(',') {
            for d in columns.split(',') {
                let d: usize = d.parse()?;
                let x = samples(kind, n, d)?;
                let x = x.view();
                let (tree, brute) = (SearchKind::KdTree, SearchKind::BruteForce);
                if tree.among_themselves(x, K)? != brute.among_themselves(x, K)? {
                    return Err(format!("{kind}, n = {n}, d = {d}: the tables differ").into());
                }
                let (mut of_tree, mut of_brute) = (Vec::new(), Vec::new());
                for _ in 0..repeats {
                    of_tree.push(seconds(tree, x)?);
                    of_brute.push(seconds(brute, x)?);
                }
                let (tree, brute) = (1e3 * median(of_tree), 1e3 * median(of_brute));
                let ratio = tree / brute;
                println!("| {kind} | {n} | {d} | {tree:.2} | {brute:.2} | {ratio:.2} |");
            }
        }
    }
    Ok(())
}
