//! Pages of small results.

#![allow(clippy::unwrap_used, reason = "a test")]

use fuzzysvm_report::{Options, ReportError, Results, compare, draw, lend};
use serde_json::{Value, json};

const LEND: &str = include_str!("data/lend.json");
const FORWARD: &str = include_str!("data/walk-forward.json");
const COMPARE: &str = include_str!("data/compare.json");

fn page(json: &str) -> String {
    draw(json, &Options::default()).unwrap()
}

fn of_value(value: &Value) -> String {
    page(&value.to_string())
}

fn lend_value() -> Value {
    serde_json::from_str(LEND).unwrap()
}

/// The text of the first element of a name.
fn first<'a>(page: &'a str, element: &str) -> &'a str {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let start = page.find(&open).unwrap() + open.len();
    let end = page[start..].find(&close).unwrap();
    &page[start..start + end]
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

#[test]
fn the_same_results_give_the_same_bytes_from_any_thread() {
    for json in [LEND, FORWARD, COMPARE] {
        let once = page(json);
        assert_eq!(page(json), once);
        let threads: Vec<_> = (0..8).map(|_| std::thread::spawn(|| page(json))).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), once);
        }
    }
}

#[test]
fn a_page_is_whole_and_asks_for_nothing() {
    for json in [LEND, FORWARD, COMPARE] {
        let page = page(json);
        assert!(
            page.starts_with("<!DOCTYPE html><html lang=\"en\">"),
            "{}",
            &page[..60]
        );
        assert!(page.ends_with("</html>\n"));
        assert!(page.len() < 600_000);
        // No address but the name of the SVG language, which inline pictures do without.
        assert_eq!(count(&page, "://"), 0);
        assert_eq!(count(&page, "<script"), 1);
        assert_eq!(count(&page, " src="), 0);
        assert_eq!(
            count(&page, "NaN%") + count(&page, ">NaN") + count(&page, ">inf"),
            0
        );
        let links = count(&page, "href=\"#");
        assert_eq!((links, count(&page, "href=")), (count(&page, "<h2"), links));
    }
}

#[test]
fn ids_are_unique_and_figures_are_named() {
    for json in [LEND, FORWARD, COMPARE] {
        let page = page(json);
        let mut ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        let n = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), n);
        let figures = count(&page, "<figure");
        assert!(figures >= 1);
        assert_eq!(count(&page, "role=\"img\""), figures);
        assert_eq!(count(&page, "<desc"), figures);
        assert_eq!(count(&page, "<figcaption>"), figures);
        assert_eq!(count(&page, "<table"), count(&page, "<caption>"));
    }
}

#[test]
fn the_answer_has_the_numbers_of_the_results() {
    let value = lend_value();
    let forward = &value["walk_forward"];
    let shown = |v: &Value| format!("{:.1}\u{202f}%", 100.0 * v.as_f64().unwrap());
    let heading = first(&page(LEND), "h1").to_owned();
    let returned = shown(&forward["strategies"][0]["top"]["mean_roi"]);
    assert!(heading.contains(&returned), "{heading}");
    assert!(
        heading.contains(&shown(&forward["market"]["mean_roi"])),
        "{heading}"
    );
    // Without walk-forward it is that of the trials.
    let mut trials = value.clone();
    trials.as_object_mut().unwrap().remove("walk_forward");
    let heading = first(&of_value(&trials), "h1").to_owned();
    assert!(heading.contains("IEFSVM"), "{heading}");
    assert!(
        heading.contains(&shown(&value["portfolios"][0]["return"])),
        "{heading}"
    );
}

#[test]
fn simulated_loans_are_called_simulated_and_others_are_not() {
    let page_of = |source: &str| {
        let mut value = lend_value();
        value["source"] = json!(source);
        value["provenance"]["data"]["name"] = json!(source);
        value["provenance"]["command"] = json!("fuzzysvm lend");
        of_value(&value)
    };
    let simulated = page_of("simulated");
    assert!(simulated.contains("Simulated loans: not a real loan book."));
    assert!(!page_of("book.csv").to_lowercase().contains("simulated"));
    assert!(simulated.contains("Not investment advice."));
}

