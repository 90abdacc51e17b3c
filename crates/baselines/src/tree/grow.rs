//! Growing a tree.

use super::columns::Ranks;
use super::scan::{Cut, best_cut};
use super::tally::{Tally, best_cut_by_rank};
use super::{Columns, Node, Tree};
use fuzzysvm_core::Stop;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Resolved limits of a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub max_depth: usize,
    pub min_samples_leaf: usize,
    pub max_features: usize,
}

/// Sums by rank cost less than sorting up to so many ranks per row of the node.
const RANKS_PER_ROW: usize = 4;

/// A node still to be looked at: its rows are `rows[start..end]`.
struct Task {
    node: u32,
    start: usize,
    end: usize,
    depth: usize,
}

struct Grower<'a> {
    columns: &'a Columns<'a>,
    mass: &'a [[f64; 2]],
    limits: Limits,
    /// Rows of positive weight; those of a node lie together, ascending.
    rows: Vec<u32>,
    /// The node in which every row lies, `u32::MAX` for rows of weight 0.
    node_of: Vec<u32>,
    /// Features in the order in which they were last drawn.
    features: Vec<u32>,
    sorted: Vec<u32>,
    keys: Vec<u64>,
    /// The weights of the rows of the node that is looked at.
    masses: Vec<[f64; 2]>,
    tallies: Vec<Tally>,
    nodes: Vec<Node>,
}

/// Grows a tree on the rows with positive `mass` (negative, positive: one of them is 0). The generator is used only
/// where a node does not look at all features.
pub(crate) fn grow(
    columns: &Columns<'_>,
    mass: &[[f64; 2]],
    limits: Limits,
    rng: &mut ChaCha8Rng,
) -> Tree {
    let n = columns.n_rows();
    let mut rows = Vec::with_capacity(n);
    let mut node_of = vec![u32::MAX; n];
    for i in 0..n as u32 {
        if mass[i as usize][0] > 0.0 || mass[i as usize][1] > 0.0 {
            rows.push(i);
            node_of[i as usize] = 0;
        }
    }
    let mut grower = Grower {
        columns,
        mass,
        limits,
        rows,
        node_of,
        features: (0..columns.n_cols() as u32).collect(),
        sorted: Vec::new(),
        keys: Vec::new(),
        masses: Vec::new(),
        tallies: Vec::new(),
        nodes: vec![Node::leaf(0.5)],
    };
    let mut tasks = vec![Task {
        node: 0,
        start: 0,
        end: grower.rows.len(),
        depth: 0,
    }];
    while let Some(task) = tasks.pop() {
        Stop::look();
        grower.settle(&task, rng, &mut tasks);
    }
    Tree {
        nodes: grower.nodes,
    }
}

