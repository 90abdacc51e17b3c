//! One method, every score.

use fuzzysvm_core::{ClassCounts, Label, ParamError, Samples, math};
use fuzzysvm_evaluation::{Fold, Score};
use fuzzysvm_kernels::Gamma;
use fuzzysvm_svm::tuning::continuous::{ContinuousSearch, Method as Optimizer};
use fuzzysvm_svm::tuning::{
    ApproxGridSearch, GridSearch, GridTable, HalvingRound, HalvingSearch, TuningFold,
};

use super::found::{Found, Tried, of_learners, of_rounds};
use super::learners;
use crate::cost::{exact_fit_seconds, share_in_grid};
use crate::method::{MethodSettings, Preliminary};
use crate::search_space::{shared_search, weights_onto};
use crate::{
    Candidate, CandidateWeights, CrossValidation, Data, EncodedFold, Estimator, EstimatorError,
    KernelName, Preprocessing, SearchSpace, SvmSpec, Warning,
};

/// How C and γ are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Strategy {
    /// Every combination; the default.
    #[default]
    Grid,
    /// Every combination on few rows, and the better ones on more: [`HalvingSearch`].
    Halving,
    /// A simplex over log C and log γ between the least and the greatest value.
    NelderMead,
    /// A particle swarm over log C and log γ between the least and the greatest value.
    ParticleSwarm,
}

/// Particles of the swarm.
const PARTICLES: usize = 10;

/// A search over the candidates of one method and, for a support vector machine, over C and γ.
///
/// ```
/// use fuzzysvm_core::{Label, MatrixBuf};
/// use fuzzysvm_estimator::method::{SpaceOptions, baseline_grid};
/// use fuzzysvm_estimator::tuning::Search;
/// use fuzzysvm_estimator::{CrossValidation, Data, Method};
///
/// let x: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 60)).collect();
/// let y = x.iter().map(|&v| Label::from_sign(v - 44.5)).collect();
/// let data = Data::from_matrix(MatrixBuf::new(x, 1)?, y)?;
/// let options = SpaceOptions { ks: vec![1, 3, 5], baselines: baseline_grid(), seed: 1 };
/// let search = Search::new(Method::named("efsvm")?.search_space(&options)?)
///     .with_c(vec![1.0, 10.0])
///     .with_gamma(vec![0.1, 1.0]);
/// let cv = CrossValidation { folds: 3, scale: Default::default(), seed: 1 };
/// let found = search.run(&data, &cv, &|_| {}, &|| {})?;
/// assert_eq!(found.tried.len(), 3 * 2 * 2);
/// assert!(found.best().score > 0.8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Search {
    /// What errors call the method; default empty.
    pub method: String,
    /// The candidates.
    pub space: SearchSpace,
    /// The machine whose C and γ are replaced.
    pub svm: SvmSpec,
    /// Values of C; `None` takes 2^−2, 2^0, …, 2^6.
    pub c: Option<Vec<f64>>,
    /// Values of γ; `None` takes 2^−8, 2^−6, …, 2^0.
    pub gamma: Option<Vec<f64>>,
    /// How C and γ are looked for; default the grid.
    pub strategy: Strategy,
    /// Points that the searches between the grid points try; `None` takes 40.
    pub evaluations: Option<usize>,
    /// What is maximized; default balanced accuracy.
    pub score: Score,
    /// Seed of a swarm, of an approximation and of the rows of halving; default 1.
    pub seed: u64,
}

impl Search {
    /// A search with default settings.
    pub fn new(space: SearchSpace) -> Self {
        Self {
            method: String::new(),
            space,
            svm: SvmSpec::default(),
            c: None,
            gamma: None,
            strategy: Strategy::Grid,
            evaluations: None,
            score: Score::BalancedAccuracy,
            seed: 1,
        }
    }

