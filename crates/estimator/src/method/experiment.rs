//! A method as experiments take it: one of the registry, or the caller's own.

use std::fmt;
use std::sync::Arc;

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{Learner, ParamError};
use fuzzysvm_membership::Membership;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Serialize, Serializer};

use super::{MethodEntry, MethodSettings, StakeMethod, UnknownMethod, find, methods, of_samples};
use crate::search_space::{K, product};
use crate::{AnyLearner, Candidate, CandidateWeights, SearchSpace};

/// A method to tune and compare: a name, a title, and what tuning chooses from.
///
/// ```
/// use fuzzysvm_estimator::Method;
/// use fuzzysvm_membership::{Efsvm, Weighted};
/// use fuzzysvm_svm::Svc;
///
/// let shipped = Method::named("iefsvm")?;
/// assert_eq!((shipped.id(), shipped.title()), ("iefsvm", "IEFSVM"));
/// // Any membership and any learner can stand beside the shipped ones.
/// let mine = Method::membership("efsvm-3", "EFSVM, k = 3", Efsvm { n_neighbors: 3, ..Efsvm::default() });
/// let learner = Method::learner("linear", "linear SVM", Svc::linear(1.0));
/// # Ok::<(), fuzzysvm_estimator::method::UnknownMethod>(())
/// ```
#[derive(Clone)]
pub struct Method {
    id: String,
    title: String,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Registered(&'static MethodEntry),
    Membership(Arc<dyn Membership>),
    Learner(Arc<dyn AnyLearner>),
}

/// What the search spaces of the registry's methods depend on in an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceOptions {
    /// Numbers of neighbors of the methods that are tuned over them alone (EFSVM), increasing.
    pub ks: Vec<usize>,
    /// The parameters that the baselines are tuned over: each takes those of its name. Their own seeds are not looked
    /// at.
    pub baselines: Vec<BaselineKind>,
    /// Seed of whatever a baseline draws.
    pub seed: u64,
}

impl Method {
    /// The registry's method of this name.
    ///
    /// # Errors
    /// [`UnknownMethod`], which lists the names.
    pub fn named(name: &str) -> Result<Self, UnknownMethod> {
        Ok(Self::from(find(name)?))
    }

    /// Every method of the registry that needs nothing but features and classes, in the order of the tables.
    pub fn all() -> Vec<Self> {
        let all = of_samples().filter(|m| !m.needs.times);
        all.map(Self::from).collect()
    }

    /// The support vector machine with a membership of the caller's own.
    pub fn membership(
        id: impl Into<String>,
        title: impl Into<String>,
        membership: impl Membership + 'static,
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            source: Source::Membership(Arc::new(membership)),
        }
    }

    /// A learner of the caller's own, taken as it is.
    pub fn learner<L>(id: impl Into<String>, title: impl Into<String>, learner: L) -> Self
    where
        L: Learner + 'static,
        L::Model: 'static,
    {
        Self {
            id: id.into(),
            title: title.into(),
            source: Source::Learner(Arc::new(learner)),
        }
    }

    /// The name on command lines and in files.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name in tables.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The registry's entry, where it is one of its methods.
    pub fn entry(&self) -> Option<&'static MethodEntry> {
        match self.source {
            Source::Registered(entry) => Some(entry),
            _ => None,
        }
    }

    /// What makes its labels and weights of what loans return, where that is what it learns from.
    pub fn stake(&self) -> Option<StakeMethod> {
        match self.entry()?.settings() {
            MethodSettings::Stake(stake) => Some(stake),
            _ => None,
        }
    }

    /// What tuning chooses from.
    ///
    /// # Errors
    /// [`ParamError`]: values outside their range, a baseline without parameters, or a method that learns from what
    /// loans return.
    pub fn search_space(&self, options: &SpaceOptions) -> Result<SearchSpace, ParamError> {
        let entry = match &self.source {
            Source::Registered(entry) => *entry,
            Source::Membership(own) => {
                let weights = CandidateWeights::Own(Arc::clone(own));
                return Ok(SearchSpace::Memberships(vec![Candidate::only(weights)]));
            }
            Source::Learner(learner) => {
                let candidate = Candidate::only(Arc::clone(learner));
                return Ok(SearchSpace::Learners(vec![candidate]));
            }
        };
        if let MethodSettings::Baseline(baseline) = entry.settings() {
            return baseline_space(&baseline, options);
        }
        let mut grid = entry.grid_lists();
        if let [(name, values)] = grid.as_mut_slice()
            && name == K
        {
            *values = options.ks.iter().map(usize::to_string).collect();
        }
        SearchSpace::of_grid(&entry.settings(), &grid)
    }
}

/// The entries of a baseline. Every baseline takes its seed from another random stream.
fn baseline_space(
    baseline: &BaselineKind,
    options: &SpaceOptions,
) -> Result<SearchSpace, ParamError> {
    let name = baseline.name();
    let place = BaselineKind::NAMES.iter().position(|&n| n == name);
    let mut stream = ChaCha8Rng::seed_from_u64(options.seed);
    // The first one is that of the shuffles.
    stream.set_stream(1 + place.unwrap_or(0) as u64);
    let seed = stream.next_u64();
    let of_name = options.baselines.iter().filter(|kind| kind.name() == name);
    SearchSpace::of_baselines(of_name.map(|kind| kind.clone().with_seed(seed)).collect())
}

/// The entries of every baseline's grid: what each is tuned over.
pub fn baseline_grid() -> Vec<BaselineKind> {
    let baselines = methods().iter().filter(|entry| entry.is_baseline());
    baselines
        // A test shows that every value of a grid can be set.
        .flat_map(|entry| product(&entry.settings(), &entry.grid_lists()).unwrap_or_default())
        .filter_map(|point| match point {
            MethodSettings::Baseline(kind) => Some(kind),
            _ => None,
        })
        .collect()
}

impl From<&'static MethodEntry> for Method {
    fn from(entry: &'static MethodEntry) -> Self {
        Self {
            id: entry.name.to_owned(),
            title: entry.title.to_owned(),
            source: Source::Registered(entry),
        }
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Method").field(&self.id).finish()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.id)
    }
}

/// Methods of the same name are equal.
impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Method {}

impl std::str::FromStr for Method {
    type Err = UnknownMethod;
    fn from_str(name: &str) -> Result<Self, UnknownMethod> {
        Self::named(name)
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}
