//! The laws on every shipped calibrator and on the assessment, and what else characterises them.

use fuzzysvm_calibration::laws::{
    order_does_not_matter, probabilities_rise_with_the_score, unit_does_not_matter,
    weight_is_repetition,
};
use fuzzysvm_calibration::{
    Assessment, Binning, Calibration, CalibrationError, Calibrator, CalibratorKind, Isotonic,
    Sigmoid, brier_score, calibration_line, expected_calibration_error, reliability_bins,
};
use fuzzysvm_core::Label;
use proptest::prelude::*;

/// Scores on a coarse lattice, so that ties are common, labels of both classes, counts that leave both, a permutation.
type Samples = (Vec<f64>, Vec<Label>, Vec<usize>, Vec<usize>);

fn samples() -> impl Strategy<Value = Samples> {
    (2usize..40).prop_flat_map(|n| {
        let labels = proptest::collection::vec(any::<bool>(), n);
        let scores = proptest::collection::vec((-12i8..=12).prop_map(|v| f64::from(v) / 4.0), n);
        let counts = proptest::collection::vec(0usize..4, n);
        let permutation = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        (scores, labels, counts, permutation).prop_map(
            |(scores, mut labels, mut counts, permutation)| {
                labels[0] = true;
                labels[1] = false;
                counts[0] = counts[0].max(1);
                counts[1] = counts[1].max(1);
                let label = |&p: &bool| if p { Label::Positive } else { Label::Negative };
                (
                    scores,
                    labels.iter().map(label).collect(),
                    counts,
                    permutation,
                )
            },
        )
    })
}

/// Equally long lists of any numbers: NaN, infinities, the largest and the smallest.
fn any_numbers() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<f64>, Vec<bool>)> {
    (0usize..9).prop_flat_map(|n| {
        let numbers = || proptest::collection::vec(prop_oneof![any::<f64>(), -2.0f64..2.0], n);
        let positive = prop_oneof![any::<f64>(), 0.0f64..1.0, Just(1e308), Just(5e-324)];
        let weights = proptest::collection::vec(positive, n);
        let finite =
            proptest::collection::vec(any::<f64>().prop_filter("finite", |v| v.is_finite()), n);
        let scores = prop_oneof![numbers(), finite];
        let p = proptest::collection::vec(prop_oneof![0.0f64..=1.0, Just(0.0), Just(1.0)], n);
        (
            scores,
            prop_oneof![numbers(), p],
            weights,
            proptest::collection::vec(any::<bool>(), n),
        )
    })
}

fn outcome(label: Label) -> f64 {
    f64::from(u8::from(label.is_positive()))
}

/// In [0, 1], from the lattice of [`samples`].
fn as_probabilities(scores: &[f64]) -> Vec<f64> {
    scores.iter().map(|s| (s + 3.0) / 6.0).collect()
}

/// Isotonic regression by its max–min formula: at each tie group the greatest, over its starts, of the least mean over
/// its ends.
fn by_max_min(scores: &[f64], y: &[Label], weights: &[f64]) -> Vec<f64> {
    let mut at: Vec<f64> = scores.to_vec();
    at.sort_by(f64::total_cmp);
    at.dedup();
    let mean = |from: f64, to: f64| {
        let (mut sum, mut total) = (0.0, 0.0);
        for i in 0..scores.len() {
            if (from..=to).contains(&scores[i]) {
                sum += weights[i] * outcome(y[i]);
                total += weights[i];
            }
        }
        sum / total
    };
    let of = |score: &f64| {
        let starts = at.iter().filter(|s| **s <= *score);
        starts
            .map(|&from| {
                let ends = at.iter().filter(|e| **e >= *score);
                ends.map(|&to| mean(from, to)).fold(f64::INFINITY, f64::min)
            })
            .fold(f64::NEG_INFINITY, f64::max)
    };
    scores.iter().map(of).collect()
}

