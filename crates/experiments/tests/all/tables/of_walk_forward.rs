//! The tables of walk-forward, where loans tell clearly and where they do not.

use fuzzysvm_core::MatrixBuf;
use fuzzysvm_experiments::tables::Table;
use fuzzysvm_experiments::walk_forward::{
    Strategy, TestQuarter, WalkForwardResults, WalkForwardSettings, run, tables,
};

use super::{mean, named, row, texts};
use crate::walk_forward::{quarter, terms};

/// Forty loans on offer: every second one is risky, asks 18 % and loses nearly half, less this; the others return a little.
fn clear(name: &str, less: f64) -> TestQuarter {
    let mut clear = quarter(name);
    let risky = |i: u32| i.is_multiple_of(2);
    let loans = || 0..40u32;
    let offered = &mut clear.decision.offered;
    let rate = |i: u32| {
        let rate = if risky(i) { 0.18 } else { 0.10 };
        rate + f64::from(i) / 1e4
    };
    offered.terms = loans().map(|i| terms(rate(i))).collect();
    let x = loans().map(|i| if risky(i) { 1.0 } else { -1.0 });
    offered.x = MatrixBuf::new(x.collect(), 1).unwrap();
    offered.names = loans().map(|i| i.to_string()).collect();
    let roi = |i: u32| {
        let roi = if risky(i) { less - 0.45 } else { 0.12 };
        roi + f64::from(i % 7) / 1e3
    };
    clear.realised.roi = loans().map(roi).collect();
    clear.realised.irr = Some(loans().map(|i| roi(i) / 3.0).collect());
    clear.realised.defaulted = loans().map(risky).collect();
    clear.realised.grades = None;
    clear
}

fn results(strategies: &[Strategy]) -> WalkForwardResults {
    let mut settings = WalkForwardSettings::default();
    settings.strategies = strategies.to_vec();
    settings.top_fraction = 0.25;
    settings.budgets = (1..=6).map(|i| f64::from(i) / 20.0).collect();
    settings.n_resamples = 200;
    let names = ["2009Q3", "2009Q4", "2010Q1"];
    let quarters = names.into_iter().zip([0.0, 0.01, 0.03]);
    let quarters = quarters.map(|(name, less)| Ok(clear(name, less)));
    run(quarters, &settings, &|_| {}).unwrap()
}

fn all(strategies: &[Strategy]) -> (WalkForwardResults, Vec<Table>) {
    let results = results(strategies);
    let tables = tables(&results, "simulated");
    (results, tables)
}

