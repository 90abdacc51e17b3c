//! From forecasts to amounts.

use std::collections::BTreeMap;

use fuzzysvm_core::{ParamError, math, param_choice};
use fuzzysvm_datasets::lending_club::Loan;
use fuzzysvm_portfolio::{Candidates, GroupCap, NotesAllocation, Threshold, TopFraction, TopN};
use serde::Serialize;

use super::alike::LoansAlike;
use super::model::LoanModel;
use super::score::{Offer, ScoredOffer};
use super::{OfferRank, OnOfferError};
use crate::Rank;
use crate::lend::Buy;

/// Groups of loans that a cap can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GroupBy {
    /// Grade A to G.
    Grade,
    /// What the borrower wants the money for.
    Purpose,
    /// The borrower's state.
    State,
}

param_choice! { GroupBy { Grade = "grade", Purpose = "purpose", State = "state" } }

impl GroupBy {
    /// The columns of categories that groups are read from.
    pub(super) fn columns() -> impl Iterator<Item = &'static str> {
        [GroupBy::Purpose, GroupBy::State]
            .into_iter()
            .map(GroupBy::column)
    }

    /// The column in the files.
    const fn column(self) -> &'static str {
        match self {
            GroupBy::Grade => "grade",
            GroupBy::Purpose => "purpose",
            GroupBy::State => "addr_state",
        }
    }

    /// The group of a loan; empty where it is not known, which is a group of its own.
    pub fn of(self, loan: Loan<'_>) -> String {
        match self {
            GroupBy::Grade => loan.grade().map_or(String::new(), String::from),
            _ => loan.category(self.column()).unwrap_or_default().to_owned(),
        }
    }
}

/// What is bought, and for how much.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BuyOptions {
    /// Amount to spend at most; default 10,000.
    pub budget: f64,
    /// Amount of a note: every purchase is a whole number of them; default 25.
    pub note: f64,
    /// The least that goes into a loan that is bought; default 0, which is one note.
    pub min_per_loan: f64,
    /// The most that goes into a loan; by default the budget. It is the loan's own amount at most.
    pub max_per_loan: Option<f64>,
    /// What the loans are ranked by.
    pub rank: OfferRank,
    /// How many of them are bought, and whether in equal amounts; default the best tenth.
    pub rule: Buy,
    /// The share of the candidates that `rule` buys where it buys a share; default 0.1.
    pub top_fraction: f64,
    /// The most of the budget, as a share, that goes into any one group, for each kind of groups; default none.
    pub caps: Vec<(GroupBy, f64)>,
}

impl Default for BuyOptions {
    fn default() -> Self {
        Self {
            budget: 10_000.0,
            note: 25.0,
            min_per_loan: 0.0,
            max_per_loan: None,
            rank: OfferRank::default(),
            rule: Buy::default(),
            top_fraction: 0.1,
            caps: Vec::new(),
        }
    }
}

impl BuyOptions {
    /// Checks every number, and that they go together.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        let budget = self.budget;
        let rule = "must be finite and > 0";
        ParamError::check(budget.is_finite() && budget > 0.0, "budget", budget, rule)?;
        for (name, value) in [
            ("min_per_loan", self.min_per_loan),
            ("max_per_loan", self.max_per_loan.unwrap_or(0.0)),
        ] {
            let rule = "must be finite and >= 0";
            ParamError::check(value.is_finite() && value >= 0.0, name, value, rule)?;
        }
        let note = self.note;
        let rule = "must be finite and > 0";
        ParamError::check(note.is_finite() && note > 0.0, "note", note, rule)?;
        let rule = format!("must be at least one note, {note}");
        ParamError::check(budget >= note, "budget", budget, rule)?;
        TopFraction {
            fraction: self.top_fraction,
        }
        .validate()
        .map_err(|e| ParamError::new("top_fraction", self.top_fraction, e.rule))?;
        self.rule.validate(match self.rank {
            OfferRank::Score => Rank::Score,
            OfferRank::Expected | OfferRank::Filter => Rank::Forecast,
        })?;
        for (place, (by, share)) in self.caps.iter().enumerate() {
            let ok = *share > 0.0 && *share <= 1.0;
            ParamError::check(ok, "cap", share, "must be a share of the budget, in (0, 1]")?;
            let again = self.caps[..place].iter().any(|(other, _)| other == by);
            ParamError::check(
                !again,
                "cap",
                by.column(),
                "must be given once for a kind of groups",
            )?;
        }
        Ok(())
    }

    fn notes(&self, risk_aversion: f64) -> NotesAllocation {
        NotesAllocation {
            note: self.note,
            minimum: self.min_per_loan,
            maximum: self.max_per_loan,
            risk_aversion,
            group_caps: self
                .caps
                .iter()
                .map(|(_, share)| GroupCap::Each(*share))
                .collect(),
            ..NotesAllocation::default()
        }
    }
}

/// A loan that is bought.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Purchase {
    /// Its place among the scored loans.
    pub place: usize,
    /// The amount, a whole number of notes.
    pub amount: f64,
    /// How training loans ended whose return to expect was closest to its own.
    pub alike: Option<LoansAlike>,
}

