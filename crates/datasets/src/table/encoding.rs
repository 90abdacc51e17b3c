//! Bytes to text: UTF-8, and UTF-16 by its byte order mark or its zero bytes.

use std::borrow::Cow;

use super::error::{Location, TableError};

/// The byte order mark of UTF-8.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes that are looked at to tell UTF-16 without a byte order mark.
const START: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    Little,
    Big,
}

/// The text of a file without its byte order mark. Other bytes are refused where they stand: guessing an encoding
/// would change category names without a word.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, TableError> {
    if is_utf_32(bytes) {
        return Err(refuse(
            file,
            b"",
            "UTF-32 text",
            "UTF-8 text (iconv -f UTF-32 -t UTF-8)",
        ));
    }
    if let Some((order, start)) = utf_16(bytes) {
        return utf_16_text(file, bytes.get(start..).unwrap_or_default(), order).map(Cow::Owned);
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let (before, rest) = bytes.split_at(e.valid_up_to());
        not_utf_8(file, Place::START.behind(before), rest, bytes)
    })?;
    Ok(Cow::Borrowed(text))
}

/// Whether text is read as UTF-8: not where its first bytes show UTF-16 or UTF-32.
pub(super) fn is_utf_8(bytes: &[u8]) -> bool {
    !is_utf_32(bytes) && utf_16(bytes).is_none()
}

fn is_utf_32(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff")
}

/// The error of `rest`, which is no UTF-8; `start` are the first bytes of the file.
fn not_utf_8(file: &str, place: Place, rest: &[u8], start: &[u8]) -> TableError {
    let byte = rest.first().copied().unwrap_or_default();
    let expected = match is_latin(start) {
        true => {
            "UTF-8 text; the file is likely Latin-1 or Windows-1252: \
             iconv -f WINDOWS-1252 -t UTF-8"
        }
        false => "UTF-8 text; the file holds binary data",
    };
    TableError::Invalid {
        at: Location::new(file, place.line, place.character),
        found: format!("byte 0x{byte:02X}"),
        expected: expected.to_owned(),
    }
}

/// A place in a text: line and character of what comes next, from 1.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: u64,
    character: u64,
}

impl Place {
    const START: Self = Self {
        line: 1,
        character: 1,
    };

    /// The place behind a text that begins here.
    fn behind(self, text: &[u8]) -> Self {
        let (feeds, last) = match memchr::memrchr(b'\n', text) {
            Some(feed) => (memchr::memchr_iter(b'\n', text).count(), feed + 1),
            None => (0, 0),
        };
        let line = text.get(last..).unwrap_or_default();
        let n = String::from_utf8_lossy(line).chars().count() as u64;
        Self {
            line: self.line + feeds as u64,
            character: n + if feeds > 0 { 1 } else { self.character },
        }
    }
}

/// Checks that text, which comes piece by piece, is UTF-8.
pub(super) struct Utf8 {
    /// The first bytes.
    start: Vec<u8>,
    place: Place,
    /// The first bytes of a character that the last piece cut.
    cut: Vec<u8>,
}

impl Utf8 {
    pub fn new() -> Self {
        Self {
            start: Vec::new(),
            place: Place::START,
            cut: Vec::new(),
        }
    }

    /// Takes the next bytes; the byte order mark is not among them.
    pub fn take(&mut self, file: &str, piece: &[u8]) -> Result<(), TableError> {
        let more = START.saturating_sub(self.start.len()).min(piece.len());
        self.start.extend_from_slice(&piece[..more]);
        let joined;
        let bytes = match self.cut.is_empty() {
            true => piece,
            false => {
                joined = [&self.cut, piece].concat();
                &joined
            }
        };
        let (valid, rest, is_cut) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes, &[] as &[u8], false),
            Err(e) => {
                let (valid, rest) = bytes.split_at(e.valid_up_to());
                (valid, rest, e.error_len().is_none())
            }
        };
        self.place = self.place.behind(valid);
        if !(rest.is_empty() || is_cut) {
            return Err(not_utf_8(file, self.place, rest, &self.start));
        }
        self.cut = rest.to_vec();
        Ok(())
    }

    /// Whether the next byte begins a line, but for the first one of all.
    pub fn is_at_line(&self) -> bool {
        self.cut.is_empty() && self.place.character == 1 && self.place.line > 1
    }

    /// Passes lines that were checked elsewhere.
    pub fn skip_lines(&mut self, n: u64) {
        self.place.line += n;
    }

    /// Ends the text.
    pub fn finish(&mut self, file: &str) -> Result<(), TableError> {
        match self.cut.is_empty() {
            true => Ok(()),
            false => Err(not_utf_8(file, self.place, &self.cut, &self.start)),
        }
    }
}

