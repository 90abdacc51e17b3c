//! Tuning many methods at once, and that a search over one method finds the same.

use std::sync::Arc;

use crate::common::{bits, on_threads, options, overlapping};
use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{
    Classifier, Label, Learner, Matrix, MatrixBuf, PredictError, Samples, SamplesError,
};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::method::{MethodSettings, SpaceOptions, of_samples};
use fuzzysvm_estimator::tuning::{Search, SvmGrid, tune};
use fuzzysvm_estimator::{
    AnyLearner, Candidate, CandidateWeights, CrossValidation, Data, EncodedFold, EstimatorError,
    Method, SearchSpace,
};
use fuzzysvm_evaluation::Fold;
use fuzzysvm_membership::{Efsvm, MembershipError, Uniform};
use fuzzysvm_qp::Smo;

/// Scores by the first feature, times `sign`; refuses to learn where `broken`.
struct Axis {
    sign: f64,
    broken: bool,
}
struct AxisModel(f64);
impl Classifier for AxisModel {
    fn n_features(&self) -> usize {
        1
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        Ok(x.rows().map(|r| self.0 * r[0]).collect())
    }
}
impl Learner for Axis {
    type Model = AxisModel;
    type Error = SamplesError;
    fn fit(&self, _: Samples<'_>, _: Option<&[f64]>) -> Result<AxisModel, SamplesError> {
        if self.broken {
            return Err(SamplesError::Empty);
        }
        Ok(AxisModel(self.sign))
    }
}

type Entry = (Method, SearchSpace);

fn axis(sign: f64, broken: bool) -> Candidate<Arc<dyn AnyLearner>> {
    let learner: Arc<dyn AnyLearner> = Arc::new(Axis { sign, broken });
    Candidate::only(learner).with_label(format!("sign={sign}"))
}

fn axes(signs: &[f64], broken: bool) -> Entry {
    let method = Method::learner("axis", "axis", Axis { sign: 1.0, broken });
    let candidates = signs.iter().map(|&sign| axis(sign, broken)).collect();
    (method, SearchSpace::Learners(candidates))
}

fn entry(method: Method, ks: &[usize]) -> Entry {
    let space = method.search_space(&options(ks)).unwrap();
    (method, space)
}

fn named(name: &str, ks: &[usize]) -> Entry {
    entry(Method::named(name).unwrap(), ks)
}

/// Two folds of one feature whose sign is the class.
fn folds() -> Vec<EncodedFold> {
    let part = |shift: f64| (0..8).map(move |i| f64::from(i) - 5.5 + shift);
    let x: Vec<f64> = part(0.0).chain(part(0.2)).collect();
    let y = x.iter().map(|&v| Label::from_sign(v)).collect();
    let data = Data::from_matrix(MatrixBuf::new(x, 1).unwrap(), y).unwrap();
    let (first, second): (Vec<usize>, Vec<usize>) = ((0..8).collect(), (8..16).collect());
    let fold = |train: &[usize], test: &[usize]| {
        let (train, test) = (train.to_vec(), test.to_vec());
        EncodedFold::new(&data, None, &Fold { train, test }, ScalerKind::None).unwrap()
    };
    vec![fold(&first, &second), fold(&second, &first)]
}

fn grid() -> SvmGrid {
    SvmGrid {
        c: vec![1.0, 10.0],
        gamma: vec![0.1, 1.0],
        solver: Smo::default(),
    }
}

fn names() -> Vec<String> {
    vec!["1".to_owned()]
}

#[test]
fn learners_stand_beside_the_search_of_svms_and_choose_by_the_same_score() {
    let folds = folds();
    let train = folds[0].train().unwrap();
    let svm = |id| entry(Method::membership(id, id, Uniform::default()), &[1]);
    let methods = [
        svm("first"),
        axes(&[-1.0, 1.0, 2.0], false),
        axes(&[3.0], false),
        svm("last"),
    ];
    let tuned = tune(&methods, &names(), train, &folds, &grid()).unwrap();
    let chosen: Vec<_> = tuned.iter().map(|t| t.chosen()).collect();
    assert_eq!(chosen.len(), 4);
    // The first of two perfect settings; a single one needs no choice.
    assert_eq!(
        (chosen[1].setting.as_deref(), chosen[1].cv_score),
        (Some("sign=1"), Some(1.0))
    );
    assert_eq!(
        (chosen[2].setting.as_deref(), chosen[2].cv_score),
        (Some("sign=3"), None)
    );
    assert_eq!((chosen[1].c, chosen[1].gamma), (None, None));
    // What lies between them does not shift whose candidates are whose.
    assert_eq!(chosen[0], chosen[3]);
    assert!(chosen[0].c.is_some() && chosen[0].gamma.is_some());
    assert_eq!(tuned[0].weights(), Some([1.0; 8].as_slice()));
    assert_eq!(tuned[1].weights(), None);
    let fitted = tuned[1].fit(train).unwrap();
    let x = Matrix::new(&[-2.0, 3.0], 1).unwrap();
    assert_eq!(fitted.classifier.decision_function(x).unwrap(), [-2.0, 3.0]);
    assert_eq!((fitted.n_support, fitted.converged), (None, true));
    assert!(tuned[0].fit(train).unwrap().n_support.is_some());
}

