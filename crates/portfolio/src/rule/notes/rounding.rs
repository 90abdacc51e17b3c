//! From fractions of notes to whole ones.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Relaxation;

/// What may be bought, in notes.
pub(super) struct Market {
    /// The least of a loan that is bought, at least 1.
    pub least: u64,
    /// The most of each loan: 0, or at least `least`.
    pub most: Vec<u64>,
    /// The most of all together.
    pub total: u64,
    /// The most of each group, list by list.
    pub of_groups: Vec<Vec<u64>>,
}

/// A purchase that is open: what it adds per note, the loan and the notes it has before.
#[derive(PartialEq)]
struct Offer {
    per_note: f64,
    loan: usize,
    before: u64,
}

impl Eq for Offer {}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |o: &Self| Reverse(o.loan);
        self.per_note
            .total_cmp(&other.per_note)
            .then_with(|| key(self).cmp(&key(other)))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Whole notes of every loan, near the relaxed shares.
pub(super) fn whole_notes(
    relaxation: &Relaxation,
    groups: &[&[usize]],
    relaxed: &[f64],
) -> Vec<u64> {
    let least = relaxation.market.least;
    let down = relaxed
        .iter()
        .zip(&relaxation.market.most)
        .map(|(w, &most)| {
            // A note that lacks a millionth is whole.
            let notes = (w / relaxation.note + 1e-6).floor() as u64;
            Some(notes.min(most)).filter(|&k| k >= least).unwrap_or(0)
        });
    let near = fill(relaxation, groups, down.collect());
    let plain = fill(relaxation, groups, vec![0; relaxed.len()]);
    let value = |notes: &[u64]| {
        let shares: Vec<f64> = notes.iter().map(|&k| k as f64 * relaxation.note).collect();
        relaxation.value(&shares)
    };
    // Rounding decides nothing.
    match value(&plain) > value(&near) + 1e-12 {
        true => plain,
        false => near,
    }
}

/// Buys what adds most per note, as long as anything adds and there is room for it.
fn fill(relaxation: &Relaxation, groups: &[&[usize]], start: Vec<u64>) -> Vec<u64> {
    let market = &relaxation.market;
    let mut notes = vec![0; start.len()];
    let mut room = Room::of(market, groups);
    for (loan, &count) in start.iter().enumerate() {
        // Notes that were nearly whole can be more than there is room for.
        if count > 0 && room.admits(loan, count) {
            room.take(loan, count);
            notes[loan] = count;
        }
    }
    let block = |loan: usize, before: u64| match before {
        0 => market.least,
        _ if before < market.most[loan] => 1,
        _ => 0,
    };
    let offer = |loan: usize, before: u64| {
        let count = block(loan, before);
        if count == 0 || before + count > market.most[loan] {
            return None;
        }
        let value = |k: u64| {
            let w = k as f64 * relaxation.note;
            w * (relaxation.gain[loan] - 0.5 * relaxation.curvature[loan] * w)
        };
        let per_note = (value(before + count) - value(before)) / count as f64;
        (per_note > 0.0).then_some(Offer {
            per_note,
            loan,
            before,
        })
    };
    let offers = notes.iter().enumerate();
    let mut open: BinaryHeap<Offer> = offers.filter_map(|(i, &k)| offer(i, k)).collect();
    while room.total > 0 {
        let Some(Offer { loan, before, .. }) = open.pop() else {
            break;
        };
        let count = block(loan, before);
        // Room only shrinks: what does not fit now never will.
        if room.admits(loan, count) {
            room.take(loan, count);
            notes[loan] = before + count;
            open.extend(offer(loan, before + count));
        }
    }
    notes
}

/// Notes that may still be bought.
pub(super) struct Room<'a> {
    pub total: u64,
    of_groups: Vec<Vec<u64>>,
    groups: &'a [&'a [usize]],
}

impl<'a> Room<'a> {
    pub fn of(market: &Market, groups: &'a [&'a [usize]]) -> Self {
        Self {
            total: market.total,
            of_groups: market.of_groups.clone(),
            groups,
        }
    }

    pub fn admits(&self, loan: usize, count: u64) -> bool {
        let mut lists = self.of_groups.iter().zip(self.groups);
        self.total >= count && lists.all(|(left, ids)| left[ids[loan]] >= count)
    }

    pub fn take(&mut self, loan: usize, count: u64) {
        self.total -= count;
        for (left, ids) in self.of_groups.iter_mut().zip(self.groups) {
            left[ids[loan]] -= count;
        }
    }
}
