//! A method with its parameters.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{ParamError, ParamSpec, Parameters};
use serde_json::{Map, Value};

use super::{MethodEntry, StakeMethod, Weighting, find};

/// Name and value of a parameter, as text.
pub type ParamPair = (String, String);

/// A method with every parameter beside C, kernel and solver.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MethodSettings {
    /// The support vector machine with weights.
    Membership(Weighting),
    /// A baseline, which is not an SVM.
    Baseline(BaselineKind),
    /// The support vector machine on what loans return.
    Stake(StakeMethod),
}

impl MethodSettings {
    /// The name of the membership, the baseline or the method on returns.
    pub fn name(&self) -> &'static str {
        match self {
            MethodSettings::Membership(weighting) => match find(weighting.membership.name()) {
                Ok(entry) => entry.name,
                Err(_) => "svm",
            },
            MethodSettings::Baseline(baseline) => baseline.name(),
            MethodSettings::Stake(stake) => stake.name(),
        }
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        match self {
            MethodSettings::Membership(weighting) => weighting.validate(),
            MethodSettings::Baseline(baseline) => baseline.validate(),
            MethodSettings::Stake(_) => Ok(()),
        }
    }

    /// Checks that the method learns from features and classes, so that it can be fitted to a table.
    ///
    /// ```
    /// use fuzzysvm_estimator::method::find;
    /// assert!(find("iefsvm")?.settings().check_samples("method").is_ok());
    /// let refused = find("stake-svm")?.settings().check_samples("method");
    /// assert!(refused.unwrap_err().to_string().contains("it learns from what finished loans returned"));
    /// # Ok::<(), fuzzysvm_estimator::method::UnknownMethod>(())
    /// ```
    ///
    /// # Errors
    /// [`ParamError`] for the parameter of this name, with what takes the method instead.
    pub fn check_samples(&self, param: &'static str) -> Result<(), ParamError> {
        match self {
            MethodSettings::Membership(_) | MethodSettings::Baseline(_) => Ok(()),
            MethodSettings::Stake(stake) => Err(stake.no_samples(param)),
        }
    }

    /// The same with these parameters set, checked once all are.
    ///
    /// # Errors
    /// [`ParamError`]: a name that is no parameter or stands twice, or a value outside its range.
    pub fn with_params(mut self, pairs: &[ParamPair]) -> Result<Self, ParamError> {
        self.set_params(pairs)?;
        self.validate()?;
        Ok(self)
    }

    /// What a parameter needs before it plays a part, where it plays none in these settings: `decay=exponential`.
    pub fn unmet_need(&self, name: &str) -> Option<String> {
        match self {
            MethodSettings::Membership(weighting) => weighting.unmet_need(name),
            MethodSettings::Baseline(_) | MethodSettings::Stake(_) => None,
        }
    }

    /// The parameters as JSON: numbers and truth values as such, anything else as text.
    pub fn params_json(&self) -> Map<String, Value> {
        let pairs = self.get_params().into_iter();
        pairs
            .map(|(name, text)| (name.to_owned(), value_json(&text)))
            .collect()
    }

    fn parameters(&self) -> &dyn Parameters {
        match self {
            MethodSettings::Membership(weighting) => weighting,
            MethodSettings::Baseline(baseline) => baseline,
            MethodSettings::Stake(stake) => stake,
        }
    }
}

impl From<&MethodEntry> for MethodSettings {
    fn from(entry: &MethodEntry) -> Self {
        entry.settings()
    }
}

impl Parameters for MethodSettings {
    fn param_specs(&self) -> &'static [ParamSpec] {
        self.parameters().param_specs()
    }

    fn get_param(&self, name: &str) -> Option<String> {
        self.parameters().get_param(name)
    }

    fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
        match self {
            MethodSettings::Membership(weighting) => weighting.set_param(name, value),
            MethodSettings::Baseline(baseline) => baseline.set_param(name, value),
            MethodSettings::Stake(stake) => stake.set_param(name, value),
        }
    }
}

/// A parameter's text as JSON.
pub(crate) fn value_json(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}
