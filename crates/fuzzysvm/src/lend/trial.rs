//! One trial: draw, encode, tune, classify, forecast, choose.

use std::ops::Range;

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{Classifier, Label, Learner, Matrix, MatrixBuf, Samples};
use fuzzysvm_datasets::lending_club::{DEFAULT_FEATURES, FeatureEncoder, LoanBook};
use fuzzysvm_evaluation::{
    ConfusionMatrix, Fold, Score, average_precision_score, ks_statistic, roc_auc_score,
    stratified_k_fold,
};
use fuzzysvm_portfolio::{
    Candidates, LinearReturn, PortfolioRule, PortfolioSummary, ReturnModel, TopFraction,
};
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::Svc;
use fuzzysvm_svm::tuning::{Cell, GridSearch, GridTable, TuningFold};

use super::peers;
use super::results::{Chosen, MethodTrial, Purchase, TrialOutcome};
use super::split::Pools;
use super::{LendError, LendSettings, RegressionRows};

/// What every trial reads and none changes.
pub(super) struct Context<'a> {
    pub book: &'a LoanBook,
    /// Return of every loan of the book that was kept; NaN elsewhere, where nothing looks.
    pub returns: &'a [f64],
    pub pools: &'a Pools,
    pub settings: &'a LendSettings,
}

/// Rows of the book with their labels, encoded.
pub(super) struct Part {
    pub x: MatrixBuf,
    pub y: Vec<Label>,
}

impl Part {
    fn new(book: &LoanBook, encoder: &FeatureEncoder, rows: &[usize]) -> Result<Self, LendError> {
        Ok(Self {
            x: encoder.transform(book, rows)?,
            y: labels(book, rows),
        })
    }

