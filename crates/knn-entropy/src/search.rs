//! The trait and what all back ends share.

use crate::nearest::Candidate;
use crate::{NeighborError, NeighborTable};
use fuzzysvm_core::{Matrix, Stop};
use rayon::prelude::*;

/// An exact search for the k nearest points in Euclidean distance.
///
/// Every implementation returns the same table to the last bit: distances are those of
/// [`squared_distance`], neighbors come nearest first, and ties go to the lower index.
/// `laws::search_is_exact` (feature `laws`) checks it.
pub trait NeighborSearch: Send + Sync {
    /// The k nearest *other* points of every point. A point is left out of its own neighbors by
    /// its index, so an exact duplicate of it is a neighbor at distance 0.
    ///
    /// # Errors
    /// [`NeighborError::ZeroNeighbors`], [`NeighborError::TooFewPoints`] where there are fewer than
    /// k + 1 points, and the limits of size.
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError>;

    /// The k nearest points of every query. A query that equals a point finds it at distance 0.
    ///
    /// # Errors
    /// As [`NeighborSearch::among_themselves`], with k points enough, and
    /// [`NeighborError::ColumnMismatch`].
    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError>;
}

impl<S: NeighborSearch + ?Sized> NeighborSearch for &S {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        (**self).among_themselves(points, k)
    }
    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        (**self).of_queries(points, queries, k)
    }
}

impl<S: NeighborSearch + ?Sized> NeighborSearch for Box<S> {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        (**self).among_themselves(points, k)
    }
    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        (**self).of_queries(points, queries, k)
    }
}

/// Σ (x_c − z_c)², summed over the columns in order, without fused multiply-add.
///
/// This order of operations defines a distance in this crate: a back end may find its candidates by any
/// shortcut, but ranks them by this number, so that ties are broken alike everywhere. It is exactly symmetric, and infinite
/// where a square overflows, never NaN for finite input; there, and where squares vanish, searches rank by the same sum in
/// another unit.
pub fn squared_distance(x: &[f64], z: &[f64]) -> f64 {
    x.iter().zip(z).fold(0.0, |sum, (a, b)| {
        let difference = a - b;
        sum + difference * difference
    })
}

/// What is searched: the points, the queries, and whether query i *is* point i.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub points: Matrix<'a>,
    pub queries: Matrix<'a>,
    pub k: usize,
    pub themselves: bool,
}

impl<'a> Task<'a> {
    pub fn among_themselves(points: Matrix<'a>, k: usize) -> Result<Self, NeighborError> {
        Self {
            points,
            queries: points,
            k,
            themselves: true,
        }
        .checked()
    }

    pub fn of_queries(
        points: Matrix<'a>,
        queries: Matrix<'a>,
        k: usize,
    ) -> Result<Self, NeighborError> {
        Self {
            points,
            queries,
            k,
            themselves: false,
        }
        .checked()
    }

    fn checked(self) -> Result<Self, NeighborError> {
        let n_points = self.points.n_rows();
        if self.k == 0 {
            return Err(NeighborError::ZeroNeighbors);
        }
        if self.points.n_cols() != self.queries.n_cols() {
            return Err(NeighborError::ColumnMismatch {
                points: self.points.n_cols(),
                queries: self.queries.n_cols(),
            });
        }
        let needed = self.k.saturating_add(usize::from(self.themselves));
        if n_points < needed {
            return Err(NeighborError::TooFewPoints {
                n_points,
                k: self.k,
                needed,
            });
        }
        if u32::try_from(n_points).is_err() {
            return Err(NeighborError::TooManyPoints { n_points });
        }
        Ok(self)
    }

    /// The point that query `i` must not find: itself.
    pub fn excluded(&self, i: usize) -> Option<u32> {
        // The number of points fits 32 bits (checked), and only then are they their own queries.
        self.themselves.then_some(i as u32)
    }

    /// Fills a table chunk by chunk in parallel: `fill(first, rows)` gets the number of the first
    /// query of its chunk and the rows to write. Chunks have a fixed size and write to their own
    /// rows only, so the result does not depend on the number of threads.
    pub fn fill<F>(&self, chunk: usize, fill: F) -> Result<NeighborTable, NeighborError>
    where
        F: Fn(usize, &mut Rows<'_>) + Send + Sync,
    {
        let n_queries = self.queries.n_rows();
        let mut table = NeighborTable::zeroed(n_queries, self.points.n_rows(), self.k)?;
        let k = self.k;
        let (indices, squared) = table.parts_mut();
        indices
            .par_chunks_mut(chunk * k)
            .zip(squared.par_chunks_mut(chunk * k))
            .enumerate()
            .for_each(|(c, (indices, squared))| {
                Stop::look();
                fill(
                    c * chunk,
                    &mut Rows {
                        k,
                        indices,
                        squared,
                    },
                );
            });
        Ok(table)
    }
}

/// The rows of the table that one chunk of queries writes.
pub(crate) struct Rows<'a> {
    k: usize,
    indices: &'a mut [u32],
    squared: &'a mut [f64],
}

impl Rows<'_> {
    pub fn len(&self) -> usize {
        self.indices.len() / self.k
    }

    /// Writes the k nearest of a query, given in order.
    pub fn write(&mut self, row: usize, nearest: &[Candidate]) {
        let at = row * self.k..(row + 1) * self.k;
        for ((index, squared), found) in self.indices[at.clone()]
            .iter_mut()
            .zip(&mut self.squared[at])
            .zip(nearest)
        {
            *index = found.index;
            *squared = found.squared;
        }
    }
}