#[test]
fn settings_of_a_membership_are_chosen_and_named() {
    let folds = folds();
    let with_k = |n_neighbors| {
        let membership = Efsvm {
            n_neighbors,
            ..Efsvm::default()
        };
        Candidate::only(CandidateWeights::Own(Arc::new(membership)))
            .with_label(format!("k={n_neighbors}"))
    };
    let method = Method::membership("two", "two", Uniform::default());
    let methods = [(method, SearchSpace::Memberships(vec![with_k(1), with_k(3)]))];
    let train = folds[0].train().unwrap();
    let tuned = tune(&methods, &names(), train, &folds, &grid()).unwrap();
    let setting = tuned[0].chosen().setting.as_deref();
    assert!(setting.is_some_and(|s| s.starts_with("k=")));
}

#[test]
fn failures_name_the_method_and_the_inner_fold() {
    let folds = folds();
    let train = folds[0].train().unwrap();
    let error = |methods: &[Entry]| {
        let tuned = tune(methods, &names(), train, &folds, &grid());
        tuned.err().unwrap()
    };
    let large_k = error(&[named("efsvm", &[1, 9])]);
    assert_eq!(
        large_k.to_string(),
        "EFSVM, inner fold 1: 9 neighbors need at least 10 points, but there are 8"
    );
    let EstimatorError::InnerFold {
        fold: 0, source, ..
    } = large_k
    else {
        panic!("another error: {large_k:?}")
    };
    assert!(matches!(
        *source,
        EstimatorError::Membership(MembershipError::Neighbor(_))
    ));
    // The first failure in order, whichever thread comes first.
    for threads in [1, 2, 3] {
        let broken = on_threads(threads, || error(&[axes(&[1.0, 2.0], true)]).to_string());
        assert_eq!(broken, "axis (sign=1): there are no samples");
    }
}

#[test]
fn a_method_has_a_result_or_there_is_an_error_that_names_it() {
    let folds = folds();
    let train = folds[0].train().unwrap();
    for (title, space) in [
        ("axis", SearchSpace::Learners(Vec::new())),
        ("mine", SearchSpace::Memberships(Vec::new())),
    ] {
        let empty = (Method::membership("x", title, Uniform::default()), space);
        for place in 0..3 {
            let mut methods = vec![named("svm", &[1]), axes(&[1.0, 2.0], false)];
            methods.insert(place, empty.clone());
            let error = tune(&methods, &names(), train, &folds, &grid()).err();
            assert_eq!(
                error.unwrap().to_string(),
                format!("{title}: found no candidates to choose from, expected at least one")
            );
        }
    }
    let no_grid = SvmGrid {
        c: Vec::new(),
        ..grid()
    };
    let error = tune(&[named("svm", &[1])], &names(), train, &folds, &no_grid).err();
    assert_eq!(error.unwrap().to_string(), "the search has no c");
    // Every method of the registry that needs no time column, one result each, in order.
    let data = overlapping(60, 1);
    let cv = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 1,
    };
    let folds = cv.encoded(&data, None).unwrap();
    let train = folds[0].train().unwrap();
    let all: Vec<Entry> = of_samples()
        .map(|entry| self::entry(Method::from(entry), &[1, 3]))
        .collect();
    let grid = SvmGrid {
        c: vec![1.0],
        gamma: vec![0.5],
        ..grid()
    };
    let names = folds[0].preprocessing.feature_names();
    let tuned = tune(&all, &names, train, &folds, &grid).unwrap();
    assert_eq!(tuned.len(), of_samples().count());
    for (tuned, entry) in tuned.iter().zip(of_samples()) {
        assert_eq!(tuned.weights().is_none(), entry.is_baseline());
        assert_eq!(tuned.chosen().c.is_none(), entry.is_baseline());
    }
}

