//! One trial: draw, encode, tune, classify, forecast, choose.

use fuzzysvm_core::{Label, Matrix, MatrixBuf, Samples};
use fuzzysvm_datasets::lending_club::{DEFAULT_FEATURES, FeatureEncoder, LoanBook};
use fuzzysvm_evaluation::{
    ConfusionMatrix, Fold, average_precision_score, ks_statistic, roc_auc_score, stratified_k_fold,
};
use fuzzysvm_portfolio::{
    Candidates, LinearReturn, PortfolioRule, PortfolioSummary, ReturnModel, TopFraction,
};
use fuzzysvm_qp::Smo;

use super::results::{MethodTrial, Purchase, TrialOutcome};
use super::split::Pools;
use super::{LendError, LendSettings, RegressionRows};
use crate::method::{self, Chosen, EncodedFold, Method, Search, Tuned, WaySettings};

/// What every trial reads and none changes.
pub(super) struct Context<'a> {
    pub book: &'a LoanBook,
    /// Return of every loan of the book that was kept; NaN elsewhere, where nothing looks.
    pub returns: &'a [f64],
    pub pools: &'a Pools,
    pub settings: &'a LendSettings,
}

/// Rows of the book with their labels, encoded.
struct Part {
    x: MatrixBuf,
    y: Vec<Label>,
}

impl Part {
    fn new(book: &LoanBook, encoder: &FeatureEncoder, rows: &[usize]) -> Result<Self, LendError> {
        Ok(Self {
            x: encoder.transform(book, rows)?,
            y: labels(book, rows),
        })
    }

    fn samples(&self) -> Result<Samples<'_>, LendError> {
        Ok(Samples::new(self.x.view(), &self.y)?)
    }
}

/// Labels of kept loans; kept loans are finished, so each has one.
fn labels(book: &LoanBook, rows: &[usize]) -> Vec<Label> {
    rows.iter()
        .map(|&r| book.loan(r).label().unwrap_or(Label::Negative))
        .collect()
}

/// Runs trial number `trial`.
pub(super) fn run(context: &Context<'_>, trial: usize) -> Result<TrialOutcome, LendError> {
    let Context { book, settings, .. } = *context;
    let rows = context.pools.draw(settings, trial)?;
    let encoder = FeatureEncoder::fit(book, &rows.train, DEFAULT_FEATURES)?;
    let train = Part::new(book, &encoder, &rows.train)?;
    let test = Part::new(book, &encoder, &rows.test)?;
    let realised: Vec<f64> = rows.test.iter().map(|&r| context.returns[r]).collect();
    let amounts: Vec<f64> = rows
        .test
        .iter()
        .map(|&r| book.loan(r).funded_amnt())
        .collect();
    let forecast = forecast(context, &rows.train, &train, test.x.view())?;
    // Any number will do that differs between trials and is the same on every machine.
    let seed = settings
        .seed
        .wrapping_mul(1_000_003)
        .wrapping_add(trial as u64);
    let methods = methods(settings, seed);
    let tuned = tune(context, &methods, &rows.train, &train, seed)?;

    let shop = Shop {
        settings,
        truth: &test.y,
        realised: &realised,
        amounts: &amounts,
        forecast,
    };
    let everything: Vec<usize> = (0..rows.test.len()).collect();
    let benchmark1 = shop.buy(&everything)?.map(|(summary, _)| summary.mean);
    let mut outcome = TrialOutcome {
        trial,
        methods: Vec::with_capacity(settings.methods.len()),
        purchases: Vec::new(),
        benchmark1,
        market: realised.iter().sum::<f64>() / realised.len() as f64,
        default_rate: share(&test.y, Label::Positive),
    };
    for (&method, tuned) in settings.methods.iter().zip(&tuned) {
        let fitted = tuned.fit(train.samples()?)?;
        let scores = fitted.classifier.decision_function(test.x.view())?;
        let (mut record, bought) = shop.judge(&scores)?;
        record.trial = trial;
        record.n_support = fitted.n_support;
        record.converged = fitted.converged;
        record.chosen = tuned.chosen.clone();
        for (place, amount) in bought {
            let loan = book.loan(rows.test[place]);
            outcome.purchases.push(Purchase {
                trial,
                method,
                loan: loan_name(book, rows.test[place]),
                issued: loan.issue_month().to_string(),
                score: scores[place],
                forecast: shop.forecast[place],
                amount,
                realised: realised[place],
            });
        }
        outcome.methods.push(record);
    }
    Ok(outcome)
}

fn loan_name(book: &LoanBook, row: usize) -> String {
    let loan = book.loan(row);
    loan.id()
        .map_or_else(|| format!("line {}", loan.source().1), |id| id.to_string())
}

fn share(y: &[Label], class: Label) -> f64 {
    y.iter().filter(|&&l| l == class).count() as f64 / y.len() as f64
}

/// Regression of return on the features, forecast for the test loans.
fn forecast(
    context: &Context<'_>,
    rows: &[usize],
    train: &Part,
    test: Matrix<'_>,
) -> Result<Vec<f64>, LendError> {
    let used: Vec<usize> = match context.settings.regression {
        RegressionRows::All => (0..rows.len()).collect(),
        RegressionRows::Paid => (0..rows.len())
            .filter(|&i| train.y[i] == Label::Negative)
            .collect(),
    };
    let x = train.x.view().select_rows(&used);
    let returns: Vec<f64> = used.iter().map(|&i| context.returns[rows[i]]).collect();
    let fitted = LinearReturn.fit(x.view(), &returns)?;
    Ok(fitted.forecast(test)?)
}

