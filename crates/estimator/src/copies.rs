//! Samples that are copies of one another, and data that are known again.

use std::collections::HashMap;

use fuzzysvm_core::{Label, Matrix};
use fuzzysvm_evaluation::Fold;
use serde::{Deserialize, Serialize};

/// Which samples have the same features as an earlier one.
///
/// ```
/// use fuzzysvm_core::{Label::{Negative as N, Positive as P}, Matrix};
/// use fuzzysvm_estimator::Copies;
/// let x = [1.0, 2.0, 1.0, 1.0];
/// let copies = Copies::of(Matrix::new(&x, 1)?, &[N, N, N, P]);
/// assert_eq!((copies.n_copies, copies.n_contradicting), (2, 1));
/// # Ok::<(), fuzzysvm_core::MatrixError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copies {
    /// Samples that are a copy of an earlier one.
    pub n_copies: usize,
    /// Those of them whose class is not that of the first sample with these features.
    pub n_contradicting: usize,
    /// For every sample the first one with its features.
    pub first: Vec<usize>,
}

impl Copies {
    /// Compares all samples, exactly: 0 and −0 are one value, what rounding sets apart is two.
    pub fn of(x: Matrix<'_>, y: &[Label]) -> Self {
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut copies = Self {
            n_copies: 0,
            n_contradicting: 0,
            first: Vec::with_capacity(x.n_rows()),
        };
        for i in 0..x.n_rows() {
            let alike = known.entry(hash(x.row(i))).or_default();
            match alike.iter().find(|&&j| same(x.row(i), x.row(j))) {
                None => {
                    alike.push(i);
                    copies.first.push(i);
                }
                Some(&j) => {
                    copies.n_copies += 1;
                    copies.n_contradicting += usize::from(y.get(i) != y.get(j));
                    copies.first.push(j);
                }
            }
        }
        copies
    }

    /// How many samples have a copy in another fold, and so may be tested on by a model that has trained on them.
    pub fn n_across(&self, folds: &[Fold]) -> usize {
        let mut fold_of = vec![0; self.first.len()];
        for (number, fold) in folds.iter().enumerate() {
            for &row in &fold.test {
                if let Some(fold) = fold_of.get_mut(row) {
                    *fold = number;
                }
            }
        }
        let mut across = vec![false; self.first.len()];
        for (i, &j) in self.first.iter().enumerate() {
            across[j] |= fold_of[i] != fold_of[j];
        }
        self.first.iter().filter(|&&j| across[j]).count()
    }
}

/// By what samples are known again, in whatever order: their number, and a hash of features and classes. It finds
/// the same samples, it does not resist forgery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SampleFingerprint {
    /// Number of samples.
    pub n_samples: usize,
    /// 16 hexadecimal digits.
    pub hash: String,
}

impl SampleFingerprint {
    /// That of these samples.
    pub fn of(x: Matrix<'_>, y: &[Label]) -> Self {
        // A sum does not depend on the order.
        let sum = y.iter().zip(0..x.n_rows()).fold(0u64, |sum, (label, i)| {
            let class = u64::from(label.is_positive());
            sum.wrapping_add(mix(hash(x.row(i)), class))
        });
        Self {
            n_samples: x.n_rows(),
            hash: format!("{sum:016x}"),
        }
    }
}

fn bits(value: f64) -> u64 {
    // −0 + 0 is 0.
    (value + 0.0).to_bits()
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| bits(*a) == bits(*b))
}

fn hash(row: &[f64]) -> u64 {
    row.iter().fold(0, |h, &v| mix(h, bits(v)))
}

/// Vigna's SplitMix64 over the state and a word; kept in model files, so never to be changed.
fn mix(state: u64, word: u64) -> u64 {
    let mut z = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    fn matrix(x: &[f64]) -> Matrix<'_> {
        Matrix::new(x, 2).unwrap()
    }

    #[test]
    fn copies_are_exact_and_counted_once() {
        let x = [
            1.0,
            2.0,
            2.0,
            1.0,
            1.0,
            2.0,
            -0.0,
            0.0,
            0.0,
            0.0,
            1.0,
            2.0,
            0.3,
            0.0,
            0.1 + 0.2,
            0.0,
        ];
        let copies = Copies::of(matrix(&x), &[N, N, N, P, N, P, N, N]);
        assert_eq!(copies.first, [0, 1, 0, 3, 3, 0, 6, 7]);
        assert_eq!((copies.n_copies, copies.n_contradicting), (3, 2));
        let fold = |test: &[usize]| Fold {
            train: Vec::new(),
            test: test.to_vec(),
        };
        let folds = [fold(&[0, 1, 3, 4]), fold(&[2, 5, 6, 7])];
        // The three alike of which one lies elsewhere; the other two are in one fold.
        assert_eq!(copies.n_across(&folds), 3);
    }

    #[test]
    fn a_fingerprint_sees_samples_and_not_their_order() {
        let of = |x: &[f64], y: &[Label]| SampleFingerprint::of(matrix(x), y);
        let one = of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[N, P, N]);
        assert_eq!(one, of(&[5.0, 6.0, 1.0, 2.0, 3.0, 4.0], &[N, N, P]));
        for other in [
            of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[P, N, N]),
            of(&[2.0, 1.0, 3.0, 4.0, 5.0, 6.0], &[N, P, N]),
            of(&[1.0, 2.0, 3.0, 4.0], &[N, P]),
            of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0000001], &[N, P, N]),
        ] {
            assert_ne!(one, other);
        }
        // Kept in files: never another number.
        assert_eq!(of(&[1.0, 2.0], &[P]).hash, "e0df0db6e2a875c0");
    }
}
