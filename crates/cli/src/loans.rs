//! Lending Club files as DATA.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use clap::Args;
use fuzzysvm::core::{Label, MatrixBuf};
use fuzzysvm::datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, ReadOptions, Selected, Selection,
};
use fuzzysvm::datasets::table::{Format, Scaler, ScalerKind, TargetUse};
use serde::{Deserialize, Serialize};

use crate::data::Rows;
use crate::failure::{Failure, InFile};

/// Terms of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Term {
    /// 36 months
    #[value(name = "36")]
    Months36,
    /// 60 months
    #[value(name = "60")]
    Months60,
    /// Both
    All,
}

/// Which loans of a Lending Club file.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Lending Club files")]
pub struct LoanArgs {
    /// Months of the loans to take [default: 36]
    #[arg(long, value_enum, value_name = "MONTHS", hide_possible_values = true)]
    pub term: Option<Term>,

    /// Also loans that do not meet the credit policy
    #[arg(long)]
    pub include_off_policy: bool,
}

impl LoanArgs {
    /// Refuses the options where the file is none of Lending Club's.
    pub fn refuse_for_tables(&self) -> Result<(), Failure> {
        for (given, flag) in [
            (self.term.is_some(), "--term"),
            (self.include_off_policy, "--include-off-policy"),
        ] {
            if given {
                return Err(Failure::usage(format!(
                    "{flag} applies to Lending Club files alone"
                )));
            }
        }
        Ok(())
    }

    fn selection(&self) -> Selection {
        Selection {
            term: match self.term {
                None | Some(Term::Months36) => Some(36),
                Some(Term::Months60) => Some(60),
                Some(Term::All) => None,
            },
            include_off_policy: self.include_off_policy,
            ..Selection::default()
        }
    }
}

/// Whether a file is a CSV with Lending Club's columns, by its first lines. A file that cannot be
/// opened is none; the reader says why.
pub fn is_loan_book(path: &Path) -> Result<bool, Failure> {
    if !matches!(Format::of_path(path), Ok(Format::Csv)) {
        return Ok(false);
    }
    let Ok(file) = File::open(path) else {
        return Ok(false);
    };
    let mut start = Vec::new();
    let mut reader = BufReader::new(file);
    let mut mark = [0; 2];
    let n = reader.read(&mut mark).unwrap_or(0);
    let whole = (&mark[..n]).chain(reader);
    // What is damaged further on is the reader's to report.
    let _ = if mark[..n] == [0x1f, 0x8b] {
        flate2::read::MultiGzDecoder::new(whole)
            .take(1 << 16)
            .read_to_end(&mut start)
    } else {
        whole.take(1 << 16).read_to_end(&mut start)
    };
    let text = String::from_utf8_lossy(&start).to_ascii_lowercase();
    Ok(text.lines().take(20).any(|line| {
        let has = |name: &str| {
            line.split(',')
                .any(|cell| cell.trim().trim_matches('"') == name)
        };
        has("loan_status") && has("funded_amnt")
    }))
}

/// The finished loans of a file.
pub struct LoanSource {
    book: LoanBook,
    selection: Selection,
    selected: Selected,
}

/// What turns loans into features; kept in the model file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanEncoding {
    selection: Selection,
    encoder: FeatureEncoder,
    scaler: Scaler,
}

impl LoanSource {
    /// Reads a file and keeps finished loans.
    pub fn read(path: &Path, args: &LoanArgs) -> Result<Self, Failure> {
        let book = LoanBook::read_path(path)?;
        let selection = args.selection();
        let selected = selection.select(&book);
        if selected.rows.is_empty() {
            return Err(Failure::run(format!(
                "{}: found no finished loan among {}, expected at least one (see --term)",
                path.display(),
                selected.read
            )));
        }
        Ok(Self {
            book,
            selection,
            selected,
        })
    }

    /// The classes of the kept loans.
    pub fn y(&self) -> &[Label] {
        &self.selected.labels
    }

    /// What the classes are called.
    pub fn class_names() -> [String; 2] {
        ["Fully Paid".to_owned(), "Charged Off".to_owned()]
    }

    /// The loans' rows in the file, from 0.
    pub fn row_numbers(&self) -> Vec<usize> {
        self.selected.rows.clone()
    }

    /// Rows of the book behind sample numbers.
    fn book_rows(&self, rows: Option<&[usize]>) -> Vec<usize> {
        match rows {
            None => self.selected.rows.clone(),
            Some(rows) => rows.iter().map(|&i| self.selected.rows[i]).collect(),
        }
    }

    /// Learns encoder and scaler from some of the loans.
    pub fn fit(&self, rows: Option<&[usize]>, scale: ScalerKind) -> Result<LoanEncoding, Failure> {
        // The encoder standardises by itself.
        let beyond = match scale {
            ScalerKind::Standard => ScalerKind::None,
            ScalerKind::MinMax => ScalerKind::MinMax,
            ScalerKind::None => {
                return Err(Failure::usage(
                    "--scale none does not apply to Lending Club files: their features are \
                     standardised",
                ));
            }
        };
        let rows = self.book_rows(rows);
        let encoder = FeatureEncoder::fit(&self.book, &rows, DEFAULT_FEATURES)?;
        let x = encoder.transform(&self.book, &rows)?;
        Ok(LoanEncoding {
            selection: self.selection.clone(),
            scaler: Scaler::fit(beyond, x.view())?,
            encoder,
        })
    }

    /// The features of some of the loans.
    pub fn encode(
        &self,
        encoding: &LoanEncoding,
        rows: Option<&[usize]>,
    ) -> Result<MatrixBuf, Failure> {
        let x = encoding
            .encoder
            .transform(&self.book, &self.book_rows(rows))?;
        Ok(encoding.scaler.transform(x.view())?)
    }
}

impl LoanEncoding {
    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.scaler.n_features()
    }

    /// One name a feature.
    pub fn feature_names(&self) -> Vec<String> {
        self.encoder.feature_names()
    }

    /// Whether encoder and scaler fit together.
    pub fn check(&self) -> Result<(), String> {
        let (encoded, scaled) = (self.encoder.n_features(), self.scaler.n_features());
        if encoded == scaled {
            return Ok(());
        }
        Err(format!(
            "found a scaler of {scaled} features beside an encoder of {encoded}, expected as many"
        ))
    }

    /// Reads loans for a fitted model: finished ones where the outcome is asked for, else all of the
    /// term, whatever became of them.
    pub fn read(&self, path: &Path, target: TargetUse) -> Result<Rows, Failure> {
        let outcome = target == TargetUse::Required;
        let options = ReadOptions {
            features: self.encoder.features().map(str::to_owned).collect(),
            outcome,
            ..ReadOptions::default()
        };
        let book = LoanBook::read_paths(&[path], &options)?;
        let (numbers, y) = if outcome {
            let selected = self.selection.select(&book);
            (selected.rows, Some(selected.labels))
        } else {
            let wanted = |row: &usize| {
                let loan = book.loan(*row);
                self.selection.term.is_none_or(|term| term == loan.term())
                    && (self.selection.include_off_policy || !loan.is_off_policy())
            };
            ((0..book.len()).filter(wanted).collect(), None)
        };
        if numbers.is_empty() {
            return Err("found no loan of the term that the model was trained on").in_file(path);
        }
        let x = self.encoder.transform(&book, &numbers).in_file(path)?;
        Ok(Rows {
            x: self.scaler.transform(x.view()).in_file(path)?,
            y,
            numbers,
        })
    }
}
