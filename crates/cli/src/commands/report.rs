//! `fuzzysvm report`

use std::path::PathBuf;

use fuzzysvm::core::quote::shortened;
use fuzzysvm::report::{self, Options};
use serde_json::json;

use crate::experiment::{PAGE, RESULTS};
use crate::failure::{Done, Failure, InFile as _};
use crate::ui::{General, aligned, shown};

/// Draw the results of lend or compare as a page
///
/// lend and compare write report.html beside results.json. This draws it again from the
/// file, as of an older run. The page needs nothing beside it, and no network.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm report results --force\n  \
    fuzzysvm report results/results.json --output page.html\n  \
    fuzzysvm report results/results.json --title \"Loans of 2011\" --output -")]
pub struct Report {
    /// results.json of lend or compare, or the folder that it is in
    #[arg(value_name = "RESULTS")]
    results: PathBuf,

    /// Title of the page [default: its first line]
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    title: Option<String>,

    /// File to write [default: report.html beside RESULTS]
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl Report {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let results = match self.results.is_dir() {
            true => self.results.join(RESULTS),
            false => self.results.clone(),
        };
        let beside = || results.with_file_name(PAGE);
        let output = self.output.clone().unwrap_or_else(beside);
        let destination = general.destination(&output, self.force, &[&results], "page")?;
        let text = std::fs::read_to_string(&results).in_file(&results)?;
        let mut options = Options::default();
        options.title = self.title.clone();
        let page = report::draw(&text, &options)
            .map_err(|e| shortened(&e.to_string()))
            .in_file(&results)?;
        destination.write(|out| Ok(out.write_all(page.as_bytes())?))?;
        if !destination.is_stdout() {
            let written = output.display().to_string();
            general.result(&json!({ "output": shown(&output) }), || {
                aligned(&[("written", written)])
            })?;
        }
        Ok(Done::Complete)
    }
}
