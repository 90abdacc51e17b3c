//! Values of many trees for many rows: tree by tree, so that a tree stays in the cache while a block of rows falls
//! through it, and eight rows at a time, so that one need not wait for the memory of another.

use super::Tree;
use fuzzysvm_core::Matrix;
use rayon::prelude::*;

/// Rows of a block.
const BLOCK: usize = 256;

/// Rows that fall through a tree side by side.
const LANES: usize = 8;

impl Tree {
    /// The values of some rows.
    fn values(&self, rows: [&[f64]; LANES]) -> [f64; LANES] {
        let mut at = [0u32; LANES];
        loop {
            let mut splits = 0;
            for (at, row) in at.iter_mut().zip(rows) {
                let node = self.nodes[*at as usize];
                splits |= node.left;
                // Which row stays in its leaf nobody foresees: all compare, and a mask keeps those where they are.
                let next = node.left + u32::from(row[node.feature as usize] > node.number);
                let moves = u32::from(node.left != 0).wrapping_neg();
                *at = (next & moves) | (*at & !moves);
            }
            if splits == 0 {
                return at.map(|at| self.nodes[at as usize].number);
            }
        }
    }
}

/// For every row what `step` makes of the values of all trees, one after the other, from `start` on; `step` is also
/// given the number of the tree.
pub(crate) fn fold_trees<S: Copy + Send + Sync>(
    trees: &[Tree],
    x: Matrix<'_>,
    start: S,
    step: impl Fn(S, usize, f64) -> S + Send + Sync,
    end: impl Fn(S) -> f64 + Send + Sync,
) -> Vec<f64> {
    let d = x.n_cols();
    let mut out = vec![0.0; x.n_rows()];
    let blocks = x.as_slice().par_chunks(BLOCK * d);
    out.par_chunks_mut(BLOCK).zip(blocks).for_each(|(out, x)| {
        let mut states = [start; BLOCK];
        let states = &mut states[..out.len()];
        for (t, tree) in trees.iter().enumerate() {
            let (eights, rest) = states.as_chunks_mut::<LANES>();
            let n_eights = eights.len();
            for (states, x) in eights.iter_mut().zip(x.chunks_exact(LANES * d)) {
                let rows = std::array::from_fn(|k| &x[k * d..(k + 1) * d]);
                for (state, value) in states.iter_mut().zip(tree.values(rows)) {
                    *state = step(*state, t, value);
                }
            }
            let rows = x[n_eights * LANES * d..].chunks_exact(d);
            for (state, row) in rest.iter_mut().zip(rows) {
                *state = step(*state, t, tree.value(row));
            }
        }
        for (out, state) in out.iter_mut().zip(states) {
            *out = end(*state);
        }
    });
    out
}
