//! Points packed for the tiles: panels of `W` points, feature by feature inside a panel.

use crate::form::{Form, Real};
use crate::usual::{BITS, Queries, Usual, alike};
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

/// How samples are held: minus the center of each column, in the precision of `T`, with the values that most of them share.
#[derive(Debug, Clone)]
pub(crate) struct Frame<T> {
    center: Vec<f64>,
    usual: Usual<T>,
}

impl<T: Real> Frame<T> {
    /// For the sums of `form`; dot products are of samples as they are, with a `center` of 0.
    pub(crate) fn new(form: Form, points: Matrix<'_>, center: Vec<f64>) -> Self {
        let usual = if form.is_shift_invariant() {
            Usual::most_frequent(points, &center)
        } else {
            Usual::zero(points.n_cols())
        };
        Self { center, usual }
    }

    fn n_features(&self) -> usize {
        self.center.len()
    }

    fn narrowed<'a>(&'a self, sample: &'a [f64]) -> impl Iterator<Item = T> + 'a {
        let pairs = sample.iter().zip(&self.center);
        pairs.map(|(&v, &c)| T::from_f64(v - c))
    }

    /// The samples as the panels hold them.
    pub(crate) fn queries<'s>(
        &self,
        samples: impl ExactSizeIterator<Item = &'s [f64]>,
    ) -> OwnedQueries<T> {
        let (n, d) = (samples.len(), self.n_features());
        let mut values = Vec::with_capacity(n * d);
        let mut bits = Vec::with_capacity(n * self.usual.n_words());
        for sample in samples {
            let first = values.len();
            values.extend(self.narrowed(sample));
            self.usual.push_bits(&values[first..], &mut bits);
        }
        OwnedQueries { values, bits }
    }

    /// Samples that are in this precision and lie around 0 already; `bits` is room.
    pub(crate) fn borrowed<'q>(&self, values: &'q [T], bits: &'q mut Vec<u64>) -> Queries<'q, T> {
        bits.clear();
        for sample in values.chunks_exact(self.n_features()) {
            self.usual.push_bits(sample, bits);
        }
        Queries { values, bits }
    }

    /// An order of the points that brings together those that share unusual values.
    pub(crate) fn order(&self, points: Matrix<'_>) -> Option<Vec<u32>> {
        let mut bits = Vec::with_capacity(points.n_rows() * self.usual.n_words());
        let mut sample = Vec::with_capacity(self.n_features());
        for point in points.rows() {
            sample.clear();
            sample.extend(self.narrowed(point));
            self.usual.push_bits(&sample, &mut bits);
        }
        alike(&bits, self.usual.n_words(), self.n_features())
    }
}

/// Samples as the panels hold them.
#[derive(Debug)]
pub(crate) struct OwnedQueries<T> {
    values: Vec<T>,
    bits: Vec<u64>,
}

impl<T> OwnedQueries<T> {
    pub(crate) fn as_ref(&self) -> Queries<'_, T> {
        Queries {
            values: &self.values,
            bits: &self.bits,
        }
    }
}

/// Points in panels; the last panel is filled up with zeros.
#[derive(Debug)]
pub(crate) struct Panels<T, const W: usize> {
    data: Vec<Lanes<T, W>>,
    /// Of each panel, in which features all its points have the usual value.
    bits: Vec<u64>,
    n_points: usize,
    n_features: usize,
    n_words: usize,
}

/// `W` points or fewer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel<'a, T, const W: usize> {
    /// Feature by feature.
    pub(crate) features: &'a [Lanes<T, W>],
    /// In which of them all points have the usual value; `None` where these are too few to look for them.
    pub(crate) bits: Option<&'a [u64]>,
}

impl<T: Real, const W: usize> Panels<T, W> {
    /// Packs `points` as `frame` holds them, all in their order or those that are chosen.
    pub(crate) fn pack(points: Matrix<'_>, chosen: Option<&[u32]>, frame: &Frame<T>) -> Self {
        let (n, d) = (
            chosen.map_or(points.n_rows(), <[u32]>::len),
            points.n_cols(),
        );
        let point = |i: usize| points.row(chosen.map_or(i, |c| c[i] as usize));
        let n_words = frame.usual.n_words();
        let mut data = vec![Lanes([T::ZERO; W]); n.div_ceil(W) * d];
        let mut bits = Vec::with_capacity(n.div_ceil(W) * n_words);
        for (p, panel) in data.chunks_exact_mut(d).enumerate() {
            let end = n.min((p + 1) * W);
            let queries = frame.queries((p * W..end).map(point));
            for (lane, point) in queries.values.chunks_exact(d).enumerate() {
                for (feature, &v) in panel.iter_mut().zip(point) {
                    feature.0[lane] = v;
                }
            }
            let first = bits.len();
            bits.resize(first + n_words, u64::MAX);
            bits[first + n_words - 1] >>= n_words * BITS - d;
            for of_point in queries.bits.chunks_exact(n_words) {
                for (all, bits) in bits[first..].iter_mut().zip(of_point) {
                    *all &= bits;
                }
            }
        }
        Self {
            data,
            bits,
            n_points: n,
            n_features: d,
            n_words,
        }
    }

    pub(crate) fn n_points(&self) -> usize {
        self.n_points
    }

    pub(crate) fn n_features(&self) -> usize {
        self.n_features
    }

    pub(crate) fn n_words(&self) -> usize {
        self.n_words
    }

    pub(crate) fn n_panels(&self) -> usize {
        self.n_points.div_ceil(W)
    }

    #[inline(always)]
    pub(crate) fn panel(&self, p: usize) -> Panel<'_, T, W> {
        /// Finding features by their bits costs as much as some features.
        const WORTH_IT: usize = 16;
        let features = &self.data[p * self.n_features..(p + 1) * self.n_features];
        let bits = &self.bits[p * self.n_words..(p + 1) * self.n_words];
        let n_usual: usize = bits.iter().map(|word| word.count_ones() as usize).sum();
        Panel {
            features,
            bits: (n_usual * WORTH_IT >= features.len()).then_some(bits),
        }
    }
}

/// Whether every value lies within `limit` of the center of its column.
pub(crate) fn within(points: Matrix<'_>, center: &[f64], limit: f64) -> bool {
    points
        .rows()
        .all(|row| row.iter().zip(center).all(|(v, c)| (v - c).abs() <= limit))
}
