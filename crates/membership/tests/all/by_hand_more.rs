//! Eight points on a line, the strategies beyond the entropies worked by hand; and their edges.

use crate::common::{Means, Zero};
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, PredictError, Samples, SamplesError};
use fuzzysvm_kernels::{KernelKind, Linear, Polynomial};
use fuzzysvm_knn_entropy::NeighborError;
use fuzzysvm_membership::{
    CilDecay, CilDistance, ClassCost, FeatureSpace, FromFirstModel, FsvmCil, Intuitionistic,
    LinWangTime, Membership, MembershipError, MembershipKind, MinorityClass, Plan, Posterior,
    Pretrained, RelativeDensity, SlackFactor, Strategy, TimeShape, TimeSource,
};

const N: Label = Label::Negative;
const P: Label = Label::Positive;

/// Negative 0, 1, 3, 6, 9, 11 (mean 5) and positive 8, 12 (mean 10); all: mean 50/8 = 6.25. IR = 3.
const X: [f64; 8] = [0.0, 1.0, 3.0, 6.0, 9.0, 11.0, 8.0, 12.0];
const Y: [Label; 8] = [N, N, N, N, N, N, P, P];

fn train() -> Samples<'static> {
    Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap()
}

#[track_caller]
fn close(found: &[f64], expected: &[f64], tol: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(
            (f - e).abs() <= tol,
            "sample {i}: {f}, expected {e}\n{found:?}"
        );
    }
}

#[test]
fn fsvm_cil_in_six_settings() {
    // Distances to the own mean (5, 10): 5 4 2 1 4 6 | 2 2, largest 6 over all samples.
    let own = [5.0, 4.0, 2.0, 1.0, 4.0, 6.0, 2.0, 2.0];
    // To 6.25: 6.25 5.25 3.25 0.25 2.75 4.75 | 1.75 5.75.
    let all = [6.25, 5.25, 3.25, 0.25, 2.75, 4.75, 1.75, 5.75];
    // The plane of `Means` with all weights 1: f = 2(x − 7.5)/5, |f| = 3 2.6 1.8 0.6 0.6 1.4 | 0.2 1.8.
    let hyper = [3.0, 2.6, 1.8, 0.6, 0.6, 1.4, 0.2, 1.8];
    let ratio = |i: usize| if Y[i] == N { 1.0 / 3.0 } else { 1.0 };
    for (distance, d, most) in [
        (CilDistance::OwnCenter, own, 6.0),
        (CilDistance::AllCenter, all, 6.25),
        (CilDistance::Hyperplane, hyper, 3.0),
    ] {
        let linear = FsvmCil {
            distance,
            ..FsvmCil::default()
        };
        let s = linear.with_first_model(Means).membership(train()).unwrap();
        let expected: Vec<f64> = (0..8)
            .map(|i| ratio(i) * (1.0 - d[i] / (most + 1e-6)))
            .collect();
        close(&s, &expected, 1e-14);
        let exponential = FsvmCil {
            decay: CilDecay::Exponential,
            beta: 0.5,
            ..linear
        };
        let s = exponential
            .with_first_model(Means)
            .membership(train())
            .unwrap();
        let expected: Vec<f64> = (0..8)
            .map(|i| ratio(i) * 2.0 / (1.0 + (0.5 * d[i]).exp()))
            .collect();
        close(&s, &expected, 1e-14);
    }
    // A few to four digits: own center, linear, sample 2: (1 − 2/6)/3 = 0.2222; all, sample 7: 1 − 5.75/6.25 = 0.08;
    // hyperplane, exponential, sample 6: 2/(1 + e^0.1) = 0.9500.
    let cil = FsvmCil::default();
    let own = cil.plain().unwrap().membership(train()).unwrap();
    assert!((own[2] - 0.2222).abs() < 5e-5);
    let all = FsvmCil {
        distance: CilDistance::AllCenter,
        ..cil
    };
    let all = all.plain().unwrap().membership(train()).unwrap();
    assert!((all[7] - 0.08).abs() < 1e-6);
    let hyper = FsvmCil {
        distance: CilDistance::Hyperplane,
        decay: CilDecay::Exponential,
        beta: 0.5,
        ..cil
    };
    let s = hyper.with_first_model(Means).membership(train()).unwrap();
    assert!((s[6] - 0.95).abs() < 5e-5);
}

