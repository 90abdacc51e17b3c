//! What could beat a linear regression on completed returns? Other ways to rank loans, each decided on quarter by quarter
//! with what was known at the time, as Markdown tables.
//!
//! `walk_forward_study FILE [SEED]`: FILE is a Lending Club file, `LoanStats3a.csv.gz` say; SEED (1) draws the loans that the
//! machines are trained on, and the bootstrap. Every candidate of [`CANDIDATES`] ranks the loans of every quarter of
//! [`default_quarters`]; it sees the [`Decision`](fuzzysvm::experiments::walk_forward::Decision) of the quarter alone. The
//! tables have what the top 10 % returned and the mean return above the market over budgets of 5, 10, … 50 %, the differences
//! to the regression, and the p of White's reality check: how often the best of as many candidates, none of them better in
//! truth, would be as far ahead. It does not know of any search before.
//!
//! Candidates and settings were written down before the first run, and none was left out after it.

mod judge;
mod machines;
mod rank;

use std::error::Error;

use fuzzysvm::datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, Quarter, Selection,
};
use fuzzysvm::experiments::walk_forward::{
    Strategy, UnknownStrategy, WalkForwardSettings, book_quarters, default_quarters,
};

use judge::{Judged, QuarterLoans};

type Failure = Box<dyn Error + Send + Sync>;

/// A way to rank the loans of a quarter.
enum Candidate {
    /// As `lend` ranks, by this name.
    Shipped(&'static str),
    /// Ridge regression on completed returns with an RBF kernel, on the loans that the SVMs are trained on.
    KernelRidge { gamma: f64, alpha: f64 },
    /// ε-SVR with an RBF kernel on completed returns of at most [`MAX_SVR_LOANS`] loans; the bound of loan i is C·w_i.
    Svr {
        c: f64,
        epsilon: f64,
        gamma: f64,
        weights: LoanWeights,
    },
    /// The mean of the places in several rankings.
    MeanRank(&'static [&'static str]),
    /// Regression on the completed return over the life in years: as it was where the loan has ended, else expected.
    PerYear,
    /// The forecast of the reference over the expected life of the loan offered.
    OverLife,
    /// The forecast of the reference less `lambda` standard deviations, √(p(1 − p))·(roi_paid − roi_bad) by the hazards.
    AgainstRisk { lambda: f64 },
    /// Regression on the features, their squares, and their products with interest rate and sub-grade. The penalty is
    /// the one of these with the least squared error in five folds of the known loans.
    Interactions { alphas: &'static [f64] },
}

/// What a known loan counts.
#[derive(Clone, Copy)]
enum LoanWeights {
    /// 1 each.
    Uniform,
    /// The inverse of the variance at its interest rate: the line of log p(1 − p)(roi_paid − roi_bad)², by the hazards at
    /// issue, on the rate. The mean is 1.
    InverseVariance,
}

/// Most loans of an ε-SVR; the first ones drawn for the SVMs.
const MAX_SVR_LOANS: usize = 3000;

/// Rankings of `lend`.
const REGRESSION: &str = "completed-regression";
const HAZARDS: &str = "hazard-forecast";
const BILATERAL: &str = "bilateral-svm";
const STAKE: &str = "stake-svm";

/// All that was tried, the reference first. Fixed before the first run.
const CANDIDATES: &[(&str, Candidate)] = &[
    (
        "regression on completed returns",
        Candidate::Shipped(REGRESSION),
    ),
    ("hazard forecast", Candidate::Shipped(HAZARDS)),
    ("bilateral stake SVM", Candidate::Shipped(BILATERAL)),
    ("stake SVM", Candidate::Shipped(STAKE)),
    (
        "kernel ridge",
        Candidate::KernelRidge {
            gamma: 0.01,
            alpha: 30.0,
        },
    ),
    (
        "ε-SVR",
        Candidate::Svr {
            c: 0.03,
            epsilon: 0.05,
            gamma: 0.01,
            weights: LoanWeights::Uniform,
        },
    ),
    (
        "ε-SVR, inverse variance",
        Candidate::Svr {
            c: 0.03,
            epsilon: 0.05,
            gamma: 0.01,
            weights: LoanWeights::InverseVariance,
        },
    ),
    (
        "ranks of hazards, regression",
        Candidate::MeanRank(&[HAZARDS, REGRESSION]),
    ),
    (
        "ranks of hazards, regression, SVM",
        Candidate::MeanRank(&[HAZARDS, REGRESSION, BILATERAL]),
    ),
    ("regression on return per year", Candidate::PerYear),
    ("forecast over expected life", Candidate::OverLife),
    (
        "forecast − 0.25 sd",
        Candidate::AgainstRisk { lambda: 0.25 },
    ),
    ("forecast − 0.5 sd", Candidate::AgainstRisk { lambda: 0.5 }),
    (
        "interactions, alpha 20",
        Candidate::Interactions { alphas: &[20.0] },
    ),
    (
        "interactions, alpha by folds",
        Candidate::Interactions {
            alphas: &[20.0, 200.0, 2000.0, 20_000.0],
        },
    ),
];

/// What the candidates are made of.
const SHIPPED: [&str; 4] = [REGRESSION, HAZARDS, BILATERAL, STAKE];

/// The columns of interest rate and sub-grade in the features of a quarter.
fn price_columns(
    book: &LoanBook,
    quarter: Quarter,
    selection: &Selection,
    n_cols: usize,
) -> Result<[usize; 2], Failure> {
    let known = book.as_of(quarter.first_month(), selection)?.rows();
    let names = FeatureEncoder::fit(book, &known, DEFAULT_FEATURES)?.feature_names();
    if names.len() != n_cols {
        return Err("the columns of the features are not known by name".into());
    }
    let column = |name: &str| names.iter().position(|n| n == name);
    match (column("int_rate"), column("sub_grade")) {
        (Some(rate), Some(sub_grade)) => Ok([rate, sub_grade]),
        _ => Err("interest rate or sub-grade is not among the features".into()),
    }
}

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (file, seed) = match args.as_slice() {
        [file] => (file, 1),
        [file, seed] => (file, seed.parse()?),
        _ => return Err("usage: walk_forward_study FILE [SEED]".into()),
    };
    let book = LoanBook::read_path(file)?;
    let selection = Selection::default();
    let quarters = default_quarters(&book, &selection)?;
    let mut settings = WalkForwardSettings::default();
    let shipped = SHIPPED.iter().map(|name| name.parse::<Strategy>());
    settings.strategies = shipped.collect::<Result<_, UnknownStrategy>>()?;
    settings.seed = seed;
    let mut judged = Vec::new();
    let tested = book_quarters(&book, &quarters, &selection);
    for (stream, (&quarter, tested)) in quarters.iter().zip(tested).enumerate() {
        let tested = tested?;
        tested.validate()?;
        let n_cols = tested.decision.known.x.n_cols();
        let price = price_columns(&book, quarter, &selection, n_cols)?;
        let ranked = rank::rank(&tested.decision, price, &settings, stream as u64)
            .map_err(|e| format!("{quarter}: {e}"))?;
        eprintln!("{quarter}: {} loans", tested.realised.roi.len());
        judged.push(QuarterLoans::new(&tested, &ranked));
    }
    let titles = CANDIDATES.iter().map(|c| c.0).collect();
    Judged::new(titles, &judged, &settings)?.print()
}
