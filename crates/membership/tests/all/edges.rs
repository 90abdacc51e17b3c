//! Hostile input, the edges of the formulas, names and files.

use fuzzysvm_core::{Label, Matrix, ParamError, Samples, SamplesError};
use fuzzysvm_kernels::{Gamma, Rbf};
use fuzzysvm_knn_entropy::NeighborError;
use fuzzysvm_membership::{
    CilDecay, CilDistance, ClassCenter, Efsvm, EfsvmBinned, FeatureSpace, FsvmCil, Iefsvm,
    Intuitionistic, LinWangTime, Membership, MembershipError, MembershipKind, Plan, Pretrained,
    RelativeDensity, SlackFactor, Strategy as _, neighborhood_entropy,
};

const N: Label = Label::Negative;
const P: Label = Label::Positive;

fn line(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i * i) as f64).collect()
}

#[test]
fn one_class_is_an_error_of_every_strategy() {
    let x = line(20);
    for (class, y) in [(N, [N; 20]), (P, [P; 20])] {
        let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        for kind in MembershipKind::all() {
            assert_eq!(
                kind.clone()
                    .with_first_model(crate::common::Zero)
                    .membership(train),
                Err(MembershipError::Samples(SamplesError::OneClass {
                    present: class,
                    n: 20
                })),
                "{kind}"
            );
        }
    }
}

#[test]
fn k_samples_have_no_k_neighbors() {
    let x = line(7);
    let y = [N, N, N, N, N, P, P];
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let too_few = |k| {
        Err(MembershipError::Neighbor(NeighborError::TooFewPoints {
            n_points: 7,
            k,
            needed: k + 1,
        }))
    };
    assert_eq!(Efsvm::default().membership(train), too_few(7));
    assert_eq!(EfsvmBinned::default().membership(train), too_few(7));
    assert_eq!(Iefsvm::default().membership(train), too_few(15));
    assert_eq!(neighborhood_entropy(train, &[1, 9]), too_few(9));
    let six = Efsvm {
        n_neighbors: 6,
        ..Efsvm::default()
    };
    assert!(six.membership(train).is_ok());
    assert_eq!(
        six.candidates(train, &[]),
        Err(MembershipError::Neighbor(NeighborError::NoKs))
    );
    assert!(matches!(
        six.candidates(train, &[3, 1]),
        Err(MembershipError::Neighbor(
            NeighborError::KsNotIncreasing { .. }
        ))
    ));
}

#[test]
fn parameters_out_of_range_name_themselves() {
    let param = |kind: MembershipKind, name: &str| {
        let x = line(20);
        let y: Vec<Label> = (0..20).map(|i| if i < 15 { N } else { P }).collect();
        let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        let found = kind.validate().unwrap_err();
        assert_eq!(found.name, name, "{kind:?}");
        let resolved = kind.with_first_model(crate::common::Zero);
        assert_eq!(resolved.validate(), Err(found.clone()));
        if let Plan::FromFirstModel(strategy) = resolved.strategy.plan() {
            let pretrained = Pretrained::new(strategy, crate::common::Zero);
            assert_eq!(pretrained.validate(), Err(found.clone()));
        }
        assert_eq!(
            resolved.membership(train).unwrap_err().to_string(),
            ParamError::to_string(&found)
        );
    };
    for delta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let center = ClassCenter {
            delta,
            ..ClassCenter::default()
        };
        param(center.into(), "delta");
    }
    for bad in [-0.1, 1.1, f64::NAN] {
        let cil = FsvmCil::default();
        param(FsvmCil { beta: bad, ..cil }.into(), "beta");
        let slack = SlackFactor::default();
        param(SlackFactor { beta: bad, ..slack }.into(), "beta");
    }
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let cil = FsvmCil::default();
        param(FsvmCil { delta: bad, ..cil }.into(), "delta");
        let fuzzy = Intuitionistic::default();
        let delta = Intuitionistic {
            delta: bad,
            ..fuzzy.clone()
        };
        param(delta.into(), "delta");
        let alpha = Intuitionistic {
            alpha: Some(bad),
            ..fuzzy.clone()
        };
        param(alpha.into(), "alpha");
        let gamma = Gamma::Value(bad);
        for space in [
            FeatureSpace::Rbf(gamma),
            FeatureSpace::Kernel(Rbf { gamma: bad }.into()),
        ] {
            let fuzzy = fuzzy.clone();
            param(Intuitionistic { space, ..fuzzy }.into(), "gamma");
        }
        let time = LinWangTime::default();
        param(LinWangTime { sigma: bad, ..time }.into(), "sigma");
    }
    for location in [1.0, 0.0, 2.1, f64::NAN] {
        let slack = SlackFactor {
            location,
            ..SlackFactor::default()
        };
        param(slack.into(), "location");
    }
    let density = RelativeDensity {
        n_neighbors: Some(0),
        ..RelativeDensity::default()
    };
    param(density.into(), "n_neighbors");
    let efsvm = Efsvm {
        n_neighbors: 0,
        ..Efsvm::default()
    };
    param(efsvm.into(), "n_neighbors");
    let binned = EfsvmBinned::default();
    let no_neighbors = EfsvmBinned {
        n_neighbors: 0,
        ..binned
    };
    param(no_neighbors.into(), "n_neighbors");
    param(
        EfsvmBinned {
            n_bins: 0,
            ..binned
        }
        .into(),
        "n_bins",
    );
    for beta in [-0.01, 0.112, f64::NAN, f64::INFINITY] {
        param(EfsvmBinned { beta, ..binned }.into(), "beta");
    }
    for ks in [vec![], vec![0, 1], vec![3, 3], vec![5, 3]] {
        param(
            Iefsvm {
                ks,
                ..Iefsvm::default()
            }
            .into(),
            "ks",
        );
    }
}