#[test]
fn slack_factors_of_both_versions() {
    // f by hand; slacks 1 − yf. Negatives: f = −2 −1 0 0.5 1.2 1.5 → ξ = 0 0 1 1.5 2.2 2.5; positives: f = 0.4, −0.1 →
    // ξ = 0.6, 1.1.
    let f = [-2.0, -1.0, 0.0, 0.5, 1.2, 1.5, 0.4, -0.1];
    let sff = SlackFactor::default();
    assert_eq!((sff.beta, sff.location), (0.5, 2.0));
    let third = 1.0 / 3.0;
    // e^−1.1 = 0.33287, e^−1.25 = 0.28650; 2/(1 + e^0.3) = 0.85111.
    let expected = [
        third,
        third,
        third,
        third,
        0.332_871_083_698 / 3.0,
        0.286_504_796_860 / 3.0,
        0.851_114_965_7,
        1e-5,
    ];
    close(&sff.membership_from(train(), &f).unwrap(), &expected, 1e-9);
    // A location of 1.2 also takes sample 3: e^−0.75 = 0.47237.
    let isff = SlackFactor {
        location: 1.2,
        ..sff
    };
    let s = isff.membership_from(train(), &f).unwrap();
    assert!((s[3] - 0.472_366_552_741 / 3.0).abs() < 1e-12);
    // The first model is fitted with the class costs.
    let weights = sff.first_weights(train()).unwrap();
    assert_eq!(weights[..6], [third; 6]);
    assert_eq!(weights[6..], [1.0; 2]);
    // The whole of it with `Means`: f = 2(x − 7.5)/5 = −3 −2.6 −1.8 −0.6 0.6 1.4 | 0.2 1.8, slacks 0 0 0 0.4 1.6 2.4 | 0.8 0.
    let s = Pretrained::new(sff, Means).membership(train()).unwrap();
    let e = [
        third,
        third,
        third,
        third,
        third,
        (-1.2f64).exp() / 3.0,
        2.0 / (1.0 + 0.4f64.exp()),
        1.0,
    ];
    close(&s, &e, 1e-14);
}

#[test]
fn roles_turn_with_the_labels() {
    let turned: Vec<Label> = Y.iter().map(|y| y.flipped()).collect();
    let other = Samples::new(train().x(), &turned).unwrap();
    let minority = MinorityClass::Smaller;
    let both = |kind: MembershipKind, turned: MembershipKind| {
        let s = kind.with_first_model(Means).membership(train()).unwrap();
        let turned = turned.with_first_model(Means);
        close(&turned.membership(other).unwrap(), &s, 1e-14);
    };
    let slack = SlackFactor::default();
    both(slack.into(), SlackFactor { minority, ..slack }.into());
    let cil = FsvmCil::default();
    both(cil.into(), FsvmCil { minority, ..cil }.into());
    let density = RelativeDensity::default();
    both(
        density.into(),
        RelativeDensity {
            minority,
            ..density
        }
        .into(),
    );
    let fuzzy = Intuitionistic::default();
    both(
        fuzzy.clone().into(),
        Intuitionistic { minority, ..fuzzy }.into(),
    );
    let time = LinWangTime {
        class_ratio: true,
        ..LinWangTime::default()
    };
    both(time.into(), LinWangTime { minority, ..time }.into());
}

