//! Boosting of small trees: the recursion that AdaBoost, AdaC2 and both kinds of RUSBoost share, and its model.

use crate::prepare::{by_row, check_features};
use crate::streams::stream;
use crate::tree::{Columns, Limits, Tree, grow};
use fuzzysvm_core::{Classifier, Matrix, PredictError, decision_or_zero, math};
use rand_chacha::ChaCha8Rng;

/// Weight of wrong over weight of right, at least: a round without errors gets α = ½ ln 10¹⁰ ≈ 11.5, and is the last.
const FLOOR: f64 = 1e-10;

/// Boosted trees: f(x) = Σ_t α_t v_t(x) / Σ_t α_t, a margin in \[−1, 1\], positive where f(x) > 0.
///
/// v_t is +1 or −1 by the majority of the leaf's weight, or, for AdaBoost.M2, 2p − 1 with p the share of
/// positive weight in the leaf. Without any tree (no round found an edge) f(x) = 0, which is negative. The
/// margin is no probability.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawBoosted"))]
pub struct BoostedModel {
    n_features: usize,
    confidence_rated: bool,
    alpha: Vec<f64>,
    trees: Vec<Tree>,
}

impl BoostedModel {
    /// α_t of every round that was kept, all > 0.
    pub fn alpha(&self) -> &[f64] {
        &self.alpha
    }

    /// Number of rounds that were kept: fewer than asked for where one had no errors or no edge.
    pub fn n_rounds(&self) -> usize {
        self.alpha.len()
    }

    /// Σ_t α_t v_t(x), and the sum of the magnitudes of its terms.
    pub(crate) fn votes(&self, row: &[f64]) -> (f64, f64) {
        let (mut sum, mut magnitude) = (0.0, 0.0);
        for (a, tree) in self.alpha.iter().zip(&self.trees) {
            let p = tree.value(row);
            sum += a * vote(p, self.confidence_rated);
            magnitude += a * if self.confidence_rated {
                2.0 * p + 1.0
            } else {
                1.0
            };
        }
        (sum, magnitude)
    }

    /// Σ_t α_t.
    pub(crate) fn total(&self) -> f64 {
        self.alpha.iter().sum()
    }

    /// The margin of a row.
    pub(crate) fn margin(&self, row: &[f64], total: f64) -> f64 {
        if total > 0.0 {
            let (sum, magnitude) = self.votes(row);
            decision_or_zero(sum, magnitude, self.alpha.len()) / total
        } else {
            0.0
        }
    }
}

impl Classifier for BoostedModel {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        let total = self.total();
        Ok(by_row(x, |row| self.margin(row, total)))
    }
}

fn vote(p: f64, confidence_rated: bool) -> f64 {
    if confidence_rated {
        2.0 * p - 1.0
    } else if decision_or_zero(p - 0.5, p + 0.5, 2) > 0.0 {
        1.0
    } else {
        -1.0
    }
}

/// One boosting run.
pub(crate) struct Boosting<'a> {
    pub columns: &'a Columns<'a>,
    pub positive: &'a [bool],
    /// C of the two classes: negative, positive.
    pub costs: [f64; 2],
    /// Whether the weak learner sees C·D, or D alone.
    pub costs_in_tree: bool,
    pub confidence_rated: bool,
    pub n_rounds: usize,
    pub limits: Limits,
    pub seed: u64,
    /// Streams from here on belong to the rounds.
    pub first_stream: usize,
}

impl Boosting<'_> {
    /// Boosts from the weights `d`. `seen` picks the rows that the weak learner of a round sees; `None` is all.
    pub fn run(
        &self,
        mut d: Vec<f64>,
        mut seen: impl FnMut(&mut ChaCha8Rng) -> Option<Vec<u32>>,
    ) -> BoostedModel {
        let mut model = BoostedModel {
            n_features: self.columns.n_cols(),
            confidence_rated: self.confidence_rated,
            alpha: Vec::new(),
            trees: Vec::new(),
        };
        let n = self.positive.len();
        let mut mass = vec![[0.0; 2]; n];
        let mut agreement = vec![0.0; n];
        normalise(&mut d);
        for round in 0..self.n_rounds {
            let mut rng = stream(self.seed, self.first_stream + round);
            let in_tree = |i: usize, d: f64| {
                let class = usize::from(self.positive[i]);
                let mut pair = [0.0; 2];
                pair[class] = if self.costs_in_tree {
                    self.costs[class] * d
                } else {
                    d
                };
                pair
            };
            match seen(&mut rng) {
                None => {
                    for (i, pair) in mass.iter_mut().enumerate() {
                        *pair = in_tree(i, d[i]);
                    }
                }
                Some(rows) => {
                    mass.fill([0.0; 2]);
                    for i in rows.into_iter().map(|i| i as usize) {
                        mass[i] = in_tree(i, d[i]);
                    }
                }
            }
            let tree = grow(self.columns, &mass, self.limits, &mut rng);

            // From here on d is C·D.
            let (mut right, mut wrong) = (0.0, 0.0);
            for (i, row) in self.columns.x().rows().enumerate() {
                let v = vote(tree.value(row), self.confidence_rated);
                agreement[i] = if self.positive[i] { v } else { -v };
                d[i] *= self.costs[usize::from(self.positive[i])];
                right += d[i] * (0.5 * (1.0 + agreement[i]));
                wrong += d[i] * (0.5 * (1.0 - agreement[i]));
            }
            // An edge that rounding alone makes is none.
            if decision_or_zero(right - wrong, right + wrong, n) <= 0.0 {
                break;
            }
            let perfect = wrong <= FLOOR * right;
            let alpha = 0.5 * math::ln(right / wrong.max(FLOOR * right));
            model.alpha.push(alpha);
            model.trees.push(tree);
            if perfect {
                break;
            }
            for (d, c) in d.iter_mut().zip(&agreement) {
                *d *= math::exp(-alpha * c);
            }
            normalise(&mut d);
        }
        model
    }
}

fn normalise(d: &mut [f64]) {
    let sum: f64 = d.iter().sum();
    for d in d {
        *d /= sum;
    }
}

/// What a file holds, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBoosted {
    n_features: usize,
    confidence_rated: bool,
    alpha: Vec<f64>,
    trees: Vec<Tree>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawBoosted> for BoostedModel {
    type Error = String;

    fn try_from(raw: RawBoosted) -> Result<Self, String> {
        crate::tree::check_trees(raw.n_features, &raw.trees)?;
        if raw.alpha.len() != raw.trees.len() {
            return Err("`alpha` and `trees` must have the same length".into());
        }
        if !raw.alpha.iter().all(|a| a.is_finite() && *a > 0.0) {
            return Err("`alpha` must be finite and > 0".into());
        }
        Ok(Self {
            n_features: raw.n_features,
            confidence_rated: raw.confidence_rated,
            alpha: raw.alpha,
            trees: raw.trees,
        })
    }
}
