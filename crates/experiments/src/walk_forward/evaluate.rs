//! What the rankings returned.

use std::collections::BTreeMap;

use fuzzysvm_evaluation::EvaluationError;
use rayon::prelude::*;

use super::book::{MIN_OFFERED, MIN_RESOLVED};
use super::chance::ByChance;
use super::claims::claims;
use super::words;
use super::{
    Bought, CurvePoint, Difference, Pair, QuarterPurchase, QuarterSummary, QuarterTop, Scores,
    StrategyResult, TestQuarter, WalkForwardResults, WalkForwardSettings,
};
use crate::lend::LendError;

/// The loans of a quarter with their places in every ranking and what became of them.
pub(super) struct Judged {
    name: String,
    /// What the loans are called.
    names: Vec<String>,
    /// For each strategy, the score of each loan.
    scores: Vec<Vec<f64>>,
    /// For each strategy, the place of each loan: 0 is bought first.
    places: Vec<Vec<usize>>,
    roi: Vec<f64>,
    defaulted: Vec<bool>,
    rates: Vec<f64>,
    irr: Option<Vec<f64>>,
    /// Return above the mean of the quarter.
    excess: Vec<f64>,
    /// Return above the mean of the quarter's loans of the same grade.
    excess_of_grade: Option<Vec<f64>>,
}

impl Judged {
    pub fn new(quarter: &TestQuarter, scores: &Scores) -> Self {
        let roi = quarter.realised.roi.clone();
        let market = mean(&roi);
        let grades = quarter.realised.grades.as_ref();
        Self {
            name: quarter.name.clone(),
            names: quarter.decision.offered.names.clone(),
            scores: scores.of_strategies.clone(),
            places: scores
                .of_strategies
                .iter()
                .map(|scores_of_one| places(scores_of_one, &scores.ties))
                .collect(),
            excess: roi.iter().map(|y| y - market).collect(),
            excess_of_grade: grades.map(|grades| above_grade(&roi, grades)),
            defaulted: quarter.realised.defaulted.clone(),
            irr: quarter.realised.irr.clone(),
            rates: quarter
                .decision
                .offered
                .terms
                .iter()
                .map(|t| t.annual_rate)
                .collect(),
            roi,
        }
    }

    fn len(&self) -> usize {
        self.roi.len()
    }

    /// How many loans a budget buys: the nearest whole number, at least one.
    fn count(&self, budget: f64) -> usize {
        ((budget * self.len() as f64 + 0.5).floor() as usize).clamp(1, self.len())
    }

    /// The loans that a strategy buys.
    fn chosen(&self, strategy: usize, budget: f64) -> impl Iterator<Item = usize> {
        let count = self.count(budget);
        let places = &self.places[strategy];
        (0..self.len()).filter(move |&i| places[i] < count)
    }

    fn loan(&self, i: usize) -> Loan {
        Loan {
            roi: self.roi[i],
            defaulted: self.defaulted[i],
            rate: self.rates[i],
            irr: self.irr.as_ref().map(|irr| irr[i]),
        }
    }

    /// What every strategy buys as the top.
    fn purchases<'a>(
        &'a self,
        settings: &'a WalkForwardSettings,
    ) -> impl Iterator<Item = QuarterPurchase> + 'a {
        let all = settings.strategies.iter().enumerate();
        all.flat_map(move |(s, strategy)| {
            let chosen = self.chosen(s, settings.top_fraction);
            chosen.map(move |i| QuarterPurchase {
                quarter: self.name.clone(),
                strategy: strategy.name().to_owned(),
                loan: self.names[i].clone(),
                score: self.scores[s][i],
                realised: self.roi[i],
                defaulted: self.defaulted[i],
            })
        })
    }

    /// All of its loans.
    pub fn market(&self) -> Bought {
        bought((0..self.len()).map(|i| self.loan(i)))
    }
}

