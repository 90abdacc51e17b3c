//! Values by NumPy and by hand, and what holds for every book.

use fuzzysvm_core::Label::{Negative, Positive};
use proptest::prelude::*;

use super::*;

const P_BAD: [f64; 10] = [1.0, 0.0, 0.1, 0.25, 0.0, 1.0, 0.05, 0.6, 0.0, 0.02];
const ROI_BAD: [f64; 10] = [-0.6, -0.4, -0.5, -0.35, -0.4, 0.02, -0.45, -0.7, -0.3, -0.5];
const ROI_PAID: [f64; 10] = [0.2, 0.18, 0.15, 0.22, 0.04, 0.1, 0.12, 0.25, 0.3, 0.11];
const GRADES: [u8; 10] = [1, 1, 2, 2, 0, 3, 1, 3, 2, 0];
const RATES: [f64; 10] = [0.12, 0.11, 0.14, 0.16, 0.08, 0.18, 0.12, 0.19, 0.15, 0.09];

/// Loan, class and weight.
type Row = (usize, Label, f64);

fn book() -> Outcomes<'static> {
    let outcomes = Outcomes::new(&P_BAD, &ROI_BAD, &ROI_PAID).unwrap();
    outcomes
        .with_grades(&GRADES)
        .unwrap()
        .with_rates(&RATES)
        .unwrap()
}

fn assert_rows(found: &[TargetRow], expected: &[Row], what: &str) {
    let names = |loan, label: Label| format!("{what}: loan {loan} {label}");
    assert_eq!(
        found
            .iter()
            .map(|r| names(r.loan, r.label))
            .collect::<Vec<_>>(),
        expected.iter().map(|r| names(r.0, r.1)).collect::<Vec<_>>()
    );
    for (row, (loan, _, weight)) in found.iter().zip(expected) {
        let found = row.weight;
        assert!(
            (found - weight).abs() < 1e-13,
            "{what}, loan {loan}: {found} {weight}"
        );
    }
}

/// With y = p_bad roi_bad + (1 − p_bad) roi_paid, h the mean of y, of y by grade, or polyval(polyfit(rate, y, 2), rate):
/// c = |y − h|; clip(c/quantile(c[c > 0], .98), 0, 1) in NumPy 2.
#[test]
#[rustfmt::skip]
fn stakes_are_numpys() {
    let (p, n) = (Positive, Negative);
    let cases = [
        (Hurdle::Mean, [
            (0, p, 1.0), (1, n, 0.3343575112476681), (2, n, 0.16061304363729467), (3, n, 0.1468963751417389),
            (4, n, 0.0783130326639599), (5, n, 0.04173525000914444), (6, n, 0.17250082300010966),
            (7, p, 0.5800870551227183), (8, n, 0.5538242071765609), (9, n, 0.18402282453637656),
        ]),
        (Hurdle::Grade, [
            (0, p, 1.0), (1, n, 0.6372160591653458), (2, p, 0.15224217878734517), (3, p, 0.16875036684862355),
            (4, p, 0.0636115513294594), (5, n, 0.37418559605564344), (6, n, 0.44241944004226086),
            (7, p, 0.3741855960556435), (8, n, 0.3209925456359687), (9, n, 0.06361155132945939),
        ]),
        (Hurdle::Rate, [
            (0, p, 1.0), (1, n, 0.2350444280178934), (2, n, 0.09167669849380214), (3, n, 0.15186008953523195),
            (4, n, 0.08186076349411822), (5, n, 0.17386503650642632), (6, n, 0.07757482133807185),
            (7, p, 0.33242976780188493), (8, n, 0.4919537824954629), (9, n, 0.1401164883487223),
        ]),
    ];
    for (hurdle, expected) in cases {
        let rows = StakeTarget { hurdle }.rows(&book()).unwrap();
        assert_rows(&rows, &expected, &format!("{hurdle:?}"));
    }
}

