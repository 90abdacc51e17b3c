//! Data for imbalanced classification and lending: readers, encoders and scalers fitted on training rows, and a
//! simulated loan book.
//!
//! | module | what |
//! | --- | --- |
//! | [`table`] | two-class tables from CSV, KEEL/ARFF and LIBSVM files; [`Scaler`](table::Scaler) |
//! | [`lending_club`] | loan files of Lending Club: [`LoanBook`](lending_club::LoanBook), selection of loans, features known at application |
//! | [`simulated`] | a [`SimulatedBook`](simulated::SimulatedBook) of loans in Lending Club's format |
//!
//! What is learned from data (categories, medians, scales) is learned from the rows that `fit` is given, and applied
//! to any others with `transform`, so nothing of a test row reaches the training. Damaged input is an error that names
//! file, line and column.
//!
//! ```
//! use fuzzysvm_datasets::table::{Format, ReadOptions, Scaler, ScalerKind, TargetUse, read_bytes};
//!
//! let csv = b"age,home,default\n25,rent,yes\n47,own,no\n52,own,no\n";
//! let train = read_bytes("train.csv", Format::Csv, csv, &ReadOptions::default())?;
//! let scaler = Scaler::fit(ScalerKind::Standard, train.x.view())?;
//! assert_eq!(train.feature_names, ["age", "home=own", "home=rent"]);
//!
//! // Another file, read in the same way: a new category has 0 in all columns.
//! let new = train.schema.read_bytes("new.csv", Format::Csv, b"home,age\nother,30\n", TargetUse::Ignored)?;
//! let x = scaler.transform(new.x.view())?;
//! assert_eq!((x.view().n_rows(), x.view().n_cols()), (1, 3));
//! # Ok::<(), fuzzysvm_datasets::table::TableError>(())
//! ```

mod column;
mod delimited;
mod encoded_columns;
mod feature_value;
mod input;
pub mod lending_club;
pub mod simulated;
pub mod table;

pub use column::Column;
pub use encoded_columns::EncodedColumns;
pub use feature_value::FeatureValue;
pub use input::Input;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
