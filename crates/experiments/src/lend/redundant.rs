//! Features that the regression of returns does not need.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::{EncodedFold, LoanData};
use fuzzysvm_portfolio::LinearReturn;

use super::split::Pools;
use super::{Forecast, LendError, LendSettings, RegressionRows};

/// Columns that are combinations of those before them among the loans that the regression of the first trial learns from.
pub(super) fn redundant(
    loans: &LoanData,
    returns: &[f64],
    pools: &Pools,
    settings: &LendSettings,
) -> Result<Vec<String>, LendError> {
    if settings.forecast == Forecast::Instances {
        return Ok(Vec::new());
    }
    let samples = pools.draw(settings, 0)?;
    let parts = EncodedFold::new(loans, None, &samples, ScalerKind::Standard)?;
    let used: Vec<usize> = (0..samples.train.len())
        .filter(|&i| match settings.regression {
            RegressionRows::All => true,
            RegressionRows::Paid => parts.y_train[i] == Label::Negative,
        })
        .collect();
    let x = parts.x_train.view().select_rows(&used);
    let returns: Vec<f64> = used.iter().map(|&i| returns[samples.train[i]]).collect();
    let (_, statistics) = LinearReturn.fit_with_statistics(x.view(), &returns)?;
    let names = parts.preprocessing.feature_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let redundant = statistics.redundant_among(&names);
    Ok(redundant.into_iter().map(str::to_owned).collect())
}
