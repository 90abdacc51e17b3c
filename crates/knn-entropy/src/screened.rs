//! Single-precision values of the pairs whose boxes are near, exact distances of a few.

use crate::likeness;
use crate::nearest::Candidate;
use crate::screen::{Group, Part, Screen};
use crate::search::{Task, squared_distance};
use crate::shortlist::{Measure, Shortlist};
use crate::tile::{ALL_STRIPS, LANES, Lanes, QUERIES, Values};
use crate::{NeighborError, NeighborTable};

/// Queries that share a panel while it is in the cache: as many as a panel has points, so that points that are searched
/// for among themselves come panel by panel.
const QUERY_CHUNK: usize = LANES;

pub(crate) fn run(task: &Task<'_>, screen: &Screen) -> Result<NeighborTable, NeighborError> {
    // Queries that are alike have the same panels near.
    let of_queries;
    let order = if task.themselves {
        screen.order()
    } else {
        of_queries = likeness::order(task.queries);
        &of_queries
    };
    let mut table = task.fill(QUERY_CHUNK, |first_query, rows| {
        let numbers = &order[first_query..][..rows.len()];
        let mut chunk = Chunk::new(task, screen, numbers);
        let own = task.themselves.then_some(first_query / LANES);
        chunk.search(own);
        let mut sorted = Vec::new();
        for row in 0..rows.len() {
            chunk.groups[row / QUERIES].take_sorted(row % QUERIES, &mut sorted);
            rows.write(row, &sorted);
        }
    })?;
    table.reorder(order);
    Ok(table)
}

/// Queries on their way through the panels, the nearest first.
struct Chunk<'a> {
    screen: &'a Screen,
    groups: Vec<Searching<'a>>,
}

impl<'a> Chunk<'a> {
    fn new(task: &'a Task<'a>, screen: &'a Screen, numbers: &'a [u32]) -> Self {
        let groups = numbers.chunks(QUERIES);
        Self {
            screen,
            groups: groups
                .map(|numbers| Searching::new(task, screen, numbers))
                .collect(),
        }
    }

    /// `own` is the panel of the queries themselves.
    fn search(&mut self, own: Option<usize>) {
        let gaps = self.screen.gaps(self.groups.iter().map(|g| &g.group));
        let nearest = gaps.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        let Some(first) = own.or(nearest.map(|(p, _)| p)) else {
            return;
        };
        let (mut pays, mut values) = (Pays::new(), [Lanes::ZERO; QUERIES]);
        for group in &mut self.groups {
            group.search(first, &mut pays, &mut values);
        }
        let threshold = self.threshold();
        let others = gaps.into_iter().enumerate();
        let mut others: Vec<(f64, usize)> = others
            .filter(|(p, gap)| *p != first && *gap <= threshold)
            .map(|(p, gap)| (gap, p))
            .collect();
        others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (gap, p) in others {
            let mut any = false;
            for group in &mut self.groups {
                if gap <= group.threshold {
                    any = true;
                    group.search(p, &mut pays, &mut values);
                }
            }
            if !any {
                break;
            }
        }
    }

    fn threshold(&self) -> f64 {
        let of_groups = self.groups.iter().map(|g| g.threshold);
        of_groups.fold(0.0, f64::max)
    }
}

/// A group of queries on its way through the panels.
struct Searching<'a> {
    task: &'a Task<'a>,
    screen: &'a Screen,
    /// The numbers of the queries.
    numbers: &'a [u32],
    group: Group,
    lists: Vec<Shortlist>,
    thresholds: [f64; QUERIES],
    /// The greatest threshold of a query, and its root.
    threshold: f64,
    reach: f64,
}

impl<'a> Searching<'a> {
    fn new(task: &'a Task<'a>, screen: &'a Screen, numbers: &'a [u32]) -> Self {
        Self {
            task,
            screen,
            numbers,
            group: screen.group(numbers.iter().map(|&i| task.queries.row(i as usize))),
            lists: numbers.iter().map(|_| Shortlist::new(task.k)).collect(),
            thresholds: [f64::INFINITY; QUERIES],
            threshold: f64::INFINITY,
            reach: f64::INFINITY,
        }
    }

    fn search(&mut self, p: usize, pays: &mut Pays, values: &mut Values) {
        let (task, numbers, lists) = (self.task, self.numbers, &mut self.lists);
        let first_point = self.screen.first_of(p);
        let mut open = [false; QUERIES];
        for (open, list) in open.iter_mut().zip(&*lists) {
            *open = !list.is_closed_from(first_point);
        }
        if open == [false; QUERIES] {
            return;
        }
        let strips = pays.strips(|| self.screen.strips_within(p, &self.group, self.reach));
        if strips == 0 {
            return;
        }
        let found = self.screen.search(
            Part { panel: p, strips },
            &self.group,
            &open,
            &self.thresholds,
            values,
            |q, interval| {
                if task.excluded(numbers[q] as usize) != Some(interval.index) {
                    lists[q].push(interval);
                }
            },
        );
        if found {
            for (q, (list, threshold)) in lists.iter_mut().zip(&mut self.thresholds).enumerate() {
                list.shorten(&Distances::new(task, self.screen, numbers[q]));
                *threshold = list.threshold();
            }
            let of_lists = &self.thresholds[..self.lists.len()];
            self.threshold = of_lists.iter().fold(0.0, |a, &b| a.max(b));
            self.reach = self.threshold.sqrt();
        }
    }

    fn take_sorted(&mut self, q: usize, into: &mut Vec<Candidate>) {
        let distances = Distances::new(self.task, self.screen, self.numbers[q]);
        self.lists[q].take_sorted(&distances, into);
    }
}

/// Whether it pays to ask which strips of a panel are near: in many columns that vary alike, all are.
struct Pays {
    credit: u32,
    pause: u32,
}

impl Pays {
    /// Questions without an answer that helps.
    const CREDIT: u32 = 32;
    /// Questions that are saved by one strip that is passed over.
    const OF_STRIP: u32 = 3;
    /// Panels of a group until it is asked again.
    const PAUSE: u32 = 64;

    fn new() -> Self {
        Self {
            credit: Self::CREDIT,
            pause: 0,
        }
    }

    fn strips(&mut self, ask: impl FnOnce() -> u32) -> u32 {
        if self.pause > 0 {
            self.pause -= 1;
            return ALL_STRIPS;
        }
        let strips = ask();
        let passed_over = (ALL_STRIPS & !strips).count_ones();
        let credit = self.credit + Self::OF_STRIP * passed_over;
        self.credit = credit.min(Self::CREDIT).saturating_sub(1);
        if self.credit == 0 {
            self.pause = Self::PAUSE;
        }
        strips
    }
}

/// Exact distances from one query.
struct Distances<'a> {
    points: &'a Task<'a>,
    screen: &'a Screen,
    query: &'a [f64],
}

impl<'a> Distances<'a> {
    fn new(task: &'a Task<'a>, screen: &'a Screen, query: u32) -> Self {
        Self {
            points: task,
            screen,
            query: task.queries.row(query as usize),
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
