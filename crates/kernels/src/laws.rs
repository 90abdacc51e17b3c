//! What every [`Kernel`] must satisfy, as functions to call on your own kernel.
//!
//! Each returns `Err` with a sentence where the law does not hold.
//!
//! ```
//! use fuzzysvm_core::Matrix;
//! use fuzzysvm_kernels::{Laplacian, laws};
//!
//! let points = [0.0, 1.0, 3.0, 3.0];
//! let points = Matrix::new(&points, 1)?;
//! let kernel = Laplacian { gamma: 0.5 };
//! laws::symmetric(&kernel, points)?;
//! laws::agrees_with_eval(&kernel, points, points, 1e-14, 1e-6)?;
//! laws::positive_semidefinite(&kernel, points, 1e-10)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use fuzzysvm_core::Matrix;

use crate::{Entries, Kernel};

fn close(a: f64, b: f64, tol: f64) -> bool {
    a == b || (a - b).abs() <= tol * (1.0 + a.abs().max(b.abs()))
}

fn all_rows(points: Matrix<'_>) -> Vec<u32> {
    (0..points.n_rows() as u32).collect()
}

/// K(x, z) = K(z, x) bit by bit, by `eval` and in the prepared Gram matrix of either precision,
/// whose diagonal is [`PreparedKernel::diagonal`](crate::PreparedKernel::diagonal), and whose entries are finite where
/// [`PreparedKernel::always_finite`](crate::PreparedKernel::always_finite) says so.
///
/// # Errors
/// A sentence with the first pair that differs.
pub fn symmetric<K: Kernel + ?Sized>(kernel: &K, points: Matrix<'_>) -> Result<(), String> {
    let n = points.n_rows();
    let prepared = kernel.prepare(points);
    let rows = all_rows(points);
    let mut wide = vec![0.0; n * n];
    let mut narrow = vec![0.0f32; n * n];
    prepared.rows_f64(&rows, &mut wide);
    prepared.rows_f32(&rows, &mut narrow);
    let all_finite = wide.iter().all(|v| v.is_finite()) && narrow.iter().all(|v| v.is_finite());
    if prepared.always_finite() && !all_finite {
        return Err("an entry is not finite".to_owned());
    }
    let diagonal = prepared.diagonal();
    if diagonal.len() != n {
        return Err(format!("{n} points but {} on the diagonal", diagonal.len()));
    }
    for i in 0..n {
        if diagonal[i].to_bits() != wide[i * n + i].to_bits() {
            return Err(format!(
                "the diagonal has {} at {i}, its row {}",
                diagonal[i],
                wide[i * n + i]
            ));
        }
        for j in 0..i {
            let (a, b) = (
                kernel.eval(points.row(i), points.row(j)),
                kernel.eval(points.row(j), points.row(i)),
            );
            if a.to_bits() != b.to_bits() {
                return Err(format!("K({i}, {j}) is {a}, K({j}, {i}) is {b}"));
            }
            if wide[i * n + j].to_bits() != wide[j * n + i].to_bits()
                || narrow[i * n + j].to_bits() != narrow[j * n + i].to_bits()
            {
                return Err(format!(
                    "the prepared Gram matrix is not symmetric at {i}, {j}"
                ));
            }
        }
    }
    Ok(())
}

/// Sums by [`Kernel::weights`] are those of `eval`, within `tol` of the size of their terms and what rounding loses.
fn weights_agree<K: Kernel + ?Sized>(
    kernel: &K,
    queries: Matrix<'_>,
    points: Matrix<'_>,
    tol: f64,
) -> Result<(), String> {
    let coef: Vec<f64> = (0..points.n_rows())
        .map(|j| [1.0, -0.5, 2.0][j % 3])
        .collect();
    let Some(w) = kernel.weights(points, &coef) else {
        return Ok(());
    };
    let norm = |x: &[f64]| kernel.eval(x, x).sqrt();
    let rounding = f64::EPSILON * (points.n_rows() + points.n_cols() + 2) as f64;
    for (i, x) in queries.rows().enumerate() {
        let terms = || points.rows().zip(&coef);
        let expected: f64 = terms().map(|(z, c)| c * kernel.eval(x, z)).sum();
        let size: f64 = terms().map(|(z, c)| c.abs() * norm(x) * norm(z)).sum();
        let found: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
        let allowed = (tol + rounding) * size;
        if (expected - found).abs() > allowed || found.is_nan() {
            return Err(format!(
                "weights give {found} at {i} where eval gives {expected}"
            ));
        }
    }
    Ok(())
}

