//! RFC 4180 records with the line on which each starts.
//!
//! Built on the `csv` crate's own parser rather than its reader, for two things the reader lacks: the
//! exact line of a record below blank lines and under CRLF, and a bound on the length of one record,
//! without which a quote that is never closed would take the rest of the file into memory.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader};

/// The longest record accepted. The longest loan, with its description, has some 6,000 bytes.
pub(crate) const MAX_RECORD: usize = 8 << 20;

/// Reads records one at a time into buffers that are used again.
pub(crate) struct Records<R> {
    source: R,
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    n_fields: usize,
    line: u64,
}

/// Why there is no next record.
pub(crate) enum RecordError {
    /// Reading failed.
    Io(io::Error),
    /// Longer than [`MAX_RECORD`].
    TooLong,
}

impl<R: BufRead> Records<R> {
    pub fn new(source: R) -> Self {
        Self {
            source,
            parser: Reader::new(),
            text: vec![0; 16 << 10],
            ends: vec![0; 256],
            n_fields: 0,
            line: 1,
        }
    }

    /// Line on which the last record starts, one-based.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Number of fields of the last record.
    pub fn len(&self) -> usize {
        self.n_fields
    }

    /// Field `i` of the last record; empty past the end.
    pub fn field(&self, i: usize) -> &[u8] {
        if i >= self.n_fields {
            return &[];
        }
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start..self.ends[i]]
    }

    /// The fields of the last record in order.
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.n_fields).map(|i| self.field(i))
    }

    /// Whether every field of the last record is empty.
    pub fn is_blank(&self) -> bool {
        let len = match self.n_fields {
            0 => 0,
            n => self.ends[n - 1],
        };
        super::cell::trim(&self.text[..len]).is_empty()
    }

    /// Moves to the next record; false at the end. Lines without a single character are no records.
    pub fn next_record(&mut self) -> Result<bool, RecordError> {
        self.n_fields = 0;
        let (mut n_text, mut n_ends) = (0, 0);
        let mut last;
        loop {
            let input = match self.source.fill_buf() {
                Ok(input) => input,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    self.line = self.parser.line();
                    return Err(RecordError::Io(e));
                }
            };
            let (result, n_in, n_out, n_end) =
                self.parser
                    .read_record(input, &mut self.text[n_text..], &mut self.ends[n_ends..]);
            // At the end of the file nothing is passed: then no line feed ended the record.
            last = if n_in > 0 { input[n_in - 1] } else { 0 };
            self.source.consume(n_in);
            n_text += n_out;
            n_ends += n_end;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    if self.text.len() >= MAX_RECORD {
                        self.line = self.start_line(n_text, 0);
                        return Err(RecordError::TooLong);
                    }
                    self.text.resize(self.text.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    if self.ends.len() >= MAX_RECORD {
                        self.line = self.start_line(n_text, 0);
                        return Err(RecordError::TooLong);
                    }
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::Record => {
                    self.n_fields = n_ends;
                    self.line = self.start_line(n_text, last);
                    return Ok(true);
                }
                ReadRecordResult::End => {
                    self.line = self.parser.line();
                    return Ok(false);
                }
            }
        }
    }

    /// The parser counts the line feeds it has passed. Those inside the record, and the one that ends
    /// it, lie after its start; under CRLF the parser stops between the two and has not seen it.
    fn start_line(&self, n_text: usize, last: u8) -> u64 {
        let inside = self.text[..n_text].iter().filter(|b| **b == b'\n').count() as u64;
        (self.parser.line() - u64::from(last == b'\n')).saturating_sub(inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let text = format!("a,b\n1,\"{}", "x\n".repeat(MAX_RECORD));
        let mut records = Records::new(text.as_bytes());
        assert!(matches!(records.next_record(), Ok(true)));
        assert!(matches!(records.next_record(), Err(RecordError::TooLong)));
        assert_eq!(records.line(), 2);
        assert!(records.text.len() <= MAX_RECORD);
    }
}
