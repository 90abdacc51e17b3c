//! A cache of rows: least recently used.

use super::real::Real;

const NONE: u32 = u32::MAX;

/// A bounded number of rows; the one unused for longest makes room.
pub(super) struct Lru<T> {
    slots: Vec<Vec<T>>,
    /// Slot of a row, `NONE` where it is not kept.
    slot_of: Vec<u32>,
    /// Row of a slot, `NONE` where it holds none.
    row_of: Vec<u32>,
    /// Time of last use of a slot.
    used: Vec<u64>,
    clock: u64,
}

impl<T: Real> Lru<T> {
    /// No rows yet, of `n` there can be.
    pub fn new(n: usize) -> Self {
        Self {
            slots: Vec::new(),
            slot_of: vec![NONE; n],
            row_of: Vec::new(),
            used: Vec::new(),
            clock: 0,
        }
    }

    /// Whether row `i` is here; if so, it is now the one used last.
    pub fn touch(&mut self, i: usize) -> bool {
        let slot = self.slot_of[i];
        if slot == NONE {
            return false;
        }
        self.clock += 1;
        self.used[slot as usize] = self.clock;
        true
    }

    /// Row `i`, which is here.
    pub fn row(&self, i: usize) -> &[T] {
        &self.slots[self.slot_of[i] as usize]
    }

    /// A place of `width` values for row `i`: a new one while there are fewer than `capacity`, else that
    /// of the row unused for longest, but never that of `keep`.
    pub fn free_slot(&mut self, i: usize, keep: usize, capacity: usize, width: usize) -> &mut [T] {
        self.clock += 1;
        let slot = if self.slots.len() < capacity {
            self.slots.push(vec![T::default(); width]);
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

    /// Keeps some of the `width` variables, in rows and in columns.
    pub fn shorten(&mut self, places: &[u32], width: usize) {
        let mut new_place = vec![NONE; width];
        for (new, &old) in places.iter().enumerate() {
            new_place[old as usize] = new as u32;
        }
        self.slot_of = vec![NONE; places.len()];
        let mut kept = 0;
        for slot in 0..self.slots.len() {
            let row = self.row_of[slot];
            let new = if row == NONE {
                NONE
            } else {
                new_place[row as usize]
            };
            if new == NONE {
                continue;
            }
            let old = std::mem::take(&mut self.slots[slot]);
            self.slots[kept] = places.iter().map(|&k| old[k as usize]).collect();
            self.row_of[kept] = new;
            self.used[kept] = self.used[slot];
            self.slot_of[new as usize] = kept as u32;
            kept += 1;
        }
        self.slots.truncate(kept);
        self.row_of.truncate(kept);
        self.used.truncate(kept);
    }
}
