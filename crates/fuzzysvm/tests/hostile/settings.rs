//! 13 to 24 and 35: weights, parameters, splits.

use crate::solver::overlapping;
use crate::*;

fn repeated_rows() -> Seen {
    let x = Matrix::new(&[0.0, 1.0, 2.0, 1.5, 3.0, 4.0], 1)?;
    let y = [N, N, N, P, P, P];
    let precise = Svc {
        solver: Smo {
            tol: 1e-10,
            ..Smo::default()
        },
        ..rbf(0.5, 0.7)
    };
    let weighted = precise.fit(Samples::new(x, &y)?, Some(&[100.0; 6]))?;
    let rows: Vec<usize> = (0..600).map(|i| i / 100).collect();
    let (many, labels) = (x.select_rows(&rows), rows.iter().map(|&i| y[i]));
    let labels: Vec<Label> = labels.collect();
    let repeated = precise.fit(Samples::new(many.view(), &labels)?, None)?;
    let queries = Matrix::new(&[-1.0, 0.5, 1.7, 2.5, 9.0], 1)?;
    let (a, b) = (
        weighted.decision_function(queries)?,
        repeated.decision_function(queries)?,
    );
    let far = a.iter().zip(&b).map(|(a, b)| (a - b).abs());
    let far = far.fold(0.0, f64::max);
    Ok(if far < 1e-8 {
        "the same".to_owned()
    } else {
        format!("{far:e} apart")
    })
}

pub fn weights(cases: &mut Cases) {
    cases.add(
        13,
        "weight 100 and the row 100 times",
        Answer(&["the same"]),
        repeated_rows,
    );
    let invalid = |n: u32,
                   name: &str,
                   weights: [f64; 4],
                   expected: &'static [&'static str],
                   cases: &mut Cases| {
        cases.add(n, format!("{name} weight"), Error(expected), move || {
            fit(&rbf(1.0, 1.0), &X4, 2, &Y4, Some(&weights))
        });
        cases.add(
            n,
            format!("{name} weight before a membership"),
            Error(expected),
            move || {
                let uniform = "uniform".parse::<MembershipKind>()?;
                let uniform = uniform.with_first_model(rbf(1.0, 1.0));
                let learner = Weighted::new(uniform, rbf(1.0, 1.0));
                let x = Matrix::new(&X4, 2)?;
                describe(&learner.fit(Samples::new(x, &Y4)?, Some(&weights))?, x)
            },
        );
        cases.add(
            n,
            format!("{name} weight as a candidate"),
            Error(&["fold 1"]),
            move || {
                let fold = |weights: [f64; 4]| -> Result<_, fuzzysvm::core::MatrixError> {
                    Ok(TuningFold {
                        x_train: Matrix::new(&X4, 2)?,
                        y_train: &Y4,
                        x_valid: Matrix::new(&X4, 2)?,
                        y_valid: &Y4,
                        candidates: vec![weights.to_vec()],
                    })
                };
                let score = |t: &[Label], p: &[Label]| balanced_accuracy_score(t, p).unwrap_or(0.0);
                let folds = [fold([1.0; 4])?, fold(weights)?];
                Ok(format!("{:?}", GridSearch::default().run(&folds, &score)?))
            },
        );
    };
    const NONE: &str = "every negative sample has weight 0";
    invalid(14, "0 as every", [0.0; 4], &[NONE], cases);
    invalid(15, "0 as a class's", [0.0, 0.0, 1.0, 1.0], &[NONE], cases);
    invalid(
        16,
        "NaN",
        [1.0, 1.0, f64::NAN, 1.0],
        &["row 2 is NaN"],
        cases,
    );
    invalid(
        17,
        "negative",
        [1.0, -5.0, 1.0, 1.0],
        &["row 1 is -5"],
        cases,
    );
    invalid(
        18,
        "infinite",
        [f64::INFINITY, 1.0, 1.0, 1.0],
        &["row 0 is inf"],
        cases,
    );
    for weight in [1e-12, 1e-310, 5e-324] {
        let name = format!("weights of {weight:e}");
        cases.add(19, name, Answer(&["converged", "4 support"]), move || {
            fit(&rbf(1.0, 1.0), &X4, 2, &Y4, Some(&[weight; 4]))
        });
    }
    cases.add(
        19,
        "weights of 1e-310 beside 1e300",
        Answer(&["predicts --++"]),
        || {
            fit(
                &rbf(1.0, 1.0),
                &X4,
                2,
                &Y4,
                Some(&[1e-310, 1e300, 1e300, 1e-310]),
            )
        },
    );
}

