//! Our values for the cases of benches/peers/metrics.py: used by a test and by the program that the script compares with.

use fuzzysvm_core::Label;
use fuzzysvm_evaluation::{
    Metric, NullChoice, SignedRank, ZeroDifferences, compare_roc_auc, compare_with_control,
    corrected_resampled_t_test, friedman, holm, nemenyi, roc_auc_interval,
};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn numbers(v: &Value) -> Result<Vec<f64>> {
    Ok(serde_json::from_value(v.clone())?)
}

fn labels(v: &Value) -> Result<Vec<Label>> {
    Ok(numbers(v)?.into_iter().map(Label::from_sign).collect())
}

/// Every metric by its key; null where it is undefined.
pub fn metrics(case: &Value) -> Result<Value> {
    let truth = labels(&case["truth"])?;
    let (decision, probability) = (numbers(&case["decision"])?, numbers(&case["probability"])?);
    let value = |m: Metric| m.compute(&truth, &decision, Some(&probability)).ok();
    Ok(Metric::ALL
        .iter()
        .copied()
        .map(|m| (m.key(), json!(value(m))))
        .collect())
}

/// The test named in the case, its numbers by name.
pub fn statistics(case: &Value) -> Result<Value> {
    let level = case["level"].as_f64().unwrap_or(0.95);
    match case["test"].as_str().unwrap_or_default() {
        "friedman" => {
            let table: Vec<Vec<f64>> = serde_json::from_value(case["table"].clone())?;
            let test = friedman(&table)?;
            let all = nemenyi(&test, case["alpha"].as_f64().unwrap_or(0.05))?;
            let control = compare_with_control(&test, 0)?;
            Ok(json!({
                "ranks": test.average_ranks,
                "chi_squared": test.chi_squared,
                "chi_squared_p": test.chi_squared_p_value,
                "iman_davenport": test.iman_davenport,
                "iman_davenport_p": test.iman_davenport_p_value,
                "critical_difference": all.critical_difference,
                "nemenyi_p": all.pairs.iter().map(|p| p.p_value).collect::<Vec<_>>(),
                "control_z": control.iter().map(|c| c.z).collect::<Vec<_>>(),
                "control_p": control.iter().map(|c| c.p_value).collect::<Vec<_>>(),
                "control_holm": control.iter().map(|c| c.p_value_holm).collect::<Vec<_>>(),
            }))
        }
        "wilcoxon" => {
            let rule = SignedRank {
                zeros: match case["zeros"].as_str().unwrap_or_default() {
                    "wilcox" => ZeroDifferences::Drop,
                    "pratt" => ZeroDifferences::Pratt,
                    "zsplit" => ZeroDifferences::Split,
                    _ => ZeroDifferences::SplitEven,
                },
                tie_correction: case["ties"].as_bool().unwrap_or(false),
                null: match case["null"].as_str().unwrap_or_default() {
                    "exact" => NullChoice::Exact,
                    "normal" => NullChoice::Normal,
                    _ => NullChoice::Auto,
                },
            };
            let found = rule.test(&numbers(&case["first"])?, &numbers(&case["second"])?)?;
            Ok(json!({
                "first": found.rank_sum_first,
                "second": found.rank_sum_second,
                "z": found.z,
                "p": found.p_value,
            }))
        }
        "holm" => Ok(json!({ "adjusted": holm(&numbers(&case["p"])?)? })),
        "delong" => {
            let truth = labels(&case["truth"])?;
            let (first, second) = (numbers(&case["first"])?, numbers(&case["second"])?);
            // A variance of 0 is an error here and null there.
            let one = roc_auc_interval(&truth, &first, level).ok();
            let both = compare_roc_auc(&truth, &first, &second, level)?;
            Ok(json!({
                "auc": both.first,
                "std_error": one.map(|i| i.std_error),
                "lower": one.map(|i| i.lower),
                "upper": one.map(|i| i.upper),
                "difference": both.difference,
                "difference_std_error": both.std_error,
                "z": both.z,
                "p": both.p_value,
                "difference_lower": both.lower,
                "difference_upper": both.upper,
            }))
        }
        "resampled-t" => {
            let size = |name: &str| case[name].as_u64().unwrap_or_default() as usize;
            let d = numbers(&case["differences"])?;
            let test = corrected_resampled_t_test(&d, size("n_train"), size("n_test"))?;
            Ok(json!({
                "mean": test.mean,
                "std_error": test.std_error,
                "t": test.t,
                "p": test.p_value,
                "lower": test.lower,
                "upper": test.upper,
            }))
        }
        other => Err(format!("no test is called {other:?}").into()),
    }
}

/// The largest difference of two values of one shape, relative to 1 or the expected size, whichever is larger; infinite where
/// the shapes differ.
pub fn furthest(found: &Value, expected: &Value) -> f64 {
    match (found, expected) {
        (Value::Null, Value::Null) => 0.0,
        (Value::Number(f), Value::Number(e)) => match (f.as_f64(), e.as_f64()) {
            (Some(f), Some(e)) => (f - e).abs() / e.abs().max(1.0),
            _ => f64::INFINITY,
        },
        (Value::Array(f), Value::Array(e)) if f.len() == e.len() => f
            .iter()
            .zip(e)
            .map(|(f, e)| furthest(f, e))
            .fold(0.0, f64::max),
        (Value::Object(f), Value::Object(e)) => e
            .iter()
            .map(|(k, e)| furthest(f.get(k).unwrap_or(&Value::Bool(false)), e))
            .fold(0.0, f64::max),
        _ => f64::INFINITY,
    }
}
