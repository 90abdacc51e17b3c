//! Our metrics and statistics for the cases that benches/peers/metrics.py writes: reads its JSON file, prints ours.

#[path = "../../crates/evaluation/tests/golden/compute.rs"]
#[allow(dead_code, reason = "the comparison is the script's")]
mod compute;

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: peer_metrics CASES.json")?;
    let cases: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let each = |name: &str, of: fn(&Value) -> Result<Value, Box<dyn std::error::Error>>| {
        let list = cases[name].as_array().cloned().unwrap_or_default();
        list.iter().map(of).collect::<Result<Vec<_>, _>>()
    };
    let metrics = each("metrics", compute::metrics)?;
    let statistics = each("statistics", compute::statistics)?;
    println!(
        "{}",
        json!({ "metrics": metrics, "statistics": statistics })
    );
    Ok(())
}
