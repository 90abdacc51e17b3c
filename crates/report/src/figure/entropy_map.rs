//! Where memberships come from: mean and deviation of the entropies of the neighborhoods.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Point, Series, Unit};
use super::ticks::Ticks;
use crate::number::{counted, decimal};
use crate::page::{Cell, Row, Table, step_of};
use crate::results::LendResults;

/// Radius in pixels of the mark with the most loans.
const LARGEST: f64 = 9.0;

/// `None` without IEFSVM, or in files of schema 1.
pub(crate) fn entropy_map(results: &LendResults) -> Option<Figure> {
    let of_mark = |m: &crate::results::EntropyMark| m.paid + m.charged_off;
    let marks = &results.entropy_map;
    let largest = marks.iter().map(of_mark).max().filter(|&n| n > 0)?;
    let n: usize = marks.iter().map(of_mark).sum();
    let memberships = || marks.iter().filter_map(|m| m.membership);
    let most = memberships().fold(f64::MIN_POSITIVE, f64::max);
    let points = marks.iter().map(|m| {
        let area = of_mark(m) as f64 / largest as f64;
        let membership = m.membership.map_or_else(
            || "membership 1".to_owned(),
            |s| format!("membership of the paid {}", decimal(s, 2)),
        );
        Point {
            radius: (LARGEST * area.sqrt()).max(2.0),
            step: m.membership.map(|s| step_of(s / most)),
            title: Some(format!(
                "{}, {} charged off, {membership}",
                counted(m.paid, "paid loan", "paid loans"),
                m.charged_off
            )),
            ..Point::new(m.mu, m.sigma)
        }
    });
    let unit = Unit::Number(3);
    let axis = |label: &str, values: &mut dyn Iterator<Item = f64>| {
        Axis::numbers(label, unit, Ticks::over(values.chain([0.0]), 5))
    };
    let chart = Chart::new(
        axis(
            "μ, mean entropy over k (nats)",
            &mut marks.iter().map(|m| m.mu),
        ),
        axis(
            "σ, its standard deviation",
            &mut marks.iter().map(|m| m.sigma),
        ),
        vec![Mark::Points(Series::One, points.collect())],
    );
    let rows = marks.iter().map(|m| {
        let cells = [
            Cell::new(unit.in_table(m.sigma)),
            Cell::maybe(m.membership, |s| decimal(s, 3)),
            Cell::new(m.paid.to_string()),
            Cell::new(m.charged_off.to_string()),
        ];
        Row::new(unit.in_table(m.mu), cells.to_vec())
    });
    let certain: usize = marks.iter().filter(|m| m.mu == 0.0).map(|m| m.paid).sum();
    Some(Figure {
        id: "entropy",
        title: "Entropy map".to_owned(),
        desc: format!(
            "{} at {}; {} have neighbors of one class at every k.",
            counted(n, "training loan", "training loans"),
            counted(marks.len(), "position", "positions"),
            counted(certain, "paid loan", "paid loans")
        ),
        legend: vec![],
        chart,
        caption: format!(
            "Training loans of trial 1 under IEFSVM: one mark per position, its area the loans there, its color the membership of the \
             paid ones, darkest (in dark pages brightest) at {}; blue where all were charged off.",
            decimal(most, 2)
        ),
        table: Table::new(
            "Entropies of neighborhoods and memberships",
            &["μ", "σ", "Membership", "Paid", "Charged off"],
            rows.collect(),
        ),
    })
}
