//! Search of a grid.

use super::fold::{self, Job, Outcome, Score, TuningFold};
use crate::SvmError;
use fuzzysvm_core::ParamError;
use fuzzysvm_kernels::KernelKind;
use fuzzysvm_qp::Smo;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A grid of C and γ, over which all candidate weights of the folds are tried.
///
/// ```
/// use fuzzysvm_core::{Label, Matrix};
/// use fuzzysvm_svm::tuning::{GridSearch, TuningFold};
///
/// let x = [-2.0, -1.5, -1.0, 1.0, 1.5, 2.0];
/// let (n, p) = (Label::Negative, Label::Positive);
/// let y = [n, n, n, p, p, p];
/// let fold = TuningFold {
///     x_train: Matrix::new(&x, 1)?,
///     y_train: &y,
///     x_valid: Matrix::new(&x[..2], 1)?,
///     y_valid: &y[..2],
///     candidates: vec![vec![1.0; 6]],
/// };
/// let accuracy = |truth: &[Label], predicted: &[Label]| {
///     truth.iter().zip(predicted).filter(|(t, p)| t == p).count() as f64 / truth.len() as f64
/// };
/// let grid = GridSearch { c: vec![0.1, 1.0], gamma: vec![0.5, 2.0], ..GridSearch::default() };
/// let table = grid.run(&[fold], &accuracy)?;
/// assert_eq!(table.cells.len(), 4);
/// // All cells are perfect: the first one wins, with the smallest γ and C.
/// assert_eq!((table.best().gamma, table.best().c), (Some(0.5), 0.1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct GridSearch {
    /// Values of C, each finite and > 0. Default 2^−2, 2^0, … 2^6.
    pub c: Vec<f64>,
    /// Values of γ, each finite and > 0; ignored by kernels without γ. Default 2^−8, 2^−6, … 2^0.
    pub gamma: Vec<f64>,
    /// The kernel, whose γ is replaced. Default RBF.
    pub kernel: KernelKind,
    /// The solver. `cache_size` is the memory of the whole search for Gram matrices. A matrix (4 n² bytes)
    /// is kept where it fits on its own, and as many folds and γ run at once as there are threads and room for
    /// their matrices. Larger matrices are computed row by row, one fold and γ at a time on all threads. The
    /// result never depends on the number of threads, but many threads need a `cache_size` with room for one
    /// matrix per thread.
    pub solver: Smo,
}

impl Default for GridSearch {
    fn default() -> Self {
        let powers = |from: i32, to: i32| (from..=to).step_by(2).map(|e| 2f64.powi(e)).collect();
        Self {
            c: powers(-2, 6),
            gamma: powers(-8, 0),
            kernel: KernelKind::default(),
            solver: Smo::default(),
        }
    }
}

/// One combination and its score.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Cell {
    /// γ; `None` for kernels without one.
    pub gamma: Option<f64>,
    /// C.
    pub c: f64,
    /// Index into the candidates of the folds.
    pub candidate: usize,
    /// Mean of `fold_scores`.
    pub score: f64,
    /// The score of every fold.
    pub fold_scores: Vec<f64>,
}

impl Cell {
    pub(super) fn new(
        kernel: &KernelKind,
        c: f64,
        candidate: usize,
        fold_scores: Vec<f64>,
    ) -> Self {
        Self {
            gamma: kernel.gamma(),
            c,
            candidate,
            score: fold_scores.iter().sum::<f64>() / fold_scores.len() as f64,
            fold_scores,
        }
    }
}

/// By which scores are compared: what is not a number is worse than any.
pub(super) fn rank(score: f64) -> f64 {
    if score.is_nan() {
        f64::NEG_INFINITY
    } else {
        score
    }
}

/// All cells, γ outermost, then C, then the candidates, each in the order given.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct GridTable {
    /// Every cell.
    pub cells: Vec<Cell>,
    /// Index of the best cell: the first one with the greatest score. A score that is not a number is
    /// worse than any other.
    pub best: usize,
    /// Models fitted.
    pub fits: usize,
    /// Those whose solver stopped before its tolerance.
    pub unconverged: usize,
    /// Iterations of the solver over all fits.
    pub iterations: u64,
}