    pub fn samples(&self) -> Result<Samples<'_>, LendError> {
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
    let plans = tune(context, &rows.train, &train, seed)?;

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
    for (&method, (chosen, plan)) in settings.methods.iter().zip(&plans) {
        let fitted = plan.fit(settings, chosen, &train, test.x.view())?;
        let scores = fitted.scores;
        let (mut record, bought) = shop.judge(&scores)?;
        record.trial = trial;
        record.n_support = fitted.n_support;
        record.converged = fitted.converged;
        record.chosen = *chosen;
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

/// How a method is to be fitted to all training rows.
enum Plan {
    /// An SVM with these weights.
    Weighted(Vec<f64>),
    /// A peer.
    Peer(BaselineKind),
}

/// The scores of the test rows, and what is known of the model behind them.
struct Fitted {
    scores: Vec<f64>,
    n_support: usize,
    converged: bool,
}

impl Plan {
    fn fit(
        &self,
        settings: &LendSettings,
        chosen: &Chosen,
        train: &Part,
        test: Matrix<'_>,
    ) -> Result<Fitted, LendError> {
        match self {
            Self::Weighted(weights) => {
                // Tuning leaves both; NaN would be refused by name.
                let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
                let mut svc = Svc::rbf(number(chosen.c), number(chosen.gamma));
                svc.solver.tol = settings.tol;
                let model = svc.fit(train.samples()?, Some(weights))?;
                Ok(Fitted {
                    scores: model.decision_function(test)?,
                    n_support: model.support.len(),
                    converged: model.info.status == Status::Converged,
                })
            }
            Self::Peer(learner) => Ok(Fitted {
                scores: learner
                    .fit(train.samples()?, None)?
                    .decision_function(test)?,
                n_support: 0,
                converged: true,
            }),
        }
    }
}

/// What tuning chose for every method.
fn tune(
    context: &Context<'_>,
    rows: &[usize],
    train: &Part,
    seed: u64,
) -> Result<Vec<(Chosen, Plan)>, LendError> {
    let Context { book, settings, .. } = *context;
    let folds = stratified_k_fold(&train.y, settings.folds, seed)?;
    let parts = folds
        .iter()
        .map(|fold| FoldParts::new(book, rows, fold))
        .collect::<Result<Vec<_>, _>>()?;
    let mut svms = tune_svms(settings, &parts, train)?.into_iter();
    let mut plans = Vec::with_capacity(settings.methods.len());
    for &method in &settings.methods {
        let plan = if method.is_peer() {
            let tuned = peers::tune(settings, method, &parts, seed)?;
            tuned.map(|(chosen, learner)| (chosen, Plan::Peer(learner)))
        } else {
            svms.next()
                .map(|(chosen, weights)| (chosen, Plan::Weighted(weights)))
        };
        plans.extend(plan);
    }
    Ok(plans)
}

/// What tuning chose for every SVM, with its weights on all training rows.
///
/// One search serves them all: they share the Gram matrices and differ in the weights.
fn tune_svms(
    settings: &LendSettings,
    parts: &[FoldParts],
    train: &Part,
) -> Result<Vec<(Chosen, Vec<f64>)>, LendError> {
    let svms: Vec<_> = settings.methods.iter().filter(|m| !m.is_peer()).collect();
    if svms.is_empty() {
        return Ok(Vec::new());
    }
    let tuning_folds = parts
        .iter()
        .map(|part| part.as_tuning_fold(settings))
        .collect::<Result<Vec<_>, LendError>>()?;
    let search = GridSearch {
        c: settings.c.clone(),
        gamma: settings.gamma.clone(),
        solver: Smo {
            tol: settings.tol,
            ..Smo::default()
        },
        ..GridSearch::default()
    };
    let score = |truth: &[Label], predicted: &[Label]| {
        // Every validation part holds both classes, so the score is defined.
        Score::BalancedAccuracy
            .of(truth, predicted)
            .unwrap_or(f64::NAN)
    };
    let table = search.run(&tuning_folds, &score)?;
    let mut chosen = Vec::with_capacity(svms.len());
    let mut first = 0;
    for &method in svms {
        let last = first + method.n_candidates(&settings.ks);
        let mut candidates = method.candidates(train.samples()?, &settings.ks)?;
        if let Some(best) = best_among(&table, first..last) {
            let candidate = candidates.swap_remove(best.candidate - first);
            let chose = Chosen {
                c: Some(best.c),
                gamma: best.gamma,
                k: candidate.k,
                peer: None,
                cv_score: best.score,
            };
            chosen.push((chose, candidate.weights));
        }
        first = last;
    }
    Ok(chosen)
}

/// The first best cell of a range of candidates, in the order of the table.
fn best_among(table: &GridTable, candidates: Range<usize>) -> Option<&Cell> {
    let ours = table
        .cells
        .iter()
        .filter(|cell| candidates.contains(&cell.candidate));
    ours.reduce(|best, cell| if cell.score > best.score { cell } else { best })
}

/// A fold, encoded by its own training part.
pub(super) struct FoldParts {
    pub train: Part,
    pub valid: Part,
}

impl FoldParts {
    fn new(book: &LoanBook, rows: &[usize], fold: &Fold) -> Result<Self, LendError> {
        let of = |places: &[usize]| places.iter().map(|&i| rows[i]).collect::<Vec<_>>();
        let (train_rows, valid_rows) = (of(&fold.train), of(&fold.test));
        let encoder = FeatureEncoder::fit(book, &train_rows, DEFAULT_FEATURES)?;
        let train = Part::new(book, &encoder, &train_rows)?;
        let valid = Part::new(book, &encoder, &valid_rows)?;
        Ok(Self { train, valid })
    }

    /// With the weights of all candidates of all methods, computed on the training part alone.
    fn as_tuning_fold(&self, settings: &LendSettings) -> Result<TuningFold<'_>, LendError> {
        let mut candidates = Vec::new();
        for method in &settings.methods {
            let of_method = method.candidates(self.train.samples()?, &settings.ks)?;
            candidates.extend(of_method.into_iter().map(|c| c.weights));
        }
        Ok(TuningFold {
            x_train: self.train.x.view(),
            y_train: &self.train.y,
            x_valid: self.valid.x.view(),
            y_valid: &self.valid.y,
            candidates,
        })
    }
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
            n_support: 0,
            converged: true,
            chosen: Chosen {
                c: None,
                gamma: None,
                k: None,
                peer: None,
                cv_score: 0.0,
            },
        };
        Ok((record, bought))
    }
}
