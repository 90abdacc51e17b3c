//! 25 to 28: what others solve for ever, and Gram matrices that are none.

use crate::*;

/// 48 rows of two features; classes overlap.
pub fn overlapping() -> (Vec<f64>, Vec<Label>) {
    let x = |i: u32| [f64::from(i % 7), f64::from(i * i % 11)];
    let y = |i| if i % 3 == 0 { P } else { N };
    ((0..48).flat_map(x).collect(), (0..48).map(y).collect())
}

pub fn long_runs(cases: &mut Cases) {
    let steep = [1.0, 99_999.0, 2.0, 99_999.0];
    for c in [1.0, 1e9] {
        cases.add(
            25,
            format!("squared 99999, C = {c}"),
            Answer(&["converged", "predicts -+"]),
            move || fit(&svc(c, square(1.0)), &steep, 2, &[N, P], None),
        );
    }
    let skewed = || {
        let (mut x, y) = overlapping();
        x.iter_mut().skip(1).step_by(2).for_each(|v| *v *= 1e5);
        (x, y)
    };
    for (c, expected) in [(1.0, Answer(&["converged"])), (1e6, Answer(&["stalled"]))] {
        cases.add(
            26,
            format!("features 1e5 apart, C = {c}"),
            expected,
            move || {
                let (x, y) = skewed();
                fit(&svc(c, Linear), &x, 2, &y, None)
            },
        );
    }
    cases.add(
        28,
        "3 iterations",
        Answer(&["max-iterations", "iterations 3"]),
        || {
            let (x, y) = overlapping();
            let solver = Smo {
                max_iter: Some(3),
                ..Smo::default()
            };
            fit(
                &Svc {
                    solver,
                    ..rbf(1.0, 1.0)
                },
                &x,
                2,
                &y,
                None,
            )
        },
    );
    cases.add(28, "no time", Answer(&["time-limit"]), || {
        let (x, y) = overlapping();
        let solver = Smo {
            time_limit: Some(Duration::ZERO),
            ..Smo::default()
        };
        fit(
            &Svc {
                solver,
                ..rbf(1.0, 1.0)
            },
            &x,
            2,
            &y,
            None,
        )
    });
    cases.add(28, "0 iterations", Error(&["max_iter"]), || {
        let solver = Smo {
            max_iter: Some(0),
            ..Smo::default()
        };
        fit(
            &Svc {
                solver,
                ..rbf(1.0, 1.0)
            },
            &X4,
            2,
            &Y4,
            None,
        )
    });
}

fn gram(values: &[f64], n_cols: usize, samples: &[f64], y: &[Label]) -> Seen {
    let kernel = Precomputed::new(MatrixBuf::new(values.to_vec(), n_cols)?)?;
    let x = Matrix::new(samples, 1)?;
    let model = svc(1.0, kernel).fit(Samples::new(x, y)?, None)?;
    let curved = model.info.negative_curvature;
    Ok(format!(
        "{}, negative curvature {curved}",
        describe(&model, x)?
    ))
}

pub fn gram_matrices(cases: &mut Cases) {
    cases.add(
        27,
        "not square",
        Error(&["3 rows and 2 columns", "square"]),
        || gram(&[1.0, 0.0, 0.0, 1.0, 0.0, 0.0], 2, &[0.0, 1.0], &[N, P]),
    );
    let words = Error(&[
        "row 1, column 0",
        "0.4",
        "row 0, column 1",
        "0.5",
        "symmetric",
    ]);
    cases.add(27, "not symmetric", words, || {
        gram(&[1.0, 0.5, 0.4, 1.0], 2, &[0.0, 1.0], &[N, P])
    });
    cases.add(27, "NaN inside", Error(&["row 0, column 1 is NaN"]), || {
        gram(&[1.0, f64::NAN, 0.4, 1.0], 2, &[0.0, 1.0], &[N, P])
    });
    cases.add(
        27,
        "huge and mirrored with the other sign",
        Error(&["symmetric"]),
        || gram(&[1.0, 1e308, -1e308, 1.0], 2, &[0.0, 1.0], &[N, P]),
    );
    cases.add(
        27,
        "not positive semidefinite",
        Answer(&["negative curvature 1"]),
        || gram(&[0.0, 3.0, 3.0, 0.0], 2, &[0.0, 1.0], &[N, P]),
    );
    cases.add(
        27,
        "negative definite",
        Answer(&["negative curvature 1"]),
        || gram(&[-1.0, 0.0, 0.0, -1.0], 2, &[0.0, 1.0], &[N, P]),
    );
    for sample in [2.0, -1.0, 0.5] {
        let words = Error(&["sample 1 is", "whole number from 0 to 1"]);
        cases.add(27, format!("sample {sample}"), words, move || {
            gram(&[1.0, 0.0, 0.0, 1.0], 2, &[0.0, sample], &[N, P])
        });
    }
    cases.add(
        27,
        "a query that is no row",
        Error(&["row 1", "NaN"]),
        || {
            let kernel = Precomputed::new(MatrixBuf::new(vec![1.0, 0.0, 0.0, 1.0], 2)?)?;
            let model =
                svc(1.0, kernel).fit(Samples::new(Matrix::new(&[0.0, 1.0], 1)?, &[N, P])?, None)?;
            describe(&model, Matrix::new(&[0.0, 5.0], 1)?)
        },
    );
}
