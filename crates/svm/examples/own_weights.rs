//! Weights of your own: the bound of sample i in the dual problem is C · weight_i, so that a sample of small weight
//! hardly moves the boundary and one of weight 0 not at all.

use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm_svm::Svc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The seventh sample lies among the negatives but is labelled positive: perhaps a mistake.
    let x = [-2.0, -1.5, -1.0, 1.0, 1.5, 2.0, -1.4];
    let x = Matrix::new(&x, 1)?;
    let (n, p) = (Label::Negative, Label::Positive);
    let y = [n, n, n, p, p, p, p];
    let train = Samples::new(x, &y)?;

    let svc = Svc::rbf(100.0, 20.0);
    let trusted = svc.fit(train, None)?;
    let doubted = svc.fit(train, Some(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.01]))?;

    let query = Matrix::new(&[-1.42], 1)?;
    println!(
        "at -1.42, all weights 1:      {:+.3}",
        trusted.decision_function(query)?[0]
    );
    println!(
        "at -1.42, the doubtful 0.01:  {:+.3}",
        doubted.decision_function(query)?[0]
    );
    assert_eq!(trusted.predict(query)?, [p]);
    assert_eq!(doubted.predict(query)?, [n]);
    Ok(())
}
