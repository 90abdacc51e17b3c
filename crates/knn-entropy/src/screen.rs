//! Single-precision distances that sort out most pairs before the exact ones are computed.
//!
//! Points and queries are centered, scaled by a power of two so that no value exceeds 2⁵², and narrowed. (Sums of
//! squares stay below 2¹²³ then, and the others are far from underflowing even where one value is 10³⁰ times as
//! large: a number that stands for a missing one.) For a query x and a point z let a, b be what they become before
//! narrowing, D = a − b, u = 2⁻²⁴, γ = 1.01 (d + 5) u, N = ‖a‖ + ‖b‖ and d < 2¹⁶, so that (1 + u)^(d+3) ≤ 1 + γ
//! and (1 − u)^(d+3) ≥ 1 − γ.
//! (Subtracting the center rounds once, by 2⁻⁵³ of a_c, however far from 0 the values are: ‖D‖ is the scaled
//! distance within 2⁻⁵² N; that, and the rounding of norms and of the exact distances themselves, is far
//! below what 1.01, the 5 and the 2.1 below have to spare.) There are two ways to ‖D‖².
//!
//! **Products.** ‖D‖² = ‖a‖² + 2 v with v = ½‖b‖² − Σ a_c b_c, one multiply-add per column. ½‖b‖² is narrowed
//! once, every product has two narrowed factors, and the d steps round d times if fused; if not, a product
//! rounds once more. So each term reaches the sum with at most d + 3 roundings, and
//!
//! ```text
//! | ‖D‖² − ‖a‖² − 2v |  ≤  γ (‖b‖² + 2 Σ |a_c b_c|)  ≤  γ (‖b‖² + 2 ‖a‖ ‖b‖)  ≤  γ N²
//! ```
//!
//! That is a small part of ‖D‖² unless the two are much nearer to each other than to the center.
//!
//! **Differences.** v = Σ (a_c − b_c)². Narrowing moves each value by at most u of itself and the subtraction
//! rounds once more, so the computed difference is D + e with |e_c| ≤ 2u(1 + u)(|a_c| + |b_c|) in every
//! column (|D_c| ≤ |a_c| + |b_c|). By the triangle inequality ‖D + e‖ is within E = 2.1 u N of ‖D‖, and
//! each of the d squares is rounded at most d + 1 times on its way into the sum, fused or not. So
//!
//! ```text
//! (‖D‖ − E)² (1 − γ)  ≤  v  ≤  (‖D‖ + E)² (1 + γ)        (the left side where ‖D‖ ≥ E)
//! ```
//!
//! which is as narrow for near duplicates as for any pair, at up to twice the arithmetic.
//!
//! **Boxes.** Points that are alike share a panel, and within it a strip ([`crate::likeness`]); of every strip and panel the
//! least and greatest narrowed value of each column is known, and so is the box of the queries. The gap between two boxes
//! is no greater than |D_c + e_c| of any of their pairs, rounding being monotone, so its squares add up to a v of
//! differences that is a lower bound for all of them. What lies beyond the thresholds is passed over.
//!
//! With each panel's greatest ‖b‖ in place of ‖b‖, both give a limit: v of a point nearer than r is not above
//! it, and all others need no second look. Both also give an interval around ‖D‖² from v. Squares and products that
//! underflow change each of at most 2¹⁶ terms by less than 2⁻¹⁴⁸, which [`TINY`] covers; so much in a value, times
//! what it meets, is far below what 1.01 and 2.1 have to spare unless N < 2⁻¹⁰⁰, and below 2⁻²⁰⁰ there. What the intervals
//! cannot rank is computed again in double precision: neighbors, distances and ties are those of the plain
//! search, to the last bit.

use crate::boxes::{self, Bounds, Boxes, NO_POINTS, StripBounds};
use crate::likeness;
use crate::search::Task;
use crate::tile::{self, LANES, Lanes, QUERIES, SHARE, STRIP, STRIPS, Values};
use fuzzysvm_core::Matrix;
use rayon::prelude::*;

