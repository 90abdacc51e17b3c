//! What every [`QpSolver`] must satisfy, as functions to call on your own solver.
//!
//! Each function returns `Err` with a sentence where the law does not hold.

use crate::solution::kkt_gap;
use crate::{DenseQ, DenseReference, DualProblem, DualSolution, QpSolver, Status};

/// The whole of Q in double precision.
fn dense(problem: &DualProblem<'_>) -> Vec<f64> {
    let n = problem.n();
    let all: Vec<u32> = (0..n as u32).collect();
    let mut data = vec![0.0; n * n];
    problem.signed_rows(&all, &mut data);
    data
}

/// Qα + p, computed anew in double precision.
fn exact_gradient(problem: &DualProblem<'_>, alpha: &[f64]) -> Vec<f64> {
    dense(problem)
        .chunks_exact(problem.n())
        .zip(problem.p)
        .map(|(row, p)| row.iter().zip(alpha).map(|(q, a)| q * a).sum::<f64>() + p)
        .collect()
}

/// ½αᵀQα + pᵀα, computed anew in double precision.
pub fn exact_objective(problem: &DualProblem<'_>, alpha: &[f64]) -> f64 {
    exact_gradient(problem, alpha)
        .iter()
        .zip(problem.p)
        .zip(alpha)
        .map(|((g, p), a)| 0.5 * a * (g + p))
        .sum()
}

/// Every variable lies in its box and yᵀα = Δ up to rounding.
///
/// # Errors
/// A sentence with the first violation.
pub fn feasible(problem: &DualProblem<'_>, solution: &DualSolution) -> Result<(), String> {
    if solution.alpha.len() != problem.n() || solution.gradient.len() != problem.n() {
        return Err("the solution has another length than the problem".into());
    }
    for (i, (&a, &c)) in solution.alpha.iter().zip(problem.upper).enumerate() {
        if !(0.0 <= a && a <= c) {
            return Err(format!("alpha[{i}] = {a} is outside [0, {c}]"));
        }
    }
    let terms = || solution.alpha.iter().zip(problem.y).map(|(a, y)| a * y);
    let sum: f64 = terms().sum();
    let scale: f64 = terms().map(f64::abs).sum::<f64>() + problem.delta.abs();
    if (sum - problem.delta).abs() > 1e-10 * scale {
        return Err(format!("yᵀα = {sum}, not {}", problem.delta));
    }
    Ok(())
}

/// A solution that says it converged has a KKT gap of at most `tol` and says the truth about its
/// gradient, its gap and its objective. `unit` is the relative rounding error of the rows that the
/// solver worked with: 2⁻²⁴ in single precision, 2⁻⁵³ in double.
///
/// # Errors
/// A sentence with both numbers.
pub fn optimal(
    problem: &DualProblem<'_>,
    solution: &DualSolution,
    tol: f64,
    unit: f64,
) -> Result<(), String> {
    if solution.info.status != Status::Converged {
        return Err(format!("the status is {}", solution.info.status));
    }
    let gradient = exact_gradient(problem, &solution.alpha);
    // How far rounded rows and sums can put a gradient off.
    let slack = dense(problem)
        .chunks_exact(problem.n())
        .zip(problem.p)
        .map(|(row, p)| {
            let sum = row.iter().zip(&solution.alpha).map(|(q, a)| (q * a).abs());
            sum.sum::<f64>() + p.abs()
        })
        .fold(0.0, f64::max)
        * (2.0 * unit + 1e-13);
    for (i, (g, e)) in solution.gradient.iter().zip(&gradient).enumerate() {
        if (g - e).abs() > slack {
            return Err(format!("gradient[{i}] is {g}, but Qα + p is {e}"));
        }
    }
    let gap = kkt_gap(problem, &solution.alpha, &gradient);
    if gap > tol + 2.0 * slack || solution.info.kkt_gap > tol {
        return Err(format!(
            "the KKT gap is {gap} (reported {}), the tolerance {tol}",
            solution.info.kkt_gap
        ));
    }
    let objective = exact_objective(problem, &solution.alpha);
    let scale: f64 = solution.alpha.iter().sum::<f64>() * slack + 1e-12 * objective.abs();
    if (objective - solution.info.objective).abs() > scale {
        return Err(format!(
            "the objective is {objective}, not {}",
            solution.info.objective
        ));
    }
    Ok(())
}

