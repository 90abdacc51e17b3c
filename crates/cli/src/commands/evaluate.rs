//! `fuzzysvm evaluate`

use std::path::PathBuf;

use fuzzysvm::calibration::Calibration as _;
use fuzzysvm::core::Label;
use fuzzysvm::estimator::{CrossValidation, Data, Preprocessing, Warning};
use fuzzysvm::evaluation::{ConfusionMatrix, EvaluationError, Interval, Metric, metric_interval};
use serde_json::{Map, Value, json};

use crate::calibration::Assessed;
use crate::classes::Classes;
use crate::estimate::say_where_long;
use crate::explicit_flags::ExplicitFlags;
use crate::failure::{Done, Failure, InFile};
use crate::flags::{DataFlags, EstimatorFlags, count};
use crate::model;
use crate::ui::{General, plain_table};

/// Confidence level of the intervals.
const LEVEL: f64 = 0.95;

/// Measure a model on a file, or a method by cross-validation
///
/// With --model every row of DATA is scored once. Without it the method is fitted on
/// each of the --folds and every row is scored by the model that did not see it.
///
/// precision, f1 and average-precision are those of the positive class, which the first
/// line names; loans have precision-paid beside them, the share truly paid among those
/// predicted paid, and predicted-negative-rate, the share predicted to default, as the
/// field calls it. The intervals, at 95 %, are exact for proportions (Clopper-Pearson) and
/// for f1, by MOVER from the two recalls for balanced-accuracy, g-mean and mcc, DeLong's
/// for roc-auc and percentile bootstrap intervals for the rest; where the rows allow none,
/// the reason stands in its place.
///
/// A model trained with --calibrate is also measured by its probabilities: brier and
/// log-loss, calibration slope and intercept (best: 1 and 0), expected calibration error,
/// the parts of the Brier score, and predicted against observed in ten bins of equal count.
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

    /// Bootstrap resamples behind the intervals of average-precision, ks,
    /// brier and log-loss
    #[arg(long, value_name = "N", default_value = "1000", value_parser = count,
          help_heading = "Evaluation")]
    resamples: usize,

    #[command(flatten)]
    estimator: EstimatorFlags,
}

/// What there is to measure: one decision per row.
struct Scored {
    y: Vec<Label>,
    decisions: Vec<f64>,
    /// One probability per row, of a model that has them.
    probabilities: Option<Vec<f64>>,
    class_names: [String; 2],
    /// Whether the rows are loans.
    loans: bool,
}

