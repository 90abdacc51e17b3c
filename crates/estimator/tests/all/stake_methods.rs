//! The methods of the registry that learn from what loans return: listed like any other, and refused by what has no
//! returns.

use fuzzysvm_core::{Label, MatrixBuf, Parameters as _, Samples};
use fuzzysvm_estimator::method::{
    MethodKind, MethodSettings, SpaceOptions, StakeMethod, find, methods, of_samples,
};
use fuzzysvm_estimator::target::{BilateralStake, Hurdle, Outcomes, StakeTarget, Target};
use fuzzysvm_estimator::{Data, Estimator, Method, SearchSpace};

#[test]
fn they_are_entries_that_say_what_they_need() {
    let named: Vec<&str> = StakeMethod::all().iter().map(StakeMethod::name).collect();
    let needing = methods().iter().filter(|m| m.needs.returns);
    assert!(needing.clone().map(|m| m.name).eq(named.iter().copied()));
    assert_eq!(of_samples().count() + named.len(), methods().len());
    for entry in needing {
        assert_eq!(entry.kind, MethodKind::Stake);
        assert!(entry.needs.features && !entry.is_baseline() && entry.grid.is_empty());
        assert_eq!(
            entry.settings().get_params(),
            [("hurdle", "mean".to_owned())]
        );
        assert!(
            !Method::all().contains(&Method::from(entry)),
            "{}",
            entry.name
        );
        let stake = Method::from(entry).stake().unwrap();
        assert_eq!(MethodSettings::Stake(stake), entry.settings());
    }
    assert_eq!(Method::named("iefsvm").unwrap().stake(), None);
}

#[test]
fn what_is_compared_by_default_needs_features_and_classes_alone() {
    let all: Vec<String> = Method::all().iter().map(|m| m.id().to_owned()).collect();
    let every = methods().iter().map(|m| m.name);
    // Lin & Wang's memberships in time; the two above.
    let others = ["lin-wang-time", "stake-svm", "bilateral-svm"];
    assert!(others.iter().all(|&name| find(name).is_ok()));
    assert!(every.filter(|name| !others.contains(name)).eq(all));
}

/// Slack factors and posterior probabilities are those of a first machine; FSVM-CIL takes distances from its hyperplane in
/// one of its three settings.
#[test]
fn three_methods_start_from_a_first_model() {
    let needing = methods().iter().filter(|m| m.needs.first_model);
    let mut needing: Vec<&str> = needing.map(|m| m.name).collect();
    needing.sort_unstable();
    assert_eq!(needing, ["fsvm-cil", "posterior", "slack-factor"]);
}

/// The method is the target under another name, with the hurdle that it is given.
#[test]
fn rows_are_those_of_the_target() {
    let outcomes = Outcomes::new(
        &[1.0, 0.2, 0.0, 0.3],
        &[-0.5, -0.4, -0.4, -0.6],
        &[0.1, 0.2, 0.3, 0.1],
    );
    let outcomes = outcomes.unwrap().with_grades(&[1, 1, 2, 2]).unwrap();
    for hurdle in [Hurdle::Mean, Hurdle::Grade] {
        for (name, target) in [
            ("stake-svm", &StakeTarget { hurdle } as &dyn Target),
            ("bilateral-svm", &BilateralStake { hurdle } as &dyn Target),
        ] {
            let stake = Method::named(name)
                .unwrap()
                .stake()
                .unwrap()
                .with_hurdle(hurdle);
            assert_eq!(
                stake.rows(&outcomes).unwrap(),
                target.rows(&outcomes).unwrap()
            );
            let word = match hurdle {
                Hurdle::Grade => "grade",
                _ => "mean",
            };
            assert_eq!(stake.get_param("hurdle").as_deref(), Some(word));
            let mut set = Method::named(name).unwrap().stake().unwrap();
            set.set_param("hurdle", word).unwrap();
            assert_eq!(set, stake);
        }
    }
    let mut stake = StakeMethod::all()[0];
    let e = stake.set_param("hurdle", "median").unwrap_err();
    assert!(
        e.to_string().ends_with("must be mean, grade or rate"),
        "{e}"
    );
}

#[test]
fn samples_are_refused_with_the_remedy() {
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let y: Vec<Label> = x.iter().map(|v| Label::from_sign(v - 14.5)).collect();
    let x = MatrixBuf::new(x, 1).unwrap();
    let data = Data::from_matrix(x.clone(), y.clone()).unwrap();
    let names = ["x".to_owned()];
    let classes = ["no", "yes"].map(str::to_owned);
    let options = SpaceOptions {
        ks: vec![1],
        baselines: Vec::new(),
        seed: 1,
    };
    for stake in StakeMethod::all() {
        let name = stake.name();
        let estimator = Estimator::named(name).unwrap();
        let samples = Samples::new(x.view(), &y).unwrap();
        let refused = [
            estimator.validate().err().map(|e| e.to_string()),
            estimator.fit(&data, None).err().map(|e| e.to_string()),
            estimator
                .fit_samples(&names, &classes, samples, None)
                .err()
                .map(|e| e.to_string()),
            Method::named(name)
                .unwrap()
                .search_space(&options)
                .err()
                .map(|e| e.to_string()),
            SearchSpace::of_grid(&find(name).unwrap().settings(), &[])
                .err()
                .map(|e| e.to_string()),
        ];
        for words in refused {
            let words = words.unwrap();
            assert!(
                words.starts_with(&format!(
                    "parameter `method` is {name}: must be another one"
                )) && words.contains("what finished loans returned")
                    && words.contains("lend --split walk-forward"),
                "{words}"
            );
        }
    }
}
