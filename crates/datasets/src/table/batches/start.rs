//! The start of a file, from which it shows whether and how it can be read in batches.

use super::super::grid::Syntax;
use super::super::source::{Format, Stream};
use super::super::{ReadOptions, TableSchema, encoding, separator, sniff};
use crate::lending_club::LOOKED_AT;

/// Bytes that are looked at, and looked at once more where they are too few.
const SIZES: [usize; 3] = [256 << 10, 4 << 20, 64 << 20];

/// What a start shows.
enum Shown {
    /// Nothing yet.
    TooShort,
    /// That the file is not one to read in batches.
    Other,
    /// That it is CSV.
    Csv,
}

/// The start of a CSV file that can be read in batches, and whether that is all of it. What is read from it (separator,
/// header) is what would be read from the whole file.
pub(super) fn of_csv(
    schema: &TableSchema,
    stream: &mut Stream,
    options: &ReadOptions,
) -> Option<(Vec<u8>, bool)> {
    let (file, known) = (stream.file.clone(), stream.known);
    for size in SIZES {
        let (head, is_all) = stream.look(size);
        match shown(schema, &file, known, (head, is_all), options) {
            Shown::TooShort if head.len() < size => return None,
            Shown::TooShort => {}
            Shown::Other => return None,
            Shown::Csv => return Some((head.to_vec(), is_all)),
        }
    }
    None
}

/// The lines of a start that are whole and UTF-8, without the byte order mark, and whether they are all there is.
pub(super) fn text(head: &[u8], is_all: bool) -> (&str, bool) {
    let bytes = head.strip_prefix(encoding::MARK).unwrap_or(head);
    let (valid, is_all) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, is_all),
        Err(e) => {
            let valid = bytes.get(..e.valid_up_to()).unwrap_or_default();
            (std::str::from_utf8(valid).unwrap_or_default(), false)
        }
    };
    let end = match is_all {
        true => valid.len(),
        false => valid.rfind('\n').map_or(0, |feed| feed + 1),
    };
    (&valid[..end], is_all)
}

fn shown(
    schema: &TableSchema,
    file: &str,
    known: Option<Format>,
    (head, is_all): (&[u8], bool),
    options: &ReadOptions,
) -> Shown {
    if sniff::is_parquet(head) || sniff::foreign(head).is_some() || !encoding::is_utf_8(head) {
        return Shown::Other;
    }
    let (text, is_all) = text(head, is_all);
    let decided = |bytes: usize| is_all || bytes < text.len();
    let format = match known {
        Some(format) => format,
        None if is_all || sniff::decides(text) => sniff::text_format(text),
        None => return Shown::TooShort,
    };
    if format != Format::Csv || options.check_format(file, format).is_err() {
        return Shown::Other;
    }
    let asked = schema.reading.separator;
    if !(decided(LOOKED_AT) && decided(separator::decides(text, asked))) {
        return Shown::TooShort;
    }
    match schema.csv(file, text) {
        Ok(grid) if !decided(grid.body.start) => Shown::TooShort,
        // Lines that are no loans may stand between the rows.
        Ok(grid) if is_loan_book(grid.body.syntax) => Shown::Other,
        Ok(_) => Shown::Csv,
        Err(_) => Shown::Other,
    }
}

fn is_loan_book(syntax: Syntax) -> bool {
    !matches!(
        syntax,
        Syntax::Csv {
            loan_book: false,
            ..
        }
    )
}
