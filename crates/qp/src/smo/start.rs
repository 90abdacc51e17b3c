//! A feasible point near a given one.

use crate::{DualProblem, SolveError};

/// Clamps `start` (0 where there is none) into the box and moves it onto yᵀα = Δ.
///
/// The move is spread in proportion to the room that the variables have, first over the free ones,
/// then over those that leave the upper bound, at last over those that leave 0, so that variables at
/// a bound stay there where they can.
pub(crate) fn feasible(
    problem: &DualProblem<'_>,
    start: Option<&[f64]>,
) -> Result<Vec<f64>, SolveError> {
    let n = problem.n();
    let mut alpha = match start {
        None => vec![0.0; n],
        Some(s) if s.len() != n => {
            return Err(SolveError::LengthMismatch {
                what: "start",
                expected: n,
                found: s.len(),
            });
        }
        Some(s) => s
            .iter()
            .zip(problem.upper)
            .map(|(&a, &c)| a.max(0.0).min(c))
            .collect(),
    };
    if let Some(row) = start.and_then(|s| s.iter().position(|v| !v.is_finite())) {
        return Err(SolveError::InvalidEntry {
            what: "start",
            row,
            value: start.map_or(f64::NAN, |s| s[row]),
            rule: "must be finite",
        });
    }
    for stage in [Stage::Free, Stage::AtUpper, Stage::AtZero] {
        let residual = residual(problem, &alpha);
        let scale: f64 = alpha.iter().sum::<f64>() + problem.delta.abs();
        if residual.abs() <= 1e-14 * scale {
            break;
        }
        spread(problem, &mut alpha, residual, stage);
    }
    // What rounding left goes to the variable farthest from its bounds. One at a bound never takes it:
    // it would become free by 1e-17 and have a say in rho.
    let slack = |i: &usize| alpha[*i].min(problem.upper[*i] - alpha[*i]);
    if let Some(i) = (0..n).max_by(|a, b| slack(a).total_cmp(&slack(b))) {
        let moved = alpha[i] + problem.y[i] * residual(problem, &alpha);
        if moved > 0.0 && moved < problem.upper[i] && slack(&i) > 0.0 {
            alpha[i] = moved;
        }
    }
    Ok(alpha)
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Free,
    AtUpper,
    AtZero,
}

fn residual(problem: &DualProblem<'_>, alpha: &[f64]) -> f64 {
    let sum: f64 = alpha.iter().zip(problem.y).map(|(a, y)| a * y).sum();
    problem.delta - sum
}

fn spread(problem: &DualProblem<'_>, alpha: &mut [f64], residual: f64, stage: Stage) {
    let room = |i: usize, a: f64| {
        let c = problem.upper[i];
        let of = if a > 0.0 && a < c {
            Stage::Free
        } else if a > 0.0 {
            Stage::AtUpper
        } else {
            Stage::AtZero
        };
        if of != stage {
            0.0
        } else if problem.y[i] * residual > 0.0 {
            c - a
        } else {
            a
        }
    };
    let rooms: Vec<f64> = alpha.iter().enumerate().map(|(i, &a)| room(i, a)).collect();
    let unbounded = rooms.iter().filter(|r| r.is_infinite()).count();
    let total: f64 = rooms.iter().sum();
    let need = residual.abs();
    for i in 0..alpha.len() {
        if rooms[i] <= 0.0 {
            continue;
        }
        let share = if unbounded > 0 {
            if rooms[i].is_infinite() {
                need / unbounded as f64
            } else {
                0.0
            }
        } else {
            rooms[i] * (need / total).min(1.0)
        };
        let sign = (problem.y[i] * residual).signum();
        alpha[i] = if share >= rooms[i] {
            // The whole room: exactly onto the bound.
            if sign > 0.0 { problem.upper[i] } else { 0.0 }
        } else {
            (alpha[i] + sign * share).clamp(0.0, problem.upper[i])
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DenseQ;

    fn moved(start: &[f64], upper: &[f64], delta: f64) -> Vec<f64> {
        let n = start.len();
        let q = DenseQ::new(vec![0.0; n * n], n).unwrap();
        let (p, y) = (vec![0.0; n], vec![1.0; n]);
        let problem = DualProblem::new(&q, &p, &y, delta, upper).unwrap();
        feasible(&problem, Some(start)).unwrap()
    }

    #[test]
    fn a_variable_at_its_bound_stays_there_while_others_have_room() {
        assert_eq!(moved(&[1.0, 0.5], &[1.0; 2], 1.25), [1.0, 0.25]);
        assert_eq!(moved(&[0.0, 0.5], &[1.0; 2], 0.75), [0.0, 0.75]);
        // Where they have none, those at the upper bound come before those at 0.
        assert_eq!(moved(&[1.0, 0.25, 0.0], &[1.0; 3], 0.75), [0.75, 0.0, 0.0]);
    }

    #[test]
    fn the_rounding_of_a_sum_moves_nothing_off_its_bound() {
        // 0.1 + 0.1 + 0.1 is above 0.3 by the rounding of the sum.
        assert_eq!(moved(&[0.1; 3], &[0.1; 3], 0.3), [0.1; 3]);
    }
}
