//! The problem: Q row by row, and the vectors around it.

use crate::SolveError;
use rayon::prelude::*;

/// A symmetric matrix Q that can produce its rows.
///
/// Implementations compute rows on demand; a solver decides what to keep. `Q_ij = Q_ji` is assumed
/// and never checked: of an asymmetric matrix the solver sees the rows it asks for.
pub trait QMatrix: Send + Sync {
    /// Number of rows.
    fn len(&self) -> usize;

    /// Whether there are no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The diagonal, `len()` values.
    fn diagonal(&self) -> &[f64];

    /// Whether the other methods give y_i y_j Q_ij, for the signs y of the problem, in place of Q_ij:
    /// for a support vector classifier that is the kernel itself, K_ij. `false` by default. A solver
    /// works on entries without signs, so a matrix that has them is worth handing over as it is.
    fn unsigned(&self) -> bool {
        false
    }

    /// Writes the given rows one after another into `out`, which has `rows.len() * len()` places.
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]);

    /// As [`QMatrix::fill_rows`] in single precision; by default the rounded double rows.
    fn fill_rows_f32(&self, rows: &[u32], out: &mut [f32]) {
        let n = self.len().max(1);
        let mut wide = vec![0.0; n];
        for (row, narrow) in rows.iter().zip(out.chunks_exact_mut(n)) {
            self.fill_rows(std::slice::from_ref(row), &mut wide);
            for (o, &v) in narrow.iter_mut().zip(&wide) {
                *o = v as f32;
            }
        }
    }

    /// The whole matrix into `out`, which has `len()²` places: entry for entry as
    /// [`QMatrix::fill_rows`] has it, on as many threads as help. By default row by row.
    fn fill_all(&self, out: &mut [f64]) {
        all(self.len(), out, |rows, out| self.fill_rows(rows, out));
    }

    /// As [`QMatrix::fill_all`] with the entries of [`QMatrix::fill_rows_f32`].
    fn fill_all_f32(&self, out: &mut [f32]) {
        all(self.len(), out, |rows, out| self.fill_rows_f32(rows, out));
    }

    /// Q between some variables and some others, row by row, `rows.len() * columns.len()` places;
    /// entry for entry as [`QMatrix::fill_rows`] has it.
    fn fill_part(&self, rows: &[u32], columns: &[u32], out: &mut [f64]) {
        part(rows, columns, self.len(), out, |r, row| {
            self.fill_rows(r, row);
        });
    }

    /// As [`QMatrix::fill_part`] with the entries of [`QMatrix::fill_rows_f32`].
    fn fill_part_f32(&self, rows: &[u32], columns: &[u32], out: &mut [f32]) {
        part(rows, columns, self.len(), out, |r, row| {
            self.fill_rows_f32(r, row);
        });
    }

    /// Adds Σ_j coef_j Q_ij over the given columns j to every `out_i`, with the entries of
    /// [`QMatrix::fill_rows`]. A matrix that is never stored can do this without storing a row.
    fn add_products(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        let mut row = vec![0.0; self.len()];
        for (column, c) in columns.iter().zip(coef) {
            self.fill_rows(std::slice::from_ref(column), &mut row);
            for (o, v) in out.iter_mut().zip(&row) {
                *o += c * v;
            }
        }
    }

    /// As [`QMatrix::add_products`] with the entries of [`QMatrix::fill_rows_f32`].
    fn add_products_f32(&self, columns: &[u32], coef: &[f64], out: &mut [f64]) {
        let mut row = vec![0.0f32; self.len()];
        for (column, c) in columns.iter().zip(coef) {
            self.fill_rows_f32(std::slice::from_ref(column), &mut row);
            for (o, &v) in out.iter_mut().zip(&row) {
                *o += c * f64::from(v);
            }
        }
    }

    /// The whole matrix, row by row, where it is in memory in single precision already: the solver
    /// then reads it in place if it is [`unsigned`](QMatrix::unsigned). `None` by default.
    fn dense_f32(&self) -> Option<&[f32]> {
        None
    }
}

/// All rows, a few at a time, on all threads where that is worth waking them.
fn all<T: Send>(n: usize, out: &mut [T], fill: impl Fn(&[u32], &mut [T]) + Sync) {
    const AT_ONCE: usize = 8;
    const PARALLEL_FROM: usize = 300_000;
    let fill = |(k, out): (usize, &mut [T])| {
        let first = k * AT_ONCE;
        let rows: Vec<u32> = (first..first + out.len() / n).map(|r| r as u32).collect();
        fill(&rows, out);
    };
    let piece = AT_ONCE * n.max(1);
    if out.len() >= PARALLEL_FROM {
        out.par_chunks_mut(piece).enumerate().for_each(fill);
    } else {
        out.chunks_mut(piece).enumerate().for_each(fill);
    }
}

fn part<T: Copy + Default>(
    rows: &[u32],
    columns: &[u32],
    n: usize,
    out: &mut [T],
    fill: impl Fn(&[u32], &mut [T]),
) {
    let mut whole = vec![T::default(); n];
    for (r, out) in rows.iter().zip(out.chunks_exact_mut(columns.len().max(1))) {
        fill(std::slice::from_ref(r), &mut whole);
        for (o, &c) in out.iter_mut().zip(columns) {
            *o = whole[c as usize];
        }
    }
}

