//! Many methods at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use fuzzysvm_core::{Classifier, Label, Samples};
use fuzzysvm_evaluation::Score;
use fuzzysvm_kernels::{Gamma, Rbf};
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::Svc;
use fuzzysvm_svm::tuning::{Cell, GridSearch, GridTable, TuningFold};
use serde::{Deserialize, Serialize};

use super::learners;
use crate::method::{MethodSettings, Preliminary};
use crate::search_space::{shared_search, weights_onto};
use crate::{
    AnyLearner, Candidate, CandidateWeights, EncodedFold, Estimator, EstimatorError, Method,
    SearchSpace,
};

/// The grid that the support vector machines of an experiment share: RBF kernels over C and γ.
#[derive(Debug, Clone, PartialEq)]
pub struct SvmGrid {
    /// Values of C.
    pub c: Vec<f64>,
    /// Values of γ.
    pub gamma: Vec<f64>,
    /// The solver; its `cache_size` is the memory of the whole search, see [`GridSearch`].
    pub solver: Smo,
}

/// What tuning chose for a method.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Chosen {
    /// C; `None` for a method that is not an SVM.
    pub c: Option<f64>,
    /// γ of the RBF kernel; `None` for a method that is not an SVM.
    pub gamma: Option<f64>,
    /// Number of neighbors, for the methods that tune it.
    pub k: Option<usize>,
    /// What else was chosen, in words; `None`, and absent in files, where there was nothing else to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// Mean balanced accuracy over the inner folds; `None` where there was no choice to make.
    pub cv_score: Option<f64>,
}

/// A method with its parameters chosen, ready to be fitted on all training samples.
#[derive(Clone)]
pub struct TunedMethod {
    title: String,
    chosen: Chosen,
    k_scores: Vec<(usize, f64)>,
    choice: Choice,
}

#[derive(Clone)]
enum Choice {
    Svm {
        svc: Svc<Rbf>,
        weights: Vec<f64>,
        settings: Option<MethodSettings>,
    },
    Learner {
        candidate: Candidate<Arc<dyn AnyLearner>>,
        sample_weight: Option<Vec<f64>>,
    },
}

/// A fitted method.
#[non_exhaustive]
pub struct FittedMethod {
    /// Scores new rows.
    pub classifier: Box<dyn Classifier>,
    /// Support vectors; `None` for a method that is not an SVM.
    pub n_support: Option<usize>,
    /// Whether the solver reached its tolerance.
    pub converged: bool,
}

impl TunedMethod {
    /// What was chosen.
    pub fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// The numbers of neighbors that were tried, in order, each with the best mean balanced accuracy over the inner
    /// folds that any other parameter reached with it; empty for a method that tunes no such number.
    pub fn k_scores(&self) -> &[(usize, f64)] {
        &self.k_scores
    }

    /// The weights of the training samples; `None` for a method that is not an SVM.
    pub fn weights(&self) -> Option<&[f64]> {
        match &self.choice {
            Choice::Svm { weights, .. } => Some(weights),
            Choice::Learner { .. } => None,
        }
    }

    /// An estimator of these settings, by which the method is fitted to data and kept with all that a file needs;
    /// `None` for a method of the caller's own. A membership that takes a first model gets it beside the parameters chosen,
    /// not at their defaults as in tuning.
    pub fn estimator(&self, seed: u64) -> Option<Estimator> {
        match &self.choice {
            Choice::Svm { svc, settings, .. } => {
                let mut estimator = Estimator::new(settings.clone()?);
                estimator.seed = seed;
                estimator.svm.c = svc.c;
                estimator.svm.kernel.gamma = Gamma::Value(svc.kernel.gamma);
                estimator.svm.solver.tol = svc.solver.tol;
                Some(estimator)
            }
            Choice::Learner { candidate, .. } => {
                let mut estimator = Estimator::new(candidate.settings.clone()?);
                // A baseline draws from the stream that it was tuned with.
                estimator.seed = seed;
                Some(estimator)
            }
        }
    }

    /// Fits the method on the samples that it was tuned on.
    ///
    /// # Errors
    /// [`EstimatorError`]: the fit is impossible.
    pub fn fit(&self, train: Samples<'_>) -> Result<FittedMethod, EstimatorError> {
        self.fit_weighted(train, &|weights| weights.to_vec())
    }

    /// Fits the method on some `rows` of the samples that it was tuned on, with the parameters and the weights chosen for
    /// all of them: for scores of samples that a fit has not seen.
    ///
    /// # Errors
    /// [`EstimatorError`]: the fit is impossible.
    pub fn fit_rows(
        &self,
        train: Samples<'_>,
        rows: &[usize],
    ) -> Result<FittedMethod, EstimatorError> {
        let x = train.x().select_rows(rows);
        let y: Vec<Label> = rows.iter().map(|&i| train.y()[i]).collect();
        let of_rows = |weights: &[f64]| rows.iter().map(|&i| weights[i]).collect();
        self.fit_weighted(Samples::new(x.view(), &y)?, &of_rows)
    }

