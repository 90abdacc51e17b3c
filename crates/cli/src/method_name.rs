//! What `--method` may name: a membership of the SVM, or a peer that is a learner of its own.

use std::ffi::OsStr;
use std::sync::LazyLock;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, ValueEnum};

use crate::method::Method;

/// The peers, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    /// No SVM: boosting with class costs (Sun et al. 2007)
    #[value(name = "cs-adaboost")]
    CsAdaBoost,
    /// No SVM: weighted random forest (Chen et al. 2004)
    CsRf,
    /// No SVM: AdaBoost on balanced subsets (Liu et al. 2009)
    EasyEnsemble,
    /// No SVM: boosting with under-sampling (Seiffert et al. 2010)
    #[value(name = "rusboost")]
    RusBoost,
    /// No SVM: weighted extreme learning machine (Zong et al. 2013)
    WElm,
    /// No SVM: gradient-boosted trees (Chen & Guestrin 2016)
    #[value(name = "cs-xgboost")]
    CsXgBoost,
}

impl Peer {
    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Peer::CsAdaBoost => "cs-adaboost",
            Peer::CsRf => "cs-rf",
            Peer::EasyEnsemble => "easy-ensemble",
            Peer::RusBoost => "rusboost",
            Peer::WElm => "w-elm",
            Peer::CsXgBoost => "cs-xgboost",
        }
    }
}

/// A method of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodName {
    /// The SVM, its samples weighted by this membership.
    Membership(Method),
    /// A learner of its own.
    Peer(Peer),
}

impl ValueEnum for MethodName {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<MethodName>> = LazyLock::new(|| {
            let memberships = Method::value_variants().iter();
            let memberships = memberships.copied().map(MethodName::Membership);
            let peers = Peer::value_variants().iter().copied();
            memberships.chain(peers.map(MethodName::Peer)).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            MethodName::Membership(method) => method.to_possible_value(),
            MethodName::Peer(peer) => peer.to_possible_value(),
        }
    }
}

/// Reads the name of a membership, and says of a peer that it is none.
#[derive(Debug, Clone)]
pub struct MembershipParser;

impl TypedValueParser for MembershipParser {
    type Value = Method;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Method, clap::Error> {
        if let Some(name) = value.to_str()
            && let Ok(peer) = Peer::from_str(name, false)
        {
            let text = format!(
                "{} is no membership: it is a learner of its own, which train fits\n",
                peer.name()
            );
            return Err(clap::Error::raw(ErrorKind::ValueValidation, text).with_cmd(command));
        }
        EnumValueParser::<Method>::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = Method::value_variants().iter();
        Some(Box::new(values.filter_map(Method::to_possible_value)))
    }
}

#[cfg(test)]
mod tests {
    use fuzzysvm::baselines::BaselineKind;

    use super::*;

    #[test]
    fn every_baseline_is_a_peer_under_its_name() {
        let names: Vec<&str> = Peer::value_variants().iter().map(|p| p.name()).collect();
        assert_eq!(names, BaselineKind::NAMES);
        for &method in MethodName::value_variants() {
            let name = method.to_possible_value().unwrap();
            assert_eq!(MethodName::from_str(name.get_name(), false), Ok(method));
        }
        for peer in Peer::value_variants() {
            assert_eq!(Peer::from_str(peer.name(), false), Ok(*peer));
        }
    }
}
