//! The tables of a comparison, for papers and notes: [`all`] builds them, [`markdown`](crate::tables::markdown) and
//! [`latex`](crate::tables::latex) write them.

use fuzzysvm_evaluation::{Metric, NullDistribution};

use super::{CompareResults, METRICS, SetMethod, Significance};
use crate::tables::{Cell, Table};

/// The name of a metric in tables.
pub const fn title(metric: Metric) -> &'static str {
    match metric {
        Metric::BalancedAccuracy => "Balanced accuracy",
        Metric::RocAuc => "Ranking AUC",
        Metric::GMean => "G-mean",
        Metric::F1 => "F1",
        Metric::Mcc => "MCC",
        Metric::AveragePrecision => "Average precision",
        other => other.name(),
    }
}

/// A p-value: four decimals, or two digits where that would leave none.
pub fn p_text(p: f64) -> String {
    if p >= 0.001 || p == 0.0 {
        format!("{p:.4}")
    } else {
        format!("{p:.1e}")
    }
}

/// What the p-value of a test is, for instance "exact".
pub const fn kind_of_p(found: &Significance) -> &'static str {
    match found.null_distribution {
        NullDistribution::Exact => "exact",
        NullDistribution::Sampled => "sampled",
        _ => "approximate",
    }
}

/// Which of the values are the greatest, up to rounding.
pub fn best_of(values: &[f64]) -> Vec<bool> {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    values.iter().map(|v| most - v <= 1e-12).collect()
}

/// The mean of a metric of a method on a data set; not a number where it is not there.
pub fn mean(method: &SetMethod, metric: Metric) -> f64 {
    method
        .metrics
        .get(&metric.key())
        .map_or(f64::NAN, |spread| spread.mean)
}

/// All tables, in the order in which they are read.
pub fn all(results: &CompareResults) -> Vec<Table> {
    let mut tables = vec![overview(results), sets(results)];
    tables.extend(METRICS.iter().map(|&metric| figures(results, metric)));
    let tested: Vec<(Metric, &Significance)> = METRICS
        .iter()
        .filter_map(|&m| Some((m, results.tests.get(&m.key())?.as_ref()?)))
        .collect();
    if !tested.is_empty() {
        tables.push(tests(results, &tested));
    }
    for (metric, found) in tested {
        tables.push(comparisons(results, metric, found));
    }
    if !results.skipped.is_empty() {
        tables.push(skipped(results));
    }
    tables
}

fn header(first: &str, rest: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(first.to_owned()).chain(rest).collect()
}

fn protocol(results: &CompareResults) -> String {
    let s = &results.settings;
    let times = match s.repeats {
        1 => String::new(),
        n => format!(", {n} repetitions"),
    };
    format!("{}-fold cross-validation{times}", s.folds)
}

/// Every method over all sets: the mean and, in brackets, the average rank of each metric.
fn overview(results: &CompareResults) -> Table {
    let mut rows: Vec<Vec<Cell>> = results
        .methods
        .iter()
        .map(|m| vec![Cell::plain(&m.name)])
        .collect();
    for &metric in METRICS {
        let key = metric.key();
        let found: Vec<_> = results
            .methods
            .iter()
            .map(|m| m.metrics.get(&key).copied())
            .collect();
        let ranks: Vec<f64> = found
            .iter()
            .map(|o| o.map_or(f64::NEG_INFINITY, |o| -o.average_rank))
            .collect();
        for ((row, found), best) in rows.iter_mut().zip(found).zip(best_of(&ranks)) {
            let text = found.map_or_else(String::new, |o| {
                format!("{:.2} ({:.2})", 100.0 * o.mean, o.average_rank)
            });
            row.push(Cell { text, best });
        }
    }
    Table {
        label: "overview".to_owned(),
        caption: format!(
            "Mean over {} data sets in %, average rank in brackets; {}",
            results.sets.len(),
            protocol(results)
        ),
        header: header("Method", METRICS.iter().map(|&m| title(m).to_owned())),
        rows,
        summary: Vec::new(),
        text: false,
    }
}

