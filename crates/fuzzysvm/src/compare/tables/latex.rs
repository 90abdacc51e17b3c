//! Tables as LaTeX.

use super::{Cell, Table};

/// The tables as a LaTeX fragment to `\input`, the best in bold. It needs the packages
/// booktabs and longtable: sixty data sets go over a page.
pub fn latex(tables: &[Table]) -> String {
    let mut text =
        "% Written by fuzzysvm compare. Needs \\usepackage{booktabs,longtable}.\n".to_owned();
    for table in tables {
        text += "\n";
        text += &one(table);
    }
    text
}

fn one(table: &Table) -> String {
    let rest = if table.text { "l" } else { "r" };
    let columns = format!("l{}", rest.repeat(table.header.len().saturating_sub(1)));
    let heads: Vec<String> = table.header.iter().map(|h| escape(h)).collect();
    let mut text = format!(
        "\\begin{{longtable}}{{{columns}}}\n\\caption{{{}.}}\\label{{tab:{}}}\\\\\n\\toprule\n{}\\midrule\n\
         \\endfirsthead\n\\toprule\n{}\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n",
        escape(&table.caption),
        table.label,
        line(&heads),
        line(&heads)
    );
    for row in &table.rows {
        text += &line(&row.iter().map(cell).collect::<Vec<_>>());
    }
    if !table.summary.is_empty() {
        text += "\\midrule\n";
    }
    for row in &table.summary {
        text += &line(&row.iter().map(cell).collect::<Vec<_>>());
    }
    text + "\\end{longtable}\n"
}

fn line(cells: &[String]) -> String {
    format!("{} \\\\\n", cells.join(" & "))
}

fn cell(cell: &Cell) -> String {
    let text = escape(&cell.text);
    if cell.best {
        format!("\\textbf{{{text}}}")
    } else {
        text
    }
}

/// Characters that LaTeX takes for commands, and those that its usual fonts lack.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out += "\\textbackslash{}",
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            '<' => out += "\\textless{}",
            '>' => out += "\\textgreater{}",
            '|' => out += "\\textbar{}",
            'σ' => out += "$\\sigma$",
            'μ' => out += "$\\mu$",
            'γ' => out += "$\\gamma$",
            'χ' => out += "$\\chi$",
            '²' => out += "$^2$",
            '⁺' => out += "$^+$",
            '⁻' => out += "$^-$",
            '∞' => out += "$\\infty$",
            '–' => out += "--",
            '…' => out += "\\dots{}",
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
    fn a_table_of_one_row_and_a_mean() {
        let cell = |text: &str, best| Cell {
            text: text.to_owned(),
            best,
        };
        let table = Table {
            label: "f1".to_owned(),
            caption: "F1 in %".to_owned(),
            header: vec!["Data set".to_owned(), "IEFSVM (σ/μ)".to_owned()],
            rows: vec![vec![cell("a_vs_b & c", false), cell("85.23", true)]],
            summary: vec![vec![cell("Mean", false), cell("85.23", false)]],
            text: false,
        };
        let text = latex(&[table]);
        for part in [
            "\\begin{longtable}{lr}\n",
            "\\caption{F1 in \\%.}\\label{tab:f1}\\\\\n",
            "Data set & IEFSVM ($\\sigma$/$\\mu$) \\\\\n",
            "a\\_vs\\_b \\& c & \\textbf{85.23} \\\\\n\\midrule\nMean & 85.23 \\\\\n\\end{longtable}\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
