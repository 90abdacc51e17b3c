//! From bytes to a [`LoanBook`].

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::book::LoanBook;
use super::columns::text;
use super::error::LoanBookError;
use super::features::DEFAULT_FEATURES;
use super::layout::{Layout, Wanted, is_header};
use super::records::{MAX_RECORD, RecordError, Records};
use super::row::{RowError, Section, Segment};

/// How to read loan files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct ReadOptions {
    /// Features whose columns are kept, beside the terms of the loan and its payments. Memory and time
    /// grow with them. Default [`DEFAULT_FEATURES`].
    pub features: Vec<String>,
    /// Whether the files tell how the loans went. `false` reads loans on offer: no status, no
    /// payments. Default true.
    pub outcome: bool,
    /// What error messages call a source that has no path. Default `input`.
    pub name: String,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            features: DEFAULT_FEATURES.iter().map(|s| (*s).to_owned()).collect(),
            outcome: true,
            name: "input".to_owned(),
        }
    }
}

/// How many records may stand above the header.
const HEADER_WITHIN: u64 = 20;

/// Bytes read at a time.
const BUFFER: usize = 256 << 10;

impl LoanBook {
    /// Reads one file, plain or gzip, with [`ReadOptions::default`].
    ///
    /// # Errors
    /// [`LoanBookError`] with file and line, and for a cell its column, what was found and what was
    /// expected.
    pub fn read_path(path: impl AsRef<Path>) -> Result<Self, LoanBookError> {
        Self::read_paths(&[path], &ReadOptions::default())
    }

    /// Reads several files in order into one book. Columns are matched by name: their order and
    /// number may differ from file to file.
    ///
    /// # Errors
    /// As [`read_path`](Self::read_path).
    pub fn read_paths<P: AsRef<Path>>(
        paths: &[P],
        options: &ReadOptions,
    ) -> Result<Self, LoanBookError> {
        let mut book = Self::empty();
        let wanted = Wanted::new(&options.features, options.outcome)?;
        for path in paths {
            let path = path.as_ref();
            let name = path.display().to_string();
            let file = File::open(path).map_err(|source| LoanBookError::Io {
                file: name.clone(),
                source,
            })?;
            book.append(file, &wanted, name)?;
        }
        book.finish();
        Ok(book)
    }

    /// Reads one source, plain or gzip.
    ///
    /// ```
    /// use fuzzysvm_datasets::lending_club::{LoanBook, LoanBookError, ReadOptions};
    /// let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee\n\
    ///             Fully Paid, 36 months,10.65%,Dec-2011,1000,1100,0\n\
    ///             Charged Off, 36 months,x,Dec-2011,1000,300,0\n";
    /// let error = LoanBook::from_reader(file.as_bytes(), ReadOptions::default()).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "input:3: column `int_rate`: found `x`, expected a yearly rate such as 10.65%",
    /// );
    /// ```
    ///
    /// # Errors
    /// As [`read_path`](Self::read_path).
    pub fn from_reader(reader: impl Read, options: ReadOptions) -> Result<Self, LoanBookError> {
        let mut book = Self::empty();
        let wanted = Wanted::new(&options.features, options.outcome)?;
        book.append(reader, &wanted, options.name)?;
        book.finish();
        Ok(book)
    }

