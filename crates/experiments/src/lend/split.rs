//! Which loans a trial trains on, and which it is tested on.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{Loan, Month};
use fuzzysvm_estimator::LoanData;
use fuzzysvm_evaluation::{Fold, stratified_draw};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::error::Available;
use super::results::{KnownOnly, SplitSummary};
use super::settings::{MIN_TEST, MIN_TRAIN};
use super::{LendError, LendSettings, Split};

/// Where the draws of training and test loans come from: samples of the loans that were kept.
pub(super) struct Pools {
    train: Vec<usize>,
    test: Vec<usize>,
    /// Labels of the random split's one pool, in its order.
    labels: Vec<Label>,
    test_from: Option<Month>,
    n_train: usize,
    n_test: usize,
}

/// Share of an out-of-time pool that a trial takes at most, so that trials differ.
const AT_MOST: f64 = 0.8;
/// Fewer loans than this make no trial.
const AT_LEAST: usize = 20;

impl Pools {
    /// Sorts the kept loans into pools.
    ///
    /// Out of time, a training loan's outcome was known before the first test month; loans issued
    /// before that month whose outcome came later are in neither pool.
    pub fn new(loans: &LoanData, settings: &LendSettings) -> Result<Self, LendError> {
        let all: Vec<usize> = (0..loans.y().len()).collect();
        let pools = match &settings.split {
            Split::Random => Self {
                train: all.clone(),
                test: all,
                labels: loans.y().to_vec(),
                test_from: None,
                n_train: settings.train,
                n_test: settings.test,
            },
            Split::OutOfTime { test_from } => {
                let month = match test_from {
                    Some(text) => text
                        .parse()
                        .map_err(|e| LendError::TestFrom { source: e })?,
                    None => choose_month(loans, settings).ok_or_else(|| {
                        too_few(loans, settings, ("training", 0, settings.train), None)
                    })?,
                };
                let train = known_before(loans, month);
                let test = issued_from(loans, month);
                let capped =
                    |n: usize, pool: &[usize]| n.min((AT_MOST * pool.len() as f64) as usize);
                Self {
                    n_train: capped(settings.train, &train),
                    n_test: capped(settings.test, &test),
                    train,
                    test,
                    labels: Vec::new(),
                    test_from: Some(month),
                }
            }
        };
        pools.check(loans, settings)?;
        Ok(pools)
    }

    fn check(&self, loans: &LoanData, settings: &LendSettings) -> Result<(), LendError> {
        let both = settings.train.saturating_add(settings.test);
        let parts = match self.test_from {
            None => vec![("training and testing", self.train.len(), both)],
            Some(_) => vec![
                ("training", self.train.len(), settings.train.min(AT_LEAST)),
                ("testing", self.test.len(), settings.test.min(AT_LEAST)),
            ],
        };
        for part in parts {
            if part.1 < part.2 {
                return Err(too_few(loans, settings, part, self.test_from));
            }
        }
        Ok(())
    }

    /// The samples that training draws from.
    pub fn train(&self) -> &[usize] {
        &self.train
    }

    pub fn summary(&self) -> SplitSummary {
        SplitSummary {
            kind: if self.test_from.is_some() {
                "out-of-time"
            } else {
                "random"
            }
            .to_owned(),
            test_from: self.test_from.map(|m| m.to_string()),
            train_pool: self.train.len(),
            test_pool: self.test.len(),
            train: self.n_train,
            test: self.n_test,
            known_only: None,
        }
    }

    /// By how much training loans differ from all that were issued before the first test month; `None` at random.
    pub fn known_only(&self, loans: &LoanData, returns: &[f64]) -> Option<KnownOnly> {
        let month = self.test_from?;
        let issued: Vec<usize> = (0..loans.y().len())
            .filter(|&i| loan(loans, i).issue_month() < month)
            .collect();
        let mean = |samples: &[usize], of: &dyn Fn(usize) -> f64| {
            samples.iter().map(|&i| of(i)).sum::<f64>() / samples.len().max(1) as f64
        };
        let defaulted = |i: usize| f64::from(u8::from(loans.y()[i].is_positive()));
        Some(KnownOnly {
            n_known: self.train.len(),
            n_issued: issued.len(),
            default_rate_known: mean(&self.train, &defaulted),
            default_rate_issued: mean(&issued, &defaulted),
            return_known: mean(&self.train, &|i| returns[i]),
            return_issued: mean(&issued, &|i| returns[i]),
        })
    }

