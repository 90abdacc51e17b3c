//! The laws on every shipped return model, and the hazards as one of them.

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_portfolio::laws::{
    each_loan_is_forecast_on_its_own, order_of_learnt_loans_does_not_matter,
};
use fuzzysvm_portfolio::{
    Completed, Completion as _, ExpectedReturn, HazardReturn, InstanceReturn, LinearReturn,
    LoanState, LoanTerms, LoansToForecast, LoansToLearn, MeanReturn, ObservedLoan,
    PortfolioError as E, ReturnModel, RidgeCvReturn, RidgeReturn, SurvivalCompletion,
};
use proptest::prelude::*;

fn models() -> [(&'static str, Box<dyn ReturnModel>); 8] {
    [
        ("linear", Box::new(LinearReturn)),
        ("ridge", Box::new(RidgeReturn { alpha: 2.0 })),
        ("hazard", Box::new(HazardReturn::default())),
        ("mean", Box::new(MeanReturn)),
        ("ridge-cv", Box::new(RidgeCvReturn::default())),
        ("instance", Box::new(InstanceReturn::default())),
        (
            "narrow instance",
            Box::new(InstanceReturn {
                bandwidth: Some(0.1),
            }),
        ),
        (
            "expected",
            Box::new(ExpectedReturn {
                if_paid: RidgeReturn::default(),
                if_charged_off: MeanReturn,
            }),
        ),
    ]
}

/// 36 payments that repay the loan exactly.
fn terms(annual_rate: f64, funded_amnt: f64) -> LoanTerms {
    let i = annual_rate / 12.0;
    LoanTerms {
        term_months: 36,
        annual_rate,
        installment: funded_amnt * i / (1.0 - (1.0 + i).powi(-36)),
        funded_amnt,
    }
}

const BAD: LoanState = LoanState::ChargedOff {
    after_months: 7,
    roi: -0.8,
};
const PAID: LoanState = LoanState::Paid {
    after_months: 5,
    roi: 0.02,
};

/// At least one default, one repayment and one open loan.
fn books() -> impl Strategy<Value = (Vec<ObservedLoan>, MatrixBuf, Vec<usize>)> {
    let state = prop_oneof![
        (0u32..40).prop_map(|age_months| LoanState::Open { age_months }),
        (1u32..36, -0.1..0.4f64)
            .prop_map(|(after_months, roi)| LoanState::Paid { after_months, roi }),
        (1u32..36, -1.0..0.1f64)
            .prop_map(|(after_months, roi)| LoanState::ChargedOff { after_months, roi }),
    ];
    let loan = (0.01..0.3f64, 1.0..1e5f64, state);
    (proptest::collection::vec(loan, 1..30), 1usize..4).prop_flat_map(|(rows, d)| {
        let sure = [BAD, PAID, LoanState::Open { age_months: 9 }].map(|state| (0.1, 900.0, state));
        let loans: Vec<ObservedLoan> = rows
            .into_iter()
            .chain(sure)
            .map(|(rate, funded, state)| ObservedLoan {
                terms: terms(rate, funded),
                state,
            })
            .collect();
        let n = loans.len();
        (
            Just(loans),
            proptest::collection::vec(-2.0..2.0f64, n * d)
                .prop_map(move |x| MatrixBuf::new(x, d).unwrap()),
            Just((0..n).collect::<Vec<_>>()).prop_shuffle(),
        )
    })
}

fn terms_of(loans: &[ObservedLoan]) -> Vec<LoanTerms> {
    loans.iter().map(|loan| loan.terms).collect()
}

/// Completed returns.
fn returns(loans: &[ObservedLoan], x: Matrix<'_>) -> Vec<f64> {
    let completed = SurvivalCompletion::default().complete(loans, x).unwrap();
    completed.expected_roi()
}

fn hazard_forecast(loans: &[ObservedLoan], x: Matrix<'_>, returns: &[f64]) -> Vec<f64> {
    let learnt = LoansToLearn::new(x, returns).unwrap();
    let learnt = learnt.with_observed(loans).unwrap();
    let fitted = HazardReturn::default().fit(learnt).unwrap();
    assert_eq!(fitted.n_features(), x.n_cols());
    let terms = terms_of(loans);
    let offered = LoansToForecast::new(x).with_terms(&terms).unwrap();
    fitted.forecast(offered).unwrap()
}

proptest! {
    #[test]
    fn every_model_keeps_the_laws((loans, x, permutation) in books()) {
        let (x, terms) = (x.view(), terms_of(&loans));
        let returns = returns(&loans, x);
        let learnt = LoansToLearn::new(x, &returns).unwrap().with_observed(&loans).unwrap();
        for (name, model) in models() {
            each_loan_is_forecast_on_its_own(&*model, learnt, x, &terms)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            order_of_learnt_loans_does_not_matter(&*model, (x, &returns), &loans, &permutation)
                .unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }

    /// Between the loss of everything and the interest of all payments; amounts are only units; the states stand in
    /// place of the returns.
    #[test]
    fn hazards_expect_what_the_terms_allow((loans, x, _) in books(), factor in 1e-3..1e3f64) {
        let x = x.view();
        let forecast = hazard_forecast(&loans, x, &returns(&loans, x));
        for (loan, &forecast) in loans.iter().zip(&forecast) {
            let most = 36.0 * loan.terms.installment / loan.terms.funded_amnt - 1.0;
            prop_assert!((-1.0..=most + 1e-12).contains(&forecast), "{forecast} {most}");
        }
        prop_assert_eq!(&hazard_forecast(&loans, x, &vec![0.0; loans.len()]), &forecast);
        let mut scaled = loans.clone();
        for loan in &mut scaled {
            loan.terms.funded_amnt *= factor;
            loan.terms.installment *= factor;
        }
        for (a, b) in hazard_forecast(&scaled, x, &vec![0.0; loans.len()]).iter().zip(&forecast) {
            prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }

    /// What the completion says of the same loan on the day of its issue.
    #[test]
    fn the_forecast_is_the_completion_at_issue((loans, x, _) in books()) {
        let x = x.view();
        let forecast = hazard_forecast(&loans, x, &returns(&loans, x));
        let fitted = SurvivalCompletion::default().fit(&loans, x).unwrap();
        let new: Vec<ObservedLoan> = loans
            .iter()
            .map(|&loan| ObservedLoan { state: LoanState::Open { age_months: 0 }, ..loan })
            .collect();
        let at_issue = fitted.complete(&new, x).unwrap();
        let expected: Vec<f64> = at_issue.loans.iter().map(Completed::expected_roi).collect();
        prop_assert_eq!(forecast, expected);
    }
}

#[test]
fn hazards_need_terms_and_states_and_regressions_do_without() {
    let loans = [BAD, PAID].map(|state| ObservedLoan {
        terms: terms(0.12, 1000.0),
        state,
    });
    let x = [0.5, -0.5];
    let x = Matrix::new(&x, 1).unwrap();
    let bare = LoansToLearn::new(x, &[-0.8, 0.02]).unwrap();
    let with = bare.with_observed(&loans).unwrap();
    let needs = |what| Err(E::NeedsLoans { what });
    let hazard = HazardReturn::default();
    assert_eq!(hazard.fit(bare).map(|_| ()), needs("terms and state"));
    let fitted = hazard.fit(with).unwrap();
    assert_eq!(
        fitted.forecast(LoansToForecast::new(x)),
        Err(E::NeedsLoans { what: "terms" })
    );
    for (_, model) in &models()[..2] {
        let fitted = model.fit(bare).unwrap();
        assert_eq!(
            fitted.forecast(LoansToForecast::new(x)),
            model.fit(with).unwrap().forecast(LoansToForecast::new(x))
        );
    }
}

#[test]
fn expected_returns_need_outcomes_and_probabilities() {
    let loans = [BAD, PAID, LoanState::Open { age_months: 3 }, PAID].map(|state| ObservedLoan {
        terms: terms(0.12, 1000.0),
        state,
    });
    let x = [0.5, -0.5, 9.0, 1.5];
    let x = Matrix::new(&x, 1).unwrap();
    let bare = LoansToLearn::new(x, &[-0.8, 0.02, 9.0, 0.06]).unwrap();
    let with = bare.with_observed(&loans).unwrap();
    let needs = |what| Err(E::NeedsLoans { what });
    let model = ExpectedReturn::<LinearReturn, MeanReturn>::default();
    assert_eq!(model.fit(bare).map(|_| ()), needs("terms and state"));
    let fitted = model.fit(with).unwrap();
    let one = LoansToForecast::new(x.slice_rows(0, 1));
    let what = "the probability of repayment";
    assert_eq!(fitted.forecast(one), Err(E::NeedsLoans { what }));
    // 0.04 if paid, on the line through the two repaid loans; the open loan counts nowhere.
    let forecast = fitted.forecast(one.with_p_paid(&[0.75]).unwrap()).unwrap();
    assert!(
        (forecast[0] - (0.75 * 0.04 - 0.25 * 0.8)).abs() < 1e-12,
        "{forecast:?}"
    );
    assert!(one.with_p_paid(&[1.5]).is_err() && one.with_p_paid(&[0.5; 2]).is_err());
    let paid = [PAID; 4].map(|state| ObservedLoan { state, ..loans[0] });
    assert!(matches!(
        model.fit(bare.with_observed(&paid).unwrap()),
        Err(E::TooFewLoans {
            needed: 1,
            found: 0
        })
    ));
}

#[test]
fn lists_that_do_not_fit_are_named() {
    let loan = ObservedLoan {
        terms: terms(0.12, 1000.0),
        state: BAD,
    };
    let x = [0.5, -0.5];
    let x = Matrix::new(&x, 1).unwrap();
    let two = LoansToLearn::new(x, &[0.1, 0.2]).unwrap();
    for (error, words) in [
        (
            LoansToLearn::new(x, &[0.1]).unwrap_err(),
            "2 loans but 1 returns",
        ),
        (
            two.with_observed(&[loan]).unwrap_err(),
            "2 loans but 1 states",
        ),
        (
            LoansToForecast::new(x)
                .with_terms(&[loan.terms; 3])
                .unwrap_err(),
            "2 loans but 3 terms",
        ),
        (
            LoansToLearn::new(x, &[0.1, f64::NAN]).unwrap_err(),
            "return 1 is NaN: must be finite",
        ),
    ] {
        assert_eq!(error.to_string(), words);
    }
    let mut wrong = [loan; 2];
    wrong[1].terms.annual_rate = 12.0;
    let with = two.with_observed(&wrong).unwrap();
    let error = HazardReturn::default().fit(with).unwrap_err().to_string();
    assert!(error.starts_with("loan 1: `installment`"), "{error}");
}
