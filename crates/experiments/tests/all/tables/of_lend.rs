//! The tables of trials on simulated loans.

use std::sync::LazyLock;

use fuzzysvm_estimator::{LoanData, Method};
use fuzzysvm_experiments::Rank;
use fuzzysvm_experiments::lend::tables::all;
use fuzzysvm_experiments::lend::{
    self, ClaimKind, LendResults, LendSettings, MethodResult, MethodTrial, published,
};
use fuzzysvm_experiments::tables::Table;

use super::{deviation, mean, named, ranks, row, texts};
use crate::lend::{read, simulated_csv};

static LOANS: LazyLock<LoanData> = LazyLock::new(|| read(&simulated_csv(1500)));

fn settings(methods: &[&str], trials: usize) -> LendSettings {
    let mut s = LendSettings::default();
    s.trials = trials;
    s.train = 240;
    s.test = 200;
    let of = |name: &&str| Method::named(name).unwrap();
    s.methods = methods.iter().map(of).collect();
    s.tuning.c = vec![1.0, 4.0];
    s.tuning.gamma = vec![0.02];
    s.tuning.ks = vec![1, 3];
    s
}

fn run(settings: &LendSettings, source: &str) -> LendResults {
    let run = lend::run(&LOANS, settings, source, &|_| {});
    run.unwrap().results
}

/// As published: random splits, the best tenth of the loans predicted paid.
pub(super) static RESULTS: LazyLock<LendResults> =
    LazyLock::new(|| run(&settings(&["svm", "efsvm", "iefsvm"], 3), "simulated"));
static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| all(&RESULTS));

/// A figure of the trials that define it.
type OfTrial = fn(&MethodTrial) -> Option<f64>;

fn of_trials(method: &MethodResult, of: OfTrial) -> Vec<f64> {
    method.trials.iter().filter_map(of).collect()
}

/// Mean over standard deviation of the return.
fn ratio(method: &MethodResult) -> f64 {
    let returns = of_trials(method, |t| t.return_top);
    mean(&returns) / deviation(&returns)
}

#[test]
fn tables_stand_in_their_order() {
    let labels: Vec<&str> = TABLES.iter().map(|table| table.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "classifiers",
            "investment",
            "further-metrics",
            "differences",
            "claims"
        ]
    );
    for table in TABLES.iter() {
        assert!(
            table.caption.contains("(simulated loans)"),
            "{}",
            table.caption
        );
        assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
    }
}

#[test]
fn classifiers_are_means_and_deviations_over_the_trials_with_ranks() {
    let table = named(&TABLES, "classifiers");
    assert_eq!(
        table.header,
        [
            "Method",
            "AUC (bal. acc.)",
            "Precision",
            "Pred. default",
            "Return top 10 %",
            "Return/sd"
        ]
    );
    let by = "bought by forecast if paid among those predicted paid";
    assert!(table.caption.ends_with(by), "{}", table.caption);
    let columns: [OfTrial; 4] = [
        |t| Some(t.balanced_accuracy),
        |t| t.precision_paid,
        |t| Some(t.predicted_negative_rate),
        |t| t.return_top,
    ];
    let methods = &RESULTS.methods;
    for (column, of) in columns.into_iter().enumerate() {
        let of_methods: Vec<Vec<f64>> = methods.iter().map(|m| of_trials(m, of)).collect();
        let means: Vec<f64> = of_methods.iter().map(|values| mean(values)).collect();
        for ((method, values), rank) in methods.iter().zip(&of_methods).zip(ranks(&means)) {
            let cell = &row(table, &method.name)[column];
            let (mean, sd) = (100.0 * mean(values), 100.0 * deviation(values));
            assert_eq!(cell.text, format!("{mean:.2} ± {sd:.2} ({rank})"));
            // To predict more defaults is neither better nor worse.
            assert_eq!(cell.best, rank == 1.0 && column != 2, "{}", cell.text);
        }
    }
    let ratios: Vec<f64> = methods.iter().map(ratio).collect();
    for ((method, value), rank) in methods.iter().zip(&ratios).zip(ranks(&ratios)) {
        let cell = &row(table, &method.name)[4];
        assert_eq!(cell.text, format!("{value:.3} ({rank})"));
        assert_eq!(cell.best, rank == 1.0);
    }
}

