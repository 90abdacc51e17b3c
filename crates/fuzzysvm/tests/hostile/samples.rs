//! 1 to 12: features, labels and shapes.

use crate::*;

pub fn samples_and_features(cases: &mut Cases) {
    for (number, value, shown) in [
        (1, f64::NAN, Error(&["row 1, column 0 is NaN"])),
        (2, f64::INFINITY, Error(&["row 1, column 0 is inf"])),
        (2, f64::NEG_INFINITY, Error(&["row 1, column 0 is -inf"])),
    ] {
        cases.add(number, format!("{value} in x"), shown, move || {
            fit(&rbf(1.0, 1.0), &[0.0, 1.0, value, 2.0], 2, &[N, P], None)
        });
    }
    cases.add(1, "NaN at predict", Error(&["row 0, column 1"]), || {
        describe(&model()?, Matrix::new(&[0.0, f64::NAN], 2)?)
    });
    cases.add(
        1,
        "NaN in a file",
        Error(&["a.csv:3:1", "without a value", "\"a\""]),
        || complete_table("a.csv", b"a,y\n1,p\nnan,n\n"),
    );
    cases.add(
        1,
        "no value in a file",
        Error(&["a.csv:3:1", "without a value"]),
        || complete_table("a.csv", b"a,y\n1,p\n,n\n"),
    );
    cases.add(2, "1e999 in a file", Error(&["a.csv:3:1", "1e999"]), || {
        table("a.csv", b"a,y\n1,p\n1e999,n\n")
    });

    // 3: kernels of the dot product overflow, those of distances saturate at 0 and 1.
    for size in [1e308, 1e200] {
        let x = [size, -size, -size, size];
        let kernels: [KernelKind; 2] = [Linear.into(), square(1.0).into()];
        for kernel in kernels {
            let name = format!("{size:e}, {}", kernel.name());
            cases.add(3, name, Error(&["row 0", "scale the data"]), move || {
                fit(&svc(1.0, kernel), &x, 1, &[N, P, P, N], None)
            });
        }
        let kernels: [KernelKind; 3] = [
            Rbf { gamma: 1.0 }.into(),
            Laplacian { gamma: 1.0 }.into(),
            Sigmoid {
                gamma: 1.0,
                coef0: 0.0,
            }
            .into(),
        ];
        for kernel in kernels {
            let name = format!("{size:e}, {}", kernel.name());
            cases.add(
                3,
                name,
                Answer(&["converged", "predicts -++-"]),
                move || fit(&svc(1.0, kernel), &x, 1, &[N, P, P, N], None),
            );
        }
    }
    cases.add(3, "1e308, gamma = scale", Error(&["gamma"]), || {
        Ok(Gamma::Scale
            .resolve(Matrix::new(&[1e308, -1e308], 1)?)?
            .to_string())
    });
    cases.add(
        3,
        "1e308, scaler",
        Error(&["feature 2", "too large"]),
        || {
            let x = [1.0, 1e308, 2.0, -1e308];
            let scaler = Scaler::fit(ScalerKind::Standard, Matrix::new(&x, 2)?)?;
            Ok(format!("{scaler:?}"))
        },
    );
    cases.add(
        3,
        "1e308 at predict",
        Error(&["row 1", "scale the data"]),
        || {
            let x = Matrix::new(&[1e200, -1e200], 1)?;
            let small = Matrix::new(&[1e150, -1e150], 1)?;
            let svc = Svc {
                c: 1e-300,
                ..svc(1.0, Linear)
            };
            let model = svc.fit(Samples::new(small, &[P, N])?, None)?;
            describe(&model, Matrix::new(&[0.0, 1e308, x.row(1)[0]], 1)?)
        },
    );
    for (kind, words) in [
        ("uniform", Answer(&["[1.0, 1.0, 1.0, 1.0]"])),
        ("fsvm", Answer(&["[1e-314, 1e-314"])),
        ("efsvm", Answer(&["1.0"])),
        ("fsvm-cil", Answer(&["[1e-314, 1e-314"])),
        ("relative-density", Answer(&["1.0"])),
        // Both samples of a class lie on its radius among as many of the other: no confidence is left.
        (
            "intuitionistic",
            Error(&["every negative sample has weight 0"]),
        ),
        ("lin-wang-time", Answer(&["1.0"])),
        ("slack-factor", Error(&["starts from a first model"])),
    ] {
        cases.add(3, format!("1e308, membership {kind}"), words, move || {
            let mut kind: MembershipKind = kind.parse()?;
            if let MembershipKind::Efsvm(efsvm) = &mut kind {
                efsvm.n_neighbors = 3;
            }
            let plain = kind.plain().ok_or("starts from a first model")?;
            membership(&plain, &[1e308, -1e308, 1e308, -1e308], 1, &Y4)
        });
    }

    cases.add(
        3,
        "1e308, first model",
        Error(&["the first model failed", "row 0", "scale the data"]),
        || {
            membership(
                &Pretrained::new(SlackFactor::default(), svc(1.0, Linear)),
                &[1e308, -1e308, 1e308, -1e308],
                1,
                &Y4,
            )
        },
    );

    let tiny = [1e-200, 3e-200, 2e-200, 5e-324];
    cases.add(4, "1e-200, linear", Answer(&["converged"]), move || {
        fit(&svc(1.0, Linear), &tiny, 1, &Y4, None)
    });
    cases.add(
        4,
        "1e-200, RBF",
        Answer(&["converged, 4 support", "----"]),
        move || fit(&rbf(1.0, 1.0), &tiny, 1, &Y4, None),
    );
    cases.add(4, "1e-200, gamma = scale", Answer(&["1"]), move || {
        Ok(Gamma::Scale.resolve(Matrix::new(&tiny, 1)?)?.to_string())
    });
    cases.add(5, "NaN label in a file", Error(&["a.csv:3:2"]), || {
        table("a.csv", b"a,y\n1,1\n2,nan\n")
    });

    const ONE_CLASS: &str = "all 4 samples are positive: both classes are needed";
    cases.add(6, "one class, SVC", Error(&[ONE_CLASS]), || {
        fit(&rbf(1.0, 1.0), &X4, 2, &[P; 4], None)
    });
    for kind in MembershipKind::all() {
        let name = format!("one class, membership {kind}");
        cases.add(6, name, Error(&[ONE_CLASS]), move || {
            membership(&kind.with_first_model(rbf(1.0, 1.0)), &X4, 2, &[P; 4])
        });
    }
    cases.add(
        6,
        "one class, score",
        Error(&["no true label is negative"]),
        || Ok(balanced_accuracy_score(&[P; 4], &Y4)?.to_string()),
    );
    cases.add(
        6,
        "one class, file",
        Error(&["a.csv", "one class (\"p\")"]),
        || table("a.csv", b"a,y\n1,p\n2,p\n"),
    );
    cases.add(7, "0 columns", Error(&["at least one column"]), || {
        fit(&rbf(1.0, 1.0), &[], 0, &[], None)
    });
    cases.add(7, "0 rows", Error(&["there are no samples"]), || {
        fit(&rbf(1.0, 1.0), &[], 2, &[], None)
    });
    cases.add(7, "0 rows at predict", Answer(&["predicts ,"]), || {
        describe(&model()?, Matrix::new(&[], 2)?)
    });
    for (file, bytes, words) in [
        ("a.csv", &b""[..], Error(&["a.csv: found an empty file"])),
        ("a.csv", b"\n\n", Error(&["a.csv: found an empty file"])),
        ("a.csv", b"a,y\n", Error(&["a.csv: found no samples"])),
        ("a.csv", b"y\n1\n0\n", Error(&["a.csv: found no feature"])),
        (
            "a.dat",
            b"@attribute a real\n@attribute y {p,n}\n@data\n",
            Error(&["found no samples"]),
        ),
        ("a.svm", b"1\n-1\n", Error(&["a.svm: found no feature"])),
    ] {
        cases.add(7, format!("{file} with {bytes:?}"), words, move || {
            table(file, bytes)
        });
    }

    for (kernel, name) in [
        (KernelKind::from(Linear), "linear"),
        (Rbf { gamma: 1.0 }.into(), "RBF"),
    ] {
        let name = format!("a row a class, {name}");
        cases.add(
            8,
            name,
            Answer(&["converged, 2 support", "predicts -+"]),
            move || fit(&svc(1.0, kernel), &[0.0, 1.0], 1, &[N, P], None),
        );
    }
    for kind in ["efsvm", "efsvm-binned", "iefsvm"] {
        let name = format!("k = 7 and more of 4 samples, {kind}");
        cases.add(
            8,
            name,
            Error(&["need at least", "there are 4"]),
            move || {
                let kind: MembershipKind = kind.parse()?;
                membership(&kind.with_first_model(rbf(1.0, 1.0)), &X4, 2, &Y4)
            },
        );
    }
    cases.add(8, "k = n - 1", Answer(&["1.0"]), || {
        membership(
            &Efsvm {
                n_neighbors: 3,
                ..Efsvm::default()
            },
            &X4,
            2,
            &Y4,
        )
    });
    cases.add(8, "k beyond memory", Error(&["there are 4"]), || {
        membership(
            &Efsvm {
                n_neighbors: usize::MAX,
                ..Efsvm::default()
            },
            &X4,
            2,
            &Y4,
        )
    });
    cases.add(8, "k = 0", Error(&["n_neighbors"]), || {
        membership(
            &Efsvm {
                n_neighbors: 0,
                ..Efsvm::default()
            },
            &X4,
            2,
            &Y4,
        )
    });
    cases.add(8, "no k at all", Error(&["ks"]), || {
        membership(
            &Iefsvm {
                ks: Vec::new(),
                ..Iefsvm::default()
            },
            &X4,
            2,
            &Y4,
        )
    });

    cases.add(9, "3 labels", Error(&["4 rows of x but 3 labels"]), || {
        fit(&rbf(1.0, 1.0), &X4, 2, &Y4[..3], None)
    });
    cases.add(9, "5 weights", Error(&["4 samples but 5 weights"]), || {
        fit(&rbf(1.0, 1.0), &X4, 2, &Y4, Some(&[1.0; 5]))
    });
    cases.add(
        9,
        "3 start values",
        Error(&["4 samples but 3 start values"]),
        || {
            let samples = Samples::new(Matrix::new(&X4, 2)?, &Y4)?;
            Ok(format!(
                "{:?}",
                rbf(1.0, 1.0).fit_warm(samples, None, Some(&[0.0; 3]))?
            ))
        },
    );
    cases.add(9, "ragged rows", Error(&["7 values", "2 columns"]), || {
        fit(&rbf(1.0, 1.0), &X4[..7], 2, &Y4, None)
    });
    cases.add(9, "3 scores", Error(&["4 true labels but 3"]), || {
        Ok(roc_auc_score(&Y4, &[0.0; 3])?.to_string())
    });
    cases.add(
        9,
        "ragged file",
        Error(&["a.csv:3", "3 cells, expected 2"]),
        || table("a.csv", b"a,y\n1,p\n2,n,7\n"),
    );

    let other = Error(&["3 features", "trained on 2"]);
    cases.add(10, "other columns at predict", other, || {
        describe(&model()?, Matrix::new(&X4[..6], 3)?)
    });
    cases.add(
        10,
        "other columns, scaler",
        Error(&["3 features, expected 2"]),
        || {
            let scaler = Scaler::fit(ScalerKind::MinMax, Matrix::new(&X4, 2)?)?;
            Ok(format!(
                "{:?}",
                scaler.transform(Matrix::new(&X4[..6], 3)?)?
            ))
        },
    );
    cases.add(
        10,
        "a further index in a file",
        Error(&["b.svm:2:3", "index 14"]),
        || {
            let data = read_bytes(
                "a.svm",
                Format::Libsvm,
                b"1 1:1\n-1 2:1\n",
                &ReadOptions::default(),
            )?;
            let target = TargetUse::Ignored;
            let rows =
                data.schema
                    .read_bytes("b.svm", Format::Libsvm, b"1 1:1\n1 14:1\n", target)?;
            Ok(format!("{rows:?}"))
        },
    );
    cases.add(
        10,
        "a column less in a file",
        Error(&["b.csv", "no column \"b\""]),
        || {
            let data = read_bytes(
                "a.csv",
                Format::Csv,
                b"a,b,y\n1,2,p\n2,1,n\n",
                &ReadOptions::default(),
            )?;
            let rows =
                data.schema
                    .read_bytes("b.csv", Format::Csv, b"a,y\n1,p\n", TargetUse::Ignored)?;
            Ok(format!("{rows:?}"))
        },
    );

    for (name, y, predicted) in [
        ("even", Y4, Answer(&["converged", "predicts ----"])),
        (
            "more negative",
            [N, N, N, P],
            Answer(&["converged", "predicts ----"]),
        ),
        (
            "more positive",
            [N, P, P, P],
            Answer(&["converged", "predicts ++++"]),
        ),
    ] {
        cases.add(
            11,
            format!("constant features, {name}"),
            predicted,
            move || fit(&rbf(1.0, 1.0), &[7.0; 8], 2, &y, None),
        );
    }
    cases.add(
        11,
        "constant features, linear",
        Answer(&["converged", "++++"]),
        || fit(&svc(1.0, Linear), &[7.0; 8], 2, &[N, P, P, P], None),
    );
    cases.add(
        11,
        "constant features, memberships",
        Answer(&[" memberships"]),
        || {
            for kind in MembershipKind::all() {
                membership(
                    &kind.with_first_model(rbf(1.0, 1.0)),
                    &[7.0; 40],
                    1,
                    &[[N, N, N, P], [N, N, N, P]].concat().repeat(5),
                )?;
            }
            Ok(format!("{} memberships", MembershipKind::all().len()))
        },
    );
    cases.add(
        11,
        "constant features, scaler",
        Answer(&["[0.0, 0.0, 0.0, 0.0]"]),
        || {
            let x = Matrix::new(&[7.0; 4], 2)?;
            Ok(format!(
                "{:?}",
                Scaler::fit(ScalerKind::Standard, x)?.transform(x)?
            ))
        },
    );
    cases.add(
        12,
        "contradictory rows",
        Answer(&["converged, 4 support", "----"]),
        || {
            fit(
                &rbf(1.0, 1.0),
                &[1.0, 1.0, 2.0, 2.0],
                1,
                &[N, P, N, P],
                None,
            )
        },
    );
    cases.add(
        12,
        "contradictory rows, hard",
        Answer(&["4 support"]),
        || {
            fit(
                &rbf(1e9, 1.0),
                &[1.0, 1.0, 2.0, 2.0],
                1,
                &[N, P, N, P],
                None,
            )
        },
    );
}
