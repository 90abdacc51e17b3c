//! The model of the designated portfolio, to be kept for loans on offer.

use fuzzysvm_core::Samples;
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::{CalibrationSpec, Data, Encode as _, LoanData};

use super::split::Pools;
use super::{LendSettings, figures};
use crate::on_offer::{LoanModel, LoanModelOptions, OnOfferError};

/// The model of the first trial whose purchases the report shows, with probabilities and what forecasts returns: the
/// designated method, tuned on the training loans of that trial and fitted to them. `source` as in [`run`](super::run).
///
/// # Errors
/// As [`run`](super::run), and a designated method of the caller's own, which no file holds.
pub fn model_to_keep(
    loans: &LoanData,
    settings: &LendSettings,
    source: &str,
) -> Result<LoanModel, OnOfferError> {
    settings.validate()?;
    loans
        .book()
        .require(&settings.needs())
        .map_err(super::LendError::from)?;
    let samples = Pools::new(loans, settings)?.draw(settings, 0)?;
    let data = loans.subset(&samples.train)?;
    let preprocessing = data.learn(None, ScalerKind::Standard)?;
    let x = data.encode(&preprocessing, None)?;
    let seed = settings.seed_of(0);
    let method = figures::designated(settings.methods.iter().map(fuzzysvm_estimator::Method::id));
    let method = &settings.methods[method];
    let tuned = settings.tuning.tune(
        std::slice::from_ref(method),
        (loans, Some(&samples.train)),
        (
            Samples::new(x.view(), data.y()).map_err(super::LendError::from)?,
            &preprocessing.feature_names(),
        ),
        seed,
        &|_| {},
    )?;
    let estimator = tuned.first().and_then(|tuned| tuned.estimator(seed));
    let estimator = estimator.ok_or(OnOfferError::NoForecast {
        found: "a method of the caller's own, which no file holds",
    })?;
    let calibration = CalibrationSpec::default().with_folds(settings.tuning.folds);
    let estimator = estimator.with_calibration(Some(calibration));
    let fitted = estimator.fit(&Data::Loans(Box::new(data.clone())), None)?;
    let options = LoanModelOptions::default()
        .with_returns(settings.returns)
        .with_source(source)
        .with_seed(seed);
    LoanModel::fit(fitted, &data, &options)
}
