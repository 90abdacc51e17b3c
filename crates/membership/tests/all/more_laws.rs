//! The laws on the strategies beyond the entropies: which hold, and which do not on purpose.

use crate::common::Means;
use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_kernels::{Gamma, Linear};
use fuzzysvm_membership::{
    CilDecay, CilDistance, FeatureSpace, FromFirstModel as _, FsvmCil, Intuitionistic, LinWangTime,
    Membership as _, MembershipError, MembershipKind, MinorityClass, Posterior, RelativeDensity,
    SlackFactor, Strategy as _, TimeShape, TimeSource, laws,
};
use proptest::prelude::*;

/// A strategy and which laws it keeps besides [0, 1] and "one class is an error", which all keep.
struct Kept {
    kind: MembershipKind,
    order: bool,
    shift: bool,
    scale: bool,
    minority: bool,
}

impl Kept {
    /// Everything but the minority rule.
    fn all_but_minority(kind: impl Into<MembershipKind>) -> Self {
        Self {
            kind: kind.into(),
            order: true,
            shift: true,
            scale: true,
            minority: false,
        }
    }
}

fn variants(first_minority: MinorityClass) -> Vec<Kept> {
    let minority = first_minority;
    let mut all = Vec::new();
    for distance in [
        CilDistance::OwnCenter,
        CilDistance::AllCenter,
        CilDistance::Hyperplane,
    ] {
        for decay in [CilDecay::Linear, CilDecay::Exponential] {
            let cil = FsvmCil {
                distance,
                decay,
                beta: 0.5,
                // A length: small against every distance here.
                delta: 1e-12,
                minority,
            };
            all.push(Kept {
                // The exponential decay has a length scale 1/β; the decision values of `Means` have no unit.
                scale: decay == CilDecay::Linear || distance == CilDistance::Hyperplane,
                ..Kept::all_but_minority(cil)
            });
        }
    }
    for location in [2.0, 1.3] {
        all.push(Kept::all_but_minority(SlackFactor {
            location,
            minority,
            ..SlackFactor::default()
        }));
    }
    for n_neighbors in [None, Some(1)] {
        all.push(Kept::all_but_minority(RelativeDensity {
            n_neighbors,
            // A class of one has no neighbor to ask for.
            both_classes: n_neighbors.is_none(),
            minority,
            ..RelativeDensity::default()
        }));
    }
    for (space, alpha, without_unit) in [
        (FeatureSpace::Rbf(Gamma::Scale), None, true),
        (FeatureSpace::Rbf(Gamma::Scale), Some(0.5), true),
        (FeatureSpace::Rbf(Gamma::Value(0.7)), None, false),
        // δ is a length there.
        (FeatureSpace::Kernel(Linear.into()), None, false),
    ] {
        for both_classes in [false, true] {
            all.push(Kept {
                scale: without_unit,
                minority: !both_classes,
                ..Kept::all_but_minority(Intuitionistic {
                    space: space.clone(),
                    alpha,
                    both_classes,
                    minority,
                    ..Intuitionistic::default()
                })
            });
        }
    }
    for floor in [0.0, 0.1] {
        all.push(Kept::all_but_minority(Posterior {
            floor,
            minority,
            ..Posterior::default()
        }));
    }
    for shape in [TimeShape::Linear, TimeShape::Quadratic] {
        let time = LinWangTime {
            shape,
            minority,
            ..LinWangTime::default()
        };
        all.push(Kept {
            order: false,
            ..Kept::all_but_minority(time)
        });
        all.push(Kept::all_but_minority(LinWangTime {
            time: TimeSource::Column(2),
            class_ratio: true,
            ..time
        }));
    }
    all
}

