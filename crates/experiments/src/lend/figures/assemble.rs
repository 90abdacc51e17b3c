//! From the parts of all trials to the figures.

use fuzzysvm_evaluation::{corrected_resampled_t_test, quantile};

use super::method::{ForecastShape, MethodDetail, MethodShape};
use super::portfolio::PortfolioShape;
use super::results::{
    Curve, DifferenceKind, Estimate, FigureKind, FigureParts, Figures, ForecastDecile,
    IntervalKind, KSelection, Ks, MethodFigures, PortfolioDifference, PortfolioFigures,
    PortfolioId, PrecisionRecall, ScoreDecile,
};
use super::round::{all_short, short};
use super::trial::{FirstTrial, TrialFigures, designated};
use super::vintages::vintages;
use super::{LEVEL, calibration, grid, segments};
use crate::lend::results::{MethodResult, SplitSummary};
use crate::lend::{Forecast, LendSettings, Split};
use fuzzysvm_estimator::LoanData;

/// The two quantiles between which [`LEVEL`] of the values lie; `None` below two values.
fn spread(values: &[f64]) -> Option<[f64; 2]> {
    let at = |q| quantile(values, q).ok();
    (values.len() > 1)
        .then(|| Some([at((1.0 - LEVEL) / 2.0)?, at((1.0 + LEVEL) / 2.0)?]))
        .flatten()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

fn mean_of_some(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values: Vec<f64> = values.flatten().collect();
    (!values.is_empty()).then(|| mean(values.into_iter()))
}

/// All trials that count: every one where they are drawn at random, the first alone where they overlap by nature.
struct Trials<'a> {
    kind: FigureKind,
    shown: Vec<&'a TrialFigures>,
    first: &'a FirstTrial,
}

/// Adds up the parts of all trials, in order; nothing where a trial has none. `methods` have their trials.
pub(in crate::lend) fn assemble(
    data: &LoanData,
    settings: &LendSettings,
    split: &SplitSummary,
    methods: &[MethodResult],
    trials: &[Option<&TrialFigures>],
) -> FigureParts {
    let Some(all) = trials.iter().copied().collect::<Option<Vec<_>>>() else {
        return FigureParts::default();
    };
    let Some(first) = all.first().and_then(|trial| trial.first.as_ref()) else {
        return FigureParts::default();
    };
    let kind = match settings.split {
        Split::Random if all.len() > 1 => FigureKind::Spread,
        _ => FigureKind::Bootstrap,
    };
    let shown = match kind {
        FigureKind::Spread => all.clone(),
        FigureKind::Bootstrap => all[..1].to_vec(),
    };
    let trials = Trials { kind, shown, first };
    let designated = &methods[designated(methods.iter().map(|m| m.id.as_str()))];
    let by_id = methods.iter().enumerate().map(|(place, method)| {
        let figures = trials.method(place, method, split);
        (method.id.clone(), figures)
    });
    let k_selection = all.iter().enumerate().filter_map(|(trial, figures)| {
        let (errors, chosen) = figures.k_selection.clone()?;
        Some(KSelection {
            trial,
            errors,
            chosen,
        })
    });
    let of_trials: Vec<_> = trials.shown.iter().map(|t| t.segments.as_slice()).collect();
    FigureParts {
        figures: Some(Figures {
            kind,
            level: LEVEL,
            trials: trials.shown.len(),
            designated: designated.id.clone(),
            methods: by_id.collect(),
            frontier: first.frontier.clone(),
        }),
        portfolios: trials.portfolios(&designated.name, settings, split),
        bought: first.bought.clone(),
        reasons: first.reasons.clone(),
        vintages: vintages(data),
        segments: segments::together(&of_trials),
        entropy_map: first.entropy_map.clone(),
        k_selection: k_selection.collect(),
        psi: first.psi.clone(),
    }
}

