//! Loan books.
