//! The bins of every value, as small numbers.

use super::Sums;
use fuzzysvm_core::Matrix;
use rayon::prelude::*;

/// Features whose codes lie side by side: their sums are independent, so that one need not wait for another.
pub(super) const LANES: usize = 4;

/// Bins of a lane of bytes, and of a lane of two bytes.
pub(super) const SMALL: usize = 256;
pub(super) const LARGE: usize = 4096;

/// Shares of the weight that agree to this are equal: rounding must not move a quantile.
const ROUNDING: f64 = 1e-12;

/// What a lane holds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Lane {
    #[default]
    Unused,
    /// One feature of so many bins, at least 3.
    Bins(usize),
    /// So many features of two bins, one bit each, the lowest first.
    Bits(usize),
}

/// The codes of some features, row by row.
pub(super) struct Block<C> {
    pub codes: Vec<[C; LANES]>,
    pub lanes: [Lane; LANES],
}

/// A feature that varies, and where its codes and sums are.
pub(super) struct Feature {
    /// Its column.
    pub column: usize,
    /// Where every bin but the lowest begins.
    pub cuts: Vec<f64>,
    /// The block, small ones first.
    pub block: usize,
    pub lane: usize,
    /// The bit, for a feature of two bins.
    pub bit: Option<u32>,
    /// Its first sum in a histogram. A feature of two bins has one sum, that of the upper bin, any other one per bin.
    pub at: usize,
}

impl Feature {
    /// Its sums.
    pub fn of<'a>(&self, histogram: &'a [Sums]) -> &'a [Sums] {
        &histogram[self.at..self.at + self.n_sums()]
    }

    pub fn n_sums(&self) -> usize {
        if self.bit.is_some() {
            1
        } else {
            self.cuts.len() + 1
        }
    }
}

/// The codes of all features.
pub(crate) struct Codes {
    pub(super) n_rows: usize,
    pub(super) small: Vec<Block<u8>>,
    pub(super) large: Vec<Block<u16>>,
    /// Ascending by column; constant ones are left out.
    pub(super) features: Vec<Feature>,
}

impl Codes {
    /// Gives every distinct value a bin where a feature has at most `n_bins` of them; else bins begin at [`quantiles`].
    pub fn new(x: Matrix<'_>, weight: &[f64], n_bins: usize) -> Self {
        let column = |col: usize| Column::new(x, col, weight, n_bins);
        let columns: Vec<Column> = (0..x.n_cols()).into_par_iter().map(column).collect();
        let n_rows = x.n_rows();
        let (mut small, mut large) = (Lanes::default(), Lanes::default());
        let mut features = Vec::new();
        let mut bits = Vec::new();
        for (column, Column { cuts, codes }) in columns.into_iter().enumerate() {
            let (block, lane, bit) = match cuts.len() + 1 {
                1 => continue,
                2 => {
                    bits.push((features.len(), codes));
                    (0, 0, Some(0))
                }
                bins @ ..=SMALL => {
                    let (block, lane) = small.add(n_rows, Lane::Bins(bins));
                    small.set(block, lane, &codes, |to, code| *to = code as u8);
                    (block, lane, None)
                }
                bins => {
                    let (block, lane) = large.add(n_rows, Lane::Bins(bins));
                    large.set(block, lane, &codes, |to, code| *to = code);
                    (block, lane, None)
                }
            };
            features.push(Feature {
                column,
                cuts,
                block,
                lane,
                bit,
                at: 0,
            });
        }
        for byte in bits.chunks(8) {
            let (block, lane) = small.add(n_rows, Lane::Bits(byte.len()));
            for (bit, (feature, codes)) in (0..).zip(byte) {
                small.set(block, lane, codes, |to, code| *to |= (code as u8) << bit);
                let feature = &mut features[*feature];
                (feature.block, feature.lane, feature.bit) = (block, lane, Some(bit));
            }
        }
        let n_small = small.0.len();
        for feature in &mut features {
            let in_small = |f: &Feature| f.cuts.len() < SMALL;
            feature.at = if in_small(feature) {
                let bit = feature.bit.unwrap_or(0) as usize;
                (feature.block * LANES + feature.lane) * SMALL + bit
            } else {
                let lanes = feature.block * LANES + feature.lane;
                feature.block += n_small;
                n_small * LANES * SMALL + lanes * LARGE
            };
        }
        Self {
            n_rows,
            small: small.0,
            large: large.0,
            features,
        }
    }

