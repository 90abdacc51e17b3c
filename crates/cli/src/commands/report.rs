//! `fuzzysvm report`

use std::path::PathBuf;

use fuzzysvm::report::{self, Options};
use serde_json::json;

use crate::experiment::PAGE;
use crate::failure::{Done, Failure, InFile as _};
use crate::ui::{General, aligned};

/// Draw the results of lend or compare as a page
///
/// lend and compare write report.html beside results.json. This draws it again from the
/// file, as of an older run. The page needs nothing beside it: no network, no script.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm report results/results.json\n  \
    fuzzysvm report results/results.json --output page.html --force\n  \
    fuzzysvm report results/results.json --title \"Loans of 2011\" --output -")]
pub struct Report {
    /// results.json of lend or compare
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
        let beside = || self.results.with_file_name(PAGE);
        let output = self.output.clone().unwrap_or_else(beside);
        let inputs = [&self.results];
        let destination = general.destination(&output, self.force, &inputs, "page")?;
        let text = std::fs::read_to_string(&self.results).in_file(&self.results)?;
        let mut options = Options::default();
        options.title = self.title.clone();
        let page = report::draw(&text, &options).in_file(&self.results)?;
        destination.write(|out| Ok(out.write_all(page.as_bytes())?))?;
        if !destination.is_stdout() {
            let written = output.display().to_string();
            general.result(&json!({ "output": output }), || {
                aligned(&[("written", written)])
            })?;
        }
        Ok(Done::Complete)
    }
}