#[test]
fn huge_numbers_of_bins_and_neighbors_do_not_panic() {
    let x = line(20);
    let y: Vec<Label> = (0..20).map(|i| if i % 4 == 0 { P } else { N }).collect();
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let many = EfsvmBinned {
        n_bins: usize::MAX,
        beta: 0.0,
        ..EfsvmBinned::default()
    };
    assert_eq!(many.membership(train).unwrap(), [1.0; 20]);
    let k = Efsvm {
        n_neighbors: usize::MAX,
        ..Efsvm::default()
    };
    assert!(k.membership(train).is_err());
}

/// Far apart classes: every neighborhood is pure at every k.
#[test]
fn pure_everywhere_is_one_over_ir() {
    let x: Vec<f64> = (0..48)
        .map(|i| if i < 32 { i as f64 } else { 1e4 + i as f64 })
        .collect();
    let y: Vec<Label> = (0..48).map(|i| if i < 32 { N } else { P }).collect();
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    for kind in [
        MembershipKind::from(Iefsvm::default()),
        Efsvm::default().into(),
    ] {
        let s = kind.plain().unwrap().membership(train).unwrap();
        assert_eq!(s[..32], [0.5; 32], "{kind}");
        assert_eq!(s[32..], [1.0; 16], "{kind}");
    }
    let binned = EfsvmBinned::default().membership(train).unwrap();
    assert_eq!(binned, [1.0; 48], "the first bin, not divided by IR");
}

/// Groups of four negative and two positive samples at one place each: every negative has three and
/// two among its five neighbors, so max a = min a although no entropy is 0.
#[test]
fn equal_coordinates_of_all_majority_samples_are_one_over_ir() {
    let mut x = Vec::new();
    let mut y = Vec::new();
    for group in 0..5 {
        for member in 0..6 {
            x.push(1e6 * f64::from(group));
            y.push(if member < 4 { N } else { P });
        }
    }
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let iefsvm = Iefsvm {
        ks: vec![5],
        ..Iefsvm::default()
    };
    let s = iefsvm.membership(train).unwrap();
    for (s, y) in s.iter().zip(&y) {
        assert_eq!(*s, if *y == N { 0.5 } else { 1.0 });
    }
}

/// All samples at one place, labels mixed: exclusion is by index and ties fall by index.
#[test]
fn duplicates_with_different_labels_are_neighbors() {
    let x = [3.0; 20];
    let y: Vec<Label> = (0..20).map(|i| if i < 3 { P } else { N }).collect();
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let efsvm = Efsvm {
        n_neighbors: 3,
        ..Efsvm::default()
    };
    let s = efsvm.membership(train).unwrap();
    // The three nearest of every negative are rows 0, 1, 2: all positive, entropy 0 (the hole).
    assert_eq!(s[3..], [3.0 / 17.0; 17]);
    let aware = Efsvm {
        noise_aware: true,
        ..efsvm
    };
    assert_eq!(aware.membership(train).unwrap()[3..], [0.0; 17]);
    // Class center: radius 0, all samples at the center.
    assert_eq!(ClassCenter::default().membership(train).unwrap(), [1.0; 20]);
}

