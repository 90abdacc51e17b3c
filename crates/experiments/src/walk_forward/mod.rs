//! Loans bought quarter by quarter, with what was known at the time.
//!
//! At the first month of a quarter an investor knows the terms of every loan issued before, what became of those that
//! have ended, and that the others are still paying. A model of finished loans alone sees mostly loans that ended
//! early; here open loans are completed by survival
//! ([`SurvivalCompletion`](fuzzysvm_portfolio::SurvivalCompletion)), and every [`Strategy`] ranks the loans of the
//! quarter from there; the published methods, which learn from finished loans alone, stand beside. What the ranking earned is only looked at afterwards.
//!
//! * [`book_quarters`] makes the [`TestQuarter`]s of a loan book; they can be built by hand as well.
//! * [`scores`] is the decision: it is given a [`Decision`], which holds no outcome of an offered loan.
//! * [`run`] takes all quarters and compares the strategies: the top 10 %, the curve over budgets, and differences with
//!   their intervals and the smallest difference that the loans can show.
//! * [`tables`] writes the results as text.

mod book;
mod chance;
mod claims;
mod decision;
mod difference;
mod evaluate;
mod judged;
mod published;
mod results;
mod run;
mod score;
mod settings;
mod stake_svm;
mod strategy;
mod table;
mod words;

pub use book::{MIN_RESOLVED, book_quarters, default_quarters};
pub use decision::{Decision, KnownLoans, OfferedLoans, Realised, TestQuarter};
pub use difference::Difference;
pub use results::{
    Bought, CurvePoint, GainSources, Pair, QuarterPurchase, QuarterSummary, QuarterTop,
    StrategyResult, WalkForwardClaim, WalkForwardResults,
};
pub use run::run;
pub use score::{Scores, scores};
pub use settings::WalkForwardSettings;
pub use stake_svm::ChosenSvm;
pub use strategy::{Strategy, UnknownStrategy};
pub use table::tables;
