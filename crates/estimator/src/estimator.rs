//! One type from data to decision.

use std::time::Instant;

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{
    Label, Learner, Matrix, MatrixBuf, ParamError, ParamValue as _, Parameters as _, Samples,
    check_weights,
};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_kernels::Gamma;
use fuzzysvm_membership::{Strategy as _, Weighted, WeightedError};
use fuzzysvm_svm::SvmError;

use crate::cost::exact_fit_seconds;
use crate::method::{self, MethodSettings, ParamPair, Preliminary, UnknownMethod, Weighting};
use crate::{
    CalibrationSpec, CanonicalOrder, Data, Encode, EstimatorError, FitInfo, FittedEstimator,
    KernelName, Model, SampleFingerprint, SvmModel, SvmSpec, Warning,
};

/// A method with everything between a file and a decision: preprocessing, parameters, kernel, C, solver or
/// approximation, seed.
///
/// ```
/// use fuzzysvm_core::{Label, MatrixBuf};
/// use fuzzysvm_estimator::{Data, Estimator};
///
/// let x: Vec<f64> = (0..40).map(|i| f64::from(i) + if i % 4 == 0 { 9.5 } else { 0.0 }).collect();
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i) - 31.5)).collect();
/// let data = Data::from_matrix(MatrixBuf::new(x, 1)?, y)?;
/// let fitted = Estimator::named("iefsvm")?.with_c(10.0).with_gamma(0.5).fit(&data, None)?;
/// let new = fitted.encode_numbers(MatrixBuf::new(vec![1.0, 39.0], 1)?)?;
/// assert!(fitted.decision_function(new.view())?[1] > 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Estimator {
    /// The method with its parameters.
    pub method: MethodSettings,
    /// The support vector machine; a baseline does not look at it.
    pub svm: SvmSpec,
    /// Scaling, learnt from training rows. `None`, the default, is `standard`, and `none` for given kernel values.
    pub scale: Option<ScalerKind>,
    /// Seed of whatever the method draws, and of the folds of a calibration; default 1.
    pub seed: u64,
    /// How decision values become probabilities; `None`, the default, where they do not.
    pub calibration: Option<CalibrationSpec>,
}

/// A model with what there is to say about its fit.
pub(crate) struct Fit {
    pub model: Model,
    pub warnings: Vec<Warning>,
}

/// A support vector machine fitted to samples as they are: see [`Estimator::fit_samples`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SamplesFit {
    /// The model.
    pub model: SvmModel,
    /// The membership of every sample, without the weight that was given beside it; 0 where that weight is 0.
    pub membership: Vec<f64>,
    /// The class entropies that the membership comes from, one per sample and neighborhood size, row by row, NaN where
    /// that weight is 0; `None` for one that looks at no entropy.
    pub entropy: Option<Vec<f64>>,
    /// What is legal in the fit and hardly meant.
    pub warnings: Vec<Warning>,
}

impl Estimator {
    /// The method of this name with default settings.
    ///
    /// # Errors
    /// [`UnknownMethod`].
    pub fn named(name: &str) -> Result<Self, UnknownMethod> {
        Ok(Self::new(method::find(name)?.settings()))
    }

    /// A method with default settings around it.
    pub fn new(method: MethodSettings) -> Self {
        Self {
            method,
            svm: SvmSpec::default(),
            scale: None,
            seed: 1,
            calibration: None,
        }
    }

    /// The same with this C.
    #[must_use]
    pub fn with_c(mut self, c: f64) -> Self {
        self.svm.c = c;
        self
    }

    /// The same with this width of the kernel.
    #[must_use]
    pub fn with_gamma(mut self, gamma: f64) -> Self {
        self.svm.kernel.gamma = Gamma::Value(gamma);
        self
    }

    /// The same with this support vector machine.
    #[must_use]
    pub fn with_svm(mut self, svm: SvmSpec) -> Self {
        self.svm = svm;
        self
    }

    /// The same with this scaling.
    #[must_use]
    pub fn with_scale(mut self, scale: Option<ScalerKind>) -> Self {
        self.scale = scale;
        self
    }

