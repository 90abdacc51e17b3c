//! Readers and encoders on files of every dialect. One program, as each would be linked for itself.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

#[path = "../common/mod.rs"]
mod common;

mod lending_club_as_of;
mod lending_club_columns;
mod lending_club_encoder;
mod lending_club_hostile;
mod lending_club_real;
mod lending_club_traps;
mod limits;
mod parquet;
