//! Appends one file to a book: loans, headers, lines that are no loans, and errors with their places.
//!
//! The file comes in units of about 64 KiB. Once the header is known, a unit that begins at a record and holds
//! nothing but loans may have been parsed on its own, by any thread, into a [`Part`]. Every other unit is parsed
//! here, record by record. The book is therefore independent of chunk boundaries and of thread scheduling.

use std::io;
use std::sync::Arc;

use fuzzysvm_core::memory;
use fuzzysvm_core::quote::cut;

use super::book::LoanBook;
use super::cell::trim;
use super::columns::{MAX_CATEGORIES, text};
use super::error::LoanBookError;
use super::layout::{Layout, Wanted};
use super::other::{OtherLine, other_line};
use super::part::Part;
use super::row::{RowError, Section, Segment};
use crate::delimited::{Append, Index, Record, Records, Step};
use crate::simulated::NOTICE;

/// The longest record accepted. The longest loan, with its description, has some 6,000 bytes.
pub(super) const MAX_RECORD: usize = 8 << 20;

/// Fewer loans take little memory, whatever their columns.
const CHECKED_FROM: usize = 4_096;

/// How many records may stand above the header.
const HEADER_WITHIN: u64 = 20;

/// The state of reading one file.
pub(crate) struct Appender<'a> {
    book: &'a mut LoanBook,
    wanted: &'a Wanted,
    file: String,
    first_row: usize,
    records: Records,
    layout: Option<Arc<Layout>>,
    segment: Segment,
    /// The first record above the header.
    above: Option<String>,
    /// Records above the header.
    searched: u64,
    /// With fewer loans than these the memory need not be looked at.
    checked_to: usize,
}

impl<'a> Appender<'a> {
    pub fn new(book: &'a mut LoanBook, wanted: &'a Wanted, file: String) -> Self {
        Self {
            first_row: book.len(),
            segment: Segment::starting_at(book.len()),
            book,
            wanted,
            file,
            records: Records::new(b',', MAX_RECORD),
            layout: None,
            above: None,
            searched: 0,
            checked_to: CHECKED_FROM,
        }
    }

    /// Appends the next unit of the file; `part` is the unit parsed under the header `layout`.
    pub fn append_unit(
        &mut self,
        unit: &[u8],
        part: Option<&Part>,
        layout: Option<&Arc<Layout>>,
    ) -> Result<(), LoanBookError> {
        self.check_memory()?;
        // The part is of no use if a new header came in between, or if the unit does not begin at a record.
        let same_header = match (layout, &self.layout) {
            (Some(read), Some(now)) => Arc::ptr_eq(read, now),
            _ => false,
        };
        if same_header
            && self.records.is_between()
            && let Some(part) = part
        {
            let line = self.records.line_reached();
            if self.book.append_part(part, line, &mut self.segment) {
                self.records.skip_lines(part.line_feeds);
                return Ok(());
            }
        }
        self.append_records(unit, false)
    }

    /// Ends the file; `end` is the error that stopped the source, if any.
    pub fn finish(mut self, end: io::Result<()>) -> Result<(), LoanBookError> {
        if let Err(source) = end {
            return Err(self.unreadable(source));
        }
        self.append_records(&[], true)?;
        self.segment.finish(self.book);
        let file = self.file;
        match (self.layout, self.above) {
            (Some(_), _) if self.book.len() > self.first_row => Ok(()),
            (Some(_), _) => Err(LoanBookError::NoLoans { file }),
            (None, Some(found)) => Err(LoanBookError::NoHeader {
                file,
                searched: self.searched,
                found,
            }),
            (None, None) => Err(LoanBookError::Empty { file }),
        }
    }

    /// Columns take up to twice as much where they grow: before they do, as much again must be within the limit.
    fn check_memory(&mut self) -> Result<(), LoanBookError> {
        let loans = self.book.len();
        if loans < self.checked_to {
            return Ok(());
        }
        memory::check(self.book.bytes()).map_err(|excess| LoanBookError::BookMemory {
            file: self.file.clone(),
            loans,
            excess,
        })?;
        self.checked_to = (2 * loans).max(CHECKED_FROM);
        Ok(())
    }

    fn unreadable(&self, source: io::Error) -> LoanBookError {
        let (file, line) = (self.file.clone(), self.records.line_reached());
        match source.kind() {
            // The decompressor's errors for streams that end early or do not decode.
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData => LoanBookError::Compressed { file, line, source },
            _ => LoanBookError::Io { file, source },
        }
    }

