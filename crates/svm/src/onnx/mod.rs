//! Models as ONNX graphs: preprocessing, decision function and class in one file that
//! [ONNX Runtime](https://onnxruntime.ai) and others score with.
//!
//! [`OnnxGraph`] is put together from its inputs on: numbers and texts come in, are filled, scaled and encoded, and
//! [`OnnxGraph::classify`] ends it with two outputs, the class and the decision value, and a third where there is a
//! [`Probability`]. All numbers are in double precision: the operators `SVMClassifier` and `SVMRegressor` of `ai.onnx.ml` keep coefficients and sums in single
//! precision, in which decision values are off by up to their own size where large terms cancel. The graph is made of
//! ONNX's plain operators, and of `OneHotEncoder` of `ai.onnx.ml`.
//!
//! ```
//! use fuzzysvm_core::{Label, Learner, Matrix, Samples};
//! use fuzzysvm_kernels::KernelKind;
//! use fuzzysvm_svm::Svc;
//! use fuzzysvm_svm::onnx::{Classes, Machine, OnnxGraph, Rule};
//!
//! let x = [-2.0, -1.0, 1.0, 2.0];
//! let x = Matrix::new(&x, 1)?;
//! let y = [Label::Negative, Label::Negative, Label::Positive, Label::Positive];
//! let model = Svc::<KernelKind>::default().fit(Samples::new(x, &y)?, None)?;
//!
//! let mut graph = OnnxGraph::default();
//! let amount = graph.numbers("amount", 1)?;
//! let scaled = graph.scaled(&amount, &[100.0], &[50.0])?;
//! let machine = Machine::of_model(&model)?;
//! let classes = Classes::text("repaid", "default");
//! let file = graph.classify(&scaled, &machine, &classes, Rule::Sign)?;
//! assert!(file.len() > 100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod graph;
mod machine;
mod probability;
mod proto;

pub use error::OnnxError;
pub use graph::{Features, OnnxGraph, Text};
pub use machine::{Classes, Machine, Rule};
pub use probability::Probability;
