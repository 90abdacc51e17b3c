//! Small problems out of bytes: every byte is one choice, so that a change of a byte is a small change of the problem.

use fuzzysvm::core::Label;

/// Values that a feature has where its byte is one of the last: what arithmetic is worst at.
const ODD: [f64; 12] = [
    f64::NAN,
    f64::INFINITY,
    f64::MAX,
    -f64::MAX,
    1e200,
    1e154,
    1e16,
    -1e9,
    1e-9,
    1e-200,
    f64::MIN_POSITIVE,
    5e-324,
];

/// Bytes, and zeros behind their end.
pub struct Supply<'a>(&'a [u8]);

impl<'a> Supply<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    /// A number from 0 to `n` − 1.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A number between −12 and 11 in steps of a tenth, some of them often, or one of the odd ones.
    pub fn value(&mut self) -> f64 {
        let byte = usize::from(self.byte());
        match byte.checked_sub(256 - ODD.len()) {
            Some(i) => ODD[i],
            None => (byte as f64 - 128.0) / 10.0,
        }
    }

    /// Rows of `d` values with a label each; every bit of a byte is a label.
    pub fn samples(&mut self, n: usize, d: usize) -> (Vec<f64>, Vec<Label>) {
        let bits = u16::from_le_bytes([self.byte(), self.byte()]);
        let label = |i: usize| match bits >> i & 1 {
            1 => Label::Positive,
            _ => Label::Negative,
        };
        let y = (0..n).map(label).collect();
        ((0..n * d).map(|_| self.value()).collect(), y)
    }
}
