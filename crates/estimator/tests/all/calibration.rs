//! Probabilities of fitted estimators.

use crate::common::{bits, on_threads, overlapping, rows};
use fuzzysvm_calibration::{
    Calibration, CalibrationKind, Calibrator, CalibratorKind, SigmoidCalibration,
};
use fuzzysvm_core::{MatrixBuf, Samples};
use fuzzysvm_estimator::{
    CalibrationSpec, CrossValidation, Data, Estimator, EstimatorError, FittedEstimator, KernelName,
    KernelSpec, Model, SvmSpec,
};

fn named(name: &str) -> Estimator {
    Estimator::named(name).unwrap()
}

fn spec(method: CalibratorKind, folds: usize) -> Option<CalibrationSpec> {
    Some(
        CalibrationSpec::default()
            .with_method(method)
            .with_folds(folds),
    )
}

#[test]
fn the_calibrator_sees_decisions_out_of_folds_and_the_model_stays_what_it_is() {
    let data = overlapping(80, 1);
    for name in ["efsvm", "class-cost", "cs-adaboost"] {
        let plain = named(name).with_seed(7);
        let without = plain.fit(&data, None).unwrap();
        assert!(without.calibration().is_none() && without.out_of_fold().is_none());
        for &method in CalibratorKind::ALL {
            let fitted = plain
                .clone()
                .with_calibration(spec(method, 4))
                .fit(&data, None)
                .unwrap();
            assert_eq!(fitted.model(), without.model());
            let cv = CrossValidation {
                folds: 4,
                scale: plain.scaler_kind(),
                seed: 7,
            };
            let decisions = cv.decisions(&data, &plain, &|| ()).unwrap().decisions;
            assert_eq!(bits(fitted.out_of_fold().unwrap()), bits(&decisions));
            let expected = method.fit(&decisions, data.y(), None).unwrap();
            assert_eq!(fitted.calibration(), Some(&expected), "{name}");
            // They are not those that the model has of its training samples.
            let (x, _) = rows(80, 1);
            let x = fitted.encode_numbers(x).unwrap();
            let own = fitted.decision_function(x.view()).unwrap();
            assert_ne!(method.fit(&own, data.y(), None).unwrap(), expected);
            let p = fitted.predict_proba(x.view()).unwrap();
            assert_eq!(bits(&p), bits(&expected.probability(&own).unwrap()));
        }
    }
}

#[test]
fn given_weights_count_in_the_folds_and_in_the_calibrator() {
    let (x, y) = rows(80, 3);
    let data = Data::from_matrix(x.clone(), y.clone()).unwrap();
    let estimator = named("svm").with_calibration(spec(CalibratorKind::Sigmoid, 4));
    let p = |weights: Option<&[f64]>| {
        let fitted = estimator.fit(&data, weights).unwrap();
        let x = fitted.encode_numbers(x.clone()).unwrap();
        fitted.predict_proba(x.view()).unwrap()
    };
    let plain = p(None);
    assert_eq!(bits(&plain), bits(&p(Some(&[1.0; 80]))));
    let weights: Vec<f64> = y
        .iter()
        .map(|y| if y.is_positive() { 5.0 } else { 1.0 })
        .collect();
    let mean = |p: &[f64]| p.iter().sum::<f64>() / p.len() as f64;
    assert!(mean(&p(Some(&weights))) > mean(&plain) + 0.1);
    // Rows of weight 0 are left out of both.
    let weights: Vec<f64> = (0..80)
        .map(|i| if i % 8 == 1 { 0.0 } else { 1.0 })
        .collect();
    let p = p(Some(&weights));
    assert!(p.iter().all(|p| (0.0..=1.0).contains(p)) && p != plain);
    for bad in [&weights[..79], &[-1.0; 80], &[f64::NAN; 80]] {
        assert!(estimator.fit(&data, Some(bad)).is_err());
    }
}

#[test]
fn no_probability_depends_on_the_number_of_threads() {
    let data = overlapping(60, 2);
    let estimator = named("iefsvm").with_calibration(Some(CalibrationSpec::default()));
    let fit = || estimator.fit(&data, None).unwrap().calibration().cloned();
    assert_eq!(on_threads(1, fit), on_threads(3, fit));
}

#[test]
fn a_file_keeps_the_calibration_bit_for_bit() {
    let data = overlapping(60, 2);
    for &method in CalibratorKind::ALL {
        let fitted = named("efsvm")
            .with_calibration(spec(method, 3))
            .fit(&data, None)
            .unwrap();
        let text = fitted.to_json().unwrap();
        let loaded = FittedEstimator::from_text(&text).unwrap();
        assert_eq!(loaded.calibration(), fitted.calibration());
        assert_eq!(loaded.trained_on(), fitted.trained_on());
        assert_eq!(loaded.to_json().unwrap(), text);
        let without = loaded.with_calibration(None).to_json().unwrap();
        let plain = named("efsvm").fit(&data, None).unwrap();
        assert_eq!(without, plain.to_json().unwrap());
    }
    // A model of samples as they are, which does not know them again, calibrated by its owner.
    let (x, y) = rows(20, 1);
    let names = vec!["a".to_owned(), "b".to_owned()];
    let classes = ["n".to_owned(), "p".to_owned()];
    let train = Samples::new(x.view(), &y).unwrap();
    let fit = named("svm")
        .fit_samples(&names, &classes, train, None)
        .unwrap();
    let fitted =
        FittedEstimator::of_model(Model::Svm(fit.model), names, classes, None, None).unwrap();
    let own = CalibrationKind::Sigmoid(SigmoidCalibration::new(2.0, -1.0).unwrap());
    let fitted = fitted.with_calibration(Some(own.clone()));
    let loaded = FittedEstimator::from_text(&fitted.to_json().unwrap()).unwrap();
    assert_eq!(loaded.calibration(), Some(&own));
    assert!(loaded.trained_on().is_none());
}

#[test]
fn what_has_no_probabilities_says_so() {
    let data = overlapping(40, 1);
    let plain = named("svm").fit(&data, None).unwrap();
    let x = MatrixBuf::new(vec![0.0, 0.0], 2).unwrap();
    let error = plain.predict_proba(x.view()).unwrap_err().to_string();
    assert!(error.contains("a model without calibration"), "{error}");
    let fail = |estimator: Estimator| estimator.fit(&data, None).unwrap_err();
    let one = fail(named("svm").with_calibration(spec(CalibratorKind::Sigmoid, 1)));
    assert!(matches!(one, EstimatorError::Param(_)), "{one}");
    let many = fail(named("svm").with_calibration(spec(CalibratorKind::Sigmoid, 11)));
    let words = "calibration: the positive class has 10 samples, but the split needs at least 11";
    assert_eq!(many.to_string(), words);
    let gram = SvmSpec {
        kernel: KernelSpec {
            name: KernelName::Precomputed,
            ..KernelSpec::default()
        },
        ..SvmSpec::default()
    };
    let gram = named("svm")
        .with_svm(gram)
        .with_calibration(spec(CalibratorKind::Sigmoid, 3));
    let error = gram.validate().unwrap_err().to_string();
    assert!(
        error.contains("a Gram matrix cannot be cut into folds"),
        "{error}"
    );
}
