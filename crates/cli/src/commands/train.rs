//! `fuzzysvm train`

use std::path::PathBuf;
use std::time::Instant;

use fuzzysvm::core::{Learner, MatrixBuf, Samples};
use fuzzysvm::datasets::table::ScalerKind;
use fuzzysvm::kernels::Gamma;
use fuzzysvm::qp::Status;
use serde_json::json;

use crate::data::{DataArgs, Preprocessing, ScaleArgs, Source, check_gram_shape};
use crate::failure::{Done, Failure, FailureInFile, InFile};
use crate::fitting::Fitting;
use crate::given::Given;
use crate::learner::{LearnerArgs, settings_json, settings_text};
use crate::method::First;
use crate::method_name::{MethodName, Peer};
use crate::model::{Model, ModelFile};
use crate::options::{
    ApproxArgs, KernelArgs, KernelName, MembershipArgs, Method, SolverArgs, gamma, positive,
};
use crate::output::Destination;
use crate::ui::{General, aligned, grouped, seconds, short};
use crate::weights::read_weights;

/// Fit one model
///
/// --method is a membership of the SVM, or a peer that is no SVM and takes --param in
/// place of the SVM's flags. The model file holds the columns, categories and scaling of
/// the training data with the model, so that predict and evaluate read other files the
/// same way.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm train yeast4.dat --method iefsvm --c 10 --model m.json\n  \
    fuzzysvm train data.csv --target paid --positive no --model m.json\n  \
    fuzzysvm train LoanStats3a.csv --k 7 --model loans.json --json\n  \
    fuzzysvm train big.csv --method fsvm --approx nystrom --components 1000 \\\n      \
      --model m.json\n  \
    fuzzysvm train data.csv --method cs-rf --param n_estimators=200 \\\n      \
      --param min_samples_leaf=10 --model forest.json")]
pub struct Train {
    #[command(flatten)]
    given: Given,

    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    scale: ScaleArgs,

    #[command(flatten)]
    learner: LearnerArgs,

    #[command(flatten)]
    weighting: MembershipArgs,

    /// File with one non-negative number a line: weights of the samples, multiplied onto
    /// the membership
    #[arg(long, value_name = "FILE", help_heading = "Method")]
    weights: Option<PathBuf>,

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

    /// Model file to write
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    model: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

/// Training samples, read and encoded.
struct Training {
    source: Source,
    weights: Option<Vec<f64>>,
    preprocessing: Preprocessing,
    x: MatrixBuf,
}

impl Train {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        match self.learner.method {
            MethodName::Membership(method) => self.svm(method, general),
            MethodName::Peer(peer) => self.peer(peer, general),
        }
    }

    /// Reads everything that is learned from.
    fn read(
        &self,
        scale: ScalerKind,
        positive_is_minority: bool,
        general: &General,
    ) -> Result<Training, Failure> {
        let file = &self.data.data;
        let source = Source::read(&self.data, general)?;
        source.counts(general, positive_is_minority);
        let weights = match &self.weights {
            Some(path) => Some(read_weights(path, source.y().len())?),
            None => None,
        };
        let preprocessing = source.fit(None, scale).in_failure(file)?;
        let x = source.encode(&preprocessing, None).in_failure(file)?;
        Ok(Training {
            source,
            weights,
            preprocessing,
            x,
        })
    }

    /// A learner of its own.
    fn peer(&self, peer: Peer, general: &General) -> Result<Done, Failure> {
        let learner = self.learner.one(peer, general.seed)?;

        self.given
            .check_peer::<Self>(peer, &["weights", "model", "force"])?;
        let scale = self.scale.kind(false)?;
        let destination = Destination::prepare(&self.model, self.force)?;
        let file = &self.data.data;
        let training = self.read(scale, false, general)?;

        let bar = general.spinner("training");
        let start = Instant::now();
        let samples = Samples::new(training.x.view(), training.source.y())?;
        let model = learner
            .fit(samples, training.weights.as_deref())
            .in_file(file)?;
        let elapsed = start.elapsed().as_secs_f64();
        bar.finish_and_clear();

        let settings = learner.settings();
        let (n_samples, n_features) = (samples.n_samples(), samples.n_features());
        let content = ModelFile::peer(model, training.preprocessing, learner);
        destination.write(|out| content.write(out))?;
        general.result(
            &json!({
                "n_samples": n_samples,
                "n_features": n_features,
                "method": peer.name(),
                "parameters": settings_json(&settings),
                "seed": general.seed,
                "seconds": elapsed,
            }),
            || {
                aligned(&[
                    ("samples", samples_text(n_samples, n_features)),
                    ("method", peer.name().to_owned()),
                    ("parameters", settings_text(&settings)),
                    ("time", seconds(elapsed)),
                    ("written", self.model.display().to_string()),
                ])
            },
        )?;
        Ok(Done::Complete)
    }

