//! Gradient-boosted trees with a weight for the positive class.

use crate::BaselineError;
use crate::prepare::{Prepared, by_row, check_features};
use crate::rules;
use crate::tree::{Node, Tree};
use forust_ml::objective::ObjectiveType;
use forust_ml::sampler::SampleMethod;
use forust_ml::{GradientBooster, Matrix as ColumnMatrix};
use fuzzysvm_core::{
    Classifier, Learner, Matrix, MethodInfo, ParamError, PredictError, Samples, decision_or_zero,
    parameters,
};

/// Gradients are summed in single precision.
const MOST_WEIGHT: f64 = 1e30;

/// Cost-sensitive XGBoost: Chen & Guestrin 2016, doi 10.1145/2939672.2939785, with the weight
/// `scale_pos_weight` for positive samples.
///
/// Trees are added to the log-odds F, F_0 = 0. With p_i = 1/(1 + exp(−F(x_i))), t_i = 1 for positive samples
/// and 0 for negative ones, and u_i = w_i (times `scale_pos_weight` for positive samples):
///
/// ```text
/// g_i = u_i (p_i − t_i),   h_i = u_i p_i (1 − p_i),   G, H their sums over a node
/// gain = ½ ( G_L²/(H_L + λ) + G_R²/(H_R + λ) − G²/(H + λ) ) − γ,    leaf value −η G/(H + λ)
/// ```
///
/// The trees are grown by forust-ml on at most `n_bins` bins per feature; with as many bins as values every split
/// is tried, at a value, as by XGBoost's `hist` method. Where splits gain exactly the same the two may choose
/// different ones, and later trees follow. The score is F(x), the log-odds among samples weighted by u;
/// [`GradientBoostingModel::predict_proba`] gives 1/(1 + exp(−F(x))).
///
/// **Sample weights** are absolute, as in XGBoost: 0 is the row removed, and a constant t acts like λ/t,
/// `min_child_weight`/t and γ/t.
///
/// ```
/// use fuzzysvm_baselines::CsXgBoost;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 34.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let model = CsXgBoost::default().fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.predict(x)?, y);
/// assert!(model.predict_proba(x)?[39] > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct CsXgBoost {
    /// Number of trees, 1 to 100,000. Default 100.
    pub n_estimators: usize,
    /// η, 1e-6 to 1. Default 0.3.
    pub learning_rate: f64,
    /// Most splits between root and leaf, 1 to 64. Default 6.
    pub max_depth: usize,
    /// Least H of a leaf, 0 to 1e30. Default 1.
    pub min_child_weight: f64,
    /// λ, 0 to 1e30. Default 1.
    pub reg_lambda: f64,
    /// γ, the least gain of a split, 0 to 1e30. Default 0.
    pub gamma: f64,
    /// Share of the rows drawn for each tree, 0.01 to 1. Default 1.
    pub subsample: f64,
    /// Factor of the positive samples, 1e-6 to 1e6; `None` (default) is n₋/n₊, sizes being sums of sample weights.
    pub scale_pos_weight: Option<f64>,
    /// Bins per feature, 2 to 4096. Default 256, as XGBoost's `max_bin`.
    pub n_bins: usize,
    /// Seed of `subsample`; changes nothing where that is 1. Default 0.
    pub seed: u64,
}

impl Default for CsXgBoost {
    fn default() -> Self {
        Self {
            n_estimators: 100,
            learning_rate: 0.3,
            max_depth: 6,
            min_child_weight: 1.0,
            reg_lambda: 1.0,
            gamma: 0.0,
            subsample: 1.0,
            scale_pos_weight: None,
            n_bins: 256,
            seed: 0,
        }
    }
}

