//! One trial: draw, encode, tune, classify, forecast, choose.

use fuzzysvm_core::{Label, Stop};
use fuzzysvm_datasets::lending_club::Loan;
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::tuning::{FittedMethod, TunedMethod};
use fuzzysvm_estimator::{EncodedFold, LoanData, Method};
use fuzzysvm_evaluation::{ConfusionMatrix, average_precision_score, ks_statistic, roc_auc_score};
use fuzzysvm_portfolio::{Candidates, PortfolioSummary};

use super::figures::{self, Explained, Explainer, MethodInTrial, TrialInput};
use super::forecast::{Forecast, Forecaster, LoanForecasts};
use super::probability::Probabilities;
use super::results::{BENCHMARK_1, MethodTrial, Purchase, TrialOutcome};
use super::scores::TrialScores;
use super::split::Pools;
use super::{LendError, LendSettings, Split};
use crate::Rank;

/// What every trial reads and none changes.
pub(super) struct Context<'a> {
    pub loans: &'a LoanData,
    /// Return of every kept loan.
    pub returns: &'a [f64],
    pub pools: &'a Pools,
    pub settings: &'a LendSettings,
    /// Handed the trial and the place of every method as its parameters are chosen.
    pub on_tuned: &'a (dyn Fn(usize, usize) + Sync),
}

/// Training loans among which those alike are looked for, where no rule asks for the risk of a loan.
const MOST_ALIKE: usize = 2000;