/// What became of a loan.
#[derive(Clone, Copy)]
struct Loan {
    roi: f64,
    defaulted: bool,
    rate: f64,
    irr: Option<f64>,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The place of each loan by falling score, ties by the lower of `ties`.
fn places(scores: &[f64], ties: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // Adding 0 makes −0 a 0.
    let key = |i: usize| scores[i] + 0.0;
    order.sort_by(|&a, &b| key(b).total_cmp(&key(a)).then(ties[a].total_cmp(&ties[b])));
    let mut places = vec![0; scores.len()];
    for (place, i) in order.into_iter().enumerate() {
        places[i] = place;
    }
    places
}

fn above_grade(roi: &[f64], grades: &[u8]) -> Vec<f64> {
    let mut sums: BTreeMap<u8, (f64, usize)> = BTreeMap::new();
    for (y, grade) in roi.iter().zip(grades) {
        let (sum, n) = sums.entry(*grade).or_default();
        *sum += y;
        *n += 1;
    }
    let mean = |grade| sums.get(grade).map_or(f64::NAN, |&(sum, n)| sum / n as f64);
    roi.iter()
        .zip(grades)
        .map(|(y, grade)| y - mean(grade))
        .collect()
}

fn bought(loans: impl Iterator<Item = Loan>) -> Bought {
    let loans: Vec<Loan> = loans.collect();
    let n = loans.len() as f64;
    let all = |of: fn(&Loan) -> f64| loans.iter().map(of).collect::<Vec<f64>>();
    let roi = all(|l| l.roi);
    let mean_roi = mean(&roi);
    let squares: f64 = roi.iter().map(|y| (y - mean_roi).powi(2)).sum();
    let irr: Option<Vec<f64>> = loans.iter().map(|l| l.irr).collect();
    let roi_where = |defaulted: bool| {
        let loans = loans.iter().filter(|l| l.defaulted == defaulted);
        let roi: Vec<f64> = loans.map(|l| l.roi).collect();
        (!roi.is_empty()).then(|| mean(&roi))
    };
    Bought {
        n_loans: loans.len(),
        mean_roi,
        sd_roi: (squares / (n - 1.0).max(1.0)).sqrt(),
        default_rate: loans.iter().filter(|l| l.defaulted).count() as f64 / n,
        mean_rate: mean(&all(|l| l.rate)),
        mean_irr: irr.map(|irr| mean(&irr)),
        roi_repaid: roi_where(false),
        roi_charged_off: roi_where(true),
    }
}

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
    let difference = |contributions: &[f64]| Difference::of(contributions, &lengths, settings);
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

    // Contributions to the top and to the curve, of every strategy.
    let count = settings.strategies.len();
    let tops: Vec<Vec<f64>> = (0..count)
        .map(|s| loans.weights(s, settings.top_fraction))
        .collect();
    let points: Vec<Vec<Vec<f64>>> = (0..count)
        .map(|s| {
            let one = |&budget: &f64| times(&loans.weights(s, budget), &excess);
            settings.budgets.iter().map(one).collect()
        })
        .collect();
    let curves: Vec<Vec<f64>> = points
        .iter()
        .map(|points| {
            let share = 1.0 / points.len() as f64;
            let at = |i: usize| points.iter().map(|p| p[i]).sum::<f64>() * share;
            (0..n).map(at).collect()
        })
        .collect();

    let strategies: Vec<StrategyResult> = (0..count)
        .into_par_iter()
        .map(|s| {
            let both = settings.budgets.par_iter().zip(&points[s]);
            let quarter_top = |q: &Judged| {
                let chosen = q.chosen(s, settings.top_fraction);
                let bought = bought(chosen.map(|i| q.loan(i)));
                QuarterTop {
                    quarter: q.name.clone(),
                    bought,
                    to_market: bought.mean_roi - mean(&q.roi),
                }
            };
            let top = bought(loans.chosen(s, settings.top_fraction));
            Ok(StrategyResult {
                strategy: settings.strategies[s].clone(),
                top,
                top_to_market: difference(&times(&tops[s], &excess))?,
                sources: top.sources_of_gain(&market),
                random_percentile: by_chance.share_below(top.mean_roi),
                top_to_grade: of_grade
                    .as_ref()
                    .map(|excess| difference(&times(&tops[s], excess)))
                    .transpose()?,
                curve: difference(&curves[s])?,
                points: both
                    .map(|(&budget, contributions)| {
                        let to_market = difference(contributions)?;
                        Ok(CurvePoint { budget, to_market })
                    })
                    .collect::<Result<_, EvaluationError>>()?,
                quarters: quarters.iter().map(quarter_top).collect(),
            })
        })
        .collect::<Result<_, EvaluationError>>()?;

    let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let pairs: Vec<Pair> = (1..count)
        .into_par_iter()
        .map(|other| {
            let of_quarters = strategies[0]
                .quarters
                .iter()
                .zip(&strategies[other].quarters);
            let ahead = |(a, b): &(&QuarterTop, &QuarterTop)| a.bought.mean_roi > b.bought.mean_roi;
            Ok(Pair {
                first: settings.strategies[0].clone(),
                second: settings.strategies[other].clone(),
                top: difference(&times(&minus(&tops[0], &tops[other]), &excess))?,
                curve: difference(&minus(&curves[0], &curves[other]))?,
                n_quarters_ahead: of_quarters.filter(ahead).count(),
            })
        })
        .collect::<Result<_, EvaluationError>>()?;
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
