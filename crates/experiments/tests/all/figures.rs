//! What a page is drawn from follows from the trials, on simulated loans.

use std::sync::LazyLock;

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_estimator::{LoanData, Method};
use fuzzysvm_evaluation::{ks_statistic, roc_auc_score};
use fuzzysvm_experiments::lend::figures::{
    CalibrationBin, CalibrationGrade, CalibrationInterval, DifferenceKind, FigureKind,
    FrontierPortfolioId, IntervalKind, PortfolioFigures, PortfolioId, SegmentBy,
};
use fuzzysvm_experiments::lend::{self, BENCHMARK_1, LendRun, LendSettings, MetricResult, Split};

static LOANS: LazyLock<LoanData> = LazyLock::new(|| {
    let mut file = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 4000,
        seed: 5,
    };
    simulated.write_to(&mut file).unwrap();
    let book = LoanBook::from_reader(file.as_slice(), ReadOptions::default()).unwrap();
    LoanData::new(book, &Selection::default())
});

fn settings(methods: &[&str]) -> LendSettings {
    let mut s = LendSettings::default();
    s.trials = 3;
    s.train = 240;
    s.test = 250;
    let named = |name: &&str| Method::named(name).unwrap();
    s.methods = methods.iter().map(named).collect();
    s.tuning.c = vec![1.0, 4.0];
    s.tuning.gamma = vec![0.02];
    s.tuning.ks = vec![1, 3, 7];
    s.keep_scores = true;
    s
}

fn run(settings: &LendSettings) -> LendRun {
    lend::run(&LOANS, settings, "simulated", &|_| {}).unwrap()
}

static RANDOM: LazyLock<LendRun> = LazyLock::new(|| run(&settings(&["efsvm", "iefsvm", "w-elm"])));

fn portfolio(run: &LendRun, id: PortfolioId) -> &PortfolioFigures {
    let mut all = run.results.figures.portfolios.iter();
    all.find(|p| p.id == id).unwrap()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} {b}");
}

/// Five significant digits.
fn about(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-4 * b.abs().max(1e-9), "{a} {b}");
}

#[test]
fn portfolios_return_what_the_trials_say() {
    let results = &RANDOM.results;
    let iefsvm = &results.methods[1];
    let MetricResult::Spread(returned) = iefsvm.metrics["return_top"] else {
        panic!("no return")
    };
    let chosen = portfolio(&RANDOM, PortfolioId::Chosen);
    assert_eq!(chosen.name, "IEFSVM, top 10 %");
    close(chosen.returns, returned.mean.unwrap());
    let market = portfolio(&RANDOM, PortfolioId::Market);
    close(market.returns, results.market.returns.mean.unwrap());
    close(market.charged_off, results.market.default_rate);
    for (id, place) in [(PortfolioId::Benchmark1, 0), (PortfolioId::Benchmark2, 1)] {
        let expected = results.benchmarks[place].returns.mean.unwrap();
        close(portfolio(&RANDOM, id).returns, expected);
    }
    let MetricResult::Spread(weighted) = iefsvm.metrics["return_top_capital_weighted"] else {
        panic!("no return")
    };
    close(chosen.capital_weighted, weighted.mean.unwrap());
    let bought = iefsvm.trials.iter().map(|t| t.n_bought).sum::<usize>();
    close(chosen.n, bought as f64 / 3.0);

    // A random choice returns what the market does, and as many loans are bought by every rule.
    let random = portfolio(&RANDOM, PortfolioId::Random);
    close(random.returns, market.returns);
    close(random.n, chosen.n);
    assert_eq!(random.interval, IntervalKind::Draws);
    assert!(random.low.unwrap() < random.returns && random.returns < random.high.unwrap());
    for id in [
        PortfolioId::GradeMatched,
        PortfolioId::HighestRate,
        PortfolioId::LowestGrade,
    ] {
        close(portfolio(&RANDOM, id).n, chosen.n);
    }
    let above = chosen.difference_to_market.unwrap();
    close(above.value, chosen.returns - market.returns);
    assert_eq!(above.kind, DifferenceKind::CorrectedT);
    assert!(above.low.unwrap() < above.value && above.value < above.high.unwrap());
    let matched = portfolio(&RANDOM, PortfolioId::GradeMatched);
    let above = chosen.difference_to_matched.unwrap();
    close(above.value, chosen.returns - matched.returns);
    for share in [random.percentile, matched.percentile] {
        assert!((0.0..=1.0).contains(&share.unwrap()));
    }
    assert!(market.percentile.is_none() && market.difference_to_market.is_none());
    for p in &results.figures.portfolios {
        assert_eq!(p.cash.len(), 61);
        close(p.cash[0], -1.0);
        assert!(p.cash.windows(2).all(|w| w[0] <= w[1] + 1e-4), "{}", p.name);
        // Equal amounts, undiscounted, with all cash in by the end: the return over the whole life.
        assert!(
            (p.cash[60] - p.returns).abs() < 2e-4,
            "{}: {} {}",
            p.name,
            p.cash[60],
            p.returns
        );
        assert!(p.irr.is_some_and(|irr| irr > -1.0 && irr < 1.0));
        assert!(p.loss > 0.0 && p.loss < p.charged_off);
    }
}

