//! What the pages of a column say of their sizes, looked at before they are unpacked.
//!
//! The crate parquet makes room for what a header claims, and unpacks gzip to its end: of some bytes there come gigabytes.
//! Of the header of a page only the sizes matter here:
//! <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift>.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use fuzzysvm_core::memory::{self, OverLimit};
use parquet::basic::Compression;

use super::thrift::{Bytes, STRUCT};

/// Why a column is not unpacked.
#[derive(Debug)]
pub(super) enum PageFault {
    /// It is not as the format has it.
    Damaged(&'static str),
    /// Its texts are packed in a way that is not read: what it is called.
    Encoding(&'static str),
    /// Unpacked, a page is beyond the limit.
    Memory(OverLimit),
}

impl From<&'static str> for PageFault {
    fn from(what: &'static str) -> Self {
        Damaged(what)
    }
}

impl From<OverLimit> for PageFault {
    fn from(excess: OverLimit) -> Self {
        PageFault::Memory(excess)
    }
}

use PageFault::Damaged;

/// Unpacked bytes for a packed one, at most: a copy of 64 bytes takes three in snappy; deflate reaches 1,032.
const MOST_SNAPPY: u64 = 32;
const MOST_GZIP: u64 = 1100;

/// What a page unpacks to without being measured.
const SMALL: u64 = 16 << 20;

/// Bytes that a value of a dictionary takes in memory.
const ENTRY: u64 = 32;

/// Checks all pages of a column, which follow one another.
pub(super) fn check(pages: &[u8], codec: Compression) -> Result<(), PageFault> {
    let mut rest = Bytes(pages);
    while !rest.0.is_empty() {
        let header = Header::read(&mut rest)?;
        let packed = rest.take(header.packed)?;
        header.check(packed, codec)?;
    }
    Ok(())
}

/// The sizes in the header of a page.
#[derive(Debug, Default)]
struct Header {
    /// Bytes of the page, unpacked and as it stands in the file.
    unpacked: i64,
    packed: i64,
    /// Values of a dictionary.
    entries: i64,
    /// Of values, and of the dictionary's.
    encodings: Vec<i64>,
    /// Bytes of the levels, which are never packed, where they stand apart (version 2).
    levels: i64,
}

impl Header {
    fn read(bytes: &mut Bytes<'_>) -> Result<Self, PageFault> {
        let mut header = Self::default();
        // A field that comes again could say one thing here and another to the decoder.
        let mut seen = Vec::new();
        let mut once = move |field: (i64, i64)| {
            if seen.contains(&field) {
                return Err("a header with a field twice");
            }
            seen.push(field);
            Ok(())
        };
        bytes.each_field(0, &mut |bytes, id, kind| {
            match id {
                2 => header.unpacked = bytes.integer(kind)?,
                3 => header.packed = bytes.integer(kind)?,
                // Data, dictionary and data of version 2.
                5 | 7 | 8 if kind == STRUCT => {
                    bytes.each_field(1, &mut |bytes, of_page, kind| {
                        match (id, of_page) {
                            (7, 1) => header.entries = bytes.integer(kind)?,
                            (5 | 7, 2) | (8, 4) => header.encodings.push(bytes.integer(kind)?),
                            (8, 5 | 6) => header.levels += bytes.integer(kind)?,
                            _ => return bytes.skip(kind, 2),
                        }
                        once((id, of_page))
                    })?
                }
                _ => return bytes.skip(kind, 1),
            }
            once((id, 0))
        })?;
        Ok(header)
    }

