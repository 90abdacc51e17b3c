//! Growing a tree.

use super::codes::Codes;
use super::{Penalty, Quanta, Split, Sums, best_split, fill, subtract};
use crate::tree::{Node, Tree};
use fuzzysvm_core::Stop;
use std::sync::{Mutex, PoisonError};

/// A tree while it grows.
pub(super) enum Grown {
    /// A leaf.
    Leaf(Leaf),
    /// A split and its children.
    Split {
        split: Split,
        children: Box<[Grown; 2]>,
    },
}

/// What the value of a leaf is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    pub sums: Sums,
    /// Σ|g|.
    pub magnitude: i64,
    pub n_rows: usize,
}

/// The rows of a node and their derivatives, and as much room beside them.
struct Rows<'a> {
    rows: &'a mut [u32],
    terms: &'a mut [Sums],
    spare_rows: &'a mut [u32],
    spare_terms: &'a mut [Sums],
}

impl<'a> Rows<'a> {
    fn split_at(self, n_left: usize) -> [Self; 2] {
        let (rows, rows_right) = self.rows.split_at_mut(n_left);
        let (terms, terms_right) = self.terms.split_at_mut(n_left);
        let (spare_rows, spare_rows_right) = self.spare_rows.split_at_mut(n_left);
        let (spare_terms, spare_terms_right) = self.spare_terms.split_at_mut(n_left);
        [
            Rows {
                rows,
                terms,
                spare_rows,
                spare_terms,
            },
            Rows {
                rows: rows_right,
                terms: terms_right,
                spare_rows: spare_rows_right,
                spare_terms: spare_terms_right,
            },
        ]
    }

    /// Moves the rows that go to the left before the others, each part in the order it was in; how many they are and
    /// their Σ|g|. Where the children are leaves, `deep` is false and the derivatives stay where they are.
    fn part(&mut self, deep: bool, goes_right: impl Fn(u32) -> bool) -> (usize, i64) {
        let (mut left, mut right, mut magnitude) = (0, 0, 0);
        for k in 0..self.rows.len() {
            let row = self.rows[k];
            let to_right = goes_right(row);
            self.rows[left] = row;
            self.spare_rows[right] = row;
            let term = self.terms[k];
            magnitude += if to_right { 0 } else { term[0].abs() };
            if deep {
                self.terms[left] = term;
                self.spare_terms[right] = term;
            }
            left += usize::from(!to_right);
            right += usize::from(to_right);
        }
        self.rows[left..].copy_from_slice(&self.spare_rows[..right]);
        if deep {
            self.terms[left..].copy_from_slice(&self.spare_terms[..right]);
        }
        (left, magnitude)
    }
}

/// A node that is looked at.
struct Task<'a> {
    rows: Rows<'a>,
    sums: Sums,
    /// Σ|g|.
    magnitude: i64,
    depth: usize,
}

/// What the trees of one run share.
pub(super) struct Grower<'a> {
    pub codes: &'a Codes,
    pub max_depth: usize,
    /// Histograms that are free.
    pool: Mutex<Vec<Vec<Sums>>>,
    spare_rows: Vec<u32>,
    spare_terms: Vec<Sums>,
}

impl<'a> Grower<'a> {
    pub fn new(codes: &'a Codes, max_depth: usize) -> Self {
        Self {
            codes,
            max_depth,
            pool: Mutex::default(),
            spare_rows: vec![0; codes.n_rows],
            spare_terms: vec![[0; 2]; codes.n_rows],
        }
    }

    /// Grows a tree on `rows`, which end up leaf by leaf from left to right; `terms` are their derivatives.
    pub fn grow(&mut self, rows: &mut [u32], terms: &mut [Sums], penalty: &Penalty) -> Grown {
        let (mut sums, mut magnitude) = ([0; 2], 0);
        for [g, h] in terms.iter() {
            sums = [sums[0] + g, sums[1] + h];
            magnitude += g.abs();
        }
        let mut spare_rows = std::mem::take(&mut self.spare_rows);
        let mut spare_terms = std::mem::take(&mut self.spare_terms);
        let task = Task {
            rows: Rows {
                spare_rows: &mut spare_rows[..rows.len()],
                spare_terms: &mut spare_terms[..rows.len()],
                rows,
                terms,
            },
            sums,
            magnitude,
            depth: 0,
        };
        let run = Run {
            grower: self,
            penalty,
        };
        let grown = if run.may_split(&task) {
            let histogram = run.histogram(&task.rows);
            run.settle(task, histogram)
        } else {
            task.leaf()
        };
        (self.spare_rows, self.spare_terms) = (spare_rows, spare_terms);
        grown
    }

    fn take(&self) -> Vec<Sums> {
        let free = self
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        free.unwrap_or_else(|| vec![[0; 2]; self.codes.n_sums()])
    }

    fn give_back(&self, histogram: Vec<Sums>) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.push(histogram);
    }
}

impl Task<'_> {
    fn leaf(&self) -> Grown {
        Grown::Leaf(Leaf {
            sums: self.sums,
            magnitude: self.magnitude,
            n_rows: self.rows.rows.len(),
        })
    }
}

