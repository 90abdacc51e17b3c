//! `fuzzysvm evaluate`

use std::path::PathBuf;

use fuzzysvm::core::{ClassCounts, Label, Learner};
use fuzzysvm::datasets::table::TargetUse;
use fuzzysvm::evaluation::{ConfusionMatrix, Interval, Metric, metric_interval};
use fuzzysvm::kernels::Gamma;
use fuzzysvm::qp::Status;
use serde_json::{Map, Value, json};

use crate::data::{DataArgs, ScaleArgs, Source};
use crate::failure::{Done, Failure, FailureInFile};
use crate::fitting::Fitting;
use crate::folds::Cut;
use crate::given::Given;
use crate::learner::LearnerArgs;
use crate::method::First;
use crate::method_name::{MethodName, Peer};
use crate::model::ModelFile;
use crate::options::{
    ApproxArgs, KernelArgs, KernelName, MembershipArgs, Method, SolverArgs, count, gamma, positive,
};
use crate::ui::{General, grouped, plain_table};

/// Confidence level of the intervals.
const LEVEL: f64 = 0.95;

/// Measure a fitted model on a file, or a method by cross-validation
///
/// With --model every row of DATA is scored once. Without it the method is fitted on
/// each of the --folds and every row is scored by the model that did not see it. The
/// intervals, at 95 %, are DeLong's for roc-auc and percentile bootstrap intervals over
/// the rows for the other metrics.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm evaluate test.csv --model m.json\n  \
    fuzzysvm evaluate yeast4.dat --method iefsvm --c 10 --folds 5 --json\n  \
    fuzzysvm evaluate yeast4.dat --method rusboost --param n_estimators=20")]
pub struct Evaluate {
    #[command(flatten)]
    given: Given,

    #[command(flatten)]
    data: DataArgs,

    /// Model file that train wrote
    #[arg(long, value_name = "FILE", help_heading = "Evaluation")]
    model: Option<PathBuf>,

    /// Parts of the stratified cross-validation
    #[arg(long, value_name = "N", default_value = "5", value_parser = count,
          help_heading = "Evaluation")]
    folds: usize,

    /// Bootstrap resamples behind the intervals
    #[arg(long, value_name = "N", default_value = "1000", value_parser = count,
          help_heading = "Evaluation")]
    resamples: usize,

    #[command(flatten)]
    scale: ScaleArgs,

    #[command(flatten)]
    learner: LearnerArgs,

    #[command(flatten)]
    weighting: MembershipArgs,

    #[command(flatten)]
    kernel: KernelArgs,

    /// Price of a violated margin
    #[arg(long, short = 'C', value_name = "C", default_value = "1", value_parser = positive,
          allow_negative_numbers = true, help_heading = "Kernel")]
    c: f64,

    /// Width of the kernel: scale, auto or a number [default: scale]
    #[arg(long, short, value_name = "GAMMA", value_parser = gamma,
          allow_negative_numbers = true, help_heading = "Kernel")]
    gamma: Option<Gamma>,

    #[command(flatten)]
    solver: SolverArgs,

    #[command(flatten)]
    approx: ApproxArgs,
}

