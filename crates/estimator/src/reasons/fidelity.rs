//! Whether the features that are named as reasons are those that move the score.

use fuzzysvm_core::Matrix;
use fuzzysvm_datasets::EncodedColumns;
use fuzzysvm_evaluation::bootstrap_mean_interval;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::Reasons;
use super::contributions::{Explained, ranked};
use super::reference::check_width;
use crate::EstimatorError;

/// Random orders that the order of the reasons is compared with, per row.
const N_ORDERS: usize = 5;
/// Resamples of the interval.
const N_RESAMPLES: usize = 1000;
/// Its confidence level.
const LEVEL: f64 = 0.95;

/// What a deletion test found: see [`Reasons::deletion_test`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fidelity {
    /// Rows tested.
    pub n: usize,
    /// Random orders per row.
    pub orders: usize,
    /// Share of the movement after 1, 2, … features in the order of the reasons, mean over the rows.
    pub by_reasons: Vec<f64>,
    /// The same in random orders.
    pub random: Vec<f64>,
    /// Area under the first curve: mean share over the steps of a row, mean over the rows.
    pub area: f64,
    /// Area under the second.
    pub area_random: f64,
    /// Difference of the two.
    pub difference: f64,
    /// Both ends of its 95 % interval, bootstrap of the rows; `null` where all rows agree.
    pub interval: Option<[f64; 2]>,
    /// How much contributions do not add up: the mean of |f(x) − f(r) − Σ c_j| over that of Σ |c_j|; 0 for a model
    /// without interactions.
    pub unexplained: f64,
}

/// What is found of one row.
struct Tested {
    /// Share of the movement after every step, in the order of the reasons.
    by_reasons: Vec<f64>,
    /// In random orders, their mean.
    random: Vec<f64>,
    /// |f(x) − f(r) − Σ c_j|
    gap: f64,
    /// Σ |c_j|
    total: f64,
}

impl Reasons<'_> {
    /// Deletion test: in every row the features that differ from the reference are replaced by those of the reference, one
    /// after another, until the row is the reference; once in the order of its reasons, and in random orders. After s steps
    /// the share of the movement is
    ///
    /// Σ_{t ≤ s} |f_t − f_{t−1}| / Σ_t |f_t − f_{t−1}|,
    ///
    /// where f_0 = f(x) and f_t is the score after t features. Where all changes have one sign this is the share of the way
    /// from f(x) to f(r). It stays defined where they have not, as in a row whose features pull both ways and whose score
    /// is therefore close to that of the reference. Good reasons move the score early: the area under their curve exceeds
    /// that of random orders, which is near (m + 1)/(2m) for m features.
    ///
    /// Rows with fewer than two such features, or whose score does not move, are left out; `None` where no row is left.
    ///
    /// # Errors
    /// Rows that do not fit the model.
    pub fn deletion_test(
        &self,
        x: Matrix<'_>,
        seed: u64,
    ) -> Result<Option<Fidelity>, EstimatorError> {
        check_width(x.n_cols(), self.groups)?;
        let mut tested = Vec::new();
        let at_once = self.rows_at_once(1 + N_ORDERS);
        for first in (0..x.n_rows()).step_by(at_once) {
            let block = x.slice_rows(first, x.n_rows().min(first + at_once));
            tested.extend(self.test(block, seed, first)?.into_iter().flatten());
        }
        Ok(Fidelity::of(&tested, seed))
    }

    fn test(
        &self,
        block: Matrix<'_>,
        seed: u64,
        first: usize,
    ) -> Result<Vec<Option<Tested>>, EstimatorError> {
        let columns: Vec<&EncodedColumns> = self.groups.columns().collect();
        let explained = self.explain(block)?;
        let mut scorer = self.scorer();
        let mut steps = Vec::with_capacity(explained.len());
        for (place, (row, explained)) in block.rows().zip(&explained).enumerate() {
            let mut order = ranked(&explained.contributions);
            order.retain(|&feature| self.differs(row, columns[feature]));
            steps.push(order.len());
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream((first + place) as u64);
            for number in 0..=N_ORDERS {
                if number > 0 {
                    order.shuffle(&mut rng);
                }
                let mut changed = row.to_vec();
                for &feature in &order {
                    self.replace(&mut changed, columns[feature]);
                    scorer.push(&changed)?;
                }
            }
        }
        let scores = scorer.finish()?;
        let mut rest = scores.as_slice();
        let tested = explained.iter().zip(steps).map(|(explained, n_steps)| {
            let (of_row, others) = rest.split_at(n_steps * (1 + N_ORDERS));
            rest = others;
            Tested::of(explained, of_row, n_steps)
        });
        Ok(tested.collect())
    }
}

impl Tested {
    /// `None` for a row that tells nothing. `scores` are those of every order, step by step.
    fn of(explained: &Explained, scores: &[f64], n_steps: usize) -> Option<Self> {
        if n_steps < 2 {
            return None;
        }
        let mut orders = scores.chunks_exact(n_steps);
        let moved = |scores: &[f64]| movement(explained.score, scores);
        let by_reasons = moved(orders.next()?)?;
        let mut random = vec![0.0; n_steps];
        for order in orders {
            let shares = moved(order)?;
            let pairs = random.iter_mut().zip(shares);
            pairs.for_each(|(mean, share)| *mean += share / N_ORDERS as f64);
        }
        let sum: f64 = explained.contributions.iter().sum();
        let end = scores.get(n_steps - 1)?;
        Some(Self {
            by_reasons,
            random,
            gap: (explained.score - end - sum).abs(),
            total: explained.contributions.iter().map(|c| c.abs()).sum(),
        })
    }
}

/// The share of the whole movement after every step; `None` where the score does not move.
fn movement(start: f64, scores: &[f64]) -> Option<Vec<f64>> {
    let mut before = start;
    let mut moved = 0.0;
    let sums = scores.iter().map(|&score| {
        moved += (score - before).abs();
        before = score;
        moved
    });
    let sums: Vec<f64> = sums.collect();
    (moved > 0.0).then(|| sums.into_iter().map(|sum| sum / moved).collect())
}

impl Fidelity {
    fn of(tested: &[Tested], seed: u64) -> Option<Self> {
        let n_steps = tested.iter().map(|t| t.by_reasons.len()).max()?;
        let mean =
            |of: &dyn Fn(&Tested) -> f64| tested.iter().map(of).sum::<f64>() / tested.len() as f64;
        let area = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
        // Behind its last step a row has moved all its way.
        let at = |shares: &[f64], step: usize| shares.get(step).copied().unwrap_or(1.0);
        let steps = || 0..n_steps;
        let differences: Vec<f64> = tested
            .iter()
            .map(|t| area(&t.by_reasons) - area(&t.random))
            .collect();
        let interval = bootstrap_mean_interval(&differences, N_RESAMPLES, LEVEL, seed);
        let total = mean(&|t| t.total);
        Some(Self {
            n: tested.len(),
            orders: N_ORDERS,
            by_reasons: steps().map(|s| mean(&|t| at(&t.by_reasons, s))).collect(),
            random: steps().map(|s| mean(&|t| at(&t.random, s))).collect(),
            area: mean(&|t| area(&t.by_reasons)),
            area_random: mean(&|t| area(&t.random)),
            difference: differences.iter().sum::<f64>() / differences.len() as f64,
            interval: interval.ok().map(|i| [i.lower, i.upper]),
            unexplained: match total > 0.0 {
                true => mean(&|t| t.gap) / total,
                false => 0.0,
            },
        })
    }
}
