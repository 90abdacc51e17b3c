//! Intuitionistic fuzzy scores in the feature space of a kernel.

use crate::gram::{centered, each_row};
use crate::{Membership, MembershipError, MinorityClass, Plan, Strategy};
use fuzzysvm_core::{
    Label, Matrix, MatrixBuf, MethodInfo, ParamError, ParamSpec, ParamValue, Parameters, Samples,
};
use fuzzysvm_kernels::{Gamma, Kernel, KernelKind, PreparedKernel, Rbf};

/// In which space distances are measured.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum FeatureSpace {
    /// The space of the RBF kernel, γ a number or found from the training samples. `scale`, the default, is one over
    /// the sum of the columns' variances. It equals the `scale` of `Svc` where the columns have mean 0; unlike that
    /// one it is unchanged by a shift, so neither a shift nor a common scaling of x matters.
    Rbf(Gamma),
    /// The space of any kernel; [`Linear`](fuzzysvm_kernels::Linear) is x itself.
    Kernel(KernelKind),
}

impl Default for FeatureSpace {
    fn default() -> Self {
        Self::Rbf(Gamma::Scale)
    }
}

/// A membership from the distance to the own class's center, a non-membership from the share of the other class
/// nearby, and a score of both; in feature space. s = score/IR for the majority, 1 for the minority.
///
/// Rezvani, Wang & Pourpanah 2019 (intuitionistic fuzzy twin SVM), doi 10.1109/TFUZZ.2019.2893863. With n_c samples in
/// the own class c of x_i, all sums over it,
///
/// ```text
/// r_i² = K(x_i, x_i) − (2/n_c) Σ_j K(x_i, x_j) + (1/n_c²) Σ_j Σ_l K(x_j, x_l)     distance to the class center
/// μ_i = 1 − r_i/(max_c r + δ)                                                     membership
/// ρ_i = share of the other class among all samples within distance α of x_i (x_i itself counted)
/// ν_i = (1 − μ_i) ρ_i                                                             non-membership
/// score = μ_i                        where ν_i = 0
///         0                          where μ_i ≤ ν_i
///         (1 − ν_i)/(2 − μ_i − ν_i)  otherwise
/// ```
///
/// and ‖φ(x) − φ(z)‖² = K(x, x) + K(z, z) − 2K(x, z). By default α is the larger of the two class radii max_c r, as in
/// the public code. The score is not continuous: with the first sample of the other class inside α it jumps from μ to at
/// least ½. The papers give the score to both classes and have no 1/IR; [`Intuitionistic::both_classes`] gives it to
/// the minority too. Then minority samples deep among the majority get 0 and leave the fit, which an imbalanced problem can
/// least afford; hence the default.
///
/// Time O(n² d), memory O(n): the Gram matrix is computed in blocks of rows and never stored.
///
/// # Edges
/// A class whose samples coincide has r = 0 and μ = 1, and so has a class of one. Duplicates of another label are
/// within any α. Distances are compared with α up to 1e-12 of the kernel values, so that rounding does not decide.
/// A kernel that overflows is an error that names the row.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Intuitionistic {
    /// Where distances are measured. Default: in the space of the RBF kernel with γ = `scale`.
    pub space: FeatureSpace,
    /// α > 0, a distance in that space; `None`, the default, is the larger class radius.
    pub alpha: Option<f64>,
    /// δ > 0, a distance in that space: keeps the farthest sample's μ above 0. Default 1e-4.
    pub delta: f64,
    /// Whether the minority gets its score as well (without 1/IR). Default false.
    pub both_classes: bool,
    /// Which class is the minority. Default: the positive one.
    pub minority: MinorityClass,
}

impl Default for Intuitionistic {
    fn default() -> Self {
        Self {
            space: FeatureSpace::default(),
            alpha: None,
            delta: 1e-4,
            both_classes: false,
            minority: MinorityClass::Positive,
        }
    }
}

