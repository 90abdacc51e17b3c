//! The weighted random forest.

use crate::prepare::{Prepared, check_features};
use crate::rules;
use crate::streams::stream;
use crate::tree::{Columns, Tree, fold_trees, grow};
use crate::{BaselineError, ClassWeight, MaxFeatures, TreeOptions};
use fuzzysvm_core::{
    Classifier, Learner, Matrix, MethodInfo, ParamError, PredictError, Samples, decision_or_zero,
    param_choice, parameters,
};
use rand::RngExt;
use rayon::prelude::*;

/// What a tree of a [`CsRandomForest`] is grown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Bootstrap {
    /// n rows drawn with replacement, all equally likely; weights count in the tree. The default, and the report's.
    #[default]
    Rows,
    /// n rows drawn with replacement, row i with probability ∝ w_i C(y_i); every draw counts 1 in the tree.
    /// This is what scikit-learn does with `class_weight` since 1.9 (before, it was as `Rows`), and close to
    /// the report's other proposal, balanced forests.
    Weighted,
    /// All rows once, weights count in the tree. Trees differ only by the features they draw.
    Off,
}

param_choice! { Bootstrap { Rows = "rows", Weighted = "weighted", Off = "off" } }

/// Weighted random forest: Chen, Liaw & Breiman 2004, "Using random forest to learn imbalanced data", technical
/// report 666, Department of Statistics, University of California, Berkeley; forests: Breiman 2001, doi
/// 10.1023/A:1010933404324.
///
/// Tree t is grown on n rows drawn with replacement; row i has the weight m_i w_i C(y_i), with m_i how often it
/// was drawn, w_i its sample weight and C the class weights, in the Gini index of the splits and in the leaves:
///
/// ```text
/// p_t(x) = Σ_{i in leaf, y_i = +1} m_i w_i C(+1) / Σ_{i in leaf} m_i w_i C(y_i)
/// p(x)   = (1/T) Σ_t p_t(x),    decision p(x) − ½
/// ```
///
/// The score is p(x) − ½ in \[−½, ½\]; [`ForestModel::predict_proba`] gives p(x), the probability among samples
/// weighted like the training samples, not the share in the population. Every node draws its own
/// ⌊√d⌋ features.
///
/// With fully grown trees the class weights hardly act (leaves are pure either way): raise
/// `tree.min_samples_leaf` for a forest that finds the minority, or draw by weight ([`Bootstrap::Weighted`]).
/// **Differs from the report:** the class weights are n-ratios, not tuned out of bag.
///
/// **Sample weights:** 0 is the row removed, a constant changes nothing. A weight of k is *not* the row
/// repeated k times: the draw is by row.
///
/// ```
/// use fuzzysvm_baselines::CsRandomForest;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 29.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let model = CsRandomForest::default().fit(Samples::new(x, &y)?, None)?;
/// assert!(model.predict_proba(x)?[39] > 0.9);
/// assert!(model.decision_function(x)?[0] < -0.4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct CsRandomForest {
    /// T, 1 to 100,000. Default 100.
    pub n_estimators: usize,
    /// C of the two classes. Default: 1 for the smaller, n_small/n_large for the larger.
    pub class_weight: ClassWeight,
    /// Limits of the trees. Default: no limit of depth, leaves of one row, ⌊√d⌋ features per node.
    pub tree: TreeOptions,
    /// The rows of a tree. Default: drawn with replacement, all equally likely.
    pub bootstrap: Bootstrap,
    /// Seed; tree t has stream t of it, so the number of threads changes nothing. Default 0.
    pub seed: u64,
}

impl Default for CsRandomForest {
    fn default() -> Self {
        Self {
            n_estimators: 100,
            class_weight: ClassWeight::Balanced,
            tree: TreeOptions {
                max_depth: None,
                min_samples_leaf: 1,
                max_features: MaxFeatures::Sqrt,
            },
            bootstrap: Bootstrap::Rows,
            seed: 0,
        }
    }
}

parameters! {
    CsRandomForest {
        bootstrap: Bootstrap, "rows, weighted or off", "The rows that a tree is grown on";
        class_weight: ClassWeight, rules::CLASS_WEIGHT, "Weights of the two classes";
        max_depth (tree.max_depth): Option<usize>, rules::tree::MAX_DEPTH, rules::tree::MAX_DEPTH_HELP;
        max_features (tree.max_features): MaxFeatures, rules::tree::MAX_FEATURES, rules::tree::MAX_FEATURES_HELP;
        min_samples_leaf (tree.min_samples_leaf): usize, rules::tree::MIN_SAMPLES_LEAF, rules::tree::MIN_SAMPLES_LEAF_HELP;
        n_estimators: usize, rules::COUNT, "Number of trees";
    }
}

