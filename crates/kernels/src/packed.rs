//! [`PreparedKernel`] of the kernels with a fast path.

use std::borrow::Cow;
use std::sync::OnceLock;

use fuzzysvm_core::{Matrix, Stop};
use rayon::prelude::*;

use crate::Entries;
use crate::form::{Form, Real};
use crate::kernel::{PreparedKernel, check_sums, products};
use crate::mirror::{flip, mirror};
use crate::panels::{Frame, Panels, WIDTH_F32, WIDTH_F64, within};
use crate::parallel::{PARALLEL_FROM, check_out, for_row_chunks};
use crate::tile;
use crate::usual::Queries;

/// Points packed in panels, in each precision when it is first needed.
pub(crate) struct PackedPoints<'a> {
    form: Form,
    points: Matrix<'a>,
    wide: OnceLock<Packing<f64, WIDTH_F64>>,
    /// `None` inside where single precision would overflow or lose neighbors: rows are then narrowed from `f64`.
    narrow: OnceLock<Option<Packing<f32, WIDTH_F32>>>,
}

/// Points in one precision, packed when they are first needed: in their order for rows, by likeness for sums of one value
/// per point, where more features are passed over.
struct Packing<T, const W: usize> {
    frame: Frame<T>,
    in_order: OnceLock<Panels<T, W>>,
    by_likeness: OnceLock<Sorted<T, W>>,
}

/// Panels of points in another order.
struct Sorted<T, const W: usize> {
    /// The index of each; `None` if the order is that of the points.
    order: Option<Vec<u32>>,
    panels: Panels<T, W>,
}

impl<T: Real, const W: usize> Packing<T, W> {
    fn new(form: Form, points: Matrix<'_>, center: Vec<f64>) -> Self {
        Self {
            frame: Frame::new(form, points, center),
            in_order: OnceLock::new(),
            by_likeness: OnceLock::new(),
        }
    }

    fn in_order(&self, points: Matrix<'_>) -> &Panels<T, W> {
        self.in_order
            .get_or_init(|| Panels::pack(points, None, &self.frame))
    }

    fn by_likeness(&self, points: Matrix<'_>) -> &Sorted<T, W> {
        self.by_likeness.get_or_init(|| {
            let order = self.frame.order(points);
            let panels = Panels::pack(points, order.as_deref(), &self.frame);
            Sorted { order, panels }
        })
    }
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

    /// Double precision is not centered: direct differences need no help there.
    fn wide(&self) -> &Packing<f64, WIDTH_F64> {
        self.wide
            .get_or_init(|| Packing::new(self.form, self.points, vec![0.0; self.points.n_cols()]))
    }

    fn narrow(&self) -> Option<&Packing<f32, WIDTH_F32>> {
        self.narrow
            .get_or_init(|| {
                let limit = self.form.narrow_limit()?;
                let center = if self.form.is_shift_invariant() {
                    self.points.column_centers()
                } else {
                    vec![0.0; self.points.n_cols()]
                };
                within(self.points, &center, limit)
                    .then(|| Packing::new(self.form, self.points, center))
            })
            .as_ref()
    }
}

