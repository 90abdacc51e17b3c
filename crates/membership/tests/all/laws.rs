//! The laws on every shipped strategy and its options.

use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_membership::{
    Angle, ClassCenter, ClassCost, Efsvm, EfsvmBinned, Iefsvm, Membership, MembershipKind,
    MinorityClass, Strategy as _, laws,
};
use proptest::prelude::*;

const N: Label = Label::Negative;
const P: Label = Label::Positive;

/// All strategies with their defaults, and every option that changes a formula.
fn variants() -> Vec<MembershipKind> {
    let mut all = MembershipKind::all();
    let center = ClassCenter {
        // A length, so the law of scale holds up to it: small against every radius here.
        delta: 1e-12,
        ..ClassCenter::default()
    };
    // Those that start from a first model, or break a law on purpose, are in more_laws.rs.
    all.retain(|kind| {
        let breaks_a_law = matches!(
            kind,
            MembershipKind::ClassCenter(_)
                | MembershipKind::FsvmCil(_)
                | MembershipKind::LinWangTime(_)
        );
        !kind.needs_first_model() && !breaks_a_law
    });
    all.push(center.into());
    all.push(
        ClassCenter {
            class_ratio: true,
            ..center
        }
        .into(),
    );
    for noise_aware in [false, true] {
        all.push(
            Efsvm {
                n_neighbors: 4,
                noise_aware,
                ..Efsvm::default()
            }
            .into(),
        );
        for angle in [Angle::MeanOverStd, Angle::StdOverMean] {
            all.push(
                Iefsvm {
                    angle,
                    noise_aware,
                    ..Iefsvm::default()
                }
                .into(),
            );
        }
    }
    all.push(
        EfsvmBinned {
            n_bins: 3,
            beta: 0.5,
            ..EfsvmBinned::default()
        }
        .into(),
    );
    all
}

/// The strategies for which the smaller class is the minority.
fn smaller_class_variants() -> Vec<MembershipKind> {
    let minority = MinorityClass::Smaller;
    vec![
        ClassCost { minority }.into(),
        Efsvm {
            minority,
            ..Efsvm::default()
        }
        .into(),
        EfsvmBinned {
            minority,
            ..EfsvmBinned::default()
        }
        .into(),
        Iefsvm {
            minority,
            ..Iefsvm::default()
        }
        .into(),
    ]
}

/// 16 to 60 samples of 3 columns with 20 binary places, both classes present.
fn samples() -> impl Strategy<Value = (MatrixBuf, Vec<Label>)> {
    (16..60usize).prop_flat_map(|n| {
        let values = prop::collection::vec(-(1 << 20)..(1 << 20i32), n * 3);
        let labels = prop::collection::vec(prop::bool::weighted(0.3), n);
        (values, labels).prop_map(|(values, labels)| {
            let values = values
                .into_iter()
                .map(|v| f64::from(v) / f64::from(1 << 20))
                .collect();
            let mut y: Vec<Label> = labels
                .into_iter()
                .map(|positive| if positive { P } else { N })
                .collect();
            y[0] = N;
            y[1] = P;
            (MatrixBuf::new(values, 3).unwrap(), y)
        })
    })
}

