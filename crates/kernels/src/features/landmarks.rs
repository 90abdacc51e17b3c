//! Which samples become landmarks.

use fuzzysvm_core::{Label, ParamError, memory};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::FeatureMapError;

/// How landmarks are drawn, always without replacement and the same for the same seed on every machine.
///
/// ```
/// use fuzzysvm_core::Label::{Negative, Positive};
/// use fuzzysvm_kernels::LandmarkDraw;
/// let y = [Positive, Negative, Negative, Negative, Negative, Positive, Negative, Negative];
/// let rows = LandmarkDraw::Balanced.draw(&y, 4, 7)?;
/// assert_eq!(rows.iter().filter(|&&i| y[i] == Positive).count(), 2);
/// assert_eq!(rows, LandmarkDraw::Balanced.draw(&y, 4, 7)?);
/// # Ok::<(), fuzzysvm_kernels::FeatureMapError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum LandmarkDraw {
    /// Every sample with the same chance (Williams & Seeger 2001).
    Uniform,
    /// Every class its share of the landmarks, rounded, and at least one: the default. A minority of one
    /// in a hundred is then never left out by chance.
    #[default]
    Stratified,
    /// Half of the landmarks from each class, as far as it has samples: more of the minority.
    Balanced,
}

impl LandmarkDraw {
    /// Rows of the samples with labels `y` to be landmarks: `components` different ones, ascending.
    ///
    /// # Errors
    /// [`FeatureMapError::Param`] for no components, [`FeatureMapError::TooManyComponents`] for more than
    /// there are samples.
    pub fn draw(
        self,
        y: &[Label],
        components: usize,
        seed: u64,
    ) -> Result<Vec<usize>, FeatureMapError> {
        check_components(components)?;
        let n = y.len();
        if components > n {
            return Err(FeatureMapError::TooManyComponents {
                components,
                n_samples: n,
            });
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = match self {
            LandmarkDraw::Uniform => some_of((0..n).collect(), components, &mut rng),
            LandmarkDraw::Stratified | LandmarkDraw::Balanced => {
                let of = |class: bool| -> Vec<usize> {
                    (0..n).filter(|&i| y[i].is_positive() == class).collect()
                };
                let (positive, negative) = (of(true), of(false));
                let share = match self {
                    LandmarkDraw::Balanced => 0.5,
                    _ => positive.len() as f64 / n as f64,
                };
                let wanted = (components as f64 * share).round() as usize;
                // At least one of each class where both have one and there is room for two.
                let least = usize::from(components > 1 && !positive.is_empty());
                let most = components - usize::from(components > 1 && !negative.is_empty());
                let n_positive = wanted
                    .clamp(least, most.max(least))
                    .min(positive.len())
                    .max(components.saturating_sub(negative.len()));
                let mut rows = some_of(positive, n_positive, &mut rng);
                rows.extend(some_of(negative, components - n_positive, &mut rng));
                rows
            }
        };
        rows.sort_unstable();
        Ok(rows)
    }
}

/// The most components of a map: matrices of their square must fit in memory.
const MAX_COMPONENTS: usize = 32_768;

/// Checks the number of components of a map: from 1 to 32,768.
///
/// # Errors
/// [`ParamError`] where it is out of range.
pub fn check_components(components: usize) -> Result<(), ParamError> {
    let rule = "must be at least 1 and at most 32768";
    let ok = (1..=MAX_COMPONENTS).contains(&components);
    ParamError::check(ok, "components", components as f64, rule)
}

/// Checks that `per_component` numbers of 8 bytes for each component are within the limit of the process.
pub(super) fn check_memory(
    components: usize,
    n_features: usize,
    per_component: usize,
) -> Result<(), FeatureMapError> {
    memory::check_matrix(components, per_component).map_err(|excess| FeatureMapError::Memory {
        components,
        n_features,
        excess,
    })
}

/// The first `m` places of a Fisher–Yates shuffle.
fn some_of(mut rows: Vec<usize>, m: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    for i in 0..m {
        let j = rng.random_range(i as u64..rows.len() as u64) as usize;
        rows.swap(i, j);
    }
    rows.truncate(m);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draw_has_as_many_different_rows_as_asked_for() {
        for (n, every) in [(2, 2), (7, 3), (50, 10), (101, 100)] {
            let y: Vec<Label> = (0..n)
                .map(|i| Label::from_sign(if i % every == 0 { 1.0 } else { -1.0 }))
                .collect();
            for draw in [
                LandmarkDraw::Uniform,
                LandmarkDraw::Stratified,
                LandmarkDraw::Balanced,
            ] {
                for m in 1..=n {
                    let rows = draw.draw(&y, m, 3).unwrap();
                    assert_eq!(rows.len(), m, "{draw:?} {n} {m}");
                    assert!(rows.windows(2).all(|w| w[0] < w[1]) && rows[m - 1] < n);
                    if m > 1 && draw != LandmarkDraw::Uniform {
                        let positive = rows.iter().filter(|&&i| y[i].is_positive()).count();
                        assert!(positive > 0 && (positive < m || m == n), "{draw:?} {n} {m}");
                    }
                }
                assert!(draw.draw(&y, 0, 3).is_err() && draw.draw(&y, n + 1, 3).is_err());
            }
        }
    }

    #[test]
    fn seeds_matter() {
        let y: Vec<Label> = (0..500).map(|_| Label::Negative).collect();
        let draw = |seed| LandmarkDraw::default().draw(&y, 20, seed).unwrap();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
