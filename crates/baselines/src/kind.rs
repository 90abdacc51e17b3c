//! Every shipped baseline under its name.

use crate::{
    BaselineError, BoostedModel, CsAdaBoost, CsRandomForest, CsXgBoost, EasyEnsemble,
    EasyEnsembleModel, ElmModel, ForestModel, GradientBoostingModel, RusBoost, WElm,
};
use fuzzysvm_core::{
    Classifier, Learner, Matrix, MethodInfo, ParamError, ParamSpec, Parameters, PredictError,
    Samples,
};
use std::{fmt, str::FromStr};

macro_rules! baseline_kinds {
    ($($variant:ident: $learner:ident => $model:ident = $name:literal, $probability:expr;)+) => {
        /// The shipped baselines as one value, for command lines and files.
        ///
        /// Parses from a name (with the baseline's default parameters), displays as that name, fits a
        /// [`BaselineModel`], and (feature `serde`) reads and writes `{"baseline": "cs-rf", "n_estimators":
        /// 100, ...}`.
        ///
        /// ```
        /// use fuzzysvm_baselines::{BaselineKind, CsRandomForest};
        /// let kind: BaselineKind = "cs-rf".parse()?;
        /// assert_eq!(kind, BaselineKind::from(CsRandomForest::default()));
        /// assert_eq!(kind.with_seed(7).seed(), 7);
        /// assert!("nonsense".parse::<BaselineKind>().is_err());
        /// # Ok::<(), fuzzysvm_baselines::UnknownBaseline>(())
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "baseline"))]
        #[non_exhaustive]
        pub enum BaselineKind {
            $(
                #[doc = concat!("`", $name, "`: [`", stringify!($learner), "`].")]
                #[cfg_attr(feature = "serde", serde(rename = $name))]
                $variant($learner),
            )+
        }

        /// A fitted baseline.
        ///
        /// With feature `serde` it goes into a file and comes back bit-equal: see `BaselineModel::to_json`.
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "baseline", content = "content"))]
        #[non_exhaustive]
        pub enum BaselineModel {
            $(
                #[doc = concat!("Of `", $name, "`.")]
                #[cfg_attr(feature = "serde", serde(rename = $name))]
                $variant($model),
            )+
        }

        impl BaselineKind {
            /// The names, in the order of the documentation.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Every baseline with its default parameters, in the order of [`BaselineKind::NAMES`].
            pub fn all() -> Vec<Self> {
                vec![$(Self::$variant(<$learner>::default())),+]
            }

            /// The name, without the parameters.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)+
                }
            }

            /// Title, summary, source and default grid.
            pub fn info(&self) -> &'static MethodInfo {
                match self {
                    $(Self::$variant(_) => &<$learner>::INFO,)+
                }
            }

            /// The seed.
            pub fn seed(&self) -> u64 {
                match self {
                    $(Self::$variant(learner) => learner.seed,)+
                }
            }

            /// The same with another seed.
            #[must_use]
            pub fn with_seed(mut self, seed: u64) -> Self {
                match &mut self {
                    $(Self::$variant(learner) => learner.seed = seed,)+
                }
                self
            }

            /// Checks the parameters.
            ///
            /// # Errors
            /// [`ParamError`] for the first one outside its documented range.
            pub fn validate(&self) -> Result<(), ParamError> {
                match self {
                    $(Self::$variant(learner) => learner.validate(),)+
                }
            }
        }

        /// The parameters of the learner, sorted by name. The seed is none of them, see
        /// [`BaselineKind::with_seed`].
        impl Parameters for BaselineKind {
            fn param_specs(&self) -> &'static [ParamSpec] {
                match self {
                    $(Self::$variant(learner) => learner.param_specs(),)+
                }
            }

            fn get_param(&self, name: &str) -> Option<String> {
                match self {
                    $(Self::$variant(learner) => learner.get_param(name),)+
                }
            }

            fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
                match self {
                    $(Self::$variant(learner) => learner.set_param(name, value),)+
                }
            }
        }

        impl Learner for BaselineKind {
            type Model = BaselineModel;
            type Error = BaselineError;

            fn fit(
                &self,
                train: Samples<'_>,
                sample_weight: Option<&[f64]>,
            ) -> Result<BaselineModel, BaselineError> {
                Ok(match self {
                    $(Self::$variant(learner) => {
                        BaselineModel::$variant(learner.fit(train, sample_weight)?)
                    })+
                })
            }
        }

        impl BaselineModel {
            /// The name of the baseline.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)+
                }
            }

            /// The probability of the positive class where the method has one (cs-rf, easy-ensemble,
            /// cs-xgboost), each under the weights of its training; `None` for margins, which calibration turns
            /// into probabilities.
            ///
            /// # Errors
            /// As [`Classifier::decision_function`].
            pub fn predict_proba(&self, x: Matrix<'_>) -> Result<Option<Vec<f64>>, PredictError> {
                match self {
                    $(Self::$variant(model) => {
                        let probability: fn(&$model, Matrix<'_>) -> Probability = $probability;
                        probability(model, x)
                    })+
                }
            }
        }

        impl Classifier for BaselineModel {
            fn n_features(&self) -> usize {
                match self {
                    $(Self::$variant(model) => model.n_features(),)+
                }
            }

            fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
                match self {
                    $(Self::$variant(model) => model.decision_function(x),)+
                }
            }
        }

        impl FromStr for BaselineKind {
            type Err = UnknownBaseline;

            fn from_str(name: &str) -> Result<Self, UnknownBaseline> {
                match name {
                    $($name => Ok(Self::$variant(<$learner>::default())),)+
                    _ => Err(UnknownBaseline { name: name.to_owned() }),
                }
            }
        }

        $(
            impl From<$learner> for BaselineKind {
                fn from(learner: $learner) -> Self {
                    Self::$variant(learner)
                }
            }
        )+
    };
}

