//! Exact k nearest neighbors of every sample, and the class entropy of their neighborhoods.
//!
//! A fuzzy membership depends on how mixed the neighborhood of a training sample is. This crate
//! computes that exactly and reproducibly: distances are Euclidean, a sample is never its own neighbor
//! (it is left out *by index*, so duplicates of it stay), ties go to the lower index, and every
//! back end returns the same bits for any number of threads. Coordinates may have any size, also one whose square
//! is no `f64`.
//!
//! One search at the largest k serves every smaller k, because the neighbors come nearest first:
//!
//! ```
//! use fuzzysvm_core::{Label, Matrix};
//! use fuzzysvm_knn_entropy::{Auto, NeighborSearch, class_entropy};
//!
//! let data = [0.0, 1.0, 2.0, 10.0, 11.0];
//! let x = Matrix::new(&data, 1)?;
//! let (n, p) = (Label::Negative, Label::Positive);
//! let y = [n, n, p, p, p];
//!
//! let table = Auto.among_themselves(x, 3)?;
//! assert_eq!(table.neighbors(0), &[1, 2, 3]);
//! assert_eq!(table.squared_distances(0), &[1.0, 4.0, 100.0]);
//!
//! // Row-major, one row per sample and one column per k, in nats.
//! let entropy = class_entropy(&table, &y, &[1, 3])?;
//! assert_eq!(entropy[0], 0.0); // the nearest neighbor alone is pure
//! assert!((entropy[1] - 0.6365).abs() < 1e-4); // one negative, two positive
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod auto;
mod boxes;
mod brute_force;
mod entropy;
mod error;
mod kd_tree;
#[cfg(feature = "laws")]
pub mod laws;
mod likeness;
mod nearest;
mod plain;
mod range;
mod remembered;
mod screen;
mod screened;
mod search;
mod shortlist;
mod table;
mod tile;

pub use auto::{Auto, SearchKind};
pub use brute_force::BruteForce;
pub use entropy::{binary_entropy, class_entropy, positive_neighbors};
pub use error::NeighborError;
pub use kd_tree::KdTree;
pub use remembered::Remembered;
pub use search::{NeighborSearch, squared_distance};
pub use table::NeighborTable;

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
