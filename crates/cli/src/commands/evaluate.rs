//! `fuzzysvm evaluate`

use std::path::PathBuf;

use fuzzysvm::core::{ClassCounts, Label};
use fuzzysvm::datasets::table::TargetUse;
use fuzzysvm::estimator::{CrossValidation, FittedEstimator};
use fuzzysvm::evaluation::{ConfusionMatrix, Interval, Metric, metric_interval};
use serde_json::{Map, Value, json};

use crate::explicit_flags::ExplicitFlags;
use crate::failure::{Done, Failure, InFile};
use crate::flags::{DataFlags, EstimatorFlags, count};
use crate::ui::{General, grouped, plain_table};

/// Confidence level of the intervals.
const LEVEL: f64 = 0.95;

/// Measure a model on a file, or a method by cross-validation
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
    explicit: ExplicitFlags,

    #[command(flatten)]
    data: DataFlags,

    /// Model file that train wrote
    #[arg(long, value_name = "FILE", help_heading = "Evaluation")]
    model: Option<PathBuf>,

    /// Folds of the cross-validation
    #[arg(long, value_name = "N", default_value = "5", value_parser = count,
          help_heading = "Evaluation")]
    folds: usize,

    /// Bootstrap resamples behind the intervals
    #[arg(long, value_name = "N", default_value = "1000", value_parser = count,
          help_heading = "Evaluation")]
    resamples: usize,

    #[command(flatten)]
    estimator: EstimatorFlags,
}

impl Evaluate {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let (y, decisions, done) = match &self.model {
            Some(path) => {
                self.explicit.check_model::<Self>(&[
                    "data",
                    "resamples",
                    "format",
                    "zero_based",
                    "n_features",
                ])?;
                let (y, decisions) = self.of_model(path, general)?;
                (y, decisions, Done::Complete)
            }
            None => self.out_of_fold(general)?,
        };
        self.report(&y, &decisions, general)?;
        Ok(done)
    }

    /// One decision per row, by a model from a file.
    fn of_model(
        &self,
        path: &std::path::Path,
        general: &General,
    ) -> Result<(Vec<Label>, Vec<f64>), Failure> {
        let model = self.data.widen(FittedEstimator::load(path)?)?;
        let bar = general.spinner("reading");
        let rows = model.read_as(&self.data.data, TargetUse::Required, &self.data.format())?;
        bar.finish_and_clear();
        self.data.warn(&rows.warnings, general);
        let decisions = model
            .decision_function(rows.x.view())
            .in_file(&self.data.data)?;
        Ok((rows.y.unwrap_or_default(), decisions))
    }

    /// One decision per row, by the model that did not see it.
    fn out_of_fold(&self, general: &General) -> Result<(Vec<Label>, Vec<f64>, Done), Failure> {
        let also = ["folds", "resamples"];
        let estimator = self
            .estimator
            .estimator::<Self>(&self.explicit, &also, general.seed)?;
        if estimator.is_precomputed() {
            return Err(Failure::usage(
                "--kernel precomputed cannot be cross-validated: fit with train and pass --model",
            ));
        }
        let data = self.data.read(self.estimator.scale(), general)?;
        self.data.warn(&estimator.warnings_before(&data), general);
        let cv = CrossValidation {
            folds: self.folds,
            scale: estimator.scaler_kind(),
            seed: general.seed,
        };
        let bar = general.progress(self.folds as u64, "folds");
        let found = cv
            .decisions(&data, &estimator, &|| bar.inc(1))
            .in_file(&self.data.data)?;
        bar.finish_and_clear();
        let mut done = Done::Complete;
        if found.at_max_iter > 0 {
            done = Done::HitMaxIter;
            general.warn("the solver stopped at its iteration limit in at least one fold");
        }
        Ok((data.y().to_vec(), found.decisions, done))
    }

    fn report(&self, y: &[Label], decisions: &[f64], general: &General) -> Result<(), Failure> {
        let predicted: Vec<Label> = decisions.iter().map(|&d| Label::from_sign(d)).collect();
        let confusion = ConfusionMatrix::of(y, &predicted)?;
        let counts = ClassCounts::of(y);
        let bar = general.spinner("intervals");
        // Undefined here (say, precision where the class is never predicted) is no value, not 0.
        let metrics: Vec<(Metric, Option<f64>, Option<Interval>)> = Metric::ALL
            .iter()
            .copied()
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