#[test]
fn rows_have_the_numbers_of_the_strategies() {
    let (results, tables) = all(&[
        Strategy::HazardForecast,
        Strategy::HighestRate,
        Strategy::Random,
    ]);
    for table in &tables {
        let said = table.caption.contains("(simulated loans)");
        assert!(said, "{}: {}", table.label, table.caption);
        assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
    }
    let top = named(&tables, "walk-forward");
    assert!(
        top.caption.starts_with("The top 25 % of each quarter"),
        "{}",
        top.caption
    );
    let market = row(top, "Market");
    let roi = |i: u32| {
        // Over the quarters risky loans lose less by 4 % of three on average.
        let roi = if i.is_multiple_of(2) {
            -0.45 + 0.04 / 3.0
        } else {
            0.12
        };
        roi + f64::from(i % 7) / 1e3
    };
    let expected = mean(&(0..40).map(roi).collect::<Vec<_>>());
    assert_eq!(market[0].text, format!("{:.2}", 100.0 * expected));
    assert_eq!(market[1].text, format!("{:.2}", 100.0 * expected / 3.0));
    assert_eq!(market[2].text, "50.0");
    for strategy in &results.strategies {
        let cells = row(top, strategy.strategy.title());
        assert_eq!(
            cells[0].text,
            format!("{:.2}", 100.0 * strategy.top.mean_roi)
        );
        assert_eq!(cells[8].text, "–");
        let is_first = strategy.strategy == Strategy::HazardForecast;
        assert_eq!(cells[0].best, is_first, "{}", strategy.strategy);
    }
    // Ten loans of each quarter: of these the forecast takes safe ones alone, the rate risky ones.
    assert_eq!(row(top, "Hazard forecast")[2].text, "0.0");
    assert_eq!(row(top, "Highest rate")[2].text, "100.0");

    // The gain is the sum of its parts.
    let gain = named(&tables, "gain");
    for cells in &gain.rows {
        let numbers = cells[1..]
            .iter()
            .map(|cell| cell.text.parse::<f64>().unwrap());
        let numbers: Vec<f64> = numbers.collect();
        let parts: f64 = numbers[1..].iter().sum();
        assert!((numbers[0] - parts).abs() <= 0.02, "{numbers:?}");
    }

    // Of six budgets three are shown, the last among them.
    let curve = named(&tables, "return-curve");
    assert_eq!(curve.header[4..], ["10 %", "20 %", "30 %"]);
    for strategy in &results.strategies {
        let cells = row(curve, strategy.strategy.title());
        let last = 100.0 * strategy.points[5].to_market.mean;
        assert_eq!(cells[5].text, format!("{last:+.2}"));
        let mean = mean(
            &strategy
                .points
                .iter()
                .map(|p| p.to_market.mean)
                .collect::<Vec<_>>(),
        );
        let begins = format!("{:+.2} [", 100.0 * mean);
        assert!(cells[0].text.starts_with(&begins), "{}", cells[0].text);
        // Three quarters are enough for an interval by quarter.
        let ends = strategy
            .curve
            .interval_by_quarter
            .map(|i| format!("[{:+.2}, {:+.2}]", 100.0 * i.lower, 100.0 * i.upper));
        assert_eq!(Some(&cells[1].text), ends.as_ref());
    }
    let quarters = named(&tables, "quarters");
    assert_eq!(quarters.header, ["", "2009Q3", "2009Q4", "2010Q1"]);
    assert_eq!(texts(row(quarters, "Loans known")), ["60"; 3]);
    assert_eq!(texts(row(quarters, "Loans to choose from")), ["40"; 3]);
    let hazard = row(quarters, "Hazard forecast");
    for (cell, quarter) in hazard.iter().zip(&results.strategies[0].quarters) {
        assert_eq!(cell.text, format!("{:+.2}", 100.0 * quarter.to_market));
    }
}

#[test]
fn verdicts_are_those_of_the_intervals() {
    let (_, tables) = all(&[Strategy::HazardForecast, Strategy::HighestRate]);
    let differences = named(&tables, "walk-forward-differences");
    let caption = "Hazard forecast against the others (simulated loans)";
    assert!(differences.caption.starts_with(caption));
    let cells = texts(row(differences, "Highest rate"));
    assert_eq!([cells[2], cells[3], cells[6]], ["more", "3/3", "more"]);
    let claims = named(&tables, "walk-forward-claims");
    let of = |claim: &str| row(claims, claim)[2].text.clone();
    assert_eq!(of("Hazard forecast returns more than the market"), "yes");
    assert_eq!(
        of("Hazard forecast returns more than the highest rates"),
        "yes"
    );

    // The other way round.
    let (results, tables) = all(&[Strategy::HighestRate, Strategy::HazardForecast]);
    let cells = row(
        named(&tables, "walk-forward-differences"),
        "Hazard forecast",
    );
    let cells = texts(cells);
    assert_eq!([cells[2], cells[3], cells[6]], ["less", "0/3", "less"]);
    let claims = named(&tables, "walk-forward-claims");
    let of_market = &row(claims, "Highest rate returns more than the market")[2];
    assert_eq!(of_market.text, "no");
    assert_eq!(results.claims[0].holds, Some(false));
    let json = serde_json::to_value(&results).unwrap();
    assert_eq!(json["pairs"][0]["second"], "hazard-forecast");

    // Nothing is the best of one, and chance tells nothing.
    let (_, tables) = all(&[Strategy::Random]);
    assert!(
        tables
            .iter()
            .all(|t| t.rows.iter().flatten().all(|c| !c.best))
    );
    let of_chance = &named(&tables, "walk-forward-claims").rows[0];
    assert_eq!(of_chance[3].text, "cannot tell");
}

#[test]
fn every_strategy_has_its_own_words() {
    let mut words: Vec<String> = Vec::new();
    for strategy in Strategy::all() {
        assert_eq!(strategy.name().parse::<Strategy>().unwrap(), strategy);
        words.push(strategy.title().to_owned());
        words.push(strategy.summary().to_owned());
    }
    let n = words.len();
    assert!(words.iter().all(|w| !w.is_empty()));
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), n);
}
