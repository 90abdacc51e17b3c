//! What tuning chooses from.

use std::sync::Arc;

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{
    Classifier, Learner, ParamError, ParamSpec, ParamType, Parameters, Samples, check_weights,
};
use fuzzysvm_knn_entropy::{Auto, NeighborSearch, Remembered};
use fuzzysvm_membership::Membership;

use crate::EstimatorError;
use crate::method::{MethodSettings, ParamPair, Preliminary, Weighting};

/// Most points of a grid of parameters: a slip of the keyboard must not fill the memory.
const MOST_POINTS: usize = 10_000;

/// The candidates that tuning chooses from: memberships of the support vector machine, or learners.
#[derive(Clone)]
#[non_exhaustive]
pub enum SearchSpace {
    /// The support vector machine with one of these memberships as weights. All methods of this kind are searched at
    /// once: they share the Gram matrices of every γ.
    Memberships(Vec<Candidate<CandidateWeights>>),
    /// A learner in one of these settings.
    Learners(Vec<Candidate<Arc<dyn AnyLearner>>>),
}

/// One setting to choose.
#[derive(Clone)]
#[non_exhaustive]
pub struct Candidate<T> {
    /// What distinguishes it from the method's other candidates, in words; empty where there is no other, or where
    /// `k` says it.
    pub label: String,
    /// The number of neighbors, where that is what candidates differ in.
    pub k: Option<usize>,
    /// The parameters in which candidates differ.
    pub params: Vec<ParamPair>,
    /// All settings of the method, where it is one of the registry.
    pub settings: Option<MethodSettings>,
    /// What it stands for.
    pub value: T,
}

/// Where the weights of a candidate come from.
#[derive(Clone)]
#[non_exhaustive]
pub enum CandidateWeights {
    /// A membership of the registry.
    Weighting(Box<Weighting>),
    /// A membership of the caller's own.
    Own(Arc<dyn Membership>),
}

impl<T> Candidate<T> {
    /// The only candidate of a method.
    pub fn only(value: T) -> Self {
        Self {
            label: String::new(),
            k: None,
            params: Vec::new(),
            settings: None,
            value,
        }
    }

    /// The same under this label, one candidate among several.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

impl SearchSpace {
    /// The product of the grid's lists over a method's settings, the first list outermost. A number of neighbors that
    /// varies alone becomes [`Candidate::k`].
    ///
    /// # Errors
    /// [`ParamError`]: no such parameter, a value outside its range, more than 10,000 points, or a method that learns
    /// from what loans return.
    pub fn of_grid(
        base: &MethodSettings,
        grid: &[(String, Vec<String>)],
    ) -> Result<Self, ParamError> {
        let points = product(base, grid)?;
        let varying: Vec<String> = grid.iter().map(|(name, _)| name.clone()).collect();
        Self::of_points(points, &varying)
    }

    /// These settings of one method, labelled by the parameters named.
    ///
    /// # Errors
    /// [`ParamError`] where there are none.
    fn of_points(points: Vec<MethodSettings>, varying: &[String]) -> Result<Self, ParamError> {
        let Some(first) = points.first() else {
            return Err(ParamError::empty(
                "param",
                "must leave at least one setting",
            ));
        };
        first.check_samples("method")?;
        let baseline = matches!(first, MethodSettings::Baseline(_));
        let labels = Labels::new(first.param_specs(), varying);
        let mut memberships = Vec::new();
        let mut learners: Vec<Candidate<Arc<dyn AnyLearner>>> = Vec::new();
        for point in points {
            let (label, k, params) = labels.of(&point);
            let settings = Some(point.clone());
            match point {
                MethodSettings::Membership(weighting) => memberships.push(Candidate {
                    label,
                    k,
                    params,
                    settings,
                    value: CandidateWeights::Weighting(Box::new(weighting)),
                }),
                MethodSettings::Baseline(kind) => learners.push(Candidate {
                    label,
                    k,
                    params,
                    settings,
                    value: Arc::new(kind),
                }),
                // Refused above.
                MethodSettings::Stake(_) => {}
            }
        }
        Ok(if baseline {
            SearchSpace::Learners(learners)
        } else {
            SearchSpace::Memberships(memberships)
        })
    }

