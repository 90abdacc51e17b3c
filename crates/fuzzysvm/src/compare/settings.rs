//! The settings of a comparison, with their defaults.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::ParamError;
use fuzzysvm_datasets::table::ScalerKind;
use fuzzysvm_evaluation::Metric;
use serde::Serialize;

use super::CompareError;
use super::unit::Place;
use crate::method::{MethodKind, Search, WaySettings, check_peers, peer_grid};

/// What is measured on every test part, in the order of the tables. Higher is better in all.
pub const METRICS: [Metric; 6] = [
    Metric::BalancedAccuracy,
    Metric::RocAuc,
    Metric::GMean,
    Metric::F1,
    Metric::Mcc,
    Metric::AveragePrecision,
];

/// Settings of `compare`.
#[derive(Debug, Clone, Serialize)]
pub struct CompareSettings {
    /// The methods, in the order of the tables.
    pub methods: Vec<MethodKind>,
    /// The method that the others are tested against, IEFSVM.
    pub control: MethodKind,
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
    /// Numbers of neighbours that EFSVM tunes over, 1, 3, …, 15.
    pub ks: Vec<usize>,
    /// The parameters that the peers are tuned over: each peer takes those of its name. Their seeds are not
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
            methods: MethodKind::ALL.to_vec(),
            control: MethodKind::Iefsvm,
            folds: 5,
            repeats: 2,
            inner_folds: 5,
            scale: ScalerKind::Standard,
            c: powers(0, 10),
            gamma: powers(-10, 0),
            ks: vec![1, 3, 5, 7, 9, 11, 13, 15],
            peers: peer_grid(),
            tol: 1e-3,
            seed: 1,
        }
    }
}

/// MB of kernel values for the search of a unit.
const CACHE_SIZE: f64 = 256.0;

impl CompareSettings {
    /// Checks every number, and that the control is one of the methods.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), CompareError> {
        for (name, value, least, rule) in [
            ("folds", self.folds, 2, "must be at least 2"),
            ("repeats", self.repeats, 1, "must be at least 1"),
            ("inner-folds", self.inner_folds, 2, "must be at least 2"),
        ] {
            ParamError::check(value >= least, name, value as f64, rule)?;
        }
        let some = !self.methods.is_empty();
        ParamError::check(some, "methods", 0.0, "must name at least one method")?;
        check_peers(&self.methods, &self.peers)?;
        let positive = "must be finite and > 0";
        for (name, grid) in [("c", &self.c), ("gamma", &self.gamma)] {
            ParamError::check(!grid.is_empty(), name, 0.0, "must have at least one value")?;
            for &v in grid {
                ParamError::check(v.is_finite() && v > 0.0, name, v, positive)?;
            }
        }
        let some = !self.ks.is_empty();
        ParamError::check(some, "k", 0.0, "must have at least one value")?;
        let increasing = self.ks.windows(2).all(|w| w[0] < w[1]) && self.ks[0] >= 1;
        let first = self.ks[0] as f64;
        ParamError::check(increasing, "k", first, "must be increasing and at least 1")?;
        let tol = self.tol;
        ParamError::check(tol.is_finite() && tol > 0.0, "tol", tol, positive)?;
        if !self.methods.contains(&self.control) {
            return Err(CompareError::ControlNotCompared {
                control: self.control.to_string(),
            });
        }
        Ok(())
    }

    /// The search that a unit makes.
    pub(super) fn search(&self) -> Search {
        Search {
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

    /// What the methods' own grids depend on in a unit.
    pub(super) fn ways(&self, place: Place) -> WaySettings {
        WaySettings {
            ks: self.ks.clone(),
            peers: self.peers.clone(),
            seed: self.seed_of(place),
        }
    }
}
