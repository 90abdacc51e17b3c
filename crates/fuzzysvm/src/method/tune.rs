//! Choosing the settings of many methods at once, and fitting what was chosen.

use std::ops::Range;

use fuzzysvm_core::{Classifier, Label, Learner, MatrixBuf, Samples};
use fuzzysvm_evaluation::Score;
use fuzzysvm_kernels::Rbf;
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::Svc;
use fuzzysvm_svm::tuning::{Cell, GridSearch, GridTable, TuningFold};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::way::Candidate;
use super::{LearnerSetting, Method, MethodError, Way};

/// The grid that the support vector classifiers share.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Values of C.
    pub c: Vec<f64>,
    /// Values of γ of the RBF kernel.
    pub gamma: Vec<f64>,
    /// The solver; its `cache_size` is the memory of the whole search, see [`GridSearch`].
    pub solver: Smo,
}

/// One inner fold, encoded by its own training part.
#[derive(Debug, Clone)]
pub struct EncodedFold {
    /// Rows to train on.
    pub x_train: MatrixBuf,
    /// Their labels.
    pub y_train: Vec<Label>,
    /// Rows to judge on.
    pub x_valid: MatrixBuf,
    /// Their labels, both classes.
    pub y_valid: Vec<Label>,
}

impl EncodedFold {
    fn train(&self) -> Result<Samples<'_>, MethodError> {
        Ok(Samples::new(self.x_train.view(), &self.y_train)?)
    }
}

/// What tuning chose for a method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// C; `None` for a learner of its own.
    pub c: Option<f64>,
    /// γ of the RBF kernel; `None` for a learner of its own.
    pub gamma: Option<f64>,
    /// Number of neighbours, for the methods that tune it.
    pub k: Option<usize>,
    /// What else was chosen, in words; `None`, and absent in files, where there was nothing else to
    /// choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// Mean balanced accuracy over the inner folds; `None` where there was no choice to make.
    pub cv_score: Option<f64>,
}

/// A method with its settings chosen, ready to be fitted on all training samples.
pub struct Tuned<'a> {
    /// What was chosen.
    pub chosen: Chosen,
    model: Model<'a>,
}

enum Model<'a> {
    Svm {
        svc: Svc<Rbf>,
        weights: Vec<f64>,
    },
    Learner {
        method: &'static str,
        setting: &'a LearnerSetting,
    },
}

/// A fitted method.
pub struct Fitted {
    /// Scores new rows.
    pub classifier: Box<dyn Classifier>,
    /// Support vectors; `None` for a learner of its own.
    pub n_support: Option<usize>,
    /// Whether the solver reached its tolerance.
    pub converged: bool,
}

impl Tuned<'_> {
    /// The weights of the training samples; `None` for a learner of its own.
    pub fn weights(&self) -> Option<&[f64]> {
        match &self.model {
            Model::Svm { weights, .. } => Some(weights),
            Model::Learner { .. } => None,
        }
    }

    /// Fits the method on the samples that it was tuned on.
    ///
    /// # Errors
    /// [`MethodError`]: the fit is impossible.
    pub fn fit(&self, train: Samples<'_>) -> Result<Fitted, MethodError> {
        match &self.model {
            Model::Svm { svc, weights } => {
                let model = svc.fit(train, Some(weights))?;
                Ok(Fitted {
                    n_support: Some(model.support.len()),
                    converged: model.info.status == Status::Converged,
                    classifier: Box::new(model),
                })
            }
            Model::Learner { method, setting } => Ok(Fitted {
                classifier: fit_learner(method, setting, train)?,
                n_support: None,
                converged: true,
            }),
        }
    }
}

/// Chooses the settings of every method by mean balanced accuracy over the inner folds; of equally
/// good ones the first, γ outermost, then C, then the method's own settings. The weights returned with
/// a choice are those of `train`.
///
/// One search serves all support vector classifiers: they share the Gram matrices and differ in the
/// weights.
///
/// # Errors
/// [`MethodError`] for the first thing that cannot be computed.
pub fn tune<'a>(
    methods: &'a [Method],
    train: Samples<'_>,
    folds: &[EncodedFold],
    search: &Search,
) -> Result<Vec<Tuned<'a>>, MethodError> {
    let table = search_svms(methods, folds, search)?;
    let mut tuned = Vec::with_capacity(methods.len());
    let mut first = 0;
    for method in methods {
        let last = first + method.way.n_candidates();
        if let Way::Learners(settings) = &method.way {
            tuned.extend(tune_learner(method.title, settings, folds)?);
        } else if let Some(best) = table.as_ref().and_then(|t| best_among(t, first..last)) {
            let mut candidates = candidates(method, train, None)?;
            let candidate = candidates.swap_remove(best.candidate - first);
            // The RBF kernel has a γ.
            let gamma = best.gamma.unwrap_or(f64::NAN);
            let mut svc = Svc::rbf(best.c, gamma);
            svc.solver.tol = search.solver.tol;
            tuned.push(Tuned {
                chosen: Chosen {
                    c: Some(best.c),
                    gamma: Some(gamma),
                    k: candidate.k,
                    setting: in_words(candidate.setting),
                    cv_score: Some(best.score),
                },
                model: Model::Svm {
                    svc,
                    weights: candidate.weights,
                },
            });
        }
        first = last;
    }
    Ok(tuned)
}

