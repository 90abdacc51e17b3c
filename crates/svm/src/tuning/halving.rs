//! Successive halving: many cells on few rows, few cells on all rows.

use super::fold::{Job, Outcome, Score, TuningFold};
use super::grid::{Cell, GridSearch, GridTable, Part, in_fold, rank};
use crate::SvmError;
use fuzzysvm_core::{ClassCounts, Label, MatrixBuf, ParamError};
use fuzzysvm_kernels::KernelKind;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::cmp::Ordering;

/// A search of a grid by successive halving (Jamieson & Talwalkar 2016, *AISTATS*, PMLR 51, arXiv 1502.07943).
///
/// All N cells are tried on a small share of the training rows of every fold, the best `1 / factor` of them on `factor`
/// times as many, and so on; the last round is on all rows, and the best cell is the best of that round. With R rounds,
/// counted from 0, round r has the share `factor`^(r + 1 − R) of the rows and, of the N_r cells of the round before, the
/// best ⌈N_r / `factor`⌉, the earlier of equally good ones. R is 1 + ⌊log_factor N⌋, or as many rounds less as it takes
/// for the first to have `min_rows` training rows in every fold, 20 of each class, and of each class one to which a
/// candidate gives a weight. With one round the result is the grid's, to the last bit.
///
/// The rows of a round are drawn by class and contain those of the round before. They keep the weights that the
/// candidates give them in the whole training part, and are scored on the whole validation part.
///
/// The objective ½‖w‖² + C Σ s_i ξ_i grows with the rows, so on m of n rows a cell is fitted with C n / m: the expected
/// objective is that of all rows. `HalvingGridSearchCV` of scikit-learn leaves C as it is, which prefers too large a C
/// in the first rounds.
///
/// ```
/// use fuzzysvm_core::{Label, Matrix};
/// use fuzzysvm_svm::tuning::{GridSearch, HalvingSearch, TuningFold};
///
/// let x: Vec<f64> = (0..240).map(|i| f64::from(i * 37 % 240) / 60.0).collect();
/// let y: Vec<Label> = x.iter().map(|v| Label::from_sign(v - 2.0)).collect();
/// let fold = TuningFold {
///     x_train: Matrix::new(&x, 1)?,
///     y_train: &y,
///     x_valid: Matrix::new(&x, 1)?,
///     y_valid: &y,
///     candidates: vec![vec![1.0; 240]],
/// };
/// let accuracy = |truth: &[Label], predicted: &[Label]| {
///     truth.iter().zip(predicted).filter(|(t, p)| t == p).count() as f64 / truth.len() as f64
/// };
/// let grid = GridSearch { c: vec![0.001, 0.1, 1.0], gamma: vec![0.1, 1.0, 10.0], ..GridSearch::default() };
/// let search = HalvingSearch { grid, min_rows: 60, ..HalvingSearch::default() };
/// let found = search.run(&[fold], &accuracy)?;
/// // Nine cells on 80 rows, three of them on all 240.
/// let rounds: Vec<_> = found.rounds.iter().map(|r| (r.cells, r.rows[0])).collect();
/// assert_eq!(rounds, [(9, 80), (3, 240)]);
/// assert_eq!(found.table.fits, 12);
/// assert_eq!(found.last_round[found.table.best], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct HalvingSearch {
    /// The cells, the kernel and the solver.
    pub grid: GridSearch,
    /// One of so many cells stays after a round, and the next has so many times the rows; at least 2. Default 3.
    pub factor: usize,
    /// Least training rows of a fold in the first of several rounds, at least 1. Default 200.
    pub min_rows: usize,
    /// Seed of the draws; default 0.
    pub seed: u64,
}

impl Default for HalvingSearch {
    fn default() -> Self {
        Self {
            grid: GridSearch::default(),
            factor: 3,
            min_rows: 200,
            seed: 0,
        }
    }
}

/// Least rows of each class in the first of several rounds.
const MIN_OF_CLASS: usize = 20;

/// A round of a [`HalvingSearch`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HalvingRound {
    /// Cells that take part.
    pub cells: usize,
    /// Training rows of every fold.
    pub rows: Vec<usize>,
}

impl HalvingRound {
    /// Models to fit: every cell on every fold.
    pub fn fits(&self) -> usize {
        self.cells * self.rows.len()
    }

    /// Training rows of a fold, the mean over the folds, rounded.
    pub fn mean_rows(&self) -> usize {
        let n = self.rows.len().max(1);
        (2 * self.rows.iter().sum::<usize>() + n) / (2 * n)
    }
}

