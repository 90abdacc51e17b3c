//! Fuzzy support vector machines for imbalanced data, and the loan portfolio built on them