proptest! {
    #[test]
    fn every_calibrator_keeps_the_laws(
        (scores, y, counts, permutation) in samples(), factor in 0.01f64..100.0, shift in -50.0f64..50.0,
    ) {
        let weights: Vec<f64> = counts.iter().map(|&k| k as f64 / 3.0).collect();
        for kind in CalibratorKind::ALL {
            let fitted = kind.fit(&scores, &y, Some(&weights)).unwrap();
            let probe = (-400i32..=400).map(|i| f64::from(i) / 100.0).chain([-1e308, 1e308, 5e-324, -0.0]);
            let probe: Vec<f64> = probe.chain(scores.iter().copied()).collect();
            probabilities_rise_with_the_score(&fitted, &probe).unwrap();
            weight_is_repetition(kind, &scores, &y, &counts, 1e-10).unwrap();
            order_does_not_matter(kind, &scores, &y, &weights, &permutation).unwrap();
            unit_does_not_matter(kind, &scores, &y, (factor, shift), 1e-9).unwrap();
        }
    }

    #[test]
    fn isotonic_regression_is_its_max_min_formula((scores, y, _, _) in samples(), seed in 1u32..1000) {
        let weights: Vec<f64> = (0..scores.len()).map(|i| 1.5 + (f64::from(seed) * i as f64).sin()).collect();
        let found = Isotonic.fit(&scores, &y, Some(&weights)).unwrap().probability(&scores).unwrap();
        for (p, expected) in found.iter().zip(by_max_min(&scores, &y, &weights)) {
            prop_assert!((p - expected).abs() < 1e-12, "{p} {expected}");
        }
    }

    #[test]
    fn both_keep_the_mean_of_their_targets((scores, y, counts, _) in samples()) {
        let weights: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
        let mean = |of: &dyn Fn(usize) -> f64| (0..scores.len()).map(|i| weights[i] * of(i)).sum::<f64>();
        let size = |positive: bool| mean(&|i| f64::from(u8::from(y[i].is_positive() == positive)));
        let isotonic = Isotonic.fit(&scores, &y, Some(&weights)).unwrap().probability(&scores).unwrap();
        prop_assert!((mean(&|i| isotonic[i]) - mean(&|i| outcome(y[i]))).abs() < 1e-10);
        let (high, low) = ((size(true) + 1.0) / (size(true) + 2.0), 1.0 / (size(false) + 2.0));
        let target = |i: usize| if y[i].is_positive() { high } else { low };
        let fitted = Sigmoid.fit(&scores, &y, Some(&weights)).unwrap();
        let sigmoid = fitted.probability(&scores).unwrap();
        prop_assert!((mean(&|i| sigmoid[i]) - mean(&target)).abs() < 1e-9);
        // At the minimum the residuals have no moment either; at the end of the range it points outwards.
        let moment = mean(&|i| (sigmoid[i] - target(i)) * scores[i]);
        if fitted.slope() > 0.0 {
            prop_assert!(moment.abs() < 1e-8, "{moment}");
        } else {
            prop_assert!(moment > -1e-8, "{moment}");
        }
    }

    #[test]
    fn isotonic_regression_has_no_greater_brier_score_than_the_sigmoid((scores, y, _, _) in samples()) {
        let brier = |kind: CalibratorKind| {
            let p = kind.fit(&scores, &y, None).unwrap().probability(&scores).unwrap();
            brier_score(&y, &p, None, Binning::Distinct).unwrap().value
        };
        prop_assert!(brier(CalibratorKind::Isotonic) <= brier(CalibratorKind::Sigmoid) + 1e-12);
    }

    #[test]
    fn the_parts_of_the_brier_score_add_up((scores, y, counts, permutation) in samples(), n in 1usize..15) {
        let p = as_probabilities(&scores);
        let weights: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
        for binning in [Binning::EqualCount(n), Binning::EqualWidth(n), Binning::Distinct] {
            let brier = brier_score(&y, &p, Some(&weights), binning).unwrap();
            let total: f64 = weights.iter().sum();
            let plain: f64 = (0..p.len()).map(|i| weights[i] * (p[i] - outcome(y[i])).powi(2)).sum();
            prop_assert!((brier.value - plain / total).abs() < 1e-12);
            prop_assert!(brier.reliability >= 0.0 && brier.resolution >= 0.0);
            prop_assert!(brier.resolution <= brier.uncertainty + 1e-12 && brier.uncertainty <= 0.25);
            if binning == Binning::Distinct {
                prop_assert!(brier.within_bins.abs() < 1e-12);
            }
            let ece = expected_calibration_error(&y, &p, Some(&weights), binning).unwrap();
            // Jensen: the mean of the distances is at most the root of the mean of their squares.
            prop_assert!((0.0..=1.0).contains(&ece) && ece <= brier.reliability.sqrt() + 1e-12);

            let bins = reliability_bins(&y, &p, Some(&weights), binning).unwrap();
            prop_assert_eq!(bins.iter().map(|b| b.n).sum::<usize>(), counts.iter().filter(|k| **k > 0).count());
            prop_assert!(bins.windows(2).all(|w| w[0].mean < w[1].mean));
            let most = if binning == Binning::Distinct { p.len() } else { n };
            prop_assert!(bins.len() <= most);

            let pick = |values: &[f64]| permutation.iter().map(|&i| values[i]).collect::<Vec<_>>();
            let labels: Vec<Label> = permutation.iter().map(|&i| y[i]).collect();
            let one = Assessment::of(&y, &p, Some(&weights), binning).unwrap();
            prop_assert_eq!(one, Assessment::of(&labels, &pick(&p), Some(&pick(&weights)), binning).unwrap());
        }
    }

    #[test]
    fn an_assessment_counts_weights_as_samples((scores, y, counts, _) in samples(), n in 1usize..15) {
        let p = as_probabilities(&scores);
        let weights: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
        let rows: Vec<usize> = (0..p.len()).flat_map(|i| std::iter::repeat_n(i, counts[i])).collect();
        let (y2, p2): (Vec<Label>, Vec<f64>) = rows.iter().map(|&i| (y[i], p[i])).unzip();
        for binning in [Binning::EqualCount(n), Binning::EqualWidth(n), Binning::Distinct] {
            let a = Assessment::of(&y, &p, Some(&weights), binning).unwrap();
            let b = Assessment::of(&y2, &p2, None, binning).unwrap();
            prop_assert_eq!(a.bins.len(), b.bins.len());
            for (a, b) in a.bins.iter().zip(&b.bins) {
                prop_assert!(a.weight == b.n as f64 && (a.mean - b.mean).abs() < 1e-12);
                prop_assert!((a.observed - b.observed).abs() < 1e-12);
            }
            for (a, b) in [(a.brier.value, b.brier.value), (a.brier.reliability, b.brier.reliability),
                           (a.brier.resolution, b.brier.resolution), (a.ece, b.ece)] {
                prop_assert!((a - b).abs() < 1e-12);
            }
            prop_assert_eq!(a.slope.is_some(), b.slope.is_some());
            if let (Some(a), Some(b)) = (a.slope, b.slope) {
                prop_assert!((a - b).abs() < 1e-8 * (1.0 + a.abs()), "{} {}", a, b);
            }
        }
    }

    #[test]
    fn log_odds_turned_by_a_line_turn_slope_and_intercept_back(
        (scores, y, _, _) in samples(), slope in 0.3f64..3.0, intercept in -1.0f64..1.0,
    ) {
        let of = |z: f64| 1.0 / (1.0 + (-z).exp());
        let p: Vec<f64> = scores.iter().map(|&s| of(s)).collect();
        let turned: Vec<f64> = scores.iter().map(|&s| of(slope * s + intercept)).collect();
        let (a, b) = (calibration_line(&y, &p, None), calibration_line(&y, &turned, None));
        match (a, b) {
            (Ok(a), Ok(b)) => {
                prop_assert!((a.slope - b.slope * slope).abs() < 1e-6 * (1.0 + a.slope.abs()));
                prop_assert!((a.intercept - (b.intercept + b.slope * intercept)).abs() < 1e-6 * (1.0 + a.intercept.abs()));
            }
            (Err(_), Err(_)) => {}
            (a, b) => prop_assert!(false, "{a:?} {b:?}"),
        }
    }

    #[test]
    fn nothing_panics_whatever_the_numbers((scores, p, weights, labels) in any_numbers()) {
        let y: Vec<Label> = labels.iter().map(|&p| if p { Label::Positive } else { Label::Negative }).collect();
        for weight in [None, Some(&*weights)] {
            for kind in CalibratorKind::ALL {
                if let Ok(fitted) = kind.fit(&scores, &y, weight) {
                    let finite: Vec<f64> = p.iter().copied().filter(|v| v.is_finite()).collect();
                    probabilities_rise_with_the_score(&fitted, &finite).unwrap();
                }
            }
            if let Ok(found) = Assessment::of(&y, &p, weight, Binning::EqualCount(3)) {
                let brier = found.brier;
                for figure in [brier.value, brier.reliability, brier.resolution, brier.uncertainty, found.ece] {
                    prop_assert!((0.0..=1.0 + 1e-12).contains(&figure), "{:?}", found);
                }
                for bin in &found.bins {
                    prop_assert!((0.0..=1.0).contains(&bin.mean) && (0.0..=1.0).contains(&bin.observed), "{:?}", bin);
                }
                prop_assert!(found.slope.is_none_or(f64::is_finite) && found.intercept.is_none_or(f64::is_finite));
            }
        }
    }
}

