//! A fitted estimator.

use std::collections::BTreeMap;
use std::path::Path;

use fuzzysvm_calibration::{Calibration as _, CalibrationKind};
use fuzzysvm_core::{Classifier, Label, Matrix, MatrixBuf, PredictError};
use fuzzysvm_datasets::Input;
use fuzzysvm_datasets::table::{Dataset, ReadOptions, Scaler, TargetUse};
use serde_json::{Value, json};

use crate::calibration::CalibrationFit;
use crate::method::MethodSettings;
use crate::{
    Encode, Estimator, EstimatorError, Model, Preprocessing, Rows, SampleFingerprint, Warning,
};

/// Sizes and time of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FitInfo {
    /// Training samples.
    pub n_samples: usize,
    /// Their features, after encoding.
    pub n_features: usize,
    /// Seconds that memberships and model took, without reading and encoding.
    pub seconds: f64,
}

/// A model with its preprocessing: what a model file holds.
///
/// See [`Estimator`] for an example, and [`FittedEstimator::load`] for files.
#[derive(Debug, Clone)]
pub struct FittedEstimator {
    pub(crate) model: Model,
    pub(crate) preprocessing: Preprocessing,
    pub(crate) method: Option<String>,
    pub(crate) parameters: Value,
    pub(crate) trained_on: Option<SampleFingerprint>,
    pub(crate) calibration: Option<CalibrationKind>,
    pub(crate) attached: BTreeMap<String, Value>,
    out_of_fold: Option<Vec<f64>>,
    info: Option<FitInfo>,
    pub(crate) warnings: Vec<Warning>,
}

impl FittedEstimator {
    pub(crate) fn new(
        estimator: &Estimator,
        preprocessing: Preprocessing,
        model: Model,
        trained_on: SampleFingerprint,
        info: FitInfo,
        warnings: Vec<Warning>,
    ) -> Self {
        Self {
            model,
            preprocessing,
            method: Some(estimator.method.name().to_owned()),
            parameters: parameters_of(estimator),
            trained_on: Some(trained_on),
            calibration: None,
            attached: BTreeMap::new(),
            out_of_fold: None,
            info: Some(info),
            warnings,
        }
    }

    /// A model that was fitted to samples as they are, as by [`Estimator::fit_samples`]: its features are taken from
    /// columns of these names, and scaled where the samples had been. `estimator` is what it was fitted by, where that is
    /// known.
    ///
    /// ```
    /// use fuzzysvm_core::{Label, Matrix, Samples};
    /// use fuzzysvm_estimator::{Estimator, FittedEstimator, Model};
    ///
    /// let (n, p) = (Label::Negative, Label::Positive);
    /// let (x, y) = ([0.0, 1.0, 2.0, 3.0, 6.0, 7.0], [n, n, n, n, p, p]);
    /// let train = Samples::new(Matrix::new(&x, 1)?, &y)?;
    /// let (names, classes) = (vec!["x".to_owned()], ["no".to_owned(), "yes".to_owned()]);
    /// let estimator = Estimator::named("class-cost")?;
    /// let fit = estimator.fit_samples(&names, &classes, train, None)?;
    /// let fitted = FittedEstimator::of_model(Model::Svm(fit.model), names, classes, None, Some(&estimator))?;
    /// assert_eq!(FittedEstimator::from_text(&fitted.to_json()?)?.method(), Some("class-cost"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Names that are not as many as the features, two equal ones, or a model of given kernel values.
    pub fn of_model(
        model: Model,
        feature_names: Vec<String>,
        class_names: [String; 2],
        scaler: Option<Scaler>,
        estimator: Option<&Estimator>,
    ) -> Result<Self, EstimatorError> {
        if model.gram().is_some() {
            return Err(EstimatorError::unexpected(
                "a model of given kernel values",
                "one of features: such a model has no columns",
            ));
        }
        let n_features = model.n_features();
        let mut preprocessing =
            Preprocessing::bare(n_features, Some(feature_names), Some(class_names))?;
        if let (Preprocessing::Table { scaler: none, .. }, Some(scaler)) =
            (&mut preprocessing, scaler)
        {
            *none = scaler;
        }
        let method = estimator.map(|e| e.method.name().to_owned());
        let parameters = estimator.map_or(Value::Null, parameters_of);
        let fitted = Self::from_parts(model, preprocessing, method, parameters, None);
        fitted.check()?;
        Ok(fitted)
    }

