//! The methods by name, each in one place: what a command line, a table, a file or a notebook knows of a method it
//! knows from [`methods`].
//!
//! A membership of `fuzzysvm-membership` and a baseline of `fuzzysvm-baselines` is a method as soon as it is in the
//! list of its crate: name, title, source, parameters and grid stand beside the strategy itself. What is said here is
//! what a crate alone cannot know: the order of the tables, two settings of one membership that are compared as two
//! methods, and that the uniform membership is the plain SVM.

mod experiment;
mod settings;
mod stake;
mod weighting;

use std::fmt;
use std::sync::LazyLock;

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::quote::cut;
use fuzzysvm_core::{ParamGrid, ParamSpec, Parameters};
use fuzzysvm_membership::{MembershipKind, Strategy as _};

pub use experiment::{Method, SpaceOptions, baseline_grid};
pub use settings::{MethodSettings, ParamPair};
pub use stake::StakeMethod;
pub use weighting::{Preliminary, PreliminarySvm, Weighting};

/// What stands behind a method's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MethodKind {
    /// The support vector machine, its samples weighted by a fuzzy membership.
    Membership,
    /// A baseline, which is not an SVM.
    Baseline,
    /// The support vector machine on loans, its labels and weights made of what they return.
    Stake,
}

/// What a method cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Needs {
    /// Decision values of a preliminary SVM, in at least one of its settings.
    pub first_model: bool,
    /// The time of every sample: a column, or rows in order of time.
    pub times: bool,
    /// Features, so that a Gram matrix alone will not do.
    pub features: bool,
    /// What loans return, known or expected, in place of classes: see [`target`](crate::target). A table does not have
    /// it, so that only what takes a loan book can use the method.
    pub returns: bool,
}

/// A method as the registry lists it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MethodEntry {
    /// The name on command lines and in files.
    pub name: &'static str,
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// The name in tables.
    pub title: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Where it is from: authors, year, DOI.
    pub source: &'static str,
    /// What stands behind it.
    pub kind: MethodKind,
    /// What it cannot do without.
    pub needs: Needs,
    /// Whether the sizes of the classes enter the weights of an SVM.
    pub weighs_classes: bool,
    /// Its parameters beside C and the kernel.
    pub params: Vec<ParamSpec>,
    /// What it is tuned over beside C and the kernel.
    pub grid: ParamGrid,
    defaults: MethodSettings,
}

impl MethodEntry {
    /// The method with its default parameters.
    pub fn settings(&self) -> MethodSettings {
        self.defaults.clone()
    }

    /// Its grid as lists of texts, ready to be changed.
    pub fn grid_lists(&self) -> Vec<(String, Vec<String>)> {
        let texts = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect();
        let list = |(name, values): &(&str, &[&str])| ((*name).to_owned(), texts(values));
        self.grid.iter().map(list).collect()
    }

