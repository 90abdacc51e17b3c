//! From forecasts to amounts: what holds of every list of purchases, and what each rule buys.

use std::collections::BTreeMap;

use fuzzysvm_core::ParamError;
use fuzzysvm_experiments::lend::Buy;
use fuzzysvm_experiments::on_offer::{
    Bought, BuyOptions, GroupBy, OfferRank, OnOfferError, Purchase,
};

use super::{MODEL, OFFER, SCORED, near, read, score};
use crate::loan_file::LoanFile;

fn options(rule: &str, budget: f64) -> BuyOptions {
    let mut options = BuyOptions::default();
    options.rule = rule.parse().unwrap();
    options.budget = budget;
    options
}

/// Buys, and checks what holds whatever is asked for.
fn buy(options: &BuyOptions) -> Bought {
    let bought = MODEL.buy(&OFFER, &SCORED, options).unwrap();
    let most = options.max_per_loan.unwrap_or(options.budget);
    for p in &bought.purchases {
        assert_eq!(p.amount % options.note, 0.0, "{p:?}");
        assert!(p.amount >= options.note.max(options.min_per_loan), "{p:?}");
        assert!(p.amount <= most.min(loan_amnt(p)), "{p:?}");
        assert_eq!(p.alike, MODEL.loans_alike(SCORED.expected[p.place]));
    }
    let spent: f64 = amounts(&bought).iter().sum();
    assert_eq!(bought.spent, spent);
    assert!(spent <= options.budget, "{spent}");
    let mut places: Vec<usize> = bought.purchases.iter().map(|p| p.place).collect();
    let value = |place: usize| match options.rank {
        OfferRank::Score => -SCORED.decision[place],
        _ => SCORED.expected[place],
    };
    assert!(
        places
            .windows(2)
            .all(|pair| value(pair[0]) >= value(pair[1]))
    );
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), bought.purchases.len());
    assert!(bought.candidates >= places.len());
    // What is bought comes to the means of its loans by amount, and its variance is that of independent loans.
    let weighted = |of: &dyn Fn(&Purchase) -> f64| -> f64 {
        let shares = bought.purchases.iter().map(|p| p.amount / spent * of(p));
        shares.sum()
    };
    if spent > 0.0 {
        near(
            bought.expected.unwrap(),
            weighted(&|p| SCORED.expected[p.place]),
        );
        near(
            bought.probability.unwrap(),
            weighted(&|p| SCORED.probability[p.place]),
        );
        near(bought.alike.unwrap(), weighted(&|p| p.alike.unwrap().mean));
        let variance = weighted(&|p| p.amount / spent * p.alike.unwrap().sd.powi(2));
        near(bought.sd.unwrap(), variance.sqrt());
    }
    bought
}

fn loan_amnt(purchase: &Purchase) -> f64 {
    OFFER.book.loan(SCORED.rows[purchase.place]).loan_amnt()
}

fn amounts(bought: &Bought) -> Vec<f64> {
    bought.purchases.iter().map(|p| p.amount).collect()
}

/// The places of all scored loans, the highest return to expect first.
fn ranked() -> Vec<usize> {
    let mut order: Vec<usize> = (0..SCORED.rows.len()).collect();
    order.sort_by(|&a, &b| SCORED.expected[b].total_cmp(&SCORED.expected[a]));
    order
}

fn places(bought: &Bought) -> Vec<usize> {
    bought.purchases.iter().map(|p| p.place).collect()
}

#[test]
fn the_best_tenth_is_bought_in_equal_notes() {
    let n = SCORED.rows.len();
    let tenth = (0.1 * n as f64 + 0.5).floor() as usize;
    let bought = buy(&BuyOptions::default());
    assert_eq!((bought.candidates, bought.gap), (n, None));
    assert_eq!(places(&bought), ranked()[..tenth]);
    assert_eq!(bought.spent, 10_000.0);
    let amounts = amounts(&bought);
    // No loan of the file is so small that it cannot take its part.
    let (least, most) = (amounts[tenth - 1], amounts[0]);
    assert!(most - least <= 25.0, "{amounts:?}");
    // A budget of fewer notes than loans goes to the best, one note each; what is less than a note stays.
    let few = buy(&options("top-fraction", 160.0));
    assert_eq!(places(&few), ranked()[..6]);
    assert_eq!(few.spent, 150.0);
    // Another share.
    let mut fifth = options("top-fraction", 10_000.0);
    fifth.top_fraction = 0.2;
    let count = (0.2 * n as f64 + 0.5).floor() as usize;
    assert_eq!(places(&buy(&fifth)), ranked()[..count]);
}

