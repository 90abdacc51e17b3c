//! Fuzzy support vector machines for imbalanced data, and the loan portfolio built on them.
//!
//! This crate is the facade: it re-exports the component crates under short names and puts them
//! together in the [`lend`] pipeline. Take a component crate alone where you need one part only.
//!
//! | module | crate | what |
//! | --- | --- | --- |
//! | [`core`] | `fuzzysvm-core` | sample views, labels, `Learner`, `Classifier` |
//! | [`kernels`] | `fuzzysvm-kernels` | kernel functions, blocks of the Gram matrix |
//! | [`knn_entropy`] | `fuzzysvm-knn-entropy` | exact neighbours, class entropy of neighbourhoods |
//! | [`membership`] | `fuzzysvm-membership` | fuzzy membership of every sample |
//! | [`qp`] | `fuzzysvm-qp` | the box-constrained QP solver |
//! | [`svm`] | `fuzzysvm-svm` | the weighted classifier, its model file, tuning |
//! | [`evaluation`] | `fuzzysvm-evaluation` | metrics, splits, tests of significance |
//! | [`datasets`] | `fuzzysvm-datasets` | readers, encoders, the simulated loan book |
//! | [`portfolio`] | `fuzzysvm-portfolio` | returns, return models, selection rules |

pub use fuzzysvm_core as core;
pub use fuzzysvm_datasets as datasets;
pub use fuzzysvm_evaluation as evaluation;
pub use fuzzysvm_kernels as kernels;
pub use fuzzysvm_knn_entropy as knn_entropy;
pub use fuzzysvm_membership as membership;
pub use fuzzysvm_portfolio as portfolio;
pub use fuzzysvm_qp as qp;
pub use fuzzysvm_svm as svm;

pub mod lend;
