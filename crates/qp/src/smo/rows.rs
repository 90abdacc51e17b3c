//! Rows of Q without the signs of the problem: read in place, all in memory, or a bounded number of them.

use super::lru::Lru;
use super::memory::prefer_huge_pages;
use super::passes::{all_finite, change_signs};
use super::real::Real;
use crate::{QMatrix, SolveError};
use fuzzysvm_core::Stop;

/// Steps of an entry from which on the whole matrix is computed where many rows are needed: half of its entries, on all
/// threads. Where an entry takes fewer, copying the other half costs as much as computing it, and rows are computed one by
/// one as they are used. On two threads fits of 270 to 1,850 samples with 7 to 19 features take 0.66 of the time so, while
/// fits of 2,000 with 47 would take 1.3 times as long.
const MANY_STEPS: usize = 24;
/// Rows that are computed one by one before it is judged for the first time how many more will be needed: one in so many.
const FIRST_LOOK: usize = 8;
/// Beside the whole matrix there must be room for so large a part of it again: shortened rows.
const SHORTENED: usize = 8;
/// Rows between two looks from then on: one in so many.
const LOOK_EVERY: usize = 16;
/// The whole matrix is computed where at least one row in so many is still needed.
const ALL_FROM: usize = 3;

/// Rows of Q, on demand, over all variables or over some of them.
pub(crate) struct Rows<'a, T: Real> {
    q: &'a dyn QMatrix,
    y: &'a [f64],
    n: usize,
    base: Base<'a, T>,
    /// Rows beside the base: all rows where there is no base, shortened ones where only some variables are active.
    lru: Lru<T>,
    /// The active variables, ascending; `None` means all.
    active: Option<Vec<u32>>,
    /// A row as Q computes it, before it is shortened.
    scratch: Vec<T>,
    /// Bytes for rows beside the base.
    budget: usize,
    computed: u64,
    /// Rows of a full base that were looked through for values that are not finite.
    checked: Vec<bool>,
}

enum Base<'a, T> {
    /// Somebody else's matrix.
    InPlace { data: &'a [T] },
    /// The whole matrix.
    Full { data: Vec<T> },
    /// The rows that were used so far, where there is room for all; the others are empty.
    Used {
        rows: Vec<Vec<T>>,
        /// How many are computed before the next look at how many more are needed; `None` where that does not matter.
        next_look: Option<u64>,
    },
    /// Nothing.
    Nothing,
}

