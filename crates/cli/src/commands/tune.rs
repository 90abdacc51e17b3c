//! `fuzzysvm tune`

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use fuzzysvm::core::Parameters as _;
use fuzzysvm::estimator::method::{MethodSettings, Weighting};
use fuzzysvm::estimator::tuning::{Found, Search, Strategy, Tried};
use fuzzysvm::estimator::{Candidate, CandidateWeights, CrossValidation, Estimator, SearchSpace};
use fuzzysvm::evaluation::Score;
use serde_json::{Map, Value, json};

use crate::classes::Classes;
use crate::estimate::say_where_long;
use crate::explicit_flags::ExplicitFlags;
use crate::failure::{Done, Failure, InFile};
use crate::flags::{
    ApproxFlags, DataFlags, KernelFlags, MethodFlags, ScaleFlag, SolverFlags, count, positive, svm,
};
use crate::output::Destination;
use crate::params::flags_of;
use crate::ui::{General, grouped, plain_table, seconds, short, shown};

/// How many points the table for people shows.
const SHOWN: usize = 10;

/// Search C, gamma and parameters by cross-validation
///
/// Tries every combination of --c, --gamma and the method's own grid (`fuzzysvm methods NAME`) with
/// stratified folds; --k and --param NAME=V,V,… replace the values of one parameter. Scaling,
/// neighbors and memberships are fitted on the training part of each fold. Of equally good
/// combinations the first wins; --model writes it, fitted on all rows. --search halving fits all on
/// few rows and the better ones on more; nelder-mead and pso look between the values given.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm tune yeast4.dat --method efsvm --k 3,5,7 --c 1,10,100\n  \
    fuzzysvm tune data.csv --method iefsvm --score g-mean --json\n  \
    fuzzysvm tune data.csv --method iefsvm --search halving --model best.json\n  \
    fuzzysvm tune data.csv --search nelder-mead --c 0.1,1000 --gamma 0.001,1\n  \
    fuzzysvm tune big.csv --method fsvm --approx nystrom --components 300\n  \
    fuzzysvm tune yeast4.dat --method cs-rf --param min_samples_leaf=5,20,80")]
pub struct Tune {
    #[command(flatten)]
    explicit: ExplicitFlags,

    #[command(flatten)]
    data: DataFlags,

    #[command(flatten)]
    scale: ScaleFlag,

    #[command(flatten)]
    method: MethodFlags,

    /// Numbers of neighbors, where the method has one
    #[arg(long, value_name = "K,K,…", value_delimiter = ',', value_parser = count,
          help_heading = "Grid")]
    k: Vec<usize>,

    /// Values of C [default: 0.25,1,4,16,64]
    #[arg(long, short = 'C', value_name = "C,C,…", value_delimiter = ',', value_parser = positive,
          allow_negative_numbers = true, help_heading = "Grid")]
    c: Option<Vec<f64>>,

    /// Widths [default: 2^-8,2^-6,2^-4,2^-2,1]
    #[arg(long, short, value_name = "G,G,…", value_delimiter = ',', value_parser = positive,
          allow_negative_numbers = true, help_heading = "Grid")]
    gamma: Option<Vec<f64>>,

    /// grid, halving, nelder-mead or pso
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "SEARCH",
        default_value = "grid",
        help_heading = "Grid"
    )]
    search: StrategyFlag,

    /// Points of nelder-mead and pso [default: 40]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Grid")]
    evaluations: Option<usize>,

    /// Folds of the cross-validation
    #[arg(long, value_name = "N", default_value = "5", value_parser = count,
          help_heading = "Grid")]
    folds: usize,

    /// balanced-accuracy, g-mean or accuracy
    #[arg(
        long,
        value_name = "SCORE",
        default_value = "balanced-accuracy",
        help_heading = "Grid"
    )]
    score: Score,

    #[command(flatten)]
    kernel: KernelFlags,

    #[command(flatten)]
    solver: SolverFlags,

    #[command(flatten)]
    approx: ApproxFlags,

    /// Model file to write: the best combination, fitted on all rows
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    model: Option<PathBuf>,

    /// Overwrite an existing file
    #[arg(long, requires = "model", help_heading = "Output")]
    force: bool,
}

