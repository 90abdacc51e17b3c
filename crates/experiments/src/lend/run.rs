//! All trials, in parallel, and what they add up to.

use fuzzysvm_datasets::lending_club::{LEAK_COLUMNS, Month, Payments};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::{Encode as _, LoanData, Preprocessing};
use fuzzysvm_portfolio::{LoanCashFlow, PortfolioError, ReturnKind};
use rayon::prelude::*;

use super::aggregate::{IEFSVM, ratio, spread, summarise};
use super::results::{
    BenchmarkResult, FeatureUse, LeftOut, LendResults, LoanCounts, MarketResult, MethodTrial,
    Purchase, SCHEMA, SplitSummary, TrialOutcome, YoungLoans,
};
use super::scores::{self, LoanScores};
use super::split::Pools;
use super::trial::{self, Context};
use super::{LendError, LendSettings, claims, figures, published, redundant};

/// A finished run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LendRun {
    /// What `results.json` holds.
    pub results: LendResults,
    /// What `portfolio.csv` holds, ordered by trial, method and place in the file.
    pub purchases: Vec<Purchase>,
    /// What `scores.csv.gz` holds, where the scores are asked for.
    pub scores: Option<LoanScores>,
}

/// Runs the lending experiment on finished loans.
///
/// `source` is `"simulated"` or the path read; `on_finished` is handed every trial as it ends, from any
/// thread and in any order. Trials run in parallel on the current rayon pool; the result does not
/// depend on how many threads it has.
///
/// # Errors
/// [`LendError`]: settings, too few loans, a loan whose return is not defined, or a fit that fails.
pub fn run(
    loans: &LoanData,
    settings: &LendSettings,
    source: &str,
    on_finished: &(dyn Fn(&TrialOutcome) + Sync),
) -> Result<LendRun, LendError> {
    resume(loans, settings, source, Vec::new(), on_finished)
}

/// Resumes a run: as [`run`], but the trials in `finished` are not repeated. The result is
/// that of an uninterrupted run, provided that they were found with the same loans, selection and settings
/// (up to the number of trials). Trials beyond that number, and those of other methods, are left out.
///
/// # Errors
/// As [`run`].
pub fn resume(
    loans: &LoanData,
    settings: &LendSettings,
    source: &str,
    finished: Vec<TrialOutcome>,
    on_finished: &(dyn Fn(&TrialOutcome) + Sync),
) -> Result<LendRun, LendError> {
    resume_with(loans, settings, source, finished, &|_, _| {}, on_finished)
}

/// As [`resume`]; `on_tuned` is handed the trial and the place of every method as its parameters are chosen, which is
/// most of the work of a trial. As `on_finished`, it is called from any thread.
///
/// # Errors
/// As [`run`].
pub fn resume_with(
    loans: &LoanData,
    settings: &LendSettings,
    source: &str,
    finished: Vec<TrialOutcome>,
    on_tuned: &(dyn Fn(usize, usize) + Sync),
    on_finished: &(dyn Fn(&TrialOutcome) + Sync),
) -> Result<LendRun, LendError> {
    settings.validate()?;
    loans.book().require(&settings.needs())?;
    let returns = returns_of(loans, settings.returns)?;
    let pools = Pools::new(loans, settings)?;
    let context = Context {
        loans,
        returns: &returns,
        pools: &pools,
        settings,
        on_tuned,
    };
    let mut known: Vec<Option<TrialOutcome>> = vec![None; settings.trials];
    for outcome in finished {
        let whole = outcome.methods.len() == settings.methods.len();
        if let Some(place) = known.get_mut(outcome.trial).filter(|_| whole) {
            *place = Some(outcome);
        }
    }
    let outcomes = known
        .into_par_iter()
        .enumerate()
        .map(|(t, known)| match known {
            Some(outcome) => Ok(outcome),
            None => {
                let outcome = trial::run(&context, t)?;
                on_finished(&outcome);
                Ok(outcome)
            }
        })
        .collect::<Result<Vec<_>, LendError>>()?;
    assemble(&context, source, outcomes)
}

