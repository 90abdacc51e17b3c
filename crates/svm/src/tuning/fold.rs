//! One fold: its rows, and everything that all C and candidates share.

use crate::gram::Gram;
use crate::model::dot_f32;
use crate::{Svc, SvmError};
use fuzzysvm_core::{Label, Matrix, PredictError, Samples, check_weights};
use fuzzysvm_kernels::{Kernel, KernelKind};
use fuzzysvm_qp::{DualProblem, DualSolution, QMatrix, QpSolver, Smo, Status};

/// Judges predictions: true labels, predicted labels, to a score of which more is better.
pub type Score<'a> = &'a (dyn Fn(&[Label], &[Label]) -> f64 + Sync);

/// One fold of a search: rows to train on, rows to judge on, and the weights to try.
#[derive(Debug, Clone)]
pub struct TuningFold<'a> {
    /// Training rows, already scaled.
    pub x_train: Matrix<'a>,
    /// Their labels, both classes.
    pub y_train: &'a [Label],
    /// Held-out rows, scaled like the training rows.
    pub x_valid: Matrix<'a>,
    /// Their labels.
    pub y_valid: &'a [Label],
    /// Candidate weight vectors, one weight a training row each; the same number in every fold.
    pub candidates: Vec<Vec<f64>>,
}

impl TuningFold<'_> {
    /// Checks shapes, classes and weights.
    pub(super) fn validate(&self, n_candidates: usize) -> Result<(), SvmError> {
        Samples::new(self.x_train, self.y_train)?.require_both_classes()?;
        Samples::new(self.x_valid, self.y_valid)?;
        if self.x_valid.n_cols() != self.x_train.n_cols() {
            return Err(SvmError::Predict(PredictError::FeatureCount {
                expected: self.x_train.n_cols(),
                found: self.x_valid.n_cols(),
            }));
        }
        if self.candidates.len() != n_candidates {
            return Err(SvmError::CandidateCount {
                expected: n_candidates,
                found: self.candidates.len(),
            });
        }
        for weights in &self.candidates {
            check_weights(weights, self.y_train)?;
        }
        Ok(())
    }
}

/// Checks all folds against the first.
pub(super) fn validate(folds: &[TuningFold<'_>]) -> Result<usize, SvmError> {
    let Some(first) = folds.first() else {
        return Err(SvmError::EmptySearch { what: "folds" });
    };
    let n_candidates = first.candidates.len();
    if n_candidates == 0 {
        return Err(SvmError::EmptySearch { what: "candidates" });
    }
    for (fold, f) in folds.iter().enumerate() {
        f.validate(n_candidates).map_err(|e| SvmError::Fold {
            fold,
            source: Box::new(e),
        })?;
    }
    Ok(n_candidates)
}

/// The Gram matrix of the training rows: in memory in single precision where it fits, row by
/// row otherwise. Asked for double precision, it computes.
struct SharedGram<'a> {
    rows: Gram<'a>,
    dense: Option<Vec<f32>>,
}

impl QMatrix for SharedGram<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }
    fn diagonal(&self) -> &[f64] {
        self.rows.diagonal()
    }
    fn unsigned(&self) -> bool {
        true
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.rows.fill_rows(rows, out);
    }
    fn fill_rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        self.rows.fill_rows_f32(rows, out);
    }
    fn dense_f32(&self) -> Option<&[f32]> {
        self.dense.as_deref()
    }
}

/// What one fit of a fold gave.
pub(super) struct Outcome {
    pub score: f64,
    pub iterations: u64,
    pub converged: bool,
}

/// Kernel values of the Gram matrix computed at once.
const FILL_VALUES: usize = 500_000;
/// Rows of the held-out kernel values computed at once.
const VALID_BLOCK: usize = 64;

