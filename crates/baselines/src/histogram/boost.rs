//! The boosting of the logistic loss.

use super::{Codes, Grower, Quanta, Sums};
use crate::BaselineError;
use crate::prepare::Prepared;
use crate::streams::stream;
use crate::tree::Tree;
use fuzzysvm_core::math;
use rand::RngExt;
use rayon::prelude::*;

/// Rows of a piece of work.
const PIECE: usize = 4096;

/// One boosting run.
pub(crate) struct Boosting<'a> {
    pub data: &'a Prepared<'a>,
    /// The weight of every row.
    pub weight: &'a [f64],
    pub n_trees: usize,
    pub learning_rate: f64,
    pub max_depth: usize,
    /// λ, γ and the least H of a child, in units of `weight`.
    pub penalty: [f64; 3],
    pub subsample: f64,
    pub n_bins: usize,
    pub seed: u64,
}

impl Boosting<'_> {
    /// The trees, in order.
    pub fn run(&self) -> Result<Vec<Tree>, BaselineError> {
        let x = self.data.x()?;
        let n = self.data.n_rows();
        let codes = Codes::new(x, &self.data.weight, self.n_bins);
        let mut grower = Grower::new(&codes, self.max_depth);
        let mut decision = vec![0.0; n];
        let mut derivatives = vec![[0.0; 2]; n];
        let (mut rows, mut left_out) = (Vec::with_capacity(n), Vec::new());
        let mut terms: Vec<Sums> = Vec::with_capacity(n);
        let mut trees = Vec::with_capacity(self.n_trees);
        for t in 0..self.n_trees {
            rows.clear();
            left_out.clear();
            if self.subsample < 1.0 {
                let mut rng = stream(self.seed, t);
                for row in 0..n as u32 {
                    if rng.random::<f64>() < self.subsample {
                        rows.push(row);
                    } else {
                        left_out.push(row);
                    }
                }
            } else {
                rows.extend(0..n as u32);
            }
            let largest = self.derive(&decision, &mut derivatives);
            let quanta = Quanta::new(n, largest);
            let penalty = quanta.penalty(self.penalty);
            let per_unit = quanta.per_unit();
            let of = |&row: &u32| Quanta::of(derivatives[row as usize], per_unit);
            terms.clear();
            terms.extend(rows.iter().map(of));

            let grown = grower.grow(&mut rows, &mut terms, &penalty);
            let rate = self.learning_rate;
            let mut rest = rows.as_slice();
            grown.leaves(&mut |leaf| {
                let value = rate * quanta.newton_step(leaf, &penalty);
                let (here, others) = rest.split_at(leaf.n_rows);
                here.iter().for_each(|&i| decision[i as usize] += value);
                rest = others;
            });
            let tree = grown.tree(&codes, rate, quanta, &penalty);
            for &i in &left_out {
                decision[i as usize] += tree.value(x.row(i as usize));
            }
            if !tree.nodes.iter().all(|node| node.number.is_finite()) {
                return Err(BaselineError::ModelNotFinite);
            }
            trees.push(tree);
        }
        Ok(trees)
    }

    /// g = u (p − t) and h = u p (1 − p) of every row, and their largest magnitudes.
    fn derive(&self, decision: &[f64], derivatives: &mut [[f64; 2]]) -> [f64; 2] {
        let positive = &self.data.positive;
        let piece = |at: usize, out: &mut [[f64; 2]]| {
            let mut largest = [0.0f64; 2];
            for (k, to) in (at..).zip(out) {
                let p = 1.0 / (1.0 + math::exp(-decision[k]));
                let u = self.weight[k];
                *to = [
                    u * (p - f64::from(u8::from(positive[k]))),
                    u * (p * (1.0 - p)),
                ];
                largest = [largest[0].max(to[0].abs()), largest[1].max(to[1])];
            }
            largest
        };
        if derivatives.len() < 2 * PIECE {
            return piece(0, derivatives);
        }
        let pieces = derivatives.par_chunks_mut(PIECE).enumerate();
        pieces
            .map(|(k, out)| piece(k * PIECE, out))
            .reduce(|| [0.0; 2], |a, b| [a[0].max(b[0]), a[1].max(b[1])])
    }
}
