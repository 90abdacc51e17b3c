//! What several test files share.
#![allow(dead_code, clippy::unwrap_used)] // not every file uses all of it

use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_kernels::{KernelKind, Linear, Polynomial, Rbf, Sigmoid};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub struct Data {
    pub x: MatrixBuf,
    pub y: Vec<Label>,
    pub w: Vec<f64>,
}

impl Data {
    pub fn samples(&self) -> Samples<'_> {
        Samples::new(self.x.view(), &self.y).unwrap()
    }
}

/// Two overlapping clouds, a third of them positive, with weights in (0, 1].
pub fn overlapping(n: usize, d: usize, seed: u64) -> Data {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let y: Vec<Label> = (0..n)
        .map(|i| {
            if i % 3 == 0 {
                Label::Positive
            } else {
                Label::Negative
            }
        })
        .collect();
    let mut x = Vec::with_capacity(n * d);
    for label in &y {
        for _ in 0..d {
            let noise: f64 = (0..4).map(|_| rng.random_range(-1.0..1.0)).sum();
            x.push(noise + 0.35 * label.sign());
        }
    }
    let w = y
        .iter()
        .map(|l| {
            if l.is_positive() {
                1.0
            } else {
                rng.random_range(0.05..0.5)
            }
        })
        .collect();
    Data {
        x: MatrixBuf::new(x, d).unwrap(),
        y,
        w,
    }
}

/// The kernels that LIBSVM has too.
pub fn libsvm_kernels() -> Vec<KernelKind> {
    vec![
        Linear.into(),
        Rbf { gamma: 0.3 }.into(),
        Polynomial {
            degree: 2,
            gamma: 0.5,
            coef0: 1.0,
        }
        .into(),
        Sigmoid {
            gamma: 0.05,
            coef0: -0.1,
        }
        .into(),
    ]
}

/// The text with one byte replaced, left out or doubled, at every place in turn.
pub fn changed_at_every_byte(text: &str) -> impl Iterator<Item = String> + '_ {
    // Signs that JSON knows, so that many changes are read as something else and not as nothing.
    let signs = b"0123456789-.e,:[]{}\"nx";
    let one = move |at: usize, way: usize| {
        let mut bytes = text.as_bytes().to_vec();
        match way {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, bytes[at]),
            _ => bytes[at] = signs[(at * 7 + way * 11) % signs.len()],
        }
        String::from_utf8(bytes).ok()
    };
    (0..text.len()).flat_map(move |at| (0..5).filter_map(move |way| one(at, way)))
}
