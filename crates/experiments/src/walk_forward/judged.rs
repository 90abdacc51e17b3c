//! A quarter with its rankings and what came of its loans.

use fuzzysvm_estimator::target::mean_by_grade;

use super::{Bought, ChosenSvm, QuarterPurchase, Scores, TestQuarter, WalkForwardSettings};

/// The loans of a quarter with their places in every ranking and what became of them.
pub(super) struct Judged {
    pub name: String,
    /// What the loans are called.
    names: Vec<String>,
    /// For each strategy, the score of each loan.
    scores: Vec<Vec<f64>>,
    /// For each strategy, the place of each loan: 0 is bought first.
    places: Vec<Vec<usize>>,
    /// For each strategy C and γ, where they were chosen.
    pub chosen: Vec<Option<ChosenSvm>>,
    pub roi: Vec<f64>,
    defaulted: Vec<bool>,
    rates: Vec<f64>,
    irr: Option<Vec<f64>>,
    /// Return above the mean of the quarter.
    pub excess: Vec<f64>,
    /// Return above the mean of the quarter's loans of the same grade.
    pub excess_of_grade: Option<Vec<f64>>,
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
            chosen: scores.chosen.clone(),
            excess: roi.iter().map(|y| y - market).collect(),
            excess_of_grade: grades.map(|grades| {
                let of_grade = mean_by_grade(grades, &roi);
                roi.iter().zip(of_grade).map(|(y, mean)| y - mean).collect()
            }),
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

    pub fn len(&self) -> usize {
        self.roi.len()
    }

    /// How many loans a budget buys.
    pub fn count(&self, budget: f64) -> usize {
        n_bought(budget, self.len())
    }

    /// The loans that a strategy buys.
    pub fn chosen(&self, strategy: usize, budget: f64) -> impl Iterator<Item = usize> {
        let count = self.count(budget);
        let places = &self.places[strategy];
        (0..self.len()).filter(move |&i| places[i] < count)
    }

    pub fn loan(&self, i: usize) -> Loan {
        Loan {
            roi: self.roi[i],
            defaulted: self.defaulted[i],
            rate: self.rates[i],
            irr: self.irr.as_ref().map(|irr| irr[i]),
        }
    }

    /// What every strategy buys as the top.
    pub fn purchases<'a>(
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

/// How many of `n` loans, at least one, a budget buys: the nearest whole number, at least one.
pub(super) fn n_bought(budget: f64, n: usize) -> usize {
    ((budget * n as f64 + 0.5).floor() as usize).clamp(1, n)
}

/// What became of a loan.
#[derive(Clone, Copy)]
pub(super) struct Loan {
    roi: f64,
    defaulted: bool,
    rate: f64,
    irr: Option<f64>,
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The place of each loan by falling score, ties by the lower of `ties`.
pub(super) fn places(scores: &[f64], ties: &[f64]) -> Vec<usize> {
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

/// Sums up what was bought.
pub(super) fn bought(loans: impl Iterator<Item = Loan>) -> Bought {
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