/// Fits every candidate at every C on one fold with one kernel. `c` in the order given; the outcome of
/// (c, candidate) is at `c * n_candidates + candidate`.
pub(super) fn fit_all(
    fold: &TuningFold<'_>,
    kernel: &KernelKind,
    c: &[f64],
    solver: &Smo,
    memory: f64,
    score: Score<'_>,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Outcome>, SvmError> {
    let svc = Svc {
        c: 1.0,
        kernel,
        solver: (),
    };
    svc.validate()?;
    kernel.check_points(fold.x_train)?;
    kernel.check_points(fold.x_valid)?;
    let y: Vec<f64> = fold.y_train.iter().map(|l| l.sign()).collect();
    let (n, n_valid) = (y.len(), fold.y_valid.len());
    let mut gram = SharedGram {
        rows: Gram::new(kernel.prepare(fold.x_train)),
        dense: None,
    };
    let fits = |values: usize| values as f64 * 4.0 <= memory * 1_048_576.0;
    let single = solver.keeps_single(gram.diagonal());
    if single && fits(n * n) {
        let all: Vec<u32> = (0..n as u32).collect();
        let mut dense = vec![0.0; n * n];
        // In pieces too small to be split among threads: a thread that waits for another would begin
        // the next job meanwhile, and hold one more matrix.
        let piece = (FILL_VALUES / n).max(1);
        for (rows, out) in all.chunks(piece).zip(dense.chunks_mut(piece * n)) {
            gram.rows.fill_rows_f32(rows, out);
        }
        gram.dense = Some(dense);
    }
    let solver = Smo {
        cache_size: memory,
        ..solver.clone()
    };
    let valid = HeldOut::new(fold, kernel, single && fits(n * n + n * n_valid));

    let p = vec![-1.0; n];
    let n_candidates = fold.candidates.len();
    let mut outcomes: Vec<Option<Outcome>> = (0..c.len() * n_candidates).map(|_| None).collect();
    // From small C to large, and at each C along the candidates: every start is the solution of a
    // neighbour in the table.
    let mut order: Vec<usize> = (0..c.len()).collect();
    order.sort_by(|&a, &b| c[a].total_cmp(&c[b]));
    let mut first_of_c: Option<Seed> = None;
    let mut upper = vec![0.0; n];
    let mut start = vec![0.0; n];
    let mut predicted = vec![Label::Negative; n_valid];
    for ci in order {
        let mut last: Option<Seed> = None;
        for (k, weights) in fold.candidates.iter().enumerate() {
            for (u, w) in upper.iter_mut().zip(weights) {
                *u = c[ci] * w;
            }
            let seed = last.as_ref().or(first_of_c.as_ref());
            let start = seed.map(|s| {
                s.moved_to(&upper, c[ci], &mut start);
                start.as_slice()
            });
            let problem = DualProblem {
                q: &gram,
                p: &p,
                y: &y,
                delta: 0.0,
                upper: &upper,
            };
            let solution = solver.solve(&problem, start).map_err(overflow)?;
            valid.predict(&solution, &y, &mut predicted)?;
            outcomes[ci * n_candidates + k] = Some(Outcome {
                score: score(fold.y_valid, &predicted),
                iterations: solution.info.iterations,
                converged: solution.info.status == Status::Converged,
            });
            let seed = Seed {
                alpha: solution.alpha,
                upper: upper.clone(),
                c: c[ci],
            };
            if k == 0 {
                first_of_c = Some(seed.clone());
            }
            last = Some(seed);
            done();
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

fn overflow(e: fuzzysvm_qp::SolveError) -> SvmError {
    use fuzzysvm_qp::SolveError;
    match e {
        SolveError::NotFinite { row } | SolveError::Overflow { row } => {
            SvmError::KernelOverflow { row }
        }
        SolveError::Param(e) => SvmError::Param(e),
        other => SvmError::Solve(other),
    }
}

/// A solution to start from.
#[derive(Clone)]
struct Seed {
    alpha: Vec<f64>,
    upper: Vec<f64>,
    c: f64,
}

impl Seed {
    /// The start for other bounds: what was at its bound goes to the new one, what was free grows with
    /// C.
    fn moved_to(&self, upper: &[f64], c: f64, start: &mut [f64]) {
        let ratio = c / self.c;
        for (((s, &a), &old), &new) in start
            .iter_mut()
            .zip(&self.alpha)
            .zip(&self.upper)
            .zip(upper)
        {
            *s = if a <= 0.0 {
                0.0
            } else if a >= old {
                new
            } else {
                (a * ratio).min(new)
            };
        }
    }
}

/// Kernel values between held-out and training rows.
struct HeldOut<'a> {
    fold: &'a TuningFold<'a>,
    kernel: &'a KernelKind,
    /// Row-major, held-out × training, where it fits.
    values: Option<Vec<f32>>,
}

impl<'a> HeldOut<'a> {
    fn new(fold: &'a TuningFold<'a>, kernel: &'a KernelKind, in_memory: bool) -> Self {
        let mut held_out = Self {
            fold,
            kernel,
            values: None,
        };
        if in_memory {
            let mut values = Vec::with_capacity(fold.y_train.len() * fold.y_valid.len());
            held_out.blocks(|_, block| values.extend(block.iter().map(|&v| v as f32)));
            held_out.values = Some(values);
        }
        held_out
    }

    /// Calls `f` with the kernel values of consecutive held-out rows.
    fn blocks(&self, mut f: impl FnMut(usize, &[f64])) {
        let n = self.fold.y_train.len();
        let prepared = self.kernel.prepare(self.fold.x_train);
        let mut block = Vec::new();
        let mut first = 0;
        while first < self.fold.y_valid.len() {
            let end = (first + VALID_BLOCK).min(self.fold.y_valid.len());
            block.resize((end - first) * n, 0.0);
            prepared.block_f64(self.fold.x_valid.slice_rows(first, end), &mut block);
            f(first, &block);
            first = end;
        }
    }

    /// Labels of the held-out rows.
    fn predict(
        &self,
        solution: &DualSolution,
        y: &[f64],
        predicted: &mut [Label],
    ) -> Result<(), SvmError> {
        let n = y.len();
        let coef: Vec<f64> = solution.alpha.iter().zip(y).map(|(a, y)| a * y).collect();
        let mut bad = None;
        let mut put = |row: usize, sum: f64| {
            let value = sum - solution.rho;
            if !value.is_finite() && bad.is_none() {
                bad = Some(PredictError::NotFinite { row, value });
            }
            predicted[row] = Label::from_sign(value);
        };
        if let Some(values) = &self.values {
            for (row, k) in values.chunks_exact(n).enumerate() {
                put(row, dot_f32(k, &coef));
            }
        } else {
            self.blocks(|first, block| {
                for (row, k) in block.chunks_exact(n).enumerate() {
                    put(first + row, crate::model::dot(k, &coef));
                }
            });
        }
        bad.map_or(Ok(()), |e| Err(SvmError::Predict(e)))
    }
}