    /// These baselines, all of one name, labelled by the parameters in which they differ.
    ///
    /// # Errors
    /// [`ParamError`] where there are none.
    pub fn of_baselines(kinds: Vec<BaselineKind>) -> Result<Self, ParamError> {
        let varying = differences(&kinds);
        let points = kinds.into_iter().map(MethodSettings::Baseline).collect();
        Self::of_points(points, &varying)
    }

    /// How many candidates there are.
    pub fn len(&self) -> usize {
        match self {
            SearchSpace::Memberships(candidates) => candidates.len(),
            SearchSpace::Learners(candidates) => candidates.len(),
        }
    }

    /// Whether there is nothing to choose from.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The parameters in which entries differ, sorted by name.
pub(crate) fn differences(kinds: &[BaselineKind]) -> Vec<String> {
    let Some(first) = kinds.first() else {
        return Vec::new();
    };
    let differs = |name: &str| {
        let value = first.get_param(name);
        kinds.iter().any(|kind| kind.get_param(name) != value)
    };
    let mut names: Vec<String> = first
        .param_specs()
        .iter()
        .filter(|spec| differs(spec.name))
        .map(|spec| spec.name.to_owned())
        .collect();
    names.sort_unstable();
    names
}

/// Every combination of the lists over a method's settings, the first list outermost.
pub(crate) fn product(
    base: &MethodSettings,
    grid: &[(String, Vec<String>)],
) -> Result<Vec<MethodSettings>, ParamError> {
    let mut points = vec![base.clone()];
    for (name, values) in grid {
        let mut next: Vec<MethodSettings> = Vec::new();
        for point in &points {
            for value in values {
                let mut point = point.clone();
                point.set_param(name, value)?;
                next.push(point);
                let n = next.len();
                ParamError::check(
                    n <= MOST_POINTS,
                    "param",
                    n,
                    "must give at most 10000 combinations",
                )?;
            }
        }
        points = next;
    }
    for point in &points {
        point.validate()?;
    }
    Ok(points)
}

/// Labels of the points of a grid.
struct Labels {
    varying: Vec<&'static ParamSpec>,
}

/// The parameter that tables show as k.
pub(crate) const K: &str = "n_neighbors";

impl Labels {
    fn new(specs: &'static [ParamSpec], varying: &[String]) -> Self {
        let spec = |name: &String| specs.iter().find(|s| s.name == *name);
        Self {
            varying: varying.iter().filter_map(spec).collect(),
        }
    }

