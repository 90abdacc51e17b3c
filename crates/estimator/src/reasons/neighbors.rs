//! The training rows around a row.

use fuzzysvm_core::{Matrix, Samples};
use fuzzysvm_knn_entropy::{Auto, NeighborSearch, binary_entropy, positive_neighbors};
use serde::{Deserialize, Serialize};

use crate::EstimatorError;

/// Rows whose neighbors are searched at a time.
const QUERIES_AT_ONCE: usize = 1 << 15;

/// The classes among the k training rows nearest to a row: what memberships by entropy are made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeighborCount {
    /// How many neighbors.
    pub k: usize,
    /// Of these, of the negative class.
    pub negative: usize,
    /// Of the positive class.
    pub positive: usize,
    /// Entropy of the two classes in nats: 0 where one is alone, ln 2 where they are equally many.
    pub entropy: f64,
}

/// The classes among the nearest training rows of every query, one list per query with an entry for every k, which
/// increase. Distances are Euclidean between encoded rows; a query that is itself a training row is its own neighbor.
///
/// ```
/// use fuzzysvm_core::{Label, Matrix, Samples};
/// use fuzzysvm_estimator::reasons::neighbor_counts;
/// let (n, p) = (Label::Negative, Label::Positive);
/// let (x, y) = ([0.0, 1.0, 2.0, 10.0], [n, n, p, p]);
/// let train = Samples::new(Matrix::new(&x, 1)?, &y)?;
/// let counts = &neighbor_counts(train, Matrix::new(&[2.1], 1)?, &[1, 3])?[0];
/// assert_eq!((counts[0].k, counts[0].positive, counts[0].entropy), (1, 1, 0.0));
/// assert_eq!((counts[1].negative, counts[1].positive), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Values of k that do not increase from 1, more than there are training rows, or queries of other columns.
pub fn neighbor_counts(
    train: Samples<'_>,
    queries: Matrix<'_>,
    ks: &[usize],
) -> Result<Vec<Vec<NeighborCount>>, EstimatorError> {
    let most = ks.last().copied().unwrap_or(0);
    let mut all = Vec::with_capacity(queries.n_rows());
    let count = |(&k, &positive): (&usize, &u32)| {
        let positive = positive as usize;
        NeighborCount {
            k,
            negative: k - positive,
            positive,
            entropy: binary_entropy(positive, k),
        }
    };
    for first in (0..queries.n_rows()).step_by(QUERIES_AT_ONCE) {
        let block = queries.slice_rows(first, queries.n_rows().min(first + QUERIES_AT_ONCE));
        let table = Auto.of_queries(train.x(), block, most)?;
        let positive = positive_neighbors(&table, train.y(), ks)?;
        let rows = positive.chunks_exact(ks.len());
        all.extend(rows.map(|row| ks.iter().zip(row).map(count).collect()));
    }
    Ok(all)
}
