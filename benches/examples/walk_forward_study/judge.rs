//! What the rankings returned, by the formulas of `lend`.

use fuzzysvm::evaluation::{Interval, bootstrap_interval, bootstrap_mean_interval};
use fuzzysvm::experiments::walk_forward::{TestQuarter, WalkForwardSettings};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Failure;
use crate::rank::Ranked;

const LEVEL: f64 = 0.95;
/// z of a two-sided 5 % test plus z of 80 % power.
const DETECTABLE: f64 = 1.959_963_984_540_054 + 0.841_621_233_572_914_2;

/// The loans of a quarter, what became of them, and their places in every ranking.
pub struct QuarterLoans {
    roi: Vec<f64>,
    irr: Option<Vec<f64>>,
    defaulted: Vec<bool>,
    rates: Vec<f64>,
    /// For each candidate the place of each loan: 0 is bought first.
    places: Vec<Vec<usize>>,
}

impl QuarterLoans {
    pub fn new(quarter: &TestQuarter, ranked: &Ranked) -> Self {
        let terms = quarter.decision.offered.terms.iter();
        Self {
            roi: quarter.realised.roi.clone(),
            irr: quarter.realised.irr.clone(),
            defaulted: quarter.realised.defaulted.clone(),
            rates: terms.map(|t| t.annual_rate).collect(),
            places: ranked
                .scores
                .iter()
                .map(|scores| places(scores, &ranked.ties))
                .collect(),
        }
    }

    fn len(&self) -> usize {
        self.roi.len()
    }

    fn count(&self, budget: f64) -> usize {
        ((budget * self.len() as f64 + 0.5).floor() as usize).clamp(1, self.len())
    }
}

/// The place of each loan by falling score, ties by the lower of `ties`.
fn places(scores: &[f64], ties: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    let key = |i: usize| scores[i] + 0.0;
    order.sort_by(|&a, &b| key(b).total_cmp(&key(a)).then(ties[a].total_cmp(&ties[b])));
    let mut places = vec![0; scores.len()];
    for (place, i) in order.into_iter().enumerate() {
        places[i] = place;
    }
    places
}

/// All candidates on the loans of all quarters.
pub struct Judged {
    titles: Vec<&'static str>,
    n_of_quarters: Vec<usize>,
    roi: Vec<f64>,
    /// Return above the mean of the quarter.
    excess: Vec<f64>,
    irr: Option<Vec<f64>>,
    /// 1 where charged off.
    defaulted: Vec<f64>,
    rates: Vec<f64>,
    /// Per candidate and loan n/(number bought) where it is among the top, else 0: the mean of these times any quantity is
    /// the mean of that quantity over the loans bought.
    top: Vec<Vec<f64>>,
    /// The mean of such weights over the budgets of the curve.
    curve: Vec<Vec<f64>>,
    n_resamples: usize,
    seed: u64,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn times(weights: &[f64], values: &[f64]) -> Vec<f64> {
    weights.iter().zip(values).map(|(w, v)| w * v).collect()
}

fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Mean over standard deviation.
fn ratio(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    let mean = mean(&values);
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    let sd = (squares / (values.len() as f64 - 1.0)).sqrt();
    (sd > 0.0).then_some(mean / sd)
}

/// A difference to the reference.
struct Difference {
    mean: f64,
    interval: Option<Interval>,
}

impl Difference {
    fn show(&self, factor: f64) -> String {
        let mean = signed(factor * self.mean);
        self.interval.map_or(mean.clone(), |i| {
            let ends = [i.lower, i.upper].map(|v| signed(factor * v).replace('+', ""));
            format!("{mean} [{}, {}]", ends[0], ends[1])
        })
    }
}

/// `−0.12`
fn signed(value: f64) -> String {
    format!("{value:+.2}").replace('-', "−")
}

/// The best candidate, and how often chance alone takes the best of all so far.
struct RealityCheck {
    best: usize,
    p: f64,
}

impl Judged {
    pub fn new(
        titles: Vec<&'static str>,
        quarters: &[QuarterLoans],
        settings: &WalkForwardSettings,
    ) -> Result<Self, Failure> {
        if quarters.is_empty() {
            return Err("no quarter can be decided on and tested".into());
        }
        let all = |of: fn(&QuarterLoans) -> Vec<f64>| quarters.iter().flat_map(of).collect();
        let irr: Option<Vec<&Vec<f64>>> = quarters.iter().map(|q| q.irr.as_ref()).collect();
        let n: usize = quarters.iter().map(QuarterLoans::len).sum();
        let weights = |k: usize, budget: f64| -> Vec<f64> {
            let count: usize = quarters.iter().map(|q| q.count(budget)).sum();
            let weight = n as f64 / count as f64;
            let of = |q: &'_ QuarterLoans| {
                let count = q.count(budget);
                let places = q.places[k].iter();
                let weights = places.map(|&place| if place < count { weight } else { 0.0 });
                weights.collect::<Vec<f64>>()
            };
            quarters.iter().flat_map(of).collect()
        };
        let curve = |k: usize| {
            let share = 1.0 / settings.budgets.len() as f64;
            let mut sum = vec![0.0; n];
            for &budget in &settings.budgets {
                let weights = weights(k, budget);
                sum.iter_mut()
                    .zip(weights)
                    .for_each(|(s, w)| *s += share * w);
            }
            sum
        };
        Ok(Self {
            n_of_quarters: quarters.iter().map(QuarterLoans::len).collect(),
            roi: all(|q| q.roi.clone()),
            excess: all(|q| q.roi.iter().map(|y| y - mean(&q.roi)).collect()),
            irr: irr.map(|irr| irr.into_iter().flatten().copied().collect()),
            defaulted: all(|q| {
                q.defaulted
                    .iter()
                    .map(|&d| f64::from(u8::from(d)))
                    .collect()
            }),
            rates: all(|q| q.rates.clone()),
            top: (0..titles.len())
                .map(|k| weights(k, settings.top_fraction))
                .collect(),
            curve: (0..titles.len()).map(curve).collect(),
            titles,
            n_resamples: settings.n_resamples,
            seed: settings.seed,
        })
    }

