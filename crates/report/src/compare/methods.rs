//! Methods over all data sets, by one metric.

use crate::names;
use crate::number::{decimal, in_percent, p_value};
use crate::page::{Cell, Row, Table};
use crate::results::CompareResults;

pub(super) fn table(results: &CompareResults, metric: &str) -> Table {
    let tests = results.tests.get(metric).and_then(Option::as_ref);
    let mut methods: Vec<_> = results
        .methods
        .iter()
        .filter_map(|m| Some((m, m.metrics.get(metric)?)))
        .collect();
    methods.sort_by(|a, b| a.1.average_rank.total_cmp(&b.1.average_rank));
    let least = methods.first().map_or(0.0, |m| m.1.average_rank);
    let rows = methods.iter().map(|(method, overall)| {
        let against = tests.and_then(|t| t.comparisons.iter().find(|c| c.method == method.id));
        let is_best = overall.average_rank - least <= 1e-12;
        let record = against.map(|c| format!("{} / {} / {}", c.losses, c.ties, c.wins));
        let cells = vec![
            Cell::new(decimal(overall.average_rank, 2)).strong_if(is_best),
            Cell::new(in_percent(overall.mean, 2)),
            Cell::maybe(record, |text| text),
            Cell::maybe(against, |c| p_value(c.wilcoxon.p_value)),
            Cell::maybe(against, |c| p_value(c.wilcoxon_p_holm)),
        ];
        Row::new(&method.name, cells).control_if(method.id == results.settings.control)
    });
    let head = [
        "Method",
        "Mean rank",
        "Mean, %",
        "Won / tied / lost",
        "Wilcoxon p",
        "Holm p",
    ];
    let caption = format!(
        "{}: won, tied and lost against {} (marked), Wilcoxon's signed ranks, and Holm's correction",
        names::metric(metric),
        super::control(results)
    );
    Table::new(caption, &head, rows.collect()).sortable()
}
