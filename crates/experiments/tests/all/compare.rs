//! The comparison over data sets, from Rust.

use std::sync::Mutex;

use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_estimator::Method;
use fuzzysvm_experiments::compare::{self, CompareError, CompareSettings, DataSet, UnitOutcome};

fn set(name: &str, n: i32, every: i32, shift: f64) -> DataSet {
    let positive = |i: i32| i % every == 0;
    let x = (0..n).flat_map(|i| {
        let apart = if positive(i) { shift } else { 0.0 };
        let wave = |f: f64| 2.0 * (f64::from(i) * f).sin();
        [wave(1.7) + apart, wave(2.9) - 0.5 * apart]
    });
    let y = (0..n).map(|i| {
        if positive(i) {
            Label::Positive
        } else {
            Label::Negative
        }
    });
    let x = MatrixBuf::new(x.collect(), 2).unwrap();
    DataSet::new(name, format!("{name}.dat"), x, y.collect()).unwrap()
}

fn methods(names: &[&str]) -> Vec<Method> {
    let named = |name: &&str| Method::named(name).unwrap();
    names.iter().map(named).collect()
}

fn small() -> CompareSettings {
    {
        let mut s = CompareSettings::default();
        s.methods = methods(&["rusboost", "svm", "efsvm", "w-elm", "iefsvm"]);
        s.folds = 3;
        s.inner_folds = 3;
        s.c = vec![1.0, 16.0];
        s.gamma = vec![0.25];
        s.ks = vec![1, 3];
        s
    }
}

fn json(results: &compare::CompareResults) -> String {
    serde_json::to_string(results).unwrap()
}

#[test]
fn a_run_taken_up_from_any_of_its_units_ends_the_same() {
    let sets = [set("a", 60, 4, 1.0), set("b", 80, 5, 2.0)];
    let units: Mutex<Vec<UnitOutcome>> = Mutex::new(Vec::new());
    let keep = |u: &UnitOutcome| units.lock().unwrap().push(u.clone());
    let whole = compare::run(&sets, &small(), &keep).unwrap();
    let units = units.into_inner().unwrap();
    assert_eq!(units.len(), 2 * 3 * 2);
    for n in [0, 1, 7, 12] {
        // Through JSON, as they are kept on disk.
        let kept = serde_json::to_string(&units[..n]).unwrap();
        let kept: Vec<UnitOutcome> = serde_json::from_str(&kept).unwrap();
        let run = Mutex::new(0);
        let count = |_: &UnitOutcome| *run.lock().unwrap() += 1;
        let resumed = compare::resume(&sets, &small(), kept, &count).unwrap();
        assert_eq!(json(&resumed), json(&whole), "{n}");
        assert_eq!(run.into_inner().unwrap(), 12 - n);
    }
    // With other numbers of repetitions the units of the first ones are the same.
    let mut once = small();
    once.repeats = 1;

    let once = compare::run(&sets, &once, &|_| {}).unwrap();
    let resumed = compare::resume(&sets, &once.settings, units, &|_| panic!("nothing is open"));
    assert_eq!(json(&resumed.unwrap()), json(&once));
}

#[test]
fn units_that_are_computed_alone_make_the_same_results() {
    let sets = [
        set("a", 60, 4, 1.0),
        set("small", 20, 2, 1.0),
        set("again", 60, 4, 1.0),
    ];
    let mut settings = small();
    settings.repeats = 1;
    let alone = |place: usize| {
        let of_unit = |unit| compare::run_unit(&sets, &settings, place, unit);
        (0..settings.folds).map(of_unit).collect::<Vec<_>>()
    };
    let mut units: Vec<UnitOutcome> = alone(0).into_iter().map(Result::unwrap).collect();
    assert!(alone(1).iter().any(Result::is_err));
    for (set, unit) in [(3, 0), (0, settings.folds)] {
        let words = compare::run_unit(&sets, &settings, set, unit).unwrap_err();
        assert_eq!(
            words.to_string(),
            format!("there is no unit {unit} of set {set}")
        );
    }
    let mut no_folds = small();
    no_folds.folds = 0;
    assert!(compare::run_unit(&sets, &no_folds, 0, 0).is_err());
    units.reverse();
    let none_of_a = |unit: &UnitOutcome| assert_ne!(unit.set, "a");
    let merged = compare::resume(&sets, &settings, units, &none_of_a).unwrap();
    let whole = compare::run(&sets, &settings, &|_| {}).unwrap();
    assert_eq!(json(&merged), json(&whole));
}