    /// The loans of a trial, ascending. Out of time nothing but the pools is
    /// looked at; the random split keeps the share of defaults.
    pub fn draw(&self, settings: &LendSettings, trial: usize) -> Result<Fold, LendError> {
        let stream = trial as u64;
        if self.test_from.is_none() {
            let seed = settings.seed;
            let fold = stratified_draw(&self.labels, self.n_train, self.n_test, seed, stream)?;
            let to_book = |rows: Vec<usize>| rows.into_iter().map(|i| self.train[i]).collect();
            return Ok(Fold {
                train: to_book(fold.train),
                test: to_book(fold.test),
            });
        }
        let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
        rng.set_stream(stream);
        let mut take = |pool: &[usize], n: usize| {
            let picked = rand::seq::index::sample(&mut rng, pool.len(), n);
            let mut rows: Vec<usize> = picked.into_iter().map(|i| pool[i]).collect();
            rows.sort_unstable();
            rows
        };
        let train = take(&self.train, self.n_train);
        let test = take(&self.test, self.n_test);
        Ok(Fold { train, test })
    }
}

fn too_few(
    loans: &LoanData,
    settings: &LendSettings,
    (part, available, needed): (&'static str, usize, usize),
    test_from: Option<Month>,
) -> LendError {
    let out_of_time = settings.split != Split::Random;
    let month = out_of_time.then(|| choose_month(loans, settings)).flatten();
    let fits = match month {
        Some(month) => {
            let at_most = |pool: Vec<usize>, asked: usize| {
                let capped = (AT_MOST * pool.len() as f64) as usize;
                (pool.len() >= asked.min(AT_LEAST)).then_some(asked.min(capped))
            };
            let train = at_most(known_before(loans, month), settings.train);
            train.zip(at_most(issued_from(loans, month), settings.test))
        }
        None if out_of_time => None,
        None => share_out(loans.y().len(), settings.train, settings.test),
    };
    let selected = loans.selected();
    LendError::TooFewLoans {
        part,
        available,
        needed,
        test_from: test_from.map_or(String::new(), |m| format!(" with test loans from {m}")),
        loans: Box::new(Available {
            read: selected.read,
            kept: selected.kept(),
            dropped: selected.dropped.clone(),
            fits,
            test_from: month,
        }),
    }
}

/// `available` loans in the proportion of `train` and `test`.
fn share_out(available: usize, train: usize, test: usize) -> Option<(usize, usize)> {
    let share = train as f64 / (train as f64 + test as f64);
    let train = (available as f64 * share) as usize;
    let test = available.saturating_sub(train);
    (train >= MIN_TRAIN && test >= MIN_TEST).then_some((train, test))
}

fn loan(loans: &LoanData, sample: usize) -> Loan<'_> {
    loans.book().loan(loans.selected().rows[sample])
}

fn known_before(loans: &LoanData, month: Month) -> Vec<usize> {
    let known = |&i: &usize| loan(loans, i).outcome_known().is_some_and(|m| m < month);
    (0..loans.y().len()).filter(known).collect()
}

fn issued_from(loans: &LoanData, month: Month) -> Vec<usize> {
    let issued = |&i: &usize| loan(loans, i).issue_month() >= month;
    (0..loans.y().len()).filter(issued).collect()
}

/// The month that leaves most room: the smaller of training pool/training size and test pool/test
/// size is largest. The first such month.
fn choose_month(loans: &LoanData, settings: &LendSettings) -> Option<Month> {
    let months = || (0..loans.y().len()).map(|i| loan(loans, i).issue_month());
    let (first, last) = (months().min()?, months().max()?);
    let room = |month: Month| {
        let train = known_before(loans, month).len() as f64 / settings.train as f64;
        let test = issued_from(loans, month).len() as f64 / settings.test as f64;
        train.min(test)
    };
    let mut best = (first, f64::NEG_INFINITY);
    for offset in 0..=last.months_since(first) {
        let month = first.plus_months(offset);
        let here = room(month);
        if here > best.1 {
            best = (month, here);
        }
    }
    Some(best.0)
}
