//! The tables of a comparison over small data sets.

use std::sync::LazyLock;

use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_estimator::Method;
use fuzzysvm_evaluation::Metric;
use fuzzysvm_experiments::compare::tables::{
    all, best_of, families_text, kind_of_p, p_text, title,
};
use fuzzysvm_experiments::compare::{
    self, CompareResults, CompareSettings, DataSet, METRICS, SetMethod,
};
use fuzzysvm_experiments::tables::Table;

use super::{mean, named, ranks, row, texts};

fn settings(methods: &[&str]) -> CompareSettings {
    let mut s = CompareSettings::default();
    let of = |name: &&str| Method::named(name).unwrap();
    s.methods = methods.iter().map(of).collect();
    s.control = s.methods.last().unwrap().clone();
    s.folds = 3;
    s.inner_folds = 2;
    s.repeats = 1;
    s.c = vec![1.0];
    s.gamma = vec![0.25];
    s.ks = vec![1, 3];
    s
}

/// Samples around a wave; every so many are positive, and lie apart. No two sets share a row.
fn set(name: &str, n: u32, every: u32, apart: f64) -> DataSet {
    let is_positive = |i: u32| i.is_multiple_of(every);
    let x = (0..n).flat_map(|i| {
        let shift = if is_positive(i) { apart } else { 0.0 };
        let wave = |f: f64| 2.0 * (f64::from(i) * f).sin();
        [wave(1.7 + apart) + shift, wave(2.9 + apart) - 0.5 * shift]
    });
    let y = (0..n).map(|i| Label::from_sign(if is_positive(i) { 1.0 } else { -1.0 }));
    let x = MatrixBuf::new(x.collect(), 2).unwrap();
    DataSet::new(name, format!("{name}.dat"), x, y.collect()).unwrap()
}

/// Four sets of which two are of one KEEL source, and one that is too small.
pub(super) static RESULTS: LazyLock<CompareResults> = LazyLock::new(|| {
    let sets = [
        set("near_1|a & b", 60, 4, 0.8),
        set("yeast1", 70, 5, 1.5),
        set("yeast-2_vs_4", 80, 6, 2.0),
        set("far", 60, 5, 1.0),
        set("few", 20, 10, 1.2),
    ];
    compare::run(&sets, &settings(&["svm", "efsvm", "iefsvm"]), &|_| {}).unwrap()
});
static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| all(&RESULTS));

/// The mean over the folds.
fn of_folds(method: &SetMethod, metric: Metric) -> f64 {
    let folds = method.folds.iter();
    let values: Vec<f64> = folds.map(|f| f.outcome.metrics[&metric.key()]).collect();
    mean(&values)
}

/// A row of means per data set.
fn table_of(metric: Metric) -> Vec<Vec<f64>> {
    let sets = RESULTS.sets.iter();
    sets.map(|set| set.methods.iter().map(|m| of_folds(m, metric)).collect())
        .collect()
}

fn columns(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..rows[0].len())
        .map(|j| rows.iter().map(|row| row[j]).collect())
        .collect()
}

fn average_ranks(metric: Metric) -> Vec<f64> {
    let of_sets: Vec<Vec<f64>> = table_of(metric).iter().map(|row| ranks(row)).collect();
    columns(&of_sets).iter().map(|c| mean(c)).collect()
}

#[test]
fn tables_stand_in_their_order() {
    let metrics = METRICS.iter().map(|m| m.key().replace('_', "-"));
    let against = METRICS
        .iter()
        .map(|m| format!("against-iefsvm-{}", m.name()));
    let expected: Vec<String> = ["overview", "sets"]
        .map(str::to_owned)
        .into_iter()
        .chain(metrics)
        .chain(["tests".to_owned()])
        .chain(against)
        .chain(["skipped".to_owned()])
        .collect();
    let labels: Vec<&str> = TABLES.iter().map(|table| table.label.as_str()).collect();
    assert_eq!(labels, expected);
    for table in TABLES.iter() {
        let rows = table.rows.iter().chain(&table.summary);
        assert!(rows.into_iter().all(|row| row.len() == table.header.len()));
    }
}

#[test]
fn the_overview_has_means_and_average_ranks() {
    let table = named(&TABLES, "overview");
    assert_eq!(
        table.caption,
        "Mean over 4 data sets in %, average rank in brackets; 3-fold cross-validation"
    );
    for (place, &metric) in METRICS.iter().enumerate() {
        assert_eq!(table.header[1 + place], title(metric));
        let ranks = average_ranks(metric);
        let least = ranks.iter().copied().fold(f64::INFINITY, f64::min);
        let means = columns(&table_of(metric));
        for ((method, values), rank) in RESULTS.methods.iter().zip(means).zip(&ranks) {
            let cell = &row(table, &method.name)[place];
            let text = format!("{:.2} ({rank:.2})", 100.0 * mean(&values));
            assert_eq!(cell.text, text, "{metric:?}");
            assert_eq!(cell.best, rank - least < 1e-12, "{metric:?}");
        }
    }
}

