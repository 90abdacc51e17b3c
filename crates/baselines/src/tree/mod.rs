//! One compact weighted classification tree for all ensembles.

mod columns;
mod grow;
mod options;
mod predict;
mod scan;
mod tally;
#[cfg(test)]
mod tests;

pub(crate) use columns::Columns;
pub(crate) use grow::{Limits, grow};
pub use options::{MaxFeatures, TreeOptions};
pub(crate) use predict::fold_trees;

/// A node: a leaf where `left` is 0, else a split whose two children are adjacent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Node {
    /// A feature of the model in leaves as well, where it decides nothing.
    pub feature: u32,
    /// Where rows with x\[feature\] ≤ `number` go; the others go to `left` + 1.
    pub left: u32,
    /// The threshold of a split, the value of a leaf.
    pub number: f64,
}

impl Node {
    pub const fn leaf(value: f64) -> Self {
        Self {
            feature: 0,
            left: 0,
            number: value,
        }
    }
}

/// A tree: its nodes, parents before children, the root first.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawTree", into = "RawTree"))]
pub(crate) struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    /// The value of the leaf that a row falls into.
    #[inline]
    pub fn value(&self, row: &[f64]) -> f64 {
        let mut node = &self.nodes[0];
        while node.left != 0 {
            let right = usize::from(row[node.feature as usize] > node.number);
            node = &self.nodes[node.left as usize + right];
        }
        node.number
    }

    /// Whether every node, leaves included, names one of `n_features` features.
    #[cfg(feature = "serde")]
    fn fits(&self, n_features: usize) -> bool {
        let named = |node: &Node| (node.feature as usize) < n_features;
        self.nodes.iter().all(named)
    }
}

/// Nodes column by column, as they are in files.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTree {
    feature: Vec<u32>,
    left: Vec<u32>,
    number: Vec<f64>,
}

#[cfg(feature = "serde")]
impl From<Tree> for RawTree {
    fn from(tree: Tree) -> Self {
        Self {
            feature: tree.nodes.iter().map(|n| n.feature).collect(),
            left: tree.nodes.iter().map(|n| n.left).collect(),
            number: tree.nodes.iter().map(|n| n.number).collect(),
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<RawTree> for Tree {
    type Error = String;

    fn try_from(raw: RawTree) -> Result<Self, String> {
        let n = raw.number.len();
        if n == 0 || raw.feature.len() != n || raw.left.len() != n {
            return Err(
                "a tree needs as many features and children as numbers, at least one".into(),
            );
        }
        for (i, (&left, number)) in raw.left.iter().zip(&raw.number).enumerate() {
            let left = left as usize;
            // Children after their parent: a walk ends.
            if left != 0 && (left <= i || left + 1 >= n) {
                return Err(format!("node {i} of {n} has children at {left}"));
            }
            if !number.is_finite() {
                return Err(format!("node {i} has the number {number}"));
            }
        }
        let nodes = (0..n)
            .map(|i| Node {
                feature: raw.feature[i],
                left: raw.left[i],
                number: raw.number[i],
            })
            .collect();
        Ok(Self { nodes })
    }
}

/// Checks trees from a file: their features are those of the model.
#[cfg(feature = "serde")]
pub(crate) fn check_trees(n_features: usize, trees: &[Tree]) -> Result<(), String> {
    if n_features == 0 {
        return Err("`n_features` must be at least 1".into());
    }
    match trees.iter().position(|tree| !tree.fits(n_features)) {
        Some(t) => Err(format!("tree {t} asks for a feature beyond {n_features}")),
        None => Ok(()),
    }
}