/// Every candidate of every support vector classifier over the grid; `None` where there is none.
fn search_svms(
    methods: &[Method],
    folds: &[EncodedFold],
    search: &Search,
) -> Result<Option<GridTable>, MethodError> {
    if methods.iter().all(|m| m.way.n_candidates() == 0) {
        return Ok(None);
    }
    let tuning_folds = folds
        .iter()
        .enumerate()
        .map(|(number, fold)| {
            let mut all = Vec::new();
            for method in methods {
                let of_method = candidates(method, fold.train()?, Some(number))?;
                all.extend(of_method.into_iter().map(|c| c.weights));
            }
            Ok(TuningFold {
                x_train: fold.x_train.view(),
                y_train: &fold.y_train,
                x_valid: fold.x_valid.view(),
                y_valid: &fold.y_valid,
                candidates: all,
            })
        })
        .collect::<Result<Vec<_>, MethodError>>()?;
    let grid = GridSearch {
        c: search.c.clone(),
        gamma: search.gamma.clone(),
        solver: search.solver.clone(),
        ..GridSearch::default()
    };
    let score = |truth: &[Label], predicted: &[Label]| {
        // Every validation part holds both classes, so the score is defined.
        Score::BalancedAccuracy
            .of(truth, predicted)
            .unwrap_or(f64::NAN)
    };
    Ok(Some(grid.run(&tuning_folds, &score)?))
}

fn in_words(setting: &str) -> Option<String> {
    (!setting.is_empty()).then(|| setting.to_owned())
}

fn candidates<'a>(
    method: &'a Method,
    train: Samples<'_>,
    fold: Option<usize>,
) -> Result<Vec<Candidate<'a>>, MethodError> {
    method
        .way
        .candidates(train)
        .map_err(|source| MethodError::Membership {
            method: method.title,
            fold,
            source,
        })
}

/// The first best cell of a range of candidates, in the order of the table.
fn best_among(table: &GridTable, candidates: Range<usize>) -> Option<&Cell> {
    let ours = table
        .cells
        .iter()
        .filter(|cell| candidates.contains(&cell.candidate));
    ours.reduce(|best, cell| if cell.score > best.score { cell } else { best })
}

/// The first best setting of a learner; one alone is taken as it is.
fn tune_learner<'a>(
    method: &'static str,
    settings: &'a [LearnerSetting],
    folds: &[EncodedFold],
) -> Result<Option<Tuned<'a>>, MethodError> {
    let with = |setting: &'a LearnerSetting, cv_score| Tuned {
        chosen: Chosen {
            c: None,
            gamma: None,
            k: None,
            setting: in_words(&setting.setting),
            cv_score,
        },
        model: Model::Learner { method, setting },
    };
    if let [only] = settings {
        return Ok(Some(with(only, None)));
    }
    let scores = score_learners(method, settings, folds, Score::BalancedAccuracy, &|| {})?;
    let means = scores
        .iter()
        .map(|of_folds| of_folds.iter().sum::<f64>() / of_folds.len() as f64);
    let best = settings
        .iter()
        .zip(means)
        .reduce(|best, one| if one.1 > best.1 { one } else { best });
    Ok(best.map(|(setting, score)| with(setting, Some(score))))
}

