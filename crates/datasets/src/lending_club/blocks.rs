//! A source in blocks that end, as far as quotes tell, where a record ends.

use std::io::{self, Read};
use std::ops::Range;

/// How the bytes of a file are cut. Nothing but time and memory depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Bytes of a block, about.
    pub block: usize,
    /// Bytes of the units of a block that threads read side by side, about.
    pub unit: usize,
}

impl Default for Sizes {
    /// Small enough that what is decompressed is still in a cache when it is read.
    fn default() -> Self {
        Self {
            block: 1 << 20,
            unit: 64 << 10,
        }
    }
}

/// Bytes asked for at a time. A decompressor that fails loses what it has put into the buffer of that
/// call: with another size the line that the error names would change.
const PIECE: usize = 256 << 10;

/// A stretch of the source.
#[derive(Debug, Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// Bytes that hold anything.
    filled: usize,
    /// Where its units end, ascending; what is behind the last belongs to the next block.
    cuts: Vec<usize>,
    /// Why no block follows.
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

    /// Cuts what is filled behind line feeds that have an even number of quotes between them.
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

    /// Takes all that is filled, wherever it ends.
    fn take_all(&mut self) {
        if !self.rest().is_empty() {
            self.cuts.push(self.filled);
        }
    }
}

/// Behind the last line feed of a stretch that has an even number of quotes before it.
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
    /// What the last block left over.
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

    /// The next block, in the buffers of one that is done with; `None` after the last.
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
        // The first block is small: it is read by one thread. Yet it has a byte order mark as a whole.
        let target = match self.begun {
            false => self.sizes.block.clamp(4, PIECE),
            true => self.sizes.block,
        };
        self.begun = true;
        while block.filled < target && !self.ended {
            if block.bytes.len() < block.filled + PIECE {
                block.bytes.resize(block.filled + PIECE, 0);
            }
            let piece = &mut block.bytes[block.filled..block.filled + PIECE];
            match self.source.read(piece) {
                Ok(0) => self.finish(&mut block, Ok(())),
                Ok(n) => block.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => self.finish(&mut block, Err(e)),
            }
        }
        block.cut(self.sizes.unit);
        // Quotes that never come out even must not hold the block back for ever.
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