/// `eval_row`, `eval_block`, and the rows and blocks of `prepare` agree with `eval`: within `tol` in
/// double and `tol_f32` in single precision, relative to 1 + the larger magnitude.
///
/// # Errors
/// A sentence with the first value that differs.
pub fn agrees_with_eval<K: Kernel + ?Sized>(
    kernel: &K,
    queries: Matrix<'_>,
    points: Matrix<'_>,
    tol: f64,
    tol_f32: f64,
) -> Result<(), String> {
    let n = points.n_rows();
    let prepared = kernel.prepare(points);
    if prepared.n_points() != n {
        return Err(format!("{n} points but {} prepared", prepared.n_points()));
    }
    let compare = |name: &str, rows: Matrix<'_>, values: &[f64], tol: f64| {
        for (i, x) in rows.rows().enumerate() {
            for (j, z) in points.rows().enumerate() {
                let (expected, found) = (kernel.eval(x, z), values[i * n + j]);
                if !close(expected, found, tol) {
                    return Err(format!(
                        "{name} has {found} at {i}, {j} where eval has {expected}"
                    ));
                }
            }
        }
        Ok(())
    };
    let mut block = vec![f64::NAN; queries.n_rows() * n];
    for (x, out) in queries.rows().zip(block.chunks_mut(n.max(1))) {
        kernel.eval_row(x, points, out);
    }
    compare("eval_row", queries, &block, tol)?;
    block.fill(f64::NAN);
    kernel.eval_block(queries, points, &mut block);
    compare("eval_block", queries, &block, tol)?;
    block.fill(f64::NAN);
    prepared.block_f64(queries, &mut block);
    compare("block_f64", queries, &block, tol)?;

    weights_agree(kernel, queries, points, tol)?;

    let mut wide = vec![f64::NAN; n * n];
    let mut narrow = vec![f32::NAN; n * n];
    prepared.rows_f64(&all_rows(points), &mut wide);
    compare("rows_f64", points, &wide, tol)?;
    prepared.rows_f32(&all_rows(points), &mut narrow);
    let narrow: Vec<f64> = narrow.into_iter().map(f64::from).collect();
    compare("rows_f32", points, &narrow, tol_f32)
}

/// A value of the prepared kernel does not depend on the other rows of the call: rows computed one
/// at a time, in reverse and in twos, and the whole Gram matrix, are bit-equal to all rows at once.
///
/// # Errors
/// A sentence with the first row that differs.
pub fn rows_do_not_depend_on_the_batch<K: Kernel + ?Sized>(
    kernel: &K,
    points: Matrix<'_>,
) -> Result<(), String> {
    let n = points.n_rows();
    let prepared = kernel.prepare(points);
    let (mut all, mut all_f32) = (vec![0.0; n * n], vec![0.0f32; n * n]);
    prepared.rows_f64(&all_rows(points), &mut all);
    prepared.rows_f32(&all_rows(points), &mut all_f32);
    let bits = |v: &[f64]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let bits_f32 = |v: &[f32]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let (mut gram, mut gram_f32) = (vec![f64::NAN; n * n], vec![f32::NAN; n * n]);
    prepared.fill(None, None, Entries::F64(&mut gram));
    prepared.fill(None, None, Entries::F32(&mut gram_f32));
    if bits(&gram) != bits(&all) || bits_f32(&gram_f32) != bits_f32(&all_f32) {
        return Err("the Gram matrix is not all of its rows".to_owned());
    }
    gram_f32.fill(f32::NAN);
    prepared.fill_alone(&mut gram_f32);
    if bits_f32(&gram_f32) != bits_f32(&all_f32) {
        return Err("the Gram matrix computed on one thread is not all of its rows".to_owned());
    }
    for i in (0..n).rev() {
        let other = (i * 7 + 3) % n;
        for batch in [vec![i as u32], vec![i as u32, other as u32]] {
            let (mut rows, mut rows_f32) = (vec![0.0; batch.len() * n], vec![0.0; batch.len() * n]);
            prepared.rows_f64(&batch, &mut rows);
            prepared.rows_f32(&batch, &mut rows_f32);
            for (k, &r) in batch.iter().enumerate() {
                let here = k * n..(k + 1) * n;
                let there = r as usize * n..(r as usize + 1) * n;
                if bits(&rows[here.clone()]) != bits(&all[there.clone()])
                    || bits_f32(&rows_f32[here]) != bits_f32(&all_f32[there])
                {
                    return Err(format!("row {r} in batch {batch:?} is not row {r} of all"));
                }
            }
        }
        let query = points.slice_rows(i, i + 1);
        let mut row = vec![0.0; n];
        prepared.block_f64(query, &mut row);
        if bits(&row) != bits(&all[i * n..(i + 1) * n]) {
            return Err(format!("block_f64 of point {i} is not its row"));
        }
    }
    Ok(())
}

/// The Gram matrix is positive semidefinite: Cholesky's factorisation of K + `jitter` · max K_ii · I
/// finds no negative pivot.
///
/// # Errors
/// A sentence with the first negative pivot.
pub fn positive_semidefinite<K: Kernel + ?Sized>(
    kernel: &K,
    points: Matrix<'_>,
    jitter: f64,
) -> Result<(), String> {
    let n = points.n_rows();
    let mut l = vec![0.0; n * n];
    kernel.prepare(points).rows_f64(&all_rows(points), &mut l);
    let scale = (0..n).map(|i| l[i * n + i]).fold(0.0, f64::max);
    for j in 0..n {
        for i in j..n {
            let dot: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            let value = l[i * n + j] - dot;
            if i == j {
                let pivot = value + jitter * scale;
                if pivot < 0.0 || pivot.is_nan() {
                    return Err(format!("pivot {j} of the Gram matrix is {value}"));
                }
                l[j * n + j] = pivot.sqrt();
            } else if l[j * n + j] > 0.0 {
                l[i * n + j] = value / l[j * n + j];
            } else {
                l[i * n + j] = 0.0;
            }
        }
    }
    Ok(())
}
