//! The training rows, sorted by every feature once per fit.

use fuzzysvm_core::Matrix;
use rayon::prelude::*;

/// Rows in the order of every feature, and their ranks.
pub(crate) struct Columns<'a> {
    x: Matrix<'a>,
    columns: Vec<Column>,
}

/// One feature.
struct Column {
    /// Rows ascending by value, then by number.
    order: Vec<u32>,
    /// The rank of every row's value, the same for equal values.
    rank: Vec<u32>,
    /// The value of every rank.
    values: Vec<f64>,
    /// The ranks again as bytes, where these are enough, and nothing elsewhere.
    bytes: Vec<u8>,
}

impl Column {
    fn new(x: Matrix<'_>, col: usize) -> Self {
        // −0 and 0 are one value: the sum turns the former into the latter.
        let mut sorted: Vec<(f64, u32)> = x
            .rows()
            .zip(0..)
            .map(|(row, i)| (row[col] + 0.0, i))
            .collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut rank = vec![0; sorted.len()];
        let mut values: Vec<f64> = Vec::new();
        for &(value, row) in &sorted {
            if values.last() != Some(&value) {
                values.push(value);
            }
            rank[row as usize] = values.len() as u32 - 1;
        }
        let bytes = if values.len() <= 256 {
            rank.iter().map(|&r| r as u8).collect()
        } else {
            Vec::new()
        };
        Self {
            order: sorted.into_iter().map(|(_, row)| row).collect(),
            rank,
            values,
            bytes,
        }
    }
}

/// The ranks of one feature.
#[derive(Clone, Copy)]
pub(crate) enum Ranks<'a> {
    Bytes(&'a [u8]),
    Words(&'a [u32]),
}

impl<'a> Columns<'a> {
    pub fn new(x: Matrix<'a>) -> Self {
        let column = |col| Column::new(x, col);
        Self {
            x,
            columns: (0..x.n_cols()).into_par_iter().map(column).collect(),
        }
    }

    pub fn n_rows(&self) -> usize {
        self.x.n_rows()
    }

    pub fn n_cols(&self) -> usize {
        self.x.n_cols()
    }

    pub fn x(&self) -> Matrix<'a> {
        self.x
    }

    pub fn order(&self, col: usize) -> &[u32] {
        &self.columns[col].order
    }

    pub fn rank(&self, col: usize) -> &[u32] {
        &self.columns[col].rank
    }

    /// The ranks in the fewest bytes.
    pub fn compact(&self, col: usize) -> Ranks<'_> {
        let bytes = &self.columns[col].bytes;
        if bytes.is_empty() {
            Ranks::Words(self.rank(col))
        } else {
            Ranks::Bytes(bytes)
        }
    }

    /// Number of distinct values.
    pub fn n_ranks(&self, col: usize) -> usize {
        self.columns[col].values.len()
    }

    /// A threshold t with value of rank `low` ≤ t < value of rank `high`: the middle, where there is one.
    pub fn between(&self, col: usize, low: u32, high: u32) -> f64 {
        let values = &self.columns[col].values;
        let (low, high) = (values[low as usize], values[high as usize]);
        // Halves first: the sum of two large values overflows.
        let middle = 0.5 * low + 0.5 * high;
        if low <= middle && middle < high {
            middle
        } else {
            low
        }
    }
}
