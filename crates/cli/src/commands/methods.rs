//! `fuzzysvm methods`

use fuzzysvm::core::{ParamSpec, Parameters as _};
use fuzzysvm::estimator::method::{MethodEntry, MethodKind};
use fuzzysvm::estimator::methods;
use fuzzysvm::experiments::walk_forward::Strategy;
use serde_json::{Value, json};

use crate::failure::{Done, Failure};
use crate::flags::MethodParser;
use crate::layout::paragraph;
use crate::terminal::Screen;
use crate::ui::{General, wrapped_table};

/// List the methods, or the parameters of one
///
/// The names are those of --method and --methods, the parameters those of --param.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  fuzzysvm methods\n  fuzzysvm methods iefsvm")]
pub struct Methods {
    /// Method to describe [default: all, one line each]
    #[arg(value_name = "NAME", value_parser = MethodParser::Any, hide_possible_values = true)]
    name: Option<&'static MethodEntry>,
}

impl Methods {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        match self.name {
            Some(method) => general.result(&describe(method), || text_of(method))?,
            None => {
                let all: Vec<Value> = methods().iter().map(describe).collect();
                let rankings: Vec<Value> = Strategy::RANKINGS
                    .iter()
                    .map(
                        |s| json!({ "name": s.name(), "title": s.title(), "summary": s.summary() }),
                    )
                    .collect();
                general.result(&json!({ "methods": all, "rankings": rankings }), list)?;
            }
        }
        Ok(Done::Complete)
    }
}

/// The methods under the heading of their kind.
fn list() -> String {
    let of = |kind: MethodKind| {
        let ours = methods().iter().filter(|m| m.kind == kind);
        let row = |m: &MethodEntry| {
            // The heading says what they are not.
            let what = m.summary.trim_end_matches(" (baseline, not an SVM)");
            [format!("  {}", m.name), what.to_owned()]
        };
        wrapped_table(&ours.map(row).collect::<Vec<_>>())
    };
    let ranking = |s: &Strategy| [format!("  {}", s.name()), s.summary().to_owned()];
    let rankings: Vec<_> = Strategy::RANKINGS.iter().map(ranking).collect();
    format!(
        "SVM with the membership\n{}\n\nBaseline, not an SVM\n{}\n\nSVM on what loans return, in lend walk-forward\n{}\n\n\
         Ranking of loans, in lend walk-forward\n{}",
        of(MethodKind::Membership),
        of(MethodKind::Baseline),
        of(MethodKind::Stake),
        wrapped_table(&rankings)
    )
}

fn text_of(method: &MethodEntry) -> String {
    let mut text = format!(
        "{} ({})\n{}\n{}\n",
        method.name, method.title, method.summary, method.source
    );
    if !method.aliases.is_empty() {
        text += &format!("Also called {}\n", method.aliases.join(", "));
    }
    let screen = Screen::current();
    if method.needs.returns {
        let name = method.name;
        text += &format!(
            "Needs what loans return: fuzzysvm lend --split walk-forward --methods {name}\n"
        );
    }
    text = paragraph(&text, screen) + "\n";
    if method.params.is_empty() {
        return text + "\nNo parameters";
    }
    let settings = method.settings();
    let row = |spec: &ParamSpec| {
        let value = settings.get_param(spec.name).unwrap_or_default();
        [
            format!("  {}={value}", spec.name),
            format!("{}: {}", spec.help, spec.rule),
        ]
    };
    let rows: Vec<_> = method.params.iter().map(row).collect();
    let by = if method.needs.returns {
        "by the flags of lend"
    } else {
        "by --param"
    };
    text += &format!(
        "\nParameters with their defaults, set {by}\n{}",
        wrapped_table(&rows)
    );
    if !method.grid.is_empty() {
        text += "\n\nTuned over";
        for (name, values) in method.grid {
            let line = format!("  {name}={}", values.join(","));
            text += &format!("\n{}", paragraph(&line, screen));
        }
    }
    text
}

/// What it cannot do without, in words of the registry.
fn needs(method: &MethodEntry) -> Vec<&'static str> {
    let needs = &method.needs;
    let all = [
        ("first_model", needs.first_model),
        ("times", needs.times),
        ("features", needs.features),
        ("returns", needs.returns),
    ];
    let needed = all.into_iter().filter(|(_, needed)| *needed);
    needed.map(|(name, _)| name).collect()
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
            MethodKind::Stake => "stake",
            _ => "membership",
        },
        "needs": needs(method),
        "parameters": method.params.iter().map(param).collect::<Vec<_>>(),
        "grid": method.grid.iter().map(grid).collect::<Vec<_>>(),
    })
}