    /// Label, k and varying parameters of a point. Names of choices speak for themselves: `own-center linear`; numbers
    /// have theirs in front: `c=16, n_hidden=50`, sorted.
    fn of(&self, point: &MethodSettings) -> (String, Option<usize>, Vec<ParamPair>) {
        let pair = |spec: &&ParamSpec| Some((spec.name.to_owned(), point.get_param(spec.name)?));
        let params: Vec<ParamPair> = self.varying.iter().filter_map(pair).collect();
        if let [(name, value)] = params.as_slice()
            && name == K
        {
            return (String::new(), value.parse().ok(), params);
        }
        let choices = |spec: &&ParamSpec| matches!(spec.kind, ParamType::Choice(_));
        let label = if !self.varying.is_empty() && self.varying.iter().all(choices) {
            let values: Vec<&str> = params.iter().map(|(_, value)| value.as_str()).collect();
            values.join(" ")
        } else {
            let mut words: Vec<String> = params.iter().map(|(n, v)| format!("{n}={v}")).collect();
            words.sort_unstable();
            words.join(", ")
        };
        (label, None, params)
    }
}

/// The search for neighbors that all of these candidates share, on the same samples.
pub(crate) fn shared_search<'a>(
    candidates: impl IntoIterator<Item = &'a Candidate<CandidateWeights>>,
) -> Remembered<Auto> {
    let largest = candidates.into_iter().filter_map(|c| match &c.value {
        CandidateWeights::Weighting(weighting) => weighting.membership.largest_neighborhood(),
        CandidateWeights::Own(_) => None,
    });
    Remembered::new(Auto, largest.max().unwrap_or(1))
}

/// One weight vector per candidate for these training samples. Neighborhoods are found by `search`.
///
/// # Errors
/// The first membership that cannot be computed.
pub(crate) fn weights(
    candidates: &[Candidate<CandidateWeights>],
    feature_names: &[String],
    train: Samples<'_>,
    preliminary: Preliminary<'_>,
    search: &dyn NeighborSearch,
) -> Result<Vec<Vec<f64>>, EstimatorError> {
    let of = |candidate: &Candidate<CandidateWeights>| match &candidate.value {
        CandidateWeights::Weighting(w) => match w.membership.membership_by(search, train) {
            Some(found) => Ok(found?),
            None => w.membership(feature_names, train, preliminary),
        },
        CandidateWeights::Own(membership) => Ok(membership.membership(train)?),
    };
    candidates.iter().map(of).collect()
}

/// As [`weights`], multiplied onto the weights of the samples, where they have weights. A sample of weight 0 stays out
/// of neighborhoods and class sizes.
pub(crate) fn weights_onto(
    sample_weight: Option<&[f64]>,
    candidates: &[Candidate<CandidateWeights>],
    feature_names: &[String],
    train: Samples<'_>,
    preliminary: Preliminary<'_>,
    search: &dyn NeighborSearch,
) -> Result<Vec<Vec<f64>>, EstimatorError> {
    let Some(given) = sample_weight else {
        return weights(candidates, feature_names, train, preliminary, search);
    };
    check_weights(given, train.y())?;
    let kept: Vec<usize> = (0..given.len()).filter(|&i| given[i] > 0.0).collect();
    let x = train.x().select_rows(&kept);
    let y: Vec<_> = kept.iter().map(|&i| train.y()[i]).collect();
    let rest = Samples::new(x.view(), &y)?;
    let found = weights(candidates, feature_names, rest, preliminary, search)?;
    let onto = |of_kept: Vec<f64>| {
        let mut all = vec![0.0; given.len()];
        for (&i, s) in kept.iter().zip(of_kept) {
            all[i] = s * given[i];
        }
        all
    };
    Ok(found.into_iter().map(onto).collect())
}

/// What a learner says when it fails.
pub type LearnerError = Box<dyn std::error::Error + Send + Sync>;

/// A [`Learner`] whose model and error are behind pointers, so that different ones stand in one list. Every learner
/// is one.
pub trait AnyLearner: Send + Sync {
    /// Fits the model, with all weights 1 where `None`.
    ///
    /// # Errors
    /// As the learner's own `fit`.
    fn fit_any(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<Box<dyn Classifier>, LearnerError>;
}

impl<L> AnyLearner for L
where
    L: Learner,
    L::Model: 'static,
{
    fn fit_any(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<Box<dyn Classifier>, LearnerError> {
        Ok(Box::new(self.fit(train, sample_weight)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::{Label, Matrix};

    #[test]
    fn weights_of_a_mixed_list_are_those_of_each_setting() {
        let x: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
        let y: Vec<Label> = x.iter().map(|&v| Label::from_sign(v - 29.5)).collect();
        let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        let mut all = Vec::new();
        // Two runs of efsvm, one of them not in order of k.
        for (name, ks) in [("efsvm", "1,3,5"), ("svm", ""), ("efsvm", "7,2")] {
            let settings = crate::method::find(name).unwrap().settings();
            let ks: Vec<String> = ks.split(',').map(str::to_owned).collect();
            let grid = [(K.to_owned(), ks)];
            let grid = if name == "svm" { &[][..] } else { &grid[..] };
            if let SearchSpace::Memberships(c) = SearchSpace::of_grid(&settings, grid).unwrap() {
                all.extend(c);
            }
        }
        let preliminary = || Preliminary::Default;
        let search = shared_search(&all);
        let found = weights(&all, &[], train, preliminary(), &search).unwrap();
        assert_eq!(found.len(), 6);
        for (candidate, found) in all.iter().zip(&found) {
            let CandidateWeights::Weighting(weighting) = &candidate.value else {
                panic!("a membership of the registry was put in")
            };
            let alone = weighting.membership(&[], train, preliminary()).unwrap();
            assert_eq!(&alone, found);
        }
    }
}
