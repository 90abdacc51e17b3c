//! Tables as LaTeX.

use super::Table;
use super::format::Format;

const LATEX: Format = Format {
    before: "",
    between: " & ",
    after: " \\\\\n",
    best: ["\\textbf{", "}"],
    special,
};

/// The tables as a LaTeX fragment to `\input`, the best in bold. It needs the packages
/// booktabs and longtable: sixty data sets go over a page.
pub fn latex(tables: &[Table]) -> String {
    let mut text = "% Written by fuzzysvm. Needs \\usepackage{booktabs,longtable}.\n".to_owned();
    for table in tables {
        text += "\n";
        text += &one(table);
    }
    text
}

fn one(table: &Table) -> String {
    let rest = if table.text { "l" } else { "r" };
    let columns = format!("l{}", rest.repeat(table.header.len().saturating_sub(1)));
    let heads = LATEX.heads(table);
    let mut text = format!(
        "\\begin{{longtable}}{{{columns}}}\n\\caption{{{}.}}\\label{{tab:{}}}\\\\\n\\toprule\n{heads}\\midrule\n\
         \\endfirsthead\n\\toprule\n{heads}\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n",
        LATEX.text(&table.caption),
        table.label,
    );
    text += &LATEX.rows(&table.rows);
    if !table.summary.is_empty() {
        text += "\\midrule\n";
    }
    text + &LATEX.rows(&table.summary) + "\\end{longtable}\n"
}

/// Characters that LaTeX takes for commands, and those that its usual fonts lack.
fn special(c: char, out: &mut String) -> bool {
    let instead = match c {
        '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
            out.extend(['\\', c]);
            return true;
        }
        '\\' => "\\textbackslash{}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        'σ' => "$\\sigma$",
        'μ' => "$\\mu$",
        'γ' => "$\\gamma$",
        'χ' => "$\\chi$",
        '²' => "$^2$",
        '⁺' => "$^+$",
        '⁻' => "$^-$",
        '∞' => "$\\infty$",
        '–' => "--",
        '…' => "\\dots{}",
        _ => return false,
    };
    *out += instead;
    true
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
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
