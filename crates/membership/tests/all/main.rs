//! The memberships: laws, values by hand and golden, edges. One program, as each would be linked for itself.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod by_hand;
mod by_hand_more;
mod edges;
mod extending;
mod golden;
mod laws;
mod more_laws;
mod recomputed;
mod registry;
mod weighted;
