//! The inner loops of the screen, compiled once for each kind of CPU and chosen at run time.
//!
//! A tile is [`QUERIES`] queries against a few points of a panel. Its sums stay in registers over all
//! columns: a value of a point is loaded once for four queries, one of a query once for all points, so the
//! multiply-adds are the limit and not the loads. (AVX-512: 4 × 64 sums in 16 of 32 registers; AVX2 4 × 16 in
//! 8 of 16; SSE2 4 × 8.) Steps that the processor cannot fuse are not: the screen gives bounds, and the distances come
//! without it.

use crate::boxes::StripBounds;
use fuzzysvm_core::cpu::{Cpu, Level};
use fuzzysvm_core::per_cpu;

/// Points side by side in a panel.
pub(crate) const LANES: usize = 64;
/// Queries processed together.
pub(crate) const QUERIES: usize = 4;

/// Points of a panel that share a box.
pub(crate) const STRIP: usize = 16;
/// Boxes of a panel.
pub(crate) const STRIPS: usize = LANES / STRIP;
/// Every strip of a panel, one bit each.
pub(crate) const ALL_STRIPS: u32 = (1 << STRIPS) - 1;

/// Lanes for each query where the queries share the lanes.
pub(crate) const SHARE: usize = LANES / QUERIES;

/// Single-precision values on cache lines.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Lanes(pub [f32; LANES]);

impl Lanes {
    pub const ZERO: Self = Self([0.0; LANES]);
}

/// Values of [`QUERIES`] queries at the points of a panel.
pub(crate) type Values = [Lanes; QUERIES];

per_cpu! {
    /// start − Σ x_c z_c for the points z in some of a panel's `strips` and the queries x, whose values are 0 but in the
    /// `columns`, all of them or fewer: `queries` has one entry for each of these. Returns lower bounds of the values of query q in its
    /// share, the lanes from q · [`SHARE`] on. What is in other strips is of no meaning.
    pub(crate) fn products(
        panel: &[Lanes],
        strips: u32,
        start: &Lanes,
        columns: &[u32],
        queries: &[[f32; QUERIES]],
        out: &mut Values,
    ) -> Lanes = products_on<Cpu>;
}

#[inline(always)]
fn products_on<C: Cpu>(
    panel: &[Lanes],
    strips: u32,
    start: &Lanes,
    columns: &[u32],
    queries: &[[f32; QUERIES]],
    out: &mut Values,
) -> Lanes {
    if columns.len() == panel.len() {
        products_in::<C>(panel.iter().zip(queries), strips, start, out)
    } else {
        let columns = columns.iter().map(|&c| &panel[c as usize]);
        products_in::<C>(columns.zip(queries), strips, start, out)
    }
}

#[inline(always)]
fn products_in<'a, C: Cpu>(
    columns: impl Columns<'a>,
    strips: u32,
    start: &Lanes,
    out: &mut Values,
) -> Lanes {
    match (C::LEVEL, C::FMA) {
        (Level::Avx512, _) => tiles::<Product<true>, 2, 16>(columns, strips, start, out),
        (_, true) => tiles::<Product<true>, 1, 16>(columns, strips, start, out),
        (_, false) => tiles::<Product<false>, 1, 8>(columns, strips, start, out),
    }
}

per_cpu! {
    /// start + Σ (x_c − z_c)² for the points z of a panel, otherwise as [`products`]. Written as a loop over the
    /// points with eight columns per step: of register tiles as above the compiler makes gathers here, 50 times slower.
    pub(crate) fn differences(
        panel: &[Lanes],
        start: &Lanes,
        queries: &[[f32; QUERIES]],
        out: &mut Values,
    ) -> Lanes = differences_on<Cpu>;
}

#[inline(always)]
fn differences_on<C: Cpu>(
    panel: &[Lanes],
    start: &Lanes,
    queries: &[[f32; QUERIES]],
    out: &mut Values,
) -> Lanes {
    match C::FMA {
        true => differences_with::<true>(panel, start, queries, out),
        false => differences_with::<false>(panel, start, queries, out),
    }
}

