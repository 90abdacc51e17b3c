//! One fold: its rows, and what all C and candidates share.

use crate::gram::Gram;
use crate::ties::{Ties, magnitude, magnitude_f32};
use crate::{Svc, SvmError};
use fuzzysvm_core::{Label, Matrix, PredictError, Samples, check_weights};
use fuzzysvm_kernels::{Kernel, KernelKind, PreparedKernel, weighted_sum, weighted_sum_f32};
use fuzzysvm_qp::{DualProblem, DualSolution, Entries, Known, QMatrix, QpSolver, Smo, Status};

/// Score of predicted labels (second) against true ones (first); higher is better.
pub type Score<'a> = &'a (dyn Fn(&[Label], &[Label]) -> f64 + Sync);

/// One fold of a search: rows to train on, rows to score, and the weights to try.
#[derive(Debug, Clone)]
pub struct TuningFold<'a> {
    /// Training rows, already scaled.
    pub x_train: Matrix<'a>,
    /// Their labels, both classes.
    pub y_train: &'a [Label],
    /// Validation rows, scaled like the training rows.
    pub x_valid: Matrix<'a>,
    /// Their labels.
    pub y_valid: &'a [Label],
    /// Candidate weight vectors, each with one weight per training row; the same number of vectors in every fold.
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

/// The Gram matrix of the training rows: in memory in single precision where it fits, computed row by
/// row otherwise. Double-precision entries are always computed.
struct SharedGram<'a> {
    rows: Gram<'a>,
    dense: Option<Vec<f32>>,
    /// Whether other threads may be asked for help: see [`Job::gram`].
    spare_threads: bool,
}

impl QMatrix for SharedGram<'_> {
    fn diagonal(&self) -> &[f64] {
        self.rows.diagonal()
    }
    fn is_kernel(&self) -> bool {
        true
    }
    fn steps(&self) -> usize {
        self.rows.steps()
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.rows.fill_rows(rows, out);
    }
    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>) {
        self.rows.fill(rows, columns, out);
    }
    fn add_products_at(&self, rows: &[u32], columns: &[u32], coef: &[f64], out: &mut [f64]) {
        self.rows
            .products_at(rows, columns, coef, self.spare_threads, out);
    }
    fn dense_f32(&self) -> Option<&[f32]> {
        self.dense.as_deref()
    }
}

/// A unit of `cache_size` in bytes.
const MB: f64 = 1_048_576.0;

/// What one fit of a fold gave.
pub(super) struct Outcome {
    pub score: f64,
    pub iterations: u64,
    pub converged: bool,
}

/// Validation rows whose kernel values are computed at once.
const VALID_BLOCK: usize = 64;
/// Validation rows that stay in the nearer caches while all machines read them.
const ROWS_AT_ONCE: usize = 8;

/// All fits of one fold with one kernel, and what they keep in memory. What is kept depends on the sizes and
/// the whole `cache_size`, and how many jobs run at once follows from it, not the other way round: which
/// kernel values are rounded to single precision must not depend on the number of threads.
pub(super) struct Job<'a> {
    fold: &'a TuningFold<'a>,
    kernel: &'a KernelKind,
    solver: &'a Smo,
    /// Whether the Gram matrix is kept, in single precision.
    keeps_gram: bool,
    /// Whether the kernel values of the validation rows are kept beside it.
    keeps_validation: bool,
    bytes: f64,
}

impl<'a> Job<'a> {
    pub fn new(
        fold: &'a TuningFold<'a>,
        kernel: &'a KernelKind,
        solver: &'a Smo,
    ) -> Result<Self, SvmError> {
        let svc = Svc {
            c: 1.0,
            kernel,
            solver: (),
        };
        svc.validate()?;
        kernel.check_points(fold.x_train)?;
        kernel.check_points(fold.x_valid)?;
        let (n, n_valid) = (fold.y_train.len() as f64, fold.y_valid.len() as f64);
        let (gram, validation) = (4.0 * n * n, 4.0 * n * n_valid);
        let memory = solver.cache_size * MB;
        let single = solver.keeps_single(&kernel.prepare(fold.x_train).diagonal());
        let keeps_gram = single && gram <= memory;
        let keeps_validation = keeps_gram && gram + validation <= memory;
        let bytes = if keeps_gram {
            gram + if keeps_validation { validation } else { 0.0 }
        } else {
            // What the solver may keep: never more than two copies of Q in double precision.
            memory.min(4.0 * gram)
        };
        Ok(Self {
            fold,
            kernel,
            solver,
            keeps_gram,
            keeps_validation,
            bytes,
        })
    }