#[test]
fn grids_are_described_by_what_differs_in_them() {
    let labels = |name| -> Vec<String> {
        match named(name, &[1, 3]).1 {
            SearchSpace::Memberships(all) => all.into_iter().map(|c| c.label).collect(),
            SearchSpace::Learners(all) => all.into_iter().map(|c| c.label).collect(),
            _ => panic!("another kind of space"),
        }
    };
    assert_eq!(labels("rusboost"), ["n_estimators=10", "n_estimators=50"]);
    assert_eq!(labels("w-elm")[3], "c=16, n_hidden=200");
    assert_eq!(labels("slack-factor")[0], "beta=0.1");
    assert_eq!(
        labels("fsvm-cil"),
        [
            "own-center linear",
            "own-center exponential",
            "all-center linear",
            "all-center exponential",
            "hyperplane linear",
            "hyperplane exponential",
        ]
    );
    // One setting alone, and numbers of neighbors, which tables show as k, have no label.
    assert_eq!(labels("iefsvm"), [""]);
    assert_eq!(labels("efsvm"), ["", ""]);
    let SearchSpace::Memberships(efsvm) = named("efsvm", &[1, 3]).1 else {
        panic!("EFSVM is an SVM")
    };
    let ks: Vec<_> = efsvm.iter().map(|c| c.k).collect();
    assert_eq!(ks, [Some(1), Some(3)]);
    let baselines = of_samples().filter(|m| m.is_baseline());
    assert!(
        baselines
            .map(|m| m.name)
            .eq(BaselineKind::NAMES.iter().copied())
    );
    for entry in of_samples() {
        let space = named(entry.name, &[1]).1;
        let learners = matches!(space, SearchSpace::Learners(_));
        assert_eq!(learners, entry.is_baseline(), "{}", entry.name);
        assert!(!space.is_empty());
    }
}

#[test]
fn labels_are_those_of_the_lists_given() {
    let labels = |name: &str, grid: &[(&str, &[&str])]| -> Vec<String> {
        let base = Method::named(name).unwrap().entry().unwrap().settings();
        let list = |(name, values): &(&str, &[&str])| {
            let values = values.iter().map(|v| (*v).to_owned()).collect();
            ((*name).to_owned(), values)
        };
        let grid: Vec<_> = grid.iter().map(list).collect();
        match SearchSpace::of_grid(&base, &grid).unwrap() {
            SearchSpace::Learners(all) => all.into_iter().map(|c| c.label).collect(),
            _ => panic!("a baseline"),
        }
    };
    assert_eq!(
        labels("w-elm", &[("c", &["1", "10"]), ("n_hidden", &["5"])]),
        ["c=1, n_hidden=5", "c=10, n_hidden=5"]
    );
    assert_eq!(
        labels(
            "cs-xgboost",
            &[
                ("learning_rate", &["0.1"]),
                ("max_depth", &["3"]),
                ("scale_pos_weight", &["none", "2"]),
                ("n_estimators", &["7"]),
            ]
        ),
        [
            "learning_rate=0.1, max_depth=3, n_estimators=7, scale_pos_weight=none",
            "learning_rate=0.1, max_depth=3, n_estimators=7, scale_pos_weight=2"
        ]
    );
    assert_eq!(
        labels(
            "cs-rf",
            &[
                ("class_weight", &["power:0.5", "given:[1,4]"]),
                ("min_samples_leaf", &["1"]),
            ]
        ),
        [
            "class_weight=power:0.5, min_samples_leaf=1",
            "class_weight=given:[1,4], min_samples_leaf=1"
        ]
    );
}

#[test]
fn a_grid_that_fills_the_memory_is_refused() {
    let settings = Method::named("efsvm").unwrap().entry().unwrap().settings();
    let many: Vec<String> = (1..=101).map(|k| k.to_string()).collect();
    let grid = |name: &str, values: &[String]| (name.to_owned(), values.to_vec());
    let error = SearchSpace::of_grid(
        &settings,
        &[grid("n_neighbors", &many), grid("n_neighbors", &many)],
    );
    let error = error.err().unwrap().to_string();
    assert!(error.contains("at most 10000"), "{error}");
    let unknown = SearchSpace::of_grid(&settings, &[grid("no_such", &many[..1])]);
    assert!(unknown.err().unwrap().to_string().contains("no_such"));
    assert!(SearchSpace::of_grid(&settings, &[grid("n_neighbors", &[])]).is_err());
    assert!(SearchSpace::of_baselines(Vec::new()).is_err());
}

