//! `fuzzysvm man`

use std::path::PathBuf;

use clap_mangen::Man as Page;
use serde_json::json;

use crate::failure::{Done, Failure, InFile};
use crate::output::Destination;
use crate::ui::General;

/// Print the man page, or write one for every command
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm man | man -l -\n  \
    fuzzysvm man --out ~/.local/share/man/man1 && man fuzzysvm-lend")]
pub struct Man {
    /// Folder for fuzzysvm.1, fuzzysvm-lend.1 and so on
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Overwrite existing files
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl Man {
    pub fn run(&self, mut command: clap::Command, general: &General) -> Result<Done, Failure> {
        // Options of all commands stand on the page of each.
        command.build();
        let pages = pages(&command)?;
        let Some(folder) = &self.out else {
            if let Some((_, page)) = pages.first() {
                Destination::stdout().write(|out| Ok(out.write_all(page)?))?;
            }
            return Ok(Done::Complete);
        };
        std::fs::create_dir_all(folder).in_file(folder)?;
        let mut files = Vec::with_capacity(pages.len());
        for (name, _) in &pages {
            let path = folder.join(name);
            files.push((Destination::prepare(&path, self.force)?, path));
        }
        for ((destination, _), (_, page)) in files.iter().zip(&pages) {
            destination.write(|out| Ok(out.write_all(page)?))?;
        }
        let written: Vec<&PathBuf> = files.iter().map(|(_, path)| path).collect();
        general.result(&json!({ "files": written }), || {
            let lines = written.iter().map(|p| format!("written  {}", p.display()));
            lines.collect::<Vec<_>>().join("\n")
        })?;
        Ok(Done::Complete)
    }
}

/// The page of the program, then one for each command, by file name.
fn pages(command: &clap::Command) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut pages = vec![page("fuzzysvm", command)?];
    let shown = |c: &&clap::Command| !c.is_hide_set() && c.get_name() != "help";
    for sub in command.get_subcommands().filter(shown) {
        pages.push(page(&format!("fuzzysvm-{}", sub.get_name()), sub)?);
    }
    Ok(pages)
}

fn page(name: &str, command: &clap::Command) -> Result<(String, Vec<u8>), Failure> {
    let command = command.clone().version(env!("CARGO_PKG_VERSION"));
    let mut text = Vec::new();
    Page::new(command)
        .title(name)
        .manual("fuzzysvm")
        .render(&mut text)?;
    Ok((format!("{name}.1"), text))
}
