//! The solver without a support vector machine: the portfolio of least risk for its return.
//!
//! min ½ αᵀQα − μᵀα with Q = λ · covariance of returns, Σα = 1 and at most half of the money in one asset.

use fuzzysvm_qp::{DenseQ, DualProblem, QpSolver, Smo, SolveError, Status};

fn main() -> Result<(), SolveError> {
    let risk_aversion = 4.0;
    let covariance = [0.04, 0.01, 0.00, 0.01, 0.09, 0.02, 0.00, 0.02, 0.16];
    let mean_return = [0.05, 0.08, 0.12];

    let q = DenseQ::new(covariance.map(|v| risk_aversion * v).to_vec(), 3)?;
    let p = mean_return.map(|r| -r);
    let (y, upper) = ([1.0; 3], [0.5; 3]);
    let problem = DualProblem::new(&q, &p, &y, 1.0, &upper)?;
    let solution = Smo {
        tol: 1e-9,
        ..Smo::default()
    }
    .solve(&problem, None)?;

    assert_eq!(solution.info.status, Status::Converged);
    println!(
        "shares {:.3?}, objective {:.5}",
        solution.alpha, solution.info.objective
    );
    assert!((solution.alpha.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    Ok(())
}
