//! What choosing by chance would have returned.

use std::cmp::Ordering;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::WalkForwardSettings;

/// Mean returns of random choices.
pub(super) struct ByChance(Vec<f64>);

impl ByChance {
    /// As many choices as there are resamples, each of so many of the returns of every quarter.
    pub fn new(quarters: &[(&[f64], usize)], settings: &WalkForwardSettings) -> Self {
        let one = |draw: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
            // Streams from 0 on are those of the quarters.
            rng.set_stream(u64::MAX - draw as u64);
            let (mut sum, mut n) = (0.0, 0);
            for &(roi, count) in quarters {
                let drawn = rand::seq::index::sample(&mut rng, roi.len(), count);
                sum += drawn.iter().map(|i| roi[i]).sum::<f64>();
                n += count;
            }
            sum / n as f64
        };
        Self((0..settings.n_resamples).into_par_iter().map(one).collect())
    }

    /// Share of the choices that returned less, ties by half.
    pub fn share_below(&self, mean_roi: f64) -> f64 {
        let of = |chance: &f64| match chance.total_cmp(&mean_roi) {
            Ordering::Less => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Greater => 0.0,
        };
        self.0.iter().map(of).sum::<f64>() / self.0.len() as f64
    }
}
