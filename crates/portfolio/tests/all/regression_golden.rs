//! Regressions against statsmodels and scikit-learn (golden/regression.py).

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_portfolio::{InstanceReturn, LinearReturn, RidgeCvReturn};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/regression.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

fn assert_near(found: f64, expected: f64) {
    let near = (found - expected).abs() <= 1e-8 * expected.abs().max(1e-3);
    assert!(near, "{found} {expected}");
}

/// Features with mean 0 and deviation 1, all or the first two.
fn standardised(x: Matrix<'_>, d: usize) -> MatrixBuf {
    let n = x.n_rows() as f64;
    let mut z = vec![0.0; x.n_rows() * d];
    for j in 0..d {
        let mean = x.rows().map(|r| r[j]).sum::<f64>() / n;
        let variance = x.rows().map(|r| (r[j] - mean).powi(2)).sum::<f64>() / n;
        for (i, row) in x.rows().enumerate() {
            z[i * d + j] = (row[j] - mean) / variance.sqrt();
        }
    }
    MatrixBuf::new(z, d).unwrap()
}

#[test]
fn statistics_are_statsmodels() {
    let g = golden();
    let (x, y) = (numbers(&g["x"]), numbers(&g["y"]));
    let x = Matrix::new(&x, 4).unwrap();
    let (fitted, s) = LinearReturn.fit_with_statistics(x, &y).unwrap();
    assert_eq!(s.residual_degrees_of_freedom as f64, g["degrees"]);
    assert_near(
        s.residual_variance.unwrap(),
        g["variance"].as_f64().unwrap(),
    );
    assert_near(s.r_squared.unwrap(), g["r_squared"].as_f64().unwrap());
    let coefficients = std::iter::once(fitted.intercept).chain(fitted.coefficients);
    let all = std::iter::once(s.intercept).chain(s.features.iter().copied());
    let expected = numbers(&g["standard_errors"]).into_iter();
    let expected = expected
        .zip(numbers(&g["t_values"]))
        .zip(numbers(&g["coefficients"]));
    for ((found, b), ((error, t), coefficient)) in all.zip(coefficients).zip(expected) {
        assert_near(b, coefficient);
        assert_near(found.standard_error.unwrap(), error);
        assert_near(found.t_value.unwrap(), t);
    }
    let vif = numbers(&g["vif"]);
    for (found, expected) in s.features.iter().zip(&vif) {
        assert_near(found.vif.unwrap(), *expected);
    }
    assert!(vif[0] > 10.0 && vif[2] < 2.0, "{vif:?}");
    assert!(s.collinear.is_empty() && s.redundant.is_empty());
}

#[test]
fn the_penalty_is_scikit_learns() {
    let g = golden();
    let (x, y) = (numbers(&g["x"]), numbers(&g["y"]));
    let z = standardised(Matrix::new(&x, 4).unwrap(), 4);
    let ridge = &g["ridge"];
    let cv = RidgeCvReturn {
        alphas: numbers(&ridge["alphas"]),
    };
    let fit = cv.fit_cv(z.view(), &y).unwrap();
    for (found, expected) in fit.errors.iter().zip(numbers(&ridge["errors"])) {
        assert_near(*found, expected);
    }
    assert_eq!(fit.alpha, ridge["alpha"]);
    assert_near(fit.forecast.intercept, ridge["intercept"].as_f64().unwrap());
    let expected = numbers(&ridge["coefficients"]);
    for (found, expected) in fit.forecast.coefficients.iter().zip(expected) {
        assert_near(*found, expected);
    }
}

#[test]
fn kernel_means_and_leave_one_out_are_statsmodels() {
    let g = golden();
    let (x, y) = (numbers(&g["x"]), numbers(&g["y"]));
    let z = standardised(Matrix::new(&x, 4).unwrap(), 2);
    let at = numbers(&g["at"]);
    let at = Matrix::new(&at, 2).unwrap();
    // Leaving out every loan in turn.
    let error = |h: f64| {
        let bandwidth = Some(h);
        let of = |i: usize| {
            let others: Vec<usize> = (0..y.len()).filter(|&j| j != i).collect();
            let known: Vec<f64> = others.iter().map(|&j| y[j]).collect();
            let rows = z.view().select_rows(&others);
            let model = InstanceReturn { bandwidth };
            let fitted = model.fit_instances(rows.view(), &known).unwrap();
            let (mean, _) = fitted
                .mean_and_variance(z.view().slice_rows(i, i + 1))
                .unwrap();
            (mean[0] - y[i]).powi(2)
        };
        (0..y.len()).map(of).sum::<f64>() / y.len() as f64
    };
    for (h, expected) in g["kernel"].as_object().unwrap() {
        let h: f64 = h.parse().unwrap();
        let model = InstanceReturn { bandwidth: Some(h) };
        let fitted = model.fit_instances(z.view(), &y).unwrap();
        let (mean, variance) = fitted.mean_and_variance(at).unwrap();
        for (found, expected) in mean.iter().zip(numbers(&expected["mean"])) {
            assert_near(*found, expected);
        }
        for (found, expected) in variance.iter().zip(numbers(&expected["variance"])) {
            assert_near(*found, expected);
        }
        assert_near(error(h), expected["loo"].as_f64().unwrap());
    }
    let chosen = InstanceReturn::default()
        .fit_instances(z.view(), &y)
        .unwrap()
        .bandwidth;
    let best = error(chosen);
    for k in -16..=16 {
        // Bandwidths of the grid and beyond its ends; those within rounding count as equal.
        let other = chosen * 2f64.powf(0.5 * f64::from(k));
        let in_grid = (2f64.powi(-8)..=1.0 + 1e-9).contains(&(other / spread(z.view())));
        assert!(
            !in_grid || best <= error(other) * (1.0 + 1e-9),
            "{chosen} {other}"
        );
    }
}

/// Root mean square distance between two loans.
fn spread(z: Matrix<'_>) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (i, a) in z.rows().enumerate() {
        for b in z.rows().take(i) {
            sum += a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            pairs += 1.0;
        }
    }
    (sum / pairs).sqrt()
}
