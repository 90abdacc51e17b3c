//! Decompresses, parses and appends blocks at the same time.

use std::io::{self, Read};
use std::sync::Arc;

use super::blocks::{Block, Blocks};
use super::scan::Index;

/// Takes the units of a file in order.
pub(crate) trait Append: Send {
    /// What must be known to parse a unit apart from those before it: the columns.
    type Layout: Send + Sync;
    /// What a unit became.
    type Part: Send;
    /// What ends the file early.
    type Error: Send;

    /// The current layout, once it is known.
    fn layout(&self) -> Option<Arc<Self::Layout>>;

    /// Parses a unit; `None` where it may hold anything but sound rows. Any thread may do it.
    fn parse(unit: &[u8], layout: &Self::Layout, index: &mut Index) -> Option<Self::Part>;

    /// Appends the next unit; `part` is the unit parsed under `layout`.
    fn append(
        &mut self,
        unit: &[u8],
        part: Option<Self::Part>,
        layout: Option<&Arc<Self::Layout>>,
    ) -> Result<(), Self::Error>;
}

/// The parsed form of a unit, in buffers that are reused.
struct Slot<P> {
    index: Index,
    part: Option<P>,
}

impl<P> Slot<P> {
    fn new() -> Self {
        Self {
            index: Index::default(),
            part: None,
        }
    }
}

/// A block and its parsed units.
struct Stage<A: Append> {
    block: Block,
    slots: Vec<Slot<A::Part>>,
    /// The layout under which the units were parsed.
    layout: Option<Arc<A::Layout>>,
}

impl<A: Append> Stage<A> {
    fn new() -> Self {
        Self {
            block: Block::default(),
            slots: Vec::new(),
            layout: None,
        }
    }

    fn append_to(&mut self, appender: &mut A) -> Result<(), A::Error> {
        for (unit, slot) in self.block.units().zip(&mut self.slots) {
            appender.append(unit, slot.part.take(), self.layout.as_ref())?;
        }
        Ok(())
    }
}

/// Appends a file and returns how its source ended. While other threads parse the units of one block and append the block
/// before it, this thread reads the next one: decompression is sequential and takes longest.
pub(crate) fn append_blocks<A: Append, R: Read>(
    appender: &mut A,
    mut blocks: Blocks<R>,
) -> Result<io::Result<()>, A::Error> {
    let mut end = Ok(());
    // The first block holds the header; units cannot be parsed on their own before it is known.
    let mut first = Stage::<A>::new();
    if let Some(block) = blocks.next(Block::default()) {
        first.block = block;
        end = first.block.end.take().unwrap_or(end);
        first
            .slots
            .resize_with(first.block.units().len(), Slot::new);
        first.append_to(appender)?;
    }
    // `read`: a block not parsed yet. `parsed`: a block parsed, but not appended yet.
    let mut read = blocks.next(first.block);
    let mut parsed: Option<Stage<A>> = None;
    let mut idle = Stage::new();
    while read.is_some() || parsed.is_some() {
        let mut stage = std::mem::replace(&mut idle, Stage::new());
        let spare = std::mem::take(&mut stage.block);
        let parsing = read.is_some();
        stage.layout = appender.layout();
        if let Some(block) = read.take() {
            stage.block = block;
        }
        let mut appended = Ok(());
        let n_units = if parsing {
            stage.block.units().len()
        } else {
            0
        };
        stage.slots.resize_with(n_units, Slot::new);
        let before = parsed.take();
        rayon::in_place_scope(|scope| {
            if let Some(mut before) = before {
                let (appender, appended, idle) = (&mut *appender, &mut appended, &mut idle);
                scope.spawn(move |_| {
                    *appended = before.append_to(appender);
                    *idle = before;
                });
            }
            if let Some(layout) = &stage.layout {
                for (unit, slot) in stage.block.units().zip(&mut stage.slots) {
                    scope.spawn(move |_| slot.part = A::parse(unit, layout, &mut slot.index));
                }
            }
            read = blocks.next(spare);
        });
        appended?;
        if parsing {
            end = stage.block.end.take().unwrap_or(end);
            parsed = Some(stage);
        }
    }
    Ok(end)
}
