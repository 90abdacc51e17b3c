//! The register-tiled inner loops, compiled once for each kind of CPU and chosen at run time.
//!
//! A tile is `MR` query rows against one panel of `W` points; its `MR × W` running sums stay in
//! registers over all features and are finished (exp, power, tanh) before they are stored. The tile
//! height follows the register file: 8 rows with AVX-512, fewer elsewhere. No value depends on it.

use multiversion::multiversion;
use multiversion::target::{match_target, target_cfg_f};

use crate::form::{AbsoluteDifference, Dot, Form, Real, SquaredDifference, Step, finish};
use crate::panels::{Panels, WIDTH_F32, WIDTH_F64};
use fuzzysvm_core::Matrix;

/// K(x, z).
#[multiversion(targets("x86_64+avx512f+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn pair(form: Form, x: &[f64], z: &[f64]) -> f64 {
    match_target! {
        "x86_64+fma" => pair_with::<true>(form, x, z),
        "aarch64+neon" => pair_with::<true>(form, x, z),
        _ => pair_with::<false>(form, x, z),
    }
}

/// K(x, z) for every row z of `points`.
#[multiversion(targets("x86_64+avx512f+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn row(form: Form, x: &[f64], points: Matrix<'_>, out: &mut [f64]) {
    let fma = target_cfg_f!(any(target_feature = "fma", target_feature = "neon"));
    for (value, z) in out.iter_mut().zip(points.rows()) {
        *value = if fma {
            pair_with::<true>(form, x, z)
        } else {
            pair_with::<false>(form, x, z)
        };
    }
}

#[inline(always)]
fn pair_with<const FMA: bool>(form: Form, x: &[f64], z: &[f64]) -> f64 {
    let mut sum = [match form {
        Form::Rbf { .. } => sum_pair::<SquaredDifference, FMA>(x, z),
        Form::Laplacian { .. } => sum_pair::<AbsoluteDifference, FMA>(x, z),
        _ => sum_pair::<Dot, FMA>(x, z),
    }];
    finish::<f64, 1, FMA>(form, &mut sum);
    sum[0]
}

#[inline(always)]
fn sum_pair<S: Step, const FMA: bool>(x: &[f64], z: &[f64]) -> f64 {
    x.iter()
        .zip(z)
        .fold(0.0, |sum, (&a, &b)| S::step::<f64, FMA>(sum, a, b))
}

macro_rules! block_fn {
    ($name:ident, $t:ty, $w:ident) => {
        /// K(query, point) for every query (row-major, `panels.n_features()` values each) and every
        /// packed point; `out` is row-major, queries × points.
        #[multiversion(targets("x86_64+avx512f+fma", "x86_64+avx2+fma", "aarch64+neon"))]
        pub(crate) fn $name(form: Form, panels: &Panels<$t, $w>, queries: &[$t], out: &mut [$t]) {
            match_target! {
                "x86_64+avx512f" => block::<$t, $w, 8, true>(form, panels, queries, out),
                "x86_64+fma" => block::<$t, $w, 2, true>(form, panels, queries, out),
                "aarch64+neon" => block::<$t, $w, 2, true>(form, panels, queries, out),
                _ => block::<$t, $w, 1, false>(form, panels, queries, out),
            }
        }
    };
}
block_fn!(block_f32, f32, WIDTH_F32);
block_fn!(block_f64, f64, WIDTH_F64);

#[inline(always)]
fn block<T: Real, const W: usize, const MR: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    queries: &[T],
    out: &mut [T],
) {
    match form {
        Form::Rbf { .. } => {
            block_of::<T, SquaredDifference, W, MR, FMA>(form, panels, queries, out)
        }
        Form::Laplacian { .. } => {
            block_of::<T, AbsoluteDifference, W, MR, FMA>(form, panels, queries, out)
        }
        _ => block_of::<T, Dot, W, MR, FMA>(form, panels, queries, out),
    }
}

#[inline(always)]
fn block_of<T: Real, S: Step, const W: usize, const MR: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    queries: &[T],
    out: &mut [T],
) {
    let (d, n) = (panels.n_features(), panels.n_points());
    let n_queries = queries.len() / d;
    let n_tiled = n_queries / MR * MR;
    // Queries of a tile feature by feature, as the tile reads them.
    let mut tiles = vec![T::ZERO; n_tiled * d];
    for (tile, rows) in tiles
        .chunks_exact_mut(MR * d)
        .zip(queries.chunks_exact(MR * d))
    {
        for (m, row) in rows.chunks_exact(d).enumerate() {
            for (feature, &v) in tile.chunks_exact_mut(MR).zip(row) {
                feature[m] = v;
            }
        }
    }
    for p in 0..panels.n_panels() {
        let panel = panels.panel(p);
        let start = p * W;
        for (t, tile) in tiles.chunks_exact(MR * d).enumerate() {
            let rows = &mut out[t * MR * n..(t + 1) * MR * n];
            tile_of::<T, S, W, MR, FMA>(form, panel, tile, n, start, rows);
        }
        for (m, query) in queries.chunks_exact(d).enumerate().skip(n_tiled) {
            let row = &mut out[m * n..(m + 1) * n];
            tile_of::<T, S, W, 1, FMA>(form, panel, query, n, start, row);
        }
    }
}

/// One tile; `out` holds its `MR` rows of `n` values, of which `start..start + W` are written.
#[inline(always)]
fn tile_of<T: Real, S: Step, const W: usize, const MR: usize, const FMA: bool>(
    form: Form,
    panel: &[T],
    tile: &[T],
    n: usize,
    start: usize,
    out: &mut [T],
) {
    let mut sums = [[T::ZERO; W]; MR];
    for (z, x) in panel
        .as_chunks::<W>()
        .0
        .iter()
        .zip(tile.as_chunks::<MR>().0)
    {
        for m in 0..MR {
            for l in 0..W {
                sums[m][l] = S::step::<T, FMA>(sums[m][l], x[m], z[l]);
            }
        }
    }
    let width = W.min(n - start);
    for (sums, row) in sums.iter_mut().zip(out.chunks_exact_mut(n)) {
        finish::<T, W, FMA>(form, sums);
        let row = &mut row[start..start + width];
        match row.as_chunks_mut::<W>() {
            ([whole], []) => *whole = *sums,
            _ => row.copy_from_slice(&sums[..width]),
        }
    }
}
