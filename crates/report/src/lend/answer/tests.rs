//! The sentences, case by case.

use super::*;
use crate::results::{
    Bought, Difference, Figures, Interval, LendSettings, MethodResult, Metric, Pair,
    QuarterSummary, SplitSummary, WalkForwardSettings,
};

fn difference(mean: f64, low: f64, high: f64) -> ReturnDifference {
    ReturnDifference {
        mean,
        interval: Some(Interval {
            lower: low,
            upper: high,
        }),
        detectable: 0.01,
        ..ReturnDifference::default()
    }
}

fn bought(n_loans: usize, mean_roi: f64, default_rate: f64) -> Bought {
    Bought {
        n_loans,
        mean_roi,
        default_rate,
        ..Bought::default()
    }
}

/// Two rankings over two quarters.
fn forward(top: ReturnDifference, default_rate: f64, pair: ReturnDifference) -> LendResults {
    let strategy = |id: &str, top: ReturnDifference, roi: f64, default_rate: f64| StrategyResult {
        strategy: id.to_owned(),
        top: bought(120, roi, default_rate),
        top_to_market: top,
        random_percentile: 0.98,
        ..StrategyResult::default()
    };
    let quarter = |quarter: &str| QuarterSummary {
        quarter: quarter.to_owned(),
        ..QuarterSummary::default()
    };
    let roi = 0.09 + top.mean;
    let published = difference(0.001, -0.02, 0.02);
    LendResults {
        source: "book.csv".to_owned(),
        walk_forward: Some(WalkForwardResults {
            settings: WalkForwardSettings {
                top_fraction: 0.1,
                ..WalkForwardSettings::default()
            },
            quarters: vec![quarter("2010Q1"), quarter("2010Q2")],
            market: bought(1200, 0.09, 0.11),
            strategies: vec![
                strategy("bilateral-svm", top, roi, default_rate),
                strategy("iefsvm", published, 0.091, 0.11),
            ],
            pairs: vec![Pair {
                first: "bilateral-svm".to_owned(),
                second: "iefsvm".to_owned(),
                top: pair,
                ..Pair::default()
            }],
            ..WalkForwardResults::default()
        }),
        ..LendResults::default()
    }
}

fn text(results: &LendResults) -> String {
    let answer = answer(results);
    let text = format!("{}. {}", answer.heading, answer.sentences.join(" "));
    text.replace('\u{202f}', " ").replace('\u{2212}', "-")
}

#[test]
fn a_difference_that_can_be_told_is_a_plain_sentence() {
    let text = text(&forward(
        difference(0.04, 0.02, 0.06),
        0.03,
        difference(0.039, 0.01, 0.07),
    ));
    assert_eq!(
        text,
        "Buying the top 10 % by Bilateral stake SVM returned 13.0 %, the market 9.0 %. 120 of 1,200 loans of 2 quarters, \
         2010Q1 to 2010Q2, bought quarter by quarter with what was known at the time: +4.0 points against the market (95 % \
         interval +2.0 to +6.0), more than 98.0 % of the random choices returned. 3.0 % of the bought loans were charged off, \
         11.0 % of all: the difference comes with fewer losses. No other ranking can be told to return more than Bilateral stake \
         SVM; IEFSVM, the published method, returned 9.1 %, which cannot be told apart from the market, 3.9 points below \
         Bilateral stake SVM."
    );
}

#[test]
fn a_difference_that_cannot_be_told_is_no_gain() {
    let nil = difference(0.0, -0.01, 0.01);
    for top in [
        difference(0.02, -0.01, 0.05),
        difference(0.005, 0.001, 0.009),
    ] {
        let text = text(&forward(top, 0.12, nil.clone()));
        assert!(
            text.contains("cannot be told apart from buying every loan"),
            "{text}"
        );
        assert!(text.contains("higher rates, not fewer losses"), "{text}");
        assert!(text.contains("nor from Bilateral stake SVM"), "{text}");
    }
}

#[test]
fn what_returned_less_is_said_to_have_returned_less() {
    let text = text(&forward(
        difference(-0.04, -0.06, -0.02),
        0.15,
        difference(-0.041, -0.07, -0.01),
    ));
    assert!(
        text.contains("returned 5.0 %, less than the market’s 9.0 %"),
        "{text}"
    );
    assert!(text.contains("the losses grew"), "{text}");
    assert!(
        text.contains("IEFSVM returned more than Bilateral stake SVM"),
        "{text}"
    );
}

