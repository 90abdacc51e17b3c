//! The inner loops, compiled once for each kind of CPU and chosen at run time.
//!
//! A tile is `M` query rows against one panel of `W` points. Its sums grow over the features eight at
//! a time, in a loop over the points that the compiler vectorises, and are finished (exp, power,
//! tanh) while they are in the nearest cache. Per value the steps are the same for every tile, so no
//! value depends on `M`, on the batch, on the thread or on the CPU: where it has no fused multiply-add,
//! that is computed.
//!
//! **Differences, not norms.** ‖x − z‖² is the sum of (x − z)², not ‖x‖² + ‖z‖² − 2 x·z: nothing
//! cancels, distances are never negative, K(x, x) is 1 and infinities do not meet. On one AVX-512
//! core (f32, n = 10,000, d = 35) the whole Gram matrix takes 79 ms this way and took 67 ms with the
//! dot product in its place and no norms added: at most 15 % are given up. Other figures there, in ns per
//! value: 0.66 for 8 rows and 1.3 for one row (bound by the cache that the points come from), in f64
//! 1.4 and 2.7; the Gram matrix with AVX2 code 128 ms.

use crate::form::{AbsoluteDifference, Dot, Form, Real, SquaredDifference, Step, finish};
use crate::panels::{Lanes, Panels, WIDTH_F32, WIDTH_F64};
use crate::sum::{LANES, fold};
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

/// Whether two queries share a tile: where there are registers for the sums of both.
const fn shares_tiles<C: Cpu>() -> bool {
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
                queries: &[$t],
                out: &mut [$t],
            ) = $body<Cpu>;
        }

        #[inline(always)]
        fn $body<C: Cpu>(
            form: Form,
            panels: &Panels<$t, $w>,
            first: usize,
            queries: &[$t],
            out: &mut [$t],
        ) {
            match (shares_tiles::<C>(), C::FMA) {
                (true, _) => block::<$t, $w, 2, true>(form, panels, first, queries, out),
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
                queries: &[$t],
                coef: &[f64],
                out: &mut [f64],
            ) = $body<Cpu>;
        }

        #[inline(always)]
        fn $body<C: Cpu>(
            form: Form,
            panels: &Panels<$t, $w>,
            first: usize,
            queries: &[$t],
            coef: &[f64],
            out: &mut [f64],
        ) {
            match (shares_tiles::<C>(), C::FMA) {
                (true, _) => products::<$t, $w, 2, true>(form, panels, first, queries, coef, out),
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
        queries: &[f64],
        coef: &[f64],
        out: &mut [f64],
    ) = sums_f64_on<Cpu>;
}

#[inline(always)]
fn sums_f64_on<C: Cpu>(
    form: Form,
    panels: &Panels<f64, WIDTH_F64>,
    queries: &[f64],
    coef: &[f64],
    out: &mut [f64],
) {
    match (shares_tiles::<C>(), C::FMA) {
        (true, _) => sums::<WIDTH_F64, 2, true>(form, panels, queries, coef, out),
        (false, true) => sums::<WIDTH_F64, 1, true>(form, panels, queries, coef, out),
        (false, false) => sums::<WIDTH_F64, 1, false>(form, panels, queries, coef, out),
    }
}

