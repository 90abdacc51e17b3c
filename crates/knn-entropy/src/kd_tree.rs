//! A k-d tree for few columns.

use crate::nearest::{Candidate, keep_nearest};
use crate::search::Task;
use crate::{NeighborError, NeighborSearch, NeighborTable, brute_force, range, squared_distance};
use fuzzysvm_core::Matrix;
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use std::num::NonZero;

/// Exact search in a k-d tree, for 1 to 4 columns.
///
/// The tree only proposes candidates: its own arithmetic may differ from
/// [`squared_distance`] in the last bits and returns ties in any order, so the candidates are taken
/// up to a slightly larger radius, measured again and ranked by (distance, index). The table is
/// bit-equal to [`BruteForce`](crate::BruteForce)'s, which takes over where the tree does not
/// apply: above [`KdTree::MAX_COLUMNS`] columns, and where a few distinct rows make up the table, so that most of it ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct KdTree;

/// Queries per parallel task.
const QUERY_CHUNK: usize = 64;
/// Relative room for the rounding of sums of at most 4 squares (a few 1e-16 each), generously.
const RELATIVE_ROOM: f64 = 1e-12;
/// Absolute room for squares that underflow.
const ABSOLUTE_ROOM: f64 = 1e-300;
/// Queries sampled to decide whether there are too many ties.
const TIE_SAMPLE: usize = 32;
/// Points per query, beyond the k wanted, above which brute force is faster: it passes over most duplicates.
const MANY_TIES: usize = 200;

impl KdTree {
    /// The largest number of columns for which a tree is built: with more, brute force is faster
    /// ([`Auto`](crate::Auto)).
    pub const MAX_COLUMNS: usize = 4;
}

impl NeighborSearch for KdTree {
    fn among_themselves(
        &self,
        points: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        run(&Task::among_themselves(points, k)?)
    }

    fn of_queries(
        &self,
        points: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        run(&Task::of_queries(points, queries, k)?)
    }
}

/// Chooses the instance for the number of columns.
macro_rules! for_columns {
    ($task:expr, $($d:literal)+) => {
        match $task.points.n_cols() {
            $($d => in_tree::<$d>($task),)+
            _ => brute_force::in_range($task),
        }
    };
}

pub(crate) fn run(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    range::run(task, |task| for_columns!(task, 1 2 3 4))
}

fn in_tree<const D: usize>(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    let points: Vec<[f64; D]> = rows_as_arrays(task.points);
    let Ok(tree) = ImmutableKdTree::<f64, D>::new_from_slice(&points) else {
        return brute_force::in_range(task);
    };
    // The k nearest, the query itself where it is a point, and one more to see whether there is a
    // gap behind them. The number is at least 2, so the fallback value is never used.
    let wanted = task.k + usize::from(task.themselves);
    let ask = NonZero::new(wanted + 1).unwrap_or(NonZero::<usize>::MIN);

    // All points that may be among the nearest of query i, the query itself included.
    let propose = |i: usize, found: &mut Vec<Candidate>| {
        let row = task.queries.row(i);
        let mut query = [0.0; D];
        query.copy_from_slice(row);
        let measure = |index: u32| Candidate {
            squared: squared_distance(row, task.points.row(index as usize)),
            index,
        };

        found.clear();
        let proposed = tree
            .query(&query)
            .nearest_n::<SquaredEuclidean<f64>>(ask)
            .execute();
        found.extend(proposed.iter().map(|p| measure(p.item)));
        found.sort_unstable_by(Candidate::order);

        // Any `wanted` points bound the true radius from above. Where a gap wider than the
        // rounding follows, no unseen point can be as near; otherwise (ties, or all points
        // seen) take everything within the radius.
        let radius = found.get(wanted - 1).map_or(f64::MAX, |c| c.squared);
        let roomy = radius * (1.0 + RELATIVE_ROOM) + ABSOLUTE_ROOM;
        let gap = found
            .get(wanted)
            .is_some_and(|next| next.squared * (1.0 - RELATIVE_ROOM) > roomy);
        if !gap {
            found.clear();
            let within = tree
                .query(&query)
                .within::<SquaredEuclidean<f64>>(roomy)
                .unsorted()
                .execute();
            found.extend(within.into_iter().map(|p| measure(p.item)));
        }
    };

    if ties_are_many(task, ask.get().saturating_add(MANY_TIES), &propose) {
        return brute_force::in_range(task);
    }
    task.fill(QUERY_CHUNK, |first_query, rows| {
        let mut found: Vec<Candidate> = Vec::new();
        for r in 0..rows.len() {
            let i = first_query + r;
            propose(i, &mut found);
            if let Some(itself) = task.excluded(i) {
                found.retain(|c| c.index != itself);
            }
            keep_nearest(&mut found, task.k);
            found.sort_unstable_by(Candidate::order);
            rows.write(r, &found);
        }
    })
}

/// Whether, by a look at some queries, more than `limit` points are proposed per query: few distinct rows,
/// each many times over.
fn ties_are_many(
    task: &Task<'_>,
    limit: usize,
    propose: &impl Fn(usize, &mut Vec<Candidate>),
) -> bool {
    let n_queries = task.queries.n_rows();
    let step = n_queries.div_ceil(TIE_SAMPLE).max(1);
    let mut found = Vec::new();
    let (mut proposed, mut allowed) = (0, 0_usize);
    for i in (0..n_queries).step_by(step) {
        propose(i, &mut found);
        proposed += found.len();
        allowed = allowed.saturating_add(limit);
    }
    proposed > allowed
}

fn rows_as_arrays<const D: usize>(m: Matrix<'_>) -> Vec<[f64; D]> {
    m.rows()
        .map(|row| {
            let mut point = [0.0; D];
            point.copy_from_slice(row);
            point
        })
        .collect()
}
