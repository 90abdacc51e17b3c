//! The tables of `compare` as text.

use std::path::PathBuf;

use fuzzysvm::compare::tables::{best_of, families_text, kind_of_p, mean, p_text, title};
use fuzzysvm::compare::{
    CompareResults, CompareSettings, DataSet, METRICS, MethodSummary, SetResult, Significance,
};
use fuzzysvm::evaluation::Metric;

use crate::experiment::baseline_grids;
use crate::layout::{CONTROL, Layout, paragraph};
use crate::terminal::Screen;
use crate::ui::{grouped, power, seconds as duration};

/// Letters of a column head: what a figure such as `100.0*` takes. The files have more digits.
const HEAD_WIDTH: usize = 6;

/// The files written, and how long it all took.
pub struct Written<'a> {
    pub files: &'a [PathBuf],
    pub seconds: f64,
}

/// Everything that `compare` prints; the tests are those of `metric`.
pub fn render(results: &CompareResults, metric: Metric, written: &Written<'_>) -> String {
    let over_all = format!(
        "Over {}: mean in %, average rank in brackets; * best rank, † control",
        sets(results.sets.len())
    );
    let mut text = format!(
        "\nSamples\n{}\n\n{} in %, * the best of a data set\n{}\n\n\
         {}\n{}\n\n",
        samples(results),
        title(metric),
        per_set(results, metric),
        paragraph(&over_all, Screen::current()),
        overview(results)
    );
    text += &match results.tests.get(&metric.key()) {
        Some(Some(found)) => significance(results, metric, found),
        _ => "No tests: they need two data sets and two methods.".to_owned(),
    };
    if !results.skipped.is_empty() {
        text += "\n\nLeft out";
        for skipped in &results.skipped {
            text += &format!("\n  {}: {}", skipped.source, skipped.reason);
        }
    }
    text += "\n";
    for file in written.files {
        text += &format!("\nwritten  {}", file.display());
    }
    text + &format!("\ndone in {}", minutes(written.seconds))
}

fn sets(n: usize) -> String {
    format!("{n} data set{}", if n == 1 { "" } else { "s" })
}

/// Minutes where seconds would be many.
fn minutes(value: f64) -> String {
    if value < 100.0 {
        return duration(value);
    }
    let whole = value.round() as u64;
    format!("{} min {} s", whole / 60, whole % 60)
}

/// What `compare` prints before it begins: the data sets, and what is done with them.
pub fn before(sets: &[DataSet], settings: &CompareSettings) -> String {
    let mut rows = vec![["Data set", "Samples", "Positive", "Features"].map(str::to_owned)];
    rows.extend(sets.iter().map(|set| {
        [
            set.name().to_owned(),
            set.y().len().to_string(),
            set.class_counts().positive.to_string(),
            set.x().view().n_cols().to_string(),
        ]
    }));
    format!(
        "{}\n\n{}",
        Layout::NUMBERS.lay_out(&rows, Screen::current()),
        paragraph(&experiment(sets.len(), settings), Screen::current())
    )
}

