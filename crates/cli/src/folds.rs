//! Cross-validation: folds encoded by their own training part, and decisions of models that did not see a row.

use std::path::Path;

use fuzzysvm::core::{Classifier, Label, Samples};
use fuzzysvm::datasets::table::ScalerKind;
use fuzzysvm::evaluation::{Fold, stratified_k_fold};
use fuzzysvm::method::EncodedFold;

use crate::data::{DataArgs, Preprocessing, ScaleArgs, Source};
use crate::failure::{Failure, FailureInFile, InFile};
use crate::ui::General;

/// How DATA is cut up and scaled.
pub struct Cut<'a> {
    pub file: &'a Path,
    pub folds: usize,
    pub scale: ScalerKind,
    pub seed: u64,
}

/// One fold, and what it was encoded by.
pub struct Part {
    pub preprocessing: Preprocessing,
    pub fold: EncodedFold,
}

impl<'a> Cut<'a> {
    /// As the flags of a command have it.
    pub fn new(
        data: &'a DataArgs,
        folds: usize,
        scale: &ScaleArgs,
        general: &General,
    ) -> Result<Self, Failure> {
        Ok(Self {
            file: &data.data,
            folds,
            scale: scale.kind(false)?,
            seed: general.seed,
        })
    }

    /// Every fold, encoded.
    pub fn parts(&self, source: &Source) -> Result<Vec<Part>, Failure> {
        let folds = self.split(source)?;
        let parts = folds.iter().enumerate();
        parts
            .map(|(number, fold)| self.located(number, self.part(source, fold)))
            .collect()
    }

    /// One decision a row: `fit` is given each training part, and its model decides the rest.
    pub fn out_of_fold<M: Classifier>(
        &self,
        source: &Source,
        general: &General,
        mut fit: impl FnMut(&Preprocessing, Samples<'_>) -> Result<M, Failure>,
    ) -> Result<Vec<f64>, Failure> {
        let folds = self.split(source)?;
        let mut decisions = vec![0.0; source.y().len()];
        let bar = general.progress(folds.len() as u64, "folds");
        for (number, fold) in folds.iter().enumerate() {
            let mut decide = || -> Result<Vec<f64>, Failure> {
                let part = self.part(source, fold)?;
                let train = Samples::new(part.fold.x_train.view(), &part.fold.y_train)?;
                let model = fit(&part.preprocessing, train)?;
                Ok(model.decision_function(part.fold.x_valid.view())?)
            };
            let values = self.located(number, decide())?;
            for (&row, value) in fold.test.iter().zip(values) {
                decisions[row] = value;
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(decisions)
    }

    /// Names file and fold in front of a failed run.
    pub fn located<T>(&self, number: usize, result: Result<T, Failure>) -> Result<T, Failure> {
        let name = format!("{}: fold {}", self.file.display(), number + 1);
        result.in_failure(name.as_ref())
    }

    fn split(&self, source: &Source) -> Result<Vec<Fold>, Failure> {
        stratified_k_fold(source.y(), self.folds, self.seed).in_file(self.file)
    }

    fn part(&self, source: &Source, fold: &Fold) -> Result<Part, Failure> {
        let preprocessing = source.fit(Some(&fold.train), self.scale)?;
        let labels =
            |rows: &[usize]| -> Vec<Label> { rows.iter().map(|&i| source.y()[i]).collect() };
        let fold = EncodedFold {
            x_train: source.encode(&preprocessing, Some(&fold.train))?,
            y_train: labels(&fold.train),
            x_valid: source.encode(&preprocessing, Some(&fold.test))?,
            y_valid: labels(&fold.test),
        };
        Ok(Part {
            preprocessing,
            fold,
        })
    }
}
