//! Fits of the baselines with their default parameters on 2,000 loans, one thread a fit where they do not share work.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::core::{Learner, Samples};
use fuzzysvm_benches::simulated_loans;

#[allow(clippy::expect_used)]
fn fits(c: &mut Criterion) {
    let (x, y) = simulated_loans(2000);
    let train = Samples::new(x.view(), &y).expect("as many labels as rows");
    let mut group = c.benchmark_group("baselines");
    group.sample_size(10);
    for kind in BaselineKind::all() {
        group.bench_function(kind.name(), |b| {
            b.iter(|| kind.fit(black_box(train), None).expect("a fit"));
        });
    }
    group.finish();
}

criterion_group!(benches, fits);
criterion_main!(benches);