/// Whether bytes that are not UTF-8 are text of one byte per character: almost none is a control character.
fn is_latin(bytes: &[u8]) -> bool {
    let start = bytes.get(..START).unwrap_or(bytes);
    let control = start
        .iter()
        .filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c))
        .count();
    control * 100 <= start.len()
}

/// The byte order of UTF-16 text, and where the text starts.
fn utf_16(bytes: &[u8]) -> Option<(Order, usize)> {
    match bytes {
        [0xff, 0xfe, ..] => return Some((Order::Little, 2)),
        [0xfe, 0xff, ..] => return Some((Order::Big, 2)),
        _ => {}
    }
    // Without a mark: of tables in most scripts every other byte is 0, and in UTF-8 none is.
    let start = bytes.get(..START).unwrap_or(bytes);
    let (mut first, mut second, mut units) = (0_usize, 0_usize, 0_usize);
    for unit in start.chunks_exact(2) {
        units += 1;
        first += usize::from(unit[0] == 0);
        second += usize::from(unit[1] == 0);
    }
    // Some letters have a zero byte on the other side (U+0100, U+4E00).
    if units >= 2 && second * 2 > units && first * 4 < second {
        Some((Order::Little, 0))
    } else if units >= 2 && first * 2 > units && second * 4 < first {
        Some((Order::Big, 0))
    } else {
        None
    }
}

fn utf_16_text(file: &str, bytes: &[u8], order: Order) -> Result<String, TableError> {
    let units = bytes.chunks_exact(2);
    let odd = !units.remainder().is_empty();
    let units = units.map(|unit| match order {
        Order::Little => u16::from_le_bytes([unit[0], unit[1]]),
        Order::Big => u16::from_be_bytes([unit[0], unit[1]]),
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(c) => text.push(c),
            Err(e) => {
                let found = format!("half a character (0x{:04X})", e.unpaired_surrogate());
                return Err(refuse(file, text.as_bytes(), &found, "UTF-16 text"));
            }
        }
    }
    if odd {
        let found = "half a character at the end of the file";
        return Err(refuse(file, text.as_bytes(), found, "UTF-16 text"));
    }
    Ok(text)
}

/// An error at the character behind `before`.
fn refuse(file: &str, before: &[u8], found: &str, expected: &str) -> TableError {
    let place = Place::START.behind(before);
    TableError::Invalid {
        at: Location::new(file, place.line, place.character),
        found: found.to_owned(),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(text: &str, order: Order) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| match order {
                Order::Little => unit.to_le_bytes(),
                Order::Big => unit.to_be_bytes(),
            })
            .collect()
    }

    proptest! {
        #[test]
        fn utf_16_reads_as_utf_8(text in "\\PC{0,40}", big in any::<bool>()) {
            let order = if big { Order::Big } else { Order::Little };
            prop_assert_eq!(decode("t", text.as_bytes()).unwrap(), text.as_str());
            let marked = encoded(&format!("\u{feff}{text}"), order);
            prop_assert_eq!(decode("t", &marked).unwrap(), text.as_str());
            let table = format!("a,b\n1,{text}\n{}", "1,more rows of letters\n".repeat(8));
            let bare = encoded(&table, order);
            prop_assert_eq!(decode("t", &bare).unwrap(), table.as_str());
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode("t", &bytes);
        }
    }

    #[test]
    fn other_encodings_are_named_where_they_show() {
        let cases: [(&[u8], &str); 8] = [
            (
                b"a,b\nx,\xe9t\xe9\n",
                "t:2:3: found byte 0xE9, expected UTF-8 text; the file is likely Latin-1",
            ),
            (
                b"\x00\x01\x02\x80\x03\x04",
                "t:1:4: found byte 0x80, expected UTF-8 text; the file holds binary data",
            ),
            (
                b"\xff\xfea\0,\0\n\0\x00\xd8b\0",
                "t:2:1: found half a character (0xD800), expected UTF-16",
            ),
            (
                b"\xff\xfea\0,\0b",
                "t:1:3: found half a character at the end",
            ),
            (b"\xff\xfe\0\0a\0\0\0", "t:1:1: found UTF-32 text"),
            (b"\0\0\xfe\xff", "t:1:1: found UTF-32 text"),
            (
                b"\xfe\xff\0a\xdc\x00",
                "t:1:2: found half a character (0xDC00)",
            ),
            (
                b"a\0,\0b\0\n\0c",
                "t:2:1: found half a character at the end",
            ),
        ];
        for (bytes, expected) in cases {
            let error = decode("t", bytes).expect_err(expected).to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(decode("t", b"\xef\xbb\xbfa").unwrap(), "a");
        assert_eq!(decode("t", b"a\0").unwrap(), "a\0");
    }
}