/// Below the two published methods that ran, with their ranks among the eight.
#[test]
fn published_figures_stand_below_their_methods() {
    let table = named(&TABLES, "classifiers");
    let names: Vec<&str> = table.rows.iter().map(|row| row[0].text.as_str()).collect();
    assert_eq!(
        names,
        ["SVM", "EFSVM", "  published", "IEFSVM", "  published"]
    );
    let percent = |s: published::Spread| format!("{:.2} ± {:.2}", 100.0 * s.mean, 100.0 * s.std);
    for (place, id) in [(2, "efsvm"), (4, "iefsvm")] {
        let of = published::row_of(id).unwrap();
        let rank = |of_row: fn(&published::PublishedRow) -> f64| {
            let all: Vec<f64> = published::ROWS.iter().map(of_row).collect();
            let own = published::ROWS.iter().position(|r| r.id == id).unwrap();
            ranks(&all)[own]
        };
        let expected = [
            format!(
                "{} ({})",
                percent(of.balanced_accuracy),
                rank(|r| r.balanced_accuracy.mean)
            ),
            format!("{} ({})", percent(of.precision), rank(|r| r.precision.mean)),
            format!(
                "{} ({})",
                percent(of.predicted_negative_rate),
                rank(|r| r.predicted_negative_rate.mean)
            ),
            format!(
                "{} ({})",
                percent(of.return_top),
                rank(|r| r.return_top.mean)
            ),
            format!(
                "{:.3} ({})",
                of.return_over_std,
                rank(|r| r.return_over_std)
            ),
        ];
        assert_eq!(texts(&table.rows[place][1..]), expected);
        assert!(table.rows[place].iter().all(|cell| !cell.best));
    }
}

#[test]
fn benchmarks_stand_above_the_market() {
    let table = named(&TABLES, "investment");
    let caption = "realised return in %, Benchmark 1 by forecast if paid";
    assert!(table.caption.ends_with(caption), "{}", table.caption);
    let spread = |values: &[f64]| {
        let (mean, sd) = (100.0 * mean(values), 100.0 * deviation(values));
        format!("{mean:.2} ± {sd:.2}")
    };
    let iefsvm = &RESULTS.methods[2];
    let trials = |name: &str| -> Vec<f64> {
        let found = RESULTS.benchmarks.iter().find(|b| b.name == name);
        found.unwrap().trials.iter().copied().flatten().collect()
    };
    // All loans predicted paid, and the best of them, by IEFSVM.
    assert_eq!(
        trials("Benchmark 2"),
        of_trials(iefsvm, |t| t.return_predicted_paid)
    );
    assert_eq!(trials("IEFSVM"), of_trials(iefsvm, |t| t.return_top));
    let names = [
        ("Benchmark 1", "Benchmark 1 (no classifier)"),
        ("Benchmark 2", "Benchmark 2 (no forecast)"),
        ("IEFSVM", "IEFSVM"),
    ];
    for ((name, title), (_, of, ratio)) in names.into_iter().zip(published::BENCHMARKS) {
        let values = trials(name);
        let expected = [
            spread(&values),
            format!("{:.3}", mean(&values) / deviation(&values)),
            format!("{:.2} ± {:.2}", 100.0 * of.mean, 100.0 * of.std),
            format!("{ratio:.3}"),
        ];
        assert_eq!(texts(row(table, title)), expected);
    }
    let market = row(table, "Market (every test loan)");
    let found = RESULTS.market.returns;
    let expected = format!(
        "{:.2} ± {:.2}",
        100.0 * found.mean.unwrap(),
        100.0 * found.std.unwrap()
    );
    assert_eq!(texts(market), [&expected, "", "", ""]);
}

