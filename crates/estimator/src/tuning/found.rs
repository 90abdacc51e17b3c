//! What a search found.

use fuzzysvm_svm::tuning::continuous::Evaluation;
use fuzzysvm_svm::tuning::{Cell, HalvingTable};

use crate::Warning;

/// A point that was tried.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Tried {
    /// C; `None` for a method that is not an SVM.
    pub c: Option<f64>,
    /// γ; `None` without one.
    pub gamma: Option<f64>,
    /// Which of the candidates.
    pub candidate: usize,
    /// Mean score over the folds.
    pub score: f64,
    /// The score of every fold; `None` between the points of a grid.
    pub fold_scores: Option<Vec<f64>>,
    /// The last round of halving in which it took part, counted from 1, and whose score it has; `None` for the others.
    pub round: Option<usize>,
    /// Training rows of a fold in that round, the mean over the folds, rounded; `None` for the others.
    pub rows: Option<usize>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// Every point, in the order of the search.
    pub tried: Vec<Tried>,
    /// The first of the best ones; of halving, of those of the last round.
    pub best: usize,
    /// Models fitted.
    pub fits: usize,
    /// Those whose solver stopped before its tolerance.
    pub unconverged: usize,
    /// What the best point gives cause for: memberships that vanish.
    pub warnings: Vec<Warning>,
}

impl Found {
    /// The best point.
    pub fn best(&self) -> &Tried {
        &self.tried[self.best]
    }
}

/// Every candidate with its scores.
pub(super) fn of_learners(scores: Vec<Vec<f64>>) -> Found {
    let fits = scores.iter().map(Vec::len).sum();
    let tried: Vec<Tried> = scores
        .into_iter()
        .enumerate()
        .map(|(candidate, scores)| Tried {
            c: None,
            gamma: None,
            candidate,
            score: scores.iter().sum::<f64>() / scores.len() as f64,
            fold_scores: Some(scores),
            round: None,
            rows: None,
        })
        .collect();
    let best = (0..tried.len()).reduce(|best, i| {
        if tried[i].score > tried[best].score {
            i
        } else {
            best
        }
    });
    Found {
        best: best.unwrap_or(0),
        tried,
        fits,
        unconverged: 0,
        warnings: Vec::new(),
    }
}

/// The cells of a search by halving, each with its last round.
pub(super) fn of_rounds(found: HalvingTable) -> Vec<Tried> {
    let cells = found.table.cells.into_iter().zip(found.last_round);
    cells
        .map(|(cell, round)| Tried {
            round: Some(round + 1),
            rows: Some(found.rounds[round].mean_rows()),
            ..Tried::from(cell)
        })
        .collect()
}

impl From<Cell> for Tried {
    fn from(cell: Cell) -> Self {
        Self {
            c: Some(cell.c),
            gamma: cell.gamma,
            candidate: cell.candidate,
            score: cell.score,
            fold_scores: Some(cell.fold_scores),
            round: None,
            rows: None,
        }
    }
}

impl From<Evaluation> for Tried {
    fn from(point: Evaluation) -> Self {
        Self {
            c: Some(point.c),
            gamma: point.gamma,
            candidate: point.candidate,
            score: point.score,
            fold_scores: None,
            round: None,
            rows: None,
        }
    }
}