    /// Its grid, each list given in place of that parameter's values. What is given varies fastest, the last list first.
    ///
    /// ```
    /// use fuzzysvm_estimator::method::find;
    /// let given = vec![("decay".to_owned(), vec!["linear".to_owned()])];
    /// let grid = find("fsvm-cil")?.grid_with(given);
    /// let names: Vec<&str> = grid.iter().map(|(name, _)| name.as_str()).collect();
    /// assert_eq!(names, ["distance", "decay"]);
    /// assert_eq!(grid[1].1, ["linear"]);
    /// # Ok::<(), fuzzysvm_estimator::method::UnknownMethod>(())
    /// ```
    pub fn grid_with(&self, given: Vec<(String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
        let mut grid = self.grid_lists();
        grid.retain(|(name, _)| given.iter().all(|(other, _)| other != name));
        grid.extend(given);
        grid
    }

    /// Whether it is a baseline, which is not an SVM.
    pub fn is_baseline(&self) -> bool {
        self.kind == MethodKind::Baseline
    }

    fn of_membership(membership: MembershipKind) -> Self {
        let info = membership.info();
        let needs = Needs {
            first_model: some_setting(&membership, info.grid, |m| m.needs_first_model()),
            times: membership.needs_times(),
            features: membership.needs_features(),
            returns: false,
        };
        let mut params = membership.param_specs().to_vec();
        params.extend(Weighting::extra_specs(needs));
        // Weights that are all 1 make the fuzzy SVM the plain one.
        let (name, aliases): (_, &[&str]) = match membership.name() {
            "uniform" => ("svm", &["uniform"]),
            name => (name, &[]),
        };
        Self {
            name,
            aliases,
            title: info.title,
            summary: info.summary,
            source: info.source,
            kind: MethodKind::Membership,
            needs,
            weighs_classes: membership.weighs_classes(),
            params,
            grid: info.grid,
            defaults: MethodSettings::Membership(Weighting::new(membership)),
        }
    }

    fn of_baseline(baseline: BaselineKind) -> Self {
        let info = baseline.info();
        Self {
            name: baseline.name(),
            aliases: &[],
            title: info.title,
            summary: info.summary,
            source: info.source,
            kind: MethodKind::Baseline,
            needs: Needs {
                features: true,
                ..Needs::default()
            },
            weighs_classes: false,
            params: baseline.param_specs().to_vec(),
            grid: info.grid,
            defaults: MethodSettings::Baseline(baseline),
        }
    }

    fn of_stake(stake: StakeMethod) -> Self {
        let info = stake.info();
        Self {
            name: stake.name(),
            aliases: &[],
            title: info.title,
            summary: info.summary,
            source: info.source,
            kind: MethodKind::Stake,
            needs: Needs {
                features: true,
                returns: true,
                ..Needs::default()
            },
            weighs_classes: false,
            params: stake.param_specs().to_vec(),
            grid: info.grid,
            defaults: MethodSettings::Stake(stake),
        }
    }

    /// The same strategy in another setting, as a separate method.
    fn variant(&self, variant: &Variant) -> Self {
        let mut entry = Self {
            name: variant.name,
            aliases: &[],
            title: variant.title,
            summary: variant.summary,
            ..self.clone()
        };
        if let MethodSettings::Membership(weighting) = &mut entry.defaults {
            for (name, value) in variant.params {
                // A test sets each of them.
                let _ = weighting.membership.set_param(name, value);
            }
        }
        entry
    }
}

/// Whether `holds` is true of the membership as it is or with any value of its grid.
fn some_setting(
    membership: &MembershipKind,
    grid: ParamGrid,
    holds: impl Fn(&MembershipKind) -> bool,
) -> bool {
    let with = |name: &str, value: &str| {
        let mut other = membership.clone();
        other.set_param(name, value).is_ok() && holds(&other)
    };
    let mut in_grid = grid
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |v| (*name, *v)));
    holds(membership) || in_grid.any(|(name, value)| with(name, value))
}

/// A setting of a strategy that is compared as a separate method.
struct Variant {
    of: &'static str,
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    params: &'static [(&'static str, &'static str)],
}

const VARIANTS: &[Variant] = &[Variant {
    of: "iefsvm",
    name: "iefsvm-std-over-mean",
    title: "IEFSVM (σ/μ)",
    summary: "iefsvm with its angle measured the other way round",
    params: &[("angle", "std-over-mean")],
}];

static METHODS: LazyLock<Vec<MethodEntry>> = LazyLock::new(|| {
    let mut methods: Vec<MethodEntry> = BaselineKind::all()
        .into_iter()
        .map(MethodEntry::of_baseline)
        .collect();
    for membership in MembershipKind::all() {
        let entry = MethodEntry::of_membership(membership);
        let variants = VARIANTS.iter().filter(|v| v.of == entry.name);
        let variants: Vec<_> = variants.map(|v| entry.variant(v)).collect();
        methods.push(entry);
        methods.extend(variants);
    }
    methods.extend(StakeMethod::all().map(MethodEntry::of_stake));
    methods
});

