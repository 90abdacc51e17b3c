//! A membership with what it needs beside the samples.

use fuzzysvm_core::quote::quoted;
use fuzzysvm_core::{Matrix, ParamError, ParamSpec, ParamValue, Parameters, Samples};
use fuzzysvm_kernels::Gamma;
use fuzzysvm_membership::{Membership, MembershipKind, Strategy as _, TimeSource};
use fuzzysvm_svm::Svc;

use super::{Needs, find};
use crate::{EstimatorError, SvmLearner, SvmSpec};

/// C and γ of the preliminary SVM; kernel, solver and approximation are those of the final one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PreliminarySvm {
    /// C; default 1.
    pub c: f64,
    /// γ; default `scale`.
    pub gamma: Gamma,
}

impl Default for PreliminarySvm {
    fn default() -> Self {
        Self {
            c: 1.0,
            gamma: Gamma::Scale,
        }
    }
}

impl PreliminarySvm {
    /// The preliminary SVM beside this final one.
    pub fn beside(&self, svm: &SvmSpec) -> SvmSpec {
        SvmSpec {
            c: self.c,
            kernel: svm.kernel.with_gamma(self.gamma),
            ..svm.clone()
        }
    }
}

/// What the preliminary SVM of a membership is made of beside its own C and γ.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Preliminary<'a> {
    /// Kernel, solver and approximation of this final machine; γ is that of all training samples.
    Beside(&'a SvmSpec, u64),
    /// Default settings; γ is that of the samples of each fit, of which cross-fitting makes several.
    Default,
}

impl Preliminary<'_> {
    fn learner(
        self,
        settings: PreliminarySvm,
        x: Matrix<'_>,
    ) -> Result<SvmLearner, EstimatorError> {
        match self {
            Preliminary::Beside(svm, seed) => settings.beside(svm).learner(x, seed),
            // An exact machine draws nothing, so that the seed plays no part.
            Preliminary::Default => Ok(settings.beside(&SvmSpec::default()).learner_of_each_fit(0)),
        }
    }
}

/// How much each sample of a fuzzy SVM counts: a membership, the preliminary SVM that some start from, and the column
/// with the times that another reads.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Weighting {
    /// The membership.
    pub membership: MembershipKind,
    /// What is fitted first, where the membership starts from a fitted model.
    pub preliminary: PreliminarySvm,
    /// The feature that holds the times; `None`, the default: rows are in order of time.
    pub time_column: Option<String>,
}

const PRELIMINARY_C: ParamSpec = ParamSpec::of::<f64>(
    "preliminary_c",
    "a number above 0",
    "C of the preliminary SVM",
);
const PRELIMINARY_GAMMA: ParamSpec = ParamSpec::of::<Gamma>(
    "preliminary_gamma",
    "scale, auto or a number above 0",
    "Width of the preliminary SVM's kernel",
);
const TIME: ParamSpec = ParamSpec::of::<String>(
    "time",
    "the name of a feature, or none",
    "Column with the times; none where rows are in order of time",
);

impl Weighting {
    /// A membership with default settings around it.
    pub fn new(membership: MembershipKind) -> Self {
        Self {
            membership,
            preliminary: PreliminarySvm::default(),
            time_column: None,
        }
    }

    /// The parameters beside those of the membership.
    pub(super) fn extra_specs(needs: Needs) -> Vec<ParamSpec> {
        let mut specs = Vec::new();
        if needs.first_model {
            specs.extend([PRELIMINARY_C, PRELIMINARY_GAMMA]);
        }
        if needs.times {
            specs.push(TIME);
        }
        specs
    }

    /// Whether a preliminary SVM is fitted with the settings as they are.
    pub fn needs_first_model(&self) -> bool {
        self.membership.needs_first_model()
    }