    fn check(&self, packed: &[u8], codec: Compression) -> Result<(), PageFault> {
        // How much their values take is known only from within.
        for (encoding, called) in [(6, "delta-length encoding"), (7, "delta encoding")] {
            if self.encodings.contains(&encoding) {
                return Err(PageFault::Encoding(called));
            }
        }
        let claimed = match codec {
            Compression::UNCOMPRESSED => packed.len() as u64,
            _ => size(self.unpacked)?,
        };
        let entries = size(self.entries)?;
        let values = packed
            .get(usize::try_from(self.levels).unwrap_or(usize::MAX)..)
            .ok_or(Damaged("levels that are longer than their page"))?;
        let most = match codec {
            Compression::SNAPPY => MOST_SNAPPY,
            Compression::GZIP(_) => MOST_GZIP,
            _ => 1,
        };
        let most = most * packed.len() as u64 + 64;
        if claimed > most || entries > claimed {
            return Err(Damaged("a page that claims more than it can hold"));
        }
        memory::check(claimed + ENTRY * entries)?;
        if matches!(codec, Compression::GZIP(_)) && most > SMALL {
            // The decoder goes on to the end of what is packed, whatever was claimed.
            let unpacked = MultiGzDecoder::new(values).take(claimed + 1);
            if std::io::copy(&mut { unpacked }, &mut std::io::sink()).is_ok_and(|n| n > claimed) {
                return Err(Damaged("a page that holds more than it claims"));
            }
        }
        Ok(())
    }
}

fn size(number: i64) -> Result<u64, PageFault> {
    u64::try_from(number).map_err(|_| Damaged("a page of a size below 0"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::write::GzEncoder;
    use parquet::basic::GzipLevel;

    use super::super::thrift::*;
    use super::*;

    /// An integer field of the next number but `step` − 1.
    fn integer(step: u8, value: i64) -> Vec<u8> {
        let mut bytes = vec![step << 4 | 5];
        let mut rest = ((value << 1) ^ (value >> 63)) as u64;
        while rest >= 0x80 {
            bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        bytes
    }

    /// A page of version 1 in `encoding`, or of a dictionary, and its content.
    fn page(unpacked: i64, dictionary: Option<i64>, encoding: i64, content: &[u8]) -> Vec<u8> {
        let step = if dictionary.is_some() { 4 } else { 2 };
        let mut bytes = [integer(1, 0), integer(1, unpacked)].concat();
        bytes.extend(integer(1, content.len() as i64));
        bytes.push(step << 4 | STRUCT);
        bytes.extend(integer(1, dictionary.unwrap_or(3)));
        bytes.extend(integer(1, encoding));
        // What else there may be: minima and maxima, lists, booleans, maps.
        bytes.extend([1 << 4 | STRUCT, 1 << 4 | BINARY, 2, b'a', b'z', STOP]);
        bytes.extend([1 << 4 | LIST, 2 << 4 | TRUE, 1, 2, 1 << 4 | TRUE]);
        bytes.extend([1 << 4 | MAP, 1, BYTE << 4 | DOUBLE, 7]);
        bytes.extend(0_f64.to_le_bytes());
        bytes.extend([STOP, STOP]);
        bytes.extend(content);
        bytes
    }

    fn gzip() -> Compression {
        Compression::GZIP(GzipLevel::default())
    }

    fn words(found: Result<(), PageFault>) -> String {
        match found {
            Ok(()) => "sound".to_owned(),
            Err(Damaged(what) | PageFault::Encoding(what)) => what.to_owned(),
            Err(PageFault::Memory(excess)) => excess.to_string(),
        }
    }

    #[test]
    fn pages_are_checked_before_they_are_unpacked() {
        let zeros = |n: usize| {
            let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::default());
            packed.write_all(&vec![0; n]).unwrap();
            packed.finish().unwrap()
        };
        let claims = "a page that claims more than it can hold";
        let bomb = zeros(40 << 20);
        assert!(bomb.len() < 50_000);
        for (bytes, codec, expected) in [
            (page(90, None, 0, &[0; 9]), Compression::SNAPPY, "sound"),
            (page(1 << 30, None, 0, &[0; 9]), Compression::SNAPPY, claims),
            (page(1 << 30, None, 0, &[0; 9]), gzip(), claims),
            // Unpacked already: what the header says does not count.
            (
                page(0, None, 0, &[0; 9]),
                Compression::UNCOMPRESSED,
                "sound",
            ),
            (
                page(9, Some(2), 0, &[0; 9]),
                Compression::UNCOMPRESSED,
                "sound",
            ),
            (
                page(1 << 30, Some(1 << 30), 0, &[0; 9]),
                Compression::UNCOMPRESSED,
                claims,
            ),
            (page(90, Some(91), 0, &[0; 9]), Compression::SNAPPY, claims),
            (
                page(-1, None, 0, &[0; 9]),
                Compression::SNAPPY,
                "a page of a size below 0",
            ),
            (page(40 << 20, None, 0, &bomb), gzip(), "sound"),
            (
                page(1000, None, 0, &bomb),
                gzip(),
                "a page that holds more than it claims",
            ),
            (
                page(9, None, 6, &[0; 9]),
                Compression::SNAPPY,
                "delta-length encoding",
            ),
            (
                page(9, None, 7, &[0; 9]),
                Compression::SNAPPY,
                "delta encoding",
            ),
            (vec![0x15], Compression::SNAPPY, "a header that breaks off"),
            (vec![0x1e], Compression::SNAPPY, "a header of unknown types"),
            (
                // The second field again, by its number.
                [integer(1, 0), integer(1, 9), integer(1, 0), vec![5, 4, 18]].concat(),
                Compression::SNAPPY,
                "a header with a field twice",
            ),
            // Structs without an end.
            (
                vec![0x1c; 200],
                Compression::SNAPPY,
                "a header of unknown types",
            ),
            // A list of 2⁶³ booleans.
            (
                [&[0x19, 0xf1][..], &[0xff; 9], &[0x7f]].concat(),
                Compression::SNAPPY,
                "a header that breaks off",
            ),
        ] {
            // Also behind a sound page.
            let behind = [page(9, None, 0, &[0; 9]), bytes.clone()].concat();
            assert_eq!(words(check(&bytes, codec)), expected);
            assert_eq!(words(check(&behind, codec)), expected);
        }
    }
}
