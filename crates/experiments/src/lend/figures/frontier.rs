//! Forecast return against risk.

use fuzzysvm_core::math;
use fuzzysvm_portfolio::{Candidates, NotesAllocation, efficient_frontier};

use super::results::{
    FrontierFigures, FrontierPoint, FrontierPortfolio, FrontierPortfolioId as Id,
};
use super::round::short;
use super::trial::MethodInTrial;
use crate::lend::LendError;

/// Points of the frontier.
const N_POINTS: i32 = 18;

/// Aversions to risk from that of one who buys a few loans to that of one who spreads over nearly all.
fn risk_aversions() -> Vec<f64> {
    let last = f64::from(N_POINTS - 1);
    let exponent = |i: i32| 3.5 - 3.0 * f64::from(i) / last;
    (0..N_POINTS)
        .map(|i| math::powf(10.0, exponent(i)))
        .collect()
}

/// The frontier of the loans that a method chooses among, and where portfolios stand; `by_forecast` are places and amounts of
/// what is bought by the forecasts alone. `None` where there is nothing to choose.
pub(super) fn frontier(
    method: &MethodInTrial<'_>,
    by_forecast: &[(usize, f64)],
    budget: f64,
) -> Result<Option<FrontierFigures>, LendError> {
    let Some(variance) = method.variance.as_deref() else {
        return Ok(None);
    };
    if method.candidates.len() < 2 {
        return Ok(None);
    }
    let of =
        |values: &[f64]| -> Vec<f64> { method.candidates.iter().map(|&i| values[i]).collect() };
    let (forecast, risk) = (of(&method.forecast), of(variance));
    let rule = NotesAllocation {
        // All is spent, whatever is forecast.
        cash: forecast.iter().copied().fold(f64::INFINITY, f64::min) - 1.0,
        ..NotesAllocation::default()
    };
    let candidates = Candidates::new(&forecast)?.with_variance(&risk)?;
    let points = efficient_frontier(&rule, candidates, budget, &risk_aversions())?;
    let points = points.into_iter().map(|point| FrontierPoint {
        risk_aversion: short(point.risk_aversion),
        forecast: short(point.forecast),
        sd: short(point.std),
    });
    let equal: Vec<(usize, f64)> = method.candidates.iter().map(|&i| (i, 1.0)).collect();
    let portfolios = [
        (Id::Chosen, method.bought.as_slice()),
        (Id::AllCandidates, &equal),
        (Id::Benchmark1, by_forecast),
    ];
    let portfolios = portfolios
        .into_iter()
        .filter_map(|(id, bought)| portfolio(id, bought, &method.forecast, variance));
    Ok(Some(FrontierFigures {
        candidates: method.candidates.len(),
        points: points.collect(),
        portfolios: portfolios.collect(),
    }))
}

/// `None` where nothing was bought.
fn portfolio(
    id: Id,
    bought: &[(usize, f64)],
    forecast: &[f64],
    variance: &[f64],
) -> Option<FrontierPortfolio> {
    let total: f64 = bought.iter().map(|&(_, amount)| amount).sum();
    let shares = || {
        bought
            .iter()
            .map(|&(place, amount)| (place, amount / total))
    };
    (total > 0.0).then(|| FrontierPortfolio {
        id,
        n: bought.len(),
        forecast: short(shares().map(|(i, w)| w * forecast[i]).sum()),
        sd: short(
            shares()
                .map(|(i, w)| w * w * variance[i])
                .sum::<f64>()
                .sqrt(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_the_amounts() {
        let found = portfolio(
            Id::Chosen,
            &[(0, 30.0), (2, 10.0)],
            &[0.1, 9.0, 0.2],
            &[0.04, 9.0, 0.16],
        );
        let found = found.unwrap();
        // ¾ · 0.1 + ¼ · 0.2, √(9/16 · 0.04 + 1/16 · 0.16).
        assert_eq!((found.n, found.forecast), (2, 0.125));
        assert!((found.sd - 0.0325f64.sqrt()).abs() < 1e-5);
        assert_eq!(portfolio(Id::Chosen, &[], &[], &[]), None);
    }

    #[test]
    fn aversion_falls_from_point_to_point() {
        let all = risk_aversions();
        assert_eq!(all.len(), 18);
        assert!(all.windows(2).all(|pair| pair[0] > pair[1]));
    }
}
