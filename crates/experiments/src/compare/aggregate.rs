//! From units to tables: means, ranks and tests.

use std::collections::BTreeMap;

use fuzzysvm_estimator::Copies;
use fuzzysvm_evaluation::{Metric, average_ranks, mean_std};

use super::families::families;
use super::results::{
    CompareResults, FoldResult, MethodSummary, Overall, SetMethod, SetResult, Skipped, Spread,
    UnitOutcome,
};
use super::{CompareError, CompareSettings, DataSet, METRICS, significance};

/// Puts the results together; `used` holds the data sets with all their units, in order.
pub(super) fn assemble(
    settings: &CompareSettings,
    used: Vec<(&DataSet, Vec<UnitOutcome>)>,
    skipped: Vec<Skipped>,
) -> Result<CompareResults, CompareError> {
    let all: Vec<&DataSet> = used.iter().map(|(set, _)| *set).collect();
    let name = |i: usize| all[i].name().to_owned();
    let families = families(&all)
        .into_iter()
        .map(|family| family.into_iter().map(name).collect())
        .collect();
    let sets = used
        .into_iter()
        .map(|(set, units)| set_result(settings, set, units))
        .collect::<Result<Vec<_>, _>>()?;
    let mut methods: Vec<MethodSummary> = settings
        .methods
        .iter()
        .map(|method| MethodSummary {
            id: method.id().to_owned(),
            name: method.title().to_owned(),
            metrics: BTreeMap::new(),
        })
        .collect();
    let control = settings.methods.iter().position(|m| *m == settings.control);
    let mut tests = BTreeMap::new();
    for &metric in METRICS {
        let table = table_of(&sets, metric);
        let ranks = average_ranks(&table)?;
        for (m, (method, average_rank)) in methods.iter_mut().zip(ranks).enumerate() {
            let mean = sets
                .iter()
                .map(|s| mean_of(&s.methods[m], metric))
                .sum::<f64>();
            let overall = Overall {
                mean: mean / sets.len() as f64,
                average_rank,
            };
            method.metrics.insert(metric.key(), overall);
        }
        let found = match control {
            Some(control) => significance::test(&table, &settings.methods, control)?,
            None => None,
        };
        tests.insert(metric.key(), found);
    }
    Ok(CompareResults {
        schema: 1,
        settings: settings.clone(),
        metric: None,
        methods,
        tests,
        sets,
        families,
        skipped,
        provenance: None,
    })
}

/// Rows are data sets, columns are methods. Means are rounded to twelve places: sums of the same folds in
/// another order must tie.
fn table_of(sets: &[SetResult], metric: Metric) -> Vec<Vec<f64>> {
    let rounded = |m: &SetMethod| (mean_of(m, metric) * 1e12).round() / 1e12;
    sets.iter()
        .map(|set| set.methods.iter().map(rounded).collect())
        .collect()
}

fn mean_of(method: &SetMethod, metric: Metric) -> f64 {
    method
        .metrics
        .get(&metric.key())
        .map_or(f64::NAN, |s| s.mean)
}

fn set_result(
    settings: &CompareSettings,
    set: &DataSet,
    units: Vec<UnitOutcome>,
) -> Result<SetResult, CompareError> {
    let counts = set.class_counts();
    let copies = Copies::of(set.x().view(), set.y());
    let [negative_class, positive_class] = set.table().class_names.clone();
    let mut folds: Vec<Vec<FoldResult>> = vec![Vec::new(); settings.methods.len()];
    for unit in units {
        for (all, outcome) in folds.iter_mut().zip(unit.methods) {
            all.push(FoldResult {
                repeat: unit.repeat,
                fold: unit.fold,
                outcome,
            });
        }
    }
    let methods = settings
        .methods
        .iter()
        .zip(folds)
        .map(|(method, folds)| {
            let mut metrics = BTreeMap::new();
            for &metric in METRICS {
                let key = metric.key();
                let values: Vec<f64> = folds
                    .iter()
                    .filter_map(|f| f.outcome.metrics.get(&key).copied())
                    .collect();
                let found = mean_std(&values)?;
                let spread = Spread {
                    mean: found.mean,
                    std: found.std,
                };
                metrics.insert(key, spread);
            }
            Ok(SetMethod {
                id: method.id().to_owned(),
                metrics,
                folds,
            })
        })
        .collect::<Result<_, CompareError>>()?;
    Ok(SetResult {
        name: set.name().to_owned(),
        source: set.source().to_owned(),
        n_samples: set.y().len(),
        n_features: set.x().n_cols(),
        n_positive: counts.positive,
        n_negative: counts.negative,
        imbalance_ratio: counts.negative as f64 / counts.positive as f64,
        positive_class,
        negative_class,
        n_copies: copies.n_copies,
        n_contradicting_copies: copies.n_contradicting,
        methods,
    })
}
