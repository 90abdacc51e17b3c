//! Tables.

use maud::{Markup, html};

use crate::figure::chart::Unit;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cell {
    pub text: String,
    /// Left aligned.
    pub is_text: bool,
    /// In bold type.
    pub strong: bool,
    /// Step of the sequential scale behind it.
    pub step: Option<usize>,
}

impl Cell {
    /// A number.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Words.
    pub(crate) fn words(text: impl Into<String>) -> Self {
        Self {
            is_text: true,
            ..Self::new(text)
        }
    }

    /// A number that may be missing.
    pub(crate) fn maybe<T>(value: Option<T>, show: impl FnOnce(T) -> String) -> Self {
        Self::new(value.map_or_else(|| "–".to_owned(), show))
    }

    /// In bold type where it is so.
    pub(crate) fn strong_if(mut self, strong: bool) -> Self {
        self.strong = strong;
        self
    }

    /// Shaded by a value from 0 to 1.
    pub(crate) fn shaded(mut self, share: f64) -> Self {
        self.step = Some(step_of(share));
        self
    }
}

/// Steps of the sequential scale.
pub(crate) const STEPS: usize = 10;

/// The step of a value from 0 to 1.
pub(crate) fn step_of(share: f64) -> usize {
    ((share * STEPS as f64).max(0.0) as usize).min(STEPS - 1)
}

/// A row: its name, and the cells beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub name: String,
    pub cells: Vec<Cell>,
    pub kind: RowKind,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// One of many.
    Plain,
    /// The one that the page is about.
    Control,
    /// A published figure under the row that it belongs to.
    Published,
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self {
            name: name.into(),
            cells,
            kind: RowKind::Plain,
        }
    }

    /// Whether its name is a number, as a rank is.
    fn is_numbered(&self) -> bool {
        self.name.bytes().all(|b| b.is_ascii_digit())
    }

    /// Marked where it is so.
    pub(crate) fn control_if(mut self, is_control: bool) -> Self {
        if is_control {
            self.kind = RowKind::Control;
        }
        self
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub caption: String,
    /// Headings, the first of the names of rows.
    pub head: Vec<String>,
    pub rows: Vec<Row>,
    /// Whether readers may sort it.
    pub sortable: bool,
}

impl Table {
    pub(crate) fn new(caption: impl Into<String>, head: &[&str], rows: Vec<Row>) -> Self {
        Self {
            caption: caption.into(),
            head: head.iter().map(|h| (*h).to_owned()).collect(),
            rows,
            sortable: false,
        }
    }

    pub(crate) fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Of numbers: the first column names rows.
    pub(crate) fn of_numbers(
        caption: &str,
        first: (&str, Unit),
        others: &[(String, Unit)],
        rows: impl IntoIterator<Item = (f64, Vec<Option<f64>>)>,
    ) -> Self {
        let heading = |name: &str, unit: Unit| format!("{name}{}", unit.suffix());
        let mut head = vec![heading(first.0, first.1)];
        head.extend(others.iter().map(|(name, unit)| heading(name, *unit)));
        let rows = rows.into_iter().map(|(x, values)| {
            let cells = values.into_iter().zip(others);
            let cells = cells.map(|(v, (_, unit))| Cell::maybe(v, |v| unit.in_table(v)));
            Row::new(first.1.in_table(x), cells.collect())
        });
        Self {
            caption: caption.to_owned(),
            head,
            rows: rows.collect(),
            sortable: false,
        }
    }

    /// All texts in it.
    #[cfg(test)]
    pub(crate) fn texts(&self) -> std::collections::BTreeSet<String> {
        let of_row = |row: &Row| {
            let cells = row.cells.iter().map(|cell| cell.text.clone());
            cells.chain([row.name.clone()]).collect::<Vec<_>>()
        };
        let texts = self.rows.iter().flat_map(of_row);
        texts
            .flat_map(|text| text.split("; ").map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    pub(crate) fn render(&self) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label=(self.caption) {
                table.sort[self.sortable] {
                    caption { span { (self.caption) } }
                    thead {
                        tr {
                            @for (i, name) in self.head.iter().enumerate() {
                                th scope="col" class=[self.is_text(i).then_some("t")] { (name) }
                            }
                        }
                    }
                    tbody {
                        @for row in &self.rows {
                            tr class=[row_class(row.kind)] {
                                th scope="row" class=[row.is_numbered().then_some("n")] { (row.name) }
                                @for cell in &row.cells {
                                    td class=[cell_class(cell)] {
                                        @if cell.strong { b { (cell.text) } } @else { (cell.text) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whether a column holds words.
    fn is_text(&self, column: usize) -> bool {
        let below = column.checked_sub(1);
        below.is_none_or(|c| {
            let first = self.rows.first().and_then(|row| row.cells.get(c));
            first.is_some_and(|cell| cell.is_text)
        })
    }
}

fn row_class(kind: RowKind) -> Option<&'static str> {
    match kind {
        RowKind::Plain => None,
        RowKind::Control => Some("me"),
        RowKind::Published => Some("pub"),
    }
}

fn cell_class(cell: &Cell) -> Option<String> {
    match (cell.step, cell.is_text) {
        (Some(step), _) => Some(format!("v v{step}")),
        (None, true) => Some("t".to_owned()),
        (None, false) => None,
    }
}