/// How to look for C and gamma.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StrategyFlag {
    /// Every combination
    Grid,
    /// Every combination on few rows, the better ones on more
    Halving,
    /// A simplex over log C and log gamma
    NelderMead,
    /// A particle swarm over log C and log gamma
    Pso,
}

impl Tune {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let search = self.search(general)?;
        let cv = self.cross_validation(general);
        cv.validate().map_err(Failure::of_setting)?;
        let destination = match &self.model {
            Some(path) => {
                let inputs = [&self.data.data];
                Some(Destination::prepare(path, self.force, &inputs)?)
            }
            None => None,
        };
        let data = self.data.read(self.scale.scale, general)?;
        let base = self.base()?;
        let before = Estimator::new(base.clone()).warnings_before(&data);
        self.data.warn(&before, general);
        let of_folds = cv.warnings(&data).in_file(&self.data.data)?;
        self.data.warn(&of_folds, general);

        let start = Instant::now();
        say_where_long(&data, general, |n, d, threads| {
            search.expected_seconds(n, d, self.folds, threads)
        });
        let bar = general.progress(0, "fits");
        let found = search
            .run(&data, &cv, &|n| bar.set_length(n as u64), &|| bar.inc(1))
            .in_file(&self.data.data)?;
        bar.finish_and_clear();
        let elapsed = start.elapsed().as_secs_f64();
        self.data.warn(&found.warnings, general);
        if found.unconverged > 0 {
            general.warn(format!(
                "the solver stopped before its tolerance in {} of {} fits",
                found.unconverged, found.fits
            ));
        }
        let mut done = if found.unconverged > 0 {
            Done::HitMaxIter
        } else {
            Done::Complete
        };
        if let Some(destination) = destination {
            let bar = general.spinner("training");
            let tuned = search.estimator(&base, found.best(), &cv)?;
            let fitted = tuned.fit(&data, None).in_file(&self.data.data)?;
            bar.finish_and_clear();
            self.data.warn(&fitted.warnings()[before.len()..], general);
            destination.write(|out| Ok(writeln!(out, "{}", fitted.to_json()?)?))?;
            if done == Done::Complete {
                done = Done::with_model(&fitted);
            }
        }
        let report = Report {
            method: self.method.method.name,
            score: self.score,
            points: points(&search.space),
            found: &found,
            classes: Classes::of(data.class_names(), data.y()),
            model: self.model.as_deref(),
        };
        general.result(&report.json(elapsed), || report.text(elapsed))?;
        Ok(done)
    }

    /// The search of these flags, checked.
    fn search(&self, general: &General) -> Result<Search, Failure> {
        let method = self.method.method;
        let grid = self.method.params.grid(method, &self.k)?;
        if method.is_baseline() {
            self.explicit
                .check_baseline::<Self>(method.name, &["folds", "score", "model", "force"])?;
        }
        let base = Estimator::new(method.settings()).with_seed(general.seed);
        let space = SearchSpace::of_grid(&base.method, &grid)
            .map_err(|e| self.method.params.failure(&e, method))?;
        if let SearchSpace::Memberships(candidates) = &space {
            let settings: Vec<&Weighting> = candidates.iter().filter_map(weighting).collect();
            self.method.params.check_needs(method, &settings)?;
        }
        let mut search = Search::new(space);
        search.svm = svm(1.0, None, &self.kernel, &self.approx, &self.solver)?;
        if self.gamma.is_some() && !search.svm.kernel.name.has_gamma() {
            return Err(Failure::usage(format!(
                "--gamma does not apply to --kernel {}",
                search.svm.kernel.name
            )));
        }
        self.method.params.check_kernel(search.svm.kernel.name)?;
        search.c.clone_from(&self.c);
        search.gamma.clone_from(&self.gamma);
        search.strategy = match self.search {
            StrategyFlag::Grid => Strategy::Grid,
            StrategyFlag::Halving => Strategy::Halving,
            StrategyFlag::NelderMead => Strategy::NelderMead,
            StrategyFlag::Pso => Strategy::ParticleSwarm,
        };
        search.evaluations = self.evaluations;
        method.name.clone_into(&mut search.method);
        search.score = self.score;
        search.seed = general.seed;
        // The method's own parameters are checked by now.
        search.validate().map_err(Failure::of_setting)?;
        Ok(search)
    }

    /// The method with the parameters that have one value.
    fn base(&self) -> Result<MethodSettings, Failure> {
        let method = self.method.method;
        let mut base = method.settings();
        for (name, values) in self.method.params.grid(method, &self.k)? {
            if let [value] = values.as_slice() {
                base.set_param(&name, value)
                    .map_err(|e| self.method.params.failure(&e, method))?;
            }
        }
        Ok(base)
    }

    fn cross_validation(&self, general: &General) -> CrossValidation {
        CrossValidation {
            folds: self.folds,
            scale: self.scale.scale.unwrap_or_default(),
            seed: general.seed,
        }
    }
}

