//! EasyEnsemble.

use crate::boosted::Boosting;
use crate::prepare::{Prepared, by_row, check_features};
use crate::rules;
use crate::streams::{draw_without_replacement, stream};
use crate::tree::Columns;
use crate::{BaselineError, BoostedModel, MaxFeatures, TreeOptions};
use fuzzysvm_core::{
    Classifier, Learner, Matrix, MethodInfo, ParamError, PredictError, Samples, decision_or_zero,
    math, param_choice, parameters,
};
use rayon::prelude::*;

/// More than there are rounds at most.
const STREAMS_PER_SUBSET: usize = 1 << 20;

/// How the members of an [`EasyEnsemble`] are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Combine {
    /// The paper's way: all weak learners of all members vote with their α. The default.
    #[default]
    Votes,
    /// imbalanced-learn's way: the mean of the members' probabilities 1/(1 + exp(−2 m_i)), m_i the member's margin.
    Probabilities,
}

param_choice! { Combine { Votes = "votes", Probabilities = "probabilities" } }

/// EasyEnsemble: Liu, Wu & Zhou 2009, doi 10.1109/TSMCB.2008.2007853.
///
/// T subsets, each with the whole smaller class and as many rows of the larger one, drawn without replacement;
/// AdaBoost on each; all weak learners vote:
///
/// ```text
/// f(x) = Σ_i Σ_j α_ij h_ij(x) / Σ_i Σ_j α_ij,    h_ij(x) in {−1, +1}
/// ```
///
/// The score is the margin f(x) in \[−1, 1\] with [`Combine::Votes`], p(x) − ½ with [`Combine::Probabilities`];
/// p(x), see [`EasyEnsembleModel::predict_proba`], is not calibrated.
///
/// **Differs from the paper:** T = 10 members of 50 stumps (imbalanced-learn's defaults) in place of 4 members
/// of 10 trees; no thresholds θ_i other than 0. **From imbalanced-learn:** the votes, unless `combine` says
/// otherwise.
///
/// **Sample weights:** rows are drawn by row, and keep their weights in AdaBoost. 0 is the row removed, a
/// constant changes nothing.
///
/// ```
/// use fuzzysvm_baselines::EasyEnsemble;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 34.5)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let model = EasyEnsemble::default().fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.members().len(), 10);
/// assert_eq!(model.predict(x)?[39], Label::Positive);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct EasyEnsemble {
    /// T, 1 to 100,000. Default 10.
    pub n_subsets: usize,
    /// Most rounds of AdaBoost on a subset, 1 to 100,000. Default 50.
    pub n_estimators: usize,
    /// The weak learner's limits. Default: a stump.
    pub tree: TreeOptions,
    /// How the members are put together. Default: votes.
    pub combine: Combine,
    /// Seed; every subset has streams of its own, so the number of threads changes nothing. Default 0.
    pub seed: u64,
}

impl Default for EasyEnsemble {
    fn default() -> Self {
        Self {
            n_subsets: 10,
            n_estimators: 50,
            tree: TreeOptions::default(),
            combine: Combine::Votes,
            seed: 0,
        }
    }
}

parameters! {
    EasyEnsemble {
        combine: Combine, "votes or probabilities", "How the members are combined";
        max_depth (tree.max_depth): Option<usize>, rules::tree::MAX_DEPTH, rules::tree::MAX_DEPTH_HELP;
        max_features (tree.max_features): MaxFeatures, rules::tree::MAX_FEATURES, rules::tree::MAX_FEATURES_HELP;
        min_samples_leaf (tree.min_samples_leaf): usize, rules::tree::MIN_SAMPLES_LEAF, rules::tree::MIN_SAMPLES_LEAF_HELP;
        n_estimators: usize, rules::COUNT, "Most rounds of AdaBoost on a subset";
        n_subsets: usize, rules::COUNT, "Number of balanced subsets";
    }
}

impl EasyEnsemble {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "EasyEnsemble",
        "AdaBoost on balanced subsets (baseline, not an SVM)",
        "Liu, Wu & Zhou 2009, doi 10.1109/TSMCB.2008.2007853",
    )
    .with_grid(&[("n_estimators", &["10", "50"])]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        rules::count("n_subsets", self.n_subsets)?;
        rules::count("n_estimators", self.n_estimators)?;
        self.tree.validate()
    }
}

