//! C and γ between the grid points: argmin's optimisers over (log₂ C, log₂ γ).

use super::fold::Score;
use super::{GridSearch, TuningFold};
use crate::SvmError;
use argmin::core::{CostFunction, Error, Executor};
use argmin::solver::neldermead::NelderMead;
use argmin::solver::particleswarm::ParticleSwarm;
use fuzzysvm_core::{ParamError, math};
use fuzzysvm_kernels::KernelKind;
use fuzzysvm_qp::Smo;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::sync::Mutex;

/// The optimiser of a [`ContinuousSearch`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Method {
    /// A simplex that starts in the middle of the box and walks downhill. Takes no random numbers.
    NelderMead,
    /// A swarm of this many particles, at least 2.
    ParticleSwarm(usize),
}

/// A search for C and γ inside a box, over all candidate weights of the folds.
///
/// Scores of cross-validation are step functions of C and γ, so the result is a good point, not the
/// best one. Kernels without γ are searched along C alone.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct ContinuousSearch {
    /// Least and greatest log₂ C, finite, in order. Default −4 to 10.
    pub log2_c: [f64; 2],
    /// Least and greatest log₂ γ, finite, in order. Default −10 to 2.
    pub log2_gamma: [f64; 2],
    /// The optimiser; default Nelder–Mead.
    pub method: Method,
    /// Points to try, at least 1; default 40. Every point costs a fit per fold and candidate.
    pub max_evaluations: usize,
    /// Seed of the swarm; default 0.
    pub seed: u64,
    /// The kernel, whose γ is replaced. Default RBF.
    pub kernel: KernelKind,
    /// The solver, as in [`GridSearch::solver`].
    pub solver: Smo,
}

impl Default for ContinuousSearch {
    fn default() -> Self {
        Self {
            log2_c: [-4.0, 10.0],
            log2_gamma: [-10.0, 2.0],
            method: Method::NelderMead,
            max_evaluations: 40,
            seed: 0,
            kernel: KernelKind::default(),
            solver: Smo::default(),
        }
    }
}

/// A point that was tried, with the best candidate there.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Evaluation {
    /// C.
    pub c: f64,
    /// γ; `None` for kernels without one.
    pub gamma: Option<f64>,
    /// The first candidate with the greatest mean score.
    pub candidate: usize,
    /// Its mean score over the folds.
    pub score: f64,
}

/// All points in the order in which they were tried.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ContinuousResult {
    /// Every point.
    pub evaluations: Vec<Evaluation>,
    /// Index of the best one: the first with the greatest score.
    pub best: usize,
}

impl ContinuousResult {
    /// The best point.
    pub fn best(&self) -> &Evaluation {
        &self.evaluations[self.best]
    }
}

impl ContinuousSearch {
    /// Checks the box, the budget, the kernel and the solver.
    ///
    /// # Errors
    /// [`ParamError`] for the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        for (name, [from, to]) in [("log2_c", self.log2_c), ("log2_gamma", self.log2_gamma)] {
            let inside = |v: f64| (-1000.0..=1000.0).contains(&v);
            ParamError::check(inside(from), name, from, "must be from -1000 to 1000")?;
            ParamError::check(inside(to), name, to, "must be from -1000 to 1000")?;
            ParamError::check(from < to, name, to, "must be greater than the lower end")?;
        }
        let budget = self.max_evaluations as f64;
        ParamError::check(
            self.max_evaluations >= 1,
            "max_evaluations",
            budget,
            "must be at least 1",
        )?;
        if let Method::ParticleSwarm(n) = self.method {
            ParamError::check(n >= 2, "particles", n as f64, "must be at least 2")?;
        }
        self.kernel.validate()?;
        self.solver.validate()
    }

    /// Runs the search. The same seed gives the same points, on any number of threads.
    ///
    /// # Errors
    /// As [`GridSearch::run`].
    pub fn run(
        &self,
        folds: &[TuningFold<'_>],
        score: Score<'_>,
    ) -> Result<ContinuousResult, SvmError> {
        self.validate()?;
        let plane = Plane {
            search: self,
            folds,
            score,
            tried: Mutex::default(),
        };
        let (c, g) = (self.log2_c, self.log2_gamma);
        let outcome = match self.method {
            Method::NelderMead => {
                let at = |u: f64, v: f64| vec![c[0] + u * (c[1] - c[0]), g[0] + v * (g[1] - g[0])];
                let simplex = vec![at(0.5, 0.5), at(0.75, 0.5), at(0.5, 0.75)];
                let solver = NelderMead::new(simplex);
                Executor::new(&plane, solver)
                    .configure(|s| s.max_iters(self.max_evaluations as u64))
                    .run()
                    .map(|_| ())
            }
            Method::ParticleSwarm(n) => {
                let bounds = (vec![c[0], g[0]], vec![c[1], g[1]]);
                let rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
                let solver = ParticleSwarm::new(bounds, n).with_rng_generator(rng);
                Executor::new(&plane, solver)
                    .configure(|s| s.max_iters((self.max_evaluations / n) as u64))
                    .run()
                    .map(|_| ())
            }
        };
        let tried = plane.tried.into_inner().unwrap_or_else(|e| e.into_inner());
        if let Some(error) = tried.error {
            return Err(error);
        }
        let mut best = 0;
        for (i, e) in tried.evaluations.iter().enumerate() {
            let worse = tried.evaluations[best].score;
            if e.score > worse || (worse.is_nan() && !e.score.is_nan()) {
                best = i;
            }
        }
        // That the optimiser stops early (no progress, say) is no error as long as a point was tried.
        if tried.evaluations.is_empty() {
            return Err(SvmError::Search {
                reason: outcome.err().map_or_else(String::new, |e| e.to_string()),
            });
        }
        Ok(ContinuousResult {
            evaluations: tried.evaluations,
            best,
        })
    }
}

#[derive(Default)]
struct Tried {
    evaluations: Vec<Evaluation>,
    error: Option<SvmError>,
}

/// The score as a function on the plane, for argmin.
struct Plane<'a> {
    search: &'a ContinuousSearch,
    folds: &'a [TuningFold<'a>],
    score: Score<'a>,
    tried: Mutex<Tried>,
}

impl CostFunction for &Plane<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    /// 1 − score where the point lies in the box; outside, the nearest point's, plus the distance.
    fn cost(&self, point: &Vec<f64>) -> Result<f64, Error> {
        let search = self.search;
        let limits = [search.log2_c, search.log2_gamma];
        let mut outside = 0.0;
        let mut inside = [0.0; 2];
        for ((v, [from, to]), clamped) in point.iter().zip(limits).zip(&mut inside) {
            *clamped = v.clamp(from, to);
            outside += (v - *clamped).abs();
        }
        let mut tried = self.tried.lock().unwrap_or_else(|e| e.into_inner());
        // The optimisers unwrap errors of their first points, so none is returned: it is kept.
        if tried.error.is_some() || tried.evaluations.len() >= search.max_evaluations {
            return Ok(f64::MAX);
        }
        let grid = GridSearch {
            c: vec![math::exp2(inside[0])],
            gamma: vec![math::exp2(inside[1])],
            kernel: search.kernel.clone(),
            solver: search.solver.clone(),
        };
        match grid.run(self.folds, self.score) {
            Ok(table) => {
                let best = table.best();
                tried.evaluations.push(Evaluation {
                    c: best.c,
                    gamma: best.gamma,
                    candidate: best.candidate,
                    score: best.score,
                });
                Ok(1.0 - best.score + outside)
            }
            Err(e) => {
                tried.error = Some(e);
                Ok(f64::MAX)
            }
        }
    }
}
