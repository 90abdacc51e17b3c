//! The flags of `portfolio`, and what they ask for.

use std::path::PathBuf;

use clap::ValueEnum;
use fuzzysvm::core::ParamValue as _;
use fuzzysvm::datasets::lending_club::Month;
use fuzzysvm::experiments::on_offer::{BuyOptions, GroupBy, OfferRank};
use fuzzysvm::lend::Buy;

use crate::failure::Failure;
use crate::flags::{ColumnFlags, month, positive, rule};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RankName {
    /// The return to expect
    Expected,
    /// The same, of the loans predicted paid alone
    Filter,
    /// The decision value: the surest first
    Score,
}

/// Choose among loans on offer: what to buy, and for how much
///
/// Takes the model of loans that lend --save or train --calibrate wrote, and a file of loans
/// that need no outcome and no month of issue. Writes a CSV with one line per loan to buy:
/// the amount, in whole notes, the probability that it is charged off, the return to expect,
/// and between what 90 % of the 200 training loans with the nearest forecasts returned.
///
/// The return to expect is (1 - p) times the return if paid, by regression, plus p times the
/// mean return of training loans that were charged off, where p is the probability.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm lend --loans LoanStats3a.csv --save kept\n  \
    fuzzysvm portfolio --model kept --loans on_offer.csv --output buy.csv\n  \
    fuzzysvm portfolio --model kept --loans on_offer.csv --budget 2500 \\\n      \
      --rule mean-variance=20 --cap grade=0.3 --max-per-loan 100\n  \
    fuzzysvm portfolio --model kept --loans on_offer.csv --rule threshold=0.08\n\n\
    Not investment advice.")]
pub struct Portfolio {
    /// Model file, or the folder that lend --save wrote it into
    #[arg(long, value_name = "MODEL", help_heading = "Model")]
    pub(super) model: PathBuf,

    /// Lending Club file of loans on offer (.csv or .csv.gz)
    #[arg(long, value_name = "FILE", help_heading = "Loans")]
    pub(super) loans: PathBuf,

    /// Column that names the loans [default: id]
    #[arg(long, value_name = "COLUMN", help_heading = "Loans")]
    pub(super) id: Option<String>,

    /// Month of the listing, where the file has neither issue_d nor
    /// list_d [default: that of the last training loan]
    #[arg(long, value_name = "YYYY-MM", value_parser = month, help_heading = "Loans")]
    pub(super) as_of: Option<Month>,

    #[command(flatten, next_help_heading = "Loans")]
    pub(super) columns: ColumnFlags,

    /// Do not buy loans of a category that no training loan had
    #[arg(long, help_heading = "Loans")]
    pub(super) refuse_unseen: bool,

    /// Amount to spend at most
    #[arg(long, value_name = "AMOUNT", default_value = "10000", value_parser = positive, help_heading = "Portfolio")]
    budget: f64,

    /// Amount of a note, of which every purchase is a whole number
    #[arg(long, value_name = "AMOUNT", default_value = "25", value_parser = positive, help_heading = "Portfolio")]
    note: f64,

    /// Least in a loan that is bought [default: one note]
    #[arg(long, value_name = "AMOUNT", value_parser = positive, help_heading = "Portfolio")]
    min_per_loan: Option<f64>,

    /// Most in a loan [default: the budget]
    #[arg(long, value_name = "AMOUNT", value_parser = positive, help_heading = "Portfolio")]
    max_per_loan: Option<f64>,

    /// What loans are ranked by: expected (return), filter (the same, of
    /// the loans predicted paid) or score (the surest to be paid)
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "RANK",
        default_value = "expected",
        help_heading = "Portfolio"
    )]
    rank: RankName,

    /// What is bought: top-fraction (the share of --top), top-n=N,
    /// threshold=RETURN or mean-variance=AVERSION
    #[arg(long, value_name = "RULE", default_value = "top-fraction", value_parser = rule, help_heading = "Portfolio")]
    rule: Buy,

    /// Share of the loans that top-fraction buys
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = positive, help_heading = "Portfolio")]
    top: f64,

    /// Most of the budget in loans of one grade, purpose or state, as in
    /// grade=0.25 (repeatable)
    #[arg(long = "cap", value_name = "BY=SHARE", value_parser = cap, help_heading = "Portfolio")]
    caps: Vec<(GroupBy, f64)>,

    /// Write a line for every loan of the file, bought or not
    #[arg(long, help_heading = "Output")]
    pub(super) all: bool,

    /// File to write [default: standard output]
    #[arg(
        long,
        short,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true,
        help_heading = "Output"
    )]
    pub(super) output: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    pub(super) force: bool,
}

/// A kind of groups with its share.
fn cap(text: &str) -> Result<(GroupBy, f64), String> {
    let wrong = "expected grade, purpose or state with a share of the budget, as in grade=0.25";
    let (by, share) = text.split_once('=').ok_or(wrong)?;
    let by = GroupBy::from_text(by).ok_or(wrong)?;
    match positive(share) {
        Ok(share) if share <= 1.0 => Ok((by, share)),
        _ => Err(wrong.to_owned()),
    }
}

impl Portfolio {
    /// What is asked for, checked.
    pub(super) fn options(&self) -> Result<BuyOptions, Failure> {
        let mut options = BuyOptions::default();
        options.budget = self.budget;
        options.note = self.note;
        options.min_per_loan = self.min_per_loan.unwrap_or(0.0);
        options.max_per_loan = self.max_per_loan;
        options.rank = match self.rank {
            RankName::Expected => OfferRank::Expected,
            RankName::Filter => OfferRank::Filter,
            RankName::Score => OfferRank::Score,
        };
        options.rule = self.rule;
        options.top_fraction = self.top;
        options.caps = self.caps.clone();
        options.validate().map_err(Failure::of_setting)?;
        Ok(options)
    }
}
