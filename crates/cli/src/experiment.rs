//! What `lend` and `compare` have in common on the command line.

use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::estimator::Method;
use fuzzysvm::experiments::{Contradiction, baseline_grid_in_words};
use fuzzysvm::report::{self, Options};

use crate::failure::{Done, Failure, flag_of};
use crate::run_folder::RunFolder;
use crate::ui::General;

/// Options that contradict each other, by the flags that set them.
pub fn contradiction(e: Contradiction) -> Failure {
    let flag = |name: &str, value: Option<&str>| match value {
        None => format!("--{}", flag_of(name)),
        Some(value) => format!("--{} {value}", flag_of(name)),
    };
    Failure::usage(e.with_options(&flag))
}

/// What each baseline among the methods is tuned over, one line per baseline.
pub fn baseline_grids(methods: &[Method], baselines: &[BaselineKind]) -> String {
    let line = |method: &Method| {
        let grid = baseline_grid_in_words(method, baselines)?;
        Some(format!("\n  {} over {grid}", method.title()))
    };
    methods.iter().filter_map(line).collect()
}

/// Every figure of a run.
pub const RESULTS: &str = "results.json";
/// The same for people.
pub const PAGE: &str = "report.html";

/// Writes `results.json`, which stands for a finished run, and what is drawn from it. Whether there is a page: results that
/// cannot be drawn are kept, with a warning.
pub fn write_results(
    folder: &RunFolder,
    results: &str,
    general: &General,
) -> Result<bool, Failure> {
    folder.write(RESULTS, |out| Ok(out.write_all(results.as_bytes())?))?;
    match report::draw(results, &Options::default()) {
        Ok(page) => {
            folder.write(PAGE, |out| Ok(out.write_all(page.as_bytes())?))?;
            Ok(true)
        }
        Err(why) => {
            general.warn(format!("{PAGE} is not drawn: {why}"));
            Ok(false)
        }
    }
}

/// How a run ends that wrote its outputs: with a warning where this many final fits stopped short.
pub fn end(n_short: usize, general: &General) -> Done {
    match n_short {
        0 => Done::Complete,
        short => {
            general.warn(format!(
                "the solver stopped before its tolerance in {short} final fits"
            ));
            Done::HitMaxIter
        }
    }
}
