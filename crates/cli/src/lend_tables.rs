//! The tables of `lend` as text.

use std::path::Path;

use comfy_table::{CellAlignment, Table};
use fuzzysvm::datasets::lending_club::LoanBook;
use fuzzysvm::lend::published::{self, PublishedRow};
use fuzzysvm::lend::{Claim, ClaimKind, LendResults, MethodResult, MetricResult};

use crate::experiment::baseline_grids;
use crate::ui::{grouped, power, seconds as duration};

/// A column of the first table: name in `metrics`, title, and the published mean and spread.
struct Column {
    metric: &'static str,
    title: &'static str,
    published: fn(&PublishedRow) -> (f64, Option<f64>),
}

const PUBLISHED_COLUMNS: [Column; 5] = [
    Column {
        metric: "balanced_accuracy",
        title: "AUC (bal. acc.)",
        published: |r| (r.balanced_accuracy.mean, Some(r.balanced_accuracy.std)),
    },
    Column {
        metric: "precision",
        title: "Precision",
        published: |r| (r.precision.mean, Some(r.precision.std)),
    },
    Column {
        metric: "predicted_negative_rate",
        title: "Pred. negative",
        published: |r| {
            (
                r.predicted_negative_rate.mean,
                Some(r.predicted_negative_rate.std),
            )
        },
    },
    Column {
        metric: "return_top",
        title: "Return top 10 %",
        published: |r| (r.return_top.mean, Some(r.return_top.std)),
    },
    Column {
        metric: "return_over_std",
        title: "Return/sd",
        published: |r| (r.return_over_std, None),
    },
];

const MORE_COLUMNS: [(&str, &str); 7] = [
    ("roc_auc", "Ranking AUC"),
    ("pr_auc", "PR-AUC"),
    ("g_mean", "G-mean"),
    ("ks", "KS"),
    ("mcc", "MCC"),
    ("default_rate_top", "Defaults bought"),
    ("return_top_capital_weighted", "Return by size"),
];