    /// Numbers of a histogram.
    pub fn n_sums(&self) -> usize {
        LANES * (self.small.len() * SMALL + self.large.len() * LARGE)
    }
}

/// Blocks that are being filled.
struct Lanes<C>(Vec<Block<C>>);

impl<C> Default for Lanes<C> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<C: Copy + Default> Lanes<C> {
    /// The next lane that is free.
    fn add(&mut self, n_rows: usize, lane: Lane) -> (usize, usize) {
        let free = |block: &Block<C>| block.lanes.iter().position(|l| *l == Lane::Unused);
        let place = match self.0.last().and_then(free) {
            Some(place) => place,
            None => {
                self.0.push(Block {
                    codes: vec![[C::default(); LANES]; n_rows],
                    lanes: [Lane::Unused; LANES],
                });
                0
            }
        };
        let block = self.0.len() - 1;
        self.0[block].lanes[place] = lane;
        (block, place)
    }

    fn set(&mut self, block: usize, lane: usize, codes: &[u16], put: impl Fn(&mut C, u16)) {
        for (to, &code) in self.0[block].codes.iter_mut().zip(codes) {
            put(&mut to[lane], code);
        }
    }
}

/// The bins of one feature.
struct Column {
    /// Where every bin but the lowest begins.
    cuts: Vec<f64>,
    /// The bin of every row.
    codes: Vec<u16>,
}

impl Column {
    fn new(x: Matrix<'_>, col: usize, weight: &[f64], n_bins: usize) -> Self {
        // −0 and 0 are one value: the sum turns the former into the latter.
        let values: Vec<f64> = x.rows().map(|row| row[col] + 0.0).collect();
        let cuts = match distinct(&values, n_bins + 1) {
            // One value too many: the highest two share a bin, as in XGBoost.
            Some(distinct) => distinct[1..distinct.len().min(n_bins)].to_vec(),
            None => quantiles(&values, weight, n_bins),
        };
        let code = |v: &f64| cuts.partition_point(|cut| cut <= v) as u16;
        let codes = if cuts.is_empty() {
            Vec::new()
        } else {
            values.iter().map(code).collect()
        };
        Self { cuts, codes }
    }
}

/// The distinct values, ascending; `None` where there are more than `most`.
fn distinct(values: &[f64], most: usize) -> Option<Vec<f64>> {
    let mut found: Vec<f64> = Vec::new();
    let mut last = f64::NAN;
    for &v in values {
        if v == last {
            continue;
        }
        last = v;
        let place = found.partition_point(|f| *f < v);
        if found.get(place) != Some(&v) {
            if found.len() == most {
                return None;
            }
            found.insert(place, v);
        }
    }
    Some(found)
}

/// Where `b` bins of more than `b` + 1 distinct values begin, but for the lowest: for k = 1, …, b − 1 at the lowest value up to
/// which lies a weight of more than W₁ + (W − W₁ − W_m) k/b, each value once, with W the weight of all rows, W₁ that of
/// the lowest and W_m that of the highest value; and at the highest value where there are bins left. These are the
/// quantiles of XGBoost, whose sketch is exact for up to eight values a bin.
fn quantiles(values: &[f64], weight: &[f64], b: usize) -> Vec<f64> {
    let mut sorted: Vec<(f64, f64)> = values.iter().copied().zip(weight.iter().copied()).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let same = || sorted.chunk_by(|a, b| a.0 == b.0);
    let weight_of = |rows: &[(f64, f64)]| rows.iter().map(|s| s.1).sum::<f64>();
    let lowest = same().next().map_or(0.0, weight_of);
    let highest = same().next_back().map_or(0.0, weight_of);
    let total: f64 = weight_of(&sorted);
    let mut cuts = Vec::with_capacity(b);
    let (mut sum, mut k) = (0.0, 1);
    let mut value = f64::NAN;
    for rows in same() {
        value = rows[0].0;
        sum += weight_of(rows);
        let covers = |k: usize| {
            let place = lowest + (total - lowest - highest) * (k as f64 / b as f64);
            k < b && sum > place + ROUNDING * total
        };
        if covers(k) {
            cuts.push(value);
            while covers(k) {
                k += 1;
            }
        }
    }
    if cuts.last() != Some(&value) && cuts.len() + 1 < b {
        cuts.push(value);
    }
    cuts
}
