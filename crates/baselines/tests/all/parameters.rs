//! Parameters by name, and the grids that the baselines are tuned over.

use fuzzysvm_baselines::{
    BaselineKind, Bootstrap, ClassWeight, Combine, CsAdaBoost, CsRandomForest, CsXgBoost,
    EasyEnsemble, ElmWeighting, MaxFeatures, RusBoost, RusBoostAlgorithm, WElm,
};
use fuzzysvm_core::Parameters;

/// With values that are no defaults, every form among them.
fn kinds() -> Vec<BaselineKind> {
    let mut kinds = BaselineKind::all();
    let mut forest = CsRandomForest {
        class_weight: ClassWeight::Power(0.25),
        bootstrap: Bootstrap::Weighted,
        ..CsRandomForest::default()
    };
    forest.tree.max_features = MaxFeatures::Number(3);
    forest.tree.max_depth = Some(7);
    kinds.push(forest.into());
    let given = ClassWeight::Given {
        negative: 0.5,
        positive: 4.0,
    };
    kinds.push(
        CsAdaBoost {
            class_weight: given,
            costs_per_round: true,
            costs_in_tree: false,
            ..CsAdaBoost::default()
        }
        .into(),
    );
    let mut ensemble = EasyEnsemble {
        combine: Combine::Probabilities,
        ..EasyEnsemble::default()
    };
    ensemble.tree.max_depth = None;
    kinds.push(ensemble.into());
    kinds.push(
        RusBoost {
            algorithm: RusBoostAlgorithm::Samme,
            ratio: 0.1,
            ..RusBoost::default()
        }
        .into(),
    );
    let elm = |weighting| WElm {
        c: 1e-21,
        weighting,
        ..WElm::default()
    };
    kinds.push(elm(ElmWeighting::W2).into());
    kinds.push(elm(ElmWeighting::None).into());
    kinds.push(
        CsXgBoost {
            scale_pos_weight: Some(2.5),
            ..CsXgBoost::default()
        }
        .into(),
    );
    kinds
}

#[test]
fn every_parameter_has_a_rule_and_reads_back() {
    for kind in kinds() {
        let plain: BaselineKind = kind.name().parse().unwrap();
        let params = kind.get_params();
        assert!(params.is_sorted_by(|a, b| a.0 < b.0), "{params:?}");
        assert_eq!(plain.clone().with_params(&params), Ok(kind.clone()));
        for spec in kind.param_specs() {
            assert!(!spec.rule.is_empty() && !spec.help.is_empty(), "{spec:?}");
            let e = plain
                .clone()
                .with_params(&[(spec.name, "no such value")])
                .unwrap_err();
            assert_eq!(
                (e.name.as_ref(), e.value.as_str()),
                (spec.name, "\"no such value\"")
            );
            assert!(e.rule.ends_with(spec.rule), "{e}");
        }
    }
}

