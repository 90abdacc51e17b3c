//! Kernel functions and blocks of the Gram matrix.
//!
//! A [`Kernel`] gives K(x, z) for two samples, for one sample and many, for blocks, and, once its
//! points are packed with [`Kernel::prepare`], rows of the Gram matrix by index in single or double
//! precision. Shipped: [`Linear`], [`Polynomial`], [`Rbf`], [`Sigmoid`], [`Laplacian`],
//! [`Precomputed`], and [`KernelKind`] for any of them.
//!
//! ```
//! use fuzzysvm_core::Matrix;
//! use fuzzysvm_kernels::{Gamma, Kernel, Rbf};
//!
//! let data = [0.0, 0.0, 3.0, 4.0, 0.0, 1.0];
//! let x = Matrix::new(&data, 2)?;
//! let kernel = Rbf { gamma: Gamma::Auto.resolve(x)? };
//! kernel.validate()?;
//!
//! let mut gram = [0.0; 9];
//! kernel.prepare(x).rows_f64(&[0, 1, 2], &mut gram);
//! assert_eq!(gram[0], 1.0);
//! assert_eq!(gram[1], gram[3]);
//! assert!((gram[2] - (-0.5f64).exp()).abs() < 1e-15);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod form;
mod gamma;
mod kernel;
mod kind;
mod laplacian;
#[cfg(feature = "laws")]
pub mod laws;
mod linear;
mod packed;
mod panels;
mod parallel;
mod polynomial;
mod precomputed;
mod rbf;
mod sigmoid;
mod tile;
mod vexp;

pub use error::KernelError;
pub use gamma::Gamma;
pub use kernel::{Kernel, PreparedKernel};
pub use kind::KernelKind;
pub use laplacian::Laplacian;
pub use linear::Linear;
pub use polynomial::Polynomial;
pub use precomputed::Precomputed;
pub use rbf::Rbf;
pub use sigmoid::Sigmoid;
