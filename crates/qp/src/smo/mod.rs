//! Sequential minimal optimisation: which strategy solves a problem.
//!
//! [`blocks`] takes large problems whose matrix is not in memory, [`pairs`] the rest and what the blocks hand back, with
//! [`shrink`] around it where that is switched on and [`newton`]'s steps in between. [`rows`] keeps rows of Q, [`passes`] are the inner loops. What they
//! find is checked in double precision by [`exact`].

mod blocks;
mod exact;
mod factor;
mod known;
mod lru;
mod memory;
mod newton;
mod pairs;
mod passes;
mod real;
mod rows;
mod settings;
mod shrink;
mod start;

pub use known::Known;
pub use settings::{Precision, Smo};
pub(crate) use start::feasible as feasible_start;

use crate::{DualProblem, DualSolution, QpSolver, SolveError, SolveInfo, Status};
use exact::{Rounds, Verdict};
use newton::Newton;
use pairs::{Control, Halt, Pause, Work};
use real::Real;
use rows::Rows;

impl QpSolver for Smo {
    fn solve(
        &self,
        problem: &DualProblem<'_>,
        start: Option<&[f64]>,
    ) -> Result<DualSolution, SolveError> {
        self.solve_from(problem, start, None)
    }
}

impl Smo {
    fn solve_from(
        &self,
        problem: &DualProblem<'_>,
        start: Option<&[f64]>,
        known: Option<Known<'_>>,
    ) -> Result<DualSolution, SolveError> {
        self.validate()?;
        problem.validate()?;
        Self::check_known(problem, known)?;
        let alpha = start::feasible(problem, start)?;
        let mut control = Control::new(self, problem.n());
        let mut info = SolveInfo::new(Status::Stalled);
        if !self.keeps_single(problem.q.diagonal()) {
            let solved = solve::<f64>(self, problem, alpha, known, &mut control, &mut info)?;
            return solved.work.finish(problem, info);
        }
        let solved = solve::<f32>(self, problem, alpha, known, &mut control, &mut info)?;
        if solved.exhausted && self.precision == Precision::Auto {
            // From here on in double precision.
            let alpha = solved.work.alpha;
            control = control.again(self);
            let solved = solve::<f64>(self, problem, alpha, None, &mut control, &mut info)?;
            return solved.work.finish(problem, info);
        }
        solved.work.finish(problem, info)
    }
}

/// A point with its true gradient; `info` says why the solver stopped there.
struct Solved<T> {
    work: Work<T>,
    /// Whether rows of this precision cannot bring the true gap below the tolerance.
    exhausted: bool,
}

/// Solves from a feasible point, on rows of the given precision.
fn solve<T: Real>(
    smo: &Smo,
    problem: &DualProblem<'_>,
    alpha: Vec<f64>,
    known: Option<Known<'_>>,
    control: &mut Control,
    info: &mut SolveInfo,
) -> Result<Solved<T>, SolveError> {
    let alpha = match blocks::solve::<T>(smo, problem, alpha, known, control, info)? {
        blocks::Outcome::Solved(solved) => return Ok(*solved),
        blocks::Outcome::NotFor(alpha) => alpha,
    };
    *control = control.again(smo);
    let mut rows = Rows::<T>::new(problem.q, problem.y, smo.cache_size)?;
    by_pairs(&mut rows, smo, problem, (alpha, known), control, info).map_err(|e| {
        match (e, rows.not_finite()) {
            (SolveError::Overflow { .. }, Some(row)) => SolveError::NotFinite { row },
            (e, _) => e,
        }
    })
}

fn by_pairs<T: Real>(
    rows: &mut Rows<'_, T>,
    smo: &Smo,
    problem: &DualProblem<'_>,
    (alpha, known): (Vec<f64>, Option<Known<'_>>),
    control: &mut Control,
    info: &mut SolveInfo,
) -> Result<Solved<T>, SolveError> {
    let (mut work, change) = Work::<T>::near(problem, alpha, known);
    work.move_gradient(rows, &change)?;
    let mut rounds = Rounds::new();
    let computed = info.rows_computed;
    loop {
        let mut newton = Newton::new(control, info);
        let stopped = if smo.shrinking {
            shrink::solve(&mut work, rows, &mut newton, control, info)?
        } else {
            match newton.run(&mut work, rows, control, info, Pause::NEVER)? {
                Halt::Done(status) => status,
                Halt::Pause => Status::Stalled, // NEVER does not pause
            }
        };
        info.rows_computed = computed + rows.computed();
        let gap = work.refresh(problem, smo)?;
        let verdict = rounds.judge(stopped, gap, smo, control, info);
        if verdict == Verdict::GoOn {
            continue;
        }
        let exhausted = verdict == Verdict::Exhausted;
        return Ok(Solved { work, exhausted });
    }
}
