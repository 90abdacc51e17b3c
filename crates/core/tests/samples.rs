//! What is said of samples that cannot be used, and the small parts that every crate leans on.

use fuzzysvm_core::{
    ClassCounts, Classifier, Label, Matrix, MatrixBuf, MatrixError, MethodInfo, PredictError,
    Samples, SamplesError, WeightError, check_weights,
};
use proptest::prelude::*;

const P: Label = Label::Positive;
const N: Label = Label::Negative;

#[test]
fn samples_need_a_label_for_every_row_and_both_classes() {
    let data = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let x = Matrix::new(&data, 2).unwrap();
    let text = |y: &[Label]| match Samples::new(x, y) {
        Ok(samples) => samples.require_both_classes().unwrap_err().to_string(),
        Err(e) => e.to_string(),
    };
    assert_eq!(text(&[P, N]), "3 rows of x but 2 labels");
    assert_eq!(
        text(&[N; 3]),
        "all 3 samples are negative: both classes are needed"
    );
    assert_eq!(
        text(&[P; 3]),
        "all 3 samples are positive: both classes are needed"
    );
    let none = Matrix::new(&[], 2).unwrap();
    assert!(none.is_empty() && !x.is_empty());
    assert_eq!(Samples::new(none, &[]).unwrap_err(), SamplesError::Empty);
    assert_eq!(SamplesError::Empty.to_string(), "there are no samples");

    let samples = Samples::new(x, &[N, P, N]).unwrap();
    assert_eq!((samples.n_samples(), samples.n_features()), (3, 2));
    assert_eq!((samples.x(), samples.y()), (x, &[N, P, N][..]));
    let counts = samples.require_both_classes().unwrap();
    assert_eq!((counts.positive, counts.negative), (1, 2));
}

#[test]
fn a_matrix_that_is_refused_says_where() {
    let text = |data: &[f64], n_cols| Matrix::new(data, n_cols).unwrap_err().to_string();
    assert_eq!(text(&[], 0), "a matrix needs at least one column");
    assert_eq!(text(&[1.0; 5], 3), "5 values do not fill rows of 3 columns");
    assert_eq!(
        text(&[1.0, 2.0, 3.0, f64::NAN], 2),
        "row 1, column 1 is NaN: every value must be finite"
    );
    // Values are summed by eights first: an infinity in one of those, and opposite ones.
    let mut data = [1e308; 20];
    (data[6], data[14]) = (f64::INFINITY, f64::NEG_INFINITY);
    assert_eq!(
        MatrixBuf::new(data.to_vec(), 4).unwrap_err(),
        MatrixError::NotFinite {
            row: 1,
            col: 2,
            value: f64::INFINITY
        }
    );
}

#[test]
fn an_owned_matrix_is_the_one_that_it_was_copied_from() {
    let data = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let x = Matrix::new(&data, 3).unwrap();
    let owned = x.to_owned_matrix();
    assert_eq!(owned.view(), x);
    assert_eq!((owned.n_rows(), owned.n_cols()), (2, 3));
    assert_eq!(owned.row(1), [4.0, 5.0, 6.0]);
    assert!(x.rows().eq([&data[..3], &data[3..]]));
}

#[test]
fn weights_are_refused_with_their_row_or_class() {
    let y = [N, P, N];
    let text = |weights: &[f64]| check_weights(weights, &y).unwrap_err().to_string();
    assert_eq!(text(&[1.0; 2]), "3 samples but 2 weights");
    for (value, name) in [
        (f64::NAN, "NaN"),
        (-1.0, "-1"),
        (f64::INFINITY, "inf"),
        (-5e-324, "-0.000"),
    ] {
        let e = text(&[1.0, 1.0, value]);
        assert!(
            e.starts_with(&format!("the weight of row 2 is {name}")),
            "{e}"
        );
        assert!(e.ends_with(": every weight must be finite and >= 0"), "{e}");
    }
    assert_eq!(
        text(&[1.0, 0.0, 1.0]),
        "every positive sample has weight 0: both classes are needed"
    );
    assert_eq!(
        check_weights(&[0.0, 1.0, -0.0], &y),
        Err(WeightError::MissingClass { class: N })
    );
    assert_eq!(check_weights(&[0.0, 1.0, 5e-324], &y), Ok(()));
}