#[inline(always)]
fn sums<const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<f64, W>,
    queries: &[f64],
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
    queries: &[f64],
    coef: &[f64],
    out: &mut [f64],
) {
    let d = panels.n_features();
    let mut running = vec![Running::default(); out.len()];
    for (p, coef) in coef.chunks(W).enumerate() {
        let panel = panels.panel(p);
        let mut tiles = queries.chunks_exact(M * d);
        let mut of_tiles = running.chunks_exact_mut(M);
        for (tile, running) in (&mut tiles).zip(&mut of_tiles) {
            let sums = tile_sums::<f64, S, W, M, FMA>(panel, tile);
            for (sums, running) in sums.iter().zip(running) {
                running.add::<W, FMA>(form, sums, coef);
            }
        }
        let rest = tiles.remainder().chunks_exact(d);
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
    fn add<const W: usize, const FMA: bool>(
        &mut self,
        form: Form,
        sums: &Lanes<f64, W>,
        coef: &[f64],
    ) {
        let mut values = [0.0; W];
        finish::<f64, W, FMA>(form, &sums.0, &mut values);
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
    queries: &[T],
    coef: &[f64],
    out: &mut [f64],
) {
    for (p, out) in out.chunks_mut(W).enumerate() {
        let panel = panels.panel(first + p);
        match form {
            Form::Rbf { .. } => {
                panel_sums::<T, SquaredDifference, W, M, FMA>(form, panel, queries, coef, out);
            }
            Form::Laplacian { .. } => {
                panel_sums::<T, AbsoluteDifference, W, M, FMA>(form, panel, queries, coef, out);
            }
            _ => panel_sums::<T, Dot, W, M, FMA>(form, panel, queries, coef, out),
        }
    }
}

/// The sums of one panel.
#[inline(always)]
fn panel_sums<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panel: &[Lanes<T, W>],
    queries: &[T],
    coef: &[f64],
    out: &mut [f64],
) {
    let d = panel.len();
    let mut sums = [0.0f64; W];
    sums[..out.len()].copy_from_slice(out);
    let mut values = [T::ZERO; W];
    let mut tiles = queries.chunks_exact(M * d);
    let mut coefs = coef.chunks_exact(M);
    for (tile, coef) in (&mut tiles).zip(&mut coefs) {
        let tile_sums = tile_sums::<T, S, W, M, FMA>(panel, tile);
        for (tile_sums, &c) in tile_sums.iter().zip(coef) {
            finish::<T, W, FMA>(form, &tile_sums.0, &mut values);
            for l in 0..W {
                sums[l] = Real::mul_add::<FMA>(c, values[l].to_f64(), sums[l]);
            }
        }
    }
    for (query, &c) in tiles.remainder().chunks_exact(d).zip(coefs.remainder()) {
        let [tile_sums] = tile_sums::<T, S, W, 1, FMA>(panel, query);
        finish::<T, W, FMA>(form, &tile_sums.0, &mut values);
        for l in 0..W {
            sums[l] = Real::mul_add::<FMA>(c, values[l].to_f64(), sums[l]);
        }
    }
    out.copy_from_slice(&sums[..out.len()]);
}

#[inline(always)]
fn block<T: Real, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    first: usize,
    queries: &[T],
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
    queries: &[T],
    out: &mut [T],
) {
    let (d, n) = (panels.n_features(), panels.n_points());
    for p in first..panels.n_panels() {
        let (panel, start) = (panels.panel(p), p * W);
        let mut tiles = queries.chunks_exact(M * d);
        let mut outs = out.chunks_exact_mut(M * n);
        for (tile, out) in (&mut tiles).zip(&mut outs) {
            tile_of::<T, S, W, M, FMA>(form, panel, tile, n, start, out);
        }
        let rest = tiles.remainder().chunks_exact(d);
        for (query, out) in rest.zip(outs.into_remainder().chunks_exact_mut(n)) {
            tile_of::<T, S, W, 1, FMA>(form, panel, query, n, start, out);
        }
    }
}

/// `M` queries against one panel; `out` holds their rows of `n` values, of which `start..start + W`
/// are written.
#[inline(always)]
fn tile_of<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panel: &[Lanes<T, W>],
    queries: &[T],
    n: usize,
    start: usize,
    out: &mut [T],
) {
    let sums = tile_sums::<T, S, W, M, FMA>(panel, queries);
    let width = W.min(n - start);
    for (sums, row) in sums.iter().zip(out.chunks_exact_mut(n)) {
        let row = &mut row[start..start + width];
        match row.as_chunks_mut::<W>() {
            ([whole], []) => finish::<T, W, FMA>(form, &sums.0, whole),
            _ => {
                let mut values = [T::ZERO; W];
                finish::<T, W, FMA>(form, &sums.0, &mut values);
                row.copy_from_slice(&values[..width]);
            }
        }
    }
}

/// The running sums of `M` queries against one panel.
#[inline(always)]
fn tile_sums<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    panel: &[Lanes<T, W>],
    queries: &[T],
) -> [Lanes<T, W>; M] {
    let d = queries.len() / M;
    let mut sums = [Lanes([T::ZERO; W]); M];
    let mut z = panel;
    let mut k = 0;
    // Features in eights, then 4, 2 and 1: the sums visit memory once a step.
    while let Some((eight, rest)) = z.split_first_chunk::<8>() {
        add_features::<T, S, W, M, 8, FMA>(&mut sums, eight, queries, d, k);
        (z, k) = (rest, k + 8);
    }
    if let Some((four, rest)) = z.split_first_chunk::<4>() {
        add_features::<T, S, W, M, 4, FMA>(&mut sums, four, queries, d, k);
        (z, k) = (rest, k + 4);
    }
    if let Some((two, rest)) = z.split_first_chunk::<2>() {
        add_features::<T, S, W, M, 2, FMA>(&mut sums, two, queries, d, k);
        (z, k) = (rest, k + 2);
    }
    if let Some((one, _)) = z.split_first_chunk::<1>() {
        add_features::<T, S, W, M, 1, FMA>(&mut sums, one, queries, d, k);
    }
    sums
}

