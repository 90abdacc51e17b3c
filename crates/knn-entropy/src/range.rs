//! Distances whose squares leave the range of `f64`.
//!
//! Coordinates beyond 1e154 have squares that overflow, differences below 1e-154 squares that vanish: all distances
//! would tie at infinity or at 0, and the nearest neighbors would be those of lowest index. Such tables are searched in a
//! unit of their own, a power of two, in which nothing is rounded; where no unit fits, because columns of both kinds stand
//! side by side, every pair has its own ([`Length`]).

use crate::nearest::Candidate;
use crate::search::Task;
use crate::{NeighborError, NeighborTable, squared_distance};
use fuzzysvm_core::{Matrix, MatrixBuf};

/// Two different numbers of at least this size differ by at least 2⁻⁵³ of it, and the square of that has all its digits.
const SMALL: f64 = 1e-129;
/// The square of such a difference is not less. Below it, squares lose digits before they vanish.
const LEAST_SQUARE: f64 = 1e-290;
/// Queries per parallel task.
const QUERY_CHUNK: usize = 16;

/// Searches with `plain` where squares are in range, and in a way that they are otherwise.
pub(crate) fn run(
    task: &Task<'_>,
    plain: impl Fn(&Task<'_>) -> Result<NeighborTable, NeighborError>,
) -> Result<NeighborTable, NeighborError> {
    if in_range(task) {
        return plain(task);
    }
    let mut table = match Scaled::new(task) {
        Some(scaled) => plain(&scaled.task(task))?,
        None => pair_by_pair(task)?,
    };
    table.measure(|i, j| {
        let length = Length::between(task.queries.row(i), task.points.row(j));
        (length.square(), length.root())
    });
    Ok(table)
}

/// Whether no square overflows, and none that tells neighbors apart vanishes.
fn in_range(task: &Task<'_>) -> bool {
    let small = |m: Matrix<'_>| {
        let mut values = m.as_slice().iter();
        values.any(|v| *v != 0.0 && v.abs() < SMALL)
    };
    // The diagonal of the box that all rows lie in.
    let mut low = vec![f64::INFINITY; task.points.n_cols()];
    let mut high = vec![f64::NEG_INFINITY; task.points.n_cols()];
    for row in task.points.rows().chain(task.queries.rows()) {
        for ((low, high), v) in low.iter_mut().zip(&mut high).zip(row) {
            (*low, *high) = (low.min(*v), high.max(*v));
        }
    }
    let diagonal = squared_distance(&low, &high);
    // A little less than overflow: a back end may round up.
    diagonal < f64::MAX / 4.0 && !small(task.points) && !small(task.queries)
}

/// Points and queries in a unit in which squares are in range.
struct Scaled {
    points: MatrixBuf,
    /// `None` where the points are the queries.
    queries: Option<MatrixBuf>,
}

impl Scaled {
    /// `None` where there is no such unit.
    fn new(task: &Task<'_>) -> Option<Self> {
        let largest = |m: Matrix<'_>| m.as_slice().iter().fold(0.0, |l: f64, v| l.max(v.abs()));
        let size = exponent(largest(task.points).max(largest(task.queries)));
        let scale = |m: Matrix<'_>| {
            let scaled: Vec<f64> = m.as_slice().iter().map(|v| ldexp(*v, -size)).collect();
            // Nothing may be lost on the way.
            let exact = |(s, v): (&f64, &f64)| ldexp(*s, size) == *v;
            let same = scaled.iter().zip(m.as_slice()).all(exact);
            MatrixBuf::new(scaled, m.n_cols()).ok().filter(|_| same)
        };
        let scaled = Self {
            points: scale(task.points)?,
            queries: match task.themselves {
                true => None,
                false => Some(scale(task.queries)?),
            },
        };
        in_range(&scaled.task(task)).then_some(scaled)
    }

    fn task(&self, task: &Task<'_>) -> Task<'_> {
        let points = self.points.view();
        Task {
            points,
            queries: self.queries.as_ref().map_or(points, MatrixBuf::view),
            k: task.k,
            themselves: task.themselves,
        }
    }
}

/// All pairs, each in its own unit.
fn pair_by_pair(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    task.fill(QUERY_CHUNK, |first_query, rows| {
        let mut lengths: Vec<(Length, u32)> = Vec::new();
        let mut nearest = Vec::new();
        for r in 0..rows.len() {
            let i = first_query + r;
            let query = task.queries.row(i);
            lengths.clear();
            // The number of points fits 32 bits.
            let points = (0..).zip(task.points.rows());
            let others = points.filter(|(index, _)| Some(*index) != task.excluded(i));
            lengths.extend(others.map(|(index, point)| (Length::between(query, point), index)));
            let order = |a: &(Length, u32), b: &(Length, u32)| a.0.order(&b.0).then(a.1.cmp(&b.1));
            if lengths.len() > task.k {
                lengths.select_nth_unstable_by(task.k, order);
                lengths.truncate(task.k);
            }
            lengths.sort_unstable_by(order);
            nearest.clear();
            nearest.extend(lengths.iter().map(|(length, index)| Candidate {
                squared: length.square(),
                index: *index,
            }));
            rows.write(r, &nearest);
        }
    })
}

/// A distance of any size: its square is `mantissa` · 2^`exponent`, 1 ≤ `mantissa` < 2, or 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Length {
    exponent: i32,
    mantissa: f64,
}

