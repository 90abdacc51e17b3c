//! Points packed for the tiles: panels of `W` points, feature by feature inside a panel.

use crate::form::Real;
use fuzzysvm_core::Matrix;

/// Points per panel in single precision: two AVX-512 registers.
pub(crate) const WIDTH_F32: usize = 64;
/// Points per panel in double precision: two AVX-512 registers.
pub(crate) const WIDTH_F64: usize = 32;

/// One feature of the `W` points of a panel, on a cache line: loads that straddle two lines cost
/// twice.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Lanes<T, const W: usize>(pub(crate) [T; W]);

/// Points in panels; the last panel is filled up with zeros.
#[derive(Debug)]
pub(crate) struct Panels<T, const W: usize> {
    data: Vec<Lanes<T, W>>,
    center: Vec<f64>,
    n_points: usize,
    n_features: usize,
}

impl<T: Real, const W: usize> Panels<T, W> {
    /// Packs `points` minus `center` (one value per feature), in the precision of `T`.
    pub(crate) fn pack(points: Matrix<'_>, center: Vec<f64>) -> Self {
        let (n, d) = (points.n_rows(), points.n_cols());
        let mut data = vec![Lanes([T::ZERO; W]); n.div_ceil(W) * d];
        for (p, panel) in data.chunks_exact_mut(d).enumerate() {
            let end = n.min((p + 1) * W);
            for (lane, point) in points.slice_rows(p * W, end).rows().enumerate() {
                for ((feature, &v), &c) in panel.iter_mut().zip(point).zip(&center) {
                    feature.0[lane] = T::from_f64(v - c);
                }
            }
        }
        Self {
            data,
            center,
            n_points: n,
            n_features: d,
        }
    }

    pub(crate) fn center(&self) -> &[f64] {
        &self.center
    }

    pub(crate) fn n_points(&self) -> usize {
        self.n_points
    }

    pub(crate) fn n_features(&self) -> usize {
        self.n_features
    }

    pub(crate) fn n_panels(&self) -> usize {
        self.n_points.div_ceil(W)
    }

    #[inline(always)]
    pub(crate) fn panel(&self, p: usize) -> &[Lanes<T, W>] {
        &self.data[p * self.n_features..(p + 1) * self.n_features]
    }

    /// Appends a sample as the panels hold it.
    pub(crate) fn push_query(&self, x: &[f64], queries: &mut Vec<T>) {
        queries.extend(
            x.iter()
                .zip(&self.center)
                .map(|(&v, &c)| T::from_f64(v - c)),
        );
    }
}

/// Whether every value lies within `limit` of the center of its column.
pub(crate) fn within(points: Matrix<'_>, center: &[f64], limit: f64) -> bool {
    points
        .rows()
        .all(|row| row.iter().zip(center).all(|(v, c)| (v - c).abs() <= limit))
}