/// As above, of p_bad max(h − roi_bad, 0) and (1 − p_bad) max(roi_paid − h, 0) together.
#[test]
#[rustfmt::skip]
fn bilateral_stakes_are_numpys() {
    let (p, n) = (Positive, Negative);
    let mean = [
        (0, p, 1.0), (1, n, 0.331993591553961), (2, p, 0.09028584063494058), (2, n, 0.24976334424651947),
        (3, p, 0.15761614582062164), (3, n, 0.3034739582788546), (4, n, 0.07775935669150318),
        (6, p, 0.040603023266354975), (6, n, 0.21188425921083368), (7, p, 0.7596301022631786),
        (7, n, 0.18364428359407597), (8, n, 0.5499086500074963), (9, p, 0.018057168126988113),
        (9, n, 0.20077894464027743),
    ];
    let grade = [
        (0, p, 1.0), (1, n, 0.6359981546167536), (2, p, 0.14371288180027392), (3, p, 0.27689902385084625),
        (3, n, 0.10847118785562075), (6, p, 0.037401964015026705), (6, n, 0.4789758122981613),
        (7, p, 0.7249719897185793), (7, n, 0.3515015707726445), (8, n, 0.3203790358604832),
        (9, p, 0.02499615545156968), (9, n, 0.08848612667237858),
    ];
    let rate = [
        (0, p, 1.0), (1, n, 0.2407445539358229), (2, p, 0.09364565728898061), (2, n, 0.18754563216317388),
        (3, p, 0.1493524930595104), (3, n, 0.30489538264900684), (4, n, 0.08384599098319018),
        (6, p, 0.04371420911810433), (6, n, 0.12317031840423266), (7, p, 0.6058698267827013),
        (7, n, 0.2653782148804552), (8, n, 0.5038842865694091), (9, p, 0.018187732202589728),
        (9, n, 0.16170222336082776),
    ];
    let cases: [(Hurdle, &[Row]); 3] =
        [(Hurdle::Mean, &mean), (Hurdle::Grade, &grade), (Hurdle::Rate, &rate)];
    for (hurdle, expected) in cases {
        let rows = BilateralStake { hurdle }.rows(&book()).unwrap();
        assert_rows(&rows, expected, &format!("{hurdle:?}"));
    }
}

#[test]
fn two_loans_by_hand() {
    // Returns −0.5 and 0.1, the mean −0.2: both 0.3 away. The 98th percentile of two equal stakes is the stake.
    let outcomes = Outcomes::new(&[1.0, 0.0], &[-0.5, 0.9], &[0.9, 0.1]).unwrap();
    let both = [(0, Positive, 1.0), (1, Negative, 1.0)];
    assert_rows(
        &StakeTarget::default().rows(&outcomes).unwrap(),
        &both,
        "stake",
    );
    // What cannot happen any more has no weight, so resolved loans are one row.
    assert_rows(
        &BilateralStake::default().rows(&outcomes).unwrap(),
        &both,
        "bilateral",
    );
    // Half defaults: expected (−0.5 + 0.3)/2 = −0.1 and 0.1, mean 0. Positive 0.5 · 0.5, negative 0.5 · 0.3 and 0.1;
    // the quantile lies 0.96 of the way from 0.15 to 0.25.
    let outcomes = Outcomes::new(&[0.5, 0.0], &[-0.5, -0.5], &[0.3, 0.1]).unwrap();
    let scale = 0.15 + 0.96 * 0.1;
    let rows = BilateralStake::default().rows(&outcomes).unwrap();
    let expected = [
        (0, Positive, 1.0),
        (0, Negative, 0.15 / scale),
        (1, Negative, 0.1 / scale),
    ];
    assert_rows(&rows, &expected, "half");
}

#[test]
fn defaults_are_the_known_ones_or_the_likelier() {
    let known = [
        (0, Positive, 1.0),
        (1, Negative, 1.0),
        (4, Negative, 1.0),
        (5, Positive, 1.0),
        (8, Negative, 1.0),
    ];
    assert_rows(
        &DefaultTarget::default().rows(&book()).unwrap(),
        &known,
        "known",
    );
    let rows = DefaultTarget { open_loans: true }.rows(&book()).unwrap();
    let positive: Vec<usize> = rows
        .iter()
        .filter(|r| r.label.is_positive())
        .map(|r| r.loan)
        .collect();
    assert_eq!((rows.len(), positive), (10, vec![0, 5, 7]));
}