const U: f64 = 1.0 / 16_777_216.0;
/// More than 2¹⁶ terms that underflow, in scaled units.
const TINY: f64 = 1e-38;
/// The greatest scaled value is at most two to this.
const GREATEST: i32 = 52;
/// More than the rounding of exact distances, 2¹⁶ steps of 2⁻⁵³.
const EXACT_ROOM: f64 = 1e-9;
/// Fewer points are not worth packing twice.
const FROM: usize = 256;
/// Products are used while their error is at most this part of the squared distance sought: so much more
/// hardly lets more points through, whatever their dimension.
const PRODUCT_ERROR: f64 = 1.0 / 256.0;
/// ½‖b‖² of the lanes that hold no point: nothing is as far.
const NO_POINT: f32 = f32::MAX;

/// The points in panels of such that are alike, column by column within a panel; the last one padded.
pub(crate) struct Screen {
    panels: Vec<Lanes>,
    of_panel: Vec<OfPanel>,
    boxes: Boxes,
    /// The boxes of the strips, column by column within a panel.
    strips: Vec<StripBounds>,
    /// The numbers of the points as they stand in the panels.
    order: Vec<u32>,
    center: Vec<f64>,
    scale: f64,
    n: usize,
    d: usize,
}

/// What is known of the points of a panel.
#[derive(Clone, Copy)]
struct OfPanel {
    /// Greatest ‖b‖.
    norm: f64,
    /// The least number of a point.
    first: u32,
    /// ½‖b‖², narrowed.
    half_squares: Lanes,
}

/// How a value was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Products,
    Differences,
}

/// [`QUERIES`] queries as the panels hold points. Missing ones are zeros, and find nothing.
pub(crate) struct Group {
    values: Vec<[f32; QUERIES]>,
    len: usize,
    norms: [f64; QUERIES],
    /// The greatest norm.
    norm: f64,
    /// The columns in which a value is not 0, and the values there.
    columns: Vec<u32>,
    in_columns: Vec<[f32; QUERIES]>,
    bounds: Bounds,
    facing_strips: Vec<StripBounds>,
}

/// Some strips of a panel, one bit each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub panel: usize,
    pub strips: u32,
}

/// A point that may be near, and between which squares its scaled distance lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interval {
    pub lower: f64,
    pub upper: f64,
    pub index: u32,
}

impl Screen {
    /// `None` where single precision cannot tell neighbors, or it is not worth it.
    pub fn new(task: &Task<'_>) -> Option<Self> {
        let (points, n, d) = (task.points, task.points.n_rows(), task.points.n_cols());
        // The numbers of the queries, which are sorted, fit 32 bits as those of the points do.
        u32::try_from(task.queries.n_rows()).ok()?;
        if n < FROM || d == 0 || d >= 1 << 16 {
            return None;
        }
        let center = points.column_centers();
        let mut far = farthest(points, &center);
        if !task.themselves {
            far = far.max(farthest(task.queries, &center));
        }
        // Squares neither overflow nor vanish.
        (1e-90..1e90).contains(&far).then_some(())?;
        let scale = 2f64.powi(GREATEST - (far.log2().floor() as i32 + 1));
        let order = likeness::order(points);
        let mut panels = vec![Lanes::ZERO; n.div_ceil(LANES) * d];
        let mut strips = vec![NO_POINTS; n.div_ceil(LANES) * d];
        let packed = panels
            .par_chunks_mut(d)
            .zip(strips.par_chunks_mut(d))
            .zip(order.par_chunks(LANES))
            .map(|((panel, strips), numbers)| {
                let rows = numbers.iter().map(|&i| points.row(i as usize));
                let mut of_panel = pack(rows, &center, scale, panel, strips);
                of_panel.first = numbers.iter().fold(u32::MAX, |a, &b| a.min(b));
                (of_panel, Bounds::around_strips(strips))
            });
        let (of_panel, bounds): (Vec<OfPanel>, Vec<Bounds>) = packed.unzip();
        Some(Self {
            panels,
            of_panel,
            boxes: Boxes::new(&bounds, d),
            strips,
            order,
            center,
            scale,
            n,
            d,
        })
    }

