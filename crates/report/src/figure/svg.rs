//! A chart as SVG. Colors are classes of the page's style sheet, so that one picture serves light, dark and print.

use std::fmt::Write as _;

use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use crate::number::{decimal, percent};

/// Width of every chart in pixels; it is shown at this size.
pub(crate) const WIDTH: f64 = 360.0;
/// Mean width of a letter of the 12-pixel text of axes; generous, as fonts differ.
const LETTER: f64 = 6.7;
/// Room above the plot, for the label of y.
const TOP: f64 = 24.0;
/// Room below it, for numbers and the label of x.
const BOTTOM: f64 = 42.0;
/// Room right of it, for the half of the last number.
const RIGHT: f64 = 20.0;
/// Room left of it for names, at most.
const MAX_NAME: f64 = 136.0;

/// The frame of a chart: from data to pixels.
struct Frame<'a> {
    chart: &'a Chart,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl<'a> Frame<'a> {
    fn of(chart: &'a Chart) -> Self {
        let letters = |texts: Vec<String>| {
            let n = texts.iter().map(|t| t.chars().count()).max();
            n.unwrap_or(0) as f64 * LETTER
        };
        let left = match &chart.y {
            Axis::Numbers { unit, ticks, .. } => {
                letters(ticks.values().map(|v| unit.on_axis(v, *ticks)).collect())
            }
            Axis::Names { names, .. } => letters(names.clone()).min(MAX_NAME) + 8.0,
        };
        Self {
            chart,
            left: left + 12.0,
            right: WIDTH - RIGHT,
            top: match chart.y {
                Axis::Numbers { .. } => TOP,
                Axis::Names { .. } => 8.0,
            },
            bottom: chart.height - BOTTOM,
        }
    }

    fn x(&self, value: f64) -> f64 {
        match &self.chart.x {
            Axis::Numbers { ticks, .. } => {
                let share = (value - ticks.low) / (ticks.high - ticks.low);
                self.left + share * (self.right - self.left)
            }
            Axis::Names { names, .. } => {
                self.left + (value + 0.5) / names.len() as f64 * (self.right - self.left)
            }
        }
    }

    fn y(&self, value: f64) -> f64 {
        match &self.chart.y {
            Axis::Numbers { ticks, .. } => {
                let share = (value - ticks.low) / (ticks.high - ticks.low);
                self.bottom - share * (self.bottom - self.top)
            }
            Axis::Names { names, .. } => {
                self.top + (value + 0.5) / names.len() as f64 * (self.bottom - self.top)
            }
        }
    }
}

/// A text with the characters that markup gives a meaning replaced.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            other => out.push(other),
        }
    }
    out
}

