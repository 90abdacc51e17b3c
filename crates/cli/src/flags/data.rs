//! DATA: which samples are learned from, and how they are scaled.

use std::path::PathBuf;

use clap::Args;
use fuzzysvm::datasets::lending_club::{Selection, is_loan_book};
use fuzzysvm::datasets::table::ScalerKind;
use fuzzysvm::estimator::{Data, DataOptions, Warning};

use crate::failure::Failure;
use crate::ui::General;

/// Terms of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Term {
    /// 36 months
    #[value(name = "36")]
    Months36,
    /// 60 months
    #[value(name = "60")]
    Months60,
    /// Both
    All,
}

/// Which rows to learn from.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct DataFlags {
    /// File of samples: .csv, .dat, .libsvm or .svm, also with .gz
    #[arg(value_name = "DATA", help_heading = None)]
    pub data: PathBuf,

    /// Column to predict [default: last or KEEL's @outputs]
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,

    /// Its positive value [default: the rarer one]
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    positive: Option<String>,

    /// Lending Club: months, 36, 60 or all [default: 36]
    #[arg(long, value_enum, value_name = "MONTHS", hide_possible_values = true)]
    term: Option<Term>,

    /// Lending Club: also loans that do not meet the credit policy
    #[arg(long)]
    include_off_policy: bool,
}

impl DataFlags {
    /// Reads DATA, to be scaled as given.
    pub fn read(&self, scale: Option<ScalerKind>, general: &General) -> Result<Data, Failure> {
        let bar = general.spinner("reading");
        let of_tables = "does not apply to a Lending Club file: its target is loan_status";
        let of_loans = "applies to Lending Club files alone";
        let flags = match is_loan_book(&self.data) {
            true => vec![
                (self.target.is_some(), "--target", of_tables),
                (self.positive.is_some(), "--positive", of_tables),
                (
                    scale == Some(ScalerKind::None),
                    "--scale none",
                    "does not apply to a Lending Club file: its features are standardised",
                ),
            ],
            false => vec![
                (self.term.is_some(), "--term", of_loans),
                (self.include_off_policy, "--include-off-policy", of_loans),
            ],
        };
        for (given, flag, why) in flags {
            if given {
                return Err(Failure::usage(format!("{flag} {why}")));
            }
        }
        let data = Data::read(&self.data, &self.options())?;
        bar.finish_and_clear();
        Ok(data)
    }

    fn options(&self) -> DataOptions {
        let selection = Selection {
            term: match self.term {
                None | Some(Term::Months36) => Some(36),
                Some(Term::Months60) => Some(60),
                Some(Term::All) => None,
            },
            include_off_policy: self.include_off_policy,
            ..Selection::default()
        };
        DataOptions::default()
            .with_target(self.target.clone())
            .with_positive(self.positive.clone())
            .with_selection(selection)
    }

    /// Says what there is to warn about; what is about the file itself has its name in front.
    pub fn warn(&self, warnings: &[Warning], general: &General) {
        for warning in warnings {
            match warning {
                Warning::Table(_)
                | Warning::IdenticalRows { .. }
                | Warning::CopiesAcrossFolds { .. } => {
                    general.warn(format!("{}: {warning}", self.data.display()));
                }
                other => general.warn(in_flags(other)),
            }
        }
    }
}

/// Words of the library's warnings, and the flags that they are about.
const FLAGS_OF_WORDS: [(&str, &str); 6] = [
    (
        "another positive class, or take the smaller class as the minority",
        "another with --positive, or --minority smaller",
    ),
    ("raise the limit", "raise --max-iter"),
    ("the tolerance asks", "--tol asks"),
    ("raise gamma", "raise --gamma"),
    ("lower gamma", "lower --gamma"),
    ("C is very small", "--c is very small"),
];

/// A warning that names flags in place of settings.
fn in_flags(warning: &Warning) -> String {
    let text = warning.to_string();
    FLAGS_OF_WORDS
        .iter()
        .fold(text, |text, (words, flag)| text.replace(words, flag))
}

/// How features are scaled.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct ScaleFlag {
    /// standard, minmax or none [default: standard]
    #[arg(long, value_name = "SCALING")]
    pub scale: Option<ScalerKind>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_name_flags() {
        let larger = Warning::PositiveIsLarger {
            class: "no".to_owned(),
            positive: 48,
            total: 60,
        };
        for (warning, flag) in [
            (larger, "--minority smaller"),
            (Warning::MaxIterations { gap: 0.5 }, "--max-iter"),
            (Warning::Stalled { gap: 0.5 }, "--tol"),
            (Warning::ConstantKernel, "raise --gamma"),
            (Warning::IdentityKernel, "lower --gamma"),
            (Warning::AllBounded, "--c is"),
        ] {
            let text = in_flags(&warning);
            assert!(text.contains(flag), "{text}");
        }
    }
}