/// Runs one trial alone, for instance on another machine: what it finds goes into [`resume`] there or here. `on_tuned` as
/// in [`resume_with`].
///
/// # Errors
/// As [`run`].
pub fn run_trial(
    loans: &LoanData,
    settings: &LendSettings,
    trial: usize,
    on_tuned: &(dyn Fn(usize, usize) + Sync),
) -> Result<TrialOutcome, LendError> {
    settings.validate()?;
    loans.book().require(&settings.needs())?;
    let context = Context {
        loans,
        returns: &returns_of(loans, settings.returns)?,
        pools: &Pools::new(loans, settings)?,
        settings,
        on_tuned,
    };
    trial::run(&context, trial)
}

/// What a run is made of, known before its first trial.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LendPlan {
    /// How many loans were read, kept and dropped.
    pub loans: LoanCounts,
    /// The split as it was resolved.
    pub split: SplitSummary,
    /// The features used and left out.
    pub features: FeatureUse,
}

/// What [`run`] would do, without doing it.
///
/// # Errors
/// [`LendError`]: settings, too few loans, or a loan whose return is not defined.
pub fn plan(loans: &LoanData, settings: &LendSettings) -> Result<LendPlan, LendError> {
    settings.validate()?;
    loans.book().require(&settings.needs())?;
    let returns = returns_of(loans, settings.returns)?;
    let pools = Pools::new(loans, settings)?;
    Ok(LendPlan {
        loans: count(loans, &returns),
        split: summary(&pools, loans, &returns),
        features: features_of_trials(loans, &returns, &pools, settings)?,
    })
}

/// Counts the loans, and names the features that all of them have.
///
/// # Errors
/// [`LendError`]: a loan whose return is not defined, or loans that cannot be encoded.
pub fn describe(
    loans: &LoanData,
    settings: &LendSettings,
) -> Result<(LoanCounts, FeatureUse), LendError> {
    let counts = count(loans, &returns_of(loans, settings.returns)?);
    Ok((counts, features_of(loans, None)?))
}

fn summary(pools: &Pools, loans: &LoanData, returns: &[f64]) -> SplitSummary {
    SplitSummary {
        known_only: pools.known_only(loans, returns),
        ..pools.summary()
    }
}

/// The features of the samples that training draws from, all where `None`. A trial sees a part of them, in which one
/// more may be constant.
fn features_of(loans: &LoanData, samples: Option<&[usize]>) -> Result<FeatureUse, LendError> {
    let preprocessing = loans.learn(samples, ScalerKind::Standard)?;
    let mut features = FeatureUse {
        not_known_at_listing: LEAK_COLUMNS.iter().map(|&name| name.to_owned()).collect(),
        ..FeatureUse::default()
    };
    if let Preprocessing::LendingClub(encoding) = preprocessing {
        features.used = encoding.features().map(str::to_owned).collect();
        let left_out = encoding.unused().iter().map(|(name, why)| LeftOut {
            name: name.clone(),
            reason: why.to_string(),
        });
        features.left_out = left_out.collect();
    }
    Ok(features)
}

/// The same of the training loans of trials, with what is redundant in the regression.
fn features_of_trials(
    loans: &LoanData,
    returns: &[f64],
    pools: &Pools,
    settings: &LendSettings,
) -> Result<FeatureUse, LendError> {
    Ok(FeatureUse {
        redundant: redundant::redundant(loans, returns, pools, settings)?,
        ..features_of(loans, Some(pools.train()))?
    })
}

/// Counts what was kept and dropped, with the mean return of what was kept.
fn count(loans: &LoanData, returns: &[f64]) -> LoanCounts {
    let selected = loans.selected();
    let sum: f64 = returns.iter().sum();
    LoanCounts {
        snapshot: loans.selection().seasoned_by.map(|m| m.to_string()),
        young: young(loans, returns),
        read: selected.read,
        kept: selected.kept(),
        charged_off: selected.class_counts().positive,
        dropped: selected
            .dropped
            .iter()
            .map(|(why, &n)| (why.to_string(), n))
            .collect(),
        market_return: sum / selected.kept().max(1) as f64,
    }
}

