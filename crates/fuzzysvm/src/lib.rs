//! Fuzzy support vector machines for imbalanced data, and the loan portfolio built on them.
//!
//! ```
//! use fuzzysvm::core::{Classifier, Label, Learner, Matrix, Samples};
//! use fuzzysvm::membership::{Iefsvm, Weighted};
//! use fuzzysvm::svm::Svc;
//!
//! // Twenty loans that were paid and six that were not, one feature.
//! let data: Vec<f64> = (0..26).map(|i| f64::from(i) + if i % 4 == 0 { 6.5 } else { 0.0 }).collect();
//! let y: Vec<Label> =
//!     (0..26).map(|i| if i >= 20 { Label::Positive } else { Label::Negative }).collect();
//! let x = Matrix::new(&data, 1)?;
//!
//! // IEFSVM: the memberships are the sample weights of a support vector classifier.
//! let learner = Weighted::new(Iefsvm::default(), Svc::rbf(10.0, 0.05));
//! let model = learner.fit(Samples::new(x, &y)?, None)?;
//!
//! let new = [1.0, 24.0];
//! let predicted = model.predict(Matrix::new(&new, 1)?)?;
//! assert_eq!(predicted, [Label::Negative, Label::Positive]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate is the facade: it re-exports the component crates under short names and puts them
//! together in two pipelines: [`lend`] chooses loans, [`compare`] compares methods over data sets; both
//! take their methods from [`method`]. Take a component crate alone where you need one part only.
//!
//! | module | crate | what |
//! | --- | --- | --- |
//! | [`core`] | `fuzzysvm-core` | sample views, labels, `Learner`, `Classifier` |
//! | [`kernels`] | `fuzzysvm-kernels` | kernel functions, blocks of the Gram matrix |
//! | [`knn_entropy`] | `fuzzysvm-knn-entropy` | exact neighbours, class entropy of neighbourhoods |
//! | [`membership`] | `fuzzysvm-membership` | fuzzy membership of every sample |
//! | [`qp`] | `fuzzysvm-qp` | the box-constrained QP solver |
//! | [`svm`] | `fuzzysvm-svm` | the weighted classifier, its model file, tuning |
//! | [`baselines`] | `fuzzysvm-baselines` | the six peers: boosting, forests, under-sampling, w-ELM |
//! | [`evaluation`] | `fuzzysvm-evaluation` | metrics, splits, tests of significance |
//! | [`datasets`] | `fuzzysvm-datasets` | readers, encoders, the simulated loan book |
//! | [`portfolio`] | `fuzzysvm-portfolio` | returns, return models, selection rules |

pub use fuzzysvm_baselines as baselines;
pub use fuzzysvm_core as core;
pub use fuzzysvm_datasets as datasets;
pub use fuzzysvm_evaluation as evaluation;
pub use fuzzysvm_kernels as kernels;
pub use fuzzysvm_knn_entropy as knn_entropy;
pub use fuzzysvm_membership as membership;
pub use fuzzysvm_portfolio as portfolio;
pub use fuzzysvm_qp as qp;
pub use fuzzysvm_svm as svm;

pub mod compare;
pub mod lend;
pub mod method;
