//! The columns of a Parquet file as text.

use std::fmt::Write as _;

use bytes::Bytes;
use fuzzysvm_core::memory::{self, OverLimit};
use parquet::basic::{Compression, ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::super::error::{Location, TableError, shown};
use super::super::grid::{Column, Declared, check_distinct};
use super::super::schema::check_size;
use super::super::sniff;
use super::pages::{self, PageFault};
use super::{CELL, ROW, TextTable, thrift};

/// Rows decoded at a time.
const BATCH: usize = 4096;

/// Bytes of text in a column from which memory is looked at.
const FIRST_CHECK: usize = 1 << 20;

/// How the values of a column become text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Signed,
    Unsigned,
    Float,
    Half,
    Boolean,
    Text,
    /// Digits behind the point.
    Decimal(i32),
    /// Not read: what it is called.
    Refused(&'static str),
}

/// The cells of a column, one after the other.
#[derive(Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

struct Place<'a> {
    file: &'a str,
}

impl Place<'_> {
    fn refuse(&self, line: u64, column: u64, found: String, expected: &str) -> TableError {
        TableError::Invalid {
            at: Location {
                file: self.file.to_owned(),
                line,
                column,
            },
            found,
            expected: expected.to_owned(),
        }
    }

    fn too_much(&self, what: &str, excess: OverLimit) -> TableError {
        TableError::Memory {
            file: Some(self.file.to_owned()),
            what: what.to_owned(),
            excess,
        }
    }

    fn damaged(&self, e: &ParquetError) -> TableError {
        let found = format!("damaged or unsupported Parquet data ({e})");
        self.refuse(0, 0, found, "a whole Parquet file")
    }
}

/// The error of a file that the decoders cannot follow.
pub(super) fn damaged(file: &str) -> TableError {
    let found = "damaged Parquet data".to_owned();
    Place { file }.refuse(0, 0, found, "a whole Parquet file")
}

