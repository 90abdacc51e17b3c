//! What options become: settings, or a contradiction in words.

use fuzzysvm_datasets::lending_club::Snapshot;
use fuzzysvm_datasets::table::{Header, ScalerKind};
use fuzzysvm_estimator::target::Hurdle;
use fuzzysvm_experiments::Rank;
use fuzzysvm_experiments::compare::CompareOptions;
use fuzzysvm_experiments::lend::{
    Buy, Forecast, LendOptions, RegressionRows, Split, SplitName, WALKED_FORWARD,
};
use fuzzysvm_experiments::walk_forward::Strategy;
use fuzzysvm_portfolio::ReturnKind;

fn lend(pairs: &[(&str, &str)]) -> LendOptions {
    let mut options = LendOptions::default();
    for (name, text) in pairs {
        options.set(name, text).unwrap();
    }
    options
}

#[test]
fn options_of_lend_reach_the_settings() {
    let options = lend(&[
        ("simulated_loans", "900"),
        ("include_off_policy", "true"),
        ("snapshot", "2013-05"),
        ("trials", "3"),
        ("train", "120"),
        ("test", "80"),
        ("split", "out-of-time"),
        ("test_from", "2010-07"),
        ("known_only", "true"),
        ("returns", "irr"),
        ("regression", "all"),
        ("forecast", "ridge"),
        ("rank", "forecast"),
        ("rule", "top-n=9"),
        ("top", "0.2"),
        ("budget", "500"),
        ("methods", "svm,efsvm"),
        ("c", "1,4"),
        ("gamma", "0.5"),
        ("k", "1,7"),
        ("folds", "4"),
        ("seed", "11"),
        ("scores", "true"),
    ]);
    assert_eq!(options.check(&|_| false), Ok(()));
    assert!(options.include_off_policy && options.known_only);
    assert_eq!(options.snapshot, Some("2013-05".parse().unwrap()));
    let s = options.settings();
    assert_eq!((s.trials, s.train, s.test, s.seed), (3, 120, 80, 11));
    let test_from = Some("2010-07".to_owned());
    assert_eq!(s.split, Split::OutOfTime { test_from });
    assert_eq!(s.returns, ReturnKind::Irr);
    assert_eq!(s.regression, RegressionRows::All);
    assert_eq!((s.forecast, s.rank), (Forecast::Ridge, Rank::Forecast));
    assert_eq!(
        (s.rule, s.top_fraction, s.budget),
        (Buy::TopN(9), 0.2, 500.0)
    );
    let ids: Vec<&str> = s.methods.iter().map(|m| m.id()).collect();
    assert_eq!(ids, ["svm", "efsvm"]);
    assert_eq!(
        (&s.tuning.c[..], &s.tuning.gamma[..]),
        (&[1.0, 4.0][..], &[0.5][..])
    );
    assert_eq!((&s.tuning.ks[..], s.tuning.folds), (&[1, 7][..], 4));
    assert!(s.keep_scores);
    s.validate().unwrap();
}

/// What an out-of-time split and the returns ask of a file.
#[test]
fn settings_name_the_columns_that_they_need() {
    let needs = |pairs: &[(&str, &str)]| -> Vec<String> {
        let settings = lend(pairs).settings();
        settings
            .needs()
            .iter()
            .map(|need| need.column.clone())
            .collect()
    };
    assert!(needs(&[]).is_empty());
    for returns in ["irr", "nar"] {
        assert_eq!(
            needs(&[("returns", returns)]),
            ["last_pymnt_d", "recoveries"]
        );
    }
    let life = needs(&[("returns", "annualised-life"), ("split", "out-of-time")]);
    assert_eq!(life, ["last_pymnt_d"; 2]);
    // Only out of time the youth of loans would bias the test.
    assert_eq!(lend(&[]).settings().snapshot(), Snapshot::Off);
    let late = lend(&[("split", "out-of-time")]).settings();
    assert_eq!(late.snapshot(), Snapshot::Auto);
}

#[test]
fn walk_forward_takes_rankings_and_the_methods_named_beside_them() {
    let ids = |pairs: &[(&str, &str)]| -> Vec<String> {
        let options = lend(pairs);
        let settings = options.walk_forward_settings(&options.settings());
        settings
            .strategies
            .iter()
            .map(Strategy::to_string)
            .collect()
    };
    let all: Vec<String> = Strategy::all().iter().map(Strategy::to_string).collect();
    let by_default = ids(&[]);
    assert_eq!(by_default[..all.len()], all);
    let mut methods = by_default[all.len()..].to_vec();
    let mut expected = WALKED_FORWARD.to_vec();
    methods.sort_unstable();
    expected.sort_unstable();
    assert_eq!(methods, expected);
    assert_eq!(ids(&[("methods", "random")]), ["random"]);
    assert_eq!(ids(&[("methods", "cs-rf,random")]), ["random", "cs-rf"]);
    let options = lend(&[
        ("hurdle", "grade"),
        ("tune_stakes", "true"),
        ("train", "300"),
        ("top", "0.3"),
        ("rank", "score"),
        ("seed", "5"),
        ("gamma", "0.25"),
    ]);
    let s = options.walk_forward_settings(&options.settings());
    assert_eq!((s.hurdle, s.tune_stakes), (Hurdle::Grade, true));
    assert_eq!((s.max_method_loans, s.top_fraction, s.seed), (300, 0.3, 5));
    assert_eq!((s.rank, &s.tuning.gamma[..]), (Rank::Score, &[0.25][..]));
}

