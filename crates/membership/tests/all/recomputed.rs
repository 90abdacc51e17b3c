//! Memberships against an independent recomputation: tests/golden/recompute.py wrote the file.
#![cfg(feature = "serde")]

use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_membership::{MembershipKind, Plan, Strategy as _};

#[test]
fn memberships_are_those_of_the_formulas() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../golden/recompute.json")).unwrap();
    let numbers = |v: &serde_json::Value| serde_json::from_value::<Vec<f64>>(v.clone()).unwrap();
    let n_cols = golden["n_cols"].as_u64().unwrap() as usize;
    let x = MatrixBuf::new(numbers(&golden["x"]), n_cols).unwrap();
    let y: Vec<Label> = numbers(&golden["y"])
        .into_iter()
        .map(Label::from_sign)
        .collect();
    let train = Samples::new(x.view(), &y).unwrap();
    let decision = numbers(&golden["decision"]);
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 25);
    for case in cases {
        let kind: MembershipKind = serde_json::from_value(case["settings"].clone()).unwrap();
        let needs_first_model = case["decision"].as_bool().unwrap();
        assert_eq!(kind.needs_first_model(), needs_first_model);
        let found = match kind.plan() {
            Plan::FromFirstModel(strategy) => strategy.membership_from(train, &decision),
            Plan::Plain(membership) => membership.membership(train),
        }
        .unwrap();
        for (i, (f, e)) in found.iter().zip(numbers(&case["expected"])).enumerate() {
            assert!((f - e).abs() <= 1e-12, "{kind:?}, sample {i}: {f} for {e}");
        }
    }
}