#[test]
fn data_sets_are_described() {
    let table = named(&TABLES, "sets");
    // Of 70 samples every fifth is positive.
    assert_eq!(
        texts(row(table, "yeast1")),
        ["70", "2", "14", &RESULTS.sets[1].positive_class, "4.00"]
    );
    assert_eq!(table.rows.len(), 4);
}

#[test]
fn every_metric_has_a_table_with_the_best_of_each_set() {
    for &metric in METRICS {
        let table = named(&TABLES, &metric.key().replace('_', "-"));
        let caption = format!("{} in %, mean of 3-fold cross-validation", title(metric));
        assert_eq!(table.caption, caption);
        assert_eq!(table.header, ["Data set", "SVM", "EFSVM", "IEFSVM"]);
        for (set, values) in RESULTS.sets.iter().zip(table_of(metric)) {
            let most = values.iter().copied().fold(f64::MIN, f64::max);
            for (cell, value) in row(table, &set.name).iter().zip(values) {
                assert_eq!(cell.text, format!("{:.2}", 100.0 * value));
                assert_eq!(cell.best, most - value < 1e-12, "{}: {metric:?}", set.name);
            }
        }
        let means: Vec<f64> = columns(&table_of(metric)).iter().map(|c| mean(c)).collect();
        let ranks = average_ranks(metric);
        let [of_means, of_ranks] = table.summary.as_slice() else {
            panic!("{} lines", table.summary.len())
        };
        assert_eq!(
            [&of_means[0].text, &of_ranks[0].text],
            ["Mean", "Average rank"]
        );
        for j in 0..means.len() {
            assert_eq!(of_means[1 + j].text, format!("{:.2}", 100.0 * means[j]));
            assert_eq!(of_ranks[1 + j].text, format!("{:.2}", ranks[j]));
            let best =
                |values: &[f64], sign: f64| values.iter().all(|v| sign * (values[j] - v) >= -1e-12);
            assert_eq!(of_means[1 + j].best, best(&means, 1.0));
            assert_eq!(of_ranks[1 + j].best, best(&ranks, -1.0));
        }
    }
}

/// χ² = 12 N/(k(k + 1)) (Σ R² − k(k + 1)²/4) where no two methods tie.
#[test]
fn tests_of_significance_are_those_of_the_ranks() {
    let table = named(&TABLES, "tests");
    assert!(
        table.caption.contains("over 4 data sets?"),
        "{}",
        table.caption
    );
    assert_eq!(table.header[8..], ["CD 0.05", "CD 0.1"]);
    let mut by_hand = 0;
    for &metric in METRICS {
        let found = RESULTS.tests[&metric.key()].as_ref().unwrap();
        let cells = texts(row(table, title(metric)));
        let ties = table_of(metric)
            .iter()
            .any(|row| ranks(row).iter().any(|rank| rank.fract() != 0.0));
        if !ties {
            let (n, k) = (4.0, 3.0);
            let squares: f64 = average_ranks(metric).iter().map(|r| r * r).sum();
            let chi2 = 12.0 * n / (k * (k + 1.0)) * (squares - k * (k + 1.0f64).powi(2) / 4.0);
            assert_eq!(cells[0], format!("{chi2:.2}"));
            let f = (n - 1.0) * chi2 / (n * (k - 1.0) - chi2);
            let f = match found.iman_davenport.f {
                None => "∞".to_owned(),
                Some(_) => format!("{f:.2}"),
            };
            assert_eq!(cells[3], f);
            by_hand += 1;
        }
        assert_eq!((cells[1], cells[4]), ("2", "2, 6"));
        assert_eq!(cells[2], p_text(found.friedman.p_value));
        assert_eq!(cells[5], p_text(found.iman_davenport.p_value));
        // Four sets of three methods are few enough to count.
        assert_eq!(kind_of_p(found), "exact");
        assert_eq!(cells[6], format!("{} (exact)", p_text(found.p_value)));
        // Nemenyi's q of three methods over √2 is 2.343 at 0.05, 2.052 at 0.10 (Demšar 2006, table 5).
        for (cell, q) in cells[7..].iter().zip([2.343, 2.052]) {
            let difference: f64 = cell.parse().unwrap();
            assert!(
                (difference - q * (12.0f64 / 24.0).sqrt()).abs() < 1.5e-3,
                "{cell}"
            );
        }
    }
    assert!(by_hand > 0, "every metric has ties");
}

