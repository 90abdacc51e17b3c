//! `fuzzysvm man`

use std::path::PathBuf;

use clap_mangen::Man as Page;
use serde_json::json;

use crate::failure::{Done, Failure};
use crate::output::{Destination, NO_INPUTS};
use crate::run_folder::make_folder;
use crate::ui::{General, shown};

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

/// The name of the binary, and of its page.
const PROGRAM: &str = "fuzzysvm";

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
        make_folder(folder)?;
        let mut files = Vec::with_capacity(pages.len());
        for (name, _) in &pages {
            let path = folder.join(name);
            files.push((Destination::prepare(&path, self.force, &NO_INPUTS)?, path));
        }
        for ((destination, _), (_, page)) in files.iter().zip(&pages) {
            destination.write(|out| Ok(out.write_all(page)?))?;
        }
        let written: Vec<String> = files.iter().map(|(_, path)| shown(path)).collect();
        general.result(&json!({ "files": written }), || {
            let lines = written.iter().map(|path| format!("written  {path}"));
            lines.collect::<Vec<_>>().join("\n")
        })?;
        Ok(Done::Complete)
    }
}

/// The page of the program, then one for each command, by file name.
fn pages(command: &clap::Command) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut pages = vec![page(PROGRAM, command)?];
    let shown = |c: &&clap::Command| !c.is_hide_set() && c.get_name() != "help";
    for sub in command.get_subcommands().filter(shown) {
        pages.push(page(&format!("{PROGRAM}-{}", sub.get_name()), sub)?);
    }
    Ok(pages)
}

/// What stands below the options in the help, examples or exit codes, line by line.
fn last_section(text: &str) -> String {
    let (title, body) = text.split_once(':').unwrap_or(("", text));
    if body.trim().is_empty() {
        return String::new();
    }
    let mut section = format!(".SH {}\n.nf\n", title.to_uppercase());
    for line in body.trim_matches('\n').lines() {
        // A line that begins with a full stop would be a request.
        section += &format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-"));
    }
    section + ".fi\n"
}

fn page(name: &str, command: &clap::Command) -> Result<(String, Vec<u8>), Failure> {
    let command = command.clone().version(env!("CARGO_PKG_VERSION"));
    let last = command.get_after_help().map(ToString::to_string);
    let page = Page::new(command)
        .title(name)
        .source(concat!("fuzzysvm ", env!("CARGO_PKG_VERSION")))
        .manual("fuzzysvm");
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if name == PROGRAM {
        page.render_subcommands_section(&mut text)?;
    }
    text.extend(last_section(&last.unwrap_or_default()).into_bytes());
    Ok((format!("{name}.1"), text))
}
