//! What has moved between two sets of loans: their values counted in the same bins.

use fuzzysvm_core::Matrix;
use fuzzysvm_evaluation::{EvaluationError, Psi, population_stability_index, quantile_edges};
use serde::{Deserialize, Serialize};

/// Bins of what is continuous.
pub(crate) const N_BINS: usize = 10;

/// The bins of a feature, with what the loans that they are made of have in them: one bin for each indicator (of a
/// missing value, of each category) that is set, and bins by value for all other loans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureBins {
    pub feature: String,
    /// The encoded column of its value.
    value: Option<usize>,
    /// The encoded columns of its indicators.
    indicators: Vec<usize>,
    /// The bounds between the bins by value.
    edges: Vec<f64>,
    /// Loans in each bin, indicators first.
    counts: Vec<f64>,
}

impl FeatureBins {
    /// The bins of a feature of these encoded loans, whose columns have these names.
    pub fn of(feature: &str, names: &[String], x: Matrix<'_>) -> Result<Self, EvaluationError> {
        let indicator = |name: &str| {
            name.strip_prefix(feature)
                .is_some_and(|rest| rest.starts_with('=') || rest == "_missing" || rest == "_never")
        };
        Self::filled(
            Self {
                feature: feature.to_owned(),
                value: names.iter().position(|name| name == feature),
                indicators: (0..names.len()).filter(|&i| indicator(&names[i])).collect(),
                edges: Vec::new(),
                counts: Vec::new(),
            },
            x,
        )
    }

    /// The bins of one number per loan.
    pub fn of_values(name: &str, values: Matrix<'_>) -> Result<Self, EvaluationError> {
        Self::filled(
            Self {
                feature: name.to_owned(),
                value: Some(0),
                indicators: Vec::new(),
                edges: Vec::new(),
                counts: Vec::new(),
            },
            values,
        )
    }

    fn filled(mut bins: Self, x: Matrix<'_>) -> Result<Self, EvaluationError> {
        let present = x.rows().filter(|row| bins.indicator_set(row).is_none());
        let values: Vec<f64> = present.map(|row| bins.value_of(row)).collect();
        if !values.is_empty() {
            bins.edges = quantile_edges(&values, N_BINS)?;
        }
        bins.counts = bins.count(x);
        Ok(bins)
    }

    /// Whether they can have been made of loans of so many columns.
    pub fn is_sound(&self, n_columns: usize) -> bool {
        let columns = self.indicators.iter().chain(&self.value);
        let increasing = self.edges.windows(2).all(|pair| pair[0] < pair[1]);
        columns.into_iter().all(|&column| column < n_columns)
            && self.edges.iter().all(|edge| edge.is_finite())
            && increasing
            && self.counts.len() == self.n_bins()
            && self.counts.iter().all(|n| n.is_finite() && *n >= 0.0)
    }

    fn n_bins(&self) -> usize {
        self.indicators.len() + self.edges.len() + 1
    }

    /// Indicators are standardised: above 0 is 1.
    fn indicator_set(&self, row: &[f64]) -> Option<usize> {
        self.indicators.iter().position(|&column| row[column] > 0.0)
    }

    fn value_of(&self, row: &[f64]) -> f64 {
        self.value.map_or(0.0, |column| row[column])
    }

    /// How many of these loans are in each bin.
    pub fn count(&self, x: Matrix<'_>) -> Vec<f64> {
        let mut counts = vec![0.0; self.n_bins()];
        for row in x.rows() {
            let bin = self.indicator_set(row).unwrap_or_else(|| {
                let value = self.value_of(row);
                self.indicators.len() + self.edges.partition_point(|&edge| edge < value)
            });
            counts[bin] += 1.0;
        }
        counts
    }

    /// The index of loans counted in these bins against those that the bins are made of.
    pub fn psi(&self, counts: &[f64], level: f64) -> Result<Psi, EvaluationError> {
        population_stability_index(&self.counts, counts, level)
    }
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
        let x = Matrix::new(&[0.5, -1.0, 0.0, 1.0, -1.0], 5).unwrap();
        let columns = |feature| {
            let found = FeatureBins::of(feature, &names, x).unwrap();
            (found.value, found.indicators)
        };
        assert_eq!(columns("dti"), (Some(0), vec![1]));
        assert_eq!(columns("purpose"), (None, vec![3, 4]));
    }

    /// Two of four loans miss the value; the others are at 1 and 2. Of the new ones all miss it.
    #[test]
    fn a_missing_value_has_a_bin_of_its_own() {
        let names = ["dti", "dti_missing"].map(str::to_owned);
        let x = [1.0, -1.0, 2.0, -1.0, 0.0, 1.0, 0.0, 1.0];
        let bins = FeatureBins::of("dti", &names, Matrix::new(&x, 2).unwrap()).unwrap();
        assert!(bins.is_sound(2) && !bins.is_sound(1));
        assert_eq!(bins.counts.iter().sum::<f64>(), 4.0);
        assert_eq!(bins.counts[0], 2.0);
        let new = bins.count(Matrix::new(&[0.0, 1.0, 9.0, 1.0], 2).unwrap());
        assert_eq!(new[0], 2.0);
        assert!(bins.psi(&new, 0.95).unwrap().psi > 0.25);
        assert_eq!(bins.psi(&bins.counts, 0.95).unwrap().psi, 0.0);
    }
}
