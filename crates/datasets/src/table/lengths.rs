//! The longest cells and records that are read, found out while the bytes come.

use super::error::{Location, TableError};
use super::source::Format;
use super::{MAX_CELL, MAX_RECORD};

/// Looks at the bytes of a text table, of which the separator is not known yet, for cells and records that are too
/// long, so that these are never held as a whole.
pub(crate) struct Lengths<'a> {
    file: &'a str,
    rules: Rules,
    state: State,
    cell: usize,
    record: usize,
    line: u64,
    /// Where the record and the cell begin.
    record_line: u64,
    cell_line: u64,
}

/// What ends a cell.
struct Rules {
    /// Whether what stands in double quotes is one cell, line ends and all.
    quotes: bool,
    /// Whether a colon does: in LIBSVM's format, or what may be that.
    colon: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// At the beginning of a cell.
    Start,
    Plain,
    Quoted,
    /// Behind a quote inside quotes, which ends them unless another one follows.
    Closed,
}

impl<'a> Lengths<'a> {
    pub fn new(file: &'a str, format: Option<Format>) -> Self {
        Self {
            file,
            rules: Rules {
                quotes: matches!(format, None | Some(Format::Csv)),
                colon: matches!(format, None | Some(Format::Libsvm)),
            },
            state: State::Start,
            cell: 0,
            record: 0,
            line: 1,
            record_line: 1,
            cell_line: 1,
        }
    }

    /// Looks at the next bytes.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        let is_inside = matches!(self.state, State::Quoted | State::Closed);
        let opens = self.rules.quotes && memchr::memchr(b'"', bytes).is_some();
        for piece in bytes.chunks(MAX_CELL) {
            if is_inside || opens {
                for &byte in piece {
                    self.next(byte);
                    self.check(0, 0)?;
                }
            } else {
                self.take_plain(piece)?;
            }
        }
        Ok(())
    }

    /// Whether the next byte begins a record.
    pub fn is_at_record(&self) -> bool {
        self.state == State::Start && self.cell == 0 && self.record == 0
    }

    /// Passes whole lines that hold no record of more than [`MAX_CELL`] bytes.
    pub fn skip_lines(&mut self, n: u64) {
        self.line += n;
        self.record_line = self.line;
        self.cell_line = self.line;
    }

    /// Whether cells end at this byte.
    pub fn separates(byte: u8) -> bool {
        matches!(byte, b',' | b';' | b'\t' | b'|')
    }

    /// Looks at bytes without quotes: where the first and the last cell and record end is all that counts, because
    /// those between are shorter than the bytes.
    fn take_plain(&mut self, bytes: &[u8]) -> Result<(), TableError> {
        let n = bytes.len();
        let ends = |byte: &u8| match byte {
            b'\n' | b'\r' | b',' | b';' | b'\t' | b'|' => true,
            b':' => self.rules.colon,
            _ => false,
        };
        let first = bytes.iter().position(ends);
        let last = bytes.iter().rposition(ends);
        let first_line = memchr::memchr2(b'\n', b'\r', bytes);
        self.check(first.unwrap_or(n), first_line.unwrap_or(n))?;
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        match memchr::memrchr2(b'\n', b'\r', bytes) {
            Some(end) => (self.record, self.record_line) = (n - end - 1, self.line),
            None => self.record += n,
        }
        match last {
            Some(end) => (self.cell, self.cell_line) = (n - end - 1, self.line),
            None => self.cell += n,
        }
        self.state = match self.cell {
            0 => State::Start,
            _ => State::Plain,
        };
        Ok(())
    }

    /// Checks the cell and the record with so many bytes more.
    fn check(&self, of_cell: usize, of_record: usize) -> Result<(), TableError> {
        if self.cell + of_cell > MAX_CELL {
            return Err(too_long(self.file, self.cell_line, 0, "cell", MAX_CELL));
        }
        if self.record + of_record > MAX_RECORD {
            return Err(too_long(
                self.file,
                self.record_line,
                0,
                "record",
                MAX_RECORD,
            ));
        }
        Ok(())
    }

    fn next(&mut self, byte: u8) {
        self.cell += 1;
        self.record += 1;
        match (self.state, byte) {
            (State::Quoted, b'"') => self.state = State::Closed,
            (State::Quoted, b'\n') => self.line += 1,
            (State::Quoted, _) => {}
            (State::Closed, b'"') => self.state = State::Quoted,
            (_, b'\n' | b'\r') => {
                self.line += u64::from(byte == b'\n');
                self.record = 0;
                self.record_line = self.line;
                self.begin_cell();
            }
            (_, b',' | b';' | b'\t' | b'|') => self.begin_cell(),
            (_, b':') if self.rules.colon => self.begin_cell(),
            // Every other byte of UTF-16 text.
            (_, 0) => {}
            (State::Start, b'"') if self.rules.quotes => self.state = State::Quoted,
            _ => self.state = State::Plain,
        }
    }

    fn begin_cell(&mut self) {
        self.cell = 0;
        self.cell_line = self.line;
        self.state = State::Start;
    }
}

