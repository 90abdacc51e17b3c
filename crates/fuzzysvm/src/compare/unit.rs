//! One unit: all methods on one fold of one repetition on one data set.

use fuzzysvm_core::{Label, MatrixBuf, Samples};
use fuzzysvm_datasets::table::Scaler;
use fuzzysvm_evaluation::{Fold, stratified_k_fold};

use super::results::{MethodOutcome, UnitOutcome};
use super::{CompareSettings, DataSet, METRICS, UnitError};
use crate::method::{self, EncodedFold, Method, Tuned};

/// Which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub set: usize,
    pub repeat: usize,
    pub fold: usize,
}

/// Rows to learn from and rows to judge on, scaled by the former.
struct Parts {
    x_train: MatrixBuf,
    y_train: Vec<Label>,
    x_test: MatrixBuf,
    y_test: Vec<Label>,
}

impl Parts {
    /// The parts of `fold`, whose rows are those of `rows`.
    fn new(
        set: &DataSet,
        rows: &[usize],
        fold: &Fold,
        settings: &CompareSettings,
    ) -> Result<Self, UnitError> {
        let part = |places: &[usize]| {
            let rows: Vec<usize> = places.iter().map(|&i| rows[i]).collect();
            let y: Vec<Label> = rows.iter().map(|&i| set.y()[i]).collect();
            (set.x().view().select_rows(&rows), y)
        };
        let ((x_train, y_train), (x_test, y_test)) = (part(&fold.train), part(&fold.test));
        let scaler = Scaler::fit(settings.scale, x_train.view())?;
        Ok(Self {
            x_train: scaler.transform(x_train.view())?,
            y_train,
            x_test: scaler.transform(x_test.view())?,
            y_test,
        })
    }
}

/// Runs one unit.
pub(super) fn run(
    set: &DataSet,
    fold: &Fold,
    place: Place,
    settings: &CompareSettings,
) -> Result<UnitOutcome, UnitError> {
    let all: Vec<usize> = (0..set.y().len()).collect();
    let parts = Parts::new(set, &all, fold, settings)?;
    let inner = inner_folds(set, fold, &parts.y_train, place, settings)?;
    let train = Samples::new(parts.x_train.view(), &parts.y_train)?;
    let ways = settings.ways(place);
    let methods: Vec<Method> = settings.methods.iter().map(|m| m.method(&ways)).collect();
    let tuned = method::tune(&methods, train, &inner, &settings.search())?;
    // The inner folds are not needed any more; the final fits may need the memory.
    drop(inner);
    let outcomes = methods
        .iter()
        .zip(&tuned)
        .map(|(method, tuned)| judge(method, tuned, train, &parts))
        .collect::<Result<_, _>>()?;
    Ok(UnitOutcome {
        set: set.name().to_owned(),
        repeat: place.repeat,
        fold: place.fold,
        methods: outcomes,
    })
}

/// The inner folds, each scaled by its own training part.
fn inner_folds(
    set: &DataSet,
    fold: &Fold,
    y_train: &[Label],
    place: Place,
    settings: &CompareSettings,
) -> Result<Vec<EncodedFold>, UnitError> {
    let (inner_folds, seed) = (settings.inner_folds, settings.seed_of(place));
    let inner =
        stratified_k_fold(y_train, inner_folds, seed).map_err(|source| UnitError::InnerSplit {
            inner_folds,
            source,
        })?;
    inner
        .iter()
        .map(|inner| {
            let parts = Parts::new(set, &fold.train, inner, settings)?;
            Ok(EncodedFold {
                x_train: parts.x_train,
                y_train: parts.y_train,
                x_valid: parts.x_test,
                y_valid: parts.y_test,
            })
        })
        .collect()
}

/// Fits a tuned method and measures it on the test part.
fn judge(
    method: &Method,
    tuned: &Tuned<'_>,
    train: Samples<'_>,
    parts: &Parts,
) -> Result<MethodOutcome, UnitError> {
    let title = method.title;
    let fitted = tuned.fit(train)?;
    let decision = fitted
        .classifier
        .decision_function(parts.x_test.view())
        .map_err(|source| UnitError::Predict {
            method: title,
            source,
        })?;
    let metrics = METRICS
        .into_iter()
        .map(|metric| {
            Ok((
                metric.key(),
                metric.compute(&parts.y_test, &decision, None)?,
            ))
        })
        .collect::<Result<_, _>>()
        .map_err(|source| UnitError::Metric {
            method: title,
            source,
        })?;
    Ok(MethodOutcome {
        metrics,
        chosen: tuned.chosen.clone(),
        n_support: fitted.n_support,
        converged: fitted.converged,
    })
}