#[test]
fn options_of_lend_that_contradict_each_other_are_named() {
    let words = |pairs: &[(&str, &str)]| {
        let given = |name: &str| pairs.iter().any(|(given, _)| *given == name);
        lend(pairs).check(&given).unwrap_err().to_string()
    };
    for (pairs, expected) in [
        (
            &[("preset", "published"), ("top", "0.2")][..],
            "`top` does nothing beside `preset=published`, which sets it",
        ),
        (
            &[("split", "walk-forward"), ("trials", "3")],
            "`trials` does nothing with `split=walk-forward`",
        ),
        (
            &[("split", "random"), ("hurdle", "rate")],
            "`hurdle` does nothing without `split=walk-forward` or both",
        ),
        (
            &[("split", "random"), ("rule", "top-n=5"), ("top", "0.2")],
            "`top` does nothing with another `rule` than top-fraction",
        ),
        (
            &[("split", "random"), ("test_from", "2010-07")],
            "`test_from` needs `split=walk-forward`, both or out-of-time",
        ),
        (
            &[("known_only", "true")],
            "`known_only` needs `split=out-of-time`",
        ),
        (
            &[("split", "random"), ("methods", "svm,random")],
            "`methods=random` needs `split=walk-forward` or both",
        ),
        (
            &[("methods", "random")],
            "`methods` names none for the trials (`split=walk-forward` does without)",
        ),
        (
            &[("methods", "svm,random"), ("tune_stakes", "true")],
            "`tune_stakes` needs bilateral-svm or stake-svm among `methods`",
        ),
        (&[("methods", "svm,svm")], "`methods` names svm twice"),
    ] {
        assert_eq!(words(pairs), expected);
    }
    let mut mapped = LendOptions::default();
    mapped.map.insert("a".to_owned(), "term".to_owned());
    let error = mapped.check(&|_| false).unwrap_err();
    assert_eq!(error.to_string(), "`map` needs `loans`");
    // On a command line options are flags.
    let error = lend(&[("known_only", "true")])
        .check(&|_| true)
        .unwrap_err();
    let flags = error.with_options(&|name, value| match value {
        None => format!("--{}", name.replace('_', "-")),
        Some(value) => format!("--{name} {value}"),
    });
    assert_eq!(flags, "--known-only needs --split out-of-time");
    // The preset is the trials alone.
    let published = lend(&[("preset", "published")]);
    assert_eq!(published.split(), SplitName::Random);
    assert_eq!(published.settings().split, Split::Random);
}

#[test]
fn options_of_compare_reach_the_settings() {
    let mut options = CompareOptions::default();
    for (name, text) in [
        ("target", "class"),
        ("positive", "bad"),
        ("header", "true"),
        ("missing", "refuse"),
        ("scale", "minmax"),
        ("folds", "4"),
        ("repeats", "3"),
        ("inner_folds", "2"),
        ("methods", "svm,class-cost,efsvm"),
        ("control", "class-cost"),
        ("c", "1,16"),
        ("gamma", "0.25"),
        ("k", "1,3"),
        ("seed", "7"),
    ] {
        options.set(name, text).unwrap();
    }
    options.check().unwrap();
    for name in ["negative", "na", "drop", "features"] {
        options.set_list(name, vec![name.to_owned()]).unwrap();
    }
    let table = &options.table;
    assert_eq!(
        (table.target.as_deref(), table.positive.as_deref()),
        (Some("class"), Some("bad"))
    );
    assert_eq!(table.header, Header::Yes);
    for (list, name) in [
        (&table.negative, "negative"),
        (&table.na, "na"),
        (&table.drop, "drop"),
        (&table.features, "features"),
    ] {
        assert_eq!(list, &[name]);
    }
    let s = options.settings();
    assert_eq!((s.folds, s.repeats, s.inner_folds, s.seed), (4, 3, 2, 7));
    assert_eq!(s.scale, ScalerKind::MinMax);
    assert_eq!((s.methods.len(), s.control.id()), (3, "class-cost"));
    assert_eq!(
        (&s.c[..], &s.gamma[..], &s.ks[..]),
        (&[1.0, 16.0][..], &[0.25][..], &[1, 3][..])
    );
    for (name, text, words) in [
        ("folds", "0", "must be a whole number from 1"),
        ("k", "1,0", "must be whole numbers from 1, as in 1,3,5"),
        ("c", "x", "must be numbers, as in 0.25,1,4"),
        ("scale", "x", "must be one of standard, minmax, none"),
        ("header", "perhaps", "must be true or false"),
    ] {
        let error = options.set(name, text).unwrap_err();
        assert_eq!(error.name, name);
        assert!(error.to_string().contains(words), "{error}");
    }
}
