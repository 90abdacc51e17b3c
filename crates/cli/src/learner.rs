//! The method and, where it is a peer, its parameters: one setting for a fit, a grid for tuning.

use clap::Args;
use fuzzysvm::baselines::{BaselineKind, Setting};
use fuzzysvm::method::peer_grid;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::method::Method;
use crate::method_name::{MethodName, Peer};

/// Most settings of a grid: a slip of the keyboard must not fill the memory.
const MOST_SETTINGS: usize = 10_000;

/// What is learned with.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct LearnerArgs {
    /// Fuzzy membership of the SVM's samples, or a peer that is no SVM
    #[arg(
        long,
        short = 'M',
        value_enum,
        default_value = "efsvm",
        value_name = "METHOD"
    )]
    pub method: MethodName,

    /// Parameter of a peer, as n_estimators=200; repeated for several
    #[arg(long, value_name = "NAME=VALUE", value_parser = param, long_help = params_help())]
    pub param: Vec<Param>,
}

/// `NAME=VALUE`, or `NAME=VALUE,VALUE,…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    name: String,
    values: Vec<String>,
}

impl LearnerArgs {
    /// Refuses parameters of peers with a membership.
    pub fn check(&self, method: Method) -> Result<(), Failure> {
        if self.param.is_empty() {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "--param does not apply to --method {}: its settings are flags, see --help",
            method.name()
        )))
    }

    /// The peer with its defaults and what was given.
    pub fn one(&self, peer: Peer, seed: u64) -> Result<BaselineKind, Failure> {
        let mut kind = default_of(peer)?;
        for param in self.params_of(peer)? {
            let [value] = param.values.as_slice() else {
                return Err(Failure::usage(format!(
                    "--param {}={}: expected one value; tune takes lists",
                    param.name,
                    param.values.join(",")
                )));
            };
            kind = kind
                .with_setting(&param.name, value)
                .map_err(Failure::usage)?;
        }
        Ok(kind.with_seed(seed))
    }

    /// What the peer is tuned over: the grid of compare, each list given in place of that parameter's values.
    pub fn grid(&self, peer: Peer, seed: u64) -> Result<Grid, Failure> {
        let mut kinds = peer_grid();
        kinds.retain(|kind| kind.name() == peer.name());
        for param in self.params_of(peer)? {
            let mut product: Vec<BaselineKind> = Vec::new();
            for kind in &kinds {
                for value in &param.values {
                    let kind = kind
                        .with_setting(&param.name, value)
                        .map_err(Failure::usage)?;
                    // Entries that differed in this parameter alone are one now.
                    if !product.contains(&kind) {
                        product.push(kind);
                    }
                    if product.len() > MOST_SETTINGS {
                        return Err(Failure::usage(format!(
                            "--param asks for more than {MOST_SETTINGS} combinations"
                        )));
                    }
                }
            }
            kinds = product;
        }
        let default = default_of(peer)?.settings();
        let given = |name: &str| self.param.iter().any(|p| p.name == name);
        let differs = |s: &Setting| {
            let value =
                |kind: &BaselineKind| kind.settings().into_iter().find(|o| o.name == s.name);
            given(&s.name) || kinds.iter().any(|kind| value(kind).as_ref() != Some(s))
        };
        let told = default.iter().filter(|s| differs(s));
        Ok(Grid {
            told: told.map(|s| s.name.clone()).collect(),
            kinds: kinds.into_iter().map(|k| k.with_seed(seed)).collect(),
        })
    }

    /// The parameters given, no name twice.
    fn params_of(&self, peer: Peer) -> Result<&[Param], Failure> {
        for (i, param) in self.param.iter().enumerate() {
            if param.name == "seed" {
                return Err(Failure::usage(format!(
                    "--param seed: the seed of {} is --seed",
                    peer.name()
                )));
            }
            if self.param[..i].iter().any(|p| p.name == param.name) {
                return Err(Failure::usage(format!(
                    "--param {} is given twice",
                    param.name
                )));
            }
        }
        Ok(&self.param)
    }
}

/// What a peer is tuned over.
pub struct Grid {
    /// The entries, all of one peer.
    pub kinds: Vec<BaselineKind>,
    /// The parameters in which entries differ from the peer's defaults, and those that were given: they say what an
    /// entry is.
    told: Vec<String>,
}

impl Grid {
    /// The names of the parameters that are told.
    pub fn told(&self) -> &[String] {
        &self.told
    }