impl Length {
    pub fn between(x: &[f64], z: &[f64]) -> Self {
        let square = squared_distance(x, z);
        if (LEAST_SQUARE..f64::INFINITY).contains(&square) {
            return Self::new(square, 0);
        }
        // By a quarter, no difference overflows; small ones stay as they are.
        let quarter = if square.is_finite() { 0 } else { 2 };
        let difference = |(x, z): (&f64, &f64)| ldexp(*x, -quarter) - ldexp(*z, -quarter);
        let differences = || x.iter().zip(z).map(difference);
        let unit = exponent(differences().fold(0.0, |largest: f64, d| largest.max(d.abs())));
        let square = differences().fold(0.0, |sum, d| {
            let d = ldexp(d, -unit);
            sum + d * d
        });
        Self::new(square, 2 * (unit + quarter))
    }

    /// `square` · 2^`shift`.
    fn new(square: f64, shift: i32) -> Self {
        if square == 0.0 {
            return Self {
                exponent: i32::MIN,
                mantissa: 0.0,
            };
        }
        let own = exponent(square);
        Self {
            exponent: own + shift,
            mantissa: ldexp(square, -own),
        }
    }

    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let mantissas = || self.mantissa.total_cmp(&other.mantissa);
        self.exponent.cmp(&other.exponent).then_with(mantissas)
    }

    /// The square; infinite or 0 where it is out of range.
    pub fn square(&self) -> f64 {
        if self.mantissa == 0.0 {
            return 0.0;
        }
        ldexp(self.mantissa, self.exponent)
    }

    /// The distance itself, which is in range.
    pub fn root(&self) -> f64 {
        if self.mantissa == 0.0 {
            return 0.0;
        }
        let odd = self.exponent.rem_euclid(2);
        let root = (self.mantissa * f64::from(1 + odd)).sqrt();
        ldexp(root, (self.exponent - odd) / 2)
    }
}

/// e with 2^e ≤ v < 2^(e + 1), for v > 0; 0 for 0.
fn exponent(v: f64) -> i32 {
    const SUBNORMAL: i32 = 64;
    let bits = |v: f64| (v.to_bits() >> 52) as i32 & 0x7ff;
    if v == 0.0 {
        0
    } else if v < f64::MIN_POSITIVE {
        bits(v * 2f64.powi(SUBNORMAL)) - 1_023 - SUBNORMAL
    } else {
        bits(v) - 1_023
    }
}

/// v · 2^e.
fn ldexp(mut v: f64, mut e: i32) -> f64 {
    const STEP: i32 = 1_000;
    while e != 0 {
        let step = e.clamp(-STEP, STEP);
        v *= 2f64.powi(step);
        e -= step;
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_size_are_taken_apart_and_put_together() {
        let smallest = 5e-324;
        for v in [
            smallest,
            3.0 * smallest,
            1e-310,
            f64::MIN_POSITIVE,
            1e-160,
            0.75,
            1.0,
            3.0,
            1e160,
            f64::MAX,
        ] {
            let e = exponent(v);
            assert!((1.0..2.0).contains(&ldexp(v, -e)), "{v}");
            assert_eq!(ldexp(ldexp(v, -e), e), v);
            // On a line, the distance is the number itself.
            let length = Length::between(&[v], &[0.0]);
            let root = length.root();
            assert!((root / v - 1.0).abs() < 1e-15 || v < 1e-300, "{v}: {root}");
        }
        assert_eq!(
            Length::between(&[f64::MAX], &[-f64::MAX]).root(),
            f64::INFINITY
        );
        assert_eq!(Length::between(&[2.0], &[2.0]).root(), 0.0);
    }

    #[test]
    fn the_order_of_lengths_is_that_of_the_distances() {
        // Ascending, most of them without a square.
        let ascending = [
            [0.0, 0.0],
            [0.0, 5e-324],
            [1e-200, 0.0],
            [1e-200, 1e-200],
            [0.0, 2e-200],
            [0.0, 1e-100],
            [1.0, 1e-200],
            [1.5, 0.0],
            [0.0, 1e200],
            [1e200, 1e200],
            [f64::MAX, 0.0],
            [f64::MAX, f64::MAX],
        ];
        let lengths = ascending.map(|p| Length::between(&p, &[0.0, 0.0]));
        for pair in lengths.windows(2) {
            assert!(pair[0].order(&pair[1]).is_lt(), "{pair:?}");
        }
    }

    #[test]
    fn only_what_leaves_the_range_has_a_unit_of_its_own() {
        let of = |data: &[f64]| {
            let task = Task::among_themselves(Matrix::new(data, 2).unwrap(), 1).unwrap();
            (in_range(&task), Scaled::new(&task).is_some())
        };
        assert!(of(&[0.0, 1.0, 1e-100, -1e150]).0);
        assert_eq!(of(&[0.0, 1e158, 1e160, 2e159]), (false, true));
        assert_eq!(of(&[0.0, 1.0, 1e160, 2.0]), (false, false));
        assert_eq!(of(&[0.0, 1e-170, 2e-170, 3e-165]), (false, true));
        assert_eq!(of(&[0.0, 1e-170, 1.0, 2e-170]), (false, false));
        assert_eq!(of(&[f64::MAX, 1.0, -f64::MAX, 2.0]), (false, false));
    }
}