#[test]
fn relative_density_by_the_kth_neighbor_of_the_class() {
    // k = ⌊√6⌋ = 2. Second nearest among 0 1 3 6 9 11: distances 3 2 3 3 3 5; least 2.
    let s = RelativeDensity::default().membership(train()).unwrap();
    let ninth = 2.0 / 9.0;
    close(
        &s,
        &[ninth, 1.0 / 3.0, ninth, ninth, ninth, 2.0 / 15.0, 1.0, 1.0],
        1e-15,
    );
    // k = 1 in both classes: distances 1 1 2 3 2 2 | 4 4.
    let both = RelativeDensity {
        n_neighbors: Some(1),
        both_classes: true,
        ..RelativeDensity::default()
    };
    let (third, sixth) = (1.0 / 3.0, 1.0 / 6.0);
    close(
        &both.membership(train()).unwrap(),
        &[third, third, sixth, third / 3.0, sixth, sixth, 1.0, 1.0],
        1e-15,
    );
}

#[test]
fn duplicates_do_not_take_the_weight_of_all_others() {
    // Negative 0 0 2 6 with k = 2: distances 2 2 2 6; with k = 1: 0 0 2 4, and the least above 0 is 2.
    let x = [0.0, 0.0, 2.0, 6.0, 1.0];
    let y = [N, N, N, N, P];
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let quarter = 0.25;
    let s = RelativeDensity::default().membership(train).unwrap();
    assert_eq!(s, [quarter, quarter, quarter, quarter / 3.0, 1.0]);
    let one = RelativeDensity {
        n_neighbors: Some(1),
        ..RelativeDensity::default()
    };
    let s = one.membership(train).unwrap();
    assert_eq!(s, [quarter, quarter, quarter, quarter / 2.0, 1.0]);
    // The only positive sample: no neighbor in its class, and with the default k none is asked for.
    let both = RelativeDensity {
        both_classes: true,
        ..RelativeDensity::default()
    };
    assert_eq!(both.membership(train).unwrap()[4], 1.0);
    let asked = RelativeDensity {
        n_neighbors: Some(1),
        ..both
    };
    assert_eq!(
        asked.membership(train),
        Err(MembershipError::Neighbor(NeighborError::TooFewPoints {
            n_points: 1,
            k: 1,
            needed: 2
        }))
    );
    let four = RelativeDensity {
        n_neighbors: Some(4),
        ..RelativeDensity::default()
    };
    assert!(matches!(
        four.membership(train),
        Err(MembershipError::Neighbor(NeighborError::TooFewPoints {
            n_points: 4,
            k: 4,
            needed: 5
        }))
    ));
}

#[test]
fn intuitionistic_in_the_space_of_x_itself() {
    // Linear kernel: r = distance to the class mean, 5 4 2 1 4 6 | 2 2, largest 6 | 2; α = 6. δ = 3 for round numbers:
    // μ = 1 − r/9 = 4/9 5/9 7/9 8/9 5/9 3/9 | 1 − 2/5 = 3/5 3/5.
    // Within 6 of each (itself counted), and of the other class:
    //  0: 0 1 3 6               → 4, none
    //  1: 0 1 3 6               → 4, none (8 is 7 away)
    //  3: 0 1 3 6 9 | 8         → 6, one
    //  6: 0 1 3 6 9 11 | 8 12   → 8, two
    //  9: 3 6 9 11 | 8 12       → 6, two
    // 11: 6 9 11 | 8 12         → 5, two
    //  8: 3 6 9 11 | 8 12       → 6, four
    // 12: 6 9 11 | 8 12         → 5, three
    // ν = (1 − μ)ρ: 0, 0, (2/9)(1/6) = 1/27, (1/9)(2/8) = 1/36, (4/9)(2/6) = 4/27, (6/9)(2/5) = 4/15, (2/5)(4/6) = 4/15,
    // (2/5)(3/5) = 6/25. All μ > ν: score (1 − ν)/(2 − μ − ν).
    let both = Intuitionistic {
        space: FeatureSpace::Kernel(Linear.into()),
        delta: 3.0,
        both_classes: true,
        ..Intuitionistic::default()
    };
    let score = |mu: f64, nu: f64| (1.0 - nu) / (2.0 - mu - nu);
    let expected = [
        4.0 / 27.0,
        5.0 / 27.0,
        score(7.0 / 9.0, 1.0 / 27.0) / 3.0,
        score(8.0 / 9.0, 1.0 / 36.0) / 3.0,
        score(5.0 / 9.0, 4.0 / 27.0) / 3.0,
        score(3.0 / 9.0, 4.0 / 15.0) / 3.0,
        score(3.0 / 5.0, 4.0 / 15.0),
        score(3.0 / 5.0, 6.0 / 25.0),
    ];
    close(&both.membership(train()).unwrap(), &expected, 1e-14);
    // (26/27)/(26/27 + 2/9) = 26/32, a third of it: 0.2708.
    assert!((expected[2] - 0.2708).abs() < 5e-5);
    // The minority counts fully unless asked otherwise.
    let default = Intuitionistic {
        both_classes: false,
        ..both.clone()
    };
    let mut full = expected;
    full[6..].fill(1.0);
    close(&default.membership(train()).unwrap(), &full, 1e-14);
    // A sample with μ ≤ ν has 0: α = 30 makes ρ the share of the other class among all, 2/8 for the negatives; δ small
    // makes μ of the farthest (11) nearly 0.
    let wide = Intuitionistic {
        alpha: Some(30.0),
        delta: 1e-3,
        ..both
    };
    assert_eq!(wide.membership(train()).unwrap()[5], 0.0);
}