/// What a [`HalvingSearch`] found.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HalvingTable {
    /// Every cell with its scores in the last round in which it took part, and the best of the last round. Scores of
    /// different rounds are of different numbers of training rows.
    pub table: GridTable,
    /// For every cell, the last round in which it took part, an index into `rounds`.
    pub last_round: Vec<usize>,
    /// The rounds, the last one on all rows.
    pub rounds: Vec<HalvingRound>,
}

impl HalvingSearch {
    /// Checks the grid and the settings.
    ///
    /// # Errors
    /// As [`GridSearch::validate`].
    pub fn validate(&self) -> Result<(), SvmError> {
        self.grid.validate()?;
        let (factor, rows) = (self.factor as f64, self.min_rows as f64);
        ParamError::check(self.factor >= 2, "factor", factor, "must be at least 2")?;
        ParamError::check(self.min_rows >= 1, "min_rows", rows, "must be at least 1")?;
        Ok(())
    }

    /// The rounds of so many cells over training parts with these classes, where every draw gives every candidate a
    /// weight in both classes. A `factor` below 2 counts as 2.
    ///
    /// ```
    /// use fuzzysvm_core::ClassCounts;
    /// use fuzzysvm_svm::tuning::HalvingSearch;
    ///
    /// let search = HalvingSearch::default();
    /// let rounds = |cells, positive, negative| -> Vec<(usize, usize)> {
    ///     let classes = ClassCounts { positive, negative };
    ///     search.rounds_of(cells, &[classes]).iter().map(|r| (r.cells, r.rows[0])).collect()
    /// };
    /// assert_eq!(rounds(100, 8000, 8000), [(100, 592), (34, 1778), (12, 5334), (4, 16000)]);
    /// // 20 rows of the rarer class are a ninth of 180, and less than a third of 50.
    /// assert_eq!(rounds(100, 180, 9000).len(), 3);
    /// assert_eq!(rounds(100, 50, 9000), [(100, 9050)]);
    /// ```
    #[must_use]
    pub fn rounds_of(&self, cells: usize, classes: &[ClassCounts]) -> Vec<HalvingRound> {
        self.rounds_up_to(self.most_rounds(cells), cells, classes)
    }

