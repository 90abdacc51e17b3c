//! Whole notes against Clarabel (golden/notes.py), against every portfolio there is, and against SMO.

use fuzzysvm_portfolio::{
    Candidates, GroupCap, MeanVariance, NotesAllocation, PortfolioError as E, PortfolioRule as _,
    efficient_frontier,
};
use proptest::prelude::*;
use serde_json::Value;

const BUDGET: f64 = 10_000.0;

fn numbers(row: &Value) -> Vec<f64> {
    let list = row.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Objectives of 50 relaxations to 1e-6, half of them linear programs, all with caps per group of two kinds.
#[test]
fn relaxations_are_clarabels() {
    let file: Value = serde_json::from_str(include_str!("../golden/notes.json")).unwrap();
    let problems = file.as_array().unwrap();
    assert_eq!(problems.len(), 50);
    let mut binding = 0;
    for (number, problem) in problems.iter().enumerate() {
        let forecast = numbers(&problem["forecast"]);
        let variance = numbers(&problem["variance"]);
        let cap = numbers(&problem["cap"]);
        let ids: Vec<Vec<usize>> = problem["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ids| numbers(ids).iter().map(|&id| id as usize).collect())
            .collect();
        let groups: Vec<&[usize]> = ids.iter().map(Vec::as_slice).collect();
        let caps = problem["group_caps"].as_array().unwrap().iter();
        let rule = NotesAllocation {
            risk_aversion: problem["risk_aversion"].as_f64().unwrap(),
            cash: problem["cash"].as_f64().unwrap(),
            group_caps: caps.map(|caps| GroupCap::PerGroup(numbers(caps))).collect(),
            ..NotesAllocation::default()
        };
        let candidates = Candidates::new(&forecast)
            .and_then(|c| c.with_variance(&variance))
            .and_then(|c| c.with_cap(&cap))
            .and_then(|c| c.with_groups(&groups))
            .unwrap();
        let found = rule.solve(candidates, BUDGET).unwrap();
        let expected = problem["objective"].as_f64().unwrap();
        let difference = found.relaxed_objective - expected;
        assert!(difference.abs() < 1e-6, "problem {number}: {difference:e}");
        binding += usize::from(found.price_of_groups.iter().flatten().any(|&p| p > 1e-6));
        assert!(found.gap >= 0.0 && found.objective <= found.relaxed_objective + 1e-9);
    }
    assert!(binding >= 40, "caps of groups bind in {binding}");
}

/// The best objective of all portfolios of whole notes.
fn best_of_all(rule: &NotesAllocation, c: Candidates<'_>, budget: f64, caps: &[f64]) -> f64 {
    let n = c.n_candidates();
    let mut notes = vec![0usize; n];
    let mut best = f64::NEG_INFINITY;
    loop {
        let amounts: Vec<f64> = notes.iter().map(|&k| k as f64 * rule.note).collect();
        let of_group = |g: usize| -> f64 {
            (0..n)
                .filter(|&i| c.groups()[0][i] == g)
                .map(|i| amounts[i])
                .sum()
        };
        let lawful = amounts.iter().sum::<f64>() <= budget
            && (0..n).all(|i| {
                amounts[i] == 0.0 || (amounts[i] >= rule.minimum && amounts[i] <= c.cap(i))
            })
            && (0..caps.len()).all(|g| of_group(g) <= caps[g] * budget + 1e-9);
        if lawful {
            best = best.max(objective(rule, c, budget, &amounts));
        }
        let Some(next) = (0..n).find(|&i| notes[i] < 4) else {
            return best;
        };
        notes[next] += 1;
        notes[..next].fill(0);
    }
}

fn objective(rule: &NotesAllocation, c: Candidates<'_>, budget: f64, amounts: &[f64]) -> f64 {
    let mut value = rule.cash;
    for (i, amount) in amounts.iter().enumerate() {
        let w = amount / budget;
        let risk = rule.risk_aversion * c.variance().unwrap()[i];
        value += w * (c.forecast()[i] - rule.cash) - 0.5 * risk * w * w;
    }
    value
}

proptest! {
    /// Five loans in two groups, four notes at most of each: the gap is an upper bound of what whole notes lose. Without
    /// caps of groups and with one note as minimum they lose nothing.
    #[test]
    fn the_gap_bounds_what_the_best_portfolio_adds(
        loans in proptest::collection::vec((-0.1f64..0.3, 0.01f64..0.4, 0u32..=4), 5),
        ids in proptest::collection::vec(0usize..2, 5), caps in proptest::collection::vec(0.1f64..1.2, 2),
        risk_aversion in prop_oneof![Just(0.0), 0.1f64..5.0], minimum in 0u32..4, cash in -0.05f64..0.05, notes in 1u32..14,
    ) {
        let forecast: Vec<f64> = loans.iter().map(|l| l.0).collect();
        let variance: Vec<f64> = loans.iter().map(|l| l.1).collect();
        let cap: Vec<f64> = loans.iter().map(|l| 25.0 * f64::from(l.2)).collect();
        let groups = [&ids[..]];
        let candidates = Candidates::new(&forecast)
            .and_then(|c| c.with_variance(&variance))
            .and_then(|c| c.with_cap(&cap))
            .and_then(|c| c.with_groups(&groups))
            .unwrap();
        let budget = 25.0 * f64::from(notes) + 7.0;
        let rule = NotesAllocation {
            minimum: 25.0 * f64::from(minimum),
            risk_aversion,
            cash,
            group_caps: vec![GroupCap::PerGroup(caps.clone())],
            ..NotesAllocation::default()
        };
        let found = rule.solve(candidates, budget).unwrap();
        for (i, &amount) in found.amounts.iter().enumerate() {
            prop_assert_eq!(amount % 25.0, 0.0);
            prop_assert!(amount == 0.0 || (rule.minimum..=cap[i]).contains(&amount));
        }
        prop_assert!(found.amounts.iter().sum::<f64>() <= budget);
        let at = objective(&rule, candidates, budget, &found.amounts);
        prop_assert!((at - found.objective).abs() < 1e-12);
        let best = best_of_all(&rule, candidates, budget, &caps);
        prop_assert!(at <= best + 1e-12, "caps are broken: {at} {best}");
        prop_assert!(best <= at + found.gap + 1e-9, "{best} {found:?}");

        let plain = NotesAllocation { minimum: 0.0, group_caps: Vec::new(), ..rule };
        let found = plain.solve(candidates, budget).unwrap();
        let best = best_of_all(&plain, candidates, budget, &[]);
        prop_assert!((best - found.objective).abs() < 1e-12, "{best} {found:?}");
    }

    /// Without caps of groups and with cash that nobody wants: the weights of mean and variance by SMO.
    #[test]
    fn the_relaxation_is_that_of_smo(
        loans in proptest::collection::vec((-0.2f64..0.3, 0.01f64..0.3, 1u32..=30), 5..25), risk_aversion in 0.5f64..60.0,
    ) {
        let forecast: Vec<f64> = loans.iter().map(|l| l.0).collect();
        let variance: Vec<f64> = loans.iter().map(|l| l.1).collect();
        let cap: Vec<f64> = loans.iter().map(|l| 100.0 * f64::from(l.2)).collect();
        let candidates = Candidates::new(&forecast)
            .and_then(|c| c.with_variance(&variance))
            .and_then(|c| c.with_cap(&cap))
            .unwrap();
        let rule = NotesAllocation { risk_aversion, cash: -100.0, ..NotesAllocation::default() };
        let found = rule.solve(candidates, 1000.0).unwrap();
        let by_smo = MeanVariance { risk_aversion }.allocate(candidates, 1000.0).unwrap();
        let expected = objective(&rule, candidates, 1000.0, &by_smo);
        prop_assert!((found.relaxed_objective - expected).abs() < 1e-6, "{} {expected}", found.relaxed_objective);
    }

    /// More aversion to risk, less risk and less return; no portfolio at random beats a point of the frontier.
    #[test]
    fn the_frontier_is_efficient(
        loans in proptest::collection::vec((-0.1f64..0.3, 0.01f64..0.3, 0.0f64..1.0), 2..20), ids in proptest::collection::vec(0usize..3, 20),
    ) {
        let forecast: Vec<f64> = loans.iter().map(|l| l.0).collect();
        let variance: Vec<f64> = loans.iter().map(|l| l.1).collect();
        let groups = [&ids[..loans.len()]];
        let candidates = Candidates::new(&forecast)
            .and_then(|c| c.with_variance(&variance))
            .and_then(|c| c.with_groups(&groups))
            .unwrap();
        let rule = NotesAllocation { group_caps: vec![GroupCap::Each(0.5)], ..NotesAllocation::default() };
        let aversions = [0.1, 0.5, 2.0, 10.0, 50.0];
        let frontier = efficient_frontier(&rule, candidates, BUDGET, &aversions).unwrap();
        for pair in frontier.windows(2) {
            prop_assert!(pair[1].std <= pair[0].std + 1e-6 && pair[1].forecast <= pair[0].forecast + 1e-6, "{frontier:?}");
            prop_assert!(pair[0].spent <= 1.0 + 1e-9);
        }
        // At random within the caps.
        let total: f64 = (0..3)
            .map(|g| (0..loans.len()).filter(|&i| ids[i] == g).map(|i| loans[i].2).sum::<f64>())
            .fold(loans.iter().map(|l| 0.5 * l.2).sum(), f64::max);
        prop_assume!(total > 0.0);
        let w: Vec<f64> = loans.iter().map(|l| 0.5 * l.2 / total).collect();
        let gained: f64 = w.iter().zip(&forecast).map(|(w, f)| w * f).sum();
        let risk: f64 = w.iter().zip(&variance).map(|(w, v)| w * w * v).sum();
        for point in &frontier {
            let value = |gained: f64, risk: f64| gained - 0.5 * point.risk_aversion * risk;
            prop_assert!(value(gained, risk) <= value(point.forecast, point.std.powi(2)) + 1e-8);
        }
    }
}

/// The first loan is the best and takes the room of both others, which are worth more together: bought one by one from
/// nothing it would come first.
#[test]
fn whole_notes_start_from_the_relaxation_too() {
    let (grade, state) = ([0, 0, 1], [0, 1, 0]);
    let groups = [&grade[..], &state[..]];
    let candidates = Candidates::new(&[0.10, 0.09, 0.08])
        .and_then(|c| c.with_groups(&groups))
        .unwrap();
    let one_note = || GroupCap::PerGroup(vec![0.25, f64::INFINITY]);
    let rule = NotesAllocation {
        maximum: Some(25.0),
        risk_aversion: 0.0,
        group_caps: vec![one_note(), one_note()],
        ..NotesAllocation::default()
    };
    let found = rule.solve(candidates, 100.0).unwrap();
    assert_eq!(found.amounts, [0.0, 25.0, 25.0]);
    assert!((found.objective - 0.25 * 0.17).abs() < 1e-15 && found.gap < 1e-9);
}

#[test]
fn hostile_input() {
    let ids = [0, 1];
    let groups = [&ids[..]];
    let plain = Candidates::new(&[0.1, 0.2]).unwrap();
    let candidates = plain.with_variance(&[0.1, 0.1]).unwrap();
    let rule = NotesAllocation::default();
    assert_eq!(rule.allocate(plain, 100.0), Err(E::NeedsVariance));
    let linear = NotesAllocation {
        risk_aversion: 0.0,
        ..rule.clone()
    };
    assert_eq!(linear.allocate(plain, 60.0).unwrap(), [0.0, 50.0]);
    // Less than a note.
    assert_eq!(rule.allocate(candidates, 24.0).unwrap(), [0.0, 0.0]);
    for (name, bad) in [
        (
            "note",
            NotesAllocation {
                note: 0.0,
                ..rule.clone()
            },
        ),
        (
            "note",
            NotesAllocation {
                note: f64::NAN,
                ..rule.clone()
            },
        ),
        (
            "minimum",
            NotesAllocation {
                minimum: -1.0,
                ..rule.clone()
            },
        ),
        (
            "maximum",
            NotesAllocation {
                maximum: Some(f64::INFINITY),
                ..rule.clone()
            },
        ),
        (
            "risk_aversion",
            NotesAllocation {
                risk_aversion: -1.0,
                ..rule.clone()
            },
        ),
        (
            "cash",
            NotesAllocation {
                cash: f64::NAN,
                ..rule.clone()
            },
        ),
        (
            "group_caps",
            NotesAllocation {
                group_caps: vec![GroupCap::Each(-0.1)],
                ..rule.clone()
            },
        ),
        (
            "group_caps",
            NotesAllocation {
                group_caps: vec![GroupCap::PerGroup(vec![0.1, f64::NAN])],
                ..rule.clone()
            },
        ),
    ] {
        let error = bad.allocate(candidates, 100.0);
        assert!(
            matches!(error, Err(E::Param(p)) if p.name == name),
            "{name}"
        );
    }
    for budget in [0.0, f64::NAN, f64::INFINITY] {
        assert!(rule.allocate(candidates, budget).is_err());
    }
    let capped = |group_caps| NotesAllocation {
        group_caps,
        ..rule.clone()
    };
    let one = capped(vec![GroupCap::Each(0.5)]);
    let needs = E::NeedsGroups { caps: 1, found: 0 };
    assert_eq!(one.allocate(candidates, 100.0), Err(needs));
    let grouped = candidates.with_groups(&groups).unwrap();
    let short = capped(vec![GroupCap::PerGroup(vec![0.5])]);
    assert!(matches!(
        short.allocate(grouped, 100.0),
        Err(E::LengthMismatch { what: "caps", .. })
    ));
    // A cap of nothing.
    let closed = NotesAllocation {
        group_caps: vec![GroupCap::PerGroup(vec![0.5, 0.0])],
        ..linear
    };
    let found = closed.solve(grouped, 100.0).unwrap();
    assert_eq!(found.amounts, [50.0, 0.0]);
    assert!(found.gap < 1e-9, "{found:?}");
    assert!(candidates.with_groups(&[&[0]]).is_err());
    assert!(candidates.with_groups(&[&[0, usize::MAX]]).is_err());
}
