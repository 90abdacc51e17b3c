//! What the pages of a column say of their sizes, looked at before they are unpacked.
//!
//! The crate parquet makes room for what a header claims, and unpacks gzip to its end: of some bytes there come gigabytes.
//! A page header is a struct of Thrift's compact protocol, of which only the sizes matter here:
//! <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift>.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use fuzzysvm_core::memory::{self, OverLimit};
use parquet::basic::Compression;

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

impl From<OverLimit> for PageFault {
    fn from(excess: OverLimit) -> Self {
        PageFault::Memory(excess)
    }
}

use PageFault::Damaged;

/// Structs within structs, as many as the crate parquet follows.
const DEEPEST: usize = 64;

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
    encoding: i64,
    /// Bytes of the levels, which are never packed, where they stand apart (version 2).
    levels: i64,
}

impl Header {
    fn read(bytes: &mut Bytes<'_>) -> Result<Self, PageFault> {
        let mut header = Self::default();
        bytes.each_field(0, &mut |bytes, id, kind| {
            match id {
                2 => header.unpacked = bytes.integer(kind)?,
                3 => header.packed = bytes.integer(kind)?,
                // Data, dictionary and data of version 2.
                5 | 7 | 8 if kind == STRUCT => {
                    bytes.each_field(1, &mut |bytes, of_page, kind| {
                        match (id, of_page) {
                            (7, 1) => header.entries = bytes.integer(kind)?,
                            (5 | 7, 2) | (8, 4) => header.encoding = bytes.integer(kind)?,
                            (8, 5 | 6) => header.levels += bytes.integer(kind)?,
                            _ => bytes.skip(kind, 2)?,
                        }
                        Ok(())
                    })?
                }
                _ => bytes.skip(kind, 1)?,
            }
            Ok(())
        })?;
        Ok(header)
    }

    fn check(&self, packed: &[u8], codec: Compression) -> Result<(), PageFault> {
        match self.encoding {
            // How much their values take is known only from within.
            6 => return Err(PageFault::Encoding("delta-length encoding of texts")),
            7 => return Err(PageFault::Encoding("delta encoding of texts")),
            _ => {}
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

// Types of the compact protocol.
const STOP: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

const END: PageFault = Damaged("a page header that breaks off");
const UNKNOWN: PageFault = Damaged("a page header of unknown types");

/// Gets the bytes, the number and the type of a field, which it has to pass.
type OnField<'a> = dyn FnMut(&mut Bytes<'_>, i64, u8) -> Result<(), PageFault> + 'a;

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: i64) -> Result<&'a [u8], PageFault> {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        let (taken, rest) = self.0.split_at_checked(n).ok_or(END)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, PageFault> {
        Ok(self.take(1)?[0])
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self) -> Result<u64, PageFault> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(END)
    }

    /// 0, −1, 1, −2, … as 0, 1, 2, 3, …
    fn zigzag(&mut self) -> Result<i64, PageFault> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// An integer of 32 bits: with more, the crate parquet reads the lowest.
    fn integer(&mut self, kind: u8) -> Result<i64, PageFault> {
        match kind {
            I16..=I64 => Ok(i64::from(self.zigzag()? as i32)),
            _ => Err(UNKNOWN),
        }
    }

    /// The fields of a struct.
    fn each_field(&mut self, depth: usize, on_field: &mut OnField<'_>) -> Result<(), PageFault> {
        if depth > DEEPEST {
            return Err(UNKNOWN);
        }
        let mut id = 0_i64;
        loop {
            let head = self.byte()?;
            let kind = head & 0xf;
            if kind == STOP {
                return Ok(());
            }
            id = match head >> 4 {
                0 => i64::from(self.zigzag()? as i16),
                step => id.wrapping_add(i64::from(step)),
            };
            on_field(self, id, kind)?;
        }
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Result<(), PageFault> {
        if depth > DEEPEST {
            return Err(UNKNOWN);
        }
        match kind {
            TRUE | FALSE => {}
            BYTE => drop(self.byte()?),
            I16..=I64 => drop(self.varint()?),
            DOUBLE => drop(self.take(8)?),
            UUID => drop(self.take(16)?),
            BINARY => {
                let n = self.varint()?;
                self.take(i64::try_from(n).unwrap_or(i64::MAX))?;
            }
            LIST | SET => {
                let head = self.byte()?;
                let n = match head >> 4 {
                    15 => self.varint()?,
                    few => u64::from(few),
                };
                for _ in 0..n {
                    self.skip_element(head & 0xf, depth + 1)?;
                }
            }
            MAP => {
                let n = self.varint()?;
                if n > 0 {
                    let kinds = self.byte()?;
                    for _ in 0..n {
                        self.skip_element(kinds >> 4, depth + 1)?;
                        self.skip_element(kinds & 0xf, depth + 1)?;
                    }
                }
            }
            STRUCT => {
                self.each_field(depth + 1, &mut |bytes, _, kind| bytes.skip(kind, depth + 1))?
            }
            _ => return Err(UNKNOWN),
        }
        Ok(())
    }

    /// In a list a boolean takes a byte, and so a list ends with the bytes.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Result<(), PageFault> {
        match kind {
            TRUE | FALSE => self.skip(BYTE, depth),
            _ => self.skip(kind, depth),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::write::GzEncoder;
    use parquet::basic::GzipLevel;

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
        bytes.extend([
            1 << 4 | MAP,
            1,
            BYTE << 4 | DOUBLE,
            7,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ]);
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
                "delta-length encoding of texts",
            ),
            (
                page(9, None, 7, &[0; 9]),
                Compression::SNAPPY,
                "delta encoding of texts",
            ),
            (
                vec![0x15],
                Compression::SNAPPY,
                "a page header that breaks off",
            ),
            (
                vec![0x1e],
                Compression::SNAPPY,
                "a page header of unknown types",
            ),
            // Structs without an end.
            (
                vec![0x1c; 200],
                Compression::SNAPPY,
                "a page header of unknown types",
            ),
            // A list of 2⁶³ booleans.
            (
                [&[0x19, 0xf1][..], &[0xff; 9], &[0x7f]].concat(),
                Compression::SNAPPY,
                "a page header that breaks off",
            ),
        ] {
            // Also behind a sound page.
            let behind = [page(9, None, 0, &[0; 9]), bytes.clone()].concat();
            assert_eq!(words(check(&bytes, codec)), expected);
            assert_eq!(words(check(&behind, codec)), expected);
        }
    }
}