#[test]
fn numbers_at_the_end_of_the_range_give_memberships() {
    let huge = [f64::MAX, -f64::MAX, 1e308, -1e308, 1e300, 0.0, 1e-308, 5.0];
    let x: Vec<f64> = huge.iter().cycle().take(64).copied().collect();
    let y: Vec<Label> = (0..32).map(|i| if i % 3 == 0 { P } else { N }).collect();
    let train = Samples::new(Matrix::new(&x, 2).unwrap(), &y).unwrap();
    let mut kinds = MembershipKind::all();
    for distance in [CilDistance::OwnCenter, CilDistance::AllCenter] {
        for beta in [0.0, 0.1] {
            kinds.push(
                FsvmCil {
                    distance,
                    decay: CilDecay::Exponential,
                    beta,
                    ..FsvmCil::default()
                }
                .into(),
            );
        }
    }
    for kind in kinds {
        let kind = kind.with_first_model(crate::common::Zero);
        let s = kind.membership(train).unwrap();
        let name = kind.strategy.name();
        assert!(s.iter().all(|v| (0.0..=1.0).contains(v)), "{name}: {s:?}");
    }
    // The unit of the class center does not matter: 2^1000 times everything, δ too.
    let small: Vec<f64> = line(8);
    let large: Vec<f64> = small.iter().map(|v| v * 2f64.powi(1000)).collect();
    let y = [N, N, N, N, N, P, P, P];
    let of = |x: &[f64], delta| {
        let train = Samples::new(Matrix::new(x, 1).unwrap(), &y).unwrap();
        let center = ClassCenter {
            delta,
            ..ClassCenter::default()
        };
        center.membership(train).unwrap()
    };
    assert_eq!(of(&small, 0.5), of(&large, 0.5 * 2f64.powi(1000)));
    // The farthest sample keeps δ/(r + δ) even where 1 − r/(r + δ) rounds to 0: each class of two
    // would lose all its weight.
    let far = [1.0, 2.0, 4.0, 5.0].map(|v: f64| v * 2f64.powi(41));
    let train = Samples::new(Matrix::new(&far, 1).unwrap(), &[N, N, P, P]).unwrap();
    let center = ClassCenter {
        delta: 2f64.powi(-20),
        ..ClassCenter::default()
    };
    assert_eq!(center.membership(train).unwrap(), [2f64.powi(-60); 4]);
}

#[test]
fn names_are_those_of_the_documentation() {
    // The order of the tables; a later strategy goes behind these.
    let names = [
        "uniform",
        "class-cost",
        "fsvm",
        "efsvm-binned",
        "efsvm",
        "iefsvm",
        "fsvm-cil",
        "slack-factor",
        "relative-density",
        "intuitionistic",
        "posterior",
        "lin-wang-time",
    ];
    assert!(MembershipKind::NAMES.starts_with(&names));
    for (kind, name) in MembershipKind::all().into_iter().zip(MembershipKind::NAMES) {
        assert_eq!(kind.to_string(), *name);
        assert_eq!(name.parse::<MembershipKind>().unwrap(), kind);
    }
    assert_eq!("svm".parse::<MembershipKind>().unwrap().name(), "uniform");
    let error = "fuzzy".parse::<MembershipKind>().unwrap_err().to_string();
    assert!(
        error.contains("`fuzzy`") && error.contains("efsvm-binned"),
        "{error}"
    );
}

#[cfg(feature = "serde")]
#[test]
fn every_strategy_survives_a_file() {
    for kind in MembershipKind::all() {
        let json = serde_json::to_string(&kind).unwrap();
        assert!(json.starts_with(&format!(r#"{{"membership":"{kind}""#)));
        assert_eq!(serde_json::from_str::<MembershipKind>(&json).unwrap(), kind);
        // Settings left out take their defaults.
        let short = format!(r#"{{"membership":"{kind}"}}"#);
        assert_eq!(
            serde_json::from_str::<MembershipKind>(&short).unwrap(),
            kind
        );
        // Settings that do not exist are refused.
        let wrong = format!(r#"{{"membership":"{kind}","neighbors":7}}"#);
        assert!(
            serde_json::from_str::<MembershipKind>(&wrong).is_err(),
            "{kind}"
        );
    }
    let alias: MembershipKind = serde_json::from_str(r#"{"membership":"svm"}"#).unwrap();
    assert_eq!(alias.name(), "uniform");
    let other: MembershipKind = serde_json::from_str(
        r#"{"membership":"iefsvm","angle":"std-over-mean","minority":"smaller","search":"kd-tree"}"#,
    )
    .unwrap();
    assert_ne!(other, MembershipKind::from(Iefsvm::default()));
}