#[test]
fn texts_of_values_do_not_change() {
    let texts = |kind: &BaselineKind| -> String {
        let params = kind.get_params();
        let texts: Vec<String> = params.iter().map(|(n, v)| format!("{n}={v}")).collect();
        texts.join(" ")
    };
    let found: Vec<String> = kinds().iter().map(texts).collect();
    let expected = [
        "class_weight=balanced costs_in_tree=true costs_per_round=false max_depth=1 max_features=all min_samples_leaf=1 n_estimators=50",
        "bootstrap=rows class_weight=balanced max_depth=none max_features=sqrt min_samples_leaf=1 n_estimators=100",
        "combine=votes max_depth=1 max_features=all min_samples_leaf=1 n_estimators=50 n_subsets=10",
        "algorithm=m2 max_depth=1 max_features=all min_samples_leaf=1 n_estimators=50 ratio=1",
        "c=1024 n_hidden=200 weighting=w1",
        "gamma=0 learning_rate=0.3 max_depth=6 min_child_weight=1 n_bins=256 n_estimators=100 reg_lambda=1 scale_pos_weight=none subsample=1",
        "bootstrap=weighted class_weight=power:0.25 max_depth=7 max_features=number:3 min_samples_leaf=1 n_estimators=100",
        "class_weight=given:[0.5,4] costs_in_tree=false costs_per_round=true max_depth=1 max_features=all min_samples_leaf=1 n_estimators=50",
        "combine=probabilities max_depth=none max_features=all min_samples_leaf=1 n_estimators=50 n_subsets=10",
        "algorithm=samme max_depth=1 max_features=all min_samples_leaf=1 n_estimators=50 ratio=0.1",
        "c=0.000000000000000000001 n_hidden=200 weighting=w2",
        "c=0.000000000000000000001 n_hidden=200 weighting=none",
        "gamma=0 learning_rate=0.3 max_depth=6 min_child_weight=1 n_bins=256 n_estimators=100 reg_lambda=1 scale_pos_weight=2.5 subsample=1",
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_cannot_be_set_says_what_can() {
    let kind = |name: &str| name.parse::<BaselineKind>().unwrap();
    for (name, param, value, words) in [
        (
            "w-elm",
            "n_trees",
            "5",
            "parameter `n_trees` is unknown: must be one of c, n_hidden, weighting",
        ),
        ("cs-rf", "seed", "5", "`seed` is unknown"),
        ("cs-rf", "tree", "{}", "`tree` is unknown"),
        ("cs-rf", "baseline", "w-elm", "`baseline` is unknown"),
        (
            "cs-rf",
            "n_estimators",
            "0",
            "parameter `n_estimators` is 0: must lie between 1 and 100000",
        ),
        (
            "cs-rf",
            "n_estimators",
            "2.5",
            "parameter `n_estimators` is \"2.5\": must be a whole number from 1 to 100000",
        ),
        ("cs-rf", "n_estimators", "-1", "a whole number"),
        ("cs-rf", "n_estimators", "none", "a whole number"),
        ("cs-rf", "n_estimators", "", "a whole number"),
        ("cs-rf", "max_depth", "0", "must be at least 1"),
        (
            "cs-rf",
            "max_features",
            "number:0",
            "`max_features` is number:0: must have",
        ),
        ("cs-rf", "max_features", "number:-1", "number:N"),
        ("cs-rf", "max_features", "number", "number:N"),
        ("cs-rf", "class_weight", "given:[1,0]", "finite and > 0"),
        ("cs-rf", "class_weight", "given:[1]", "balanced, equal"),
        ("cs-rf", "class_weight", "given:[1,2,3]", "balanced, equal"),
        ("cs-rf", "class_weight", "given:1,2", "balanced, equal"),
        ("cs-rf", "class_weight", "power:nan", "balanced, equal"),
        ("cs-rf", "class_weight", "power:11", "between 0 and 10"),
        ("cs-adaboost", "costs_per_round", "1", "true or false"),
        ("rusboost", "ratio", "inf", "above 0"),
        ("cs-xgboost", "max_depth", "none", "from 1 to 64"),
        ("w-elm", "c", "1e999", "from 1e-30"),
        ("w-elm", "c", &"[".repeat(100_000), "from 1e-30"),
    ] {
        let e = kind(name).with_params(&[(param, value)]).unwrap_err();
        assert!(e.to_string().contains(words), "{e}");
        assert!(e.to_string().len() < 400, "{e}");
    }
}

/// The default with each value of each parameter of its grid, the first parameter outermost.
fn expand(kind: BaselineKind) -> Vec<BaselineKind> {
    let mut kinds = vec![kind.clone()];
    for (name, values) in kind.info().grid {
        let with = |kind: BaselineKind| {
            let values = values.iter();
            values.map(move |value| kind.clone().with_params(&[(name, value)]).unwrap())
        };
        kinds = kinds.into_iter().flat_map(with).collect();
    }
    kinds
}

#[test]
fn grids_are_those_of_the_published_comparison() {
    let rounds = [10, 50];
    let mut expected: Vec<BaselineKind> = Vec::new();
    expected.extend(rounds.map(|n_estimators| {
        BaselineKind::from(CsAdaBoost {
            n_estimators,
            ..CsAdaBoost::default()
        })
    }));
    expected.extend([1, 10, 40].map(|min_samples_leaf| {
        let mut forest = CsRandomForest::default();
        forest.tree.min_samples_leaf = min_samples_leaf;
        BaselineKind::from(forest)
    }));
    expected.extend(rounds.map(|n_estimators| {
        BaselineKind::from(EasyEnsemble {
            n_estimators,
            ..EasyEnsemble::default()
        })
    }));
    expected.extend(rounds.map(|n_estimators| {
        BaselineKind::from(RusBoost {
            n_estimators,
            ..RusBoost::default()
        })
    }));
    for n_hidden in [50, 200] {
        expected.extend([4, 8, 12].map(|exponent| {
            BaselineKind::from(WElm {
                n_hidden,
                c: 2f64.powi(exponent),
                ..WElm::default()
            })
        }));
    }
    expected.extend([1, 2, 4].map(|max_depth| {
        BaselineKind::from(CsXgBoost {
            n_estimators: 50,
            learning_rate: 0.1,
            max_depth,
            ..CsXgBoost::default()
        })
    }));
    let found: Vec<BaselineKind> = BaselineKind::all().into_iter().flat_map(expand).collect();
    assert_eq!(found, expected);
    for kind in BaselineKind::all() {
        let n = expand(kind.clone()).len();
        assert_eq!(n, kind.info().n_grid_points(), "{kind}");
    }
}

#[test]
fn a_baseline_presents_itself() {
    let titles = BaselineKind::all()
        .iter()
        .map(|k| k.info().title)
        .collect::<Vec<_>>();
    assert_eq!(
        titles,
        [
            "cs-AdaBoost",
            "cs-RF",
            "EasyEnsemble",
            "RUSBoost",
            "w-ELM",
            "cs-XGBoost"
        ]
    );
    for kind in BaselineKind::all() {
        let info = kind.info();
        assert!(info.summary.ends_with("(baseline, not an SVM)"), "{kind}");
        assert!(
            info.source.contains("doi") || info.source.contains("report"),
            "{kind}"
        );
    }
}