/// Adds features `k..k + F` to the sums of `M` queries and `W` points. The loop over the points is
/// the innermost that is not unrolled, so it is the one that the compiler vectorises.
#[inline(always)]
fn add_features<
    T: Real,
    S: Step,
    const W: usize,
    const M: usize,
    const F: usize,
    const FMA: bool,
>(
    sums: &mut [Lanes<T, W>; M],
    z: &[Lanes<T, W>; F],
    queries: &[T],
    d: usize,
    k: usize,
) {
    let mut x = [[T::ZERO; F]; M];
    for (x, query) in x.iter_mut().zip(queries.chunks_exact(d)) {
        x.copy_from_slice(&query[k..k + F]);
    }
    for l in 0..W {
        for m in 0..M {
            let mut sum = sums[m].0[l];
            for f in 0..F {
                sum = S::step::<T, FMA>(sum, x[m][f], z[f].0[l]);
            }
            sums[m].0[l] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// Values of all forms, `M` queries a tile.
    fn values<const M: usize, const FMA: bool>(n: usize, d: usize) -> (Vec<f32>, Vec<f64>) {
        let data: Vec<f64> = (0..n * d).map(|i| (i as f64 * 0.7).sin()).collect();
        let x = Matrix::new(&data, d).unwrap();
        let narrow_data: Vec<f32> = data.iter().map(|&v| v as f32).collect();
        let narrow = Panels::<f32, WIDTH_F32>::pack(x, vec![0.0; d]);
        let wide = Panels::<f64, WIDTH_F64>::pack(x, vec![0.0; d]);
        let (mut narrow_out, mut wide_out) = (vec![], vec![]);
        for form in FORMS {
            let (mut a, mut b) = (vec![f32::NAN; n * n], vec![f64::NAN; n * n]);
            block::<f32, WIDTH_F32, M, FMA>(form, &narrow, 0, &narrow_data, &mut a);
            block::<f64, WIDTH_F64, M, FMA>(form, &wide, 0, &data, &mut b);
            narrow_out.extend(a);
            wide_out.extend(b);
        }
        (narrow_out, wide_out)
    }

    #[test]
    fn sums_are_those_of_the_block_whatever_the_tile() {
        for (n, d) in [(1, 1), (31, 3), (32, 8), (33, 7), (70, 13), (129, 15)] {
            let data: Vec<f64> = (0..n * d).map(|i| (i as f64 * 0.7).sin()).collect();
            let x = Matrix::new(&data, d).unwrap();
            let panels = Panels::<f64, WIDTH_F64>::pack(x, vec![0.0; d]);
            let coef: Vec<f64> = (0..n).map(|i| (i as f64 * 1.3).cos()).collect();
            for form in FORMS {
                let mut block_values = vec![0.0; n * n];
                block::<f64, WIDTH_F64, 1, true>(form, &panels, 0, &data, &mut block_values);
                let mut one = vec![0.25; n];
                sums::<WIDTH_F64, 1, true>(form, &panels, &data, &coef, &mut one);
                for (row, &sum) in block_values.chunks_exact(n).zip(&one) {
                    assert_eq!(sum, 0.25 + crate::weighted_sum(row, &coef), "{form:?}");
                }
                for height in [2, 3] {
                    let mut other = vec![0.25; n];
                    match height {
                        2 => sums::<WIDTH_F64, 2, true>(form, &panels, &data, &coef, &mut other),
                        _ => sums::<WIDTH_F64, 3, true>(form, &panels, &data, &coef, &mut other),
                    }
                    assert_eq!(one, other, "{form:?} {n} {d} {height}");
                }
                // Alone as among others.
                let mut alone = [0.25];
                sums_f64(form, &panels, &data[..d], &coef, &mut alone);
                let mut all = vec![0.25; n];
                sums_f64(form, &panels, &data, &coef, &mut all);
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
        let panels = Panels::<f64, WIDTH_F64>::pack(x, vec![0.0]);
        let mut out = [1.0];
        sums_f64(form, &panels, &[1.0], &[2.0], &mut out);
        assert_eq!(out, [1.0]);
    }

    #[test]
    fn neither_the_tile_height_shows_nor_whether_the_processor_fuses() {
        // All remainders of the steps over features and over points.
        for (n, d) in [
            (1, 1),
            (7, 2),
            (31, 3),
            (33, 7),
            (65, 8),
            (70, 13),
            (129, 15),
        ] {
            let one = values::<1, true>(n, d);
            assert!(one.0.iter().all(|v| v.is_finite()) && one.1.iter().all(|v| v.is_finite()));
            assert!(one == values::<2, true>(n, d), "n {n} d {d}");
            assert!(one == values::<3, true>(n, d), "n {n} d {d}");
            assert!(one == values::<1, false>(n, d), "n {n} d {d}");
        }
    }
}
