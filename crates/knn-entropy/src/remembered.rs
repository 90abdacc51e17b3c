//! A search that is asked for the same points again.

use crate::{NeighborError, NeighborSearch, NeighborTable};
use fuzzysvm_core::Matrix;
use std::sync::{Mutex, PoisonError};

/// Another search, whose last table of neighbors among the points themselves is kept: several memberships of the same
/// training samples need one search and not one each.
///
/// The points are compared entry by entry, so that a table is never taken for that of other points. Threads that ask at the
/// same time may search each for itself.
///
/// ```
/// use fuzzysvm_core::Matrix;
/// use fuzzysvm_knn_entropy::{Auto, NeighborSearch, Remembered};
///
/// let x = Matrix::new(&[0.0, 1.0, 3.0, 7.0], 1)?;
/// let search = Remembered::new(Auto, 3);
/// assert_eq!(search.among_themselves(x, 1)?, Auto.among_themselves(x, 1)?); // searches for three
/// assert_eq!(search.among_themselves(x, 2)?, Auto.among_themselves(x, 2)?); // does not search again
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Remembered<S> {
    search: S,
    at_least: usize,
    last: Mutex<Option<Last>>,
}

#[derive(Debug)]
struct Last {
    points: Vec<f64>,
    n_cols: usize,
    table: NeighborTable,
}

impl<S> Remembered<S> {
    /// Searches for `at_least` neighbors where there are as many points, so that later calls with up to as many are
    /// served by the first one.
    pub fn new(search: S, at_least: usize) -> Self {
        Self {
            search,
            at_least,
            last: Mutex::new(None),
        }
    }
}

impl<S: NeighborSearch> NeighborSearch for Remembered<S> {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &*last()
            && (1..=last.table.k()).contains(&k)
            && last.n_cols == points.n_cols()
            && last.points == points.as_slice()
        {
            return Ok(last.table.nearest(k));
        }
        if k == 0 {
            return self.search.among_themselves(points, k);
        }
        // Nothing is locked meanwhile: a thread that waits for others in a search may be given work that searches, too.
        let most = points.n_rows().saturating_sub(1);
        let table = (self.search).among_themselves(points, k.max(self.at_least.min(most)))?;
        let found = table.nearest(k);
        *last() = Some(Last {
            points: points.as_slice().to_vec(),
            n_cols: points.n_cols(),
            table,
        });
        Ok(found)
    }

    /// As the other search; nothing is kept.
    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        self.search.of_queries(points, queries, k)
    }
}