    /// The numbers of the points as they stand in the panels.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// The least number of a point of panel `p`.
    pub fn first_of(&self, p: usize) -> u32 {
        self.of_panel[p].first
    }

    /// For every panel a lower bound of the scaled squared distance between its points and the queries of `groups`.
    pub fn gaps<'a>(&self, groups: impl Iterator<Item = &'a Group>) -> Vec<f64> {
        let mut bounds = Bounds::around_strips(&vec![NO_POINTS; self.d]);
        let mut norm = 0f64;
        for group in groups {
            bounds.join(&group.bounds);
            norm = norm.max(group.norm);
        }
        let gaps = self.boxes.gaps(&bounds);
        let of_panels = gaps.iter().zip(&self.of_panel);
        let bounds = of_panels.map(|(&gap, of_panel)| {
            let errors = Errors::new(self.d, &[norm; QUERIES], of_panel.norm);
            errors.interval(Form::Differences, 0, gap).0
        });
        bounds.collect()
    }

    /// A squared distance in the units of the intervals, rounded up.
    pub fn scaled(&self, squared: f64) -> f64 {
        squared * self.scale * self.scale * (1.0 + EXACT_ROOM)
    }

    /// Up to [`QUERIES`] rows.
    pub fn group<'a>(&self, rows: impl Iterator<Item = &'a [f64]>) -> Group {
        let mut values = vec![[0.0; QUERIES]; self.d];
        let (mut norms, mut len) = ([0.0; QUERIES], 0);
        for (q, row) in rows.take(QUERIES).enumerate() {
            norms[q] = narrow(row, &self.center, self.scale, |c, v| values[c][q] = v);
            len = q + 1;
        }
        let columns = (0..).zip(&values).filter(|(_, x)| **x != [0.0; QUERIES]);
        let (columns, in_columns) = columns.unzip();
        let bounds = Bounds::of_columns(&values, len);
        Group {
            len,
            norms,
            norm: norms.iter().fold(0.0, |a, &b| a.max(b)),
            columns,
            in_columns,
            facing_strips: bounds.facing_strips(),
            bounds,
            values,
        }
    }

    /// Finds the points in a part of a panel whose scaled squared distance to an open query of `group` may be at
    /// most that query's threshold, gives `found` the number of the query in the group and the point, and returns
    /// whether there were any.
    pub fn search(
        &self,
        Part { panel: p, strips }: Part,
        group: &Group,
        open: &[bool; QUERIES],
        thresholds: &[f64; QUERIES],
        values: &mut Values,
        mut found: impl FnMut(usize, Interval),
    ) -> bool {
        let of_panel = &self.of_panel[p];
        let panel = &self.panels[p * self.d..][..self.d];
        let errors = Errors::new(self.d, &group.norms, of_panel.norm);
        let form = errors.form(thresholds);
        let mut limits = errors.limits(form, thresholds);
        for (limit, open) in limits.iter_mut().zip(open) {
            if !open {
                *limit = f32::NEG_INFINITY;
            }
        }
        let least = match form {
            Form::Products => tile::products(
                panel,
                strips,
                &of_panel.half_squares,
                &group.columns,
                &group.in_columns,
                values,
            ),
            Form::Differences => tile::differences(panel, &Lanes::ZERO, &group.values, values),
        };
        let mut shares = Lanes::ZERO;
        for (share, limit) in shares.0.as_chunks_mut::<SHARE>().0.iter_mut().zip(limits) {
            *share = [limit; SHARE];
        }
        if !tile::any_within(&least.0, &shares.0) {
            return false;
        }
        let first = p * LANES;
        let points = LANES.min(self.n - first);
        for q in 0..group.len {
            let mut lanes = tile::which_within(&values[q].0[..points], limits[q]);
            lanes &= lanes_of(strips);
            while lanes != 0 {
                let lane = lanes.trailing_zeros() as usize;
                lanes &= lanes - 1;
                let (lower, upper) = errors.interval(form, q, values[q].0[lane]);
                let index = self.order[first + lane];
                found(
                    q,
                    Interval {
                        lower,
                        upper,
                        index,
                    },
                );
            }
        }
        true
    }

    /// The strips of panel `p` that may hold a point not farther than `reach` (scaled) from a query of `group`, one bit each.
    pub fn strips_within(&self, p: usize, group: &Group, reach: f64) -> u32 {
        let gaps = tile::strip_gaps(&self.strips[p * self.d..][..self.d], &group.facing_strips);
        let limit = difference_limit(self.d, reach, group.norm + self.of_panel[p].norm);
        let within = |strips, (s, gap)| strips | u32::from(gap <= limit) << s;
        (0..).zip(gaps).fold(0, within)
    }
}

