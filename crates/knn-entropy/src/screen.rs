//! Single-precision distances that sort out most pairs before the exact ones are computed.
//!
//! Points and queries are centred, scaled by a power of two so that no value exceeds 1, and narrowed. For
//! a query x and a point z let a, b be what they become before narrowing, D = a − b, u = 2⁻²⁴. Narrowing
//! moves each value by at most u of itself and the subtraction rounds once more, so the computed
//! difference is D + e with |e_c| ≤ 2u(1 + u)(|a_c| + |b_c|) in every column (|D_c| ≤ |a_c| + |b_c|; taking
//! the centre off rounds once, by 2⁻⁵³ of a_c, however far from 0 the values are). By the triangle inequality ‖D + e‖ ≤ ‖D‖ + E, E = 2.1u(‖a‖ + ‖b‖), and the sum of the d
//! squares, each rounded and added in some order, fused or not, is at most ‖D + e‖² (1 + u)^(d+1). So a
//! point nearer than r has a single-precision value of at most
//!
//! ```text
//! (r + E)² (1 + (d + 4) u) + tiny
//! ```
//!
//! and all others need no second look (for d < 2¹⁶; *tiny* covers underflow). What passes is computed again
//! in double precision: neighbours, distances and ties are those of the plain search, to the last bit.

use crate::search::Task;
use fuzzysvm_core::Matrix;
use multiversion::multiversion;
use multiversion::target::match_target;

/// Points side by side in a panel.
pub(crate) const LANES: usize = 64;
/// Queries looked at together, so that a value of a point is loaded once for all of them.
pub(crate) const QUERIES: usize = 2;
const U: f64 = 1.0 / 16_777_216.0;
/// More than the squares of up to 2¹⁶ differences that underflow, in scaled units.
const TINY: f64 = 1e-32;
/// Fewer points are not worth packing twice.
const FROM: usize = 256;

/// Single-precision values on cache lines.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Lanes(pub [f32; LANES]);

/// The points in panels, column by column within a panel; the last one padded with zeros.
pub(crate) struct Screen {
    panels: Vec<Lanes>,
    /// Greatest ‖b‖ in every panel.
    norms: Vec<f64>,
    centre: Vec<f64>,
    scale: f64,
    d: usize,
}

impl Screen {
    /// `None` where single precision cannot tell neighbours, or it is not worth it.
    pub fn new(task: &Task<'_>) -> Option<Self> {
        let (points, d) = (task.points, task.points.n_cols());
        if points.n_rows() < FROM || d == 0 || d >= 1 << 16 {
            return None;
        }
        let centre = points.column_centres();
        let far = [points, task.queries]
            .iter()
            .flat_map(Matrix::rows)
            .flat_map(|row| row.iter().zip(&centre))
            .fold(0.0f64, |far, (v, c)| far.max((v - c).abs()));
        // Squares neither overflow nor vanish.
        (1e-90..1e90).contains(&far).then_some(())?;
        let scale = 2f64.powi(-(far.log2().floor() as i32 + 1));
        let mut screen = Self {
            panels: vec![Lanes([0.0; LANES]); points.n_rows().div_ceil(LANES) * d],
            norms: vec![0.0; points.n_rows().div_ceil(LANES)],
            centre,
            scale,
            d,
        };
        let mut narrow = vec![0.0; d];
        for (i, row) in points.rows().enumerate() {
            let norm = screen.narrow(row, &mut narrow);
            let panel = i / LANES;
            screen.norms[panel] = screen.norms[panel].max(norm);
            for (lanes, &v) in screen.panels[panel * d..].iter_mut().zip(&narrow) {
                lanes.0[i % LANES] = v;
            }
        }
        Some(screen)
    }

    /// Writes a sample as the panels hold it and returns its norm.
    pub fn narrow(&self, x: &[f64], out: &mut [f32]) -> f64 {
        let mut square = 0.0;
        for ((v, c), out) in x.iter().zip(&self.centre).zip(out) {
            let a = (v - c) * self.scale;
            square += a * a;
            *out = a as f32;
        }
        square.sqrt() * (1.0 + 1e-9)
    }

    pub fn panel(&self, p: usize) -> &[Lanes] {
        &self.panels[p * self.d..][..self.d]
    }

    /// The value up to which a point of panel `p` may be nearer than `squared` to a query of this norm.
    pub fn limit(&self, squared: f64, norm: f64, p: usize) -> f32 {
        let r = squared.sqrt() * self.scale * (1.0 + 1e-9);
        let e = 2.1 * U * (norm + self.norms[p]);
        let limit = (r + e) * (r + e) * (1.0 + (self.d as f64 + 4.0) * U) + TINY;
        // Narrowing rounds to nearest: one part in 2²³ more is above it.
        (limit * (1.0 + 2.0 * U)) as f32
    }
}

/// Squared distances of [`QUERIES`] queries, one after another in `queries`, to the points of a panel.
#[multiversion(targets("x86_64+avx512f+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn distances(panel: &[Lanes], queries: &[f32], out: &mut [Lanes; QUERIES]) {
    match_target! {
        "x86_64+fma" => distances_with::<true>(panel, queries, out),
        "aarch64+neon" => distances_with::<true>(panel, queries, out),
        _ => distances_with::<false>(panel, queries, out),
    }
}

#[inline(always)]
fn distances_with<const FMA: bool>(panel: &[Lanes], queries: &[f32], out: &mut [Lanes; QUERIES]) {
    let d = panel.len();
    *out = [Lanes([0.0; LANES]); QUERIES];
    let (eights, rest) = panel.as_chunks::<8>();
    for (k, columns) in eights.iter().enumerate() {
        add_columns::<8, FMA>(columns, queries, d, 8 * k, out);
    }
    for (k, column) in rest.iter().enumerate() {
        add_columns::<1, FMA>(
            std::array::from_ref(column),
            queries,
            d,
            8 * eights.len() + k,
            out,
        );
    }
}

/// Adds columns `k..k + F`; the loop over the points is the one that the compiler vectorises.
#[inline(always)]
fn add_columns<const F: usize, const FMA: bool>(
    columns: &[Lanes; F],
    queries: &[f32],
    d: usize,
    k: usize,
    out: &mut [Lanes; QUERIES],
) {
    let mut x = [[0.0; F]; QUERIES];
    for (x, query) in x.iter_mut().zip(queries.chunks_exact(d)) {
        x.copy_from_slice(&query[k..k + F]);
    }
    for l in 0..LANES {
        for q in 0..QUERIES {
            let mut sum = out[q].0[l];
            for f in 0..F {
                let difference = x[q][f] - columns[f].0[l];
                sum = if FMA {
                    difference.mul_add(difference, sum)
                } else {
                    sum + difference * difference
                };
            }
            out[q].0[l] = sum;
        }
    }
}

/// Whether any value is at most `limit`.
#[multiversion(targets("x86_64+avx512f+fma", "x86_64+avx2+fma", "aarch64+neon"))]
pub(crate) fn any_within(values: &Lanes, limit: f32) -> bool {
    values.0.iter().fold(false, |any, &v| any | (v <= limit))
}
