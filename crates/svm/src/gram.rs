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
