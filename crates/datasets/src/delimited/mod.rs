//! Separated values by several threads: blocks of a source, the places of cells, records, and the order of it all.
//!
//! One thread reads blocks and cuts them into units at ends of records; others parse the units that hold nothing but
//! sound rows; each unit is then taken in order, parsed already or record by record. Cuts and threads change the time
//! alone: what is an error, and where, the reader decides that goes record by record.

mod blocks;
mod pipeline;
mod records;
mod rows;
mod scan;

pub(crate) use blocks::{Blocks, Sizes};
pub(crate) use pipeline::{Append, append_blocks};
pub(crate) use records::{Record, Records, Step};
pub(crate) use rows::Rows;
pub(crate) use scan::Index;
