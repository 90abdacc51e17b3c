//! DATA: which samples are learned from, and how they are scaled.

use std::path::PathBuf;

use clap::Args;
use fuzzysvm::datasets::Input;
use fuzzysvm::datasets::lending_club::Selection;
use fuzzysvm::datasets::table::{Header, Missing, ReadOptions, ScalerKind, TargetUse};
use fuzzysvm::estimator::{
    Data, DataOptions, FittedEstimator, LoanFileOptions, Preprocessing, Rows, Warning,
};

use super::ColumnFlags;
use super::format::FormatFlags;
use crate::failure::Failure;
use crate::ui::General;
use crate::words::in_flags;

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

/// How a table is read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct TableFlags {
    /// Column to predict [default: last or KEEL's @outputs]
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,

    /// Its positive value [default: the rarer one of two]
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    positive: Option<String>,

    /// Its negative values, others are left out [default: all others]
    #[arg(long, value_name = "VALUE,…", allow_hyphen_values = true)]
    negative: Vec<String>,

    /// Cells without a value: impute or refuse [default: impute]
    #[arg(long, value_name = "RULE")]
    missing: Option<Missing>,

    /// More marks of cells without a value, as -999
    #[arg(long, value_name = "MARK,…", allow_hyphen_values = true)]
    na: Vec<String>,

    /// Columns to leave out
    #[arg(long, value_name = "COLUMN,…")]
    drop: Vec<String>,

    /// Columns to use, no others
    #[arg(long, value_name = "COLUMN,…")]
    features: Vec<String>,

    /// CSV: the first line holds names, even if numbers
    #[arg(long, conflicts_with = "no_header")]
    header: bool,

    /// CSV: the first line is a sample
    #[arg(long)]
    no_header: bool,

    /// CSV: separator of cells, as ; or tab [default: found]
    #[arg(long, value_name = "CHAR", value_parser = separator)]
    sep: Option<char>,

    /// CSV: decimal mark, . or , [default: found]
    #[arg(long, value_name = "CHAR", value_parser = decimal)]
    decimal: Option<char>,
}

/// A separator by itself or by its name.
fn separator(text: &str) -> Result<char, String> {
    ReadOptions::separator_of(text).map_err(|rule| format!("expected {rule}"))
}

/// A decimal mark.
fn decimal(text: &str) -> Result<char, String> {
    ReadOptions::decimal_of(text).map_err(|rule| format!("expected {rule}"))
}

/// The items of lists such as `a,b`; an item with a comma stands in double quotes.
fn items(lists: &[String]) -> Result<Vec<String>, Failure> {
    let mut items = Vec::new();
    for list in lists {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(list.as_bytes());
        for record in reader.records() {
            items.extend(record.map_err(Failure::usage)?.iter().map(str::to_owned));
        }
    }
    Ok(items)
}

impl TableFlags {
    /// The flags as options of the library.
    pub fn options(&self) -> Result<ReadOptions, Failure> {
        let mut options = ReadOptions::default();
        options.target = self.target.clone();
        options.positive = self.positive.clone();
        options.negative = items(&self.negative)?;
        options.missing = self.missing.unwrap_or_default();
        options.na = items(&self.na)?;
        options.drop = items(&self.drop)?;
        options.features = items(&self.features)?;
        options.header = match (self.header, self.no_header) {
            (true, _) => Header::Yes,
            (_, true) => Header::No,
            _ => Header::Auto,
        };
        options.separator = self.sep;
        options.decimal = self.decimal;
        Ok(options)
    }

    /// Whether a target is named: a Lending Club file is then a table like others.
    pub fn has_target(&self) -> bool {
        self.target.is_some()
    }

    /// The flags that are given beside --target, by their names.
    fn given(&self) -> impl Iterator<Item = &'static str> {
        [
            (self.positive.is_some(), "--positive"),
            (!self.negative.is_empty(), "--negative"),
            (self.missing.is_some(), "--missing"),
            (!self.na.is_empty(), "--na"),
            (!self.drop.is_empty(), "--drop"),
            (!self.features.is_empty(), "--features"),
            (self.header, "--header"),
            (self.no_header, "--no-header"),
            (self.sep.is_some(), "--sep"),
            (self.decimal.is_some(), "--decimal"),
        ]
        .into_iter()
        .filter_map(|(given, name)| given.then_some(name))
    }
}