/// A candidate as the tables show it.
struct Point {
    k: Option<usize>,
    params: Vec<(String, String)>,
    /// Those of the parameters that play a part; train refuses the others.
    effective: Vec<(String, String)>,
}

fn points(space: &SearchSpace) -> Vec<Point> {
    match space {
        SearchSpace::Memberships(candidates) => {
            let point = |candidate: &Candidate<CandidateWeights>| {
                let mut point = Point::of(candidate);
                if let Some(weighting) = weighting(candidate) {
                    let plays = |(name, _): &(String, String)| weighting.unmet_need(name).is_none();
                    point.effective.retain(plays);
                }
                point
            };
            candidates.iter().map(point).collect()
        }
        SearchSpace::Learners(candidates) => candidates.iter().map(Point::of).collect(),
        _ => Vec::new(),
    }
}

impl Point {
    fn of<T>(candidate: &Candidate<T>) -> Self {
        Self {
            k: candidate.k,
            params: candidate.params.clone(),
            effective: candidate.params.clone(),
        }
    }
}

/// The membership of a candidate.
fn weighting(candidate: &Candidate<CandidateWeights>) -> Option<&Weighting> {
    match &candidate.value {
        CandidateWeights::Weighting(weighting) => Some(weighting),
        _ => None,
    }
}

/// What a search found, in words.
struct Report<'a> {
    method: &'a str,
    score: Score,
    points: Vec<Point>,
    found: &'a Found,
    classes: Classes,
    /// Where the tuned model was written.
    model: Option<&'a Path>,
}

