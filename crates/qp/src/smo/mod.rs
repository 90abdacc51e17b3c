//! Sequential minimal optimisation: which strategy solves a problem.
//!
//! [`blocks`] takes large problems whose matrix is not in memory, [`pairs`] the rest and what the blocks hand back, with
//! [`shrink`] around it where that is switched on. [`rows`] keeps rows of Q, [`passes`] are the inner loops.

mod blocks;
mod lru;
mod memory;
mod pairs;
mod passes;
mod real;
mod rows;
mod settings;
mod shrink;
mod start;

pub use settings::{Precision, Smo};
pub(crate) use start::feasible as feasible_start;

use crate::{DualProblem, DualSolution, QpSolver, SolveError, SolveInfo, Status};
use pairs::{Control, Halt, Pause, Work};
use real::Real;
use rows::Rows;

impl QpSolver for Smo {
    fn solve(
        &self,
        problem: &DualProblem<'_>,
        start: Option<&[f64]>,
    ) -> Result<DualSolution, SolveError> {
        self.validate()?;
        problem.validate()?;
        let alpha = start::feasible(problem, start)?;
        if self.keeps_single(problem.q.diagonal()) {
            solve::<f32>(self, problem, alpha)
        } else {
            solve::<f64>(self, problem, alpha)
        }
    }
}

/// Solves from a feasible point, on rows of the given precision.
fn solve<T: Real>(
    smo: &Smo,
    problem: &DualProblem<'_>,
    alpha: Vec<f64>,
) -> Result<DualSolution, SolveError> {
    let alpha = match blocks::solve::<T>(smo, problem, alpha)? {
        blocks::Outcome::Solved(solution) => return Ok(*solution),
        blocks::Outcome::NotFor(alpha) => alpha,
    };
    let mut rows = Rows::<T>::new(problem.q, problem.y, smo.cache_size)?;
    by_pairs(&mut rows, smo, problem, alpha).map_err(|e| match (e, rows.not_finite()) {
        (SolveError::Overflow { .. }, Some(row)) => SolveError::NotFinite { row },
        (e, _) => e,
    })
}

fn by_pairs<T: Real>(
    rows: &mut Rows<'_, T>,
    smo: &Smo,
    problem: &DualProblem<'_>,
    alpha: Vec<f64>,
) -> Result<DualSolution, SolveError> {
    let mut work = Work::<T>::new(problem, alpha);
    work.initial_gradient(rows)?;
    let mut control = Control::new(smo, problem.n());
    let mut info = SolveInfo::new(Status::Stalled);
    info.status = if smo.shrinking {
        shrink::solve(&mut work, rows, &mut control, &mut info)?
    } else {
        match work.run(rows, &mut control, &mut info, Pause::NEVER)? {
            Halt::Done(status) => status,
            Halt::Pause => Status::Stalled, // NEVER does not pause
        }
    };
    info.rows_computed = rows.computed();
    work.finish(problem, info)
}