    /// The told parameters of an entry.
    pub fn settings(&self, kind: &BaselineKind) -> Vec<Setting> {
        let mut settings = kind.settings();
        settings.retain(|s| self.told.contains(&s.name));
        settings
    }
}

/// Settings as JSON: numbers and truth values as such, anything else as the text that `--param` takes.
pub fn settings_json(settings: &[Setting]) -> Map<String, Value> {
    let value = |text: &str| match serde_json::from_str(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => Value::String(text.to_owned()),
    };
    let pair = |s: &Setting| (s.name.clone(), value(&s.value));
    settings.iter().map(pair).collect()
}

/// Settings in words: `c=16, n_hidden=50`.
pub fn settings_text(settings: &[Setting]) -> String {
    let pairs: Vec<String> = settings
        .iter()
        .map(|s| format!("{}={}", s.name, s.value))
        .collect();
    pairs.join(", ")
}

fn default_of(peer: Peer) -> Result<BaselineKind, Failure> {
    Ok(peer.name().parse()?)
}

/// Reads `NAME=VALUE,VALUE,…`. Commas inside brackets belong to a value.
fn param(text: &str) -> Result<Param, String> {
    let (name, list) = text
        .split_once('=')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or("expected NAME=VALUE")?;
    let mut values = vec![String::new()];
    let mut depth = 0_usize;
    for c in list.chars() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match values.last_mut() {
            Some(value) if c != ',' || depth > 0 => value.push(c),
            _ => values.push(String::new()),
        }
    }
    Ok(Param {
        name: name.trim().to_owned(),
        values,
    })
}

/// Help of `--param`: the parameters of every peer with their defaults.
fn params_help() -> String {
    let mut text = "Parameter of a peer, repeated for several, as in --method cs-rf --param \
                    n_estimators=200 --param max_depth=8. In tune a list of values, \
                    NAME=V,V,…, in place of the peer's own. The parameters and their defaults:"
        .to_owned();
    for kind in BaselineKind::all() {
        text += &format!("\n- {kind}: {}", settings_text(&kind.settings()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(params: &[&str]) -> LearnerArgs {
        LearnerArgs {
            method: MethodName::Peer(Peer::CsRf),
            param: params.iter().map(|p| param(p).unwrap()).collect(),
        }
    }

    fn texts(peer: Peer, params: &[&str]) -> Vec<String> {
        let grid = args(params).grid(peer, 1).unwrap();
        let text = |k| settings_text(&grid.settings(k));
        grid.kinds.iter().map(text).collect()
    }

    #[test]
    fn lists_take_the_place_of_the_grid_s_values() {
        assert_eq!(
            texts(Peer::RusBoost, &[]),
            ["n_estimators=10", "n_estimators=50"]
        );
        assert_eq!(
            texts(Peer::WElm, &["c=1,10", "n_hidden=5"]),
            ["c=1, n_hidden=5", "c=10, n_hidden=5"]
        );
        assert_eq!(
            texts(
                Peer::CsXgBoost,
                &["max_depth=3", "scale_pos_weight=none,2", "n_estimators=7"]
            ),
            [
                "learning_rate=0.1, max_depth=3, n_estimators=7, scale_pos_weight=none",
                "learning_rate=0.1, max_depth=3, n_estimators=7, scale_pos_weight=2"
            ]
        );
        assert_eq!(
            texts(
                Peer::CsRf,
                &["class_weight=power:0.5,given:[1,4]", "min_samples_leaf=1"]
            ),
            [
                "class_weight=power:0.5, min_samples_leaf=1",
                "class_weight=given:[1,4], min_samples_leaf=1"
            ]
        );
        let many = (1..300)
            .map(|i| i.to_string())
            .collect::<Vec<_>>()
            .join(",");
        let huge = args(&[&format!("max_depth={many}"), &format!("n_subsets={many}")]);
        assert!(huge.grid(Peer::EasyEnsemble, 1).is_err());
    }

    #[test]
    fn a_parameter_is_a_name_and_values() {
        assert!(param("n_estimators").is_err());
        assert!(param("=5").is_err());
        let read = |text| param(text).unwrap().values;
        assert_eq!(read("a=1,2"), ["1", "2"]);
        assert_eq!(read("a="), [""]);
        assert_eq!(read("a=given:[1,2],x"), ["given:[1,2]", "x"]);
        assert_eq!(read("a=],1"), ["]", "1"]);
    }
}
