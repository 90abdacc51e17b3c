//! The matrix Q of a problem, row by row.

use crate::SolveError;
use fuzzysvm_core::Entries;
use rayon::prelude::*;

/// A symmetric matrix Q that can produce its rows.
///
/// [`diagonal`](QMatrix::diagonal) and [`fill_rows`](QMatrix::fill_rows) have to be written; the rest follows from them.
/// Rows are computed on demand; a solver decides what to keep. `Q_ij = Q_ji` is assumed and never checked: of an
/// asymmetric matrix the solver sees the rows it asks for.
pub trait QMatrix: Send + Sync {
    /// The diagonal, `len()` values.
    fn diagonal(&self) -> &[f64];

    /// Writes the given rows one after another into `out`, which has `rows.len() * len()` places.
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]);

    /// Number of rows.
    fn len(&self) -> usize {
        self.diagonal().len()
    }

    /// Whether there are no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True if the matrix yields K_ij = y_i y_j Q_ij instead of Q_ij, for the signs y of the problem; the solver then
    /// applies the signs. For a support vector classifier K is the kernel itself. `false` by default. Solvers work on
    /// entries without signs, so yielding K saves them applying the signs twice.
    fn is_kernel(&self) -> bool {
        false
    }

    /// About how many steps of arithmetic an entry takes, such as the number of features of a kernel's samples. Where
    /// these are few, rows are computed one by one as they are used; where they are many and most rows are needed, the whole
    /// matrix at once. Not known by default, which counts as many.
    fn steps(&self) -> usize {
        usize::MAX
    }

    /// Whether no entry can be infinite or not a number, so that solvers need not look. `false` by default.
    fn always_finite(&self) -> bool {
        false
    }

    /// Writes the entries between `rows` and `columns`, row by row, where `None` means all; `out` has one place per
    /// entry. Entry for entry as [`fill_rows`](QMatrix::fill_rows) has it; by default single precision is double
    /// precision rounded. Override it where single precision, the whole matrix or a part of it can be computed faster.
    fn fill(&self, rows: Option<&[u32]>, columns: Option<&[u32]>, out: Entries<'_>) {
        let n = self.len();
        match out {
            Entries::F64(out) => by_rows(n, rows, columns, out, |r, out| self.fill_rows(r, out)),
            Entries::F32(out) => by_rows(n, rows, columns, out, |rows, out| {
                let n = n.max(1);
                let mut wide = vec![0.0; n];
                for (row, narrow) in rows.iter().zip(out.chunks_exact_mut(n)) {
                    self.fill_rows(std::slice::from_ref(row), &mut wide);
                    for (o, &v) in narrow.iter_mut().zip(&wide) {
                        *o = v as f32;
                    }
                }
            }),
        }
    }

    /// Adds Σ_j coef_j Q_ij over the given columns j to every `out_i`, with entries of single precision if `single`, of
    /// double precision otherwise. A matrix that is never stored can do this without storing a row.
    fn add_products(&self, columns: &[u32], coef: &[f64], single: bool, out: &mut [f64]) {
        let n = self.len();
        if single {
            add_rows(n, columns, coef, out, |r, row: &mut [f32]| {
                self.fill(Some(r), None, Entries::F32(row));
            });
        } else {
            add_rows(n, columns, coef, out, |r, row: &mut [f64]| {
                self.fill(Some(r), None, Entries::F64(row));
            });
        }
    }

    /// Adds Σ_j coef_j Q_ij over the given columns j to the place of every given row i in `out`, with entries of double
    /// precision: a solver checks with it what it has found. By default from whole rows, those of
    /// [`dense_f32`](QMatrix::dense_f32) where it is there. Override it where that is a rounded copy of a more exact
    /// matrix, and where entries between `rows` and `columns` alone cost less; mostly the two are the same.
    fn add_products_at(&self, rows: &[u32], columns: &[u32], coef: &[f64], out: &mut [f64]) {
        /// Rows that a thread takes at a time.
        const AT_ONCE: usize = 16;
        let (n, dense) = (self.len(), self.dense_f32());
        let add = |(rows, out): (&[u32], &mut [f64])| {
            let mut wide = vec![0.0; if dense.is_some() { 0 } else { n }];
            for (r, o) in rows.iter().zip(out) {
                *o += if let Some(dense) = dense {
                    sum_of(&dense[*r as usize * n..][..n], columns, coef)
                } else {
                    self.fill_rows(std::slice::from_ref(r), &mut wide);
                    sum_of(&wide, columns, coef)
                };
            }
        };
        if rows.len().saturating_mul(n) >= PARALLEL_FROM {
            let rows = rows.par_chunks(AT_ONCE);
            rows.zip(out.par_chunks_mut(AT_ONCE)).for_each(add);
        } else {
            add((rows, out));
        }
    }

    /// The whole matrix, row by row, where it is in memory in single precision already: the solver
    /// then reads it in place if it [is a kernel](QMatrix::is_kernel). `None` by default.
    fn dense_f32(&self) -> Option<&[f32]> {
        None
    }
}

/// Entries from which on all threads are woken.
const PARALLEL_FROM: usize = 300_000;

/// What [`QMatrix::fill`] asks for, made of whole rows.
fn by_rows<T: Copy + Default + Send>(
    n: usize,
    rows: Option<&[u32]>,
    columns: Option<&[u32]>,
    out: &mut [T],
    fill: impl Fn(&[u32], &mut [T]) + Sync,
) {
    let Some(columns) = columns else {
        return match rows {
            Some(rows) => fill(rows, out),
            None => all(n, out, fill),
        };
    };
    let mut whole = vec![T::default(); n];
    for (i, out) in out.chunks_exact_mut(columns.len().max(1)).enumerate() {
        let row = rows.map_or(i as u32, |rows| rows[i]);
        fill(&[row], &mut whole);
        for (o, &c) in out.iter_mut().zip(columns) {
            *o = whole[c as usize];
        }
    }
}

/// All rows, a few at a time, on all threads where that is worth waking them.
fn all<T: Send>(n: usize, out: &mut [T], fill: impl Fn(&[u32], &mut [T]) + Sync) {
    const AT_ONCE: usize = 8;
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

/// Σ_j coef_j row_j over the given places, in four running sums.
fn sum_of<T: Copy + Into<f64>>(row: &[T], columns: &[u32], coef: &[f64]) -> f64 {
    const LANES: usize = 4;
    let (cc, cr) = columns.as_chunks::<LANES>();
    let (kc, kr) = coef.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (c, k) in cc.iter().zip(kc) {
        for l in 0..LANES {
            sums[l] += k[l] * row[c[l] as usize].into();
        }
    }
    let rest = cr.iter().zip(kr).map(|(&c, k)| k * row[c as usize].into());
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest.sum::<f64>()
}

fn add_rows<T: Copy + Default + Into<f64>>(
    n: usize,
    columns: &[u32],
    coef: &[f64],
    out: &mut [f64],
    fill: impl Fn(&[u32], &mut [T]),
) {
    let mut row = vec![T::default(); n];
    for (column, c) in columns.iter().zip(coef) {
        fill(std::slice::from_ref(column), &mut row);
        for (o, &v) in out.iter_mut().zip(&row) {
            *o += c * v.into();
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