pub(super) fn table(
    file: &str,
    bytes: &[u8],
    wanted: &dyn Fn(&str) -> bool,
) -> Result<TextTable, TableError> {
    let place = Place { file };
    if !sniff::is_parquet(bytes) {
        return Err(place.refuse(
            0,
            0,
            "no Parquet file".to_owned(),
            "one, which starts with PAR1",
        ));
    }
    thrift::check_struct(footer(bytes)).map_err(|what| place.damaged(&general(what)))?;
    let reader =
        SerializedFileReader::new(Bytes::copy_from_slice(bytes)).map_err(|e| place.damaged(&e))?;
    let metadata = reader.metadata();
    let schema = metadata.file_metadata().schema_descr();

    // Of a nested column only the first leaf counts, to name it.
    let mut leaves: Vec<(usize, Kind)> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    let mut last_root = None;
    for (leaf, descriptor) in schema.columns().iter().enumerate() {
        let root = schema.get_column_root_idx(leaf);
        let name = schema.get_column_root(leaf).name();
        if last_root.replace(root) == Some(root) || is_index(name) {
            continue;
        }
        let kind = kind_of(descriptor);
        if let Kind::Refused(what) = kind
            && wanted(name)
        {
            let found = format!("{what} in column {}", shown(name));
            let expected = "numbers, texts or booleans: such columns are not supported, drop it";
            return Err(place.refuse(0, 0, found, expected));
        }
        leaves.push((leaf, kind));
        columns.push(Column {
            name: name.to_owned(),
            declared: Declared::Open,
        });
    }
    if columns.is_empty() {
        return Err(TableError::Empty {
            file: file.to_owned(),
        });
    }
    check_distinct(file, 0, &columns)?;

    let mut text = String::new();
    let mut n_before = 0_usize;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|e| place.damaged(&e))?;
        let n_rows = usize::try_from(group.metadata().num_rows()).unwrap_or(usize::MAX);
        let total = n_before.saturating_add(n_rows);
        check_size(file, total, columns.len())?;
        let mut cells = Vec::with_capacity(leaves.len());
        for (j, &(leaf, kind)) in leaves.iter().enumerate() {
            if let Kind::Refused(_) = kind {
                cells.push(Cells::empty(n_rows));
                continue;
            }
            let codec = group.metadata().column(leaf).compression();
            if let Some(codec) = unreadable(codec) {
                let found = format!("{codec} compression");
                let expected =
                    "snappy, gzip or none (pandas: to_parquet(…, compression=\"snappy\"))";
                return Err(place.refuse(0, 0, found, expected));
            }
            let pages =
                chunk(group.metadata().column(leaf), bytes).map_err(|e| place.damaged(&e))?;
            match pages::check(pages, codec) {
                Ok(()) => {}
                Err(PageFault::Damaged(what)) => {
                    return Err(place.damaged(&general(what)));
                }
                Err(PageFault::Memory(excess)) => return Err(place.too_much("a page", excess)),
                Err(PageFault::Encoding(what)) => {
                    let name = &columns[j].name;
                    if !wanted(name) {
                        cells.push(Cells::empty(n_rows));
                        continue;
                    }
                    let found = format!("texts in {what} in column {}", shown(name));
                    let expected = "plain values or a dictionary: write it so, or drop the column";
                    return Err(place.refuse(0, 0, found, expected));
                }
            }
            let mut column = group
                .get_column_reader(leaf)
                .map_err(|e| place.damaged(&e))?;
            let max_level = schema.column(leaf).max_def_level();
            let found = column_cells(&mut column, kind, n_rows, max_level);
            cells.push(found.map_err(|e| match e {
                Fault::Damaged(e) => place.damaged(&e),
                Fault::Text { row } => {
                    let line = (n_before + row + 1) as u64;
                    let found = "bytes that are no UTF-8 text".to_owned();
                    place.refuse(line, j as u64 + 1, found, "text")
                }
                Fault::Memory(excess) => place.too_much("texts", excess),
            })?);
        }
        let n_bytes = cells
            .iter()
            .map(|column| column.text.len() + n_rows)
            .sum::<usize>();
        memory::check(n_bytes as u64).map_err(|excess| place.too_much("texts", excess))?;
        text.reserve(n_bytes + n_rows);
        for row in 0..n_rows {
            for column in &cells {
                text.push_str(column.get(row));
                text.push(CELL);
            }
            text.push(ROW);
        }
        n_before = total;
    }
    Ok(TextTable { columns, text })
}

/// Whether a column is the index that pandas stores beside the columns.
fn is_index(name: &str) -> bool {
    name.strip_prefix("__index_level_")
        .and_then(|rest| rest.strip_suffix("__"))
        .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

fn unreadable(codec: Compression) -> Option<&'static str> {
    match codec {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) => None,
        Compression::ZSTD(_) => Some("zstd"),
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("lz4"),
        Compression::LZO => Some("lzo"),
    }
}

/// The pages of a column: the reader takes for granted that they lie within the file.
fn chunk<'a>(column: &ColumnChunkMetaData, bytes: &'a [u8]) -> Result<&'a [u8], ParquetError> {
    let first = column
        .dictionary_page_offset()
        .unwrap_or(column.data_page_offset());
    let start = usize::try_from(first).unwrap_or(usize::MAX);
    let size = usize::try_from(column.compressed_size()).unwrap_or(usize::MAX);
    let found = match column.data_page_offset() {
        0.. => bytes.get(start..start.saturating_add(size)),
        _ => None,
    };
    found.ok_or_else(|| general("a column outside the file"))
}

/// The bytes that describe the file: in front of its last eight, which hold their number.
fn footer(bytes: &[u8]) -> &[u8] {
    let Some((rest, [a, b, c, d, ..])) = bytes.split_last_chunk::<8>() else {
        return &[];
    };
    let n = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
    &rest[rest.len().saturating_sub(n)..]
}