/// Which rows to learn from.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct DataFlags {
    /// File of samples, also with .gz; - is standard input
    #[arg(value_name = "DATA", help_heading = None)]
    pub data: PathBuf,

    #[command(flatten)]
    table: TableFlags,

    #[command(flatten)]
    format: FormatFlags,

    /// Lending Club: months, 36, 60 or all [default: 36]
    #[arg(long, value_enum, value_name = "MONTHS", hide_possible_values = true)]
    term: Option<Term>,

    /// Lending Club: also loans that do not meet the credit policy
    #[arg(long)]
    include_off_policy: bool,

    #[command(flatten)]
    columns: ColumnFlags,
}

impl DataFlags {
    /// Reads DATA, to be scaled as given.
    pub fn read(&self, scale: Option<ScalerKind>, general: &General) -> Result<Data, Failure> {
        let bar = general.spinner("reading");
        let input = Input::open(&self.data)?;
        let is_loans = !self.table.has_target() && input.is_loan_book(&self.columns.columns());
        if is_loans {
            let of_format = self.format.given().filter(|flag| *flag != "--format");
            if let Some(flag) = self.table.given().chain(of_format).next() {
                return Err(Failure::usage(format!(
                    "{flag} does not apply to a Lending Club file, whose loans are told by loan_status (with --target \
                     it is read as any other table)"
                )));
            }
            if scale == Some(ScalerKind::None) {
                return Err(Failure::usage(
                    "--scale none does not apply to a Lending Club file: its features are standardised",
                ));
            }
        } else {
            for (given, flag) in [
                (self.term.is_some(), "--term"),
                (self.include_off_policy, "--include-off-policy"),
                (self.columns.is_given(), "--map"),
            ] {
                if given {
                    return Err(Failure::usage(format!(
                        "{flag} applies to Lending Club files alone"
                    )));
                }
            }
        }
        let data = Data::read_input(input, &self.options()?)?;
        bar.finish_and_clear();
        Ok(data)
    }

    fn options(&self) -> Result<DataOptions, Failure> {
        let selection = Selection {
            term: match self.term {
                None | Some(Term::Months36) => Some(36),
                Some(Term::Months60) => Some(60),
                Some(Term::All) => None,
            },
            include_off_policy: self.include_off_policy,
            ..Selection::default()
        };
        let mut table = self.table.options()?;
        self.format.apply(&mut table);
        Ok(DataOptions::default()
            .with_table(table)
            .with_selection(selection)
            .with_columns(self.columns.columns()))
    }

    /// The model, widened where a number of features is given.
    pub fn widen(&self, model: FittedEstimator) -> Result<FittedEstimator, Failure> {
        self.format.widen(model)
    }

    /// Reads DATA with its classes, for a fitted model.
    pub fn rows(&self, model: &FittedEstimator) -> Result<Rows, Failure> {
        let options = LoanFileOptions::default().with_columns(self.columns.columns());
        Ok(match model.preprocessing() {
            Preprocessing::LendingClub(encoding) => {
                let read = encoding.read_loans(&self.data, TargetUse::Required, &options)?;
                read.rows
            }
            _ if self.columns.is_given() => {
                return Err(Failure::usage("--map applies to models of loans alone"));
            }
            _ => model.read_as(&self.data, TargetUse::Required, &self.format.options())?,
        })
    }

    /// Says what there is to warn about; what is about the file itself has its name in front.
    pub fn warn(&self, warnings: &[Warning], general: &General) {
        for warning in warnings {
            match warning {
                Warning::Table(_)
                | Warning::IdenticalRows { .. }
                | Warning::CopiesAcrossFolds { .. } => {
                    general.warn(format!("{}: {}", self.data.display(), in_flags(warning)));
                }
                other => general.warn(in_flags(other)),
            }
        }
    }
}

/// How features are scaled.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Data")]
pub struct ScaleFlag {
    /// standard, minmax or none [default: standard]
    #[arg(long, value_name = "SCALING")]
    pub scale: Option<ScalerKind>,
}