/// What is bought of an offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Bought {
    /// The purchases, best ranked first.
    pub purchases: Vec<Purchase>,
    /// Loans that there were to choose from.
    pub candidates: usize,
    /// What is spent.
    pub spent: f64,
    /// The return to expect of what is spent; `None` where nothing is.
    pub expected: Option<f64>,
    /// What training loans returned whose return to expect was closest to that of what is bought, by amount: where it is far
    /// below `expected`, the model promises too much.
    pub alike: Option<f64>,
    /// The standard deviation of that return if loans ended independently of each other, which in a recession they do not.
    pub sd: Option<f64>,
    /// The probability of charge-off, by amount.
    pub probability: Option<f64>,
    /// By how much, in return on the budget, no other whole notes are better; for the rule mean-variance alone.
    pub gap: Option<f64>,
}

impl LoanModel {
    /// Buys of the scored loans what the rule says, in whole notes.
    ///
    /// Rules that choose a number of loans put equal numbers of notes into them, the best ranked first; where the budget has
    /// fewer notes than chosen loans, the best get one each.
    ///
    /// # Errors
    /// Options out of range, a cap on groups that the loans do not have, and an offer that was not the one scored, where it
    /// has fewer loans.
    pub fn buy(
        &self,
        offer: &Offer,
        scored: &ScoredOffer,
        options: &BuyOptions,
    ) -> Result<Bought, OnOfferError> {
        options.validate()?;
        scored.check_offer(offer)?;
        let n = scored.rows.len();
        let places: Vec<usize> = match options.rank {
            OfferRank::Filter => (0..n).filter(|&i| scored.decision[i] <= 0.0).collect(),
            OfferRank::Expected | OfferRank::Score => (0..n).collect(),
        };
        if places.is_empty() {
            return Ok(Bought::default());
        }
        let of = |values: &[f64]| -> Vec<f64> { places.iter().map(|&i| values[i]).collect() };
        let values = match options.rank {
            OfferRank::Score => places.iter().map(|&i| -scored.decision[i]).collect(),
            OfferRank::Expected | OfferRank::Filter => of(&scored.expected),
        };
        let alike = |i: usize| self.loans_alike(scored.expected[places[i]]);
        let loan_of = |&i: &usize| offer.book.loan(scored.rows[i]);
        let sizes: Vec<f64> = places.iter().map(|i| loan_of(i).loan_amnt()).collect();
        let groups = groups(offer, options, places.iter().map(loan_of))?;
        let lists: Vec<&[usize]> = groups.iter().map(Vec::as_slice).collect();
        let candidates = Candidates::new(&values)?
            .with_cap(&sizes)?
            .with_groups(&lists)?;
        let equal = |chosen: Vec<usize>| {
            options
                .notes(0.0)
                .equal(candidates, &chosen, options.budget)
        };
        let (amounts, gap) = match options.rule {
            Buy::TopFraction => {
                let rule = TopFraction {
                    fraction: options.top_fraction,
                };
                (equal(rule.choose(candidates)?)?, None)
            }
            Buy::TopN(n) => (equal(TopN { n }.choose(candidates)?)?, None),
            Buy::Threshold(minimum) => (equal(Threshold { minimum }.choose(candidates)?)?, None),
            Buy::MeanVariance(risk_aversion) => {
                let variance = |i: usize| alike(i).map_or(0.0, |a| a.sd * a.sd);
                let variance: Vec<f64> = (0..places.len()).map(variance).collect();
                let portfolio = options
                    .notes(risk_aversion)
                    .solve(candidates.with_variance(&variance)?, options.budget)?;
                (portfolio.amounts, Some(portfolio.gap))
            }
        };
        let mut bought: Vec<usize> = (0..places.len()).filter(|&i| amounts[i] > 0.0).collect();
        bought.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        let purchases: Vec<Purchase> = bought
            .into_iter()
            .map(|i| Purchase {
                place: places[i],
                amount: amounts[i],
                alike: alike(i),
            })
            .collect();
        Ok(Bought {
            candidates: places.len(),
            gap,
            ..summary(purchases, scored)
        })
    }
}

/// The group of every loan in each kind of groups that is capped.
fn groups<'a>(
    offer: &Offer,
    options: &BuyOptions,
    loans: impl Iterator<Item = Loan<'a>> + Clone,
) -> Result<Vec<Vec<usize>>, OnOfferError> {
    let of_kind = |(by, _): &(GroupBy, f64)| {
        let column = by.column();
        let known = |loan: Loan<'_>| {
            loan.has_column(column) || (*by == GroupBy::Grade && loan.grade().is_some())
        };
        if !offer.book.loans().any(known) {
            return Err(OnOfferError::NoGroup { column });
        }
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let number = |loan: Loan<'_>| {
            let next = numbers.len();
            *numbers.entry(by.of(loan)).or_insert(next)
        };
        Ok(loans.clone().map(number).collect())
    };
    options.caps.iter().map(of_kind).collect()
}

/// What the purchases come to.
fn summary(purchases: Vec<Purchase>, scored: &ScoredOffer) -> Bought {
    let spent = math::total(purchases.iter().map(|p| p.amount));
    let weighted = |value: &dyn Fn(&Purchase) -> f64| {
        let sum: f64 = purchases.iter().map(|p| p.amount * value(p)).sum();
        (spent > 0.0).then(|| sum / spent)
    };
    let mean_alike = |p: &Purchase| p.alike.map_or(f64::NAN, |a| a.mean);
    let variance = |p: &Purchase| p.amount / spent * p.alike.map_or(0.0, |a| a.sd * a.sd);
    Bought {
        spent,
        expected: weighted(&|p| scored.expected[p.place]),
        alike: weighted(&mean_alike).filter(|mean| mean.is_finite()),
        sd: weighted(&variance).map(f64::sqrt),
        probability: weighted(&|p| scored.probability[p.place]),
        purchases,
        candidates: 0,
        gap: None,
    }
}