/// 4 to 40 samples of 3 columns with 20 binary places, both classes present.
fn samples() -> impl Strategy<Value = (MatrixBuf, Vec<Label>)> {
    (4..40usize).prop_flat_map(|n| {
        let values = prop::collection::vec(-(1 << 20)..(1 << 20i32), n * 3);
        let labels = prop::collection::vec(prop::bool::weighted(0.3), n);
        (values, labels).prop_map(|(values, labels)| {
            let values = values.into_iter();
            let values = values.map(|v| f64::from(v) / f64::from(1 << 20)).collect();
            let labels = labels.into_iter();
            let mut y: Vec<Label> = labels
                .map(|p| if p { Label::Positive } else { Label::Negative })
                .collect();
            y[0] = Label::Negative;
            y[1] = Label::Positive;
            y[2] = Label::Negative;
            (MatrixBuf::new(values, 3).unwrap(), y)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_variant_obeys_its_laws(
        (x, y) in samples(),
        keys in prop::collection::vec(any::<u64>(), 40),
        shift in prop::collection::vec(-100..100i32, 3),
        exponent in -8..8i32,
    ) {
        let train = Samples::new(x.view(), &y).unwrap();
        let mut permutation: Vec<usize> = (0..y.len()).collect();
        permutation.sort_by_key(|&i| keys[i]);
        let shift: Vec<f64> = shift.into_iter().map(f64::from).collect();
        for minority in [MinorityClass::Positive, MinorityClass::Smaller] {
            for kept in variants(minority) {
                let counts = train.class_counts();
                let kind = kept.kind.clone().with_first_model(Means);
                let cross_fitted = matches!(kept.kind, MembershipKind::Posterior(_));
                if cross_fitted && counts.positive.min(counts.negative) < 2 {
                    // Nobody else of the class is left to learn from.
                    let alone = kind.membership(train);
                    let refused = matches!(alone, Err(MembershipError::TooFewForCrossFitting { .. }));
                    prop_assert!(refused, "{alone:?}");
                    continue;
                }
                let law = |result: Result<(), String>| {
                    result.map_err(|e| TestCaseError::fail(format!("{:?}: {e}", kept.kind)))
                };
                law(laws::in_unit_interval(&kind, train))?;
                law(laws::one_class_is_an_error(&kind, train))?;
                if kept.order {
                    law(laws::order_does_not_matter(&kind, train, &permutation, 1e-9))?;
                }
                if kept.shift {
                    law(laws::shift_does_not_matter(&kind, train, &shift, 1e-9))?;
                }
                if kept.scale {
                    law(laws::scale_does_not_matter(&kind, train, 2f64.powi(exponent), 1e-6))?;
                }
                if kept.minority {
                    let label = minority.label(train.class_counts());
                    law(laws::minority_counts_fully(&kind, train, label))?;
                }
            }
        }
    }

    /// Within a class, a sample with a larger slack never has the larger weight.
    #[test]
    fn slack_factors_fall_with_the_slack_inside_a_class(
        (x, y) in samples(),
        decision in prop::collection::vec(-4.0..4.0f64, 40),
        beta in 0.0..=1.0f64,
        location in 1.01..=2.0f64,
    ) {
        let train = Samples::new(x.view(), &y).unwrap();
        let decision = &decision[..y.len()];
        let slack = SlackFactor { beta, location, ..SlackFactor::default() };
        let s = slack.membership_from(train, decision).unwrap();
        for i in 0..y.len() {
            for j in 0..y.len() {
                if y[i] == y[j] && y[i].sign() * decision[i] < y[j].sign() * decision[j] {
                    prop_assert!(s[i] <= s[j]);
                }
            }
        }
    }

    /// For any decision values both classes carry the same weight, and a larger decision value in favour of a sample's
    /// label never lowers its weight relative to the rest of its class.
    #[test]
    fn posteriors_are_balanced_and_rise_with_the_belief(
        (x, y) in samples(),
        decision in prop::collection::vec(-4.0..4.0f64, 40),
        floor in 0.01..2.0f64,
        raised in 0..4usize,
    ) {
        let train = Samples::new(x.view(), &y).unwrap();
        let mut decision = decision[..y.len()].to_vec();
        let posterior = Posterior { floor, ..Posterior::default() };
        let before = posterior.membership_from(train, &decision).unwrap();
        let total = |s: &[f64], class| {
            let of = s.iter().zip(&y).filter(|&(_, &l)| l == class);
            of.map(|(s, _)| s).sum::<f64>()
        };
        let (few, many) = (total(&before, Label::Positive), total(&before, Label::Negative));
        prop_assert!((few - many).abs() <= 1e-9 * few, "{few} {many}");
        decision[raised] += y[raised].sign();
        let after = posterior.membership_from(train, &decision).unwrap();
        for i in (0..y.len()).filter(|&i| i != raised && y[i] == y[raised]) {
            let (a, b) = (after[raised] * before[i], before[raised] * after[i]);
            prop_assert!(a >= b * (1.0 - 1e-12), "{a} {b}");
        }
    }
}
