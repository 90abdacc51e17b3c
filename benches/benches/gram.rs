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

/// Ten numbers and five categories of eight, of which the first is as frequent as the others together.
fn categories() -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_102);
    let mut data = Vec::with_capacity(POINTS * 50);
    for _ in 0..POINTS {
        data.extend((0..10).map(|_| rng.random_range(-1.0..1.0)));
        for _ in 0..5 {
            let category = rng.random_range(0..14usize).saturating_sub(6);
            data.extend((0..8).map(|c| f64::from(c == category)));
        }
    }
    data
}

/// Sums that store no row: one per point, one per query.
fn sums(c: &mut Criterion, name: &str, points: Matrix<'_>) {
    let kernel = Rbf { gamma: 0.03 };
    let prepared = kernel.prepare(points);
    let columns: Vec<u32> = (0..ROWS).collect();
    let coef = vec![0.5; POINTS];
    let mut out = vec![0.0; POINTS];
    let mut group = c.benchmark_group(format!("gram/sums of {name}"));
    group.sample_size(10);
    group.throughput(Throughput::Elements((columns.len() * POINTS) as u64));
    for (precision, single) in [("f32", true), ("f64", false)] {
        group.bench_function(format!("a sum per point {precision}"), |b| {
            b.iter(|| {
                prepared.add_products(
                    black_box(&columns),
                    &coef[..columns.len()],
                    single,
                    &mut out,
                )
            });
        });
    }
    let queries = points.slice_rows(0, columns.len());
    group.bench_function("a sum per query f64", |b| {
        b.iter(|| prepared.add_sums(black_box(queries), &coef, &mut out[..columns.len()]));
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
    sums(c, "numbers", x);
    let categories = categories();
    sums(c, "categories", Matrix::new(&categories, 50)?);
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