/// Everything that `lend` prints.
pub fn render(
    results: &LendResults,
    book: &LoanBook,
    results_path: &Path,
    portfolio_path: &Path,
    seconds: f64,
) -> String {
    let simulated = results.source == "simulated";
    let tag = if simulated { " (simulated loans)" } else { "" };
    let top = 100.0 * results.settings.top_fraction;
    let mut text = loans(results, book);
    text += &format!(
        "\n\n{}\n\nClassifiers and portfolios{tag}: mean ± sd over {} trials in %, rank in brackets\n{}",
        experiment(results),
        results.settings.trials,
        first_table(results, top)
    );
    text += &format!(
        "\n\nInvestment{tag}: realised return in %\n{}",
        benchmark_table(results)
    );
    text += &format!(
        "\n\nWhat the paper leaves out{tag}: mean in %, rank in brackets\n{}",
        more_table(results)
    );
    if let Some(table) = difference_table(results) {
        text += &format!(
            "\n\nDifference to IEFSVM{tag}: in % points, 95 % interval and p of the corrected \
             resampled t-test\n{table}"
        );
    }
    text += &format!(
        "\n\nDo the published claims for IEFSVM hold here{tag}? Among its eight methods, with the 95 % interval \
         of the\ndifference (or quotient) to the best of the others, * where it leaves out 0 (or 2)\n{}\n",
        claims_table(results)
    );
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
    let other = book.other_lines();
    text += &format!(
        "\n  other lines: {} of notes, {} section, {} footers, {} repeated headers, {} blank",
        other.notes, other.sections, other.footers, other.repeated_headers, other.blank
    );
    text
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

fn first_table(results: &LendResults, top: f64) -> String {
    let mut header = vec!["Method".to_owned()];
    header.extend(
        PUBLISHED_COLUMNS
            .iter()
            .map(|c| c.title.replace("10 %", &format!("{top} %"))),
    );
    let mut rows = Vec::new();
    for method in &results.methods {
        let mut row = vec![method.name.clone()];
        row.extend(
            PUBLISHED_COLUMNS
                .iter()
                .map(|c| figure(method, c.metric, true)),
        );
        rows.push(row);
        if let Some(published_row) = published::row_of(&method.id) {
            let mut row = vec!["  published".to_owned()];
            row.extend(
                PUBLISHED_COLUMNS
                    .iter()
                    .map(|c| published_figure(c, published_row)),
            );
            rows.push(row);
        }
    }
    table(header, rows)
}

/// A published figure with its rank among the eight methods.
fn published_figure(column: &Column, row: &PublishedRow) -> String {
    let (mean, std) = (column.published)(row);
    let rank = 1 + published::ROWS
        .iter()
        .filter(|r| (column.published)(r).0 > mean)
        .count();
    match std {
        Some(std) => format!("{:.2} ± {:.2} ({rank})", 100.0 * mean, 100.0 * std),
        None => format!("{mean:.3} ({rank})"),
    }
}

fn figure(method: &MethodResult, metric: &str, with_std: bool) -> String {
    let rank = |r: Option<f64>| r.map_or(String::new(), |r| format!(" ({r})"));
    match method.metrics.get(metric) {
        Some(MetricResult::Spread(s)) => match (s.mean, s.std.filter(|_| with_std)) {
            (Some(m), Some(sd)) => {
                format!("{:.2} ± {:.2}{}", 100.0 * m, 100.0 * sd, rank(s.rank))
            }
            (Some(m), None) => format!("{:.2}{}", 100.0 * m, rank(s.rank)),
            (None, _) => "–".to_owned(),
        },
        Some(MetricResult::Value(v)) => match v.value {
            Some(value) => format!("{value:.3}{}", rank(v.rank)),
            None => "–".to_owned(),
        },
        _ => "–".to_owned(),
    }
}

fn benchmark_table(results: &LendResults) -> String {
    let header = [
        "",
        "Return",
        "Return/sd",
        "published return",
        "and return/sd",
    ];
    let spread = |mean: Option<f64>, std: Option<f64>| match (mean, std) {
        (Some(m), Some(s)) => format!("{:.2} ± {:.2}", 100.0 * m, 100.0 * s),
        (Some(m), None) => format!("{:.2}", 100.0 * m),
        _ => "–".to_owned(),
    };
    let mut rows = Vec::new();
    for b in &results.benchmarks {
        let mut row = vec![
            match b.name.as_str() {
                "Benchmark 1" => "Benchmark 1 (no classifier)".to_owned(),
                "Benchmark 2" => "Benchmark 2 (no forecast)".to_owned(),
                name => name.to_owned(),
            },
            spread(b.returns.mean, b.returns.std),
            b.ratio.map_or("–".to_owned(), |r| format!("{r:.3}")),
        ];
        if let Some((_, s, ratio)) = published::BENCHMARKS
            .iter()
            .find(|(name, ..)| *name == b.name)
        {
            row.extend([spread(Some(s.mean), Some(s.std)), format!("{ratio:.3}")]);
        }
        rows.push(row);
    }
    let market = &results.market.returns;
    rows.push(vec![
        "Market (every test loan)".to_owned(),
        spread(market.mean, market.std),
    ]);
    table(header.map(str::to_owned).to_vec(), rows)
}

fn more_table(results: &LendResults) -> String {
    let mut header = vec!["Method".to_owned()];
    header.extend(MORE_COLUMNS.iter().map(|(_, title)| (*title).to_owned()));
    let row = |m: &MethodResult| {
        let mut row = vec![m.name.clone()];
        row.extend(
            MORE_COLUMNS
                .iter()
                .map(|(metric, _)| figure(m, metric, false)),
        );
        row
    };
    table(header, results.methods.iter().map(row).collect())
}

fn claims_table(results: &LendResults) -> String {
    let header = ["", "published", "here", "holds", "95 % interval", "to"];
    let row = |claim: &Claim| {
        let ratio = claim.column == "return_over_std";
        let number = |v: f64| match ratio {
            true => format!("{v:.2}"),
            false => format!("{:.2}", 100.0 * v),
        };
        let column = match claim.column.as_str() {
            "balanced_accuracy" => "AUC",
            "precision" => "Precision",
            "predicted_negative_rate" => "Pred. negative",
            "return_top" => "Return top",
            _ => "Return/sd",
        };
        let (what, sign) = match claim.claim {
            ClaimKind::Best => ("first", false),
            ClaimKind::BetterThanEfsvm => ("above EFSVM", true),
            ClaimKind::MoreThanDouble => ("over double", false),
            _ => ("", false),
        };
        let figure = |v: f64| match sign && v > 0.0 {
            true => format!("+{}", number(v)),
            false => number(v),
        };
        let interval = claim.interval.as_ref();
        let against = interval.map(|i| {
            let other = results.methods.iter().find(|m| m.id == i.against);
            other.map_or(i.against.clone(), |m| m.name.clone())
        });
        vec![
            format!("{column}: {what}"),
            figure(claim.published),
            claim.here.map_or("–".to_owned(), figure),
            if claim.holds { "yes" } else { "no" }.to_owned(),
            interval.map_or("–".to_owned(), |i| {
                let star = if i.decided { "*" } else { " " };
                format!("{} to {}{star}", number(i.low), number(i.high))
            }),
            against.unwrap_or_else(|| "–".to_owned()),
        ]
    };
    table(
        header.map(str::to_owned).to_vec(),
        results.claims.iter().map(row).collect(),
    )
}

fn difference_table(results: &LendResults) -> Option<String> {
    let columns = [
        ("balanced_accuracy", "Balanced accuracy"),
        ("roc_auc", "Ranking AUC"),
        ("return_top", "Return top"),
    ];
    let mut header = vec!["Method".to_owned()];
    header.extend(columns.iter().map(|(_, title)| (*title).to_owned()));
    let compared = results
        .methods
        .iter()
        .filter(|m| !m.versus_iefsvm.is_empty());
    let rows: Vec<Vec<String>> = compared
        .map(|m| {
            let mut row = vec![m.name.clone()];
            row.extend(
                columns
                    .iter()
                    .map(|(metric, _)| match m.versus_iefsvm.get(*metric) {
                        Some(d) => format!(
                            "{:+.2} [{:+.2}, {:+.2}] p {:.3}",
                            100.0 * d.mean,
                            100.0 * d.low,
                            100.0 * d.high,
                            d.p_value
                        ),
                        None => "–".to_owned(),
                    }),
            );
            row
        })
        .collect();
    (!rows.is_empty()).then(|| table(header, rows))
}

fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let n = header.len();
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for i in 1..n {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table
        .lines()
        .map(|l| format!(" {}", l.trim_end()))
        .collect();
    lines.join("\n")
}
