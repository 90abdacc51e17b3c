//! The register-tiled inner loops, compiled once for each kind of CPU and chosen at run time.
//!
//! A tile is `MR` query rows against one panel of `W` points; its `MR × W` running sums stay in
//! registers over all features and are finished (exp, power, tanh) before they are stored. The tile
//! height follows the register file: 8 rows with AVX-512, fewer elsewhere. No value depends on it.

use multiversion::multiversion;
use multiversion::target::{match_target, target_cfg_f};

use crate::form::{AbsoluteDifference, Dot, Form, Real, SquaredDifference, Step, finish};
use crate::panels::{Lanes, Panels, WIDTH_F32, WIDTH_F64};
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

macro_rules! block_fn {
    ($name:ident, $t:ty, $w:ident) => {
        /// K(query, point) for every query (row-major, `panels.n_features()` values each) and every
        /// packed point; `out` is row-major, queries × points.
        #[multiversion(targets("x86_64+avx512f+fma", "x86_64+avx2+fma", "aarch64+neon"))]
        pub(crate) fn $name(form: Form, panels: &Panels<$t, $w>, queries: &[$t], out: &mut [$t]) {
            match_target! {
                "x86_64+avx512f" => block::<$t, $w, 2, true>(form, panels, queries, out),
                "x86_64+fma" => block::<$t, $w, 1, true>(form, panels, queries, out),
                "aarch64+neon" => block::<$t, $w, 2, true>(form, panels, queries, out),
                _ => block::<$t, $w, 1, false>(form, panels, queries, out),
            }
        }
    };
}
block_fn!(block_f32, f32, WIDTH_F32);
block_fn!(block_f64, f64, WIDTH_F64);

#[inline(always)]
fn block<T: Real, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    queries: &[T],
    out: &mut [T],
) {
    match form {
        Form::Rbf { .. } => block_of::<T, SquaredDifference, W, M, FMA>(form, panels, queries, out),
        Form::Laplacian { .. } => {
            block_of::<T, AbsoluteDifference, W, M, FMA>(form, panels, queries, out)
        }
        _ => block_of::<T, Dot, W, M, FMA>(form, panels, queries, out),
    }
}

#[inline(always)]
fn block_of<T: Real, S: Step, const W: usize, const M: usize, const FMA: bool>(
    form: Form,
    panels: &Panels<T, W>,
    queries: &[T],
    out: &mut [T],
) {
    let (d, n) = (panels.n_features(), panels.n_points());
    for p in 0..panels.n_panels() {
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
