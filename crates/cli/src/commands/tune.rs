//! `fuzzysvm tune`

use std::time::Instant;

use clap::ValueEnum;
use fuzzysvm::core::{Label, Samples};
use fuzzysvm::evaluation::Score;
use fuzzysvm::kernels::{Gamma, KernelKind};
use fuzzysvm::membership::{Membership as _, MembershipKind};
use fuzzysvm::svm::approx::ApproxSvc;
use fuzzysvm::svm::tuning::continuous::{ContinuousSearch, Evaluation, Method as Optimiser};
use fuzzysvm::svm::tuning::{
    ApproxGridSearch, Cell, GridSearch, GridTable, Score as OnFold, TuningFold,
};
use serde_json::json;

use crate::data::{DataArgs, ScaleArgs, Source};
use crate::failure::{Done, Failure, FailureInFile};
use crate::folds::Cut;
use crate::given::Given;
use crate::learner::LearnerArgs;
use crate::method::{First, Ready};
use crate::method_name::MethodName;
use crate::options::{
    ApproxArgs, KernelArgs, KernelName, Method, MethodSettings, SolverArgs, count, positive,
};
use crate::peer_search::PeerSearch;
use crate::ui::{General, grouped, plain_table, seconds, short};

/// Search C, gamma and k, or a peer's parameters, by cross-validation
///
/// Tries every combination of --c, --gamma and (for efsvm, efsvm-binned and relative-density)
/// --k with stratified folds; scaling, neighbours and memberships are fitted on the training part
/// of each fold. Of equally good combinations the first one wins. With --search nelder-mead
/// or pso, points between the least and the greatest C and gamma are tried in place of the
/// grid. A peer is tuned over the grid that compare takes; --param NAME=V,V,… replaces the
/// values of one parameter.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm tune yeast4.dat --method efsvm --k 3,5,7 --c 1,10,100\n  \
    fuzzysvm tune data.csv --method iefsvm --score g-mean --json\n  \
    fuzzysvm tune data.csv --search nelder-mead --c 0.1,1000 --gamma 0.001,1\n  \
    fuzzysvm tune big.csv --method fsvm --approx nystrom --components 300\n  \
    fuzzysvm tune yeast4.dat --method cs-rf --param min_samples_leaf=5,20,80")]
pub struct Tune {
    #[command(flatten)]
    given: Given,

    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    scale: ScaleArgs,

    #[command(flatten)]
    learner: LearnerArgs,

    #[command(flatten)]
    settings: MethodSettings,

    /// Numbers of neighbours of efsvm and efsvm-binned [default: 1,3,5,…,15], and of
    /// relative-density [default: the root of the class's size]
    #[arg(long, value_name = "K,K,…", value_delimiter = ',', value_parser = count,
          help_heading = "Grid")]
    k: Option<Vec<usize>>,

    /// Values of C [default: 0.25,1,4,16,64]
    #[arg(long, short = 'C', value_name = "C,C,…", value_delimiter = ',', value_parser = positive,
          allow_negative_numbers = true, help_heading = "Grid")]
    c: Option<Vec<f64>>,

    /// Values of the kernel's width [default: 2^-8,2^-6,2^-4,2^-2,1]
    #[arg(long, short, value_name = "G,G,…", value_delimiter = ',', value_parser = positive,
          allow_negative_numbers = true, help_heading = "Grid")]
    gamma: Option<Vec<f64>>,

    /// How to look for C and gamma
    #[arg(
        long,
        value_enum,
        value_name = "SEARCH",
        default_value = "grid",
        help_heading = "Grid"
    )]
    search: SearchName,

    /// Points that nelder-mead and pso try [default: 40]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Grid")]
    evaluations: Option<usize>,

    /// Parts of the stratified cross-validation
    #[arg(long, value_name = "N", default_value = "5", value_parser = count,
          help_heading = "Grid")]
    folds: usize,

    /// What is maximised: balanced-accuracy, g-mean or accuracy
    #[arg(
        long,
        value_name = "SCORE",
        default_value = "balanced-accuracy",
        help_heading = "Grid"
    )]
    score: Score,

    #[command(flatten)]
    kernel: KernelArgs,

    #[command(flatten)]
    solver: SolverArgs,

    #[command(flatten)]
    approx: ApproxArgs,
}

/// How to look for C and gamma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SearchName {
    /// Every combination
    Grid,
    /// A simplex over log C and log gamma
    NelderMead,
    /// A particle swarm over log C and log gamma
    Pso,
}

/// Particles of the swarm.
const PARTICLES: usize = 10;

/// A point that was tried.
struct Tried {
    c: f64,
    gamma: Option<f64>,
    candidate: usize,
    score: f64,
    /// Of the grid alone.
    fold_scores: Option<Vec<f64>>,
}

/// What a search found.
struct Found {
    tried: Vec<Tried>,
    best: usize,
    fits: usize,
    unconverged: usize,
}

