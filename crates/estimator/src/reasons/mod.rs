//! Reasons: which features moved the score of a row most, against a typical row of the training data.
//!
//! With f the decision value, x a row and r the [typical row](ReferenceRow) of a class, the contribution of feature j is
//!
//! c_j(x) = f(x) − f(x with feature j as in r).
//!
//! All encoded columns of a feature are replaced together ([`FeatureGroups`]): a category and the indicator of a missing
//! number go with their feature, so that no half of one is left. A positive contribution moves the row towards the
//! positive class, a negative one away from it. [`Reasons::of`] ranks features by |c_j|; what does not change the score is
//! no reason. For a linear model w·x + b the contribution is w_j (x_j − r_j).
//!
//! Contributions are taken one at a time: where features act together they need not add up to f(x) − f(r).
//! [`Reasons::deletion_test`] measures on given rows how faithful the order is and how much does not add up.
//!
//! ```
//! use fuzzysvm_core::{Label, MatrixBuf};
//! use fuzzysvm_estimator::reasons::{FeatureGroups, Reasons, ReferenceRow};
//! use fuzzysvm_estimator::{Data, Encode, Estimator};
//!
//! // The second feature tells nothing.
//! let x = (0..40).flat_map(|i| [f64::from(i), f64::from(i % 3)]).collect();
//! let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 29.5)).collect();
//! let data = Data::from_matrix(MatrixBuf::new(x, 2)?, y.clone())?;
//! let fitted = Estimator::named("class-cost")?.fit(&data, None)?;
//!
//! let preprocessing = fitted.preprocessing();
//! let groups = FeatureGroups::of(preprocessing);
//! let train = data.encode(preprocessing, None)?;
//! let reference = ReferenceRow::typical(train.view(), &y, Label::Negative, &groups)?;
//! let reasons = Reasons::new(fitted.model(), &reference, &groups)?;
//!
//! let last = train.view().slice_rows(39, 40);
//! let first = reasons.of(last, 1)?[0][0];
//! assert_eq!(groups.name(first.feature), Some("1"));
//! assert!(first.contribution > 0.0);
//! let words = preprocessing.reason_in_words(&first, last.row(0), &reference);
//! assert_eq!(words.as_deref(), Some("1 39 (typical 14): towards 1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod contributions;
mod fidelity;
mod groups;
mod neighbors;
mod reference;
mod scorer;
mod words;

pub use contributions::{Reason, Reasons};
pub use fidelity::Fidelity;
pub use groups::FeatureGroups;
pub use neighbors::{NeighborCount, neighbor_counts};
pub use reference::ReferenceRow;

/// Rows that are explained at a time, at most.
const ROWS_AT_ONCE: usize = 256;
/// Scores that are kept at a time, at most, while there is more than one row.
const SCORES_AT_ONCE: usize = 1 << 20;