#[test]
fn further_metrics_are_means_and_of_defaults_the_fewest_are_best() {
    let table = named(&TABLES, "further-metrics");
    let columns: [(&str, OfTrial); 7] = [
        ("Ranking AUC", |t| Some(t.roc_auc)),
        ("PR-AUC", |t| Some(t.pr_auc)),
        ("G-mean", |t| Some(t.g_mean)),
        ("KS", |t| Some(t.ks)),
        ("MCC", |t| Some(t.mcc)),
        ("Defaults bought", |t| t.default_rate_top),
        ("Return by size", |t| t.return_top_capital_weighted),
    ];
    for (place, (head, of)) in columns.into_iter().enumerate() {
        assert_eq!(table.header[1 + place], head);
        let methods = RESULTS.methods.iter();
        let means: Vec<f64> = methods.map(|m| mean(&of_trials(m, of))).collect();
        let sign = if head == "Defaults bought" { -1.0 } else { 1.0 };
        let better: Vec<f64> = means.iter().map(|m| sign * m).collect();
        for ((method, mean), rank) in RESULTS.methods.iter().zip(&means).zip(ranks(&better)) {
            let cell = &row(table, &method.name)[place];
            assert_eq!(cell.text, format!("{:.2} ({rank})", 100.0 * mean));
            assert_eq!(cell.best, rank == 1.0, "{head}: {}", cell.text);
        }
    }
}

#[test]
fn differences_are_means_over_pairs_of_trials() {
    let table = named(&TABLES, "differences");
    let names: Vec<&str> = table.rows.iter().map(|row| row[0].text.as_str()).collect();
    assert_eq!(names, ["SVM", "EFSVM"]);
    let columns: [(&str, OfTrial); 3] = [
        ("balanced_accuracy", |t| Some(t.balanced_accuracy)),
        ("roc_auc", |t| Some(t.roc_auc)),
        ("return_top", |t| t.return_top),
    ];
    let iefsvm = &RESULTS.methods[2];
    for method in &RESULTS.methods[..2] {
        for (place, (metric, of)) in columns.into_iter().enumerate() {
            let pairs = method.trials.iter().zip(&iefsvm.trials);
            let differences: Vec<f64> = pairs.filter_map(|(a, b)| Some(of(a)? - of(b)?)).collect();
            let found = method.versus_iefsvm[metric];
            assert!((found.mean - mean(&differences)).abs() < 1e-12);
            // The interval of a t-test lies evenly around the mean.
            assert!((found.low + found.high - 2.0 * found.mean).abs() < 1e-12);
            let text = format!(
                "{:+.2} [{:+.2}, {:+.2}] p {:.3}",
                100.0 * mean(&differences),
                100.0 * found.low,
                100.0 * found.high,
                found.p_value
            );
            assert_eq!(row(table, &method.name)[place].text, text);
        }
    }
}