fn trials(value: f64, ends: Option<(f64, f64)>, others: &[(&str, f64, f64)]) -> LendResults {
    let portfolio = |id: &str, returns: f64, charged_off: f64| Portfolio {
        id: id.to_owned(),
        n: 80.4,
        returns,
        charged_off,
        ..Portfolio::default()
    };
    let chosen = Portfolio {
        difference_to_market: Some(PortfolioDifference {
            value,
            low: ends.map(|e| e.0),
            high: ends.map(|e| e.1),
            ..PortfolioDifference::default()
        }),
        ..portfolio("chosen", 0.09 + value, 0.08)
    };
    let method = |(name, low, high): &(&str, f64, f64)| MethodResult {
        name: (*name).to_owned(),
        versus_iefsvm: [(
            "return_top".to_owned(),
            Difference {
                low: *low,
                high: *high,
                ..Difference::default()
            },
        )]
        .into(),
        ..MethodResult::default()
    };
    LendResults {
        source: "simulated".to_owned(),
        settings: Some(LendSettings {
            trials: 30,
            top_fraction: 0.1,
            ..LendSettings::default()
        }),
        split: Some(SplitSummary {
            kind: "random".to_owned(),
            ..SplitSummary::default()
        }),
        figures: Some(Figures {
            designated: "iefsvm".to_owned(),
            trials: 30,
            ..Figures::default()
        }),
        portfolios: vec![
            chosen,
            portfolio("market", 0.09, 0.11),
            Portfolio {
                percentile: Some(0.978),
                ..portfolio("random", 0.09, 0.11)
            },
        ],
        methods: others.iter().map(method).collect(),
        ..LendResults::default()
    }
}

#[test]
fn trials_are_answered_by_the_interval_of_the_difference() {
    let found = text(&trials(0.05, Some((0.01, 0.09)), &[("SVM", -0.1, 0.1)]));
    assert_eq!(
        found,
        "Buying the top 10 % by IEFSVM returned 14.0 %, the market 9.0 %. Over 30 random trials, 80 of 80 simulated loans \
         bought in each: +5.0 points against the market (95 % interval +1.0 to +9.0), more than 97.8 % of the 1,000 random draws returned. \
         8.0 % of the bought loans were charged off, 11.0 % of all: the difference comes with fewer losses. No method can be told \
         apart from IEFSVM in return (1 other compared)."
    );
    for ends in [Some((-0.01, 0.11)), None] {
        let found = text(&trials(0.05, ends, &[]));
        assert!(
            found.contains("cannot be told apart from buying every loan"),
            "{found}"
        );
    }
}

#[test]
fn any_of_the_draws_may_have_returned_less() {
    let texts = [0.5, 0.9994, 0.9996, 1.0].map(share_of_draws);
    let percents = [
        "50.0\u{202f}% of the",
        "99.9\u{202f}% of the",
        "nearly all of the",
        "any of the",
    ];
    assert_eq!(texts, percents);
}

#[test]
fn methods_that_beat_iefsvm_are_named() {
    let others = [
        ("SVM", -0.1, 0.1),
        ("w-ELM", 0.01, 0.1),
        ("cs-RF", -0.2, -0.1),
    ];
    let found = text(&trials(0.05, Some((0.01, 0.09)), &others));
    assert!(
        found.ends_with("w-ELM returned more than IEFSVM, cs-RF less."),
        "{found}"
    );
    let found = text(&trials(0.05, Some((0.01, 0.09)), &others[1..2]));
    assert!(
        found.ends_with("w-ELM returned more than IEFSVM."),
        "{found}"
    );
    let found = text(&trials(0.05, Some((0.01, 0.09)), &others[2..]));
    assert!(
        found.ends_with("return more than IEFSVM; cs-RF returned less."),
        "{found}"
    );
}

#[test]
fn schema_1_has_no_interval_and_says_so() {
    let mut results = trials(0.05, None, &[]);
    results.portfolios.clear();
    results.figures = None;
    results.methods = vec![MethodResult {
        id: IEFSVM.to_owned(),
        name: "IEFSVM".to_owned(),
        metrics: [(
            "return_top".to_owned(),
            Metric {
                mean: Some(0.14),
                ..Metric::default()
            },
        )]
        .into(),
        ..MethodResult::default()
    }];
    results.market = Some(crate::results::MarketResult {
        default_rate: 0.1,
        returns: crate::results::MeanStd {
            mean: Some(0.09),
            std: None,
        },
    });
    let found = text(&results);
    assert!(
        found.starts_with("Buying the top 10 % by IEFSVM returned 14.0 %, the market 9.0 %"),
        "{found}"
    );
    assert!(found.contains("no interval: it may be chance"), "{found}");
    results.methods.clear();
    assert!(
        text(&results).starts_with("Nothing was bought"),
        "{}",
        text(&results)
    );
}