/// Every method, in the order of the tables: the six baselines, the SVM with each membership, then those on what loans
/// return. [`of_samples`] leaves the last ones out.
///
/// ```
/// use fuzzysvm_estimator::method::{find, methods};
/// let names: Vec<_> = methods().iter().map(|m| m.name).collect();
/// assert!(names.contains(&"cs-rf") && names.contains(&"iefsvm"));
/// assert_eq!(find("uniform")?.name, "svm");
/// # Ok::<(), fuzzysvm_estimator::method::UnknownMethod>(())
/// ```
pub fn methods() -> &'static [MethodEntry] {
    &METHODS
}

/// The methods that learn from features and classes: those that need no returns of loans.
pub fn of_samples() -> impl Iterator<Item = &'static MethodEntry> {
    methods().iter().filter(|m| !m.needs.returns)
}

/// The method of this name.
///
/// # Errors
/// [`UnknownMethod`], which lists the names.
pub fn find(name: &str) -> Result<&'static MethodEntry, UnknownMethod> {
    let wanted = name.trim().to_ascii_lowercase();
    let is = |m: &&MethodEntry| m.name == wanted || m.aliases.contains(&wanted.as_str());
    methods().iter().find(is).ok_or_else(|| UnknownMethod {
        name: cut(name).to_string(),
    })
}

/// A name that is no method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct UnknownMethod {
    /// The name given.
    pub name: String,
}

impl fmt::Display for UnknownMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = methods().iter().map(|m| m.name).collect();
        write!(
            f,
            "no method is called {:?}; there are {}",
            self.name,
            known.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_membership_and_every_baseline_is_a_method_under_one_name() {
        let mut names: Vec<&str> = Vec::new();
        for method in methods() {
            names.push(method.name);
            names.extend(method.aliases);
            assert_eq!(find(method.name).unwrap(), method);
            assert!(
                !method.title.is_empty() && !method.summary.is_empty() && !method.source.is_empty()
            );
            assert!(!method.summary.ends_with('.'), "{}", method.name);
        }
        for name in MembershipKind::NAMES.iter().chain(BaselineKind::NAMES) {
            assert!(find(name).is_ok(), "{name}");
        }
        names.sort_unstable();
        let n = names.len();
        names.dedup();
        assert_eq!(names.len(), n);
        assert_eq!(find(" UNIFORM").unwrap(), find("svm").unwrap());
        let e = find("lssvm").unwrap_err().to_string();
        assert!(
            e.starts_with("no method is called \"lssvm\"; there are cs-adaboost, "),
            "{e}"
        );
    }

    #[test]
    fn every_parameter_is_read_back_and_documented() {
        for method in methods() {
            let mut settings = method.settings();
            for spec in &method.params {
                let value = settings.get_param(spec.name).unwrap();
                settings.set_param(spec.name, &value).unwrap();
                assert!(
                    !spec.rule.is_empty() && !spec.help.is_empty(),
                    "{}",
                    spec.name
                );
                if spec.name != "time" {
                    assert!(settings.set_param(spec.name, "no such value").is_err());
                }
            }
            assert_eq!(settings, method.settings());
            for (name, values) in method.grid {
                for value in *values {
                    settings.set_param(name, value).unwrap();
                    settings.validate().unwrap();
                }
            }
        }
    }

    #[test]
    fn variants_differ_from_what_they_vary() {
        for variant in VARIANTS {
            let (base, entry) = (find(variant.of).unwrap(), find(variant.name).unwrap());
            let mut settings = base.settings();
            for (name, value) in variant.params {
                settings.set_param(name, value).unwrap();
            }
            assert_eq!(settings, entry.settings());
            assert_ne!(base.settings(), entry.settings());
        }
    }
}
