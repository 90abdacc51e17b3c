//! Distinguishes Lending Club's files from other CSV files.

use crate::table::Format;
use flate2::read::MultiGzDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Lines among which the header must be: notes and blank lines may stand above it.
const LINES: usize = 20;
/// Bytes that are read at most, after decompression.
const BYTES: u64 = 1 << 16;
/// As many.
pub(crate) const LOOKED_AT: usize = BYTES as usize;
/// Columns that every loan file has, and hardly any other.
const COLUMNS: [&str; 2] = ["loan_status", "funded_amnt"];
/// Others that say the same, where the amount funded is absent.
const OTHER_COLUMNS: [&str; 5] = ["loan_status", "loan_amnt", "term", "int_rate", "issue_d"];

/// Whether a file is a CSV, plain or gzip, with Lending Club's columns: by its extension, and by a header with
/// `loan_status` and `funded_amnt` (or `loan_status`, `loan_amnt`, `term`, `int_rate` and `issue_d`) among its first
/// 20 lines.
///
/// `false` for a file that cannot be opened or read: the reader that takes it says why.
///
/// ```
/// use fuzzysvm_datasets::lending_club::is_loan_book;
/// use std::path::Path;
/// assert!(!is_loan_book(Path::new("no such file.csv")));
/// ```
pub fn is_loan_book(path: &Path) -> bool {
    is_loan_book_with(path, &BTreeMap::new())
}

/// As [`is_loan_book`], with the caller's names for columns: see
/// [`ReadOptions::columns`](super::ReadOptions::columns).
pub fn is_loan_book_with(path: &Path, columns: &BTreeMap<String, String>) -> bool {
    matches!(Format::of_path(path), Ok(Format::Csv))
        && File::open(path).is_ok_and(|file| has_columns(file, columns))
}

/// As [`is_loan_book_with`], by the first bytes of a file.
pub(crate) fn is_start_of_book(bytes: &[u8], columns: &BTreeMap<String, String>) -> bool {
    has_columns(bytes, columns)
}

fn has_columns(file: impl Read, columns: &BTreeMap<String, String>) -> bool {
    let mut reader = BufReader::new(file);
    let mut mark = [0; 2];
    let n = reader.read(&mut mark).unwrap_or(0);
    let whole = (&mark[..n]).chain(reader);
    let mut start = Vec::new();
    // An error further on is the reader's to report: what came before it may suffice.
    let _ = if mark[..n] == [0x1f, 0x8b] {
        let decoder = MultiGzDecoder::new(whole);
        decoder.take(BYTES).read_to_end(&mut start)
    } else {
        whole.take(BYTES).read_to_end(&mut start)
    };
    names_a_book(&String::from_utf8_lossy(&start), columns)
}

/// Whether a text is a CSV with Lending Club's columns, by the rule of [`is_loan_book`].
pub(crate) fn is_loan_text(text: &str) -> bool {
    let mut end = text.len().min(BYTES as usize);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    names_a_book(&text[..end], &BTreeMap::new())
}

fn names_a_book(text: &str, columns: &BTreeMap<String, String>) -> bool {
    let mut lines = text.lines().take(LINES);
    lines.any(|line| is_book_header(|| line.split(','), columns))
}

/// Whether cells are names among which those of [`is_loan_book`] are; `columns` are the caller's for Lending Club's.
pub(crate) fn is_book_header<'a, C: Iterator<Item = &'a str>>(
    cells: impl Fn() -> C,
    columns: &BTreeMap<String, String>,
) -> bool {
    let has = |name: &&str| {
        cells().any(|cell| {
            let cell = cell.trim().trim_matches('"');
            let renamed = |(from, to): (&String, &String)| {
                from.trim().to_lowercase() == cell.to_ascii_lowercase()
                    && to.trim().to_lowercase() == *name
            };
            cell.eq_ignore_ascii_case(name) || columns.iter().any(renamed)
        })
    };
    COLUMNS.iter().all(has) || OTHER_COLUMNS.iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    const HEADER: &str = "id,\"Funded_Amnt\", \"loan_status\" ,dti\n1,1000,Fully Paid,3\n";

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn sniff(name: &str, bytes: &[u8]) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        is_loan_book(&path)
    }

    #[test]
    fn loan_files_are_known_by_their_header() {
        let notes = |n: usize| "a note, with a comma\n".repeat(n) + HEADER;
        for name in ["loans.csv", "LOANS.CSV", "loans.csv.gz"] {
            assert!(sniff(name, HEADER.as_bytes()), "{name}");
            assert!(sniff(name, &gzip(HEADER)), "{name}");
            assert!(sniff(name, notes(19).as_bytes()));
            assert!(!sniff(name, notes(20).as_bytes()));
            assert!(!sniff(name, &gzip(&notes(20))));
        }
        assert!(sniff("crlf.csv", HEADER.replace('\n', "\r\n").as_bytes()));
        // Cut or damaged after the header.
        let long = gzip(&(HEADER.to_owned() + &"1,2,3,4\n".repeat(9_000)));
        assert!(sniff("cut.csv.gz", &long[..long.len() - 20]));
        let latin_1 = [HEADER.as_bytes(), b"2,500,Charged Off \xe9,4\n"].concat();
        assert!(sniff("latin-1.csv", &latin_1));
    }

    #[test]
    fn without_the_amount_funded_and_with_names_of_their_own() {
        let header = "issue_d,loan_amnt,term,int_rate,loan_status\n";
        assert!(sniff("a.csv", header.as_bytes()));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "State,Funded,x\n").unwrap();
        let columns = |pairs: &[(&str, &str)]| {
            let owned = |(from, to): &(&str, &str)| ((*from).to_owned(), (*to).to_owned());
            pairs.iter().map(owned).collect::<BTreeMap<_, _>>()
        };
        let both = columns(&[("state", "loan_status"), ("FUNDED", "funded_amnt")]);
        assert!(is_loan_book_with(&path, &both));
        assert!(!is_loan_book_with(
            &path,
            &columns(&[("state", "loan_status")])
        ));
        assert!(!is_loan_book(&path));
    }

    #[test]
    fn other_files_are_none() {
        for bytes in [
            "",
            "l",
            "\n\n",
            "age,income,loan_status\n1,2,3\n",
            "loan_status_2,funded_amnt\n",
            "loan_status;funded_amnt\n",
            "id,note\n1,\"loan_status and funded_amnt\"\n",
            "loan_status,loan_amnt,term,int_rate\n",
        ] {
            assert!(!sniff("a.csv", bytes.as_bytes()), "{bytes:?}");
            assert!(!sniff("a.csv.gz", &gzip(bytes)), "{bytes:?}");
        }
        assert!(!sniff("a.csv.gz", b"\x1f\x8b"));
        assert!(!sniff("a.csv.gz", b"\x1f\x8bnot gzip"));
        // Too far down.
        let far = format!("{}\n{HEADER}", "x".repeat(1 << 16));
        assert!(!sniff("far.csv", far.as_bytes()));
        // By the extension.
        for name in ["loans.dat", "loans.libsvm", "loans.parquet", "loans"] {
            assert!(!sniff(name, HEADER.as_bytes()), "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_loan_book(folder.path()));
        assert!(!is_loan_book(&folder.path().join("absent.csv")));
    }
}
