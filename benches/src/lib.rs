//! Data shared by the benches.
