//! One unit: all methods on one fold of one repetition on one data set.

use fuzzysvm_core::{Samples, Stop};
use fuzzysvm_estimator::tuning::{TunedMethod, tune_with};
use fuzzysvm_estimator::{CrossValidation, EncodedFold, Method};
use fuzzysvm_evaluation::Fold;

use super::results::{MethodOutcome, UnitOutcome};
use super::{CompareSettings, DataSet, METRICS, UnitError};
use crate::grids;

/// Which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub set: usize,
    pub repeat: usize,
    pub fold: usize,
}

/// Runs one unit.
pub(super) fn run(
    set: &DataSet,
    fold: &Fold,
    place: Place,
    settings: &CompareSettings,
) -> Result<UnitOutcome, UnitError> {
    let parts = EncodedFold::new(set.table(), None, fold, settings.scale)?;
    let seed = settings.seed_of(place);
    let inner_folds = settings.inner_folds;
    let inner = CrossValidation {
        folds: inner_folds,
        scale: settings.scale,
        seed,
    }
    .encoded(set.table(), Some(&fold.train))
    .map_err(|e| UnitError::of_inner_folds(inner_folds, e))?;
    let train = parts.train()?;
    let spaces = grids::spaces(&settings.methods, &settings.space_options(seed))?;
    let names = parts.preprocessing.feature_names();
    let weighted = (train, parts.sample_weight.as_deref());
    let tuned = tune_with(
        &spaces,
        &names,
        weighted,
        &inner,
        &settings.svm_grid(),
        &|_| Stop::look(),
    )?;
    // The inner folds are not needed any more; the final fits may need the memory.
    drop(inner);
    let outcomes = settings
        .methods
        .iter()
        .zip(&tuned)
        .map(|(method, tuned)| evaluate(method, tuned, train, &parts))
        .collect::<Result<_, _>>()?;
    Ok(UnitOutcome {
        set: set.name().to_owned(),
        repeat: place.repeat,
        fold: place.fold,
        methods: outcomes,
    })
}

/// Fits a tuned method and measures it on the test part.
fn evaluate(
    method: &Method,
    tuned: &TunedMethod,
    train: Samples<'_>,
    parts: &EncodedFold,
) -> Result<MethodOutcome, UnitError> {
    let title = || method.title().to_owned();
    Stop::look();
    let fitted = tuned.fit(train)?;
    let decision = fitted
        .classifier
        .decision_function(parts.x_valid.view())
        .map_err(|source| UnitError::Predict {
            method: title(),
            source,
        })?;
    let metrics = METRICS
        .iter()
        .copied()
        .map(|metric| {
            Ok((
                metric.key(),
                metric.compute(&parts.y_valid, &decision, None)?,
            ))
        })
        .collect::<Result<_, _>>()
        .map_err(|source| UnitError::Metric {
            method: title(),
            source,
        })?;
    Ok(MethodOutcome {
        metrics,
        chosen: tuned.chosen().clone(),
        n_support: fitted.n_support,
        converged: fitted.converged,
    })
}