/// Runs trial number `trial`.
pub(super) fn run(context: &Context<'_>, trial: usize) -> Result<TrialOutcome, LendError> {
    let Context {
        loans, settings, ..
    } = *context;
    let samples = context.pools.draw(settings, trial)?;
    let parts = EncodedFold::new(loans, None, &samples, ScalerKind::Standard)?;
    let returns = samples.train.iter().map(|&i| context.returns[i]).collect();
    let forecaster = Forecaster::fit(settings.forecast, settings.regression, &parts, returns)?;
    let shared = forecaster.shared()?;
    let test = TestLoans {
        settings,
        truth: &parts.y_valid,
        realised: samples.test.iter().map(|&i| context.returns[i]).collect(),
        amounts: loans
            .book_rows(Some(&samples.test))
            .into_iter()
            .map(|row| loans.book().loan(row).funded_amnt())
            .collect(),
    };
    let variance = |forecasts: &LoanForecasts| match settings.rule.needs_variance() {
        true => forecaster.variance(forecasts, usize::MAX).map(Some),
        false => Ok(None),
    };
    let variance_of_shared = variance(&shared)?;
    let tuned = settings.tuning.tune(
        &settings.methods,
        (loans, Some(&samples.train)),
        (parts.train()?, &parts.preprocessing.feature_names()),
        settings.seed_of(trial),
        &|method| {
            (context.on_tuned)(trial, method);
            Stop::look();
        },
    )?;

    let all: Vec<usize> = (0..samples.test.len()).collect();
    let by_forecast = test.buy(&all, &shared.test, variance_of_shared.as_deref())?;
    let mut outcome = TrialOutcome {
        trial,
        methods: Vec::with_capacity(settings.methods.len()),
        purchases: Vec::new(),
        benchmark1: by_forecast.as_ref().map(|bought| bought.mean(settings)),
        market: test.realised.iter().sum::<f64>() / test.realised.len() as f64,
        default_rate: share(test.truth, Label::Positive),
        figures: None,
        scores: None,
    };
    let purchase = |method: &str, forecast: &[f64], (place, amount): (usize, f64)| {
        let row = loans.selected().rows[samples.test[place]];
        let loan = loans.book().loan(row);
        Purchase {
            trial,
            method: method.to_owned(),
            loan: name_of(&loan),
            issued: loan.issue_month().to_string(),
            score: None,
            forecast: forecast[place],
            amount,
            realised: test.realised[place],
            reasons: Vec::new(),
        }
    };
    let mut methods = Vec::with_capacity(settings.methods.len());
    let mut explained = Explained::default();
    let designated = figures::designated(settings.methods.iter().map(Method::id));
    for (place, (method, tuned)) in settings.methods.iter().zip(&tuned).enumerate() {
        Stop::look();
        let fitted = tuned.fit(parts.train()?)?;
        let scores = fitted.classifier.decision_function(parts.x_valid.view())?;
        // Out of time the first trial alone is shown.
        let is_shown = trial == 0 || settings.split == Split::Random;
        let is_calibrated =
            (place == designated && is_shown) || settings.forecast == Forecast::Expected;
        let probabilities = match is_calibrated {
            true => Some(Probabilities::of(
                tuned,
                parts.train()?,
                &scores,
                settings.tuning.folds,
                settings.seed_of(trial),
            )?),
            false => None,
        };
        let own = match &probabilities {
            Some(probabilities) => forecaster.of_method(&shared, probabilities)?,
            None => None,
        };
        let forecasts = own.as_ref().unwrap_or(&shared);
        let variance = match &own {
            Some(own) => variance(own)?,
            None => variance_of_shared.clone(),
        };
        // Of the portfolio that is shown, whatever the rule.
        let risk = match &variance {
            None if trial == 0 && place == designated => {
                Some(forecaster.variance(forecasts, MOST_ALIKE)?)
            }
            known => known.clone(),
        };
        let (record, mut evaluated) = test.evaluate(
            trial,
            (method, tuned),
            &fitted,
            scores,
            (&forecasts.test, variance.as_deref()),
        )?;
        evaluated.probabilities = probabilities;
        evaluated.variance = risk;
        outcome.methods.push(record);
        let is_designated = place == designated;
        if is_designated {
            let places: Vec<usize> = evaluated.bought.iter().map(|&(place, _)| place).collect();
            let explainer = Explainer::new(&parts, fitted.classifier.as_ref())?;
            let of_trial = (method.id(), trial, settings.seed_of(trial));
            explained = explainer.explain(&places, of_trial)?;
        }
        let bought = evaluated.bought.iter();
        outcome.purchases.extend(bought.map(|&bought| {
            let reasons = explained.reasons.get(&bought.0).filter(|_| is_designated);
            Purchase {
                score: Some(evaluated.scores[bought.0]),
                reasons: reasons.cloned().unwrap_or_default(),
                ..purchase(method.id(), &evaluated.forecast, bought)
            }
        }));
        methods.push(evaluated);
    }
    let by_forecast = by_forecast.map_or(Vec::new(), |portfolio| portfolio.bought);
    let bought = by_forecast.iter();
    outcome
        .purchases
        .extend(bought.map(|&bought| purchase(BENCHMARK_1, &shared.test, bought)));
    let input = TrialInput {
        trial,
        settings,
        data: loans,
        samples: &samples.test,
        parts: &parts,
        truth: test.truth,
        realised: &test.realised,
        funded: &test.amounts,
        by_forecast: &by_forecast,
        explained: &explained,
    };
    outcome.figures = figures::gather(&input, &methods)?.map(Box::new);
    outcome.scores = settings.keep_scores.then(|| TrialScores {
        method_forecasts: match settings.forecast {
            Forecast::Expected => methods.iter().map(|m| m.forecast.clone()).collect(),
            _ => Vec::new(),
        },
        methods: methods.into_iter().map(|m| m.scores).collect(),
        forecast: shared.test,
    });
    Ok(outcome)
}

/// The loan's id, or its line where it has none.
pub(crate) fn name_of(loan: &Loan<'_>) -> String {
    let line = || format!("line {}", loan.source().1);
    loan.id().map_or_else(line, |id| id.to_string())
}

fn share(y: &[Label], class: Label) -> f64 {
    y.iter().filter(|&&l| l == class).count() as f64 / y.len() as f64
}

/// The test loans of a trial: what is known of them at issue, and what became of them.
struct TestLoans<'a> {
    settings: &'a LendSettings,
    truth: &'a [Label],
    realised: Vec<f64>,
    amounts: Vec<f64>,
}

/// What was bought: place among the test loans and amount of each.
struct Portfolio {
    summary: PortfolioSummary,
    bought: Vec<(usize, f64)>,
}

impl Portfolio {
    /// Mean return of what was bought, by amount where the rule makes amounts differ.
    fn mean(&self, settings: &LendSettings) -> f64 {
        match settings.rule.needs_variance() {
            true => self.summary.capital_weighted,
            false => self.summary.mean,
        }
    }
}