#[test]
fn a_number_of_loans_and_a_least_return_are_bought() {
    let seven = buy(&options("top-n=7", 700.0));
    assert_eq!(places(&seven), ranked()[..7]);
    assert_eq!(amounts(&seven), [100.0; 7]);
    // The return of the tenth of the best.
    let least = SCORED.expected[ranked()[9]];
    let enough = buy(&options(&format!("threshold={least}"), 2_000.0));
    assert_eq!(places(&enough), ranked()[..10]);
    let nothing = buy(&options("threshold=0.99", 1_000.0));
    assert!(nothing.purchases.is_empty());
    assert_eq!(
        (nothing.spent, nothing.expected, nothing.sd),
        (0.0, None, None)
    );
    assert_eq!(nothing.candidates, SCORED.rows.len());
    assert_eq!((nothing.alike, nothing.probability), (None, None));
}

#[test]
fn other_ranks_choose_others() {
    let mut by_score = options("top-n=5", 500.0);
    by_score.rank = OfferRank::Score;
    let surest = places(&buy(&by_score));
    let least = surest
        .iter()
        .map(|&i| SCORED.decision[i])
        .fold(f64::MIN, f64::max);
    let below = SCORED.decision.iter().filter(|d| **d <= least).count();
    assert_eq!((surest.len(), below), (5, 5));
    let mut filter = options("top-fraction", 10_000.0);
    filter.rank = OfferRank::Filter;
    let bought = buy(&filter);
    let paid = SCORED.decision.iter().filter(|d| **d <= 0.0).count();
    assert!(paid < SCORED.rows.len());
    assert_eq!(bought.candidates, paid);
    let best = ranked().into_iter().filter(|&i| SCORED.decision[i] <= 0.0);
    let count = (0.1 * paid as f64 + 0.5).floor() as usize;
    assert!(places(&bought).into_iter().eq(best.take(count)));
}

#[test]
fn no_loan_takes_less_or_more_than_is_asked_for() {
    let mut limited = options("top-n=30", 2_000.0);
    limited.min_per_loan = 110.0;
    limited.max_per_loan = Some(180.0);
    // From 5 notes on, at most 7: 16 loans, as the budget ends there.
    let bought = buy(&limited);
    assert_eq!(amounts(&bought), [125.0; 16]);
    assert_eq!(places(&bought), ranked()[..16]);
    limited.note = 50.0;
    limited.rule = "top-n=3".parse().unwrap();
    assert_eq!(amounts(&buy(&limited)), [150.0; 3]);
    // All that there is goes into few loans, at most their own amounts.
    let large = buy(&options("top-n=2", 1e6));
    for purchase in &large.purchases {
        let whole = (loan_amnt(purchase) / 25.0).floor() * 25.0;
        assert_eq!(purchase.amount, whole);
    }
}

/// What mean–variance is about: the return less half of the aversion times the variance, of shares of the budget.
fn objective(bought: &Bought, aversion: f64, budget: f64) -> f64 {
    let terms = bought.purchases.iter().map(|p| {
        let (w, sd) = (p.amount / budget, p.alike.unwrap().sd);
        w * SCORED.expected[p.place] - 0.5 * aversion * (w * sd).powi(2)
    });
    terms.sum()
}

#[test]
fn mean_variance_is_as_good_as_it_says() {
    let budget = 2_000.0;
    let spread = buy(&options("mean-variance=5", budget));
    let gap = spread.gap.unwrap();
    assert!((0.0..0.01).contains(&gap), "{gap}");
    let own = objective(&spread, 5.0, budget);
    for n in [1, 2, 5, 10, 20, 40, 80] {
        let other = buy(&options(&format!("top-n={n}"), budget));
        let other = objective(&other, 5.0, budget);
        assert!(own + gap >= other - 1e-12, "top-n={n}: {own} {other}");
    }
    // More aversion, more loans.
    let wary = buy(&options("mean-variance=50", budget));
    assert!(wary.purchases.len() > spread.purchases.len());
    assert!(wary.sd < spread.sd);
}

