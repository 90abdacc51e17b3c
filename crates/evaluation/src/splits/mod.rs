//! Seeded splits that keep the proportion of the classes.
//!
//! All draws come from ChaCha8 with the seed given; repetition r uses the generator's stream r, so
//! that trial 17 is the same whether 20 or 30 are asked for.

mod draw;
mod k_fold;

pub use draw::{stratified_draw, stratified_draws};
pub use k_fold::{repeated_stratified_k_fold, stratified_k_fold};

use fuzzysvm_core::Label;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Rows to train on and rows to test on, each ascending, without a row in common.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fold {
    /// Rows of the training part.
    pub train: Vec<usize>,
    /// Rows of the test part.
    pub test: Vec<usize>,
}

pub(crate) fn generator(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// The rows of the positive and of the negative class, each shuffled.
fn shuffled_classes(y: &[Label], rng: &mut ChaCha8Rng) -> [(Label, Vec<usize>); 2] {
    [Label::Positive, Label::Negative].map(|class| {
        let mut rows: Vec<usize> = (0..y.len()).filter(|&i| y[i] == class).collect();
        rows.shuffle(rng);
        (class, rows)
    })
}
