//! The six methods (none of them an SVM) that fuzzy SVMs are compared with on imbalanced data. Each is a
//! [`Learner`](fuzzysvm_core::Learner) that takes sample weights and a seed and gives the same model on any number
//! of threads. Its documentation names the paper it follows and where it differs.
//!
//! | name | learner | what |
//! | --- | --- | --- |
//! | `cs-adaboost` | [`CsAdaBoost`] | AdaC2: boosting with class costs in the weights (Sun et al. 2007) |
//! | `cs-rf` | [`CsRandomForest`] | weighted random forest (Chen, Liaw & Breiman 2004) |
//! | `easy-ensemble` | [`EasyEnsemble`] | AdaBoost on balanced subsets (Liu, Wu & Zhou 2009) |
//! | `rusboost` | [`RusBoost`] | under-sampling in every boosting round (Seiffert et al. 2010) |
//! | `w-elm` | [`WElm`] | weighted extreme learning machine (Zong, Huang & Chen 2013) |
//! | `cs-xgboost` | [`CsXgBoost`] | gradient-boosted trees with a positive weight (Chen & Guestrin 2016) |
//!
//! [`BaselineKind`] holds any of them, [`BaselineModel`] any fitted one. Parameters are read and set by name
//! through [`Parameters`](fuzzysvm_core::Parameters).
//!
//! ```
//! use fuzzysvm_baselines::BaselineKind;
//! use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
//!
//! let x: Vec<f64> = (0..60).map(|i| f64::from(i) / 30.0 - 1.0).collect();
//! let y: Vec<Label> = x.iter().map(|&v| Label::from_sign(v - 0.6)).collect();
//! let x = Matrix::new(&x, 1)?;
//! for learner in BaselineKind::all() {
//!     let model = learner.fit(Samples::new(x, &y)?, None)?;
//!     assert_eq!(model.predict(x)?[59], Label::Positive, "{learner}");
//!     assert_eq!(model.predict(x)?[0], Label::Negative, "{learner}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod boosted;
mod class_weight;
mod cs_adaboost;
mod cs_rf;
mod cs_xgboost;
mod easy_ensemble;
mod error;
mod histogram;
mod kind;
#[cfg(feature = "serde")]
pub mod model_file;
mod prepare;
mod rules;
mod rusboost;
mod streams;
mod tree;
mod w_elm;

pub use boosted::BoostedModel;
pub use class_weight::ClassWeight;
pub use cs_adaboost::CsAdaBoost;
pub use cs_rf::{Bootstrap, CsRandomForest, ForestModel};
pub use cs_xgboost::{CsXgBoost, GradientBoostingModel};
pub use easy_ensemble::{Combine, EasyEnsemble, EasyEnsembleModel};
pub use error::BaselineError;
pub use kind::{BaselineKind, BaselineModel, UnknownBaseline};
#[cfg(feature = "serde")]
pub use model_file::BaselineModelFile;
pub use rusboost::{RusBoost, RusBoostAlgorithm};
pub use tree::{MaxFeatures, TreeOptions};
pub use w_elm::{ElmModel, ElmWeighting, WElm};

/// The example of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