    /// How many jobs like this one fit in `cache_size` MB, at least one.
    pub fn at_once(&self, cache_size: f64) -> usize {
        // The cast saturates.
        ((cache_size * MB / self.bytes) as usize).max(1)
    }

    fn gram(&self, spare_threads: bool) -> SharedGram<'a> {
        let mut gram = SharedGram {
            rows: Gram::new(self.kernel, self.fold.x_train),
            dense: None,
            spare_threads,
        };
        if self.keeps_gram {
            let n = gram.len();
            let mut dense = vec![0.0; n * n];
            if spare_threads {
                gram.rows.fill(None, None, Entries::F32(&mut dense));
            } else {
                gram.rows.fill_alone(&mut dense);
            }
            gram.dense = Some(dense);
        }
        gram
    }

    /// Fits the candidates at every C that are `left`. `c` in the order given; place and outcome of (c, candidate) are
    /// at `c * n_candidates + candidate`. With `spare_threads`, work inside is shared among threads.
    pub fn fit_left(
        &self,
        c: &[f64],
        left: &[bool],
        score: Score<'_>,
        done: &(dyn Fn() + Sync),
        spare_threads: bool,
    ) -> Result<Vec<Option<Outcome>>, SvmError> {
        let fold = self.fold;
        let y: Vec<f64> = fold.y_train.iter().map(|l| l.sign()).collect();
        let n = y.len();
        let gram = self.gram(spare_threads);
        let valid = Validation::new(fold, self.kernel, self.keeps_validation);

        let p = vec![-1.0; n];
        let n_candidates = fold.candidates.len();
        let mut outcomes: Vec<Option<Outcome>> =
            (0..c.len() * n_candidates).map(|_| None).collect();
        // From small C to large, and at each C along the candidates. A fit starts from the solution of the candidate whose
        // weights are nearest, where these are near, and else from its own of the last C at which it was fitted.
        let mut order: Vec<usize> = (0..c.len()).collect();
        order.sort_by(|&a, &b| c[a].total_cmp(&c[b]));
        let distances = distances_before(&fold.candidates);
        let mut of_last_c: Vec<Option<Seed>> = vec![None; n_candidates];
        let mut upper = vec![0.0; n];
        let mut start = Start::new(n);
        for ci in order {
            let left = &left[ci * n_candidates..][..n_candidates];
            let mut of_c: Vec<Option<Seed>> = vec![None; n_candidates];
            let mut machines = Vec::with_capacity(n_candidates);
            let mut reached = Vec::with_capacity(n_candidates);
            for (k, weights) in fold.candidates.iter().enumerate() {
                if !left[k] {
                    continue;
                }
                for (u, w) in upper.iter_mut().zip(weights) {
                    *u = c[ci] * w;
                }
                let other = nearest(&distances[k], left)
                    .and_then(|near| Some((of_c[near.candidate].as_ref()?, near)));
                let seed = match (other, of_last_c[k].as_ref()) {
                    (Some((seed, near)), own) if near.distance <= NEAR || own.is_none() => {
                        Some(seed)
                    }
                    (_, own) => own,
                };
                let problem = DualProblem {
                    q: &gram,
                    p: &p,
                    y: &y,
                    delta: 0.0,
                    upper: &upper,
                };
                let solution = match seed {
                    None => self.solver.solve(&problem, None),
                    Some(seed) => {
                        start.moved_from(seed, c[ci], &problem);
                        match start.known() {
                            Some(known) => self.solver.solve_near(&problem, &start.alpha, known),
                            None => self.solver.solve(&problem, Some(&start.alpha)),
                        }
                    }
                }
                .map_err(overflow)?;
                machines.push(Machine::new(&solution, &y));
                reached.push((k, solution.info));
                of_c[k] = Some(Seed {
                    alpha: solution.alpha,
                    gradient: solution.gradient,
                    upper: upper.clone(),
                    c: c[ci],
                });
                done();
            }
            let predicted = valid.predict(&machines)?;
            for (labels, (k, info)) in predicted.iter().zip(&reached) {
                outcomes[ci * n_candidates + k] = Some(Outcome {
                    score: score(fold.y_valid, labels),
                    iterations: info.iterations,
                    converged: info.status == Status::Converged,
                });
            }
            for (last, fitted) in of_last_c.iter_mut().zip(of_c) {
                *last = fitted.or(last.take());
            }
        }
        Ok(outcomes)
    }
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