fn experiment(n_sets: usize, s: &CompareSettings) -> String {
    let list = |values: &[f64]| {
        let texts: Vec<String> = values.iter().map(|&v| power(v)).collect();
        texts.join(", ")
    };
    let ks: Vec<String> = s.ks.iter().map(usize::to_string).collect();
    let times = match s.repeats {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    let mut text = format!(
        "{}, {}-fold cross-validation {times}\n\
         tuned by inner {}-fold cross-validation on balanced accuracy over\n  \
         C {}\n  γ {}",
        sets(n_sets),
        s.folds,
        s.inner_folds,
        list(&s.c),
        list(&s.gamma),
    );
    if s.methods.iter().any(|m| m.id() == "efsvm") {
        text += &format!("\n  k {} (EFSVM)", ks.join(", "));
    }
    text + &baseline_grids(&s.methods, &s.peers)
}

/// The classes of every data set, the positive one first, and its copies.
fn samples(results: &CompareResults) -> String {
    let row = |set: &SetResult| {
        let copies = match (set.n_copies, set.n_contradicting_copies) {
            (0, _) => String::new(),
            (1, 0) => "1 copy".to_owned(),
            (1, _) => "1 copy, of another class".to_owned(),
            (n, 0) => format!("{} copies", grouped(n as u64)),
            (n, m) => format!("{} copies, {m} of another class", grouped(n as u64)),
        };
        [
            set.name.clone(),
            format!("{} {} (positive)", set.n_positive, set.positive_class),
            format!("{} {}", set.n_negative, set.negative_class),
            copies,
        ]
    };
    let rows: Vec<[String; 4]> = results.sets.iter().map(row).collect();
    Layout::TEXTS.lay_out(&rows, Screen::current())
}

/// One line per data set, one column per method.
fn per_set(results: &CompareResults, metric: Metric) -> String {
    let names = results.methods.iter().map(|m| &m.name);
    let heads: Vec<Vec<String>> = names.map(|name| head(name)).collect();
    let n_lines = heads.iter().map(Vec::len).max().unwrap_or(1);
    let mut rows: Vec<Vec<String>> = (0..n_lines)
        .map(|line| {
            let first = ["Data set", "IR"].map(|t| if line == 0 { t } else { "" });
            let mut row: Vec<String> = first.iter().map(|&t| t.to_owned()).collect();
            row.extend(
                heads
                    .iter()
                    .map(|h| h.get(line).cloned().unwrap_or_default()),
            );
            row
        })
        .collect();
    for set in &results.sets {
        let means: Vec<f64> = set.methods.iter().map(|m| mean(m, metric)).collect();
        let mut row = vec![set.name.clone(), format!("{:.1}", set.imbalance_ratio)];
        let figures = starred(&means, |v| format!("{:.1}", 100.0 * v));
        row.extend(figures);
        rows.push(row);
    }
    columns(&rows, n_lines, 2)
}

/// The figures, the best with a star.
fn starred(values: &[f64], show: impl Fn(f64) -> String) -> Vec<String> {
    let best = best_of(values);
    let star = |best: bool| if best { '*' } else { ' ' };
    let pairs = values.iter().zip(best);
    pairs
        .map(|(&v, best)| format!("{}{}", show(v), star(best)))
        .collect()
}

/// A method's name in lines of a column's width, broken between words where there are any.
fn head(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut word_ended = false;
    for c in name.chars() {
        if c == ' ' {
            word_ended = true;
            continue;
        }
        let line = lines.last().map_or(0, |l| l.chars().count());
        if line > 0 && (word_ended || line >= HEAD_WIDTH) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        word_ended = c == '-';
    }
    lines
}

fn overview(results: &CompareResults) -> String {
    let mut rows = vec![vec!["Method".to_owned()]];
    rows[0].extend(METRICS.iter().map(|&m| match m {
        Metric::BalancedAccuracy => "Bal. acc.".to_owned(),
        Metric::RocAuc => "Rank. AUC".to_owned(),
        Metric::AveragePrecision => "Avg. prec.".to_owned(),
        other => title(other).to_owned(),
    }));
    for method in &results.methods {
        let control = results.settings.control.id() == method.id;
        let mut row = vec![match control {
            true => format!("{} {CONTROL}", method.name),
            false => method.name.clone(),
        }];
        row.extend(METRICS.iter().map(|m| {
            let key = m.key();
            let rank = |m: &MethodSummary| m.metrics.get(&key).map(|o| o.average_rank);
            let ranks = results.methods.iter().filter_map(rank);
            let best = ranks.fold(f64::INFINITY, f64::min);
            method.metrics.get(&key).map_or_else(String::new, |o| {
                let mark = if o.average_rank == best { "*" } else { "" };
                format!("{:.1} ({:.1}){mark}", 100.0 * o.mean, o.average_rank)
            })
        }));
        rows.push(row);
    }
    columns(&rows, 1, 1)
}

fn significance(results: &CompareResults, metric: Metric, found: &Significance) -> String {
    let (friedman, davenport) = (&found.friedman, &found.iman_davenport);
    let [df1, df2] = davenport.degrees_of_freedom;
    let rows = [
        [
            "Friedman".to_owned(),
            format!(
                "χ² {:.2} ({} df)",
                friedman.chi_squared, friedman.degrees_of_freedom
            ),
            format!("p {}", p_text(friedman.p_value)),
        ],
        [
            "Iman–Davenport".to_owned(),
            davenport.f.map_or_else(
                || "F infinite: all data sets rank alike".to_owned(),
                |f| format!("F {f:.2} ({df1}, {df2} df)"),
            ),
            format!("p {}", p_text(davenport.p_value)),
        ],
    ];
    let kind = kind_of_p(found);
    let differ = if found.methods_differ() {
        "the methods differ"
    } else {
        "no difference shown"
    };
    let mut text = format!(
        "Do the methods differ in {}?\n",
        title(metric).to_lowercase_first()
    );
    for [test, statistic, p] in rows {
        text += &format!("  {test:<15} {statistic:<24} {p}\n");
    }
    let differences: Vec<String> = found
        .nemenyi
        .iter()
        .map(|d| format!("{:.2} (α {:.2})", d.critical_difference, d.alpha))
        .collect();
    text += &format!(
        "  {:<15} mean ranks {} apart differ\n  at α 0.05: {differ} ({kind} p {})\n\n",
        "Nemenyi",
        differences.join(", "),
        p_text(found.p_value)
    );
    let mut text = format!(
        "{}\n\n{}",
        paragraph(text.trim_end(), Screen::current()),
        against_control(results, metric, found)
    );
    if let Some(families) = families_text(results) {
        text += &format!("\n\n{}.", paragraph(&families, Screen::current()));
    }
    text
}

/// The methods by rank, with what sets them apart from each other and from the control.
fn against_control(results: &CompareResults, metric: Metric, found: &Significance) -> String {
    let key = metric.key();
    let mut ranked: Vec<(f64, &str, &str)> = results
        .methods
        .iter()
        .filter_map(|m| {
            let rank = m.metrics.get(&key)?.average_rank;
            Some((rank, m.name.as_str(), m.id.as_str()))
        })
        .collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let control = ranked.iter().find(|(_, _, id)| *id == found.control);
    let control = control.map_or("", |(_, name, _)| *name);
    let ranks: Vec<f64> = ranked.iter().map(|r| r.0).collect();
    let apart = found.nemenyi.first().map_or(0.0, |d| d.critical_difference);
    let letters = letters(&ranks, apart);
    let heads = [
        "Method",
        "Rank",
        "",
        "Wins",
        "Ties",
        "Losses",
        "Wilcoxon p",
        "Holm",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for ((rank, name, id), letters) in ranked.into_iter().zip(letters) {
        let mut row = vec![name.to_owned(), format!("{rank:.2}"), letters];
        match found.comparisons.iter().find(|c| c.method == id) {
            Some(c) => row.extend([
                c.wins.to_string(),
                c.ties.to_string(),
                c.losses.to_string(),
                p_text(c.wilcoxon.p_value),
                format!(
                    "{}{}",
                    p_text(c.wilcoxon_p_holm),
                    if c.wilcoxon_p_holm <= 0.05 { "*" } else { " " }
                ),
            ]),
            None => row.extend(["–", "–", "–", "–", "– "].map(str::to_owned)),
        }
        rows.push(row);
    }
    let caption = format!(
        "{control} against each of the others: its wins, ties and losses, and Wilcoxon's signed ranks with Holm's \
         correction (* at most 0.05). Methods that share a letter do not differ by Nemenyi's test at 0.05."
    );
    format!(
        "{}\n{}",
        paragraph(&caption, Screen::current()),
        columns(&rows, 1, 1)
    )
}

/// One letter for every longest run of methods whose ranks differ by less than `apart`; `ranks`
/// ascend.
fn letters(ranks: &[f64], apart: f64) -> Vec<String> {
    let mut letters = vec![String::new(); ranks.len()];
    let (mut reached, mut next) = (0, b'a');
    for first in 0..ranks.len() {
        let end = first
            + ranks[first..]
                .iter()
                .take_while(|&&r| r - ranks[first] < apart)
                .count()
                .max(1);
        // A run inside the one before adds nothing.
        if end > reached {
            for text in &mut letters[first..end] {
                text.push(char::from(next));
            }
            // More than 26 runs would need more than 26 methods.
            next = (next + 1).min(b'z');
            reached = end;
        }
    }
    letters
}

/// Rows with their cells aligned within the width of the terminal: the first columns, which name the rows, to the left,
/// the others to the right.
fn columns(rows: &[Vec<String>], heads: usize, names: usize) -> String {
    let layout = Layout {
        heads,
        names,
        gap: 1,
        ..Layout::NUMBERS
    };
    layout.lay_out(rows, Screen::current())
}

/// `Balanced accuracy` inside a sentence.
trait LowercaseFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowercaseFirst for str {
    fn to_lowercase_first(&self) -> String {
        // Names of capitals alone, such as F1 and MCC, stay.
        let second_is_lower = self.chars().nth(1).is_some_and(char::is_lowercase);
        match self.chars().next() {
            Some(first) if second_is_lower => {
                first.to_lowercase().chain(self.chars().skip(1)).collect()
            }
            _ => self.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_break_between_words_and_inside_long_ones() {
        assert_eq!(head("class-cost SVM"), ["class-", "cost", "SVM"]);
        assert_eq!(head("EFSVM-binned"), ["EFSVM-", "binned"]);
        assert_eq!(head("IEFSVM (σ/μ)"), ["IEFSVM", "(σ/μ)"]);
        assert_eq!(head("EasyEnsemble"), ["EasyEn", "semble"]);
    }

    #[test]
    fn letters_join_what_lies_closer_than_the_difference() {
        let of = |ranks: &[f64], apart| letters(ranks, apart);
        assert_eq!(of(&[1.0, 1.5, 2.2, 3.0], 1.0), ["a", "ab", "bc", "c"]);
        assert_eq!(of(&[1.0, 3.0], 1.0), ["a", "b"]);
        assert_eq!(of(&[2.0, 2.0, 2.0], 0.5), ["a", "a", "a"]);
        assert_eq!(of(&[1.0, 1.2, 1.4, 9.0], 1.0), ["a", "a", "a", "b"]);
    }

    #[test]
    fn words_inside_a_sentence() {
        assert_eq!(
            "Balanced accuracy".to_lowercase_first(),
            "balanced accuracy"
        );
        assert_eq!("MCC".to_lowercase_first(), "MCC");
        assert_eq!("G-mean".to_lowercase_first(), "G-mean");
        assert_eq!(minutes(12.0), "12.00 s");
        assert_eq!(minutes(125.4), "2 min 5 s");
    }
}
