//! What a trial gathers for the figures.

use std::collections::BTreeMap;

use fuzzysvm_core::Label;
use fuzzysvm_estimator::tuning::TunedMethod;
use fuzzysvm_estimator::{EncodedFold, EstimatorError, LoanData};
use serde::{Deserialize, Serialize};

use super::bought::bought;
use super::calibration::Calibrated;
use super::entropy_map::entropy_map;
use super::frontier::frontier;
use super::loans::Loans;
use super::method::{MethodDetail, MethodShape, Scored};
use super::portfolio::{PortfolioDetail, PortfolioShape, Portfolios};
use super::reasons::{Explained, ReasonFigures};
use super::results::{BoughtLoans, Drift, EntropyMark, FrontierFigures};
use super::round::short;
use super::segments::{SegmentShape, segments};
use super::stability::drifts;
use crate::lend::aggregate::IEFSVM;
use crate::lend::probability::Probabilities;
use crate::lend::{LendError, LendSettings};

/// The method whose number of neighbors is tuned.
const EFSVM: &str = "efsvm";

/// What one trial adds to the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrialFigures {
    /// In the order of the settings.
    pub(super) methods: Vec<MethodShape>,
    pub(super) portfolios: Vec<PortfolioShape>,
    pub(super) segments: Vec<SegmentShape>,
    /// Errors by number of neighbors, and the number chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) k_selection: Option<(BTreeMap<usize, f64>, usize)>,
    /// Of the first trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first: Option<FirstTrial>,
}

/// What is shown of the first trial alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FirstTrial {
    /// In the order of the settings.
    pub(super) methods: Vec<MethodDetail>,
    pub(super) portfolios: Vec<PortfolioDetail>,
    pub(super) bought: Option<BoughtLoans>,
    pub(super) entropy_map: Vec<EntropyMark>,
    pub(super) psi: Vec<Drift>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reasons: Option<ReasonFigures>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) frontier: Option<FrontierFigures>,
}

/// A method on the test loans of a trial.
pub(in crate::lend) struct MethodInTrial<'a> {
    pub id: &'a str,
    pub tuned: &'a TunedMethod,
    pub scores: Vec<f64>,
    /// Places of the loans that it chooses among.
    pub candidates: Vec<usize>,
    /// Places of the loans that it predicts paid.
    pub predicted_paid: Vec<usize>,
    /// What it ranks all loans by, higher is better.
    pub values: Vec<f64>,
    /// Forecast returns of all test loans.
    pub forecast: Vec<f64>,
    /// Variances of their returns, where they are known.
    pub variance: Option<Vec<f64>>,
    /// Probabilities of default, where they are known.
    pub probabilities: Option<Probabilities>,
    /// Places and amounts.
    pub bought: Vec<(usize, f64)>,
}

/// The loans of a trial and what became of them.
pub(in crate::lend) struct TrialInput<'a> {
    pub trial: usize,
    pub settings: &'a LendSettings,
    pub data: &'a LoanData,
    /// Test loans.
    pub samples: &'a [usize],
    pub parts: &'a EncodedFold,
    pub truth: &'a [Label],
    pub realised: &'a [f64],
    pub funded: &'a [f64],
    /// Places and amounts of what is bought by the forecasts alone.
    pub by_forecast: &'a [(usize, f64)],
    /// Why the designated method scored what it bought as it did.
    pub explained: &'a Explained,
}

/// The method that portfolios are of: IEFSVM, or else the first one.
pub(in crate::lend) fn designated<'a>(mut ids: impl Iterator<Item = &'a str>) -> usize {
    ids.position(|id| id == IEFSVM).unwrap_or(0)
}

/// Gathers everything.
pub(in crate::lend) fn gather(
    input: &TrialInput<'_>,
    methods: &[MethodInTrial<'_>],
) -> Result<Option<TrialFigures>, LendError> {
    let Some(method) = methods.get(designated(methods.iter().map(|m| m.id))) else {
        return Ok(None);
    };
    let seed = input.settings.seed_of(input.trial);
    let loans = Loans::new(
        input.data,
        input.samples,
        input.truth,
        input.realised,
        input.funded,
    )?;
    let chosen: Vec<usize> = method.bought.iter().map(|&(place, _)| place).collect();
    let portfolios = Portfolios::new(
        &loans,
        &method.bought,
        &method.predicted_paid,
        input.by_forecast,
        seed,
    );
    let scored =
        |m: &'_ MethodInTrial<'_>| -> Result<(MethodShape, Option<MethodDetail>), LendError> {
            let scored = Scored {
                truth: input.truth,
                scores: &m.scores,
                forecast: &m.forecast,
                realised: input.realised,
                candidates: &m.candidates,
            };
            let calibrated = m.probabilities.as_ref().map(|p| Calibrated {
                truth: input.truth,
                probability: &p.test,
                grade: &loans.grade,
            });
            let mut shape = scored.shape()?;
            shape.calibration = calibrated.as_ref().map(Calibrated::shape).transpose()?;
            if input.trial > 0 {
                return Ok((shape, None));
            }
            let mut detail = scored.detail(seed)?;
            let of_calibration = calibrated.map(|calibrated| calibrated.detail(seed));
            detail.calibration = of_calibration.transpose()?;
            Ok((shape, Some(detail)))
        };
    let shapes = methods.iter().map(scored).collect::<Result<Vec<_>, _>>()?;
    let (shapes, details): (Vec<_>, Vec<_>) = shapes.into_iter().unzip();
    let first = match input.trial {
        0 => Some(FirstTrial {
            methods: details.into_iter().flatten().collect(),
            portfolios: portfolios.details(&loans),
            bought: bought(
                input.trial,
                method,
                (input.data, input.samples),
                &loans,
                input.explained,
            ),
            frontier: frontier(method, input.by_forecast, input.settings.budget)?,
            entropy_map: marks(input, methods)?,
            psi: psi(input, method)?,
            reasons: input.explained.figures.clone(),
        }),
        _ => None,
    };
    Ok(Some(TrialFigures {
        methods: shapes,
        portfolios: portfolios.shapes(&loans, &chosen)?,
        segments: segments(&loans, &chosen),
        k_selection: methods
            .iter()
            .find(|m| m.id == EFSVM)
            .and_then(|m| k_selection(m.tuned)),
        first,
    }))
}

fn k_selection(tuned: &TunedMethod) -> Option<(BTreeMap<usize, f64>, usize)> {
    let errors = tuned
        .k_scores()
        .iter()
        .map(|&(k, score)| (k, short(1.0 - score)));
    let chosen = tuned.chosen().k?;
    Some((errors.collect(), chosen))
}

fn marks(
    input: &TrialInput<'_>,
    methods: &[MethodInTrial<'_>],
) -> Result<Vec<EntropyMark>, LendError> {
    let iefsvm = methods.iter().find(|m| m.id == IEFSVM);
    match iefsvm.and_then(|m| m.tuned.weights()) {
        None => Ok(Vec::new()),
        Some(memberships) => {
            let marks = entropy_map(input.parts.train()?, memberships);
            Ok(marks.map_err(EstimatorError::from)?)
        }
    }
}

fn psi(input: &TrialInput<'_>, method: &MethodInTrial<'_>) -> Result<Vec<Drift>, LendError> {
    match &method.probabilities {
        Some(p) => Ok(drifts(input.parts, &p.out_of_fold, &method.scores)?),
        None => Ok(Vec::new()),
    }
}
