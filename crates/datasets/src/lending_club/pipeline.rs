//! Decompresses, parses and appends blocks at the same time.

use std::io::Read;
use std::sync::Arc;

use super::appender::Appender;
use super::blocks::{Block, Blocks};
use super::error::LoanBookError;
use super::layout::Layout;
use super::part::Part;
use super::scan::Index;

/// The parsed form of a unit, in buffers that are reused.
#[derive(Default)]
struct Slot {
    index: Index,
    part: Option<Part>,
}

/// A block and its parsed units.
#[derive(Default)]
struct Stage {
    block: Block,
    slots: Vec<Slot>,
    /// The header under which the units were parsed.
    layout: Option<Arc<Layout>>,
}

impl Stage {
    fn append_to(&mut self, appender: &mut Appender<'_>) -> Result<(), LoanBookError> {
        for (unit, slot) in self.block.units().zip(&mut self.slots) {
            appender.append(unit, slot.part.take().as_ref(), self.layout.as_ref())?;
        }
        Ok(())
    }
}

/// Appends a file. While other threads parse the units of one block and append the block before it, this thread
/// reads the next one: decompression is sequential and takes longest.
pub(crate) fn append_blocks<R: Read>(
    mut appender: Appender<'_>,
    mut blocks: Blocks<R>,
) -> Result<(), LoanBookError> {
    let mut end = Ok(());
    // The first block holds the header; units cannot be parsed on their own before it is known.
    let mut first = Stage::default();
    if let Some(block) = blocks.next(Block::default()) {
        first.block = block;
        end = first.block.end.take().unwrap_or(end);
        first
            .slots
            .resize_with(first.block.units().len(), Slot::default);
        first.append_to(&mut appender)?;
    }
    // `read`: a block not parsed yet. `parsed`: a block parsed, but not appended yet.
    let mut read = blocks.next(first.block);
    let mut parsed: Option<Stage> = None;
    let mut idle = Stage::default();
    while read.is_some() || parsed.is_some() {
        let mut stage = std::mem::take(&mut idle);
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
        stage.slots.resize_with(n_units, Slot::default);
        let before = parsed.take();
        rayon::in_place_scope(|scope| {
            if let Some(mut before) = before {
                let (appender, appended, idle) = (&mut appender, &mut appended, &mut idle);
                scope.spawn(move |_| {
                    *appended = before.append_to(appender);
                    *idle = before;
                });
            }
            if let Some(layout) = &stage.layout {
                for (unit, slot) in stage.block.units().zip(&mut stage.slots) {
                    scope.spawn(move |_| slot.part = Part::read(unit, layout, &mut slot.index));
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
    appender.finish(end)
}

#[cfg(test)]
mod tests;