    /// A model from a file or another program.
    pub(crate) fn from_parts(
        model: Model,
        preprocessing: Preprocessing,
        method: Option<String>,
        parameters: Value,
        trained_on: Option<SampleFingerprint>,
    ) -> Self {
        Self {
            model,
            preprocessing,
            method,
            parameters,
            trained_on,
            calibration: None,
            attached: BTreeMap::new(),
            out_of_fold: None,
            info: None,
            warnings: Vec::new(),
        }
    }

    /// The same with this map from decision values to probabilities, in place of the one there is.
    #[must_use]
    pub fn with_calibration(mut self, calibration: Option<CalibrationKind>) -> Self {
        self.calibration = calibration;
        self
    }

    /// The same with what a calibration found.
    pub(crate) fn calibrated(mut self, found: CalibrationFit) -> Self {
        self.calibration = Some(found.calibration);
        self.out_of_fold = Some(found.decisions);
        self
    }

    /// The decision value of every training sample by a fit that did not see it, where a calibration was asked for;
    /// `None` for a model that was loaded.
    pub fn out_of_fold(&self) -> Option<&[f64]> {
        self.out_of_fold.as_deref()
    }

    /// The same with this kept under `name` in the model file, in place of what was kept there: what another part of a
    /// program needs beside the model.
    #[must_use]
    pub fn with_attached(mut self, name: impl Into<String>, value: Value) -> Self {
        self.attached.insert(name.into(), value);
        self
    }

    /// What is kept under `name` beside the model.
    pub fn attached(&self, name: &str) -> Option<&Value> {
        self.attached.get(name)
    }

    /// What turns decision values into probabilities; `None` for a model without.
    pub fn calibration(&self) -> Option<&CalibrationKind> {
        self.calibration.as_ref()
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What turns the rows of a file into the model's features.
    pub fn preprocessing(&self) -> &Preprocessing {
        &self.preprocessing
    }

    /// The method by its name; `None` for a model of another program.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// The method's parameters by name; `Null` where they are not known.
    pub fn parameters(&self) -> &Value {
        &self.parameters
    }

    /// Sizes and time of the fit; `None` for a model that was loaded.
    pub fn info(&self) -> Option<FitInfo> {
        self.info
    }

    /// By what the training samples are known again; `None` for a model of another program and of files that do not
    /// say it.
    pub fn trained_on(&self) -> Option<&SampleFingerprint> {
        self.trained_on.as_ref()
    }

    /// What there is to say about measuring the model on these encoded samples.
    pub fn warnings_on(&self, x: Matrix<'_>, y: &[Label]) -> Vec<Warning> {
        let same = self
            .trained_on
            .as_ref()
            .is_some_and(|t| *t == SampleFingerprint::of(x, y));
        if same {
            vec![Warning::TrainingSamples]
        } else {
            Vec::new()
        }
    }

    /// What is legal in the fit and hardly meant.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The names of the negative and the positive class.
    pub fn class_names(&self) -> [String; 2] {
        self.preprocessing.class_names()
    }

    /// Reads the rows of a file in the layout of the training data, whatever became of them.
    ///
    /// # Errors
    /// As [`Preprocessing::read`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Rows, EstimatorError> {
        self.preprocessing.read(path, TargetUse::Ignored)
    }

