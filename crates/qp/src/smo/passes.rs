//! The two passes over all variables that every iteration makes, written so that they vectorise.
//!
//! Each keeps sixteen running maxima side by side, with their places, whatever the width of the vectors;
//! the lowest index wins ties. Nothing is contracted, so every processor finds the same pair.
//!
//! The gradient itself is in double precision. Pairs are chosen by its distance from a value near the largest one, in the
//! precision of the rows: as exact as it has to be where f is near that value, and twice as many to a vector.

use super::real::Real;
use fuzzysvm_core::per_cpu;
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
/// `f` is −y_i G_i, and `near` follows from it in every pass. Rows come without the signs of the problem (K_it = y_i y_t Q_it), so that no pass
/// needs y: f_t falls by K_it y_i d_i when α_i grows by d_i.
pub(crate) struct State<T> {
    pub f: Vec<f64>,
    /// [`UP`] and [`LOW`].
    pub mask: Vec<u8>,
    /// f − `base` where f may fall, infinite elsewhere.
    pub near: Vec<T>,
    /// The largest f that may grow before the last pass.
    base: f64,
    /// The same now.
    top: f64,
    /// The diagonal of Q in the precision of the rows.
    pub diag: Diagonal<T>,
}

impl<T: Real> State<T> {
    pub fn new(f: Vec<f64>, mask: Vec<u8>, diag: Diagonal<T>) -> Self {
        let near = vec![T::default(); f.len()];
        Self {
            f,
            mask,
            near,
            base: 0.0,
            top: 0.0,
            diag,
        }
    }

    /// The largest f that may grow, with its index, of masks and f that somebody else has changed; −∞ where there is none.
    pub fn select_first(&mut self) -> (f64, usize) {
        let best = select_first(&self.f, &self.mask);
        (self.base, self.top) = (best.0, best.0);
        for ((near, f), m) in self.near.iter_mut().zip(&self.f).zip(&self.mask) {
            *near = masked(T::narrow(f - self.base), *m, LOW, T::INFINITY);
        }
        best
    }

    /// Moves f by the steps `e` = y d of two variables with these rows, then as [`State::select_first`].
    pub fn update_and_select(&mut self, rows: [&[T]; 2], e: [f64; 2]) -> (f64, usize) {
        self.base = self.top;
        let (f, mask, near) = (&mut self.f, &self.mask, &mut self.near);
        let (best, i) = update_and_select(f, mask, near, rows, e, self.base);
        if best == -T::INFINITY.wide() {
            // None may grow, or all that may are out of the range of this precision.
            return self.select_first();
        }
        self.top = self.f[i];
        (self.top, i)
    }