impl Grower<'_> {
    /// Makes the node a leaf, or splits it and queues its children.
    fn settle(&mut self, task: &Task, rng: &mut ChaCha8Rng, tasks: &mut Vec<Task>) {
        self.masses.clear();
        let rows = &self.rows[task.start..task.end];
        self.masses
            .extend(rows.iter().map(|&i| self.mass[i as usize]));
        let (mut total, mut largest) = ([0.0; 2], [0.0f64; 2]);
        for m in &self.masses {
            total = [total[0] + m[0], total[1] + m[1]];
            largest = [largest[0].max(m[0]), largest[1].max(m[1])];
        }
        let sum = total[0] + total[1];
        let value = if sum > 0.0 { total[1] / sum } else { 0.5 };
        self.nodes[task.node as usize] = Node::leaf(value);
        let n = task.end - task.start;
        let splittable = largest.iter().all(|m| *m > 0.0)
            && task.depth < self.limits.max_depth
            && n / 2 >= self.limits.min_samples_leaf;
        if !splittable {
            return;
        }
        let Some((feature, cut)) = self.best(task, total, rng) else {
            return;
        };
        let left = self.nodes.len() as u32;
        let middle = task.start + self.part(task, feature, cut, left);
        self.nodes[task.node as usize] = Node {
            feature: feature as u32,
            left,
            number: self.columns.between(feature, cut.low, cut.high),
        };
        self.nodes.extend([Node::leaf(value); 2]);
        let depth = task.depth + 1;
        for (node, start, end) in [(left + 1, middle, task.end), (left, task.start, middle)] {
            tasks.push(Task {
                node,
                start,
                end,
                depth,
            });
        }
    }

    /// The best cut of all features that the node looks at.
    fn best(&mut self, task: &Task, total: [f64; 2], rng: &mut ChaCha8Rng) -> Option<(usize, Cut)> {
        let d = self.columns.n_cols();
        let wanted = self.limits.max_features;
        let mut best: Option<(usize, Cut)> = None;
        let mut varied = false;
        if wanted < d {
            for i in 0..wanted {
                let j = rng.random_range(i..d);
                self.features.swap(i, j);
            }
            // Ascending, so that ties go to the lowest feature.
            self.features[..wanted].sort_unstable();
        }
        for k in 0..d {
            if k >= wanted {
                if varied {
                    break;
                }
                let j = rng.random_range(k..d);
                self.features.swap(k, j);
            }
            let feature = self.features[k] as usize;
            let (varies, cut) = self.look(task, feature, total);
            varied |= varies;
            if let Some(cut) = cut
                && cut.beats(best.as_ref().map(|b| &b.1))
            {
                best = Some((feature, cut));
            }
        }
        best
    }

    /// Whether a feature varies inside the node, and its best cut.
    fn look(&mut self, task: &Task, feature: usize, total: [f64; 2]) -> (bool, Option<Cut>) {
        let rank = self.columns.rank(feature);
        let order = self.columns.order(feature);
        let rows = &self.rows[task.start..task.end];
        let n = rows.len();
        let min_leaf = self.limits.min_samples_leaf;
        let n_ranks = self.columns.n_ranks(feature);
        if n_ranks == 1 {
            return (false, None);
        }
        if n < order.len() && n_ranks <= RANKS_PER_ROW * n {
            let (masses, tallies) = (&self.masses, &mut self.tallies);
            return match self.columns.compact(feature) {
                Ranks::Bytes(r) => {
                    best_cut_by_rank(rows, r, n_ranks, masses, total, min_leaf, tallies)
                }
                Ranks::Words(r) => {
                    best_cut_by_rank(rows, r, n_ranks, masses, total, min_leaf, tallies)
                }
            };
        }
        let sorted: &[u32] = if n == order.len() {
            order
        } else {
            self.sorted.clear();
            // Sorting costs some n log₂ n, walking the presorted column one step a training row.
            if n * (n.ilog2() as usize) > 2 * order.len() {
                let here = |i: &u32| self.node_of[*i as usize] == task.node;
                self.sorted.extend(order.iter().copied().filter(here));
            } else {
                let first = rank[rows[0] as usize];
                if rows.iter().all(|&i| rank[i as usize] == first) {
                    return (false, None);
                }
                self.keys.clear();
                let key = |&i: &u32| u64::from(rank[i as usize]) << 32 | u64::from(i);
                self.keys.extend(rows.iter().map(key));
                self.keys.sort_unstable();
                self.sorted.extend(self.keys.iter().map(|&k| k as u32));
            }
            &self.sorted
        };
        if rank[sorted[0] as usize] == rank[sorted[n - 1] as usize] {
            return (false, None);
        }
        (true, best_cut(sorted, rank, self.mass, total, min_leaf))
    }

    /// Moves the node's rows to its two children, each still ascending; how many go left.
    fn part(&mut self, task: &Task, feature: usize, cut: Cut, left: u32) -> usize {
        let rows = &mut self.rows[task.start..task.end];
        let (spare, node_of) = (&mut self.sorted, &mut self.node_of);
        match self.columns.compact(feature) {
            Ranks::Bytes(rank) => part(rows, spare, node_of, left, |i| {
                u32::from(rank[i as usize]) > cut.low
            }),
            Ranks::Words(rank) => part(rows, spare, node_of, left, |i| rank[i as usize] > cut.low),
        }
    }
}

/// Moves rows that go right behind the others, both in the order they were in, and notes their nodes, `left` and the
/// next; how many go left. Which way a row goes nobody foresees, so both ways are written and one is kept.
fn part(
    rows: &mut [u32],
    spare: &mut Vec<u32>,
    node_of: &mut [u32],
    left: u32,
    goes_right: impl Fn(u32) -> bool,
) -> usize {
    spare.clear();
    spare.resize(rows.len(), 0);
    let (mut n_left, mut n_right) = (0, 0);
    for k in 0..rows.len() {
        let i = rows[k];
        let right = goes_right(i);
        node_of[i as usize] = left + u32::from(right);
        rows[n_left] = i;
        spare[n_right] = i;
        n_left += usize::from(!right);
        n_right += usize::from(right);
    }
    rows[n_left..].copy_from_slice(&spare[..n_right]);
    n_left
}
