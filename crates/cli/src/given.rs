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
        let command = C::augment_args(Command::new(""));
        let given = |id: &str| self.0.iter().any(|g| g == id);
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            if given(id) && !OF_PEERS.contains(&id) && !also.contains(&id) {
                let name = arg.get_long().unwrap_or(id);
                return Err(Failure::usage(format!(
                    "--{name} does not apply to --method {}: its parameters are --param NAME=VALUE, see --help",
                    peer.name()
                )));
            }
        }
        Ok(())
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
