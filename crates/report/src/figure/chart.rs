//! What is drawn: axes and marks, in the units of the data.

use super::ticks::Ticks;
use crate::number::{decimal, in_percent};

/// What the numbers of an axis are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Fractions, shown in per cent.
    Percent,
    /// Numbers, in tables with these decimals.
    Number(usize),
}

impl Unit {
    /// As tables show a value, without its unit.
    pub(crate) fn in_table(self, value: f64) -> String {
        match self {
            Unit::Percent => in_percent(value, 2),
            Unit::Number(decimals) => decimal(value, decimals),
        }
    }

    /// As axes show it.
    pub(crate) fn on_axis(self, value: f64, ticks: Ticks) -> String {
        match self {
            Unit::Percent => crate::number::percent(value, ticks.decimals(100.0)),
            Unit::Number(_) => decimal(value, ticks.decimals(1.0)),
        }
    }

    /// What is added to a heading.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Unit::Percent => ", %",
            Unit::Number(_) => "",
        }
    }
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Axis {
    /// Of numbers.
    Numbers {
        /// What they are.
        label: String,
        /// Their unit.
        unit: Unit,
        /// Where it has ticks.
        ticks: Ticks,
    },
    /// Of names, at 0, 1, … from the left, or from the top down.
    Names {
        /// What they are, where that must be said.
        label: String,
        /// The names.
        names: Vec<String>,
    },
}

impl Axis {
    /// An axis of numbers.
    pub(crate) fn numbers(label: &str, unit: Unit, ticks: Ticks) -> Self {
        Axis::Numbers {
            label: label.to_owned(),
            unit,
            ticks,
        }
    }

    /// Of names that say themselves what they are.
    pub(crate) fn names(names: Vec<String>) -> Self {
        Self::named("", names)
    }

    /// Of names.
    pub(crate) fn named(label: &str, names: Vec<String>) -> Self {
        Axis::Names {
            label: label.to_owned(),
            names,
        }
    }

    /// From 0 to 100 %.
    pub(crate) fn shares(label: &str) -> Self {
        let ticks = Ticks {
            low: 0.0,
            high: 1.0,
            step: 0.2,
        };
        Self::numbers(label, Unit::Percent, ticks)
    }

    /// A value as tables show it.
    #[cfg(test)]
    fn in_table(&self, value: f64) -> Option<String> {
        match self {
            Axis::Numbers { unit, .. } => Some(unit.in_table(value)),
            Axis::Names { .. } => None,
        }
    }
}

/// Color and dash of marks. The first is that of IEFSVM, or of the control, on the whole page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Series {
    One,
    Two,
    Three,
    Four,
    /// What is no series: a diagonal, a base rate.
    Muted,
}

impl Series {
    /// The one of a place; those beyond the fourth have no color of their own.
    pub(crate) fn at(place: usize) -> Self {
        match place {
            0 => Series::One,
            1 => Series::Two,
            2 => Series::Three,
            3 => Series::Four,
            _ => Series::Muted,
        }
    }

    /// The end of its classes.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Series::One => "1",
            Series::Two => "2",
            Series::Three => "3",
            Series::Four => "4",
            Series::Muted => "0",
        }
    }
}

/// A point, with an interval along the axis of its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    pub y: f64,
    /// Ends of the interval.
    pub interval: Option<(f64, f64)>,
    /// What it is, shown on demand.
    pub title: Option<String>,
    /// Radius in pixels.
    pub radius: f64,
    /// Step of the sequential scale in place of the color of the series.
    pub step: Option<usize>,
}

impl Point {
    pub(crate) fn new(x: f64, y: f64) -> Self {
        Self {
            x,
            y,
            interval: None,
            title: None,
            radius: 3.5,
            step: None,
        }
    }
}

/// Five numbers of a sample, and what lies beyond.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BoxOf {
    /// Lower whisker, quartile, median, quartile, upper whisker.
    pub five: [f64; 5],
    /// What lies more than one and a half boxes beyond the box.
    pub outliers: Vec<f64>,
}