#[test]
fn intuitionistic_edges() {
    // All samples at one place: r = 0, μ = 1, ν = 0.
    let (x, y) = ([4.0; 6], [N, N, N, N, P, P]);
    let same = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    for space in [FeatureSpace::default(), FeatureSpace::Kernel(Linear.into())] {
        let both = Intuitionistic {
            space,
            both_classes: true,
            ..Intuitionistic::default()
        };
        assert_eq!(
            both.membership(same).unwrap(),
            [0.5, 0.5, 0.5, 0.5, 1.0, 1.0]
        );
    }
    // A kernel that overflows names the row.
    let huge: Vec<f64> = X.iter().map(|v| v * 1e200).collect();
    let huge = Samples::new(Matrix::new(&huge, 1).unwrap(), &Y).unwrap();
    let square: KernelKind = Polynomial {
        degree: 2,
        gamma: 1.0,
        coef0: 0.0,
    }
    .into();
    let poly = Intuitionistic {
        space: FeatureSpace::Kernel(square),
        ..Intuitionistic::default()
    };
    assert!(matches!(
        poly.membership(huge),
        Err(MembershipError::KernelOverflow { row: 0, .. })
    ));
    // The unit does not show with γ = scale.
    let default = Intuitionistic::default();
    close(
        &default.membership(huge).unwrap(),
        &default.membership(train()).unwrap(),
        1e-12,
    );
}

#[test]
fn the_later_the_more() {
    // Times are the column: u = x/12; σ = 0.4.
    let time = LinWangTime {
        time: TimeSource::Column(0),
        sigma: 0.4,
        ..LinWangTime::default()
    };
    // 0.4 + 0.6·(0, 1/12, 1/4, 1/2, 3/4, 11/12, 2/3, 1)
    close(
        &time.membership(train()).unwrap(),
        &[0.4, 0.45, 0.55, 0.7, 0.85, 0.95, 0.8, 1.0],
        1e-15,
    );
    let quadratic = LinWangTime {
        shape: TimeShape::Quadratic,
        class_ratio: true,
        ..time
    };
    // (0.4 + 0.6·1/4)/3 at 6, 0.4 + 0.6·4/9 at 8
    let s = quadratic.membership(train()).unwrap();
    assert!((s[3] - 0.55 / 3.0).abs() < 1e-15 && (s[6] - (0.4 + 2.4 / 9.0)).abs() < 1e-15);
    // The order of the rows: 0.1 + 0.9·i/7.
    let rows = LinWangTime::default().membership(train()).unwrap();
    let expected: Vec<f64> = (0..8).map(|i| 0.1 + 0.9 * f64::from(i) / 7.0).collect();
    close(&rows, &expected, 1e-15);
    assert_eq!(rows[7], 1.0);
    // Equal times: 1; times at both ends of the range; a column that is not there.
    let of = |x: &[f64]| {
        let y = [N, P, N];
        let train = Samples::new(Matrix::new(x, 1).unwrap(), &y).unwrap();
        time.membership(train).unwrap()
    };
    assert_eq!(of(&[3.0; 3]), [1.0; 3]);
    close(&of(&[-f64::MAX, 0.0, f64::MAX]), &[0.4, 0.7, 1.0], 1e-15);
    close(&of(&[0.0, 5e-324, 1e-323]), &[0.4, 0.7, 1.0], 1e-15);
    let absent = LinWangTime {
        time: TimeSource::Column(1),
        ..time
    };
    assert_eq!(
        absent.membership(train()),
        Err(MembershipError::NoSuchColumn {
            column: 1,
            n_features: 1
        })
    );
}

