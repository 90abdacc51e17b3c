//! `fuzzysvm membership`

use std::path::PathBuf;

use fuzzysvm::core::Samples;
use fuzzysvm::knn_entropy::{Auto, NeighborSearch, class_entropy};
use fuzzysvm::membership::{Membership as _, MembershipKind};
use serde_json::json;

use crate::data::{DataArgs, ScaleArgs, Source};
use crate::failure::{Done, Failure, FailureInFile, InFile};
use crate::method::{First, starts_from_a_model};
use crate::method_name::MembershipParser;
use crate::options::{KernelArgs, KernelName, MembershipArgs, Method};
use crate::output::Destination;
use crate::ui::{General, aligned, grouped, short};

/// Compute the fuzzy membership of every sample
///
/// Writes a CSV with one line a sample: row (from 0), label and membership, and with
/// --details the entropy (in nats) of the classes among its k nearest neighbours.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm membership yeast4.dat --method efsvm --k 7 --output s.csv\n  \
    fuzzysvm membership data.csv --target y --method iefsvm --details | head\n  \
    fuzzysvm membership data.csv --method slack-factor --membership-c 10 | head")]
pub struct Membership {
    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    scale: ScaleArgs,

    /// Fuzzy membership of the samples
    #[arg(long, short = 'M', value_parser = MembershipParser, default_value = "efsvm",
          value_name = "METHOD", help_heading = "Method")]
    method: Method,

    #[command(flatten)]
    weighting: MembershipArgs,

    #[command(flatten)]
    kernel: KernelArgs,

    /// Add columns entropy_K for the method's K (1, 3, …, 15 where it has none)
    #[arg(long, help_heading = "Output")]
    details: bool,

    /// File to write [default: standard output]
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "-",
        help_heading = "Output"
    )]
    output: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl Membership {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let membership = self.weighting.membership(self.method)?;
        let settings = &self.weighting.settings;
        settings.check_kernel(self.method, &self.kernel)?;
        self.kernel.check(false)?;
        if self.kernel.is_given() && !starts_from_a_model(&membership) {
            return Err(Failure::usage(format!(
                "--kernel does not apply to --method {}: it fits no SVM",
                self.method.name()
            )));
        }
        if self.kernel.kernel == KernelName::Precomputed {
            return Err(Failure::usage(
                "--kernel precomputed has no features for a membership",
            ));
        }
        let scale = self.scale.kind(false)?;
        let destination = Destination::prepare(&self.output, self.force)?;
        if destination.is_stdout() && general.json {
            return Err(Failure::usage("--json needs --output FILE for the table"));
        }
        let source = Source::read(&self.data, general)?;
        let counts = source.counts(general, settings.positive_is_minority(self.method));
        let file = &self.data.data;
        let preprocessing = source.fit(None, scale).in_failure(file)?;
        let x = source.encode(&preprocessing, None).in_failure(file)?;
        let samples = Samples::new(x.view(), source.y())?;

        let bar = general.spinner("membership");
        let first = First {
            kernel: &self.kernel,
            machine: None,
            seed: general.seed,
        };
        let membership = settings
            .on(membership, &preprocessing, x.view(), &first)
            .in_failure(file)?;
        let s = membership.membership(samples).in_file(file)?;
        let ks = if self.details {
            ks(&membership.membership)
        } else {
            Vec::new()
        };
        let entropy = match ks.last() {
            Some(&k) => {
                let table = Auto.among_themselves(x.view(), k).in_file(file)?;
                class_entropy(&table, source.y(), &ks).in_file(file)?
            }
            None => Vec::new(),
        };
        bar.finish_and_clear();

        let names = source.class_names();
        destination.write(|out| {
            let mut csv = csv::Writer::from_writer(out);
            let mut header = vec!["row".to_owned(), "label".into(), "membership".into()];
            header.extend(ks.iter().map(|k| format!("entropy_{k}")));
            csv.write_record(&header)?;
            for (i, row) in source.row_numbers().into_iter().enumerate() {
                let name = &names[usize::from(source.y()[i].is_positive())];
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
                "output": self.output,
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

/// The neighbourhood sizes whose entropies a method looks at.
fn ks(membership: &MembershipKind) -> Vec<usize> {
    match membership {
        MembershipKind::Efsvm(m) => vec![m.n_neighbors],
        MembershipKind::EfsvmBinned(m) => vec![m.n_neighbors],
        MembershipKind::Iefsvm(m) => m.ks.clone(),
        _ => (1..=15).step_by(2).collect(),
    }
}