#[test]
fn claims_stand_beside_what_was_published() {
    let table = named(&TABLES, "claims");
    assert_eq!(table.rows.len(), RESULTS.claims.len());
    let [efsvm, iefsvm] = [1, 2].map(|place| &RESULTS.methods[place]);
    let [of_efsvm, of_iefsvm] = ["efsvm", "iefsvm"].map(|id| published::row_of(id).unwrap());
    let auc = |m: &MethodResult| 100.0 * mean(&of_trials(m, |t| Some(t.balanced_accuracy)));
    let first = row(table, "AUC: first");
    assert_eq!(
        texts(&first[..2]),
        [
            format!("{:.2}", 100.0 * of_iefsvm.balanced_accuracy.mean),
            format!("{:.2}", auc(iefsvm))
        ]
    );
    // The best other published method that ran.
    assert_eq!(first[4].text, "EFSVM");
    let above = row(table, "AUC: above EFSVM");
    let signed = |v: f64| match v > 0.0 {
        true => format!("+{v:.2}"),
        false => format!("{v:.2}"),
    };
    let published = 100.0 * (of_iefsvm.balanced_accuracy.mean - of_efsvm.balanced_accuracy.mean);
    let here = auc(iefsvm) - auc(efsvm);
    assert_eq!(texts(&above[..2]), [signed(published), signed(here)]);
    // A ratio is no rate.
    let ratios = row(table, "Return/sd: first");
    assert_eq!(
        texts(&ratios[..2]),
        [
            format!("{:.2}", of_iefsvm.return_over_std),
            format!("{:.2}", ratio(iefsvm))
        ]
    );
    let others = published::ROWS.iter().filter(|r| r.id != "iefsvm");
    let most = others.map(|r| r.return_over_std).fold(0.0, f64::max);
    assert_eq!(
        row(table, "Return/sd: over double")[0].text,
        format!("{:.2}", of_iefsvm.return_over_std / most)
    );
    for (cells, claim) in table.rows.iter().zip(&RESULTS.claims) {
        let rate = if claim.column == "return_over_std" {
            1.0
        } else {
            100.0
        };
        let words = match claim.holds {
            None => "open",
            Some(true) => "yes",
            Some(false) => "no",
        };
        assert_eq!(cells[3].text, words, "{}", cells[0].text);
        let interval = claim.interval.as_ref().map_or("–".to_owned(), |i| {
            format!("{:.2} to {:.2}", rate * i.low, rate * i.high)
        });
        assert_eq!(cells[4].text, interval);
        // A claim is decided where the interval leaves out 0, or of a quotient 2.
        if let Some(i) = &claim.interval {
            let bound = match claim.claim {
                ClaimKind::MoreThanDouble => 2.0,
                _ => 0.0,
            };
            let decided = !(i.low..=i.high).contains(&bound);
            assert_eq!(claim.holds, decided.then_some(i.value > bound));
        }
    }
}

/// One trial has no deviation, one method is the best of none, and other figures than the published ones stand alone.
#[test]
fn a_run_of_another_kind_says_so() {
    let with = |change: &dyn Fn(&mut LendSettings)| {
        let mut settings = settings(&["class-cost"], 1);
        change(&mut settings);
        all(&run(&settings, "mine.csv"))
    };
    for (rule, title) in [
        ("top-n=7", "Return top 7"),
        ("threshold=0.05", "Return from 5 %"),
        ("mean-variance=5", "Return mean–variance 5"),
    ] {
        let tables = with(&|s| s.rule = rule.parse().unwrap());
        assert_eq!(tables[0].header[4], title);
    }
    let tables = with(&|s| s.rule = "threshold=0.99".parse().unwrap());
    let labels: Vec<&str> = tables.iter().map(|table| table.label.as_str()).collect();
    assert_eq!(labels, ["classifiers", "investment", "further-metrics"]);
    // Nothing promises so much: no return, and none over its deviation.
    let cells = row(&tables[0], "class-cost SVM");
    assert_eq!(texts(&cells[3..]), ["–", "–"]);
    assert!(cells[0].text.ends_with(" (1)") && !cells[0].text.contains('±'));
    for table in &tables {
        assert!(!table.caption.contains("simulated"));
        assert!(table.rows.iter().flatten().all(|cell| !cell.best));
    }
    assert_eq!(tables[1].header, ["", "Return", "Return/sd"]);
    assert_eq!(
        texts(row(&tables[1], "Benchmark 1 (no classifier)")),
        ["–", "–"]
    );

    let by_score = with(&|s| s.rank = Rank::Score);
    assert!(by_score[0].caption.ends_with("bought by decision value"));
    let by_forecast = with(&|s| {
        s.rank = Rank::Forecast;
        s.top_fraction = 0.025;
        s.regression = lend::RegressionRows::All;
    });
    assert!(by_forecast[0].caption.ends_with("bought by forecast"));
    assert_eq!(by_forecast[0].header[4], "Return top 2.5 %");
    assert!(by_forecast[1].caption.ends_with("Benchmark 1 by forecast"));
}
