//! Rows of Q without the signs of the problem: read in place, all in memory, or a bounded number of them.

use super::lru::Lru;
use super::memory::prefer_huge_pages;
use super::passes::{all_finite, change_signs};
use super::real::Real;
use crate::{QMatrix, SolveError};
use fuzzysvm_core::Stop;

/// As soon as one row in so many has been used, all are computed, on all threads. Until then each is
/// computed alone: easy problems use few rows, and memory for all would cost more than those.
const ALL_AFTER: usize = 8;

/// Rows of Q, on demand, over all variables or over some of them.
pub(crate) struct Rows<'a, T: Real> {
    q: &'a dyn QMatrix,
    y: &'a [f64],
    n: usize,
    base: Base<'a, T>,
    /// Rows kept beside the base: all rows where there is no base, shortened ones where only some
    /// variables are active.
    lru: Lru<T>,
    /// The active variables, ascending; `None` means all.
    active: Option<Vec<u32>>,
    /// A row as Q computes it, before it is shortened.
    scratch: Vec<T>,
    /// Bytes for rows beside the base.
    budget: usize,
    computed: u64,
    /// Rows of the whole matrix that were looked through for values that are not finite.
    checked: Vec<bool>,
}

enum Base<'a, T> {
    /// Somebody else's matrix.
    InPlace { data: &'a [T] },
    /// The whole matrix.
    Full { data: Vec<T> },
    /// Nothing: rows are computed one by one, after so many all at once.
    Nothing { all_after: u64 },
}

impl<'a, T: Real> Rows<'a, T> {
    /// Decides by `cache_size` (in MB of 2²⁰ bytes): the whole of Q where it fits, else as many rows as
    /// fit, at least two.
    pub fn new(q: &'a dyn QMatrix, y: &'a [f64], cache_size: f64) -> Result<Self, SolveError> {
        let n = q.len();
        let budget = (cache_size * 1_048_576.0) as usize;
        let whole = n
            .checked_mul(n)
            .and_then(|n2| n2.checked_mul(size_of::<T>()));
        let mut rows = Self {
            q,
            y,
            n,
            base: Base::Nothing {
                all_after: u64::MAX,
            },
            lru: Lru::new(0),
            active: None,
            scratch: Vec::new(),
            budget,
            computed: 0,
            checked: Vec::new(),
        };
        if let Some(data) = T::dense(q) {
            if Some(data.len()) != n.checked_mul(n) {
                return Err(SolveError::LengthMismatch {
                    what: "dense_f32",
                    expected: n.saturating_mul(n),
                    found: data.len(),
                });
            }
            if q.is_kernel() {
                rows.base = Base::InPlace { data };
            }
        }
        if rows.in_place() {
            // Nothing to compute.
        } else if whole.is_some_and(|bytes| bytes + bytes / ALL_AFTER <= budget) {
            // With room for the rows computed before.
            rows.base = Base::Nothing {
                all_after: (n / ALL_AFTER) as u64,
            };
        }
        rows.lru = Lru::new(n);
        Ok(rows)
    }

    /// Computes the whole matrix once enough rows of it have been used.
    fn fill(&mut self) -> Result<(), SolveError> {
        match self.base {
            Base::Nothing { all_after } if self.computed >= all_after => {}
            _ => return Ok(()),
        }
        let n = self.n;
        let mut data = vec![T::default(); n * n];
        prefer_huge_pages(&mut data);
        self.q.fill(None, None, T::entries(&mut data));
        if !self.q.is_kernel() {
            for (row, y) in data.chunks_exact_mut(n).zip(self.y) {
                change_signs(row, *y, self.y);
            }
        }
        self.checked = vec![false; n];
        self.computed += n as u64;
        self.budget -= size_of_val(data.as_slice());
        if self.active.is_none() {
            self.lru = Lru::new(n);
        }
        self.base = Base::Full { data };
        Ok(())
    }

    /// Whether the whole matrix is somebody else's, in memory.
    pub fn in_place(&self) -> bool {
        matches!(self.base, Base::InPlace { .. })
    }

    /// Length of a row now: the number of active variables.
    pub fn width(&self) -> usize {
        self.active.as_ref().map_or(self.n, Vec::len)
    }

    /// Goes on with some of the variables that are active now, given by their places among them.
    pub fn keep(&mut self, places: &[u32]) {
        let active = match &self.active {
            None => places.to_vec(),
            Some(old) => places.iter().map(|&k| old[k as usize]).collect(),
        };
        self.lru.shorten(places, self.width());
        self.active = Some(active);
    }

    /// Goes back to all variables.
    pub fn keep_all(&mut self) {
        self.active = None;
        self.lru = Lru::new(self.n);
    }

