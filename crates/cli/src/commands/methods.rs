//! `fuzzysvm methods`

use fuzzysvm::core::{ParamSpec, Parameters as _};
use fuzzysvm::estimator::method::{MethodEntry, MethodKind};
use fuzzysvm::estimator::methods;
use serde_json::{Value, json};

use crate::failure::{Done, Failure};
use crate::flags::MethodParser;
use crate::ui::{General, plain_table};

/// List the methods, or the parameters of one
///
/// The names are those of --method and --methods, the parameters those of --param.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  fuzzysvm methods\n  fuzzysvm methods iefsvm")]
pub struct Methods {
    /// Method to describe [default: all, one line each]
    #[arg(value_name = "NAME", value_parser = MethodParser { membership: false }, hide_possible_values = true)]
    name: Option<&'static MethodEntry>,
}

impl Methods {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        match self.name {
            Some(method) => general.result(&describe(method), || text_of(method))?,
            None => {
                let all: Vec<Value> = methods().iter().map(describe).collect();
                general.result(&json!({ "methods": all }), list)?;
            }
        }
        Ok(Done::Complete)
    }
}

fn list() -> String {
    let row = |m: &MethodEntry| [m.name.to_owned(), m.title.to_owned(), m.summary.to_owned()];
    let mut rows = vec![["name", "in tables", "what"].map(str::to_owned)];
    rows.extend(methods().iter().map(row));
    plain_table(&rows)
}

fn text_of(method: &MethodEntry) -> String {
    let mut text = format!(
        "{} ({}): {}\n{}\n",
        method.name, method.title, method.summary, method.source
    );
    if !method.aliases.is_empty() {
        text += &format!("also called {}\n", method.aliases.join(", "));
    }
    if method.needs.first_model {
        text += "starts, in at least one setting, from a preliminary SVM with the kernel and solver of the final one\n";
    }
    if method.params.is_empty() {
        return text + "no parameters";
    }
    let settings = method.settings();
    let row = |spec: &ParamSpec| {
        let value = settings.get_param(spec.name).unwrap_or_default();
        [
            spec.name.to_owned(),
            value,
            spec.rule.to_owned(),
            spec.help.to_owned(),
        ]
    };
    let mut rows =
        vec![["--param", "default", "what it may be", "what it does"].map(str::to_owned)];
    rows.extend(method.params.iter().map(row));
    text += &format!("\n{}", plain_table(&rows));
    for (name, values) in method.grid {
        text += &format!("\ntuned over {name} = {}", values.join(", "));
    }
    text
}

fn describe(method: &MethodEntry) -> Value {
    let settings = method.settings();
    let param = |spec: &ParamSpec| {
        json!({
            "name": spec.name,
            "default": settings.get_param(spec.name),
            "rule": spec.rule,
            "help": spec.help,
        })
    };
    let grid = |(name, values): &(&str, &[&str])| json!({ "name": name, "values": values });
    json!({
        "name": method.name,
        "aliases": method.aliases,
        "title": method.title,
        "summary": method.summary,
        "source": method.source,
        "kind": match method.kind {
            MethodKind::Baseline => "baseline",
            _ => "membership",
        },
        "parameters": method.params.iter().map(param).collect::<Vec<_>>(),
        "grid": method.grid.iter().map(grid).collect::<Vec<_>>(),
    })
}