    /// Fits on samples that a selection of the weights of all is of.
    fn fit_weighted(
        &self,
        train: Samples<'_>,
        select: &dyn Fn(&[f64]) -> Vec<f64>,
    ) -> Result<FittedMethod, EstimatorError> {
        use fuzzysvm_core::Learner as _;
        match &self.choice {
            Choice::Svm { svc, weights, .. } => {
                let model = svc.fit(train, Some(&select(weights)))?;
                Ok(FittedMethod {
                    n_support: Some(model.support.len()),
                    converged: model.info.status == Status::Converged,
                    classifier: Box::new(model),
                })
            }
            Choice::Learner {
                candidate,
                sample_weight,
            } => {
                let weights = sample_weight.as_deref().map(select);
                Ok(FittedMethod {
                    classifier: learners::fit(&self.title, candidate, train, weights.as_deref())?,
                    n_support: None,
                    converged: true,
                })
            }
        }
    }
}

/// Chooses the parameters of every method by mean balanced accuracy over the folds; of equally good ones the first, γ
/// outermost, then C, then the method's candidates. Returns one result per method, in their order; the weights that
/// come with a choice are those of `train`.
///
/// One search serves all support vector machines: they share the Gram matrices and differ in the weights. A preliminary
/// SVM has default settings.
///
/// # Errors
/// [`EstimatorError`] for the first thing that cannot be computed, and for a method without candidates.
pub fn tune(
    methods: &[(Method, SearchSpace)],
    feature_names: &[String],
    train: Samples<'_>,
    folds: &[EncodedFold],
    grid: &SvmGrid,
) -> Result<Vec<TunedMethod>, EstimatorError> {
    tune_with(methods, feature_names, (train, None), folds, grid, &|_| {})
}

