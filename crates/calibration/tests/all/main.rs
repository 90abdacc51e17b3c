//! The calibrations: laws, values by hand and golden. One program, as each would be linked for itself.

#![allow(clippy::unwrap_used, reason = "tests")]

mod by_hand;
mod golden;
mod laws;
