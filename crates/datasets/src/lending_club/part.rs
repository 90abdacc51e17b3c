//! Loans of a stretch of text that holds nothing else, read without the rest of the file.

use super::book::LoanBook;
use super::cell::trim;
use super::columns::CATEGORIES;
use super::layout::Layout;
use super::records::{MAX_RECORD, Record};
use super::row::{Section, Segment};
use super::scan::Index;

/// A stretch of rows below one header.
pub(crate) struct Part {
    book: LoanBook,
    segment: Segment,
    /// Line feeds in the stretch.
    pub line_feeds: u64,
}

/// A row of indexed text.
struct Row<'a> {
    text: &'a [u8],
    start: usize,
    ends: &'a [u32],
    line: u64,
}

impl Record for Row<'_> {
    fn field(&self, i: usize) -> &[u8] {
        let Some(&end) = self.ends.get(i) else {
            return &[];
        };
        let start = match i.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(&comma) => comma as usize + 1,
            None => self.start,
        };
        let mut cell = &self.text[start..end as usize];
        if i + 1 == self.ends.len() {
            cell = cell.strip_suffix(b"\r").unwrap_or(cell);
        }
        match cell {
            [b'"', inside @ .., b'"'] => inside,
            _ => cell,
        }
    }

    fn line(&self) -> u64 {
        self.line
    }
}

impl Part {
    /// Reads the rows of `text`, which begins where a record begins. `None` unless every row is a loan
    /// without anything wrong in it: then only the reader that knows what came before can tell.
    pub fn read(text: &[u8], layout: &Layout, index: &mut Index) -> Option<Self> {
        if !index.build(text) {
            return None;
        }
        let mut part = Self {
            book: LoanBook::empty(),
            segment: Segment::starting_at(0),
            line_feeds: index.rows.last().map_or(0, |row| u64::from(row.line_feeds)),
        };
        part.book.reserve(index.rows.len(), layout);
        let (mut start, mut first, mut line) = (0, 0, 0);
        for end in &index.rows {
            let ends = &index.ends[first..end.cells as usize];
            let row = Row {
                text,
                start,
                ends,
                line,
            };
            first = end.cells as usize;
            start = ends.last().map_or(start, |feed| *feed as usize + 1);
            line = u64::from(end.line_feeds);
            if row.field(0).is_empty() && matches!(text[row.start], b'\r' | b'\n') {
                continue;
            }
            let is_loan = ends.len() == layout.n_fields
                && trim(row.field(layout.term))
                    .first()
                    .is_some_and(u8::is_ascii_digit)
                // Half of it: whatever comes near is left to the reader that counts to the byte.
                && start - row.start <= MAX_RECORD / 2
                && !(index.doubled_quotes && has_doubled_quotes(&row, layout));
            if !is_loan {
                return None;
            }
            part.segment.push_row(&mut part.book, &row, layout).ok()?;
        }
        Some(part)
    }
}

/// Whether a cell that is kept has quotes inside, which would have to be made single.
fn has_doubled_quotes(row: &Row<'_>, layout: &Layout) -> bool {
    let mut kept = layout.slots.iter().map(|(place, _)| row.field(*place));
    kept.any(|cell| cell.contains(&b'"'))
}

impl LoanBook {
    /// Room for `rows` loans in the columns that are always filled.
    fn reserve(&mut self, rows: usize, layout: &Layout) {
        self.status.reserve(rows);
        self.off_policy.reserve(rows);
        self.term.reserve(rows);
        self.issue.reserve(rows);
        self.last_payment.reserve(rows);
        self.earliest_credit_line.reserve(rows);
        self.grade.reserve(rows);
        self.sub_grade.reserve(rows);
        self.line.reserve(rows);
        for (_, target) in &layout.slots {
            if let super::layout::Target::Number(i) = target {
                self.numbers[*i].reserve(rows);
            }
        }
    }

    /// Appends the loans of a part that begins on line `line` of a file, in a stretch of rows of which
    /// `segment` keeps count. False where a column has too many categories; then no loan is appended.
    pub(super) fn append_part(&mut self, part: &Part, line: u64, segment: &mut Segment) -> bool {
        let first = self.len();
        let mut codes = Vec::with_capacity(CATEGORIES.len());
        // In the order in which the part met them: the codes are those of a reader that went row by row.
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
