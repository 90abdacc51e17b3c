//! What `lend` prints.

use std::path::Path;

use comfy_table::CellAlignment;
use fuzzysvm::datasets::lending_club::LoanBook;
use fuzzysvm::experiments::tables::Table;
use fuzzysvm::lend::{LendResults, LoanCounts, tables};

use crate::experiment::baseline_grids;
use crate::ui::{grouped, power, seconds as duration};

/// Columns of a caption.
const CAPTION_WIDTH: usize = 98;

/// Everything that `lend` prints.
pub fn render(
    results: &LendResults,
    book: &LoanBook,
    results_path: &Path,
    portfolio_path: &Path,
    seconds: f64,
) -> String {
    let simulated = results.source == "simulated";
    let mut text = format!("{}\n\n{}", loans(results, book), experiment(results));
    for table in tables::all(results) {
        let caption = textwrap(&table.caption, CAPTION_WIDTH);
        text += &format!("\n\n{caption}\n{}", columns(&table));
    }
    if results.claims.is_empty() {
        text += "\n\nThe published figures are of random splits of 36-month loans, roi and the top 10 %: they do not stand \
                 beside these.";
    }
    text += "\n";
    let what = if simulated { "simulated, " } else { "" };
    text += &format!(
        "\nwritten  {} ({what}every figure of every trial)\nwritten  {} ({what}every loan bought)\n\
         done in {}",
        results_path.display(),
        portfolio_path.display(),
        duration(seconds)
    );
    text
}

fn loans(results: &LendResults, book: &LoanBook) -> String {
    let counts = &results.loans;
    let n = |n: usize| grouped(n as u64);
    let mut text = if results.source == "simulated" {
        format!(
            "SIMULATED loan book (seed {}), not Lending Club data: figures show how the method \
             works, not what loans return\n",
            results.settings.seed
        )
    } else {
        format!("Loans of {}\n", results.source)
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
        "\n  young    {:>8}  kept though their term had not passed at {}: mean\n                     return {:.2} % with \
         them, {others} (--snapshot auto)",
        grouped(young.n as u64),
        young.snapshot,
        100.0 * counts.market_return,
    )
}

fn experiment(results: &LendResults) -> String {
    let (s, split) = (&results.settings, &results.split);
    let list = |values: &[f64]| {
        values
            .iter()
            .map(|&v| power(v))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let ks: Vec<String> = s.ks.iter().map(usize::to_string).collect();
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
        "{} trials, {} training and {} test loans each; {pools}\n\
         tuned by {}-fold CV on balanced accuracy over C {}; γ {}; k {} (EFSVM){}",
        s.trials,
        split.train,
        split.test,
        s.folds,
        list(&s.c),
        list(&s.gamma),
        ks.join(", "),
        baseline_grids(&s.methods, &s.peers)
    )
}

/// The table in columns, the first to the left, the others to the right.
fn columns(table: &Table) -> String {
    let mut columns = comfy_table::Table::new();
    columns.load_style(comfy_table::presets::NOTHING);
    columns.set_header(&table.header);
    for row in &table.rows {
        columns.add_row(row.iter().map(|cell| &cell.text));
    }
    for i in 1..table.header.len() {
        if let Some(column) = columns.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = columns
        .lines()
        .map(|l| format!(" {}", l.trim_end()))
        .collect();
    lines.join("\n")
}

/// Lines of at most `width` characters.
fn textwrap(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut();
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
