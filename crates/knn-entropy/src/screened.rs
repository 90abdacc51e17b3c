//! Single-precision values of all pairs, exact distances of a few.

use crate::nearest::Candidate;
use crate::screen::{Group, Screen};
use crate::search::{Task, squared_distance};
use crate::shortlist::{Measure, Shortlist};
use crate::tile::{LANES, Lanes, QUERIES, Values};
use crate::{NeighborError, NeighborTable};

/// Queries that share a panel while it is in the cache.
const QUERY_CHUNK: usize = 64;

pub(crate) fn run(task: &Task<'_>, screen: &Screen) -> Result<NeighborTable, NeighborError> {
    let panels = screen.n_panels();
    task.fill(QUERY_CHUNK, |first_query, rows| {
        let mut groups: Vec<Searching> = (0..rows.len())
            .step_by(QUERIES)
            .map(|r| {
                let first = first_query + r;
                Searching::new(task, screen, first, QUERIES.min(rows.len() - r))
            })
            .collect();
        let mut values = [Lanes::ZERO; QUERIES];
        // Neighbors in the table are often neighbors in space: from there on, thresholds are low early.
        let start = if task.themselves {
            first_query / LANES
        } else {
            0
        };
        for p in (start..panels).chain(0..start) {
            for group in &mut groups {
                group.search(p, &mut values);
            }
        }
        let mut sorted = Vec::new();
        for (g, group) in groups.iter_mut().enumerate() {
            for q in 0..group.lists.len() {
                group.take_sorted(q, &mut sorted);
                rows.write(g * QUERIES + q, &sorted);
            }
        }
    })
}

/// A group of queries on its way through the panels.
struct Searching<'a> {
    task: &'a Task<'a>,
    screen: &'a Screen,
    first_query: usize,
    group: Group,
    lists: Vec<Shortlist>,
    thresholds: [f64; QUERIES],
}

impl<'a> Searching<'a> {
    fn new(task: &'a Task<'a>, screen: &'a Screen, first_query: usize, queries: usize) -> Self {
        Self {
            task,
            screen,
            first_query,
            group: screen.group((first_query..first_query + queries).map(|i| task.queries.row(i))),
            lists: (0..queries).map(|_| Shortlist::new(task.k)).collect(),
            thresholds: [f64::INFINITY; QUERIES],
        }
    }

    fn search(&mut self, p: usize, values: &mut Values) {
        let (task, first, lists) = (self.task, self.first_query, &mut self.lists);
        let mut open = [false; QUERIES];
        for (open, list) in open.iter_mut().zip(&*lists) {
            *open = !list.is_closed_from((p * LANES) as u32);
        }
        if open == [false; QUERIES] {
            return;
        }
        let found = self.screen.search(
            p,
            &self.group,
            &open,
            &self.thresholds,
            values,
            |q, interval| {
                if task.excluded(first + q) != Some(interval.index) {
                    lists[q].push(interval);
                }
            },
        );
        if found {
            for (q, (list, threshold)) in lists.iter_mut().zip(&mut self.thresholds).enumerate() {
                list.shorten(&Distances::new(task, self.screen, first + q));
                *threshold = list.threshold();
            }
        }
    }

    fn take_sorted(&mut self, q: usize, into: &mut Vec<Candidate>) {
        let distances = Distances::new(self.task, self.screen, self.first_query + q);
        self.lists[q].take_sorted(&distances, into);
    }
}

/// Exact distances from one query.
struct Distances<'a> {
    points: &'a Task<'a>,
    screen: &'a Screen,
    query: &'a [f64],
}

impl<'a> Distances<'a> {
    fn new(task: &'a Task<'a>, screen: &'a Screen, query: usize) -> Self {
        Self {
            points: task,
            screen,
            query: task.queries.row(query),
        }
    }
}

impl Measure for Distances<'_> {
    fn squared(&self, index: u32) -> f64 {
        squared_distance(self.query, self.points.points.row(index as usize))
    }

    fn scaled(&self, squared: f64) -> f64 {
        self.screen.scaled(squared)
    }
}