/// One tree.
struct Run<'a> {
    grower: &'a Grower<'a>,
    penalty: &'a Penalty,
}

impl Run<'_> {
    fn may_split(&self, task: &Task<'_>) -> bool {
        task.depth < self.grower.max_depth
            && task.rows.rows.len() > 1
            && task.sums[1] as f64 >= 2.0 * self.penalty.min_child_weight
    }

    fn histogram(&self, rows: &Rows<'_>) -> Vec<Sums> {
        let mut histogram = self.grower.take();
        fill(self.grower.codes, &mut histogram, rows.rows, rows.terms);
        histogram
    }

    /// Splits the node where that pays, and its children in turn, each on a thread of its own where one is idle.
    fn settle(&self, mut task: Task<'_>, mut histogram: Vec<Sums>) -> Grown {
        Stop::look();
        let codes = self.grower.codes;
        let Some(split) = best_split(
            codes,
            task.rows.rows,
            &histogram,
            task.sums,
            task.magnitude,
            self.penalty,
        ) else {
            self.grower.give_back(histogram);
            return task.leaf();
        };
        let depth = task.depth + 1;
        let deep = depth < self.grower.max_depth;
        let (n_left, magnitude) = self.part(&mut task.rows, deep, split);
        let [left, right] = task.rows.split_at(n_left);
        let of_right = [task.sums[0] - split.left[0], task.sums[1] - split.left[1]];
        let child = |rows, sums, magnitude| Task {
            rows,
            sums,
            magnitude,
            depth,
        };
        let tasks = [
            child(left, split.left, magnitude),
            child(right, of_right, task.magnitude - magnitude),
        ];
        // The histogram of the child with fewer rows is summed, the other's is what that leaves of the parent's.
        let smaller = usize::from(tasks[1].rows.rows.len() < tasks[0].rows.rows.len());
        let splits = [self.may_split(&tasks[0]), self.may_split(&tasks[1])];
        let mut of_child = [None, None];
        if splits[0] || splits[1] {
            let summed = self.histogram(&tasks[smaller].rows);
            if splits[1 - smaller] {
                subtract(codes, &mut histogram, &summed);
            }
            of_child[smaller] = Some(summed);
        }
        of_child[1 - smaller] = Some(histogram);
        let grow = |task: Task<'_>, splits: bool, histogram: Option<Vec<Sums>>| match histogram {
            Some(histogram) if splits => self.settle(task, histogram),
            unused => {
                unused.into_iter().for_each(|h| self.grower.give_back(h));
                task.leaf()
            }
        };
        let [a, b] = tasks;
        let [ha, hb] = of_child;
        let children = if splits == [true, true] {
            rayon::join(|| grow(a, true, ha), || grow(b, true, hb))
        } else {
            (grow(a, splits[0], ha), grow(b, splits[1], hb))
        };
        Grown::Split {
            split,
            children: Box::new(children.into()),
        }
    }

    fn part(&self, rows: &mut Rows<'_>, deep: bool, split: Split) -> (usize, i64) {
        let codes = self.grower.codes;
        let feature = &codes.features[split.feature];
        let (lane, n_small) = (feature.lane, codes.small.len());
        match feature.bit {
            Some(bit) => {
                let codes = &codes.small[feature.block].codes;
                rows.part(deep, |row| codes[row as usize][lane] >> bit & 1 == 1)
            }
            None if feature.block < n_small => {
                let codes = &codes.small[feature.block].codes;
                let bin = split.bin as u8;
                rows.part(deep, |row| codes[row as usize][lane] > bin)
            }
            None => {
                let codes = &codes.large[feature.block - n_small].codes;
                let bin = split.bin as u16;
                rows.part(deep, |row| codes[row as usize][lane] > bin)
            }
        }
    }
}

impl Grown {
    /// The leaves from left to right.
    pub fn leaves(&self, visit: &mut impl FnMut(&Leaf)) {
        match self {
            Self::Leaf(leaf) => visit(leaf),
            Self::Split { children, .. } => children.iter().for_each(|child| child.leaves(visit)),
        }
    }

    /// As a tree whose leaves are worth `rate` Newton steps.
    pub fn tree(&self, codes: &Codes, rate: f64, quanta: Quanta, penalty: &Penalty) -> Tree {
        let mut nodes = vec![Node::leaf(0.0)];
        // Where a node goes. Children are appended in pairs, after their parent.
        let mut queue = std::collections::VecDeque::from([(self, 0)]);
        while let Some((grown, to)) = queue.pop_front() {
            nodes[to] = match grown {
                Self::Leaf(leaf) => Node::leaf(rate * quanta.newton_step(leaf, penalty)),
                Self::Split { split, children } => {
                    let left = nodes.len();
                    nodes.extend([Node::leaf(0.0); 2]);
                    queue.extend([(&children[0], left), (&children[1], left + 1)]);
                    let feature = &codes.features[split.feature];
                    Node {
                        feature: feature.column as u32,
                        left: left as u32,
                        // Left is what lies below the cut, and a tree asks x ≤ t.
                        number: feature.cuts[split.bin].next_down(),
                    }
                }
            };
        }
        Tree { nodes }
    }
}