    /// The SVM with a membership.
    fn svm(&self, method: Method, general: &General) -> Result<Done, Failure> {
        self.learner.check(method)?;
        let settings = &self.weighting.settings;
        let membership = self.weighting.membership(method)?;
        self.kernel.check(self.gamma.is_some())?;
        settings.check_kernel(method, &self.kernel)?;
        self.approx.check(self.kernel.kernel)?;
        let precomputed = self.kernel.kernel == KernelName::Precomputed;
        if precomputed && method.needs_features() {
            return Err(Failure::usage(format!(
                "--kernel precomputed has no features for --method {}: take uniform or class-cost",
                method.name()
            )));
        }
        let scale = self.scale.kind(precomputed)?;
        let destination = Destination::prepare(&self.model, self.force)?;
        let file = &self.data.data;
        let Training {
            source,
            weights,
            preprocessing,
            x,
        } = self.read(scale, settings.positive_is_minority(method), general)?;
        if precomputed {
            check_gram_shape(file, x.view())?;
        }

        let bar = general.spinner("training");
        let start = Instant::now();
        let n_features = x.n_cols();
        let kernel = self
            .kernel
            .kernel(self.gamma.unwrap_or_default(), x.view())
            .in_failure(file)?;
        let first = First {
            kernel: &self.kernel,
            machine: Some((&self.approx, &self.solver)),
            seed: general.seed,
        };
        let membership = settings
            .on(membership, &preprocessing, x.view(), &first)
            .in_failure(file)?;
        let x = self.kernel.samples(x)?;
        let samples = Samples::new(x.view(), source.y())?;
        let fitting = Fitting {
            membership,
            learning: self
                .approx
                .learning(self.c, kernel, &self.solver, general.seed),
        };
        let fitted = fitting.fit(samples, weights.as_deref()).in_failure(file)?;
        let elapsed = start.elapsed().as_secs_f64();
        bar.finish_and_clear();
        fitted.warn(x.view(), general);
        let model = fitted.model;

        let summary = match &model {
            Model::Exact(model) => json!({
                "n_samples": model.n_samples,
                "n_features": n_features,
                "n_support": model.n_support.iter().sum::<usize>(),
                "objective": model.info.objective,
                "intercept": model.intercept,
                "iterations": model.info.iterations,
                "kkt_gap": model.info.kkt_gap,
                "status": model.info.status.to_string(),
                "seconds": elapsed,
            }),
            Model::Approx(model) => json!({
                "n_samples": model.n_samples,
                "n_features": n_features,
                "approx": model.map_name(),
                "n_components": model.coef.len(),
                "objective": -model.info.dual,
                "intercept": model.intercept,
                "iterations": model.info.iterations,
                "duality_gap": model.info.duality_gap,
                "status": model.info.status.to_string(),
                "seconds": elapsed,
            }),
        };
        let text = self.text(method, &model, n_features, elapsed);
        let converged = model.status() != Status::MaxIterations;
        let content = ModelFile::svm(model, preprocessing, method.name());
        destination.write(|out| content.write(out))?;
        general.result(&summary, || text)?;
        Ok(if converged {
            Done::Complete
        } else {
            Done::HitMaxIter
        })
    }

    fn text(&self, method: Method, model: &Model, n_features: usize, elapsed: f64) -> String {
        let kernel = match model.kernel().gamma() {
            Some(gamma) => format!("{}, gamma {}", model.kernel().name(), short(gamma)),
            None => model.kernel().name().to_owned(),
        };
        let (n_samples, made_of, objective, intercept, iterations) = match model {
            Model::Exact(model) => {
                let [negative, positive] = model.n_support;
                let support = format!(
                    "{} ({} negative, {} positive)",
                    grouped((negative + positive) as u64),
                    grouped(negative as u64),
                    grouped(positive as u64)
                );
                let info = &model.info;
                (
                    model.n_samples,
                    ("support", support),
                    info.objective,
                    model.intercept,
                    info.iterations,
                )
            }
            Model::Approx(model) => {
                let parts = grouped(model.coef.len() as u64);
                let map = format!("{}, {parts} components", model.map_name());
                let info = &model.info;
                (
                    model.n_samples,
                    ("approximation", map),
                    -info.dual,
                    model.intercept,
                    info.iterations,
                )
            }
        };
        aligned(&[
            ("samples", samples_text(n_samples, n_features)),
            ("method", method.name().to_owned()),
            ("kernel", format!("{kernel}, C {}", short(self.c))),
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
            ("time", seconds(elapsed)),
            ("written", self.model.display().to_string()),
        ])
    }
}

fn samples_text(n_samples: usize, n_features: usize) -> String {
    format!("{} of {n_features} features", grouped(n_samples as u64))
}
