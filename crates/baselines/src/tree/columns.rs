//! The training rows, sorted by every feature once per fit.

use fuzzysvm_core::Matrix;

/// Rows in the order of every feature, and their ranks.
pub(crate) struct Columns<'a> {
    x: Matrix<'a>,
    /// Column by column: rows ascending by value, then by row.
    order: Vec<u32>,
    /// Column by column: the rank of every row's value, the same for equal values.
    rank: Vec<u32>,
    /// Column by column: the value of every rank.
    values: Vec<Vec<f64>>,
    /// Column by column: the ranks again as bytes, where these are enough, and nothing elsewhere.
    bytes: Vec<Vec<u8>>,
}

/// The ranks of one feature.
#[derive(Clone, Copy)]
pub(crate) enum Ranks<'a> {
    Bytes(&'a [u8]),
    Words(&'a [u32]),
}

impl<'a> Columns<'a> {
    pub fn new(x: Matrix<'a>) -> Self {
        let (n, d) = (x.n_rows(), x.n_cols());
        let mut order = Vec::with_capacity(n * d);
        let mut rank = vec![0; n * d];
        let (mut values, mut bytes) = (Vec::with_capacity(d), Vec::with_capacity(d));
        let mut sorted: Vec<(f64, u32)> = Vec::with_capacity(n);
        for col in 0..d {
            sorted.clear();
            // −0 and 0 are one value: the sum turns the former into the latter.
            sorted.extend(x.rows().zip(0u32..).map(|(row, i)| (row[col] + 0.0, i)));
            sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let ranks = &mut rank[col * n..(col + 1) * n];
            let mut distinct: Vec<f64> = Vec::new();
            for &(value, row) in &sorted {
                if distinct.last() != Some(&value) {
                    distinct.push(value);
                }
                ranks[row as usize] = distinct.len() as u32 - 1;
                order.push(row);
            }
            bytes.push(if distinct.len() <= 256 {
                ranks.iter().map(|&r| r as u8).collect()
            } else {
                Vec::new()
            });
            values.push(distinct);
        }
        Self {
            x,
            order,
            rank,
            values,
            bytes,
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
        let n = self.n_rows();
        &self.order[col * n..(col + 1) * n]
    }

    pub fn rank(&self, col: usize) -> &[u32] {
        let n = self.n_rows();
        &self.rank[col * n..(col + 1) * n]
    }

    /// The ranks in the fewest bytes.
    pub fn compact(&self, col: usize) -> Ranks<'_> {
        let bytes = &self.bytes[col];
        if bytes.is_empty() {
            Ranks::Words(self.rank(col))
        } else {
            Ranks::Bytes(bytes)
        }
    }

    /// Number of distinct values.
    pub fn n_ranks(&self, col: usize) -> usize {
        self.values[col].len()
    }

    /// A threshold t with value of rank `low` ≤ t < value of rank `high`: the middle, where there is one.
    pub fn between(&self, col: usize, low: u32, high: u32) -> f64 {
        let values = &self.values[col];
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
