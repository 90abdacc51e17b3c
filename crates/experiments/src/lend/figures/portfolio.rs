//! What was bought in one trial, and what it is compared with.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use fuzzysvm_datasets::lending_club::Month;
use fuzzysvm_evaluation::{bootstrap_interval, quantile};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::loans::Loans;
use super::results::{ByMonth, PortfolioId};
use super::{LEVEL, N_DRAWS, N_RESAMPLES, ends};
use crate::lend::LendError;

/// A portfolio in one trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortfolioShape {
    pub id: PortfolioId,
    pub n: f64,
    pub mean: f64,
    pub sd: Option<f64>,
    pub charged_off: f64,
    pub loss: f64,
    pub capital_weighted: f64,
    pub irr: Option<f64>,
    pub cash: Vec<f64>,
    /// Of what is random.
    pub draws: Option<Draws>,
}

/// The returns of random portfolios.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draws {
    pub low: f64,
    pub high: f64,
    /// Share that returned less than what was chosen.
    pub percentile: f64,
}

/// Intervals of a portfolio from resamples of the test loans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortfolioDetail {
    pub id: PortfolioId,
    pub returns: Option<[f64; 2]>,
    pub to_market: Option<[f64; 2]>,
    /// Of what was chosen.
    pub to_matched: Option<[f64; 2]>,
    pub by_month: Option<ByMonth>,
}

/// The weights of the loans in every portfolio of a trial.
pub(super) struct Portfolios {
    weights: Vec<(PortfolioId, Vec<f64>)>,
    seed: u64,
}

impl Portfolios {
    /// `chosen` and `predicted_paid` are places, those that the designated method bought and predicted paid;
    /// `by_forecast` is what is bought by the forecasts alone.
    pub fn new(
        loans: &Loans<'_>,
        chosen: &[usize],
        predicted_paid: &[usize],
        by_forecast: &[usize],
        seed: u64,
    ) -> Self {
        let n = loans.len();
        let equal = |places: &[usize]| {
            let mut weights = vec![0.0; n];
            places.iter().for_each(|&i| weights[i] = 1.0);
            weights
        };
        let as_many = chosen.len();
        let mut weights = vec![
            (PortfolioId::Chosen, equal(chosen)),
            (PortfolioId::Benchmark1, equal(by_forecast)),
            (PortfolioId::Benchmark2, equal(predicted_paid)),
            (PortfolioId::Market, vec![1.0; n]),
            (PortfolioId::Random, vec![as_many as f64 / n as f64; n]),
        ];
        if let Some(strata) = Strata::of(loans) {
            weights.push((PortfolioId::GradeMatched, strata.shares(chosen)));
        }
        weights.push((PortfolioId::HighestRate, top(&loans.rate, as_many)));
        let grades: Option<Vec<f64>> = loans.sub_grade.iter().map(|g| g.map(f64::from)).collect();
        if let Some(grades) = grades {
            weights.push((PortfolioId::LowestGrade, top(&grades, as_many)));
        }
        Self { weights, seed }
    }

    fn of(&self, id: PortfolioId) -> Option<&[f64]> {
        let found = self.weights.iter().find(|(other, _)| *other == id);
        found.map(|(_, weights)| weights.as_slice())
    }

    /// Those that hold a loan.
    pub fn shapes(
        &self,
        loans: &Loans<'_>,
        chosen: &[usize],
    ) -> Result<Vec<PortfolioShape>, LendError> {
        let mut shapes = Vec::new();
        for (id, weights) in &self.weights {
            let Some(summary) = loans.summary(weights) else {
                continue;
            };
            let draws = match id {
                PortfolioId::Random => self.draws(loans, chosen, None)?,
                PortfolioId::GradeMatched => self.draws(loans, chosen, Strata::of(loans))?,
                _ => None,
            };
            shapes.push(PortfolioShape {
                id: *id,
                n: summary.n,
                mean: summary.mean,
                sd: summary.sd,
                charged_off: summary.charged_off,
                loss: summary.loss,
                capital_weighted: summary.capital_weighted,
                irr: summary.irr,
                cash: summary.cash,
                draws,
            });
        }
        Ok(shapes)
    }

