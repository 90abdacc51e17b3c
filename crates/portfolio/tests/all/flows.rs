//! Rates of cash flows that are known.

use fuzzysvm_portfolio::irr_of_flows;

#[test]
fn rates_are_those_of_numpy_financial_by_twelve_months() {
    // The examples of numpy_financial.irr; the second is 0.74^(1/3) − 1.
    for (flows, by_month) in [
        (
            &[-100.0, 39.0, 59.0, 55.0, 20.0][..],
            0.280_948_421_159_961_1,
        ),
        (&[-100.0, 0.0, 0.0, 74.0], 0.74f64.cbrt() - 1.0),
        (&[-100.0, 0.0, 0.0, 100.0], 0.0),
    ] {
        let expected = f64::powi(1.0 + by_month, 12) - 1.0;
        let found = irr_of_flows(flows).unwrap();
        assert!((found - expected).abs() < 1e-10, "{flows:?}: {found}");
    }
    // Of what is lost there is no rate but −1.
    assert_eq!(irr_of_flows(&[-100.0, 0.0, 0.0]).unwrap(), -1.0);
    assert_eq!(irr_of_flows(&[-100.0]).unwrap(), -1.0);
}

#[test]
fn flows_that_are_none_are_refused_with_their_place() {
    let text = |flows: &[f64]| irr_of_flows(flows).unwrap_err().to_string();
    for first in [&[][..], &[0.0, 1.0], &[100.0, 1.0], &[f64::NAN]] {
        let e = text(first);
        assert!(
            e.contains("first cash flow") && e.ends_with("must be finite and < 0"),
            "{e}"
        );
    }
    for later in [-1.0, f64::NAN, f64::INFINITY] {
        let e = text(&[-100.0, 50.0, later]);
        assert!(
            e.contains("later cash flow") && e.ends_with("must be finite and >= 0"),
            "{e}"
        );
    }
}