#[test]
fn scores_that_rank_the_wrong_way_round_have_one_probability() {
    let (p, n) = (Label::Positive, Label::Negative);
    let (scores, y) = ([-2.0, -1.0, 1.0, 2.0, 3.0], [p, p, n, n, n]);
    for kind in CalibratorKind::ALL {
        let fitted = kind.fit(&scores, &y, None).unwrap();
        assert!(fitted.is_constant());
        let found = fitted.probability(&[-9.0, 9.0]).unwrap();
        assert_eq!(found[0], found[1]);
        // Platt's targets 3/4 and 1/5: (2 · 3/4 + 3 · 1/5) / 5.
        let expected = if *kind == CalibratorKind::Sigmoid {
            0.42
        } else {
            0.4
        };
        assert!((found[0] - expected).abs() < 1e-12, "{kind} {found:?}");
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let (p, n) = (Label::Positive, Label::Negative);
    let y = [p, n];
    for kind in CalibratorKind::ALL {
        let fail = |scores: &[f64], y: &[Label], w: Option<&[f64]>| {
            kind.fit(scores, y, w).unwrap_err().to_string()
        };
        for (error, words) in [
            (fail(&[], &[], None), "there are no samples"),
            (fail(&[1.0], &y, None), "2 labels but 1 scores"),
            (
                fail(&[1.0, f64::NAN], &y, None),
                "score 1 is NaN: it must be finite",
            ),
            (fail(&[f64::INFINITY, 1.0], &y, None), "score 0 is inf"),
            (fail(&[1.0, 2.0], &[n, n], None), "all 2 samples are"),
            (fail(&[1.0, 2.0], &y, Some(&[1.0])), "weight"),
            (fail(&[1.0, 2.0], &y, Some(&[1.0, -1.0])), "-1"),
            (fail(&[1.0, 2.0], &y, Some(&[f64::NAN, 1.0])), "NaN"),
            (fail(&[1.0, 2.0], &y, Some(&[0.0, 1.0])), "weight"),
        ] {
            assert!(error.contains(words), "{kind}: {error}");
        }
        let fitted = kind.fit(&[1.0, 2.0], &y, None).unwrap();
        assert!(fitted.probability(&[0.0, f64::NAN]).is_err());
        assert_eq!(fitted.probability(&[]), Ok(vec![]));
    }
    let assess = |p: &[f64], w: Option<&[f64]>| Assessment::of(&y, p, w, Binning::EqualWidth(10));
    assert!(matches!(
        assess(&[0.5, 1.5], None),
        Err(CalibrationError::NotAProbability { index: 1, .. })
    ));
    assert!(matches!(
        assess(&[0.5], None),
        Err(CalibrationError::LengthMismatch {
            expected: 2,
            found: 1,
            ..
        })
    ));
    assert_eq!(
        assess(&[0.5, 0.5], Some(&[0.0, 0.0])),
        Err(CalibrationError::Empty)
    );
    let huge = assess(&[0.5, 0.5], Some(&[1e308, 1e308])).unwrap_err();
    assert_eq!(
        huge.to_string(),
        "the weights add up to inf: their sum must be finite"
    );
    let one_left = assess(&[0.5, 0.5], Some(&[0.0, 2.0])).unwrap();
    assert_eq!((one_left.slope, one_left.brier.skill()), (None, None));
    let unknown = "platt".parse::<CalibratorKind>().unwrap_err().to_string();
    assert_eq!(
        unknown,
        "`platt` is no calibration: expected one of sigmoid, isotonic"
    );
}
