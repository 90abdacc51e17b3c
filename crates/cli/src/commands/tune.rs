//! `fuzzysvm tune`

use std::time::Instant;

use fuzzysvm::core::{Label, MatrixBuf, Samples};
use fuzzysvm::evaluation::{Score, stratified_k_fold};
use fuzzysvm::kernels::{Gamma, KernelKind};
use fuzzysvm::membership::{Membership as _, MembershipKind};
use fuzzysvm::svm::tuning::{GridSearch, TuningFold};
use serde_json::json;

use crate::data::{DataArgs, ScaleArgs, Source};
use crate::failure::{Done, Failure, FailureInFile, InFile};
use crate::options::{
    KernelArgs, KernelName, Method, MethodSettings, MinorityName, SolverArgs, count, positive,
};
use crate::ui::{General, grouped, plain_table, seconds, short};

/// Search C, gamma and k by cross-validation
///
/// Tries every combination of --c, --gamma and (for efsvm and efsvm-binned) --k with
/// stratified folds; scaling, neighbours and memberships are fitted on the training part
/// of each fold. Of equally good combinations the first one wins.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm tune yeast4.dat --method efsvm --k 3,5,7 --c 1,10,100\n  \
    fuzzysvm tune data.csv --method iefsvm --score g-mean --json")]
pub struct Tune {
    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    scale: ScaleArgs,

    /// Fuzzy membership of the samples
    #[arg(
        long,
        short = 'M',
        value_enum,
        default_value = "efsvm",
        value_name = "METHOD",
        help_heading = "Method"
    )]
    method: Method,

    #[command(flatten)]
    settings: MethodSettings,

    /// Numbers of neighbours of efsvm and efsvm-binned [default: 1,3,5,…,15]
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
}

/// One fold, encoded; the search borrows from it.
struct Part {
    x_train: MatrixBuf,
    y_train: Vec<Label>,
    x_valid: MatrixBuf,
    y_valid: Vec<Label>,
    candidates: Vec<Vec<f64>>,
}

impl Tune {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let (ks, memberships) = self.memberships()?;
        self.kernel.check(self.gamma.is_some())?;
        if self.kernel.kernel == KernelName::Precomputed {
            return Err(Failure::usage("--kernel precomputed cannot be tuned"));
        }
        let scale = self.scale.kind(false)?;
        let file = &self.data.data;
        let source = Source::read(&self.data, general)?;
        let positive = self.settings.minority == MinorityName::Positive;
        source.counts(general, positive && self.method.weighs_classes());
        let folds = stratified_k_fold(source.y(), self.folds, general.seed).in_file(file)?;

        let start = Instant::now();
        let mut parts = Vec::with_capacity(folds.len());
        for (number, fold) in folds.iter().enumerate() {
            let part = || -> Result<Part, Failure> {
                let preprocessing = source.fit(Some(&fold.train), scale)?;
                let x_train = source.encode(&preprocessing, Some(&fold.train))?;
                let labels = |rows: &[usize]| rows.iter().map(|&i| source.y()[i]).collect();
                let y_train: Vec<Label> = labels(&fold.train);
                let candidates = candidates(Samples::new(x_train.view(), &y_train)?, &memberships)?;
                Ok(Part {
                    candidates,
                    x_valid: source.encode(&preprocessing, Some(&fold.test))?,
                    y_valid: labels(&fold.test),
                    x_train,
                    y_train,
                })
            };
            let name = format!("{}: fold {}", file.display(), number + 1);
            parts.push(part().in_failure(name.as_ref())?);
        }
        let folds: Vec<TuningFold<'_>> = parts
            .iter_mut()
            .map(|part| TuningFold {
                candidates: std::mem::take(&mut part.candidates),
                x_train: part.x_train.view(),
                y_train: &part.y_train,
                x_valid: part.x_valid.view(),
                y_valid: &part.y_valid,
            })
            .collect();

        let grid = self.grid(&folds[0])?;
        let gammas = if grid.kernel.gamma().is_some() {
            grid.gamma.len()
        } else {
            1
        };
        let fits = folds.len() * gammas * grid.c.len() * memberships.len();
        let bar = general.progress(fits as u64, "fits");
        // Every fold has both classes in both parts, so the score is defined.
        let score = |truth: &[Label], predicted: &[Label]| {
            self.score.of(truth, predicted).unwrap_or(f64::NAN)
        };
        let table = grid
            .run_with_progress(&folds, &score, &|| bar.inc(1))
            .in_file(file)?;
        bar.finish_and_clear();
        let elapsed = start.elapsed().as_secs_f64();

        let k_of = |candidate: usize| ks.get(candidate).copied();
        let best = table.best();
        if table.unconverged > 0 {
            general.warn(format!(
                "the solver stopped before its tolerance in {} of {} fits",
                table.unconverged, table.fits
            ));
        }
        let cells: Vec<_> = table
            .cells
            .iter()
            .map(|cell| {
                json!({
                    "c": cell.c,
                    "gamma": cell.gamma,
                    "k": k_of(cell.candidate),
                    "score": cell.score,
                    "fold_scores": cell.fold_scores,
                })
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
                "fits": table.fits,
                "seconds": elapsed,
            }),
            || {
                let mut order: Vec<usize> = (0..table.cells.len()).collect();
                // Stable: equally good cells stay in the order of the grid, the best one first.
                order.sort_by(|&a, &b| table.cells[b].score.total_cmp(&table.cells[a].score));
                let mut rows = vec![[
                    self.score.to_string(),
                    "C".into(),
                    "gamma".into(),
                    "k".into(),
                ]];
                for &i in order.iter().take(10) {
                    let cell = &table.cells[i];
                    rows.push([
                        format!("{:.4}", cell.score),
                        short(cell.c),
                        cell.gamma.map_or("-".into(), short),
                        k_of(cell.candidate).map_or("-".into(), |k| k.to_string()),
                    ]);
                }
                format!(
                    "{}\n{} combinations, {} fits in {}",
                    plain_table(&rows),
                    grouped(table.cells.len() as u64),
                    grouped(table.fits as u64),
                    seconds(elapsed)
                )
            },
        )?;
        Ok(if table.unconverged > 0 {
            Done::HitMaxIter
        } else {
            Done::Complete
        })
    }

    /// The values of k (none where the method has none) and one membership each.
    fn memberships(&self) -> Result<(Vec<usize>, Vec<MembershipKind>), Failure> {
        let (method, settings) = (self.method, &self.settings);
        if !matches!(method, Method::Efsvm | Method::EfsvmBinned) {
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

/// One weight vector a membership; those of EFSVM that differ in k alone share a neighbour search.
fn candidates(
    train: Samples<'_>,
    memberships: &[MembershipKind],
) -> Result<Vec<Vec<f64>>, Failure> {
    if let Some(MembershipKind::Efsvm(first)) = memberships.first() {
        let ks: Vec<usize> = memberships
            .iter()
            .filter_map(|m| match m {
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
