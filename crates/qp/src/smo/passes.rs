//! The two passes over all variables that every iteration makes, written so that they vectorise.
//!
//! Each keeps thirty-two running maxima side by side, with their places, whatever the width of the vectors;
//! the lowest index wins ties. Nothing is contracted, so every processor finds the same pair.

use super::real::Real;
use multiversion::multiversion;
use std::hint::select_unpredictable;

/// Running maxima side by side.
const LANES: usize = 16;

/// Bit of a mask: y_i α_i may grow.
pub(crate) const UP: u8 = 1;
/// Bit of a mask: y_i α_i may fall.
pub(crate) const LOW: u8 = 2;

/// What the passes read and write: one entry per variable, of few bytes, because memory bandwidth limits both
/// passes.
///
/// `f` is −y_i G_i. Rows come without the signs of the problem (K_it = y_i y_t Q_it), so that no pass
/// needs y: f_t falls by K_it y_i d_i when α_i grows by d_i.
pub(crate) struct State<T> {
    pub f: Vec<f64>,
    /// [`UP`] and [`LOW`].
    pub mask: Vec<u8>,
    /// The diagonal of Q in the precision of the rows.
    pub diag: Diagonal<T>,
}

impl<T> State<T> {
    /// m(α) and M(α): the largest f that may grow and the smallest that may fall.
    pub fn extremes(&self) -> (f64, f64) {
        let (mut high, mut low) = (f64::NEG_INFINITY, f64::INFINITY);
        for (f, m) in self.f.iter().zip(&self.mask) {
            high = high.max(masked(*f, *m, UP, f64::NEG_INFINITY));
            low = low.min(masked(*f, *m, LOW, f64::INFINITY));
        }
        (high, low)
    }
}

/// A diagonal, which most kernels have in one value.
#[derive(Clone)]
pub(crate) enum Diagonal<T> {
    Same(T),
    Each(Vec<T>),
}

impl<T: Real> Diagonal<T> {
    pub fn new(values: Vec<T>) -> Self {
        match values.first() {
            Some(&first) if values.iter().all(|v| *v == first) => Diagonal::Same(first),
            _ => Diagonal::Each(values),
        }
    }
}

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    select_unpredictable(b > a, b, a)
}

/// f where the mask has the bit, else the value that no maximum takes.
#[inline(always)]
fn masked(f: f64, mask: u8, bit: u8, never: f64) -> f64 {
    select_unpredictable(mask & bit != 0, f, never)
}

/// Whether `f`, in lane `l` of chunk `k`, is the largest so far of its lane.
#[inline(always)]
fn keep_larger(best: &mut [f64; LANES], at: &mut [u32; LANES], l: usize, f: f64, k: u32) {
    let better = f > best[l];
    best[l] = select_unpredictable(better, f, best[l]);
    at[l] = select_unpredictable(better, k, at[l]);
}

/// The largest of the lanes and its index, which is that of the chunk times the lanes and the lane; the
/// lowest index of equal ones.
#[inline(always)]
fn largest<V: PartialOrd + Copy>(best: &[V; LANES], at: &[u32; LANES]) -> (V, usize) {
    let mut lanes = *best;
    let mut width = LANES / 2;
    while width > 0 {
        for l in 0..width {
            let (a, b) = (lanes[l], lanes[l + width]);
            lanes[l] = select_unpredictable(b > a, b, a);
        }
        width /= 2;
    }
    let value = lanes[0];
    let mut place = u32::MAX;
    for l in 0..LANES {
        let index = at[l] * LANES as u32 + l as u32;
        place = place.min(select_unpredictable(best[l] == value, index, u32::MAX));
    }
    (value, place as usize)
}

/// Moves f by the steps `e_i` = y_i d_i and `e_j` = y_j d_j and returns max f over the variables that may
/// grow, with its index. The maximum is −∞ where there is none.
#[multiversion(targets = "simd")]
pub(crate) fn update_and_select<T: Real>(
    f: &mut [f64],
    mask: &[u8],
    row_i: &[T],
    row_j: &[T],
    e_i: f64,
    e_j: f64,
) -> (f64, usize) {
    let n = f.len();
    let (mask, row_i, row_j) = (&mask[..n], &row_i[..n], &row_j[..n]);
    let (mut best, mut at) = ([f64::NEG_INFINITY; LANES], [0u32; LANES]);
    let (fc, fr) = f.as_chunks_mut::<LANES>();
    let (mc, mr) = mask.as_chunks::<LANES>();
    let (ic, ir) = row_i.as_chunks::<LANES>();
    let (jc, jr) = row_j.as_chunks::<LANES>();
    let mut k = 0u32;
    for (((f, m), ri), rj) in fc.iter_mut().zip(mc).zip(ic).zip(jc) {
        for l in 0..LANES {
            f[l] -= ri[l].wide() * e_i + rj[l].wide() * e_j;
            let f = masked(f[l], m[l], UP, f64::NEG_INFINITY);
            keep_larger(&mut best, &mut at, l, f, k);
        }
        k += 1;
    }
    for (l, (((f, m), ri), rj)) in fr.iter_mut().zip(mr).zip(ir).zip(jr).enumerate() {
        *f -= ri.wide() * e_i + rj.wide() * e_j;
        let f = masked(*f, *m, UP, f64::NEG_INFINITY);
        keep_larger(&mut best, &mut at, l, f, k);
    }
    largest(&best, &at)
}

