//! The one loop of cross-validation: folds encoded by their own training part, and decisions of models that did not
//! see a row.

use fuzzysvm_core::{
    Classifier, Label, MatrixBuf, ParamError, Samples, check_weights, is_constant, memory,
};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_evaluation::{Fold, stratified_k_fold};

use crate::{Data, Encode, Estimator, EstimatorError, Preprocessing, Warning};

/// Stratified cross-validation in which everything is learnt from training parts alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrossValidation {
    /// Number of folds, at least 2.
    pub folds: usize,
    /// Scaling of the features.
    pub scale: ScalerKind,
    /// Seed of the shuffle.
    pub seed: u64,
}

impl CrossValidation {
    /// Checks the number of folds.
    ///
    /// # Errors
    /// [`ParamError`] for fewer than 2.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(self.folds >= 2, "folds", self.folds, "must be at least 2")
    }
}

/// One fold, encoded by its own training part.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EncodedFold {
    /// What it was encoded by.
    pub preprocessing: Preprocessing,
    /// Rows to train on.
    pub x_train: MatrixBuf,
    /// Their labels.
    pub y_train: Vec<Label>,
    /// Their weights, where the data have weights.
    pub sample_weight: Option<Vec<f64>>,
    /// Rows to score.
    pub x_valid: MatrixBuf,
    /// Their labels.
    pub y_valid: Vec<Label>,
}

/// Decisions by models that did not see the sample.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutOfFold {
    /// One decision value per sample, in row order.
    pub decisions: Vec<f64>,
    /// Folds whose solver stopped at its iteration limit.
    pub at_max_iter: usize,
    /// What the fits of the folds have in common: memberships that vanish, decisions that are all equal.
    pub warnings: Vec<Warning>,
}

impl EncodedFold {
    /// Encodes a fold. Its numbers count `samples`, or all samples where that is `None`.
    ///
    /// # Errors
    /// Numbers of samples that are not there or that stand in both parts, rows that cannot be encoded, or more memory than
    /// the process may have.
    pub fn new(
        data: &(impl Encode + ?Sized),
        samples: Option<&[usize]>,
        fold: &Fold,
        scale: ScalerKind,
    ) -> Result<Self, EstimatorError> {
        Self::first_of(1, data, samples, fold, scale)
    }

    /// As [`EncodedFold::new`], of the first of so many folds that will be held at once.
    fn first_of(
        n_folds: usize,
        data: &(impl Encode + ?Sized),
        samples: Option<&[usize]>,
        fold: &Fold,
        scale: ScalerKind,
    ) -> Result<Self, EstimatorError> {
        check_samples(data.y(), samples)?;
        check_fold(fold, samples.map_or(data.y().len(), <[usize]>::len))?;
        let of_data = |places: &[usize]| -> Vec<usize> {
            match samples {
                None => places.to_vec(),
                Some(samples) => places.iter().map(|&i| samples[i]).collect(),
            }
        };
        let labels = |rows: &[usize]| rows.iter().map(|&i| data.y()[i]).collect();
        let (train, valid) = (of_data(&fold.train), of_data(&fold.test));
        let preprocessing = data.learn(Some(&train), scale)?;
        check_memory(n_folds, fold, preprocessing.n_features())?;
        Ok(Self {
            x_train: data.encode(&preprocessing, Some(&train))?,
            y_train: labels(&train),
            sample_weight: data
                .sample_weight()
                .map(|w| train.iter().map(|&i| w[i]).collect()),
            x_valid: data.encode(&preprocessing, Some(&valid))?,
            y_valid: labels(&valid),
            preprocessing,
        })
    }

    /// A fold of samples as they are, the first of so many that will be held at once.
    ///
    /// # Errors
    /// As [`EncodedFold::new`], and not as many weights as samples.
    pub(crate) fn of_samples(
        n_folds: usize,
        as_they_are: Preprocessing,
        samples: Samples<'_>,
        sample_weight: Option<&[f64]>,
        fold: &Fold,
    ) -> Result<Self, EstimatorError> {
        check_fold(fold, samples.n_samples())?;
        check_memory(n_folds, fold, samples.n_features())?;
        if let Some(weights) = sample_weight {
            check_weights(weights, samples.y())?;
        }
        let labels = |rows: &[usize]| rows.iter().map(|&i| samples.y()[i]).collect();
        Ok(Self {
            preprocessing: as_they_are,
            x_train: samples.x().select_rows(&fold.train),
            y_train: labels(&fold.train),
            sample_weight: sample_weight.map(|w| fold.train.iter().map(|&i| w[i]).collect()),
            x_valid: samples.x().select_rows(&fold.test),
            y_valid: labels(&fold.test),
        })
    }

    /// The training part.
    ///
    /// # Errors
    /// A part without samples.
    pub fn train(&self) -> Result<Samples<'_>, EstimatorError> {
        Ok(Samples::new(self.x_train.view(), &self.y_train)?)
    }
}

impl CrossValidation {
    /// Every fold of the samples given, all where `None`, encoded.
    ///
    /// # Errors
    /// A class with fewer samples than folds, a fold that cannot be encoded, or folds that take more memory than the
    /// process may have.
    pub fn encoded(
        &self,
        data: &(impl Encode + ?Sized),
        samples: Option<&[usize]>,
    ) -> Result<Vec<EncodedFold>, EstimatorError> {
        let folds = match samples {
            None => self.split(data.y())?,
            Some(samples) => {
                check_samples(data.y(), Some(samples))?;
                let y: Vec<Label> = samples.iter().map(|&i| data.y()[i]).collect();
                self.split(&y)?
            }
        };
        folds
            .iter()
            .enumerate()
            .map(|(number, fold)| {
                let left = folds.len() - number;
                EncodedFold::first_of(left, data, samples, fold, self.scale)
                    .map_err(|e| e.in_fold(number))
            })
            .collect()
    }

