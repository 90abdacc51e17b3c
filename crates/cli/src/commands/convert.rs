//! `fuzzysvm convert`

use std::path::PathBuf;

use serde_json::json;

use crate::failure::{Done, Failure};
use crate::model;
use crate::ui::{General, aligned, shown};

/// Formats of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// This program's own, with columns and scaling
    Json,
    /// LIBSVM's text format: the model of scaled features alone
    Libsvm,
    /// ONNX graph of columns, scaling and decision, for ONNX Runtime and others
    Onnx,
}

/// Write a model in another format
///
/// LIBSVM's format has no place for columns, scaling and calibration: a model converted to
/// it takes the scaled features, in their order, as numbers. One converted from it can be
/// written as json, and takes features as they are. An ONNX graph takes the columns of the
/// training table as inputs of their names, missing numbers as NaN and missing texts as
/// empty ones, and returns `label`, `score` and, of a model trained with --calibrate,
/// `probability`. Models of baselines, which are not SVMs, have no other format than json.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    fuzzysvm convert m.json --to libsvm --output m.model\n  \
    fuzzysvm convert m.model --to json --output m.json\n  \
    fuzzysvm convert m.json --to onnx --output m.onnx")]
pub struct Convert {
    /// Model file: .json as train writes it, or LIBSVM's text
    #[arg(value_name = "MODEL")]
    model: PathBuf,

    /// json, libsvm or onnx
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    to: Format,

    /// Number of features, where LIBSVM's training data had more
    /// than its support vectors show
    #[arg(long, value_name = "N", help_heading = "Output")]
    n_features: Option<usize>,

    /// File to write
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: PathBuf,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl Convert {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let inputs = [&self.model];
        let destination = general.destination(&self.output, self.force, &inputs, "model")?;
        let mut model = model::load(&self.model, general)?;
        if let Some(n) = self.n_features {
            model = model.with_n_features(n)?;
        }
        match self.to {
            Format::Json => {
                let text = model.to_json()?;
                destination.write(|out| Ok(writeln!(out, "{text}")?))?;
            }
            Format::Libsvm => {
                let text = model.to_libsvm()?;
                destination.write(|out| Ok(out.write_all(text.as_bytes())?))?;
            }
            Format::Onnx => {
                let bytes = model.to_onnx()?;
                destination.write(|out| Ok(out.write_all(&bytes)?))?;
            }
        }
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        // A baseline has no support vectors.
        let (mut summary, mut rows) = (json!({ "output": shown(&self.output) }), Vec::new());
        if let Some(n) = model.model().n_support() {
            summary["n_support"] = json!(n);
            rows.push(("support", n.to_string()));
        }
        rows.push(("written", self.output.display().to_string()));
        general.result(&summary, || aligned(&rows))?;
        Ok(Done::Complete)
    }
}
