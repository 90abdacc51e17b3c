//! The inner loops, compiled once for each kind of CPU and chosen at run time.
//!
//! A tile is `M` query rows against one panel of `W` points. Its sums stay in registers while they
//! grow over the features, in loops over the points that the compiler vectorises, and are finished
//! (exp, power, tanh) from there. Per value the steps are the same for every tile, so no value depends
//! on `M`, on the batch, on the thread or on the CPU: where that has no fused multiply-add, it is
//! computed.
//!
//! **Differences, not norms.** ‖x − z‖² is the sum of (x − z)², not ‖x‖² + ‖z‖² − 2 x·z: nothing
//! cancels, distances are never negative, K(x, x) is 1 and infinities do not meet. On an Intel Xeon
//! (d = 47, ns per value of a block in the nearer caches) single precision takes 1.26 this way and
//! took 1.14 the other with AVX-512, 1.83 and 1.99 with AVX2: at most 10 % are given up. Other
//! figures there: 1.7 and 2.3 for one row alone, 2.8 and 4.1 in double precision.

use crate::form::{AbsoluteDifference, Dot, Form, Real, SquaredDifference, Step, finish};
use crate::panels::{Panels, WIDTH_F32, WIDTH_F64};
use crate::running::tile_sums;
use crate::sum::{LANES, fold};
use crate::usual::Queries;
use fuzzysvm_core::cpu::{Cpu, Level};
use fuzzysvm_core::{Matrix, per_cpu};

per_cpu! {
    /// K(x, z).
    pub(crate) fn pair(form: Form, x: &[f64], z: &[f64]) -> f64 = pair_on<Cpu>;
}

#[inline(always)]
fn pair_on<C: Cpu>(form: Form, x: &[f64], z: &[f64]) -> f64 {
    match C::FMA {
        true => pair_with::<true>(form, x, z),
        false => pair_with::<false>(form, x, z),
    }
}