/// The lanes of some strips.
fn lanes_of(strips: u32) -> u64 {
    const STRIP_OF_ONES: u64 = (1 << STRIP) - 1;
    let of_strip = |s| u64::from(strips >> s & 1) * (STRIP_OF_ONES << (s * STRIP));
    (0..STRIPS).fold(0, |lanes, s| lanes | of_strip(s))
}

/// The greatest value of [`Form::Differences`] of two that are not farther apart than `reach`, `sum` being N.
#[inline]
fn difference_limit(d: usize, reach: f64, sum: f64) -> f32 {
    let r = reach + 2.1 * U * sum;
    not_below(r * r * (1.0 + gamma(d)) + TINY)
}

/// γ.
#[inline]
fn gamma(d: usize) -> f64 {
    1.01 * (d as f64 + 5.0) * U
}

/// Narrowing rounds to nearest, by at most u of the limit: twice that is above it.
#[inline]
fn not_below(limit: f64) -> f32 {
    (limit + limit.abs() * (2.0 * U) + TINY) as f32
}

impl OfPanel {
    const EMPTY: Self = Self {
        norm: 0.0,
        first: u32::MAX,
        half_squares: Lanes([NO_POINT; LANES]),
    };
}

/// The bounds of the module's comment for a group of queries and a panel.
struct Errors {
    d: usize,
    gamma: f64,
    norms: [f64; QUERIES],
    /// N.
    sums: [f64; QUERIES],
    /// γ N² and its tiny part.
    product: [f64; QUERIES],
}

impl Errors {
    #[inline]
    fn new(d: usize, norms: &[f64; QUERIES], of_panel: f64) -> Self {
        let gamma = gamma(d);
        let sums = norms.map(|norm| norm + of_panel);
        Self {
            d,
            gamma,
            norms: *norms,
            sums,
            product: sums.map(|n| gamma * n * n + TINY),
        }
    }

    #[inline]
    fn form(&self, thresholds: &[f64; QUERIES]) -> Form {
        let small = |(error, threshold): (&f64, &f64)| *error <= PRODUCT_ERROR * threshold;
        if self.product.iter().zip(thresholds).all(small) {
            Form::Products
        } else {
            Form::Differences
        }
    }

    /// The greatest values of points whose scaled squared distance is at most the thresholds.
    #[inline]
    fn limits(&self, form: Form, thresholds: &[f64; QUERIES]) -> [f32; QUERIES] {
        std::array::from_fn(|q| match form {
            Form::Products => {
                let limit = thresholds[q] - self.norms[q] * self.norms[q] + self.product[q];
                not_below(0.5 * limit)
            }
            Form::Differences => difference_limit(self.d, thresholds[q].sqrt(), self.sums[q]),
        })
    }

