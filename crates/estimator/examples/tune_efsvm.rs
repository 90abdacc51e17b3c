//! Algorithm 1 of EFSVM: the number of neighbors k, with C and γ, by cross-validation.

use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_estimator::method::{SpaceOptions, baseline_grid};
use fuzzysvm_estimator::tuning::Search;
use fuzzysvm_estimator::{CrossValidation, Data, Method};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // 150 samples of two features; every fifth is positive, and the classes overlap.
    let x = (0..150).flat_map(|i| {
        let shift = if i % 5 == 0 { 0.8 } else { 0.0 };
        [1.7, 2.9].map(|f| (f64::from(i) * f).sin() + shift)
    });
    let y = (0..150).map(|i| Label::from_sign(if i % 5 == 0 { 1.0 } else { -1.0 }));
    let data = Data::from_matrix(MatrixBuf::new(x.collect(), 2)?, y.collect())?;

    let options = SpaceOptions {
        ks: vec![1, 3, 5, 7, 9, 11, 13, 15],
        baselines: baseline_grid(),
        seed: 1,
    };
    let search = Search::new(Method::named("efsvm")?.search_space(&options)?)
        .with_c(vec![0.25, 1.0, 4.0])
        .with_gamma(vec![0.25, 1.0]);
    let cv = CrossValidation {
        folds: 5,
        scale: Default::default(),
        seed: 1,
    };
    let found = search.run(&data, &cv, &|_| {}, &|| {})?;
    let best = found.best();
    let (k, c, gamma) = (options.ks[best.candidate], best.c, best.gamma);
    println!("k = {k}, C = {c:?}, gamma = {gamma:?}");
    println!("{:.3} of {} fits", best.score, found.fits);
    Ok(())
}
