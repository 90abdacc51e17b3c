//! Shrinking: solving for fewer variables while the others keep their values.
//!
//! A variable at a bound that no pair could leave is set aside (Chang & Lin 2011, sec. 5.1,
//! doi:10.1145/1961189.1961199): one that may only fall with f above every f that may rise, one that may
//! only rise with f below every f that may fall, and one whose box is [0, 0]. The rule reads the masks,
//! so every variable is judged by its own bound. What is left is a problem of its own on shortened rows;
//! no variable changes its place in the full one. When the small problem is solved, the full gradient
//! is made up from the variables that moved, and the full problem decides whether that was all.

use super::newton::Newton;
use super::pairs::{Control, Halt, Pause, Work};
use super::passes::{Diagonal, LOW, State, UP};
use super::real::Real;
use super::rows::Rows;
use crate::{SolveError, SolveInfo, Status};

/// How often variables may be set aside again before the full problem is solved without.
const ROUNDS: u32 = 20;

/// Iterations between two looks at what may be set aside, where the matrix is in memory from the start: the fits of a search,
/// most of which begin near their end.
const SOON: u64 = 100;
/// The same elsewhere (LIBSVM's): a shortened row costs a whole one.
const LATER: u64 = 1000;

/// Solves with shrinking.
pub(super) fn solve<T: Real>(
    work: &mut Work<T>,
    rows: &mut Rows<'_, T>,
    newton: &mut Newton,
    control: &mut Control,
    info: &mut SolveInfo,
) -> Result<Status, SolveError> {
    let period = if rows.in_place() { SOON } else { LATER };
    let period = period.min(work.alpha.len() as u64);
    // Near the end all variables are checked once more, as in LIBSVM, so that those set aside too early come back.
    let mut near = 10.0 * control.tol;
    let mut rounds = 0;
    loop {
        let pause = if rounds < ROUNDS {
            Pause {
                after: period,
                gap: 0.0,
            }
        } else {
            Pause::NEVER
        };
        if let Halt::Done(status) = newton.run(work, rows, control, info, pause)? {
            return Ok(status);
        }
        let mut active = work.survivors();
        if !worthwhile(active.len(), work.alpha.len()) {
            continue;
        }
        rounds += 1;
        let before = work.alpha.clone();
        let mut small = work.only(&active);
        rows.keep(&active);
        let status = loop {
            let pause = Pause {
                after: period,
                gap: near,
            };
            if let Halt::Done(status) = newton.run(&mut small, rows, control, info, pause)? {
                break status;
            }
            if small.gap <= near {
                near = 0.0;
                break Status::Converged;
            }
            let places = small.survivors();
            if worthwhile(places.len(), small.alpha.len()) {
                small = {
                    // What is left behind keeps its place in the full problem.
                    put_back(work, &small, &active);
                    active = places.iter().map(|&k| active[k as usize]).collect();
                    small.only(&places)
                };
                rows.keep(&places);
            }
        };
        put_back(work, &small, &active);
        rows.keep_all();
        let change: Vec<f64> = work.alpha.iter().zip(&before).map(|(a, b)| a - b).collect();
        work.move_gradient(rows, &change)?;
        for (i, d) in change.iter().enumerate() {
            if *d != 0.0 {
                work.mark(i);
            }
        }
        match status {
            Status::Converged => {}
            Status::Stalled => rounds = ROUNDS,
            stopped => return Ok(stopped),
        }
    }
}

/// Shortening rows costs about as much as reading them: only for a quarter fewer variables.
fn worthwhile(left: usize, of: usize) -> bool {
    4 * left <= 3 * of
}

fn put_back<T>(work: &mut Work<T>, small: &Work<T>, active: &[u32]) {
    for (&i, &a) in active.iter().zip(&small.alpha) {
        work.alpha[i as usize] = a;
    }
}

impl<T: Real> Work<T> {
    /// The variables that are not to be set aside, by their places.
    fn survivors(&self) -> Vec<u32> {
        let s = &self.state;
        let (most, least) = s.extremes();
        let stays = |i: &u32| {
            let i = *i as usize;
            match (s.mask[i] & UP != 0, s.mask[i] & LOW != 0) {
                (true, true) => true,
                (true, false) => s.f[i] >= least,
                (false, true) => s.f[i] <= most,
                (false, false) => false,
            }
        };
        (0..s.f.len() as u32).filter(stays).collect()
    }

    /// The problem over some of the variables.
    pub(super) fn only(&self, places: &[u32]) -> Self {
        fn pick<V: Copy>(values: &[V], places: &[u32]) -> Vec<V> {
            places.iter().map(|&k| values[k as usize]).collect()
        }
        let s = &self.state;
        Self {
            alpha: pick(&self.alpha, places),
            upper: pick(&self.upper, places),
            y: pick(&self.y, places),
            diag: pick(&self.diag, places),
            state: State::new(
                pick(&s.f, places),
                pick(&s.mask, places),
                match &s.diag {
                    Diagonal::Same(d) => Diagonal::Same(*d),
                    Diagonal::Each(d) => Diagonal::Each(pick(d, places)),
                },
            ),
            gap: self.gap,
            largest_step: self.largest_step,
        }
    }
}