#[test]
fn curves_are_those_of_the_scores() {
    let figures = RANDOM.results.figures.figures.as_ref().unwrap();
    assert_eq!((figures.kind, figures.trials), (FigureKind::Spread, 3));
    assert_eq!(figures.designated, "iefsvm");
    let scores = RANDOM.scores.as_ref().unwrap();
    for (place, method) in RANDOM.results.methods.iter().enumerate() {
        let found = &figures.methods[&method.id];
        let mut areas = Vec::new();
        for trial in 0..3 {
            let loans = || scores.loans.iter().filter(|loan| loan.trial == trial);
            let sign = |bad: bool| Label::from_sign(if bad { 1.0 } else { -1.0 });
            let truth: Vec<Label> = loans().map(|loan| sign(loan.charged_off)).collect();
            let of: Vec<f64> = loans().map(|loan| loan.scores[place]).collect();
            areas.push(roc_auc_score(&truth, &of).unwrap());
            close(areas[trial], method.trials[trial].roc_auc);
            if trial == 0 {
                let at_most = |class: Label| {
                    let scores = truth.iter().zip(&of).filter(|(l, _)| **l == class);
                    let scores: Vec<f64> = scores.map(|(_, s)| *s).collect();
                    let low = scores.iter().filter(|s| **s <= found.ks.at).count();
                    low as f64 / scores.len() as f64
                };
                about(at_most(Label::Negative), found.ks.paid);
                about(at_most(Label::Positive), found.ks.charged_off);
                let gap = (found.ks.paid - found.ks.charged_off).abs();
                about(gap, ks_statistic(&truth, &of).unwrap());
                for shares in [&found.histogram.paid, &found.histogram.charged_off] {
                    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-3);
                }
            }
        }
        about(found.auc.value, areas.iter().sum::<f64>() / 3.0);
        assert!(
            found.auc.low.unwrap() <= found.auc.value && found.auc.value <= found.auc.high.unwrap()
        );
        let curve = &found.roc;
        let area: f64 = (1..101)
            .map(|i| (curve.tpr[i] + curve.tpr[i - 1]) / 200.0)
            .sum();
        assert!((area - found.auc.value).abs() < 0.01, "{area}");
        for i in 0..101 {
            assert!(curve.low[i] <= curve.tpr[i] && curve.tpr[i] <= curve.high[i]);
            assert!(
                found.pr.low[i] <= found.pr.precision[i]
                    && found.pr.precision[i] <= found.pr.high[i]
            );
        }
        // At full recall all loans are rejected that score as the last charged-off one does, or more.
        assert!(found.pr.precision[100] >= 0.9 * RANDOM.results.market.default_rate);

        assert_eq!(found.score_deciles.len(), 10);
        let all: f64 = found.score_deciles.iter().map(|d| d.n).sum();
        about(all, 250.0);
        let last = found.score_deciles[9];
        assert_eq!((last.cum_bad, last.cum_good, last.ks), (1.0, 1.0, 0.0));
        let mean = found
            .score_deciles
            .iter()
            .map(|d| d.n * d.realised)
            .sum::<f64>()
            / all;
        assert!((mean - RANDOM.results.market.returns.mean.unwrap()).abs() < 1e-4);
        let n_paid = method
            .trials
            .iter()
            .map(|t| t.n_predicted_paid)
            .sum::<usize>() as f64
            / 3.0;
        about(found.forecast_deciles.iter().map(|d| d.n).sum(), n_paid);
        let forecasts: Vec<f64> = found.forecast_deciles.iter().map(|d| d.forecast).collect();
        assert!(forecasts.windows(2).all(|w| w[0] > w[1]), "{forecasts:?}");
    }
    let of_one = serde_json::to_string(&figures.methods["iefsvm"]).unwrap();
    assert!(of_one.len() < 12_000, "{} bytes", of_one.len());
}