#[test]
fn a_hurdle_at_the_rate_needs_no_three_rates() {
    let rows = |rates: &[f64]| {
        let outcomes = Outcomes::new(&P_BAD, &ROI_BAD, &ROI_PAID).unwrap();
        let outcomes = outcomes.with_rates(rates).unwrap();
        StakeTarget {
            hurdle: Hurdle::Rate,
        }
        .rows(&outcomes)
        .unwrap()
    };
    // One rate: the mean. Two: the mean of each, as of two grades.
    let mean = StakeTarget::default().rows(&book()).unwrap();
    assert_eq!(rows(&[0.1; 10]), mean);
    let halves: Vec<u8> = (0..10).map(|i| i % 2).collect();
    let outcomes = Outcomes::new(&P_BAD, &ROI_BAD, &ROI_PAID).unwrap();
    let outcomes = outcomes.with_grades(&halves).unwrap();
    let grade = StakeTarget {
        hurdle: Hurdle::Grade,
    }
    .rows(&outcomes)
    .unwrap();
    let grade: Vec<Row> = grade.iter().map(|r| (r.loan, r.label, r.weight)).collect();
    let rates: Vec<f64> = halves.iter().map(|&h| 0.1 + 0.02 * f64::from(h)).collect();
    assert_rows(&rows(&rates), &grade, "two rates");
}

#[test]
fn what_cannot_be_used_is_named() {
    let message = |r: Result<Vec<TargetRow>, EstimatorError>| r.unwrap_err().to_string();
    let plain = Outcomes::new(&P_BAD, &ROI_BAD, &ROI_PAID).unwrap();
    for (hurdle, what) in [(Hurdle::Grade, "grades"), (Hurdle::Rate, "rates")] {
        let expected =
            format!("found loans without {what}, expected {what} of the loans, for this hurdle");
        assert_eq!(message(BilateralStake { hurdle }.rows(&plain)), expected);
    }
    // All the same, up to the rounding of their mean.
    let same = Outcomes::new(&[0.0; 10], &[0.1; 10], &[0.1; 10]).unwrap();
    assert!(message(StakeTarget::default().rows(&same)).contains("differs from the hurdle"));
    assert!(message(BilateralStake::default().rows(&same)).contains("differs from the hurdle"));
    let open = Outcomes::new(&[0.5], &[0.1], &[0.1]).unwrap();
    assert!(message(DefaultTarget::default().rows(&open)).contains("known outcome"));
    let huge = Outcomes::new(&[0.0; 2], &[0.0; 2], &[f64::MAX; 2]).unwrap();
    assert!(message(StakeTarget::default().rows(&huge)).contains("overflows"));
    let wide = Outcomes::new(&[1.0, 0.0], &[-f64::MAX; 2], &[f64::MAX; 2]).unwrap();
    assert!(StakeTarget::default().rows(&wide).is_ok());

    assert!(Outcomes::new(&[], &[], &[]).is_err());
    for (p, bad, paid) in [
        (1.1, 0.0, 0.0),
        (f64::NAN, 0.0, 0.0),
        (0.5, f64::NAN, 0.0),
        (0.5, 0.0, f64::INFINITY),
    ] {
        let error = Outcomes::new(&[0.0, p], &[0.0, bad], &[0.0, paid]).unwrap_err();
        assert!(error.to_string().contains("of loan 1"), "{error}");
    }
    assert!(Outcomes::new(&[0.0], &[0.0, 0.0], &[0.0]).is_err());
    assert!(open.with_grades(&[]).is_err());
    assert!(open.with_rates(&[f64::NAN]).is_err());
}