/// Up to this distance of the weights the solution of another candidate at the same C is a better start than the candidate's
/// own at the C before. Of 0, 0.05, 0.1, 0.2, 0.4 and any distance it takes the fewest iterations on loans.
const NEAR: f64 = 0.1;

/// The candidate nearest to another one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Nearest {
    candidate: usize,
    /// The sum of the differences of their weights, as a share of the sum of the weights.
    distance: f64,
}

/// The distance of every candidate from each of those before it, as in [`Nearest`].
fn distances_before(candidates: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let distance = |a: &[f64], b: &[f64]| {
        let sum: f64 = a.iter().sum();
        let apart: f64 = a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum();
        apart / sum
    };
    let of = |k: usize| {
        let before = candidates[..k].iter();
        before.map(|b| distance(&candidates[k], b)).collect()
    };
    (0..candidates.len()).map(of).collect()
}

/// Of the candidates at these distances that are left the nearest, the first of equally near ones.
fn nearest(distances: &[f64], left: &[bool]) -> Option<Nearest> {
    let before = distances.iter().enumerate().filter(|(k, _)| left[*k]);
    before
        .map(|(candidate, &distance)| Nearest {
            candidate,
            distance,
        })
        .min_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// A solution to start from.
#[derive(Clone)]
struct Seed {
    alpha: Vec<f64>,
    gradient: Vec<f64>,
    upper: Vec<f64>,
    c: f64,
}

/// Where a fit starts, and a point near it whose gradient is known: the solution that it starts from, grown with C. Where
/// the weights are the same the two are, so that no kernel value is read for the start.
struct Start {
    alpha: Vec<f64>,
    grown: Vec<f64>,
    gradient: Vec<f64>,
}

impl Start {
    fn new(n: usize) -> Self {
        Self {
            alpha: vec![0.0; n],
            grown: vec![0.0; n],
            gradient: vec![0.0; n],
        }
    }

    /// The start for other bounds: variables at their bound go to the new one, free ones grow with C.
    fn moved_from(&mut self, seed: &Seed, c: f64, problem: &DualProblem<'_>) {
        let ratio = c / seed.c;
        for (i, (&a, &old)) in seed.alpha.iter().zip(&seed.upper).enumerate() {
            let new = problem.upper[i];
            let grown = a * ratio;
            self.grown[i] = grown;
            self.alpha[i] = if a <= 0.0 {
                0.0
            } else if a >= old {
                new
            } else {
                grown.min(new)
            };
        }
        // Qα grows with α, p does not.
        for ((gradient, g), p) in self.gradient.iter_mut().zip(&seed.gradient).zip(problem.p) {
            *gradient = ratio * (g - p) + p;
        }
    }

    /// `None` where what has grown left the range of numbers.
    fn known(&self) -> Option<Known<'_>> {
        let known = Known {
            alpha: &self.grown,
            gradient: &self.gradient,
        };
        let mut values = self.grown.iter().chain(&self.gradient);
        values.all(|v| v.is_finite()).then_some(known)
    }
}

/// Kernel values between validation and training rows.
struct Validation<'a> {
    fold: &'a TuningFold<'a>,
    kernel: &'a KernelKind,
    /// Row-major, validation × training, where it fits.
    values: Option<Vec<f32>>,
    prepared: Box<dyn PreparedKernel + 'a>,
}

impl<'a> Validation<'a> {
    fn new(fold: &'a TuningFold<'a>, kernel: &'a KernelKind, in_memory: bool) -> Self {
        let mut validation = Self {
            fold,
            kernel,
            values: None,
            prepared: kernel.prepare(fold.x_train),
        };
        if in_memory {
            let mut values = Vec::with_capacity(fold.y_train.len() * fold.y_valid.len());
            validation.blocks(|_, block| values.extend(block.iter().map(|&v| v as f32)));
            validation.values = Some(values);
        }
        validation
    }

    /// Calls `f` with the kernel values of consecutive validation rows.
    fn blocks(&self, mut f: impl FnMut(usize, &[f64])) {
        let n = self.fold.y_train.len();
        let mut block = Vec::new();
        let mut first = 0;
        while first < self.fold.y_valid.len() {
            let end = (first + VALID_BLOCK).min(self.fold.y_valid.len());
            block.resize((end - first) * n, 0.0);
            self.prepared
                .block_f64(self.fold.x_valid.slice_rows(first, end), &mut block);
            f(first, &block);
            first = end;
        }
    }

