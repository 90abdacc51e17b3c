//! Values that most points share, and the features that add nothing because of them.
//!
//! Categories as columns of 0 and 1, flags and counts have one value in most rows. Where a sample and all points of a panel
//! have it, the feature adds 0 to every sum of differences, and where either is all 0 it adds 0 to every dot product. Such
//! features are passed over: the sums stay the same to the last bit.

use crate::form::Real;
use fuzzysvm_core::Matrix;

/// Features in a word of bits.
pub(crate) const BITS: usize = u64::BITS as usize;

/// Rows that are asked for the usual values.
const ASKED: usize = 1_024;

/// The usual value of every feature, as the panels hold it.
#[derive(Debug, Clone)]
pub(crate) struct Usual<T>(Vec<T>);

impl<T: Real> Usual<T> {
    /// The value that more than half of the rows have, minus `center`, by the vote of Boyer and Moore. Where none has so many
    /// rows the value is of no use, and of no harm.
    pub(crate) fn most_frequent(points: Matrix<'_>, center: &[f64]) -> Self {
        let d = points.n_cols();
        let (mut leader, mut lead) = (vec![0.0; d], vec![0i32; d]);
        for row in points
            .rows()
            .step_by(points.n_rows().div_ceil(ASKED).max(1))
        {
            for ((leader, lead), &v) in leader.iter_mut().zip(&mut lead).zip(row) {
                *leader = if *lead == 0 { v } else { *leader };
                *lead += if *leader == v { 1 } else { -1 };
            }
        }
        Self(
            leader
                .iter()
                .zip(center)
                .map(|(v, c)| T::from_f64(v - c))
                .collect(),
        )
    }

    /// 0, which adds nothing to a dot product.
    pub(crate) fn zero(n_features: usize) -> Self {
        Self(vec![T::ZERO; n_features])
    }

    /// Words for the bits of a sample.
    pub(crate) fn n_words(&self) -> usize {
        self.0.len().div_ceil(BITS)
    }

    /// Appends a bit for each feature of a sample: whether it has the usual value.
    pub(crate) fn push_bits(&self, sample: &[T], bits: &mut Vec<u64>) {
        for (values, usual) in sample.chunks(BITS).zip(self.0.chunks(BITS)) {
            let pairs = values.iter().zip(usual).enumerate();
            bits.push(pairs.fold(0, |word, (k, (v, u))| word | u64::from(v == u) << k));
        }
    }
}

/// Samples and which of their features have the usual value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queries<'a, T> {
    /// Row-major.
    pub(crate) values: &'a [T],
    /// The words of each sample, one sample after another.
    pub(crate) bits: &'a [u64],
}

impl<'a, T> Queries<'a, T> {
    /// The samples in tiles of `M`, and those that are left, one by one; a sample has `n_features` values and `n_words` words.
    #[inline(always)]
    pub(crate) fn tiles<const M: usize>(
        self,
        (n_features, n_words): (usize, usize),
    ) -> (impl Iterator<Item = Self>, impl Iterator<Item = Self>) {
        let whole = self.values.len() / (M * n_features) * M;
        let (tiles, rest) = self.values.split_at(whole * n_features);
        let (bits_of_tiles, bits_of_rest) = self.bits.split_at(whole * n_words);
        let of = move |values: &'a [T], bits: &'a [u64], m: usize| {
            let bits = bits.chunks_exact(m * n_words);
            let values = values.chunks_exact(m * n_features);
            values.zip(bits).map(|(values, bits)| Self { values, bits })
        };
        (of(tiles, bits_of_tiles, M), of(rest, bits_of_rest, 1))
    }
}

