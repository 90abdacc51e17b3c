//! `fuzzysvm completions`

use clap_complete::{Shell, generate};

use crate::failure::{Done, Failure};
use crate::output::Destination;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm completions bash > \\\n      \
    ~/.local/share/bash-completion/completions/fuzzysvm\n  \
    fuzzysvm completions zsh > ~/.zfunc/_fuzzysvm\n  \
    fuzzysvm completions fish > ~/.config/fish/completions/fuzzysvm.fish\n  \
    fuzzysvm completions powershell >> $PROFILE")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(&self, mut command: clap::Command) -> Result<Done, Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut command, "fuzzysvm", &mut script);
        Destination::stdout().write(|out| Ok(out.write_all(&script)?))?;
        Ok(Done::Complete)
    }
}