    /// Labels of the validation rows by every machine. A few rows are read for all machines before the next ones.
    fn predict(&self, machines: &[Machine]) -> Result<Vec<Vec<Label>>, SvmError> {
        let n_valid = self.fold.y_valid.len();
        let mut predicted = vec![vec![Label::Negative; n_valid]; machines.len()];
        let ties: Vec<Ties<'_>> = machines
            .iter()
            .map(|m| Ties::of_kernel(self.kernel, &*self.prepared, &m.coef, -m.rho))
            .collect();
        // The first row, and of it the first machine, whose value is not finite.
        let mut bad: Option<(usize, f64)> = None;
        let mut put = |row: usize, k: usize, sum: f64, magnitude: &dyn Fn(&[f64]) -> f64| {
            let factor = || Ties::row_factor(self.kernel, self.fold.x_valid.row(row));
            let value = ties[k].settle(sum - machines[k].rho, factor, magnitude);
            if !value.is_finite() && bad.is_none_or(|(first, _)| row < first) {
                bad = Some((row, value));
            }
            predicted[k][row] = Label::from_sign(value);
        };
        let n = self.fold.y_train.len();
        if let Some(values) = &self.values {
            for (b, rows) in values.chunks(n * ROWS_AT_ONCE).enumerate() {
                for (k, machine) in machines.iter().enumerate() {
                    for (i, row) in rows.chunks_exact(n).enumerate() {
                        let sum = weighted_sum_f32(row, &machine.coef);
                        put(b * ROWS_AT_ONCE + i, k, sum, &|coef| {
                            magnitude_f32(row, coef)
                        });
                    }
                }
            }
        } else {
            self.blocks(|first, block| {
                for (k, machine) in machines.iter().enumerate() {
                    for (i, row) in block.chunks_exact(n).enumerate() {
                        let sum = weighted_sum(row, &machine.coef);
                        put(first + i, k, sum, &|coef| magnitude(row, coef));
                    }
                }
            });
        }
        match bad {
            None => Ok(predicted),
            Some((row, value)) => Err(SvmError::Predict(PredictError::NotFinite { row, value })),
        }
    }
}

/// A decision function over the training rows.
struct Machine {
    /// y_i α_i.
    coef: Vec<f64>,
    rho: f64,
}

impl Machine {
    fn new(solution: &DualSolution, y: &[f64]) -> Self {
        Self {
            coef: solution.alpha.iter().zip(y).map(|(a, y)| a * y).collect(),
            rho: solution.rho,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::GridSearch;

    /// C grows by more than the largest number: each fit is that of a search of its C alone.
    #[test]
    fn a_grid_may_span_all_numbers() {
        let x: Vec<f64> = (0..24).map(|i| f64::from(i * 7 % 24) / 8.0).collect();
        let label = |i| Label::from_sign(if i % 3 == 0 { 1.0 } else { -1.0 });
        let y: Vec<Label> = (0..24).map(label).collect();
        let x = Matrix::new(&x, 1).unwrap();
        let fold = || TuningFold {
            x_train: x,
            y_train: &y,
            x_valid: x,
            y_valid: &y,
            candidates: vec![vec![1.0; 24]],
        };
        let right = |truth: &[Label], predicted: &[Label]| {
            truth.iter().zip(predicted).filter(|(t, p)| t == p).count() as f64
        };
        let scores = |c: &[f64]| -> Vec<f64> {
            let grid = GridSearch {
                c: c.to_vec(),
                gamma: vec![4.0],
                ..GridSearch::default()
            };
            let table = grid.run(&[fold()], &right).unwrap();
            table.cells.iter().map(|cell| cell.score).collect()
        };
        let (small, large) = (1e-300, 1e10);
        assert_eq!(
            scores(&[small, large]),
            [scores(&[small]), scores(&[large])].concat()
        );
    }

    #[test]
    fn the_nearest_candidate_is_one_before() {
        let candidates = [
            vec![1.0, 1.0],
            vec![1.0, 0.5],
            vec![0.25, 0.25],
            vec![1.0, 0.5],
        ];
        let near = |candidate, distance| {
            Some(Nearest {
                candidate,
                distance,
            })
        };
        let distances = distances_before(&candidates);
        let of = |left: [bool; 4]| -> Vec<Option<Nearest>> {
            distances.iter().map(|d| nearest(d, &left)).collect()
        };
        let all = [None, near(0, 0.5 / 1.5), near(1, 1.0 / 0.5), near(1, 0.0)];
        assert_eq!(of([true; 4]), all);
        let without_1 = of([true, false, true, true]);
        assert_eq!(without_1[2..], [near(0, 1.5 / 0.5), near(0, 0.5 / 1.5)]);
    }
}