    /// Draws as many loans as were chosen, of each stratum where there are some.
    fn draws(
        &self,
        loans: &Loans<'_>,
        chosen: &[usize],
        strata: Option<Strata>,
    ) -> Result<Option<Draws>, LendError> {
        if chosen.is_empty() {
            return Ok(None);
        }
        let parts = match strata {
            None => vec![((0..loans.len()).collect(), chosen.len())],
            Some(strata) => strata.to_draw(chosen),
        };
        let n = chosen.len() as f64;
        let mean = chosen.iter().map(|&i| loans.realised[i]).sum::<f64>() / n;
        let means: Vec<f64> = (0..N_DRAWS)
            .map(|draw| {
                let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
                rng.set_stream(u64::MAX - draw as u64);
                let drawn = parts.iter().map(|(places, count)| {
                    let picked = rand::seq::index::sample(&mut rng, places.len(), *count);
                    picked
                        .iter()
                        .map(|i| loans.realised[places[i]])
                        .sum::<f64>()
                });
                drawn.sum::<f64>() / n
            })
            .collect();
        let below = means.iter().map(|draw| match draw.total_cmp(&mean) {
            Ordering::Less => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Greater => 0.0,
        });
        Ok(Some(Draws {
            percentile: below.sum::<f64>() / N_DRAWS as f64,
            low: quantile(&means, (1.0 - LEVEL) / 2.0)?,
            high: quantile(&means, (1.0 + LEVEL) / 2.0)?,
        }))
    }

    /// Intervals of those that hold a loan; `null` where no resample, or every one the same, has a value.
    pub fn details(&self, loans: &Loans<'_>) -> Vec<PortfolioDetail> {
        let months = Clusters::of(&loans.issued);
        let every = Clusters::single(loans.len());
        let held = self
            .weights
            .iter()
            .filter(|(_, weights)| weights.iter().any(|w| *w > 0.0));
        let details = held.map(|(id, weights)| {
            let mean = |weights: &[f64], rows: &mut dyn Iterator<Item = usize>| {
                let (mut sum, mut n) = (0.0, 0.0);
                for row in rows {
                    sum += weights[row] * loans.realised[row];
                    n += weights[row];
                }
                (n > 0.0).then(|| sum / n)
            };
            let market = vec![1.0; loans.len()];
            let between = |clusters: &Clusters, minus: Option<&[f64]>| {
                let statistic = |drawn: &[usize]| {
                    let of = mean(weights, &mut clusters.rows(drawn))?;
                    match minus {
                        None => Some(of),
                        Some(minus) => Some(of - mean(minus, &mut clusters.rows(drawn))?),
                    }
                };
                let n = clusters.0.len();
                let found = bootstrap_interval(n, statistic, N_RESAMPLES, LEVEL, self.seed);
                found.ok().map(|interval| ends(&interval))
            };
            let compared = !matches!(id, PortfolioId::Market | PortfolioId::Random);
            let to_market = |clusters| compared.then(|| between(clusters, Some(&market))).flatten();
            let matched = self.of(PortfolioId::GradeMatched);
            let matched = matched.filter(|_| *id == PortfolioId::Chosen);
            let by_month = between(&months, None).map(|[low, high]| {
                let difference = to_market(&months);
                ByMonth {
                    low,
                    high,
                    difference_low: difference.map(|d| d[0]),
                    difference_high: difference.map(|d| d[1]),
                }
            });
            PortfolioDetail {
                id: *id,
                returns: between(&every, None),
                to_market: to_market(&every),
                to_matched: matched.and_then(|matched| between(&every, Some(matched))),
                by_month,
            }
        });
        details.collect()
    }
}

