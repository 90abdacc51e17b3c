//! Do the methods differ? Friedman, Iman–Davenport, Nemenyi, and every method against the control.

use fuzzysvm_evaluation::{
    EvaluationError, Friedman, Wilcoxon, compare_with_control, friedman, holm,
    nemenyi_critical_difference, wilcoxon_signed_rank,
};
use serde::Serialize;

use crate::method::MethodKind;

/// Levels of the critical differences.
const ALPHAS: [f64; 2] = [0.05, 0.10];

/// The tests of one metric over the data sets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Significance {
    /// Data sets compared on.
    pub n_sets: usize,
    /// Friedman's test of "all methods are alike".
    pub friedman: FriedmanResult,
    /// Iman and Davenport's less conservative form of it.
    pub iman_davenport: ImanDavenportResult,
    /// Nemenyi's critical differences of average ranks, all pairs taken together.
    pub nemenyi: Vec<CriticalDifference>,
    /// The method that the others are compared with.
    pub control: String,
    /// Every other method against it, in the order of the tables.
    pub comparisons: Vec<Comparison>,
}

/// Friedman's χ²_F.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FriedmanResult {
    /// The statistic.
    pub chi_squared: f64,
    /// Its degrees of freedom, methods − 1.
    pub degrees_of_freedom: usize,
    /// Its p-value.
    pub p_value: f64,
}

/// Iman and Davenport's F_F.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ImanDavenportResult {
    /// The statistic; `null` where it is infinite: all data sets rank the methods alike.
    pub f: Option<f64>,
    /// Its degrees of freedom, methods − 1 and (methods − 1)(sets − 1).
    pub degrees_of_freedom: [usize; 2],
    /// Its p-value.
    pub p_value: f64,
}

/// How far average ranks must lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CriticalDifference {
    /// The level.
    pub alpha: f64,
    /// The difference.
    pub critical_difference: f64,
}

/// One method against the control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The method.
    pub method: String,
    /// Data sets on which the control is better.
    pub wins: usize,
    /// Data sets on which both are equal.
    pub ties: usize,
    /// Data sets on which the control is worse.
    pub losses: usize,
    /// Wilcoxon's signed-rank test; the control is the first of the two.
    pub wilcoxon: Wilcoxon,
    /// Its p-value after Holm's step-down over all comparisons.
    pub wilcoxon_p_holm: f64,
    /// (rank of the method − rank of the control)/√(k(k+1)/(6N)).
    pub z: f64,
    /// Two-sided p-value of z.
    pub z_p_value: f64,
    /// The same after Holm's step-down.
    pub z_p_holm: f64,
}

/// Tests a table of results (rows are data sets, columns the methods); `None` where it has fewer than
/// two rows or columns.
pub(super) fn test(
    table: &[Vec<f64>],
    methods: &[MethodKind],
    control: usize,
) -> Result<Option<Significance>, EvaluationError> {
    let (n, k) = (table.len(), methods.len());
    if n < 2 || k < 2 {
        return Ok(None);
    }
    let found = friedman(table)?;
    let nemenyi = ALPHAS
        .into_iter()
        .map(|alpha| {
            Ok(CriticalDifference {
                alpha,
                critical_difference: nemenyi_critical_difference(k, n, alpha)?,
            })
        })
        .collect::<Result<_, EvaluationError>>()?;
    Ok(Some(Significance {
        n_sets: n,
        friedman: FriedmanResult {
            chi_squared: found.chi_squared,
            degrees_of_freedom: k - 1,
            p_value: found.chi_squared_p_value,
        },
        iman_davenport: ImanDavenportResult {
            f: Some(found.iman_davenport).filter(|f| f.is_finite()),
            degrees_of_freedom: [k - 1, (k - 1) * (n - 1)],
            p_value: found.iman_davenport_p_value,
        },
        nemenyi,
        control: methods[control].id().to_owned(),
        comparisons: against_control(table, methods, control, &found)?,
    }))
}

fn against_control(
    table: &[Vec<f64>],
    methods: &[MethodKind],
    control: usize,
    found: &Friedman,
) -> Result<Vec<Comparison>, EvaluationError> {
    let column = |m: usize| table.iter().map(|row| row[m]).collect::<Vec<f64>>();
    let ours = column(control);
    let mut comparisons = Vec::with_capacity(methods.len() - 1);
    for by_rank in compare_with_control(found, control)? {
        let theirs = column(by_rank.method);
        let pairs = || ours.iter().zip(&theirs);
        let wilcoxon = wilcoxon_signed_rank(&ours, &theirs)?;
        comparisons.push(Comparison {
            method: methods[by_rank.method].id().to_owned(),
            wins: pairs().filter(|(a, b)| a > b).count(),
            ties: pairs().filter(|(a, b)| a == b).count(),
            losses: pairs().filter(|(a, b)| a < b).count(),
            wilcoxon,
            wilcoxon_p_holm: wilcoxon.p_value,
            z: by_rank.z,
            z_p_value: by_rank.p_value,
            z_p_holm: by_rank.p_value_holm,
        });
    }
    let raw: Vec<f64> = comparisons.iter().map(|c| c.wilcoxon.p_value).collect();
    for (comparison, adjusted) in comparisons.iter_mut().zip(holm(&raw)?) {
        comparison.wilcoxon_p_holm = adjusted;
    }
    Ok(comparisons)
}