/// A whole symmetric matrix in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseQ {
    data: Vec<f64>,
    diagonal: Vec<f64>,
}

impl DenseQ {
    /// Takes `n * n` values, row by row.
    ///
    /// # Errors
    /// [`SolveError::LengthMismatch`] where there are not `n * n` values.
    pub fn new(data: Vec<f64>, n: usize) -> Result<Self, SolveError> {
        if n.checked_mul(n) != Some(data.len()) {
            return Err(SolveError::LengthMismatch {
                what: "data",
                expected: n.saturating_mul(n),
                found: data.len(),
            });
        }
        let diagonal = (0..n).map(|i| data[i * n + i]).collect();
        Ok(Self { data, diagonal })
    }
}

impl QMatrix for DenseQ {
    fn len(&self) -> usize {
        self.diagonal.len()
    }
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        let n = self.len();
        for (&r, o) in rows.iter().zip(out.chunks_exact_mut(n.max(1))) {
            let start = r as usize * n;
            o.copy_from_slice(&self.data[start..start + n]);
        }
    }
}

/// min ½αᵀQα + pᵀα subject to yᵀα = Δ and 0 ≤ α_i ≤ c_i.
#[derive(Clone, Copy)]
pub struct DualProblem<'a> {
    /// Q, n × n, symmetric; positive semidefinite for a global minimum.
    pub q: &'a dyn QMatrix,
    /// p, n finite values. −1 each in support vector classification.
    pub p: &'a [f64],
    /// y, n values, each +1.0 or −1.0.
    pub y: &'a [f64],
    /// Δ, finite. 0 in support vector classification.
    pub delta: f64,
    /// The upper bounds c, n values ≥ 0. 0 fixes a variable at 0; infinity is legal.
    pub upper: &'a [f64],
}

impl std::fmt::Debug for DualProblem<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DualProblem")
            .field("n", &self.q.len())
            .field("delta", &self.delta)
            .finish_non_exhaustive()
    }
}

impl<'a> DualProblem<'a> {
    /// A checked problem.
    ///
    /// # Errors
    /// As [`DualProblem::validate`].
    pub fn new(
        q: &'a dyn QMatrix,
        p: &'a [f64],
        y: &'a [f64],
        delta: f64,
        upper: &'a [f64],
    ) -> Result<Self, SolveError> {
        let problem = Self {
            q,
            p,
            y,
            delta,
            upper,
        };
        problem.validate()?;
        Ok(problem)
    }

    /// Rows of Q, with its signs.
    pub(crate) fn signed_rows(&self, rows: &[u32], out: &mut [f64]) {
        self.q.fill_rows(rows, out);
        if self.q.unsigned() {
            for (&r, row) in rows.iter().zip(out.chunks_exact_mut(self.n())) {
                for (v, y) in row.iter_mut().zip(self.y) {
                    *v *= self.y[r as usize] * y;
                }
            }
        }
    }

    /// Number of variables.
    pub fn n(&self) -> usize {
        self.y.len()
    }

    /// Checks lengths, ranges and that the equality can be met. Solvers call it themselves.
    ///
    /// # Errors
    /// [`SolveError`] naming the first entry that breaks a rule.
    pub fn validate(&self) -> Result<(), SolveError> {
        let n = self.q.len();
        if n == 0 {
            return Err(SolveError::Empty);
        }
        if n >= u32::MAX as usize {
            return Err(SolveError::TooLarge {
                n,
                limit: u32::MAX as usize - 1,
            });
        }
        let lengths = [
            ("diagonal", self.q.diagonal().len()),
            ("p", self.p.len()),
            ("y", self.y.len()),
            ("upper", self.upper.len()),
        ];
        for (what, found) in lengths {
            if found != n {
                return Err(SolveError::LengthMismatch {
                    what,
                    expected: n,
                    found,
                });
            }
        }
        let entry = |what, values: &[f64], rule, ok: fn(f64) -> bool| match values
            .iter()
            .position(|&v| !ok(v))
        {
            Some(row) => Err(SolveError::InvalidEntry {
                what,
                row,
                value: values[row],
                rule,
            }),
            None => Ok(()),
        };
        entry("p", self.p, "must be finite", f64::is_finite)?;
        entry("y", self.y, "must be +1 or -1", |v| v == 1.0 || v == -1.0)?;
        entry("upper", self.upper, "must be >= 0", |v| v >= 0.0)?;
        entry("delta", &[self.delta], "must be finite", f64::is_finite)?;
        if let Some(row) = self.q.diagonal().iter().position(|v| !v.is_finite()) {
            return Err(SolveError::NotFinite { row });
        }
        let (mut highest, mut lowest) = (0.0, 0.0);
        for (&y, &c) in self.y.iter().zip(self.upper) {
            if y > 0.0 {
                highest += c;
            } else {
                lowest -= c;
            }
        }
        if !(lowest <= self.delta && self.delta <= highest) {
            return Err(SolveError::Infeasible {
                delta: self.delta,
                lowest,
                highest,
            });
        }
        Ok(())
    }
}
