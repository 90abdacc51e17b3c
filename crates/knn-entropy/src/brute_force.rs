//! All distances, in blocks.

use crate::nearest::Nearest;
use crate::screen::{self, Lanes, QUERIES, Screen};
use crate::search::{Task, squared_distance};
use crate::{NeighborError, NeighborSearch, NeighborTable};
use fuzzysvm_core::Matrix;
use multiversion::multiversion;

/// Exact search by computing every distance.
///
/// Every distance is computed in single precision first, with a proven bound on its error; what may be
/// among the nearest is computed again as [`squared_distance`](crate::squared_distance) has it, so the
/// result is exact to the last bit. Where single precision cannot tell (all points equal, or
/// values beyond 1e±90) the double-precision distances are computed at once. Cost O(n²d), memory one
/// packed copy of the points. The right choice above some ten columns; see [`Auto`](crate::Auto) for
/// figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BruteForce;

/// Points side by side in a panel.
const LANES: usize = 32;
/// Queries that share a block of panels while it is in the cache.
const QUERY_CHUNK: usize = 32;
/// Bytes of packed points in a block: half of a usual second-level cache.
const BLOCK_BYTES: usize = 256 * 1024;

impl NeighborSearch for BruteForce {
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

pub(crate) fn run(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    match Screen::new(task) {
        Some(screen) => run_screened(task, &screen),
        None => run_plain(task),
    }
}

fn run_screened(task: &Task<'_>, screen: &Screen) -> Result<NeighborTable, NeighborError> {
    let (n, d) = (task.points.n_rows(), task.points.n_cols());
    let panels = n.div_ceil(screen::LANES);
    let panels_a_block = (BLOCK_BYTES / size_of::<Lanes>() / d).max(1);

    task.fill(QUERY_CHUNK, |first_query, rows| {
        let mut nearest: Vec<Nearest> = (0..rows.len()).map(|_| Nearest::new(task.k)).collect();
        // Whole groups: the queries that are missing from the last one are zeros nobody looks at.
        let groups = rows.len().div_ceil(QUERIES);
        let mut queries = vec![0.0; groups * QUERIES * d];
        let norms: Vec<f64> = (0..rows.len())
            .zip(queries.chunks_exact_mut(d))
            .map(|(r, out)| screen.narrow(task.queries.row(first_query + r), out))
            .collect();
        let mut values = [Lanes([0.0; screen::LANES]); QUERIES];
        for block in (0..panels).step_by(panels_a_block) {
            for (g, queries) in queries.chunks_exact(QUERIES * d).enumerate() {
                for p in block..panels.min(block + panels_a_block) {
                    screen::distances(screen.panel(p), queries, &mut values);
                    let first = p * screen::LANES;
                    // The last panel is padded: its extra lanes are not offered.
                    let in_panel = screen::LANES.min(n - first);
                    let group = g * QUERIES..rows.len().min((g + 1) * QUERIES);
                    for (r, values) in group.zip(&values) {
                        let (query, nearest) = (first_query + r, &mut nearest[r]);
                        let limit = nearest
                            .bound()
                            .map_or(f32::INFINITY, |b| screen.limit(b, norms[r], p));
                        if !screen::any_within(values, limit) {
                            continue;
                        }
                        for (i, &value) in (first..).zip(&values.0[..in_panel]) {
                            if value <= limit {
                                let exact =
                                    squared_distance(task.queries.row(query), task.points.row(i));
                                nearest.offer(i as u32, &[exact], task.excluded(query));
                            }
                        }
                    }
                }
            }
        }
        let mut sorted = Vec::new();
        for (r, nearest) in nearest.iter_mut().enumerate() {
            nearest.take_sorted(&mut sorted);
            rows.write(r, &sorted);
        }
    })
}

fn run_plain(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
    let n = task.points.n_rows();
    let d = task.points.n_cols();
    let packed = pack(task.points);
    let panel_len = LANES * d;
    let panels_a_block = (BLOCK_BYTES / size_of::<f64>() / panel_len).max(1);

    task.fill(QUERY_CHUNK, |first_query, rows| {
        let mut nearest: Vec<Nearest> = (0..rows.len()).map(|_| Nearest::new(task.k)).collect();
        let mut squared = vec![0.0; panels_a_block * LANES];
        let mut any_near = vec![false; panels_a_block];
        for (b, block) in packed.chunks(panels_a_block * panel_len).enumerate() {
            let first_point = b * panels_a_block * LANES;
            // The last panel is padded: its extra lanes are computed and not offered.
            let in_block = (block.len() / d).min(n - first_point);
            for (r, nearest) in nearest.iter_mut().enumerate() {
                let query = first_query + r;
                let bound = nearest.bound();
                distances(
                    task.queries.row(query),
                    block,
                    bound.unwrap_or(f64::INFINITY),
                    &mut squared,
                    &mut any_near,
                );
                let panels = squared[..in_block].chunks(LANES);
                for (p, (panel, &near)) in panels.zip(&any_near).enumerate() {
                    if near || bound.is_none() {
                        let first = (first_point + p * LANES) as u32;
                        nearest.offer(first, panel, task.excluded(query));
                    }
                }
            }
        }
        let mut sorted = Vec::new();
        for (r, nearest) in nearest.iter_mut().enumerate() {
            nearest.take_sorted(&mut sorted);
            rows.write(r, &sorted);
        }
    })
}

/// Panels of [`LANES`] points, column by column within a panel; the last one padded with zeros.
fn pack(points: Matrix<'_>) -> Vec<f64> {
    let d = points.n_cols();
    let mut packed = vec![0.0; points.n_rows().div_ceil(LANES) * LANES * d];
    for (i, row) in points.rows().enumerate() {
        let panel = &mut packed[i / LANES * LANES * d..];
        for (c, &value) in row.iter().enumerate() {
            panel[c * LANES + i % LANES] = value;
        }
    }
    packed
}

/// Squared distances of one query to every point of the panels, and for each panel whether any of
/// them is below `bound`: nearly all panels hold nothing near, and are passed over by that one flag.
///
/// Every lane adds the columns in order, as [`crate::squared_distance`] does; Rust never fuses the
/// multiply and the add, so wider registers change the speed alone.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2", "aarch64+neon"))]
fn distances(query: &[f64], panels: &[f64], bound: f64, out: &mut [f64], any_near: &mut [bool]) {
    for ((panel, out), any_near) in panels
        .chunks_exact(LANES * query.len())
        .zip(out.chunks_exact_mut(LANES))
        .zip(any_near)
    {
        let mut sum = [0.0; LANES];
        for (&q, column) in query.iter().zip(panel.chunks_exact(LANES)) {
            for (s, &z) in sum.iter_mut().zip(column) {
                let difference = q - z;
                *s += difference * difference;
            }
        }
        // Without a branch, so that the lanes are compared side by side.
        *any_near = sum.iter().fold(false, |any, &s| any | (s < bound));
        out.copy_from_slice(&sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Both ways to the table, and whether the screen was used.
    fn both(data: &[f64], d: usize, k: usize) -> (NeighborTable, Option<NeighborTable>) {
        let task = Task::among_themselves(Matrix::new(data, d).unwrap(), k).unwrap();
        let screened = Screen::new(&task).map(|s| run_screened(&task, &s).unwrap());
        (run_plain(&task).unwrap(), screened)
    }

    fn values(n: usize, seed: u64) -> Vec<f64> {
        let mut state = seed | 1;
        let mut next = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        (0..n).map(|_| next()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_screen_does_not_show(
            seed: u64, n in 256usize..420, d in 1usize..40, k in 1usize..20, size in -80i32..80,
            grid in prop_oneof![Just(0.0), Just(4.0), Just(1e4), Just(1e8)], offset in 0.0f64..4.0,
        ) {
            let unit = 10f64.powi(size);
            let data: Vec<f64> = values(n * d, seed)
                .iter()
                .map(|v| (if grid > 0.0 { (v * grid).round() / grid } else { *v } + offset) * unit)
                .collect();
            let (plain, screened) = both(&data, d, k);
            // All points may round to the same one.
            let equal = data.chunks(d).all(|row| row == &data[..d]);
            prop_assert_eq!(screened, (!equal).then_some(plain));
        }
    }

    #[test]
    fn hostile_values_find_the_same_neighbours() {
        let (n, d) = (300, 5);
        let base = values(n * d, 3);
        let of = |f: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
            base.iter().enumerate().map(|(i, &v)| f(i, v)).collect()
        };
        let cases = [
            ("plain", of(&|_, v| v), true),
            (
                "near duplicates",
                of(&|i, v| (i % 7) as f64 + v * 1e-9),
                true,
            ),
            ("duplicates", of(&|i, _| (i / d % 9) as f64), true),
            (
                "one outlier",
                of(&|i, v| if i == 7 { 1e12 } else { v }),
                true,
            ),
            (
                "one column rules",
                of(&|i, v| if i % d == 0 { v * 1e9 } else { v }),
                true,
            ),
            (
                "denormal beside one",
                of(&|i, v| if i % 2 == 0 { v } else { v * 1e-310 }),
                true,
            ),
            ("far from 0", of(&|_, v| 1e8 + v), true),
            ("squares overflow", of(&|_, v| v * 1e200), false),
            ("squares vanish", of(&|_, v| v * 1e-200), false),
            ("constant", of(&|_, _| 2.5), false),
            (
                "huge both ways",
                of(&|i, _| if i % 2 == 0 { 1.7e308 } else { -1.7e308 }),
                false,
            ),
        ];
        for (name, data, used) in cases {
            let (plain, screened) = both(&data, d, 15);
            assert_eq!(screened.is_some(), used, "{name}");
            if let Some(screened) = screened {
                assert_eq!(plain, screened, "{name}");
            }
        }
    }

    #[test]
    fn nothing_nearer_than_the_limit_is_above_it() {
        let (n, d) = (512, 33);
        let data = values(n * d, 11);
        let points = Matrix::new(&data, d).unwrap();
        let task = Task::among_themselves(points, 1).unwrap();
        let screen = Screen::new(&task).unwrap();
        let mut queries = vec![0.0; QUERIES * d];
        let mut norms = [0.0; QUERIES];
        for ((r, norm), out) in norms
            .iter_mut()
            .enumerate()
            .zip(queries.chunks_exact_mut(d))
        {
            *norm = screen.narrow(points.row(r), out);
        }
        let mut out = [Lanes([0.0; screen::LANES]); QUERIES];
        for p in 0..n / screen::LANES {
            screen::distances(screen.panel(p), &queries, &mut out);
            for (q, values) in out.iter().enumerate() {
                for (l, value) in values.0.iter().enumerate() {
                    let exact = squared_distance(points.row(q), points.row(p * screen::LANES + l));
                    let limit = screen.limit(exact, norms[q], p);
                    assert!(*value <= limit, "{value} {limit}");
                    // And the limit is no wider than single precision asks for.
                    assert!(limit <= value * 1.001 + 1e-5, "{value} {limit}");
                }
            }
        }
    }
}
