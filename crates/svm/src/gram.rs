//! Q_ij = y_i y_j K(x_i, x_j) row by row.

use fuzzysvm_kernels::PreparedKernel;
use fuzzysvm_qp::QMatrix;
use std::ops::Mul;

/// The signed Gram matrix of prepared points.
pub(crate) struct SignedGram<'a> {
    prepared: Box<dyn PreparedKernel + 'a>,
    y: &'a [f64],
    /// The same signs in single precision.
    narrow_y: Vec<f32>,
    diagonal: Vec<f64>,
}

impl<'a> SignedGram<'a> {
    pub fn new(prepared: Box<dyn PreparedKernel + 'a>, y: &'a [f64]) -> Self {
        let diagonal = prepared.diagonal();
        Self {
            prepared,
            y,
            narrow_y: y.iter().map(|&y| y as f32).collect(),
            diagonal,
        }
    }
}

impl SignedGram<'_> {
    /// Σ_j coef_j y_i y_j K_ij = y_i Σ_j (y_j coef_j) K_ij; signs are exact.
    fn signed(
        &self,
        columns: &[u32],
        coef: &[f64],
        out: &[f64],
        add: impl Fn(&[u32], &[f64], &mut [f64]),
    ) -> Vec<f64> {
        let coef: Vec<f64> = columns
            .iter()
            .zip(coef)
            .map(|(&j, c)| self.y[j as usize] * c)
            .collect();
        let mut sum: Vec<f64> = out.iter().zip(self.y).map(|(o, y)| o * y).collect();
        add(columns, &coef, &mut sum);
        for (s, y) in sum.iter_mut().zip(self.y) {
            *s *= y;
        }
        sum
    }
}

impl QMatrix for SignedGram<'_> {
    fn len(&self) -> usize {
        self.y.len()
    }

    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.prepared.rows_f64(rows, out);
        sign(out, rows, self.y, |r| self.y[r as usize]);
    }

    fn fill_rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        self.prepared.rows_f32(rows, out);
        sign(out, rows, &self.narrow_y, |r| self.narrow_y[r as usize]);
    }

    fn fill_part(&self, rows: &[u32], columns: &[u32], out: &mut [f64]) {
        self.prepared.part_f64(rows, columns, out);
        let y: Vec<f64> = columns.iter().map(|&c| self.y[c as usize]).collect();
        sign(out, rows, &y, |r| self.y[r as usize]);
    }

    fn fill_part_f32(&self, rows: &[u32], columns: &[u32], out: &mut [f32]) {
        self.prepared.part_f32(rows, columns, out);
        let y: Vec<f32> = columns.iter().map(|&c| self.narrow_y[c as usize]).collect();
        sign(out, rows, &y, |r| self.narrow_y[r as usize]);
    }

    fn add_products(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        let sum = self.signed(columns, coef, out, |columns, coef, sum| {
            self.prepared.add_products_f64(columns, coef, sum);
        });
        out.copy_from_slice(&sum);
    }

    fn add_products_f32(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        let sum = self.signed(columns, coef, out, |columns, coef, sum| {
            self.prepared.add_products_f32(columns, coef, sum);
        });
        out.copy_from_slice(&sum);
    }
}

/// Multiplies every entry by the signs of its row and its column.
fn sign<T: Copy + Mul<Output = T>>(out: &mut [T], rows: &[u32], y: &[T], of: impl Fn(u32) -> T) {
    for (&r, row) in rows.iter().zip(out.chunks_exact_mut(y.len().max(1))) {
        let of_row = of(r);
        for (v, &y) in row.iter_mut().zip(y) {
            *v = *v * (of_row * y);
        }
    }
}