    /// Between which squares the scaled distance lies.
    #[inline]
    fn interval(&self, form: Form, q: usize, value: f32) -> (f64, f64) {
        let value = f64::from(value);
        match form {
            Form::Products => {
                let square = self.norms[q] * self.norms[q] + 2.0 * value;
                (square - self.product[q], square + self.product[q])
            }
            Form::Differences => {
                let e = 2.1 * U * self.sums[q];
                let near = ((value - TINY).max(0.0) / (1.0 + self.gamma)).sqrt() - e;
                let far = ((value + TINY) / (1.0 - self.gamma)).sqrt() + e;
                (near.max(0.0) * near.max(0.0), far * far)
            }
        }
    }
}

/// The greatest distance of a value from the center of its column.
fn farthest(m: Matrix<'_>, center: &[f64]) -> f64 {
    m.as_slice()
        .par_chunks(center.len() * LANES)
        .map(|rows| {
            let mut far = 0.0;
            for row in rows.chunks_exact(center.len()) {
                for (v, c) in row.iter().zip(center) {
                    let distance = (v - c).abs();
                    far = if distance > far { distance } else { far };
                }
            }
            far
        })
        .reduce(|| 0.0, f64::max)
}

fn pack<'a>(
    rows: impl Iterator<Item = &'a [f64]>,
    center: &[f64],
    scale: f64,
    panel: &mut [Lanes],
    strips: &mut [StripBounds],
) -> OfPanel {
    let mut of_panel = OfPanel::EMPTY;
    for (lane, row) in rows.enumerate() {
        let strip = lane / STRIP;
        let norm = narrow(row, center, scale, |c, v| {
            panel[c].0[lane] = v;
            boxes::include(&mut strips[c], strip, v);
        });
        of_panel.norm = of_panel.norm.max(norm);
        of_panel.half_squares.0[lane] = (0.5 * norm * norm) as f32;
    }
    of_panel
}

