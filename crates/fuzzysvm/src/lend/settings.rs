//! The settings of a lending run, with their defaults.

use fuzzysvm_baselines::BaselineKind;
use fuzzysvm_core::ParamError;
use serde::Serialize;

use super::MethodKind;
use crate::method::{check_peers, peer_grid};

/// How training and test loans are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// Stratified draws from all kept loans.
    Random,
    /// Test loans are issued from a month on; training loans are those whose outcome was known
    /// before that month. `None` chooses the month, see the page *Lending* of the book.
    OutOfTime {
        /// First month of the test loans, `YYYY-MM`.
        test_from: Option<String>,
    },
}

/// Which training loans the regression of return on the features is fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegressionRows {
    /// The fully paid ones (default).
    Paid,
    /// All of them.
    All,
}

/// Settings of `lend`, defaults as in the design.
#[derive(Debug, Clone, Serialize)]
pub struct LendSettings {
    /// Number of trials, 30.
    pub trials: usize,
    /// Training loans a trial, 2000.
    pub train: usize,
    /// Test loans a trial, 2000.
    pub test: usize,
    /// How they are drawn, `Random`.
    pub split: Split,
    /// How a return is measured: `roi`, `annualised` or `irr`.
    pub returns: fuzzysvm_portfolio::ReturnKind,
    /// What the regression is fitted on, `Paid`.
    pub regression: RegressionRows,
    /// The methods, in the order of the tables.
    pub methods: Vec<MethodKind>,
    /// Inner folds of the tuning, 5.
    pub folds: usize,
    /// Grid of C.
    pub c: Vec<f64>,
    /// Grid of γ.
    pub gamma: Vec<f64>,
    /// Numbers of neighbours that EFSVM tunes over, 1, 3, …, 15.
    pub ks: Vec<usize>,
    /// The parameters that the peers are tuned over: each peer takes those of its name. Their seeds are not
    /// looked at; every trial has its own.
    pub peers: Vec<BaselineKind>,
    /// Share of the candidates that is bought, 0.10.
    pub top_fraction: f64,
    /// Amount to invest a trial and method, 10 000.
    pub budget: f64,
    /// Tolerance of the solver, 1e-3.
    pub tol: f64,
    /// Seed of all draws, 1.
    pub seed: u64,
}

impl Default for LendSettings {
    fn default() -> Self {
        Self {
            trials: 30,
            train: 2000,
            test: 2000,
            split: Split::Random,
            returns: fuzzysvm_portfolio::ReturnKind::Roi,
            regression: RegressionRows::Paid,
            methods: MethodKind::LENDING.to_vec(),
            folds: 5,
            c: vec![0.25, 1.0, 4.0, 16.0],
            gamma: [-10, -8, -6, -4].map(|e| 2f64.powi(e)).to_vec(),
            ks: vec![1, 3, 5, 7, 9, 11, 13, 15],
            peers: peer_grid(),
            top_fraction: 0.10,
            budget: 10_000.0,
            tol: 1e-3,
            seed: 1,
        }
    }
}

impl LendSettings {
    /// Checks every number.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        let positive = "must be finite and > 0";
        ParamError::check(
            self.trials >= 1,
            "trials",
            self.trials as f64,
            "must be at least 1",
        )?;
        ParamError::check(
            self.train >= 20,
            "train",
            self.train as f64,
            "must be at least 20",
        )?;
        ParamError::check(
            self.test >= 10,
            "test",
            self.test as f64,
            "must be at least 10",
        )?;
        ParamError::check(
            self.folds >= 2,
            "folds",
            self.folds as f64,
            "must be at least 2",
        )?;
        let some = !self.methods.is_empty();
        ParamError::check(some, "methods", 0.0, "must name at least one method")?;
        check_peers(&self.methods, &self.peers)?;
        for (name, grid) in [("c", &self.c), ("gamma", &self.gamma)] {
            ParamError::check(!grid.is_empty(), name, 0.0, "must have at least one value")?;
            for &v in grid {
                ParamError::check(v.is_finite() && v > 0.0, name, v, positive)?;
            }
        }
        ParamError::check(
            !self.ks.is_empty(),
            "k",
            0.0,
            "must have at least one value",
        )?;
        let increasing = self.ks.windows(2).all(|w| w[0] < w[1]) && self.ks[0] >= 1;
        let first = self.ks[0] as f64;
        ParamError::check(increasing, "k", first, "must be increasing and at least 1")?;
        let f = self.top_fraction;
        ParamError::check(f > 0.0 && f <= 1.0, "top-fraction", f, "must lie in (0, 1]")?;
        let b = self.budget;
        ParamError::check(b.is_finite() && b > 0.0, "budget", b, positive)?;
        ParamError::check(
            self.tol.is_finite() && self.tol > 0.0,
            "tol",
            self.tol,
            positive,
        )
    }
}
