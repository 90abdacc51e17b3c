//! The figures that Cho, Chang & Song (2019, DOI 10.1109/ACCESS.2019.2896474) publish. Only for the side-by-side column;
//! nothing is computed from them.

use fuzzysvm_datasets::lending_club::Selection;
use fuzzysvm_portfolio::ReturnKind;

use super::{Buy, Forecast, LendSettings, RegressionRows, Split};
use crate::Rank;

/// Mean and standard deviation over the trials, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Spread {
    /// Mean over trials.
    pub mean: f64,
    /// Standard deviation over trials.
    pub std: f64,
}

/// One row of the published table of classifiers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PublishedRow {
    /// The method's identifier, as in `--methods`.
    pub id: &'static str,
    /// "AUC": one-point AUC of hard labels, which is the balanced accuracy.
    pub balanced_accuracy: Spread,
    /// "Precision": share truly paid among the loans predicted paid.
    pub precision: Spread,
    /// "Predicted negative condition rate": share of loans predicted to default.
    pub predicted_negative_rate: Spread,
    /// "Return with top 10 %".
    pub return_top: Spread,
    /// "Return / standard deviation", no unit.
    pub return_over_std: f64,
}

const fn pct(mean: f64, std: f64) -> Spread {
    Spread {
        mean: mean / 100.0,
        std: std / 100.0,
    }
}

const fn row(
    id: &'static str,
    auc: Spread,
    precision: Spread,
    negative: Spread,
    top: Spread,
    ratio: f64,
) -> PublishedRow {
    PublishedRow {
        id,
        balanced_accuracy: auc,
        precision,
        predicted_negative_rate: negative,
        return_top: top,
        return_over_std: ratio,
    }
}

/// The eight published methods, in the order of the table.
pub const ROWS: &[PublishedRow] = &[
    row(
        "cs-adaboost",
        pct(59.23, 3.95),
        pct(91.98, 2.59),
        pct(52.04, 19.26),
        pct(10.06, 4.63),
        2.175,
    ),
    row(
        "cs-rf",
        pct(52.58, 2.63),
        pct(87.63, 0.65),
        pct(7.49, 1.84),
        pct(12.26, 5.51),
        2.226,
    ),
    row(
        "easy-ensemble",
        pct(55.28, 3.95),
        pct(89.20, 1.65),
        pct(45.37, 5.36),
        pct(11.91, 4.93),
        2.417,
    ),
    row(
        "rusboost",
        pct(58.37, 5.07),
        pct(91.39, 2.81),
        pct(50.24, 20.12),
        pct(10.34, 4.48),
        2.31,
    ),
    row(
        "w-elm",
        pct(56.52, 3.64),
        pct(89.47, 1.42),
        pct(39.45, 6.18),
        pct(11.44, 5.34),
        2.145,
    ),
    row(
        "cs-xgboost",
        pct(56.62, 4.15),
        pct(89.26, 1.48),
        pct(31.73, 6.93),
        pct(11.58, 5.00),
        2.319,
    ),
    row(
        "efsvm",
        pct(57.14, 3.85),
        pct(90.42, 2.13),
        pct(47.61, 13.85),
        pct(12.63, 5.59),
        2.26,
    ),
    row(
        "iefsvm",
        pct(59.38, 2.85),
        pct(92.16, 1.83),
        pct(57.28, 8.85),
        pct(14.99, 2.87),
        5.227,
    ),
];

/// The second published table: name, return, return over its standard deviation.
pub const BENCHMARKS: &[(&str, Spread, f64)] = &[
    ("Benchmark 1", pct(12.475, 5.687), 2.193),
    ("Benchmark 2", pct(8.707, 2.254), 3.863),
    ("IEFSVM", pct(14.99, 2.868), 5.227),
];

/// Whether figures of a run are of the published kind: random splits of 36-month loans, the whole return on the amount
/// funded, the top 10 % of the loans predicted paid by a regression on repaid loans.
pub fn comparable(settings: &LendSettings, selection: &Selection) -> bool {
    settings.split == Split::Random
        && settings.returns == ReturnKind::Roi
        && settings.rule == Buy::TopFraction
        && settings.top_fraction == 0.10
        && settings.rank == Rank::Filter
        && settings.regression == RegressionRows::Paid
        && settings.forecast == Forecast::Linear
        && selection.term == Some(36)
}

/// The published row of a method, where it has one.
pub fn row_of(id: &str) -> Option<&'static PublishedRow> {
    ROWS.iter().find(|r| r.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_column_is_mean_over_standard_deviation() {
        // Both are rounded: mean to 0.005 and sd to 0.005 percentage points.
        for r in ROWS {
            let low = (r.return_top.mean - 5e-5) / (r.return_top.std + 5e-5);
            let high = (r.return_top.mean + 5e-5) / (r.return_top.std - 5e-5);
            let (low, high) = (low - 5e-4, high + 5e-4);
            assert!(
                (low..=high).contains(&r.return_over_std),
                "{}: {} not in {low}..{high}",
                r.id,
                r.return_over_std
            );
        }
    }
}