impl<T> Base<'_, T> {
    /// A whole row of `n` entries that is here.
    fn row(&self, i: usize, n: usize) -> Option<&[T]> {
        match self {
            Base::InPlace { data } => Some(&data[i * n..(i + 1) * n]),
            Base::Full { data } => Some(&data[i * n..(i + 1) * n]),
            Base::Used { rows, .. } => Some(rows[i].as_slice()).filter(|row| !row.is_empty()),
            Base::Nothing => None,
        }
    }
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
            base: Base::Nothing,
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
        let fits = |&bytes: &usize| bytes.saturating_add(bytes / SHORTENED) <= budget;
        if let Some(bytes) = whole.filter(fits).filter(|_| !rows.in_place()) {
            rows.budget -= bytes;
            rows.base = Base::Used {
                rows: (0..n).map(|_| Vec::new()).collect(),
                next_look: (q.steps() >= MANY_STEPS).then_some((n / FIRST_LOOK) as u64),
            };
        }
        rows.lru = Lru::new(n);
        Ok(rows)
    }

    /// Whether it is time to say how many more rows are needed ([`Rows::will_need`]); then not again for some rows.
    pub fn look_is_due(&mut self) -> bool {
        match &mut self.base {
            Base::Used {
                next_look: Some(next_look),
                ..
            } if self.computed >= *next_look => {
                *next_look = self.computed + (self.n / LOOK_EVERY).max(1) as u64;
                true
            }
            _ => false,
        }
    }

    /// Whether the row of active variable `i` is in memory, or as good as that.
    pub fn holds(&self, i: usize) -> bool {
        let global = self.active.as_ref().map_or(i, |a| a[i] as usize);
        !matches!(&self.base, Base::Used { rows, .. } if rows[global].is_empty())
    }

    /// Computes the whole matrix where `more` rows that are not here will be needed, and these are many.
    pub fn will_need(&mut self, more: usize) {
        let n = self.n;
        let Base::Used {
            rows,
            next_look: Some(_),
        } = &mut self.base
        else {
            return;
        };
        if more < n.div_ceil(ALL_FROM) {
            return;
        }
        let used = (self.computed as usize).saturating_mul(n * size_of::<T>());
        if used > self.budget {
            rows.clear();
        }
        let mut data = vec![T::default(); n * n];
        prefer_huge_pages(&mut data);
        self.q.fill(None, None, T::entries(&mut data));
        if !self.q.is_kernel() {
            for (row, y) in data.chunks_exact_mut(n).zip(self.y) {
                change_signs(row, *y, self.y);
            }
        }
        self.computed += n as u64;
        self.checked = vec![false; n];
        self.base = Base::Full { data };
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
        match &mut self.base {
            // When it is first used: many rows never are, and one that is read next is in cache.
            Base::Full { data } if !self.checked[global] => {
                finite(self.q, &data[global * n..(global + 1) * n], global)?;
                self.checked[global] = true;
            }
            Base::Used { rows, .. } if rows[global].is_empty() => {
                let mut row = vec![T::default(); n];
                fill_rows(self.q, self.y, &[global as u32], &mut row);
                self.computed += 1;
                finite(self.q, &row, global)?;
                rows[global] = row;
            }
            _ => {}
        }
        let whole = self.base.row(global, n);
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
                finite(self.q, slot, global)?;
            }
            (None, Some(active)) => {
                self.scratch.resize(n, T::default());
                fill_rows(self.q, self.y, &[global as u32], &mut self.scratch);
                self.computed += 1;
                finite(self.q, &self.scratch, global)?;
                gather(&self.scratch, active, slot);
            }
        }
        Ok(())
    }

    /// A loaded row.
    pub fn get(&self, i: usize) -> &[T] {
        match (self.base.row(i, self.n), &self.active) {
            (Some(row), None) => row,
            _ => self.lru.row(i),
        }
    }

    /// The entries among some active variables, row by row.
    pub fn among(&self, places: &[usize]) -> Vec<T> {
        let global = |k: usize| self.active.as_ref().map_or(k as u32, |a| a[k]);
        let at: Vec<u32> = places.iter().map(|&k| global(k)).collect();
        let m = at.len();
        let mut out = vec![T::default(); m * m];
        let here = |i: &u32| self.base.row(*i as usize, self.n).is_some();
        if !at.iter().all(here) {
            self.q.fill(Some(&at), Some(&at), T::entries(&mut out));
            if !self.q.is_kernel() {
                let y: Vec<f64> = at.iter().map(|&i| self.y[i as usize]).collect();
                for (row, y_r) in out.chunks_exact_mut(m.max(1)).zip(&y) {
                    change_signs(row, *y_r, &y);
                }
            }
            return out;
        }
        for (row, &i) in out.chunks_exact_mut(m.max(1)).zip(&at) {
            if let Some(whole) = self.base.row(i as usize, self.n) {
                gather(whole, &at, row);
            }
        }
        out
    }

    /// How many rows are sure to stay available when loaded one after another, at least two.
    pub fn window(&self) -> usize {
        match (&self.base, &self.active) {
            (Base::Nothing, _) | (_, Some(_)) => {
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

fn finite<T: Real>(q: &dyn QMatrix, values: &[T], row: usize) -> Result<(), SolveError> {
    if q.always_finite() || all_finite(values) {
        return Ok(());
    }
    Err(SolveError::NotFinite { row })
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

    /// Sixteen rows, of entries that take so many steps; some values are not finite.
    struct Q {
        values: DenseQ,
        steps: usize,
        bad: Option<(usize, usize)>,
    }

    impl Q {
        fn new(steps: usize, bad: Option<(usize, usize)>) -> Self {
            let values: Vec<f64> = (0..256).map(f64::from).collect();
            let values = DenseQ::new(values, 16).unwrap();
            Self { values, steps, bad }
        }
    }

    impl QMatrix for Q {
        fn diagonal(&self) -> &[f64] {
            self.values.diagonal()
        }
        fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
            self.values.fill_rows(rows, out);
            for (row, out) in rows.iter().zip(out.chunks_exact_mut(16)) {
                if let Some((_, column)) = self.bad.filter(|bad| bad.0 == *row as usize) {
                    out[column] = f64::NAN;
                }
            }
        }
        fn steps(&self) -> usize {
            self.steps
        }
    }

    #[test]
    fn rows_are_computed_alone_until_many_more_are_needed() {
        let q = Q::new(MANY_STEPS, None);
        let y = [1.0; 16];
        let mut rows = Rows::<f64>::new(&q, &y, 1.0).unwrap();
        for i in 0..2 {
            assert!(!rows.look_is_due() && !rows.holds(i));
            rows.load(i, i).unwrap();
            assert!(rows.holds(i));
        }
        assert!(rows.look_is_due());
        // A third of sixteen is more than five.
        rows.will_need(5);
        assert!(!rows.look_is_due() && !rows.holds(2));
        rows.load(2, 0).unwrap();
        assert!(rows.look_is_due());
        assert_eq!(rows.computed(), 3);
        rows.will_need(6);
        assert!(!rows.look_is_due() && rows.holds(15));
        assert_eq!(rows.computed(), 3 + 16);
        all_are_right(&mut rows);
        assert_eq!(rows.computed(), 3 + 16);
    }

    #[test]
    fn rows_of_few_steps_are_computed_alone() {
        let q = Q::new(MANY_STEPS - 1, None);
        let y = [1.0; 16];
        let mut rows = Rows::<f64>::new(&q, &y, 1.0).unwrap();
        rows.will_need(16);
        all_are_right(&mut rows);
        assert!(!rows.look_is_due());
        all_are_right(&mut rows);
        assert_eq!(rows.computed(), 16);
    }

    fn all_are_right(rows: &mut Rows<'_, f64>) {
        for i in 0..16 {
            rows.load(i, i).unwrap();
            let expected: Vec<f64> = (0..16).map(|t| f64::from(16 * i as u32 + t)).collect();
            assert_eq!(rows.get(i), expected);
        }
    }

    #[test]
    fn a_row_that_is_used_is_finite_or_an_error() {
        let y = [1.0; 16];
        for all in [false, true] {
            let q = Q::new(MANY_STEPS, Some((3, 7)));
            let mut rows = Rows::<f64>::new(&q, &y, 1.0).unwrap();
            if all {
                rows.will_need(16);
            }
            rows.load(2, 2).unwrap();
            assert_eq!(rows.load(3, 2), Err(SolveError::NotFinite { row: 3 }));
            // Of some variables as of all.
            rows.keep(&[1, 3]);
            assert_eq!(rows.load(1, 0), Err(SolveError::NotFinite { row: 3 }));
        }
    }

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
