//! Regressions that the library does not have.

use fuzzysvm::core::{Matrix, MatrixBuf};
use fuzzysvm::kernels::{Kernel, Rbf};
use fuzzysvm::qp::{DualProblem, QMatrix, QpSolver, Smo, Status};
use nalgebra::{DMatrix, DVector};

use crate::Failure;

/// Queries whose kernel values are in memory at a time.
const AT_ONCE: usize = 256;

/// Σ coef_i K(x_i, ·) + intercept.
struct Expansion {
    kernel: Rbf,
    x: MatrixBuf,
    coef: Vec<f64>,
    intercept: f64,
}

impl Expansion {
    fn forecast(&self, x_new: Matrix<'_>) -> Result<Vec<f64>, Failure> {
        self.kernel.check_points(x_new)?;
        let prepared = self.kernel.prepare(self.x.view());
        let mut all = Vec::with_capacity(x_new.n_rows());
        for start in (0..x_new.n_rows()).step_by(AT_ONCE) {
            let part = x_new.slice_rows(start, (start + AT_ONCE).min(x_new.n_rows()));
            let mut block = vec![0.0; part.n_rows() * self.coef.len()];
            prepared.block_f64(part, &mut block);
            let rows = block.chunks_exact(self.coef.len());
            all.extend(rows.map(|row| {
                let products = row.iter().zip(&self.coef);
                self.intercept + products.map(|(k, c)| k * c).sum::<f64>()
            }));
        }
        Ok(all)
    }
}

fn gram(kernel: &Rbf, x: Matrix<'_>) -> Result<Vec<f64>, Failure> {
    kernel.validate()?;
    kernel.check_points(x)?;
    let n = x.n_rows();
    let mut gram = vec![0.0; n * n];
    let all: Vec<u32> = (0..n as u32).collect();
    kernel.prepare(x).rows_f64(&all, &mut gram);
    Ok(gram)
}

/// Kernel ridge regression on returns less their mean: (K + alpha I) coef = y.
pub struct KernelRidge(Expansion);

impl KernelRidge {
    pub fn fit(x: MatrixBuf, returns: &[f64], gamma: f64, alpha: f64) -> Result<Self, Failure> {
        let (kernel, n) = (Rbf { gamma }, returns.len());
        let mut matrix = DMatrix::from_vec(n, n, gram(&kernel, x.view())?);
        for i in 0..n {
            matrix[(i, i)] += alpha;
        }
        let mean = returns.iter().sum::<f64>() / n as f64;
        let y = DVector::from_iterator(n, returns.iter().map(|y| y - mean));
        let cholesky = matrix.cholesky().ok_or("K + alpha I is not positive")?;
        Ok(Self(Expansion {
            kernel,
            x,
            coef: cholesky.solve(&y).iter().copied().collect(),
            intercept: mean,
        }))
    }

    pub fn forecast(&self, x_new: Matrix<'_>) -> Result<Vec<f64>, Failure> {
        self.0.forecast(x_new)
    }
}

/// The kernel matrix of the samples twice over: one half of the variables pulls the forecast up, the other down.
struct Twice {
    gram: Vec<f64>,
    diagonal: Vec<f64>,
}

impl QMatrix for Twice {
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.len() / 2;
        for (&r, out) in rows.iter().zip(out.chunks_exact_mut(2 * n)) {
            let row = &self.gram[(r as usize % n) * n..][..n];
            out[..n].copy_from_slice(row);
            out[n..].copy_from_slice(row);
        }
    }

    fn is_kernel(&self) -> bool {
        true
    }
}

/// ε-insensitive support vector regression with a bound per sample. The 2n variables α and α* are those of
/// min ½(α − α*)ᵀK(α − α*) + ε Σ(α + α*) − yᵀ(α − α*) subject to Σ(α − α*) = 0 and 0 ≤ α_i, α*_i ≤ bound_i.
pub struct Svr(Expansion);

impl Svr {
    pub fn fit(
        x: MatrixBuf,
        returns: &[f64],
        bounds: &[f64],
        epsilon: f64,
        gamma: f64,
    ) -> Result<Self, Failure> {
        let (kernel, n) = (Rbf { gamma }, returns.len());
        let q = Twice {
            gram: gram(&kernel, x.view())?,
            diagonal: vec![1.0; 2 * n],
        };
        let sign: Vec<f64> = (0..2 * n).map(|i| if i < n { 1.0 } else { -1.0 }).collect();
        let p: Vec<f64> = (0..2 * n)
            .map(|i| epsilon - sign[i] * returns[i % n])
            .collect();
        let upper = [bounds, bounds].concat();
        let problem = DualProblem::new(&q, &p, &sign, 0.0, &upper)?;
        let solution = Smo::default().solve(&problem, None)?;
        if solution.info.status != Status::Converged {
            return Err(format!("ε-SVR: {}", solution.info.status).into());
        }
        Ok(Self(Expansion {
            kernel,
            x,
            coef: (0..n)
                .map(|i| solution.alpha[i] - solution.alpha[n + i])
                .collect(),
            intercept: -solution.rho,
        }))
    }

