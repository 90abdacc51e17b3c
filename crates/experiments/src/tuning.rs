//! How the methods of an experiment on loans are tuned.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::{ParamError, Samples};
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::method::{SpaceOptions, baseline_grid};
use fuzzysvm_estimator::tuning::{SvmGrid, TunedMethod, tune_with};
use fuzzysvm_estimator::{CrossValidation, Encode, EstimatorError, Method};
use fuzzysvm_qp::Smo;
use serde::Serialize;

use crate::grids;

/// What methods are tuned over, by cross-validation inside their training loans on balanced accuracy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MethodTuning {
    /// Folds, 5.
    pub folds: usize,
    /// Grid of C, 0.25, 1, 4, 16.
    pub c: Vec<f64>,
    /// Grid of γ, 2^−10, 2^−8, 2^−6, 2^−4.
    pub gamma: Vec<f64>,
    /// Numbers of neighbors that EFSVM tunes over, 1, 3, …, 15.
    pub ks: Vec<usize>,
    /// The parameters that the baselines are tuned over: each takes those of its name. Their seeds are not
    /// looked at; every fit has its own.
    pub peers: Vec<BaselineKind>,
    /// Tolerance of the solver, 1e-3.
    pub tol: f64,
}

impl Default for MethodTuning {
    fn default() -> Self {
        Self {
            folds: 5,
            c: vec![0.25, 1.0, 4.0, 16.0],
            gamma: [-10, -8, -6, -4].map(|e| 2f64.powi(e)).to_vec(),
            ks: vec![1, 3, 5, 7, 9, 11, 13, 15],
            peers: baseline_grid(),
            tol: 1e-3,
        }
    }
}

impl MethodTuning {
    /// Checks every value, and that these methods can be tuned on loans.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self, methods: &[Method]) -> Result<(), ParamError> {
        self.validate_grid()?;
        grids::check_methods(methods, &self.space_options(0))?;
        for method in methods {
            let needs_times = method.entry().is_some_and(|m| m.needs.times);
            let rule = "must need no times: these are not among the features of a loan";
            ParamError::check(!needs_times, "methods", method, rule)?;
        }
        Ok(())
    }

    /// Checks what does not depend on the methods.
    pub(crate) fn validate_grid(&self) -> Result<(), ParamError> {
        let folds = self.folds;
        ParamError::check(folds >= 2, "folds", folds as f64, "must be at least 2")?;
        grids::check(&self.c, &self.gamma, &self.ks, self.tol)
    }

    /// Chooses the parameters of all methods. `train` are the `samples` of `data`, all where `None`, encoded;
    /// `on_tuned` is handed the place of every method as its parameters are chosen.
    pub(crate) fn tune(
        &self,
        methods: &[Method],
        (data, samples): (&impl Encode, Option<&[usize]>),
        (train, feature_names): (Samples<'_>, &[String]),
        seed: u64,
        on_tuned: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<TunedMethod>, EstimatorError> {
        let folds = CrossValidation {
            folds: self.folds,
            scale: ScalerKind::Standard,
            seed,
        }
        .encoded(data, samples)?;
        let spaces = grids::spaces(methods, &self.space_options(seed))?;
        let grid = SvmGrid {
            c: self.c.clone(),
            gamma: self.gamma.clone(),
            solver: Smo {
                tol: self.tol,
                ..Smo::default()
            },
        };
        tune_with(
            &spaces,
            feature_names,
            (train, None),
            &folds,
            &grid,
            on_tuned,
        )
    }

    /// What the methods' own grids depend on.
    fn space_options(&self, seed: u64) -> SpaceOptions {
        SpaceOptions {
            ks: self.ks.clone(),
            baselines: self.peers.clone(),
            seed,
        }
    }
}
