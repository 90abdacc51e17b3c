//! What the rankings returned.

use fuzzysvm_evaluation::EvaluationError;
use rayon::prelude::*;

use super::book::{MIN_OFFERED, MIN_RESOLVED};
use super::chance::ByChance;
use super::claims::claims;
use super::judged::{Judged, Loan, bought, mean};
use super::words;
use super::{
    CurvePoint, Difference, Pair, QuarterSummary, QuarterTop, StrategyResult, WalkForwardResults,
    WalkForwardSettings,
};
use crate::lend::LendError;

/// All quarters, loan after loan.
struct Loans<'a> {
    quarters: &'a [Judged],
    n: usize,
}

impl Loans<'_> {
    fn chosen(&self, strategy: usize, budget: f64) -> impl Iterator<Item = Loan> {
        let of = move |q: &'_ Judged| {
            q.chosen(strategy, budget)
                .map(|i| q.loan(i))
                .collect::<Vec<_>>()
        };
        self.quarters.iter().flat_map(of)
    }

    /// For each loan n/(number bought) where it is bought, else 0: the mean of these times any quantity is the mean of
    /// that quantity over the loans bought.
    fn weights(&self, strategy: usize, budget: f64) -> Vec<f64> {
        let count: usize = self.quarters.iter().map(|q| q.count(budget)).sum();
        let weight = self.n as f64 / count as f64;
        let mut weights = vec![0.0; self.n];
        let mut first = 0;
        for quarter in self.quarters {
            for i in quarter.chosen(strategy, budget) {
                weights[first + i] = weight;
            }
            first += quarter.len();
        }
        weights
    }
}

fn times(weights: &[f64], values: &[f64]) -> Vec<f64> {
    weights.iter().zip(values).map(|(w, v)| w * v).collect()
}

/// Results of a strategy, and for every loan its weight in the top and its contribution to the curve.
type Judgement = (StrategyResult, Vec<f64>, Vec<f64>);

/// Compares the strategies over all quarters.
pub(super) fn evaluate(
    summaries: Vec<QuarterSummary>,
    quarters: &[Judged],
    settings: &WalkForwardSettings,
) -> Result<WalkForwardResults, LendError> {
    let n = quarters.iter().map(Judged::len).sum();
    if n == 0 {
        return Err(LendError::NoQuarter {
            known: MIN_RESOLVED,
            offered: MIN_OFFERED,
        });
    }
    let loans = Loans { quarters, n };
    let excess: Vec<f64> = quarters
        .iter()
        .flat_map(|q| q.excess.iter().copied())
        .collect();
    let of_grade: Option<Vec<&Vec<f64>>> = quarters
        .iter()
        .map(|q| q.excess_of_grade.as_ref())
        .collect();
    let of_grade = of_grade.map(|parts| parts.into_iter().flatten().copied().collect::<Vec<f64>>());
    let lengths: Vec<usize> = quarters.iter().map(Judged::len).collect();
    let differences = |lists: &[Vec<f64>]| Difference::of_each(lists, &lengths, settings);
    let all = || {
        quarters
            .iter()
            .flat_map(|q| (0..q.len()).map(|i| q.loan(i)))
    };
    let market = bought(all());
    let top_of = |q: &'_ Judged| q.count(settings.top_fraction);
    let to_choose: Vec<(&[f64], usize)> =
        quarters.iter().map(|q| (&q.roi[..], top_of(q))).collect();
    let by_chance = ByChance::new(&to_choose, settings);

    let of_strategy = |s: usize| -> Result<Judgement, EvaluationError> {
        let top_weights = loans.weights(s, settings.top_fraction);
        let share = 1.0 / settings.budgets.len() as f64;
        let of_budget = |budget: &f64| times(&loans.weights(s, *budget), &excess);
        let mut lists: Vec<Vec<f64>> = settings.budgets.iter().map(of_budget).collect();
        let mut curve = vec![0.0; n];
        for contributions in &lists {
            curve
                .iter_mut()
                .zip(contributions)
                .for_each(|(sum, c)| *sum += share * c);
        }
        lists.push(times(&top_weights, &excess));
        lists.push(curve.clone());
        lists.extend(of_grade.as_ref().map(|excess| times(&top_weights, excess)));
        let found = differences(&lists)?;
        let (to_market, rest) = found.split_at(settings.budgets.len());
        let points = settings.budgets.iter().zip(to_market);
        let points = points.map(|(&budget, &to_market)| CurvePoint { budget, to_market });
        let quarter_top = |q: &Judged| {
            let chosen = q.chosen(s, settings.top_fraction);
            let bought = bought(chosen.map(|i| q.loan(i)));
            QuarterTop {
                quarter: q.name.clone(),
                bought,
                to_market: bought.mean_roi - mean(&q.roi),
                chosen: q.chosen[s],
            }
        };
        let top = bought(loans.chosen(s, settings.top_fraction));
        let result = StrategyResult {
            strategy: settings.strategies[s].clone(),
            top,
            top_to_market: rest[0],
            sources: top.sources_of_gain(&market),
            random_percentile: by_chance.share_below(top.mean_roi),
            curve: rest[1],
            top_to_grade: rest.get(2).copied(),
            points: points.collect(),
            quarters: quarters.iter().map(quarter_top).collect(),
        };
        Ok((result, top_weights, curve))
    };
    let judgements: Vec<Judgement> = (0..settings.strategies.len())
        .into_par_iter()
        .map(of_strategy)
        .collect::<Result<_, EvaluationError>>()?;

    let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let pair = |(first, other): (&Judgement, &Judgement)| {
        let of_quarters = first.0.quarters.iter().zip(&other.0.quarters);
        let ahead = |(a, b): &(&QuarterTop, &QuarterTop)| a.bought.mean_roi > b.bought.mean_roi;
        let found = differences(&[
            times(&minus(&first.1, &other.1), &excess),
            minus(&first.2, &other.2),
        ])?;
        Ok(Pair {
            first: first.0.strategy.clone(),
            second: other.0.strategy.clone(),
            top: found[0],
            curve: found[1],
            n_quarters_ahead: of_quarters.filter(ahead).count(),
        })
    };
    let pairs: Vec<Pair> = match judgements.split_first() {
        None => Vec::new(),
        Some((first, others)) => others
            .par_iter()
            .map(|other| pair((first, other)))
            .collect::<Result<_, EvaluationError>>()?,
    };
    let strategies: Vec<StrategyResult> = judgements.into_iter().map(|j| j.0).collect();
    Ok(WalkForwardResults {
        settings: settings.clone(),
        quarters: summaries,
        market,
        gain: strategies.first().and_then(|s| words::gain(s, &market)),
        claims: claims(&strategies, &pairs),
        purchases: quarters
            .iter()
            .flat_map(|q| q.purchases(settings))
            .collect(),
        strategies,
        pairs,
    })
}