    /// One decision value per sample, by the model of the fold that did not see it. `done` is called after every
    /// fold.
    ///
    /// # Errors
    /// As [`CrossValidation::encoded`]; a fold in which the method cannot be fitted, as [`EstimatorError::Fold`].
    pub fn decisions(
        &self,
        data: &Data,
        estimator: &Estimator,
        done: &dyn Fn(),
    ) -> Result<OutOfFold, EstimatorError> {
        self.weighted_decisions(data, data.sample_weight(), estimator, done)
    }

    /// As [`CrossValidation::decisions`], with these weights in place of those of the data.
    pub(crate) fn weighted_decisions(
        &self,
        data: &Data,
        sample_weight: Option<&[f64]>,
        estimator: &Estimator,
        done: &dyn Fn(),
    ) -> Result<OutOfFold, EstimatorError> {
        estimator.validate()?;
        if let Some(weights) = sample_weight {
            check_weights(weights, data.y())?;
        }
        let mut found = OutOfFold {
            decisions: vec![0.0; data.y().len()],
            at_max_iter: 0,
            warnings: Vec::new(),
        };
        let (mut of_folds, mut all_equal) = (Vec::new(), true);
        for (number, fold) in self.split(data.y())?.iter().enumerate() {
            let (values, warnings) = self
                .fold_decisions(data, sample_weight, estimator, fold)
                .map_err(|e| e.in_fold(number))?;
            all_equal &= is_constant(values.iter().copied());
            for (&row, value) in fold.test.iter().zip(values) {
                found.decisions[row] = value;
            }
            let at_max_iter = |w: &Warning| matches!(w, Warning::MaxIterations { .. });
            found.at_max_iter += usize::from(warnings.iter().any(at_max_iter));
            of_folds.extend(warnings);
            done();
        }
        found.warnings = Warning::vanishing_once(of_folds);
        let of_all = Warning::of_decisions(&found.decisions);
        let of_each = all_equal.then_some(Warning::EqualDecisionsInFolds);
        found.warnings.extend(of_all.or(of_each));
        Ok(found)
    }

    /// What there is to say about the folds of these data: copies of a sample are not kept in one fold, as folds are
    /// the plain stratified ones that published figures rest on.
    ///
    /// # Errors
    /// A class with fewer samples than folds.
    pub fn warnings(&self, data: &Data) -> Result<Vec<Warning>, EstimatorError> {
        let folds = self.split(data.y())?;
        let Some(copies) = data.copies().filter(|c| c.n_copies > 0) else {
            return Ok(Vec::new());
        };
        let samples = copies.n_across(&folds);
        let total = data.y().len();
        let warning = Warning::CopiesAcrossFolds { samples, total };
        Ok(if samples > 0 {
            vec![warning]
        } else {
            Vec::new()
        })
    }

    fn fold_decisions(
        &self,
        data: &Data,
        sample_weight: Option<&[f64]>,
        estimator: &Estimator,
        fold: &Fold,
    ) -> Result<(Vec<f64>, Vec<Warning>), EstimatorError> {
        let weight = sample_weight.map(|w| fold.train.iter().map(|&i| w[i]).collect::<Vec<_>>());
        let fold = EncodedFold::new(data, None, fold, self.scale)?;
        let names = fold.preprocessing.feature_names();
        let classes = fold.preprocessing.class_names();
        let fit = estimator.fit_encoded(&names, &classes, fold.train()?, weight.as_deref())?;
        let decisions = fit.model.decision_function(fold.x_valid.view())?;
        Ok((decisions, fit.warnings))
    }

    fn split(&self, y: &[Label]) -> Result<Vec<Fold>, EstimatorError> {
        Ok(stratified_k_fold(y, self.folds, self.seed)?)
    }
}

/// Checks the copies of samples that this fold and those after it are made of, beside what the process holds already.
fn check_memory(n_folds: usize, fold: &Fold, n_features: usize) -> Result<(), EstimatorError> {
    let n_samples = fold.train.len() + fold.test.len();
    let rows = n_samples.saturating_mul(n_folds);
    memory::check_matrix(rows, n_features).map_err(|excess| EstimatorError::FoldMemory {
        n_samples,
        n_features,
        n_folds,
        excess,
    })
}

/// Checks that the numbers of samples are those of samples that are there.
fn check_samples(y: &[Label], samples: Option<&[usize]>) -> Result<(), EstimatorError> {
    let n = y.len();
    match samples.unwrap_or_default().iter().find(|&&i| i >= n) {
        None => Ok(()),
        Some(i) => Err(EstimatorError::unexpected(
            format!("sample {i} of {n}"),
            format!("a number below {n}"),
        )),
    }
}

/// Checks that a fold of `n` samples trains on none that it tests on.
fn check_fold(fold: &Fold, n: usize) -> Result<(), EstimatorError> {
    let beyond = |row: usize| {
        let found = format!("row {row} in a fold of {n} rows");
        EstimatorError::unexpected(found, format!("a number below {n}"))
    };
    let mut trained_on = vec![false; n];
    for &row in &fold.train {
        *trained_on.get_mut(row).ok_or_else(|| beyond(row))? = true;
    }
    for &row in &fold.test {
        if *trained_on.get(row).ok_or_else(|| beyond(row))? {
            let found = format!("row {row} in both parts of a fold");
            return Err(EstimatorError::unexpected(found, "it in one"));
        }
    }
    Ok(())
}
