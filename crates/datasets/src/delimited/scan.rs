//! Where the cells of well-formed text end, found 64 bytes at a time.
//!
//! Sixteen bytes are compared at once and the results gathered into masks of 64 bits, one bit per byte. A byte is
//! quoted if the number of quotes before it is odd: a running XOR over the mask. This agrees with RFC 4180 as long
//! as quotes only enclose whole cells and are doubled inside them. The scan checks that; any other use of quotes,
//! and a carriage return without a line feed, is left to the byte-by-byte parser.

use wide::u8x16;

/// A row of an [`Index`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowEnd {
    /// Number of cells up to the end of this row.
    pub cells: u32,
    /// Number of line feeds up to the end of this row, its own included.
    pub line_feeds: u32,
}

/// Ends of cells and rows in a text, in buffers that are reused.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The byte after every cell: its separator, or the line feed of its row.
    pub ends: Vec<u32>,
    /// The rows, empty ones included.
    pub rows: Vec<RowEnd>,
    /// Whether a quote is doubled anywhere.
    pub doubled_quotes: bool,
    /// Whether a carriage return stands inside quotes.
    pub quoted_returns: bool,
}

/// State carried from one block of 64 bytes to the next.
#[derive(Default)]
struct Carry {
    /// All ones while a quote is open.
    inside: u64,
    /// Bit 0: the byte before was the end of a cell, a closing quote, a carriage return.
    after_end: u64,
    after_close: u64,
    after_return: u64,
}

impl Index {
    /// Indexes whole rows of cells with this ASCII separator; false where the text is not well-formed, or does not end at
    /// the end of a row.
    pub fn build(&mut self, text: &[u8], separator: u8) -> bool {
        self.ends.clear();
        self.rows.clear();
        self.doubled_quotes = false;
        self.quoted_returns = false;
        if text.last() != Some(&b'\n') || u32::try_from(text.len()).is_err() {
            return text.is_empty();
        }
        let mut carry = Carry {
            after_end: 1,
            ..Carry::default()
        };
        let mut line_feeds = 0;
        let (blocks, rest) = text.as_chunks::<64>();
        let mut sound = true;
        for (i, block) in blocks.iter().enumerate() {
            // Below 2³², as the length is.
            sound &= self.block(
                (i * 64) as u32,
                block,
                separator,
                &mut carry,
                &mut line_feeds,
            );
        }
        if !rest.is_empty() {
            // Pad with a byte that ends no cell, so that the last, padded block adds none.
            let mut block = [0; 64];
            block[..rest.len()].copy_from_slice(rest);
            sound &= self.block(
                (blocks.len() * 64) as u32,
                &block,
                separator,
                &mut carry,
                &mut line_feeds,
            );
        }
        sound && carry.inside == 0
    }

    /// Indexes a block that begins at byte `at`; false where it is not well-formed.
    fn block(
        &mut self,
        at: u32,
        block: &[u8; 64],
        separator: u8,
        carry: &mut Carry,
        line_feeds: &mut u32,
    ) -> bool {
        let sixteens: [u8x16; 4] = std::array::from_fn(|i| {
            let mut sixteen = [0; 16];
            sixteen.copy_from_slice(&block[16 * i..16 * (i + 1)]);
            u8x16::new(sixteen)
        });
        let equal = |byte: u8| sixteens.map(|x| x.simd_eq(u8x16::splat(byte)));
        let bits = |masks: [u8x16; 4]| {
            let [a, b, c, d] = masks.map(|x| u64::from(x.to_bitmask()));
            a | b << 16 | c << 32 | d << 48
        };
        let (mark, feed) = (bits(equal(separator)), bits(equal(b'\n')));
        let (quotes, returns) = (equal(b'"'), equal(b'\r'));
        let rare = std::array::from_fn(|i| quotes[i] | returns[i]);
        let mut ends = mark | feed;
        let mut sound = true;
        if bits(rare) | carry.inside | carry.after_close | carry.after_return != 0 {
            let (quote, carriage) = (bits(quotes), bits(returns));
            // Set from an opening quote up to the byte before its closing one.
            let inside = parity(quote) ^ carry.inside;
            let (opening, closing) = (quote & inside, quote & !inside);
            ends &= !inside;
            let returns = carriage & !inside;
            let after = |mask: u64, before: u64| mask << 1 | before;
            let after_close = after(closing, carry.after_close);
            sound = opening & !(after(ends, carry.after_end) | after_close) == 0
                && after_close & !(ends | returns | opening) == 0
                && after(returns, carry.after_return) & !feed == 0;
            self.doubled_quotes |= opening & after_close != 0;
            self.quoted_returns |= carriage & inside != 0;
            carry.inside = 0u64.wrapping_sub(inside >> 63);
            carry.after_close = closing >> 63;
            carry.after_return = returns >> 63;
        }
        carry.after_end = ends >> 63;

        let mut row_ends = ends & feed;
        while row_ends != 0 {
            let through = row_ends ^ (row_ends - 1);
            self.rows.push(RowEnd {
                cells: self.ends.len() as u32 + (ends & through).count_ones(),
                line_feeds: *line_feeds + (feed & through).count_ones(),
            });
            row_ends &= row_ends - 1;
        }
        *line_feeds += feed.count_ones();
        let (n, mut places) = (ends.count_ones() as usize, [0; 64]);
        // Eight at a time, even if fewer are left: writing too many is cheaper than a branch.
        for eight in places.chunks_exact_mut(8).take(n.div_ceil(8)) {
            for place in eight {
                *place = at + ends.trailing_zeros();
                ends &= ends.wrapping_sub(1);
            }
        }
        self.ends.extend_from_slice(&places[..n]);
        sound
    }
}

/// Bit i of the result is the parity of bits 0 to i.
fn parity(mut mask: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        mask ^= mask << shift;
    }
    mask
}
