//! Histograms: sums of the derivatives by bin.

use super::codes::{Block, Codes, LANES};
use super::{LARGE, Lane, SMALL};
use rayon::prelude::*;

/// G and H in quanta.
pub(crate) type Sums = [i64; 2];

/// Rows times blocks from which threads share the work: below, waking them takes longer.
const SHARED: usize = 1 << 13;

/// Sums the derivatives of `rows` by feature and bin; those of row `rows[k]` are `terms[k]`. Sums of bins that do not
/// exist are left as they are.
pub(super) fn fill(codes: &Codes, histogram: &mut [Sums], rows: &[u32], terms: &[Sums]) {
    let border = codes.small.len() * LANES * SMALL;
    let (small, large) = histogram.split_at_mut(border);
    if rows.len() * (codes.small.len() + codes.large.len()) >= SHARED {
        let small = small.par_chunks_exact_mut(LANES * SMALL);
        small
            .zip(&codes.small)
            .for_each(|(sums, block)| fill_block::<u8, SMALL>(block, sums, rows, terms));
        let large = large.par_chunks_exact_mut(LANES * LARGE);
        large
            .zip(&codes.large)
            .for_each(|(sums, block)| fill_block::<u16, LARGE>(block, sums, rows, terms));
    } else {
        let small = small.chunks_exact_mut(LANES * SMALL);
        small
            .zip(&codes.small)
            .for_each(|(sums, block)| fill_block::<u8, SMALL>(block, sums, rows, terms));
        let large = large.chunks_exact_mut(LANES * LARGE);
        large
            .zip(&codes.large)
            .for_each(|(sums, block)| fill_block::<u16, LARGE>(block, sums, rows, terms));
    }
}

fn fill_block<C: Copy + Into<usize>, const BINS: usize>(
    block: &Block<C>,
    sums: &mut [Sums],
    rows: &[u32],
    terms: &[Sums],
) {
    for (lane, sums) in block.lanes.iter().zip(sums.chunks_exact_mut(BINS)) {
        match *lane {
            Lane::Unused => sums[0] = [0; 2],
            Lane::Bins(bins) => sums[..bins].fill([0; 2]),
            Lane::Bits(bits) => sums[..1 << bits].fill([0; 2]),
        }
    }
    add::<C, BINS>(&block.codes, sums, rows, terms);
    for (lane, sums) in block.lanes.iter().zip(sums.chunks_exact_mut(BINS)) {
        if let Lane::Bits(bits) = *lane {
            fold(&mut sums[..1 << bits]);
        }
    }
}

/// Adds every row to one bin of each lane.
fn add<C: Copy + Into<usize>, const BINS: usize>(
    codes: &[[C; LANES]],
    sums: &mut [Sums],
    rows: &[u32],
    terms: &[Sums],
) {
    let (lanes, _) = sums.as_chunks_mut::<BINS>();
    let [a, b, c, d] = lanes else { return };
    for (&row, &term) in rows.iter().zip(terms) {
        let [i, j, k, l] = codes[row as usize];
        plus(&mut a[i.into()], term);
        plus(&mut b[j.into()], term);
        plus(&mut c[k.into()], term);
        plus(&mut d[l.into()], term);
    }
}

#[inline(always)]
fn plus(to: &mut Sums, term: Sums) {
    to[0] += term[0];
    to[1] += term[1];
}

/// From the sums by code of some bits those of the codes with bit i set, which come to place i. Bit by bit from the
/// highest, the upper half is that bit's sum and is added to the lower half.
fn fold(sums: &mut [Sums]) {
    let mut of_bit = [[0; 2]; 8];
    let n_bits = sums.len().ilog2() as usize;
    let mut rest = &mut *sums;
    for to in of_bit[..n_bits].iter_mut().rev() {
        let half = rest.len() / 2;
        let (lower, upper) = std::mem::take(&mut rest).split_at_mut(half);
        for (low, high) in lower.iter_mut().zip(upper) {
            plus(to, *high);
            plus(low, *high);
        }
        rest = lower;
    }
    // One bit has two codes, and eight have 256: there is room.
    sums[..n_bits].copy_from_slice(&of_bit[..n_bits]);
}

/// Takes the sums of one child from those of its parent: what is left are the other child's.
pub(super) fn subtract(codes: &Codes, parent: &mut [Sums], child: &[Sums]) {
    for feature in &codes.features {
        let from = &mut parent[feature.at..feature.at + feature.n_sums()];
        for (from, sums) in from.iter_mut().zip(feature.of(child)) {
            from[0] -= sums[0];
            from[1] -= sums[1];
        }
    }
}