#[test]
fn decision_values_are_checked_and_failures_of_the_first_model_are_kept() {
    let hyper = FsvmCil {
        distance: CilDistance::Hyperplane,
        ..FsvmCil::default()
    };
    for kind in [
        MembershipKind::from(hyper),
        SlackFactor::default().into(),
        Posterior::default().into(),
    ] {
        assert!(kind.needs_first_model() && kind.plain().is_none());
        let Plan::FromFirstModel(strategy) = kind.plan() else {
            unreachable!("{kind} starts from a first model")
        };
        assert_eq!(
            strategy.membership_from(train(), &[0.0; 3]),
            Err(MembershipError::DecisionCount {
                n_samples: 8,
                n_decisions: 3
            })
        );
        let mut decision = [0.0; 8];
        decision[5] = f64::INFINITY;
        assert!(matches!(
            strategy.membership_from(train(), &decision),
            Err(MembershipError::DecisionNotFinite { row: 5, .. })
        ));
        let failed = Pretrained::new(strategy, Failing)
            .membership(train())
            .unwrap_err();
        assert_eq!(
            failed.to_string(),
            "the first model failed: there are no samples"
        );
        assert!(std::error::Error::source(&failed).is_some());
        assert_eq!(failed, failed.clone());
    }
    // All on the hyperplane: d = 0 and f = 1. Slack 1 for all: the minority 2/(1 + e^0.5) = 0.7551.
    let s = hyper.with_first_model(Zero).membership(train()).unwrap();
    assert_eq!(s[..6], [1.0 / 3.0; 6]);
    assert_eq!(s[6..], [1.0; 2]);
    let s = Pretrained::new(SlackFactor::default(), Zero)
        .membership(train())
        .unwrap();
    assert!((s[6] - 0.755_081).abs() < 1e-6 && s[0] == 1.0 / 3.0);
    // A strategy without a first model fits none.
    let density = RelativeDensity::default();
    assert!(!density.needs_first_model());
    assert_eq!(
        density
            .with_first_model(Failing)
            .membership(train())
            .unwrap(),
        density.membership(train()).unwrap()
    );
}

struct Failing;
impl Learner for Failing {
    type Model = crate::common::Plane;
    type Error = SamplesError;
    fn fit(&self, _: Samples<'_>, _: Option<&[f64]>) -> Result<crate::common::Plane, SamplesError> {
        Err(SamplesError::Empty)
    }
}

