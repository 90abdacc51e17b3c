//! What separates the cells of a CSV file.

use csv::{ReaderBuilder, StringRecord};

use super::error::{Location, TableError};

/// Marks that separate cells, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Rows below the header that are looked at.
const ROWS: usize = 50;

/// The separator as a byte.
pub(super) fn byte_of(file: &str, separator: char) -> Result<u8, TableError> {
    match u8::try_from(separator) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => Ok(byte),
        _ => Err(TableError::Invalid {
            at: Location {
                file: file.to_owned(),
                line: 0,
                column: 0,
            },
            found: format!("{separator:?} as separator"),
            expected: "one ASCII character such as ; or a tab, and no quote".to_owned(),
        }),
    }
}

/// The separator that splits the header and the rows below it into equally many cells; a comma where none does.
///
/// A comma inside the names of a file with semicolons (`amount, eur;home`) splits the header but not the rows in the
/// same way. Where both split every row, the one that gives more cells is taken, and of two that give as many the one
/// that is not the comma: commas are decimal marks too.
pub(super) fn find(text: &str) -> u8 {
    let mut best = (0, 0, b',');
    for separator in SEPARATORS {
        let (width, share, _) = fit(text, separator);
        if width < 2 {
            continue;
        }
        let better = match share.cmp(&best.1) {
            std::cmp::Ordering::Equal if best.2 == b',' => width >= best.0,
            std::cmp::Ordering::Equal => width > best.0,
            order => order.is_gt(),
        };
        if best.0 == 0 || better {
            best = (width, share, separator);
        }
    }
    best.2
}

/// How many bytes of a text decide which separator it has, and which columns where `asked` is the one.
pub(super) fn decides(text: &str, asked: Option<char>) -> usize {
    let asked = asked.and_then(|separator| byte_of("", separator).ok());
    let bytes = SEPARATORS.into_iter().chain(asked);
    bytes.map(|byte| fit(text, byte).2).max().unwrap_or(0)
}

/// Cells of the header, how many of the next rows, out of a thousand, have as many, and where these rows end.
fn fit(text: &str, separator: u8) -> (usize, usize, usize) {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut width, mut rows, mut alike) = (0, 0, 0_usize);
    while rows < ROWS && reader.read_record(&mut record).unwrap_or(false) {
        if record.len() <= 1 && record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if width == 0 {
            width = record.len();
        } else {
            rows += 1;
            alike += usize::from(record.len() == width);
        }
    }
    let share = (1000 * alike).checked_div(rows).unwrap_or(1000);
    (width, share, reader.position().byte() as usize)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_separator_is_the_one_that_fits_header_and_rows() {
        for (text, separator) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1;2\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("a;b, c;d\n1;2;3\n", b';'),
            ("a, x;b, x;y\n1,5;2,5;p\n", b';'),
            ("a;b,c\n1;2,3\n4;5,6\n", b';'),
            ("a;b,c,d\n1;2,3,4\n", b','),
            ("\"a;b\",c\n\"1;2\",3\n", b','),
            ("\n\na;b\n\n1;2\n", b';'),
            ("a,b\n1,2\n3\n", b','),
            ("a\n1\n", b','),
            ("", b','),
        ] {
            assert_eq!(find(text), separator, "{text:?}");
        }
    }
}
