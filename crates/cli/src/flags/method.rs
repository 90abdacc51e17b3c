//! The method and its parameters.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, Command};
use fuzzysvm::core::quote::cut;
use fuzzysvm::core::{ParamError, Parameters as _};
use fuzzysvm::estimator::method::{
    MethodEntry, MethodKind, MethodSettings, ParamPair, Weighting, find,
};
use fuzzysvm::estimator::{KernelName, Method, methods};

use crate::failure::Failure;

/// `NAME=VALUE`, or `NAME=VALUE,VALUE,…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    name: String,
    values: Vec<String>,
}

impl Param {
    /// The values; numbers without brackets are one value where the parameter is a list.
    fn values_for(&self, method: &MethodEntry) -> Vec<String> {
        let default = method.settings().get_param(&self.name).unwrap_or_default();
        let bare = !self.values.iter().any(|v| v.trim().starts_with('['));
        if default.starts_with('[') && bare {
            return vec![format!("[{}]", self.values.join(","))];
        }
        self.values.clone()
    }
}

/// The method with its parameters.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct MethodFlags {
    /// Method, see `fuzzysvm methods`
    #[arg(
        long,
        short = 'M',
        value_parser = MethodParser::Fitted,
        default_value = "efsvm",
        value_name = "METHOD",
        hide_possible_values = true
    )]
    pub method: &'static MethodEntry,

    #[command(flatten)]
    pub params: ParamFlags,
}

/// The method's parameters.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Method")]
pub struct ParamFlags {
    /// Parameter, see `fuzzysvm methods NAME`; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = param)]
    param: Vec<Param>,

    /// iefsvm: mean-over-std or std-over-mean
    #[arg(long, value_name = "ANGLE")]
    angle: Option<String>,

    /// efsvm, iefsvm: no weight for majority samples among minority neighbors
    #[arg(long)]
    noise_aware: bool,

    /// Minority: positive or smaller [default: positive]
    #[arg(long, value_name = "CLASS")]
    minority: Option<String>,
}

/// The parameter that `--k` sets.
const K: &str = "n_neighbors";

impl ParamFlags {
    /// The parameters given, whichever flag they came from, each with its values.
    fn given(
        &self,
        method: &MethodEntry,
        k: &[usize],
    ) -> Result<Vec<(String, Vec<String>)>, Failure> {
        let mut given = Vec::new();
        let texts = |values: &[usize]| values.iter().map(usize::to_string).collect();
        for (flag, name, values) in [
            ("--k", K, (!k.is_empty()).then(|| texts(k))),
            ("--angle", "angle", self.angle.clone().map(|v| vec![v])),
            (
                "--noise-aware",
                "noise_aware",
                self.noise_aware.then(|| vec!["true".to_owned()]),
            ),
            (
                "--minority",
                "minority",
                self.minority.clone().map(|v| vec![v]),
            ),
        ] {
            let Some(values) = values else { continue };
            if !method.params.iter().any(|spec| spec.name == name) {
                return Err(Failure::usage(format!(
                    "{flag} does not apply to --method {}",
                    method.name
                )));
            }
            given.push((name.to_owned(), values));
        }
        for param in &self.param {
            if param.name == "seed" {
                return Err(Failure::usage(format!(
                    "--param seed: the seed of {} is --seed",
                    method.name
                )));
            }
            if given.iter().any(|(name, _)| *name == param.name) {
                return Err(Failure::usage(format!(
                    "--param {} is given twice",
                    param.name
                )));
            }
            given.push((param.name.clone(), param.values_for(method)));
        }
        Ok(given)
    }

    /// The method with the parameters given.
    pub fn settings(
        &self,
        method: &MethodEntry,
        k: Option<usize>,
    ) -> Result<MethodSettings, Failure> {
        let k: Vec<usize> = k.into_iter().collect();
        let mut pairs: Vec<ParamPair> = Vec::new();
        for (name, mut values) in self.given(method, &k)? {
            match (values.pop(), values.is_empty()) {
                (Some(value), true) => pairs.push((name, value)),
                (last, _) => {
                    values.extend(last);
                    return Err(Failure::usage(format!(
                        "--param {name}={}: expected one value; tune takes lists",
                        values.join(",")
                    )));
                }
            }
        }
        let settings = method.settings().with_params(&pairs);
        let settings = settings.map_err(|e| self.failure(&e, method))?;
        if let MethodSettings::Membership(weighting) = &settings {
            self.check_needs(method, &[weighting])?;
        }
        Ok(settings)
    }

    /// A parameter outside its range, by the flag that it came from.
    pub fn failure(&self, e: &ParamError, method: &MethodEntry) -> Failure {
        let short = match e.name.as_ref() {
            "angle" => self.angle.as_ref(),
            "minority" => self.minority.as_ref(),
            _ => None,
        };
        match short {
            Some(value) => Failure::usage(format!("--{} {value}: {}", e.name, e.rule)),
            None => Failure::of_param(e, method.name),
        }
    }

    /// Refuses a parameter that was given and plays no part in any of these settings. Its default is no contradiction.
    pub fn check_needs(
        &self,
        method: &MethodEntry,
        settings: &[&Weighting],
    ) -> Result<(), Failure> {
        let default = method.settings();
        for Param { name, .. } in &self.param {
            let changed = |w: &&Weighting| w.get_param(name) != default.get_param(name);
            let needs: Option<Vec<String>> = settings.iter().map(|w| w.unmet_need(name)).collect();
            if let Some([need, ..]) = needs.as_deref()
                && settings.iter().any(changed)
            {
                return Err(Failure::usage(format!(
                    "--param {name} needs --param {need}"
                )));
            }
        }
        Ok(())
    }

