//! What several test files share.
#![allow(dead_code, clippy::unwrap_used)] // not every file uses all of it

#[cfg(feature = "serde")]
use fuzzysvm_core::envelope::EnvelopeError;
use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_kernels::{KernelKind, Linear, Polynomial, Rbf, Sigmoid};
#[cfg(feature = "serde")]
use fuzzysvm_svm::model_file::ModelFileError;
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

/// Reads a file whose length and checksum are put right first, as a careful forger would.
#[cfg(feature = "serde")]
pub fn read_resealed<T>(
    text: &str,
    read: impl Fn(&str) -> Result<T, ModelFileError>,
) -> Result<T, ModelFileError> {
    use EnvelopeError::{Checksum, Length};
    let mut text = text.to_owned();
    if let Err(ModelFileError::Envelope(Length { found, computed })) = read(&text) {
        let field = |n: u64| format!("\"length\":{n}");
        text = text.replacen(&field(found), &field(computed), 1);
    }
    match read(&text) {
        Err(ModelFileError::Envelope(Checksum { found, computed })) if !found.is_empty() => {
            read(&text.replacen(&found, &computed, 1))
        }
        other => other,
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