    /// Reads the rows of a file, with the classes where they are asked for. Of the options those count that say how
    /// this file is written: its format, and the base of LIBSVM's indices.
    ///
    /// # Errors
    /// As [`Preprocessing::read`].
    pub fn read_as(
        &self,
        path: impl AsRef<Path>,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<Rows, EstimatorError> {
        self.preprocessing.read_as(path, target, options)
    }

    /// As [`FittedEstimator::read_as`], from what is open already: a pipe is read once.
    ///
    /// # Errors
    /// As [`Preprocessing::read`].
    pub fn read_input_as(
        &self,
        input: Input,
        target: TargetUse,
        options: &ReadOptions,
    ) -> Result<Rows, EstimatorError> {
        self.preprocessing.read_input_as(input, target, options)
    }

    /// As [`FittedEstimator::read`], with the classes, which must be there.
    ///
    /// # Errors
    /// As [`Preprocessing::read`].
    pub fn read_labelled(&self, path: impl AsRef<Path>) -> Result<Rows, EstimatorError> {
        self.preprocessing.read(path, TargetUse::Required)
    }

    /// Encodes rows of numbers in the order of the training columns.
    ///
    /// # Errors
    /// Rows of another width, or a model of loans.
    pub fn encode_numbers(&self, x: MatrixBuf) -> Result<MatrixBuf, EstimatorError> {
        let y = vec![Label::Negative; x.n_rows()];
        Dataset::from_matrix(x, y)?.encode(&self.preprocessing, None)
    }

    /// One decision value per row of encoded features; **greater than 0 means positive**. Where the kernel values
    /// were given, a row holds those of the sample with every training sample.
    ///
    /// # Errors
    /// [`PredictError`] where the rows do not fit the model.
    pub fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        self.model.decision_function(x)
    }

    /// The sign of [`FittedEstimator::decision_function`].
    ///
    /// # Errors
    /// As [`FittedEstimator::decision_function`].
    pub fn predict(&self, x: Matrix<'_>) -> Result<Vec<Label>, PredictError> {
        self.model.predict(x)
    }

    /// The probability of the positive class of every row of encoded features. It does not decide the class: that is for
    /// [`FittedEstimator::predict`], whose model weighs the classes.
    ///
    /// # Errors
    /// As [`FittedEstimator::decision_function`], and [`EstimatorError::Unexpected`] for a model without calibration.
    pub fn predict_proba(&self, x: Matrix<'_>) -> Result<Vec<f64>, EstimatorError> {
        let Some(calibration) = &self.calibration else {
            return Err(EstimatorError::unexpected(
                "a model without calibration",
                "one that was trained with it: decision values are no probabilities",
            ));
        };
        Ok(calibration.probability(&self.decision_function(x)?)?)
    }

    /// Checks what a file cannot promise: that model and preprocessing fit together.
    pub(crate) fn check(&self) -> Result<(), EstimatorError> {
        self.preprocessing.check()?;
        let what = match self.model.gram() {
            Some(_) => "rows of the Gram matrix",
            None => "features of the model",
        };
        let (found, expected) = (self.preprocessing.n_features(), self.model.n_features());
        if found == expected {
            return Ok(());
        }
        Err(EstimatorError::unexpected(
            format!("columns for {found} features"),
            format!("{expected}, the {what}"),
        ))
    }
}

/// The parameters of a fit by name, for the model file.
fn parameters_of(estimator: &Estimator) -> Value {
    let own = estimator.method.params_json();
    match &estimator.method {
        MethodSettings::Baseline(baseline) => {
            let mut own = own;
            own.insert("seed".to_owned(), json!(baseline.seed()));
            Value::Object(own)
        }
        // The last one cannot be fitted.
        MethodSettings::Membership(_) | MethodSettings::Stake(_) => json!({
            "membership": own,
            "c": estimator.svm.c,
            "tol": estimator.svm.solver.tol,
            "seed": estimator.seed,
        }),
    }
}
