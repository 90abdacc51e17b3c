//! Which flags stand on the command line, whatever their defaults.

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use crate::failure::Failure;

/// The flags that apply to a baseline in every command: what is read, and what is learned with.
const OF_BASELINES: &[&str] = &[
    "data",
    "target",
    "positive",
    "negative",
    "missing",
    "na",
    "drop",
    "features",
    "header",
    "no_header",
    "sep",
    "decimal",
    "term",
    "include_off_policy",
    "format",
    "zero_based",
    "n_features",
    "map",
    "scale",
    "method",
    "param",
];

/// Ids of the options typed on the command line, defaults excluded. Must be the first `#[command(flatten)]` field:
/// clap-derived fields remove their values from `ArgMatches` as they parse.
#[derive(Debug, Clone)]
pub struct ExplicitFlags(Vec<String>);

impl ExplicitFlags {
    /// Refuses every flag of the command `C` that was given and does not apply to a baseline: neither in every command
    /// nor, being one of `also`, in this one.
    pub fn check_baseline<C: Args>(&self, method: &str, also: &[&str]) -> Result<(), Failure> {
        match self.other::<C>(|id| OF_BASELINES.contains(&id) || also.contains(&id)) {
            None => Ok(()),
            Some(name) => Err(Failure::usage(format!(
                "--{name} does not apply to --method {method}: its parameters are --param NAME=VALUE, see \
                 `fuzzysvm methods {method}`"
            ))),
        }
    }

    /// Refuses every flag of the command `C` that was given beside --model and is none of `with`: what is read and
    /// learned is in the model.
    pub fn check_model<C: Args>(&self, with: &[&str]) -> Result<(), Failure> {
        match self.other::<C>(|id| id == "model" || with.contains(&id)) {
            None => Ok(()),
            Some(name) => Err(Failure::usage(format!(
                "--{name} cannot be used with --model"
            ))),
        }
    }

    /// Whether the argument of this id was given.
    pub fn has(&self, id: &str) -> bool {
        self.0.iter().any(|given| given == id)
    }

    /// The first argument of the command `C` that was given and does not apply.
    fn other<C: Args>(&self, applies: impl Fn(&str) -> bool) -> Option<String> {
        let command = C::augment_args(Command::new(""));
        let other = command.get_arguments().find(|arg| {
            let id = arg.get_id().as_str();
            self.0.iter().any(|given| given == id) && !applies(id)
        });
        other.map(|arg| arg.get_long().unwrap_or(arg.get_id().as_str()).to_owned())
    }
}

impl FromArgMatches for ExplicitFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = matches
            .ids()
            .map(clap::Id::as_str)
            .filter(|id| matches.value_source(id) == Some(ValueSource::CommandLine));
        Ok(Self(given.map(str::to_owned).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ExplicitFlags {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}
