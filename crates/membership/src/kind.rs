//! Every shipped strategy under its name.
//!
//! A new strategy is one new file in `kind/` and one line in the list at the end of this file: the line
//! declares the module, re-exports the type, and adds a variant with its name and aliases to [`MembershipKind`].
//!
//! The modules are declared by a macro, so that one line is enough. `cargo fmt` does not look there; a test
//! (`tests/all/registry.rs`) checks the format of those files.

use crate::{Plan, Strategy, UnknownMembership};
use fuzzysvm_core::{MethodInfo, ParamError, ParamSpec, Parameters};
use std::{fmt, str::FromStr};

macro_rules! membership_kinds {
    ($($module:ident :: $strategy:ident = $name:literal $(| $alias:literal)*;)+) => {
        $(
            mod $module;
            pub use $module::*;
        )+

        /// The shipped strategies as one type, for command lines and files.
        ///
        /// Parses from a name (with the strategy's default settings), displays as that name, and
        /// (feature `serde`) reads and writes `{"membership": "efsvm", "n_neighbors": 7, ...}`.
        ///
        /// ```
        /// use fuzzysvm_membership::{Efsvm, MembershipKind};
        /// let kind: MembershipKind = "efsvm".parse()?;
        /// assert_eq!(kind, MembershipKind::Efsvm(Efsvm::default()));
        /// assert_eq!(kind.to_string(), "efsvm");
        /// assert!("nonsense".parse::<MembershipKind>().is_err());
        /// # Ok::<(), fuzzysvm_membership::UnknownMembership>(())
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "membership"))]
        #[non_exhaustive]
        pub enum MembershipKind {
            $(
                #[doc = concat!("`", $name, "`: [`", stringify!($strategy), "`].")]
                #[cfg_attr(feature = "serde", serde(rename = $name $(, alias = $alias)*))]
                $strategy($strategy),
            )+
        }

        impl MembershipKind {
            /// The names, in the order of the documentation.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Every strategy with its default settings, in the order of [`MembershipKind::NAMES`].
            pub fn all() -> Vec<Self> {
                vec![$(Self::$strategy(<$strategy>::default())),+]
            }

            /// The name of the strategy, without its settings.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$strategy(_) => $name,)+
                }
            }
        }

        impl MembershipKind {
            fn strategy(&self) -> &dyn Strategy {
                match self {
                    $(Self::$strategy(strategy) => strategy,)+
                }
            }

            fn parameters_mut(&mut self) -> &mut dyn Parameters {
                match self {
                    $(Self::$strategy(strategy) => strategy,)+
                }
            }
        }

        impl FromStr for MembershipKind {
            type Err = UnknownMembership;

            fn from_str(name: &str) -> Result<Self, UnknownMembership> {
                match name {
                    $($name $(| $alias)* => Ok(Self::$strategy(<$strategy>::default())),)+
                    _ => Err(UnknownMembership { name: name.to_owned() }),
                }
            }
        }

        $(
            impl From<$strategy> for MembershipKind {
                fn from(strategy: $strategy) -> Self {
                    Self::$strategy(strategy)
                }
            }
        )+
    };
}

impl MembershipKind {
    /// Checks the parameters.
    ///
    /// # Errors
    /// The first parameter outside its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        self.plan().validate()
    }

    /// Sets parameters by name, then checks them all.
    ///
    /// ```
    /// use fuzzysvm_membership::MembershipKind;
    /// let kind: MembershipKind = "efsvm".parse()?;
    /// let kind = kind.with_params(&[("n_neighbors", "3"), ("noise_aware", "true")])?;
    /// let error = kind.with_params(&[("n_neighbors", "0")]).unwrap_err();
    /// assert_eq!(error.to_string(), "parameter `n_neighbors` is 0: must be >= 1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ParamError`]: an unknown name, a text that cannot be read, or a value outside its range.
    pub fn with_params<N: AsRef<str>, V: AsRef<str>>(
        mut self,
        params: &[(N, V)],
    ) -> Result<Self, ParamError> {
        self.set_params(params)?;
        self.validate()?;
        Ok(self)
    }
}

impl Strategy for MembershipKind {
    fn info(&self) -> &'static MethodInfo {
        self.strategy().info()
    }

    fn plan(&self) -> Plan<'_> {
        self.strategy().plan()
    }

    fn weighs_classes(&self) -> bool {
        self.strategy().weighs_classes()
    }

    fn needs_features(&self) -> bool {
        self.strategy().needs_features()
    }

    fn needs_times(&self) -> bool {
        self.strategy().needs_times()
    }

    fn unmet_need(&self, param: &str) -> Option<&'static str> {
        self.strategy().unmet_need(param)
    }
}

/// The parameters of the strategy.
impl Parameters for MembershipKind {
    fn param_specs(&self) -> &'static [ParamSpec] {
        self.strategy().param_specs()
    }

    fn get_param(&self, name: &str) -> Option<String> {
        self.strategy().get_param(name)
    }

    fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError> {
        self.parameters_mut().set_param(name, value)
    }
}

impl fmt::Display for MembershipKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

membership_kinds! {
    uniform::Uniform = "uniform" | "svm";
    class_cost::ClassCost = "class-cost";
    class_center::ClassCenter = "fsvm";
    efsvm_binned::EfsvmBinned = "efsvm-binned";
    efsvm::Efsvm = "efsvm";
    iefsvm::Iefsvm = "iefsvm";
    fsvm_cil::FsvmCil = "fsvm-cil";
    slack_factor::SlackFactor = "slack-factor";
    relative_density::RelativeDensity = "relative-density";
    intuitionistic::Intuitionistic = "intuitionistic";
    posterior::Posterior = "posterior";
    lin_wang_time::LinWangTime = "lin-wang-time";
}
