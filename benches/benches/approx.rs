//! The approximation at n = 10,000 simulated loans and M = 200: the maps, the fits, a prediction.

use criterion::{Criterion, criterion_group, criterion_main};
use fuzzysvm::core::{Classifier, Learner, Samples};
use fuzzysvm::kernels::{FeatureMap, Gamma, LandmarkDraw, Nystrom, RandomFourierFeatures, Rbf};
use fuzzysvm::membership::{Iefsvm, Membership};
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::approx::{ApproxSvc, Approximation, MappedSamples};
use fuzzysvm_benches::simulated_loans;
use std::error::Error;
use std::hint::black_box;

const N: usize = 10_000;
const M: usize = 200;

fn all(c: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let mut group = c.benchmark_group("approx n 10000 M 200");
    group.sample_size(10);
    let (x, y) = simulated_loans(N);
    let train = Samples::new(x.view(), &y)?;
    let weights = Iefsvm::default().membership(train)?;
    let gamma = Gamma::Scale.resolve(x.view())?;
    let kernel = Rbf { gamma };

    let rows = LandmarkDraw::Stratified.draw(&y, M, 1)?;
    let landmarks = x.view().select_rows(&rows);
    group.bench_function("nystrom: landmarks", |b| {
        b.iter(|| black_box(Nystrom::from_landmarks(kernel, landmarks.view()).is_ok()));
    });
    let nystrom = Nystrom::from_landmarks(kernel, landmarks.view())?;
    let fourier = RandomFourierFeatures::new(gamma, x.n_cols(), M, 1)?;
    let maps: [(&str, &dyn FeatureMap); 2] = [("nystrom", &nystrom), ("rff", &fourier)];
    for (name, map) in maps {
        let mut z = vec![0.0f32; y.len() * map.n_components()];
        group.bench_function(format!("{name}: map"), |b| {
            b.iter(|| map.transform_f32(x.view(), black_box(&mut z)));
        });
    }
    for (name, approximation) in [
        ("nystrom", Approximation::default()),
        ("rff", Approximation::Fourier),
    ] {
        for cost in [1.0, 100.0] {
            let svc = ApproxSvc {
                c: cost,
                kernel: kernel.into(),
                approximation,
                components: M,
                seed: 1,
                ..ApproxSvc::default()
            };
            let mapped = MappedSamples::new(&svc, train)?;
            group.bench_function(format!("{name}: solve C {cost}"), |b| {
                b.iter(|| black_box(mapped.fit(cost, Some(&weights)).is_ok()));
            });
            group.bench_function(format!("{name}: fit C {cost}"), |b| {
                b.iter(|| black_box(svc.fit(train, Some(&weights)).is_ok()));
            });
            let model = svc.fit(train, Some(&weights))?;
            let rows = x.view().slice_rows(0, 2_000);
            group.bench_function(format!("{name}: predict 2000 rows C {cost}"), |b| {
                b.iter(|| black_box(model.decision_function(rows).is_ok()));
            });
        }
    }
    let svc = Svc::rbf(1.0, gamma);
    group.bench_function("exact: fit C 1", |b| {
        b.iter(|| black_box(svc.fit(train, Some(&weights)).is_ok()));
    });
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