/// Gives `out` every column and value of a sample as the panels hold it, and returns the sample's norm.
#[inline]
fn narrow(row: &[f64], center: &[f64], scale: f64, mut out: impl FnMut(usize, f32)) -> f64 {
    let mut square = 0.0;
    for (column, (v, c)) in row.iter().zip(center).enumerate() {
        let a = (v - c) * scale;
        square += a * a;
        out(column, a as f32);
    }
    square.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::squared_distance;
    use crate::tile::ALL_STRIPS;
    use proptest::prelude::*;

    /// Lengths of the rows, so that some are much nearer to each other than to the center, or to nothing.
    #[derive(Debug, Clone, Copy)]
    enum Rows {
        Plain,
        Clusters(f64),
        Mixed,
        Outlier(f64),
    }

    fn data(rows: Rows, n: usize, d: usize, seed: u64) -> Vec<f64> {
        let mut state = seed | 1;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        let base: Vec<f64> = (0..n * d).map(|_| next()).collect();
        let of = |i: usize| {
            let (row, column) = (i / d, i % d);
            match rows {
                Rows::Plain => base[i],
                Rows::Clusters(spread) => base[row % 5 * d + column] + spread * base[i],
                Rows::Mixed => base[i] * 10f64.powi(-(row as i32 % 30)),
                Rows::Outlier(size) => base[i] * if row == 3 { size } else { 1.0 },
            }
        };
        (0..n * d).map(of).collect()
    }

    /// Wherever the value that lies farthest out is: rows are looked at in chunks.
    #[test]
    fn the_farthest_value_is_found_in_every_place() {
        let (n, d) = (2 * LANES + 3, 3);
        for place in 0..n * d {
            let mut values = [5.0, 0.5, -1.0].repeat(n);
            values[place] -= 7.0;
            let m = Matrix::new(&values, d).unwrap();
            // The others are 1, 0.5 and 1 from their centers.
            let far = [8.0, 7.5, 6.0][place % d];
            assert_eq!(farthest(m, &[6.0, 1.0, -2.0]), far, "place {place}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn limits_let_through_what_is_near_and_intervals_hold_it(
            rows in prop_oneof![
                Just(Rows::Plain), Just(Rows::Clusters(1e-3)), Just(Rows::Clusters(1e-7)),
                Just(Rows::Clusters(0.0)), Just(Rows::Mixed), Just(Rows::Outlier(1e6)), Just(Rows::Outlier(1e30)),
            ],
            seed: u64, d in 1usize..130, offset in prop_oneof![Just(0.0), Just(1.0), Just(1e6)],
            size in prop_oneof![Just(0), Just(-60), Just(60), Just(38), Just(-38)],
        ) {
            let n = 256;
            let unit = 10f64.powi(size);
            let x: Vec<f64> = data(rows, n, d, seed).iter().map(|v| (v + offset) * unit).collect();
            let points = Matrix::new(&x, d).unwrap();
            let Some(screen) = Screen::new(&Task::among_themselves(points, 1).unwrap()) else {
                // One column of equal rows.
                return Ok(());
            };
            let group = screen.group((0..QUERIES).map(|q| points.row(q)));
            let gaps = screen.gaps([&group].into_iter());
            prop_assert_eq!(gaps.len(), n / LANES);
            let mut values = [Lanes::ZERO; QUERIES];
            for (p, &gap) in gaps.iter().enumerate() {
                let panel = &screen.panels[p * d..][..d];
                let of_panel = &screen.of_panel[p];
                let errors = Errors::new(d, &group.norms, of_panel.norm);
                for form in [Form::Products, Form::Differences] {
                    let least = match form {
                        Form::Products => {
                            let (columns, x) = (&group.columns, &group.in_columns);
                            tile::products(panel, ALL_STRIPS, &of_panel.half_squares, columns, x, &mut values)
                        }
                        Form::Differences => tile::differences(panel, &Lanes::ZERO, &group.values, &mut values),
                    };
                    for (q, values) in values.iter().enumerate() {
                        let lowest = values.0.iter().fold(f32::INFINITY, |a, &b| a.min(b));
                        let share = &least.0[q * SHARE..(q + 1) * SHARE];
                        prop_assert_eq!(share.iter().fold(f32::INFINITY, |a, &b| a.min(b)), lowest);
                        for (l, &value) in values.0.iter().enumerate() {
                            let point = screen.order()[p * LANES + l] as usize;
                            let exact = squared_distance(points.row(q), points.row(point));
                            let up = screen.scaled(exact);
                            let limit = errors.limits(form, &[up; QUERIES])[q];
                            prop_assert!(value <= limit, "{:?} {} {}", form, value, limit);
                            prop_assert!(gap <= up, "gap {} {}", gap, up);
                            let strips = screen.strips_within(p, &group, up.sqrt());
                            prop_assert!(lanes_of(strips) >> l & 1 == 1, "strip of lane {}", l);
                            let (lower, upper) = errors.interval(form, q, value);
                            prop_assert!(lower <= up && up / (1.0 + EXACT_ROOM) <= upper,
                                "{:?} {} {} {}", form, lower, up, upper);
                            // And both are no wider than single precision asks for.
                            let n = errors.sums[q];
                            let width = match form {
                                Form::Products => 4.0 * errors.gamma * n * n,
                                Form::Differences => {
                                    4.0 * errors.gamma * up + 20.0 * U * n * (up.sqrt() + U * n)
                                }
                            } + 4.0 * TINY;
                            prop_assert!(upper - lower <= width);
                            let value = match form {
                                Form::Products => group.norms[q].powi(2) + 2.0 * f64::from(value),
                                Form::Differences => f64::from(value),
                            };
                            let limit = match form {
                                Form::Products => group.norms[q].powi(2) + 2.0 * f64::from(limit),
                                Form::Differences => f64::from(limit),
                            };
                            prop_assert!(limit - value <= width + 2e-7 * n * n.max(up.sqrt()));
                        }
                    }
                }
            }
        }
    }
}