    /// Contributions to the difference to the reference, whose mean it is.
    fn contributions(&self, weights: &[Vec<f64>], k: usize, values: &[f64]) -> Vec<f64> {
        times(&minus(&weights[k], &weights[0]), values)
    }

    fn difference(
        &self,
        weights: &[Vec<f64>],
        k: usize,
        values: &[f64],
    ) -> Result<Difference, Failure> {
        let contributions = self.contributions(weights, k, values);
        let flat = contributions.iter().all(|&c| c == contributions[0]);
        let interval = || {
            bootstrap_mean_interval(&contributions, self.n_resamples, LEVEL, self.seed).map(Some)
        };
        Ok(Difference {
            mean: mean(&contributions),
            interval: if flat { None } else { interval()? },
        })
    }

    /// Return over standard deviation of the top, among these loans.
    fn ratio(&self, k: usize, rows: impl Iterator<Item = usize>) -> Option<f64> {
        ratio(rows.filter(|&i| self.top[k][i] > 0.0).map(|i| self.roi[i]))
    }

    fn ratio_difference(&self, k: usize) -> Result<Difference, Failure> {
        let n = self.roi.len();
        let both = |rows: &[usize]| {
            let of = |k| self.ratio(k, rows.iter().copied());
            Some(of(k)? - of(0)?)
        };
        let all: Vec<usize> = (0..n).collect();
        let same = self.top[k] == self.top[0];
        let interval = || bootstrap_interval(n, both, self.n_resamples, LEVEL, self.seed).map(Some);
        Ok(Difference {
            mean: both(&all).ok_or("the top does not vary")?,
            interval: if same { None } else { interval()? },
        })
    }

    /// The smallest true difference that the loans show with 80 % power.
    fn detectable(&self, weights: &[Vec<f64>], k: usize) -> f64 {
        let contributions = self.contributions(weights, k, &self.excess);
        let (mean, n) = (mean(&contributions), contributions.len() as f64);
        let squares: f64 = contributions.iter().map(|c| (c - mean).powi(2)).sum();
        DETECTABLE * (squares / (n - 1.0) / n).sqrt()
    }

    /// The interval of the bootstrap over whole quarters.
    fn by_quarter(&self, weights: &[Vec<f64>], k: usize) -> Result<Difference, Failure> {
        let contributions = self.contributions(weights, k, &self.excess);
        let mut rest = contributions.iter();
        let of = |&n: &usize| (rest.by_ref().take(n).sum::<f64>(), n as f64);
        let quarters: Vec<(f64, f64)> = self.n_of_quarters.iter().map(of).collect();
        let of_drawn = |drawn: &[usize]| {
            let parts = drawn.iter().map(|&q| quarters[q]);
            let (sum, n) = parts.fold((0.0, 0.0), |(s, m), (sum, n)| (s + sum, m + n));
            Some(sum / n)
        };
        let n = quarters.len();
        let interval = bootstrap_interval(n, of_drawn, self.n_resamples, LEVEL, self.seed)?;
        Ok(Difference {
            mean: mean(&contributions),
            interval: Some(interval),
        })
    }