    pub fn forecast(&self, x_new: Matrix<'_>) -> Result<Vec<f64>, Failure> {
        self.0.forecast(x_new)
    }
}

/// Features, their squares, and the products with the two columns of the price; the new columns scaled to mean 0 and
/// standard deviation 1 on `x`.
pub fn interactions(
    x: Matrix<'_>,
    x_new: Matrix<'_>,
    price: [usize; 2],
) -> Result<(MatrixBuf, MatrixBuf), Failure> {
    let d = x.n_cols();
    let mut pairs: Vec<(usize, usize)> = (0..d).map(|j| (j, j)).collect();
    for (k, &column) in price.iter().enumerate() {
        // Each pair once; the squares are there already.
        let others = (0..d).filter(|j| !price[..=k].contains(j));
        pairs.extend(others.map(|j| (j, column)));
    }
    let n = x.n_rows() as f64;
    let scale = pairs.iter().map(|&(a, b)| {
        let products = || x.rows().map(|row| row[a] * row[b]);
        let mean = products().sum::<f64>() / n;
        let variance = products().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt())
    });
    let scale: Vec<(f64, f64)> = scale.collect();
    let extended = |x: Matrix<'_>| {
        let mut all = Vec::with_capacity(x.n_rows() * (d + pairs.len()));
        for row in x.rows() {
            all.extend_from_slice(row);
            all.extend(pairs.iter().zip(&scale).map(|(&(a, b), &(mean, sd))| {
                // A product that is always the same says nothing.
                if sd > 1e-9 {
                    (row[a] * row[b] - mean) / sd
                } else {
                    0.0
                }
            }));
        }
        MatrixBuf::new(all, d + pairs.len())
    };
    Ok((extended(x)?, extended(x_new)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 16] = [
        0.0, 1.0, 1.0, -1.0, 2.0, 0.5, -1.0, 0.0, 0.5, 0.5, -2.0, -1.0, 1.5, 2.0, -0.5, 1.5,
    ];
    const Y: [f64; 8] = [0.1, -0.6, 0.2, 0.15, 0.05, -0.3, 0.12, 0.08];
    const NEW: [f64; 6] = [0.0, 0.0, 1.0, 1.0, -3.0, 2.0];

    fn near(found: &[f64], expected: [f64; 3], tolerance: f64) {
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < tolerance, "{a} {b}");
        }
    }

    // KernelRidge(alpha=.5, kernel='rbf', gamma=.3) on returns less their mean.
    #[test]
    fn kernel_ridge_is_scikit_learns() {
        let x = MatrixBuf::new(X.to_vec(), 2).unwrap();
        let fitted = KernelRidge::fit(x, &Y, 0.3, 0.5).unwrap();
        let forecast = fitted.forecast(Matrix::new(&NEW, 2).unwrap()).unwrap();
        let expected = [
            -0.046754916350582355,
            0.10104596231326052,
            -0.016020155463772875,
        ];
        near(&forecast, expected, 1e-12);
    }

    // SVR(C=1, epsilon=.05, gamma=.3) with these bounds as sample weights.
    #[test]
    fn svr_is_scikit_learns() {
        let x = MatrixBuf::new(X.to_vec(), 2).unwrap();
        let bounds = [0.3, 0.1, 0.3, 0.2, 0.3, 0.1, 0.05, 0.3];
        let fitted = Svr::fit(x, &Y, &bounds, 0.05, 0.3).unwrap();
        let forecast = fitted.forecast(Matrix::new(&NEW, 2).unwrap()).unwrap();
        let expected = [0.08417351815969662, 0.1223197830664796, 0.07962417193091816];
        near(&forecast, expected, 2e-3);
    }

    #[test]
    fn interactions_by_hand() {
        // Three columns, the last two the price: squares, then products 0 · 1, 2 · 1 and 0 · 2.
        let x = [1.0, 2.0, -1.0, -1.0, 0.0, 3.0];
        let x = Matrix::new(&x, 3).unwrap();
        let (extended, _) = interactions(x, x, [1, 2]).unwrap();
        let expected = [1.0, 2.0, -1.0, 0.0, 1.0, -1.0, 1.0, -1.0, 1.0];
        assert_eq!(extended.n_cols(), expected.len());
        for (a, b) in extended.row(0).iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{:?}", extended.row(0));
        }
    }
}