#[test]
fn rows_that_cannot_be_predicted_are_named_where_they_stand_in_the_file() {
    let row = PredictError::NotFinite {
        row: 2,
        value: f64::NEG_INFINITY,
    };
    assert_eq!(
        row.below(1000).to_string(),
        "the decision value of row 1002 is -inf: scale the data"
    );
    let columns = PredictError::FeatureCount {
        expected: 3,
        found: 2,
    };
    assert_eq!(columns.clone().below(1000), columns);
    assert_eq!(
        columns.to_string(),
        "the rows have 2 features, but the model was trained on 3"
    );
}

#[test]
fn labels_are_signs() {
    for (value, label) in [
        (5e-324, P),
        (f64::INFINITY, P),
        (0.0, N),
        (-0.0, N),
        (-1.0, N),
        (f64::NAN, N),
    ] {
        assert_eq!(Label::from_sign(value), label, "{value}");
    }
    for label in [P, N] {
        assert_eq!(Label::from_sign(label.sign()), label);
        assert_eq!(label.flipped().sign(), -label.sign());
        assert_eq!(label.is_positive(), label.sign() == 1.0);
    }
    assert_eq!(format!("{P} {N}"), "positive negative");
    assert_eq!(
        ClassCounts::of(&[N, P, N, N, P, N, N]).imbalance_ratio(),
        Some(2.5)
    );
    assert_eq!(ClassCounts::of(&[N]).imbalance_ratio(), None);
}

#[test]
fn a_boxed_model_says_what_the_model_says() {
    struct FirstFeature;
    impl Classifier for FirstFeature {
        fn n_features(&self) -> usize {
            2
        }
        fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
            Ok(x.rows().map(|r| r[0]).collect())
        }
    }
    let boxed: Box<dyn Classifier> = Box::new(FirstFeature);
    assert_eq!(boxed.n_features(), 2);
    let x = Matrix::new(&[3.0, 0.0, -1.5, 9.0], 2).unwrap();
    assert_eq!(boxed.decision_function(x).unwrap(), [3.0, -1.5]);
}

#[test]
fn a_grid_has_the_product_of_its_lists() {
    let info = MethodInfo::new("T", "a test", "nobody");
    assert_eq!(info.n_grid_points(), 1);
    let info = info.with_grid(&[("a", &["1", "2", "3"]), ("b", &["x", "y"])]);
    assert_eq!(info.n_grid_points(), 6);
}

proptest! {
    /// A value that the centers are made of, and as many below as above it, in every column by itself.
    #[test]
    fn a_center_is_a_middle_value(column in prop::collection::vec(-1e6..1e6f64, 1..300)) {
        // The second column runs the other way.
        let data: Vec<f64> = column.iter().flat_map(|&v| [v, -v]).collect();
        let centers = Matrix::new(&data, 2).unwrap().column_centers();
        // Up to 255 rows all of them count, above every other one.
        let used: Vec<f64> = column.iter().copied().step_by(column.len().div_ceil(255)).collect();
        for (center, sign) in centers.into_iter().zip([1.0, -1.0]) {
            let below = used.iter().filter(|&&v| sign * v < center).count();
            let above = used.iter().filter(|&&v| sign * v > center).count();
            prop_assert!(used.iter().any(|&v| sign * v == center));
            prop_assert!(2 * below <= used.len() && 2 * above <= used.len());
        }
        prop_assert_eq!(Matrix::new(&[], 2).unwrap().column_centers(), [0.0, 0.0]);
    }
}