#[test]
fn names_are_text_whatever_they_hold() {
    let evil = "<script>alert('1')</script>\"&";
    let mut value = lend_value();
    value["source"] = json!(evil);
    value["features"]["used"][0] = json!(evil);
    value["bought"]["loans"][0]["loan"] = json!(evil);
    for method in value["methods"].as_array_mut().unwrap() {
        method["name"] = json!(evil);
    }
    for portfolio in value["portfolios"].as_array_mut().unwrap() {
        portfolio["name"] = json!(evil);
    }
    value["walk_forward"]["quarters"][0]["quarter"] = json!(evil);
    let mut compared: Value = serde_json::from_str(COMPARE).unwrap();
    compared["methods"][0]["name"] = json!(evil);
    compared["sets"][0]["name"] = json!(evil);
    compared["skipped"] = json!([{"name": evil, "reason": evil}]);
    for page in [of_value(&value), of_value(&compared)] {
        assert!(page.contains("&lt;script&gt;"));
        assert_eq!(count(&page, "<script"), 1);
        assert_eq!(
            count(&page, "alert('1')"),
            count(&page, "&lt;script&gt;alert('1')")
        );
    }
}

#[test]
fn parts_that_are_absent_are_named_and_leave_no_empty_frame() {
    let parts = [
        ("figures", "ROC curve", "id=\"fig-roc\""),
        ("entropy_map", "entropy map", "id=\"fig-entropy\""),
        (
            "k_selection",
            "EFSVM by number of neighbors",
            "id=\"fig-k\"",
        ),
        (
            "walk_forward",
            "return above the market by share bought",
            "id=\"fig-budget\"",
        ),
    ];
    let missing = |page: &str| {
        let (_, rest) = page.split_once("Figures left out</dt><dd>").unwrap();
        rest.split("</dd>").next().unwrap().to_owned()
    };
    let whole = page(LEND);
    for (part, name, id) in parts {
        assert!(
            whole.contains(id) && !missing(&whole).contains(name),
            "{part}"
        );
        let mut value = lend_value();
        value.as_object_mut().unwrap().remove(part);
        let without = of_value(&value);
        assert!(!without.contains(id), "{part}");
        assert!(missing(&without).contains(name), "{part}");
    }
    // Schema 1 says which version writes them.
    let mut value = lend_value();
    value["schema"] = json!(1);
    for part in [
        "figures",
        "portfolios",
        "bought",
        "vintages",
        "segments",
        "entropy_map",
        "k_selection",
        "psi",
    ] {
        value.as_object_mut().unwrap().remove(part);
    }
    let text = missing(&of_value(&value));
    assert!(
        text.contains("ROC curve") && text.contains("schema 1"),
        "{text}"
    );
    assert!(text.contains(env!("CARGO_PKG_VERSION")), "{text}");
}

#[test]
fn wrong_results_are_refused_by_their_place() {
    let message = |json: &str| draw(json, &Options::default()).unwrap_err().to_string();
    let of = |value: &Value| message(&value.to_string());
    assert!(message("{").starts_with("line 1: "), "{}", message("{"));
    assert!(message("{}").contains("neither results of lend nor of compare"));
    let mut newer = lend_value();
    newer["schema"] = json!(3);
    assert!(
        of(&newer).contains("schema 3 is newer than schema 2"),
        "{}",
        of(&newer)
    );
    // JSON has no NaN: writers leave null in its place.
    let mut value = lend_value();
    value["figures"]["methods"]["svm"]["roc"]["tpr"][2] = Value::Null;
    let path = "figures.methods.svm.roc.tpr[2]: ";
    assert!(of(&value).starts_with(path), "{}", of(&value));
    let mut value = lend_value();
    value["methods"][1]["name"] = json!(7);
    assert!(
        of(&value).starts_with("methods[1].name: "),
        "{}",
        of(&value)
    );
}

