//! Single-precision distances that sort out most pairs before the exact ones are computed.
//!
//! Points and queries are centered, scaled by a power of two so that no value exceeds 1, and narrowed. For
//! a query x and a point z let a, b be what they become before narrowing, D = a − b, u = 2⁻²⁴,
//! γ = 1.01 (d + 5) u, N = ‖a‖ + ‖b‖ and d < 2¹⁶, so that (1 + u)^(d+3) ≤ 1 + γ and (1 − u)^(d+3) ≥ 1 − γ.
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
//! With each panel's greatest ‖b‖ in place of ‖b‖, both give a limit: v of a point nearer than r is not above
//! it, and all others need no second look. Both also give an interval around ‖D‖² from v. Values that
//! underflow change each of at most 2¹⁶ terms by less than 2⁻¹⁴⁸, which [`TINY`] covers. What the intervals
//! cannot rank is computed again in double precision: neighbors, distances and ties are those of the plain
//! search, to the last bit.

use crate::search::Task;
use crate::tile::{self, LANES, Lanes, QUERIES, SHARE, Values};
use fuzzysvm_core::Matrix;
use rayon::prelude::*;

const U: f64 = 1.0 / 16_777_216.0;
/// More than 2¹⁶ values that underflow, in scaled units, and the cross terms that come of them.
const TINY: f64 = 1e-32;
/// More than the rounding of exact distances, 2¹⁶ steps of 2⁻⁵³.
const EXACT_ROOM: f64 = 1e-9;
/// Fewer points are not worth packing twice.
const FROM: usize = 256;
/// Products are used while their error is at most this part of the squared distance sought: so much more
/// hardly lets more points through, whatever their dimension.
const PRODUCT_ERROR: f64 = 1.0 / 256.0;
/// ½‖b‖² of the lanes that hold no point: nothing is as far.
const NO_POINT: f32 = f32::MAX;

/// The points in panels, column by column within a panel; the last one padded.
pub(crate) struct Screen {
    panels: Vec<Lanes>,
    of_panel: Vec<OfPanel>,
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
    /// ½‖b‖², narrowed.
    half_squares: Lanes,
}

/// How a value was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Products,
    Differences,
}