#[test]
fn comparisons_count_wins_of_the_control() {
    for &metric in METRICS {
        let table = named(&TABLES, &format!("against-iefsvm-{}", metric.name()));
        let ranks = average_ranks(metric);
        let begins = format!(
            "{} against IEFSVM, average rank {:.2}: wins, ties and losses of IEFSVM",
            title(metric),
            ranks[2]
        );
        assert!(table.caption.starts_with(&begins), "{}", table.caption);
        let found = RESULTS.tests[&metric.key()].as_ref().unwrap();
        for (j, name) in ["SVM", "EFSVM"].into_iter().enumerate() {
            let cells = texts(row(table, name));
            let rows = table_of(metric);
            let count = |is: &dyn Fn(f64) -> bool| {
                let counted = rows.iter().filter(|row| is(row[2] - row[j]));
                counted.count().to_string()
            };
            assert_eq!(cells[0], format!("{:.2}", ranks[j]));
            assert_eq!(
                cells[1..4],
                [
                    count(&|d| d > 1e-12),
                    count(&|d| d.abs() <= 1e-12),
                    count(&|d| d < -1e-12)
                ]
            );
            // The ranks of the differences sum to N(N + 1)/2, whoever has them.
            let sums: f64 = cells[4..6].iter().map(|s| s.parse::<f64>().unwrap()).sum();
            let differ = 4.0 - cells[2].parse::<f64>().unwrap();
            assert!(
                sums == 10.0 || sums == differ * (differ + 1.0) / 2.0,
                "{sums}"
            );
            let c = &found.comparisons[j];
            assert_eq!(cells[6], p_text(c.wilcoxon.p_value));
            assert_eq!(cells[7], p_text(c.wilcoxon_p_holm));
            let z = (ranks[j] - ranks[2]) / (12.0f64 / 24.0).sqrt();
            assert_eq!(cells[8], format!("{:.2}", z + 0.0));
            assert_eq!(cells[9], p_text(c.z_p_holm));
            assert!(c.z_p_holm >= c.z_p_value && c.wilcoxon_p_holm >= c.wilcoxon.p_value);
        }
    }
}

#[test]
fn sets_that_are_not_independent_are_named_beside_every_p_value() {
    let words = "Not independent, as they share samples or a source: yeast1, yeast-2_vs_4.";
    assert!(families_text(&RESULTS).unwrap().starts_with(words));
    for table in TABLES.iter() {
        let has_p = table.label == "tests" || table.label.starts_with("against-");
        assert_eq!(table.caption.contains(words), has_p, "{}", table.label);
    }
}

#[test]
fn sets_that_are_left_out_have_their_reason() {
    let table = named(&TABLES, "skipped");
    assert!(table.text);
    let words = "3 folds: the positive class has 2 samples, but the split needs at least 3";
    assert_eq!(texts(row(table, "few")), [words]);
    assert_eq!(table.rows.len(), 1);
}

/// One set, one method, two repetitions: nothing to test, nothing left out.
#[test]
fn a_comparison_of_one_has_no_tests() {
    let mut settings = settings(&["svm"]);
    settings.repeats = 2;
    let one = compare::run(&[set("far", 60, 5, 1.0)], &settings, &|_| {}).unwrap();
    assert_eq!(one.n_short(), 0);
    let tables = all(&one);
    assert_eq!(tables.len(), 2 + METRICS.len());
    assert!(
        tables[0]
            .caption
            .ends_with("3-fold cross-validation, 2 repetitions")
    );
    assert_eq!(families_text(&one), None);
    assert_eq!(one.sets[0].methods[0].folds.len(), 6);
}

/// A unit whose training part cannot be split again says by how many folds.
#[test]
fn a_set_too_small_for_the_inner_folds_is_left_out() {
    let mut settings = settings(&["svm"]);
    settings.inner_folds = 5;
    let sets = [set("far", 60, 5, 1.0), set("rare", 40, 8, 1.2)];
    let results = compare::run(&sets, &settings, &|_| {}).unwrap();
    let reason = &results.skipped[0].reason;
    let begins = "repetition 1, fold 1: 5 inner folds: the positive class has";
    assert!(reason.starts_with(begins), "{reason}");
    // Alone it is the error, and how many more there are.
    let y = (0..40).map(|i| Label::from_sign(if i < 2 { 1.0 } else { -1.0 }));
    let x = MatrixBuf::new((0..40).map(f64::from).collect(), 1).unwrap();
    let two = DataSet::new("two", "two.csv", x, y.collect()).unwrap();
    let error = compare::run(&[sets[1].clone(), two], &settings, &|_| {}).unwrap_err();
    let error = error.to_string();
    assert!(
        error.starts_with("rare.dat: repetition 1, fold 1: 5 inner"),
        "{error}"
    );
    assert!(
        error.ends_with("(and 1 more: no data set is left)"),
        "{error}"
    );
}

#[test]
fn metrics_have_titles_and_the_best_may_be_several() {
    let titles: Vec<&str> = METRICS.iter().map(|&m| title(m)).collect();
    assert_eq!(
        titles,
        [
            "Balanced accuracy",
            "Ranking AUC",
            "G-mean",
            "F1",
            "MCC",
            "Average precision"
        ]
    );
    assert_eq!(title(Metric::Accuracy), Metric::Accuracy.name());
    assert_eq!(best_of(&[0.25, 0.5, 0.5]), [false, true, true]);
    assert!(compare::tables::mean(&RESULTS.sets[0].methods[0], Metric::Accuracy).is_nan());
}
