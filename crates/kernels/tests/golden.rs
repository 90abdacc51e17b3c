//! Values worked by hand, and parameters and files that must be refused.

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_kernels::{
    Gamma, Kernel, KernelError, KernelKind, Laplacian, Linear, Polynomial, Precomputed, Rbf,
    Sigmoid,
};

const X: [f64; 3] = [1.0, -2.0, 0.5];
const Z: [f64; 3] = [0.0, 1.0, 2.5];

fn kinds() -> Vec<(KernelKind, f64)> {
    // x·z = −0.75, ‖x − z‖² = 1 + 9 + 4 = 14, ‖x − z‖₁ = 1 + 3 + 2 = 6
    vec![
        (Linear.into(), -0.75),
        // 0.5 · −0.75 + 1 = 0.625, cubed
        (
            Polynomial {
                degree: 3,
                gamma: 0.5,
                coef0: 1.0,
            }
            .into(),
            0.244140625,
        ),
        // e^−1.4
        (Rbf { gamma: 0.1 }.into(), 0.246_596_963_941_606_5),
        // tanh(0.2 · −0.75 + 0.65) = tanh(0.5)
        (
            Sigmoid {
                gamma: 0.2,
                coef0: 0.65,
            }
            .into(),
            0.462_117_157_260_009_75,
        ),
        // e^−1.5
        (Laplacian { gamma: 0.25 }.into(), 0.223_130_160_148_429_83),
    ]
}

#[test]
fn values_worked_by_hand() {
    for (kernel, expected) in kinds() {
        let found = kernel.eval(&X, &Z);
        assert!(
            (found - expected).abs() <= 4e-16,
            "{}: {found} instead of {expected}",
            kernel.name()
        );
        let data: Vec<f64> = X.iter().chain(&Z).copied().collect();
        let prepared = kernel.prepare(Matrix::new(&data, 3).unwrap());
        let mut row = [0.0f32; 2];
        prepared.rows_f32(&[0], &mut row);
        assert!((f64::from(row[1]) - expected).abs() <= 3e-7);
    }
}

#[test]
fn integer_powers() {
    for degree in 1..=13 {
        let k = Polynomial {
            degree,
            gamma: 1.0,
            coef0: 0.0,
        };
        assert_eq!(k.eval(&[-2.0], &[1.0]), (-2.0f64).powi(degree as i32));
    }
}