impl PreparedKernel for PackedPoints<'_> {
    fn n_points(&self) -> usize {
        self.points.n_rows()
    }

    fn diagonal(&self) -> Vec<f64> {
        if self.form.is_shift_invariant() {
            // e⁰, of differences that are all 0.
            return vec![1.0; self.points.n_rows()];
        }
        self.points
            .rows()
            .map(|x| tile::pair(self.form, x, x))
            .collect()
    }

    fn always_finite(&self) -> bool {
        self.form.always_finite()
    }

    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>) {
        match out {
            Entries::F64(out) => self.fill_with(self.wide(), rows, columns, out, tile::block_f64),
            Entries::F32(out) => match self.narrow() {
                Some(packing) => self.fill_with(packing, rows, columns, out, tile::block_f32),
                None => self.fill_narrowed(rows, columns, out),
            },
        }
    }

    fn fill_alone(&self, out: &mut [f32]) {
        let n = self.n_points();
        check_out(n, n, out.len());
        match self.narrow() {
            Some(packing) => self.symmetric(packing, out, false, tile::block_f32),
            None => {
                for (row, out) in out.chunks_mut(n.max(1)).enumerate() {
                    self.fill_narrowed(Some(&[row as u32]), None, out);
                }
            }
        }
    }

    fn add_products(&self, columns: &[u32], coef: &[f64], single: bool, out: &mut [f64]) {
        if !single {
            return self.sum_over(self.wide(), columns, coef, out, tile::products_f64);
        }
        match self.narrow() {
            Some(packing) => self.sum_over(packing, columns, coef, out, tile::products_f32),
            // Entries narrowed from double precision, as in rows.
            None => products(columns, coef, out, |r, row: &mut [f32]| {
                self.rows_f32(r, row)
            }),
        }
    }

    fn block_f64(&self, queries: Matrix<'_>, out: &mut [f64]) {
        let n = self.n_points();
        check_out(queries.n_rows(), n, out.len());
        assert_eq!(
            queries.n_cols(),
            self.points.n_cols(),
            "queries and points must have the same features"
        );
        let packing = self.wide();
        let panels = packing.in_order(self.points);
        for_row_chunks(out, n, |first, out| {
            let chunk = queries.slice_rows(first, first + out.len() / n);
            let mut bits = Vec::new();
            let chunk = packing.frame.borrowed(chunk.as_slice(), &mut bits);
            tile::block_f64(self.form, panels, 0, chunk, out);
        });
    }

    fn add_sums(&self, queries: Matrix<'_>, coef: &[f64], out: &mut [f64]) {
        /// Queries whose running sums lie in the nearest cache.
        const AT_ONCE: usize = 64;
        check_sums(queries, self.n_points(), coef, out);
        assert_eq!(
            queries.n_cols(),
            self.points.n_cols(),
            "queries and points must have the same features"
        );
        let packing = self.wide();
        let panels = packing.in_order(self.points);
        let mut bits = Vec::new();
        for (k, out) in out.chunks_mut(AT_ONCE).enumerate() {
            Stop::look();
            let first = k * AT_ONCE;
            let chunk = queries.slice_rows(first, first + out.len());
            let chunk = packing.frame.borrowed(chunk.as_slice(), &mut bits);
            tile::sums_f64(self.form, panels, chunk, coef, out);
        }
    }
}

