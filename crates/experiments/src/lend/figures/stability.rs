//! What has moved from the training to the test loans of a trial.

use fuzzysvm_estimator::{EncodedFold, Preprocessing};
use fuzzysvm_evaluation::{
    EvaluationError, Psi, population_stability_index, psi_of_values, quantile_edges,
};

use super::LEVEL;
use super::results::Drift;
use super::round::short;

/// Bins of what is continuous.
const N_BINS: usize = 10;

/// The drift of the score, then that of the features from the greatest down.
pub(super) fn drifts(
    parts: &EncodedFold,
    train_scores: &[f64],
    test_scores: &[f64],
) -> Result<Vec<Drift>, EvaluationError> {
    let (n_train, n_test) = (train_scores.len(), test_scores.len());
    let drift = |feature: &str, found: Psi| Drift {
        feature: feature.to_owned(),
        psi: short(found.psi),
        critical: short(found.critical),
        bins: found.bins,
        n_train,
        n_test,
    };
    let score = drift(
        "score",
        psi_of_values(train_scores, test_scores, N_BINS, LEVEL)?,
    );
    let mut features = Vec::new();
    if let Preprocessing::LendingClub(encoding) = &parts.preprocessing {
        let names = encoding.feature_names();
        for feature in encoding.features() {
            let columns = Columns::of(feature, &names);
            let found = population_stability_index_of(&columns, parts)?;
            features.push(drift(feature, found));
        }
    }
    features.sort_by(|a, b| b.psi.total_cmp(&a.psi));
    Ok(std::iter::once(score).chain(features).collect())
}

/// The encoded columns of a feature.
struct Columns {
    value: Option<usize>,
    /// Indicators: of a missing value, and of each category.
    indicators: Vec<usize>,
}

impl Columns {
    fn of(feature: &str, names: &[String]) -> Self {
        let indicator = |name: &str| {
            name.strip_prefix(feature)
                .is_some_and(|rest| rest.starts_with('=') || rest == "_missing" || rest == "_never")
        };
        Self {
            value: names.iter().position(|name| name == feature),
            indicators: (0..names.len()).filter(|&i| indicator(&names[i])).collect(),
        }
    }
}

/// One bin for each indicator that is set, and bins by value for all other loans.
fn population_stability_index_of(
    columns: &Columns,
    parts: &EncodedFold,
) -> Result<Psi, EvaluationError> {
    let [train, test] = [&parts.x_train, &parts.x_valid];
    // Indicators are standardised: above 0 is 1.
    let set = |row: &[f64]| {
        columns
            .indicators
            .iter()
            .position(|&column| row[column] > 0.0)
    };
    let value = |row: &[f64]| columns.value.map_or(0.0, |column| row[column]);
    let present = train.view().rows().filter(|row| set(row).is_none());
    let reference: Vec<f64> = present.map(value).collect();
    let edges = match reference.is_empty() {
        true => Vec::new(),
        false => quantile_edges(&reference, N_BINS)?,
    };
    let counts = [train, test].map(|x| {
        let mut counts = vec![0.0; columns.indicators.len() + edges.len() + 1];
        for row in x.view().rows() {
            let bin = set(row).unwrap_or_else(|| {
                columns.indicators.len() + edges.partition_point(|&edge| edge < value(row))
            });
            counts[bin] += 1.0;
        }
        counts
    });
    population_stability_index(&counts[0], &counts[1], LEVEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_feature_alone() {
        let names = [
            "dti",
            "dti_missing",
            "dti_joint",
            "purpose=car",
            "purpose=other",
        ];
        let names = names.map(str::to_owned);
        let columns = |feature| {
            let found = Columns::of(feature, &names);
            (found.value, found.indicators)
        };
        assert_eq!(columns("dti"), (Some(0), vec![1]));
        assert_eq!(columns("purpose"), (None, vec![3, 4]));
    }
}