/// The score of a learner of its own in every setting on every fold, one list a setting. `done` is called after
/// every fit.
///
/// # Errors
/// [`MethodError`]: a fit or a score is impossible.
pub fn score_learners(
    method: &'static str,
    settings: &[LearnerSetting],
    folds: &[EncodedFold],
    score: Score,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Vec<f64>>, MethodError> {
    let jobs: Vec<(usize, usize)> = (0..settings.len())
        .flat_map(|s| (0..folds.len()).map(move |f| (s, f)))
        .collect();
    let scores = jobs
        .par_iter()
        .with_max_len(1)
        .map(|&(s, f)| {
            let fold = &folds[f];
            let model = fit_learner(method, &settings[s], fold.train()?)?;
            let predicted = model.predict(fold.x_valid.view())?;
            done();
            Ok(score.of(&fold.y_valid, &predicted)?)
        })
        .collect::<Result<Vec<f64>, MethodError>>()?;
    Ok(scores
        .chunks(folds.len().max(1))
        .map(<[f64]>::to_vec)
        .collect())
}

fn fit_learner(
    method: &'static str,
    setting: &LearnerSetting,
    train: Samples<'_>,
) -> Result<Box<dyn Classifier>, MethodError> {
    setting
        .learner
        .fit_any(train)
        .map_err(|source| MethodError::Learner {
            method,
            setting: setting.setting.clone(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use fuzzysvm_core::{Matrix, PredictError, SamplesError};
    use fuzzysvm_membership::{Efsvm, MembershipError, Uniform};

    use super::*;
    use crate::method::MembershipSetting;

    /// Scores by the first feature, turned round where asked; refuses to learn where `broken`.
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

    fn axes(signs: &[f64], broken: bool) -> Method {
        let settings = signs.iter().map(|&sign| LearnerSetting {
            setting: format!("sign={sign}"),
            learner: Box::new(Axis { sign, broken }),
        });
        Method {
            title: "axis",
            way: Way::Learners(settings.collect()),
        }
    }

    /// Two folds of one feature whose sign is the class.
    fn folds() -> Vec<EncodedFold> {
        let part = |shift: f64| {
            let data: Vec<f64> = (0..8).map(|i| f64::from(i) - 5.5 + shift).collect();
            let y = data.iter().map(|&v| Label::from_sign(v)).collect();
            (MatrixBuf::new(data, 1).unwrap(), y)
        };
        let fold = |a: f64, b: f64| {
            let ((x_train, y_train), (x_valid, y_valid)) = (part(a), part(b));
            EncodedFold {
                x_train,
                y_train,
                x_valid,
                y_valid,
            }
        };
        vec![fold(0.0, 0.2), fold(0.2, 0.0)]
    }

    fn search() -> Search {
        Search {
            c: vec![1.0, 10.0],
            gamma: vec![0.1, 1.0],
            solver: Smo::default(),
        }
    }

    #[test]
    fn learners_of_their_own_stand_beside_the_search_and_choose_by_the_same_score() {
        let folds = folds();
        let train = folds[0].train().unwrap();
        let svm = |title| Method {
            title,
            way: Way::membership(Uniform::default()),
        };
        let methods = [
            svm("first"),
            axes(&[-1.0, 1.0, 2.0], false),
            axes(&[3.0], false),
            svm("last"),
        ];
        let tuned = tune(&methods, train, &folds, &search()).unwrap();
        let chosen: Vec<_> = tuned.iter().map(|t| &t.chosen).collect();
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
        let with_k = |n_neighbors| MembershipSetting {
            setting: format!("k={n_neighbors}"),
            membership: Box::new(Efsvm {
                n_neighbors,
                ..Efsvm::default()
            }),
        };
        let methods = [Method {
            title: "two",
            way: Way::Memberships(vec![with_k(1), with_k(3)]),
        }];
        let tuned = tune(&methods, folds[0].train().unwrap(), &folds, &search()).unwrap();
        let setting = tuned[0].chosen.setting.as_deref();
        assert!(setting.is_some_and(|s| s.starts_with("k=")));
    }

    #[test]
    fn failures_name_the_method_and_the_inner_fold() {
        let folds = folds();
        let train = folds[0].train().unwrap();
        let large_k = [Method {
            title: "EFSVM",
            way: Way::Efsvm(vec![1, 9]),
        }];
        let error = tune(&large_k, train, &folds, &search()).err().unwrap();
        assert_eq!(
            error.to_string(),
            "EFSVM, inner fold 1: 9 neighbours need at least 10 points, but there are 8"
        );
        assert!(matches!(
            error,
            MethodError::Membership {
                fold: Some(0),
                source: MembershipError::Neighbor(_),
                ..
            }
        ));
        let broken = [axes(&[1.0, 2.0], true)];
        let error = tune(&broken, train, &folds, &search()).err().unwrap();
        assert_eq!(error.to_string(), "axis (sign=1): there are no samples");
    }
}
