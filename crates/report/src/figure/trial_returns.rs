//! Returns of each method over the trials.

use super::Figure;
use super::chart::{Axis, BoxOf, Chart, Mark, Series, Unit};
use super::ticks::Ticks;
use crate::names::IEFSVM;
use crate::number::{in_percent, percent};
use crate::page::{Cell, Row, Table};
use crate::results::LendResults;

/// `None` below three trials.
pub(crate) fn trial_returns(results: &LendResults) -> Option<Figure> {
    let mut boxes: Vec<(&str, bool, BoxOf)> = Vec::new();
    let mut n = 0;
    for method in &results.methods {
        let returns: Vec<f64> = method.trials.iter().filter_map(|t| t.return_top).collect();
        n = n.max(returns.len());
        if let Some(of) = BoxOf::of(&returns) {
            boxes.push((&method.name, method.id == IEFSVM, of));
        }
    }
    if n < 3 {
        return None;
    }
    boxes.sort_by(|a, b| b.2.five[2].total_cmp(&a.2.five[2]));
    let (best, worst) = (boxes.first()?, boxes.last()?);
    let median = |b: &(&str, bool, BoxOf)| percent(b.2.five[2], 1);
    let desc = format!(
        "Medians from {} ({}) to {} ({}).",
        median(best),
        best.0,
        median(worst),
        worst.0
    );
    let names = boxes.iter().map(|b| b.0.to_owned()).collect();
    let values = boxes
        .iter()
        .flat_map(|b| b.2.five.iter().chain(&b.2.outliers).copied());
    let ticks = Ticks::over(values, 4);
    let mut marks = Vec::new();
    let market = results.market.as_ref().and_then(|m| m.returns.mean);
    if let Some(market) = market.filter(|m| (ticks.low..=ticks.high).contains(m)) {
        marks.push(Mark::Vertical(market, String::new()));
    }
    let series = |is_control: bool| {
        if is_control {
            Series::One
        } else {
            Series::Muted
        }
    };
    let drawn = boxes.iter().map(|(_, is, of)| (series(*is), of.clone()));
    marks.push(Mark::Boxes(drawn.collect()));
    let top = results.settings.as_ref().map_or(0.1, |s| s.top_fraction);
    let label = format!(
        "return of the top {}, one per trial",
        crate::number::share(top)
    );
    let chart = Chart::new(
        Axis::numbers(&label, Unit::Percent, ticks),
        Axis::names(names),
        marks,
    );
    let mut rows: Vec<Row> = boxes
        .iter()
        .map(|(name, is, of)| {
            let mut cells: Vec<Cell> = of
                .five
                .iter()
                .map(|v| Cell::new(in_percent(*v, 2)))
                .collect();
            let outliers: Vec<String> = of.outliers.iter().map(|v| in_percent(*v, 2)).collect();
            cells.push(Cell::new(outliers.join("; ")));
            Row::new(*name, cells).control_if(*is)
        })
        .collect();
    if let Some(market) = market {
        let mut cells = vec![Cell::default(); 6];
        cells[2] = Cell::new(in_percent(market, 2));
        rows.push(Row::new("Market, mean", cells));
    }
    let head = [
        "Method, %",
        "Low",
        "Quartile",
        "Median",
        "Quartile",
        "High",
        "Beyond",
    ];
    Some(Figure {
        id: "trials",
        title: "Return over the trials".to_owned(),
        desc,
        legend: vec![],
        chart,
        caption: format!(
            "Of {n} trials: median, quartiles, and the furthest within one and a half boxes; circles lie beyond. Dashed: the \
             market's mean."
        ),
        table: Table::new("Return of the loans bought, per trial", &head, rows),
    })
}
