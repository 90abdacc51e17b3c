//! The limits of a tree.

use super::Limits;
use fuzzysvm_core::{ParamError, ParamType, ParamValue};

/// How many features a node looks at, drawn anew at every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum MaxFeatures {
    /// All d.
    #[default]
    All,
    /// ⌊√d⌋, at least 1.
    Sqrt,
    /// ⌊log₂ d⌋, at least 1.
    Log2,
    /// This many, at least 1; all where it exceeds d.
    Number(usize),
}

/// `all`, `sqrt`, `log2` or `number:N`.
impl ParamValue for MaxFeatures {
    const TYPE: ParamType = ParamType::Text;

    fn to_text(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Sqrt => "sqrt".to_owned(),
            Self::Log2 => "log2".to_owned(),
            Self::Number(n) => format!("number:{n}"),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "all" => Some(Self::All),
            "sqrt" => Some(Self::Sqrt),
            "log2" => Some(Self::Log2),
            other => usize::from_text(other.strip_prefix("number:")?).map(Self::Number),
        }
    }
}

impl MaxFeatures {
    fn resolve(self, d: usize) -> usize {
        match self {
            Self::All => d,
            Self::Sqrt => d.isqrt().max(1),
            Self::Log2 => (d.ilog2() as usize).max(1),
            Self::Number(n) => n.min(d),
        }
    }
}

/// Limits of the weighted classification tree (CART, Breiman, Friedman, Olshen & Stone 1984) under the first four
/// baselines.
///
/// A node with class weights (w₋, w₊) is split where the weighted Gini impurity of its children is least, that is where
/// Σ_children (w₋² + w₊²)/(w₋ + w₊) is largest; every threshold between two neighboring values is tried, the threshold
/// is their middle. Ties (sums that agree to 12 digits) go to the lowest feature, then the lowest threshold. A leaf's
/// value is w₊/(w₋ + w₊). Rows of weight 0 are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct TreeOptions {
    /// Most splits between root and leaf, at least 1; `None` for no limit.
    pub max_depth: Option<usize>,
    /// Fewest rows of a leaf, at least 1. Rows are counted once, whatever their weight.
    pub min_samples_leaf: usize,
    /// How many features a node looks at. Features that are constant in the node count, but a node goes on
    /// looking until it has seen one that is not (as scikit-learn does).
    pub max_features: MaxFeatures,
}

impl Default for TreeOptions {
    /// A stump: one split, every feature.
    fn default() -> Self {
        Self {
            max_depth: Some(1),
            min_samples_leaf: 1,
            max_features: MaxFeatures::All,
        }
    }
}

impl TreeOptions {
    /// Checks the limits.
    ///
    /// # Errors
    /// [`ParamError`] for a limit of 0.
    pub fn validate(&self) -> Result<(), ParamError> {
        let at_least_one =
            |value: usize, name| ParamError::check(value >= 1, name, value, "must be at least 1");
        at_least_one(self.max_depth.unwrap_or(1), "max_depth")?;
        at_least_one(self.min_samples_leaf, "min_samples_leaf")?;
        let ok = self.max_features != MaxFeatures::Number(0);
        let rule = "must have a number of at least 1";
        ParamError::check(ok, "max_features", self.max_features.to_text(), rule)
    }

    pub(crate) fn limits(&self, n_features: usize) -> Limits {
        Limits {
            max_depth: self.max_depth.unwrap_or(usize::MAX),
            min_samples_leaf: self.min_samples_leaf,
            max_features: self.max_features.resolve(n_features),
        }
    }
}
