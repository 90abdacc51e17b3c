//! Explicit feature maps: z(x) of finitely many coordinates with z(x)·z(x′) ≈ K(x, x′).
//!
//! One variant per file: [`Nystrom`] for any kernel, [`RandomFourierFeatures`] for RBF.

mod cholesky;
mod error;
mod fourier;
mod landmarks;
mod map;
mod nystrom;

pub use error::FeatureMapError;
pub use fourier::RandomFourierFeatures;
pub use landmarks::{LandmarkDraw, check_components};
pub use map::FeatureMap;
pub use nystrom::Nystrom;
