//! The methods by name.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_membership::{
    Angle, CilDecay, CilDistance, ClassCenter, ClassCost, EfsvmBinned, FsvmCil, Iefsvm,
    Intuitionistic, Posterior, Pretrained, RelativeDensity, SlackFactor, Uniform,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::first::FirstSvc;
use super::{MembershipSetting, Method, Way, WaySettings, peers};

/// A method of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MethodKind {
    /// AdaC2 (Sun et al. 2007).
    CsAdaBoost,
    /// Weighted random forest (Chen, Liaw & Breiman 2004).
    CsRandomForest,
    /// AdaBoost on balanced subsets (Liu, Wu & Zhou 2009).
    EasyEnsemble,
    /// Boosting with under-sampling (Seiffert et al. 2010).
    RusBoost,
    /// Weighted extreme learning machine (Zong, Huang & Chen 2013).
    WElm,
    /// Gradient-boosted trees with a positive weight (Chen & Guestrin 2016).
    CsXgBoost,
    /// Every weight 1.
    Svm,
    /// Majority 1/IR (Veropoulos 1999).
    ClassCost,
    /// Distance to the class centre (Lin & Wang 2002).
    Fsvm,
    /// Neighbourhood entropy in bins (Fan et al. 2017).
    EfsvmBinned,
    /// Neighbourhood entropy, k tuned (Algorithm 1).
    Efsvm,
    /// Pattern of entropies, angle atan2(μ, σ) (Algorithm 2).
    Iefsvm,
    /// The same with the angle atan2(σ, μ).
    IefsvmStdOverMean,
    /// Distance to a centre or a hyperplane, times the class ratio (Batuwita & Palade 2010).
    FsvmCil,
    /// Slacks of a class-cost SVM fitted first (Ren et al. 2023).
    SlackFactor,
    /// Density inside the own class.
    RelativeDensity,
    /// Membership and non-membership in feature space.
    Intuitionistic,
    /// How sure two estimators that have not seen a sample are of its class: ours.
    Posterior,
}

impl MethodKind {
    /// All methods, in the order of the tables: the deck's rows begin with the peers.
    pub const ALL: [MethodKind; 18] = [
        MethodKind::CsAdaBoost,
        MethodKind::CsRandomForest,
        MethodKind::EasyEnsemble,
        MethodKind::RusBoost,
        MethodKind::WElm,
        MethodKind::CsXgBoost,
        MethodKind::Svm,
        MethodKind::ClassCost,
        MethodKind::Fsvm,
        MethodKind::EfsvmBinned,
        MethodKind::Efsvm,
        MethodKind::Iefsvm,
        MethodKind::IefsvmStdOverMean,
        MethodKind::FsvmCil,
        MethodKind::SlackFactor,
        MethodKind::RelativeDensity,
        MethodKind::Intuitionistic,
        MethodKind::Posterior,
    ];

    /// The methods of the lending experiment: the deck's eight, and beside them the SVM, its class costs
    /// and the other readings of the deck's two.
    pub const LENDING: &[MethodKind] = MethodKind::ALL.split_at(13).0;

