//! The methods by name.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_membership::{Angle, ClassCenter, ClassCost, EfsvmBinned, Iefsvm, Uniform};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Method, Way, WaySettings};

/// A method of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MethodKind {
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
}

impl MethodKind {
    /// All methods, in the order of the tables.
    pub const ALL: [MethodKind; 7] = [
        MethodKind::Svm,
        MethodKind::ClassCost,
        MethodKind::Fsvm,
        MethodKind::EfsvmBinned,
        MethodKind::Efsvm,
        MethodKind::Iefsvm,
        MethodKind::IefsvmStdOverMean,
    ];

    /// The name in `--methods`.
    pub const fn id(self) -> &'static str {
        match self {
            MethodKind::Svm => "svm",
            MethodKind::ClassCost => "class-cost",
            MethodKind::Fsvm => "fsvm",
            MethodKind::EfsvmBinned => "efsvm-binned",
            MethodKind::Efsvm => "efsvm",
            MethodKind::Iefsvm => "iefsvm",
            MethodKind::IefsvmStdOverMean => "iefsvm-std-over-mean",
        }
    }

    /// The name in tables.
    pub const fn title(self) -> &'static str {
        match self {
            MethodKind::Svm => "SVM",
            MethodKind::ClassCost => "class-cost SVM",
            MethodKind::Fsvm => "FSVM",
            MethodKind::EfsvmBinned => "EFSVM-binned",
            MethodKind::Efsvm => "EFSVM",
            MethodKind::Iefsvm => "IEFSVM",
            MethodKind::IefsvmStdOverMean => "IEFSVM (σ/μ)",
        }
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
        }
    }
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