/// As [`tune`], of samples with weights, onto which memberships are multiplied; the folds bring their own. `on_tuned` is
/// handed the place of every method as its parameters are chosen, those of all support vector machines together.
///
/// # Errors
/// As [`tune`].
pub fn tune_with(
    methods: &[(Method, SearchSpace)],
    feature_names: &[String],
    (train, sample_weight): (Samples<'_>, Option<&[f64]>),
    folds: &[EncodedFold],
    grid: &SvmGrid,
    on_tuned: &(dyn Fn(usize) + Sync),
) -> Result<Vec<TunedMethod>, EstimatorError> {
    for (method, space) in methods {
        if space.is_empty() {
            let e = EstimatorError::unexpected("no candidates to choose from", "at least one");
            return Err(e.of_method(method.title(), ""));
        }
    }
    let table = search_svms(methods, folds, grid)?;
    for (place, (_, space)) in methods.iter().enumerate() {
        if matches!(space, SearchSpace::Memberships(_)) {
            on_tuned(place);
        }
    }
    let search = shared_search(svms(methods).flat_map(|(_, candidates)| candidates));
    let mut first = 0;
    methods
        .iter()
        .enumerate()
        .map(|(place, (method, space))| match space {
            SearchSpace::Learners(candidates) => {
                let tuned = tune_learner(method, candidates, sample_weight, folds)?;
                on_tuned(place);
                Ok(tuned)
            }
            SearchSpace::Memberships(candidates) => {
                let last = first + candidates.len();
                let best = table.as_ref().and_then(|t| best_among(t, first..last));
                let best = best.ok_or_else(|| {
                    EstimatorError::unexpected("an empty grid", "at least one C and γ")
                });
                let of_train = weights_onto(
                    sample_weight,
                    candidates,
                    feature_names,
                    train,
                    Preliminary::Default,
                    &search,
                )
                .map_err(|e| e.of_method(method.title(), ""))?;
                let mut tuned = tuned_svm(method, candidates, of_train, best?, first, grid);
                tuned.k_scores = k_scores(table.as_ref(), candidates, first);
                first = last;
                Ok(tuned)
            }
        })
        .collect()
}

fn tuned_svm(
    method: &Method,
    candidates: &[Candidate<CandidateWeights>],
    mut weights: Vec<Vec<f64>>,
    best: &Cell,
    first: usize,
    grid: &SvmGrid,
) -> TunedMethod {
    let at = best.candidate - first;
    let candidate = &candidates[at];
    // The RBF kernel has a γ.
    let gamma = best.gamma.unwrap_or(f64::NAN);
    let mut svc = Svc::rbf(best.c, gamma);
    svc.solver.tol = grid.solver.tol;
    TunedMethod {
        title: method.title().to_owned(),
        chosen: Chosen {
            c: Some(best.c),
            gamma: Some(gamma),
            k: candidate.k,
            setting: in_words(&candidate.label),
            cv_score: Some(best.score),
        },
        k_scores: Vec::new(),
        choice: Choice::Svm {
            svc,
            weights: weights.swap_remove(at),
            settings: candidate.settings.clone(),
        },
    }
}

/// The support vector machines among methods, with their candidates.
fn svms(
    methods: &[(Method, SearchSpace)],
) -> impl Iterator<Item = (&Method, &Vec<Candidate<CandidateWeights>>)> {
    methods.iter().filter_map(|(method, space)| match space {
        SearchSpace::Memberships(candidates) => Some((method, candidates)),
        SearchSpace::Learners(_) => None,
    })
}

/// Every candidate of every support vector machine over the grid; `None` where there is none.
fn search_svms(
    methods: &[(Method, SearchSpace)],
    folds: &[EncodedFold],
    grid: &SvmGrid,
) -> Result<Option<GridTable>, EstimatorError> {
    let svms: Vec<_> = svms(methods).collect();
    if svms.is_empty() {
        return Ok(None);
    }
    let mut tuning_folds = Vec::with_capacity(folds.len());
    for (number, fold) in folds.iter().enumerate() {
        let names = fold.preprocessing.feature_names();
        let search = shared_search(svms.iter().flat_map(|(_, candidates)| *candidates));
        let mut all = Vec::new();
        for (method, candidates) in &svms {
            let of_method = weights_onto(
                fold.sample_weight.as_deref(),
                candidates,
                &names,
                fold.train()?,
                Preliminary::Default,
                &search,
            )
            .map_err(|e| e.in_inner_fold(method.title(), number))?;
            all.extend(of_method);
        }
        tuning_folds.push(TuningFold {
            x_train: fold.x_train.view(),
            y_train: &fold.y_train,
            x_valid: fold.x_valid.view(),
            y_valid: &fold.y_valid,
            candidates: all,
        });
    }
    let search = GridSearch {
        c: grid.c.clone(),
        gamma: grid.gamma.clone(),
        solver: grid.solver.clone(),
        ..GridSearch::default()
    };
    let score = |truth: &[Label], predicted: &[Label]| {
        // Every validation part holds both classes, so the score is defined.
        Score::BalancedAccuracy
            .of(truth, predicted)
            .unwrap_or(f64::NAN)
    };
    Ok(Some(search.run(&tuning_folds, &score)?))
}

fn in_words(label: &str) -> Option<String> {
    (!label.is_empty()).then(|| label.to_owned())
}

/// The first best cell of a range of candidates, in the order of the table.
fn best_among(table: &GridTable, candidates: Range<usize>) -> Option<&Cell> {
    let ours = table
        .cells
        .iter()
        .filter(|cell| candidates.contains(&cell.candidate));
    ours.reduce(|best, cell| if cell.score > best.score { cell } else { best })
}

/// For every number of neighbors among the candidates, the best score of any cell with it.
fn k_scores(
    table: Option<&GridTable>,
    candidates: &[Candidate<CandidateWeights>],
    first: usize,
) -> Vec<(usize, f64)> {
    let mut best: BTreeMap<usize, f64> = BTreeMap::new();
    for cell in table.into_iter().flat_map(|t| &t.cells) {
        let at = cell.candidate.checked_sub(first);
        if let Some(k) = at.and_then(|at| candidates.get(at)).and_then(|c| c.k) {
            let score = best.entry(k).or_insert(cell.score);
            *score = score.max(cell.score);
        }
    }
    best.into_iter().collect()
}

/// The first best candidate; one alone is taken as it is.
fn tune_learner(
    method: &Method,
    candidates: &[Candidate<Arc<dyn AnyLearner>>],
    sample_weight: Option<&[f64]>,
    folds: &[EncodedFold],
) -> Result<TunedMethod, EstimatorError> {
    let with = |candidate: &Candidate<Arc<dyn AnyLearner>>, cv_score| TunedMethod {
        title: method.title().to_owned(),
        chosen: Chosen {
            c: None,
            gamma: None,
            k: candidate.k,
            setting: in_words(&candidate.label),
            cv_score,
        },
        k_scores: Vec::new(),
        choice: Choice::Learner {
            candidate: candidate.clone(),
            sample_weight: sample_weight.map(<[f64]>::to_vec),
        },
    };
    if let [only] = candidates {
        return Ok(with(only, None));
    }
    let title = method.title();
    let scores = learners::score(title, candidates, folds, Score::BalancedAccuracy, &|| {})?;
    let means = scores
        .iter()
        .map(|of_folds| of_folds.iter().sum::<f64>() / of_folds.len() as f64);
    candidates
        .iter()
        .zip(means)
        .reduce(|best, one| if one.1 > best.1 { one } else { best })
        .map(|(candidate, score)| with(candidate, Some(score)))
        .ok_or_else(|| EstimatorError::unexpected("no candidates", "at least one"))
}
