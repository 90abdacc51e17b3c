//! The whole path on loans: encode, weigh, fit and predict, on the simulated loan book.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use fuzzysvm::core::{Classifier, Learner, Samples};
use fuzzysvm::kernels::Gamma;
use fuzzysvm::membership::{Iefsvm, Membership};
use fuzzysvm::svm::Svc;
use fuzzysvm_benches::simulated_loans;

fn fit_and_predict(c: &mut Criterion) {
    let mut group = c.benchmark_group("loans");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8));
    for n in [2_000, 10_000, 20_000] {
        let (x, y) = simulated_loans(n);
        let (Ok(train), Ok(gamma)) = (Samples::new(x.view(), &y), Gamma::Scale.resolve(x.view()))
        else {
            continue;
        };
        group.bench_function(format!("iefsvm membership, n = {n}"), |b| {
            b.iter(|| Iefsvm::default().membership(black_box(train)));
        });
        let Ok(weights) = Iefsvm::default().membership(train) else {
            continue;
        };
        for c in [1.0, 10.0, 100.0] {
            let svc = Svc::rbf(c, gamma);
            group.bench_function(format!("fit, C = {c}, n = {n}"), |b| {
                b.iter(|| svc.fit(black_box(train), Some(&weights)));
            });
        }
        if n > 10_000 {
            let mut svc = Svc::rbf(10.0, gamma);
            svc.solver.cache_size = 200.0;
            group.bench_function(format!("fit, C = 10, n = {n}, 200 MB"), |b| {
                b.iter(|| svc.fit(black_box(train), Some(&weights)));
            });
            continue;
        }
        let svc = Svc::rbf(1.0, gamma);
        if let Ok(model) = svc.fit(train, Some(&weights)) {
            group.bench_function(
                format!("predict {n} rows, {} SVs", model.support.len()),
                |b| {
                    b.iter(|| model.decision_function(black_box(x.view())));
                },
            );
        }
    }
    group.finish();
}

criterion_group!(benches, fit_and_predict);
criterion_main!(benches);
