//! What `lend` prints.

use fuzzysvm::datasets::lending_club::{LoanBook, Quarter};
use fuzzysvm::estimator::Method;
use fuzzysvm::experiments::tables::{Cell, Table, share};
use fuzzysvm::experiments::{LendReport, is_simulated, walk_forward};
use fuzzysvm::lend::{FeatureUse, LendSettings, LoanCounts, SplitSummary, tables};

use crate::experiment::baseline_grids;
use crate::layout::{BEST, CONTROL, Layout, paragraph};
use crate::lend_files::Written;
use crate::terminal::Screen;
use crate::ui::{grouped, power, seconds as duration};

/// Columns named out of those that are never features.
const NAMED: usize = 6;

/// Stands before the path of a file.
const WRITTEN: &str = "written  ";

/// The method that the others are compared with in trials.
const CONTROL_METHOD: &str = "IEFSVM";

/// What a run is made of.
pub struct Summary<'a> {
    pub counts: &'a LoanCounts,
    pub features: &'a FeatureUse,
    /// Where there are trials.
    pub split: Option<&'a SplitSummary>,
    /// Those that are decided on, none where walk-forward is not run.
    pub quarters: &'a [Quarter],
    /// Those that are tuned.
    pub methods: &'a [Method],
}

/// What `lend` prints before the experiments: the loans, the features and what is to be done.
pub fn before(
    summary: &Summary<'_>,
    source: &str,
    settings: &LendSettings,
    book: &LoanBook,
) -> String {
    let screen = Screen::current();
    let mut parts = vec![
        paragraph(&loans(summary.counts, source, settings, book), screen),
        features(summary.features, screen),
    ];
    let what = [
        summary.split.map(|split| trials(split, settings)),
        quarters(summary.quarters, settings),
        tuning(summary.methods, settings),
    ];
    let what: Vec<String> = what.into_iter().flatten().collect();
    parts.push(paragraph(&what.join("\n"), screen));
    parts.join("\n\n")
}

/// What `lend` prints when it is done: the tables, and where the files are.
pub fn render(report: &LendReport, files: &[Written], seconds: f64) -> String {
    let screen = Screen::current();
    let mut text = String::new();
    let mut add = |part: String| text += &format!("\n{part}\n");
    if let Some(results) = report.trials() {
        for table in tables::all(results) {
            add(in_columns(&table, CONTROL_METHOD, screen));
        }
        if results.claims.is_empty() {
            let words = "The published figures are of random splits of 36-month loans, roi and the top 10 %: they do \
                         not stand beside these.";
            add(paragraph(words, screen));
        }
    }
    if let Some(results) = report.walk_forward() {
        let control = results
            .strategies
            .first()
            .map_or("", |s| s.strategy.title());
        for table in walk_forward::tables(results, report.source()) {
            add(in_columns(&table, control, screen));
        }
        if let Some(gain) = &results.gain {
            add(paragraph(gain, screen));
        }
        let care: Vec<String> = results
            .quarters
            .iter()
            .flat_map(|q| q.warnings.iter().map(|w| format!("{}: {w}", q.quarter)))
            .collect();
        if !care.is_empty() {
            add(paragraph(&care.join("\n"), screen));
        }
    }
    let simulated = is_simulated(report.source());
    for file in files {
        let simulated = if simulated { "simulated, " } else { "" };
        let path = file.path.display().to_string();
        let what = format!("({simulated}{})", file.what);
        let fits = WRITTEN.len() + path.chars().count() + 1 + what.chars().count() <= screen.width;
        text += &format!("\n{WRITTEN}{path}");
        text += &match fits {
            true => format!(" {what}"),
            false => paragraph(&format!("\n{:1$}{what}", "", WRITTEN.len()), screen),
        };
    }
    text + &format!("\ndone in {}", duration(seconds))
}

/// Which features the loans have, and why others are not among them.
fn features(features: &FeatureUse, screen: Screen) -> String {
    let row = |what: &str, n: usize, names: String| [what.to_owned(), format!("{n:>3}"), names];
    let mut rows = vec![row("used", features.used.len(), features.used.join(", "))];
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for left_out in &features.left_out {
        match reasons.iter_mut().find(|(r, _)| *r == left_out.reason) {
            Some((_, names)) => names.push(&left_out.name),
            None => reasons.push((&left_out.reason, vec![&left_out.name])),
        }
    }
    for (reason, names) in reasons {
        let words = format!("{reason}: {}", names.join(", "));
        rows.push(row("left out", names.len(), words));
    }
    if !features.redundant.is_empty() {
        let words = format!(
            "in the regression of returns, as combinations of others: {}",
            features.redundant.join(", ")
        );
        rows.push(row("redundant", features.redundant.len(), words));
    }
    let never = &features.not_known_at_listing;
    let words = format!(
        "not known when a loan is listed: {}, …",
        never[..never.len().min(NAMED)].join(", ")
    );
    rows.push(row("never", never.len(), words));
    let layout = Layout {
        names: 2,
        indent: 2,
        ..Layout::TEXTS
    };
    format!("Features\n{}", layout.lay_out(&rows, screen))
}

