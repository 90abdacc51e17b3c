//! [`PreparedKernel`] of the kernels with a fast path.

use std::sync::OnceLock;

use fuzzysvm_core::{Matrix, MatrixBuf};
use rayon::prelude::*;

use crate::form::{Form, Real};
use crate::kernel::{PreparedKernel, check_out};
use crate::mirror::mirror;
use crate::panels::{Panels, WIDTH_F32, WIDTH_F64, within};
use crate::parallel::{PARALLEL_FROM, for_row_chunks};
use crate::tile;

/// Points packed in panels, each precision when it is first asked for.
pub(crate) struct PackedPoints<'a> {
    form: Form,
    points: Matrix<'a>,
    wide: OnceLock<Panels<f64, WIDTH_F64>>,
    /// `None` inside where single precision would overflow or lose neighbours: rows are then narrowed from `f64`.
    narrow: OnceLock<Option<Panels<f32, WIDTH_F32>>>,
}

impl<'a> PackedPoints<'a> {
    pub(crate) fn new(form: Form, points: Matrix<'a>) -> Self {
        Self {
            form,
            points,
            wide: OnceLock::new(),
            narrow: OnceLock::new(),
        }
    }

    /// Double precision is not centred: direct differences need no help there.
    fn wide(&self) -> &Panels<f64, WIDTH_F64> {
        self.wide
            .get_or_init(|| Panels::pack(self.points, vec![0.0; self.points.n_cols()]))
    }

    fn narrow(&self) -> Option<&Panels<f32, WIDTH_F32>> {
        self.narrow
            .get_or_init(|| {
                let limit = self.form.narrow_limit()?;
                let centre = if self.form.is_shift_invariant() {
                    self.points.column_centres()
                } else {
                    vec![0.0; self.points.n_cols()]
                };
                within(self.points, &centre, limit).then(|| Panels::pack(self.points, centre))
            })
            .as_ref()
    }
}

impl PreparedKernel for PackedPoints<'_> {
    fn n_points(&self) -> usize {
        self.points.n_rows()
    }

    fn diagonal(&self) -> Vec<f64> {
        self.points
            .rows()
            .map(|x| tile::pair(self.form, x, x))
            .collect()
    }

    fn rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        let n = self.n_points();
        check_out(rows.len(), n, out.len());
        match self.narrow() {
            Some(panels) => for_row_chunks(out, n, |first, out| {
                let chunk = &rows[first..first + out.len() / n];
                let mut queries = Vec::with_capacity(chunk.len() * self.points.n_cols());
                for &r in chunk {
                    panels.push_query(self.points.row(r as usize), &mut queries);
                }
                tile::block_f32(self.form, panels, 0, &queries, out);
            }),
            None => for_row_chunks(out, n, |first, out| {
                let chunk = &rows[first..first + out.len() / n];
                let mut wide = vec![0.0; out.len()];
                self.rows_f64(chunk, &mut wide);
                for (narrow, &v) in out.iter_mut().zip(&wide) {
                    *narrow = v as f32;
                }
            }),
        }
    }

    fn rows_f64(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.n_points();
        check_out(rows.len(), n, out.len());
        let panels = self.wide();
        for_row_chunks(out, n, |first, out| {
            let chunk = &rows[first..first + out.len() / n];
            let mut queries = Vec::with_capacity(chunk.len() * self.points.n_cols());
            for &r in chunk {
                queries.extend_from_slice(self.points.row(r as usize));
            }
            tile::block_f64(self.form, panels, 0, &queries, out);
        });
    }

    fn gram_f32(&self, out: &mut [f32]) {
        match self.narrow() {
            Some(panels) => self.symmetric(panels, out, tile::block_f32),
            None => {
                let all: Vec<u32> = (0..self.n_points() as u32).collect();
                self.rows_f32(&all, out);
            }
        }
    }

    fn gram_f64(&self, out: &mut [f64]) {
        self.symmetric(self.wide(), out, tile::block_f64);
    }

    fn part_f32(&self, rows: &[u32], columns: &[u32], out: &mut [f32]) {
        check_out(rows.len(), columns.len(), out.len());
        let Some(panels) = self.narrow() else {
            let mut wide = vec![0.0; out.len()];
            self.part_f64(rows, columns, &mut wide);
            for (narrow, &v) in out.iter_mut().zip(&wide) {
                *narrow = v as f32;
            }
            return;
        };
        let chosen = Panels::pack(self.few(columns).view(), panels.centre().to_vec());
        self.part_of(&chosen, rows, out, tile::block_f32);
    }

    fn part_f64(&self, rows: &[u32], columns: &[u32], out: &mut [f64]) {
        check_out(rows.len(), columns.len(), out.len());
        let centre = vec![0.0; self.points.n_cols()];
        let chosen = Panels::pack(self.few(columns).view(), centre);
        self.part_of(&chosen, rows, out, tile::block_f64);
    }

    fn add_products_f32(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        match self.narrow() {
            Some(panels) => self.sum_over(panels, columns, coef, out, tile::products_f32),
            None => {
                // Rows are narrowed from f64 here, so the entries are too.
                let n = self.n_points();
                let mut row = vec![0.0f32; n];
                for (column, c) in columns.iter().zip(coef) {
                    self.rows_f32(std::slice::from_ref(column), &mut row);
                    for (o, &v) in out.iter_mut().zip(&row) {
                        *o += c * f64::from(v);
                    }
                }
            }
        }
    }

    fn add_products_f64(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        self.sum_over(self.wide(), columns, coef, out, tile::products_f64);
    }

    fn block_f64(&self, queries: Matrix<'_>, out: &mut [f64]) {
        let n = self.n_points();
        check_out(queries.n_rows(), n, out.len());
        assert_eq!(
            queries.n_cols(),
            self.points.n_cols(),
            "queries and points must have the same features"
        );
        let panels = self.wide();
        for_row_chunks(out, n, |first, out| {
            let chunk = queries.slice_rows(first, first + out.len() / n);
            tile::block_f64(self.form, panels, 0, chunk.as_slice(), out);
        });
    }
}

