//! Tables and paragraphs within the width of the terminal: one layout for all that the commands print.

use console::{Style, measure_text_width};

use crate::terminal::Screen;

/// Behind the best of what is compared.
pub const BEST: char = '*';
/// Behind what the others are compared with.
pub const CONTROL: char = '†';

/// The part of the width that names take at most, where they are too long for all columns to stand beside them.
const MOST_FOR_NAMES: f64 = 0.4;

/// How rows of cells become lines.
///
/// A table that is too wide is printed as several blocks below each other, each with the names of the rows. A cell that
/// is too wide even alone goes over several lines.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Rows at the top that are heads.
    pub heads: usize,
    /// Columns on the left that name the rows.
    pub names: usize,
    /// Whether the other columns hold numbers, and stand to the right.
    pub numbers: bool,
    /// Spaces between columns.
    pub gap: usize,
    /// Spaces in front of a line.
    pub indent: usize,
}

impl Layout {
    /// Numbers below one line of heads, beside one column of names.
    pub const NUMBERS: Self = Self {
        heads: 1,
        names: 1,
        numbers: true,
        gap: 2,
        indent: 0,
    };

    /// Texts beside one column of names, without heads.
    pub const TEXTS: Self = Self {
        heads: 0,
        numbers: false,
        ..Self::NUMBERS
    };

    /// The table as lines, none wider than the screen.
    pub fn lay_out(&self, rows: &[impl AsRef<[String]>], screen: Screen) -> String {
        let table = Columns::new(self, rows, screen.width.saturating_sub(self.indent));
        let blocks: Vec<String> = table
            .blocks()
            .iter()
            .map(|block| table.block(block, screen))
            .collect();
        blocks.join("\n\n")
    }
}

/// The cells of a table, and how wide its columns are.
struct Columns<'a> {
    layout: &'a Layout,
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
    width: usize,
}

impl<'a> Columns<'a> {
    fn new(layout: &'a Layout, rows: &[impl AsRef<[String]>], width: usize) -> Self {
        let mut rows: Vec<Vec<String>> = rows.iter().map(|r| r.as_ref().to_vec()).collect();
        let n = rows.iter().map(Vec::len).max().unwrap_or(0);
        rows.iter_mut().for_each(|r| r.resize(n, String::new()));
        if layout.numbers {
            let heads = layout.heads.min(rows.len());
            (layout.names.min(n)..n).for_each(|column| align_marks(&mut rows[heads..], column));
        }
        let mut columns = Self {
            layout,
            rows,
            widths: Vec::new(),
            width,
        };
        columns.widths = (0..n).map(|column| columns.whole_width(column)).collect();
        if columns.blocks().len() > 1 {
            // Narrower with the words of heads below each other.
            columns.widths = (0..n).map(|column| columns.least_width(column)).collect();
        }
        columns.fit();
        columns
    }