    fn append(
        &mut self,
        mut reader: impl Read,
        wanted: &Wanted,
        file: String,
    ) -> Result<(), LoanBookError> {
        let mut head = Vec::with_capacity(4);
        let sniffed = reader.by_ref().take(4).read_to_end(&mut head);
        sniffed.map_err(|source| LoanBookError::Io {
            file: file.clone(),
            source,
        })?;
        let not_text = |found, remedy| {
            let file = file.clone();
            Err(LoanBookError::NotText {
                file,
                found,
                remedy,
            })
        };
        match head.as_slice() {
            [b'P', b'K', 3 | 5, ..] => {
                return not_text("a ZIP archive (or a spreadsheet)", "unpack it first");
            }
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                return not_text("UTF-16 text", "save it as UTF-8");
            }
            b"PAR1" => return not_text("a Parquet file", "write it as CSV"),
            _ => {}
        }
        self.files.push((self.len(), file));
        let gzip = head.starts_with(&[0x1f, 0x8b]);
        let source = Cursor::new(head).chain(reader);
        let source = BufReader::with_capacity(BUFFER, source);
        if gzip {
            let source = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(source));
            self.append_records(Records::new(source), wanted)
        } else {
            self.append_records(Records::new(source), wanted)
        }
    }

    fn append_records<R: BufRead>(
        &mut self,
        mut records: Records<R>,
        wanted: &Wanted,
    ) -> Result<(), LoanBookError> {
        let file = self
            .files
            .last()
            .map(|(_, n)| n.clone())
            .unwrap_or_default();
        let first_row = self.len();
        let mut layout = None;
        let mut segment = Segment::starting_at(first_row);
        let mut above: Option<String> = None;
        let mut searched = 0;
        while next(&mut records, &file)? {
            let line = records.line();
            if records.is_blank() {
                self.other_lines.blank += 1;
                continue;
            }
            let Some(known) = &layout else {
                if is_header(records.fields()) {
                    layout = Some(Layout::new(records.fields(), wanted, &file, line)?);
                    self.keep_targets(layout.as_ref());
                    continue;
                }
                searched += 1;
                self.other_lines.notes += 1;
                above.get_or_insert_with(|| shown_record(&records));
                if searched == HEADER_WITHIN {
                    break;
                }
                continue;
            };
            match special(&records, known) {
                Some(Special::Notes) => {
                    self.other_lines.notes += 1;
                    segment.section = Section::None;
                }
                Some(Special::Footer) => {
                    self.other_lines.footers += 1;
                    segment.section = Section::None;
                }
                Some(Special::Section) => {
                    self.other_lines.sections += 1;
                    segment.section = Section::Announced;
                }
                Some(Special::Header) => {
                    self.other_lines.repeated_headers += 1;
                    segment.finish(self);
                    segment = Segment::starting_at(self.len());
                    layout = Some(Layout::new(records.fields(), wanted, &file, line)?);
                    self.keep_targets(layout.as_ref());
                }
                None if records.len() != known.n_fields => {
                    return Err(LoanBookError::Ragged {
                        file,
                        line,
                        found: records.len(),
                        expected: known.n_fields,
                    });
                }
                None => {
                    segment
                        .push_row(self, &records, known)
                        .map_err(|e| located(e, &file, line))?;
                }
            }
        }
        segment.finish(self);
        match (layout, above) {
            (Some(_), _) if self.len() > first_row => Ok(()),
            (Some(_), _) => Err(LoanBookError::NoLoans { file }),
            (None, Some(found)) => Err(LoanBookError::NoHeader {
                file,
                searched,
                found,
            }),
            (None, None) => Err(LoanBookError::Empty { file }),
        }
    }

    fn keep_targets(&mut self, layout: Option<&Layout>) {
        for (_, target) in layout.iter().flat_map(|l| &l.slots) {
            if !self.present.contains(target) {
                self.present.push(*target);
            }
        }
    }

    fn finish(&mut self) {
        self.numbers.iter_mut().for_each(|n| n.shrink());
    }
}

fn next<R: BufRead>(records: &mut Records<R>, file: &str) -> Result<bool, LoanBookError> {
    records.next_record().map_err(|e| {
        let (file, line) = (file.to_owned(), records.line());
        match e {
            RecordError::TooLong => LoanBookError::RowTooLong {
                file,
                line,
                limit: MAX_RECORD,
            },
            RecordError::Io(source) => match source.kind() {
                // What the decompressor says of streams that stop early or do not decode.
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData => LoanBookError::Compressed { file, line, source },
                _ => LoanBookError::Io { file, source },
            },
        }
    })
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
            limit: super::columns::MAX_CATEGORIES,
        },
    }
}

/// A cell for a message: at most 40 characters, control characters escaped.
fn shown(cell: &[u8]) -> String {
    let text = text(cell);
    let mut shown: String = text.chars().take(40).flat_map(escaped).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let (plain, control) = if c.is_control() {
        (None, Some(c.escape_default()))
    } else {
        (Some(c), None)
    };
    plain.into_iter().chain(control.into_iter().flatten())
}

fn shown_record<R: BufRead>(records: &Records<R>) -> String {
    shown(&records.fields().collect::<Vec<_>>().join(&b','))
}

/// A record below the header that is no loan.
enum Special {
    Notes,
    Section,
    Footer,
    Header,
}

fn special<R: BufRead>(records: &Records<R>, layout: &Layout) -> Option<Special> {
    // A loan has a number in its term, so nothing else is looked at for a loan.
    let term = super::cell::trim(records.field(layout.term));
    if records.len() == layout.n_fields && term.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let first = records
        .fields()
        .map(super::cell::trim)
        .find(|f| !f.is_empty())?;
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let first = first.strip_prefix(b"\"").unwrap_or(first);
    let begins = |text: &str| {
        first
            .get(..text.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
    };
    if begins("Total amount funded in policy code") {
        Some(Special::Footer)
    } else if begins("Loans that do not meet the credit policy") {
        Some(Special::Section)
    } else if begins("Notes offered by Prospectus") {
        Some(Special::Notes)
    } else if is_header(records.fields()) {
        Some(Special::Header)
    } else {
        None
    }
}
