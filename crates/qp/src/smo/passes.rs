//! The two passes over all variables that every iteration makes, written so that they vectorise.
//!
//! Both reduce block by block to a maximum alone and look for its place afterwards, inside the one
//! block that holds it: the lowest index wins ties whatever the width of the vectors, and nothing is
//! contracted, so every processor finds the same pair.

use super::real::Real;
use multiversion::multiversion;

/// Variables a block. A block is searched again for the place of the maximum: small enough to make
/// that cheap, large enough to keep the horizontal reductions rare.
const BLOCK: usize = 256;
/// Running maxima side by side.
const LANES: usize = 16;

/// What the passes read and write, one entry a variable.
///
/// `f` is −y_i G_i. `up` is 0 where y_i α_i may grow and −∞ elsewhere; `low` is 0 where it may fall
/// and +∞ elsewhere: adding them takes a variable out of a maximum without a branch.
pub(crate) struct State<T> {
    pub f: Vec<f64>,
    pub y: Vec<f64>,
    pub up: Vec<f64>,
    pub low: Vec<f64>,
    /// y in the precision of the rows.
    pub sign: Vec<T>,
    /// The diagonal of Q in the precision of the rows.
    pub diag: Vec<T>,
}

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// The maximum of the lanes, pairwise: halves of a vector at a time.
#[inline(always)]
fn reduce<T: Real>(mut m: [T; LANES]) -> T {
    let mut width = LANES / 2;
    while width > 0 {
        for l in 0..width {
            m[l] = if m[l + width] > m[l] {
                m[l + width]
            } else {
                m[l]
            };
        }
        width /= 2;
    }
    m[0]
}

/// Applies the step d_i, d_j to f and returns max f over the variables that may grow, with its index.
/// The maximum is −∞ where there is none.
#[allow(clippy::too_many_arguments)] // the fields of a hot loop, one slice each
#[multiversion(targets = "simd")]
pub(crate) fn update_and_select<T: Real>(
    f: &mut [f64],
    y: &[f64],
    up: &[f64],
    row_i: &[T],
    row_j: &[T],
    d_i: f64,
    d_j: f64,
) -> (f64, usize) {
    let n = f.len();
    let (y, up, row_i, row_j) = (&y[..n], &up[..n], &row_i[..n], &row_j[..n]);
    let (mut best, mut best_start) = (f64::NEG_INFINITY, 0);
    let mut start = 0;
    while start < n {
        let end = (start + BLOCK).min(n);
        let mut lanes = [f64::NEG_INFINITY; LANES];
        let (fc, fr) = f[start..end].as_chunks_mut::<LANES>();
        let (yc, yr) = y[start..end].as_chunks::<LANES>();
        let (uc, ur) = up[start..end].as_chunks::<LANES>();
        let (ic, ir) = row_i[start..end].as_chunks::<LANES>();
        let (jc, jr) = row_j[start..end].as_chunks::<LANES>();
        for ((((f, y), u), ri), rj) in fc.iter_mut().zip(yc).zip(uc).zip(ic).zip(jc) {
            for l in 0..LANES {
                f[l] -= y[l] * (ri[l].wide() * d_i + rj[l].wide() * d_j);
                lanes[l] = larger(lanes[l], f[l] + u[l]);
            }
        }
        let mut block = reduce(lanes);
        for ((((f, y), u), ri), rj) in fr.iter_mut().zip(yr).zip(ur).zip(ir).zip(jr) {
            *f -= y * (ri.wide() * d_i + rj.wide() * d_j);
            block = larger(block, *f + u);
        }
        if block > best {
            (best, best_start) = (block, start);
        }
        start = end;
    }
    (
        best,
        place(&f[best_start..], &up[best_start..], best) + best_start,
    )
}

/// As [`update_and_select`] with no step.
#[multiversion(targets = "simd")]
pub(crate) fn select_first(f: &[f64], up: &[f64]) -> (f64, usize) {
    let mut best = f64::NEG_INFINITY;
    for (f, u) in f.iter().zip(up) {
        best = larger(best, f + u);
    }
    (best, place(f, up, best))
}

/// The first place of `best`.
#[inline(always)]
fn place(f: &[f64], up: &[f64], best: f64) -> usize {
    let is_best = |(f, u): (&f64, &f64)| f + u == best;
    let (fc, _) = f.as_chunks::<LANES>();
    let (uc, _) = up.as_chunks::<LANES>();
    let mut start = 0;
    for (f, u) in fc.iter().zip(uc) {
        let mut any = false;
        for l in 0..LANES {
            any |= f[l] + u[l] == best;
        }
        if any {
            break;
        }
        start += LANES;
    }
    let rest = f[start..].iter().zip(&up[start..]).position(is_best);
    rest.map_or(0, |k| start + k)
}