#[test]
fn parameters_outside_their_range_are_refused_by_name() {
    let bad = [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for gamma in bad {
        for kernel in [
            KernelKind::from(Rbf { gamma }),
            Laplacian { gamma }.into(),
            Sigmoid { gamma, coef0: 0.0 }.into(),
            Polynomial {
                degree: 3,
                gamma,
                coef0: 0.0,
            }
            .into(),
        ] {
            assert_eq!(kernel.validate().unwrap_err().name, "gamma");
        }
        assert!(
            Gamma::Value(gamma)
                .resolve(Matrix::new(&[1.0], 1).unwrap())
                .is_err()
        );
    }
    for coef0 in [f64::NAN, f64::INFINITY] {
        let k = Sigmoid { gamma: 1.0, coef0 };
        assert_eq!(k.validate().unwrap_err().name, "coef0");
        let k = Polynomial {
            coef0,
            ..Polynomial::default()
        };
        assert_eq!(k.validate().unwrap_err().name, "coef0");
    }
    let k = Polynomial {
        degree: 0,
        ..Polynomial::default()
    };
    assert_eq!(
        k.validate().unwrap_err().to_string(),
        "parameter `degree` is 0: must be at least 1"
    );
    assert!(KernelKind::default().validate().is_ok());
    assert!(Rbf { gamma: 1e-300 }.validate().is_ok());
}

#[test]
fn gamma_follows_the_data_as_in_scikit_learn() {
    let x = [1.0, 10.0, 2.0, 20.0, 4.0, 50.0];
    let x = Matrix::new(&x, 2).unwrap();
    // Mean 14.5, squared deviations 1759.5, so the variance is 293.25.
    assert_eq!(Gamma::Scale.resolve(x), Ok(1.0 / 586.5));
    assert_eq!(Gamma::Auto.resolve(x), Ok(0.5));
    let constant = [0.1; 30];
    assert_eq!(
        Gamma::Scale.resolve(Matrix::new(&constant, 3).unwrap()),
        Ok(1.0)
    );
    assert_eq!(Gamma::Scale.resolve(Matrix::new(&[], 3).unwrap()), Ok(1.0));
    let huge = [1e308, 1e308, -1e308, 1e308];
    assert!(
        Gamma::Scale
            .resolve(Matrix::new(&huge, 2).unwrap())
            .is_err()
    );
    for (text, gamma) in [
        ("scale", Gamma::Scale),
        ("auto", Gamma::Auto),
        ("0.125", Gamma::Value(0.125)),
        ("1e-3", Gamma::Value(0.001)),
    ] {
        assert_eq!(text.parse(), Ok(gamma));
        assert_eq!(gamma.to_string().parse(), Ok(gamma));
    }
    for text in ["", "Scale!", "-1", "0", "nan", "inf", "1e999", "1,5"] {
        assert_eq!(text.parse::<Gamma>().unwrap_err().name, "gamma", "{text}");
    }
}

#[test]
fn gram_matrices_that_are_none_are_located() {
    let buf = |data: Vec<f64>, n| MatrixBuf::new(data, n).unwrap();
    assert_eq!(
        Precomputed::new(buf(vec![1.0; 6], 3)).unwrap_err(),
        KernelError::NotSquare {
            n_rows: 2,
            n_cols: 3
        }
    );
    let e = Precomputed::new(buf(vec![1.0, 0.5, 0.6, 1.0], 2)).unwrap_err();
    assert_eq!(
        e.to_string(),
        "row 1, column 0 of the Gram matrix is 0.6, but row 0, column 1 is 0.5: it must be symmetric"
    );
    assert!(Precomputed::new(buf(vec![1e308, -1e308, 1e308, 1e308], 2)).is_err());
    // Rounding is forgiven and removed.
    let k = Precomputed::new(buf(vec![1.0, 0.5, 0.5 + 1e-15, 1.0], 2)).unwrap();
    assert_eq!(k.eval(&[0.0], &[1.0]), k.eval(&[1.0], &[0.0]));
}

#[test]
fn samples_that_name_no_row_are_refused_and_never_panic() {
    let k = Precomputed::new(MatrixBuf::new(vec![1.0, 0.5, 0.5, 1.0], 2).unwrap()).unwrap();
    for (row, bad) in [(0, -1.0), (1, 2.0), (0, 0.5), (1, 1e300), (1, -1e-300)] {
        let mut samples = [0.0, 1.0];
        samples[row] = bad;
        let points = Matrix::new(&samples, 1).unwrap();
        assert_eq!(
            k.check_points(points),
            Err(KernelError::NoSuchRow {
                row,
                value: bad,
                n_rows: 2
            })
        );
        assert!(k.eval(&[bad], &[0.0]).is_nan());
        let mut rows = [0.0f32; 4];
        k.prepare(points).rows_f32(&[0, 1], &mut rows);
        assert!(rows.iter().any(|v| v.is_nan()));
    }
    assert!(k.eval(&[f64::NAN], &[0.0]).is_nan());
    assert!(k.eval(&[], &[0.0]).is_nan());
    assert_eq!(
        k.check_points(Matrix::new(&[0.0, 1.0], 2).unwrap()),
        Err(KernelError::NotOneColumn { found: 2 })
    );
}

#[cfg(feature = "serde")]
#[test]
fn kinds_are_written_with_their_name_and_read_back() {
    let gram = MatrixBuf::new(vec![1.0, 0.1, 0.1, 1.0], 2).unwrap();
    let stored = KernelKind::from(Precomputed::new(gram).unwrap());
    for kernel in kinds().into_iter().map(|(k, _)| k).chain([stored]) {
        let json = serde_json::to_string(&kernel).unwrap();
        assert!(
            json.starts_with(&format!("{{\"kernel\":\"{}\"", kernel.name())),
            "{json}"
        );
        assert!(KernelKind::NAMES.contains(&kernel.name()));
        assert_eq!(serde_json::from_str::<KernelKind>(&json).unwrap(), kernel);
    }
    assert_eq!(
        serde_json::to_string(&KernelKind::from(Rbf { gamma: 0.5 })).unwrap(),
        r#"{"kernel":"rbf","gamma":0.5}"#
    );
    for bad in [
        r#"{"kernel":"rbf"}"#,
        r#"{"kernel":"rbf","gamma":0.5,"degree":3}"#,
        r#"{"kernel":"gauss","gamma":0.5}"#,
        r#"{"kernel":"rbf","gamma":null}"#,
        r#"{"kernel":"precomputed","data":[1.0,0.5,0.6,1.0],"n_cols":2}"#,
        r#"{"kernel":"precomputed","data":[1.0,0.5,0.6],"n_cols":2}"#,
        r#"{"kernel":"polynomial","degree":-1,"gamma":0.5,"coef0":0.0}"#,
    ] {
        assert!(serde_json::from_str::<KernelKind>(bad).is_err(), "{bad}");
    }
    for gamma in [Gamma::Scale, Gamma::Auto, Gamma::Value(0.1)] {
        let json = serde_json::to_string(&gamma).unwrap();
        assert_eq!(serde_json::from_str::<Gamma>(&json).unwrap(), gamma);
    }
    assert!(serde_json::from_str::<Gamma>("-1.0").is_err());
    assert!(serde_json::from_str::<Gamma>("\"wide\"").is_err());
}

/// Entries that differ by rounding alone have no variance to divide by.
#[test]
fn gamma_scale_of_entries_that_are_constant_up_to_rounding_is_1() {
    for same in [
        [0.3, 0.1 + 0.2, 0.3, 0.3],
        [1e9, 1e9_f64.next_up(), 1e9_f64.next_down(), 1e9],
        [-3e300, -1e300 - 2e300, -3e300, -3e300],
        [7.0; 4],
        [0.0; 4],
    ] {
        let x = Matrix::new(&same, 2).unwrap();
        assert_eq!(Gamma::Scale.resolve(x).unwrap(), 1.0, "{same:?}");
    }
}

/// To the last bit 1 / (d · variance) where entries do differ, whatever their offset.
#[test]
fn gamma_scale_of_usual_entries_is_the_formula_alone() {
    for offset in [0.0, 1.0, -40.0, 1e6, 1e9] {
        for n in [2_u32, 3, 12, 60, 1000] {
            let entries: Vec<f64> = (0..3 * n)
                .map(|i| offset + (f64::from(i) * 1.7).sin())
                .collect();
            let count = f64::from(3 * n);
            let mean = entries.iter().sum::<f64>() / count;
            let squares = entries.iter().map(|v| (v - mean) * (v - mean));
            let variance = squares.sum::<f64>() / count;
            let gamma = Gamma::Scale.resolve(Matrix::new(&entries, 3).unwrap());
            assert_eq!(gamma.unwrap().to_bits(), (1.0 / (3.0 * variance)).to_bits());
        }
    }
}
