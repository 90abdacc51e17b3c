//! The page of `lend`.

mod answer;
mod buy;
mod card;
mod cautions;
mod drift;
mod forward;
mod methods;
mod portfolios;
mod probability;
mod published;
mod reasons;
mod score;
mod segments;
mod tiles;
mod trials;
mod vintages;

use maud::html;

use crate::figure::{self, Figure};
use crate::page::{Page, Section};
use crate::results::LendResults;

/// Whether the loans are simulated: drawn, or of a file that says so of itself.
fn is_simulated(results: &LendResults) -> bool {
    results.source == "simulated" || results.source.ends_with(" (simulated)")
}

/// The figures that there can be, by what the model card calls those that are not there.
struct Figures {
    budget: Option<Figure>,
    rankings: Option<Figure>,
    quarters: Option<Figure>,
    cash: Option<Figure>,
    deciles: Option<Figure>,
    frontier: Option<Figure>,
    trials: Option<Figure>,
    roc: Option<Figure>,
    pr: Option<Figure>,
    scores: Option<Figure>,
    ks: Option<Figure>,
    calibration: Option<Figure>,
    entropy: Option<Figure>,
    memberships: Option<Figure>,
    k: Option<Figure>,
}

impl Figures {
    fn of(results: &LendResults) -> Self {
        Self {
            budget: figure::budget_curve(results),
            rankings: figure::rankings(results),
            quarters: figure::quarters(results),
            cash: figure::cash(results),
            deciles: figure::forecast_deciles(results),
            frontier: figure::frontier(results),
            trials: figure::trial_returns(results),
            roc: figure::roc(results),
            pr: figure::pr(results),
            scores: figure::scores(results),
            ks: figure::ks(results),
            calibration: figure::calibration(results),
            entropy: figure::entropy_map(results),
            memberships: figure::memberships(results),
            k: figure::k_selection(results),
        }
    }

    /// Names of those that the results have no data for.
    fn missing(&self) -> Vec<&'static str> {
        let all = [
            (
                &self.budget,
                "return above the market by share bought (walk-forward)",
            ),
            (
                &self.rankings,
                "return above the market by ranking (walk-forward)",
            ),
            (
                &self.quarters,
                "return above the market by quarter (walk-forward)",
            ),
            (&self.cash, "cash back above the market"),
            (&self.deciles, "return by decile of forecast"),
            (&self.frontier, "efficient frontier"),
            (&self.trials, "return over the trials"),
            (&self.roc, "ROC curve"),
            (&self.pr, "precision and recall"),
            (&self.scores, "scores by outcome"),
            (&self.ks, "widest gap (KS)"),
            (&self.calibration, "calibration"),
            (&self.entropy, "entropy map"),
            (&self.memberships, "memberships"),
            (&self.k, "EFSVM by number of neighbors"),
        ];
        let absent = all.into_iter().filter(|(figure, _)| figure.is_none());
        absent.map(|(_, name)| name).collect()
    }
}

pub(crate) fn page(results: &LendResults) -> Page {
    let figures = Figures::of(results);
    let missing = figures.missing();
    let mut sections = Vec::new();
    if let Some(forward) = &results.walk_forward {
        let figures = [figures.budget, figures.rankings, figures.quarters];
        let body = forward::body(results, forward, figures);
        sections.push(Section::new(
            "quarters",
            "Quarter by quarter",
            "What it returned, quarter by quarter",
            body,
        ));
    }
    if !results.methods.is_empty() || !results.portfolios.is_empty() {
        let body = html! {
            (trials::lead(results))
            (portfolios::body(results))
            (figure::row([figures.trials, figures.cash, figures.deciles, figures.frontier]))
        };
        let heading = trials::heading(results);
        sections.push(Section::new("trials", "Trials", heading, body));
    }
    if let Some(bought) = &results.bought {
        let body = buy::body(results, bought);
        sections.push(Section::new(
            "buy",
            "What was bought",
            "What was bought",
            body,
        ));
    }
    if !results.methods.is_empty() {
        let body = methods::body(results);
        sections.push(Section::new(
            "methods",
            "Methods",
            "Methods side by side",
            body,
        ));
    }
    let ranks = html! {
        (figure::row([figures.roc, figures.pr, figures.scores, figures.ks]))
        (score::body(results))
    };
    if results.figures.is_some() {
        let heading = "Does the score rank loans?";
        sections.push(Section::new("score", "Score", heading, ranks));
    }
    if figures.calibration.is_some() {
        let body = probability::body(results, figures.calibration);
        let heading = "Is the probability honest?";
        sections.push(Section::new("probability", "Probability", heading, body));
    }
    if !results.vintages.is_empty() || !results.segments.is_empty() || !results.psi.is_empty() {
        let body = html! {
            (vintages::body(results))
            (segments::body(results))
            (drift::body(results))
        };
        sections.push(Section::new(
            "time",
            "Time and segments",
            "By time and segment",
            body,
        ));
    }
    if figures.entropy.is_some() || figures.k.is_some() {
        let body = html! { (figure::row([figures.entropy, figures.memberships, figures.k])) };
        let heading = "How the memberships came about";
        sections.push(Section::new("memberships", "Memberships", heading, body));
    }
    let card = card::body(results, &missing);
    sections.push(Section::new("card", "Model card", "Model card", card));
    let source = match is_simulated(results) {
        true => "simulated loans",
        false => results
            .source
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default(),
    };
    Page {
        kind: format!("fuzzysvm lend · {source}"),
        answer: answer::answer(results),
        tiles: tiles::tiles(results),
        sections,
        footer: format!(
            "fuzzysvm {}. Not investment advice.",
            card::version(results)
        ),
    }
}
