//! Reads a source in blocks that end at the end of a record, judged by counting quotes.

use std::io::{self, Read};
use std::ops::Range;

/// Sizes of blocks and units. They affect time and memory, never the result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Approximate bytes per block.
    pub block: usize,
    /// Approximate bytes per unit, the piece of a block that one thread parses.
    pub unit: usize,
    /// Most bytes per read. A decompressor that fails discards the output of that call, so the line that an error names
    /// depends on this size.
    pub piece: usize,
}

impl Default for Sizes {
    /// Small enough that decompressed bytes are still in the cache when they are parsed.
    fn default() -> Self {
        Self {
            block: 1 << 20,
            unit: 64 << 10,
            piece: 256 << 10,
        }
    }
}

/// A block of the source, cut into units.
#[derive(Debug, Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// Number of valid bytes in `bytes`.
    filled: usize,
    /// Ends of the units, ascending; bytes after the last belong to the next block.
    cuts: Vec<usize>,
    /// Set in the last block: how the source ended.
    pub end: Option<io::Result<()>>,
}

impl Block {
    /// The units in order.
    pub fn units(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.cuts.len()).map(|i| {
            let range: Range<usize> = match i {
                0 => 0..self.cuts[0],
                _ => self.cuts[i - 1]..self.cuts[i],
            };
            &self.bytes[range]
        })
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.cuts.last().copied().unwrap_or(0)..self.filled]
    }

    /// Splits the buffer after line feeds preceded by an even number of quotes, into units of about `unit` bytes.
    fn cut(&mut self, unit: usize) {
        let mut at = 0;
        let mut window = unit.max(1);
        while at < self.filled {
            let rest = &self.bytes[at..self.filled];
            match end_of_record(&rest[..window.min(rest.len())]) {
                Some(end) => {
                    at += end;
                    self.cuts.push(at);
                    window = unit.max(1);
                }
                None if window < rest.len() => window *= 2,
                None => break,
            }
        }
    }

    /// Adds the remaining bytes as a last unit, even if they end inside a record.
    fn take_all(&mut self) {
        if !self.rest().is_empty() {
            self.cuts.push(self.filled);
        }
    }
}

/// The position after the last line feed of `text` that has an even number of quotes before it.
fn end_of_record(text: &[u8]) -> Option<usize> {
    let mut quotes = memchr::memchr_iter(b'"', text).count();
    for i in memchr::memrchr2_iter(b'"', b'\n', text) {
        match text[i] {
            b'"' => quotes -= 1,
            _ if quotes.is_multiple_of(2) => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// Reads a source block by block.
pub(crate) struct Blocks<R> {
    source: R,
    sizes: Sizes,
    /// Bytes left over from the last block.
    rest: Vec<u8>,
    begun: bool,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub fn new(source: R, sizes: Sizes) -> Self {
        Self {
            source,
            sizes,
            rest: Vec::new(),
            begun: false,
            ended: false,
        }
    }

    /// The next block, written into the buffers of `block`, a used one; `None` after the last.
    pub fn next(&mut self, mut block: Block) -> Option<Block> {
        if self.ended {
            return None;
        }
        block.cuts.clear();
        block.end = None;
        block.filled = self.rest.len();
        if block.bytes.len() < self.rest.len() {
            block.bytes.resize(self.rest.len(), 0);
        }
        block.bytes[..self.rest.len()].copy_from_slice(&self.rest);
        // The first block is small, because one thread parses it, but holds a whole byte order mark.
        let piece = self.sizes.piece;
        let target = match self.begun {
            false => self.sizes.block.clamp(4, piece.max(4)),
            true => self.sizes.block,
        };
        self.begun = true;
        while block.filled < target && !self.ended {
            if block.bytes.len() < block.filled + piece {
                block.bytes.resize(block.filled + piece, 0);
            }
            let bytes = &mut block.bytes[block.filled..block.filled + piece];
            match self.source.read(bytes) {
                Ok(0) => self.finish(&mut block, Ok(())),
                Ok(n) => block.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => self.finish(&mut block, Err(e)),
            }
        }
        block.cut(self.sizes.unit);
        // A quote that is never closed must not make the block grow without end.
        if self.ended || block.cuts.is_empty() {
            block.take_all();
        }
        self.rest.clear();
        self.rest.extend_from_slice(block.rest());
        Some(block)
    }

    fn finish(&mut self, block: &mut Block, why: io::Result<()>) {
        self.ended = true;
        block.end = Some(why);
    }
}
