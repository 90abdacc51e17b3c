//! From bytes to a [`LoanBook`].

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::Input;
use crate::delimited::{Blocks, Sizes, append_blocks};

use super::appender::Appender;
use super::book::LoanBook;
use super::error::LoanBookError;
use super::features::DEFAULT_FEATURES;
use super::layout::Wanted;
use super::month::Month;
use super::need::Need;
use super::repeats::repeated_rows;

/// How to read loan files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct ReadOptions {
    /// Features whose columns are kept, besides the terms of the loan and its payments. Memory and time
    /// grow with them. Default [`DEFAULT_FEATURES`].
    pub features: Vec<String>,
    /// Columns of categories that are kept beside the features where a file has them: groups of loans, such as
    /// `addr_state`, which may not be a feature. Default none.
    pub groups: Vec<String>,
    /// Whether the files have the outcomes of the loans. `false` reads loans on offer: no status, no
    /// payments. Default true.
    pub outcome: bool,
    /// Columns that results need beside those that every file must have, so that what is absent is known before
    /// any loan is read. Default none.
    pub needs: Vec<Need>,
    /// Names of columns in the files, each with Lending Club's name for it. Default none. Older names are known
    /// without: `is_inc_v`, `open_il_6m`.
    pub columns: BTreeMap<String, String>,
    /// The column whose text [`Loan::name`](super::Loan::name) gives. Default none.
    pub id: Option<String>,
    /// For loans on offer that have neither `issue_d` nor `list_d`: the month as of which they are looked at, to
    /// which credit histories are counted. Default none.
    pub as_of: Option<Month>,
    /// What error messages call a source that has no path. Default `input`.
    pub name: String,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            features: DEFAULT_FEATURES.iter().map(|s| (*s).to_owned()).collect(),
            groups: Vec::new(),
            outcome: true,
            needs: Vec::new(),
            columns: BTreeMap::new(),
            id: None,
            as_of: None,
            name: "input".to_owned(),
        }
    }
}

/// Compressed bytes read at a time.
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
        let wanted = Wanted::new(options)?;
        for path in paths {
            let input = Input::open(path)?;
            let name = input.name().to_owned();
            book.append(input.into_reader(), &wanted, name, Sizes::default())?;
        }
        book.finished(&wanted)
    }

    /// As [`read_paths`](Self::read_paths), of one file or pipe that is open already; its name is taken from there.
    ///
    /// # Errors
    /// As [`read_path`](Self::read_path).
    pub fn read_input(input: Input, mut options: ReadOptions) -> Result<Self, LoanBookError> {
        input.name().clone_into(&mut options.name);
        Self::from_reader(input.into_reader(), options)
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
        let wanted = Wanted::new(&options)?;
        book.append(reader, &wanted, options.name, Sizes::default())?;
        book.finished(&wanted)
    }

    pub(super) fn append(
        &mut self,
        mut reader: impl Read,
        wanted: &Wanted,
        file: String,
        sizes: Sizes,
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
        self.files.push((self.len(), file.clone()));
        let gzip = head.starts_with(&[0x1f, 0x8b]);
        let source = Cursor::new(head).chain(reader);
        let mut appender = Appender::new(self, wanted, file);
        let end = if gzip {
            let source = BufReader::with_capacity(BUFFER, source);
            append_blocks(
                &mut appender,
                Blocks::new(MultiGzDecoder::new(source), sizes),
            )?
        } else {
            append_blocks(&mut appender, Blocks::new(source, sizes))?
        };
        appender.finish(end)
    }

    fn finished(mut self, wanted: &Wanted) -> Result<Self, LoanBookError> {
        if let Some(error) = wanted.unmet_name(&self.mapped) {
            return Err(error);
        }
        self.numbers.iter_mut().for_each(|n| n.shrink());
        self.repeated = repeated_rows(&self);
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
