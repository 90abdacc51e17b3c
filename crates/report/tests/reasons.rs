//! Reasons on the page of `lend`.

#![allow(clippy::unwrap_used, reason = "a test")]

use fuzzysvm_report::{Options, draw};
use serde_json::{Value, json};

const LEND: &str = include_str!("data/lend.json");

fn page(value: &Value) -> String {
    draw(&value.to_string(), &Options::default()).unwrap()
}

/// The small run, with reasons of its first loans.
fn with_reasons(words: &str) -> Value {
    let mut value: Value = serde_json::from_str(LEND).unwrap();
    let reason = |words: &str| json!({"feature": "dti", "contribution": -0.5, "words": words});
    let loans = value["bought"]["loans"].as_array_mut().unwrap();
    loans[0]["reasons"] = json!([
        reason(words),
        reason("second: towards paid"),
        reason("third: towards paid")
    ]);
    loans[0]["neighbors"] = json!([
        {"k": 1, "negative": 1, "positive": 0, "entropy": 0.0},
        {"k": 3, "negative": 1, "positive": 2, "entropy": 0.6365},
    ]);
    loans[1]["reasons"] = json!([]);
    value["reasons"] = json!({
        "method": "iefsvm",
        "trial": 0,
        "reference": [{"feature": "dti", "value": "14.8"}, {"feature": "purpose", "value": "car"}],
        "fidelity": {
            "n": 14, "orders": 5, "by_reasons": [0.3, 0.5, 0.6, 0.714, 1.0], "random": [0.2, 0.4, 0.6, 0.78, 1.0],
            "area": 0.62, "area_random": 0.6, "difference": 0.016, "interval": [-0.02, 0.04], "unexplained": 0.1,
        },
    });
    value
}

#[test]
fn the_first_reason_stands_beside_its_loan_and_the_method_below() {
    let page = page(&with_reasons("dti 31.2 (typical 14.8): towards default"));
    for words in [
        "First reason</th>",
        "<td class=\"t\">dti 31.2 (typical 14.8): towards default</td>",
        "The typical paid training loan: dti 14.8, purpose car.",
        "On 14 loans the four first reasons make 71\u{202f}% of the score’s movement towards the typical loan, four random \
         features 78\u{202f}% (difference of the areas over all features 0.02, 95 % \u{2212}0.02 to 0.04).",
        "second: towards paid; third: towards paid",
        "Charged off among the 1, 3 nearest training loans",
        "<td class=\"t\">0, 2</td>",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn results_without_reasons_have_no_column_of_them() {
    let value: Value = serde_json::from_str(LEND).unwrap();
    assert!(value.get("reasons").is_none());
    assert!(!page(&value).contains("First reason"));
    // Where nothing could be tested, nothing is said of it.
    let mut value = with_reasons("x");
    value["reasons"]["fidelity"] = Value::Null;
    let page = page(&value);
    assert!(page.contains("First reason") && !page.contains("four first reasons"));
}

#[test]
fn a_category_is_text_whatever_it_holds() {
    let mut value = with_reasons("<script>alert(1)</script>");
    value["reasons"]["reference"][0]["value"] = json!("<script>alert(1)</script>");
    let page = page(&value);
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("&lt;script&gt;alert(1)").count(), 2);
}
