//! The first model that some strategies start from.

use crate::{FirstModelError, Membership, MembershipError};
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, ParamError, Samples};
use std::cmp::Ordering;

/// A strategy with the learner of its first model: fits `first` with the weights that the strategy
/// names ([`Membership::first_weights`]), scores the training samples with it, and gives the decision
/// values to the strategy ([`Membership::membership_from`]).
///
/// Where the strategy asks for samples that the first model has not seen ([`Membership::held_out`]), the
/// decision values come by cross-fitting: the samples of each class, sorted by their features, go in turn to ten parts (fewer
/// where a class is smaller), and each part is scored by a model of the others. Sorted, so that neither
/// the order of the rows nor a shift nor a common scaling of x changes who is held out with whom.
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
        let decision = if self.membership.held_out() {
            self.held_out_decision(train)?
        } else {
            self.decision(train, &weights, train.x())?
        };
        self.membership.membership_from(train, &decision)
    }

    fn validate(&self) -> Result<(), ParamError> {
        self.membership.validate()
    }
}

/// Parts of the cross-fitting: nine tenths of the samples are nearly all of them.
const PARTS: usize = 10;

impl<M: Membership, L: Learner> Pretrained<M, L> {
    /// The first model of `train`, asked about `x`.
    fn decision(
        &self,
        train: Samples<'_>,
        weights: &[f64],
        x: Matrix<'_>,
    ) -> Result<Vec<f64>, MembershipError> {
        let model = self
            .first
            .fit(train, Some(weights))
            .map_err(|e| MembershipError::FirstModel(FirstModelError::new(e)))?;
        model
            .decision_function(x)
            .map_err(|e| MembershipError::FirstModel(FirstModelError::new(e)))
    }

    /// The decision value of every sample by a model of the other parts.
    fn held_out_decision(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        let (part_of, n_parts) = parts(train)?;
        let mut decision = vec![0.0; train.n_samples()];
        for part in 0..n_parts {
            let (out, rest): (Vec<usize>, Vec<usize>) =
                (0..train.n_samples()).partition(|&i| part_of[i] == part);
            let x = train.x().select_rows(&rest);
            let y: Vec<Label> = rest.iter().map(|&i| train.y()[i]).collect();
            let others = Samples::new(x.view(), &y)?;
            let weights = self.membership.first_weights(others)?;
            let weights = weights.unwrap_or_else(|| vec![1.0; y.len()]);
            let asked = train.x().select_rows(&out);
            let found = self.decision(others, &weights, asked.view())?;
            for (&i, d) in out.iter().zip(found) {
                decision[i] = d;
            }
        }
        Ok(decision)
    }
}

/// The part in which each sample is held out, and how many parts there are.
fn parts(train: Samples<'_>) -> Result<(Vec<usize>, usize), MembershipError> {
    let classes = [Label::Negative, Label::Positive].map(|class| {
        let mut rows: Vec<usize> = (0..train.n_samples())
            .filter(|&i| train.y()[i] == class)
            .collect();
        let key = |i: usize| train.x().row(i).iter();
        rows.sort_by(|&i, &j| {
            let by_features = key(i).zip(key(j)).map(|(a, b)| a.total_cmp(b));
            by_features.fold(Ordering::Equal, Ordering::then)
        });
        (class, rows)
    });
    if let Some((class, _)) = classes.iter().find(|(_, rows)| rows.len() < 2) {
        return Err(MembershipError::TooFewToHoldOut { class: *class });
    }
    let smallest = classes.iter().map(|(_, rows)| rows.len()).min();
    let n_parts = smallest.unwrap_or(PARTS).min(PARTS);
    let mut part_of = vec![0; train.n_samples()];
    for (_, rows) in classes {
        for (rank, i) in rows.into_iter().enumerate() {
            part_of[i] = rank % n_parts;
        }
    }
    Ok((part_of, n_parts))
}
