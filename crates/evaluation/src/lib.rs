//! Metrics, splits, cross-validation, rank tests and comparison statistics for imbalanced classification
