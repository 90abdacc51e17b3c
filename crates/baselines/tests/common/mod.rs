//! Data for the tests.
#![allow(dead_code, reason = "each test file uses a part")]

use fuzzysvm_core::{Label, Matrix, MatrixBuf, Samples};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub struct Data {
    pub x: MatrixBuf,
    pub y: Vec<Label>,
}

impl Data {
    pub fn new(x: Vec<f64>, d: usize, y: &[bool]) -> Self {
        let label = |p: &bool| if *p { Label::Positive } else { Label::Negative };
        Self {
            x: MatrixBuf::new(x, d).unwrap(),
            y: y.iter().map(label).collect(),
        }
    }

    pub fn samples(&self) -> Samples<'_> {
        Samples::new(self.x.view(), &self.y).unwrap()
    }

    pub fn view(&self) -> Matrix<'_> {
        self.x.view()
    }
}

/// `n` rows of `d` features on a grid of eighths, a quarter of them positive and shifted; the classes overlap.
pub fn overlapping(n: usize, d: usize, seed: u64) -> Data {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut x = Vec::with_capacity(n * d);
    let mut y = Vec::with_capacity(n);
    for i in 0..n {
        let positive = i % 4 == 0;
        for j in 0..d {
            let shift = if positive && j < 2 { 6 } else { 0 };
            x.push(f64::from(rng.random_range(0..24) + shift) / 8.0 - 1.5);
        }
        y.push(positive);
    }
    Data::new(x, d, &y)
}

/// Numbers that a Python script can compute as well: no generator, values in eighths.
pub fn formula(n: usize, d: usize) -> Data {
    let mut x = Vec::with_capacity(n * d);
    let mut y = Vec::with_capacity(n);
    for i in 0..n {
        for j in 0..d {
            x.push(((i * i * (3 + 2 * j) + 7 * i + 11 * j) % 101) as f64 / 8.0);
        }
        let noise = (i * i * 13 + 5 * i) % 97;
        y.push(x[i * d] * 8.0 + x[i * d + 1] * 4.0 + (noise as f64) > 150.0);
    }
    Data::new(x, d, &y)
}