#[test]
fn segments_add_up_to_the_market() {
    let segments = &RANDOM.results.figures.segments;
    for by in [SegmentBy::Grade, SegmentBy::Term, SegmentBy::Year] {
        let of = || segments.iter().filter(move |s| s.by == by);
        close(of().map(|s| s.n_market).sum(), 250.0);
        let mean = of().map(|s| s.n_market * s.return_market).sum::<f64>() / 250.0;
        close(mean, RANDOM.results.market.returns.mean.unwrap());
        let chosen = portfolio(&RANDOM, PortfolioId::Chosen);
        close(of().map(|s| s.n_chosen).sum(), chosen.n);
        for segment in of() {
            assert_eq!(segment.return_chosen.is_none(), segment.n_chosen == 0.0);
        }
    }
    assert_eq!(segments[0].value, "A");
}

#[test]
fn memberships_neighbors_and_drift_are_those_of_the_trials() {
    let parts = &RANDOM.results.figures;
    let counts = |of: fn(&lend::figures::EntropyMark) -> usize| -> usize {
        parts.entropy_map.iter().map(of).sum()
    };
    assert_eq!(counts(|m| m.paid) + counts(|m| m.charged_off), 240);
    assert_eq!(parts.k_selection.len(), 3);
    for (selection, trial) in parts
        .k_selection
        .iter()
        .zip(&RANDOM.results.methods[0].trials)
    {
        assert_eq!(Some(selection.chosen), trial.chosen.k);
        assert_eq!(
            selection.errors.keys().copied().collect::<Vec<_>>(),
            [1, 3, 7]
        );
        let least = selection.errors.values().copied().fold(1.0, f64::min);
        about(least, 1.0 - trial.chosen.cv_score.unwrap());
        close(selection.errors[&selection.chosen], least);
    }
    assert_eq!(parts.psi[0].feature, "score");
    let mut features: Vec<&str> = parts.psi[1..].iter().map(|d| d.feature.as_str()).collect();
    features.sort_unstable();
    let mut used: Vec<&str> = RANDOM
        .results
        .features
        .used
        .iter()
        .map(String::as_str)
        .collect();
    used.retain(|name| features.contains(name));
    used.sort_unstable();
    assert_eq!(features, used);
    // Drawn from the same loans: one in twenty exceeds its critical value.
    let beyond = parts.psi.iter().filter(|d| d.psi > d.critical).count();
    assert!(beyond <= 3, "{:?}", parts.psi);
    assert!(parts.psi[1..].windows(2).all(|w| w[0].psi >= w[1].psi));

    let bought = parts.bought.as_ref().unwrap();
    let of_trial = RANDOM.purchases.iter();
    let of_trial: Vec<_> = of_trial
        .filter(|p| p.method == "iefsvm" && p.trial == 0)
        .collect();
    assert_eq!(
        (bought.n, bought.loans.len()),
        (of_trial.len(), of_trial.len().min(20))
    );
    let best = of_trial.iter().map(|p| p.forecast).fold(f64::MIN, f64::max);
    assert_eq!(bought.loans[0].forecast, best);
    assert!(
        bought
            .loans
            .windows(2)
            .all(|w| w[0].forecast >= w[1].forecast)
    );
    let total: f64 = parts.vintages.iter().map(|v| v.n as f64).sum();
    assert!(total > LOANS.selected().kept() as f64);
    for vintage in &parts.vintages {
        let shares: Vec<f64> = vintage.charged_off.iter().flatten().copied().collect();
        assert!(shares.windows(2).all(|w| w[0] <= w[1]) && shares.iter().all(|s| *s <= 1.0));
    }
}

