//! Tables as Markdown.

use super::{Cell, Table};

/// The tables as one Markdown text, the best in bold.
pub fn markdown(tables: &[Table]) -> String {
    let parts: Vec<String> = tables.iter().map(one).collect();
    parts.join("\n")
}

fn one(table: &Table) -> String {
    let mut text = format!("{}.\n\n", escape(&table.caption));
    let heads: Vec<String> = table.header.iter().map(|h| escape(h)).collect();
    text += &line(&heads);
    let rules = (0..heads.len()).map(|i| if i == 0 || table.text { "---" } else { "---:" });
    text += &line(&rules.map(str::to_owned).collect::<Vec<_>>());
    for row in table.rows.iter().chain(&table.summary) {
        text += &line(&row.iter().map(cell).collect::<Vec<_>>());
    }
    text
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn cell(cell: &Cell) -> String {
    let text = escape(&cell.text);
    if cell.best {
        format!("**{text}**")
    } else {
        text
    }
}

/// Characters that would be taken for formatting, and line ends, which would end the row.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '\\' | '<' | '>' | '[' | ']' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_two_rows() {
        let cell = |text: &str, best| Cell {
            text: text.to_owned(),
            best,
        };
        let table = Table {
            label: "t".to_owned(),
            caption: "What it shows".to_owned(),
            header: vec!["Data set".to_owned(), "SVM".to_owned()],
            rows: vec![vec![cell("a_vs_b|c", false), cell("85.23", true)]],
            summary: vec![vec![cell("Mean", false), cell("85.23", false)]],
            text: false,
        };
        assert_eq!(
            markdown(&[table]),
            "What it shows.\n\n| Data set | SVM |\n| --- | ---: |\n| a\\_vs\\_b\\|c | **85.23** |\n\
             | Mean | 85.23 |\n"
        );
    }
}
