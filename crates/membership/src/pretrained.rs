//! The first model that some strategies start from.

use crate::{FirstModelError, Membership, MembershipError};
use fuzzysvm_core::{Classifier, Learner, ParamError, Samples};

/// A strategy with the learner of its first model: fits `first` with the weights that the strategy
/// names ([`Membership::first_weights`]), scores the training samples with it, and gives the decision
/// values to the strategy ([`Membership::membership_from`]).
///
/// Memberships and machines know nothing of each other: any [`Learner`] will do. A strategy that needs
/// no first model is computed as it is and nothing is fitted, so one `Pretrained` serves whatever
/// strategy a user names.
///
/// ```
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, PredictError, Samples, SamplesError};
/// use fuzzysvm_membership::{Membership, MembershipError, Pretrained, SlackFactor};
///
/// /// Cuts the line at 4, whatever the data.
/// struct AtFour;
/// impl Classifier for AtFour {
///     fn n_features(&self) -> usize { 1 }
///     fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
///         Ok(x.rows().map(|r| r[0] - 4.0).collect())
///     }
/// }
/// impl Learner for AtFour {
///     type Model = Self;
///     type Error = SamplesError;
///     fn fit(&self, _: Samples<'_>, _: Option<&[f64]>) -> Result<Self, SamplesError> { Ok(AtFour) }
/// }
///
/// let (n, p) = (Label::Negative, Label::Positive);
/// let (x, y) = ([0.0, 2.0, 5.5, 7.0], [n, n, n, p]);
/// let train = Samples::new(Matrix::new(&x, 1)?, &y)?;
/// let alone = SlackFactor::default();
/// assert!(matches!(alone.membership(train), Err(MembershipError::NeedsFirstModel { .. })));
/// let s = Pretrained::new(alone, AtFour).membership(train)?;
/// // The slack of 5.5 is 1 + 1.5 = 2.5 > 2: exp(−0.5 · 2.5)/IR; the others keep 1/IR.
/// assert_eq!(s, [1.0 / 3.0, 1.0 / 3.0, (-1.25f64).exp() * (1.0 / 3.0), 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pretrained<M, L> {
    /// How much each sample counts.
    pub membership: M,
    /// What is fitted first.
    pub first: L,
}

impl<M: Membership, L: Learner> Pretrained<M, L> {
    /// Gives `membership` the learner of its first model.
    pub fn new(membership: M, first: L) -> Self {
        Self { membership, first }
    }
}

impl<M: Membership, L: Learner> Membership for Pretrained<M, L> {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        let Some(weights) = self.membership.first_weights(train)? else {
            return self.membership.membership(train);
        };
        let model = self
            .first
            .fit(train, Some(&weights))
            .map_err(|e| MembershipError::FirstModel(FirstModelError::new(e)))?;
        let decision = model
            .decision_function(train.x())
            .map_err(|e| MembershipError::FirstModel(FirstModelError::new(e)))?;
        self.membership.membership_from(train, &decision)
    }

    fn validate(&self) -> Result<(), ParamError> {
        self.membership.validate()
    }
}