/// The kept loans that are younger than their term, where the book shows when it was written.
fn young(loans: &LoanData, returns: &[f64]) -> Option<YoungLoans> {
    if loans.selection().seasoned_by.is_some() {
        return None;
    }
    let snapshot = loans.book().snapshot()?;
    let rows = loans.selected().rows.iter();
    let old: Vec<f64> = rows
        .zip(returns)
        .filter(|(row, _)| loans.book().loan(**row).is_seasoned_by(snapshot))
        .map(|(_, r)| *r)
        .collect();
    let n = returns.len() - old.len();
    (n > 0).then(|| YoungLoans {
        snapshot: snapshot.to_string(),
        n,
        market_return_of_others: (!old.is_empty())
            .then(|| old.iter().sum::<f64>() / old.len() as f64),
    })
}

/// The return of every kept loan.
pub(crate) fn returns_of(loans: &LoanData, kind: ReturnKind) -> Result<Vec<f64>, LendError> {
    let rows = loans.selected().rows.iter();
    rows.map(|&row| {
        let loan = loans.book().loan(row);
        return_of(&loan.payments(), kind).map_err(|source| {
            let (file, line) = loan.source();
            LendError::Return {
                file: file.to_owned(),
                line,
                source,
            }
        })
    })
    .collect()
}

/// The return of a loan with these payments.
pub(crate) fn return_of(p: &Payments, kind: ReturnKind) -> Result<f64, PortfolioError> {
    kind.of(&cash_flow_of(p))
}

/// What a loan with these payments cost and paid.
pub(super) fn cash_flow_of(p: &Payments) -> LoanCashFlow {
    let months = |m: Month| m.months_since(p.issue_month).max(0).unsigned_abs();
    let installment = installment_of(p);
    // Only `irr` needs the recoveries, and is refused without their column: without it they are at least the fee
    // that was taken out of them.
    let recoveries = p.recoveries.unwrap_or(p.collection_recovery_fee);
    let last = match p.last_pymnt_month {
        Some(month) => Some(months(month)),
        None => months_of_instalments(p.total_pymnt - recoveries, installment, p.term),
    };
    LoanCashFlow {
        funded_amnt: p.funded_amnt,
        installment,
        term_months: p.term,
        months_to_last_payment: last,
        // Without its column: what the instalments before it leave.
        last_pymnt_amnt: p.last_pymnt_amnt.unwrap_or(0.0),
        total_pymnt: p.total_pymnt,
        recoveries,
        collection_recovery_fee: p.collection_recovery_fee,
    }
}

/// The month of the last payment where the file has none: that in which level instalments from the first month on
/// add up to what was paid, at the latest the last one of the term; `None` where nothing was paid (but recoveries).
fn months_of_instalments(paid: f64, installment: f64, term: u32) -> Option<u32> {
    // Amounts are in cents: what is less than half of one is rounding.
    (paid > 0.005 && installment > 0.0).then(|| {
        let months = ((paid - 0.005) / installment).ceil();
        (months as u32).clamp(1, term.max(1))
    })
}

/// The monthly instalment: that of the file, or by the annuity formula where the file lacks it.
pub(crate) fn installment_of(p: &Payments) -> f64 {
    let by_formula = || annuity(p.funded_amnt, p.int_rate, p.term);
    p.installment.unwrap_or_else(by_formula)
}

/// Level monthly instalment of a loan.
fn annuity(amount: f64, yearly_rate: f64, term: u32) -> f64 {
    let r = yearly_rate / 12.0;
    if r == 0.0 {
        amount / f64::from(term.max(1))
    } else {
        amount * r / (1.0 - (1.0 + r).powi(-(term as i32)))
    }
}