fn sets(results: &CompareResults) -> Table {
    let rows = results.sets.iter().map(|set| {
        vec![
            Cell::plain(&set.name),
            Cell::plain(set.n_samples.to_string()),
            Cell::plain(set.n_features.to_string()),
            Cell::plain(set.n_positive.to_string()),
            Cell::plain(&set.positive_class),
            Cell::plain(format!("{:.2}", set.imbalance_ratio)),
        ]
    });
    let heads = ["Samples", "Features", "Positive", "Positive class", "IR"];
    Table {
        label: "sets".to_owned(),
        caption: "The data sets".to_owned(),
        header: header("Data set", heads.into_iter().map(str::to_owned)),
        rows: rows.collect(),
        summary: Vec::new(),
        text: false,
    }
}

/// One metric on every set.
fn figures(results: &CompareResults, metric: Metric) -> Table {
    let percent = |v: f64| format!("{:.2}", 100.0 * v);
    let rows = results.sets.iter().map(|set| {
        let means: Vec<f64> = set.methods.iter().map(|m| mean(m, metric)).collect();
        let cells = means.iter().zip(best_of(&means)).map(|(&v, best)| Cell {
            text: percent(v),
            best,
        });
        std::iter::once(Cell::plain(&set.name))
            .chain(cells)
            .collect()
    });
    let key = metric.key();
    let overall: Vec<_> = results
        .methods
        .iter()
        .filter_map(|m| m.metrics.get(&key))
        .collect();
    let means: Vec<f64> = overall.iter().map(|o| o.mean).collect();
    let ranks: Vec<f64> = overall.iter().map(|o| -o.average_rank).collect();
    let line = |name: &str, values: &[f64], text: &dyn Fn(f64) -> String| {
        let cells = values.iter().zip(best_of(values)).map(|(&v, best)| Cell {
            text: text(v),
            best,
        });
        std::iter::once(Cell::plain(name)).chain(cells).collect()
    };
    Table {
        label: key.replace('_', "-"),
        caption: format!("{} in %, mean of {}", title(metric), protocol(results)),
        header: header("Data set", results.methods.iter().map(|m| m.name.clone())),
        rows: rows.collect(),
        summary: vec![
            line("Mean", &means, &percent),
            line("Average rank", &ranks, &|v| format!("{:.2}", -v)),
        ],
        text: false,
    }
}

/// What to hold against the p-values where data sets are not independent; `None` where they are.
pub fn families_text(results: &CompareResults) -> Option<String> {
    let families: Vec<String> = results.families.iter().map(|f| f.join(", ")).collect();
    (!families.is_empty()).then(|| {
        format!(
            "Not independent, as they share samples or a source: {}. The tests take data sets for \
             independent, so their p-values are too small here",
            families.join("; ")
        )
    })
}

/// The same behind a caption.
fn of_families(results: &CompareResults) -> String {
    families_text(results).map_or_else(String::new, |text| format!(". {text}"))
}