    /// Refuses the width of a preliminary SVM whose kernel, that of the final one, has none.
    pub fn check_kernel(&self, kernel: KernelName) -> Result<(), Failure> {
        let given = self.param.iter().any(|p| p.name == "preliminary_gamma");
        if given && !kernel.has_gamma() {
            return Err(Failure::usage(format!(
                "--param preliminary_gamma does not apply to --kernel {kernel}"
            )));
        }
        Ok(())
    }

    /// What the method is tuned over: its grid, each list given in place of that parameter's values. What is given
    /// varies fastest, the last list first.
    pub fn grid(
        &self,
        method: &MethodEntry,
        k: &[usize],
    ) -> Result<Vec<(String, Vec<String>)>, Failure> {
        Ok(method.grid_with(self.given(method, k)?))
    }
}

/// Help of `--methods` of an experiment that runs `default` without it.
pub fn methods_help(default: &[Method]) -> String {
    let all = Method::all();
    let names: Vec<&str> = all.iter().map(Method::id).collect();
    let default = match all.iter().find(|m| !default.contains(m)) {
        None => "all".to_owned(),
        Some(first) => format!("those before {first}"),
    };
    format!(
        "Methods, separated by commas: {} [default: {default}]",
        names.join(", ")
    )
}

/// Reads the name of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodParser {
    /// Any.
    Any,
    /// One that learns from features and classes.
    Fitted,
    /// One that is a membership.
    Membership,
}

impl MethodParser {
    fn takes(self, method: &MethodEntry) -> bool {
        match self {
            MethodParser::Any => true,
            MethodParser::Fitted => !method.needs.returns,
            MethodParser::Membership => method.kind == MethodKind::Membership,
        }
    }

    /// Why a method is not taken.
    fn refusal(method: &MethodEntry) -> String {
        let name = method.name;
        match method.settings().check_samples("method") {
            Ok(()) => format!("{name} is not a membership but a baseline, which train fits"),
            Err(e) => format!("--method {name}: {}", e.rule),
        }
    }
}

impl TypedValueParser for MethodParser {
    type Value = &'static MethodEntry;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let name = value.to_string_lossy();
        match find(&name) {
            Ok(method) if self.takes(method) => Ok(method),
            Ok(method) => {
                let text = Self::refusal(method) + "\n";
                Err(clap::Error::raw(ErrorKind::ValueValidation, text).with_cmd(command))
            }
            Err(_) => {
                let mut e = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
                if let Some(arg) = arg {
                    let name = ContextValue::String(arg.to_string());
                    e.insert(ContextKind::InvalidArg, name);
                }
                e.insert(
                    ContextKind::InvalidValue,
                    ContextValue::String(cut(&name).to_string()),
                );
                let known = methods().iter().filter(|m| self.takes(m));
                e.insert(
                    ContextKind::ValidValue,
                    ContextValue::Strings(known.map(|m| m.name.to_owned()).collect()),
                );
                Err(e)
            }
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let known = methods().iter().filter(|m| self.takes(m));
        Some(Box::new(known.map(|m| {
            PossibleValue::new(m.name)
                .aliases(m.aliases.iter().copied())
                .help(m.summary)
        })))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(params: &[&str]) -> ParamFlags {
        ParamFlags {
            param: params.iter().map(|p| param(p).unwrap()).collect(),
            angle: None,
            noise_aware: false,
            minority: None,
        }
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

    #[test]
    fn short_forms_and_lists_take_the_place_of_the_grid_s_values() {
        let grid = |name: &str, k: &[usize], params: &[&str]| {
            let grid = flags(params).grid(find(name).unwrap(), k).unwrap();
            let words =
                |(name, values): &(String, Vec<String>)| format!("{name}={}", values.join("|"));
            grid.iter().map(words).collect::<Vec<_>>()
        };
        assert_eq!(grid("efsvm", &[3, 5], &[]), ["n_neighbors=3|5"]);
        assert_eq!(grid("iefsvm", &[], &["ks=1,3,9"]), ["ks=[1,3,9]"]);
        assert_eq!(grid("iefsvm", &[], &["ks=[1,3],[1,5]"]), ["ks=[1,3]|[1,5]"]);
        assert_eq!(grid("w-elm", &[], &["c=1,10"])[1], "c=1|10");
        assert_eq!(
            grid("cs-rf", &[], &["class_weight=power:0.5,given:[1,4]"])[1],
            "class_weight=power:0.5|given:[1,4]"
        );
        assert!(
            flags(&["k=1"])
                .settings(find("efsvm").unwrap(), None)
                .is_err()
        );
        assert!(
            flags(&[])
                .settings(find("iefsvm").unwrap(), Some(3))
                .is_err()
        );
        let both = flags(&["n_neighbors=3"]).settings(find("efsvm").unwrap(), Some(3));
        assert!(both.is_err());
    }

    #[test]
    fn a_parameter_without_a_part_to_play_is_refused_unless_it_is_the_default() {
        let of = |params: &[&str]| flags(params).settings(find("fsvm-cil").unwrap(), None);
        let words = |params: &[&str]| of(params).unwrap_err().message().unwrap();
        assert_eq!(
            words(&["beta=0.5"]),
            "--param beta needs --param decay=exponential"
        );
        assert_eq!(
            words(&["preliminary_c=5", "distance=all-center"]),
            "--param preliminary_c needs --param distance=hyperplane"
        );
        assert!(of(&["beta=0.1", "preliminary_c=1"]).is_ok());
        assert!(of(&["beta=0.5", "decay=exponential"]).is_ok());
        assert!(of(&["preliminary_c=5", "distance=hyperplane"]).is_ok());
    }
}