    /// Seconds that the exact fits of the search take, as roughly as
    /// [`Estimator::expected_seconds`](crate::Estimator::expected_seconds); 0 for a method that is no
    /// SVM.
    #[must_use]
    pub fn expected_seconds(
        &self,
        n_samples: usize,
        n_features: usize,
        folds: usize,
        threads: usize,
    ) -> f64 {
        let SearchSpace::Memberships(candidates) = &self.space else {
            return 0.0;
        };
        let default = GridSearch::default();
        let cs = self.c.as_ref().unwrap_or(&default.c);
        let n_gammas = match self.svm.kernel.name.has_gamma() {
            true => self.gamma.as_ref().unwrap_or(&default.gamma).len(),
            false => 1,
        };
        let n = n_samples - n_samples / folds.max(1);
        // Of one candidate at all C, each grown by this ratio, on so many rows.
        let of_all = |n: usize, ratio: f64| -> f64 {
            let of_c = cs.iter().map(|&c| {
                let svm = SvmSpec {
                    c: c * ratio,
                    ..self.svm.clone()
                };
                exact_fit_seconds(&svm, n, n_features, threads)
            });
            of_c.sum()
        };
        let n_cells = cs.len() * n_gammas * candidates.len();
        let times = folds as f64 * candidates.len() as f64;
        match self.strategy {
            Strategy::Grid => of_all(n, 1.0) * n_gammas as f64 * times * share_in_grid(n),
            Strategy::Halving => {
                // Which rows are of which class is not known yet.
                let classes = ClassCounts {
                    positive: n / 2,
                    negative: n - n / 2,
                };
                let rounds = HalvingSearch::default().rounds_of(n_cells, &[classes]);
                let of_round = |round: &HalvingRound| {
                    let rows = round.mean_rows();
                    let of_cell =
                        of_all(rows, n as f64 / rows.max(1) as f64) / cs.len().max(1) as f64;
                    of_cell * round.cells as f64 * share_in_grid(rows)
                };
                folds as f64 * rounds.iter().map(of_round).sum::<f64>()
            }
            Strategy::NelderMead | Strategy::ParticleSwarm => {
                let points = ContinuousSearch::default().max_evaluations;
                let points = self.evaluations.unwrap_or(points) as f64;
                of_all(n, 1.0) / cs.len().max(1) as f64 * points * times
            }
        }
    }

    /// The same over these values of C.
    #[must_use]
    pub fn with_c(mut self, c: Vec<f64>) -> Self {
        self.c = Some(c);
        self
    }

    /// The same over these values of γ.
    #[must_use]
    pub fn with_gamma(mut self, gamma: Vec<f64>) -> Self {
        self.gamma = Some(gamma);
        self
    }