const PARAMS: &[ParamSpec] = &[
    ParamSpec::of::<String>(
        "gamma",
        "scale, auto or a number above 0",
        "Width of the RBF kernel in whose space distances are measured",
    ),
    ParamSpec::of::<Option<f64>>(
        "alpha",
        "a number above 0, or none",
        "Radius of neighborhoods in feature space; none is the larger class radius",
    ),
    ParamSpec::of::<f64>(
        "delta",
        "a number above 0",
        "Length that keeps the membership of a class's farthest sample above 0",
    ),
    ParamSpec::of::<bool>(
        "both_classes",
        "true or false",
        "Whether the minority is weighed too",
    ),
    ParamSpec::of::<MinorityClass>(
        "minority",
        "positive or smaller",
        "Class that is treated as the minority",
    ),
];

/// Not by the macro, because `gamma` stands for [`Intuitionistic::space`]: there is none where the space is not that
/// of an RBF kernel, and setting it makes the space one.
impl Parameters for Intuitionistic {
    fn param_specs(&self) -> &'static [ParamSpec] {
        PARAMS
    }

    fn get_param(&self, name: &str) -> Option<String> {
        match name {
            "gamma" => match &self.space {
                FeatureSpace::Rbf(gamma) => Some(gamma.to_string()),
                FeatureSpace::Kernel(_) => None,
            },
            "alpha" => Some(self.alpha.to_text()),
            "delta" => Some(self.delta.to_text()),
            "both_classes" => Some(self.both_classes.to_text()),
            "minority" => Some(self.minority.to_text()),
            _ => None,
        }
    }

    fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
        let Some(spec) = PARAMS.iter().find(|spec| spec.name == name) else {
            return Err(ParamError::unknown(name, PARAMS));
        };
        let unreadable = || ParamError::unreadable(spec.name, value, spec.rule);
        match name {
            "gamma" => {
                let gamma = value.parse().map_err(|_| unreadable())?;
                self.space = FeatureSpace::Rbf(gamma);
            }
            "alpha" => self.alpha = ParamValue::from_text(value).ok_or_else(unreadable)?,
            "delta" => self.delta = ParamValue::from_text(value).ok_or_else(unreadable)?,
            "both_classes" => {
                self.both_classes = ParamValue::from_text(value).ok_or_else(unreadable)?;
            }
            _ => self.minority = ParamValue::from_text(value).ok_or_else(unreadable)?,
        }
        Ok(())
    }
}

const INFO: MethodInfo = MethodInfo::new(
    "intuitionistic",
    "Membership and non-membership in feature space",
    "Rezvani, Wang & Pourpanah 2019, doi 10.1109/TFUZZ.2019.2893863",
);

impl Strategy for Intuitionistic {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }
}

/// Relative size of what rounding leaves of a squared distance that is 0.
const ROUNDING: f64 = 1e-12;

impl Membership for Intuitionistic {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        let roles = self.minority.resolve(train)?;
        let (kernel, x) = self.kernel_on(train.x())?;
        kernel.check_points(x.view())?;
        let gram = Gram::new(kernel.prepare(x.view()), train.y());
        let radii = gram.distances_to_class_center()?;
        let of_class = |class: Label| {
            let own = radii.iter().zip(train.y()).filter(|&(_, &y)| y == class);
            own.map(|(&r, _)| r).fold(0.0, f64::max)
        };
        let [negative, positive] = [Label::Negative, Label::Positive].map(of_class);
        let alpha = self.alpha.unwrap_or(negative.max(positive));
        let foreign = gram.foreign_shares(alpha);
        Ok((0..train.n_samples())
            .map(|i| {
                let label = train.y()[i];
                let factor = if label != roles.minority {
                    roles.factor
                } else if self.both_classes {
                    1.0
                } else {
                    return 1.0;
                };
                let most = if label.is_positive() {
                    positive
                } else {
                    negative
                };
                let mu = (most - radii[i] + self.delta) / (most + self.delta);
                factor * score(mu, (1.0 - mu) * foreign[i])
            })
            .collect())
    }

    fn validate(&self) -> Result<(), ParamError> {
        match &self.space {
            FeatureSpace::Kernel(kernel) => kernel.validate()?,
            FeatureSpace::Rbf(Gamma::Value(gamma)) => Rbf { gamma: *gamma }.validate()?,
            FeatureSpace::Rbf(_) => {}
        }
        let positive = |v: f64| v.is_finite() && v > 0.0;
        let rule = "must be finite and > 0";
        if let Some(alpha) = self.alpha {
            ParamError::check(positive(alpha), "alpha", alpha, rule)?;
        }
        ParamError::check(positive(self.delta), "delta", self.delta, rule)
    }
}