/// A coordinate to a tenth of a pixel.
fn px(v: f64) -> String {
    let text = format!("{v:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// A picture under construction.
#[derive(Default)]
struct Canvas {
    svg: String,
}

impl Canvas {
    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (a, b, c, d) = (px(from.0), px(from.1), px(to.0), px(to.1));
        let _ = write!(self.svg, r#"<path class="{class}" d="M{a} {b}L{c} {d}"/>"#);
    }

    fn text(&mut self, class: &str, at: (f64, f64), anchor: &str, text: &str) {
        let (x, y, text) = (px(at.0), px(at.1), escaped(text));
        let _ = write!(
            self.svg,
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>"#
        );
    }

    fn path(&mut self, class: &str, points: impl IntoIterator<Item = (f64, f64)>, end: &str) {
        let mut d = String::new();
        for (i, (x, y)) in points.into_iter().enumerate() {
            let letter = if i == 0 { 'M' } else { 'L' };
            let _ = write!(d, "{letter}{} {}", px(x), px(y));
        }
        if !d.is_empty() {
            let _ = write!(self.svg, r#"<path class="{class}" d="{d}{end}"/>"#);
        }
    }

    fn rect(&mut self, class: &str, from: (f64, f64), to: (f64, f64), title: Option<&str>) {
        let (x, y) = (px(from.0.min(to.0)), px(from.1.min(to.1)));
        let (w, h) = (px((to.0 - from.0).abs()), px((to.1 - from.1).abs()));
        let _ = write!(
            self.svg,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{w}" height="{h}""#
        );
        self.end("rect", title);
    }

    fn circle(&mut self, class: &str, at: (f64, f64), radius: f64, title: Option<&str>) {
        let (x, y, r) = (px(at.0), px(at.1), px(radius));
        let _ = write!(
            self.svg,
            r#"<circle class="{class}" cx="{x}" cy="{y}" r="{r}""#
        );
        self.end("circle", title);
    }

    /// Ends an element, with what it is.
    fn end(&mut self, element: &str, title: Option<&str>) {
        let _ = match title {
            None => write!(self.svg, "/>"),
            Some(title) => write!(self.svg, "><title>{}</title></{element}>", escaped(title)),
        };
    }
}

/// The picture. Its ids begin with `id`.
pub(crate) fn draw(chart: &Chart, id: &str, title: &str, desc: &str) -> String {
    let frame = Frame::of(chart);
    let mut canvas = Canvas::default();
    let (width, height) = (px(WIDTH), px(chart.height));
    let _ = write!(
        canvas.svg,
        r#"<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>"#,
        escaped(title),
        escaped(desc),
    );
    let shades = chart.marks.iter().filter(|m| matches!(m, Mark::Shade(..)));
    for mark in shades {
        marks(&mut canvas, &frame, mark);
    }
    axes(&mut canvas, &frame);
    for mark in chart.marks.iter().filter(|m| !matches!(m, Mark::Shade(..))) {
        marks(&mut canvas, &frame, mark);
    }
    canvas.svg + "</svg>"
}

fn axes(canvas: &mut Canvas, f: &Frame<'_>) {
    let chart = f.chart;
    match &chart.y {
        Axis::Numbers { label, unit, ticks } => {
            canvas.text("al", (1.0, 12.0), "start", label);
            for value in ticks.values() {
                let y = f.y(value);
                canvas.line("g", (f.left, y), (f.right, y));
                canvas.text(
                    "at",
                    (f.left - 6.0, y + 4.0),
                    "end",
                    &unit.on_axis(value, *ticks),
                );
            }
            if ticks.low < 0.0 && ticks.high > 0.0 {
                canvas.line("z", (f.left, f.y(0.0)), (f.right, f.y(0.0)));
            }
        }
        Axis::Names { names, .. } => {
            for (i, name) in names.iter().enumerate() {
                let at = (f.left - 8.0, f.y(i as f64) + 4.0);
                canvas.text("an", at, "end", &shortened(name));
            }
        }
    }
    match &chart.x {
        Axis::Numbers { label, unit, ticks } => {
            let has_names = matches!(chart.y, Axis::Names { .. });
            for value in ticks.values() {
                let x = f.x(value);
                match has_names {
                    true => canvas.line("g", (x, f.top), (x, f.bottom)),
                    false => canvas.line("a", (x, f.bottom), (x, f.bottom + 4.0)),
                }
                let text = unit.on_axis(value, *ticks);
                canvas.text("at", (x, f.bottom + 17.0), "middle", &text);
            }
            if has_names && ticks.low < 0.0 && ticks.high > 0.0 {
                canvas.line("z", (f.x(0.0), f.top), (f.x(0.0), f.bottom));
            }
            label_x(canvas, f, label);
        }
        Axis::Names { label, names } => {
            // Where they would touch, every other one, or fewer.
            let longest = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
            let needed = (longest as f64 + 1.0) * LETTER * names.len() as f64;
            let every = (needed / (f.right - f.left)).ceil().max(1.0) as usize;
            for (i, name) in names.iter().enumerate().step_by(every) {
                let x = f.x(i as f64);
                canvas.line("a", (x, f.bottom), (x, f.bottom + 4.0));
                canvas.text("at", (x, f.bottom + 17.0), "middle", name);
            }
            label_x(canvas, f, label);
        }
    }
    canvas.line("a", (f.left, f.bottom), (f.right, f.bottom));
}

/// The label of x below the plot; a long one is kept on the picture.
fn label_x(canvas: &mut Canvas, f: &Frame<'_>, label: &str) {
    let half = 0.5 * LETTER * label.chars().count() as f64;
    let middle = 0.5 * (f.left + f.right);
    let at = (middle.min(WIDTH - half).max(half), f.chart.height - 5.0);
    canvas.text("al", at, "middle", label);
}

/// A name that fits beside the plot.
fn shortened(name: &str) -> String {
    let fits = (MAX_NAME / LETTER) as usize;
    match name.chars().count() > fits {
        false => name.to_owned(),
        true => name.chars().take(fits - 1).chain(['…']).collect(),
    }
}

fn marks(canvas: &mut Canvas, f: &Frame<'_>, mark: &Mark) {
    let map = |&(x, y): &(f64, f64)| (f.x(x), f.y(y));
    match mark {
        Mark::Line(series, points) => {
            canvas.path(&format!("l{}", series.class()), points.iter().map(map), "");
        }
        Mark::Band(series, points) => {
            let low = points.iter().map(|p| (f.x(p.0), f.y(p.1)));
            let high = points.iter().rev().map(|p| (f.x(p.0), f.y(p.2)));
            canvas.path(&format!("b{}", series.class()), low.chain(high), "Z");
        }
        Mark::Points(series, points) => {
            for point in points {
                draw_point(canvas, f, *series, point);
            }
        }
        Mark::Bars {
            series,
            edges,
            heights,
        } => {
            let class = format!("bar h{}", series.class());
            for (pair, &height) in edges.windows(2).zip(heights) {
                if height != 0.0 {
                    let (from, to) = ((f.x(pair[0]), f.y(0.0)), (f.x(pair[1]), f.y(height)));
                    let title = title_of_bar(f.chart, pair[0], pair[1], height);
                    canvas.rect(&class, from, to, Some(&title));
                }
            }
        }
        Mark::Boxes(boxes) => {
            for (i, (series, b)) in boxes.iter().enumerate() {
                let (y, class) = (f.y(i as f64), series.class());
                let [low, q1, median, q3, high] = b.five.map(|v| f.x(v));
                canvas.line(&format!("w{class}"), (low, y), (q1, y));
                canvas.line(&format!("w{class}"), (q3, y), (high, y));
                for x in [low, high] {
                    canvas.line(&format!("w{class}"), (x, y - 3.0), (x, y + 3.0));
                }
                let title = title_of_box(f.chart, i, &b.five);
                canvas.rect(
                    &format!("h{class}"),
                    (q1, y - 5.5),
                    (q3, y + 5.5),
                    Some(&title),
                );
                canvas.line("m", (median, y - 5.5), (median, y + 5.5));
                for &outlier in &b.outliers {
                    canvas.circle(&format!("o{class}"), (f.x(outlier), y), 2.0, None);
                }
            }
        }
        Mark::Vertical(x, label) => {
            let x = f.x(*x);
            canvas.line("r", (x, f.top), (x, f.bottom));
            let (at, anchor) = match x > 0.6 * WIDTH {
                true => (x - 4.0, "end"),
                false => (x + 4.0, "start"),
            };
            canvas.text("at", (at, f.top + 11.0), anchor, label);
        }
        Mark::Shade(low, high) => {
            canvas.rect("sh", (f.x(*low), f.top), (f.x(*high), f.bottom), None);
        }
    }
}

fn draw_point(canvas: &mut Canvas, f: &Frame<'_>, series: Series, point: &Point) {
    let at = (f.x(point.x), f.y(point.y));
    let class = series.class();
    if let Some((low, high)) = point.interval {
        let ends = match f.chart.y {
            Axis::Names { .. } => [(f.x(low), at.1), (f.x(high), at.1)],
            Axis::Numbers { .. } => [(at.0, f.y(low)), (at.0, f.y(high))],
        };
        canvas.line(&format!("w{class}"), ends[0], ends[1]);
        for (x, y) in ends {
            let (dx, dy) = match f.chart.y {
                Axis::Names { .. } => (0.0, 4.0),
                Axis::Numbers { .. } => (4.0, 0.0),
            };
            canvas.line(&format!("w{class}"), (x - dx, y - dy), (x + dx, y + dy));
        }
    }
    let fill = match point.step {
        None => format!("p{class}"),
        Some(step) => format!("q q{step}"),
    };
    canvas.circle(&fill, at, point.radius, point.title.as_deref());
}

fn shown(axis: &Axis, value: f64) -> String {
    match axis {
        Axis::Numbers {
            unit: Unit::Percent,
            ..
        } => percent(value, 1),
        Axis::Numbers {
            unit: Unit::Number(d),
            ..
        } => decimal(value, *d),
        Axis::Names { names, .. } => names.get(value as usize).cloned().unwrap_or_default(),
    }
}

fn title_of_bar(chart: &Chart, low: f64, high: f64, height: f64) -> String {
    let [low, high] = [low, high].map(|v| shown(&chart.x, v));
    format!("{low} to {high}: {}", shown(&chart.y, height))
}

fn title_of_box(chart: &Chart, row: usize, five: &[f64; 5]) -> String {
    let [_, q1, median, q3, _] = five.map(|v| shown(&chart.x, v));
    let name = shown(&chart.y, row as f64);
    format!("{name}: median {median}, half of them from {q1} to {q3}")
}
