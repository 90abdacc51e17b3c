//! The 15 nearest neighbors of all samples, and the entropies of all eight k from that one search.
//!
//! `cargo bench -p fuzzysvm-benches --bench neighbors`

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use fuzzysvm::core::{Label, MatrixBuf};
use fuzzysvm::knn_entropy::{KdTree, NeighborSearch, SearchKind, class_entropy};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::hint::black_box;

const N: usize = 5000;
const KS: [usize; 8] = [1, 3, 5, 7, 9, 11, 13, 15];

/// Uniform in [-1, 1], one label in six positive.
fn samples(n: usize, d: usize) -> (MatrixBuf, Vec<Label>) {
    let mut rng = ChaCha8Rng::seed_from_u64(20_190_212);
    let x = (0..n * d).map(|_| rng.random_range(-1.0..1.0)).collect();
    let y = (0..n)
        .map(|_| Label::from_sign(rng.random::<f64>() - 5.0 / 6.0))
        .collect();
    (MatrixBuf::new(x, d).unwrap(), y)
}

fn neighbors(c: &mut Criterion) {
    let mut group = c.benchmark_group("neighbors");
    group.sample_size(20);
    for d in [3, 8, 35] {
        let (x, y) = samples(N, d);
        for search in SearchKind::ALL {
            // With more columns the tree is the brute force.
            if d > KdTree::MAX_COLUMNS && *search == SearchKind::KdTree {
                continue;
            }
            let id = BenchmarkId::new(format!("search-{search:?}"), format!("n={N},d={d}"));
            group.bench_function(id, |b| {
                b.iter(|| search.among_themselves(black_box(x.view()), 15).unwrap());
            });
        }
        let table = SearchKind::Auto.among_themselves(x.view(), 15).unwrap();
        group.bench_function(BenchmarkId::new("entropies", format!("n={N},d={d}")), |b| {
            b.iter(|| class_entropy(black_box(&table), &y, &KS).unwrap())
        });
    }
    group.finish();
}

/// The search and the entropies together, as `benches/peers/neighbors.py` times them beside scikit-learn.
fn search_and_entropies(c: &mut Criterion) {
    const ROW: usize = 20_000;
    let mut group = c.benchmark_group("neighbors-and-entropies");
    group.sample_size(10);
    for d in [8, 35, 100] {
        let (x, y) = samples(ROW, d);
        group.bench_function(BenchmarkId::from_parameter(format!("n={ROW},d={d}")), |b| {
            b.iter(|| {
                let table = SearchKind::Auto
                    .among_themselves(black_box(x.view()), 15)
                    .unwrap();
                class_entropy(&table, &y, &KS).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, neighbors, search_and_entropies);
criterion_main!(benches);