#[inline(always)]
fn differences_with<const FMA: bool>(
    panel: &[Lanes],
    start: &Lanes,
    queries: &[[f32; QUERIES]],
    out: &mut Values,
) -> Lanes {
    *out = [*start; QUERIES];
    let (eights, rest) = panel.as_chunks::<8>();
    let (eight_queries, rest_queries) = queries.as_chunks::<8>();
    for (columns, x) in eights.iter().zip(eight_queries) {
        add_columns::<8, FMA>(columns, x, out);
    }
    for (column, x) in rest.iter().zip(rest_queries) {
        add_columns::<1, FMA>(std::array::from_ref(column), std::array::from_ref(x), out);
    }
    let mut least = Lanes([f32::INFINITY; LANES]);
    for (values, share) in out.iter().zip(least.0.as_chunks_mut::<SHARE>().0) {
        for values in values.0.as_chunks::<SHARE>().0 {
            keep_smaller(share, values);
        }
    }
    least
}

#[inline(always)]
fn keep_smaller<const N: usize>(least: &mut [f32; N], values: &[f32; N]) {
    for l in 0..N {
        least[l] = if values[l] < least[l] {
            values[l]
        } else {
            least[l]
        };
    }
}

/// Adds `F` columns; the loop over the points is the one that the compiler vectorises.
#[inline(always)]
fn add_columns<const F: usize, const FMA: bool>(
    columns: &[Lanes; F],
    queries: &[[f32; QUERIES]; F],
    out: &mut Values,
) {
    for l in 0..LANES {
        for q in 0..QUERIES {
            let mut sum = out[q].0[l];
            for f in 0..F {
                let difference = queries[f][q] - columns[f].0[l];
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

per_cpu! {
    /// Σ g_c² for [`LANES`] boxes and another one, g_c being the gap between the two in column c, 0 where they meet. Of every
    /// box there is the least value and minus the greatest.
    pub(crate) fn gaps(low: &[Lanes], high: &[Lanes], other: &[[f32; 2]], out: &mut Lanes) = gaps_on;
}

#[inline(always)]
fn gaps_on(low: &[Lanes], high: &[Lanes], other: &[[f32; 2]], out: &mut Lanes) {
    for (part, out) in out.0.as_chunks_mut::<SHARE>().0.iter_mut().enumerate() {
        let mut sums = [0.0; SHARE];
        for ((low, high), &[other_low, other_high]) in low.iter().zip(high).zip(other) {
            let low = &low.0.as_chunks::<SHARE>().0[part];
            let high = &high.0.as_chunks::<SHARE>().0[part];
            for l in 0..SHARE {
                let (above, below) = (low[l] + other_high, other_low + high[l]);
                let gap = if above > below { above } else { below };
                let gap = if gap > 0.0 { gap } else { 0.0 };
                sums[l] += gap * gap;
            }
        }
        *out = sums;
    }
}

per_cpu! {
    /// The same for the boxes of a panel's strips and another one that faces them
    /// ([`Bounds::facing_strips`](crate::boxes::Bounds::facing_strips)).
    pub(crate) fn strip_gaps(strips: &[StripBounds], facing: &[StripBounds]) -> [f32; STRIPS] = strip_gaps_on;
}

#[inline(always)]
fn strip_gaps_on(strips: &[StripBounds], facing: &[StripBounds]) -> [f32; STRIPS] {
    let mut sums = [0.0; 2 * STRIPS];
    for (strips, facing) in strips.iter().zip(facing) {
        for l in 0..2 * STRIPS {
            let gap = strips[l] + facing[l];
            let gap = if gap > 0.0 { gap } else { 0.0 };
            sums[l] += gap * gap;
        }
    }
    // Of two boxes one is above the other: of the two sums of a column one is 0.
    let mut both = [0.0; STRIPS];
    for l in 0..STRIPS {
        both[l] = sums[l] + sums[STRIPS + l];
    }
    both
}

per_cpu! {
    /// Whether any value is at most the limit in its place.
    pub(crate) fn any_within(values: &[f32], limits: &[f32]) -> bool = any_within_on;
}

#[inline(always)]
fn any_within_on(values: &[f32], limits: &[f32]) -> bool {
    // Without a branch, so that they are compared side by side.
    let pairs = values.iter().zip(limits);
    pairs.fold(false, |any, (value, limit)| any | (value <= limit))
}

per_cpu! {
    /// Which of up to 64 values are at most `limit`, the first in the lowest bit.
    pub(crate) fn which_within(values: &[f32], limit: f32) -> u64 = which_within_on;
}

#[inline(always)]
fn which_within_on(values: &[f32], limit: f32) -> u64 {
    let mut which = 0;
    for (l, &value) in values.iter().enumerate() {
        which |= u64::from(value <= limit) << l;
    }
    which
}

/// What a column adds to the sum of a query value x and a point value z.
trait Step {
    fn step(sum: f32, x: f32, z: f32) -> f32;
}

struct Product<const FMA: bool>;

impl<const FMA: bool> Step for Product<FMA> {
    #[inline(always)]
    fn step(sum: f32, x: f32, z: f32) -> f32 {
        if FMA {
            (-x).mul_add(z, sum)
        } else {
            sum - x * z
        }
    }
}

/// Columns of points and queries, side by side.
trait Columns<'a>: Iterator<Item = (&'a Lanes, &'a [f32; QUERIES])> + Clone {}

impl<'a, I: Iterator<Item = (&'a Lanes, &'a [f32; QUERIES])> + Clone> Columns<'a> for I {}

/// A panel in tiles of `GROUPS` × `WIDTH` points.
#[inline(always)]
fn tiles<'a, S: Step, const GROUPS: usize, const WIDTH: usize>(
    columns: impl Columns<'a>,
    strips: u32,
    start: &Lanes,
    out: &mut Values,
) -> Lanes {
    let mut least = Lanes([f32::INFINITY; LANES]);
    for first in (0..LANES / WIDTH).step_by(GROUPS) {
        let of_tile = ((1 << (GROUPS * WIDTH).div_ceil(STRIP)) - 1) << (first * WIDTH / STRIP);
        if strips & of_tile != 0 {
            tile::<S, GROUPS, WIDTH>(columns.clone(), start, first, out, &mut least);
        }
    }
    least
}

/// The groups `first..first + GROUPS` of `WIDTH` points each. Every loop but the one over the columns has a
/// fixed number of steps and is unrolled, which leaves the sums in registers. (Loops, not `array::from_fn`: where its closures
/// are not inlined, as without link-time optimisation, nothing is vectorised.)
#[inline(always)]
fn tile<'a, S: Step, const GROUPS: usize, const WIDTH: usize>(
    columns: impl Columns<'a>,
    start: &Lanes,
    first: usize,
    out: &mut Values,
    least: &mut Lanes,
) {
    let start = start.0.as_chunks::<WIDTH>().0;
    let mut sums = [[[0.0; WIDTH]; GROUPS]; QUERIES];
    for sums in &mut sums {
        sums.copy_from_slice(&start[first..first + GROUPS]);
    }
    for (column, x) in columns {
        let z = column.0.as_chunks::<WIDTH>().0;
        for (sums, &x) in sums.iter_mut().zip(x) {
            for (g, sum) in sums.iter_mut().enumerate() {
                let z = &z[first + g];
                for l in 0..WIDTH {
                    sum[l] = S::step(sum[l], x, z[l]);
                }
            }
        }
    }
    let shares = least.0.as_chunks_mut::<SHARE>().0;
    for ((out, sums), share) in out.iter_mut().zip(&sums).zip(shares) {
        let out = &mut out.0.as_chunks_mut::<WIDTH>().0[first..first + GROUPS];
        out.copy_from_slice(sums);
        let share = &mut share.as_chunks_mut::<WIDTH>().0[first % (SHARE / WIDTH)];
        // From memory: out of registers it becomes gathers with AVX-512.
        for sum in out {
            keep_smaller(share, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::cpu::{Avx2, Avx512, Baseline};
    use std::array::from_fn;

    type Term = fn(f32, f32) -> f32;
    type Inner = fn(&[Lanes], &Lanes, &[[f32; QUERIES]], &mut Values) -> Lanes;

    /// All columns and strips.
    fn products_of<C: Cpu>(
        panel: &[Lanes],
        start: &Lanes,
        queries: &[[f32; QUERIES]],
        out: &mut Values,
    ) -> Lanes {
        let columns: Vec<u32> = (0..panel.len() as u32).collect();
        products_on::<C>(panel, ALL_STRIPS, start, &columns, queries, out)
    }

    /// Small whole numbers, which nothing rounds: fused or not, in tiles of any size, the sums are exact.
    #[test]
    fn the_sums_of_every_level_are_exact() {
        // Eight columns at a time, and three more.
        let d = 11;
        let panel: Vec<Lanes> = (0..d)
            .map(|c| Lanes(from_fn(|l| ((c * 7 + l * 5) % 13) as f32 - 6.0)))
            .collect();
        let queries: Vec<[f32; QUERIES]> = (0..d)
            .map(|c| from_fn(|q| ((c * 3 + q * 11) % 7) as f32 - 3.0))
            .collect();
        let start = Lanes(from_fn(|l| (l * l % 17) as f32));
        let sum = |q: usize, l: usize, term: Term| -> f32 {
            let columns = panel.iter().zip(&queries);
            start.0[l] + columns.map(|(z, x)| term(x[q], z.0[l])).sum::<f32>()
        };
        let levels: [(Inner, Inner); 3] = [
            (products_of::<Baseline>, differences_on::<Baseline>),
            (products_of::<Avx2>, differences_on::<Avx2>),
            (products_of::<Avx512>, differences_on::<Avx512>),
        ];
        for (level, (products, differences)) in levels.into_iter().enumerate() {
            let forms: [(Inner, Term); 2] = [
                (products, |x, z| -x * z),
                (differences, |x, z| (x - z) * (x - z)),
            ];
            for (form, (inner, term)) in forms.into_iter().enumerate() {
                let mut out = [Lanes::ZERO; QUERIES];
                let least = inner(&panel, &start, &queries, &mut out);
                for (q, out) in out.iter().enumerate() {
                    let expected: [f32; LANES] = from_fn(|l| sum(q, l, term));
                    assert_eq!(out.0, expected, "level {level}, form {form}, query {q}");
                    let lowest = |values: &[f32]| values.iter().copied().fold(f32::MAX, f32::min);
                    let share = &least.0[q * SHARE..][..SHARE];
                    assert_eq!(
                        lowest(share),
                        lowest(&expected),
                        "level {level}, form {form}"
                    );
                }
            }
        }
    }

    /// Of some strips, and of some columns, the others being 0 in the queries.
    #[test]
    fn what_is_passed_over_adds_nothing() {
        let panel: Vec<Lanes> = (0..5)
            .map(|c| Lanes(from_fn(|l| ((c * 7 + l * 5) % 13) as f32 - 6.0)))
            .collect();
        let start = Lanes(from_fn(|l| (l * l % 17) as f32));
        let columns = [1, 4];
        let x: Vec<[f32; QUERIES]> = vec![[1.0, 2.0, 0.0, -1.0], [3.0, 0.0, 1.0, 2.0]];
        let levels = [
            products_on::<Baseline>,
            products_on::<Avx2>,
            products_on::<Avx512>,
        ];
        for (level, products) in levels.into_iter().enumerate() {
            for strips in 1..=ALL_STRIPS {
                let mut out = [Lanes([f32::NAN; LANES]); QUERIES];
                let least = products(&panel, strips, &start, &columns, &x, &mut out);
                for q in 0..QUERIES {
                    let mut lowest = f32::INFINITY;
                    for l in (0..LANES).filter(|l| strips >> (l / STRIP) & 1 == 1) {
                        let expected =
                            start.0[l] - x[0][q] * panel[1].0[l] - x[1][q] * panel[4].0[l];
                        assert_eq!(out[q].0[l], expected, "level {level}, strips {strips:b}");
                        lowest = lowest.min(expected);
                    }
                    // A wider tile may have had strips beside those asked for.
                    let share = &least.0[q * SHARE..][..SHARE];
                    assert!(share.iter().copied().fold(f32::INFINITY, f32::min) <= lowest);
                }
            }
        }
    }
}