impl CsRandomForest {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "cs-RF",
        "weighted random forest (baseline, not an SVM)",
        "Chen, Liaw & Breiman 2004, technical report 666, University of California, Berkeley",
    )
    .with_grid(&[("min_samples_leaf", &["1", "10", "40"])]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        rules::count("n_estimators", self.n_estimators)?;
        self.class_weight.validate()?;
        self.tree.validate()
    }
}

impl Learner for CsRandomForest {
    type Model = ForestModel;
    type Error = BaselineError;

    /// Grows the forest.
    ///
    /// # Errors
    /// [`BaselineError`]: parameters, one class, weights.
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<ForestModel, BaselineError> {
        self.validate()?;
        let data = Prepared::new(train, sample_weight)?;
        let columns = Columns::new(data.x()?);
        let limits = self.tree.limits(data.n_features());
        let costs = self.class_weight.resolve(data.class_weight_sums());
        let n = data.n_rows();
        let full: Vec<[f64; 2]> = (0..n)
            .map(|i| {
                let class = usize::from(data.positive[i]);
                let mut pair = [0.0; 2];
                pair[class] = data.weight[i] * costs[class];
                pair
            })
            .collect();
        // Where the share of every row ends, for draws by weight.
        let border: Option<Vec<f64>> = (self.bootstrap == Bootstrap::Weighted).then(|| {
            let mut sum = 0.0;
            let add = |pair: &[f64; 2]| {
                sum += pair[0] + pair[1];
                sum
            };
            full.iter().map(add).collect()
        });
        let tree = |t: usize| {
            let mut rng = stream(self.seed, t);
            if self.bootstrap == Bootstrap::Off {
                return grow(&columns, &full, limits, &mut rng);
            }
            let mut drawn = vec![0u32; n];
            for _ in 0..n {
                let row = match &border {
                    None => rng.random_range(0..n),
                    Some(border) => {
                        let place = rng.random::<f64>() * border[n - 1];
                        // Rounding may put a place beyond the last border.
                        border.partition_point(|b| *b <= place).min(n - 1)
                    }
                };
                drawn[row] += 1;
            }
            let times = |(pair, &times): (&[f64; 2], &u32)| {
                let times = f64::from(times);
                pair.map(|v| match self.bootstrap {
                    Bootstrap::Weighted if v > 0.0 => times,
                    _ => v * times,
                })
            };
            let mass: Vec<[f64; 2]> = full.iter().zip(&drawn).map(times).collect();
            grow(&columns, &mass, limits, &mut rng)
        };
        Ok(ForestModel {
            n_features: data.n_features(),
            trees: (0..self.n_estimators).into_par_iter().map(tree).collect(),
        })
    }
}

/// A fitted forest. The decision value is the mean share of positive weight in the leaves, minus ½.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawForest"))]
pub struct ForestModel {
    n_features: usize,
    trees: Vec<Tree>,
}

impl ForestModel {
    /// Number of trees.
    pub fn n_trees(&self) -> usize {
        self.trees.len()
    }

    /// p(x) = mean over the trees of the share of positive weight in the leaf.
    ///
    /// # Errors
    /// As [`Classifier::decision_function`].
    pub fn predict_proba(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        let n = self.trees.len() as f64;
        let add = |sum, _, value| sum + value;
        Ok(fold_trees(&self.trees, x, 0.0, add, |sum| sum / n))
    }
}

impl Classifier for ForestModel {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let mut p = self.predict_proba(x)?;
        let n_terms = self.trees.len() + 1;
        p.iter_mut()
            .for_each(|p| *p = decision_or_zero(*p - 0.5, *p + 0.5, n_terms));
        Ok(p)
    }
}

/// What a file holds, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForest {
    n_features: usize,
    trees: Vec<Tree>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawForest> for ForestModel {
    type Error = String;

    fn try_from(raw: RawForest) -> Result<Self, String> {
        crate::tree::check_trees(raw.n_features, &raw.trees)?;
        if raw.trees.is_empty() {
            return Err("a forest has at least one tree".into());
        }
        Ok(Self {
            n_features: raw.n_features,
            trees: raw.trees,
        })
    }
}