/// [`QUERIES`] queries as the panels hold points, and their norms. Missing ones are zeros, and find nothing.
pub(crate) struct Group {
    columns: Vec<[f32; QUERIES]>,
    len: usize,
    norms: [f64; QUERIES],
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
        let scale = 2f64.powi(-(far.log2().floor() as i32 + 1));
        let mut panels = vec![Lanes::ZERO; n.div_ceil(LANES) * d];
        let mut of_panel = vec![OfPanel::EMPTY; n.div_ceil(LANES)];
        panels
            .par_chunks_mut(d)
            .zip(&mut of_panel)
            .enumerate()
            .for_each(|(p, (panel, of_panel))| {
                let first = p * LANES;
                let rows = points.slice_rows(first, n.min(first + LANES));
                *of_panel = pack(rows, &center, scale, panel);
            });
        Some(Self {
            panels,
            of_panel,
            center,
            scale,
            n,
            d,
        })
    }

    pub fn n_panels(&self) -> usize {
        self.of_panel.len()
    }

    /// A squared distance in the units of the intervals, rounded up.
    pub fn scaled(&self, squared: f64) -> f64 {
        squared * self.scale * self.scale * (1.0 + EXACT_ROOM)
    }

    /// Up to [`QUERIES`] rows.
    pub fn group<'a>(&self, rows: impl Iterator<Item = &'a [f64]>) -> Group {
        let mut group = Group {
            columns: vec![[0.0; QUERIES]; self.d],
            len: 0,
            norms: [0.0; QUERIES],
        };
        for (q, row) in rows.take(QUERIES).enumerate() {
            group.norms[q] = narrow(row, &self.center, self.scale, |c, v| {
                group.columns[c][q] = v;
            });
            group.len = q + 1;
        }
        group
    }

    /// Finds the points of panel `p` whose scaled squared distance to an open query of `group` may be at most
    /// that query's threshold, gives `found` the number of the query in the group and the point, and returns
    /// whether there were any.
    pub fn search(
        &self,
        p: usize,
        group: &Group,
        open: &[bool; QUERIES],
        thresholds: &[f64; QUERIES],
        values: &mut Values,
        mut found: impl FnMut(usize, Interval),
    ) -> bool {
        let panel = &self.panels[p * self.d..][..self.d];
        let of_panel = &self.of_panel[p];
        let errors = Errors::new(self.d, &group.norms, of_panel.norm);
        let form = errors.form(thresholds);
        let mut limits = errors.limits(form, thresholds);
        for (limit, open) in limits.iter_mut().zip(open) {
            if !open {
                *limit = f32::NEG_INFINITY;
            }
        }
        let least = match form {
            Form::Products => tile::products(panel, &of_panel.half_squares, &group.columns, values),
            Form::Differences => tile::differences(panel, &Lanes::ZERO, &group.columns, values),
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
            while lanes != 0 {
                let lane = lanes.trailing_zeros() as usize;
                lanes &= lanes - 1;
                let (lower, upper) = errors.interval(form, q, values[q].0[lane]);
                let index = (first + lane) as u32;
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
}

impl OfPanel {
    const EMPTY: Self = Self {
        norm: 0.0,
        half_squares: Lanes([NO_POINT; LANES]),
    };
}

/// The bounds of the module's comment for a group of queries and a panel.
struct Errors {
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
        let gamma = 1.01 * (d as f64 + 5.0) * U;
        let sums = norms.map(|norm| norm + of_panel);
        Self {
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
        std::array::from_fn(|q| {
            let limit = match form {
                Form::Products => {
                    0.5 * (thresholds[q] - self.norms[q] * self.norms[q] + self.product[q])
                }
                Form::Differences => {
                    let r = thresholds[q].sqrt() + 2.1 * U * self.sums[q];
                    r * r * (1.0 + self.gamma) + TINY
                }
            };
            // Narrowing rounds to nearest, by at most u of the limit: twice that is above it.
            (limit + limit.abs() * (2.0 * U) + TINY) as f32
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

fn pack(rows: Matrix<'_>, center: &[f64], scale: f64, panel: &mut [Lanes]) -> OfPanel {
    let mut of_panel = OfPanel::EMPTY;
    for (lane, row) in rows.rows().enumerate() {
        let norm = narrow(row, center, scale, |c, v| panel[c].0[lane] = v);
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
    use proptest::prelude::*;

    /// Lengths of the rows, so that some are much nearer to each other than to the center, or to nothing.
    #[derive(Debug, Clone, Copy)]
    enum Rows {
        Plain,
        Clusters(f64),
        Mixed,
        Outlier,
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
                Rows::Outlier => base[i] * if row == 3 { 1e6 } else { 1.0 },
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
                Just(Rows::Clusters(0.0)), Just(Rows::Mixed), Just(Rows::Outlier),
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
            let mut values = [Lanes::ZERO; QUERIES];
            for p in 0..screen.n_panels() {
                let panel = &screen.panels[p * d..][..d];
                let of_panel = &screen.of_panel[p];
                let errors = Errors::new(d, &group.norms, of_panel.norm);
                for form in [Form::Products, Form::Differences] {
                    let least = match form {
                        Form::Products => {
                            tile::products(panel, &of_panel.half_squares, &group.columns, &mut values)
                        }
                        Form::Differences => tile::differences(panel, &Lanes::ZERO, &group.columns, &mut values),
                    };
                    for (q, values) in values.iter().enumerate() {
                        let lowest = values.0.iter().fold(f32::INFINITY, |a, &b| a.min(b));
                        let share = &least.0[q * SHARE..(q + 1) * SHARE];
                        prop_assert_eq!(share.iter().fold(f32::INFINITY, |a, &b| a.min(b)), lowest);
                        for (l, &value) in values.0.iter().enumerate() {
                            let exact = squared_distance(points.row(q), points.row(p * LANES + l));
                            let up = screen.scaled(exact);
                            let limit = errors.limits(form, &[up; QUERIES])[q];
                            prop_assert!(value <= limit, "{:?} {} {}", form, value, limit);
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
                            } + 1e-30;
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
