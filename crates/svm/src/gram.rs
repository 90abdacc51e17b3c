//! The kernel among training samples as the solver's matrix.

use fuzzysvm_kernels::PreparedKernel;
use fuzzysvm_qp::QMatrix;

/// K_ij of prepared points, the Q_ij = y_i y_j K_ij of a classifier without its signs.
pub(crate) struct Gram<'a> {
    prepared: Box<dyn PreparedKernel + 'a>,
    diagonal: Vec<f64>,
}

impl<'a> Gram<'a> {
    pub fn new(prepared: Box<dyn PreparedKernel + 'a>) -> Self {
        let diagonal = prepared.diagonal();
        Self { prepared, diagonal }
    }
}

impl QMatrix for Gram<'_> {
    fn len(&self) -> usize {
        self.diagonal.len()
    }

    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    fn unsigned(&self) -> bool {
        true
    }

    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.prepared.rows_f64(rows, out);
    }

    fn fill_rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        self.prepared.rows_f32(rows, out);
    }

    fn fill_all(&self, out: &mut [f64]) {
        self.prepared.gram_f64(out);
    }

    fn fill_all_f32(&self, out: &mut [f32]) {
        self.prepared.gram_f32(out);
    }

    fn fill_part(&self, rows: &[u32], columns: &[u32], out: &mut [f64]) {
        self.prepared.part_f64(rows, columns, out);
    }

    fn fill_part_f32(&self, rows: &[u32], columns: &[u32], out: &mut [f32]) {
        self.prepared.part_f32(rows, columns, out);
    }

    fn add_products(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        self.prepared.add_products_f64(columns, coef, out);
    }

    fn add_products_f32(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        self.prepared.add_products_f32(columns, coef, out);
    }
}
