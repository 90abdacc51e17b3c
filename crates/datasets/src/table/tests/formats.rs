//! Which format a file is, by name, by content, or because it is said.

use std::io::Write as _;
use std::path::Path;

use super::*;

const CSV: &str = "a,t,y\n1,u,p\n2,v,n\n3,v,n\n";
const ARFF: &str =
    "% words\n@relation t\n@attribute a real\n@attribute y {n,p}\n@data\n1,p\n2,n\n3,n\n";
const SVM: &str = "1 1:1 2:3\n-1 1:2\n-1 2:1\n";

fn read_named(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Dataset, TableError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    read(&path, options)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16();
    [0xff, 0xfe]
        .into_iter()
        .chain(units.flat_map(u16::to_le_bytes))
        .collect()
}

#[test]
fn extensions_name_formats() {
    for (name, format) in [
        ("a.csv", Format::Csv),
        ("a.TSV", Format::Csv),
        ("a.tab.gz", Format::Csv),
        ("a.dat", Format::Keel),
        ("a.b.arff.GZ", Format::Keel),
        ("a.svm", Format::Libsvm),
        ("a.svmlight", Format::Libsvm),
        ("a.libsvm.gz", Format::Libsvm),
        ("a.parquet", Format::Parquet),
    ] {
        assert_eq!(Format::of_path(Path::new(name)).unwrap(), format, "{name}");
    }
    for name in ["a", "a.gz", "a.data", "a.txt", "a.xlsx", "csv", "-", ""] {
        assert!(Format::of_path(Path::new(name)).is_err(), "{name}");
    }
    for name in Format::NAMES {
        let format: Format = name.parse().unwrap();
        assert!(format.to_string() == *name || *name == "arff");
    }
    assert!(
        "excel"
            .parse::<Format>()
            .unwrap_err()
            .contains("csv, keel, arff")
    );
}

#[test]
fn other_names_are_read_by_their_content() {
    for (text, reader) in [(CSV, csv as fn(&str) -> _), (ARFF, keel), (SVM, libsvm)] {
        let expected = reader(text).unwrap();
        for name in ["a", "a.data", "a.txt", "a.train", "a.gz"] {
            let gzipped = gzip(text);
            let files = [text.as_bytes().to_vec(), utf_16(text), gzipped];
            for bytes in files.iter().skip(2 * usize::from(name == "a.gz")) {
                let data = read_named(name, bytes, &ReadOptions::default())
                    .unwrap_or_else(|e| panic!("{name}: {e}"));
                assert_eq!((&data.x, &data.y), (&expected.x, &expected.y), "{name}");
                assert_eq!(data.feature_names, expected.feature_names);
                // And a second file through the schema.
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join(name);
                std::fs::write(&path, bytes).unwrap();
                let rows = data.schema.read(&path, TargetUse::Required).unwrap();
                assert_eq!(rows.x, expected.x);
            }
        }
    }
}

#[test]
fn what_is_said_goes_before_name_and_content() {
    let options = |format| ReadOptions::default().with_format(format);
    let data = read_named("a.dat", CSV.as_bytes(), &options(Format::Csv)).unwrap();
    assert_eq!(data.x, csv(CSV).unwrap().x);
    let data = read_named("a.csv", ARFF.as_bytes(), &options(Format::Keel)).unwrap();
    assert_eq!(data.x, keel(ARFF).unwrap().x);
    assert!(read_named("a", CSV.as_bytes(), &options(Format::Keel)).is_err());
    assert!(read_named("a", CSV.as_bytes(), &options(Format::Libsvm)).is_err());
}

#[test]
fn what_is_no_table_is_named_whatever_its_name() {
    let cases: [(&[u8], &str); 8] = [
        (
            b"PK\x03\x04\x14\0[Content_Types].xml..xl/workbook.xml",
            "found an Excel workbook (.xlsx), expected a text table (save the sheet as CSV UTF-8)",
        ),
        (
            b"PK\x03\x04\x14\0loans.csv",
            "found a ZIP archive, expected a table (unpack it first",
        ),
        (b"\x28\xb5\x2f\xfd\x04\x00", "found a zstd archive"),
        (b"BZh91AY&SY", "found a bzip2 archive"),
        (b"\xfd7zXZ\0\0", "found an xz archive"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "found an Excel workbook (.xls)",
        ),
        (b"<!DOCTYPE html>\n<html>\n", "found an HTML page"),
        (
            b"a,y\n1,\xe9\n2,b\n",
            "found byte 0xE9, expected UTF-8 text; the file is likely Latin-1",
        ),
    ];
    for (bytes, expected) in cases {
        for name in ["a.csv", "a.dat", "a.svm", "a", "a.xlsx", "a.csv.gz"] {
            if name.ends_with(".gz") && expected.contains("0xE9") {
                continue;
            }
            let error = read_named(name, bytes, &ReadOptions::default());
            let error = error.expect_err(name).to_string();
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
    // Where text is asked for, Parquet is named.
    for format in [Format::Csv, Format::Keel, Format::Libsvm] {
        let error = read_bytes("t", format, b"PAR1....PAR1", &ReadOptions::default());
        let error = error.unwrap_err().to_string();
        assert!(error.contains("found a Parquet file"), "{error}");
    }
    let error = read_named("a.csv.gz", CSV.as_bytes(), &ReadOptions::default());
    assert!(matches!(error, Err(TableError::Compressed { .. })));
}

#[test]
fn utf_16_reads_as_utf_8() {
    let text = "größe,t,y\n1,é,p\n2,ß,n\n3,ß,n\n";
    let expected = csv(text).unwrap();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xfe\xff".as_slice(), &big].concat();
    for bytes in [big, little, marked, utf_16(text)] {
        let data = read_bytes("t.csv", Format::Csv, &bytes, &ReadOptions::default()).unwrap();
        assert_eq!(
            (&data.x, &data.feature_names),
            (&expected.x, &expected.feature_names)
        );
    }
}

#[test]
#[cfg(not(feature = "parquet"))]
fn parquet_is_named_where_it_is_not_built_in() {
    for name in ["a.parquet", "a.csv", "a"] {
        let error = read_named(name, b"PAR1....PAR1", &ReadOptions::default());
        assert!(
            matches!(error, Err(TableError::NotBuiltIn { .. })),
            "{name}"
        );
    }
}
