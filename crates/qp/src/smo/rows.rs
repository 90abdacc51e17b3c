//! Where rows of Q live: in place, all in memory, or a bounded number of them.

use super::passes::all_finite;
use super::real::Real;
use crate::{QMatrix, SolveError};
use rayon::prelude::*;

/// Rows computed by one call, and by one thread at a time.
const FILL_BLOCK: usize = 32;
const NONE: u32 = u32::MAX;

/// Rows of Q, on demand.
pub(crate) struct Rows<'a, T: Real> {
    q: &'a dyn QMatrix,
    n: usize,
    store: Store<'a, T>,
    computed: u64,
}

enum Store<'a, T> {
    /// Somebody else's matrix; a row is checked when it is first read.
    InPlace { data: &'a [T], checked: Vec<bool> },
    /// The whole matrix.
    Full { data: Vec<T> },
    /// The rows used last.
    Lru(Lru<T>),
}

struct Lru<T> {
    capacity: usize,
    slots: Vec<Vec<T>>,
    /// Slot of a row, `NONE` where it is not kept.
    slot_of: Vec<u32>,
    /// Row of a slot.
    row_of: Vec<u32>,
    /// Time of last use of a slot.
    used: Vec<u64>,
    clock: u64,
}

impl<'a, T: Real> Rows<'a, T> {
    /// Decides by `cache_size` (in MB of 2²⁰ bytes): the whole of Q where it fits, else as many rows as
    /// fit, at least two.
    pub fn new(q: &'a dyn QMatrix, cache_size: f64) -> Result<Self, SolveError> {
        let n = q.len();
        let budget = (cache_size * 1_048_576.0) as usize;
        let row_bytes = n * size_of::<T>();
        let mut rows = Self {
            q,
            n,
            store: Store::Full { data: Vec::new() },
            computed: 0,
        };
        if let Some(data) = T::dense(q) {
            if data.len() != n * n {
                return Err(SolveError::LengthMismatch {
                    what: "dense_f32",
                    expected: n * n,
                    found: data.len(),
                });
            }
            rows.store = Store::InPlace {
                data,
                checked: vec![false; n],
            };
        } else if row_bytes.checked_mul(n).is_some_and(|all| all <= budget) {
            rows.fill_all()?;
        } else {
            let capacity = (budget / row_bytes.max(1)).clamp(2, n.max(2));
            rows.store = Store::Lru(Lru {
                capacity,
                slots: Vec::new(),
                slot_of: vec![NONE; n],
                row_of: Vec::new(),
                used: Vec::new(),
                clock: 0,
            });
        }
        Ok(rows)
    }

    fn fill_all(&mut self) -> Result<(), SolveError> {
        let (n, q) = (self.n, self.q);
        let mut data = vec![T::default(); n * n];
        data.par_chunks_mut(FILL_BLOCK * n)
            .enumerate()
            .try_for_each(|(block, out)| {
                let first = block * FILL_BLOCK;
                let rows: Vec<u32> = (first..first + out.len() / n).map(|r| r as u32).collect();
                T::fill(q, &rows, out);
                match out.chunks_exact(n).position(|row| !all_finite(row)) {
                    Some(k) => Err(SolveError::NotFinite { row: first + k }),
                    None => Ok(()),
                }
            })?;
        self.computed += n as u64;
        self.store = Store::Full { data };
        Ok(())
    }

    /// Makes row `i` available to [`Rows::get`]; of the rows loaded before, `keep` stays available.
    pub fn load(&mut self, i: usize, keep: usize) -> Result<(), SolveError> {
        let n = self.n;
        match &mut self.store {
            Store::Full { .. } => {}
            Store::InPlace { data, checked } => {
                if !checked[i] {
                    if !all_finite(&data[i * n..(i + 1) * n]) {
                        return Err(SolveError::NotFinite { row: i });
                    }
                    checked[i] = true;
                }
            }
            Store::Lru(lru) => {
                if lru.touch(i) {
                    return Ok(());
                }
                self.computed += 1;
                let slot = lru.free_slot(i, keep, n);
                T::fill(self.q, &[i as u32], slot);
                if !all_finite(slot) {
                    return Err(SolveError::NotFinite { row: i });
                }
            }
        }
        Ok(())
    }

    /// A loaded row.
    pub fn get(&self, i: usize) -> &[T] {
        let n = self.n;
        match &self.store {
            Store::InPlace { data, .. } => &data[i * n..(i + 1) * n],
            Store::Full { data } => &data[i * n..(i + 1) * n],
            Store::Lru(lru) => &lru.slots[lru.slot_of[i] as usize],
        }
    }

    /// How many rows are sure to stay available when loaded one after another.
    pub fn window(&self) -> usize {
        match &self.store {
            Store::Lru(lru) => lru.capacity,
            _ => self.n,
        }
    }

    /// Rows computed so far.
    pub fn computed(&self) -> u64 {
        self.computed
    }
}

impl<T: Real> Lru<T> {
    /// Whether row `i` is here; if so, it is now the one used last.
    fn touch(&mut self, i: usize) -> bool {
        let slot = self.slot_of[i];
        if slot == NONE {
            return false;
        }
        self.clock += 1;
        self.used[slot as usize] = self.clock;
        true
    }

    /// A place for row `i`: a new one while there is room, else that of the row unused for longest,
    /// but never that of `keep`.
    fn free_slot(&mut self, i: usize, keep: usize, n: usize) -> &mut [T] {
        self.clock += 1;
        let slot = if self.slots.len() < self.capacity {
            self.slots.push(vec![T::default(); n]);
            self.row_of.push(NONE);
            self.used.push(0);
            self.slots.len() - 1
        } else {
            let oldest = (0..self.slots.len())
                .filter(|&s| self.row_of[s] as usize != keep)
                .min_by_key(|&s| self.used[s])
                .unwrap_or(0);
            let out = self.row_of[oldest];
            if out != NONE {
                self.slot_of[out as usize] = NONE;
            }
            oldest
        };
        self.slot_of[i] = slot as u32;
        self.row_of[slot] = i as u32;
        self.used[slot] = self.clock;
        &mut self.slots[slot]
    }
}