/// Whether some sample has two others at the same distance: then row numbers decide.
fn has_ties(x: &MatrixBuf) -> bool {
    x.view().rows().any(|a| {
        let mut distances: Vec<f64> = x
            .view()
            .rows()
            .map(|b| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum())
            .collect();
        distances.sort_by(f64::total_cmp);
        distances.windows(2).any(|w| w[0] == w[1])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_variant_obeys_the_laws(
        (x, y) in samples(),
        keys in prop::collection::vec(any::<u64>(), 60),
        shift in prop::collection::vec(-100..100i32, 3),
        exponent in -8..8i32,
    ) {
        prop_assume!(!has_ties(&x));
        let train = Samples::new(x.view(), &y).unwrap();
        let mut permutation: Vec<usize> = (0..y.len()).collect();
        permutation.sort_by_key(|&i| keys[i]);
        let shift: Vec<f64> = shift.into_iter().map(f64::from).collect();
        let factor = 2f64.powi(exponent);
        for settings in variants() {
            let kind = settings.plain().unwrap();
            let law = |result: Result<(), String>| {
                result.map_err(|e| TestCaseError::fail(format!("{settings:?}: {e}")))
            };
            law(laws::in_unit_interval(&kind, train))?;
            law(laws::order_does_not_matter(&kind, train, &permutation, 1e-9))?;
            law(laws::shift_does_not_matter(&kind, train, &shift, 1e-9))?;
            law(laws::scale_does_not_matter(&kind, train, factor, 1e-6))?;
            law(laws::one_class_is_an_error(&kind, train))?;
            if !matches!(settings, MembershipKind::ClassCenter(_)) {
                law(laws::minority_counts_fully(&kind, train, P))?;
                law(laws::check(&kind, train, 1e-9))?;
            }
        }
        let smaller = MinorityClass::Smaller.label(train.class_counts());
        for settings in smaller_class_variants() {
            let kind = settings.plain().unwrap();
            laws::in_unit_interval(&kind, train).map_err(TestCaseError::fail)?;
            laws::minority_counts_fully(&kind, train, smaller).map_err(TestCaseError::fail)?;
        }
    }

    /// More uncertain, less weight: the principle of the family.
    #[test]
    fn noise_aware_weight_falls_with_the_share_of_minority_neighbors((x, y) in samples()) {
        let train = Samples::new(x.view(), &y).unwrap();
        let k = 9;
        let aware = Efsvm { n_neighbors: k, noise_aware: true, ..Efsvm::default() };
        let s = aware.membership(train).unwrap();
        let table = fuzzysvm_knn_entropy::NeighborSearch::among_themselves(
            &fuzzysvm_knn_entropy::BruteForce, x.view(), k).unwrap();
        let positive = fuzzysvm_knn_entropy::positive_neighbors(&table, &y, &[k]).unwrap();
        let mut by_share: Vec<(u32, f64)> = (0..y.len())
            .filter(|&i| y[i] == N)
            .map(|i| (positive[i], s[i]))
            .collect();
        by_share.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        for pair in by_share.windows(2) {
            prop_assert!(pair[0].1 >= pair[1].1);
        }
    }
}

/// A strategy that breaks one law at a time, to see that the laws notice.
struct Broken(fn(Samples<'_>) -> Vec<f64>);

impl Membership for Broken {
    fn membership(
        &self,
        train: Samples<'_>,
    ) -> Result<Vec<f64>, fuzzysvm_membership::MembershipError> {
        train.require_both_classes()?;
        Ok((self.0)(train))
    }
}

#[test]
fn the_laws_notice_what_breaks_them() {
    let data = [0.0, 1.0, 2.25, 4.0, 7.5];
    let x = MatrixBuf::new(data.to_vec(), 1).unwrap();
    let y = [N, P, N, N, P];
    let train = Samples::new(x.view(), &y).unwrap();
    let check = |f: fn(Samples<'_>) -> Vec<f64>| laws::check(&Broken(f), train, 1e-9);
    let says = |f, words: &str| {
        let sentence = check(f).unwrap_err();
        assert!(sentence.contains(words), "{sentence}");
    };
    assert_eq!(check(|t| vec![1.0; t.n_samples()]), Ok(()));
    says(|_| vec![1.0], "1 memberships for 5 samples");
    says(|t| vec![1.5; t.n_samples()], "membership 1.5");
    says(|t| vec![f64::NAN; t.n_samples()], "membership NaN");
    says(
        |t| (0..t.n_samples()).map(|i| i as f64 / 9.0).collect(),
        "order",
    );
    says(|t| vec![0.5; t.n_samples()], "minority sample 1");
    says(
        |t| {
            t.x()
                .rows()
                .zip(t.y())
                .map(|(r, y)| {
                    if y.is_positive() {
                        1.0
                    } else {
                        1.0 / (1.0 + r[0])
                    }
                })
                .collect()
        },
        "shift",
    );
    says(
        |t| {
            let span = t.x().row(t.n_samples() - 1)[0] - t.x().row(0)[0];
            t.y()
                .iter()
                .map(|y| {
                    if y.is_positive() {
                        1.0
                    } else {
                        1.0 / (1.0 + span.abs())
                    }
                })
                .collect()
        },
        "scale",
    );

    struct OneClass;
    impl Membership for OneClass {
        fn membership(
            &self,
            train: Samples<'_>,
        ) -> Result<Vec<f64>, fuzzysvm_membership::MembershipError> {
            Ok(vec![1.0; train.n_samples()])
        }
    }
    assert!(laws::one_class_is_an_error(&OneClass, train).is_err());
}