#[test]
fn what_the_forecasts_alone_buy_is_the_top_of_all_test_loans() {
    let scores = RANDOM.scores.as_ref().unwrap();
    for trial in 0..3 {
        let mut loans: Vec<_> = scores.loans.iter().filter(|l| l.trial == trial).collect();
        loans.sort_by(|a, b| b.forecast.total_cmp(&a.forecast));
        let mut top: Vec<&str> = loans[..25].iter().map(|l| l.loan.as_str()).collect();
        let bought = RANDOM.purchases.iter();
        let bought = bought.filter(|p| p.method == BENCHMARK_1 && p.trial == trial);
        let mut bought: Vec<&str> = bought.map(|p| p.loan.as_str()).collect();
        top.sort_unstable();
        bought.sort_unstable();
        assert_eq!(top, bought);
    }
}

#[test]
fn one_trial_and_trials_of_one_pool_are_resampled() {
    let mut one = settings(&["class-cost", "w-elm"]);
    one.trials = 1;
    let mut late = settings(&["class-cost", "w-elm"]);
    late.trials = 2;
    late.split = Split::OutOfTime {
        test_from: Some("2010-03".to_owned()),
    };
    for settings in [one, late] {
        let run = run(&settings);
        let figures = run.results.figures.figures.as_ref().unwrap();
        assert_eq!((figures.kind, figures.trials), (FigureKind::Bootstrap, 1));
        assert_eq!(figures.designated, "class-cost");
        // Of the first trial.
        let trial = &run.results.methods[0].trials[0];
        let found = &figures.methods["class-cost"];
        about(found.auc.value, trial.roc_auc);
        about(found.ks.value, trial.ks);
        assert!(
            found.auc.low.unwrap() < found.auc.value && found.auc.value < found.auc.high.unwrap()
        );
        let chosen = portfolio(&run, PortfolioId::Chosen);
        close(chosen.returns, trial.return_top.unwrap());
        assert!(chosen.low.unwrap() < chosen.returns && chosen.returns < chosen.high.unwrap());
        assert_eq!(chosen.interval, IntervalKind::Bootstrap);
        let above = chosen.difference_to_market.unwrap();
        assert_eq!(above.kind, DifferenceKind::Bootstrap);
        assert!(above.low.unwrap() < above.value && above.value < above.high.unwrap());
        let by_month = chosen.by_month.unwrap();
        assert!(by_month.low < chosen.returns && chosen.returns < by_month.high);
        assert!(by_month.difference_low.unwrap() < above.value);
        let market = portfolio(&run, PortfolioId::Market).by_month.unwrap();
        assert!(market.difference_low.is_none() && market.low < market.high);
        // Neither of the two methods has entropies or tunes neighbors.
        let parts = &run.results.figures;
        assert!(parts.entropy_map.is_empty() && parts.k_selection.is_empty());
        let json = serde_json::to_value(&run.results).unwrap();
        assert!(json.get("entropy_map").is_none() && json.get("provenance").is_none());
        assert!(json["figures"]["kind"] == "bootstrap of loans");
    }
}

#[test]
fn keeping_scores_changes_nothing_else() {
    let mut settings = settings(&["class-cost"]);
    let with = run(&settings);
    settings.keep_scores = false;
    let without = run(&settings);
    assert!(without.scores.is_none());
    let strip = |run: &LendRun| {
        let mut json = serde_json::to_value(&run.results).unwrap();
        json["settings"]
            .as_object_mut()
            .unwrap()
            .remove("keep_scores");
        json
    };
    assert_eq!(strip(&with), strip(&without));
    assert_eq!(with.purchases, without.purchases);
    let json = serde_json::to_value(&without.results).unwrap();
    assert!(json["settings"].get("keep_scores").is_none());
}