fn general(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

fn kind_of(column: &ColumnDescriptor) -> Kind {
    if column.path().parts().len() > 1 || column.max_rep_level() > 0 {
        return Kind::Refused("nested values");
    }
    match column.logical_type_ref() {
        Some(LogicalType::Date) => return Kind::Refused("dates"),
        Some(LogicalType::Time(_)) => return Kind::Refused("times"),
        Some(LogicalType::Timestamp(_)) => return Kind::Refused("timestamps"),
        Some(LogicalType::Uuid) => return Kind::Refused("identifiers (UUID)"),
        Some(LogicalType::Float16) => return Kind::Half,
        _ => {}
    }
    let decimal = || match column.type_scale() {
        scale @ 0..=400 => Kind::Decimal(scale),
        _ => Kind::Refused("decimals of a scale that is not supported"),
    };
    use ConvertedType as C;
    match (column.physical_type(), column.converted_type()) {
        (_, C::DATE) => Kind::Refused("dates"),
        (_, C::TIME_MILLIS | C::TIME_MICROS) => Kind::Refused("times"),
        (_, C::TIMESTAMP_MILLIS | C::TIMESTAMP_MICROS) => Kind::Refused("timestamps"),
        (Physical::INT96, _) => Kind::Refused("timestamps"),
        (_, C::INTERVAL) => Kind::Refused("intervals"),
        (_, C::BSON) => Kind::Refused("documents (BSON)"),
        (Physical::INT32 | Physical::INT64, C::DECIMAL) => decimal(),
        (Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, C::DECIMAL) => decimal(),
        (Physical::INT32 | Physical::INT64, C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64) => {
            Kind::Unsigned
        }
        (Physical::INT32 | Physical::INT64, _) => Kind::Signed,
        (Physical::FLOAT | Physical::DOUBLE, _) => Kind::Float,
        (Physical::BOOLEAN, _) => Kind::Boolean,
        (Physical::BYTE_ARRAY, _) => Kind::Text,
        (Physical::FIXED_LEN_BYTE_ARRAY, _) => Kind::Refused("bytes"),
    }
}

enum Fault {
    Damaged(ParquetError),
    Memory(OverLimit),
    /// Zero-based row of the group.
    Text {
        row: usize,
    },
}

impl From<ParquetError> for Fault {
    fn from(e: ParquetError) -> Self {
        Fault::Damaged(e)
    }
}

fn column_cells(
    column: &mut ColumnReader,
    kind: Kind,
    n_rows: usize,
    max_level: i16,
) -> Result<Cells, Fault> {
    match column {
        ColumnReader::BoolColumnReader(r) => read(r, n_rows, max_level, |v, out| {
            out.push_str(if *v { "True" } else { "False" });
            true
        }),
        ColumnReader::Int32ColumnReader(r) => read(r, n_rows, max_level, |v, out| match kind {
            Kind::Unsigned => put(out, *v as u32),
            Kind::Decimal(scale) => decimal(out, i128::from(*v), scale),
            _ => put(out, v),
        }),
        ColumnReader::Int64ColumnReader(r) => read(r, n_rows, max_level, |v, out| match kind {
            Kind::Unsigned => put(out, *v as u64),
            Kind::Decimal(scale) => decimal(out, i128::from(*v), scale),
            _ => put(out, v),
        }),
        ColumnReader::FloatColumnReader(r) => {
            read(r, n_rows, max_level, |v, out| number(out, f64::from(*v)))
        }
        ColumnReader::DoubleColumnReader(r) => read(r, n_rows, max_level, |v, out| number(out, *v)),
        ColumnReader::ByteArrayColumnReader(r) => {
            read(r, n_rows, max_level, |v, out| bytes(out, v.data(), kind))
        }
        ColumnReader::FixedLenByteArrayColumnReader(r) => {
            read(r, n_rows, max_level, |v, out| bytes(out, v.data(), kind))
        }
        // Refused before.
        ColumnReader::Int96ColumnReader(_) => Ok(Cells::empty(n_rows)),
    }
}

/// Reads `n_rows` values; `write` says whether a value could be written.
fn read<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    n_rows: usize,
    max_level: i16,
    write: impl Fn(&T::T, &mut String) -> bool,
) -> Result<Cells, Fault> {
    let mut cells = Cells::default();
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut checked = FIRST_CHECK;
    while cells.ends.len() < n_rows {
        values.clear();
        levels.clear();
        let most = BATCH.min(n_rows - cells.ends.len());
        let (n, _, _) = column.read_records(most, Some(&mut levels), None, &mut values)?;
        if n == 0 {
            let why = format!("a column of {} values, not {n_rows}", cells.ends.len());
            return Err(Fault::Damaged(ParquetError::General(why)));
        }
        let mut values = values.iter();
        for row in 0..n {
            let is_there = max_level == 0 || levels.get(row) == Some(&max_level);
            if is_there {
                let value = values.next().ok_or_else(|| {
                    let why = "fewer values than levels".to_owned();
                    ParquetError::General(why)
                })?;
                if !write(value, &mut cells.text) {
                    return Err(Fault::Text {
                        row: cells.ends.len(),
                    });
                }
                // A value stands once in the file and may be in every row.
                if cells.text.len() > checked {
                    checked = 2 * cells.text.len();
                    memory::check(checked as u64).map_err(Fault::Memory)?;
                }
            }
            cells.ends.push(cells.text.len());
        }
    }
    Ok(cells)
}