/// As [`update_and_select`] with no step.
pub(crate) fn select_first(f: &[f64], mask: &[u8]) -> (f64, usize) {
    let mut best = (f64::NEG_INFINITY, 0);
    for (t, (f, m)) in f.iter().zip(mask).enumerate() {
        let f = masked(*f, *m, UP, f64::NEG_INFINITY);
        if f > best.0 {
            best = (f, t);
        }
    }
    best
}

/// Chooses j for i by the largest second-order decrease (Fan, Chen & Lin 2005, WSS 2).
///
/// Returns m(α) − M(α) = max f_i − f_t over the variables that may fall (−∞ where there is none), j,
/// and whether j has a positive gain at all.
pub(crate) fn select_partner<T: Real>(
    state: &State<T>,
    row_i: &[T],
    f_i: f64,
    diag_i: f64,
) -> (f64, usize, bool) {
    let diag_i = T::narrow(diag_i);
    match &state.diag {
        // The row stands in for a diagonal that nobody reads.
        Diagonal::Same(d) => partner::<T, true>(
            &state.f,
            &state.mask,
            row_i,
            row_i,
            f_i,
            T::plus(diag_i, *d),
        ),
        Diagonal::Each(d) => partner::<T, false>(&state.f, &state.mask, d, row_i, f_i, diag_i),
    }
}

/// [`select_partner`]; `offset` is Q_ii + Q_tt where all Q_tt are the same, Q_ii otherwise.
#[multiversion(targets = "simd")]
fn partner<T: Real, const SAME: bool>(
    f: &[f64],
    mask: &[u8],
    diag: &[T],
    row_i: &[T],
    f_i: f64,
    offset: T,
) -> (f64, usize, bool) {
    let n = f.len();
    let (mask, diag, row_i) = (&mask[..n], &diag[..n], &row_i[..n]);
    let sum = |d: T| if SAME { offset } else { T::plus(offset, d) };
    let mut gaps = [f64::NEG_INFINITY; LANES];
    let mut gains = Gains {
        over: [T::default(); LANES],
        under: [T::narrow(1.0); LANES],
        at: [0; LANES],
    };
    let (fc, fr) = f.as_chunks::<LANES>();
    let (mc, mr) = mask.as_chunks::<LANES>();
    let (dc, dr) = diag.as_chunks::<LANES>();
    let (rc, rr) = row_i.as_chunks::<LANES>();
    let mut k = 0u32;
    for (((f, m), d), r) in fc.iter().zip(mc).zip(dc).zip(rc) {
        for l in 0..LANES {
            let b = f_i - masked(f[l], m[l], LOW, f64::INFINITY);
            gaps[l] = larger(gaps[l], b);
            gains.keep_larger(l, T::gain(b, sum(d[l]), r[l]), k);
        }
        k += 1;
    }
    for (l, (((f, m), d), r)) in fr.iter().zip(mr).zip(dr).zip(rr).enumerate() {
        let b = f_i - masked(*f, *m, LOW, f64::INFINITY);
        gaps[l] = larger(gaps[l], b);
        gains.keep_larger(l, T::gain(b, sum(*d), *r), k);
    }
    let (gap, _) = largest(&gaps, &gains.at);
    let mut quotients = gains.over;
    for (q, u) in quotients.iter_mut().zip(&gains.under) {
        *q = T::over(*q, *u);
    }
    let (gain, j) = largest(&quotients, &gains.at);
    (gap, j, gain > T::default())
}

/// The largest gains, as fractions: two products compare them faster than a division makes one.
struct Gains<T> {
    over: [T; LANES],
    under: [T; LANES],
    at: [u32; LANES],
}

impl<T: Real> Gains<T> {
    #[inline(always)]
    fn keep_larger(&mut self, l: usize, (over, under): (T, T), k: u32) {
        let better = T::times(over, self.under[l]) > T::times(self.over[l], under);
        self.over[l] = select_unpredictable(better, over, self.over[l]);
        self.under[l] = select_unpredictable(better, under, self.under[l]);
        self.at[l] = select_unpredictable(better, k, self.at[l]);
    }
}

/// f −= Σ_k e_k row_k for up to four rows at a time: the gradient of a point that is not 0.
#[multiversion(targets = "simd")]
pub(crate) fn add_rows<T: Real>(f: &mut [f64], rows: [&[T]; 4], e: [f64; 4]) {
    let n = f.len();
    let [a, b, c, d] = rows.map(|r| &r[..n]);
    for t in 0..n {
        // Two at a time, so that a cache of two rows gives the same bits.
        let first = f[t] - (a[t].wide() * e[0] + b[t].wide() * e[1]);
        f[t] = first - (c[t].wide() * e[2] + d[t].wide() * e[3]);
    }
}

/// Multiplies the entries of row r by y_r y_t.
#[multiversion(targets = "simd")]
pub(crate) fn change_signs<T: Real>(row: &mut [T], y_r: f64, y: &[f64]) {
    for (v, y) in row.iter_mut().zip(y) {
        *v = T::times(*v, T::narrow(y_r * y));
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
