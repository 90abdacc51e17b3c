//! What a shipped strategy says of itself, and its joint with a first model.

use crate::pretrained::from_first_model;
use crate::{FromFirstModel, Membership, MembershipError, WithEntropy};
use fuzzysvm_core::{Learner, MethodInfo, ParamError, Parameters, Samples};

/// A strategy under a name: how it is presented, how it is computed, and what it needs.
///
/// Every strategy of [`MembershipKind`](crate::MembershipKind) implements it in its own file, and so does
/// `MembershipKind` itself. Most are a [`Membership`], and `plan` is one line: `Plan::plain(self)`.
pub trait Strategy: Parameters + Send + Sync {
    /// Title, summary, source and grid, for tables and help texts.
    fn info(&self) -> &'static MethodInfo;

    /// How these settings are computed.
    fn plan(&self) -> Plan<'_>;

    /// Whether the weights depend on the sizes of the classes. Default true.
    fn weighs_classes(&self) -> bool {
        true
    }

    /// Whether the weights depend on the features, beside labels and times. Default true.
    fn needs_features(&self) -> bool {
        true
    }

    /// Whether the weights depend on the times of the samples. Default false.
    fn needs_times(&self) -> bool {
        false
    }

    /// What a parameter needs before it plays a part, where it plays none in these settings: `decay=exponential`.
    /// Default: every parameter plays its part.
    fn unmet_need(&self, _param: &str) -> Option<&'static str> {
        None
    }

    /// Whether these settings start from a first model.
    fn needs_first_model(&self) -> bool {
        matches!(self.plan(), Plan::FromFirstModel(_))
    }

    /// The membership of these settings where they need no first model.
    fn plain(&self) -> Option<Box<dyn Membership + '_>> {
        match self.plan() {
            Plan::Plain(membership) => Some(membership),
            Plan::FromFirstModel(_) => None,
        }
    }

    /// The membership of these settings, whatever they are: `first` is fitted only where they start from a first
    /// model.
    fn with_first_model<L: Learner>(self, first: L) -> ResolvedMembership<L, Self>
    where
        Self: Sized,
    {
        ResolvedMembership {
            strategy: self,
            first,
        }
    }
}

/// How a strategy is computed.
pub enum Plan<'a> {
    /// From the training samples alone.
    Plain(Box<dyn Membership + 'a>),
    /// From the decision values of a first model.
    FromFirstModel(Box<dyn FromFirstModel + 'a>),
}

impl<'a> Plan<'a> {
    /// The plan of a strategy that needs the training samples alone.
    pub fn plain(membership: impl Membership + 'a) -> Self {
        Self::Plain(Box::new(membership))
    }

    /// The plan of a strategy that starts from a first model.
    pub fn from_first_model(strategy: impl FromFirstModel + 'a) -> Self {
        Self::FromFirstModel(Box::new(strategy))
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// The first parameter outside its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        match self {
            Self::Plain(membership) => membership.validate(),
            Self::FromFirstModel(strategy) => strategy.validate(),
        }
    }
}

/// A strategy with the learner of its first model, fitted only where the settings need one: see
/// [`Strategy::with_first_model`].
///
/// One type for whatever strategy a user names. Where the strategy is fixed and starts from a first model, use
/// [`Pretrained`](crate::Pretrained).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResolvedMembership<L, S = crate::MembershipKind> {
    /// The strategy.
    pub strategy: S,
    /// The learner of the first model.
    pub first: L,
}

impl<S: Strategy, L: Learner> Membership for ResolvedMembership<L, S> {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        match self.strategy.plan() {
            Plan::Plain(membership) => membership.membership(train),
            Plan::FromFirstModel(strategy) => from_first_model(&strategy, &self.first, train),
        }
    }

    fn with_entropy(&self, train: Samples<'_>) -> Result<WithEntropy, MembershipError> {
        match self.strategy.plan() {
            Plan::Plain(membership) => membership.with_entropy(train),
            Plan::FromFirstModel(_) => Ok((self.membership(train)?, None)),
        }
    }

    fn validate(&self) -> Result<(), ParamError> {
        self.strategy.plan().validate()
    }
}
