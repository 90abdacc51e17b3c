//! Mean ranks with the critical difference. In place of Demšar's diagram, whose labels collide where there are many methods.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::number::{decimal, p_equals};
use crate::page::{Cell, Row, Table};
use crate::results::CompareResults;

/// `None` where fewer than two data sets or methods were compared.
pub(crate) fn ranks(results: &CompareResults, metric: &str, id: &'static str) -> Option<Figure> {
    let tests = results.tests.get(metric)?.as_ref()?;
    let difference = tests
        .nemenyi
        .iter()
        .find(|d| d.alpha == 0.05)?
        .critical_difference;
    let control = &tests.control;
    let mut methods: Vec<(&str, bool, f64)> = results
        .methods
        .iter()
        .filter_map(|m| {
            Some((
                m.name.as_str(),
                m.id == *control,
                m.metrics.get(metric)?.average_rank,
            ))
        })
        .collect();
    methods.sort_by(|a, b| a.2.total_cmp(&b.2));
    let (best, worst) = (methods.first()?, methods.last()?);
    let half = 0.5 * difference;
    let ticks = Ticks::over([best.2 - half, worst.2 + half], 7);
    let mut marks = Vec::new();
    if let Some((_, _, rank)) = methods.iter().find(|m| m.1) {
        marks.push(Mark::Shade(rank - half, rank + half));
    }
    for (i, (name, is_control, rank)) in methods.iter().enumerate() {
        let point = Point {
            interval: Some((rank - half, rank + half)),
            title: Some(format!("{name}: mean rank {}", decimal(*rank, 2))),
            ..Point::new(*rank, i as f64)
        };
        let series = if *is_control {
            Series::One
        } else {
            Series::Muted
        };
        marks.push(Mark::Points(series, vec![point]));
    }
    let unit = Unit::Number(2);
    let rows = methods.iter().map(|(name, is_control, rank)| {
        let cells = [*rank, rank - half, rank + half].map(|v| Cell::new(unit.in_table(v)));
        Row::new(*name, cells.to_vec()).control_if(*is_control)
    });
    let iman = &tests.iman_davenport;
    let f = iman.f.map_or_else(|| "∞".to_owned(), |f| decimal(f, 2));
    let n = tests.n_sets;
    Some(Figure {
        id,
        title: "Mean rank and critical difference".to_owned(),
        desc: format!(
            "{} has the best mean rank, {}, {} the worst, {}; mean ranks {} apart differ.",
            best.0,
            decimal(best.2, 2),
            worst.0,
            decimal(worst.2, 2),
            decimal(difference, 2)
        ),
        legend: vec![],
        chart: Chart::new(
            Axis::numbers("mean rank, 1 is best", unit, ticks),
            Axis::names(methods.iter().map(|m| m.0.to_owned()).collect()),
            marks,
        ),
        caption: format!(
            "Over {n} data sets. Bars that do not overlap differ (Nemenyi, 0.05); shaded: the control's. Friedman χ² {} ({} df), \
             {}; Iman–Davenport F {f}, {}.",
            decimal(tests.friedman.chi_squared, 1),
            tests.friedman.degrees_of_freedom,
            p_equals(tests.friedman.p_value),
            p_equals(iman.p_value)
        ),
        table: Table::new(
            "Mean ranks and half a critical difference to either side",
            &["Method", "Rank", "Low", "High"],
            rows.collect(),
        ),
    })
}
