//! RFC 4180 records with the line on which each starts.
//!
//! Built on the `csv` crate's own parser rather than its reader, for two things the reader lacks: the
//! exact line of a record below blank lines and under CRLF, and a bound on the length of one record,
//! without which a quote that is never closed would take the rest of the file into memory.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// A record of a file, whichever parser found it.
pub(crate) trait Record {
    /// Field `i`, without its quotes; empty past the end.
    fn field(&self, i: usize) -> &[u8];
    /// Line on which the record starts.
    fn line(&self) -> u64;
}

/// Finds records one at a time in bytes that are given in pieces of any size.
pub(crate) struct Records {
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    n_text: usize,
    n_ends: usize,
    n_fields: usize,
    /// Whether a record is open: begun, but not ended.
    inside: bool,
    line: u64,
    /// The longest record accepted, in bytes.
    longest: usize,
}

/// The result of [`Records::next`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A record.
    Record,
    /// The end of the bytes, inside a record or between two.
    More,
    /// The end of the file.
    End,
}

/// A record that is longer than what is accepted.
#[derive(Debug)]
pub(crate) struct TooLong;

impl Record for Records {
    fn field(&self, i: usize) -> &[u8] {
        if i >= self.n_fields {
            return &[];
        }
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start..self.ends[i]]
    }

    fn line(&self) -> u64 {
        self.line
    }
}

impl Records {
    /// Of cells with this separator, none of more than `longest` bytes.
    pub fn new(separator: u8, longest: usize) -> Self {
        Self {
            parser: ReaderBuilder::new().delimiter(separator).build(),
            text: vec![0; 16 << 10],
            ends: vec![0; 256],
            n_text: 0,
            n_ends: 0,
            n_fields: 0,
            inside: false,
            line: 1,
            longest,
        }
    }

    /// Number of fields of the last record.
    pub fn len(&self) -> usize {
        self.n_fields
    }

    /// The fields of the last record in order.
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.n_fields).map(|i| self.field(i))
    }

    /// All fields of the last record, one behind the other.
    pub fn joined(&self) -> &[u8] {
        let len = match self.n_fields {
            0 => 0,
            n => self.ends[n - 1],
        };
        &self.text[..len]
    }

    /// Whether no record is open: the next byte would begin one.
    pub fn is_between(&self) -> bool {
        !self.inside
    }

    /// The current line.
    pub fn line_reached(&self) -> u64 {
        self.parser.line()
    }

    /// Skips the lines of whole records that were parsed elsewhere.
    pub fn skip_lines(&mut self, n: u64) {
        self.parser.set_line(self.parser.line() + n);
    }

    /// Moves to the next record and takes its bytes off `input`; `end` says that no bytes follow these.
    /// Lines without a single character are no records.
    pub fn next(&mut self, input: &mut &[u8], end: bool) -> Result<Step, TooLong> {
        self.n_fields = 0;
        if !self.inside {
            (self.n_text, self.n_ends) = (0, 0);
        }
        loop {
            if input.is_empty() && !end {
                return Ok(Step::More);
            }
            let (text, ends) = (&mut self.text[self.n_text..], &mut self.ends[self.n_ends..]);
            let (result, n_in, n_out, n_end) = self.parser.read_record(input, text, ends);
            let (taken, rest) = input.split_at(n_in);
            *input = rest;
            self.n_text += n_out;
            self.n_ends += n_end;
            self.inside |= taken.iter().any(|b| !matches!(b, b'\r' | b'\n'));
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    if self.text.len() >= self.longest {
                        self.line = self.start_line(0);
                        return Err(TooLong);
                    }
                    self.text.resize(self.text.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    if self.ends.len() >= self.longest {
                        self.line = self.start_line(0);
                        return Err(TooLong);
                    }
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::Record => {
                    self.inside = false;
                    self.n_fields = self.n_ends;
                    // At the end of the file nothing is passed: then no line feed ended the record.
                    self.line = self.start_line(taken.last().copied().unwrap_or(0));
                    return Ok(Step::Record);
                }
                ReadRecordResult::End => {
                    self.inside = false;
                    self.line = self.parser.line();
                    return Ok(Step::End);
                }
            }
        }
    }

    /// The parser counts the line feeds it has passed. Those inside the record, and the one that ends
    /// it, lie after its start; under CRLF the parser stops between the two and has not seen it.
    fn start_line(&self, last: u8) -> u64 {
        let inside = self.text[..self.n_text]
            .iter()
            .filter(|b| **b == b'\n')
            .count() as u64;
        (self.parser.line() - u64::from(last == b'\n')).saturating_sub(inside)
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Step, TooLong};

    const LONGEST: usize = 8 << 20;

    /// Reads a whole text.
    struct Records<'a> {
        records: super::Records,
        rest: &'a [u8],
    }

    impl<'a> Records<'a> {
        fn new(rest: &'a [u8]) -> Self {
            let records = super::Records::new(b',', LONGEST);
            Self { records, rest }
        }

        fn next_record(&mut self) -> Result<bool, TooLong> {
            let step = self.records.next(&mut self.rest, true)?;
            Ok(step == Step::Record)
        }
    }

    impl std::ops::Deref for Records<'_> {
        type Target = super::Records;

        fn deref(&self) -> &super::Records {
            &self.records
        }
    }

    fn lines(text: &str) -> Vec<(u64, usize)> {
        let mut records = Records::new(text.as_bytes());
        let mut found = Vec::new();
        while let Ok(true) = records.next_record() {
            found.push((records.line(), records.len()));
        }
        found
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        let lf = "a,b\n\n\n1,\"x\ny\"\n2,3\n\"4\",\"5\"";
        let expected = vec![(1, 2), (4, 2), (6, 2), (7, 2)];
        assert_eq!(lines(lf), expected);
        assert_eq!(lines(&lf.replace('\n', "\r\n")), expected);
        assert_eq!(lines(&format!("{lf}\n")), expected);
        assert_eq!(lines(""), vec![]);
        assert_eq!(lines("\n\r\n"), vec![]);
    }

    #[test]
    fn an_open_quote_does_not_take_the_file_into_memory() {
        let text = format!("a,b\n1,\"{}", "x\n".repeat(LONGEST));
        let mut records = Records::new(text.as_bytes());
        assert!(matches!(records.next_record(), Ok(true)));
        assert!(matches!(records.next_record(), Err(TooLong)));
        assert_eq!(records.line(), 2);
        assert!(records.text.len() <= LONGEST);
    }
}
