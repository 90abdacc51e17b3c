//! Two experiments on the methods of `fuzzysvm-estimator`: [`lend`] chooses loans, [`compare`] compares methods over
//! data sets. Data goes in, results come out; nothing is read from or written to disk here.
//!
//! A method of one's own, a membership or any learner, stands in both beside the shipped ones: see
//! [`Method`](fuzzysvm_estimator::Method).

pub mod compare;
mod grids;
pub mod lend;

pub use grids::baseline_grid_in_words;
