//! Fuzzy membership of every training sample, one file a strategy