fn loans(counts: &LoanCounts, source: &str, settings: &LendSettings, book: &LoanBook) -> String {
    let n = |n: usize| grouped(n as u64);
    const MEANING: &str =
        "not Lending Club data: figures show how the method works, not what loans return";
    let mut text = match source {
        "simulated" => format!("SIMULATED loan book (seed {}), {MEANING}\n", settings.seed),
        _ if is_simulated(source) => format!("SIMULATED, {MEANING}\nLoans of {source}\n"),
        _ => format!("Loans of {source}\n"),
    };
    let share = 100.0 * counts.charged_off as f64 / counts.kept.max(1) as f64;
    text += &format!("  read     {:>8}\n", n(counts.read));
    text += &format!(
        "  kept     {:>8}  of them {} charged off ({share:.2} %), mean return {:.2} %",
        n(counts.kept),
        n(counts.charged_off),
        100.0 * counts.market_return
    );
    for (reason, count) in &counts.dropped {
        text += &format!("\n  dropped  {:>8}  {reason}", n(*count));
    }
    text += &young(counts);
    let other = book.other_lines();
    text += &format!(
        "\n  other lines: {} of notes, {} section, {} footers, {} repeated headers, {} blank",
        other.notes, other.sections, other.footers, other.repeated_headers, other.blank
    );
    text
}

/// What young loans do to the mean return, where they were kept.
fn young(counts: &LoanCounts) -> String {
    let Some(young) = &counts.young else {
        return String::new();
    };
    let others = match young.market_return_of_others {
        Some(others) => format!("{:.2} % without", 100.0 * others),
        None => "none are left without".to_owned(),
    };
    format!(
        "\n  young    {:>8}  kept though their term had not passed at {}: mean return {:.2} % with them, {others} \
         (--snapshot auto)",
        grouped(young.n as u64),
        young.snapshot,
        100.0 * counts.market_return,
    )
}

fn trials(split: &SplitSummary, s: &LendSettings) -> String {
    let pools = match &split.test_from {
        None => format!("random split of {} loans", grouped(split.train_pool as u64)),
        Some(month) => format!(
            "out of time\ntraining loans from {} whose outcome was known before {month}, test loans \
             from {} issued from then on",
            grouped(split.train_pool as u64),
            grouped(split.test_pool as u64)
        ),
    };
    format!(
        "{} trials, {} training and {} test loans each; {pools}",
        s.trials, split.train, split.test
    )
}

fn quarters(quarters: &[Quarter], s: &LendSettings) -> Option<String> {
    let (first, last) = (quarters.first()?, quarters.last()?);
    let top = share(s.top_fraction);
    let which = match quarters.len() {
        1 => format!("1 quarter, {first}"),
        n => format!("{n} quarters, {first} to {last}"),
    };
    Some(format!(
        "walk-forward over {which}: the top {top} of each bought with what was known before \
         it; methods learn from loans that had ended, as published; the other rankings learn from all loans, \
         open ones too"
    ))
}

fn tuning(methods: &[Method], s: &LendSettings) -> Option<String> {
    if methods.is_empty() {
        return None;
    }
    let list = |values: &[f64]| {
        let texts: Vec<String> = values.iter().map(|&v| power(v)).collect();
        texts.join(", ")
    };
    let tuning = &s.tuning;
    let ks: Vec<String> = tuning.ks.iter().map(usize::to_string).collect();
    Some(format!(
        "methods tuned by {}-fold CV on balanced accuracy over C {}; γ {}{}{}",
        tuning.folds,
        list(&tuning.c),
        list(&tuning.gamma),
        match methods.iter().any(|m| m.id() == "efsvm") {
            true => format!("; k {} (EFSVM)", ks.join(", ")),
            false => String::new(),
        },
        baseline_grids(methods, &tuning.peers)
    ))
}

/// The table below its caption, which says what the marks in it mean.
fn in_columns(table: &Table, control: &str, screen: Screen) -> String {
    let mut rows = vec![table.header.clone()];
    let is_control = |name: &str| table.label != "claims" && name == control;
    for row in &table.rows {
        let mut texts: Vec<String> = row.iter().map(marked).collect();
        if let Some(name) = texts.first_mut().filter(|name| is_control(name)) {
            name.push(' ');
            name.push(CONTROL);
        }
        rows.push(texts);
    }
    let has = |mark: char| rows.iter().flatten().any(|cell| cell.ends_with(mark));
    let mut caption = table.caption.clone();
    if has(BEST) {
        caption += &format!("; {BEST} best of a column");
    }
    if has(CONTROL) {
        caption += &format!("; {CONTROL} what the others are compared with");
    }
    let layout = Layout {
        indent: 1,
        ..Layout::NUMBERS
    };
    format!(
        "{}\n{}",
        paragraph(&caption, screen),
        layout.lay_out(&rows, screen)
    )
}

fn marked(cell: &Cell) -> String {
    match cell.best {
        true => format!("{}{BEST}", cell.text),
        false => cell.text.clone(),
    }
}
