//! `results.json` of `lend`.

use serde::{Serialize, Serializer};

use crate::lend::{
    self, FeatureUse, LendError, LendInput, LendResults, LendSettings, LoanCounts, Provenance,
    SCHEMA,
};
use crate::walk_forward::WalkForwardResults;

/// What stands in `results.json`: the trials as far as they were run, with what walk-forward found beside them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum LendReport {
    /// Trials alone.
    Trials(LendResults),
    /// Both.
    Both(LendResults, Box<WalkForwardResults>),
    /// Walk-forward alone.
    WalkForward {
        /// `"simulated"`, or the path of the file read; see [`is_simulated`](crate::is_simulated).
        source: String,
        /// How many loans were read, kept and dropped.
        loans: LoanCounts,
        /// Which features the loans have, and which were left out.
        features: FeatureUse,
        /// The results.
        results: Box<WalkForwardResults>,
        /// Where the figures come from.
        provenance: Option<Box<Provenance>>,
    },
}

impl LendReport {
    /// Of trials, and what walk-forward found beside them.
    pub fn of_trials(trials: LendResults, forward: Option<WalkForwardResults>) -> Self {
        match forward {
            None => LendReport::Trials(trials),
            Some(forward) => LendReport::Both(trials, Box::new(forward)),
        }
    }

    /// Of walk-forward alone on these loans.
    ///
    /// # Errors
    /// As [`lend::describe`].
    pub fn of_quarters(
        input: &LendInput,
        settings: &LendSettings,
        results: WalkForwardResults,
    ) -> Result<Self, LendError> {
        let (loans, features) = lend::describe(&input.data, settings)?;
        Ok(LendReport::WalkForward {
            source: input.source.clone(),
            loans,
            features,
            results: Box::new(results),
            provenance: None,
        })
    }

    /// Final fits whose solver stopped before its tolerance.
    pub fn n_short(&self) -> usize {
        let methods = self.trials().map(|trials| &trials.methods);
        let fits = methods.into_iter().flatten().flat_map(|m| &m.trials);
        fits.filter(|fit| !fit.converged).count()
    }

    /// `"simulated"`, or the path of the file read; see [`is_simulated`](crate::is_simulated).
    pub fn source(&self) -> &str {
        match self {
            LendReport::Trials(trials) | LendReport::Both(trials, _) => &trials.source,
            LendReport::WalkForward { source, .. } => source,
        }
    }

    /// With where its figures come from.
    #[must_use]
    pub fn with_provenance(mut self, origin: Provenance) -> Self {
        let place = match &mut self {
            LendReport::Trials(trials) | LendReport::Both(trials, _) => &mut trials.provenance,
            LendReport::WalkForward { provenance, .. } => provenance,
        };
        *place = Some(Box::new(origin));
        self
    }

    /// How many loans were read, kept and dropped.
    pub fn loans(&self) -> &LoanCounts {
        match self {
            LendReport::Trials(trials) | LendReport::Both(trials, _) => &trials.loans,
            LendReport::WalkForward { loans, .. } => loans,
        }
    }

    /// Which features the loans have.
    pub fn features(&self) -> &FeatureUse {
        match self {
            LendReport::Trials(trials) | LendReport::Both(trials, _) => &trials.features,
            LendReport::WalkForward { features, .. } => features,
        }
    }

    /// What the trials found.
    pub fn trials(&self) -> Option<&LendResults> {
        match self {
            LendReport::Trials(trials) | LendReport::Both(trials, _) => Some(trials),
            LendReport::WalkForward { .. } => None,
        }
    }

    /// What walk-forward found.
    pub fn walk_forward(&self) -> Option<&WalkForwardResults> {
        match self {
            LendReport::Trials(_) => None,
            LendReport::Both(_, results) | LendReport::WalkForward { results, .. } => Some(results),
        }
    }
}

/// A report as `results.json` holds it.
///
/// # Errors
/// A figure that JSON does not have.
pub fn results_json(report: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

impl Serialize for LendReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Both<'a> {
            #[serde(flatten)]
            trials: &'a LendResults,
            walk_forward: &'a WalkForwardResults,
        }
        #[derive(Serialize)]
        struct Alone<'a> {
            schema: u32,
            source: &'a str,
            loans: &'a LoanCounts,
            features: &'a FeatureUse,
            walk_forward: &'a WalkForwardResults,
            #[serde(skip_serializing_if = "Option::is_none")]
            provenance: Option<&'a Provenance>,
        }
        match self {
            LendReport::Trials(trials) => trials.serialize(serializer),
            LendReport::Both(trials, walk_forward) => Both {
                trials,
                walk_forward,
            }
            .serialize(serializer),
            LendReport::WalkForward {
                source,
                loans,
                features,
                results,
                provenance,
            } => Alone {
                schema: SCHEMA,
                source,
                loans,
                features,
                walk_forward: results,
                provenance: provenance.as_deref(),
            }
            .serialize(serializer),
        }
    }
}