impl Report<'_> {
    fn is_svm(&self) -> bool {
        self.found.best().c.is_some()
    }

    /// The parameters in which the candidates differ, beside k.
    fn names(&self) -> Vec<&str> {
        let first = self.points.first().filter(|p| p.k.is_none());
        first.map_or_else(Vec::new, |p| {
            p.params.iter().map(|(name, _)| name.as_str()).collect()
        })
    }

    fn entry(&self, tried: &Tried) -> Map<String, Value> {
        let point = &self.points[tried.candidate];
        let mut entry = Map::new();
        if self.is_svm() {
            entry.insert("c".to_owned(), json!(tried.c));
            entry.insert("gamma".to_owned(), json!(tried.gamma));
            entry.insert("k".to_owned(), json!(point.k));
        }
        if point.k.is_none() {
            for (name, value) in &point.params {
                // C and gamma of a baseline are its own, those of an SVM stand above.
                entry.insert(name.clone(), param_json(value));
            }
        }
        entry.insert("score".to_owned(), json!(tried.score));
        entry
    }

    fn json(&self, elapsed: f64) -> Value {
        let with_folds = |tried: &Tried| {
            let mut entry = self.entry(tried);
            if let Some(scores) = &tried.fold_scores {
                entry.insert("fold_scores".to_owned(), json!(scores));
            }
            if let (Some(round), Some(rows)) = (tried.round, tried.rows) {
                entry.insert("round".to_owned(), json!(round));
                entry.insert("rows".to_owned(), json!(rows));
            }
            entry
        };
        let cells: Vec<_> = self.found.tried.iter().map(with_folds).collect();
        let mut json = json!({
            "best": self.entry(self.found.best()),
            "grid": cells,
            "fits": self.found.fits,
            "seconds": elapsed,
        });
        if !self.is_svm() {
            json["method"] = json!(self.method);
        }
        self.classes.put_into(&mut json);
        if let Some(model) = self.model {
            json["model"] = json!(shown(model));
        }
        json
    }

    fn text(&self, elapsed: f64) -> String {
        let tried = &self.found.tried;
        let whole = tried.iter().all(|t| t.fold_scores.is_some());
        let written = self
            .model
            .map_or_else(String::new, |path| format!("\nwritten  {}", path.display()));
        format!(
            "{}\n{}\n{} {}, {} fits in {}\nbest: {}{written}",
            self.classes.text(),
            self.table(),
            grouped(tried.len() as u64),
            if whole { "combinations" } else { "points" },
            grouped(self.found.fits as u64),
            seconds(elapsed),
            self.best_flags()
        )
    }

    fn table(&self) -> String {
        let tried = &self.found.tried;
        let mut order: Vec<usize> = (0..tried.len()).collect();
        // Stable: equally good points stay in the order of the search, the best one first. Scores of an earlier round are
        // of fewer rows.
        order.sort_by(|&a, &b| {
            let of_round = tried[b].round.cmp(&tried[a].round);
            of_round.then(tried[b].score.total_cmp(&tried[a].score))
        });
        let names = self.names();
        let in_rounds = self.found.best().round.is_some();
        let mut head = vec![self.score.to_string()];
        if self.is_svm() {
            head.extend(["C", "gamma", "k"].map(str::to_owned));
        }
        head.extend(names.iter().map(|name| (*name).to_owned()));
        if in_rounds {
            head.extend(["round", "rows"].map(str::to_owned));
        }
        let mut rows = vec![head];
        for &i in order.iter().take(SHOWN) {
            let (tried, point) = (&tried[i], &self.points[tried[i].candidate]);
            let mut row = vec![format!("{:.4}", tried.score)];
            if self.is_svm() {
                row.push(tried.c.map_or("-".into(), short));
                row.push(tried.gamma.map_or("-".into(), short));
                row.push(point.k.map_or("-".into(), |k| k.to_string()));
            }
            if !names.is_empty() {
                row.extend(point.params.iter().map(|(_, value)| value.clone()));
            }
            if let (Some(round), Some(rows)) = (tried.round, tried.rows) {
                row.extend([round, rows].map(|n| n.to_string()));
            }
            rows.push(row);
        }
        let more = match order.len().saturating_sub(SHOWN) {
            0 => String::new(),
            n => format!("\n… {} more, all in --json", grouped(n as u64)),
        };
        plain_table(&rows) + &more
    }

    /// The best point as train takes it.
    fn best_flags(&self) -> String {
        let best = self.found.best();
        let point = &self.points[best.candidate];
        let number = |flag: &str, value: Option<f64>| {
            value.map_or_else(String::new, |v| format!(" --{flag} {v}"))
        };
        let own = match point.k {
            Some(k) => format!(" --k {k}"),
            None => flags_of(&point.effective),
        };
        format!(
            "--method {}{}{}{own}",
            self.method,
            number("c", best.c),
            number("gamma", best.gamma)
        )
    }
}

/// Numbers and truth values as such, anything else as the text that `--param` takes.
fn param_json(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}
