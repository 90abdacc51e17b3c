//! Rows and blocks of the Gram matrix, every kernel: 10,000 points of 35 features, as many as the
//! features of a loan. Times a value: divide by 20,000,000 (blocks) or 10,000 (one row).

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fuzzysvm_core::{Matrix, MatrixError};
use fuzzysvm_kernels::{
    Kernel, KernelKind, Laplacian, Linear, Polynomial, PreparedKernel, Rbf, Sigmoid,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::hint::black_box;

const POINTS: usize = 10_000;
const FEATURES: usize = 35;
const ROWS: u32 = 2_000;

fn kinds() -> Vec<KernelKind> {
    let gamma = 1.0 / FEATURES as f64;
    vec![
        Rbf { gamma }.into(),
        Linear.into(),
        Polynomial {
            degree: 3,
            gamma,
            coef0: 1.0,
        }
        .into(),
        Sigmoid { gamma, coef0: 0.0 }.into(),
        Laplacian { gamma }.into(),
    ]
}

fn points() -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_101);
    (0..POINTS * FEATURES)
        .map(|_| rng.random_range(-1.0..1.0))
        .collect()
}

fn of_kernel(c: &mut Criterion, name: &str, prepared: &dyn PreparedKernel) {
    let rows: Vec<u32> = (0..ROWS).collect();
    let mut narrow = vec![0.0f32; rows.len() * POINTS];
    let mut wide = vec![0.0; rows.len() * POINTS];

    let mut group = c.benchmark_group(format!("gram/{name}"));
    group.sample_size(10);
    group.throughput(Throughput::Elements(narrow.len() as u64));
    group.bench_function("block f32", |b| {
        b.iter(|| prepared.rows_f32(black_box(&rows), &mut narrow));
    });
    group.bench_function("block f64", |b| {
        b.iter(|| prepared.rows_f64(black_box(&rows), &mut wide));
    });
    group.throughput(Throughput::Elements(POINTS as u64));
    group.bench_function("one row f32", |b| {
        b.iter(|| prepared.rows_f32(black_box(&[17]), &mut narrow[..POINTS]));
    });
    group.bench_function("one row f64", |b| {
        b.iter(|| prepared.rows_f64(black_box(&[17]), &mut wide[..POINTS]));
    });
    group.finish();
}

fn gram(c: &mut Criterion) -> Result<(), MatrixError> {
    let data = points();
    let x = Matrix::new(&data, FEATURES)?;
    for kernel in kinds() {
        let prepared = kernel.prepare(x);
        of_kernel(c, kernel.name(), prepared.as_ref());
    }
    let kernel = Rbf::default();
    c.bench_function("gram/rbf/prepare and first row", |b| {
        let mut row = vec![0.0f32; POINTS];
        b.iter(|| kernel.prepare(black_box(x)).rows_f32(&[0], &mut row));
    });
    Ok(())
}

fn benches_of_gram(c: &mut Criterion) {
    if let Err(error) = gram(c) {
        eprintln!("the points of the bench are no matrix: {error}");
    }
}

criterion_group!(benches, benches_of_gram);
criterion_main!(benches);
