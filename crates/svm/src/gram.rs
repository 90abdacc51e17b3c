//! The kernel among training samples as the solver's matrix.

use fuzzysvm_kernels::PreparedKernel;
use fuzzysvm_qp::{Entries, QMatrix};

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
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    fn is_kernel(&self) -> bool {
        true
    }

    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.prepared.rows_f64(rows, out);
    }

    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>) {
        self.prepared.fill(rows, columns, out);
    }

    fn add_products(&self, columns: &[u32], coef: &[f64], single: bool, out: &mut [f64]) {
        self.prepared.add_products(columns, coef, single, out);
    }
}
