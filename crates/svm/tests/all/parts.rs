//! A model that is made of parts kept elsewhere, worked by hand.

use fuzzysvm_core::{Classifier, Matrix, MatrixBuf};
use fuzzysvm_kernels::{Linear, Rbf};
use fuzzysvm_svm::{SvcModel, SvmError};

fn two() -> MatrixBuf {
    MatrixBuf::new(vec![1.0, 2.0, -1.0, 0.0], 2).unwrap()
}

#[test]
fn decisions_of_kernel_rows_are_those_of_the_samples() {
    let model = SvcModel::from_parts(Linear, vec![0, 2], two(), vec![0.5, -2.0], 0.25, 3).unwrap();
    assert_eq!(model.n_support, [1, 1]);
    // 0.5 (x + 2y) + 2x + 0.25 at (3, 1) and (−2, 4).
    let x = [3.0, 1.0, -2.0, 4.0];
    let expected = [8.75, -0.75 + 0.0];
    let x = Matrix::new(&x, 2).unwrap();
    assert_eq!(model.decision_function(x).unwrap(), expected);
    // Their products with the support vectors in the columns 0 and 2; column 1 is no support vector's.
    let rows = [5.0, 1e9, -3.0, 6.0, -1e9, 2.0];
    let rows = Matrix::new(&rows, 3).unwrap();
    assert_eq!(model.decision_of_kernel_rows(rows).unwrap(), expected);
    let narrow = Matrix::new(&[5.0, -3.0], 2).unwrap();
    assert_eq!(
        model
            .decision_of_kernel_rows(narrow)
            .unwrap_err()
            .to_string(),
        "the rows have 2 features, but the model was trained on 3"
    );
    // 0.1 · 3 − 0.3 is 0 but for rounding: neither class.
    let tie = SvcModel::from_parts(
        Linear,
        vec![0],
        two().view().select_rows(&[0]),
        vec![0.1],
        -0.3,
        1,
    );
    let three = Matrix::new(&[3.0], 1).unwrap();
    assert_eq!(tie.unwrap().decision_of_kernel_rows(three).unwrap(), [0.0]);
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let of = |rows: &[usize], coef: &[f64], intercept, n| {
        SvcModel::from_parts(Linear, rows.to_vec(), two(), coef.to_vec(), intercept, n).unwrap_err()
    };
    for e in [
        of(&[0], &[1.0, -1.0], 0.0, 3),
        of(&[0, 1], &[1.0], 0.0, 3),
        of(&[0, 1, 2], &[1.0, -1.0, 1.0], 0.0, 3),
        of(&[0, 3], &[1.0, -1.0], 0.0, 3),
    ] {
        assert_eq!(e, SvmError::Parts);
    }
    for (coef, intercept) in [([1.0, f64::NAN], 0.0), ([1.0, -1.0], f64::INFINITY)] {
        assert_eq!(of(&[0, 1], &coef, intercept, 3), SvmError::ModelNotFinite);
    }
    let kernel = Rbf { gamma: -1.0 };
    let e = SvcModel::from_parts(kernel, vec![0, 1], two(), vec![1.0, -1.0], 0.0, 2).unwrap_err();
    assert!(e.to_string().contains("gamma"), "{e}");
}
