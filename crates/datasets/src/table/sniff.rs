//! What a file is, by its first bytes.

use super::source::{Format, lines};

/// Lines that are looked at to tell text formats apart.
const LINES: usize = 20;

/// Files that are no text table: where their mark stands, the mark, what they are, and what helps.
const MARKS: &[(usize, &[u8], &str, &str)] = &[
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (4, b"1AY&SY", "a bzip2 archive", UNPACK),
    (0, b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (
        0,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel workbook (.xls)",
        SAVE,
    ),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file", EXPORT),
    (0, b"\x93NUMPY", "a NumPy array", EXPORT),
    (0, b"ARROW1\0\0", "an Arrow or Feather file", EXPORT),
    (0, b"SQLite format 3\0", "an SQLite database", EXPORT),
    (0, b"MATLAB 5.0 MAT-file", "a MATLAB file", EXPORT),
    (0, b"$FL2@(#)", "an SPSS file", EXPORT),
    (0, b"<stata_dta>", "a Stata file", EXPORT),
    (0, b"%PDF-", "a PDF file", EXPORT),
];

const UNPACK: &str = "a table (unpack it first; gzip alone is read as it is)";
const SAVE: &str = "a text table (save the sheet as CSV UTF-8)";
const EXPORT: &str = "a table (export it as CSV)";

/// What a file is and what would be wanted, where it is known to be no table of text and no Parquet file.
pub(super) fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let start = bytes.get(..4096).unwrap_or(bytes);
        let end = bytes.get(bytes.len().saturating_sub(1 << 16)..);
        let holds = |name: &[u8]| {
            let mut parts = [start, end.unwrap_or_default()].into_iter();
            parts.any(|part| memchr::memmem::find(part, name).is_some())
        };
        return Some(if holds(b"xl/") && holds(b"[Content_Types].xml") {
            ("an Excel workbook (.xlsx)", SAVE)
        } else if holds(b"opendocument.spreadsheet") {
            ("an OpenDocument spreadsheet", SAVE)
        } else {
            ("a ZIP archive", UNPACK)
        });
    }
    let marked = MARKS.iter().find(|(at, mark, _, _)| {
        bytes
            .get(*at..)
            .is_some_and(|bytes| bytes.starts_with(mark))
    });
    if let Some(&(_, _, what, remedy)) = marked {
        return Some((what, remedy));
    }
    let start = bytes.get(..256).unwrap_or(bytes).trim_ascii_start();
    let is_html = [b"<!doctype html".as_slice(), b"<html"].iter().any(|mark| {
        start
            .get(..mark.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(mark))
    });
    is_html.then_some((
        "an HTML page",
        "a table (what was downloaded is a page about the file, or its error)",
    ))
}

/// Whether a file is Parquet.
pub(super) fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1")
}

/// Lines that are neither empty nor comments.
fn content(text: &str) -> impl Iterator<Item = &str> {
    lines(text).map(|(_, line)| line.trim()).filter(|line| {
        let comment = line.starts_with('%') || line.starts_with('#');
        !(line.is_empty() || comment)
    })
}

/// Whether a text holds all the lines that [`text_format`] looks at, even if more followed it.
pub(super) fn decides(text: &str) -> bool {
    content(text).nth(LINES).is_some()
}

/// The text format of a file whose name does not say it: ARFF or KEEL where its first line is a directive, LIBSVM
/// where rows are a number and `index:value` pairs, else CSV.
pub(super) fn text_format(text: &str) -> Format {
    let mut content = content(text).take(LINES).peekable();
    if content.peek().is_some_and(|line| is_directive(line)) {
        return Format::Keel;
    }
    let mut pairs = 0;
    let all_sparse = content.all(|line| {
        let n = n_pairs(line);
        pairs += n.unwrap_or(0);
        n.is_some()
    });
    match all_sparse && pairs > 0 {
        true => Format::Libsvm,
        false => Format::Csv,
    }
}

fn is_directive(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('@') else {
        return false;
    };
    let word = rest.split_whitespace().next().unwrap_or_default();
    [
        "relation",
        "attribute",
        "input",
        "inputs",
        "output",
        "outputs",
        "data",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}

/// The number of `index:value` pairs behind a label; `None` where a line is something else.
fn n_pairs(line: &str) -> Option<usize> {
    let content = line.split('#').next().unwrap_or_default();
    let mut tokens = content.split_whitespace();
    tokens.next()?.parse::<f64>().ok()?;
    let mut n = 0;
    for token in tokens {
        let (index, value) = token.split_once(':')?;
        let is_index = index == "qid" || index.parse::<u64>().is_ok();
        if !is_index || value.parse::<f64>().is_err() {
            return None;
        }
        n += 1;
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_formats_are_told_apart() {
        let cases = [
            ("@relation t\n", Format::Keel),
            ("% words\n\n  @ATTRIBUTE a real\n", Format::Keel),
            ("@inputs a\n", Format::Keel),
            ("1 1:2\n-1 2:3\n", Format::Libsvm),
            ("# words\n+1 qid:3 1:2 # more\r\n-1\r\n", Format::Libsvm),
            ("1\n-1 1:2\n", Format::Libsvm),
            ("1\n2\n", Format::Csv),
            ("", Format::Csv),
            ("a,y\n1,p\n", Format::Csv),
            ("@home,y\n1,p\n", Format::Csv),
            ("@relationship,y\n", Format::Csv),
            ("1 1:2\nx 1:2\n", Format::Csv),
            ("1 12:30:15\n", Format::Csv),
            ("1 a:2\n", Format::Csv),
            ("1,1:2\n", Format::Csv),
            ("time y\n12:30 1\n", Format::Csv),
        ];
        for (text, expected) in cases {
            assert_eq!(text_format(text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_files_are_named() {
        let zip = |name: &str| [b"PK\x03\x04........".as_slice(), name.as_bytes()].concat();
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let cases: Vec<(Vec<u8>, Option<&str>)> = vec![
            (
                zip("[Content_Types].xml xl/workbook.xml"),
                Some("an Excel workbook (.xlsx)"),
            ),
            (
                zip("[Content_Types].xml word/document.xml"),
                Some("a ZIP archive"),
            ),
            (
                zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
                Some("an OpenDocument spreadsheet"),
            ),
            (zip("loans.csv"), Some("a ZIP archive")),
            (b"PK\x05\x06".to_vec(), Some("a ZIP archive")),
            (b"BZh91AY&SY".to_vec(), Some("a bzip2 archive")),
            (b"\x28\xb5\x2f\xfd..".to_vec(), Some("a zstd archive")),
            (tar, Some("a tar archive")),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
                Some("an Excel workbook (.xls)"),
            ),
            (b"\n <!DOCTYPE HTML><html>".to_vec(), Some("an HTML page")),
            (b"<HTML>".to_vec(), Some("an HTML page")),
            (b"".to_vec(), None),
            (b"PK,y\n1,p\n".to_vec(), None),
            (b"<a>,y\n".to_vec(), None),
            (b"a,y\n1,p\n".to_vec(), None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(foreign(&bytes).map(|f| f.0), expected, "{bytes:?}");
        }
    }
}
