//! Any bytes as a small problem for each method, with its preprocessing: a typed error, or a model with finite decision
//! values that reads the same from its file.

use fuzzysvm::core::{MatrixBuf, Parameters as _, PredictError};
use fuzzysvm::datasets::table::ScalerKind;
use fuzzysvm::estimator::method::of_samples;
use fuzzysvm::estimator::{Data, Estimator, FittedEstimator, KernelName, SvmSpec};
use fuzzysvm::kernels::Gamma;
use fuzzysvm::qp::Smo;

use super::supply::Supply;

/// Fits the problem by the method that the first byte names.
pub fn check(bytes: &[u8]) {
    let mut from = Supply::new(bytes);
    let methods: Vec<_> = of_samples().collect();
    let method = methods[from.below(methods.len())];
    let mut settings = method.settings();
    // One point of the method's grid, where it has one.
    for (name, values) in method.grid {
        let value = values[from.below(values.len())];
        settings
            .set_param(name, value)
            .expect("a value of the grid");
    }
    let few = [("n_estimators", "3"), ("ks", "[1,2]"), ("n_neighbors", "1")];
    for (name, value) in few {
        let _ = settings.set_param(name, value);
    }
    let (n, d) = (2 + from.below(11), 1 + from.below(3));
    let mut svm = SvmSpec {
        c: 2f64.powi(i32::from(from.byte() % 24) - 12),
        solver: Smo {
            max_iter: Some(2_000),
            ..Smo::default()
        },
        ..SvmSpec::default()
    };
    svm.kernel.name = from.one_of(&[
        KernelName::Rbf,
        KernelName::Linear,
        KernelName::Polynomial,
        KernelName::Laplacian,
    ]);
    svm.kernel.gamma = from.one_of(&[Gamma::Scale, Gamma::Auto, Gamma::Value(0.5)]);
    let scale = from.one_of(&[
        None,
        Some(ScalerKind::None),
        Some(ScalerKind::Standard),
        Some(ScalerKind::MinMax),
    ]);
    let (x, y) = from.samples(n, d);
    let Ok(x) = MatrixBuf::new(x, d) else {
        return;
    };
    let data = Data::from_matrix(x.clone(), y).expect("as many labels as rows");
    let estimator = Estimator::new(settings).with_svm(svm).with_scale(scale);
    let Ok(fitted) = estimator.fit(&data, None) else {
        return;
    };
    let x = fitted.encode_numbers(x).expect("the rows it was fitted to");
    // A row that its method gives no weight is not fitted, and may be too large for the kernel.
    let decisions = match fitted.decision_function(x.view()) {
        Err(PredictError::NotFinite { .. }) => return,
        decisions => decisions.expect("rows of its own width"),
    };
    assert!(decisions.iter().all(|f| f.is_finite()));
    let text = fitted.to_json().expect("a model can be written");
    let again = FittedEstimator::from_text(&text).expect("and read again");
    let same = again.decision_function(x.view()).expect("as before");
    let bits = |values: &[f64]| -> Vec<u64> { values.iter().map(|v| v.to_bits()).collect() };
    assert_eq!(bits(&same), bits(&decisions), "{}", method.name);
}
