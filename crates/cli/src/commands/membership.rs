//! `fuzzysvm membership`

use std::path::PathBuf;

use fuzzysvm::core::Samples;
use fuzzysvm::estimator::method::{MethodEntry, MethodSettings, Preliminary};
use fuzzysvm::estimator::{Encode as _, Estimator, KernelName, SvmSpec, Warning};
use fuzzysvm::knn_entropy::{Auto, NeighborSearch, class_entropy};
use fuzzysvm::membership::MembershipKind;
use serde_json::json;

use crate::failure::{Done, Failure, InFile};
use crate::flags::{DataFlags, KernelFlags, MethodParser, ParamFlags, ScaleFlag, count};
use crate::ui::{General, aligned, grouped, short, shown};

/// Compute the fuzzy membership of every sample
///
/// Writes a CSV with one line per sample: row (from 0), label and membership, and with
/// --details the entropy (in nats) of the classes among its k nearest neighbors.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm membership yeast4.dat --method efsvm --k 7 --output s.csv\n  \
    fuzzysvm membership data.csv --target y --method iefsvm --details | head\n  \
    fuzzysvm membership data.csv --method slack-factor --param beta=0.3 | head")]
pub struct Membership {
    #[command(flatten)]
    data: DataFlags,

    #[command(flatten)]
    scale: ScaleFlag,

    /// Method, see `fuzzysvm methods`
    #[arg(long, short = 'M', value_parser = MethodParser::Membership, default_value = "efsvm",
          value_name = "METHOD", help_heading = "Method", hide_possible_values = true)]
    method: &'static MethodEntry,

    #[command(flatten)]
    params: ParamFlags,

    /// Neighbors of efsvm, efsvm-binned, relative-density
    #[arg(long, value_name = "K", value_parser = count, help_heading = "Method")]
    k: Option<usize>,

    #[command(flatten)]
    kernel: KernelFlags,

    /// Add columns entropy_K, K of the method or 1, 3, …, 15
    #[arg(long, help_heading = "Output")]
    details: bool,

    /// File to write [default: standard output]
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true,
        help_heading = "Output"
    )]
    output: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl Membership {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let settings = self.params.settings(self.method, self.k)?;
        let MethodSettings::Membership(weighting) = &settings else {
            return Err(Failure::usage(format!(
                "{} is not a membership",
                self.method.name
            )));
        };
        // Only the preliminary SVM of some memberships has a kernel here.
        let svm = SvmSpec {
            kernel: self.kernel.spec(None)?,
            ..SvmSpec::default()
        };
        if self.kernel.is_given() && !weighting.needs_first_model() {
            return Err(Failure::usage(format!(
                "--kernel does not apply to --method {}: it fits no SVM",
                self.method.name
            )));
        }
        self.params.check_kernel(svm.kernel.name)?;
        if svm.kernel.name == KernelName::Precomputed {
            return Err(Failure::usage(
                "--kernel precomputed has no features for a membership",
            ));
        }
        let estimator = Estimator::new(settings.clone())
            .with_svm(svm)
            .with_scale(self.scale.scale)
            .with_seed(general.seed);
        estimator
            .validate()
            .map_err(|e| Failure::of_param(&e, self.method.name))?;
        let inputs = [&self.data.data];
        let destination = general.destination(&self.output, self.force, &inputs, "table")?;
        let file = &self.data.data;
        let data = self.data.read(self.scale.scale, general)?;
        self.data.warn(&estimator.warnings_before(&data), general);
        let counts = data.counts();
        let preprocessing = data.learn(None, estimator.scaler_kind()).in_file(file)?;
        let x = data.encode(&preprocessing, None).in_file(file)?;
        let samples = Samples::new(x.view(), data.y())?;

        let bar = general.spinner("membership");
        let names = preprocessing.feature_names();
        let s = weighting
            .membership(
                &names,
                samples,
                Preliminary::Beside(&estimator.svm, general.seed),
            )
            .in_file(file)?;
        let ks = if self.details {
            ks(&weighting.membership)
        } else {
            Vec::new()
        };
        let entropy = match ks.last() {
            Some(&k) => {
                let table = Auto.among_themselves(x.view(), k).in_file(file)?;
                class_entropy(&table, data.y(), &ks).in_file(file)?
            }
            None => Vec::new(),
        };
        bar.finish_and_clear();

        let names = data.class_names();
        let warnings = Warning::of_memberships(&s, data.y(), &names);
        self.data.warn(&warnings, general);
        destination.write(|out| {
            let mut csv = csv::Writer::from_writer(out);
            let mut header = vec!["row".to_owned(), "label".into(), "membership".into()];
            header.extend(ks.iter().map(|k| format!("entropy_{k}")));
            csv.write_record(&header)?;
            for (i, row) in data.row_numbers().into_iter().enumerate() {
                let name = &names[usize::from(data.y()[i].is_positive())];
                let mut record = vec![row.to_string(), name.clone(), s[i].to_string()];
                let at = i * ks.len();
                record.extend(entropy.iter().skip(at).take(ks.len()).map(f64::to_string));
                csv.write_record(&record)?;
            }
            csv.flush()?;
            Ok(())
        })?;
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        let zero = s.iter().filter(|&&v| v == 0.0).count();
        let sum: f64 = s.iter().sum();
        general.result(
            &json!({
                "n_samples": s.len(),
                "n_positive": counts.positive,
                "n_negative": counts.negative,
                "mean": sum / s.len() as f64,
                "n_zero": zero,
                "output": shown(&self.output),
            }),
            || {
                aligned(&[
                    ("samples", grouped(s.len() as u64)),
                    ("mean", short(sum / s.len() as f64)),
                    ("weight 0", grouped(zero as u64)),
                    ("written", self.output.display().to_string()),
                ])
            },
        )?;
        Ok(Done::Complete)
    }
}

/// The neighborhood sizes whose entropies a method looks at.
fn ks(membership: &MembershipKind) -> Vec<usize> {
    match membership {
        MembershipKind::Efsvm(m) => vec![m.n_neighbors],
        MembershipKind::EfsvmBinned(m) => vec![m.n_neighbors],
        MembershipKind::Iefsvm(m) => m.ks.clone(),
        _ => (1..=15).step_by(2).collect(),
    }
}