/// Its model scores a sample with the class counts of its training samples, or −1 if the sample was among them.
struct Witness;
struct Seen(Vec<(f64, Label)>);
impl Classifier for Seen {
    fn n_features(&self) -> usize {
        1
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let positive = self.0.iter().filter(|(_, y)| y.is_positive()).count();
        let score = |r: &[f64]| {
            let seen = self.0.iter().any(|&(v, _)| v == r[0]);
            let counts = (10 * (self.0.len() - positive) + positive) as f64;
            if seen { -1.0 } else { counts }
        };
        Ok(x.rows().map(score).collect())
    }
}
impl Learner for Witness {
    type Model = Seen;
    type Error = SamplesError;
    fn fit(&self, train: Samples<'_>, w: Option<&[f64]>) -> Result<Seen, SamplesError> {
        // Class costs of the samples that are there: both classes carry the same.
        let totals = train
            .y()
            .iter()
            .zip(w.unwrap())
            .fold(0.0, |t, (y, w)| t + y.sign() * w);
        assert!(totals.abs() < 1e-12, "{totals}");
        let values = train.x().rows().map(|r| r[0]);
        Ok(Seen(values.zip(train.y().iter().copied()).collect()))
    }
}

/// Its memberships are the decision values.
struct Decisions;
impl FromFirstModel for Decisions {
    fn first_weights(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        ClassCost::default().membership(train)
    }
    fn needs_out_of_fold_scores(&self) -> bool {
        true
    }
    fn membership_from(&self, _: Samples<'_>, d: &[f64]) -> Result<Vec<f64>, MembershipError> {
        Ok(d.to_vec())
    }
}

#[test]
fn out_of_fold_decision_values_come_from_models_that_have_not_seen_the_sample() {
    // Two parts, for the two positives; sorted negatives 0 1 3 6 9 11 alternate: three in each part. Every
    // sample is scored by a model of three negatives and one positive.
    let d = Pretrained::new(Decisions, Witness)
        .membership(train())
        .unwrap();
    assert_eq!(d, [31.0; 8]);
    // Ten parts at most: of 30 and 12 samples each model sees 27 and 10 or 11.
    let x: Vec<f64> = (0..42).map(|i| f64::from(i * 17 % 42)).collect();
    let y: Vec<Label> = (0..42).map(|i| if i < 12 { P } else { N }).collect();
    let many = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let d = Pretrained::new(Decisions, Witness)
        .membership(many)
        .unwrap();
    assert!(d.iter().all(|d| [280.0, 281.0].contains(d)), "{d:?}");
}

#[test]
fn posterior_by_hand() {
    // Two of each class, so far apart that kernel values between 0, 1 and 100, 101 vanish: κ₊/(κ₊ + κ₋) is 1 for the negative 0,
    // whose only neighbor is positive, and for the positive 1 it is 0; likewise at 100 and 101.
    let x = [0.0, 1.0, 100.0, 101.0];
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &[N, P, N, P]).unwrap();
    let posterior = Posterior {
        sharpness: 4.0 * 2500.25, // γ = 4 for a variance of 2500.25
        ..Posterior::default()
    };
    // 1/(1 + e^(−2f)) = 1/2 and 9/10: π = 0.5·(0.5 + 1) = 0.75, 0.5·(0.9 + 0), 0.75, 0.25.
    let f = [0.0, 9f64.ln() / 2.0, 0.0, 0.0];
    let s = posterior.membership_from(train, &f).unwrap();
    // Own class: 0.25, 0.45, 0.25, 0.25; with a = 0.1: 0.35, 0.55, 0.35, 0.35 over 1.1; negatives times 0.9/0.7.
    let expected = [0.35 * 0.9 / 0.7, 0.55, 0.35 * 0.9 / 0.7, 0.35].map(|v| v / 1.1);
    close(&s, &expected, 1e-12);
    // A class of one leaves no other sample to learn from.
    let alone = Samples::new(Matrix::new(&x, 1).unwrap(), &[N, P, N, N]).unwrap();
    assert_eq!(
        Pretrained::new(posterior, Means)
            .membership(alone)
            .unwrap_err()
            .to_string(),
        "the positive class has 1 sample: cross-fitting needs at least 2"
    );
    // The larger class made the minority of: nothing exceeds 1.
    let s = posterior
        .membership_from(alone, &[-9.0, 9.0, -9.0, -9.0])
        .unwrap();
    assert!(s.iter().all(|s| (0.0..=1.0).contains(s)), "{s:?}");
}