/// The error of a cell or a record; `column` 0 where it is not known.
pub(crate) fn too_long(
    file: &str,
    line: u64,
    column: u64,
    what: &'static str,
    limit: usize,
) -> TableError {
    TableError::TooLong {
        at: Location::new(file, line, column),
        what,
        limit,
        remedy: " (is a quote never closed?)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text in pieces of any size, and the error.
    fn found(format: Option<Format>, text: &[u8], piece: usize) -> Option<String> {
        let mut lengths = Lengths::new("t", format);
        let error = text.chunks(piece).find_map(|part| lengths.take(part).err());
        error.map(|e| e.to_string())
    }

    #[test]
    fn long_cells_are_found_where_they_begin() {
        let most = MAX_CELL;
        let cell = |line: u64| {
            Some(format!(
                "t:{line}: found a cell of more than 1 million characters"
            ))
        };
        let x = |n: usize| "x".repeat(n);
        let cases = [
            (None, format!("a,y\n{},p\n", x(most)), None),
            (None, format!("a,y\n{},p\n", x(most + 1)), cell(2)),
            (
                None,
                format!("a,y\n1,\"{}\n,{}\",p\n", x(most / 2), x(most / 2)),
                cell(2),
            ),
            (
                None,
                format!("a,y\n1,\"{}\"\",{}\"\n", x(most / 2), x(most / 2)),
                cell(2),
            ),
            (
                None,
                format!("a,y\n{}\"{},{}\"\n", x(1), x(most / 2), x(most / 2)),
                None,
            ),
            (
                Some(Format::Keel),
                format!("% \"open\n{}\n", "1,2\n".repeat(most)),
                None,
            ),
            (None, format!("a,y\n\"{}", "1,2\n".repeat(most)), cell(2)),
            (
                Some(Format::Libsvm),
                format!("1 {}\n", "1:2 ".repeat(most)),
                None,
            ),
            (
                Some(Format::Csv),
                format!("1 {}\n", "1:2 ".repeat(most)),
                cell(1),
            ),
        ];
        for (format, text, expected) in cases {
            for piece in [7, 1 << 16] {
                let found = found(format, text.as_bytes(), piece);
                let start = text.get(..20).unwrap_or(&text);
                match &expected {
                    None => assert_eq!(found, None, "{start:?}"),
                    Some(words) => {
                        let found = found.unwrap_or_default();
                        assert!(found.starts_with(words), "{start:?}: {found}");
                    }
                }
            }
        }
    }

    #[test]
    fn long_records_are_found_where_they_begin() {
        let text = format!("a\n{}", "1,".repeat(MAX_RECORD / 2 + 1));
        let words = "t:2: found a record of more than 64 million characters";
        assert!(
            found(None, text.as_bytes(), 1 << 16)
                .unwrap()
                .starts_with(words)
        );
    }
}
