//! Samples through a feature map, ready for many fits.

use super::model::{ApproxBasis, ApproxInfo, ApproxModel};
use super::passes::Rows;
use super::settings::{ApproxSvc, Approximation};
use super::solver::Problem;
use crate::SvmError;
use fuzzysvm_core::{Label, Matrix, ParamError, Samples, check_weights, memory};
use fuzzysvm_kernels::{
    FeatureMap, FeatureMapError, Kernel, KernelKind, Nystrom, RandomFourierFeatures,
};
use fuzzysvm_qp::SolveError;

/// The coordinates of all samples, 4·n·M bytes, and the map that made them: what fits of different C and
/// weights share.
///
/// ```
/// use fuzzysvm_core::{Label, Matrix, Samples};
/// use fuzzysvm_svm::approx::{ApproxSvc, MappedSamples};
///
/// let x: Vec<f64> = (0..40).map(|i| f64::from(i % 20)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let y: Vec<Label> = (0..40).map(|i| Label::from_sign(f64::from(i % 20) - 11.5)).collect();
/// let svc = ApproxSvc { components: 10, ..ApproxSvc::default() };
/// let mapped = MappedSamples::new(&svc, Samples::new(x, &y)?)?;
/// let weak = mapped.fit(0.01, None)?;
/// let strong = mapped.fit(100.0, None)?;
/// assert!(weak.info.primal < strong.info.primal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MappedSamples {
    map: Map,
    kernel: KernelKind,
    z: Vec<f32>,
    y: Vec<Label>,
    tol: f64,
    max_iter: u64,
}

enum Map {
    Nystrom(Box<Nystrom<KernelKind>>),
    Fourier(RandomFourierFeatures),
}

impl Map {
    fn get(&self) -> &dyn FeatureMap {
        match self {
            Map::Nystrom(map) => map.as_ref(),
            Map::Fourier(map) => map,
        }
    }
}

/// Checks what is held of `n` samples beside the map: their coordinates, and the Newton matrix in three copies.
fn check_memory(svc: &ApproxSvc, n: usize) -> Result<(), SvmError> {
    let m = svc.components as u64;
    let coordinates = (n as u64).saturating_mul(m).saturating_mul(4);
    let side = m.saturating_add(1);
    let newton = side.saturating_mul(side).saturating_mul(3 * 8);
    memory::check(coordinates.saturating_add(newton)).map_err(|excess| SvmError::Memory {
        components: svc.components,
        n_samples: n,
        excess,
    })
}

impl MappedSamples {
    /// Makes the map that `svc` asks for, with landmarks from all of these samples, and applies it.
    ///
    /// # Errors
    /// [`SvmError`]: parameters, one class, more landmarks than samples, a kernel that overflows, more memory than the
    /// process may have.
    pub fn new(svc: &ApproxSvc, train: Samples<'_>) -> Result<Self, SvmError> {
        svc.validate()?;
        train.require_both_classes()?;
        svc.kernel.check_points(train.x())?;
        Self::of_rows(svc, train.x(), train.y().to_vec(), |row| row)
    }

    /// As [`MappedSamples::new`], checked already; `caller` names rows.
    pub(super) fn of_rows(
        svc: &ApproxSvc,
        x: Matrix<'_>,
        y: Vec<Label>,
        caller: impl Fn(usize) -> usize,
    ) -> Result<Self, SvmError> {
        let n = y.len();
        let limit = u32::MAX as usize;
        if n > limit {
            return Err(SvmError::Solve(SolveError::TooLarge { n, limit }));
        }
        check_memory(svc, n)?;
        let map = match svc.approximation {
            Approximation::Nystrom { landmarks } => {
                let rows = landmarks.draw(&y, svc.components, svc.seed)?;
                let points = x.select_rows(&rows);
                let map = Nystrom::from_landmarks(svc.kernel.clone(), points.view());
                Map::Nystrom(Box::new(map.map_err(|e| match e {
                    FeatureMapError::NotFinite { landmark } => SvmError::KernelOverflow {
                        row: caller(rows[landmark]),
                    },
                    other => other.into(),
                })?))
            }
            Approximation::Fourier => {
                let gamma = svc.rbf_gamma()?;
                Map::Fourier(RandomFourierFeatures::new(
                    gamma,
                    x.n_cols(),
                    svc.components,
                    svc.seed,
                )?)
            }
        };
        let m = map.get().n_components();
        let mut z = vec![0.0f32; n * m];
        map.get().transform_f32(x, &mut z);
        // A sum is not finite as soon as one term is not.
        if let Some(row) = z
            .chunks_exact(m)
            .position(|z| z.iter().map(|v| v * 0.0).sum::<f32>() != 0.0)
        {
            return Err(SvmError::KernelOverflow { row: caller(row) });
        }
        Ok(Self {
            map,
            kernel: svc.kernel.clone(),
            z,
            y,
            tol: svc.tol,
            max_iter: svc.max_iter,
        })
    }

    /// Number of coordinates: the requested components minus the landmarks that add nothing.
    pub fn n_components(&self) -> usize {
        self.map.get().n_components()
    }

    /// Fits with this C and these weights, one a sample. Samples of weight 0 have no influence, except that
    /// they may be landmarks.
    ///
    /// # Errors
    /// [`SvmError`]: C, weights, a solution that is not finite.
    pub fn fit(&self, c: f64, sample_weight: Option<&[f64]>) -> Result<ApproxModel, SvmError> {
        let rule = "must be finite and > 0";
        ParamError::check(c.is_finite() && c > 0.0, "c", c, rule)?;
        if let Some(w) = sample_weight {
            check_weights(w, &self.y)?;
        }
        let bound = |i: usize| c * sample_weight.map_or(1.0, |w| w[i]);
        // A weight above 0 may still give a bound that underflows to 0.
        let chosen: Vec<u32> = (0..self.y.len() as u32)
            .filter(|&i| bound(i as usize) > 0.0)
            .collect();
        let upper: Vec<f64> = chosen.iter().map(|&i| bound(i as usize)).collect();
        let rule = "must stay finite times every weight, and above 0 in both classes";
        let total: f64 = upper.iter().sum();
        ParamError::check(total.is_finite(), "c", c, rule)?;
        let y: Vec<f64> = chosen.iter().map(|&i| self.y[i as usize].sign()).collect();
        let both = y.contains(&1.0) && y.contains(&-1.0);
        ParamError::check(both, "c", c, rule)?;
        let rows = Rows {
            data: &self.z,
            m: self.n_components(),
        };
        let problem = Problem {
            rows,
            chosen,
            y,
            upper,
        };
        let solution = problem.solve(self.tol, self.max_iter);
        let (intercept, w) = (solution.w[rows.m] + 0.0, &solution.w[..rows.m]);
        let coef = self.map.get().fold(w);
        let info = ApproxInfo {
            status: solution.status,
            iterations: solution.iterations,
            primal: solution.primal,
            dual: solution.dual,
            duality_gap: solution.gap(),
        };
        let numbers = [intercept, info.primal, info.dual, info.duality_gap];
        if !coef.iter().chain(&numbers).all(|v| v.is_finite()) {
            return Err(SvmError::ModelNotFinite);
        }
        Ok(ApproxModel {
            kernel: self.kernel.clone(),
            basis: match &self.map {
                Map::Nystrom(map) => ApproxBasis::Nystrom {
                    landmarks: map.landmarks().clone(),
                },
                Map::Fourier(map) => ApproxBasis::Fourier(map.clone()),
            },
            coef,
            intercept,
            n_samples: self.y.len(),
            info,
        })
    }
}
