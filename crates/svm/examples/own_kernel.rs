//! A kernel of your own: `eval` is enough to fit and predict. Override more of the trait for speed.

use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm_kernels::Kernel;
use fuzzysvm_qp::Smo;
use fuzzysvm_svm::Svc;

/// K(x, z) = 1 / (1 + ‖x − z‖²), heavier in the tails than RBF.
#[derive(Clone)]
struct Cauchy;

impl Kernel for Cauchy {
    fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
        1.0 / (1.0 + x.iter().zip(z).map(|(a, b)| (a - b).powi(2)).sum::<f64>())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Positive inside a ring of negatives.
    let x = [0.0, 0.0, 0.3, 0.1, 2.0, 0.0, -2.0, 0.1, 0.0, 2.1, 0.1, -1.9];
    let x = Matrix::new(&x, 2)?;
    let (n, p) = (Label::Negative, Label::Positive);
    let y = [p, p, n, n, n, n];

    let svc = Svc {
        c: 10.0,
        kernel: Cauchy,
        solver: Smo::default(),
    };
    let model = svc.fit(Samples::new(x, &y)?, None)?;
    println!(
        "{} support vectors, {} steps",
        model.support.len(),
        model.info.iterations
    );
    assert_eq!(model.predict(x)?, y);
    Ok(())
}