impl Tune {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        match self.learner.method {
            MethodName::Membership(method) => self.svm(method, general),
            MethodName::Peer(peer) => {
                let grid = self.learner.grid(peer, general.seed)?;

                self.given.check_peer::<Self>(peer, &["folds", "score"])?;
                let search = PeerSearch {
                    peer,
                    grid,
                    cut: self.cut(general)?,
                    score: self.score,
                };
                let source = Source::read(&self.data, general)?;
                search.run(&source, general)?;
                Ok(Done::Complete)
            }
        }
    }

    fn cut(&self, general: &General) -> Result<Cut<'_>, Failure> {
        Cut::new(&self.data, self.folds, &self.scale, general)
    }

    fn svm(&self, method: Method, general: &General) -> Result<Done, Failure> {
        self.learner.check(method)?;
        let (ks, memberships) = self.memberships(method)?;
        self.kernel.check(self.gamma.is_some())?;
        self.settings.check_kernel(method, &self.kernel)?;
        if self.kernel.kernel == KernelName::Precomputed {
            return Err(Failure::usage("--kernel precomputed cannot be tuned"));
        }
        self.approx.check(self.kernel.kernel)?;
        if self.approx.approx.is_some() && self.search != SearchName::Grid {
            return Err(Failure::usage("--approx needs --search grid"));
        }
        let cut = self.cut(general)?;
        let file = cut.file;
        let source = Source::read(&self.data, general)?;
        source.counts(general, self.settings.positive_is_minority(method));

        let start = Instant::now();
        let parts = cut.parts(&source)?;
        let mut folds = Vec::with_capacity(parts.len());
        for (number, part) in parts.iter().enumerate() {
            let fold = &part.fold;
            let weights = || -> Result<Vec<Vec<f64>>, Failure> {
                let x = fold.x_train.view();
                let first = First {
                    kernel: &self.kernel,
                    machine: Some((&self.approx, &self.solver)),
                    seed: general.seed,
                };
                let on = |m: &MembershipKind| {
                    let settings = &self.settings;
                    settings.on(m.clone(), &part.preprocessing, x, &first)
                };
                let ready: Vec<Ready> = memberships.iter().map(on).collect::<Result<_, _>>()?;
                candidates(Samples::new(x, &fold.y_train)?, &ready)
            };
            folds.push(TuningFold {
                candidates: cut.located(number, weights())?,
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
        let grid = self.grid(&folds[0])?;
        let found = match self.search {
            SearchName::Grid => {
                let approx =
                    self.approx
                        .learner(1.0, grid.kernel.clone(), &self.solver, general.seed);
                by_grid(&grid, approx, &folds, &score, memberships.len(), general)
            }
            name => self.between(name, grid, &folds, &score, memberships.len(), general),
        }
        .in_failure(file)?;
        let elapsed = start.elapsed().as_secs_f64();

        let k_of = |candidate: usize| ks.get(candidate).copied();
        let best = &found.tried[found.best];
        if found.unconverged > 0 {
            general.warn(format!(
                "the solver stopped before its tolerance in {} of {} fits",
                found.unconverged, found.fits
            ));
        }
        let cells: Vec<_> = found
            .tried
            .iter()
            .map(|point| {
                let mut cell = json!({
                    "c": point.c,
                    "gamma": point.gamma,
                    "k": k_of(point.candidate),
                    "score": point.score,
                });
                if let Some(scores) = &point.fold_scores {
                    cell["fold_scores"] = json!(scores);
                }
                cell
            })
            .collect();
        general.result(
            &json!({
                "best": {
                    "c": best.c,
                    "gamma": best.gamma,
                    "k": k_of(best.candidate),
                    "score": best.score,
                },
                "grid": cells,
                "fits": found.fits,
                "seconds": elapsed,
            }),
            || {
                let mut order: Vec<usize> = (0..found.tried.len()).collect();
                // Stable: equally good points stay in the order of the search, the best one first.
                order.sort_by(|&a, &b| found.tried[b].score.total_cmp(&found.tried[a].score));
                let mut rows = vec![[
                    self.score.to_string(),
                    "C".into(),
                    "gamma".into(),
                    "k".into(),
                ]];
                for &i in order.iter().take(10) {
                    let point = &found.tried[i];
                    rows.push([
                        format!("{:.4}", point.score),
                        short(point.c),
                        point.gamma.map_or("-".into(), short),
                        k_of(point.candidate).map_or("-".into(), |k| k.to_string()),
                    ]);
                }
                format!(
                    "{}\n{} {}, {} fits in {}",
                    plain_table(&rows),
                    grouped(found.tried.len() as u64),
                    if self.search == SearchName::Grid {
                        "combinations"
                    } else {
                        "points"
                    },
                    grouped(found.fits as u64),
                    seconds(elapsed)
                )
            },
        )?;
        Ok(if found.unconverged > 0 {
            Done::HitMaxIter
        } else {
            Done::Complete
        })
    }

    /// The values of k (none where the method has none) and one membership each.
    fn memberships(&self, method: Method) -> Result<(Vec<usize>, Vec<MembershipKind>), Failure> {
        let settings = &self.settings;
        let has_k = match method {
            Method::Efsvm | Method::EfsvmBinned => true,
            Method::RelativeDensity => self.k.is_some(),
            _ => false,
        };
        if !has_k {
            let any = self.k.as_ref().and_then(|ks| ks.first().copied());
            return Ok((Vec::new(), vec![settings.membership(method, any)?]));
        }
        let ks = self
            .k
            .clone()
            .unwrap_or_else(|| (1..=15).step_by(2).collect());
        let memberships = ks
            .iter()
            .map(|&k| settings.membership(method, Some(k)))
            .collect::<Result<_, _>>()?;
        Ok((ks, memberships))
    }

    /// The optimisers that move between the grid points, inside the box that the grid spans.
    fn between(
        &self,
        name: SearchName,
        grid: GridSearch,
        folds: &[TuningFold<'_>],
        score: OnFold<'_>,
        candidates: usize,
        general: &General,
    ) -> Result<Found, Failure> {
        let ends = |values: &[f64]| {
            let logs = values.iter().map(|v| v.log2());
            let (least, most) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| {
                (a.min(v), b.max(v))
            });
            [least, most]
        };
        let default = ContinuousSearch::default();
        let search = ContinuousSearch {
            log2_c: self.c.as_deref().map_or(default.log2_c, ends),
            log2_gamma: self.gamma.as_deref().map_or(default.log2_gamma, ends),
            method: match name {
                SearchName::Pso => Optimiser::ParticleSwarm(PARTICLES),
                _ => Optimiser::NelderMead,
            },
            max_evaluations: self.evaluations.unwrap_or(default.max_evaluations),
            seed: general.seed,
            kernel: grid.kernel,
            solver: grid.solver,
        };
        for (flag, [least, most]) in [("--c", search.log2_c), ("--gamma", search.log2_gamma)] {
            if least >= most {
                return Err(Failure::usage(format!(
                    "{flag} needs a least and a greatest value to search between"
                )));
            }
        }
        let spinner = general.spinner("searching");
        let result = search.run(folds, score)?;
        spinner.finish_and_clear();
        let fits = result.evaluations.len() * folds.len() * candidates;
        let point = |e: Evaluation| Tried {
            c: e.c,
            gamma: e.gamma,
            candidate: e.candidate,
            score: e.score,
            fold_scores: None,
        };
        Ok(Found {
            best: result.best,
            tried: result.evaluations.into_iter().map(point).collect(),
            fits,
            unconverged: 0,
        })
    }

    fn grid(&self, first: &TuningFold<'_>) -> Result<GridSearch, Failure> {
        let default = GridSearch::default();
        // Its gamma is replaced by those of the grid.
        let kernel: KernelKind = self.kernel.kernel(Gamma::Value(1.0), first.x_train)?;
        Ok(GridSearch {
            c: self.c.clone().unwrap_or(default.c),
            gamma: self.gamma.clone().unwrap_or(default.gamma),
            kernel,
            solver: self.solver.smo(),
        })
    }
}

/// Every combination, with a bar over the fits.
fn by_grid(
    grid: &GridSearch,
    approx: Option<ApproxSvc>,
    folds: &[TuningFold<'_>],
    score: OnFold<'_>,
    candidates: usize,
    general: &General,
) -> Result<Found, Failure> {
    let gammas = grid.kernel.gamma().map_or(1, |_| grid.gamma.len());
    let fits = folds.len() * gammas * grid.c.len() * candidates;
    let bar = general.progress(fits as u64, "fits");
    let table: GridTable = match approx {
        None => grid.run_with_progress(folds, score, &|| bar.inc(1))?,
        Some(svc) => ApproxGridSearch {
            svc,
            c: grid.c.clone(),
            gamma: grid.gamma.clone(),
        }
        .run_with_progress(folds, score, &|| bar.inc(1))?,
    };
    bar.finish_and_clear();
    let point = |cell: Cell| Tried {
        c: cell.c,
        gamma: cell.gamma,
        candidate: cell.candidate,
        score: cell.score,
        fold_scores: Some(cell.fold_scores),
    };
    Ok(Found {
        best: table.best,
        fits: table.fits,
        unconverged: table.unconverged,
        tried: table.cells.into_iter().map(point).collect(),
    })
}

/// One weight vector a membership; those of EFSVM that differ in k alone share a neighbour search.
fn candidates(train: Samples<'_>, memberships: &[Ready]) -> Result<Vec<Vec<f64>>, Failure> {
    if let Some(MembershipKind::Efsvm(first)) = memberships.first().map(|m| &m.membership) {
        let ks: Vec<usize> = memberships
            .iter()
            .filter_map(|m| match &m.membership {
                MembershipKind::Efsvm(m) => Some(m.n_neighbors),
                _ => None,
            })
            .collect();
        if ks.windows(2).all(|pair| pair[0] < pair[1]) {
            return Ok(first.candidates(train, &ks)?);
        }
    }
    memberships
        .iter()
        .map(|m| Ok(m.membership(train)?))
        .collect()
}
