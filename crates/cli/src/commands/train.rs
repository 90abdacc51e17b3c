//! `fuzzysvm train`

use std::fs;
use std::path::PathBuf;

use fuzzysvm::calibration::CalibratorKind;
use fuzzysvm::core::Parameters as _;
use fuzzysvm::datasets::table::read_weights;
use fuzzysvm::estimator::{
    CalibrationSpec, Data, Estimator, FitInfo, FittedEstimator, Model, SvmModel, Warning,
};
use fuzzysvm::experiments::on_offer::{LoanModel, LoanModelOptions};
use fuzzysvm::experiments::source_of;
use serde_json::{Value, json};

use crate::calibration::{fitted_json, fitted_text};
use crate::classes::Classes;
use crate::estimate::say_where_long;
use crate::explicit_flags::ExplicitFlags;
use crate::failure::{Done, Failure, InFile};
use crate::flags::{DataFlags, EstimatorFlags, count};
use crate::output::Destination;
use crate::params::text_of;
use crate::ui::{General, aligned, grouped, seconds, short};

/// Fit one model
///
/// --method names a membership of the SVM, or a baseline, which takes --param in place of the SVM's
/// flags. The model file holds the columns, categories and scaling of the training data, so that
/// predict and evaluate read other files the same way. With --approx time and memory grow with the
/// samples, not with their square; --tol is then the duality gap relative to the objective, and
/// --max-iter counts Newton steps.
///
/// With --calibrate predict writes probabilities too, learnt from decision values out of
/// folds, one more fit for each fold; decisions and labels stay what they are. Of loans
/// portfolio then takes the model.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm train yeast4.dat --method iefsvm --c 10 --model m.json\n  \
    fuzzysvm train data.csv --target paid --calibrate sigmoid --model m.json\n  \
    fuzzysvm train LoanStats3a.csv --k 7 --model loans.json --json\n  \
    fuzzysvm train big.csv --method fsvm --approx nystrom --components 1000 \\\n      \
      --model m.json\n  \
    fuzzysvm train data.csv --method cs-rf --param n_estimators=200 \\\n      \
      --param min_samples_leaf=10 --model forest.json")]
pub struct Train {
    #[command(flatten)]
    explicit: ExplicitFlags,

    #[command(flatten)]
    data: DataFlags,

    #[command(flatten)]
    estimator: EstimatorFlags,

    /// File with one number per line, multiplied onto the membership
    #[arg(long, value_name = "FILE", help_heading = "Method")]
    weights: Option<PathBuf>,

    /// Learn probabilities: sigmoid or isotonic
    #[arg(long, value_name = "HOW", value_parser = calibrator, help_heading = "Method")]
    calibrate: Option<CalibratorKind>,

    /// Folds of --calibrate [default: 5]
    #[arg(long, value_name = "N", value_parser = count, requires = "calibrate",
          help_heading = "Method")]
    folds: Option<usize>,

    /// Model file to write
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    model: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

fn calibrator(text: &str) -> Result<CalibratorKind, String> {
    text.parse()
        .map_err(|_| "expected sigmoid or isotonic".to_owned())
}

impl Train {
    /// What is asked of the calibration.
    fn calibration(&self) -> Option<CalibrationSpec> {
        let spec = CalibrationSpec::default().with_method(self.calibrate?);
        Some(spec.with_folds(self.folds.unwrap_or(spec.folds)))
    }

    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let also = ["weights", "model", "force", "calibrate", "folds"];
        let estimator = self
            .estimator
            .estimator::<Self>(&self.explicit, &also, general.seed)?
            .with_calibration(self.calibration());
        if estimator.is_precomputed() && self.calibrate.is_some() {
            return Err(Failure::usage(
                "--kernel precomputed cannot be calibrated: a Gram matrix cannot be cut into folds",
            ));
        }
        estimator
            .validate()
            .map_err(|e| Failure::of_param(&e, estimator.method.name()))?;
        let inputs = [Some(&self.data.data), self.weights.as_ref()];
        let inputs: Vec<&PathBuf> = inputs.into_iter().flatten().collect();
        let destination = Destination::prepare(&self.model, self.force, &inputs)?;
        let file = &self.data.data;
        let data = self.data.read(self.estimator.scale(), general)?;
        let before = estimator.warnings_before(&data);
        self.data.warn(&before, general);
        let weights = match &self.weights {
            Some(path) => {
                let (name, bytes) = (path.display().to_string(), fs::read(path).in_file(path)?);
                Some(read_weights(&name, &bytes, data.y().len())?)
            }
            None => None,
        };
        say_where_long(&data, general, |n, d, threads| {
            let all = estimator.expected_seconds(n, d, threads);
            let folds = estimator.calibration.map_or(0, |spec| spec.folds);
            let of_fold = n - n / folds.max(1);
            all + folds as f64 * estimator.expected_seconds(of_fold, d, threads)
        });
        let bar = general.spinner("training");
        let fitted = estimator.fit(&data, weights.as_deref()).in_file(file)?;
        bar.finish_and_clear();
        self.data.warn(&fitted.warnings()[before.len()..], general);
        let fitted = self.with_returns(fitted, &data, general);

