//! Whole notes of loans, as forecast and risk have it, under caps per loan and per group.

mod equal;
mod frontier;
mod rounding;

pub use frontier::{FrontierPoint, efficient_frontier};

use fuzzysvm_core::{ParamError, math};
use fuzzysvm_qp::{Grouping, InteriorPoint, SeparableProblem, SeparableSolution, Status};

use self::rounding::Market;
use super::{Candidates, PortfolioRule, check_budget};
use crate::PortfolioError;
use crate::error::check_values;

/// The gap up to which a relaxation counts as solved where rounding stopped it, in returns on the budget.
const SOLVED: f64 = 1e-7;

/// The most of the budget that may go into a group of loans.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum GroupCap {
    /// The same share of the budget for every group.
    Each(f64),
    /// A share for every group, by its number; infinity is legal.
    PerGroup(Vec<f64>),
}

/// Whole notes: shares w of the budget that maximise
///
/// ```text
/// Σ w_i forecast_i + (1 − Σ w_i) cash − ½ λ Σ w_i² variance_i,   Σ w_i ≤ 1,   Σ_{i in group} w_i ≤ its cap
/// ```
///
/// where each w_i · budget is nothing, or a whole number of notes from `minimum` to `maximum` (and the candidate's own cap).
/// λ = 0 is the plain forecast and needs no variances. What no loan earns enough for stays cash.
///
/// First the relaxation to fractions of notes from 0 on is solved, to a duality gap of 1e-10 of its objective
/// ([`InteriorPoint`]). Then notes are bought one by one, from the whole notes of the relaxation and from nothing, always
/// the one that adds most, and the better of the two portfolios is taken. How far it is from the relaxation, which no whole
/// notes can beat, is [`NotesPortfolio::gap`].
///
/// ```
/// use fuzzysvm_portfolio::{Candidates, GroupCap, NotesAllocation};
/// // The first two loans are of one grade, at most half of the budget.
/// let grade = [0, 0, 1, 1];
/// let groups = [&grade[..]];
/// let candidates = Candidates::new(&[0.09, 0.08, 0.06, 0.05])?.with_groups(&groups)?;
/// let rule = NotesAllocation {
///     maximum: Some(50.0),
///     risk_aversion: 0.0,
///     group_caps: vec![GroupCap::Each(0.5)],
///     ..NotesAllocation::default()
/// };
/// let portfolio = rule.solve(candidates, 150.0)?;
/// assert_eq!(portfolio.amounts, [50.0, 25.0, 50.0, 25.0]);
/// assert!(portfolio.gap < 1e-9);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
///
/// Loans are taken to be independent, as in Guo et al. 2016, doi:10.1016/j.ejor.2015.05.050, who ask for the same whole
/// notes: recessions are not modeled, and caps per state or purpose are what stands against them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct NotesAllocation {
    /// Amount of a note, in the currency of the budget, above 0; default 25.
    pub note: f64,
    /// The least that goes into a loan that is bought, at least 0; default 0, which is one note.
    pub minimum: f64,
    /// The most that goes into a loan, at least 0; by default the budget.
    pub maximum: Option<f64>,
    /// λ, finite and ≥ 0; default 50, as [`MeanVariance`](crate::MeanVariance).
    pub risk_aversion: f64,
    /// What the unspent budget returns, as a fraction; default 0. Below every forecast it makes the rule spend all that the
    /// caps admit.
    pub cash: f64,
    /// The caps of each list of groups of the candidates, in their order; lists beyond it have none.
    pub group_caps: Vec<GroupCap>,
}

impl Default for NotesAllocation {
    fn default() -> Self {
        Self {
            note: 25.0,
            minimum: 0.0,
            maximum: None,
            risk_aversion: 50.0,
            cash: 0.0,
            group_caps: Vec::new(),
        }
    }
}

