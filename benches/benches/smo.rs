//! SMO alone (the matrix is in memory), a whole fit and a prediction: 2,000 and 10,000 overlapping
//! samples of 35 features, one in six positive, RBF with γ = 1/35, weights as a fuzzy SVM has them.

use criterion::{Criterion, criterion_group, criterion_main};
use fuzzysvm::core::{Classifier, Label, Learner, MatrixBuf, MatrixError, Samples};
use fuzzysvm::kernels::{Kernel, Rbf};
use fuzzysvm::qp::{DualProblem, QMatrix, QpSolver, Smo};
use fuzzysvm::svm::Svc;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::error::Error;
use std::hint::black_box;

const FEATURES: usize = 35;
const GAMMA: f64 = 1.0 / FEATURES as f64;

struct Data {
    x: MatrixBuf,
    y: Vec<Label>,
    weights: Vec<f64>,
}

/// Two clouds whose centers are a third of their width apart in every fifth feature.
fn data(n: usize) -> Result<Data, MatrixError> {
    let mut rng = ChaCha8Rng::seed_from_u64(20_260_102 + n as u64);
    let label = |i: usize| {
        if i.is_multiple_of(6) {
            Label::Positive
        } else {
            Label::Negative
        }
    };
    let y: Vec<Label> = (0..n).map(label).collect();
    let mut x = Vec::with_capacity(n * FEATURES);
    let mut weights = Vec::with_capacity(n);
    for l in &y {
        for k in 0..FEATURES {
            let noise: f64 = (0..4).map(|_| rng.random_range(-1.0..1.0)).sum();
            x.push(noise + if k % 5 == 0 { 0.35 * l.sign() } else { 0.0 });
        }
        weights.push(if l.is_positive() {
            1.0
        } else {
            rng.random_range(0.0..0.2)
        });
    }
    let x = MatrixBuf::new(x, FEATURES)?;
    Ok(Data { x, y, weights })
}

/// The signed Gram matrix, in memory.
struct Gram {
    diagonal: Vec<f64>,
    values: Vec<f32>,
}

impl QMatrix for Gram {
    fn len(&self) -> usize {
        self.diagonal.len()
    }
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.len();
        for (&r, o) in rows.iter().zip(out.chunks_exact_mut(n)) {
            let row = &self.values[r as usize * n..(r as usize + 1) * n];
            for (o, v) in o.iter_mut().zip(row) {
                *o = f64::from(*v);
            }
        }
    }
    fn dense_f32(&self) -> Option<&[f32]> {
        Some(&self.values)
    }
}

fn all(c: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let mut group = c.benchmark_group("smo");
    group.sample_size(10);
    for n in [2_000usize, 10_000] {
        let data = data(n)?;
        let train = Samples::new(data.x.view(), &data.y)?;
        let y: Vec<f64> = data.y.iter().map(|l| l.sign()).collect();
        let kernel = Rbf { gamma: GAMMA };
        let prepared = kernel.prepare(data.x.view());
        let rows: Vec<u32> = (0..n as u32).collect();
        let mut values = vec![0.0f32; n * n];
        prepared.rows_f32(&rows, &mut values);
        for (row, y_i) in values.chunks_exact_mut(n).zip(&y) {
            for (v, y_j) in row.iter_mut().zip(&y) {
                *v *= (y_i * y_j) as f32;
            }
        }
        let gram = Gram {
            diagonal: vec![1.0; n],
            values,
        };
        for cost in [1.0, 10.0, 100.0] {
            let upper: Vec<f64> = data.weights.iter().map(|w| cost * w).collect();
            let p = vec![-1.0; n];
            let problem = DualProblem::new(&gram, &p, &y, 0.0, &upper)?;
            for shrinking in [true, false] {
                let smo = Smo {
                    shrinking,
                    ..Smo::default()
                };
                let info = smo.solve(&problem, None)?.info;
                println!("n {n} C {cost} shrinking {shrinking}: {info:?}");
                let name = format!("solve n {n} C {cost} shrinking {shrinking}");
                group.bench_function(name, |b| {
                    b.iter(|| black_box(smo.solve(&problem, None)));
                });
            }
        }
        drop(gram);
        let svc = Svc::rbf(10.0, GAMMA);
        let model = svc.fit(train, Some(&data.weights))?;
        group.bench_function(format!("fit n {n} C 10"), |b| {
            b.iter(|| black_box(svc.fit(train, Some(&data.weights))));
        });
        let rows = data.x.view().slice_rows(0, 2_000);
        group.bench_function(
            format!("predict 2000 rows, {} SVs", model.support.len()),
            |b| {
                b.iter(|| black_box(model.decision_function(rows)));
            },
        );
    }
    group.finish();
    Ok(())
}

fn benches(c: &mut Criterion) {
    if let Err(e) = all(c) {
        eprintln!("the bench cannot run: {e}");
    }
}

criterion_group!(group, benches);
criterion_main!(group);