/// From the scores of every loan: shares and probabilities by tenth, and where what was bought stands.
#[test]
fn probabilities_and_promises_follow_from_the_loans() {
    let figures = RANDOM.results.figures.figures.as_ref().unwrap();
    let calibration = figures.methods["iefsvm"].calibration.as_ref().unwrap();
    assert_eq!(calibration.trials, 3);
    let n: f64 = calibration.bins.iter().map(|b| b.n).sum();
    about(n, 250.0);
    let mean = |of: fn(&CalibrationBin) -> f64| {
        calibration.bins.iter().map(|b| b.n * of(b)).sum::<f64>() / 250.0
    };
    about(mean(|b| b.observed), RANDOM.results.market.default_rate);
    assert!(calibration.bins.windows(2).all(|w| w[0].mean <= w[1].mean));
    assert!((mean(|b| b.mean) - RANDOM.results.market.default_rate).abs() < 0.1);
    let of_grades = |of: fn(&CalibrationGrade) -> f64| {
        calibration.grades.iter().map(|g| g.n * of(g)).sum::<f64>() / 250.0
    };
    about(of_grades(|_| 1.0), 1.0);
    about(of_grades(|g| g.observed), mean(|b| b.observed));
    about(of_grades(|g| g.expected), mean(|b| b.mean));

    let frontier = figures.frontier.as_ref().unwrap();
    let iefsvm = &RANDOM.results.methods[1].trials[0];
    assert_eq!(frontier.candidates, iefsvm.n_predicted_paid);
    assert!(
        frontier
            .points
            .windows(2)
            .all(|w| w[0].sd < w[1].sd && w[0].forecast < w[1].forecast)
    );
    let of = |id| frontier.portfolios.iter().find(|p| p.id == id).unwrap();
    let chosen = of(FrontierPortfolioId::Chosen);
    assert_eq!(chosen.n, iefsvm.n_bought);
    for (id, method) in [
        (FrontierPortfolioId::Chosen, "iefsvm"),
        (FrontierPortfolioId::Benchmark1, BENCHMARK_1),
    ] {
        let bought = RANDOM
            .purchases
            .iter()
            .filter(|p| p.trial == 0 && p.method == method);
        let forecasts: Vec<f64> = bought.map(|p| p.forecast).collect();
        about(
            of(id).forecast,
            forecasts.iter().sum::<f64>() / forecasts.len() as f64,
        );
    }
    // No portfolio of the candidates promises more at its risk: at no point of the line λ is what is bought better.
    for point in &frontier.points {
        let worth = |forecast: f64, sd: f64| forecast - 0.5 * point.risk_aversion * sd * sd;
        for id in [
            FrontierPortfolioId::Chosen,
            FrontierPortfolioId::AllCandidates,
        ] {
            let other = of(id);
            let gap = worth(point.forecast, point.sd) - worth(other.forecast, other.sd);
            assert!(gap > -1e-5, "{point:?} {other:?}");
        }
    }
}

/// Of one trial alone the intervals are those of resampled loans.
#[test]
fn one_trial_has_intervals_of_resampled_loans() {
    let mut settings = settings(&["iefsvm"]);
    settings.trials = 1;
    let run = run(&settings);
    let figures = run.results.figures.figures.as_ref().unwrap();
    let calibration = figures.methods["iefsvm"].calibration.as_ref().unwrap();
    assert_eq!(calibration.interval, CalibrationInterval::Bootstrap);
    let slope = calibration.slope.unwrap();
    assert!(slope.low.unwrap() < slope.value && slope.value < slope.high.unwrap());
    let wide = |b: &CalibrationBin| {
        b.low
            .zip(b.high)
            .is_some_and(|(l, h)| l < b.observed && b.observed < h)
    };
    assert!(
        calibration.bins.iter().filter(|b| wide(b)).count() >= 5,
        "{calibration:?}"
    );
    let bought = run.results.figures.bought.as_ref().unwrap();
    assert!(
        bought
            .loans
            .iter()
            .all(|l| l.probability.is_some_and(|p| p > 0.0 && p < 1.0))
    );
}
