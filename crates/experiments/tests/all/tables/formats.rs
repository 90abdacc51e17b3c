//! Markdown and LaTeX, read back: every cell stands for itself, and the best are bold.

use fuzzysvm_experiments::tables::{Cell, Table, latex, markdown};
use fuzzysvm_experiments::{compare, lend};

use super::{of_compare, of_lend};

/// What LaTeX writes for a character, and the character.
const WRITTEN: [(&str, &str); 22] = [
    ("\\textbackslash{}", "\\"),
    ("\\textasciitilde{}", "~"),
    ("\\textasciicircum{}", "^"),
    ("\\textless{}", "<"),
    ("\\textgreater{}", ">"),
    ("\\textbar{}", "|"),
    ("$\\sigma$", "σ"),
    ("$\\mu$", "μ"),
    ("$\\gamma$", "γ"),
    ("$\\chi$", "χ"),
    ("$^2$", "²"),
    ("$^+$", "⁺"),
    ("$^-$", "⁻"),
    ("$\\infty$", "∞"),
    ("\\dots{}", "…"),
    ("\\&", "&"),
    ("\\%", "%"),
    ("\\$", "$"),
    ("\\#", "#"),
    ("\\_", "_"),
    ("\\{", "{"),
    ("\\}", "}"),
];

fn all_tables() -> Vec<Table> {
    let of_lend = lend::tables::all(&of_lend::RESULTS);
    let of_compare = compare::tables::all(&of_compare::RESULTS);
    [of_lend, of_compare, vec![hostile()]].concat()
}

/// Every character that a format may take for its own.
fn hostile() -> Table {
    let cells = [
        "a|b",
        "c & d",
        "e_f*g*",
        "`h`",
        "<i> [j]",
        "k\\l",
        "10 %",
        "$m$ #n",
        "{o}",
        "~p^q",
        "γ χ² R⁺ R⁻ σ/μ ∞ … ±",
    ];
    let row = |best: bool| cells.map(|text| Cell::new(text, best)).to_vec();
    Table::new(
        "hostile",
        "What_is & is *not*",
        cells,
        [row(false), row(true)],
    )
}

fn rows_of(table: &Table) -> impl Iterator<Item = &Vec<Cell>> {
    table.rows.iter().chain(&table.summary)
}

fn without_backslashes(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

/// A cell, bold or not.
fn of_markdown(text: &str) -> Cell {
    let bold = text.strip_prefix("**").and_then(|t| t.strip_suffix("**"));
    Cell::new(without_backslashes(bold.unwrap_or(text)), bold.is_some())
}

#[test]
fn markdown_reads_back() {
    let tables = all_tables();
    let text = markdown(&tables);
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let mut next = || lines.next().unwrap();
    for table in &tables {
        assert_eq!(without_backslashes(next()), format!("{}.", table.caption));
        let cells = |line: &str| -> Vec<Cell> {
            let inner = line.strip_prefix("| ").and_then(|l| l.strip_suffix(" |"));
            inner.unwrap().split(" | ").map(of_markdown).collect()
        };
        let heads: Vec<String> = cells(next()).into_iter().map(|cell| cell.text).collect();
        assert_eq!(heads, table.header);
        let number = if table.text { "---" } else { "---:" };
        for (i, rule) in cells(next()).iter().enumerate() {
            assert_eq!(rule.text, if i == 0 { "---" } else { number });
        }
        for row in rows_of(table) {
            assert_eq!(&cells(next()), row, "{}", table.label);
        }
    }
    assert_eq!(lines.next(), None);
}

/// Characters by what stands for them.
fn without_commands(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some(c) = rest.chars().next() {
        let written = WRITTEN
            .iter()
            .find(|(written, _)| rest.starts_with(written));
        let (taken, one) = match written {
            Some((written, one)) => (written.len(), (*one).to_owned()),
            // Two hyphens are the dash of a missing figure.
            None if rest.starts_with("--") => (2, "–".to_owned()),
            None => (c.len_utf8(), c.to_string()),
        };
        out += &one;
        rest = &rest[taken..];
    }
    out
}

fn of_latex(text: &str) -> Cell {
    let bold = text
        .strip_prefix("\\textbf{")
        .and_then(|t| t.strip_suffix('}'));
    Cell::new(without_commands(bold.unwrap_or(text)), bold.is_some())
}

#[test]
fn latex_reads_back() {
    let tables = all_tables();
    let text = latex(&tables);
    assert!(text.starts_with("% "));
    let parts: Vec<&str> = text.split("\\begin{longtable}").skip(1).collect();
    assert_eq!(parts.len(), tables.len());
    for (part, table) in parts.into_iter().zip(&tables) {
        let (part, end) = part.split_once("\\end{longtable}\n").unwrap();
        assert!(end.trim().is_empty(), "{end}");
        let rest = if table.text { "l" } else { "r" };
        let columns = format!("{{l{}}}\n", rest.repeat(table.header.len() - 1));
        let caption = part.strip_prefix(&columns).unwrap();
        let label = format!(".}}\\label{{tab:{}}}\\\\\n", table.label);
        let (caption, part) = caption.split_once(&label).unwrap();
        let caption = caption.strip_prefix("\\caption{").unwrap();
        assert_eq!(without_commands(caption), table.caption);
        let (heads, body) = part.split_once("\\endfoot\n").unwrap();
        let cells = |line: &str| -> Vec<Cell> {
            let inner = line.strip_suffix(" \\\\").unwrap();
            inner.split(" & ").map(of_latex).collect()
        };
        // On the first page and on every later one.
        let heads = heads.lines().filter(|line| line.ends_with(" \\\\"));
        let heads: Vec<Vec<Cell>> = heads.map(cells).collect();
        assert_eq!(heads.len(), 2);
        for line in heads {
            let texts: Vec<String> = line.into_iter().map(|cell| cell.text).collect();
            assert_eq!(texts, table.header);
        }
        let (rules, lines): (Vec<&str>, Vec<&str>) =
            body.lines().partition(|line| *line == "\\midrule");
        assert_eq!(rules.len(), usize::from(!table.summary.is_empty()));
        let found: Vec<Vec<Cell>> = lines.into_iter().map(cells).collect();
        assert!(
            found.iter().eq(rows_of(table)),
            "{}: {found:?}",
            table.label
        );
    }
}

#[test]
fn a_line_end_in_a_text_ends_no_row() {
    let row = [Cell::plain("a\nb"), Cell::plain("c\rd")];
    let table = Table::new("ends", "one\r\ntwo", ["x", "y"], [row.to_vec()]);
    let tables = [table];
    assert!(markdown(&tables).ends_with("| a b | c d |\n"));
    assert!(latex(&tables).contains("a b & c d \\\\\n"));
    assert!(markdown(&tables).starts_with("one  two.\n"));
}

#[test]
fn short_rows_end_in_empty_cells() {
    let cells = |texts: &[&str]| -> Vec<Cell> { texts.iter().copied().map(Cell::plain).collect() };
    let rows = [cells(&["a"]), cells(&["b", "1", "2"])];
    let table = Table::new("short", "Short", ["", "x", "y"], rows);
    assert_eq!(table.rows[0], cells(&["a", "", ""]));
    assert!(!table.text && table.summary.is_empty());
}
