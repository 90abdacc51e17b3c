//! What `portfolio` says of what it did.

use std::path::Path;

use fuzzysvm::experiments::is_simulated;
use fuzzysvm::experiments::on_offer::{Bought, BuyOptions, LoanModel, Offer, ScoredOffer, Shift};
use fuzzysvm::portfolio::ReturnKind;
use serde_json::{Value, json};

use crate::ui::{aligned, grouped, shown};

/// Reasons and shifts that are named.
const NAMED: usize = 3;

/// What is worth a warning.
pub fn warnings(offer: &Offer, scored: &ScoredOffer, refuse_unseen: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let counts = scored.counts();
    if !counts.is_empty() {
        let reasons: Vec<String> = counts.iter().map(|(why, n)| format!("{n} {why}")).collect();
        lines.push(format!(
            "{} of {} loans are not scored ({})",
            scored.not_scored.len(),
            offer.book.len(),
            reasons.join("; ")
        ));
    }
    if !refuse_unseen && !scored.unseen.is_empty() {
        let unseen: Vec<String> = scored
            .unseen
            .iter()
            .map(|(name, n)| format!("{n} {name}"))
            .collect();
        lines.push(format!(
            "loans of a category that no training loan had, scored as if they had none: {} (--refuse-unseen leaves them out)",
            unseen.join(", ")
        ));
    }
    let far: Vec<&Shift> = scored
        .shifts
        .iter()
        .filter(|shift| shift.is_far())
        .collect();
    if !far.is_empty() {
        let named = far
            .iter()
            .take(NAMED)
            .map(|s| format!("{} (PSI {:.2})", s.feature, s.psi));
        let named: Vec<String> = named.collect();
        let more = match far.len().saturating_sub(NAMED) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        lines.push(format!(
            "these loans differ from the training loans, so forecasts may not hold: {}{more}",
            named.join(", ")
        ));
    }
    lines
}

/// A run that wrote its list.
pub struct Run<'a> {
    pub model: &'a LoanModel,
    pub offer: &'a Offer,
    pub scored: &'a ScoredOffer,
    pub bought: &'a Bought,
    pub options: &'a BuyOptions,
    pub output: &'a Path,
}

fn percent(value: f64) -> String {
    format!("{:.1} %", 100.0 * value)
}

/// A return, and of what time it is.
fn over(returns: ReturnKind) -> String {
    let time = match returns {
        ReturnKind::Roi => "over the life of the loans",
        _ => "a year",
    };
    format!("{time} ({returns})")
}

impl Run<'_> {
    /// The line of `--json`.
    pub fn json(&self) -> Value {
        let Run { bought, scored, .. } = self;
        json!({
            "loans": self.offer.book.len(),
            "scored": scored.rows.len(),
            "not_scored": scored.counts(),
            "unseen": scored.unseen,
            "candidates": bought.candidates,
            "bought": bought.purchases.len(),
            "spent": bought.spent,
            "budget": self.options.budget,
            "returns": self.model.returns(),
            "expected_return": bought.expected,
            "return_of_alike": bought.alike,
            "sd": bought.sd,
            "probability": bought.probability,
            "gap": bought.gap,
            "shifts": scored.shifts,
            "fidelity": self.model.fidelity(),
            "trained_on": self.model.trained_on(),
            "output": shown(self.output),
        })
    }

    /// The same for a person.
    pub fn text(&self) -> String {
        let Run {
            bought,
            scored,
            options,
            ..
        } = self;
        let trained = self.model.trained_on();
        let n = |n: usize| grouped(n as u64);
        let read = match self.offer.book.len() == scored.rows.len() {
            true => n(scored.rows.len()),
            false => format!(
                "{}, {} of them scored",
                n(self.offer.book.len()),
                n(scored.rows.len())
            ),
        };
        let mut rows = vec![
            (
                "model",
                format!(
                    "{}, trained on {} loans of {} to {}{}",
                    self.model.fitted().method().unwrap_or("unknown"),
                    n(trained.loans),
                    trained.first_issue,
                    trained.last_issue,
                    if is_simulated(&trained.source) {
                        ", simulated"
                    } else {
                        ""
                    },
                ),
            ),
            ("loans", read),
            (
                "bought",
                format!(
                    "{} of {} candidates, for {:.2} of {:.2}",
                    n(bought.purchases.len()),
                    n(bought.candidates),
                    bought.spent,
                    options.budget
                ),
            ),
        ];
        if let (Some(expected), Some(sd)) = (bought.expected, bought.sd) {
            rows.push((
                "to expect",
                format!("{} {}", percent(expected), over(self.model.returns())),
            ));
            let alike = bought.alike.map_or(String::new(), |alike| {
                format!("{} of those most like them, ", percent(alike))
            });
            rows.push((
                "training loans",
                format!("returned {alike}{} of all", percent(trained.mean_return)),
            ));
            rows.push((
                "give or take",
                format!(
                    "{} (sd, if loans ended independently of each other)",
                    percent(sd)
                ),
            ));
        }
        if let Some(probability) = bought.probability {
            let share = trained.charged_off as f64 / trained.loans.max(1) as f64;
            rows.push((
                "charged off",
                format!(
                    "{} of the amount by the model, {} of the training loans",
                    percent(probability),
                    percent(share)
                ),
            ));
        }
        if let Some(gap) = bought.gap {
            rows.push((
                "whole notes",
                format!("cost at most {:.3} points of return", 100.0 * gap),
            ));
        }
        rows.push(("written", self.output.display().to_string()));
        aligned(&rows)
    }
}