fn assemble(
    context: &Context<'_>,
    source: &str,
    outcomes: Vec<TrialOutcome>,
) -> Result<LendRun, LendError> {
    let Context {
        loans,
        returns,
        pools,
        settings,
        ..
    } = *context;
    let mut trials: Vec<Vec<MethodTrial>> = vec![Vec::new(); settings.methods.len()];
    let mut purchases = Vec::new();
    let (mut benchmark1, mut market, mut default_rate) = (Vec::new(), Vec::new(), 0.0);
    let n_trials = outcomes.len() as f64;
    let scores = scores::join(context, &outcomes)?;
    let mut of_figures = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        of_figures.push(outcome.figures);
        for (all, one) in trials.iter_mut().zip(outcome.methods) {
            all.push(one);
        }
        purchases.extend(outcome.purchases);
        benchmark1.push(outcome.benchmark1);
        market.push(Some(outcome.market));
        default_rate += outcome.default_rate / n_trials;
    }
    let split = summary(pools, loans, returns);
    let methods = summarise(settings, trials, &split);
    let mut benchmarks = vec![benchmark("Benchmark 1", benchmark1)];
    let iefsvm = methods.iter().find(|m| m.id == IEFSVM);
    if let Some(m) = iefsvm {
        let all_paid = m.trials.iter().map(|t| t.return_predicted_paid).collect();
        benchmarks.push(benchmark("Benchmark 2", all_paid));
        benchmarks.push(benchmark(
            "IEFSVM",
            m.trials.iter().map(|t| t.return_top).collect(),
        ));
    }
    let of_figures: Vec<_> = of_figures.iter().map(Option::as_deref).collect();
    let figures = figures::assemble(loans, settings, &split, &methods, &of_figures);
    let claims = match published::comparable(settings, loans.selection()) {
        true => claims::evaluate(&methods, &split),
        false => Vec::new(),
    };
    let forecast = settings.forecast.words(settings.regression);
    let results = LendResults {
        schema: SCHEMA,
        source: source.to_owned(),
        loans: count(loans, returns),
        features: features_of_trials(loans, returns, pools, settings)?,
        settings: settings.clone(),
        forecast,
        benchmark_1_forecast: Some(settings.regression.forecast()).filter(|f| *f != forecast),
        claims,
        split,
        methods,
        benchmarks,
        market: MarketResult {
            returns: spread(market.into_iter()).0,
            default_rate,
        },
        figures,
        provenance: None,
    };
    Ok(LendRun {
        results,
        purchases,
        scores,
    })
}

fn benchmark(name: &str, trials: Vec<Option<f64>>) -> BenchmarkResult {
    let returns = spread(trials.iter().copied()).0;
    BenchmarkResult {
        name: name.to_owned(),
        returns,
        ratio: ratio(returns),
        trials,
    }
}

#[cfg(test)]
mod tests {
    use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions};

    use super::*;

    #[test]
    fn payments_without_a_date_came_as_instalments() {
        for (paid, month) in [
            (0.0, None),
            (0.004, None),
            (-1.0, None),
            (1.0, Some(1)),
            (100.0, Some(1)),
            (100.01, Some(2)),
            (1_000.0, Some(10)),
            (1_000.004, Some(10)),
            (9_999.0, Some(36)),
            (f64::INFINITY, Some(36)),
        ] {
            assert_eq!(months_of_instalments(paid, 100.0, 36), month, "{paid}");
        }
        assert_eq!(months_of_instalments(100.0, 0.0, 36), None);
    }

    /// The first instalment was missed: the recovery comes six months after it.
    #[test]
    fn recoveries_alone_come_in_month_seven() {
        let text = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,recoveries,\
                    last_pymnt_d\n\
                    Charged Off,36 months,10%,Dec-2011,1000,300,54,300,\n\
                    Charged Off,36 months,10%,Dec-2011,1000,0,0,0,\n";
        let book = LoanBook::from_reader(text.as_bytes(), ReadOptions::default()).unwrap();
        let found: Vec<f64> = book
            .loans()
            .map(|loan| return_of(&loan.payments(), ReturnKind::Irr).unwrap())
            .collect();
        let expected = (246.0_f64 / 1000.0).powf(12.0 / 7.0) - 1.0;
        assert!((found[0] - expected).abs() < 1e-12, "{found:?}");
        assert_eq!(found[1], -1.0);
    }
}