    /// Checks that the settings go together.
    ///
    /// # Errors
    /// [`ParamError`] for the first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        let SearchSpace::Memberships(candidates) = &self.space else {
            return Ok(());
        };
        self.svm.validate()?;
        for candidate in candidates {
            if let CandidateWeights::Weighting(weighting) = &candidate.value {
                weighting.validate()?;
                if weighting.needs_first_model() {
                    weighting.preliminary.beside(&self.svm).validate()?;
                }
            }
        }
        let name = self.svm.kernel.name;
        let rule = "must be another one: a Gram matrix cannot be tuned";
        ParamError::check(name != KernelName::Precomputed, "kernel", name, rule)?;
        let grid = self.strategy == Strategy::Grid;
        let exact = self.svm.approx.is_none();
        let rule = "must be grid for an approximation";
        ParamError::check(grid || exact, "search", self.strategy.name(), rule)?;
        if grid || self.strategy == Strategy::Halving {
            return Ok(());
        }
        for (name, values) in [("c", &self.c), ("gamma", &self.gamma)] {
            let Some(values) = values else { continue };
            let [least, most] = ends(values);
            let rule = "must have a least and a greatest value to search between";
            let shown: Vec<String> = values.iter().map(f64::to_string).collect();
            ParamError::check(least < most, name, shown.join(","), rule)?;
        }
        Ok(())
    }

    /// Fits and scores every point. `n_fits` is called with the number of fits, where that is known; `done` is
    /// called after every fit.
    ///
    /// # Errors
    /// [`EstimatorError`]: settings, or the first fold or candidate that cannot be used.
    pub fn run(
        &self,
        data: &Data,
        cv: &CrossValidation,
        n_fits: &dyn Fn(usize),
        done: &(dyn Fn() + Sync),
    ) -> Result<Found, EstimatorError> {
        self.validate()?;
        let folds = cv.encoded(data, None)?;
        self.run_folds(&folds, &data.class_names(), n_fits, done)
    }

    /// As [`Search::run`], of samples as they are and folds that are given: nothing is scaled or encoded. For callers
    /// who have matrices and do the rest themselves, as scikit-learn's pipelines do.
    ///
    /// A membership is multiplied onto `sample_weight` in the training part of a fold; its test part is scored without
    /// weights. Names of features and classes are for messages and for the parameter `time`.
    ///
    /// ```
    /// use fuzzysvm_core::{Label, Matrix, Samples};
    /// use fuzzysvm_estimator::tuning::Search;
    /// use fuzzysvm_estimator::{Estimator, SearchSpace};
    /// use fuzzysvm_evaluation::stratified_k_fold;
    ///
    /// let x: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 60)).collect();
    /// let y: Vec<Label> = x.iter().map(|&v| Label::from_sign(v - 44.5)).collect();
    /// let ks = ["1", "5"].map(str::to_owned).to_vec();
    /// let space = SearchSpace::of_grid(&Estimator::named("efsvm")?.method, &[("n_neighbors".to_owned(), ks)])?;
    /// let search = Search::new(space).with_c(vec![1.0, 10.0]).with_gamma(vec![0.01]);
    /// let (names, classes) = (["x".to_owned()], ["no".to_owned(), "yes".to_owned()]);
    /// let train = Samples::new(Matrix::new(&x, 1)?, &y)?;
    /// let found = search.run_samples(&names, &classes, train, None, &stratified_k_fold(&y, 3, 1)?)?;
    /// assert_eq!(found.tried.len(), 2 * 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`EstimatorError`]: settings, or the first fold or candidate that cannot be used; a test part in which the score
    /// is not defined is one.
    pub fn run_samples(
        &self,
        feature_names: &[String],
        class_names: &[String; 2],
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
        folds: &[Fold],
    ) -> Result<Found, EstimatorError> {
        self.validate()?;
        let as_they_are = Preprocessing::bare(
            train.n_features(),
            Some(feature_names.to_vec()),
            Some(class_names.clone()),
        )?;
        let encoded = |left: usize, fold: &Fold| -> Result<EncodedFold, EstimatorError> {
            let as_they_are = as_they_are.clone();
            let fold = EncodedFold::of_samples(left, as_they_are, train, sample_weight, fold)?;
            // Defined for the right predictions, it is for all.
            self.score.of(&fold.y_valid, &fold.y_valid)?;
            Ok(fold)
        };
        let encoded =
            |(number, fold)| encoded(folds.len() - number, fold).map_err(|e| e.in_fold(number));
        let folds = folds.iter().enumerate().map(encoded);
        let folds = folds.collect::<Result<Vec<_>, _>>()?;
        self.run_folds(&folds, class_names, &|_| {}, &|| {})
    }

    fn run_folds(
        &self,
        folds: &[EncodedFold],
        class_names: &[String; 2],
        n_fits: &dyn Fn(usize),
        done: &(dyn Fn() + Sync),
    ) -> Result<Found, EstimatorError> {
        match &self.space {
            SearchSpace::Learners(candidates) => {
                n_fits(candidates.len() * folds.len());
                let scores = learners::score(&self.method, candidates, folds, self.score, done)?;
                Ok(of_learners(scores))
            }
            SearchSpace::Memberships(candidates) => {
                self.svms(candidates, folds, class_names, n_fits, done)
            }
        }
    }

    /// The estimator that a point stands for: `base`, the settings that the candidates vary, with the parameters, C and γ
    /// of the point, and with the scaling of the cross-validation.
    ///
    /// ```
    /// use fuzzysvm_core::{Label, MatrixBuf};
    /// use fuzzysvm_estimator::tuning::Search;
    /// use fuzzysvm_estimator::{CrossValidation, Data, Estimator, SearchSpace};
    ///
    /// let x: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 60)).collect();
    /// let y = x.iter().map(|&v| Label::from_sign(v - 44.5)).collect();
    /// let data = Data::from_matrix(MatrixBuf::new(x, 1)?, y)?;
    /// let base = Estimator::named("efsvm")?.method;
    /// let ks = ["1", "5"].map(str::to_owned).to_vec();
    /// let space = SearchSpace::of_grid(&base, &[("n_neighbors".to_owned(), ks)])?;
    /// let search = Search::new(space).with_c(vec![1.0, 10.0]).with_gamma(vec![0.1, 1.0]);
    /// let cv = CrossValidation { folds: 3, scale: Default::default(), seed: 1 };
    /// let found = search.run(&data, &cv, &|_| {}, &|| {})?;
    /// let tuned = search.estimator(&base, found.best(), &cv)?;
    /// assert_eq!(Some(tuned.svm.c), found.best().c);
    /// let model = tuned.fit(&data, None)?;
    /// # assert!(model.info().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A point of another search, or a candidate that is no method of the registry.
    pub fn estimator(
        &self,
        base: &MethodSettings,
        point: &Tried,
        cv: &CrossValidation,
    ) -> Result<Estimator, EstimatorError> {
        let of_another =
            || EstimatorError::unexpected("a point of another search", "one of this search");
        let method = match &self.space {
            SearchSpace::Memberships(candidates) => {
                let candidate = candidates.get(point.candidate).ok_or_else(of_another)?;
                match &candidate.value {
                    CandidateWeights::Weighting(w) => MethodSettings::Membership((**w).clone()),
                    CandidateWeights::Own(_) => {
                        let found = "a membership of the caller's own";
                        return Err(EstimatorError::unexpected(found, "one of the registry"));
                    }
                }
            }
            SearchSpace::Learners(candidates) => {
                let candidate = candidates.get(point.candidate).ok_or_else(of_another)?;
                base.clone().with_params(&candidate.params)?
            }
        };
        let mut svm = self.svm.clone();
        if let Some(c) = point.c {
            svm.c = c;
        }
        if let Some(gamma) = point.gamma {
            svm.kernel.gamma = Gamma::Value(gamma);
        }
        Ok(Estimator::new(method)
            .with_svm(svm)
            .with_scale(Some(cv.scale))
            .with_seed(self.seed))
    }

    fn svms(
        &self,
        candidates: &[Candidate<CandidateWeights>],
        folds: &[EncodedFold],
        class_names: &[String; 2],
        n_fits: &dyn Fn(usize),
        done: &(dyn Fn() + Sync),
    ) -> Result<Found, EstimatorError> {
        let mut tuning_folds = Vec::with_capacity(folds.len());
        for (number, fold) in folds.iter().enumerate() {
            let names = fold.preprocessing.feature_names();
            let weights = weights_onto(
                fold.sample_weight.as_deref(),
                candidates,
                &names,
                fold.train()?,
                Preliminary::Beside(&self.svm, self.seed),
                &shared_search(candidates),
            );
            tuning_folds.push(TuningFold {
                candidates: weights.map_err(|e| e.in_fold(number))?,
                x_train: fold.x_train.view(),
                y_train: &fold.y_train,
                x_valid: fold.x_valid.view(),
                y_valid: &fold.y_valid,
            });
        }
        // Every fold has both classes in both parts, so the score is defined.
        let score = |truth: &[Label], predicted: &[Label]| {
            self.score.of(truth, predicted).unwrap_or(f64::NAN)
        };
        let warnings = |candidate: usize| {
            let of_fold = |fold: &TuningFold<'_>| {
                Warning::of_memberships(&fold.candidates[candidate], fold.y_train, class_names)
            };
            Warning::vanishing_once(tuning_folds.iter().flat_map(of_fold))
        };
        let grid = self.grid(&tuning_folds)?;
        match self.strategy {
            Strategy::Grid => {}
            Strategy::Halving => {
                let search = self.halving(grid);
                let rounds = search.rounds(&tuning_folds)?;
                n_fits(rounds.iter().map(HalvingRound::fits).sum());
                let found = search.run_with_progress(&tuning_folds, &score, done)?;
                return Ok(Found {
                    warnings: warnings(found.table.best().candidate),
                    best: found.table.best,
                    fits: found.table.fits,
                    unconverged: found.table.unconverged,
                    tried: of_rounds(found),
                });
            }
            Strategy::NelderMead | Strategy::ParticleSwarm => {
                let search = self.continuous(grid);
                let result = search.run(&tuning_folds, &score)?;
                return Ok(Found {
                    warnings: warnings(result.evaluations[result.best].candidate),
                    best: result.best,
                    fits: result.evaluations.len() * folds.len() * candidates.len(),
                    tried: result.evaluations.into_iter().map(Tried::from).collect(),
                    unconverged: 0,
                });
            }
        }
        let gammas = grid.kernel.gamma().map_or(1, |_| grid.gamma.len());
        n_fits(folds.len() * gammas * grid.c.len() * candidates.len());
        let table: GridTable = match self.svm.approx_svc(grid.kernel.clone(), self.seed) {
            None => grid.run_with_progress(&tuning_folds, &score, done)?,
            Some(svc) => ApproxGridSearch {
                svc,
                c: grid.c,
                gamma: grid.gamma,
            }
            .run_with_progress(&tuning_folds, &score, done)?,
        };
        Ok(Found {
            warnings: warnings(table.cells[table.best].candidate),
            best: table.best,
            fits: table.fits,
            unconverged: table.unconverged,
            tried: table.cells.into_iter().map(Tried::from).collect(),
        })
    }

    fn grid(&self, folds: &[TuningFold<'_>]) -> Result<GridSearch, EstimatorError> {
        let default = GridSearch::default();
        let any = folds
            .first()
            .ok_or_else(|| EstimatorError::unexpected("no folds", "at least two"))?;
        // Its gamma is replaced by those of the grid.
        let kernel = self.svm.kernel.with_gamma(Gamma::Value(1.0));
        Ok(GridSearch {
            c: self.c.clone().unwrap_or(default.c),
            gamma: self.gamma.clone().unwrap_or(default.gamma),
            kernel: kernel.resolve(any.x_train)?,
            solver: self.svm.solver.clone(),
        })
    }

    fn halving(&self, grid: GridSearch) -> HalvingSearch {
        HalvingSearch {
            grid,
            seed: self.seed,
            ..HalvingSearch::default()
        }
    }

    /// The search between the grid points, inside the box that the grid spans.
    fn continuous(&self, grid: GridSearch) -> ContinuousSearch {
        let default = ContinuousSearch::default();
        ContinuousSearch {
            log2_c: self.c.as_deref().map_or(default.log2_c, ends),
            log2_gamma: self.gamma.as_deref().map_or(default.log2_gamma, ends),
            method: match self.strategy {
                Strategy::ParticleSwarm => Optimizer::ParticleSwarm(PARTICLES),
                _ => Optimizer::NelderMead,
            },
            max_evaluations: self.evaluations.unwrap_or(default.max_evaluations),
            seed: self.seed,
            kernel: grid.kernel,
            solver: grid.solver,
        }
    }
}

impl Strategy {
    /// The name on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            Strategy::Grid => "grid",
            Strategy::Halving => "halving",
            Strategy::NelderMead => "nelder-mead",
            Strategy::ParticleSwarm => "pso",
        }
    }
}

/// The least and the greatest value, as powers of 2.
fn ends(values: &[f64]) -> [f64; 2] {
    let logs = values.iter().map(|v| math::log2(*v));
    let (least, most) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
        (a.min(v), b.max(v))
    });
    [least, most]
}