impl Learner for EasyEnsemble {
    type Model = EasyEnsembleModel;
    type Error = BaselineError;

    /// Draws and boosts.
    ///
    /// # Errors
    /// [`BaselineError`]: parameters, one class, weights.
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<EasyEnsembleModel, BaselineError> {
        self.validate()?;
        let data = Prepared::new(train, sample_weight)?;
        let (larger, smaller) = data.larger_and_smaller();
        let member = |t: usize| -> Result<BoostedModel, BaselineError> {
            // One stream for the draw, then one per round, so that more rounds do not change the draws.
            let first = t * STREAMS_PER_SUBSET;
            let mut rng = stream(self.seed, first);
            let mut rows = draw_without_replacement(&larger, smaller.len(), &mut rng);
            rows.extend_from_slice(&smaller);
            rows.sort_unstable();
            let (x, positive, weight) = data.select(&rows)?;
            let boosting = Boosting {
                columns: &Columns::new(x.view()),
                positive: &positive,
                costs: [1.0; 2],
                costs_in_tree: true,
                confidence_rated: false,
                n_rounds: self.n_estimators,
                limits: self.tree.limits(data.n_features()),
                seed: self.seed,
                first_stream: first + 1,
            };
            Ok(boosting.run(weight, |_| None))
        };
        let members: Result<Vec<_>, _> = (0..self.n_subsets).into_par_iter().map(member).collect();
        Ok(EasyEnsembleModel {
            n_features: data.n_features(),
            combine: self.combine,
            members: members?,
        })
    }
}

/// A fitted [`EasyEnsemble`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawEasyEnsemble"))]
pub struct EasyEnsembleModel {
    n_features: usize,
    combine: Combine,
    members: Vec<BoostedModel>,
}

impl EasyEnsembleModel {
    /// One AdaBoost model per subset.
    pub fn members(&self) -> &[BoostedModel] {
        &self.members
    }

    /// p(x) = mean over the members of 1/(1 + exp(−2 m_i(x))), m_i the member's margin, whatever `combine` is. It is
    /// imbalanced-learn's probability, and stays between 0.12 and 0.88.
    ///
    /// # Errors
    /// As [`Classifier::decision_function`].
    pub fn predict_proba(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        let totals: Vec<f64> = self.members.iter().map(BoostedModel::total).collect();
        let of = |row: &[f64]| {
            let members = self.members.iter().zip(&totals);
            let sum: f64 = members
                .map(|(m, &total)| 1.0 / (1.0 + math::exp(-2.0 * m.margin(row, total))))
                .sum();
            sum / self.members.len() as f64
        };
        Ok(by_row(x, of))
    }
}

impl Classifier for EasyEnsembleModel {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        if self.combine == Combine::Probabilities {
            let mut p = self.predict_proba(x)?;
            let n_terms = self.members.len() + 1;
            p.iter_mut()
                .for_each(|p| *p = decision_or_zero(*p - 0.5, *p + 0.5, n_terms));
            return Ok(p);
        }
        check_features(self.n_features, x)?;
        let total: f64 = self.members.iter().map(BoostedModel::total).sum();
        let n_terms = self.members.iter().map(BoostedModel::n_rounds).sum();
        Ok(by_row(x, |row| {
            let (mut votes, mut magnitude) = (0.0, 0.0);
            for member in &self.members {
                let (sum, of_terms) = member.votes(row);
                votes += sum;
                magnitude += of_terms;
            }
            if total > 0.0 {
                decision_or_zero(votes, magnitude, n_terms) / total
            } else {
                0.0
            }
        }))
    }
}

/// What a file holds, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEasyEnsemble {
    n_features: usize,
    combine: Combine,
    members: Vec<BoostedModel>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawEasyEnsemble> for EasyEnsembleModel {
    type Error = String;

    fn try_from(raw: RawEasyEnsemble) -> Result<Self, String> {
        if raw.members.is_empty() {
            return Err("an ensemble has at least one member".into());
        }
        if raw.members.iter().any(|m| m.n_features() != raw.n_features) {
            return Err("every member must have the ensemble's `n_features`".into());
        }
        Ok(Self {
            n_features: raw.n_features,
            combine: raw.combine,
            members: raw.members,
        })
    }
}