fn tests(results: &CompareResults, tested: &[(Metric, &Significance)]) -> Table {
    let rows = tested.iter().map(|(metric, found)| {
        let [df1, df2] = found.iman_davenport.degrees_of_freedom;
        let f = found.iman_davenport.f;
        let mut row = vec![
            title(*metric).to_owned(),
            format!("{:.2}", found.friedman.chi_squared),
            found.friedman.degrees_of_freedom.to_string(),
            p_text(found.friedman.p_value),
            f.map_or_else(|| "∞".to_owned(), |f| format!("{f:.2}")),
            format!("{df1}, {df2}"),
            p_text(found.iman_davenport.p_value),
            format!("{} ({})", p_text(found.p_value), kind_of_p(found)),
        ];
        let differences = found.nemenyi.iter();
        row.extend(differences.map(|d| format!("{:.3}", d.critical_difference)));
        row.into_iter().map(Cell::plain).collect()
    });
    let heads = ["χ²", "df", "p", "F", "df", "p", "p of all orders"].map(str::to_owned);
    let differences = tested
        .first()
        .map(|(_, found)| found.nemenyi.as_slice())
        .unwrap_or_default();
    let differences = differences.iter().map(|d| format!("CD {}", d.alpha));
    let n = tested.first().map_or(0, |(_, found)| found.n_sets);
    Table {
        label: "tests".to_owned(),
        caption: format!(
            "Do the methods differ over {n} data sets? Friedman's test, that of Iman and Davenport, the \
             p-value over all orders of the ranks within the data sets (exact, sampled, or the approximation of Iman and \
             Davenport where there are too many), and Nemenyi's critical differences of average ranks{}",
            of_families(results)
        ),
        header: header("Metric", heads.into_iter().chain(differences)),
        rows: rows.collect(),
        summary: Vec::new(),
        text: false,
    }
}

fn comparisons(results: &CompareResults, metric: Metric, found: &Significance) -> Table {
    let name = |id: &str| {
        let method = results.methods.iter().find(|m| m.id == id);
        method.map_or(id, |m| m.name.as_str()).to_owned()
    };
    let rank = |id: &str| {
        let method = results.methods.iter().find(|m| m.id == id)?;
        Some(method.metrics.get(&metric.key())?.average_rank)
    };
    let rows = found.comparisons.iter().map(|c| {
        [
            name(&c.method),
            rank(&c.method).map_or_else(String::new, |r| format!("{r:.2}")),
            c.wins.to_string(),
            c.ties.to_string(),
            c.losses.to_string(),
            format!("{:.1}", c.wilcoxon.rank_sum_first),
            format!("{:.1}", c.wilcoxon.rank_sum_second),
            p_text(c.wilcoxon.p_value),
            p_text(c.wilcoxon_p_holm),
            format!("{:.2}", c.z),
            p_text(c.z_p_holm),
        ]
        .into_iter()
        .map(Cell::plain)
        .collect()
    });
    let control = name(&found.control);
    let heads = [
        "Average rank",
        "Wins",
        "Ties",
        "Losses",
        "R⁺",
        "R⁻",
        "p",
        "p (Holm)",
        "z",
        "p of z (Holm)",
    ];
    let own = rank(&found.control).map_or_else(String::new, |r| format!(", average rank {r:.2}"));
    Table {
        label: format!("against-{}-{}", found.control, metric.name()),
        caption: format!(
            "{} against {control}{own}: wins, ties and losses of {control}, Wilcoxon's signed-rank test \
             (R⁺ where {control} is better), and the difference of average ranks{}",
            title(metric),
            of_families(results)
        ),
        header: header("Method", heads.into_iter().map(str::to_owned)),
        rows: rows.collect(),
        summary: Vec::new(),
        text: false,
    }
}

fn skipped(results: &CompareResults) -> Table {
    let rows = results.skipped.iter();
    Table {
        label: "skipped".to_owned(),
        caption: "Data sets left out".to_owned(),
        header: vec!["Data set".to_owned(), "Reason".to_owned()],
        rows: rows
            .map(|s| vec![Cell::plain(&s.name), Cell::plain(&s.reason)])
            .collect(),
        summary: Vec::new(),
        text: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_keep_two_digits_and_ties_are_all_best() {
        assert_eq!(p_text(0.04321), "0.0432");
        assert_eq!(p_text(0.000_123), "1.2e-4");
        assert_eq!(p_text(0.0), "0.0000");
        assert_eq!(best_of(&[0.5, 0.7, 0.7 - 1e-14]), [false, true, true]);
        assert_eq!(best_of(&[f64::NAN, 0.1]), [false, true]);
    }
}