impl BoxOf {
    /// Of a sample; `None` of an empty one. Quartiles are interpolated between the order statistics (type 7).
    pub(crate) fn of(sample: &[f64]) -> Option<Self> {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let quantile = |p: f64| {
            let place = p * last as f64;
            let (below, above) = (place.floor(), place.ceil());
            let (a, b) = (sorted[below as usize], sorted[above as usize]);
            a + (place - below) * (b - a)
        };
        let (q1, q3) = (quantile(0.25), quantile(0.75));
        let reach = 1.5 * (q3 - q1);
        let is_inside = |v: &f64| *v >= q1 - reach && *v <= q3 + reach;
        let inside: Vec<f64> = sorted.iter().copied().filter(is_inside).collect();
        let (low, high) = (*inside.first()?, *inside.last()?);
        Some(Self {
            five: [low, q1, quantile(0.5), q3, high],
            outliers: sorted.into_iter().filter(|v| !is_inside(v)).collect(),
        })
    }
}

/// What is drawn over the axes, in this order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// Through points (x, y).
    Line(Series, Vec<(f64, f64)>),
    /// Between low and high: (x, low, high).
    Band(Series, Vec<(f64, f64, f64)>),
    /// Points; intervals are vertical, or horizontal where y has names.
    Points(Series, Vec<Point>),
    /// Bars from 0 between edges.
    Bars {
        series: Series,
        edges: Vec<f64>,
        heights: Vec<f64>,
    },
    /// Boxes along x, one per name.
    Boxes(Vec<(Series, BoxOf)>),
    /// A dashed line at an x, with what it is.
    Vertical(f64, String),
    /// The plot between two x, shaded.
    Shade(f64, f64),
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub marks: Vec<Mark>,
    /// Height in pixels.
    pub height: f64,
}

impl Chart {
    /// Of the usual height.
    pub(crate) fn new(x: Axis, y: Axis, marks: Vec<Mark>) -> Self {
        let height = match &y {
            Axis::Names { names, .. } => 66.0 + 21.0 * names.len() as f64,
            Axis::Numbers { .. } => 270.0,
        };
        Self {
            x,
            y,
            marks,
            height,
        }
    }

    /// All numbers that are drawn, as tables show them: whoever does not see the picture finds them there.
    #[cfg(test)]
    pub(crate) fn numbers(&self) -> std::collections::BTreeSet<String> {
        let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let y_has_names = matches!(self.y, Axis::Names { .. });
        for mark in &self.marks {
            match mark {
                Mark::Line(_, points) => {
                    xs.extend(points.iter().map(|p| p.0));
                    ys.extend(points.iter().map(|p| p.1));
                }
                Mark::Band(_, points) => {
                    ys.extend(points.iter().flat_map(|p| [p.1, p.2]));
                }
                Mark::Points(_, points) => {
                    xs.extend(points.iter().map(|p| p.x));
                    ys.extend(points.iter().map(|p| p.y));
                    let ends = points.iter().filter_map(|p| p.interval);
                    let ends = ends.flat_map(|(low, high)| [low, high]);
                    match y_has_names {
                        true => xs.extend(ends),
                        false => ys.extend(ends),
                    }
                }
                Mark::Bars { edges, heights, .. } => {
                    xs.extend(edges);
                    ys.extend(heights);
                }
                Mark::Boxes(boxes) => {
                    xs.extend(
                        boxes
                            .iter()
                            .flat_map(|(_, b)| b.five.iter().chain(&b.outliers)),
                    );
                }
                Mark::Vertical(x, _) => xs.push(*x),
                Mark::Shade(..) => {}
            }
        }
        let xs = xs.into_iter().filter_map(|v| self.x.in_table(v));
        let ys = ys.into_iter().filter_map(|v| self.y.in_table(v));
        xs.chain(ys).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_interpolated_quartiles_and_outliers_beyond() {
        // numpy.percentile([1, 2, 3, 4, 5, 6, 30], [25, 50, 75]) is 2.5, 4, 5.5.
        let b = BoxOf::of(&[30.0, 1.0, 6.0, 2.0, 5.0, 3.0, 4.0]).unwrap();
        assert_eq!(b.five, [1.0, 2.5, 4.0, 5.5, 6.0]);
        assert_eq!(b.outliers, [30.0]);
        assert_eq!(BoxOf::of(&[2.0]).unwrap().five, [2.0; 5]);
        assert!(BoxOf::of(&[]).is_none());
    }
}
