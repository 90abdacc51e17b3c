//! The lending pipeline on simulated loans, and on the real file where it is there.

use std::path::Path;

use fuzzysvm_datasets::lending_club::{LoanBook, Month, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_estimator::{LoanData, Method};
use fuzzysvm_experiments::lend::figures::MethodFigures;
use fuzzysvm_experiments::lend::{
    self, Buy, Forecast, LendRun, LendSettings, MetricResult, Split, TrialOutcome,
};
use fuzzysvm_portfolio::ReturnKind;

const TEST_FROM: &str = "2010-07";

pub(super) fn simulated_csv(n_loans: u64) -> String {
    let mut file = Vec::new();
    SimulatedBook { n_loans, seed: 5 }
        .write_to(&mut file)
        .unwrap();
    String::from_utf8(file).unwrap()
}

pub(super) fn read(csv: &str) -> LoanData {
    let book = LoanBook::from_reader(csv.as_bytes(), ReadOptions::default()).unwrap();
    LoanData::new(book, &Selection::default())
}

fn methods(names: &[&str]) -> Vec<Method> {
    let named = |name: &&str| Method::named(name).unwrap();
    names.iter().map(named).collect()
}

/// Small enough for a debug build.
pub(super) fn small() -> LendSettings {
    {
        let mut s = LendSettings::default();
        s.trials = 2;
        s.train = 240;
        s.test = 240;
        s.methods = methods(&[
            "cs-adaboost",
            "class-cost",
            "cs-rf",
            "easy-ensemble",
            "efsvm",
            "rusboost",
            "w-elm",
            "cs-xgboost",
            "iefsvm",
        ]);
        s.tuning.c = vec![1.0, 4.0];
        s.tuning.gamma = vec![0.01, 0.05];
        s.tuning.ks = vec![1, 3, 7];
        s
    }
}

fn out_of_time() -> LendSettings {
    {
        let mut s = small();
        s.split = Split::OutOfTime {
            test_from: Some(TEST_FROM.to_owned()),
        };
        s
    }
}

fn run(loans: &LoanData, settings: &LendSettings) -> LendRun {
    lend::run(loans, settings, "simulated", &|_| {}).unwrap()
}

/// The same file, in which every second loan whose outcome was known in `month` or later ends otherwise:
/// paid loans are charged off with half of the money, charged-off ones lose another part of it.
fn with_later_outcomes_changed(csv: &str, book: &LoanBook, month: Month) -> (String, usize) {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(csv.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let (mut header, mut loans, mut changed) = (Vec::new(), book.loans(), 0);
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        let place = |name: &str| header.iter().position(|h| h == name).unwrap();
        if cells.iter().any(|c| c == "loan_status") {
            header = cells.clone();
        } else if !header.is_empty() && cells.len() == header.len() {
            let status = place("loan_status");
            if !cells[status].is_empty() {
                let loan = loans.next().unwrap();
                let later = loan.outcome_known().is_some_and(|known| known >= month);
                if later && loan.row() % 2 == 0 {
                    cells[status] = cells[status].replace("Fully Paid", "Charged Off");
                    let recovered: f64 = cells[place("recoveries")].parse().unwrap();
                    let total = &mut cells[place("total_pymnt")];
                    let before: f64 = total.parse().unwrap();
                    *total = format!("{:.2}", recovered + 0.5 * (before - recovered));
                    changed += 1;
                }
            }
        }
        writer.write_record(&cells).unwrap();
    }
    assert!(loans.next().is_none(), "a loan was not met");
    (
        String::from_utf8(writer.into_inner().unwrap()).unwrap(),
        changed,
    )
}

#[test]
fn later_outcomes_change_nothing_in_training() {
    let csv = simulated_csv(6000);
    let book = read(&csv);
    let month: Month = TEST_FROM.parse().unwrap();
    let (changed_csv, changed) = with_later_outcomes_changed(&csv, book.book(), month);
    assert!(changed > 1000, "only {changed} loans are concerned");
    let changed_book = read(&changed_csv);
    let (a, b) = (
        run(&book, &out_of_time()),
        run(&changed_book, &out_of_time()),
    );
    for (m, n) in a.results.methods.iter().zip(&b.results.methods) {
        for (s, t) in m.trials.iter().zip(&n.trials) {
            assert_eq!(
                (&s.chosen, s.n_support),
                (&t.chosen, t.n_support),
                "{}",
                m.id
            );
        }
    }
    // Scores and forecasts of the test loans are those of the same models, bit for bit.
    assert!(!a.purchases.is_empty());
    let blind = |run: &LendRun| {
        let of = |p: &lend::Purchase| {
            (
                p.trial,
                p.method.clone(),
                p.loan.clone(),
                p.score.map(f64::to_bits),
                p.forecast.to_bits(),
            )
        };
        run.purchases.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(blind(&a), blind(&b));
    // The change is real: the same loans brought less.
    let brought = |run: &LendRun| run.purchases.iter().map(|p| p.realised).sum::<f64>();
    assert!(brought(&b) < brought(&a) - 1.0);
    // And the random split, which does look ahead, is changed by it.
    let (c, d) = (run(&book, &small()), run(&changed_book, &small()));
    assert_ne!(blind(&c), blind(&d));
}

#[test]
fn training_loans_end_before_the_first_test_month_and_test_loans_begin_in_it() {
    let book = read(&simulated_csv(6000));
    let out = run(&book, &out_of_time());
    let kept = book.selected();
    let month: Month = TEST_FROM.parse().unwrap();
    let known = |&&r: &&usize| book.book().loan(r).outcome_known().unwrap() < month;
    let later = |&&r: &&usize| book.book().loan(r).issue_month() >= month;
    assert_eq!(
        out.results.split.train_pool,
        kept.rows.iter().filter(known).count()
    );
    assert_eq!(
        out.results.split.test_pool,
        kept.rows.iter().filter(later).count()
    );
    assert!(
        out.purchases
            .iter()
            .all(|p| p.issued.parse::<Month>().unwrap() >= month)
    );
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads_but_on_the_seed() {
    let book = read(&simulated_csv(3000));
    let with_threads = |n: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap();
        let mut settings = small();
        settings.seed = seed;

        let run = pool.install(|| run(&book, &settings));
        (serde_json::to_string(&run.results).unwrap(), run.purchases)
    };
    let one = with_threads(1, 1);
    assert_eq!(one, with_threads(3, 1));
    assert_ne!(one.1, with_threads(2, 2).1);
}

#[test]
fn peers_are_tuned_over_the_settings_of_their_name() {
    let book = read(&simulated_csv(3000));
    let mut settings = small();
    settings.methods = methods(&["w-elm", "svm", "cs-adaboost"]);

    let run_peers = run(&book, &settings);
    for method in &run_peers.results.methods {
        for trial in &method.trials {
            let chosen = &trial.chosen;
            let setting = chosen.setting.as_deref();
            if method.id == "svm" {
                assert!(chosen.c.is_some() && chosen.gamma.is_some() && setting.is_none());
                assert!(trial.n_support.is_some_and(|n| n > 0));
            } else {
                let parameter = match method.id.as_str() {
                    "w-elm" => "n_hidden=",
                    _ => "n_estimators=",
                };
                assert!(
                    setting.is_some_and(|s| s.contains(parameter)),
                    "{setting:?}"
                );
                assert_eq!((chosen.c, chosen.gamma, chosen.k), (None, None, None));
                assert_eq!((trial.n_support, trial.converged), (None, true));
            }
            assert!(chosen.cv_score.is_some_and(|s| s > 0.3 && s < 1.0));
        }
    }
    // Peers alone, and the same whoever stands beside them.
    let mut alone = small();
    alone.methods = methods(&["w-elm"]);

    let run_alone = run(&book, &alone);
    assert_eq!(
        run_alone.results.methods[0].trials,
        run_peers.results.methods[0].trials
    );
    let mut none = alone;
    none.tuning.peers = Vec::new();

    let e = lend::run(&book, &none, "x", &|_| {}).unwrap_err();
    assert!(e.to_string().contains("`peers`"), "{e}");
}

#[test]
fn trials_that_are_computed_alone_make_the_same_results() {
    let book = read(&simulated_csv(1500));
    let mut settings = small();
    settings.methods = methods(&["class-cost", "iefsvm"]);
    let alone = |trial| lend::run_trial(&book, &settings, trial, &|_, _| {}).unwrap();
    let trials = (0..settings.trials).rev().map(alone).collect();
    let none = |_: &TrialOutcome| panic!("nothing is open");
    let merged = lend::resume(&book, &settings, "x", trials, &none).unwrap();
    let whole = lend::run(&book, &settings, "x", &|_| {}).unwrap();
    let json = |run: &LendRun| serde_json::to_string(&run.results).unwrap();
    assert_eq!(json(&merged), json(&whole));
    assert_eq!(merged.purchases, whole.purchases);
}

#[test]
fn a_run_taken_up_again_is_the_run_in_one_go() {
    let book = read(&simulated_csv(3000));
    let mut settings = small();
    settings.trials = 3;

    let outcomes = std::sync::Mutex::new(Vec::new());
    let keep = |o: &TrialOutcome| outcomes.lock().unwrap().push(o.clone());
    let whole = lend::run(&book, &settings, "x", &keep).unwrap();
    let outcomes = outcomes.into_inner().unwrap();
    assert_eq!(outcomes.len(), 3);
    // Two of the three, through JSON as a file would have it.
    let two: Vec<TrialOutcome> = outcomes
        .iter()
        .filter(|o| o.trial != 1)
        .map(|o| serde_json::from_str(&serde_json::to_string(o).unwrap()).unwrap())
        .collect();
    let repeated = std::sync::Mutex::new(Vec::new());
    let note = |o: &TrialOutcome| repeated.lock().unwrap().push(o.trial);
    let again = lend::resume(&book, &settings, "x", two, &note).unwrap();
    assert_eq!(repeated.into_inner().unwrap(), [1]);
    assert_eq!(
        serde_json::to_string(&again.results).unwrap(),
        serde_json::to_string(&whole.results).unwrap()
    );
    assert_eq!(again.purchases, whole.purchases);
}

#[test]
fn the_schema_of_results_json_is_the_documented_one() {
    let book = read(&simulated_csv(3000));
    let run = run(&book, &small());
    let json = serde_json::to_value(&run.results).unwrap();
    assert_eq!(json["schema"], 2);
    assert_eq!(json["source"], "simulated");
    for key in ["read", "kept", "dropped"] {
        assert!(!json["loans"][key].is_null(), "loans.{key}");
    }
    let iefsvm = json["methods"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["name"] == "IEFSVM");
    let metrics = &iefsvm.unwrap()["metrics"];
    for name in [
        "balanced_accuracy",
        "precision_paid",
        "predicted_negative_rate",
        "return_top",
        "roc_auc",
        "g_mean",
    ] {
        for key in ["mean", "std", "rank"] {
            assert!(metrics[name][key].is_number(), "{name}.{key}: {metrics}");
        }
        let mean = metrics[name]["mean"].as_f64().unwrap();
        assert!(mean.abs() <= 1.0, "{name} is a fraction: {mean}");
    }
    assert!(metrics["return_over_std"]["value"].is_number());
    assert_eq!(iefsvm.unwrap()["trials"].as_array().unwrap().len(), 2);
    let names: Vec<_> = json["benchmarks"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 3);
    assert!(names.iter().all(|b| b["return"]["mean"].is_number()));
    assert!(json["market"]["return"]["mean"].is_number());
    let claims = json["claims"].as_array().unwrap();
    // First and above EFSVM in five columns, more than double in one.
    assert_eq!(claims.len(), 11);
    for c in claims {
        for key in ["column", "claim", "sentence"] {
            assert!(c[key].is_string(), "{key}: {c}");
        }
        // Two trials are too few for an interval, and leave the claim open.
        assert!(c["published"].is_number() && c["holds"].is_null(), "{c}");
        assert!(c["interval"].is_null(), "{c}");
    }
}

#[test]
fn what_is_reported_follows_from_what_was_bought() {
    let book = read(&simulated_csv(3000));
    let mut settings = small();
    settings.returns = ReturnKind::Irr;

    let run = run(&book, &settings);
    // Another return than the published one.
    assert!(run.results.claims.is_empty());
    for method in &run.results.methods {
        for trial in &method.trials {
            let bought: Vec<_> = run
                .purchases
                .iter()
                .filter(|p| p.method == method.id && p.trial == trial.trial)
                .collect();
            assert_eq!(bought.len(), trial.n_bought);
            let mean = bought.iter().map(|p| p.realised).sum::<f64>() / bought.len() as f64;
            assert!((mean - trial.return_top.unwrap()).abs() < 1e-12);
            let spent: f64 = bought.iter().map(|p| p.amount).sum();
            assert!((spent - settings.budget).abs() < 1e-6);
            // Only loans predicted paid are bought, a tenth of them, those that promise most.
            assert!(bought.iter().all(|p| p.score.unwrap() <= 0.0));
            let tenth = (0.1 * trial.n_predicted_paid as f64 + 0.5).floor().max(1.0);
            assert_eq!(trial.n_bought as f64, tenth);
        }
        let Some(MetricResult::Spread(s)) = method.metrics.get("return_top") else {
            panic!("{} has no return", method.id)
        };
        let of = |i: usize| method.trials[i].return_top.unwrap();
        assert!((s.mean.unwrap() - (of(0) + of(1)) / 2.0).abs() < 1e-12);
    }
}

/// A number of loans, those that promise enough, or amounts by forecast and variance.
#[test]
fn rules_decide_what_is_bought() {
    let loans = read(&simulated_csv(2_000));
    let with = |rule| {
        let mut settings = small();
        settings.rule = rule;
        settings.methods = methods(&["class-cost"]);
        settings.tuning.c = vec![1.0];
        settings.tuning.gamma = vec![0.02];
        run(&loans, &settings)
    };
    let trials = |run: &LendRun| run.results.methods[0].trials.clone();
    let seven = with(Buy::TopN(7));
    assert!(trials(&seven).iter().all(|t| t.n_bought == 7));
    let enough = with(Buy::Threshold(0.15));
    assert!(enough.purchases.iter().all(|p| p.forecast >= 0.15));
    assert!(!enough.purchases.is_empty());
    for trial in trials(&with(Buy::Threshold(0.99))) {
        assert_eq!((trial.n_bought, trial.return_top), (0, None));
    }
    let weighed = with(Buy::MeanVariance(5.0));
    for trial in trials(&weighed) {
        let bought = weighed.purchases.iter();
        let bought = bought.filter(|p| (p.trial, p.method.as_str()) == (trial.trial, "class-cost"));
        let (mut spent, mut gained, mut most) = (0.0, 0.0, 0.0f64);
        for p in bought {
            spent += p.amount;
            gained += p.amount * p.realised;
            most = most.max(p.amount);
        }
        assert!((spent - 10_000.0).abs() < 1e-3, "{spent}");
        assert!((trial.return_top.unwrap() - gained / spent).abs() < 1e-9);
        // Amounts differ.
        assert!(most > 1.01 * spent / trial.n_bought as f64);
    }
    // The published claims are about the top tenth.
    assert!(weighed.results.claims.is_empty() && seven.results.claims.is_empty());
}

/// The linear regression, as ever; the others choose other loans, and Benchmark 1 has no probability.
#[test]
fn forecasts_are_those_asked_for() {
    let loans = read(&simulated_csv(3000));
    let with = |forecast: Forecast| {
        let mut settings = small();
        settings.methods = methods(&["class-cost", "iefsvm"]);
        settings.keep_scores = true;
        settings.forecast = forecast;
        run(&loans, &settings)
    };
    let linear = with(Forecast::Linear);
    assert_eq!(linear.results.forecast, "forecast if paid");
    let benchmark = |run: &LendRun| run.results.benchmarks[0].trials.clone();
    for forecast in [Forecast::Ridge, Forecast::Instances] {
        let other = with(forecast);
        assert_eq!(other.results.forecast, "forecast if paid");
        assert_ne!(benchmark(&other), benchmark(&linear));
        // The same classifiers.
        for (a, b) in other.results.methods.iter().zip(&linear.results.methods) {
            assert_eq!(a.trials[0].roc_auc, b.trials[0].roc_auc);
        }
    }
    let expected = with(Forecast::Expected);
    assert_eq!(expected.results.forecast, "expected return");
    let of_benchmark = expected.results.benchmark_1_forecast;
    assert_eq!(of_benchmark, Some("forecast if paid"));
    assert_eq!(benchmark(&expected), benchmark(&linear));
    let names: Vec<&str> = expected
        .results
        .figures
        .portfolios
        .iter()
        .map(|p| p.name.as_str())
        .collect();
    assert!(
        names.contains(&"Benchmark 1: forecast if paid alone"),
        "{names:?}"
    );
    let all = expected.results.figures.figures.as_ref().unwrap();
    assert!(all.methods.values().all(|m| m.calibration.is_some()));
    let designated = linear.results.figures.figures.as_ref().unwrap();
    let calibrated =
        |(id, m): (&String, &MethodFigures)| m.calibration.is_some().then(|| id.clone());
    let calibrated: Vec<String> = designated.methods.iter().filter_map(calibrated).collect();
    assert_eq!(calibrated, ["iefsvm"]);
    // f = p r + (1 − p) r_paid for one return r of charged-off loans: of the loans bought in the first trial, whose p and r_paid
    // are known, every one gives the same r.
    let bought = expected.results.figures.bought.as_ref().unwrap();
    let scores = linear.scores.as_ref().unwrap();
    let lost: Vec<f64> = bought
        .loans
        .iter()
        .map(|loan| {
            let mut same = scores
                .loans
                .iter()
                .filter(|s| s.trial == 0 && s.loan == loan.loan);
            let (if_paid, p) = (same.next().unwrap().forecast, loan.probability.unwrap());
            (loan.forecast - (1.0 - p) * if_paid) / p
        })
        .collect();
    assert!(lost.len() > 3 && lost[0] < -0.2, "{lost:?}");
    assert!(lost.iter().all(|l| (l - lost[0]).abs() < 1e-9), "{lost:?}");
    // Every column of scores.csv.gz is what was bought by.
    let own = &expected.scores.as_ref().unwrap().loans;
    for purchase in expected.purchases.iter().filter(|p| p.method == "iefsvm") {
        let mut same = own
            .iter()
            .filter(|s| s.trial == purchase.trial && s.loan == purchase.loan);
        assert_eq!(same.next().unwrap().method_forecasts[1], purchase.forecast);
    }
}

/// One column of every full set of indicators is a combination of the others.
#[test]
fn columns_that_the_regression_does_not_need_are_named() {
    let loans = read(&simulated_csv(3000));
    let mut settings = small();
    let plan = lend::plan(&loans, &settings).unwrap();
    let redundant = &plan.features.redundant;
    let sets = ["home_ownership=", "verification_status=", "purpose="];
    for set in sets {
        let n = redundant
            .iter()
            .filter(|name| name.starts_with(set))
            .count();
        assert_eq!(n, 1, "{set}: {redundant:?}");
    }
    settings.forecast = Forecast::Instances;
    let plan = lend::plan(&loans, &settings).unwrap();
    assert!(plan.features.redundant.is_empty());
}

#[test]
fn the_real_file_has_its_reference_counts() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/lending-club/LoanStats_2007_2010.csv.gz"
    );
    if !Path::new(path).exists() {
        eprintln!("skipped: ../shared is absent");
        return;
    }
    let loans = LoanData::read(path.as_ref(), &Selection::default()).unwrap();
    let mut settings = small();
    settings.trials = 1;
    settings.methods = methods(&["iefsvm"]);

    let run = lend::run(&loans, &settings, path, &|_| {}).unwrap();
    let loans = &run.results.loans;
    assert_eq!(
        (loans.read, loans.kept, loans.charged_off),
        (20_814, 14_995, 1_728)
    );
    assert!(
        (loans.market_return - 0.0875).abs() < 1e-4,
        "{}",
        loans.market_return
    );
    assert_eq!(
        loans.kept + loans.dropped.values().sum::<usize>(),
        loans.read
    );
}
