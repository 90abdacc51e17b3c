//! Gradient boosting on histograms of first and second derivatives.
//!
//! The derivatives of a tree are whole multiples of a quantum some 2⁻⁶⁰ of their sum ([`Quanta`]), so sums of them are
//! exact: no order of the rows, no number of threads and no subtraction of one node from another changes a bit, and a
//! bin is empty exactly where its second derivatives sum to 0.

mod boost;
mod codes;
mod grow;
mod quanta;
mod split;
mod sums;
#[cfg(test)]
mod tests;

pub(crate) use boost::Boosting;
use codes::{Codes, LARGE, Lane, SMALL};
use grow::{Grower, Leaf};
use quanta::Quanta;
use split::{Penalty, Split, best_split};
use sums::{Sums, fill, subtract};