        destination.write(|out| {
            writeln!(out, "{}", fitted.to_json()?)?;
            Ok(())
        })?;
        let Some(info) = fitted.info() else {
            return Ok(Done::Complete);
        };
        let classes = Classes::of(data.class_names(), data.y());
        let mut line = summary(&estimator, &fitted, info);
        classes.put_into(&mut line);
        let folds = estimator.calibration.map_or(0, |spec| spec.folds);
        if let Some(calibration) = fitted.calibration() {
            line["calibration"] = fitted_json(calibration, folds);
        }
        general.result(&line, || {
            let mut rows = text(&estimator, &fitted, info);
            rows.insert(1, ("classes", classes.text()));
            if let Some(calibration) = fitted.calibration() {
                rows.push(("calibration", fitted_text(calibration, folds)));
            }
            rows.push(("written", self.model.display().to_string()));
            aligned(&rows)
        })?;
        let in_folds = |w: &Warning| matches!(w, Warning::FoldsAtMaxIterations { .. });
        Ok(match fitted.warnings().iter().any(in_folds) {
            true => Done::HitMaxIter,
            false => Done::with_model(&fitted),
        })
    }
}

impl Train {
    /// A model of loans with probabilities also takes what forecasts returns, for portfolio.
    fn with_returns(
        &self,
        fitted: FittedEstimator,
        data: &Data,
        general: &General,
    ) -> FittedEstimator {
        let (Data::Loans(loans), Some(_)) = (data, fitted.calibration()) else {
            return fitted;
        };
        let options = LoanModelOptions::default()
            .with_source(source_of(
                &self.data.data.display().to_string(),
                loans.book(),
            ))
            .with_seed(general.seed);
        let model = LoanModel::fit(fitted.clone(), loans, &options);
        model
            .and_then(|model| model.to_fitted())
            .unwrap_or_else(|why| {
                general.warn(format!("portfolio will not take this model: {why}"));
                fitted
            })
    }
}

/// The line of `--json`.
fn summary(estimator: &Estimator, fitted: &FittedEstimator, info: FitInfo) -> Value {
    match fitted.model() {
        Model::Svm(SvmModel::Exact(model)) => json!({
            "n_samples": info.n_samples,
            "n_features": info.n_features,
            "n_support": model.n_support.iter().sum::<usize>(),
            "objective": model.info.objective,
            "intercept": model.intercept,
            "iterations": model.info.iterations,
            "kkt_gap": model.info.kkt_gap,
            "status": model.info.status.to_string(),
            "seconds": info.seconds,
        }),
        Model::Svm(SvmModel::Approx(model)) => json!({
            "n_samples": info.n_samples,
            "n_features": info.n_features,
            "approx": model.map_name(),
            "n_components": model.coef.len(),
            "objective": -model.info.dual,
            "intercept": model.intercept,
            "iterations": model.info.iterations,
            "duality_gap": model.info.duality_gap,
            "status": model.info.status.to_string(),
            "seconds": info.seconds,
        }),
        _ => json!({
            "n_samples": info.n_samples,
            "n_features": info.n_features,
            "method": estimator.method.name(),
            "parameters": estimator.method.params_json(),
            "seed": estimator.seed,
            "seconds": info.seconds,
        }),
    }
}

/// What a person reads.
fn text(
    estimator: &Estimator,
    fitted: &FittedEstimator,
    info: FitInfo,
) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        (
            "samples",
            format!(
                "{} of {} features",
                grouped(info.n_samples as u64),
                info.n_features
            ),
        ),
        ("method", estimator.method.name().to_owned()),
    ];
    match fitted.model() {
        Model::Svm(model) => rows.extend(svm_text(estimator, model)),
        _ => rows.push(("parameters", text_of(&estimator.method.get_params()))),
    }
    rows.push(("time", seconds(info.seconds)));
    rows
}

fn svm_text(estimator: &Estimator, model: &SvmModel) -> Vec<(&'static str, String)> {
    let kernel = match model.kernel().gamma() {
        Some(gamma) => format!("{}, gamma {}", model.kernel().name(), short(gamma)),
        None => model.kernel().name().to_owned(),
    };
    let (made_of, objective, intercept, iterations) = match model {
        SvmModel::Approx(model) => {
            let parts = grouped(model.coef.len() as u64);
            let map = format!("{}, {parts} components", model.map_name());
            let info = &model.info;
            let made_of = ("approximation", map);
            (made_of, -info.dual, model.intercept, info.iterations)
        }
        SvmModel::Exact(model) => {
            let [negative, positive] = model.n_support;
            let support = format!(
                "{} ({} negative, {} positive)",
                grouped((negative + positive) as u64),
                grouped(negative as u64),
                grouped(positive as u64)
            );
            let info = &model.info;
            let made_of = ("support", support);
            (made_of, info.objective, model.intercept, info.iterations)
        }
        _ => (("model", String::new()), f64::NAN, f64::NAN, 0),
    };
    vec![
        ("kernel", format!("{kernel}, C {}", short(estimator.svm.c))),
        made_of,
        ("objective", short(objective)),
        ("intercept", short(intercept)),
        (
            "solver",
            format!(
                "{} after {} iterations, gap {}",
                model.status(),
                grouped(iterations),
                short(model.gap())
            ),
        ),
    ]
}
