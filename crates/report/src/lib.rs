//! `results.json` of fuzzysvm's experiments drawn as one HTML page: the answer in a sentence, tables, figures, and where the
//! numbers come from.
//!
//! A page needs nothing beside it: no script, font or picture is fetched, and its own script of three kilobytes may be off.
//! [`lend`] and [`compare`] are pure: the same results give the same bytes. They read plain structs that mirror the file,
//! [`draw`] reads the file itself.
//!
//! ```
//! use fuzzysvm_report::{Options, draw};
//!
//! let results = r#"{
//!     "schema": 1, "source": "loans.csv",
//!     "loans": {"read": 9, "kept": 8, "charged_off": 2, "dropped": {"another term": 1}, "market_return": 0.08},
//!     "features": {"used": ["annual_inc"], "left_out": [], "not_known_at_listing": []},
//!     "market": {"return": {"mean": 0.08, "std": 0.01}, "default_rate": 0.25}
//! }"#;
//! let page = draw(results, &Options::default())?;
//! assert!(page.starts_with("<!DOCTYPE html>") && page.contains("loans.csv"));
//! # Ok::<(), fuzzysvm_report::ReportError>(())
//! ```

mod compare;
mod error;
mod figure;
mod finite;
mod lend;
mod names;
mod number;
mod options;
mod page;
pub mod results;

pub use error::ReportError;
pub use options::Options;
pub use results::{CompareResults, LendResults, Results};

use crate::finite::Finite as _;

/// The page of `lend`.
///
/// # Errors
/// A number that is not finite, by its place in the results; a page larger than the options allow.
pub fn lend(results: &LendResults, options: &Options) -> Result<String, ReportError> {
    results.check("")?;
    lend::page(results).render(options)
}

/// The page of `compare`.
///
/// # Errors
/// A number that is not finite, by its place in the results; a page larger than the options allow.
pub fn compare(results: &CompareResults, options: &Options) -> Result<String, ReportError> {
    results.check("")?;
    compare::page(results).render(options)
}

/// The page of a `results.json`, whichever experiment it is of.
///
/// # Errors
/// As of [`Results::from_json`], [`lend()`] and [`compare()`].
pub fn draw(json: &str, options: &Options) -> Result<String, ReportError> {
    match Results::from_json(json)? {
        Results::Lend(results) => lend(&results, options),
        Results::Compare(results) => compare(&results, options),
    }
}
