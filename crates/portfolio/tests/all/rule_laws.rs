//! The laws on every shipped rule.

use fuzzysvm_portfolio::laws::{
    allocation_is_feasible, amounts_scale_with_the_budget, order_does_not_matter,
};
use fuzzysvm_portfolio::{
    AllCandidates, Candidates, MeanVariance, NotesAllocation, PortfolioRule, RuleKind, Threshold,
    TopFraction, TopN,
};
use proptest::prelude::*;

fn rules(fraction: f64) -> Vec<Box<dyn PortfolioRule>> {
    vec![
        Box::new(TopFraction { fraction }),
        Box::new(AllCandidates),
        Box::new(RuleKind::default()),
        Box::new(TopN {
            n: 1 + (20.0 * fraction) as usize,
        }),
        Box::new(Threshold {
            minimum: fraction - 0.5,
        }),
    ]
}

fn offers() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<usize>)> {
    (1usize..40).prop_flat_map(|n| {
        (
            proptest::collection::vec(-1.0f64..1.0, n),
            proptest::collection::vec(
                prop_oneof![Just(0.0), 0.0f64..500.0, Just(f64::INFINITY)],
                n,
            ),
            Just((0..n).collect::<Vec<_>>()).prop_shuffle(),
        )
    })
}

proptest! {
    #[test]
    fn every_rule_keeps_the_laws(
        (forecast, cap, permutation) in offers(), budget in 0.01f64..1e5, fraction in 0.001f64..=1.0, factor in 0.1f64..9.0,
    ) {
        for rule in rules(fraction) {
            let candidates = Candidates::new(&forecast).unwrap();
            allocation_is_feasible(&*rule, candidates, budget).unwrap();
            allocation_is_feasible(&*rule, candidates.with_cap(&cap).unwrap(), budget).unwrap();
            amounts_scale_with_the_budget(&*rule, &forecast, budget, factor).unwrap();
            let distinct = (1..forecast.len()).all(|i| !forecast[..i].contains(&forecast[i]));
            prop_assume!(distinct);
            order_does_not_matter(&*rule, &forecast, &cap, budget, &permutation).unwrap();
        }
    }

    #[test]
    fn mean_variance_is_feasible(
        (forecast, cap, _) in offers(), spread in 0.0f64..0.4, budget in 0.01f64..1e5, risk_aversion in 0.0f64..200.0,
    ) {
        let variance: Vec<f64> = forecast.iter().map(|f| spread * f.abs()).collect();
        let candidates = Candidates::new(&forecast).unwrap().with_variance(&variance).unwrap();
        let rule = MeanVariance { risk_aversion };
        allocation_is_feasible(&rule, candidates, budget).unwrap();
        allocation_is_feasible(&rule, candidates.with_cap(&cap).unwrap(), budget).unwrap();
    }

    /// Whole notes do not scale with the budget.
    #[test]
    fn notes_are_feasible_in_any_order(
        (forecast, cap, permutation) in offers(), budget in 0.01f64..1e5, note in 1.0f64..50.0,
    ) {
        let rule = NotesAllocation { note, risk_aversion: 0.0, ..NotesAllocation::default() };
        let candidates = Candidates::new(&forecast).unwrap();
        allocation_is_feasible(&rule, candidates, budget).unwrap();
        allocation_is_feasible(&rule, candidates.with_cap(&cap).unwrap(), budget).unwrap();
        let distinct = (1..forecast.len()).all(|i| !forecast[..i].contains(&forecast[i]));
        prop_assume!(distinct);
        order_does_not_matter(&rule, &forecast, &cap, budget, &permutation).unwrap();
    }

    #[test]
    fn nothing_left_out_beats_anything_bought((forecast, cap, _) in offers(), fraction in 0.001f64..=1.0) {
        let candidates = Candidates::new(&forecast).unwrap();
        let amounts = TopFraction { fraction }.allocate(candidates, 100.0).unwrap();
        let worst_in = (0..forecast.len()).filter(|&i| amounts[i] > 0.0).map(|i| forecast[i]).fold(f64::INFINITY, f64::min);
        let best_out = (0..forecast.len()).filter(|&i| amounts[i] == 0.0).map(|i| forecast[i]).fold(f64::NEG_INFINITY, f64::max);
        prop_assert!(worst_in >= best_out);
        // The budget is spent unless the caps of the chosen loans forbid it.
        let spent: f64 = amounts.iter().sum();
        prop_assert!((spent - 100.0).abs() < 1e-9);
        let capped = TopFraction { fraction }.allocate(candidates.with_cap(&cap).unwrap(), 100.0).unwrap();
        let room: f64 = (0..forecast.len()).filter(|&i| amounts[i] > 0.0).map(|i| cap[i]).sum();
        prop_assert!((capped.iter().sum::<f64>() - room.min(100.0)).abs() < 1e-9);
    }
}
