//! The result of a search.

use fuzzysvm_core::memory;

use crate::NeighborError;

/// Bytes of a neighbor: its index and its squared distance.
const OF_NEIGHBOR: u64 = 4 + 8;

/// The k nearest points of every query, nearest first, ties by lower index.
#[derive(Debug, Clone, PartialEq)]
pub struct NeighborTable {
    k: usize,
    n_points: usize,
    indices: Vec<u32>,
    squared: Vec<f64>,
    /// The distances, where their squares leave the range of `f64`.
    roots: Option<Vec<f64>>,
}

impl NeighborTable {
    /// An all-zero table to be filled row by row.
    pub(crate) fn zeroed(
        n_queries: usize,
        n_points: usize,
        k: usize,
    ) -> Result<Self, NeighborError> {
        let bytes = (n_queries as u64).saturating_mul(k as u64);
        let bytes = bytes.saturating_mul(OF_NEIGHBOR);
        memory::check(bytes).map_err(|excess| NeighborError::TableTooLarge {
            n_queries,
            k,
            excess,
        })?;
        Ok(Self {
            k,
            n_points,
            indices: vec![0; n_queries * k],
            squared: vec![0.0; n_queries * k],
            roots: None,
        })
    }

    /// The same with the `k` nearest of every query alone, of which the table has no fewer.
    pub(crate) fn nearest(&self, k: usize) -> Self {
        let of = |values: &[f64]| -> Vec<f64> {
            let rows = values.chunks_exact(self.k);
            rows.flat_map(|row| &row[..k]).copied().collect()
        };
        let rows = self.indices.chunks_exact(self.k);
        Self {
            k,
            n_points: self.n_points,
            indices: rows.flat_map(|row| &row[..k]).copied().collect(),
            squared: of(&self.squared),
            roots: self.roots.as_deref().map(of),
        }
    }

    /// Writes the squares and the distances anew: `of` gives both for query i and point j.
    pub(crate) fn measure(&mut self, of: impl Fn(usize, usize) -> (f64, f64)) {
        let k = self.k;
        let pairs = self.indices.iter().enumerate();
        let found = pairs.map(|(at, &j)| of(at / k, j as usize));
        let (squared, roots) = found.unzip();
        (self.squared, self.roots) = (squared, Some(roots));
    }

    /// Row i becomes row `to[i]`.
    pub(crate) fn reorder(&mut self, to: &[u32]) {
        let (k, mut to) = (self.k, to.to_vec());
        for i in 0..to.len() {
            while to[i] as usize != i {
                let j = to[i] as usize;
                for place in 0..k {
                    self.indices.swap(i * k + place, j * k + place);
                    self.squared.swap(i * k + place, j * k + place);
                }
                to.swap(i, j);
            }
        }
    }

    pub(crate) fn parts_mut(&mut self) -> (&mut [u32], &mut [f64]) {
        (&mut self.indices, &mut self.squared)
    }

    /// Neighbors per query.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Number of queries (rows of the table).
    pub fn n_queries(&self) -> usize {
        self.indices.len() / self.k
    }

    /// Number of points among which the neighbors were searched.
    pub fn n_points(&self) -> usize {
        self.n_points
    }

    /// Indices of the neighbors of query `i`, nearest first.
    ///
    /// # Panics
    /// Where `i >= n_queries()`, as slices do.
    pub fn neighbors(&self, i: usize) -> &[u32] {
        &self.indices[i * self.k..(i + 1) * self.k]
    }

    /// Squared Euclidean distances of the neighbors of query `i`, in the same order. A square beyond the range of
    /// `f64` is infinite, one below it 0; the neighbors and their order are right all the same, and
    /// [`distance`](Self::distance) is.
    ///
    /// # Panics
    /// Where `i >= n_queries()`, as slices do.
    pub fn squared_distances(&self, i: usize) -> &[f64] {
        &self.squared[i * self.k..(i + 1) * self.k]
    }

    /// The Euclidean distance of neighbor number `place` of query `i`, from 0; infinite only where it exceeds the range of
    /// `f64` itself.
    ///
    /// # Panics
    /// Where `i >= n_queries()` or `place >= k()`, as slices do.
    pub fn distance(&self, i: usize, place: usize) -> f64 {
        match &self.roots {
            None => self.squared_distances(i)[place].sqrt(),
            Some(roots) => roots[i * self.k..(i + 1) * self.k][place],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_where_they_are_sent() {
        for to in [[0, 1, 2, 3], [1, 2, 3, 0], [3, 2, 1, 0], [0, 3, 1, 2]] {
            let mut table = NeighborTable::zeroed(4, 9, 2).unwrap();
            table.indices = vec![0, 0, 1, 1, 2, 2, 3, 3];
            table.squared = table.indices.iter().map(|i| f64::from(*i)).collect();
            table.reorder(&to);
            for (i, &to) in (0u32..).zip(&to) {
                assert_eq!(table.neighbors(to as usize), [i; 2]);
                assert_eq!(table.squared_distances(to as usize), [f64::from(i); 2]);
            }
        }
    }
}