/// The objective is that of [`DenseReference`], to `rel` relative to 1 + its magnitude.
///
/// # Errors
/// A sentence with both objectives, or the reference's own error.
pub fn equals_reference(
    problem: &DualProblem<'_>,
    solution: &DualSolution,
    rel: f64,
) -> Result<(), String> {
    let reference = DenseReference::default()
        .solve(problem, None)
        .map_err(|e| e.to_string())?;
    if reference.info.status == Status::MaxIterations {
        return Err("the reference did not converge".into());
    }
    let (ours, theirs) = (
        exact_objective(problem, &solution.alpha),
        exact_objective(problem, &reference.alpha),
    );
    if (ours - theirs).abs() > rel * (1.0 + theirs.abs()) {
        return Err(format!("the objective is {ours}, the reference's {theirs}"));
    }
    Ok(())
}

/// All solvers and all starts reach the same objective, to `rel` relative to 1 + its magnitude: for
/// settings that must not change the result (cache, shrinking, precision, warm start).
///
/// # Errors
/// A sentence naming the first solver (or start) that differs.
pub fn settings_agree(
    problem: &DualProblem<'_>,
    solvers: &[&dyn QpSolver],
    starts: &[Vec<f64>],
    rel: f64,
) -> Result<(), String> {
    let mut first: Option<f64> = None;
    for (k, solver) in solvers.iter().enumerate() {
        let all = std::iter::once(None).chain(starts.iter().map(|s| Some(s.as_slice())));
        for (j, start) in all.enumerate() {
            let solution = solver.solve(problem, start).map_err(|e| e.to_string())?;
            feasible(problem, &solution)?;
            let objective = exact_objective(problem, &solution.alpha);
            let expected = *first.get_or_insert(objective);
            if (objective - expected).abs() > rel * (1.0 + expected.abs()) {
                return Err(format!(
                    "solver {k} from start {j} ends at {objective}, the first at {expected}"
                ));
            }
        }
    }
    Ok(())
}

/// Renaming the variables renames the solution: the same objective to `tol`, and the same gradient to
/// `tol` plus what the two KKT gaps leave open.
///
/// How much that is follows from convexity. A gap g leaves f(α) − f* ≤ g·S/2 with S = Σα + Σα*, and
/// ‖α − α*‖_Q² ≤ 2 (f(α) − f*), so that a component of the gradient can be off by √(Q_ii g S).
///
/// # Errors
/// A sentence with the first difference.
pub fn commutes_with_permutation(
    solver: &dyn QpSolver,
    problem: &DualProblem<'_>,
    permutation: &[usize],
    tol: f64,
) -> Result<(), String> {
    let n = problem.n();
    let q = dense(problem);
    let permuted: Vec<f64> = permutation
        .iter()
        .flat_map(|&i| permutation.iter().map(move |&j| (i, j)))
        .map(|(i, j)| q[i * n + j])
        .collect();
    let pick = |v: &[f64]| -> Vec<f64> { permutation.iter().map(|&i| v[i]).collect() };
    let (p, y, upper) = (pick(problem.p), pick(problem.y), pick(problem.upper));
    let q = DenseQ::new(permuted, n).map_err(|e| e.to_string())?;
    let other = DualProblem::new(&q, &p, &y, problem.delta, &upper).map_err(|e| e.to_string())?;
    let a = solver.solve(problem, None).map_err(|e| e.to_string())?;
    let b = solver.solve(&other, None).map_err(|e| e.to_string())?;
    let (x, z) = (a.info.objective, b.info.objective);
    if (x - z).abs() > tol * (1.0 + x.abs()) {
        return Err(format!("the objective is {x} one way and {z} the other"));
    }
    let total: f64 = a.alpha.iter().chain(&b.alpha).sum();
    for (k, &i) in permutation.iter().enumerate() {
        let (x, z) = (a.gradient[i], b.gradient[k]);
        let open = |gap: f64| (problem.q.diagonal()[i].abs() * gap * total).sqrt();
        let allowed = tol * (1.0 + x.abs()) + open(a.info.kkt_gap) + open(b.info.kkt_gap);
        if (x - z).abs() > allowed {
            return Err(format!(
                "the gradient of variable {i} is {x} one way and {z} the other"
            ));
        }
    }
    Ok(())
}