    fn append_records(&mut self, mut bytes: &[u8], end: bool) -> Result<(), LoanBookError> {
        loop {
            match self.records.next(&mut bytes, end) {
                Ok(Step::Record) => self.append_record()?,
                Ok(Step::More | Step::End) => return Ok(()),
                Err(_) => {
                    return Err(LoanBookError::RowTooLong {
                        file: self.file.clone(),
                        line: self.records.line(),
                        limit: MAX_RECORD,
                    });
                }
            }
        }
    }

    fn append_record(&mut self) -> Result<(), LoanBookError> {
        let (records, line) = (&self.records, self.records.line());
        if trim(records.joined()).is_empty() {
            self.book.other_lines.blank += 1;
            return Ok(());
        }
        let Some(known) = &self.layout else {
            if self.wanted.is_header(records.fields()) {
                return self.begin_segment();
            }
            self.searched += 1;
            self.book.other_lines.notes += 1;
            self.book.simulated |= records.joined().starts_with(NOTICE.as_bytes());
            self.above.get_or_insert_with(|| shown_record(records));
            if self.searched == HEADER_WITHIN {
                return Err(LoanBookError::NoHeader {
                    file: self.file.clone(),
                    searched: self.searched,
                    found: self.above.clone().unwrap_or_default(),
                });
            }
            return Ok(());
        };
        let other = &mut self.book.other_lines;
        let term = (records.len() == known.n_fields).then(|| records.field(known.term));
        let wanted = self.wanted;
        match other_line(|| records.fields(), term, |fields| wanted.is_header(fields)) {
            Some(OtherLine::Notes) => {
                other.notes += 1;
                self.segment.section = Section::None;
            }
            Some(OtherLine::Footer) => {
                other.footers += 1;
                self.segment.section = Section::None;
            }
            Some(OtherLine::Section) => {
                other.sections += 1;
                self.segment.section = Section::Announced;
            }
            Some(OtherLine::Header) => {
                other.repeated_headers += 1;
                self.segment.finish(self.book);
                return self.begin_segment();
            }
            None if records.len() != known.n_fields => {
                return Err(LoanBookError::Ragged {
                    file: self.file.clone(),
                    line,
                    found: records.len(),
                    expected: known.n_fields,
                });
            }
            None => {
                self.segment
                    .push_row(self.book, records, known)
                    .map_err(|e| located(e, &self.file, line))?;
            }
        }
        Ok(())
    }

    /// Takes the current record as the header of the rows that follow.
    fn begin_segment(&mut self) -> Result<(), LoanBookError> {
        let (fields, line) = (self.records.fields(), self.records.line());
        let layout = Layout::new(fields, self.wanted, &self.file, line)?;
        self.book.begin_segment(&layout, line);
        self.segment = Segment::starting_at(self.book.len());
        self.layout = Some(Arc::new(layout));
        Ok(())
    }
}

impl Append for Appender<'_> {
    type Layout = Layout;
    type Part = Part;
    type Error = LoanBookError;

    /// The current header, under which parts may be parsed.
    fn layout(&self) -> Option<Arc<Layout>> {
        self.layout.clone()
    }

    fn parse(unit: &[u8], layout: &Layout, index: &mut Index) -> Option<Part> {
        Part::read(unit, layout, index)
    }

    fn append(
        &mut self,
        unit: &[u8],
        part: Option<Part>,
        layout: Option<&Arc<Layout>>,
    ) -> Result<(), LoanBookError> {
        self.append_unit(unit, part.as_ref(), layout)
    }
}

fn located(error: RowError, file: &str, line: u64) -> LoanBookError {
    let file = file.to_owned();
    match error {
        RowError::Cell {
            target,
            found,
            expected,
        } => LoanBookError::Cell {
            file,
            line,
            column: target.name(),
            found: shown(&found),
            expected,
        },
        RowError::TooManyCategories { target } => LoanBookError::TooManyCategories {
            file,
            line,
            column: target.name(),
            limit: MAX_CATEGORIES,
        },
    }
}

/// A cell for a message: cut, control characters escaped.
fn shown(cell: &[u8]) -> String {
    cut(&text(cell)).to_string()
}

fn shown_record(records: &Records) -> String {
    shown(&records.fields().collect::<Vec<_>>().join(&b','))
}
