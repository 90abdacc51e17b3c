//! Loan files of Lending Club: reader, selection, features.
//!
//! * [`LoanBook`] reads the files as they circulate, plain or gzip, one or several, and keeps loans in
//!   columns. Anything that is neither a loan nor a line known to stand between loans is an error
//!   with file, line and column. Rows are parsed by the threads of rayon's current pool; the book does
//!   not depend on their number.
//! * [`Selection`] keeps finished loans of one term that meet the credit policy, and counts the rest
//!   by reason.
//! * [`LoanBook::as_of`] shows the loans as they were known at a month, open ones too;
//!   [`LoanBook::issued_in`] gives the loans of a [`Quarter`] on which a decision is tested.
//! * [`FeatureEncoder`] turns loans into rows of numbers: fitted on training rows only, from columns known
//!   at application; columns that leak the outcome are refused by name.
//! * [`is_loan_book`] distinguishes these files from other CSV files.
//!
//! ```no_run
//! use fuzzysvm_core::Samples;
//! use fuzzysvm_datasets::lending_club::{DEFAULT_FEATURES, FeatureEncoder, LoanBook, Selection};
//!
//! let book = LoanBook::read_path("LoanStats3a.csv.gz")?;
//! let kept = Selection::default().select(&book);
//! for (why, n) in &kept.dropped {
//!     eprintln!("{n} left out: {why}");
//! }
//! let (train, test) = kept.rows.split_at(kept.kept() / 2);
//! let encoder = FeatureEncoder::fit(&book, train, DEFAULT_FEATURES)?;
//! let x = encoder.transform(&book, train)?;
//! let samples = Samples::new(x.view(), &kept.labels[..train.len()])?;
//! let unseen = encoder.transform(&book, test)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod appender;
mod as_of;
mod book;
mod cell;
mod columns;
mod content;
mod encoder;
mod error;
mod features;
mod frame;
mod layout;
mod month;
mod need;
mod other;
mod part;
mod quarter;
mod reader;
mod repeats;
mod row;
mod selection;
mod snapshot;
mod sniff;
mod status;
mod value;

pub use as_of::{AsOf, LoanAsOf, StateAsOf};
pub use book::{CHARGE_OFF_DELAY_MONTHS, Loan, LoanBook, OtherLines, Payments};
pub use encoder::{EncoderOptions, FeatureEncoder, Unused};
pub use error::LoanBookError;
pub use features::{DEFAULT_FEATURES, FEATURES, LEAK_COLUMNS};
pub use month::{Month, MonthError};
pub use need::Need;
pub use quarter::Quarter;
pub use reader::ReadOptions;
pub use selection::{DropReason, Selected, Selection};
pub use snapshot::Snapshot;
pub use sniff::{is_loan_book, is_loan_book_with};
pub use status::Status;

pub(crate) use layout::names_loans;
pub(crate) use other::{OtherLine, other_line};
pub(crate) use sniff::{LOOKED_AT, is_book_header, is_loan_text, is_start_of_book};
