//! Memberships of the paid loans.

use super::Figure;
use super::chart::{Axis, Chart, Mark, Series, Unit};
use super::ticks::Ticks;
use crate::number::{count, percent};
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

/// Bins from 0 to 1.
const BINS: usize = 20;

/// `None` without IEFSVM, or in files of schema 1.
pub(crate) fn memberships(results: &LendResults) -> Option<Figure> {
    let mut counts = [0usize; BINS];
    for mark in &results.entropy_map {
        if let Some(membership) = mark.membership {
            let bin = ((membership * BINS as f64) as usize).min(BINS - 1);
            counts[bin] += mark.paid;
        }
    }
    let n: usize = counts.iter().sum();
    if n == 0 {
        return None;
    }
    let edges: Vec<f64> = (0..=BINS).map(|i| i as f64 / BINS as f64).collect();
    let heights: Vec<f64> = counts.iter().map(|&c| c as f64 / n as f64).collect();
    let unit = Unit::Number(2);
    let y = Ticks::over(heights.iter().copied().chain([0.0]), 5);
    let x = Ticks {
        low: 0.0,
        high: 1.0,
        step: 0.2,
    };
    let rows = edges.windows(2).zip(counts.iter().zip(&heights));
    let rows = rows.map(|(bin, (&c, &h))| {
        let cells = [
            Cell::new(unit.in_table(bin[1])),
            Cell::new(Unit::Percent.in_table(h)),
            Cell::new(count(c)),
        ];
        Row::new(unit.in_table(bin[0]), cells.to_vec())
    });
    let table = Table::new(
        "Memberships of the paid loans",
        &["From", "to", "Share, %", "Loans"],
        rows.collect(),
    );
    let full: f64 = counts.iter().skip(BINS - 2).sum::<usize>() as f64 / n as f64;
    Some(Figure {
        id: "memberships",
        title: "Memberships".to_owned(),
        desc: format!("{} of {} paid loans have a membership of 0.9 or more.", percent(full, 0), count(n)),
        legend: vec![],
        chart: Chart::new(
            Axis::numbers("membership", unit, x),
            Axis::numbers("share of the paid loans", Unit::Percent, y),
            vec![Mark::Bars { series: Series::One, edges: edges.clone(), heights: heights.clone() }],
        ),
        caption: "Training loans of trial 1 under IEFSVM that were paid; those charged off have a membership of 1.".to_owned(),
        table,
    })
}