#[test]
fn a_search_over_one_method_finds_what_tuning_chooses() {
    let data = overlapping(80, 2);
    let cv = CrossValidation {
        folds: 4,
        scale: ScalerKind::Standard,
        seed: 7,
    };
    let folds = cv.encoded(&data, None).unwrap();
    let train = folds[0].train().unwrap();
    let names = folds[0].preprocessing.feature_names();
    for name in ["svm", "efsvm", "iefsvm", "fsvm", "w-elm"] {
        let (method, space) = named(name, &[1, 3, 5]);
        let search = Search::new(space.clone())
            .with_c(grid().c)
            .with_gamma(grid().gamma);
        let found = search.run(&data, &cv, &|_| {}, &|| {}).unwrap();
        let chosen = tune(&[(method, space.clone())], &names, train, &folds, &grid()).unwrap();
        let (chosen, best) = (chosen[0].chosen(), found.best());
        assert_eq!((chosen.c, chosen.gamma), (best.c, best.gamma), "{name}");
        assert_eq!(chosen.cv_score, Some(best.score), "{name}");
        let (k, label) = match &space {
            SearchSpace::Memberships(all) => {
                (all[best.candidate].k, all[best.candidate].label.clone())
            }
            SearchSpace::Learners(all) => {
                (all[best.candidate].k, all[best.candidate].label.clone())
            }
            _ => panic!("another kind of space"),
        };
        assert_eq!(chosen.k, k, "{name}");
        assert_eq!(chosen.setting.clone().unwrap_or_default(), label, "{name}");
        let points = if name == "w-elm" { 1 } else { 4 };
        assert_eq!(found.tried.len(), space.len() * points, "{name}");
    }
}

#[test]
fn the_number_of_threads_changes_no_score_and_no_weight() {
    let data = overlapping(60, 4);
    let cv = CrossValidation {
        folds: 3,
        scale: ScalerKind::Standard,
        seed: 2,
    };
    let run = |threads| {
        on_threads(threads, || {
            let folds = cv.encoded(&data, None).unwrap();
            let train = folds[0].train().unwrap();
            let names = folds[0].preprocessing.feature_names();
            let methods = ["cs-rf", "efsvm", "slack-factor", "w-elm", "svm"];
            let methods = methods.map(|name| named(name, &[1, 3]));
            let tuned = tune(&methods, &names, train, &folds, &grid()).unwrap();
            let of_tuned = tuned.iter().map(|t| {
                let fitted = t.fit(train).unwrap();
                let decisions = fitted.classifier.decision_function(train.x()).unwrap();
                (t.chosen().clone(), t.weights().map(bits), bits(&decisions))
            });
            let of_tuned: Vec<_> = of_tuned.collect();
            let search = Search::new(named("efsvm", &[1, 3]).1);
            let found = search.run(&data, &cv, &|_| {}, &|| {}).unwrap();
            (of_tuned, found)
        })
    };
    let one = run(1);
    assert_eq!(run(2), one);
    assert_eq!(run(3), one);
}

#[test]
fn every_baseline_draws_from_a_stream_of_its_own() {
    let seeds = |seed: u64| {
        let options = SpaceOptions {
            seed,
            ..options(&[1])
        };
        let of_name = |name: &&str| {
            let space = Method::named(name).unwrap().search_space(&options).unwrap();
            let SearchSpace::Learners(candidates) = space else {
                panic!("{name} is no SVM")
            };
            let seed_of = |settings: MethodSettings| match settings {
                MethodSettings::Baseline(kind) => kind.seed(),
                other => panic!("{other:?}"),
            };
            // That of all its candidates.
            let seeds = candidates.into_iter().map(|c| seed_of(c.settings.unwrap()));
            let mut seeds: Vec<u64> = seeds.collect();
            seeds.dedup();
            assert_eq!(seeds.len(), 1, "{name}");
            seeds[0]
        };
        BaselineKind::NAMES.iter().map(of_name).collect::<Vec<_>>()
    };
    assert_eq!(seeds(3), seeds(3));
    let mut all = [seeds(3), seeds(4)].concat();
    let n = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!((n, all.len()), (2 * BaselineKind::NAMES.len(), n));
}
