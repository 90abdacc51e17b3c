//! Completion and forecasts against scikit-learn on dense person-periods (golden/survival.py).

use fuzzysvm_core::MatrixBuf;
use fuzzysvm_portfolio::{
    Completed, Completion, CompletionWarning, LoanState, LoanTerms, ObservedLoan,
    SurvivalCompletion,
};
use serde_json::Value;

struct Golden {
    loans: Vec<ObservedLoan>,
    x: MatrixBuf,
    expected: Vec<[f64; 3]>,
    new: Vec<LoanTerms>,
    new_x: MatrixBuf,
    new_expected: Vec<[f64; 3]>,
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap()
}

fn numbers(row: &Value, key: &str) -> Vec<f64> {
    let list = row[key].as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

fn terms(row: &Value) -> LoanTerms {
    LoanTerms {
        term_months: number(row, "term") as u32,
        annual_rate: number(row, "rate"),
        installment: number(row, "installment"),
        funded_amnt: number(row, "funded"),
    }
}

fn observed(row: &Value) -> ObservedLoan {
    let (months, roi) = (number(row, "months") as u32, number(row, "roi"));
    let state = match row["end"].as_u64().unwrap() {
        0 => LoanState::Open { age_months: months },
        1 => LoanState::ChargedOff {
            after_months: months,
            roi,
        },
        _ => LoanState::Paid {
            after_months: months,
            roi,
        },
    };
    ObservedLoan {
        terms: terms(row),
        state,
    }
}

fn golden() -> Golden {
    let file: Value = serde_json::from_str(include_str!("../golden/survival.json")).unwrap();
    let rows = |key: &str| file[key].as_array().unwrap().clone();
    let x = |rows: &[Value]| {
        MatrixBuf::new(rows.iter().flat_map(|r| numbers(r, "x")).collect(), 4).unwrap()
    };
    let expected = |rows: &[Value]| {
        let three = |r| numbers(r, "expected").try_into().unwrap();
        rows.iter().map(three).collect()
    };
    let (loans, new) = (rows("loans"), rows("new"));
    Golden {
        loans: loans.iter().map(observed).collect(),
        x: x(&loans),
        expected: expected(&loans),
        new: new.iter().map(terms).collect(),
        new_x: x(&new),
        new_expected: expected(&new),
    }
}

fn assert_near(i: usize, found: &Completed, expected: &[f64; 3]) {
    let found = [found.p_bad, found.roi_bad, found.roi_paid];
    for (column, (f, e)) in found.iter().zip(expected).enumerate() {
        // A default that cannot happen any more has no return in the file.
        if column == 1 && expected[0] == 0.0 {
            continue;
        }
        assert!((f - e).abs() < 1e-5, "loan {i}: {found:?} {expected:?}");
    }
}

#[test]
fn open_loans_are_completed_as_by_scikit_learn() {
    let g = golden();
    let completed = SurvivalCompletion::default()
        .complete(&g.loans, g.x.view())
        .unwrap();
    let mut open = 0;
    for (i, (loan, found)) in g.loans.iter().zip(&completed.loans).enumerate() {
        match loan.state {
            LoanState::Open { .. } => {
                assert_near(i, found, &g.expected[i]);
                open += 1;
            }
            LoanState::Paid { roi, .. } => assert_eq!((found.p_bad, found.roi_paid), (0.0, roi)),
            LoanState::ChargedOff { roi, .. } => {
                assert_eq!((found.p_bad, found.roi_bad), (1.0, roi));
            }
            _ => panic!("a state of its own"),
        }
    }
    assert_eq!((g.loans.len(), open), (300, 162));
    let few = |term_months, found| CompletionWarning::FewResolved {
        term_months,
        found,
        advised: 600,
    };
    assert_eq!(completed.warnings, [few(36, 99), few(60, 39)]);
}

#[test]
fn new_loans_are_forecast_as_by_scikit_learn() {
    let g = golden();
    let fitted = SurvivalCompletion::default()
        .fit(&g.loans, g.x.view())
        .unwrap();
    assert_eq!((fitted.n_features(), fitted.terms()), (4, vec![36, 60]));
    let completed = fitted.complete(&g.loans, g.x.view()).unwrap();
    assert_eq!(fitted.warnings(), completed.warnings);
    assert_eq!(fitted.warnings().len(), 2, "few loans of either term");
    let forecast = fitted.forecast(&g.new, g.new_x.view()).unwrap();
    for (i, (found, expected)) in forecast.iter().zip(&g.new_expected).enumerate() {
        assert_near(i, found, expected);
        let [p, bad, paid] = *expected;
        assert!((found.expected_roi() - p * bad - (1.0 - p) * paid).abs() < 1e-5);
    }
    assert_eq!(forecast.len(), 30);
}