impl GridTable {
    /// The best cell.
    pub fn best(&self) -> &Cell {
        &self.cells[self.best]
    }
}

impl GridSearch {
    /// Checks the grid, the kernel and the solver.
    ///
    /// # Errors
    /// [`ParamError`] for the first value out of range, [`SvmError::EmptySearch`] for an empty list.
    pub fn validate(&self) -> Result<(), SvmError> {
        check_values(&self.kernel, &self.c, &self.gamma)?;
        self.kernels().iter().try_for_each(|k| k.validate())?;
        self.solver.validate()?;
        Ok(())
    }

    pub(super) fn kernels(&self) -> Vec<KernelKind> {
        kernels(&self.kernel, &self.gamma)
    }

    /// Fits and scores every cell. Threads share the work by (fold, γ), as many at once as `cache_size` has
    /// room for; the table does not depend on their number.
    ///
    /// # Errors
    /// [`SvmError`]: parameters, or the first fold that cannot be used, as [`SvmError::Fold`].
    pub fn run(&self, folds: &[TuningFold<'_>], score: Score<'_>) -> Result<GridTable, SvmError> {
        self.run_with_progress(folds, score, &|| {})
    }

    /// As [`GridSearch::run`], calling `fitted` after every fit, from any thread.
    ///
    /// # Errors
    /// As [`GridSearch::run`].
    pub fn run_with_progress(
        &self,
        folds: &[TuningFold<'_>],
        score: Score<'_>,
        fitted: &(dyn Fn() + Sync),
    ) -> Result<GridTable, SvmError> {
        let n_candidates = self.check(folds)?;
        let kernels = self.kernels();
        let part = Part {
            folds,
            kernels: &kernels,
            c: &vec![self.c.clone(); folds.len()],
            left: &vec![true; kernels.len() * self.c.len() * n_candidates],
        };
        let outcomes: Vec<Vec<Outcome>> = self
            .fit(&part, score, fitted)?
            .into_iter()
            .map(|of_job| of_job.into_iter().flatten().collect())
            .collect();
        Ok(table_of(
            &kernels,
            &self.c,
            n_candidates,
            folds.len(),
            &outcomes,
        ))
    }

    /// Checks the settings and the folds; the number of candidates.
    pub(super) fn check(&self, folds: &[TuningFold<'_>]) -> Result<usize, SvmError> {
        self.validate()?;
        fold::validate(folds)
    }

    /// Fits and scores the cells that are left: what each gave, γ by γ, and fold by fold for each γ.
    pub(super) fn fit(
        &self,
        part: &Part<'_>,
        score: Score<'_>,
        fitted: &(dyn Fn() + Sync),
    ) -> Result<Vec<Vec<Option<Outcome>>>, SvmError> {
        let n_folds = part.folds.len();
        let of_kernel = part.left.len() / part.kernels.len();
        let left = |j: usize| &part.left[j / n_folds * of_kernel..][..of_kernel];
        let mut jobs = Vec::with_capacity(part.kernels.len() * n_folds);
        for kernel in part.kernels {
            for (number, fold) in part.folds.iter().enumerate() {
                jobs.push(Job::new(fold, kernel, &self.solver).map_err(in_fold(number))?);
            }
        }
        // A γ of which nothing is left needs no matrix.
        let needed: Vec<usize> = (0..jobs.len())
            .filter(|&j| left(j).iter().any(|&l| l))
            .collect();
        let threads = rayon::current_num_threads();
        let at_once = needed
            .iter()
            .map(|&j| jobs[j].at_once(self.solver.cache_size))
            .fold(threads.min(needed.len()), usize::min);
        let done = run_at_most(at_once, needed.len(), |place| {
            let j = needed[place];
            let fold = j % n_folds;
            jobs[j]
                .fit_left(&part.c[fold], left(j), score, fitted, at_once < threads)
                .map_err(in_fold(fold))
        })?;
        let mut outcomes: Vec<_> = jobs.iter().map(|_| Vec::new()).collect();
        for (j, of_job) in needed.into_iter().zip(done) {
            outcomes[j] = of_job;
        }
        Ok(outcomes)
    }
}

/// What of a search is fitted in one go.
pub(super) struct Part<'a> {
    pub folds: &'a [TuningFold<'a>],
    pub kernels: &'a [KernelKind],
    /// The values of C in every fold.
    pub c: &'a [Vec<f64>],
    /// Which cells are left, in the order of the table.
    pub left: &'a [bool],
}

/// Names the fold of an error.
pub(super) fn in_fold(fold: usize) -> impl Fn(SvmError) -> SvmError {
    move |e| SvmError::Fold {
        fold,
        source: Box::new(e),
    }
}

/// The results of jobs 0, 1, …, started in this order, at most `at_once` of them at a time. Where several fail,
/// the error is that of the lowest number.
fn run_at_most<T: Send, E: Send>(
    at_once: usize,
    n_jobs: usize,
    job: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    // Exactly `at_once` workers pull job numbers from `next`. A worker that waits inside a nested rayon call must
    // not start another job: that would exceed `cache_size`.
    let work = |_| {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let j = next.fetch_add(1, Ordering::Relaxed);
            if j >= n_jobs {
                break;
            }
            let result = job(j);
            if result.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            done.push((j, result));
        }
        done
    };
    let mut done: Vec<(usize, Result<T, E>)> = (0..at_once)
        .into_par_iter()
        .with_max_len(1)
        .flat_map_iter(work)
        .collect();
    // Every job that was started was finished, so the lowest number that fails is among them.
    done.sort_unstable_by_key(|(j, _)| *j);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The kernel with every γ, once where it has none.
pub(super) fn kernels(kernel: &KernelKind, gamma: &[f64]) -> Vec<KernelKind> {
    match kernel.gamma() {
        None => vec![kernel.clone()],
        Some(_) => gamma
            .iter()
            .map(|&g| kernel.clone().with_gamma(g))
            .collect(),
    }
}

/// Checks the values of C and, where the kernel has one, of γ.
pub(super) fn check_values(kernel: &KernelKind, c: &[f64], gamma: &[f64]) -> Result<(), SvmError> {
    let rule = "must be finite and > 0";
    for (name, values) in [("c", c), ("gamma", gamma)] {
        if name == "gamma" && kernel.gamma().is_none() {
            continue;
        }
        if values.is_empty() {
            return Err(SvmError::EmptySearch { what: name });
        }
        for &v in values {
            ParamError::check(v.is_finite() && v > 0.0, name, v, rule)?;
        }
    }
    Ok(())
}

/// The table of outcomes given γ by γ, and fold by fold for each γ.
pub(super) fn table_of(
    kernels: &[KernelKind],
    c: &[f64],
    n_candidates: usize,
    n_folds: usize,
    outcomes: &[Vec<Outcome>],
) -> GridTable {
    let mut table = GridTable {
        cells: Vec::with_capacity(kernels.len() * c.len() * n_candidates),
        best: 0,
        fits: 0,
        unconverged: 0,
        iterations: 0,
    };
    for outcome in outcomes.iter().flatten() {
        table.fits += 1;
        table.unconverged += usize::from(!outcome.converged);
        table.iterations += outcome.iterations;
    }
    for (kernel, of_kernel) in kernels.iter().zip(outcomes.chunks_exact(n_folds)) {
        for (ci, &c) in c.iter().enumerate() {
            for candidate in 0..n_candidates {
                let at = ci * n_candidates + candidate;
                let fold_scores: Vec<f64> = of_kernel.iter().map(|o| o[at].score).collect();
                let cell = Cell::new(kernel, c, candidate, fold_scores);
                let score = cell.score;
                table.cells.push(cell);
                if rank(score) > rank(table.cells[table.best].score) {
                    table.best = table.cells.len() - 1;
                }
            }
        }
    }
    table
}