impl BaselineKind {
    /// The same with these parameters set from text, in this order, and all of them checked at the end.
    ///
    /// ```
    /// use fuzzysvm_baselines::{BaselineKind, ClassWeight, CsRandomForest};
    /// let mut forest = CsRandomForest { class_weight: ClassWeight::Power(0.5), ..CsRandomForest::default() };
    /// forest.tree.max_depth = Some(4);
    /// let kind = BaselineKind::from(CsRandomForest::default())
    ///     .with_params(&[("class_weight", "power:0.5"), ("max_depth", "4")])?;
    /// assert_eq!(kind, BaselineKind::from(forest));
    /// assert!(kind.clone().with_params(&[("max_depth", "0")]).is_err());
    /// assert!(kind.with_params(&[("n_trees", "200")]).is_err());
    /// # Ok::<(), fuzzysvm_core::ParamError>(())
    /// ```
    ///
    /// # Errors
    /// [`ParamError`]: no such parameter, a text that cannot be read, or a value out of range.
    pub fn with_params(
        mut self,
        params: &[(impl AsRef<str>, impl AsRef<str>)],
    ) -> Result<Self, ParamError> {
        self.set_params(params)?;
        self.validate()?;
        Ok(self)
    }
}

/// A name under which no baseline is shipped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no baseline `{name}`; there are {}", BaselineKind::NAMES.join(", "))]
#[non_exhaustive]
pub struct UnknownBaseline {
    /// The name found.
    pub name: String,
}

type Probability = Result<Option<Vec<f64>>, PredictError>;

impl fmt::Display for BaselineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

baseline_kinds! {
    CsAdaBoost: CsAdaBoost => BoostedModel = "cs-adaboost", |_, _| Ok(None);
    CsRandomForest: CsRandomForest => ForestModel = "cs-rf", |m, x| m.predict_proba(x).map(Some);
    EasyEnsemble: EasyEnsemble => EasyEnsembleModel = "easy-ensemble", |m, x| m.predict_proba(x).map(Some);
    RusBoost: RusBoost => BoostedModel = "rusboost", |_, _| Ok(None);
    WElm: WElm => ElmModel = "w-elm", |_, _| Ok(None);
    CsXgBoost: CsXgBoost => GradientBoostingModel = "cs-xgboost", |m, x| m.predict_proba(x).map(Some);
}