impl Evaluate {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let (scored, done) = match &self.model {
            Some(path) => {
                self.explicit.check_model::<Self>(&[
                    "data",
                    "map",
                    "resamples",
                    "format",
                    "zero_based",
                    "n_features",
                ])?;
                (self.of_model(path, general)?, Done::Complete)
            }
            None => self.out_of_fold(general)?,
        };
        self.report(&scored, general)?;
        Ok(done)
    }

    /// One decision per row, by a model from a file.
    fn of_model(&self, path: &std::path::Path, general: &General) -> Result<Scored, Failure> {
        let model = self.data.widen(model::load(path, general)?)?;
        let bar = general.spinner("reading");
        let rows = self.data.rows(&model)?;
        bar.finish_and_clear();
        self.data.warn(&rows.warnings, general);
        let decisions = model
            .decision_function(rows.x.view())
            .in_file(&self.data.data)?;
        let y = rows.y.unwrap_or_default();
        self.data
            .warn(&model.warnings_on(rows.x.view(), &y), general);
        self.data
            .warn(Warning::of_decisions(&decisions).as_slice(), general);
        let probabilities = match model.calibration() {
            Some(calibration) => Some(
                calibration
                    .probability(&decisions)
                    .in_file(&self.data.data)?,
            ),
            None => None,
        };
        Ok(Scored {
            y,
            decisions,
            probabilities,
            class_names: model.class_names(),
            loans: matches!(model.preprocessing(), Preprocessing::LendingClub(_)),
        })
    }

    /// One decision per row, by the model that did not see it.
    fn out_of_fold(&self, general: &General) -> Result<(Scored, Done), Failure> {
        let also = ["folds", "resamples"];
        let estimator = self
            .estimator
            .estimator::<Self>(&self.explicit, &also, general.seed)?;
        if estimator.is_precomputed() {
            return Err(Failure::usage(
                "--kernel precomputed cannot be cross-validated: fit with train and pass --model",
            ));
        }
        let cv = CrossValidation {
            folds: self.folds,
            scale: estimator.scaler_kind(),
            seed: general.seed,
        };
        cv.validate().map_err(Failure::of_setting)?;
        let data = self.data.read(self.estimator.scale(), general)?;
        self.data.warn(&estimator.warnings_before(&data), general);
        let of_folds = cv.warnings(&data).in_file(&self.data.data)?;
        self.data.warn(&of_folds, general);
        say_where_long(&data, general, |n, d, threads| {
            let of_fold = n - n / self.folds.max(1);
            self.folds as f64 * estimator.expected_seconds(of_fold, d, threads)
        });
        let bar = general.progress(self.folds as u64, "folds");
        let found = cv
            .decisions(&data, &estimator, &|| bar.inc(1))
            .in_file(&self.data.data)?;
        bar.finish_and_clear();
        self.data.warn(&found.warnings, general);
        let mut done = Done::Complete;
        if found.at_max_iter > 0 {
            done = Done::HitMaxIter;
            general.warn("the solver stopped at its iteration limit in at least one fold");
        }
        let scored = Scored {
            y: data.y().to_vec(),
            decisions: found.decisions,
            probabilities: None,
            class_names: data.class_names(),
            loans: matches!(data, Data::Loans(_)),
        };
        Ok((scored, done))
    }

    fn report(&self, scored: &Scored, general: &General) -> Result<(), Failure> {
        let (y, decisions) = (scored.y.as_slice(), scored.decisions.as_slice());
        let probabilities = scored.probabilities.as_deref();
        let assessed = match probabilities {
            Some(p) => Some(Assessed::of(y, p, LEVEL)?),
            None => None,
        };
        let predicted: Vec<Label> = decisions.iter().map(|&d| Label::from_sign(d)).collect();
        let confusion = ConfusionMatrix::of(y, &predicted)?;
        let classes = Classes::of(scored.class_names.clone(), y);
        let bar = general.spinner("intervals");
        // Undefined here (say, precision where the class is never predicted) is no value, not 0.
        let metrics: Vec<Measured> = Metric::ALL
            .iter()
            .copied()
            .filter(|metric| probabilities.is_some() || !metric.needs_probability())
            .filter(|metric| scored.loans || !metric.of_loans())
            .map(|metric| Measured {
                metric,
                value: metric.compute(y, decisions, probabilities).ok(),
                interval: metric_interval(
                    metric,
                    y,
                    decisions,
                    probabilities,
                    self.resamples,
                    LEVEL,
                    general.seed,
                ),
            })
            .collect();
        bar.finish_and_clear();

        let mut object = Map::new();
        object.insert("n_samples".into(), json!(y.len()));
        let [mut intervals, mut defined, mut none] = [Map::new(), Map::new(), Map::new()];
        for measured in &metrics {
            let key = measured.metric.key();
            object.insert(key.clone(), json!(measured.value));
            let ends = measured.interval.as_ref().ok().map(|i| [i.lower, i.upper]);
            intervals.insert(key.clone(), json!(ends));
            if let Some(n) = measured.n_defined() {
                defined.insert(key.clone(), json!(n));
            }
            if let Err(e) = &measured.interval {
                none.insert(key, json!(e.to_string()));
            }
        }
        object.insert("level".into(), json!(LEVEL));
        object.insert("intervals".into(), Value::Object(intervals));
        object.insert("no_interval".into(), Value::Object(none));
        object.insert("resamples".into(), json!(self.resamples));
        object.insert("n_defined".into(), Value::Object(defined));
        object.insert(
            "confusion".into(),
            json!({
                "true_positive": confusion.true_positive,
                "false_negative": confusion.false_negative,
                "false_positive": confusion.false_positive,
                "true_negative": confusion.true_negative,
            }),
        );
        if let Some(assessed) = &assessed {
            object.insert("calibration".into(), assessed.json());
        }
        let mut object = Value::Object(object);
        classes.put_into(&mut object);
        general.result(&object, || {
            let mut rows = vec![["metric".to_owned(), "value".into(), "95 % interval".into()]];
            rows.extend(metrics.iter().map(|m| m.row(self.resamples)));
            let calibration = match &assessed {
                Some(assessed) => format!("\n\n{}", assessed.text()),
                None => String::new(),
            };
            format!("{}\n{}{calibration}", classes.text(), plain_table(&rows))
        })
    }
}

/// A metric with its interval, or why it has none.
struct Measured {
    metric: Metric,
    value: Option<f64>,
    interval: Result<Interval, EvaluationError>,
}

impl Measured {
    /// Resamples on which a resampled metric was defined.
    fn n_defined(&self) -> Option<usize> {
        let n = match &self.interval {
            Ok(interval) => interval.n_defined,
            Err(EvaluationError::NoVariance { n_defined, .. }) => *n_defined,
            Err(_) => 0,
        };
        (n > 0).then_some(n)
    }

    fn row(&self, resamples: usize) -> [String; 3] {
        let mut interval = match (&self.interval, self.value) {
            (_, None) => String::new(),
            (Ok(i), _) => format!("{:.4} to {:.4}", i.lower, i.upper),
            (Err(EvaluationError::NoVariance { .. }), _) => "none: nothing varies".to_owned(),
            (Err(_), _) => "none: too few samples".to_owned(),
        };
        if let Some(n) = self.n_defined().filter(|n| *n < resamples) {
            interval += &format!(" ({n} of {resamples} resamples)");
        }
        [
            self.metric.name().to_owned(),
            self.value.map_or("undefined".into(), |v| format!("{v:.4}")),
            interval,
        ]
    }
}