impl Evaluate {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let (y, decisions, done) = match &self.model {
            Some(path) => {
                self.given.check_model::<Self>(&["data", "resamples"])?;
                let model = ModelFile::read(path)?;
                let rows =
                    model
                        .preprocessing
                        .read(&self.data.data, TargetUse::Required, general)?;
                let decisions = model.decisions(rows.x.view()).in_failure(&self.data.data)?;
                (rows.y.unwrap_or_default(), decisions, Done::Complete)
            }
            None => self.out_of_fold(general)?,
        };
        self.report(&y, &decisions, general)?;
        Ok(done)
    }

    /// One decision a row, by the model that did not see it.
    fn out_of_fold(&self, general: &General) -> Result<(Vec<Label>, Vec<f64>, Done), Failure> {
        match self.learner.method {
            MethodName::Membership(method) => self.svm_out_of_fold(method, general),
            MethodName::Peer(peer) => {
                let (y, decisions) = self.peer_out_of_fold(peer, general)?;
                Ok((y, decisions, Done::Complete))
            }
        }
    }

    fn cut(&self, general: &General) -> Result<Cut<'_>, Failure> {
        Cut::new(&self.data, self.folds, &self.scale, general)
    }

    fn peer_out_of_fold(
        &self,
        peer: Peer,
        general: &General,
    ) -> Result<(Vec<Label>, Vec<f64>), Failure> {
        let learner = self.learner.one(peer, general.seed)?;

        self.given
            .check_peer::<Self>(peer, &["folds", "resamples"])?;
        let cut = self.cut(general)?;
        let source = Source::read(&self.data, general)?;
        let decisions =
            cut.out_of_fold(&source, general, |_, train| Ok(learner.fit(train, None)?))?;
        Ok((source.y().to_vec(), decisions))
    }

    fn svm_out_of_fold(
        &self,
        method: Method,
        general: &General,
    ) -> Result<(Vec<Label>, Vec<f64>, Done), Failure> {
        self.learner.check(method)?;
        let settings = &self.weighting.settings;
        let membership = self.weighting.membership(method)?;
        self.kernel.check(self.gamma.is_some())?;
        settings.check_kernel(method, &self.kernel)?;
        self.approx.check(self.kernel.kernel)?;
        if self.kernel.kernel == KernelName::Precomputed {
            return Err(Failure::usage(
                "--kernel precomputed cannot be cross-validated: fit with train and pass --model",
            ));
        }
        let cut = self.cut(general)?;
        let source = Source::read(&self.data, general)?;
        source.counts(general, settings.positive_is_minority(method));
        let mut done = Done::Complete;
        let decisions = cut.out_of_fold(&source, general, |preprocessing, train| {
            let x = train.x();
            let kernel = self.kernel.kernel(self.gamma.unwrap_or_default(), x)?;
            let first = First {
                kernel: &self.kernel,
                machine: Some((&self.approx, &self.solver)),
                seed: general.seed,
            };
            let fitting = Fitting {
                membership: settings.on(membership.clone(), preprocessing, x, &first)?,
                learning: self
                    .approx
                    .learning(self.c, kernel, &self.solver, general.seed),
            };
            let model = fitting.fit(train, None)?.model;
            if model.status() == Status::MaxIterations {
                done = Done::HitMaxIter;
            }
            Ok(model)
        })?;
        if done == Done::HitMaxIter {
            general.warn("the solver stopped at its iteration limit in at least one fold");
        }
        Ok((source.y().to_vec(), decisions, done))
    }

    fn report(&self, y: &[Label], decisions: &[f64], general: &General) -> Result<(), Failure> {
        let predicted: Vec<Label> = decisions.iter().map(|&d| Label::from_sign(d)).collect();
        let confusion = ConfusionMatrix::of(y, &predicted)?;
        let counts = ClassCounts::of(y);
        let bar = general.spinner("intervals");
        // Undefined here (say, precision where the class is never predicted) is no value, not 0.
        let metrics: Vec<(Metric, Option<f64>, Option<Interval>)> = Metric::ALL
            .into_iter()
            .filter(|metric| !metric.needs_probability())
            .map(|metric| {
                let value = metric.compute(y, decisions, None).ok();
                let interval =
                    value.and_then(|_| self.interval(metric, y, decisions, general.seed));
                (metric, value, interval)
            })
            .collect();
        bar.finish_and_clear();

        let mut object = Map::new();
        object.insert("n_samples".into(), json!(y.len()));
        object.insert("n_positive".into(), json!(counts.positive));
        object.insert("n_negative".into(), json!(counts.negative));
        let mut intervals = Map::new();
        for (metric, value, interval) in &metrics {
            object.insert(metric.key(), json!(value));
            let ends = interval.map(|i| [i.lower, i.upper]);
            intervals.insert(metric.key(), json!(ends));
        }
        object.insert("level".into(), json!(LEVEL));
        object.insert("intervals".into(), Value::Object(intervals));
        object.insert(
            "confusion".into(),
            json!({
                "true_positive": confusion.true_positive,
                "false_negative": confusion.false_negative,
                "false_positive": confusion.false_positive,
                "true_negative": confusion.true_negative,
            }),
        );
        general.result(&Value::Object(object), || {
            let mut rows = vec![["metric".to_owned(), "value".into(), "95 % interval".into()]];
            for (metric, value, interval) in &metrics {
                rows.push([
                    metric.name().to_owned(),
                    value.map_or("undefined".into(), |v| format!("{v:.4}")),
                    interval.map_or(String::new(), |i| {
                        format!("{:.4} to {:.4}", i.lower, i.upper)
                    }),
                ]);
            }
            format!(
                "{} samples, {} positive, {} negative\n{}",
                grouped(y.len() as u64),
                grouped(counts.positive as u64),
                grouped(counts.negative as u64),
                plain_table(&rows)
            )
        })
    }

    fn interval(
        &self,
        metric: Metric,
        y: &[Label],
        decisions: &[f64],
        seed: u64,
    ) -> Option<Interval> {
        metric_interval(metric, y, decisions, None, self.resamples, LEVEL, seed).ok()
    }
}