/// What [`NotesAllocation`] buys, and how good that is.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NotesPortfolio {
    /// Amount in each loan, whole notes.
    pub amounts: Vec<f64>,
    /// Its objective: return on the budget less half of λ times the variance.
    pub objective: f64,
    /// The amounts of the relaxation.
    pub relaxed_amounts: Vec<f64>,
    /// The objective of the relaxation.
    pub relaxed_objective: f64,
    /// What is proved to bound the objective of any whole notes, less the objective: the price of whole notes and of the
    /// minimum, at most.
    pub gap: f64,
    /// What a unit more of the budget, as a share of it, would add to the objective of the relaxation.
    pub price_of_budget: f64,
    /// The same of the cap of every group, list by list.
    pub price_of_groups: Vec<Vec<f64>>,
}

/// The relaxation of a rule for some candidates, in shares of the budget.
struct Relaxation {
    gain: Vec<f64>,
    curvature: Vec<f64>,
    market: Market,
    /// A note as a share of the budget.
    note: f64,
}

impl NotesAllocation {
    /// Checks the parameters.
    ///
    /// # Errors
    /// The first one that is out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let rule = "must be finite and > 0";
        let note = self.note;
        ParamError::check(note.is_finite() && note > 0.0, "note", note, rule)?;
        let rule = "must be finite and >= 0";
        for (name, value) in [
            ("minimum", self.minimum),
            ("maximum", self.maximum.unwrap_or(0.0)),
            ("risk_aversion", self.risk_aversion),
        ] {
            ParamError::check(value.is_finite() && value >= 0.0, name, value, rule)?;
        }
        ParamError::check(self.cash.is_finite(), "cash", self.cash, "must be finite")?;
        for cap in &self.group_caps {
            let caps = match cap {
                GroupCap::Each(cap) => std::slice::from_ref(cap),
                GroupCap::PerGroup(caps) => caps,
            };
            if let Some(&bad) = caps.iter().find(|&&cap| cap.is_nan() || cap < 0.0) {
                return Err(ParamError::new("group_caps", bad, "must be >= 0"));
            }
        }
        Ok(())
    }

    /// The portfolio with its relaxation.
    ///
    /// # Errors
    /// As [`PortfolioRule::allocate`]; [`PortfolioError::NeedsVariance`] where λ > 0 and the candidates have none;
    /// [`PortfolioError::NeedsGroups`] where there are more caps than lists of groups; [`PortfolioError::NotConverged`].
    pub fn solve(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<NotesPortfolio, PortfolioError> {
        let relaxation = self.relaxation(candidates, budget)?;
        let solution = relaxation.solve(candidates.groups())?;
        let notes = rounding::whole_notes(&relaxation, candidates.groups(), &solution.w);
        let shares: Vec<f64> = notes.iter().map(|&k| k as f64 * relaxation.note).collect();
        let objective = self.cash + relaxation.value(&shares);
        let relaxed_objective = self.cash - solution.objective;
        let mut prices = solution.multipliers.into_iter();
        Ok(NotesPortfolio {
            amounts: notes.iter().map(|&k| k as f64 * self.note).collect(),
            objective,
            relaxed_amounts: solution.w.iter().map(|w| w * budget).collect(),
            relaxed_objective,
            gap: (relaxed_objective + solution.gap - objective).max(0.0),
            price_of_budget: math::total(prices.next().into_iter().flatten()),
            price_of_groups: prices.collect(),
        })
    }

    fn relaxation(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Relaxation, PortfolioError> {
        self.validate()?;
        check_budget(budget)?;
        let n = candidates.n_candidates();
        let curvature = match candidates.variance() {
            _ if self.risk_aversion == 0.0 => vec![0.0; n],
            None => return Err(PortfolioError::NeedsVariance),
            Some(variance) => variance.iter().map(|v| self.risk_aversion * v).collect(),
        };
        check_values("risk", &curvature, "must be finite", f64::is_finite)?;
        Ok(Relaxation {
            gain: candidates
                .forecast()
                .iter()
                .map(|f| f - self.cash)
                .collect(),
            curvature,
            market: self.market(candidates, budget)?,
            note: self.note / budget,
        })
    }

    /// What may be bought, in notes.
    fn market(&self, candidates: Candidates<'_>, budget: f64) -> Result<Market, PortfolioError> {
        let n = candidates.n_candidates();
        if self.group_caps.len() > candidates.groups().len() {
            return Err(PortfolioError::NeedsGroups {
                caps: self.group_caps.len(),
                found: candidates.groups().len(),
            });
        }
        // Amounts that are whole notes up to rounding are.
        let whole = |amount: f64| (amount.min(budget) / self.note + 1e-9).floor() as u64;
        let least = ((self.minimum / self.note - 1e-9).ceil() as u64).max(1);
        let most = |i: usize| {
            let cap = candidates.cap(i).min(self.maximum.unwrap_or(budget));
            Some(whole(cap)).filter(|&most| most >= least).unwrap_or(0)
        };
        let caps_of = |(list, ids): (usize, &&[usize])| -> Result<Vec<u64>, PortfolioError> {
            let n_groups = ids.iter().max().map_or(0, |&id| id + 1);
            let caps = match self.group_caps.get(list) {
                None => vec![f64::INFINITY; n_groups],
                Some(GroupCap::Each(cap)) => vec![*cap; n_groups],
                Some(GroupCap::PerGroup(caps)) if caps.len() < n_groups => {
                    return Err(PortfolioError::LengthMismatch {
                        of: "groups",
                        expected: n_groups,
                        what: "caps",
                        found: caps.len(),
                    });
                }
                Some(GroupCap::PerGroup(caps)) => caps.clone(),
            };
            // What the budget leaves no room for is no cap.
            let notes = |&cap: &f64| match cap < 1.0 {
                true => whole(cap * budget),
                false => u64::MAX,
            };
            Ok(caps.iter().map(notes).collect())
        };
        let groups = candidates.groups().iter().enumerate();
        Ok(Market {
            least,
            most: (0..n).map(most).collect(),
            total: whole(budget),
            of_groups: groups.map(caps_of).collect::<Result<_, _>>()?,
        })
    }
}

impl Relaxation {
    fn solve(&self, groups: &[&[usize]]) -> Result<SeparableSolution, PortfolioError> {
        let shares =
            |notes: &[u64]| -> Vec<f64> { notes.iter().map(|&k| k as f64 * self.note).collect() };
        let upper = shares(&self.market.most);
        let total = shares(&[self.market.total]);
        let limits: Vec<Vec<f64>> = self.market.of_groups.iter().map(|g| shares(g)).collect();
        let all = vec![0; self.gain.len()];
        let budget = Grouping {
            of: &all,
            limit: &total,
        };
        let lists = groups.iter().zip(&limits);
        let lists = lists.map(|(of, limit)| Grouping { of, limit });
        let groupings: Vec<Grouping<'_>> = std::iter::once(budget).chain(lists).collect();
        let p: Vec<f64> = self.gain.iter().map(|g| -g).collect();
        let problem = SeparableProblem {
            curvature: &self.curvature,
            p: &p,
            upper: &upper,
            groupings: &groupings,
        };
        let solution = InteriorPoint::default().solve(&problem)?;
        match solution.status {
            Status::Converged => Ok(solution),
            _ if solution.gap <= SOLVED * solution.objective.abs().max(1.0) => Ok(solution),
            _ => Err(PortfolioError::NotConverged {
                iterations: solution.iterations,
                gap: solution.gap,
            }),
        }
    }

    /// What these shares gain over cash, less their risk.
    fn value(&self, shares: &[f64]) -> f64 {
        let terms = shares.iter().zip(&self.gain).zip(&self.curvature);
        terms.map(|((w, g), d)| w * (g - 0.5 * d * w)).sum()
    }
}

impl PortfolioRule for NotesAllocation {
    fn allocate(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        Ok(self.solve(candidates, budget)?.amounts)
    }
}
