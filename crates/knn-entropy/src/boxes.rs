//! The boxes that points lie in, and how far they are apart.
//!
//! Of every column a box has the least value and the greatest one, the latter with its sign turned: both are the least of
//! something, and the gap between two boxes is the greater of two sums, or 0 where they meet.

use crate::tile::{self, LANES, Lanes, STRIPS};

/// A box.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bounds(Vec<[f32; 2]>);

/// The boxes of a panel's strips in one column: the least values, and minus the greatest.
pub(crate) type StripBounds = [f32; 2 * STRIPS];

/// Around nothing: infinitely far from everything.
pub(crate) const NO_POINTS: StripBounds = [f32::INFINITY; 2 * STRIPS];

/// Makes the box of a strip hold a value.
#[inline]
pub(crate) fn include(bounds: &mut StripBounds, strip: usize, value: f32) {
    keep_smaller(&mut bounds[strip], value);
    keep_smaller(&mut bounds[STRIPS + strip], -value);
}

#[inline]
fn keep_smaller(least: &mut f32, value: f32) {
    *least = if value < *least { value } else { *least };
}

impl Bounds {
    /// Around values, column by column.
    pub fn of_columns<const N: usize>(columns: &[[f32; N]], points: usize) -> Self {
        let of_column = |values: &[f32; N]| {
            let mut bounds = [f32::INFINITY; 2];
            for &value in &values[..points] {
                keep_smaller(&mut bounds[0], value);
                keep_smaller(&mut bounds[1], -value);
            }
            bounds
        };
        Self(columns.iter().map(of_column).collect())
    }

    /// Around the strips of a panel.
    pub fn around_strips(strips: &[StripBounds]) -> Self {
        let least = |half: &[f32]| half.iter().fold(f32::INFINITY, |a, &b| a.min(b));
        let columns = strips.iter().map(|strips| {
            let (low, high) = strips.split_at(STRIPS);
            [least(low), least(high)]
        });
        Self(columns.collect())
    }

    /// Around two boxes.
    pub fn join(&mut self, other: &Self) {
        for (bounds, other) in self.0.iter_mut().zip(&other.0) {
            keep_smaller(&mut bounds[0], other[0]);
            keep_smaller(&mut bounds[1], other[1]);
        }
    }

    /// The box as strips see it: what is to be added to their bounds.
    pub fn facing_strips(&self) -> Vec<StripBounds> {
        let facing = |&[low, high]: &[f32; 2]| {
            let mut facing = [high; 2 * STRIPS];
            facing[STRIPS..].fill(low);
            facing
        };
        self.0.iter().map(facing).collect()
    }
}

/// The boxes of many panels, [`LANES`] side by side, column by column.
pub(crate) struct Boxes {
    low: Vec<Lanes>,
    high: Vec<Lanes>,
    d: usize,
    n: usize,
}

impl Boxes {
    pub fn new(of_panels: &[Bounds], d: usize) -> Self {
        let side_by_side = |bound: usize| {
            let mut all = vec![Lanes::ZERO; of_panels.len().div_ceil(LANES) * d];
            for (p, bounds) in of_panels.iter().enumerate() {
                let columns = &mut all[p / LANES * d..][..d];
                for (lanes, bounds) in columns.iter_mut().zip(&bounds.0) {
                    lanes.0[p % LANES] = bounds[bound];
                }
            }
            all
        };
        Self {
            low: side_by_side(0),
            high: side_by_side(1),
            d,
            n: of_panels.len(),
        }
    }

    /// For every panel the sum over the columns of the squared gap between its box and `bounds`.
    pub fn gaps(&self, bounds: &Bounds) -> Vec<f32> {
        let mut gaps = Vec::with_capacity(self.low.len() / self.d * LANES);
        let mut of_lanes = Lanes::ZERO;
        let columns = |all| <[Lanes]>::chunks_exact(all, self.d);
        for (low, high) in columns(&self.low).zip(columns(&self.high)) {
            tile::gaps(low, high, &bounds.0, &mut of_lanes);
            gaps.extend_from_slice(&of_lanes.0);
        }
        gaps.truncate(self.n);
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `points` rows of two columns.
    fn strips(points: &[[f32; 2]]) -> Vec<StripBounds> {
        let mut strips = vec![NO_POINTS; 2];
        for (strip, point) in points.iter().enumerate() {
            include(&mut strips[0], strip, point[0]);
            include(&mut strips[1], strip, point[1]);
        }
        strips
    }

    #[test]
    fn gaps_are_those_on_paper() {
        // Columns of four queries, of which there are three: a box from (−1, 2) to (1, 5).
        let columns = [[-1.0, 1.0, 0.5, 9.0], [2.0, 5.0, 3.0, 9.0]];
        let queries = Bounds::of_columns(&columns, 3);
        // Inside; 2 to the right; 1 to the left and 3 below; nothing at all.
        let points = [[0.0, 4.0], [3.0, 2.0], [-2.0, -1.0]];
        let expected = [0.0, 4.0, 10.0, f32::INFINITY];
        let of_strips = tile::strip_gaps(&strips(&points), &queries.facing_strips());
        assert_eq!(of_strips, expected);
        // The same as panels of one point each, the last with none.
        let panels: Vec<Bounds> = (0..4)
            .map(|p| Bounds::around_strips(&strips(points.get(p..p + 1).unwrap_or(&[]))))
            .collect();
        assert_eq!(Boxes::new(&panels, 2).gaps(&queries), expected);
        // And as one panel.
        let together = Bounds::around_strips(&strips(&points));
        let mut joined = panels[0].clone();
        panels.iter().for_each(|p| joined.join(p));
        assert_eq!(joined, together);
        assert_eq!(Boxes::new(&[together], 2).gaps(&queries), [0.0]);
    }

    /// More boxes than stand side by side, each a point of the line.
    #[test]
    fn every_panel_has_its_gap() {
        let place = |p: usize| (p * 7 % 31) as f32;
        let panels: Vec<Bounds> = (0..2 * LANES + 5)
            .map(|p| Bounds::of_columns(&[[place(p)]], 1))
            .collect();
        let gaps = Boxes::new(&panels, 1).gaps(&Bounds::of_columns(&[[10.0, 12.0]], 2));
        let expected: Vec<f32> = (0..panels.len())
            .map(|p| (10.0 - place(p)).max(place(p) - 12.0).max(0.0).powi(2))
            .collect();
        assert_eq!(gaps, expected);
    }
}
