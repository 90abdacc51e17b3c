//! The peers that the fuzzy SVMs are compared with: what each is tuned over, and the tuning.

use fuzzysvm_baselines::{
    BaselineKind, CsAdaBoost, CsRandomForest, CsXgBoost, EasyEnsemble, RusBoost, WElm,
};
use fuzzysvm_core::{Classifier, Label, Learner};
use fuzzysvm_evaluation::Score;

use super::trial::FoldParts;
use super::{Chosen, LendError, LendSettings, MethodKind};

/// The small grid that every peer is tuned over: rounds for the boosted ones, leaf sizes for the forest, units
/// and C for w-ELM, depth for gradient boosting.
pub(super) fn default_grid() -> Vec<BaselineKind> {
    let rounds = [10, 50];
    let mut grid = Vec::new();
    grid.extend(rounds.map(|n_estimators| {
        BaselineKind::from(CsAdaBoost {
            n_estimators,
            ..CsAdaBoost::default()
        })
    }));
    grid.extend([1, 10, 40].map(|min_samples_leaf| {
        let mut forest = CsRandomForest::default();
        forest.tree.min_samples_leaf = min_samples_leaf;
        BaselineKind::from(forest)
    }));
    grid.extend(rounds.map(|n_estimators| {
        BaselineKind::from(EasyEnsemble {
            n_estimators,
            ..EasyEnsemble::default()
        })
    }));
    grid.extend(rounds.map(|n_estimators| {
        BaselineKind::from(RusBoost {
            n_estimators,
            ..RusBoost::default()
        })
    }));
    for n_hidden in [50, 200] {
        grid.extend([4, 8, 12].map(|exponent| {
            BaselineKind::from(WElm {
                n_hidden,
                c: 2f64.powi(exponent),
                ..WElm::default()
            })
        }));
    }
    grid.extend([1, 2, 4].map(|max_depth| {
        BaselineKind::from(CsXgBoost {
            n_estimators: 50,
            learning_rate: 0.1,
            max_depth,
            ..CsXgBoost::default()
        })
    }));
    grid
}

/// What a peer is tuned over, with its place in the settings.
pub(super) fn candidates(
    settings: &LendSettings,
    method: MethodKind,
) -> impl Iterator<Item = (usize, &BaselineKind)> {
    let all = settings.peers.iter().enumerate();
    all.filter(move |(_, kind)| kind.name() == method.id())
}

/// The setting with the best mean balanced accuracy over the folds, the first of equal ones.
pub(super) fn tune(
    settings: &LendSettings,
    method: MethodKind,
    folds: &[FoldParts],
    seed: u64,
) -> Result<Option<(Chosen, BaselineKind)>, LendError> {
    let mut best: Option<(Chosen, BaselineKind)> = None;
    for (place, kind) in candidates(settings, method) {
        let learner = kind.clone().with_seed(seed);
        let mut sum = 0.0;
        for fold in folds {
            let model = learner.fit(fold.train.samples()?, None)?;
            let scores = model.decision_function(fold.valid.x.view())?;
            let predicted: Vec<Label> = scores.into_iter().map(Label::from_sign).collect();
            // Every validation part holds both classes, so the score is defined.
            sum += Score::BalancedAccuracy
                .of(&fold.valid.y, &predicted)
                .unwrap_or(f64::NAN);
        }
        let cv_score = sum / folds.len() as f64;
        if best.as_ref().is_none_or(|(b, _)| cv_score > b.cv_score) {
            let chosen = Chosen {
                c: None,
                gamma: None,
                k: None,
                peer: Some(place),
                cv_score,
            };
            best = Some((chosen, learner));
        }
    }
    Ok(best)
}
