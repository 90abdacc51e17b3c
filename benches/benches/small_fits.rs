//! Weighted RBF fits of the sizes of KEEL's sets: two overlapping clouds, one sample in ten positive.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use fuzzysvm::core::{Label, Learner, MatrixBuf, Samples};
use fuzzysvm::svm::Svc;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Rows and columns of ecoli3, pima, yeast1 and segment0.
const SIZES: [(usize, usize); 4] = [(336, 7), (768, 8), (1_484, 8), (2_308, 18)];

fn small_fits(c: &mut Criterion) {
    let mut group = c.benchmark_group("small fits");
    for (n, d) in SIZES {
        let mut rng = ChaCha8Rng::seed_from_u64(n as u64);
        let y: Vec<Label> = (0..n)
            .map(|i| Label::from_sign(if i % 10 == 0 { 1.0 } else { -1.0 }))
            .collect();
        let x = y.iter().flat_map(|l| vec![0.3 * l.sign(); d]);
        let x: Vec<f64> = x.map(|m| m + rng.random_range(-1.0..1.0)).collect();
        let weights: Vec<f64> = y
            .iter()
            .map(|l| if l.is_positive() { 1.0 } else { 0.1 })
            .collect();
        let Ok(x) = MatrixBuf::new(x, d) else {
            continue;
        };
        let Ok(train) = Samples::new(x.view(), &y) else {
            continue;
        };
        for cost in [1.0, 10.0, 100.0] {
            let svc = Svc::rbf(cost, 1.0 / d as f64);
            let id = BenchmarkId::new(format!("n={n},d={d}"), format!("C={cost}"));
            group.bench_function(id, |b| {
                b.iter(|| svc.fit(black_box(train), Some(&weights)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, small_fits);
criterion_main!(benches);