    /// What a parameter needs before it plays a part, where it plays none in these settings: `decay=exponential`.
    pub fn unmet_need(&self, name: &str) -> Option<String> {
        if ![PRELIMINARY_C.name, PRELIMINARY_GAMMA.name].contains(&name) {
            return self.membership.unmet_need(name).map(str::to_owned);
        }
        if self.needs_first_model() {
            return None;
        }
        // The setting that starts from a preliminary SVM is one of the grid.
        let grid = self.membership.info().grid.iter();
        let mut settings = grid.flat_map(|(name, values)| values.iter().map(|v| (*name, *v)));
        let starts = |(name, value): &(&str, &str)| {
            let mut other = self.membership.clone();
            other.set_param(name, value).is_ok() && other.needs_first_model()
        };
        let setting = settings.find(starts).map(|(n, v)| format!("{n}={v}"));
        Some(setting.unwrap_or_else(|| "a preliminary SVM".to_owned()))
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let c = self.preliminary.c;
        let ok = c.is_finite() && c > 0.0;
        ParamError::check(ok, PRELIMINARY_C.name, c, "must be finite and > 0")?;
        if let Gamma::Value(gamma) = self.preliminary.gamma {
            let ok = gamma.is_finite() && gamma > 0.0;
            ParamError::check(ok, PRELIMINARY_GAMMA.name, gamma, "must be finite and > 0")?;
        }
        self.membership.validate()
    }

    /// The membership for these training features, ready to be computed.
    ///
    /// # Errors
    /// No feature has the name of the time column, or the kernel of the preliminary SVM cannot be resolved.
    pub fn resolve(
        &self,
        feature_names: &[String],
        x: Matrix<'_>,
        preliminary: Preliminary<'_>,
    ) -> Result<Box<dyn Membership>, EstimatorError> {
        let mut membership = self.membership.clone();
        if let (MembershipKind::LinWangTime(m), Some(name)) = (&mut membership, &self.time_column) {
            let Some(column) = feature_names.iter().position(|n| n == name) else {
                return Err(EstimatorError::unexpected(
                    format!("no feature {} for the times", quoted(name)),
                    format!("one of {}", feature_names.join(", ")),
                ));
            };
            m.time = TimeSource::Column(column);
        }
        let first = if self.needs_first_model() {
            preliminary.learner(self.preliminary, x)?
        } else {
            // Not fitted; any machine will do.
            SvmLearner::Exact(Svc::default())
        };
        Ok(Box::new(membership.with_first_model(first)))
    }

    /// The membership of every training sample.
    ///
    /// # Errors
    /// As [`Weighting::resolve`], and where the membership cannot be computed.
    pub fn membership(
        &self,
        feature_names: &[String],
        train: Samples<'_>,
        preliminary: Preliminary<'_>,
    ) -> Result<Vec<f64>, EstimatorError> {
        let resolved = self.resolve(feature_names, train.x(), preliminary)?;
        Ok(resolved.membership(train)?)
    }

    /// The parameters of the registry's entry; the membership's own where there is none.
    fn specs(&self) -> &'static [ParamSpec] {
        match find(self.membership.name()) {
            Ok(entry) => &entry.params,
            Err(_) => self.membership.param_specs(),
        }
    }

    fn is_extra(&self, name: &str) -> bool {
        let own = self.membership.param_specs();
        self.specs().iter().any(|s| s.name == name) && !own.iter().any(|s| s.name == name)
    }
}

impl Parameters for Weighting {
    fn param_specs(&self) -> &'static [ParamSpec] {
        self.specs()
    }

    fn get_param(&self, name: &str) -> Option<String> {
        if !self.is_extra(name) {
            return self.membership.get_param(name);
        }
        Some(match name {
            "preliminary_c" => self.preliminary.c.to_text(),
            "preliminary_gamma" => self.preliminary.gamma.to_text(),
            _ => self.time_column.to_text(),
        })
    }

    fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
        if !self.is_extra(name) {
            return match self.specs().iter().any(|s| s.name == name) {
                true => self.membership.set_param(name, value),
                false => Err(ParamError::unknown(name, self.specs())),
            };
        }
        match name {
            "preliminary_c" => read(&PRELIMINARY_C, value, &mut self.preliminary.c),
            "preliminary_gamma" => read(&PRELIMINARY_GAMMA, value, &mut self.preliminary.gamma),
            _ => read(&TIME, value, &mut self.time_column),
        }
    }
}

fn read<T: ParamValue>(spec: &ParamSpec, text: &str, field: &mut T) -> Result<(), ParamError> {
    *field =
        T::from_text(text).ok_or_else(|| ParamError::unreadable(spec.name, text, spec.rule))?;
    Ok(())
}