impl Intuitionistic {
    /// The kernel and the samples to use it on.
    fn kernel_on(&self, x: Matrix<'_>) -> Result<(KernelKind, MatrixBuf), MembershipError> {
        let (gamma, x) = match &self.space {
            FeatureSpace::Kernel(kernel) => return Ok((kernel.clone(), x.to_owned_matrix())),
            FeatureSpace::Rbf(Gamma::Scale) => {
                let x = centered(x);
                (Gamma::Scale.resolve(x.view())?, x)
            }
            FeatureSpace::Rbf(gamma) => (gamma.resolve(x)?, x.to_owned_matrix()),
        };
        Ok((Rbf { gamma }.into(), x))
    }
}

/// The score of an intuitionistic fuzzy number (μ, ν).
fn score(mu: f64, nu: f64) -> f64 {
    if nu == 0.0 {
        mu
    } else if mu <= nu {
        0.0
    } else {
        (1.0 - nu) / (2.0 - mu - nu)
    }
}

/// The Gram matrix row by row.
struct Gram<'a> {
    prepared: Box<dyn PreparedKernel + 'a>,
    diagonal: Vec<f64>,
    y: &'a [Label],
}

impl<'a> Gram<'a> {
    fn new(prepared: Box<dyn PreparedKernel + 'a>, y: &'a [Label]) -> Self {
        let diagonal = prepared.diagonal();
        Self {
            prepared,
            diagonal,
            y,
        }
    }

    /// r_i of every sample.
    fn distances_to_class_center(&self) -> Result<Vec<f64>, MembershipError> {
        let n = self.y.len();
        let size = |class| self.y.iter().filter(|&&y| y == class).count() as f64;
        let sizes = [size(Label::Negative), size(Label::Positive)];
        let class = |i: usize| usize::from(self.y[i].is_positive());
        let mut means = vec![0.0; n];
        each_row(&*self.prepared, self.y.len(), |i, row| {
            let own = row.iter().zip(self.y).filter(|&(_, &y)| y == self.y[i]);
            means[i] = own.map(|(k, _)| k).sum::<f64>() / sizes[class(i)];
        });
        let mut mean_of_means = [0.0; 2];
        for i in 0..n {
            mean_of_means[class(i)] += means[i] / sizes[class(i)];
        }
        (0..n)
            .map(|i| {
                let (own, all) = (self.diagonal[i], mean_of_means[class(i)]);
                let squared = own - 2.0 * means[i] + all;
                if !squared.is_finite() {
                    return Err(MembershipError::KernelOverflow {
                        row: i,
                        value: squared,
                    });
                }
                let zero = squared <= ROUNDING * (own.abs() + all.abs());
                Ok(if zero { 0.0 } else { squared.sqrt() })
            })
            .collect()
    }

    /// The share of the other class within `alpha` of every sample.
    fn foreign_shares(&self, alpha: f64) -> Vec<f64> {
        let mut shares = vec![0.0; self.y.len()];
        let squared_alpha = alpha * alpha;
        each_row(&*self.prepared, self.y.len(), |i, row| {
            let (mut within, mut foreign) = (0usize, 0usize);
            for ((&k, &own), &y) in row.iter().zip(&self.diagonal).zip(self.y) {
                let sum = self.diagonal[i] + own;
                if sum - 2.0 * k <= squared_alpha + ROUNDING * sum.abs() {
                    within += 1;
                    foreign += usize::from(y != self.y[i]);
                }
            }
            // x_i itself is within.
            shares[i] = foreign as f64 / within.max(1) as f64;
        });
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_of_each_case() {
        assert_eq!(score(0.3, 0.0), 0.3);
        assert_eq!(score(1.0, 0.0), 1.0);
        assert_eq!(score(0.25, 0.25), 0.0);
        assert_eq!(score(0.2, 0.6), 0.0);
        // (1 − 0.25)/(2 − 0.5 − 0.25) = 0.75/1.25
        assert!((score(0.5, 0.25) - 0.6).abs() < 1e-15);
    }
}