/// An order of samples in which those next to each other are alike in their unusual values, the rarest first; their bits are
/// `n_words` words each. `None` where there are none to tell them apart by.
pub(crate) fn alike(bits: &[u64], n_words: usize, n_features: usize) -> Option<Vec<u32>> {
    let n = bits.len() / n_words.max(1);
    let mut unusual = vec![0usize; n_features];
    for sample in bits.chunks_exact(n_words.max(1)) {
        for (k, count) in unusual.iter_mut().enumerate() {
            *count += usize::from(!has(sample, k));
        }
    }
    let mut rarest: Vec<usize> = (0..n_features)
        .filter(|&k| (1..n.div_ceil(2)).contains(&unusual[k]))
        .collect();
    if rarest.is_empty() {
        return None;
    }
    rarest.sort_by_key(|&k| unusual[k]);
    let n_keys = rarest.len().div_ceil(BITS);
    let mut keys = vec![0u64; n * n_keys];
    for (sample, key) in bits
        .chunks_exact(n_words)
        .zip(keys.chunks_exact_mut(n_keys))
    {
        for (&k, place) in rarest.iter().zip(0..) {
            key[place / BITS] |= u64::from(!has(sample, k)) << (BITS - 1 - place % BITS);
        }
    }
    let key = |i: u32| &keys[i as usize * n_keys..][..n_keys];
    let mut order: Vec<u32> = (0..n as u32).collect();
    order.sort_by(|&a, &b| key(a).cmp(key(b)));
    Some(order)
}

fn has(sample: &[u64], feature: usize) -> bool {
    sample[feature / BITS] >> (feature % BITS) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_value_is_that_of_most_rows() {
        let rows = [
            [0.0, 3.0, -1.0],
            [0.0, 7.0, 5.0],
            [1.0, 7.0, 5.0],
            [0.0, 7.0, 5.0],
            [0.0, 3.0, 2.0],
        ];
        let points = Matrix::new(rows.as_flattened(), 3).unwrap();
        let usual = Usual::<f64>::most_frequent(points, &[0.5, 0.0, 1.0]);
        assert_eq!(usual.0, [-0.5, 7.0, 4.0]);
        let mut bits = vec![];
        usual.push_bits(&[-0.5, 3.0, 4.0], &mut bits);
        assert_eq!(bits, [0b101]);
        // In single precision 1 + 1e-9 is 1: the difference of the two is 0 there.
        let points = Matrix::new(&[1.0, 1.0, 1.0 + 1e-9], 1).unwrap();
        let usual = Usual::<f32>::most_frequent(points, &[0.0]);
        bits.clear();
        usual.push_bits(&[(1.0 + 1e-9) as f32], &mut bits);
        assert_eq!(bits, [1]);
    }

    #[test]
    fn samples_are_in_tiles_and_the_rest_alone() {
        let (values, bits): (Vec<f64>, Vec<u64>) =
            ((0..10).map(f64::from).collect(), (0..5).collect());
        let queries = Queries {
            values: &values,
            bits: &bits,
        };
        let (tiles, rest) = queries.tiles::<2>((2, 1));
        let tiles: Vec<_> = tiles
            .map(|t| (t.values.to_vec(), t.bits.to_vec()))
            .collect();
        assert_eq!(
            tiles,
            [
                (vec![0.0, 1.0, 2.0, 3.0], vec![0, 1]),
                (vec![4.0, 5.0, 6.0, 7.0], vec![2, 3])
            ]
        );
        let rest: Vec<_> = rest.map(|t| (t.values.to_vec(), t.bits.to_vec())).collect();
        assert_eq!(rest, [(vec![8.0, 9.0], vec![4])]);
    }

    #[test]
    fn samples_with_the_same_unusual_values_lie_together() {
        // Feature 66 is unusual in two of eight samples, feature 1 in three, feature 0 in all but one: it tells nothing.
        let unusual: [&[usize]; 8] = [&[0, 1], &[0], &[0, 66], &[0], &[1], &[0], &[0, 1, 66], &[0]];
        let bits: Vec<u64> = unusual
            .iter()
            .flat_map(|features| {
                features.iter().fold([u64::MAX; 2], |mut words, k| {
                    words[k / BITS] ^= 1 << (k % BITS);
                    words
                })
            })
            .collect();
        assert_eq!(alike(&bits, 2, 70), Some(vec![1, 3, 5, 7, 0, 4, 2, 6]));
        assert_eq!(alike(&[u64::MAX; 8], 2, 70), None);
        // Each sample is unusual in every feature.
        assert_eq!(alike(&[0; 8], 2, 70), None);
    }
}
