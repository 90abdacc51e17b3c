//! EFSVM's whole tuning on simulated loans: k = 1, 3, …, 15, 5 C, 5 γ, 5 folds, 1,000 fits and the memberships.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use fuzzysvm::core::{Label, MatrixBuf, Samples};
use fuzzysvm::membership::Efsvm;
use fuzzysvm::svm::tuning::{GridSearch, TuningFold};
use fuzzysvm_benches::simulated_loans;

const N: usize = 2_000;
const FOLDS: usize = 5;
const KS: [usize; 8] = [1, 3, 5, 7, 9, 11, 13, 15];

/// Training and held-out rows of every fold: every fifth loan is held out.
type Part = (MatrixBuf, Vec<Label>);

fn parts() -> Vec<(Part, Part)> {
    let (x, y) = simulated_loans(N);
    let pick = |held_out: bool, fold: usize| {
        let rows: Vec<usize> = (0..y.len())
            .filter(|i| (i % FOLDS == fold) == held_out)
            .collect();
        let labels = rows.iter().map(|&i| y[i]).collect();
        (x.view().select_rows(&rows), labels)
    };
    (0..FOLDS)
        .map(|fold| (pick(false, fold), pick(true, fold)))
        .collect()
}

fn tune(parts: &[(Part, Part)]) -> Result<u64, Box<dyn std::error::Error>> {
    let mut folds = Vec::new();
    for ((x_train, y_train), (x_valid, y_valid)) in parts {
        let train = Samples::new(x_train.view(), y_train)?;
        folds.push(TuningFold {
            x_train: x_train.view(),
            y_train,
            x_valid: x_valid.view(),
            y_valid,
            candidates: Efsvm::default().candidates(train, &KS)?,
        });
    }
    let right = |truth: &[Label], predicted: &[Label]| {
        truth.iter().zip(predicted).filter(|(t, p)| t == p).count() as f64
    };
    Ok(GridSearch::default().run(&folds, &right)?.iterations)
}

fn tuning(c: &mut Criterion) {
    let parts = parts();
    let mut group = c.benchmark_group("tuning");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(15));
    group.bench_function(format!("efsvm, 1,000 fits, n = {N}"), |b| {
        b.iter(|| tune(black_box(&parts)));
    });
    group.finish();
}

criterion_group!(benches, tuning);
criterion_main!(benches);
