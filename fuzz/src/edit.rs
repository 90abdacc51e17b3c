//! Random edits of a text or of any bytes.

use rand::{Rng, RngExt as _};

/// One to three edits: a byte changed, put in, taken out or swapped, a digit changed, a piece repeated, cut or moved.
pub fn edit(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..=3) {
        let n = bytes.len();
        if n < 2 {
            return;
        }
        let (i, j) = (rng.random_range(0..n), rng.random_range(0..n));
        let end = (i + rng.random_range(1..40)).min(n);
        match rng.random_range(0..9) {
            0 => bytes[i] ^= 1 << rng.random_range(0..7),
            1 => bytes[i] = rng.random_range(b' '..=b'~'),
            2 => bytes.insert(i, rng.random_range(b' '..=b'~')),
            3 => drop(bytes.remove(i)),
            4 => bytes.swap(i, j),
            5 | 6 => {
                let digits = |b: &&mut u8| b.is_ascii_digit();
                let later = bytes[i..].iter_mut().find(digits);
                if let Some(digit) = later {
                    *digit = rng.random_range(b'0'..=b'9');
                }
            }
            7 => {
                let piece = bytes[i..end].to_vec();
                bytes.splice(j..j, piece);
            }
            _ => drop(bytes.drain(i..end)),
        }
    }
}
