//! Tables as Markdown.

use super::Table;
use super::format::Format;

const MARKDOWN: Format = Format {
    before: "| ",
    between: " | ",
    after: " |\n",
    best: ["**", "**"],
    special,
};

/// The tables as one Markdown text, the best in bold.
pub fn markdown(tables: &[Table]) -> String {
    let parts: Vec<String> = tables.iter().map(one).collect();
    parts.join("\n")
}

fn one(table: &Table) -> String {
    let rule = |i| if i == 0 || table.text { "---" } else { "---:" };
    let rules = (0..table.header.len()).map(|i| rule(i).to_owned());
    [
        format!("{}.\n\n", MARKDOWN.text(&table.caption)),
        MARKDOWN.heads(table),
        MARKDOWN.line(rules),
        MARKDOWN.rows(&table.rows),
        MARKDOWN.rows(&table.summary),
    ]
    .concat()
}

/// Characters that would be taken for formatting.
fn special(c: char, out: &mut String) -> bool {
    let special = matches!(c, '|' | '*' | '_' | '`' | '\\' | '<' | '>' | '[' | ']');
    if special {
        out.extend(['\\', c]);
    }
    special
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
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
