//! Thrift's compact protocol, as far as sizes and counts go.
//!
//! The crate parquet passes over the booleans of a list as if they took no bytes: a list of 2³¹ of them, in a field that it
//! does not know, takes seconds, and there is room for thousands in a file of some kilobytes. Here an element takes a byte at
//! least, as the protocol has it, and the work does not exceed the bytes.
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>

/// What is wrong with the bytes.
pub(super) type Fault = &'static str;

/// Structs within structs, as many as the crate parquet follows.
const DEEPEST: usize = 64;

/// Checks the struct that bytes begin with.
pub(super) fn check_struct(bytes: &[u8]) -> Result<(), Fault> {
    Bytes(bytes).skip(STRUCT, 0)
}

// Types of the compact protocol.
pub(super) const STOP: u8 = 0;
pub(super) const TRUE: u8 = 1;
pub(super) const FALSE: u8 = 2;
pub(super) const BYTE: u8 = 3;
pub(super) const I16: u8 = 4;
pub(super) const I64: u8 = 6;
pub(super) const DOUBLE: u8 = 7;
pub(super) const BINARY: u8 = 8;
pub(super) const LIST: u8 = 9;
pub(super) const SET: u8 = 10;
pub(super) const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;
pub(super) const UUID: u8 = 13;

const END: Fault = "a header that breaks off";
const UNKNOWN: Fault = "a header of unknown types";

/// Gets the bytes, the number and the type of a field, which it has to pass.
pub(super) type OnField<'a> = dyn FnMut(&mut Bytes<'_>, i64, u8) -> Result<(), Fault> + 'a;

/// Bytes that are still to be read.
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, n: i64) -> Result<&'a [u8], Fault> {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        let (taken, rest) = self.0.split_at_checked(n).ok_or(END)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.take(1)?[0])
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self) -> Result<u64, Fault> {
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
    fn zigzag(&mut self) -> Result<i64, Fault> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// An integer of 32 bits: with more, the crate parquet reads the lowest.
    pub(super) fn integer(&mut self, kind: u8) -> Result<i64, Fault> {
        match kind {
            I16..=I64 => Ok(i64::from(self.zigzag()? as i32)),
            _ => Err(UNKNOWN),
        }
    }

    /// The fields of a struct.
    pub(super) fn each_field(
        &mut self,
        depth: usize,
        on_field: &mut OnField<'_>,
    ) -> Result<(), Fault> {
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

    pub(super) fn skip(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
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
    fn skip_element(&mut self, kind: u8, depth: usize) -> Result<(), Fault> {
        match kind {
            TRUE | FALSE => self.skip(BYTE, depth),
            _ => self.skip(kind, depth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A struct of one field.
    fn of_list(head: &[u8], elements: usize) -> Vec<u8> {
        let field = [1 << 4 | LIST];
        [&field[..], head, &vec![TRUE; elements], &[STOP]].concat()
    }

    #[test]
    fn no_list_is_longer_than_its_bytes() {
        assert_eq!(check_struct(&of_list(&[3 << 4 | TRUE], 3)), Ok(()));
        assert_eq!(check_struct(&of_list(&[0xf0 | FALSE, 20], 20)), Ok(()));
        // 2³¹ − 1 booleans, of which none is there.
        let endless = of_list(&[0xf0 | TRUE, 0xff, 0xff, 0xff, 0xff, 7], 0);
        assert_eq!(check_struct(&endless), Err(END));
        assert_eq!(check_struct(&[]), Err(END));
        assert_eq!(check_struct(&[0x1c; 200]), Err(UNKNOWN));
    }
}