/// Weights 1 for the `n` loans of the highest values; those that tie at the edge share what is left.
fn top(values: &[f64], n: usize) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let mut weights = vec![0.0; values.len()];
    let mut left = n;
    for tie in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let weight = (left as f64 / tie.len() as f64).min(1.0);
        tie.iter().for_each(|&i| weights[i] = weight);
        left = left.saturating_sub(tie.len());
    }
    weights
}

/// Loans of one grade and term.
struct Strata(BTreeMap<(char, u32), Vec<usize>>);

impl Strata {
    /// `None` where a loan has no grade.
    fn of(loans: &Loans<'_>) -> Option<Self> {
        let mut strata: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, (grade, term)) in loans.grade.iter().zip(&loans.term).enumerate() {
            strata.entry(((*grade)?, *term)).or_default().push(place);
        }
        Some(Self(strata))
    }

    /// The places of each stratum with a chosen loan, and how many were chosen.
    fn to_draw(self, chosen: &[usize]) -> Vec<(Vec<usize>, usize)> {
        let strata = self.0.into_values().map(|places| {
            let n = chosen.iter().filter(|i| places.binary_search(i).is_ok());
            let n = n.count();
            (places, n)
        });
        strata.filter(|(_, n)| *n > 0).collect()
    }

    /// For every loan the probability that it is drawn.
    fn shares(self, chosen: &[usize]) -> Vec<f64> {
        let mut weights = vec![0.0; self.0.values().map(Vec::len).sum()];
        for (places, n) in self.to_draw(chosen) {
            let share = n as f64 / places.len() as f64;
            places.iter().for_each(|&i| weights[i] = share);
        }
        weights
    }
}

/// Groups of loans that are resampled whole.
struct Clusters(Vec<Vec<usize>>);

impl Clusters {
    fn single(n: usize) -> Self {
        Self((0..n).map(|i| vec![i]).collect())
    }

    fn of(months: &[Month]) -> Self {
        let mut clusters: BTreeMap<Month, Vec<usize>> = BTreeMap::new();
        for (place, month) in months.iter().enumerate() {
            clusters.entry(*month).or_default().push(place);
        }
        Self(clusters.into_values().collect())
    }

    fn rows(&self, drawn: &[usize]) -> impl Iterator<Item = usize> {
        drawn.iter().flat_map(move |&c| self.0[c].iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_at_the_edge_share_the_places() {
        let rates = [0.1, 0.2, 0.2, 0.3, 0.2];
        assert_eq!(top(&rates, 1), [0.0, 0.0, 0.0, 1.0, 0.0]);
        let third = 1.0 / 3.0;
        assert_eq!(top(&rates, 2), [0.0, third, third, 1.0, third]);
        assert_eq!(top(&rates, 4), [0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(top(&rates, 0), [0.0; 5]);
    }

    #[test]
    fn strata_give_as_many_as_were_chosen() {
        let strata = || {
            let mut map = BTreeMap::new();
            map.insert(('A', 36), vec![0, 2, 4]);
            map.insert(('B', 36), vec![1, 3]);
            map.insert(('C', 36), vec![5]);
            Strata(map)
        };
        let chosen = [0, 1, 2];
        let weights = strata().shares(&chosen);
        let two = 2.0 / 3.0;
        assert_eq!(weights, [two, 0.5, two, 0.5, two, 0.0]);
        let drawn: usize = strata().to_draw(&chosen).iter().map(|(_, n)| n).sum();
        assert_eq!(drawn, chosen.len());
    }

    #[test]
    fn months_are_drawn_whole() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let clusters = Clusters::of(&[month("2010-02"), month("2010-01"), month("2010-02")]);
        assert_eq!(clusters.0, [vec![1], vec![0, 2]]);
        assert_eq!(clusters.rows(&[1, 1]).collect::<Vec<_>>(), [0, 2, 0, 2]);
    }
}
