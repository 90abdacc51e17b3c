//! Every shipped strategy under its name.
//!
//! A new strategy is one new file beside the others in `kind/` and one line in the list at the end
//! of this file: the line declares the module, re-exports the type, and adds the variant with its
//! name (and further names it answers to) to [`MembershipKind`].

use crate::{Membership, MembershipError, UnknownMembership};
use fuzzysvm_core::{ParamError, Samples};
use std::{fmt, str::FromStr};

macro_rules! membership_kinds {
    ($($module:ident :: $strategy:ident = $name:literal $(| $alias:literal)*;)+) => {
        $(
            mod $module;
            pub use $module::*;
        )+

        /// The shipped strategies as one value, for command lines and files.
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

        impl Membership for MembershipKind {
            fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
                match self {
                    $(Self::$strategy(strategy) => strategy.membership(train),)+
                }
            }

            fn validate(&self) -> Result<(), ParamError> {
                match self {
                    $(Self::$strategy(strategy) => Membership::validate(strategy),)+
                }
            }

            fn first_weights(
                &self,
                train: Samples<'_>,
            ) -> Result<Option<Vec<f64>>, MembershipError> {
                match self {
                    $(Self::$strategy(strategy) => strategy.first_weights(train),)+
                }
            }

            fn held_out(&self) -> bool {
                match self {
                    $(Self::$strategy(strategy) => strategy.held_out(),)+
                }
            }

            fn membership_from(
                &self,
                train: Samples<'_>,
                decision: &[f64],
            ) -> Result<Vec<f64>, MembershipError> {
                match self {
                    $(Self::$strategy(strategy) => strategy.membership_from(train, decision),)+
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

impl fmt::Display for MembershipKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

membership_kinds! {
    uniform::Uniform = "uniform" | "svm";
    class_cost::ClassCost = "class-cost";
    class_center::ClassCenter = "fsvm";
    efsvm::Efsvm = "efsvm";
    efsvm_binned::EfsvmBinned = "efsvm-binned";
    iefsvm::Iefsvm = "iefsvm";
    fsvm_cil::FsvmCil = "fsvm-cil";
    slack_factor::SlackFactor = "slack-factor";
    relative_density::RelativeDensity = "relative-density";
    intuitionistic::Intuitionistic = "intuitionistic";
    lin_wang_time::LinWangTime = "lin-wang-time";
    posterior::Posterior = "posterior";
}