impl Cells {
    fn empty(n_rows: usize) -> Self {
        Self {
            text: String::new(),
            ends: vec![0; n_rows],
        }
    }

    fn get(&self, row: usize) -> &str {
        let end = |row: usize| self.ends.get(row).copied().unwrap_or_default();
        let start = row.checked_sub(1).map_or(0, end);
        self.text.get(start..end(row)).unwrap_or_default()
    }
}

fn put(out: &mut String, value: impl std::fmt::Display) -> bool {
    write!(out, "{value}").is_ok()
}

/// As `1e300`, not with 300 zeros.
fn number(out: &mut String, value: f64) -> bool {
    put(out, format_args!("{value:?}"))
}

fn decimal(out: &mut String, unscaled: i128, scale: i32) -> bool {
    // The parser of numbers rounds this once.
    put(out, format_args!("{unscaled}e-{scale}"))
}

fn bytes(out: &mut String, data: &[u8], kind: Kind) -> bool {
    match (kind, data) {
        (Kind::Decimal(scale), _) => {
            if data.is_empty() || data.len() > 16 {
                return false;
            }
            // Two's complement, the highest byte first.
            let sign = if data[0] >= 0x80 { -1 } else { 0 };
            let unscaled = data
                .iter()
                .fold(sign, |value: i128, &b| (value << 8) | i128::from(b));
            decimal(out, unscaled, scale)
        }
        (Kind::Half, [low, high]) => number(out, half(u16::from_le_bytes([*low, *high]))),
        (Kind::Half, _) => false,
        _ => match std::str::from_utf8(data) {
            Ok(text) => {
                let keep = |c| if matches!(c, CELL | ROW) { ' ' } else { c };
                out.extend(text.chars().map(keep));
                true
            }
            Err(_) => false,
        },
    }
}

/// A number of half precision.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff) / 1024.0;
    sign * match exponent {
        0 => fraction * 2_f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2_f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_few_bytes() {
        let cases = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960464477539063e-8),
            (0x3555, 0.333251953125),
            (0x7c00, f64::INFINITY),
        ];
        for (bits, expected) in cases {
            assert_eq!(half(bits), expected);
        }
        assert!(half(0x7e00).is_nan());
        for (data, scale, expected) in [
            (&[0x30, 0x39][..], 2, 123.45),
            (&[0xff], 0, -1.0),
            (&[0xff, 0x38], 1, -20.0),
            (&[0x80, 0, 0], 0, -8_388_608.0),
        ] {
            let mut out = String::new();
            assert!(bytes(&mut out, data, Kind::Decimal(scale)));
            assert_eq!(out.parse::<f64>(), Ok(expected), "{out}");
        }
        assert!(!bytes(&mut String::new(), &[], Kind::Decimal(0)));
        assert!(!bytes(&mut String::new(), &[0; 17], Kind::Decimal(0)));
        assert!(!bytes(&mut String::new(), &[1], Kind::Half));
    }
}