    /// The widest cell of a column.
    fn whole_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|r| measure_text_width(&r[column]));
        cells.max().unwrap_or(0)
    }

    /// The widest cell below the heads, or the widest word of a head.
    fn least_width(&self, column: usize) -> usize {
        let (heads, body) = self.rows.split_at(self.layout.heads.min(self.rows.len()));
        let of_body = body.iter().map(|r| measure_text_width(&r[column]));
        let of_heads = heads.iter().flat_map(|r| r[column].split(' '));
        let width = of_body.chain(of_heads.map(measure_text_width)).max();
        width.unwrap_or(0)
    }

    /// Where the columns do not all stand beside the names, makes long names narrower, and whatever would not even fit
    /// alone beside them.
    fn fit(&mut self) {
        let names = self.layout.names.min(self.widths.len());
        let gap = self.layout.gap;
        let beside = |widths: &[usize]| widths.iter().sum::<usize>() + gap * names;
        let total: usize = self.widths.iter().map(|w| w + gap).sum();
        if total > self.width + gap && names > 0 {
            // The first column has the long names.
            let most = (MOST_FOR_NAMES * self.width as f64) as usize;
            let others = beside(&self.widths[..names]) - self.widths[0];
            self.widths[0] = self.widths[0].min(most.saturating_sub(others).max(1));
        }
        let rest = self.width.saturating_sub(beside(&self.widths[..names]));
        for width in &mut self.widths[names..] {
            *width = (*width).min(rest.max(1));
        }
    }

    /// The columns of each block, without those of the names.
    fn blocks(&self) -> Vec<Vec<usize>> {
        let (names, gap) = (self.layout.names.min(self.widths.len()), self.layout.gap);
        let beside: usize = self.widths[..names].iter().map(|w| w + gap).sum();
        let mut blocks: Vec<Vec<usize>> = vec![Vec::new()];
        let mut taken = beside;
        for column in names..self.widths.len() {
            let width = self.widths[column];
            let empty = blocks.last().is_none_or(Vec::is_empty);
            if !empty && taken + width > self.width {
                blocks.push(Vec::new());
                taken = beside;
            }
            taken += width + gap;
            if let Some(block) = blocks.last_mut() {
                block.push(column);
            }
        }
        blocks
    }

    fn block(&self, block: &[usize], screen: Screen) -> String {
        let names = 0..self.layout.names.min(self.widths.len());
        let columns: Vec<usize> = names.chain(block.iter().copied()).collect();
        let mut lines = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            let is_head = number < self.layout.heads;
            let cells: Vec<Vec<String>> = columns
                .iter()
                .map(|&c| wrap(&row[c], self.widths[c]))
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            // Heads of several lines may have fewer in this block.
            let has_text = block.iter().any(|&c| !row[c].is_empty());
            if is_head && number > 0 && !has_text {
                continue;
            }
            for line in 0..height {
                lines.push(self.line(&columns, &cells, line, is_head, screen));
            }
        }
        lines.join("\n")
    }

    fn line(
        &self,
        columns: &[usize],
        cells: &[Vec<String>],
        line: usize,
        is_head: bool,
        screen: Screen,
    ) -> String {
        let mut text = " ".repeat(self.layout.indent);
        // Spaces are written when something follows them.
        let mut owed = 0;
        for (i, (&column, cell)) in columns.iter().zip(cells).enumerate() {
            let part = cell.get(line).map_or("", String::as_str);
            let room = self.widths[column].saturating_sub(measure_text_width(part));
            let is_name = column < self.layout.names;
            let left = is_name || !self.layout.numbers;
            owed += if i > 0 { self.layout.gap } else { 0 };
            owed += if left { 0 } else { room };
            if !part.trim().is_empty() {
                text += &" ".repeat(owed);
                owed = 0;
                text += &paint(part, is_head, screen);
            } else {
                owed += measure_text_width(part);
            }
            owed += if left { room } else { 0 };
        }
        text.trim_end().to_owned()
    }
}

/// Where some figures of a column carry a mark, the others get a space in its place.
fn align_marks(body: &mut [Vec<String>], column: usize) {
    let marked = |cell: &str| cell.trim_end().ends_with(BEST);
    if body.iter().any(|row| marked(&row[column])) {
        for row in body {
            let cell = &mut row[column];
            let kept = cell.trim_end().len();
            cell.truncate(kept);
            if !marked(cell) && !cell.is_empty() {
                cell.push(' ');
            }
        }
    }
}

fn paint(cell: &str, is_head: bool, screen: Screen) -> String {
    let trimmed = cell.trim_end();
    let style = if is_head {
        Style::new().bold()
    } else if trimmed.ends_with(BEST) {
        Style::new().green().bold()
    } else if trimmed.ends_with(CONTROL) {
        Style::new().cyan()
    } else {
        return cell.to_owned();
    };
    screen.paint(cell, style)
}

/// A text on lines of at most `width` columns, broken between words and, where a word is longer, inside it. Spaces in
/// front stay on every line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    if measure_text_width(text) <= width {
        return vec![text.to_owned()];
    }
    let body = text.trim_start();
    let indent = " ".repeat((text.len() - body.len()).min(width / 2));
    let room = width - indent.len();
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in body.split(' ') {
        let mut word = word.to_owned();
        let taken = measure_text_width(&line);
        if taken > 0 && taken + 1 + measure_text_width(&word) > room {
            lines.push(std::mem::take(&mut line));
        }
        while measure_text_width(&word) > room {
            let at = place_to_break(&word, room);
            let rest = word.split_off(at);
            lines.push(std::mem::replace(&mut word, rest));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += &word;
    }
    lines.push(line);
    lines.retain(|l| !l.is_empty());
    lines.iter().map(|l| format!("{indent}{l}")).collect()
}

