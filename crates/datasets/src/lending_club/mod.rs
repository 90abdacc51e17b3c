//! Loan files of Lending Club: reader, selection, features.

mod book;
mod cell;
mod columns;
mod encoder;
mod error;
mod features;
mod layout;
mod month;
mod reader;
mod records;
mod row;
mod selection;
mod status;

pub use book::{CHARGE_OFF_DELAY_MONTHS, Loan, LoanBook, OtherLines, Payments};
pub use encoder::{EncoderOptions, FeatureEncoder, Unused};
pub use error::LoanBookError;
pub use features::{DEFAULT_FEATURES, FEATURES, LEAK_COLUMNS};
pub use month::{Month, MonthError};
pub use reader::ReadOptions;
pub use selection::{DropReason, Selected, Selection};
pub use status::Status;
