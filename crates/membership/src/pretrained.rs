//! The first model that some strategies start from.

use crate::{FirstModelError, FromFirstModel, Membership, MembershipError};
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, ParamError, Samples};
use std::cmp::Ordering;

/// A strategy joined with the learner of its first model: fits `first` with the weights that the strategy names
/// ([`FromFirstModel::first_weights`]), scores the training samples with it, and gives the decision values to the
/// strategy ([`FromFirstModel::membership_from`]).
///
/// Where the strategy asks for out-of-fold scores ([`FromFirstModel::needs_out_of_fold_scores`]), the decision values
/// come from cross-fitting: the samples of each class, sorted by their features, go in turn to ten parts (fewer where
/// a class is smaller), and each part is scored by a model of the others. The samples are sorted so that neither the
/// order of the rows nor a shift nor a common scaling of x changes the parts.
///
/// Memberships and classifiers know nothing of each other: any [`Learner`] will do. Where the strategy is not known
/// beforehand, use [`Strategy::with_first_model`](crate::Strategy::with_first_model), which fits a model only where
/// one is needed.
///
/// ```
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, PredictError, Samples, SamplesError};
/// use fuzzysvm_membership::{Membership, Pretrained, SlackFactor};
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
/// let s = Pretrained::new(SlackFactor::default(), AtFour).membership(train)?;
/// // The slack of 5.5 is 1 + 1.5 = 2.5 > 2: exp(−0.5 · 2.5)/IR; the others keep 1/IR.
/// assert_eq!(s, [1.0 / 3.0, 1.0 / 3.0, (-1.25f64).exp() * (1.0 / 3.0), 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pretrained<M, L> {
    /// The strategy.
    pub strategy: M,
    /// The learner of the first model.
    pub first: L,
}

impl<M: FromFirstModel, L: Learner> Pretrained<M, L> {
    /// Joins `strategy` and the learner of its first model.
    pub fn new(strategy: M, first: L) -> Self {
        Self { strategy, first }
    }
}

impl<M: FromFirstModel, L: Learner> Membership for Pretrained<M, L> {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        from_first_model(&self.strategy, &self.first, train)
    }

    fn validate(&self) -> Result<(), ParamError> {
        self.strategy.validate()
    }
}

/// Parts of the cross-fitting: nine tenths of the samples are nearly all of them.
const PARTS: usize = 10;

/// The memberships of `strategy`, `first` being the learner of its first model.
pub(crate) fn from_first_model<L: Learner>(
    strategy: &impl FromFirstModel,
    first: &L,
    train: Samples<'_>,
) -> Result<Vec<f64>, MembershipError> {
    let weights = strategy.first_weights(train)?;
    let decision = if strategy.needs_out_of_fold_scores() {
        out_of_fold_decision(strategy, first, train)?
    } else {
        decision(first, train, &weights, train.x())?
    };
    strategy.membership_from(train, &decision)
}

/// The decision values on `x` of a model of `train`.
fn decision<L: Learner>(
    first: &L,
    train: Samples<'_>,
    weights: &[f64],
    x: Matrix<'_>,
) -> Result<Vec<f64>, MembershipError> {
    let model = first
        .fit(train, Some(weights))
        .map_err(|e| MembershipError::FirstModel(FirstModelError::new(e)))?;
    model
        .decision_function(x)
        .map_err(|e| MembershipError::FirstModel(FirstModelError::new(e)))
}

/// The decision value of every sample by a model of the other parts.
fn out_of_fold_decision<L: Learner>(
    strategy: &impl FromFirstModel,
    first: &L,
    train: Samples<'_>,
) -> Result<Vec<f64>, MembershipError> {
    let (part_of, n_parts) = parts(train)?;
    let mut scores = vec![0.0; train.n_samples()];
    for part in 0..n_parts {
        let (out, rest): (Vec<usize>, Vec<usize>) =
            (0..train.n_samples()).partition(|&i| part_of[i] == part);
        let x = train.x().select_rows(&rest);
        let y: Vec<Label> = rest.iter().map(|&i| train.y()[i]).collect();
        let others = Samples::new(x.view(), &y)?;
        let weights = strategy.first_weights(others)?;
        let left_out = train.x().select_rows(&out);
        let found = decision(first, others, &weights, left_out.view())?;
        for (&i, d) in out.iter().zip(found) {
            scores[i] = d;
        }
    }
    Ok(scores)
}

/// The part to which each sample belongs, and the number of parts.
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
        return Err(MembershipError::TooFewForCrossFitting { class: *class });
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
