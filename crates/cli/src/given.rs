//! Which flags stand on the command line, whatever their defaults.

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use crate::failure::Failure;
use crate::method_name::Peer;

/// The flags that apply to a peer in every command: what is read, and what is learned with.
const OF_PEERS: [&str; 8] = [
    "data",
    "target",
    "positive",
    "term",
    "include_off_policy",
    "scale",
    "method",
    "param",
];

/// The flags that were given. As a flattened field it must come first: the fields before it have taken theirs
/// out of what clap read.
#[derive(Debug, Clone)]
pub struct Given(Vec<String>);

impl Given {
    /// Refuses every flag of the command `C` that was given and does not apply to a peer: neither in every command
    /// nor, being one of `also`, in this one.
    pub fn check_peer<C: Args>(&self, peer: Peer, also: &[&str]) -> Result<(), Failure> {
        match self.other::<C>(|id| OF_PEERS.contains(&id) || also.contains(&id)) {
            None => Ok(()),
            Some(name) => Err(Failure::usage(format!(
                "--{name} does not apply to --method {}: its parameters are --param NAME=VALUE, see --help",
                peer.name()
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

impl FromArgMatches for Given {
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

impl Args for Given {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}