/// Chooses j for i by the largest second-order decrease (Fan, Chen & Lin 2005, WSS 2).
///
/// Returns m(α) − M(α) = max f_i − f_t over the variables that may fall (−∞ where there is none), j,
/// and whether j has a positive gain at all.
#[allow(clippy::too_many_arguments)] // the fields of a hot loop, one slice each
#[multiversion(targets = "simd")]
pub(crate) fn select_partner<T: Real>(
    f: &[f64],
    low: &[f64],
    sign: &[T],
    diag: &[T],
    row_i: &[T],
    f_i: f64,
    y_i: f64,
    diag_i: f64,
) -> (f64, usize, bool) {
    let n = f.len();
    let (low, sign, diag, row_i) = (&low[..n], &sign[..n], &diag[..n], &row_i[..n]);
    let zero = T::default();
    let (mut best, mut best_start) = (zero, 0);
    let mut gaps = [f64::NEG_INFINITY; LANES];
    let mut start = 0;
    while start < n {
        let end = (start + BLOCK).min(n);
        let mut gains = [zero; LANES];
        let (fc, fr) = f[start..end].as_chunks::<LANES>();
        let (lc, lr) = low[start..end].as_chunks::<LANES>();
        let (sc, sr) = sign[start..end].as_chunks::<LANES>();
        let (dc, dr) = diag[start..end].as_chunks::<LANES>();
        let (rc, rr) = row_i[start..end].as_chunks::<LANES>();
        let flip = T::narrow(y_i);
        for ((((f, lo), s), d), r) in fc.iter().zip(lc).zip(sc).zip(dc).zip(rc) {
            for l in 0..LANES {
                let b = f_i - (f[l] + lo[l]);
                gaps[l] = larger(gaps[l], b);
                let g = T::gain(b, diag_i, d[l], r[l], T::times(s[l], flip));
                gains[l] = if g > gains[l] { g } else { gains[l] };
            }
        }
        let mut block = reduce(gains);
        for ((((f, lo), s), d), r) in fr.iter().zip(lr).zip(sr).zip(dr).zip(rr) {
            let b = f_i - (f + lo);
            gaps[0] = larger(gaps[0], b);
            let g = T::gain(b, diag_i, *d, *r, T::times(*s, flip));
            block = if g > block { g } else { block };
        }
        if block > best {
            (best, best_start) = (block, start);
        }
        start = end;
    }
    // The same gains again, in the block of the greatest, until it is found.
    let flip = T::narrow(y_i);
    let gain = |t: usize| {
        let b = f_i - (f[t] + low[t]);
        T::gain(b, diag_i, diag[t], row_i[t], T::times(sign[t], flip))
    };
    let mut j = best_start;
    while j + LANES <= n {
        let mut any = false;
        for l in 0..LANES {
            any |= gain(j + l) == best;
        }
        if any {
            break;
        }
        j += LANES;
    }
    while j < n && gain(j) != best {
        j += 1;
    }
    (reduce(gaps), j.min(n - 1), best > zero)
}

/// f −= y · Σ_k d_k row_k for up to four rows at a time: the gradient of a point that is not 0.
#[multiversion(targets = "simd")]
pub(crate) fn add_rows<T: Real>(f: &mut [f64], y: &[f64], rows: [&[T]; 4], d: [f64; 4]) {
    let n = f.len();
    let [a, b, c, e] = rows.map(|r| &r[..n]);
    for t in 0..n {
        // Two at a time, so that a cache of two rows gives the same bits.
        let first = f[t] - y[t] * (a[t].wide() * d[0] + b[t].wide() * d[1]);
        f[t] = first - y[t] * (c[t].wide() * d[2] + e[t].wide() * d[3]);
    }
}

/// Whether every value is finite.
#[multiversion(targets = "simd")]
pub(crate) fn all_finite<T: Real>(values: &[T]) -> bool {
    let mut lanes = [0.0f64; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for c in chunks {
        for l in 0..LANES {
            lanes[l] += c[l].wide() * 0.0;
        }
    }
    lanes.iter().chain(&[0.0]).all(|v| *v == 0.0) && rest.iter().all(|v| v.wide() * 0.0 == 0.0)
}