impl TestLoans<'_> {
    /// Buys of these test loans what the rule says; `values` has one number per test loan, higher is better. `None` where
    /// there is nothing to buy.
    fn buy(
        &self,
        places: &[usize],
        values: &[f64],
        variance: Option<&[f64]>,
    ) -> Result<Option<Portfolio>, LendError> {
        if places.is_empty() {
            return Ok(None);
        }
        let values: Vec<f64> = places.iter().map(|&i| values[i]).collect();
        let variance: Option<Vec<f64>> =
            variance.map(|variance| places.iter().map(|&i| variance[i]).collect());
        let mut candidates = Candidates::new(&values)?;
        if let Some(variance) = &variance {
            candidates = candidates.with_variance(variance)?;
        }
        let rule = self.settings.rule.rule(self.settings.top_fraction);
        let allocation = rule.allocate(candidates, self.settings.budget)?;
        if allocation.iter().all(|&amount| amount == 0.0) {
            return Ok(None);
        }
        let realised: Vec<f64> = places.iter().map(|&i| self.realised[i]).collect();
        let defaulted: Vec<bool> = places
            .iter()
            .map(|&i| self.truth[i] == Label::Positive)
            .collect();
        let summary = PortfolioSummary::of(&allocation, &realised, Some(&defaulted))?;
        let both = places.iter().copied().zip(allocation);
        let bought = both.filter(|&(_, amount)| amount > 0.0).collect();
        Ok(Some(Portfolio { summary, bought }))
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

    /// All figures of a fitted method, and what it buys.
    fn evaluate<'m>(
        &self,
        trial: usize,
        (method, tuned): (&'m Method, &'m TunedMethod),
        fitted: &FittedMethod,
        decisions: Vec<f64>,
        (forecast, variance): (&[f64], Option<&[f64]>),
    ) -> Result<(MethodTrial, MethodInTrial<'m>), LendError> {
        let scores = decisions.as_slice();
        let predicted: Vec<Label> = scores.iter().map(|&s| Label::from_sign(s)).collect();
        let counts = ConfusionMatrix::of(self.truth, &predicted)?;
        let paid: Vec<usize> = (0..scores.len())
            .filter(|&i| predicted[i] == Label::Negative)
            .collect();
        let mean_of_paid = (!paid.is_empty())
            .then(|| paid.iter().map(|&i| self.realised[i]).sum::<f64>() / paid.len() as f64);
        let (candidates, values) = match self.settings.rank {
            // As published: the top tenth of the loans predicted paid, not of all.
            Rank::Filter => (paid.clone(), forecast.to_vec()),
            rank => {
                let all: Vec<usize> = (0..scores.len()).collect();
                (all, rank.scores(scores, forecast))
            }
        };
        let portfolio = self.buy(&candidates, &values, variance)?;
        let return_top = portfolio.as_ref().map(|p| p.mean(self.settings));
        let (summary, bought) = match portfolio {
            Some(portfolio) => (Some(portfolio.summary), portfolio.bought),
            None => (None, Vec::new()),
        };
        let record = MethodTrial {
            trial,
            balanced_accuracy: counts.balanced_accuracy()?,
            precision_paid: counts.precision(Label::Negative).ok(),
            predicted_negative_rate: counts.predicted_negative_condition_rate(),
            accuracy: counts.accuracy(),
            g_mean: counts.geometric_mean()?,
            roc_auc: roc_auc_score(self.truth, scores)?,
            pr_auc: average_precision_score(self.truth, scores)?,
            ks: ks_statistic(self.truth, scores)?,
            mcc: counts.matthews_corrcoef(),
            return_top,
            return_top_capital_weighted: self.weighted_by_size(&bought),
            default_rate_top: summary.as_ref().and_then(|s| s.default_rate),
            return_predicted_paid: mean_of_paid,
            n_predicted_paid: paid.len(),
            n_bought: bought.len(),
            n_support: fitted.n_support,
            converged: fitted.converged,
            chosen: tuned.chosen().clone(),
        };
        let evaluated = MethodInTrial {
            id: method.id(),
            tuned,
            scores: decisions,
            candidates,
            predicted_paid: paid,
            values,
            forecast: forecast.to_vec(),
            variance: None,
            probabilities: None,
            bought,
        };
        Ok((record, evaluated))
    }
}