    /// The variables that may move towards the middle between m(α) and M(α), and would as f is now. Moves of others will
    /// settle some of them.
    pub fn unsettled(&self) -> impl Iterator<Item = usize> {
        let (high, low) = self.extremes();
        let middle = 0.5 * (high + low);
        let moves = move |(f, m): (&f64, &u8)| {
            (m & UP != 0 && *f > middle) || (m & LOW != 0 && *f < middle)
        };
        let moves = self.f.iter().zip(&self.mask).map(moves);
        moves
            .enumerate()
            .filter(|(_, moves)| *moves)
            .map(|(t, _)| t)
    }

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

/// f where the mask has the bit, else the value that no maximum takes.
#[inline(always)]
fn masked<V>(f: V, mask: u8, bit: u8, never: V) -> V {
    select_unpredictable(mask & bit != 0, f, never)
}

/// Whether `f`, in lane `l` of chunk `k`, is the largest so far of its lane.
#[inline(always)]
fn keep_larger<V: PartialOrd + Copy>(
    best: &mut [V; LANES],
    at: &mut [u32; LANES],
    l: usize,
    f: V,
    k: u32,
) {
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

per_cpu! {
    /// Moves f by the steps `e`, writes what is near anew by the base before, and returns the largest f − base of those that
    /// may grow, with its index; −∞ where there is none.
    fn update_and_select<T: Real>(
        f: &mut [f64],
        mask: &[u8],
        near: &mut [T],
        rows: [&[T]; 2],
        e: [f64; 2],
        base: f64,
    ) -> (f64, usize) = update_and_select_on;
}

#[inline(always)]
fn update_and_select_on<T: Real>(
    f: &mut [f64],
    mask: &[u8],
    near: &mut [T],
    rows: [&[T]; 2],
    e: [f64; 2],
    base: f64,
) -> (f64, usize) {
    let n = f.len();
    let (mask, near) = (&mask[..n], &mut near[..n]);
    let [row_i, row_j] = rows.map(|row| &row[..n]);
    let (mut best, mut at) = ([T::narrow(f64::NEG_INFINITY); LANES], [0u32; LANES]);
    let never = T::narrow(f64::NEG_INFINITY);
    let (fc, fr) = f.as_chunks_mut::<LANES>();
    let (mc, mr) = mask.as_chunks::<LANES>();
    let (nc, nr) = near.as_chunks_mut::<LANES>();
    let (ic, ir) = row_i.as_chunks::<LANES>();
    let (jc, jr) = row_j.as_chunks::<LANES>();
    let mut k = 0u32;
    for ((((f, m), near), ri), rj) in fc.iter_mut().zip(mc).zip(nc).zip(ic).zip(jc) {
        // Two loops, so that each has vectors of one width.
        let mut distance = [T::default(); LANES];
        for l in 0..LANES {
            f[l] -= ri[l].wide() * e[0] + rj[l].wide() * e[1];
            distance[l] = T::narrow(f[l] - base);
        }
        for l in 0..LANES {
            near[l] = masked(distance[l], m[l], LOW, T::INFINITY);
            let distance = masked(distance[l], m[l], UP, never);
            keep_larger(&mut best, &mut at, l, distance, k);
        }
        k += 1;
    }
    let rest = fr.iter_mut().zip(mr).zip(nr).zip(ir).zip(jr);
    for (l, ((((f, m), near), ri), rj)) in rest.enumerate() {
        *f -= ri.wide() * e[0] + rj.wide() * e[1];
        let distance = T::narrow(*f - base);
        *near = masked(distance, *m, LOW, T::INFINITY);
        keep_larger(&mut best, &mut at, l, masked(distance, *m, UP, never), k);
    }
    let (best, i) = largest(&best, &at);
    (best.wide(), i)
}

/// The largest f that may grow, with its index.
fn select_first(f: &[f64], mask: &[u8]) -> (f64, usize) {
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
/// Returns m(α) − M(α) = max f_i − f_t over the variables that may fall (−∞ where there is none), in the precision of the
/// rows, j, and whether j has a positive gain at all.
pub(crate) fn select_partner<T: Real>(
    state: &State<T>,
    row_i: &[T],
    f_i: f64,
    diag_i: f64,
) -> (f64, usize, bool) {
    let (first, diag_i) = (T::narrow(f_i - state.base), T::narrow(diag_i));
    match &state.diag {
        // The row stands in for a diagonal that nobody reads.
        Diagonal::Same(d) => {
            partner::<T, true>(&state.near, row_i, row_i, first, T::plus(diag_i, *d))
        }
        Diagonal::Each(d) => partner::<T, false>(&state.near, d, row_i, first, diag_i),
    }
}

per_cpu! {
    /// [`select_partner`]; `offset` is Q_ii + Q_tt where all Q_tt are the same, Q_ii otherwise.
    fn partner<T: Real; const SAME: bool>(
        near: &[T],
        diag: &[T],
        row_i: &[T],
        first: T,
        offset: T,
    ) -> (f64, usize, bool) = partner_on;
}

#[inline(always)]
fn partner_on<T: Real, const SAME: bool>(
    near: &[T],
    diag: &[T],
    row_i: &[T],
    first: T,
    offset: T,
) -> (f64, usize, bool) {
    let n = near.len();
    let (diag, row_i) = (&diag[..n], &row_i[..n]);
    let sum = |d: T| if SAME { offset } else { T::plus(offset, d) };
    let mut gaps = [T::narrow(f64::NEG_INFINITY); LANES];
    let mut gains = Gains {
        over: [T::default(); LANES],
        under: [T::narrow(1.0); LANES],
        at: [0; LANES],
    };
    let (nc, nr) = near.as_chunks::<LANES>();
    let (dc, dr) = diag.as_chunks::<LANES>();
    let (rc, rr) = row_i.as_chunks::<LANES>();
    let mut k = 0u32;
    for ((near, d), r) in nc.iter().zip(dc).zip(rc) {
        for l in 0..LANES {
            let b = T::minus(first, near[l]);
            gaps[l] = select_unpredictable(b > gaps[l], b, gaps[l]);
            gains.keep_larger(l, T::gain(b, sum(d[l]), r[l]), k);
        }
        k += 1;
    }
    for (l, ((near, d), r)) in nr.iter().zip(dr).zip(rr).enumerate() {
        let b = T::minus(first, *near);
        gaps[l] = select_unpredictable(b > gaps[l], b, gaps[l]);
        gains.keep_larger(l, T::gain(b, sum(*d), *r), k);
    }
    let (gap, _) = largest(&gaps, &gains.at);
    let mut quotients = gains.over;
    for (q, u) in quotients.iter_mut().zip(&gains.under) {
        *q = T::over(*q, *u);
    }
    let (gain, j) = largest(&quotients, &gains.at);
    (gap.wide(), j, gain > T::default())
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

per_cpu! {
    /// f −= Σ_k e_k row_k for up to four rows at a time: the gradient of a point that is not 0.
    pub(crate) fn add_rows<T: Real>(f: &mut [f64], rows: [&[T]; 4], e: [f64; 4]) = add_rows_on;
}

#[inline(always)]
fn add_rows_on<T: Real>(f: &mut [f64], rows: [&[T]; 4], e: [f64; 4]) {
    let n = f.len();
    let [a, b, c, d] = rows.map(|r| &r[..n]);
    for t in 0..n {
        // Two at a time, so that a cache of two rows gives the same bits.
        let first = f[t] - (a[t].wide() * e[0] + b[t].wide() * e[1]);
        f[t] = first - (c[t].wide() * e[2] + d[t].wide() * e[3]);
    }
}

per_cpu! {
    /// Multiplies the entries of row r by y_r y_t.
    pub(crate) fn change_signs<T: Real>(row: &mut [T], y_r: f64, y: &[f64]) = change_signs_on;
}

#[inline(always)]
fn change_signs_on<T: Real>(row: &mut [T], y_r: f64, y: &[f64]) {
    for (v, y) in row.iter_mut().zip(y) {
        *v = T::times(*v, T::narrow(y_r * y));
    }
}

per_cpu! {
    /// Whether every value is finite.
    pub(crate) fn all_finite<T: Real>(values: &[T]) -> bool = all_finite_on;
}

#[inline(always)]
fn all_finite_on<T: Real>(values: &[T]) -> bool {
    let mut lanes = [0.0f64; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for c in chunks {
        for l in 0..LANES {
            lanes[l] += c[l].wide() * 0.0;
        }
    }
    lanes.iter().chain(&[0.0]).all(|v| *v == 0.0) && rest.iter().all(|v| v.wide() * 0.0 == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition, for numbers of variables that leave a rest of every length.
    fn partner_is_the_best<T: Real>() {
        for n in 1..50 {
            // Sixteenths, exact in either precision.
            let at = |i: usize, a: usize, m: usize| ((i * a + n) % m) as f64 / 16.0;
            let f: Vec<f64> = (0..n).map(|t| at(t, 37, 101) - 3.0).collect();
            let mask: Vec<u8> = (0..n)
                .map(|t| [UP | LOW, UP, LOW][(t * t + n) % 3])
                .collect();
            let k: Vec<f64> = (0..n).map(|t| at(t, 29, 31) - 1.0).collect();
            let each: Vec<f64> = (0..n).map(|t| 2.0 + at(t, 11, 13)).collect();
            for diag in [each, vec![2.0; n]] {
                let narrow = |values: &[f64]| values.iter().map(|&v| T::narrow(v)).collect();
                let diagonal = Diagonal::new(narrow(&diag));
                let mut state = State::new(f.clone(), mask.clone(), diagonal);
                let (f_i, i) = state.select_first();
                if f_i == f64::NEG_INFINITY {
                    continue;
                }
                let row: Vec<T> = narrow(&k);
                let (gap, j, any) = select_partner(&state, &row, f_i, diag[i]);

                let may_fall = (0..n).filter(|&t| mask[t] & LOW != 0);
                let gaps = may_fall.clone().map(|t| f_i - f[t]);
                assert_eq!(gap, gaps.fold(f64::NEG_INFINITY, f64::max), "n = {n}");
                let gain = |t: usize| {
                    let b = (f_i - f[t]).max(0.0);
                    b * b / (diag[i] + diag[t] - 2.0 * k[t])
                };
                let best = may_fall.map(gain).fold(0.0, f64::max);
                assert_eq!(any, best > 0.0, "n = {n}");
                if any {
                    assert!(mask[j] & LOW != 0 && gain(j) >= 0.999_999 * best, "n = {n}");
                }
            }
        }
    }

    #[test]
    fn the_partner_gains_most_in_single_precision() {
        partner_is_the_best::<f32>();
    }

    #[test]
    fn the_partner_gains_most_in_double_precision() {
        partner_is_the_best::<f64>();
    }
}