#[test]
fn groups_take_no_more_than_their_cap() {
    let budget = 2_000.0;
    for rule in ["top-n=60", "mean-variance=5"] {
        let free = buy(&options(rule, budget));
        for (by, share) in [
            (GroupBy::Grade, 0.3),
            (GroupBy::Purpose, 0.25),
            (GroupBy::State, 0.05),
        ] {
            let of_groups = |bought: &Bought| {
                let mut sums: BTreeMap<String, f64> = BTreeMap::new();
                for p in &bought.purchases {
                    let loan = OFFER.book.loan(SCORED.rows[p.place]);
                    *sums.entry(by.of(loan)).or_default() += p.amount;
                }
                sums.values().copied().fold(0.0, f64::max)
            };
            let mut capped = options(rule, budget);
            capped.caps = vec![(by, share)];
            let most = of_groups(&buy(&capped));
            assert!(most <= share * budget && most > 0.0, "{by:?}: {most}");
            // The cap is one that binds.
            assert!(of_groups(&free) > share * budget, "{by:?} under {rule}");
        }
    }
    let mut all = options("top-n=60", budget);
    all.caps = vec![(GroupBy::Grade, 0.3), (GroupBy::State, 0.1)];
    assert!(buy(&all).spent > 0.0);
}

/// The cells of the file are the groups; categories are read in small letters.
#[test]
fn groups_are_those_of_the_file() {
    let file = LoanFile::simulated(400, 8);
    for row in 0..file.rows.len() {
        let loan = OFFER.book.loan(row);
        for (by, column) in [
            (GroupBy::Grade, "grade"),
            (GroupBy::Purpose, "purpose"),
            (GroupBy::State, "addr_state"),
        ] {
            let cell = file.cell(row, column);
            let group = match by {
                GroupBy::Grade => cell.to_owned(),
                _ => cell.to_lowercase(),
            };
            assert_eq!(by.of(loan), group);
        }
    }
    let offer = read(&file.without("addr_state"));
    let scored = score(&offer);
    assert_eq!(scored.expected, SCORED.expected);
    let mut by_state = BuyOptions::default();
    by_state.caps = vec![(GroupBy::State, 0.1)];
    let error = MODEL.buy(&offer, &scored, &by_state).unwrap_err();
    assert!(
        matches!(
            error,
            OnOfferError::NoGroup {
                column: "addr_state"
            }
        ),
        "{error}"
    );
    assert!(error.location().is_none());
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let refused = |change: &dyn Fn(&mut BuyOptions), name: &str| {
        let mut options = BuyOptions::default();
        change(&mut options);
        let error: ParamError = options.validate().unwrap_err();
        assert_eq!(error.name, name, "{error}");
        let of_buy = MODEL.buy(&OFFER, &SCORED, &options).unwrap_err();
        assert!(matches!(of_buy, OnOfferError::Param(found) if found == error));
    };
    for budget in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refused(&|o| o.budget = budget, "budget");
    }
    for note in [0.0, -25.0, f64::NAN] {
        refused(&|o| o.note = note, "note");
    }
    // Less than one note.
    refused(&|o| o.budget = 24.0, "budget");
    refused(&|o| o.min_per_loan = -1.0, "min_per_loan");
    refused(&|o| o.max_per_loan = Some(f64::NAN), "max_per_loan");
    for share in [0.0, 1.5, f64::NAN] {
        refused(&|o| o.top_fraction = share, "top_fraction");
        refused(&|o| o.caps = vec![(GroupBy::Grade, share)], "cap");
    }
    let twice = vec![(GroupBy::State, 0.5), (GroupBy::State, 0.4)];
    refused(&|o| o.caps.clone_from(&twice), "cap");
    refused(&|o| o.rule = Buy::TopN(0), "rule");
    // 8 for 8 %.
    refused(&|o| o.rule = Buy::Threshold(8.0), "rule");
    // A decision value is no return.
    let by_score = |o: &mut BuyOptions| {
        o.rank = OfferRank::Score;
        o.rule = Buy::Threshold(0.1);
    };
    refused(&by_score, "rule");
}
