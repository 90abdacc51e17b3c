//! What loans are called after where they come from.

use fuzzysvm_datasets::lending_club::LoanBook;

/// The source of loans that were drawn here.
pub(crate) const SIMULATED: &str = "simulated";
/// Stands behind the path of a file that says of itself that its loans are simulated.
const IN_FILE: &str = " (simulated)";

/// Whether the loans of a source are simulated: it is `simulated`, or a path with ` (simulated)` behind it.
///
/// ```
/// use fuzzysvm_experiments::is_simulated;
///
/// assert!(is_simulated("simulated") && is_simulated("loans.csv (simulated)"));
/// assert!(!is_simulated("LoanStats3a.csv"));
/// ```
pub fn is_simulated(source: &str) -> bool {
    source == SIMULATED || source.ends_with(IN_FILE)
}

/// The source of a book that was read from this path: files that [`SimulatedBook`](fuzzysvm_datasets::simulated::SimulatedBook)
/// wrote are never taken for loans.
pub fn source_of(path: &str, book: &LoanBook) -> String {
    let what = if book.is_simulated() { IN_FILE } else { "" };
    format!("{path}{what}")
}