/// What stands behind the names of the methods.
fn methods(settings: &LendSettings, seed: u64) -> Vec<Method> {
    let with = WaySettings {
        ks: settings.ks.clone(),
        peers: settings.peers.clone(),
        seed,
    };
    settings.methods.iter().map(|m| m.method(&with)).collect()
}

/// Chooses the settings of all methods by cross-validation inside the training loans.
fn tune<'a>(
    context: &Context<'_>,
    methods: &'a [Method],
    rows: &[usize],
    train: &Part,
    seed: u64,
) -> Result<Vec<Tuned<'a>>, LendError> {
    let Context { book, settings, .. } = *context;
    let folds = stratified_k_fold(&train.y, settings.folds, seed)?
        .iter()
        .map(|fold| encode_fold(book, rows, fold))
        .collect::<Result<Vec<_>, _>>()?;
    let search = Search {
        c: settings.c.clone(),
        gamma: settings.gamma.clone(),
        solver: Smo {
            tol: settings.tol,
            ..Smo::default()
        },
    };
    Ok(method::tune(methods, train.samples()?, &folds, &search)?)
}

/// A fold, encoded by its own training part.
fn encode_fold(book: &LoanBook, rows: &[usize], fold: &Fold) -> Result<EncodedFold, LendError> {
    let of = |places: &[usize]| places.iter().map(|&i| rows[i]).collect::<Vec<_>>();
    let (train_rows, valid_rows) = (of(&fold.train), of(&fold.test));
    let encoder = FeatureEncoder::fit(book, &train_rows, DEFAULT_FEATURES)?;
    let train = Part::new(book, &encoder, &train_rows)?;
    let valid = Part::new(book, &encoder, &valid_rows)?;
    Ok(EncodedFold {
        x_train: train.x,
        y_train: train.y,
        x_valid: valid.x,
        y_valid: valid.y,
    })
}

/// The test loans, ready to be chosen from.
struct Shop<'a> {
    settings: &'a LendSettings,
    truth: &'a [Label],
    realised: &'a [f64],
    amounts: &'a [f64],
    forecast: Vec<f64>,
}

impl Shop<'_> {
    /// Buys the top of these test loans by forecast, equal amounts; what they brought, and place and
    /// amount of each. `None` where there is nothing to buy.
    #[allow(clippy::type_complexity, reason = "used once, by the caller below")]
    fn buy(
        &self,
        places: &[usize],
    ) -> Result<Option<(PortfolioSummary, Vec<(usize, f64)>)>, LendError> {
        if places.is_empty() {
            return Ok(None);
        }
        let forecast: Vec<f64> = places.iter().map(|&i| self.forecast[i]).collect();
        let candidates = Candidates::new(&forecast)?;
        let rule = TopFraction {
            fraction: self.settings.top_fraction,
        };
        let allocation = rule.allocate(candidates, self.settings.budget)?;
        let realised: Vec<f64> = places.iter().map(|&i| self.realised[i]).collect();
        let defaulted: Vec<bool> = places
            .iter()
            .map(|&i| self.truth[i] == Label::Positive)
            .collect();
        let summary = PortfolioSummary::of(&allocation, &realised, Some(&defaulted))?;
        let both = places.iter().copied().zip(allocation);
        let bought: Vec<(usize, f64)> = both.filter(|&(_, amount)| amount > 0.0).collect();
        Ok(Some((summary, bought)))
    }

    /// Realised return of the bought loans, each weighted by the amount the borrower was funded.
    fn weighted_by_size(&self, bought: &[(usize, f64)]) -> Option<f64> {
        let size: f64 = bought.iter().map(|&(i, _)| self.amounts[i]).sum();
        let gained: f64 = bought
            .iter()
            .map(|&(i, _)| self.amounts[i] * self.realised[i])
            .sum();
        (size > 0.0).then(|| gained / size)
    }

    /// All figures of a classifier's scores, and what it buys.
    fn judge(&self, scores: &[f64]) -> Result<(MethodTrial, Vec<(usize, f64)>), LendError> {
        let predicted: Vec<Label> = scores.iter().map(|&s| Label::from_sign(s)).collect();
        let counts = ConfusionMatrix::of(self.truth, &predicted)?;
        let paid: Vec<usize> = (0..scores.len())
            .filter(|&i| predicted[i] == Label::Negative)
            .collect();
        let mean_of_paid = (!paid.is_empty())
            .then(|| paid.iter().map(|&i| self.realised[i]).sum::<f64>() / paid.len() as f64);
        let (summary, bought) = match self.buy(&paid)? {
            Some((summary, bought)) => (Some(summary), bought),
            None => (None, Vec::new()),
        };
        let record = MethodTrial {
            trial: 0,
            balanced_accuracy: counts.balanced_accuracy()?,
            precision: counts.precision(Label::Negative).ok(),
            predicted_negative_rate: counts.predicted_negative_condition_rate(),
            accuracy: counts.accuracy(),
            g_mean: counts.geometric_mean()?,
            roc_auc: roc_auc_score(self.truth, scores)?,
            pr_auc: average_precision_score(self.truth, scores)?,
            ks: ks_statistic(self.truth, scores)?,
            mcc: counts.matthews_corrcoef(),
            return_top: summary.as_ref().map(|s| s.mean),
            return_top_capital_weighted: self.weighted_by_size(&bought),
            default_rate_top: summary.as_ref().and_then(|s| s.default_rate),
            return_predicted_paid: mean_of_paid,
            n_predicted_paid: paid.len(),
            n_bought: bought.len(),
            n_support: None,
            converged: true,
            chosen: Chosen {
                c: None,
                gamma: None,
                k: None,
                setting: None,
                cv_score: None,
            },
        };
        Ok((record, bought))
    }
}