per_cpu! {
    /// K(x, z) for every row z of `points`.
    pub(crate) fn row(form: Form, x: &[f64], points: Matrix<'_>, out: &mut [f64]) = row_on<Cpu>;
}

#[inline(always)]
fn row_on<C: Cpu>(form: Form, x: &[f64], points: Matrix<'_>, out: &mut [f64]) {
    for (value, z) in out.iter_mut().zip(points.rows()) {
        *value = pair_on::<C>(form, x, z);
    }
}

#[inline(always)]
fn pair_with<const FMA: bool>(form: Form, x: &[f64], z: &[f64]) -> f64 {
    let sum = match form {
        Form::Rbf { .. } => sum_pair::<SquaredDifference, FMA>(x, z),
        Form::Laplacian { .. } => sum_pair::<AbsoluteDifference, FMA>(x, z),
        _ => sum_pair::<Dot, FMA>(x, z),
    };
    let mut value = [0.0];
    finish::<f64, 1, FMA>(form, &[sum], &mut value);
    value[0]
}

#[inline(always)]
fn sum_pair<S: Step, const FMA: bool>(x: &[f64], z: &[f64]) -> f64 {
    x.iter()
        .zip(z)
        .fold(0.0, |sum, (&a, &b)| S::step::<f64, FMA>(sum, a, b))
}

/// Whether there are 32 registers: room for the sums of four queries. Where there are 16, those of one fill half of them.
const fn has_32_registers<C: Cpu>() -> bool {
    matches!(C::LEVEL, Level::Avx512) || cfg!(target_arch = "aarch64")
}

macro_rules! block_fn {
    ($name:ident, $body:ident, $t:ty, $w:ident) => {
        per_cpu! {
            /// K(query, point) for every query (row-major, `panels.n_features()` values each) and every
            /// point packed from panel `first` on; `out` is row-major, queries × all points, and keeps its
            /// values for the points before.
            pub(crate) fn $name(
                form: Form,
                panels: &Panels<$t, $w>,
                first: usize,
                queries: Queries<'_, $t>,
                out: &mut [$t],
            ) = $body<Cpu>;
        }

        #[inline(always)]
        fn $body<C: Cpu>(
            form: Form,
            panels: &Panels<$t, $w>,
            first: usize,
            queries: Queries<'_, $t>,
            out: &mut [$t],
        ) {
            match (has_32_registers::<C>(), C::FMA) {
                (true, _) => block::<$t, $w, 4, true>(form, panels, first, queries, out),
                (false, true) => block::<$t, $w, 1, true>(form, panels, first, queries, out),
                (false, false) => block::<$t, $w, 1, false>(form, panels, first, queries, out),
            }
        }
    };
}
block_fn!(block_f32, block_f32_on, f32, WIDTH_F32);
block_fn!(block_f64, block_f64_on, f64, WIDTH_F64);

macro_rules! products_fn {
    ($name:ident, $body:ident, $t:ty, $w:ident) => {
        per_cpu! {
            /// Adds Σ_q coef_q K(query_q, point) to `out` for the points of the panels from `first` on, as
            /// many as `out` has; the sums grow query by query.
            pub(crate) fn $name(
                form: Form,
                panels: &Panels<$t, $w>,
                first: usize,
                queries: Queries<'_, $t>,
                coef: &[f64],
                out: &mut [f64],
            ) = $body<Cpu>;
        }

        #[inline(always)]
        fn $body<C: Cpu>(
            form: Form,
            panels: &Panels<$t, $w>,
            first: usize,
            queries: Queries<'_, $t>,
            coef: &[f64],
            out: &mut [f64],
        ) {
            match (has_32_registers::<C>(), C::FMA) {
                (true, _) => products::<$t, $w, 4, true>(form, panels, first, queries, coef, out),
                (false, true) => {
                    products::<$t, $w, 1, true>(form, panels, first, queries, coef, out)
                }
                (false, false) => {
                    products::<$t, $w, 1, false>(form, panels, first, queries, coef, out)
                }
            }
        }
    };
}
products_fn!(products_f32, products_f32_on, f32, WIDTH_F32);
products_fn!(products_f64, products_f64_on, f64, WIDTH_F64);

per_cpu! {
    /// Adds Σ_j coef_j K(query, point_j) to `out` for every query (row-major, `panels.n_features()` values each).
    pub(crate) fn sums_f64(
        form: Form,
        panels: &Panels<f64, WIDTH_F64>,
        queries: Queries<'_, f64>,
        coef: &[f64],
        out: &mut [f64],
    ) = sums_f64_on<Cpu>;
}

#[inline(always)]
fn sums_f64_on<C: Cpu>(
    form: Form,
    panels: &Panels<f64, WIDTH_F64>,
    queries: Queries<'_, f64>,
    coef: &[f64],
    out: &mut [f64],
) {
    match (has_32_registers::<C>(), C::FMA) {
        (true, _) => sums::<WIDTH_F64, 4, true>(form, panels, queries, coef, out),
        (false, true) => sums::<WIDTH_F64, 1, true>(form, panels, queries, coef, out),
        (false, false) => sums::<WIDTH_F64, 1, false>(form, panels, queries, coef, out),
    }
}

#[inline(always)]
fn sums<const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<f64, W>,
    queries: Queries<'_, f64>,
    coef: &[f64],
    out: &mut [f64],
) {
    match form {
        Form::Rbf { .. } => {
            sums_of::<SquaredDifference, W, M, FMA>(form, panels, queries, coef, out);
        }
        Form::Laplacian { .. } => {
            sums_of::<AbsoluteDifference, W, M, FMA>(form, panels, queries, coef, out);
        }
        _ => sums_of::<Dot, W, M, FMA>(form, panels, queries, coef, out),
    }
}

/// The sums of [`weighted_sum`](crate::weighted_sum), panel by panel.
#[inline(always)]
fn sums_of<S: Step, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<f64, W>,
    queries: Queries<'_, f64>,
    coef: &[f64],
    out: &mut [f64],
) {
    let shape = (panels.n_features(), panels.n_words());
    let mut running = vec![Running::default(); out.len()];
    for (p, coef) in coef.chunks(W).enumerate() {
        let panel = panels.panel(p);
        let (tiles, rest) = queries.tiles::<M>(shape);
        let mut of_tiles = running.chunks_exact_mut(M);
        for (tile, running) in tiles.zip(&mut of_tiles) {
            let sums = tile_sums::<f64, S, W, M, FMA>(panel, tile);
            for (sums, running) in sums.iter().zip(running) {
                running.add::<W, FMA>(form, sums, coef);
            }
        }
        for (query, running) in rest.zip(of_tiles.into_remainder()) {
            let [sums] = tile_sums::<f64, S, W, 1, FMA>(panel, query);
            running.add::<W, FMA>(form, &sums, coef);
        }
    }
    for (out, running) in out.iter_mut().zip(running) {
        *out += fold(running.lanes) + running.left;
    }
}

/// The running sums of one query.
#[derive(Clone, Default)]
struct Running {
    lanes: [f64; LANES],
    /// Of the points behind the last sixteen.
    left: f64,
}