#[test]
fn targets_are_kept_in_files_by_name() {
    for (kind, text) in [
        (
            TargetKind::default(),
            r#"{"kind":"default","open_loans":false}"#,
        ),
        (
            TargetKind::BilateralStake(BilateralStake {
                hurdle: Hurdle::Grade,
            }),
            r#"{"kind":"bilateral-stake","hurdle":"grade"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&kind).unwrap(), text);
        assert_eq!(serde_json::from_str::<TargetKind>(text).unwrap(), kind);
        assert_eq!(
            kind.rows(&book()).unwrap(),
            match kind {
                TargetKind::Default(t) => t.rows(&book()),
                TargetKind::Stake(t) => t.rows(&book()),
                TargetKind::BilateralStake(t) => t.rows(&book()),
            }
            .unwrap()
        );
    }
}

fn kinds() -> Vec<TargetKind> {
    let mut kinds = vec![TargetKind::Default(DefaultTarget { open_loans: true })];
    for hurdle in [Hurdle::Mean, Hurdle::Grade, Hurdle::Rate] {
        kinds.push(TargetKind::Stake(StakeTarget { hurdle }));
        kinds.push(TargetKind::BilateralStake(BilateralStake { hurdle }));
    }
    kinds
}

/// p_bad, return if bad, return if paid, grade, rate.
type LoanRow = (f64, f64, f64, u8, f64);

fn rows_of(target: &TargetKind, loans: &[LoanRow], scale: f64) -> Vec<TargetRow> {
    let list = |of: fn(&LoanRow) -> f64| loans.iter().map(of).collect::<Vec<f64>>();
    let scaled = |v: Vec<f64>| v.into_iter().map(|y| y * scale).collect::<Vec<f64>>();
    let (p, bad, paid) = (list(|l| l.0), scaled(list(|l| l.1)), scaled(list(|l| l.2)));
    let (grades, rates): (Vec<u8>, Vec<f64>) = (loans.iter().map(|l| l.3).collect(), list(|l| l.4));
    let outcomes = Outcomes::new(&p, &bad, &paid).unwrap();
    let outcomes = outcomes
        .with_grades(&grades)
        .unwrap()
        .with_rates(&rates)
        .unwrap();
    target.rows(&outcomes).unwrap()
}

proptest! {
    #[test]
    fn weights_order_and_units(
        (loans, order) in proptest::collection::vec(
            (prop_oneof![Just(0.0), Just(1.0), 0.0..1.0f64], -1.0..0.1f64, -0.05..0.4f64, 0u8..4, 0.05..0.25f64),
            8..40,
        ).prop_flat_map(|loans| {
            let order: Vec<usize> = (0..loans.len()).collect();
            (Just(loans), Just(order).prop_shuffle())
        }),
    ) {
        for target in kinds() {
            let rows = rows_of(&target, &loans, 1.0);
            prop_assert!(rows.iter().all(|r| r.weight > 0.0 && r.weight <= 1.0));
            prop_assert!(rows.is_sorted_by_key(|r| r.loan));
            prop_assert!(rows.iter().any(|r| r.weight == 1.0));
            // The unit of returns does not matter; a power of two keeps every digit.
            prop_assert_eq!(&rows, &rows_of(&target, &loans, 64.0));
            // Nor does the order of the loans, but for the rounding of sums.
            let shuffled: Vec<LoanRow> = order.iter().map(|&i| loans[i]).collect();
            let mut back = rows_of(&target, &shuffled, 1.0);
            back.iter_mut().for_each(|r| r.loan = order[r.loan]);
            back.sort_by_key(|r| (r.loan, !r.label.is_positive()));
            // A row at the edge of what is negligible may come or go with the rounding.
            let kept = |r: &&TargetRow| r.weight > 1e-4 + 1e-9;
            let (a, b): (Vec<_>, Vec<_>) = (rows.iter().filter(kept).collect(), back.iter().filter(kept).collect());
            prop_assert_eq!(a.len(), b.len());
            for (a, b) in a.into_iter().zip(b) {
                prop_assert_eq!((a.loan, a.label), (b.loan, b.label));
                prop_assert!((a.weight - b.weight).abs() < 1e-9);
            }
        }
    }
}