    /// The same with this seed, which a baseline takes as well.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        if let MethodSettings::Baseline(baseline) = self.method {
            self.method = MethodSettings::Baseline(baseline.with_seed(seed));
        }
        self
    }

    /// The same with probabilities.
    #[must_use]
    pub fn with_calibration(mut self, calibration: Option<CalibrationSpec>) -> Self {
        self.calibration = calibration;
        self
    }

    /// The same without the neighborhood sizes `ks` that so few samples do not allow, which is said, as far as one of
    /// them is left. For callers who cannot ask for others, before parameters that are given are set.
    ///
    /// ```
    /// use fuzzysvm_core::Parameters as _;
    /// use fuzzysvm_estimator::Estimator;
    /// let (few, warning) = Estimator::named("iefsvm")?.with_ks_below(10);
    /// assert_eq!(few.method.get_param("ks").as_deref(), Some("[1,3,5,7,9]"));
    /// let words = "10 samples are too few for neighborhoods of 15: the default sizes end with 9";
    /// assert_eq!(warning.map(|w| w.to_string()).as_deref(), Some(words));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_ks_below(mut self, n_samples: usize) -> (Self, Option<Warning>) {
        let text = self.method.get_param("ks").unwrap_or_default();
        let ks = Vec::<usize>::from_text(&text).unwrap_or_default();
        let (kept, left_out): (Vec<usize>, Vec<usize>) = ks.iter().partition(|k| **k < n_samples);
        let (Some(&last), Some(&largest)) = (kept.last(), left_out.last()) else {
            return (self, None);
        };
        if self.method.set_param("ks", &kept.to_text()).is_err() {
            return (self, None);
        }
        let warning = Warning::NeighborhoodsLeftOut {
            samples: n_samples,
            largest,
            kept: last,
        };
        (self, Some(warning))
    }

    /// The same with parameters of the method set by name.
    ///
    /// ```
    /// use fuzzysvm_estimator::Estimator;
    /// let forest = Estimator::named("cs-rf")?.with_params(&[("n_estimators".into(), "200".into())])?;
    /// assert!(forest.clone().with_params(&[("n_trees".into(), "200".into())]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ParamError`]: no such parameter, or a value outside its range.
    pub fn with_params(mut self, pairs: &[ParamPair]) -> Result<Self, ParamError> {
        self.method = self.method.with_params(pairs)?;
        Ok(self)
    }

    /// Seconds that one exact fit of the SVM takes on `threads` threads, good to a factor of about three: data that are
    /// hard to separate take longer. It grows with the square of the samples. 0 for an approximate fit and for a
    /// baseline.
    #[must_use]
    pub fn expected_seconds(&self, n_samples: usize, n_features: usize, threads: usize) -> f64 {
        match self.weighting() {
            Some(_) => exact_fit_seconds(&self.svm, n_samples, n_features, threads),
            None => 0.0,
        }
    }

    /// Whether the features are rows of a Gram matrix.
    pub fn is_precomputed(&self) -> bool {
        self.weighting().is_some() && self.svm.kernel.name == KernelName::Precomputed
    }

    /// The scaling that is fitted.
    pub fn scaler_kind(&self) -> ScalerKind {
        self.scale.unwrap_or(if self.is_precomputed() {
            ScalerKind::None
        } else {
            ScalerKind::Standard
        })
    }

    /// Checks every parameter, and that they go together.
    ///
    /// # Errors
    /// [`ParamError`] for the first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        self.method.validate()?;
        self.method.check_samples("method")?;
        if let Some(calibration) = &self.calibration {
            calibration.validate()?;
            let rule =
                "must be none for the kernel precomputed: a Gram matrix cannot be cut into folds";
            ParamError::check(
                !self.is_precomputed(),
                "calibration",
                calibration.method,
                rule,
            )?;
        }
        let Some(weighting) = self.weighting() else {
            return Ok(());
        };
        self.svm.validate()?;
        if weighting.needs_first_model() {
            weighting.preliminary.beside(&self.svm).validate()?;
        }
        if !self.is_precomputed() {
            return Ok(());
        }
        let name = self.svm.kernel.name;
        let ok = !weighting.membership.needs_features();
        let rule =
            "must be another one: this method needs features, which a Gram matrix does not have";
        ParamError::check(ok, "kernel", name, rule)?;
        let ok = weighting.time_column.is_none();
        let rule = "must be none for the kernel precomputed: a Gram matrix has no such column";
        ParamError::check(
            ok,
            "time",
            weighting.time_column.as_deref().unwrap_or(""),
            rule,
        )?;
        let scale = self.scaler_kind();
        let rule = "must be none for the kernel precomputed";
        ParamError::check(scale == ScalerKind::None, "scale", scale, rule)
    }

    /// Fits the method to data: encoding, memberships and model are learnt from all samples, and, where
    /// [`Estimator::calibration`] asks for them, probabilities from decision values out of folds.
    ///
    /// `sample_weight` holds one finite, non-negative number per sample; a membership is multiplied onto it, and a
    /// weight of 0 removes the sample. `None` takes the weights that the file gave ([`Data::sample_weight`]), else 1.
    ///
    /// # Errors
    /// [`EstimatorError`]: parameters, weights both given and in the file, or samples that allow no fit.
    pub fn fit(
        &self,
        data: &Data,
        sample_weight: Option<&[f64]>,
    ) -> Result<FittedEstimator, EstimatorError> {
        self.validate()?;
        let sample_weight = match (sample_weight, data.sample_weight()) {
            (Some(_), Some(_)) => {
                return Err(EstimatorError::unexpected(
                    "sample weights beside those of the file",
                    "one of them",
                ));
            }
            (given, of_file) => given.or(of_file),
        };
        // Before the fit, which may take long.
        let of_folds = match &self.calibration {
            Some(spec) => spec.warnings(self, data),
            None => Ok(Vec::new()),
        };
        let of_folds = of_folds.map_err(EstimatorError::in_calibration)?;
        let preprocessing = data.learn(None, self.scaler_kind())?;
        let x = data.encode(&preprocessing, None)?;
        let names = preprocessing.feature_names();
        let start = Instant::now();
        let train = Samples::new(x.view(), data.y())?;
        // Objective and gap of a model that is kept are those of its file.
        let mut exact = self.clone();
        exact.svm.solver.verify = true;
        let fit = exact.fit_encoded(&names, &data.class_names(), train, sample_weight)?;
        let seconds = start.elapsed().as_secs_f64();
        let mut warnings = self.warnings_before(data);
        warnings.extend(fit.warnings);
        let out_of_fold = match &self.calibration {
            None => None,
            Some(spec) => {
                let found = spec.fit(self, data, sample_weight);
                let found = found.map_err(EstimatorError::in_calibration)?;
                warnings.extend(of_folds);
                warnings.extend(found.warnings.iter().cloned());
                Some(found)
            }
        };
        let fitted = FittedEstimator::new(
            self,
            preprocessing,
            fit.model,
            SampleFingerprint::of(x.view(), data.y()),
            FitInfo {
                n_samples: x.n_rows(),
                n_features: x.n_cols(),
                seconds,
            },
            warnings,
        );
        Ok(match out_of_fold {
            Some(found) => fitted.calibrated(found),
            None => fitted,
        })
    }

    /// Fits the support vector machine to samples as they are: nothing is scaled or encoded. For callers who have
    /// matrices and do the rest themselves, as scikit-learn's pipelines do; [`Estimator::fit`] takes data.
    ///
    /// `sample_weight` counts as there. Names of features and classes are for messages and for the parameter `time`.
    ///
    /// The order of the samples plays no part, ties among neighbors included ([`CanonicalOrder`](crate::CanonicalOrder)),
    /// but where rows in order of time are weighed; with given kernel values it plays none within the tolerance.
    ///
    /// ```
    /// use fuzzysvm_core::{Label, Matrix, Samples};
    /// use fuzzysvm_estimator::Estimator;
    ///
    /// let (n, p) = (Label::Negative, Label::Positive);
    /// let (x, y) = ([0.0, 1.0, 2.0, 3.0, 6.0, 7.0], [n, n, n, n, p, p]);
    /// let train = Samples::new(Matrix::new(&x, 1)?, &y)?;
    /// let classes = ["no".to_owned(), "yes".to_owned()];
    /// let fit = Estimator::named("class-cost")?.fit_samples(&["x".to_owned()], &classes, train, None)?;
    /// assert_eq!(fit.membership, [0.5, 0.5, 0.5, 0.5, 1.0, 1.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Estimator::fit`], and [`ParamError`] for a baseline, which is no support vector machine.
    pub fn fit_samples(
        &self,
        feature_names: &[String],
        class_names: &[String; 2],
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<SamplesFit, EstimatorError> {
        self.validate()?;
        let Some(weighting) = self.weighting() else {
            let rule = "must be one that weighs a support vector machine";
            return Err(ParamError::new("method", self.method.name(), rule).into());
        };
        let mut exact = self.clone();
        exact.svm.solver.verify = true;
        let fit = |train, sample_weight| {
            exact.fit_svm(weighting, feature_names, class_names, train, sample_weight)
        };
        if self.is_precomputed() || weighting.membership.needs_times() {
            return fit(train, sample_weight);
        }
        if let Some(weights) = sample_weight {
            check_weights(weights, train.y())?;
        }
        let ordered = CanonicalOrder::of(train, sample_weight);
        let fit = fit(ordered.samples()?, ordered.weights());
        let fit = fit.map_err(|e| ordered.error_put_back(e))?;
        Ok(ordered.fit_put_back(fit))
    }

    /// What there is to say about data before anything is fitted.
    pub fn warnings_before(&self, data: &Data) -> Vec<Warning> {
        let mut warnings = data.warnings(self.scaler_kind());
        if self.takes_positive_for_minority() {
            warnings.extend(Warning::of_counts(data.counts(), &data.class_names()));
        }
        warnings
    }

    /// Whether the method takes the positive class for the minority, whatever its size.
    fn takes_positive_for_minority(&self) -> bool {
        use fuzzysvm_core::Parameters as _;
        self.weighting().is_some_and(|w| {
            let minority = w.membership.get_param("minority");
            w.membership.weighs_classes() && minority.as_deref() != Some("smaller")
        })
    }

    fn weighting(&self) -> Option<&Weighting> {
        match &self.method {
            MethodSettings::Membership(weighting) => Some(weighting),
            MethodSettings::Baseline(_) | MethodSettings::Stake(_) => None,
        }
    }

    /// Fits the method to encoded samples.
    pub(crate) fn fit_encoded(
        &self,
        feature_names: &[String],
        class_names: &[String; 2],
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<Fit, EstimatorError> {
        match &self.method {
            MethodSettings::Baseline(baseline) => fit_baseline(baseline, train, sample_weight),
            MethodSettings::Stake(stake) => Err(stake.no_samples("method").into()),
            MethodSettings::Membership(weighting) => {
                let fit =
                    self.fit_svm(weighting, feature_names, class_names, train, sample_weight)?;
                Ok(Fit {
                    model: Model::Svm(fit.model),
                    warnings: fit.warnings,
                })
            }
        }
    }

    /// Membership, given weights, classifier.
    fn fit_svm(
        &self,
        weighting: &Weighting,
        feature_names: &[String],
        class_names: &[String; 2],
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<SamplesFit, EstimatorError> {
        let rows = match self.is_precomputed() {
            true => Some(row_numbers(train.x())?),
            false => None,
        };
        let learner = self.svm.learner(train.x(), self.seed)?;
        let membership = weighting.resolve(
            feature_names,
            train.x(),
            Preliminary::Beside(&self.svm, self.seed),
        )?;
        let train = match &rows {
            Some(rows) => Samples::new(rows.view(), train.y())?,
            None => train,
        };
        train.require_both_classes()?;
        // A given weight of 0 removes its row from neighborhoods and class sizes too.
        let (s, entropy) =
            Weighted::new(membership, ()).weights_with_entropy::<SvmError>(train, sample_weight)?;
        let model = learner.fit(train, Some(&s))?;
        let c = self.svm.c;
        let at_bound = |row: usize| c * s[row];
        let fit_warnings = Warning::of_fit(&model, train.x(), at_bound);
        let membership = without_given(s, sample_weight);
        let mut warnings = memberships_alone(&membership, sample_weight, train, class_names);
        warnings.extend(fit_warnings);
        Ok(SamplesFit {
            model,
            membership,
            entropy,
            warnings,
        })
    }
}

/// The memberships without the weights that were multiplied onto them; 0 where a weight of 0 removed the sample.
fn without_given(mut s: Vec<f64>, sample_weight: Option<&[f64]>) -> Vec<f64> {
    for (s, given) in s.iter_mut().zip(sample_weight.unwrap_or_default()) {
        if *given > 0.0 {
            *s /= given;
        }
    }
    s
}

/// The warnings about memberships, of the samples that no weight of 0 removed.
fn memberships_alone(
    membership: &[f64],
    sample_weight: Option<&[f64]>,
    train: Samples<'_>,
    class_names: &[String; 2],
) -> Vec<Warning> {
    let Some(given) = sample_weight else {
        return Warning::of_memberships(membership, train.y(), class_names);
    };
    let kept = || (0..given.len()).filter(|&i| given[i] > 0.0);
    let memberships: Vec<f64> = kept().map(|i| membership[i]).collect();
    let y: Vec<Label> = kept().map(|i| train.y()[i]).collect();
    Warning::of_memberships(&memberships, &y, class_names)
}

fn fit_baseline(
    baseline: &BaselineKind,
    train: Samples<'_>,
    sample_weight: Option<&[f64]>,
) -> Result<Fit, EstimatorError> {
    Ok(Fit {
        model: Model::Baseline(baseline.fit(train, sample_weight)?),
        warnings: Vec::new(),
    })
}

/// The samples of a given Gram matrix: its row numbers.
fn row_numbers(gram: Matrix<'_>) -> Result<MatrixBuf, EstimatorError> {
    if gram.n_rows() != gram.n_cols() {
        return Err(EstimatorError::unexpected(
            format!("{} features for {} samples", gram.n_cols(), gram.n_rows()),
            "as many: the kernel precomputed takes the rows of a Gram matrix",
        ));
    }
    let rows = (0..gram.n_rows()).map(|i| i as f64).collect();
    Ok(MatrixBuf::new(rows, 1)?)
}

impl From<WeightedError<SvmError>> for EstimatorError {
    fn from(e: WeightedError<SvmError>) -> Self {
        match e {
            WeightedError::Membership(e) => e.into(),
            WeightedError::Weight(e) => e.into(),
            WeightedError::Learner(e) => e.into(),
            other => EstimatorError::Learner(Box::new(other)),
        }
    }
}
