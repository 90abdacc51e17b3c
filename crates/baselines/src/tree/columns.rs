//! The training rows, sorted by every feature once per fit.

use fuzzysvm_core::Matrix;

/// Rows in the order of every feature, and their ranks.
pub(crate) struct Columns<'a> {
    x: Matrix<'a>,
    /// Column by column: rows ascending by value, then by row.
    order: Vec<u32>,
    /// Column by column: the rank of every row's value, the same for equal values.
    rank: Vec<u32>,
}

impl<'a> Columns<'a> {
    pub fn new(x: Matrix<'a>) -> Self {
        let (n, d) = (x.n_rows(), x.n_cols());
        let mut order = Vec::with_capacity(n * d);
        let mut rank = vec![0; n * d];
        let mut sorted: Vec<(f64, u32)> = Vec::with_capacity(n);
        for col in 0..d {
            sorted.clear();
            // −0 and 0 are one value: the sum turns the former into the latter.
            sorted.extend(x.rows().zip(0u32..).map(|(row, i)| (row[col] + 0.0, i)));
            sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let ranks = &mut rank[col * n..(col + 1) * n];
            let mut current = 0;
            for (k, &(value, row)) in sorted.iter().enumerate() {
                if k > 0 && value != sorted[k - 1].0 {
                    current += 1;
                }
                ranks[row as usize] = current;
                order.push(row);
            }
        }
        Self { x, order, rank }
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

    /// A threshold t with value of `low` ≤ t < value of `high`: the middle, where there is one.
    pub fn between(&self, col: usize, low: u32, high: u32) -> f64 {
        let (low, high) = (
            self.x.row(low as usize)[col],
            self.x.row(high as usize)[col],
        );
        // Halves first: the sum of two large values overflows.
        let middle = 0.5 * low + 0.5 * high;
        if low <= middle && middle < high {
            middle
        } else {
            low
        }
    }
}