impl PackedPoints<'_> {
    fn few(&self, rows: &[u32]) -> MatrixBuf {
        let rows: Vec<usize> = rows.iter().map(|&r| r as usize).collect();
        self.points.select_rows(&rows)
    }

    /// All values among the points: those on one side of the diagonal computed, the others copied.
    fn symmetric<T: Real, const W: usize>(
        &self,
        panels: &Panels<T, W>,
        out: &mut [T],
        block: impl Fn(Form, &Panels<T, W>, usize, &[T], &mut [T]) + Sync,
    ) {
        let n = self.n_points();
        check_out(n, n, out.len());
        // The rows of a panel of points against that panel and those after it.
        let fill = |(p, out): (usize, &mut [T])| {
            let first = p * W;
            let mut queries = Vec::with_capacity(W * self.points.n_cols());
            for r in first..first + out.len() / n {
                panels.push_query(self.points.row(r), &mut queries);
            }
            block(self.form, panels, p, &queries, out);
        };
        if out.len() >= PARALLEL_FROM {
            out.par_chunks_mut(W * n).enumerate().for_each(fill);
        } else {
            out.chunks_mut(W * n.max(1)).enumerate().for_each(fill);
        }
        mirror(out, n, W);
    }

    fn part_of<T: Real, const W: usize>(
        &self,
        columns: &Panels<T, W>,
        rows: &[u32],
        out: &mut [T],
        block: impl Fn(Form, &Panels<T, W>, usize, &[T], &mut [T]) + Sync,
    ) {
        let m = columns.n_points();
        for_row_chunks(out, m, |first, out| {
            let chunk = &rows[first..first + out.len() / m];
            let mut queries = Vec::with_capacity(chunk.len() * self.points.n_cols());
            for &r in chunk {
                columns.push_query(self.points.row(r as usize), &mut queries);
            }
            block(self.form, columns, 0, &queries, out);
        });
    }

    fn sum_over<T: Real, const W: usize>(
        &self,
        panels: &Panels<T, W>,
        columns: &[u32],
        coef: &[f64],
        out: &mut [f64],
        products: impl Fn(Form, &Panels<T, W>, usize, &[T], &[f64], &mut [f64]) + Sync,
    ) {
        /// Panels that a thread takes at a time.
        const PANELS: usize = 4;
        assert_eq!(columns.len(), coef.len(), "one coefficient a column");
        assert_eq!(out.len(), self.n_points(), "one sum a point");
        let mut queries = Vec::with_capacity(columns.len() * self.points.n_cols());
        for &c in columns {
            panels.push_query(self.points.row(c as usize), &mut queries);
        }
        let fill = |(k, out): (usize, &mut [f64])| {
            products(self.form, panels, k * PANELS, &queries, coef, out);
        };
        if columns.len() * out.len() >= PARALLEL_FROM {
            out.par_chunks_mut(PANELS * W).enumerate().for_each(fill);
        } else {
            out.chunks_mut(PANELS * W).enumerate().for_each(fill);
        }
    }
}

/// K of every row of `rows` with every row of `points`: packs where enough rows share the packing.
pub(crate) fn eval_block(form: Form, rows: Matrix<'_>, points: Matrix<'_>, out: &mut [f64]) {
    if rows.n_rows() < 4 {
        check_out(rows.n_rows(), points.n_rows(), out.len());
        for (x, out) in rows.rows().zip(out.chunks_mut(points.n_rows().max(1))) {
            tile::row(form, x, points, out);
        }
    } else {
        PackedPoints::new(form, points).block_f64(rows, out);
    }
}