/// Where a word of more than `room` characters goes on on the next line: behind a hyphen or the like in its second half,
/// else where there is no more room.
fn place_to_break(word: &str, room: usize) -> usize {
    let end = word.char_indices().nth(room).map_or(word.len(), |(i, _)| i);
    let behind = word[..end]
        .rfind(['-', '_', '/', '.'])
        .map_or(0, |hyphen| hyphen + 1);
    if behind > end / 2 { behind } else { end }
}

/// A paragraph, or several lines of which each is one, within the screen.
pub fn paragraph(text: &str, screen: Screen) -> String {
    let lines = text.lines().flat_map(|line| wrap(line, screen.width));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(width: usize, color: bool) -> Screen {
        Screen {
            width,
            color,
            color_of_errors: false,
        }
    }

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        let row = |r: &&[&str]| r.iter().map(|&c| c.to_owned()).collect();
        rows.iter().map(row).collect()
    }

    #[test]
    fn a_table_that_fits_is_one_block_with_its_marks_aligned() {
        let rows = rows(&[&["Method", "AUC"], &["SVM", "51.2"], &["IEFSVM †", "59.3*"]]);
        assert_eq!(
            Layout::NUMBERS.lay_out(&rows, screen(80, false)),
            "Method      AUC\nSVM       51.2\nIEFSVM †  59.3*"
        );
    }

    #[test]
    fn a_table_that_is_too_wide_repeats_the_names() {
        let rows = rows(&[
            &["Method", "first figure", "second", "third"],
            &["SVM", "1.00 ± 2.00", "3.00", "4.00"],
        ]);
        assert_eq!(
            Layout::NUMBERS.lay_out(&rows, screen(24, false)),
            "Method        first\n             figure\nSVM     1.00 ± 2.00\n\n\
             Method  second  third\nSVM       3.00   4.00"
        );
    }

    #[test]
    fn whatever_is_in_it_no_line_is_wider_than_the_screen() {
        let long = "a_name_of_one_word_that_goes_on_and_on_and_on_and_on_beyond_any_column";
        let tables = [
            rows(&[&["Data set", "IR", "x"], &[long, "1.0", "85.2*"]]),
            rows(&[&["Data set", long], &["a", "1.0"], &[long, long]]),
            rows(&[&[long, "a long text of many words that has to go over lines"]]),
            rows(&[&["only names"], &[long]]),
            rows(&[&["γ", "± ± ±"], &["ä", ""]]),
            rows(&[]),
        ];
        for table in &tables {
            for width in [20, 40, 80] {
                for layout in [Layout::NUMBERS, Layout::TEXTS] {
                    for names in 0..3 {
                        let layout = Layout { names, ..layout };
                        let text = layout.lay_out(table, screen(width, false));
                        for line in text.lines() {
                            // Two long columns of names have no narrower form.
                            let fits = measure_text_width(line) <= width || names == 2;
                            assert!(fits, "{width} {names}: {line:?} in\n{text}");
                        }
                        let kept = |t: &str| t.chars().filter(|c| !c.is_whitespace()).count();
                        let all: usize = table.iter().flatten().map(|c| kept(c)).sum();
                        assert!(kept(&text) >= all, "nothing is cut off:\n{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn color_changes_no_letter() {
        let rows = rows(&[&["Method", "AUC"], &["SVM †", "51.2"], &["IEFSVM", "59.3*"]]);
        let plain = Layout::NUMBERS.lay_out(&rows, screen(80, false));
        let colored = Layout::NUMBERS.lay_out(&rows, screen(80, true));
        assert!(!plain.contains('\u{1b}') && colored.contains('\u{1b}'));
        assert_eq!(console::strip_ansi_codes(&colored), plain);
    }

    #[test]
    fn paragraphs_break_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("  one two three", 9), ["  one two", "  three"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("glass-0-1_vs_2", 9), ["glass-0-", "1_vs_2"]);
        assert_eq!(paragraph("a b\nc", screen(40, false)), "a b\nc");
    }
}
