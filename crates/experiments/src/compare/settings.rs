//! The settings of a comparison, with their defaults.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::ParamError;
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_estimator::Method;
use fuzzysvm_estimator::method::{SpaceOptions, baseline_grid, find};
use fuzzysvm_estimator::tuning::SvmGrid;
use fuzzysvm_evaluation::Metric;
use serde::Serialize;

use super::CompareError;
use super::unit::Place;
use crate::grids;

/// What is measured on every test part, in the order of the tables. Higher is better in all.
pub const METRICS: &[Metric] = &[
    Metric::BalancedAccuracy,
    Metric::RocAuc,
    Metric::GMean,
    Metric::F1,
    Metric::Mcc,
    Metric::AveragePrecision,
];

/// Settings of `compare`.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CompareSettings {
    /// The methods, in the order of the tables.
    pub methods: Vec<Method>,
    /// The method that the others are tested against, IEFSVM.
    pub control: Method,
    /// Parts of the stratified cross-validation, 5.
    pub folds: usize,
    /// How often it is repeated with another shuffle, 2.
    pub repeats: usize,
    /// Parts of the cross-validation by which each method is tuned inside a training part, 5.
    pub inner_folds: usize,
    /// Scaling of the features, learnt from training parts alone, `standard`.
    pub scale: ScalerKind,
    /// Grid of C, 2^0, 2^2, …, 2^10.
    pub c: Vec<f64>,
    /// Grid of γ, 2^−10, 2^−8, …, 2^0.
    pub gamma: Vec<f64>,
    /// Numbers of neighbors that EFSVM tunes over, 1, 3, …, 15.
    pub ks: Vec<usize>,
    /// The parameters that the baselines are tuned over: each takes those of its name. Their seeds are not
    /// looked at; every unit has its own.
    pub peers: Vec<BaselineKind>,
    /// Tolerance of the solver, 1e-3.
    pub tol: f64,
    /// Seed of all shuffles, 1.
    pub seed: u64,
}

impl Default for CompareSettings {
    fn default() -> Self {
        let powers = |from: i32, to: i32| (from..=to).step_by(2).map(|e| 2f64.powi(e)).collect();
        Self {
            methods: Method::all(),
            control: iefsvm(),
            folds: 5,
            repeats: 2,
            inner_folds: 5,
            scale: ScalerKind::Standard,
            c: powers(0, 10),
            gamma: powers(-10, 0),
            ks: vec![1, 3, 5, 7, 9, 11, 13, 15],
            peers: baseline_grid(),
            tol: 1e-3,
            seed: 1,
        }
    }
}

/// The results of all repeats are held in memory.
const MAX_REPEATS: usize = 100_000;

/// MB of kernel values for the search of a unit.
const CACHE_SIZE: f64 = 256.0;

impl CompareSettings {
    /// Checks every number, and that the control is one of the methods.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), CompareError> {
        let any = usize::MAX;
        for (name, value, range, rule) in [
            ("folds", self.folds, 2..=any, "must be at least 2"),
            (
                "repeats",
                self.repeats,
                1..=MAX_REPEATS,
                "must be from 1 to 100000",
            ),
            (
                "inner_folds",
                self.inner_folds,
                2..=any,
                "must be at least 2",
            ),
        ] {
            ParamError::check(range.contains(&value), name, value as f64, rule)?;
        }
        grids::check_methods(&self.methods, &self.space_options(0))?;
        grids::check(&self.c, &self.gamma, &self.ks, self.tol)?;
        if !self.methods.contains(&self.control) {
            return Err(CompareError::ControlNotCompared {
                control: self.control.to_string(),
            });
        }
        Ok(())
    }

    /// The grid that a unit's support vector machines share.
    pub(super) fn svm_grid(&self) -> SvmGrid {
        SvmGrid {
            c: self.c.clone(),
            gamma: self.gamma.clone(),
            solver: fuzzysvm_qp::Smo {
                tol: self.tol,
                cache_size: CACHE_SIZE,
                ..Default::default()
            },
        }
    }

    /// The seed of whatever is drawn inside a unit. Any number will do that differs between units and is
    /// the same on every machine; it must not depend on the other data sets, nor on how many repetitions
    /// there are.
    pub(super) fn seed_of(&self, place: Place) -> u64 {
        let number = place.repeat * self.folds + place.fold;
        self.seed
            .wrapping_mul(1_000_003)
            .wrapping_add(number as u64)
    }

    /// What the methods' own grids depend on.
    pub(super) fn space_options(&self, seed: u64) -> SpaceOptions {
        SpaceOptions {
            ks: self.ks.clone(),
            baselines: self.peers.clone(),
            seed,
        }
    }
}

/// The method that the others are tested against by default.
fn iefsvm() -> Method {
    // A test of the registry holds the name.
    find("iefsvm").map_or_else(|_| Method::all().swap_remove(0), Method::from)
}