impl Running {
    /// Adds the weighted values of a panel. The last panel may have fewer points; what fills it up counts nothing, not even
    /// where its value overflows.
    #[inline(always)]
    fn add<const W: usize, const FMA: bool>(&mut self, form: Form, sums: &[f64; W], coef: &[f64]) {
        let mut values = [0.0; W];
        finish::<f64, W, FMA>(form, sums, &mut values);
        let (whole, rest) = coef.as_chunks::<LANES>();
        let (of_whole, of_rest) = values[..coef.len()].as_chunks::<LANES>();
        for (values, coef) in of_whole.iter().zip(whole) {
            for l in 0..LANES {
                self.lanes[l] += values[l] * coef[l];
            }
        }
        for (value, coef) in of_rest.iter().zip(rest) {
            self.left += value * coef;
        }
    }
}

#[inline(always)]
fn products<T: Real, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    first: usize,
    queries: Queries<'_, T>,
    coef: &[f64],
    out: &mut [f64],
) {
    match form {
        Form::Rbf { .. } => {
            products_of::<T, SquaredDifference, W, M, FMA>(form, panels, first, queries, coef, out);
        }
        Form::Laplacian { .. } => {
            products_of::<T, AbsoluteDifference, W, M, FMA>(
                form, panels, first, queries, coef, out,
            );
        }
        _ => products_of::<T, Dot, W, M, FMA>(form, panels, first, queries, coef, out),
    }
}

#[inline(always)]
fn products_of<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    first: usize,
    queries: Queries<'_, T>,
    coef: &[f64],
    out: &mut [f64],
) {
    let shape = (panels.n_features(), panels.n_words());
    for (p, out) in out.chunks_mut(W).enumerate() {
        let panel = panels.panel(first + p);
        let mut sums = [0.0f64; W];
        sums[..out.len()].copy_from_slice(out);
        let (tiles, rest) = queries.tiles::<M>(shape);
        let mut coefs = coef.chunks_exact(M);
        for (tile, coef) in tiles.zip(&mut coefs) {
            let sums_of_tile = tile_sums::<T, S, W, M, FMA>(panel, tile);
            for (query_sums, &c) in sums_of_tile.iter().zip(coef) {
                add_values::<T, W, FMA>(form, &mut sums, query_sums, c);
            }
        }
        for (query, &c) in rest.zip(coefs.remainder()) {
            let [query_sums] = tile_sums::<T, S, W, 1, FMA>(panel, query);
            add_values::<T, W, FMA>(form, &mut sums, &query_sums, c);
        }
        out.copy_from_slice(&sums[..out.len()]);
    }
}

/// Values that are finished together: with more of them the compiler runs out of registers.
const TOGETHER: usize = 32;

/// sums += c · values.
#[inline(always)]
fn add_values<T: Real, const W: usize, const FMA: bool>(
    form: Form,
    sums: &mut [f64; W],
    of_query: &[T; W],
    c: f64,
) {
    let sums = sums.as_chunks_mut::<TOGETHER>().0;
    for (sums, of_query) in sums.iter_mut().zip(of_query.as_chunks::<TOGETHER>().0) {
        let mut values = [T::ZERO; TOGETHER];
        finish::<T, TOGETHER, FMA>(form, of_query, &mut values);
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = Real::mul_add::<FMA>(c, value.to_f64(), *sum);
        }
    }
}

#[inline(always)]
fn block<T: Real, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    first: usize,
    queries: Queries<'_, T>,
    out: &mut [T],
) {
    match form {
        Form::Rbf { .. } => {
            block_of::<T, SquaredDifference, W, M, FMA>(form, panels, first, queries, out);
        }
        Form::Laplacian { .. } => {
            block_of::<T, AbsoluteDifference, W, M, FMA>(form, panels, first, queries, out);
        }
        _ => block_of::<T, Dot, W, M, FMA>(form, panels, first, queries, out),
    }
}

#[inline(always)]
fn block_of<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    first: usize,
    queries: Queries<'_, T>,
    out: &mut [T],
) {
    let shape = (panels.n_features(), panels.n_words());
    let n = panels.n_points();
    for p in first..panels.n_panels() {
        let (panel, start) = (panels.panel(p), p * W);
        let columns = start..n.min(start + W);
        let (tiles, rest) = queries.tiles::<M>(shape);
        let mut outs = out.chunks_exact_mut(M * n);
        for (tile, out) in tiles.zip(&mut outs) {
            let sums_of_tile = tile_sums::<T, S, W, M, FMA>(panel, tile);
            for (query_sums, row) in sums_of_tile.iter().zip(out.chunks_exact_mut(n)) {
                finish_into::<T, W, FMA>(form, query_sums, &mut row[columns.clone()]);
            }
        }
        for (query, row) in rest.zip(outs.into_remainder().chunks_exact_mut(n)) {
            let [query_sums] = tile_sums::<T, S, W, 1, FMA>(panel, query);
            finish_into::<T, W, FMA>(form, &query_sums, &mut row[columns.clone()]);
        }
    }
}