impl PackedPoints<'_> {
    fn or_all<'b>(&self, rows: Option<&'b [u32]>) -> Cow<'b, [u32]> {
        rows.map_or_else(|| (0..self.n_points() as u32).collect(), Cow::Borrowed)
    }

    fn fill_with<T: Real, const W: usize>(
        &self,
        packing: &Packing<T, W>,
        rows: Option<&[u32]>,
        columns: Option<&[u32]>,
        out: &mut [T],
        block: impl Fn(Form, &Panels<T, W>, usize, Queries<'_, T>, &mut [T]) + Sync,
    ) {
        if rows.is_none() && columns.is_none() {
            return self.symmetric(packing, out, true, block);
        }
        let rows = self.or_all(rows);
        let chosen = columns.map(|c| Panels::pack(self.points, Some(c), &packing.frame));
        let panels = chosen
            .as_ref()
            .unwrap_or_else(|| packing.in_order(self.points));
        let width = panels.n_points();
        check_out(rows.len(), width, out.len());
        for_row_chunks(out, width, |first, out| {
            let chunk = &rows[first..first + out.len() / width];
            let samples = chunk.iter().map(|&r| self.points.row(r as usize));
            let queries = packing.frame.queries(samples);
            block(self.form, panels, 0, queries.as_ref(), out);
        });
    }

    /// Entries of double precision, rounded: whole rows a few at a time, so that the whole matrix is never held twice.
    fn fill_narrowed(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: &mut [f32]) {
        let fill = |rows: &[u32], out: &mut [f32]| {
            let mut wide = vec![0.0; out.len()];
            self.fill(Some(rows), columns, Entries::F64(&mut wide));
            for (narrow, &v) in out.iter_mut().zip(&wide) {
                *narrow = v as f32;
            }
        };
        let (rows, n) = (self.or_all(rows), self.n_points());
        match columns {
            Some(_) => fill(&rows, out),
            None => for_row_chunks(out, n, |first, out| {
                fill(&rows[first..first + out.len() / n], out);
            }),
        }
    }

    /// All values among the points: those on one side of the diagonal computed, the others copied.
    fn symmetric<T: Real, const W: usize>(
        &self,
        packing: &Packing<T, W>,
        out: &mut [T],
        parallel: bool,
        block: impl Fn(Form, &Panels<T, W>, usize, Queries<'_, T>, &mut [T]) + Sync,
    ) {
        let n = self.n_points();
        check_out(n, n, out.len());
        let panels = packing.in_order(self.points);
        // The rows of a panel of points against that panel and those after it.
        let fill = |p: usize, out: &mut [T]| {
            Stop::look();
            let first = p * W;
            let samples = self.points.slice_rows(first, first + out.len() / n);
            let queries = packing.frame.queries(samples.rows());
            block(self.form, panels, p, queries.as_ref(), out);
        };
        if parallel && out.len() >= PARALLEL_FROM && rayon::current_num_threads() > 1 {
            out.par_chunks_mut(W * n)
                .enumerate()
                .for_each(|(p, out)| fill(p, out));
            mirror(out, n, W);
        } else {
            // Copied while they are in the nearer caches.
            let mut rest = out;
            for p in 0..n.div_ceil(W) {
                let (rows, below) = rest.split_at_mut(rest.len().min(W * n));
                fill(p, rows);
                flip(rows, n, p * W, below, (p + 1) * W);
                rest = below;
            }
        }
    }

    fn sum_over<T: Real, const W: usize>(
        &self,
        packing: &Packing<T, W>,
        columns: &[u32],
        coef: &[f64],
        out: &mut [f64],
        products: impl Fn(Form, &Panels<T, W>, usize, Queries<'_, T>, &[f64], &mut [f64]) + Sync,
    ) {
        /// Panels that a thread takes at a time.
        const PANELS: usize = 4;
        assert_eq!(columns.len(), coef.len(), "one coefficient per column");
        assert_eq!(out.len(), self.n_points(), "one sum per point");
        let samples = columns.iter().map(|&c| self.points.row(c as usize));
        let queries = packing.frame.queries(samples);
        let Sorted { order, panels } = packing.by_likeness(self.points);
        let fill = |(k, out): (usize, &mut [f64])| {
            Stop::look();
            products(self.form, panels, k * PANELS, queries.as_ref(), coef, out);
        };
        let add = |out: &mut [f64]| {
            if columns.len() * out.len() >= PARALLEL_FROM {
                out.par_chunks_mut(PANELS * W).enumerate().for_each(fill);
            } else {
                out.chunks_mut(PANELS * W).enumerate().for_each(fill);
            }
        };
        let Some(order) = order else {
            return add(out);
        };
        let mut sums: Vec<f64> = order.iter().map(|&i| out[i as usize]).collect();
        add(&mut sums);
        for (&i, sum) in order.iter().zip(sums) {
            out[i as usize] = sum;
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

/// [`Kernel::weights`](crate::Kernel::weights): the sum of the points, with what every addition rounds away added behind it.
pub(crate) fn weights(form: Form, points: Matrix<'_>, coef: &[f64]) -> Option<Vec<f64>> {
    if form != Form::Linear {
        return None;
    }
    assert_eq!(coef.len(), points.n_rows(), "one coefficient per point");
    let least = |values: &[f64]| {
        let sizes = values.iter().map(|v| v.abs()).filter(|v| *v > 0.0);
        sizes.fold(f64::INFINITY, f64::min)
    };
    // A product below would have lost digits, or all.
    if least(coef) * least(points.as_slice()) < f64::MIN_POSITIVE / f64::EPSILON {
        return None;
    }
    let mut sums = vec![0.0; points.n_cols()];
    let mut lost = sums.clone();
    for (point, c) in points.rows().zip(coef) {
        for ((sum, lost), z) in sums.iter_mut().zip(&mut lost).zip(point) {
            let (term, before) = (c * z, *sum);
            *sum = before + term;
            let added = *sum - before;
            *lost += (before - (*sum - added)) + (term - added);
        }
    }
    for (sum, lost) in sums.iter_mut().zip(lost) {
        *sum += lost;
    }
    sums.iter().all(|w| w.is_finite()).then_some(sums)
}

/// The [`Kernel`] methods of a kernel that has a [`Form`](crate::form::Form) and an inherent
/// `validate`.
macro_rules! packed_kernel {
    ($kernel:ty) => {
        impl crate::Kernel for $kernel {
            fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
                crate::tile::pair(self.form(), x, z)
            }
            fn eval_row(&self, x: &[f64], points: fuzzysvm_core::Matrix<'_>, out: &mut [f64]) {
                crate::parallel::check_out(1, points.n_rows(), out.len());
                crate::tile::row(self.form(), x, points, out);
            }
            fn eval_block(
                &self,
                rows: fuzzysvm_core::Matrix<'_>,
                points: fuzzysvm_core::Matrix<'_>,
                out: &mut [f64],
            ) {
                crate::packed::eval_block(self.form(), rows, points, out);
            }
            fn prepare<'a>(
                &'a self,
                points: fuzzysvm_core::Matrix<'a>,
            ) -> Box<dyn crate::PreparedKernel + 'a> {
                Box::new(crate::packed::PackedPoints::new(self.form(), points))
            }
            fn bound(&self) -> Option<f64> {
                self.form().bound()
            }
            fn weights(&self, points: fuzzysvm_core::Matrix<'_>, coef: &[f64]) -> Option<Vec<f64>> {
                crate::packed::weights(self.form(), points, coef)
            }
            fn validate(&self) -> Result<(), fuzzysvm_core::ParamError> {
                // The inherent method of the same name.
                <$kernel>::validate(self)
            }
        }
    };
}
pub(crate) use packed_kernel;
