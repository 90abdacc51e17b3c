//! Q_ij = y_i y_j K(x_i, x_j) row by row.

use fuzzysvm_kernels::PreparedKernel;
use fuzzysvm_qp::QMatrix;

/// The signed Gram matrix of prepared points.
pub(crate) struct SignedGram<'a> {
    prepared: Box<dyn PreparedKernel + 'a>,
    y: &'a [f64],
    diagonal: Vec<f64>,
}

impl<'a> SignedGram<'a> {
    pub fn new(prepared: Box<dyn PreparedKernel + 'a>, y: &'a [f64]) -> Self {
        let diagonal = prepared.diagonal();
        Self {
            prepared,
            y,
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
        for (&r, row) in rows.iter().zip(out.chunks_exact_mut(self.y.len())) {
            let y_r = self.y[r as usize];
            for (v, y) in row.iter_mut().zip(self.y) {
                *v *= y_r * y;
            }
        }
    }

    fn fill_part(&self, rows: &[u32], columns: &[u32], out: &mut [f64]) {
        self.prepared.part_f64(rows, columns, out);
        let signs: Vec<f64> = columns.iter().map(|&c| self.y[c as usize]).collect();
        for (&r, row) in rows.iter().zip(out.chunks_exact_mut(columns.len().max(1))) {
            let sign = self.y[r as usize];
            for (v, s) in row.iter_mut().zip(&signs) {
                *v *= sign * s;
            }
        }
    }

    fn fill_part_f32(&self, rows: &[u32], columns: &[u32], out: &mut [f32]) {
        self.prepared.part_f32(rows, columns, out);
        let signs: Vec<f32> = columns.iter().map(|&c| self.y[c as usize] as f32).collect();
        for (&r, row) in rows.iter().zip(out.chunks_exact_mut(columns.len().max(1))) {
            let sign = self.y[r as usize] as f32;
            for (v, s) in row.iter_mut().zip(&signs) {
                *v *= sign * s;
            }
        }
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

    fn fill_rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        self.prepared.rows_f32(rows, out);
        for (&r, row) in rows.iter().zip(out.chunks_exact_mut(self.y.len())) {
            let y_r = self.y[r as usize];
            for (v, y) in row.iter_mut().zip(self.y) {
                *v *= (y_r * y) as f32;
            }
        }
    }
}