pub fn parameters(cases: &mut Cases) {
    for c in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let expected = Error(&["parameter `c` is", "must be finite and > 0"]);
        cases.add(20, format!("C = {c}"), expected, move || {
            fit(&rbf(c, 1.0), &X4, 2, &Y4, None)
        });
    }
    cases.add(
        20,
        "C = NaN in a grid",
        Error(&["parameter `c` is NaN"]),
        || {
            let grid = GridSearch {
                c: vec![1.0, f64::NAN],
                ..GridSearch::default()
            };
            Ok(format!("{:?}", grid.validate()?))
        },
    );
    cases.add(
        21,
        "C = 1e300",
        Answer(&["converged", "predicts --++"]),
        || fit(&rbf(1e300, 1.0), &X4, 2, &Y4, None),
    );
    cases.add(
        21,
        "C = 1e300, not separable",
        Answer(&["max-iterations"]),
        || {
            fit(
                &rbf(1e300, 1.0),
                &[1.0, 1.0, 2.0, 2.0],
                1,
                &[N, P, N, P],
                None,
            )
        },
    );
    cases.add(
        21,
        "C = 1e300, weights of 1e300",
        Answer(&["converged", "--++"]),
        || fit(&rbf(1e300, 1.0), &X4, 2, &Y4, Some(&[1e300; 4])),
    );
    cases.add(
        21,
        "C = 1e300, weights of 1e300, not separable",
        Answer(&["max-iterations"]),
        || {
            fit(
                &rbf(1e300, 1.0),
                &[1.0, 1.0, 2.0, 2.0],
                1,
                &[N, P, N, P],
                Some(&[1e300; 4]),
            )
        },
    );
    cases.add(22, "C = 1e-300", Answer(&["converged, 4 support"]), || {
        fit(&rbf(1e-300, 1.0), &X4, 2, &Y4, None)
    });
    for gamma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let kernels: [KernelKind; 4] = [
            Rbf { gamma }.into(),
            Laplacian { gamma }.into(),
            square(gamma).into(),
            Sigmoid { gamma, coef0: 0.0 }.into(),
        ];
        for kernel in kernels {
            let name = format!("gamma = {gamma}, {}", kernel.name());
            cases.add(23, name, Error(&["parameter `gamma` is"]), move || {
                fit(&svc(1.0, kernel), &X4, 2, &Y4, None)
            });
        }
        cases.add(
            23,
            format!("gamma = {gamma}, resolved"),
            Error(&["`gamma`"]),
            move || {
                Ok(Gamma::Value(gamma)
                    .resolve(Matrix::new(&X4, 2)?)?
                    .to_string())
            },
        );
    }
    cases.add(
        23,
        "gamma = 1e300",
        Answer(&["converged, 4 support", "--++"]),
        || fit(&rbf(1.0, 1e300), &X4, 2, &Y4, None),
    );
    cases.add(23, "degree 0", Error(&["parameter `degree` is 0"]), || {
        fit(
            &svc(
                1.0,
                Polynomial {
                    degree: 0,
                    ..square(1.0)
                },
            ),
            &X4,
            2,
            &Y4,
            None,
        )
    });
    cases.add(23, "degree 4294967295", Error(&["scale the data"]), || {
        fit(
            &svc(
                1.0,
                Polynomial {
                    degree: u32::MAX,
                    ..square(1.0)
                },
            ),
            &X4,
            2,
            &Y4,
            None,
        )
    });
    let solver = |tol| Svc {
        solver: Smo {
            tol,
            ..Smo::default()
        },
        ..rbf(1.0, 0.3)
    };
    for tol in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let expected = Error(&["parameter `tol` is", "must be finite and > 0"]);
        cases.add(24, format!("tol = {tol}"), expected, move || {
            fit(&solver(tol), &X4, 2, &Y4, None)
        });
    }
    cases.add(24, "tol = 1e-300", Answer(&["predicts --++"]), move || {
        fit(&solver(1e-300), &X4, 2, &Y4, None)
    });
    cases.add(
        24,
        "tol = 1e-300, overlapping",
        Answer(&["stalled"]),
        move || {
            let (x, y) = overlapping();
            fit(&solver(1e-300), &x, 2, &y, None)
        },
    );
}

pub fn splits(cases: &mut Cases) {
    let y = [N, N, N, N, N, P, P];
    cases.add(
        35,
        "3 folds of 2 positives",
        Error(&["the positive class has 2 samples", "3"]),
        move || Ok(format!("{:?}", stratified_k_fold(&y, 3, 0)?)),
    );
    for (n_folds, expected) in [
        (1000, Error(&["the positive class has 2 samples", "1000"])),
        (usize::MAX, Error(&["the positive class has 2 samples"])),
        (1, Error(&["parameter `n_folds` is 1"])),
        (0, Error(&["parameter `n_folds` is 0"])),
    ] {
        cases.add(35, format!("{n_folds} folds"), expected, move || {
            Ok(format!("{:?}", stratified_k_fold(&y, n_folds, 0)?))
        });
    }
    cases.add(
        35,
        "folds of no samples",
        Error(&["class has 0 samples"]),
        || Ok(format!("{:?}", stratified_k_fold(&[], 2, 0)?)),
    );
    cases.add(
        35,
        "more drawn than there are",
        Error(&["8 samples", "there are 7"]),
        move || Ok(format!("{:?}", stratified_draw(&y, 6, 2, 0, 0)?)),
    );
    for (name, row, expected) in [
        (
            "a fold that tests on what it trained on",
            0,
            Error(&["row 0 in both parts of a fold"]),
        ),
        (
            "a fold of other samples",
            6,
            Error(&["row 6 in a fold of 4 rows"]),
        ),
    ] {
        cases.add(35, name, expected, move || {
            let data = Data::from_matrix(MatrixBuf::new(X4.to_vec(), 2)?, Y4.to_vec())?;
            let fold = Fold {
                train: vec![0, 1, 2, 3],
                test: vec![row],
            };
            let encoded = EncodedFold::new(&data, None, &fold, ScalerKind::Standard)?;
            Ok(format!("{encoded:?}"))
        });
    }
    cases.add(
        35,
        "folds of samples that are not there",
        Error(&["sample 4 of 4"]),
        || {
            let data = Data::from_matrix(MatrixBuf::new(X4.to_vec(), 2)?, Y4.to_vec())?;
            let cv = CrossValidation {
                folds: 2,
                scale: ScalerKind::None,
                seed: 0,
            };
            Ok(format!("{:?}", cv.encoded(&data, Some(&[0, 1, 2, 3, 4]))?))
        },
    );
}
