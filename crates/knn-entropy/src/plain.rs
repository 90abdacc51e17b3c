//! All distances in double precision, in blocks.

use crate::nearest::Nearest;
use crate::search::Task;
use crate::{NeighborError, NeighborTable};
use fuzzysvm_core::{Matrix, per_cpu};

/// Points side by side in a panel.
const LANES: usize = 32;
/// Queries that share a block of panels while it is in the cache.
const QUERY_CHUNK: usize = 32;
/// Bytes of packed points in a block: half of a usual second-level cache.
const BLOCK_BYTES: usize = 256 * 1024;

pub(crate) fn run(task: &Task<'_>) -> Result<NeighborTable, NeighborError> {
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

per_cpu! {
    /// Squared distances of one query to every point of the panels, and for each panel whether any of
    /// them is below `bound`: nearly all panels hold nothing near, and are passed over by that one flag.
    ///
    /// Every lane adds the columns in order, as [`crate::squared_distance`] does; Rust never fuses the
    /// multiply and the add, so wider registers change the speed alone.
    fn distances(
        query: &[f64],
        panels: &[f64],
        bound: f64,
        out: &mut [f64],
        any_near: &mut [bool],
    ) = distances_on;
}

#[inline(always)]
fn distances_on(query: &[f64], panels: &[f64], bound: f64, out: &mut [f64], any_near: &mut [bool]) {
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
