//! What ROC and precision–recall curves have in common: the designated method with its band, and two peers.

use super::chart::{Mark, Series, Unit};
use crate::page::Table;
use crate::results::{LendResults, MethodFigures};

/// A method that is shown.
pub(crate) struct Shown<'a> {
    pub name: String,
    pub figures: &'a MethodFigures,
}

/// Points of a curve that are drawn at most: more are not seen, and their numbers make the page heavy.
const MAX_POINTS: usize = 60;

/// A curve and its band.
pub(crate) struct Curve<'a> {
    name: &'a str,
    x: Vec<f64>,
    y: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl<'a> Curve<'a> {
    /// Of x, y, and the ends of the band; of too many points every second one, or fewer.
    pub(crate) fn new(name: &'a str, [x, y, low, high]: [&[f64]; 4]) -> Self {
        let every = x.len().div_ceil(MAX_POINTS).max(1);
        let thin = |values: &[f64]| values.iter().copied().step_by(every).collect();
        Self {
            name,
            x: thin(x),
            y: thin(y),
            low: thin(low),
            high: thin(high),
        }
    }

    /// Its first and last x.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        Some((*self.x.first()?, *self.x.last()?))
    }

    /// All its y, with those of the band.
    pub(crate) fn values(&self) -> impl Iterator<Item = f64> {
        self.y.iter().chain(&self.high).copied()
    }
}

/// The designated method, and the two others that rank best; `None` without figures.
pub(crate) fn shown(results: &LendResults) -> Option<Vec<Shown<'_>>> {
    let figures = results.figures.as_ref()?;
    let first = figures.methods.get(&figures.designated)?;
    let mut others: Vec<(&String, &MethodFigures)> = figures
        .methods
        .iter()
        .filter(|(id, _)| **id != figures.designated)
        .collect();
    others.sort_by(|a, b| b.1.auc.value.total_cmp(&a.1.auc.value));
    let name = |id: &str| crate::names::title(results, id).to_owned();
    let mut shown = vec![Shown {
        name: name(&figures.designated),
        figures: first,
    }];
    shown.extend(others.into_iter().take(2).map(|(id, figures)| Shown {
        name: name(id),
        figures,
    }));
    Some(shown)
}

/// What a band is.
pub(crate) fn band(results: &LendResults) -> &'static str {
    let kind = results.figures.as_ref().map_or("", |f| &f.kind);
    super::kind_of_interval(kind)
}

/// Names with a figure.
pub(crate) fn legend(
    shown: &[Shown<'_>],
    figure: impl Fn(&MethodFigures) -> String,
) -> Vec<(Series, String)> {
    let entry =
        |(i, m): (usize, &Shown<'_>)| (Series::at(i), format!("{}, {}", m.name, figure(m.figures)));
    shown.iter().enumerate().map(entry).collect()
}

/// Curves with the band of the first, behind `start`.
pub(crate) fn marks(curves: &[Curve<'_>], start: Option<(f64, f64)>) -> Vec<Mark> {
    let mut marks = Vec::new();
    if let Some(first) = curves.first() {
        let ends = first.low.iter().zip(&first.high);
        let band = first
            .x
            .iter()
            .zip(ends)
            .map(|(&x, (&low, &high))| (x, low, high));
        marks.push(Mark::Band(Series::One, band.collect()));
    }
    // The first lies on top.
    for (i, curve) in curves.iter().enumerate().rev() {
        let points = curve.x.iter().copied().zip(curve.y.iter().copied());
        marks.push(Mark::Line(
            Series::at(i),
            start.into_iter().chain(points).collect(),
        ));
    }
    marks
}

/// Their numbers.
pub(crate) fn table(
    caption: &str,
    first: (&str, Unit),
    curves: &[Curve<'_>],
    start: Option<(f64, f64)>,
) -> Table {
    let mut columns = Vec::new();
    for (i, curve) in curves.iter().enumerate() {
        columns.push((curve.name.to_owned(), Unit::Percent));
        if i == 0 {
            columns.extend(["low", "high"].map(|end| (end.to_owned(), Unit::Percent)));
        }
    }
    let xs = curves.first().map_or(&[][..], |c| &c.x);
    let before = start.map(|(x, y)| {
        let cells = curves.iter().enumerate().flat_map(|(i, _)| {
            std::iter::once(Some(y)).chain(std::iter::repeat_n(None, if i == 0 { 2 } else { 0 }))
        });
        (x, cells.collect())
    });
    let rows = xs.iter().enumerate().map(|(row, &x)| {
        let mut cells = Vec::new();
        for (i, curve) in curves.iter().enumerate() {
            cells.push(curve.y.get(row).copied());
            if i == 0 {
                cells.extend([curve.low.get(row).copied(), curve.high.get(row).copied()]);
            }
        }
        (x, cells)
    });
    Table::of_numbers(caption, first, &columns, before.into_iter().chain(rows))
}
