//! The support vector machine before the training features are known, exact or approximate.

use fuzzysvm_core::{Classifier, Learner, Matrix, ParamError, PredictError, Samples};
use fuzzysvm_kernels::KernelKind;
use fuzzysvm_qp::{Smo, Status};
use fuzzysvm_svm::approx::{ApproxModel, ApproxSvc, Approximation};
use fuzzysvm_svm::{Svc, SvcModel, SvmError};

use crate::{EstimatorError, KernelName, KernelSpec};

/// A feature map in place of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApproxSpec {
    /// The map; default Nyström with stratified landmarks.
    pub map: Approximation,
    /// Its coordinates; default 500.
    pub components: usize,
}

impl Default for ApproxSpec {
    fn default() -> Self {
        let default = ApproxSvc::default();
        Self {
            map: default.approximation,
            components: default.components,
        }
    }
}

/// Settings of a support vector machine.
#[derive(Debug, Clone, PartialEq)]
pub struct SvmSpec {
    /// Price of a violated margin; default 1.
    pub c: f64,
    /// The kernel; default RBF with γ = `scale`.
    pub kernel: KernelSpec,
    /// The solver. For an approximate machine `tol` is the duality gap relative to the objective, `max_iter` counts
    /// Newton steps, and the rest plays no part.
    pub solver: Smo,
    /// A feature map in place of the kernel; default `None`, the exact machine.
    pub approx: Option<ApproxSpec>,
}

impl Default for SvmSpec {
    fn default() -> Self {
        Self {
            c: 1.0,
            kernel: KernelSpec::default(),
            solver: Smo::default(),
            approx: None,
        }
    }
}

impl SvmSpec {
    /// Checks every parameter, and that they go together.
    ///
    /// # Errors
    /// [`ParamError`] for the first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        let ok = self.c.is_finite() && self.c > 0.0;
        ParamError::check(ok, "c", self.c, "must be finite and > 0")?;
        self.kernel.validate()?;
        self.solver.validate()?;
        // The gap of the start is 2, and that of an approximation is relative: a larger tolerance is reached by no step.
        let tol = self.solver.tol;
        ParamError::check(tol <= 1.0, "tol", tol, "must be at most 1")?;
        let Some(approx) = self.approx else {
            return Ok(());
        };
        let name = self.kernel.name;
        let given = name != KernelName::Precomputed;
        let rule = "must be left out with the kernel precomputed, whose values are there already";
        ParamError::check(given, "approx", approx.map.name(), rule)?;
        let rff = matches!(approx.map, Approximation::Fourier);
        let rule = "must be rbf for the approximation rff; nystrom takes any kernel";
        ParamError::check(!rff || name == KernelName::Rbf, "kernel", name, rule)?;
        let ok = approx.components >= 1;
        ParamError::check(ok, "components", approx.components, "must be at least 1")
    }

    /// The learner for these training features. `seed` draws landmarks and frequencies.
    ///
    /// # Errors
    /// As [`KernelSpec::resolve`].
    pub fn learner(&self, x: Matrix<'_>, seed: u64) -> Result<SvmLearner, EstimatorError> {
        Ok(self.with_kernel(self.kernel.resolve(x)?, seed))
    }

    /// The learner whose γ, where it is `scale` or `auto`, is that of the samples of each fit.
    pub(crate) fn learner_of_each_fit(&self, seed: u64) -> SvmLearner {
        SvmLearner::OfEachFit(Box::new(self.clone()), seed)
    }

    fn with_kernel(&self, kernel: KernelKind, seed: u64) -> SvmLearner {
        match self.approx_svc(kernel.clone(), seed) {
            Some(svc) => SvmLearner::Approx(svc),
            None => SvmLearner::Exact(Svc {
                c: self.c,
                kernel,
                solver: self.solver.clone(),
            }),
        }
    }

    /// The approximate learner with this kernel, where one is asked for.
    pub(crate) fn approx_svc(&self, kernel: KernelKind, seed: u64) -> Option<ApproxSvc> {
        let default = ApproxSvc::default();
        let approx = self.approx?;
        Some(ApproxSvc {
            c: self.c,
            kernel,
            approximation: approx.map,
            components: approx.components,
            seed,
            tol: self.solver.tol,
            max_iter: self.solver.max_iter.unwrap_or(default.max_iter),
        })
    }
}

/// A support vector machine ready to be fitted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SvmLearner {
    /// With the kernel itself.
    Exact(Svc),
    /// With a feature map.
    Approx(ApproxSvc),
    /// With a kernel that is resolved at each fit; the number is the seed.
    OfEachFit(Box<SvmSpec>, u64),
}

impl Learner for SvmLearner {
    type Model = SvmModel;
    type Error = SvmError;

    fn fit(&self, train: Samples<'_>, weights: Option<&[f64]>) -> Result<SvmModel, SvmError> {
        match self {
            SvmLearner::Exact(svc) => svc.fit(train, weights).map(SvmModel::Exact),
            SvmLearner::Approx(svc) => svc.fit(train, weights).map(SvmModel::Approx),
            SvmLearner::OfEachFit(spec, seed) => {
                let rule = "must be another one: kernel values are not known at each fit";
                let name = spec.kernel.name;
                let kernel = spec.kernel.of_features(train.x())?;
                let kernel = kernel.ok_or_else(|| ParamError::new("kernel", name, rule))?;
                spec.with_kernel(kernel, *seed).fit(train, weights)
            }
        }
    }
}

/// A fitted support vector machine.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SvmModel {
    /// With the kernel itself.
    Exact(SvcModel<KernelKind>),
    /// With a feature map.
    Approx(ApproxModel),
}

impl SvmModel {
    /// The kernel.
    pub fn kernel(&self) -> &KernelKind {
        match self {
            SvmModel::Exact(model) => &model.kernel,
            SvmModel::Approx(model) => &model.kernel,
        }
    }

    /// How the solver ended.
    pub fn status(&self) -> Status {
        match self {
            SvmModel::Exact(model) => model.info.status,
            SvmModel::Approx(model) => model.info.status,
        }
    }

    /// What the solver's tolerance is compared with: the KKT gap, or the duality gap of an approximate machine.
    pub fn gap(&self) -> f64 {
        match self {
            SvmModel::Exact(model) => model.info.kkt_gap,
            SvmModel::Approx(model) => model.info.duality_gap,
        }
    }

    fn classifier(&self) -> &dyn Classifier {
        match self {
            SvmModel::Exact(model) => model,
            SvmModel::Approx(model) => model,
        }
    }
}

impl Classifier for SvmModel {
    fn n_features(&self) -> usize {
        self.classifier().n_features()
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        self.classifier().decision_function(x)
    }
}
