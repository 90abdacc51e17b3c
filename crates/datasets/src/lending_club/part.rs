//! Parses a unit of text that holds nothing but loans, independently of the rest of the file.

use super::appender::MAX_RECORD;
use super::book::LoanBook;
use super::cell::{emp_length, trim};
use super::columns::{CATEGORIES, Numbers};
use super::layout::{Layout, Target};
use super::row::{Section, Segment, Terms};
use crate::delimited::{Index, Rows};

/// The loans of one unit.
pub(crate) struct Part {
    book: LoanBook,
    segment: Segment,
    /// Line feeds in the unit.
    pub line_feeds: u64,
}

/// The rows of a unit, `None` where one is neither a loan nor empty.
fn loans<'a>(text: &'a [u8], index: &'a Index, layout: &Layout) -> Option<Rows<'a>> {
    // Longer rows are left to the record-by-record parser, which applies the limit exactly.
    let rows = Rows::new(text, index, layout.n_fields, MAX_RECORD / 2)?;
    let are_loans = rows
        .cells(layout.term)
        .all(|term| trim(term).first().is_some_and(u8::is_ascii_digit));
    are_loans.then_some(rows)
}

impl Part {
    /// Parses the rows of `text`, which begins at a record. `None` unless every row is a valid loan: the
    /// record-by-record parser, which knows the context, then decides.
    ///
    /// Goes column by column: that is twice as fast as row by row.
    pub fn read(text: &[u8], layout: &Layout, index: &mut Index) -> Option<Self> {
        if !index.build(text, b',') {
            return None;
        }
        let rows = loans(text, index, layout)?;
        let (mut book, mut segment) = (LoanBook::empty(), Segment::starting_at(0));
        let mut terms = vec![Terms::default(); rows.len()];
        let mut values = Vec::with_capacity(rows.len());
        for &(place, target) in &layout.slots {
            let mut cells = rows.cells(place).map(trim);
            // Doubled quotes inside a cell would have to be undone.
            if index.doubled_quotes && rows.cells(place).any(|cell| trim(cell).contains(&b'"')) {
                return None;
            }
            values.clear();
            match target {
                Target::Number(i) => {
                    for cell in cells {
                        values.push(segment.number(i, cell).ok()?);
                    }
                    book.numbers[i] = Numbers::of(&values);
                }
                Target::EmpLength => {
                    for cell in cells {
                        values.push(emp_length(cell).ok()?);
                    }
                    book.emp_length = Numbers::of(&values);
                }
                Target::Category(i) => {
                    let (column, normalize) = (&mut book.categories[i], CATEGORIES[i].normalize);
                    if !cells
                        .enumerate()
                        .all(|(row, cell)| column.set(row, cell, normalize))
                    {
                        return None;
                    }
                }
                Target::Name => {
                    let names = &mut book.names;
                    cells
                        .enumerate()
                        .for_each(|(row, cell)| names.set(row, cell));
                }
                _ => {
                    let mut pairs = terms.iter_mut().zip(&mut cells);
                    pairs.try_for_each(|(terms, cell)| terms.set(target, cell).ok())?;
                }
            }
        }
        for (row, terms) in terms.iter().enumerate() {
            let months = terms.months(layout.as_of).ok()?;
            segment.push_terms(&mut book, terms, months, rows.line(row));
        }
        Some(Self {
            book,
            segment,
            line_feeds: rows.line_feeds,
        })
    }
}

impl LoanBook {
    /// Appends the loans of a part that begins on line `line` of a file and belongs to `segment`. Returns false, and
    /// appends nothing, where a column has too many categories.
    pub(super) fn append_part(&mut self, part: &Part, line: u64, segment: &mut Segment) -> bool {
        let first = self.len();
        let mut codes = Vec::with_capacity(CATEGORIES.len());
        // In order of first appearance, so that codes are the same as when parsed row by row.
        for ((kept, new), column) in self
            .categories
            .iter_mut()
            .zip(&part.book.categories)
            .zip(CATEGORIES)
        {
            match kept.adopt(new, column.normalize) {
                Some(map) => codes.push(map),
                None => return false,
            }
        }
        for ((kept, new), map) in self
            .categories
            .iter_mut()
            .zip(&part.book.categories)
            .zip(codes)
        {
            kept.extend(first, new, &map);
        }
        for (kept, new) in self.numbers.iter_mut().zip(&part.book.numbers) {
            kept.extend(first, new);
        }
        let new = &part.book;
        self.emp_length.extend(first, &new.emp_length);
        self.names.extend(first, &new.names);
        self.status.extend_from_slice(&new.status);
        if segment.section == Section::None {
            self.off_policy.extend_from_slice(&new.off_policy);
        } else {
            let by_status = new.off_policy.iter();
            self.off_policy
                .extend(by_status.map(|off| segment.off_policy(*off)));
        }
        self.term.extend_from_slice(&new.term);
        self.issue.extend_from_slice(&new.issue);
        self.last_payment.extend_from_slice(&new.last_payment);
        self.earliest_credit_line
            .extend_from_slice(&new.earliest_credit_line);
        self.grade.extend_from_slice(&new.grade);
        self.sub_grade.extend_from_slice(&new.sub_grade);
        self.line.extend(
            new.line
                .iter()
                .map(|l| u32::try_from(u64::from(*l) + line).unwrap_or(u32::MAX)),
        );
        segment.merge_scales(&part.segment);
        true
    }
}
