//! What stands behind a method's name.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{Classifier, Learner, Samples};
use fuzzysvm_membership::{Membership, MembershipError, efsvm_candidates};

/// What a method's grid depends on beside C and γ.
#[derive(Debug, Clone, PartialEq)]
pub struct WaySettings {
    /// Numbers of neighbours that EFSVM tunes over, increasing.
    pub ks: Vec<usize>,
    /// The parameters that the peers are tuned over: each takes those of its name. Their own seeds are
    /// not looked at.
    pub peers: Vec<BaselineKind>,
    /// Seed of whatever a learner draws.
    pub seed: u64,
}

/// A method as [`tune`](super::tune) takes it.
pub struct Method {
    /// The name in tables and messages.
    pub title: &'static str,
    /// How it comes to a model.
    pub way: Way,
}

/// How a method comes to a model, with everything that tuning chooses from.
pub enum Way {
    /// The support vector classifier with one of these memberships as weights. All methods of this
    /// kind are searched at once: they share the Gram matrices of every γ.
    Memberships(Vec<MembershipSetting>),
    /// The same with EFSVM's membership for each of these k (Algorithm 1): one neighbour search
    /// serves them all.
    Efsvm(Vec<usize>),
    /// A learner of its own, in each of these settings.
    Learners(Vec<LearnerSetting>),
}

/// A membership to choose.
pub struct MembershipSetting {
    /// What distinguishes it from the method's other settings; empty where there is no other.
    pub setting: String,
    /// The membership.
    pub membership: Box<dyn Membership>,
}

/// A learner to choose.
pub struct LearnerSetting {
    /// What distinguishes it from the method's other settings, say `depth=3`.
    pub setting: String,
    /// The learner.
    pub learner: Box<dyn AnyLearner>,
}

impl Way {
    /// One membership: nothing to choose beside C and γ.
    pub fn membership(membership: impl Membership + 'static) -> Self {
        Way::Memberships(vec![MembershipSetting {
            setting: String::new(),
            membership: Box::new(membership),
        }])
    }

    /// How many weight vectors [`Way::candidates`] gives; 0 for a learner of its own.
    pub(super) fn n_candidates(&self) -> usize {
        match self {
            Way::Memberships(settings) => settings.len(),
            Way::Efsvm(ks) => ks.len(),
            Way::Learners(_) => 0,
        }
    }

    /// The weight vectors to choose from, for these training samples.
    pub(super) fn candidates(
        &self,
        train: Samples<'_>,
    ) -> Result<Vec<Candidate<'_>>, MembershipError> {
        match self {
            Way::Memberships(settings) => settings
                .iter()
                .map(|s| {
                    let weights = s.membership.membership(train)?;
                    Ok(Candidate {
                        k: None,
                        setting: &s.setting,
                        weights,
                    })
                })
                .collect(),
            Way::Efsvm(ks) => {
                let all = efsvm_candidates(train, ks)?;
                let with_k = |(weights, &k)| Candidate {
                    k: Some(k),
                    setting: "",
                    weights,
                };
                Ok(all.into_iter().zip(ks).map(with_k).collect())
            }
            Way::Learners(_) => Ok(Vec::new()),
        }
    }
}

/// Weights of one candidate and what they belong to.
pub(super) struct Candidate<'a> {
    pub k: Option<usize>,
    pub setting: &'a str,
    pub weights: Vec<f64>,
}

/// What a learner says when it fails.
pub type LearnerError = Box<dyn std::error::Error + Send + Sync>;

/// A [`Learner`] whose model and error are behind pointers, so that different ones stand in one list.
/// Every learner is one.
pub trait AnyLearner: Send + Sync {
    /// Fits the model with all weights 1.
    ///
    /// # Errors
    /// As the learner's own `fit`.
    fn fit_any(&self, train: Samples<'_>) -> Result<Box<dyn Classifier>, LearnerError>;
}

impl<L> AnyLearner for L
where
    L: Learner,
    L::Model: 'static,
{
    fn fit_any(&self, train: Samples<'_>) -> Result<Box<dyn Classifier>, LearnerError> {
        Ok(Box::new(self.fit(train, None)?))
    }
}