impl Trials<'_> {
    /// A mean of all that are shown, with the spread or the interval of the first.
    fn estimate(&self, values: &[f64], of_first: [f64; 2]) -> Estimate {
        let ends = match self.kind {
            FigureKind::Spread => spread(values),
            FigureKind::Bootstrap => Some(of_first),
        };
        Estimate {
            value: short(mean(values.iter().copied())),
            low: ends.map(|e| short(e[0])),
            high: ends.map(|e| short(e[1])),
        }
    }

    /// Point by point: the mean, low and high.
    fn curve(
        &self,
        of: &dyn Fn(&TrialFigures) -> &Vec<f64>,
        [low, high]: [&Vec<f64>; 2],
    ) -> [Vec<f64>; 3] {
        let at = |i: usize| -> Vec<f64> { self.shown.iter().map(|t| of(t)[i]).collect() };
        let n = low.len();
        let means = all_short((0..n).map(|i| mean(at(i).into_iter())));
        match self.kind {
            FigureKind::Bootstrap => [means, low.clone(), high.clone()],
            FigureKind::Spread => {
                let ends: Vec<_> = (0..n).map(|i| spread(&at(i)).unwrap_or_default()).collect();
                let end = |which: usize| all_short(ends.iter().map(|e| e[which]));
                [means, end(0), end(1)]
            }
        }
    }

    fn method(&self, place: usize, result: &MethodResult, split: &SplitSummary) -> MethodFigures {
        let detail: &MethodDetail = &self.first.methods[place];
        let shapes: Vec<&MethodShape> = self.shown.iter().map(|t| &t.methods[place]).collect();
        let of_trials = |of: fn(&crate::lend::MethodTrial) -> f64| -> Vec<f64> {
            result.trials.iter().take(shapes.len()).map(of).collect()
        };
        let [tpr, tpr_low, tpr_high] = self.curve(
            &|t| &t.methods[place].tpr,
            [&detail.tpr_low, &detail.tpr_high],
        );
        let [precision, precision_low, precision_high] = self.curve(
            &|t| &t.methods[place].precision,
            [&detail.precision_low, &detail.precision_high],
        );
        let ks = self.estimate(&of_trials(|t| t.ks), detail.ks_value);
        MethodFigures {
            roc: Curve {
                fpr: grid(),
                tpr,
                low: tpr_low,
                high: tpr_high,
            },
            pr: PrecisionRecall {
                recall: grid(),
                precision,
                low: precision_low,
                high: precision_high,
            },
            auc: self.estimate(&of_trials(|t| t.roc_auc), detail.roc_auc),
            average_precision: self.estimate(&of_trials(|t| t.pr_auc), detail.average_precision),
            histogram: detail.histogram.clone(),
            ks: Ks {
                value: ks.value,
                low: ks.low,
                high: ks.high,
                at: detail.ks.at,
                paid: short(detail.ks.negative),
                charged_off: short(detail.ks.positive),
            },
            score_deciles: score_deciles(&shapes),
            forecast_deciles: self.forecast_deciles(&shapes, detail),
            calibration: calibration::together(
                &shapes
                    .iter()
                    .filter_map(|s| s.calibration.as_ref())
                    .collect::<Vec<_>>(),
                detail
                    .calibration
                    .as_ref()
                    .filter(|_| self.kind == FigureKind::Bootstrap),
                split,
            ),
        }
    }

    fn forecast_deciles(
        &self,
        shapes: &[&MethodShape],
        detail: &MethodDetail,
    ) -> Vec<ForecastDecile> {
        let n = shapes.iter().map(|s| s.forecast_deciles.len()).max();
        let deciles = (0..n.unwrap_or(0)).filter_map(|d| {
            let at = shapes.iter().filter_map(|s| *s.forecast_deciles.get(d)?);
            let at: Vec<ForecastShape> = at.collect();
            if at.is_empty() {
                return None;
            }
            let of = |of: fn(&ForecastShape) -> f64| short(mean(at.iter().map(of)));
            let realised: Vec<f64> = at.iter().map(|d| d.realised).collect();
            let ends = match self.kind {
                FigureKind::Spread => spread(&realised),
                FigureKind::Bootstrap => detail.forecast_deciles.get(d).copied().flatten(),
            };
            Some(ForecastDecile {
                n: of(|d| d.n),
                forecast: of(|d| d.forecast),
                realised: of(|d| d.realised),
                low: ends.map(|e| short(e[0])),
                high: ends.map(|e| short(e[1])),
                charged_off: of(|d| d.charged_off),
            })
        });
        deciles.collect()
    }

    fn portfolios(
        &self,
        method: &str,
        settings: &LendSettings,
        split: &SplitSummary,
    ) -> Vec<PortfolioFigures> {
        use PortfolioId as Id;
        let share = settings.top_fraction * 100.0;
        let name = |id| match id {
            Id::Chosen => format!("{method}, top {share} %"),
            // It has no probability.
            Id::Benchmark1 if settings.forecast == Forecast::Expected => {
                format!("Benchmark 1: {} alone", settings.regression.forecast())
            }
            Id::Benchmark1 => "Benchmark 1: forecast alone".to_owned(),
            Id::Benchmark2 => format!("Benchmark 2: {method} alone"),
            Id::Market => "Market: every test loan".to_owned(),
            Id::Random => "Random loans".to_owned(),
            Id::GradeMatched => "Random loans of the same grades and terms".to_owned(),
            Id::HighestRate => "Highest interest rate".to_owned(),
            Id::LowestGrade => "Lowest grade".to_owned(),
        };
        let ids = [
            Id::Chosen,
            Id::Benchmark1,
            Id::Benchmark2,
            Id::Market,
            Id::Random,
            Id::GradeMatched,
            Id::HighestRate,
            Id::LowestGrade,
        ];
        let all = ids.into_iter();
        all.filter_map(|id| self.portfolio(id, name(id), split))
            .collect()
    }

    /// A portfolio over the trials in which it holds a loan.
    fn portfolio(
        &self,
        id: PortfolioId,
        name: String,
        split: &SplitSummary,
    ) -> Option<PortfolioFigures> {
        let shapes: Vec<&PortfolioShape> = self.shown.iter().filter_map(|t| found(t, id)).collect();
        if shapes.is_empty() {
            return None;
        }
        let of = |of: fn(&PortfolioShape) -> f64| mean(shapes.iter().map(|s| of(s)));
        let returns: Vec<f64> = shapes.iter().map(|s| s.mean).collect();
        let detail = self.first.portfolios.iter().find(|d| d.id == id);
        let detail = detail.filter(|_| self.kind == FigureKind::Bootstrap);
        let draws: Vec<_> = shapes.iter().filter_map(|s| s.draws).collect();
        let (interval, ends) = match self.kind {
            _ if !draws.is_empty() => {
                let low = mean(draws.iter().map(|d| d.low));
                let high = mean(draws.iter().map(|d| d.high));
                (IntervalKind::Draws, Some([low, high]))
            }
            FigureKind::Spread => (IntervalKind::Spread, spread(&returns)),
            FigureKind::Bootstrap => (IntervalKind::Bootstrap, detail.and_then(|d| d.returns)),
        };
        let minus = |other: PortfolioId, of_first: Option<[f64; 2]>| {
            let pairs = self.shown.iter().filter_map(|t| {
                let (ours, others) = (found(t, id)?, found(t, other)?);
                Some(ours.mean - others.mean)
            });
            self.difference(&pairs.collect::<Vec<f64>>(), of_first, split)
        };
        let compared = !matches!(id, PortfolioId::Market | PortfolioId::Random);
        let months = shapes.iter().map(|s| s.cash.len()).min().unwrap_or(0);
        Some(PortfolioFigures {
            id,
            name,
            n: of(|s| s.n),
            returns: mean(returns.iter().copied()),
            low: ends.map(|e| e[0]),
            high: ends.map(|e| e[1]),
            interval,
            by_month: detail
                .and_then(|d| d.by_month)
                .filter(|_| interval == IntervalKind::Bootstrap),
            difference_to_market: compared
                .then(|| minus(PortfolioId::Market, detail.and_then(|d| d.to_market)))
                .flatten(),
            difference_to_matched: (id == PortfolioId::Chosen)
                .then(|| minus(PortfolioId::GradeMatched, detail.and_then(|d| d.to_matched)))
                .flatten(),
            percentile: (!draws.is_empty()).then(|| mean(draws.iter().map(|d| d.percentile))),
            sd: mean_of_some(shapes.iter().map(|s| s.sd)),
            charged_off: of(|s| s.charged_off),
            loss: of(|s| s.loss),
            capital_weighted: of(|s| s.capital_weighted),
            irr: mean_of_some(shapes.iter().map(|s| s.irr)),
            cash: all_short((0..months).map(|m| mean(shapes.iter().map(|s| s.cash[m])))),
        })
    }

    fn difference(
        &self,
        values: &[f64],
        of_first: Option<[f64; 2]>,
        split: &SplitSummary,
    ) -> Option<PortfolioDifference> {
        if values.is_empty() {
            return None;
        }
        let (kind, ends) = match self.kind {
            FigureKind::Bootstrap => (DifferenceKind::Bootstrap, of_first),
            FigureKind::Spread => {
                let t = corrected_resampled_t_test(values, split.train, split.test).ok();
                (DifferenceKind::CorrectedT, t.map(|t| [t.lower, t.upper]))
            }
        };
        Some(PortfolioDifference {
            value: mean(values.iter().copied()),
            low: ends.map(|e| e[0]),
            high: ends.map(|e| e[1]),
            kind,
        })
    }
}