    /// Makes the row of active variable `i` available to [`Rows::get`]; of the rows loaded before,
    /// `keep` stays available.
    pub fn load(&mut self, i: usize, keep: usize) -> Result<(), SolveError> {
        let n = self.n;
        let global = self.active.as_ref().map_or(i, |a| a[i] as usize);
        self.fill()?;
        let whole: Option<&[T]> = match &self.base {
            Base::InPlace { data } => Some(&data[global * n..(global + 1) * n]),
            Base::Full { data } => Some(&data[global * n..(global + 1) * n]),
            Base::Nothing { .. } => None,
        };
        // When it is first used: many rows never are, and one that is read next is in cache.
        if let (Base::Full { data }, Some(checked @ false)) =
            (&self.base, self.checked.get_mut(global))
        {
            if !all_finite(&data[global * n..(global + 1) * n]) {
                return Err(SolveError::NotFinite { row: global });
            }
            *checked = true;
        }
        if (whole.is_some() && self.active.is_none()) || self.lru.touch(i) {
            return Ok(());
        }
        let width = self.active.as_ref().map_or(n, Vec::len);
        let capacity = self.budget / (width * size_of::<T>()).max(1);
        let slot = self.lru.free_slot(i, keep, capacity.max(2), width);
        match (whole, &self.active) {
            (Some(row), Some(active)) => gather(row, active, slot),
            (_, None) => {
                fill_rows(self.q, self.y, &[global as u32], slot);
                self.computed += 1;
                if !all_finite(slot) {
                    return Err(SolveError::NotFinite { row: global });
                }
            }
            (None, Some(active)) => {
                self.scratch.resize(n, T::default());
                fill_rows(self.q, self.y, &[global as u32], &mut self.scratch);
                self.computed += 1;
                if !all_finite(&self.scratch) {
                    return Err(SolveError::NotFinite { row: global });
                }
                gather(&self.scratch, active, slot);
            }
        }
        Ok(())
    }

    /// A loaded row.
    pub fn get(&self, i: usize) -> &[T] {
        let n = self.n;
        match (&self.base, &self.active) {
            (Base::InPlace { data }, None) => &data[i * n..(i + 1) * n],
            (Base::Full { data }, None) => &data[i * n..(i + 1) * n],
            _ => self.lru.row(i),
        }
    }

    /// The entries among some active variables, row by row.
    pub fn among(&self, places: &[usize]) -> Vec<T> {
        let global = |k: usize| self.active.as_ref().map_or(k as u32, |a| a[k]);
        let at: Vec<u32> = places.iter().map(|&k| global(k)).collect();
        let m = at.len();
        let mut out = vec![T::default(); m * m];
        let data: &[T] = match &self.base {
            Base::InPlace { data } => data,
            Base::Full { data } => data,
            Base::Nothing { .. } => {
                self.q.fill(Some(&at), Some(&at), T::entries(&mut out));
                if !self.q.is_kernel() {
                    let y: Vec<f64> = at.iter().map(|&i| self.y[i as usize]).collect();
                    for (row, y_r) in out.chunks_exact_mut(m.max(1)).zip(&y) {
                        change_signs(row, *y_r, &y);
                    }
                }
                return out;
            }
        };
        for (row, &i) in out.chunks_exact_mut(m.max(1)).zip(&at) {
            gather(&data[i as usize * self.n..][..self.n], &at, row);
        }
        out
    }

    /// How many rows are sure to stay available when loaded one after another, at least two.
    pub fn window(&self) -> usize {
        match (&self.base, &self.active) {
            (Base::Nothing { .. }, _) | (_, Some(_)) => {
                (self.budget / (self.width() * size_of::<T>()).max(1)).max(2)
            }
            _ => self.n.max(2),
        }
    }

    /// The row to blame for a gradient that is not finite, if there is one. Rows are checked when they
    /// are computed; those of a matrix in place only here, after the gradient has overflowed.
    pub fn not_finite(&self) -> Option<usize> {
        match &self.base {
            Base::InPlace { data } => data.chunks_exact(self.n).position(|row| !all_finite(row)),
            _ => None,
        }
    }

    /// Rows computed so far.
    pub fn computed(&self) -> u64 {
        self.computed
    }
}

/// Rows without signs.
fn fill_rows<T: Real>(q: &dyn QMatrix, y: &[f64], rows: &[u32], out: &mut [T]) {
    Stop::look();
    q.fill(Some(rows), None, T::entries(out));
    if !q.is_kernel() {
        for (&r, row) in rows.iter().zip(out.chunks_exact_mut(y.len())) {
            change_signs(row, y[r as usize], y);
        }
    }
}

fn gather<T: Real>(row: &[T], active: &[u32], out: &mut [T]) {
    for (o, &k) in out.iter_mut().zip(active) {
        *o = row[k as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DenseQ;

    #[test]
    fn as_many_rows_stay_as_the_window_says() {
        let n = 20;
        let q = DenseQ::new((0..n * n).map(|k| k as f64).collect(), n).unwrap();
        let y = vec![1.0; n];
        // 800 bytes: five rows of twenty, ten of ten.
        let mut rows = Rows::<f64>::new(&q, &y, 800.0 / 1_048_576.0).unwrap();
        for (width, window) in [(20, 5), (10, 10)] {
            assert_eq!(rows.window(), window);
            for i in 0..window {
                rows.load(i, 0).unwrap();
            }
            for i in 0..window {
                let expected: Vec<f64> = (0..width).map(|t| (i * n + t) as f64).collect();
                assert_eq!(rows.get(i), expected);
            }
            rows.keep(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        }
    }
}
