//! Cholesky's factor of a small matrix, from which rows and columns can be taken.

use fuzzysvm_core::per_cpu;

/// Partial sums side by side, so that a sum is the same whatever the width of the vectors.
const LANES: usize = 8;

/// L with L Lᵀ = K, without the rows and columns that were removed or had no positive pivot: there L has those of the
/// identity, and whatever is 0 there stays 0.
pub(super) struct Factor {
    n: usize,
    /// L by columns; what is above the diagonal is not read.
    columns: Vec<f64>,
    live: Vec<bool>,
}

impl Factor {
    /// Of a symmetric matrix of n columns; rows whose pivot is at most `floor` are removed.
    pub fn new(matrix: Vec<f64>, n: usize, floor: f64) -> Self {
        debug_assert_eq!(matrix.len(), n * n);
        let mut factor = Self {
            n,
            columns: matrix,
            live: vec![true; n],
        };
        for j in 0..n {
            let (done, rest) = factor.columns.split_at_mut(j * n);
            let column = &mut rest[j..n];
            let mut k = 0;
            while k < j {
                let some = [k, k + 1, k + 2, k + 3].map(|k| if k < j { k } else { k.min(j - 1) });
                let of = some.map(|k| &done[k * n + j..(k + 1) * n]);
                let mut e = of.map(|c| c[0]);
                e.iter_mut().skip(j - k).for_each(|e| *e = 0.0);
                subtract(column, of, e);
                k += 4;
            }
            if column[0] > floor && column[0].is_finite() {
                let root = column[0].sqrt();
                column[0] = root;
                column[1..].iter_mut().for_each(|v| *v /= root);
            } else {
                factor.clear(j);
            }
        }
        factor
    }

    /// Makes row and column j those of the identity.
    fn clear(&mut self, j: usize) {
        let n = self.n;
        for k in 0..j {
            self.columns[k * n + j] = 0.0;
        }
        self.columns[j * n + j] = 1.0;
        self.columns[j * n + j + 1..(j + 1) * n].fill(0.0);
        self.live[j] = false;
    }

    /// Whether row j is part of the matrix.
    pub fn has(&self, j: usize) -> bool {
        self.live[j]
    }

    /// Which rows are part of the matrix.
    pub fn live(&self) -> &[bool] {
        &self.live
    }

    /// Takes row and column k out of the matrix: the rest of L Lᵀ grows by the column's own product.
    pub fn remove(&mut self, k: usize) {
        let n = self.n;
        let mut v = self.columns[k * n + k + 1..(k + 1) * n].to_vec();
        self.clear(k);
        for j in k + 1..n {
            let (first, rest) = v[j - k - 1..].split_at_mut(1);
            if first[0] == 0.0 {
                continue;
            }
            let column = &mut self.columns[j * n + j..(j + 1) * n];
            let root = (column[0] * column[0] + first[0] * first[0]).sqrt();
            let (c, s) = (column[0] / root, first[0] / root);
            column[0] = root;
            rotate(&mut column[1..], rest, c, s);
        }
    }

    /// b becomes L⁻¹ b.
    pub fn forward(&self, b: &mut [f64]) {
        let n = self.n;
        for j in 0..n {
            let column = &self.columns[j * n + j..(j + 1) * n];
            b[j] /= column[0];
            let (head, tail) = b[j..].split_at_mut(1);
            add(tail, &column[1..], -head[0]);
        }
    }

    /// b becomes L⁻ᵀ b.
    pub fn backward(&self, b: &mut [f64]) {
        let n = self.n;
        for j in (0..n).rev() {
            let column = &self.columns[j * n + j..(j + 1) * n];
            b[j] = (b[j] - dot(&column[1..], &b[j + 1..])) / column[0];
        }
    }
}

per_cpu! {
    /// y −= Σ_k e_k x_k.
    fn subtract(y: &mut [f64], x: [&[f64]; 4], e: [f64; 4]) = subtract_on;
}

#[inline(always)]
fn subtract_on(y: &mut [f64], x: [&[f64]; 4], e: [f64; 4]) {
    let n = y.len();
    let [a, b, c, d] = x.map(|x| &x[..n]);
    for i in 0..n {
        y[i] -= (a[i] * e[0] + b[i] * e[1]) + (c[i] * e[2] + d[i] * e[3]);
    }
}

per_cpu! {
    /// y += e x.
    fn add(y: &mut [f64], x: &[f64], e: f64) = add_on;
}

#[inline(always)]
fn add_on(y: &mut [f64], x: &[f64], e: f64) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += e * x;
    }
}

per_cpu! {
    /// Turns the pairs of x and y by the angle with this cosine and sine.
    fn rotate(x: &mut [f64], y: &mut [f64], c: f64, s: f64) = rotate_on;
}

#[inline(always)]
fn rotate_on(x: &mut [f64], y: &mut [f64], c: f64, s: f64) {
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (c * *x + s * *y, c * *y - s * *x);
    }
}

per_cpu! {
    /// Σ x_i y_i.
    pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 = dot_on;
}

#[inline(always)]
fn dot_on(x: &[f64], y: &[f64]) -> f64 {
    let (xc, xr) = x.as_chunks::<LANES>();
    let (yc, yr) = y.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for (x, y) in xc.iter().zip(yc) {
        for l in 0..LANES {
            lanes[l] += x[l] * y[l];
        }
    }
    for (lane, (x, y)) in lanes.iter_mut().zip(xr.iter().zip(yr)) {
        *lane += x * y;
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    /// Solves with the factor where entries are live, 0 elsewhere.
    fn solve(factor: &Factor, b: &[f64]) -> Vec<f64> {
        let live = |(j, b): (usize, &f64)| if factor.has(j) { *b } else { 0.0 };
        let mut x: Vec<f64> = b.iter().enumerate().map(live).collect();
        factor.forward(&mut x);
        factor.backward(&mut x);
        x
    }

    fn random(n: usize, rank: usize) -> DMatrix<f64> {
        let mut state = 1u64;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / 2f64.powi(30) - 1.0
        };
        let a = DMatrix::from_fn(n, rank, |_, _| next());
        &a * a.transpose()
    }

    #[test]
    fn solves_as_nalgebra_does_and_after_removals_what_is_left() {
        for n in [1, 2, 3, 4, 5, 9, 30] {
            let matrix = random(n, n + 3);
            let b = DVector::from_fn(n, |i, _| 1.0 + i as f64);
            let mut factor = Factor::new(matrix.as_slice().to_vec(), n, 0.0);
            let mut left: Vec<usize> = (0..n).collect();
            for step in 0..n {
                let part = matrix.select_rows(&left).select_columns(&left);
                let expected = part.lu().solve(&b.select_rows(&left)).unwrap();
                let found = solve(&factor, b.as_slice());
                for (e, &i) in expected.iter().zip(&left) {
                    assert!((e - found[i]).abs() <= 1e-8 * expected.amax(), "{n} {step}");
                }
                let out = left.remove((step * 7) % left.len());
                factor.remove(out);
                assert!(!factor.has(out));
                assert_eq!(solve(&factor, b.as_slice())[out], 0.0);
            }
        }
    }

    #[test]
    fn rows_without_a_positive_pivot_are_left_out() {
        let matrix = random(8, 3);
        let factor = Factor::new(matrix.as_slice().to_vec(), 8, 1e-9);
        let live: Vec<usize> = (0..8).filter(|&j| factor.has(j)).collect();
        assert_eq!(live, [0, 1, 2]);
    }
}
