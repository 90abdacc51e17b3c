//! The command line through its binary. One program, as each would be linked for itself.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod approx;
mod calibration;
mod cases;
mod commands;
mod compare;
mod compare_sets;
mod cpu;
mod files;
mod golden;
mod halving;
mod help;
mod hostile;
mod lend;
mod lend_scores;
#[cfg(unix)]
mod limits;
mod membership;
mod memory;
mod peers;
#[cfg(unix)]
mod pipes;
mod portfolio;
mod registry;
mod report;
mod resume;
#[cfg(unix)]
mod same_file;
mod terminal;
mod walk_forward;
