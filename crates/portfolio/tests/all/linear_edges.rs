//! Where the linear regression takes a direction for none, and where its numbers end.

use fuzzysvm_core::Matrix;
use fuzzysvm_portfolio::{
    FittedReturn, LinearReturn, LoansToLearn, PortfolioError, ReturnModel as _,
};

/// 1,000 rows of a and a + `step` · c, the return a / 4.
fn nearly_collinear(step: f64) -> (Vec<f64>, Vec<f64>) {
    let a = |i: usize| (i * 37 % 1000) as f64 / 1000.0;
    let c = |i: usize| (i * 91 % 1000) as f64 - 499.5;
    let x = (0..1000).flat_map(|i| [a(i), a(i) + step * c(i)]).collect();
    (x, (0..1000).map(|i| 0.25 * a(i)).collect())
}

// Z = X - X.mean(0); Z /= Z.std(0); numpy.linalg.lstsq(Z, y - y.mean(), rcond=None)[2]: singular values 5.0e-14 and
// 5.0e-13 of the largest, where 1000 ε = 2.2e-13 is the limit.
#[test]
fn directions_count_from_a_thousand_roundings_among_a_thousand_loans() {
    for (step, rank) in [(1e-16, 1), (1e-15, 2)] {
        let (x, returns) = nearly_collinear(step);
        let fitted = LinearReturn
            .fit_linear(Matrix::new(&x, 2).unwrap(), &returns)
            .unwrap();
        assert_eq!(fitted.rank, rank, "{step}");
        let sum: f64 = fitted.coefficients.iter().sum();
        assert!((sum - 0.25).abs() < 1e-3, "{fitted:?}");
    }
}

// By hand: 10⁶ has neighbors 1.2e-10 away, so the first column differs by one rounding; the second by 10⁻¹² of itself,
// and its return is 10⁵ per unit.
#[test]
fn a_column_is_constant_where_it_differs_by_rounding() {
    let rounding = 1e6_f64.next_up();
    let x = [
        1e6,
        1e6,
        rounding,
        1e6 + 1e-6,
        1e6,
        1e6 + 2e-6,
        rounding,
        1e6 + 3e-6,
    ];
    let fitted = LinearReturn
        .fit_linear(Matrix::new(&x, 2).unwrap(), &[0.0, 0.1, 0.2, 0.3])
        .unwrap();
    assert_eq!((fitted.rank, fitted.coefficients[0]), (1, 0.0));
    // The steps of 1e-6 are rounded to multiples of 1.2e-10.
    assert!((fitted.coefficients[1] - 1e5).abs() < 30.0, "{fitted:?}");
}

// The slope is 10³⁰³, a number; at the mean of 10¹⁰ it makes an intercept of −10³¹³, which is none.
#[test]
fn an_intercept_that_is_no_number_is_refused() {
    let x = [1e10, 1e10 + 1e-3];
    let fitted = LinearReturn.fit_linear(Matrix::new(&x, 1).unwrap(), &[0.0, 1e300]);
    assert!(
        matches!(fitted, Err(PortfolioError::NotFinite)),
        "{fitted:?}"
    );
    let near = [0.0, 1e-3];
    let fitted = LinearReturn
        .fit_linear(Matrix::new(&near, 1).unwrap(), &[0.0, 1e300])
        .unwrap();
    assert!((fitted.coefficients[0] / 1e303 - 1.0).abs() < 1e-12);
}

#[test]
fn a_fitted_model_knows_its_features() {
    let x = [1.0, 2.0, 0.5, 3.0, 1.0, 0.0, 2.0, 2.0, 5.0];
    let loans = LoansToLearn::new(Matrix::new(&x, 3).unwrap(), &[0.1, 0.2, 0.0]).unwrap();
    let fitted: Box<dyn FittedReturn> = LinearReturn.fit(loans).unwrap();
    assert_eq!(fitted.n_features(), 3);
}