#[test]
fn threads_change_nothing() {
    let sets = [
        set("a", 60, 4, 1.0),
        set("small", 20, 2, 1.0),
        set("b", 90, 5, 2.0),
    ];
    let with = |n| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build();
        pool.unwrap()
            .install(|| json(&compare::run(&sets, &small(), &|_| {}).unwrap()))
    };
    let one = with(1);
    assert!(
        one.contains("15 neighbors need at least 16 points"),
        "{one}"
    );
    for n in [2, 3, 8] {
        assert_eq!(with(n), one, "{n} threads");
    }
}

#[test]
fn peers_choose_on_the_same_folds_and_move_no_other_method() {
    let sets = [set("a", 60, 4, 1.0), set("b", 80, 5, 2.0)];
    let with = compare::run(&sets, &small(), &|_| {}).unwrap();
    let mut without = small();
    without.methods = methods(&["svm", "efsvm", "iefsvm"]);

    let without = compare::run(&sets, &without, &|_| {}).unwrap();
    for (a, b) in with.sets.iter().zip(&without.sets) {
        for method in &b.methods {
            let same = a.methods.iter().find(|m| m.id == method.id).unwrap();
            assert_eq!(
                serde_json::to_string(&same.folds).unwrap(),
                serde_json::to_string(&method.folds).unwrap()
            );
        }
        let chosen = |method: usize, words: &str| {
            for fold in &a.methods[method].folds {
                let chosen = &fold.outcome.chosen;
                assert_eq!((chosen.c, chosen.gamma), (None, None));
                assert!(chosen.setting.as_deref().unwrap().contains(words));
                assert!(chosen.cv_score.is_some() && fold.outcome.n_support.is_none());
            }
        };
        chosen(0, "n_estimators=");
        chosen(3, "n_hidden=");
    }
    assert!(json(&with).contains("\"baseline\":\"cs-rf\""));
}

#[test]
fn what_cannot_be_compared_is_refused_with_its_name() {
    let sets = [set("a", 60, 4, 1.0), set("a", 80, 5, 2.0)];
    let run = |sets: &[DataSet], settings: &CompareSettings| {
        compare::run(sets, settings, &|_| {}).unwrap_err()
    };
    assert!(matches!(run(&[], &small()), CompareError::NoSets));
    assert!(matches!(
        run(&sets, &small()),
        CompareError::SameName { name } if name == "a"
    ));
    let mut no_control = small();
    no_control.control = Method::named("fsvm").unwrap();

    assert!(matches!(
        run(&sets[..1], &no_control),
        CompareError::ControlNotCompared { control } if control == "fsvm"
    ));
    let error = run(&[set("few", 30, 15, 1.0)], &small());
    assert_eq!(
        error.to_string(),
        "few.dat: 3 folds: the positive class has 2 samples, but the split needs at least 3"
    );
    for bad in [
        {
            let mut s = small();
            s.folds = 1;
            s
        },
        {
            let mut s = small();
            s.repeats = 0;
            s
        },
        {
            let mut s = small();
            s.inner_folds = 1;
            s
        },
        {
            let mut s = small();
            s.c = vec![];
            s
        },
        {
            let mut s = small();
            s.gamma = vec![f64::NAN];
            s
        },
        {
            let mut s = small();
            s.ks = vec![3, 1];
            s
        },
        {
            let mut s = small();
            s.tol = 0.0;
            s
        },
        {
            let mut s = small();
            s.peers = vec![];
            s
        },
        {
            let mut s = small();
            s.methods = vec![];
            s
        },
    ] {
        assert!(matches!(run(&sets, &bad), CompareError::Param(_)));
    }
}
