//! Scalers and what is kept of them.

use fuzzysvm_core::Matrix;

use super::*;

#[test]
fn scalers_give_the_textbook_values() {
    let data = [1., 5., 1e-200, 2., 5., 3e-200, 6., 5., 2e-200];
    let x = Matrix::new(&data, 3).unwrap();
    let standard = Scaler::fit(ScalerKind::Standard, x).unwrap();
    let scaled = standard.transform(x).unwrap().into_vec();
    // column 1: mean 3, population sd sqrt(14/3); column 3 as 1, 3, 2
    let sd = (14.0_f64 / 3.0).sqrt();
    let r = 1.5_f64.sqrt();
    let expected = [-2.0 / sd, 0., -r, -1.0 / sd, 0., r, 3.0 / sd, 0., 0.];
    for (found, expected) in scaled.iter().zip(expected) {
        approx::assert_relative_eq!(*found, expected, epsilon = 1e-12);
    }
    let minmax = Scaler::fit(ScalerKind::MinMax, x).unwrap();
    let scaled = minmax.transform(x).unwrap().into_vec();
    for (found, expected) in scaled.iter().zip([0., 0., 0., 0.2, 0., 1., 1., 0., 0.5]) {
        approx::assert_relative_eq!(*found, expected, epsilon = 1e-12);
    }
    let beyond = Matrix::new(&[11., 4., 0.], 3).unwrap();
    assert_eq!(minmax.transform(beyond).unwrap().row(0)[..2], [2.0, 0.0]);
    let none = Scaler::fit(ScalerKind::None, x).unwrap();
    assert_eq!(none.transform(x).unwrap().view(), x);

    let narrow = Matrix::new(&[1.0], 1).unwrap();
    assert!(matches!(
        minmax.transform(narrow),
        Err(TableError::FeatureCount {
            expected: 3,
            found: 1
        })
    ));
    let extreme = [1e308, -1e308];
    let wide = Matrix::new(&extreme, 1).unwrap();
    for kind in [ScalerKind::Standard, ScalerKind::MinMax] {
        assert!(matches!(
            Scaler::fit(kind, wide),
            Err(TableError::ScaleOverflow { column: 1 })
        ));
    }
    let large = Matrix::new(&[1e300, 1e300, 2e300], 1).unwrap();
    assert!(Scaler::fit(ScalerKind::Standard, large).is_ok());
    for &name in ScalerKind::NAMES {
        assert_eq!(name.parse::<ScalerKind>().unwrap().to_string(), name);
    }
    assert!("robust".parse::<ScalerKind>().is_err());
}

/// Columns: 0.3 computed in two ways, 10⁹ and its neighbor, 7, and a usual one.
#[rustfmt::skip]
const CRUMBS: [f64; 16] = [
    0.3,       1e9,                   7.0, 1.0,
    0.1 + 0.2, 1_000_000_000.000_000_1, 7.0, 2.0,
    0.3,       1_000_000_000.000_000_1, 7.0, 4.0,
    0.1 + 0.2, 1e9,                   7.0, 1.0,
];

#[test]
fn columns_that_differ_by_rounding_alone_become_0() {
    let x = Matrix::new(&CRUMBS, 4).unwrap();
    assert_eq!(constant_up_to_rounding(x), [0, 1]);
    assert_eq!(
        constant_up_to_rounding(x.select_rows(&[1]).view()),
        [0usize; 0]
    );
    // Far from the training rows, and still no effect.
    let new = [0.31, 2e9, 8.0, 1.0];
    for kind in [ScalerKind::Standard, ScalerKind::MinMax] {
        let scaler = Scaler::fit(kind, x).unwrap();
        let new = scaler.transform(Matrix::new(&new, 4).unwrap()).unwrap();
        assert_eq!(new.row(0)[..3], [0.0; 3], "{kind}");
        for row in scaler.transform(x).unwrap().view().rows() {
            assert_eq!(row[..3], [0.0; 3], "{kind}");
        }
    }
    let none = Scaler::fit(ScalerKind::None, x).unwrap();
    assert_eq!(none.transform(x).unwrap().view(), x);
}

#[cfg(feature = "serde")]
#[test]
fn schema_and_scaler_come_back_from_json_and_are_checked() {
    let data = csv("a,t,y\n1,u,p\n2,v,n\n3,v,n\n").unwrap();
    let json = serde_json::to_string(&data.schema).unwrap();
    assert_eq!(
        serde_json::from_str::<TableSchema>(&json).unwrap(),
        data.schema
    );
    let scaler = Scaler::fit(ScalerKind::Standard, data.x.view()).unwrap();
    let text = serde_json::to_string(&scaler).unwrap();
    assert_eq!(serde_json::from_str::<Scaler>(&text).unwrap(), scaler);
    for bad in [
        json.replace("\"n\",\"p\"", "\"p\",\"p\""),
        json.replace("[\"u\",\"v\"]", "[]"),
        json.replace("\"t\"", "\"a\""),
    ] {
        assert_ne!(bad, json);
        assert!(serde_json::from_str::<TableSchema>(&bad).is_err(), "{bad}");
    }
    for bad in [
        text.replace("\"width\":[", "\"width\":[-1.0,"),
        text.replace("\"center\":[", "\"center\":[1.0,"),
    ] {
        assert!(serde_json::from_str::<Scaler>(&bad).is_err(), "{bad}");
    }
}

proptest! {
    /// To the last bit the textbook formulas, on columns of any offset that is not itself the whole value.
    #[test]
    fn usual_columns_are_scaled_by_the_formulas_alone(
        data in prop::collection::vec(-1.0_f64..1.0, 2..60), offset in -1e6_f64..1e6, exponent in -100_i32..100,
    ) {
        let unit = 10_f64.powi(exponent);
        let data: Vec<f64> = data.iter().map(|v| (v + offset) * unit).collect();
        let n = data.len() as f64;
        let min = data.iter().copied().fold(f64::INFINITY, f64::min);
        let range = data.iter().copied().fold(f64::NEG_INFINITY, f64::max) - min;
        prop_assume!(range > 1e-3 * unit);
        let mean = data[0] + data.iter().map(|v| (v - data[0]) / n).sum::<f64>();
        let spread = data.iter().map(|v| ((v - mean) / range).powi(2)).sum::<f64>() / n;
        let deviation = spread.sqrt() * range;
        let x = Matrix::new(&data, 1).unwrap();
        for (kind, center, width) in
            [(ScalerKind::Standard, mean, deviation), (ScalerKind::MinMax, min, range)]
        {
            let scaled = Scaler::fit(kind, x).unwrap().transform(x).unwrap().into_vec();
            for (z, v) in scaled.iter().zip(&data) {
                prop_assert_eq!(z.to_bits(), ((v - center) / width).to_bits());
            }
        }
        prop_assert!(constant_up_to_rounding(x).is_empty());
    }

    #[test]
    fn scaled_training_columns_have_mean_0_and_sd_1(
        data in prop::collection::vec(-1e6_f64..1e6, 8..60)
    ) {
        let x = Matrix::new(&data, 1).unwrap();
        let z = Scaler::fit(ScalerKind::Standard, x).unwrap().transform(x).unwrap().into_vec();
        let n = z.len() as f64;
        let mean = z.iter().sum::<f64>() / n;
        let variance = z.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        prop_assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-9);
    }
}