    /// The name in `--methods`.
    pub const fn id(self) -> &'static str {
        match self {
            MethodKind::CsAdaBoost => "cs-adaboost",
            MethodKind::CsRandomForest => "cs-rf",
            MethodKind::EasyEnsemble => "easy-ensemble",
            MethodKind::RusBoost => "rusboost",
            MethodKind::WElm => "w-elm",
            MethodKind::CsXgBoost => "cs-xgboost",
            MethodKind::Svm => "svm",
            MethodKind::ClassCost => "class-cost",
            MethodKind::Fsvm => "fsvm",
            MethodKind::EfsvmBinned => "efsvm-binned",
            MethodKind::Efsvm => "efsvm",
            MethodKind::Iefsvm => "iefsvm",
            MethodKind::IefsvmStdOverMean => "iefsvm-std-over-mean",
            MethodKind::FsvmCil => "fsvm-cil",
            MethodKind::SlackFactor => "slack-factor",
            MethodKind::RelativeDensity => "relative-density",
            MethodKind::Intuitionistic => "intuitionistic",
            MethodKind::Posterior => "posterior",
        }
    }

    /// The name in tables.
    pub const fn title(self) -> &'static str {
        match self {
            MethodKind::CsAdaBoost => "cs-AdaBoost",
            MethodKind::CsRandomForest => "cs-RF",
            MethodKind::EasyEnsemble => "EasyEnsemble",
            MethodKind::RusBoost => "RUSBoost",
            MethodKind::WElm => "w-ELM",
            MethodKind::CsXgBoost => "cs-XGBoost",
            MethodKind::Svm => "SVM",
            MethodKind::ClassCost => "class-cost SVM",
            MethodKind::Fsvm => "FSVM",
            MethodKind::EfsvmBinned => "EFSVM-binned",
            MethodKind::Efsvm => "EFSVM",
            MethodKind::Iefsvm => "IEFSVM",
            MethodKind::IefsvmStdOverMean => "IEFSVM (σ/μ)",
            MethodKind::FsvmCil => "FSVM-CIL",
            MethodKind::SlackFactor => "SFFSVM",
            MethodKind::RelativeDensity => "density SVM",
            MethodKind::Intuitionistic => "intuitionistic",
            MethodKind::Posterior => "posterior SVM",
        }
    }

    /// Whether this is one of the six peers, which are no SVMs.
    pub const fn is_peer(self) -> bool {
        matches!(
            self,
            MethodKind::CsAdaBoost
                | MethodKind::CsRandomForest
                | MethodKind::EasyEnsemble
                | MethodKind::RusBoost
                | MethodKind::WElm
                | MethodKind::CsXgBoost
        )
    }

    /// The method with these settings, ready for [`tune`](super::tune).
    pub fn method(self, settings: &WaySettings) -> Method {
        Method {
            title: self.title(),
            way: self.way(settings),
        }
    }

    /// What stands behind the name.
    fn way(self, settings: &WaySettings) -> Way {
        match self {
            MethodKind::CsAdaBoost
            | MethodKind::CsRandomForest
            | MethodKind::EasyEnsemble
            | MethodKind::RusBoost
            | MethodKind::WElm
            | MethodKind::CsXgBoost => Way::Learners(peers::learners(self, settings)),
            MethodKind::Svm => Way::membership(Uniform::default()),
            MethodKind::ClassCost => Way::membership(ClassCost::default()),
            MethodKind::Fsvm => Way::membership(ClassCenter::default()),
            MethodKind::EfsvmBinned => Way::membership(EfsvmBinned::default()),
            MethodKind::Efsvm => Way::Efsvm(settings.ks.clone()),
            MethodKind::Iefsvm => Way::membership(Iefsvm::default()),
            MethodKind::IefsvmStdOverMean => Way::membership(Iefsvm {
                angle: Angle::StdOverMean,
                ..Iefsvm::default()
            }),
            MethodKind::FsvmCil => Way::Memberships(fsvm_cil()),
            MethodKind::SlackFactor => Way::Memberships(slack_factor()),
            MethodKind::RelativeDensity => Way::membership(RelativeDensity::default()),
            MethodKind::Intuitionistic => Way::membership(Intuitionistic::default()),
            MethodKind::Posterior => {
                Way::membership(Pretrained::new(Posterior::default(), FirstSvc))
            }
        }
    }
}

/// The six settings of the paper: which is best is a matter of the data.
fn fsvm_cil() -> Vec<MembershipSetting> {
    let distances = [
        ("own-center", CilDistance::OwnCenter),
        ("all-center", CilDistance::AllCenter),
        ("hyperplane", CilDistance::Hyperplane),
    ];
    let decays = [
        ("linear", CilDecay::Linear),
        ("exponential", CilDecay::Exponential),
    ];
    let setting = |(to, distance), (falls, decay)| {
        let membership = FsvmCil {
            distance,
            decay,
            ..FsvmCil::default()
        };
        MembershipSetting {
            setting: format!("{to} {falls}"),
            membership: Box::new(Pretrained::new(membership, FirstSvc)),
        }
    };
    distances
        .into_iter()
        .flat_map(|d| decays.map(|f| setting(d, f)))
        .collect()
}

/// Steepnesses of the decay in the slack; the papers tune over eleven.
fn slack_factor() -> Vec<MembershipSetting> {
    let setting = |beta: f64| MembershipSetting {
        setting: format!("beta={beta}"),
        membership: Box::new(Pretrained::new(
            SlackFactor {
                beta,
                ..SlackFactor::default()
            },
            FirstSvc,
        )),
    };
    [0.1, 0.5, 1.0].map(setting).into()
}

impl fmt::Display for MethodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A name that is no method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no method is called {name:?}; there are {}", MethodKind::ALL.map(MethodKind::id).join(", "))]
pub struct UnknownMethod {
    /// The name given.
    pub name: String,
}

impl FromStr for MethodKind {
    type Err = UnknownMethod;
    fn from_str(s: &str) -> Result<Self, UnknownMethod> {
        let wanted = s.trim().to_ascii_lowercase();
        let found = MethodKind::ALL.into_iter().find(|m| m.id() == wanted);
        found.ok_or_else(|| UnknownMethod { name: s.to_owned() })
    }
}

impl Serialize for MethodKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for MethodKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peers_are_the_baselines() {
        let peers: Vec<&str> = MethodKind::ALL
            .into_iter()
            .filter(|m| m.is_peer())
            .map(MethodKind::id)
            .collect();
        assert_eq!(peers, fuzzysvm_baselines::BaselineKind::NAMES);
    }

    #[test]
    fn lending_has_the_decks_eight_rows() {
        let ids: Vec<_> = MethodKind::LENDING.iter().map(|m| m.id()).collect();
        for row in &crate::lend::deck::ROWS {
            assert!(ids.contains(&row.id), "{}", row.id);
        }
        assert_eq!(ids.last(), Some(&"iefsvm-std-over-mean"));
    }

    #[test]
    fn names_go_there_and_back_and_a_wrong_one_lists_the_right_ones() {
        for m in MethodKind::ALL {
            assert_eq!(m.id().parse(), Ok(m));
        }
        let e = "efsvn".parse::<MethodKind>().unwrap_err().to_string();
        assert!(
            e.contains("\"efsvn\"") && e.contains("iefsvm-std-over-mean"),
            "{e}"
        );
    }
}
