//! The experiments through their public interface. One program, as each would be linked for itself.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod compare;
mod figures;
mod inputs;
mod lend;
mod lend_errors;
mod loan_file;
mod on_offer;
mod reasons;
mod tables;
mod walk_forward;
