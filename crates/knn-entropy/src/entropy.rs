//! Class entropy of neighborhoods.

use crate::{NeighborError, NeighborTable};
use fuzzysvm_core::{Label, math};
use std::f64::consts::LN_2;

/// H = −p ln p − q ln q in nats, with p = `n_positive`/k and q = 1 − p; 0 where one class is alone
/// (equation (1) of the entropy-based fuzzy SVM).
///
/// Fan, Wang, Li, Gao & Zha 2017, doi 10.1016/j.knosys.2016.09.032. The value lies in [0, ln 2] and
/// is the same to the last bit with the classes swapped. A count of k or more is the pure case.
///
/// ```
/// use fuzzysvm_knn_entropy::binary_entropy;
/// assert!((binary_entropy(1, 7) - 0.4101).abs() < 5e-5);
/// assert!((binary_entropy(4, 7) - 0.6829).abs() < 5e-5);
/// assert_eq!(binary_entropy(0, 7), 0.0);
/// assert_eq!(binary_entropy(7, 7), 0.0);
/// ```
pub fn binary_entropy(n_positive: usize, k: usize) -> f64 {
    if n_positive == 0 || n_positive >= k {
        return 0.0;
    }
    let p = n_positive as f64 / k as f64;
    let q = (k - n_positive) as f64 / k as f64;
    // Next to p = q the rounding may step over the maximum.
    (-p * math::ln(p) - q * math::ln(q)).min(LN_2)
}

/// The entropy of every neighborhood of every sample: row-major, `n_queries x ks.len()`, in nats.
///
/// `y` are the labels of the points that were searched. Every k is a prefix of the one search, so
/// `ks` must increase and its last entry must not exceed `table.k()`.
///
/// # Errors
/// [`NeighborError::LabelCount`], [`NeighborError::NoKs`], [`NeighborError::KsNotIncreasing`] (also
/// for k = 0) and [`NeighborError::KBeyondTable`].
pub fn class_entropy(
    table: &NeighborTable,
    y: &[Label],
    ks: &[usize],
) -> Result<Vec<f64>, NeighborError> {
    let counts = positive_neighbors(table, y, ks)?;
    // There are few different values: k + 1 for each k.
    let values: Vec<Vec<f64>> = ks
        .iter()
        .map(|&k| (0..=k).map(|p| binary_entropy(p, k)).collect())
        .collect();
    Ok(counts
        .chunks_exact(ks.len())
        .flat_map(|row| row.iter().zip(&values).map(|(&p, of_k)| of_k[p as usize]))
        .collect())
}

/// How many of the k nearest are positive, for every sample and every k: row-major,
/// `n_queries x ks.len()`.
///
/// The entropy is the same for a neighborhood of the own class and one of the other class; these counts differ.
///
/// # Errors
/// As [`class_entropy`].
pub fn positive_neighbors(
    table: &NeighborTable,
    y: &[Label],
    ks: &[usize],
) -> Result<Vec<u32>, NeighborError> {
    if y.len() != table.n_points() {
        return Err(NeighborError::LabelCount {
            n_points: table.n_points(),
            n_labels: y.len(),
        });
    }
    check_ks(ks, table.k())?;
    let mut counts = Vec::with_capacity(table.n_queries() * ks.len());
    for i in 0..table.n_queries() {
        let neighbors = table.neighbors(i);
        let mut positive = 0;
        let mut seen = 0;
        for &k in ks {
            positive += neighbors[seen..k]
                .iter()
                .map(|&j| u32::from(y[j as usize].is_positive()))
                .sum::<u32>();
            seen = k;
            counts.push(positive);
        }
    }
    Ok(counts)
}

fn check_ks(ks: &[usize], available: usize) -> Result<(), NeighborError> {
    let mut previous = 0;
    for (position, &value) in ks.iter().enumerate() {
        if value <= previous {
            return Err(NeighborError::KsNotIncreasing {
                position,
                previous,
                value,
            });
        }
        previous = value;
    }
    match previous {
        0 => Err(NeighborError::NoKs),
        k if k > available => Err(NeighborError::KBeyondTable { k, available }),
        _ => Ok(()),
    }
}