parameters! {
    CsXgBoost {
        gamma: f64, "a number from 0 to 1e30", "Least gain of a split";
        learning_rate: f64, "a number from 1e-6 to 1", "Factor of every tree";
        max_depth: usize, "a whole number from 1 to 64", "Most splits between root and leaf of a tree";
        min_child_weight: f64, "a number from 0 to 1e30", "Least sum of second derivatives in a leaf";
        n_bins: usize, "a whole number from 2 to 4096", "Most bins per feature";
        n_estimators: usize, rules::COUNT, "Number of trees";
        reg_lambda: f64, "a number from 0 to 1e30", "L2 regularization of the leaf values";
        scale_pos_weight: Option<f64>, "a number from 1e-6 to 1e6, or none", "Weight of positive samples; none is the ratio of the class sizes";
        subsample: f64, "a number from 0.01 to 1", "Share of the rows drawn for each tree";
    }
}

impl CsXgBoost {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "cs-XGBoost",
        "gradient-boosted trees with a positive weight (baseline, not an SVM)",
        "Chen & Guestrin 2016, doi 10.1145/2939672.2939785",
    )
    .with_grid(&[
        ("n_estimators", &["50"]),
        ("learning_rate", &["0.1"]),
        ("max_depth", &["1", "2", "4"]),
    ]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        rules::count("n_estimators", self.n_estimators)?;
        ParamError::check(
            (1..=64).contains(&self.max_depth),
            "max_depth",
            self.max_depth,
            "must lie between 1 and 64",
        )?;
        ParamError::check(
            (2..=4096).contains(&self.n_bins),
            "n_bins",
            self.n_bins,
            "must lie between 2 and 4096",
        )?;
        let to_1 = "must lie between 1e-6 and 1";
        rules::within("learning_rate", self.learning_rate, [1e-6, 1.0], to_1)?;
        let share = "must lie between 0.01 and 1";
        rules::within("subsample", self.subsample, [0.01, 1.0], share)?;
        for (name, value) in [
            ("min_child_weight", self.min_child_weight),
            ("reg_lambda", self.reg_lambda),
            ("gamma", self.gamma),
        ] {
            rules::within(name, value, [0.0, 1e30], "must lie between 0 and 1e30")?;
        }
        let factor = self.scale_pos_weight.unwrap_or(1.0);
        let rule = "must lie between 1e-6 and 1e6";
        rules::within("scale_pos_weight", factor, [1e-6, 1e6], rule)
    }

    fn booster(&self) -> GradientBooster {
        let sampling = if self.subsample < 1.0 {
            SampleMethod::Random
        } else {
            SampleMethod::None
        };
        GradientBooster::default()
            .set_objective_type(ObjectiveType::LogLoss)
            .set_iterations(self.n_estimators)
            .set_learning_rate(self.learning_rate as f32)
            .set_max_depth(self.max_depth)
            .set_max_leaves(usize::MAX)
            .set_l2(self.reg_lambda as f32)
            .set_gamma(self.gamma as f32)
            .set_min_leaf_weight(self.min_child_weight as f32)
            .set_base_score(0.0)
            .set_initialize_base_score(false)
            .set_nbins(self.n_bins as u16)
            .set_subsample(self.subsample as f32)
            .set_sample_method(sampling)
            .set_seed(self.seed)
            .set_parallel(false)
    }
}

impl Learner for CsXgBoost {
    type Model = GradientBoostingModel;
    type Error = BaselineError;