/// Writes the values of a tile's row, of which the last panel has fewer than `W`.
#[inline(always)]
fn finish_into<T: Real, const W: usize, const FMA: bool>(
    form: Form,
    query_sums: &[T; W],
    row: &mut [T],
) {
    match row.as_chunks_mut::<W>() {
        ([whole], []) => finish_all::<T, W, FMA>(form, query_sums, whole),
        _ => {
            let mut values = [T::ZERO; W];
            finish_all::<T, W, FMA>(form, query_sums, &mut values);
            row.copy_from_slice(&values[..row.len()]);
        }
    }
}

/// [`finish`], some at a time.
#[inline(always)]
fn finish_all<T: Real, const W: usize, const FMA: bool>(
    form: Form,
    query_sums: &[T; W],
    values: &mut [T; W],
) {
    let values = values.as_chunks_mut::<TOGETHER>().0;
    for (values, sums) in values.iter_mut().zip(query_sums.as_chunks().0) {
        finish::<T, TOGETHER, FMA>(form, sums, values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::Frame;

    const FORMS: [Form; 5] = [
        Form::Linear,
        Form::Polynomial {
            degree: 5,
            gamma: 0.3,
            coef0: 0.5,
        },
        Form::Rbf { gamma: 0.3 },
        Form::Sigmoid {
            gamma: 0.3,
            coef0: 0.1,
        },
        Form::Laplacian { gamma: 0.3 },
    ];

    /// n samples of d features: of every four, one is the sine of the place, the others have one value in most rows.
    fn samples(n: usize, d: usize) -> Vec<f64> {
        let value = |i: usize| match (i / d, i % d) {
            (_, k) if k % 4 == 1 => (i as f64 * 0.7).sin(),
            (row, k) if (row * row + k) % 23 == 0 => 1.5,
            (_, k) => [0.0, -0.25][k % 2],
        };
        (0..n * d).map(value).collect()
    }

    fn frame<T: Real>(form: Form, x: Matrix<'_>) -> Frame<T> {
        Frame::new(form, x, vec![0.0; x.n_cols()])
    }

    /// K in single precision, with every feature added.
    fn narrow_pair(form: Form, x: &[f64], z: &[f64]) -> f32 {
        let sum = x.iter().zip(z).fold(0.0, |sum, (&x, &z)| {
            let (x, z) = (x as f32, z as f32);
            match form {
                Form::Rbf { .. } => SquaredDifference::step::<f32, true>(sum, x, z),
                Form::Laplacian { .. } => AbsoluteDifference::step::<f32, true>(sum, x, z),
                _ => Dot::step::<f32, true>(sum, x, z),
            }
        });
        let mut value = [0.0];
        finish::<f32, 1, true>(form, &[sum], &mut value);
        value[0]
    }

    /// Values of all forms, `M` queries a tile.
    fn values<const M: usize, const FMA: bool>(n: usize, d: usize) -> (Vec<f32>, Vec<f64>) {
        let data = samples(n, d);
        let x = Matrix::new(&data, d).unwrap();
        let (mut narrow_out, mut wide_out) = (vec![], vec![]);
        for form in FORMS {
            let (mut a, mut b) = (vec![f32::NAN; n * n], vec![f64::NAN; n * n]);
            let frame_32 = frame(form, x);
            let panels = Panels::<f32, WIDTH_F32>::pack(x, None, &frame_32);
            let queries = frame_32.queries(x.rows());
            block::<f32, WIDTH_F32, M, FMA>(form, &panels, 0, queries.as_ref(), &mut a);
            let frame_64 = frame(form, x);
            let panels = Panels::<f64, WIDTH_F64>::pack(x, None, &frame_64);
            let queries = frame_64.queries(x.rows());
            block::<f64, WIDTH_F64, M, FMA>(form, &panels, 0, queries.as_ref(), &mut b);
            narrow_out.extend(a);
            wide_out.extend(b);
        }
        (narrow_out, wide_out)
    }

    /// Numbers of samples and features: all remainders of tiles, panels and words of bits.
    const SHAPES: [(usize, usize); 10] = [
        (1, 1),
        (7, 2),
        (31, 3),
        (32, 8),
        (33, 7),
        (70, 13),
        (129, 15),
        (66, 31),
        (97, 64),
        (35, 131),
    ];

    #[test]
    fn what_is_passed_over_adds_nothing() {
        let mut passed_over = 0;
        for (n, d) in SHAPES {
            let data = samples(n, d);
            let x = Matrix::new(&data, d).unwrap();
            for form in FORMS {
                let frame = frame(form, x);
                let panels = Panels::<f64, WIDTH_F64>::pack(x, None, &frame);
                let queries = frame.queries(x.rows());
                let bits = |panel: usize| panels.panel(panel).bits.unwrap_or_default().iter();
                passed_over += (0..panels.n_panels())
                    .flat_map(bits)
                    .map(|word| word.count_ones())
                    .sum::<u32>();
                let mut found = vec![f64::NAN; n * n];
                block_f64(form, &panels, 0, queries.as_ref(), &mut found);
                let mut narrow = vec![f32::NAN; n * n];
                let frame_32 = self::frame(form, x);
                let panels_32 = Panels::<f32, WIDTH_F32>::pack(x, None, &frame_32);
                let queries_32 = frame_32.queries(x.rows());
                block_f32(form, &panels_32, 0, queries_32.as_ref(), &mut narrow);
                let mut products = vec![0.0; n];
                products_f64(
                    form,
                    &panels,
                    0,
                    queries.as_ref(),
                    &vec![1.0; n],
                    &mut products,
                );
                for (j, z) in x.rows().enumerate() {
                    let one_by_one = |i: usize| pair(form, x.row(i), z);
                    for i in 0..n {
                        assert_eq!(found[i * n + j], one_by_one(i), "{form:?} {n} {d}");
                        assert_eq!(narrow[i * n + j], narrow_pair(form, x.row(i), z));
                    }
                    assert_eq!(products[j], (0..n).map(one_by_one).sum::<f64>());
                }
            }
        }
        assert!(passed_over > 1_000, "{passed_over}");
    }

    #[test]
    fn sums_are_those_of_the_block_whatever_the_tile() {
        for (n, d) in SHAPES {
            let data = samples(n, d);
            let x = Matrix::new(&data, d).unwrap();
            let coef: Vec<f64> = (0..n).map(|i| (i as f64 * 1.3).cos()).collect();
            for form in FORMS {
                let frame = frame(form, x);
                let panels = Panels::<f64, WIDTH_F64>::pack(x, None, &frame);
                let queries = frame.queries(x.rows());
                let queries = queries.as_ref();
                let mut block_values = vec![0.0; n * n];
                block::<f64, WIDTH_F64, 1, true>(form, &panels, 0, queries, &mut block_values);
                let mut one = vec![0.25; n];
                sums::<WIDTH_F64, 1, true>(form, &panels, queries, &coef, &mut one);
                for (row, &sum) in block_values.chunks_exact(n).zip(&one) {
                    assert_eq!(sum, 0.25 + crate::weighted_sum(row, &coef), "{form:?}");
                }
                let mut other = vec![0.25; n];
                sums::<WIDTH_F64, 4, true>(form, &panels, queries, &coef, &mut other);
                assert_eq!(one, other, "{form:?} {n} {d}");
                // Alone as among others.
                let mut alone = [0.25];
                let first = frame.queries([x.row(0)].into_iter());
                sums_f64(form, &panels, first.as_ref(), &coef, &mut alone);
                let mut all = vec![0.25; n];
                sums_f64(form, &panels, queries, &coef, &mut all);
                assert_eq!(alone[0], all[0]);
            }
        }
        // The places behind the last point overflow, and count nothing.
        let form = Form::Polynomial {
            degree: 3,
            gamma: 1.0,
            coef0: 1e200,
        };
        let x = Matrix::new(&[-1e200], 1).unwrap();
        let frame = frame(form, x);
        let panels = Panels::<f64, WIDTH_F64>::pack(x, None, &frame);
        let one = frame.queries([[1.0].as_slice()].into_iter());
        let mut out = [1.0];
        sums_f64(form, &panels, one.as_ref(), &[2.0], &mut out);
        assert_eq!(out, [1.0]);
    }

    #[test]
    fn neither_the_tile_height_shows_nor_whether_the_processor_fuses() {
        for (n, d) in SHAPES {
            let one = values::<1, true>(n, d);
            assert!(one.0.iter().all(|v| v.is_finite()) && one.1.iter().all(|v| v.is_finite()));
            assert!(one == values::<4, true>(n, d), "n {n} d {d}");
            assert!(one == values::<1, false>(n, d), "n {n} d {d}");
        }
    }
}