    /// Quarters in which the contributions sum to more than 0.
    fn n_ahead(&self, weights: &[Vec<f64>], k: usize) -> usize {
        let contributions = self.contributions(weights, k, &self.excess);
        let mut rest = contributions.as_slice();
        let mut ahead = 0;
        for &n in &self.n_of_quarters {
            let (quarter, others) = rest.split_at(n);
            ahead += usize::from(quarter.iter().sum::<f64>() > 0.0);
            rest = others;
        }
        ahead
    }

    /// White's reality check of the return above the market: loans are drawn within their quarters, and the best
    /// difference is compared with the best of the differences of the draw to those found.
    ///
    /// White, "A reality check for data snooping", Econometrica 68 (2000), doi:10.1111/1468-0262.00152.
    fn reality_check(&self, weights: &[Vec<f64>]) -> Result<RealityCheck, Failure> {
        let candidates: Vec<Vec<f64>> = (1..self.titles.len())
            .map(|k| self.contributions(weights, k, &self.excess))
            .collect();
        let found: Vec<f64> = candidates.iter().map(|c| mean(c)).collect();
        let best = (0..found.len()).max_by(|&a, &b| found[a].total_cmp(&found[b]));
        let best = best.ok_or("no candidate beside the reference")?;
        let n = self.excess.len();
        let mut rows = Vec::with_capacity(n);
        let mut as_far = 0;
        for draw in 0..self.n_resamples {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            rng.set_stream(draw as u64);
            rows.clear();
            let mut first = 0;
            for &len in &self.n_of_quarters {
                rows.extend((0..len).map(|_| first + rng.random_range(0..len)));
                first += len;
            }
            let far = candidates.iter().zip(&found).map(|(c, found)| {
                let drawn: f64 = rows.iter().map(|&i| c[i]).sum();
                drawn / n as f64 - found
            });
            let furthest = far.fold(f64::NEG_INFINITY, f64::max);
            as_far += usize::from(furthest >= found[best]);
        }
        Ok(RealityCheck {
            best: best + 1,
            // The loans as they are count as one draw.
            p: (as_far + 1) as f64 / (self.n_resamples + 1) as f64,
        })
    }

    /// Writes all tables.
    pub fn print(&self) -> Result<(), Failure> {
        let n_quarters = self.n_of_quarters.len();
        println!(
            "{n_quarters} quarters, {} loans, market {:.2} %\n",
            self.roi.len(),
            100.0 * mean(&self.roi)
        );
        println!("| ranked by | top 10 % | IRR | defaults | rate | return / sd | curve |");
        println!("| --- | --- | --- | --- | --- | --- | --- |");
        for (k, title) in self.titles.iter().enumerate() {
            let of = |values: &[f64]| 100.0 * mean(&times(&self.top[k], values));
            let irr = self.irr.as_ref();
            println!(
                "| {title} | {:.2} | {} | {:.1} | {:.1} | {:.2} | {} |",
                of(&self.roi),
                irr.map_or("–".to_owned(), |irr| format!("{:.2}", of(irr))),
                of(&self.defaulted),
                of(&self.rates),
                self.ratio(k, 0..self.roi.len())
                    .ok_or("the top does not vary")?,
                signed(100.0 * mean(&times(&self.curve[k], &self.excess))),
            );
        }
        println!("\nTo the reference, % points (return / sd: as it is), 95 % by loan:\n");
        println!(
            "| ranked by | top 10 % | ahead | defaults | rate | return / sd | curve | ahead |"
        );
        println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (k, title) in self.titles.iter().enumerate().skip(1) {
            let of_top = |values: &[f64]| self.difference(&self.top, k, values);
            println!(
                "| {title} | {} | {}/{n_quarters} | {} | {} | {} | {} | {}/{n_quarters} |",
                of_top(&self.excess)?.show(100.0),
                self.n_ahead(&self.top, k),
                of_top(&self.defaulted)?.show(100.0),
                of_top(&self.rates)?.show(100.0),
                self.ratio_difference(k)?.show(1.0),
                self.difference(&self.curve, k, &self.excess)?.show(100.0),
                self.n_ahead(&self.curve, k),
            );
        }
        println!();
        for (what, weights) in [("Curve", &self.curve), ("Top 10 %", &self.top)] {
            let check = self.reality_check(weights)?;
            println!(
                "{what}: the best of {} candidates is {}, ahead of the reference by {}; by whole quarters {}; a true \
                 difference of {:.2} would be seen with 80 % power. Reality check: p = {:.3}",
                self.titles.len() - 1,
                self.titles[check.best],
                self.difference(weights, check.best, &self.excess)?
                    .show(100.0),
                self.by_quarter(weights, check.best)?.show(100.0),
                100.0 * self.detectable(weights, check.best),
                check.p,
            );
        }
        Ok(())
    }
}