#[test]
fn numbers_that_are_none_are_refused_by_their_place() {
    let Results::Lend(mut results) = Results::from_json(LEND).unwrap() else {
        unreachable!("results of lend");
    };
    results.portfolios[1].cash[3] = f64::NAN;
    let error = lend(&results, &Options::default()).unwrap_err();
    let is_place =
        matches!(&error, ReportError::NotFinite { path, .. } if path == "portfolios[1].cash[3]");
    assert!(is_place, "{error}");
    let Results::Compare(mut results) = Results::from_json(COMPARE).unwrap() else {
        unreachable!("results of compare");
    };
    results.sets[0].imbalance_ratio = f64::INFINITY;
    let error = compare(&results, &Options::default())
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "sets[0].imbalance_ratio: found inf, expected a finite number"
    );
}

#[test]
fn options_title_the_page_and_limit_it() {
    let mut options = Options::default();
    options.title = Some("Loans & more".to_owned());
    let page = draw(LEND, &options).unwrap();
    assert_eq!(first(&page, "title"), "Loans &amp; more");
    options.max_bytes = 1000;
    let error = draw(LEND, &options).unwrap_err();
    assert!(
        matches!(error, ReportError::TooLarge { limit: 1000, .. }),
        "{error}"
    );
}

#[test]
fn probabilities_and_the_frontier_are_shown_where_there_are_some() {
    let missing = "calibration";
    assert!(!page(LEND).contains("id=\"probability\"") && page(LEND).contains(missing));
    let mut value = lend_value();
    let designated = value["figures"]["designated"].as_str().unwrap().to_owned();
    value["figures"]["methods"][&designated]["calibration"] = json!({
        "interval": "corrected resampled t-test",
        "trials": 3,
        "bins": [
            {"mean": 0.05, "observed": 0.06, "low": 0.02, "high": 0.1, "n": 20.0},
            {"mean": 0.31, "observed": 0.28, "low": null, "high": null, "n": 20.0},
        ],
        "brier": {
            "value": 0.1234, "reliability": 0.001, "resolution": 0.01, "uncertainty": 0.1324, "within_bins": 0.0
        },
        "ece": 0.02,
        "slope": {"value": 0.87, "low": 0.6, "high": 1.14},
        "intercept": null,
        "grades": [{"grade": "A", "n": 17.3, "expected": 0.061, "observed": 0.104}],
    });
    value["figures"]["frontier"] = json!({
        "candidates": 31,
        "points": [
            {"risk_aversion": 100.0, "forecast": 0.11, "sd": 0.01},
            {"risk_aversion": 10.0, "forecast": 0.15, "sd": 0.03},
        ],
        "portfolios": [{"id": "chosen", "n": 4, "forecast": 0.14, "sd": 0.035}],
    });
    value["forecast"] = json!("expected return");
    let page = of_value(&value)
        .replace('\u{202f}', " ")
        .replace('\u{2212}', "-");
    for words in [
        "Is the probability honest?",
        "Brier score 0.1234 (reliability 0.0010, resolution 0.0100, uncertainty 0.1324); calibration error 2.0 %; slope 0.87 \
         (0.60 to 1.14).",
        "<th scope=\"row\">A</th><td>17</td><td>6.1</td><td>10.4</td><td>+4.3</td>",
        "Among 31 loans from 11.0 % at a standard deviation of 1.0 % to 15.0 % at 3.0 %.",
        "not what was realised",
        "expected return",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_comparison_answers_by_the_metric_that_was_asked_about() {
    let mut value: Value = serde_json::from_str(COMPARE).unwrap();
    assert!(first(&of_value(&value), "h1").contains("in balanced accuracy"));
    value["metric"] = json!("g_mean");
    let page = of_value(&value);
    assert!(
        first(&page, "h1").contains("in G-mean"),
        "{}",
        first(&page, "h1")
    );
    assert!(page.contains("id=\"m0\" checked><label for=\"m0\">G-mean</label>"));
    // What is not known is as if nothing had been said.
    value["metric"] = json!("luck");
    assert!(first(&of_value(&value), "h1").contains("in balanced accuracy"));
}
