//! The laws on every shipped kernel.

#![allow(clippy::unwrap_used)] // helpers outside of test functions

use fuzzysvm_core::MatrixBuf;
use fuzzysvm_kernels::{
    Kernel, KernelKind, Laplacian, Linear, Polynomial, Precomputed, Rbf, Sigmoid, laws,
};
use proptest::prelude::*;

fn shipped(gamma: f64) -> Vec<KernelKind> {
    vec![
        Linear.into(),
        Polynomial {
            degree: 2,
            gamma,
            coef0: 1.0,
        }
        .into(),
        Polynomial {
            degree: 3,
            gamma,
            coef0: 0.0,
        }
        .into(),
        Rbf { gamma }.into(),
        Sigmoid {
            gamma,
            coef0: -0.25,
        }
        .into(),
        Laplacian { gamma }.into(),
    ]
}

/// Samples in several shapes, among them one column, more than one panel and ragged ends.
fn samples() -> impl Strategy<Value = MatrixBuf> {
    (1usize..9, 1usize..75).prop_flat_map(|(d, n)| {
        proptest::collection::vec(prop_oneof![4 => -2.0..2.0f64, 1 => Just(0.0)], d * n)
            .prop_map(move |data| MatrixBuf::new(data, d).unwrap())
    })
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_kernel_is_symmetric(x in samples(), gamma in 0.01..2.0f64) {
        for kernel in shipped(gamma) {
            laws::symmetric(&kernel, x.view()).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn rows_blocks_and_prepared_points_agree_with_eval(
        (x, q) in samples().prop_flat_map(|x| {
            let d = x.n_cols();
            (Just(x), (1usize..20).prop_flat_map(move |n| {
                proptest::collection::vec(-2.0..2.0f64, d * n)
                    .prop_map(move |data| MatrixBuf::new(data, d).unwrap())
            }))
        }),
        gamma in 0.01..2.0f64,
    ) {
        for kernel in shipped(gamma) {
            laws::agrees_with_eval(&kernel, q.view(), x.view(), 0.0, 1e-5)
                .map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn no_value_depends_on_its_batch(x in samples(), gamma in 0.01..2.0f64) {
        for kernel in shipped(gamma) {
            laws::rows_do_not_depend_on_the_batch(&kernel, x.view()).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn gram_matrices_are_positive_semidefinite(x in samples(), gamma in 0.01..2.0f64) {
        // The sigmoid is exempt: it is not positive semidefinite in general.
        for kernel in shipped(gamma) {
            if !matches!(kernel, KernelKind::Sigmoid(_)) {
                laws::positive_semidefinite(&kernel, x.view(), 1e-10)
                    .map_err(|e| TestCaseError::fail(format!("{}: {e}", kernel.name())))?;
            }
        }
    }

    #[test]
    fn stored_values_satisfy_the_laws(x in samples(), gamma in 0.01..2.0f64) {
        let n = x.n_rows();
        let mut gram = vec![0.0; n * n];
        Rbf { gamma }.eval_block(x.view(), x.view(), &mut gram);
        let kernel = KernelKind::from(
            Precomputed::new(MatrixBuf::new(gram, n).unwrap()).unwrap(),
        );
        let numbers = MatrixBuf::new((0..n).map(|i| i as f64).collect(), 1).unwrap();
        kernel.check_points(numbers.view()).unwrap();
        laws::symmetric(&kernel, numbers.view()).map_err(TestCaseError::fail)?;
        laws::agrees_with_eval(&kernel, numbers.view(), numbers.view(), 0.0, 1e-7)
            .map_err(TestCaseError::fail)?;
        laws::rows_do_not_depend_on_the_batch(&kernel, numbers.view())
            .map_err(TestCaseError::fail)?;
        laws::positive_semidefinite(&kernel, numbers.view(), 1e-10)
            .map_err(TestCaseError::fail)?;
    }
}

/// A kernel that breaks each law must be caught by it.
struct Broken(u8);

impl Kernel for Broken {
    fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
        match self.0 {
            0 => x[0] - z[0],
            1 => -(x[0] - z[0]).powi(2) - 1.0,
            _ => x[0] * z[0],
        }
    }

    fn eval_row(&self, x: &[f64], points: fuzzysvm_core::Matrix<'_>, out: &mut [f64]) {
        for (value, z) in out.iter_mut().zip(points.rows()) {
            *value = self.eval(x, z) + if self.0 == 2 { 1.0 } else { 0.0 };
        }
    }

    fn weights(&self, _: fuzzysvm_core::Matrix<'_>, _: &[f64]) -> Option<Vec<f64>> {
        (self.0 == 4).then(|| vec![1.0])
    }
}

#[test]
fn the_laws_catch_broken_kernels() {
    let x = MatrixBuf::new(vec![0.5, 1.0, 2.0], 1).unwrap();
    assert!(laws::symmetric(&Broken(0), x.view()).is_err());
    assert!(laws::positive_semidefinite(&Broken(1), x.view(), 1e-10).is_err());
    for broken in [2, 4] {
        let found = laws::agrees_with_eval(&Broken(broken), x.view(), x.view(), 1e-9, 1e-5);
        assert!(found.is_err(), "{broken}");
    }
    assert!(laws::symmetric(&Broken(3), x.view()).is_ok());
}

#[test]
fn pointers_to_kernels_are_kernels() {
    let x = MatrixBuf::new(vec![0.5, 1.0, 2.0], 1).unwrap();
    let shared: std::sync::Arc<dyn Kernel> = std::sync::Arc::new(Rbf { gamma: 0.5 });
    laws::agrees_with_eval(&shared, x.view(), x.view(), 0.0, 1e-6).unwrap();
    let boxed: Box<dyn Kernel> = Box::new(Rbf { gamma: -0.5 });
    assert!(Kernel::validate(&&boxed).is_err());
    let numbered: std::sync::Arc<dyn Kernel> =
        std::sync::Arc::new(Precomputed::new(MatrixBuf::new(vec![1.0], 1).unwrap()).unwrap());
    assert!(numbered.check_points(x.view()).is_err());
}

/// Large enough to be computed on several threads and in many panels.
#[test]
fn a_large_gram_matrix_is_all_of_its_rows() {
    let data = (0..900 * 3).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let x = MatrixBuf::new(data, 3).unwrap();
    for kernel in shipped(0.4) {
        laws::rows_do_not_depend_on_the_batch(&kernel, x.view()).unwrap();
    }
}