    /// Boosts.
    ///
    /// # Errors
    /// [`BaselineError`]: parameters, one class, weights, among them such that single precision cannot hold, a
    /// model that is not finite (λ = 0 with `min_child_weight` = 0 can give one).
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<GradientBoostingModel, BaselineError> {
        self.validate()?;
        let data = Prepared::new(train, sample_weight)?;
        let sums = data.class_weight_sums();
        let factor = self.scale_pos_weight.unwrap_or(sums[0] / sums[1]);
        let weight: Vec<f64> = data
            .given
            .iter()
            .zip(&data.positive)
            .map(|(w, &p)| if p { w * factor } else { *w })
            .collect();
        if let Some(i) = weight.iter().position(|w| *w > MOST_WEIGHT) {
            return Err(BaselineError::WeightTooLarge {
                row: data.rows[i],
                value: weight[i],
                most: MOST_WEIGHT,
            });
        }
        let (n, d) = (data.n_rows(), data.n_features());
        let x = data.x()?;
        let mut columns = Vec::with_capacity(n * d);
        for col in 0..d {
            // forust marks the end of its bins by the largest double.
            let below_end = f64::MAX.next_down();
            columns.extend(x.rows().map(|row| row[col].min(below_end)));
        }
        let target: Vec<f64> = data
            .positive
            .iter()
            .map(|&p| f64::from(u8::from(p)))
            .collect();
        let mut booster = self.booster();
        booster
            .fit(&ColumnMatrix::new(&columns, n, d), &target, &weight, None)
            .map_err(|e| BaselineError::Booster {
                reason: e.to_string(),
            })?;
        let trees: Option<Vec<Tree>> = booster.trees.iter().map(convert).collect();
        let trees = trees.ok_or(BaselineError::ModelNotFinite)?;
        Ok(GradientBoostingModel {
            n_features: d,
            trees,
        })
    }
}

/// forust's tree as one of ours; `None` where it has a number that is not finite.
fn convert(theirs: &forust_ml::tree::Tree) -> Option<Tree> {
    let mut nodes = vec![Node::leaf(0.0)];
    // Where their node goes. Children are appended in pairs, after their parent.
    let mut queue = std::collections::VecDeque::from([(0, 0)]);
    while let Some((from, to)) = queue.pop_front() {
        let node = theirs.nodes.get(from)?;
        nodes[to] = if node.is_leaf {
            Node::leaf(f64::from(node.weight_value))
        } else {
            let left = nodes.len();
            nodes.extend([Node::leaf(0.0); 2]);
            queue.extend([(node.left_child, left), (node.right_child, left + 1)]);
            Node {
                feature: u32::try_from(node.split_feature).ok()?,
                left: u32::try_from(left).ok()?,
                // They ask x < t, we ask x ≤ t.
                number: node.split_value.next_down(),
            }
        };
        if !nodes[to].number.is_finite() {
            return None;
        }
    }
    Some(Tree { nodes })
}

/// A fitted [`CsXgBoost`]. The decision value is F(x) = Σ_t of the leaf values, the log-odds.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawGradientBoosting"))]
pub struct GradientBoostingModel {
    n_features: usize,
    trees: Vec<Tree>,
}

impl GradientBoostingModel {
    /// Number of trees.
    pub fn n_trees(&self) -> usize {
        self.trees.len()
    }

    /// 1/(1 + exp(−F(x))).
    ///
    /// # Errors
    /// As [`Classifier::decision_function`].
    pub fn predict_proba(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let mut values = self.decision_function(x)?;
        values
            .iter_mut()
            .for_each(|f| *f = 1.0 / (1.0 + (-*f).exp()));
        Ok(values)
    }
}

impl Classifier for GradientBoostingModel {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        let of = |row: &[f64]| {
            let (mut sum, mut magnitude) = (0.0, 0.0_f64);
            for tree in &self.trees {
                let value = tree.value(row);
                sum += value;
                magnitude += value.abs();
            }
            decision_or_zero(sum, magnitude, self.trees.len())
        };
        Ok(by_row(x, of))
    }
}

/// What a file holds, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGradientBoosting {
    n_features: usize,
    trees: Vec<Tree>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawGradientBoosting> for GradientBoostingModel {
    type Error = String;

    fn try_from(raw: RawGradientBoosting) -> Result<Self, String> {
        crate::tree::check_trees(raw.n_features, &raw.trees)?;
        Ok(Self {
            n_features: raw.n_features,
            trees: raw.trees,
        })
    }
}
