//! The command line of fuzzysvm.
fn main() {}