    /// The rounds of a search over these folds; their [fits](HalvingRound::fits) are those of the search.
    ///
    /// # Errors
    /// As [`HalvingSearch::run`].
    pub fn rounds(&self, folds: &[TuningFold<'_>]) -> Result<Vec<HalvingRound>, SvmError> {
        let n_candidates = self.check(folds)?;
        let cells = self.grid.kernels().len() * self.grid.c.len() * n_candidates;
        Ok(self.plan(cells, folds, &self.draws(folds)))
    }

    /// Runs the search. The table does not depend on the number of threads.
    ///
    /// # Errors
    /// [`SvmError`]: parameters, or the first fold that cannot be used, as [`SvmError::Fold`].
    pub fn run(
        &self,
        folds: &[TuningFold<'_>],
        score: Score<'_>,
    ) -> Result<HalvingTable, SvmError> {
        self.run_with_progress(folds, score, &|| {})
    }

    /// As [`HalvingSearch::run`], calling `fitted` after every fit, from any thread.
    ///
    /// # Errors
    /// As [`HalvingSearch::run`].
    pub fn run_with_progress(
        &self,
        folds: &[TuningFold<'_>],
        score: Score<'_>,
        fitted: &(dyn Fn() + Sync),
    ) -> Result<HalvingTable, SvmError> {
        let n_candidates = self.check(folds)?;
        let kernels = self.grid.kernels();
        let draws = self.draws(folds);
        let mut cells = unscored(&kernels, &self.grid.c, n_candidates);
        let rounds = self.plan(cells.len(), folds, &draws);
        let mut left = vec![true; cells.len()];
        let mut last_round = vec![0; cells.len()];
        let (mut fits, mut unconverged, mut iterations) = (0, 0, 0);
        for (number, round) in rounds.iter().enumerate() {
            if number > 0 {
                left = best_of(&cells, &left, round.cells);
            }
            let outcomes = if number + 1 == rounds.len() {
                let c = vec![self.grid.c.clone(); folds.len()];
                self.fit(folds, &kernels, &c, &left, score, fitted)?
            } else {
                let divisor = self.divisor(number, rounds.len());
                let with_rows = folds.iter().zip(&draws);
                let samples: Vec<Sample> = with_rows
                    .map(|(fold, draw)| Sample::new(fold, draw.rows(divisor)))
                    .collect();
                let of_folds = || folds.iter().zip(&samples);
                let c: Vec<_> = of_folds().map(|(f, s)| s.grown(f, &self.grid.c)).collect();
                let drawn: Vec<_> = of_folds().map(|(f, s)| s.fold(f)).collect();
                self.fit(&drawn, &kernels, &c, &left, score, fitted)
                    .map_err(|e| of_all_rows(e, &samples))?
            };
            for outcome in outcomes.iter().flatten().flatten() {
                fits += 1;
                unconverged += usize::from(!outcome.converged);
                iterations += outcome.iterations;
            }
            let of_kernel = cells.len() / kernels.len();
            for (i, cell) in cells.iter_mut().enumerate().filter(|(i, _)| left[*i]) {
                let (kernel, at) = (i / of_kernel, i % of_kernel);
                let of_cell = outcomes[kernel * folds.len()..][..folds.len()].iter();
                let scores = of_cell.filter_map(|of_fold| of_fold[at].as_ref().map(|o| o.score));
                *cell = Cell::new(&kernels[kernel], cell.c, cell.candidate, scores.collect());
                last_round[i] = number;
            }
        }
        let best = best_of(&cells, &left, 1);
        Ok(HalvingTable {
            table: GridTable {
                best: best.iter().position(|&l| l).unwrap_or(0),
                cells,
                fits,
                unconverged,
                iterations,
            },
            last_round,
            rounds,
        })
    }

    /// Checks everything on all rows, which the last round may be the first to see; the number of candidates.
    fn check(&self, folds: &[TuningFold<'_>]) -> Result<usize, SvmError> {
        self.validate()?;
        let n_candidates = self.grid.check(folds)?;
        for kernel in &self.grid.kernels() {
            for (number, fold) in folds.iter().enumerate() {
                Job::new(fold, kernel, &self.grid.solver).map_err(in_fold(number))?;
            }
        }
        Ok(n_candidates)
    }

    fn fit(
        &self,
        folds: &[TuningFold<'_>],
        kernels: &[KernelKind],
        c: &[Vec<f64>],
        left: &[bool],
        score: Score<'_>,
        fitted: &(dyn Fn() + Sync),
    ) -> Result<Vec<Vec<Option<Outcome>>>, SvmError> {
        let part = Part {
            folds,
            kernels,
            c,
            left,
        };
        self.grid.fit(&part, score, fitted)
    }

    /// The factor, also where it was not checked.
    fn factor(&self) -> usize {
        self.factor.max(2)
    }

    /// One in how many rows a round has.
    fn divisor(&self, round: usize, n_rounds: usize) -> usize {
        (round + 1..n_rounds).fold(1, |d: usize, _| d.saturating_mul(self.factor()))
    }

    /// 1 + ⌊log_factor cells⌋.
    fn most_rounds(&self, cells: usize) -> usize {
        let (mut rounds, mut left) = (1, cells);
        while left >= self.factor() {
            left /= self.factor();
            rounds += 1;
        }
        rounds
    }

    /// The rounds, as many as the classes allow, but no more than `most`.
    fn rounds_up_to(
        &self,
        most: usize,
        cells: usize,
        classes: &[ClassCounts],
    ) -> Vec<HalvingRound> {
        let suffices = |divisor: usize| {
            classes.iter().all(|counts| {
                let of_class = [counts.positive, counts.negative].map(|n| share(n, divisor));
                of_class.iter().sum::<usize>() >= self.min_rows
                    && of_class.iter().all(|&n| n >= MIN_OF_CLASS)
            })
        };
        let enough = |n: &usize| suffices(self.divisor(0, *n));
        let n_rounds = (2..=most).rev().find(enough).unwrap_or(1);
        let mut cells = cells;
        (0..n_rounds)
            .map(|round| {
                if round > 0 {
                    cells = cells.div_ceil(self.factor());
                }
                let divisor = self.divisor(round, n_rounds);
                let rows = |counts: &ClassCounts| {
                    share(counts.positive, divisor) + share(counts.negative, divisor)
                };
                HalvingRound {
                    cells,
                    rows: classes.iter().map(rows).collect(),
                }
            })
            .collect()
    }

    /// The rounds of a search, in all of which every candidate has both classes.
    fn plan(&self, cells: usize, folds: &[TuningFold<'_>], draws: &[Draw]) -> Vec<HalvingRound> {
        let classes: Vec<_> = folds.iter().map(|f| ClassCounts::of(f.y_train)).collect();
        let mut rounds = self.rounds_of(cells, &classes);
        // Rows of a round contain those of the one before, so the first alone may be too few.
        while rounds.len() > 1 {
            let divisor = self.divisor(0, rounds.len());
            let mut of_folds = folds.iter().zip(draws);
            if of_folds.all(|(fold, draw)| draw.has_both_classes(divisor, &fold.candidates)) {
                break;
            }
            rounds = self.rounds_up_to(rounds.len() - 1, cells, &classes);
        }
        rounds
    }

    fn draws(&self, folds: &[TuningFold<'_>]) -> Vec<Draw> {
        let of = |(number, fold): (usize, &TuningFold<'_>)| Draw::new(fold, self.seed, number);
        folds.iter().enumerate().map(of).collect()
    }
}

/// One in `divisor` of so many rows, rounded, at least one.
fn share(rows: usize, divisor: usize) -> usize {
    let rounded = rows / divisor + usize::from(rows % divisor >= divisor.div_ceil(2));
    rounded.max(rows.min(1))
}

/// The training rows of a fold by class, each in the order in which rounds take them.
struct Draw {
    classes: [Vec<usize>; 2],
}

impl Draw {
    fn new(fold: &TuningFold<'_>, seed: u64, number: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Streams from the other end than those of the folds themselves, which may come from the same seed.
        rng.set_stream(u64::MAX - number as u64);
        let classes = [Label::Positive, Label::Negative].map(|class| {
            let y = fold.y_train;
            let mut rows: Vec<usize> = (0..y.len()).filter(|&i| y[i] == class).collect();
            rows.shuffle(&mut rng);
            rows
        });
        Self { classes }
    }

    fn of_classes(&self, divisor: usize) -> [&[usize]; 2] {
        [0, 1].map(|class| {
            let rows = &self.classes[class];
            &rows[..share(rows.len(), divisor)]
        })
    }

    /// The rows, ascending.
    fn rows(&self, divisor: usize) -> Vec<usize> {
        let mut rows = self.of_classes(divisor).concat();
        rows.sort_unstable();
        rows
    }

    /// Whether every candidate gives a row of each class a weight.
    fn has_both_classes(&self, divisor: usize, candidates: &[Vec<f64>]) -> bool {
        let of_classes = self.of_classes(divisor);
        let weighted = |weights: &Vec<f64>| {
            let mut classes = of_classes.iter();
            classes.all(|rows| rows.iter().any(|&i| weights[i] > 0.0))
        };
        candidates.iter().all(weighted)
    }
}

/// The training rows of a round.
struct Sample {
    rows: Vec<usize>,
    x: MatrixBuf,
    y: Vec<Label>,
}

impl Sample {
    fn new(fold: &TuningFold<'_>, rows: Vec<usize>) -> Self {
        Self {
            x: fold.x_train.select_rows(&rows),
            y: rows.iter().map(|&i| fold.y_train[i]).collect(),
            rows,
        }
    }

    fn fold<'a>(&'a self, all: &TuningFold<'a>) -> TuningFold<'a> {
        let of_rows = |weights: &Vec<f64>| self.rows.iter().map(|&i| weights[i]).collect();
        TuningFold {
            x_train: self.x.view(),
            y_train: &self.y,
            x_valid: all.x_valid,
            y_valid: all.y_valid,
            candidates: all.candidates.iter().map(of_rows).collect(),
        }
    }

    /// C for these rows in place of all, so that the objective is the same in expectation.
    fn grown(&self, all: &TuningFold<'_>, c: &[f64]) -> Vec<f64> {
        let ratio = all.y_train.len() as f64 / self.rows.len() as f64;
        c.iter().map(|c| (c * ratio).min(f64::MAX)).collect()
    }
}

/// An error in a round names the row of the fold.
fn of_all_rows(error: SvmError, samples: &[Sample]) -> SvmError {
    let SvmError::Fold { fold, mut source } = error else {
        return error;
    };
    if let SvmError::KernelOverflow { row } = &mut *source {
        let rows = samples.get(fold).map(|sample| &sample.rows);
        *row = rows
            .and_then(|rows| rows.get(*row))
            .copied()
            .unwrap_or(*row);
    }
    SvmError::Fold { fold, source }
}

/// All cells, with no score yet.
fn unscored(kernels: &[KernelKind], c: &[f64], n_candidates: usize) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(kernels.len() * c.len() * n_candidates);
    for kernel in kernels {
        for &c in c {
            cells.extend((0..n_candidates).map(|k| Cell::new(kernel, c, k, Vec::new())));
        }
    }
    cells
}

/// Of the cells that are left the `n` best, the earlier of equally good ones.
fn best_of(cells: &[Cell], left: &[bool], n: usize) -> Vec<bool> {
    let better = |a: &Cell, b: &Cell| {
        let order = rank(b.score).partial_cmp(&rank(a.score));
        order.unwrap_or(Ordering::Equal)
    };
    let mut order: Vec<usize> = (0..cells.len()).filter(|&i| left[i]).collect();
    // Stable.
    order.sort_by(|&a, &b| better(&cells[a], &cells[b]));
    let mut stays = vec![false; cells.len()];
    order.iter().take(n).for_each(|&i| stays[i] = true);
    stays
}

#[cfg(test)]
mod tests;