fn found(trial: &TrialFigures, id: PortfolioId) -> Option<&PortfolioShape> {
    trial.portfolios.iter().find(|shape| shape.id == id)
}

fn score_deciles(shapes: &[&MethodShape]) -> Vec<ScoreDecile> {
    let n = shapes.iter().map(|s| s.score_deciles.len()).min();
    let deciles = (0..n.unwrap_or(0)).map(|d| {
        let of = |of: fn(&ScoreDecile) -> f64| {
            short(mean(shapes.iter().map(|s| of(&s.score_deciles[d]))))
        };
        ScoreDecile {
            n: of(|d| d.n),
            score_low: of(|d| d.score_low),
            score_high: of(|d| d.score_high),
            charged_off: of(|d| d.charged_off),
            lift: of(|d| d.lift),
            cum_bad: of(|d| d.cum_bad),
            cum_good: of(|d| d.cum_good),
            ks: of(|d| d.ks),
            realised: of(|d| d.realised),
        }
    });
    deciles.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // numpy.quantile([1, 2, 4], [.025, .975])
    #[test]
    fn a_spread_takes_two_values() {
        assert_eq!(spread(&[1.0]), None);
        let [low, high] = spread(&[4.0, 1.0, 2.0]).unwrap();
        assert!((low - 1.05).abs() < 1e-12 && (high - 3.9).abs() < 1e-12);
        assert_eq!(
            mean_of_some([None, Some(1.0), Some(3.0)].into_iter()),
            Some(2.0)
        );
        assert_eq!(mean_of_some([None].into_iter()), None);
    }
}
