//! The weighted extreme learning machine.

use crate::BaselineError;
use crate::prepare::{Prepared, check_features};
use crate::rules;
use crate::streams::stream;
use fuzzysvm_core::cpu::{Cpu, Level, Product, gemm};
use fuzzysvm_core::{
    Classifier, Learner, Matrix, MethodInfo, ParamError, PredictError, Samples, Stop,
    decision_or_zero, math, memory, param_choice, parameters, per_cpu,
};
use nalgebra::{Cholesky, DMatrix, DMatrixView, DMatrixViewMut, DVector, SymmetricEigen};
use rand::RngExt;
use rayon::prelude::*;

/// Rows of which HᵀWT is summed on its own, and those of a prediction whose hidden values are held at once.
const BLOCK: usize = 512;
/// Rows whose decisions are looked at together.
const FEW: usize = 16;

/// Rounding in decisions is not taken to be larger than this, however large C is: the bound by the condition is far
/// above what is found.
const LARGEST_ROUNDING: f64 = 1e-9;

/// The diagonal of W in [`WElm`]; sizes of classes are sums of sample weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum ElmWeighting {
    /// 1 / size of the class. The default.
    #[default]
    W1,
    /// 1 / size of the class, times 0.618 where the class is larger than the average class.
    W2,
    /// No class weights: the plain extreme learning machine.
    None,
}

param_choice! { ElmWeighting { W1 = "w1", W2 = "w2", None = "none" } }

/// Weighted extreme learning machine: Zong, Huang & Chen 2013, doi 10.1016/j.neucom.2012.08.010.
///
/// A layer of L random sigmoid units, a_j uniform in \[−1, 1\)^d, b_j uniform in \[0, 1), and a weighted ridge
/// regression of the labels on it:
///
/// ```text
/// H_ij = 1 / (1 + exp(−(a_jᵀx_i + b_j))),    T_i = y_i in {−1, +1}
/// β    = (I/C + HᵀWH)⁻¹ HᵀWT       where N ≥ L,
/// β    = Hᵀ(I/C + WHHᵀ)⁻¹ WT       where N < L  (the same β)
/// f(x) = h(x)ᵀβ
/// ```
///
/// by Cholesky factorisation (the dual form with W^½ on both sides, so that it is symmetric). Where C is so
/// large that the matrix is singular to working precision, eigenvalues below N·ε of the largest are dropped
/// instead. The score is f(x), about −1 to +1; it is no probability. Scale the features (the paper: to \[−1,
/// 1\]): units saturate far from 0.
///
/// **Sample weights:** W_ii = w_i / Σ_class w. A weight of k is the row repeated k times, 0 is the row removed,
/// a constant changes nothing (all to rounding).
///
/// ```
/// use fuzzysvm_baselines::WElm;
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, Samples};
///
/// let x: Vec<f64> = (0..40).map(|i| f64::from(i) / 20.0 - 1.0).collect();
/// let y: Vec<Label> = x.iter().map(|&v| Label::from_sign(v - 0.7)).collect();
/// let x = Matrix::new(&x, 1)?;
/// let model = WElm { n_hidden: 30, c: 1e6, ..WElm::default() }.fit(Samples::new(x, &y)?, None)?;
/// assert_eq!(model.beta().len(), 30);
/// let f = model.decision_function(x)?;
/// assert!(f[0] < -0.5 && f[39] > 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct WElm {
    /// L, 1 to 10,000. Default 200.
    pub n_hidden: usize,
    /// C, the price of an error beside ‖β‖², between 1e-30 and 1e30. W sums to 2, so C is large where it was
    /// moderate for an SVM. Default 1024.
    pub c: f64,
    /// W. Default: 1 / size of the class.
    pub weighting: ElmWeighting,
    /// Seed of the hidden layer, which does not depend on the samples; a larger layer begins with the smaller
    /// one. Default 0.
    pub seed: u64,
}

impl Default for WElm {
    fn default() -> Self {
        Self {
            n_hidden: 200,
            c: 1024.0,
            weighting: ElmWeighting::W1,
            seed: 0,
        }
    }
}

parameters! {
    WElm {
        c: f64, "a number from 1e-30 to 1e30", "Price of an error beside the size of the output weights";
        n_hidden: usize, "a whole number from 1 to 10000", "Number of hidden units";
        weighting: ElmWeighting, "w1, w2 or none", "Class weights: 1 / size of the class, the same with 0.618 for the larger, or none";
    }
}

impl WElm {
    /// How the baseline is presented, and what it is tuned over.
    pub const INFO: MethodInfo = MethodInfo::new(
        "w-ELM",
        "weighted extreme learning machine (baseline, not an SVM)",
        "Zong, Huang & Chen 2013, doi 10.1016/j.neucom.2012.08.010",
    )
    .with_grid(&[("n_hidden", &["50", "200"]), ("c", &["16", "256", "4096"])]);

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        let ok = (1..=10_000).contains(&self.n_hidden);
        let rule = "must lie between 1 and 10000";
        ParamError::check(ok, "n_hidden", self.n_hidden, rule)?;
        rules::within(
            "c",
            self.c,
            [1e-30, 1e30],
            "must lie between 1e-30 and 1e30",
        )
    }

    /// W_ii.
    fn row_weights(&self, data: &Prepared<'_>) -> Vec<f64> {
        let sums = data.class_weight_sums();
        let average = 0.5 * (sums[0] + sums[1]);
        let of_class = sums.map(|sum| match self.weighting {
            ElmWeighting::None => 1.0,
            ElmWeighting::W2 if sum > average => 0.618 / sum,
            ElmWeighting::W1 | ElmWeighting::W2 => 1.0 / sum,
        });
        let rows = data.weight.iter().zip(&data.positive);
        rows.map(|(w, &p)| w * of_class[usize::from(p)]).collect()
    }

    /// The hidden layer, drawn unit by unit.
    fn layer(&self, n_features: usize) -> Layer {
        let mut rng = stream(self.seed, 0);
        let n_hidden = self.n_hidden;
        let mut layer = Layer {
            a: vec![0.0; n_features * n_hidden],
            b: vec![0.0; n_hidden],
        };
        for j in 0..n_hidden {
            for f in 0..n_features {
                layer.a[f * n_hidden + j] = 2.0 * rng.random::<f64>() - 1.0;
            }
            layer.b[j] = rng.random();
        }
        layer
    }

    /// Whether every training sample has a decision below the rounding of β: where the features tell nothing about
    /// the class β is 0, and what is found in its place comes of the condition of the equations, which is at most
    /// 1 + C·trace(HᵀWH).
    fn is_rounding(&self, layer: &Layer, x: Matrix<'_>, root: &[f64], beta: &DVector<f64>) -> bool {
        let n = x.n_rows();
        // Outputs of the hidden layer lie between 0 and 1.
        let trace = self.n_hidden as f64 * root.iter().map(|r| r * r).sum::<f64>();
        let error = f64::EPSILON * (1.0 + self.c * trace);
        // Mostly the first sample tells.
        let of_few = |start: usize| {
            let h = layer.hidden(x.slice_rows(start, n.min(start + FEW)));
            h.chunks_exact(self.n_hidden)
                .map(|h| h.iter().zip(beta).map(|(h, b)| h * b).sum::<f64>())
                .all(|f| f.abs() <= LARGEST_ROUNDING.min(error))
        };
        (0..n).step_by(FEW).all(of_few)
    }
}

impl Learner for WElm {
    type Model = ElmModel;
    type Error = BaselineError;

    /// Draws the layer and solves for β.
    ///
    /// # Errors
    /// [`BaselineError`]: parameters, one class, weights, memory, a β that is not finite.
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<ElmModel, BaselineError> {
        self.validate()?;
        let data = Prepared::new(train, sample_weight)?;
        self.check_memory(&data)?;
        let layer = self.layer(data.n_features());
        let root: Vec<f64> = self.row_weights(&data).iter().map(|w| w.sqrt()).collect();
        let target: Vec<f64> = data
            .positive
            .iter()
            .zip(&root)
            .map(|(&p, r)| if p { *r } else { -r })
            .collect();
        let x = data.x()?;
        let n = data.n_rows();
        let ridge = 1.0 / self.c;
        let beta = if n >= self.n_hidden {
            let mut gram = DMatrix::zeros(self.n_hidden, self.n_hidden);
            let mut right = DVector::zeros(self.n_hidden);
            let rows = self.rows_at_once();
            let mut h = vec![0.0; rows.min(n) * self.n_hidden];
            for start in (0..n).step_by(rows) {
                Stop::look();
                let end = (start + rows).min(n);
                let h = &mut h[..(end - start) * self.n_hidden];
                layer.write_weighted(x.slice_rows(start, end), &root[start..end], h);
                let g = DMatrixView::from_slice(h, self.n_hidden, end - start);
                add_to_right(g, &target[start..end], &mut right);
                add_to_gram(g, &mut gram);
            }
            gram.fill_upper_triangle_with_lower_triangle();
            solve(gram, &right, ridge)
        } else {
            let mut g = DMatrix::zeros(self.n_hidden, n);
            layer.write_weighted(x, &root, g.as_mut_slice());
            let mut gram = DMatrix::zeros(n, n);
            let transposed = g.transpose();
            gemm(
                transposed.as_view(),
                g.as_view(),
                Product::Replace,
                gram.as_view_mut(),
            );
            solve(gram, &DVector::from_column_slice(&target), ridge).map(|v| &g * v)
        };
        let beta = beta.filter(|b| b.iter().all(|v| v.is_finite()));
        let beta = match beta {
            Some(beta) if self.is_rounding(&layer, x, &root, &beta) => {
                Some(DVector::zeros(self.n_hidden))
            }
            other => other,
        };
        Ok(ElmModel {
            n_features: data.n_features(),
            a: layer.a,
            b: layer.b,
            beta: beta
                .ok_or(BaselineError::ModelNotFinite)?
                .as_slice()
                .to_vec(),
        })
    }
}

impl WElm {
    /// Rows whose hidden values are held at once while HᵀWH is summed: as many as the nearer caches hold. Its bits do not
    /// depend on it, as products sum 256 rows at a time.
    fn rows_at_once(&self) -> usize {
        const VALUES: usize = 1 << 18;
        (VALUES / self.n_hidden / BLOCK).max(1) * BLOCK
    }

    /// Checks what a fit holds: the layer, and three matrices of nodes × the fewer of nodes and samples.
    fn check_memory(&self, data: &Prepared<'_>) -> Result<(), BaselineError> {
        let side = data.n_rows().min(self.n_hidden).saturating_mul(3);
        let columns = data.n_features().saturating_add(side);
        memory::check_matrix(self.n_hidden, columns).map_err(|excess| BaselineError::Memory {
            n_hidden: self.n_hidden,
            n_features: data.n_features(),
            excess,
        })
    }
}

/// right += g·target, of which every block is summed on its own.
fn add_to_right(g: DMatrixView<'_, f64>, target: &[f64], right: &mut DVector<f64>) {
    let blocks = target.par_chunks(BLOCK).enumerate();
    let sums: Vec<DVector<f64>> = blocks
        .map(|(k, target)| g.columns(k * BLOCK, target.len()) * DVector::from_column_slice(target))
        .collect();
    for sum in &sums {
        *right += sum;
    }
}

/// gram += g·gᵀ, at and below the diagonal, some columns on each thread.
fn add_to_gram(g: DMatrixView<'_, f64>, gram: &mut DMatrix<f64>) {
    /// Columns in a piece at most; pieces of one size, as a product of a few columns is summed in another way.
    const COLUMNS: usize = 64;
    let side = g.nrows();
    let width = side.div_ceil(side.div_ceil(COLUMNS));
    let pieces = gram.as_mut_slice().par_chunks_mut(width * side);
    pieces.enumerate().for_each(|(k, piece)| {
        let (first, width) = (k * width, piece.len() / side);
        let transposed = g.rows(first, width).transpose();
        let mut piece = DMatrixViewMut::from_slice(piece, side, width);
        gemm(
            g.rows(first, side - first),
            transposed.as_view(),
            Product::Add,
            piece.rows_mut(first, side - first),
        );
    });
}

/// (gram + ridge·I)⁻¹ right for a positive semi-definite `gram`.
fn solve(gram: DMatrix<f64>, right: &DVector<f64>, ridge: f64) -> Option<DVector<f64>> {
    let n = gram.nrows();
    let mut shifted = gram.clone();
    for i in 0..n {
        shifted[(i, i)] += ridge;
    }
    // A pivot that rounding alone keeps above 0 would blow the solution up.
    let largest = gram.diagonal().max().max(ridge);
    let sound = |c: &Cholesky<f64, nalgebra::Dyn>| {
        let least = c.l_dirty().diagonal().min();
        least * least > n as f64 * f64::EPSILON * largest
    };
    if let Some(factor) = Cholesky::new(shifted).filter(sound) {
        return Some(factor.solve(right));
    }
    let eigen = SymmetricEigen::try_new(gram, f64::EPSILON, 100 * n)?;
    let floor = eigen.eigenvalues.max() * n as f64 * f64::EPSILON;
    let mut coordinates = eigen.eigenvectors.tr_mul(right);
    for (v, &lambda) in coordinates.iter_mut().zip(eigen.eigenvalues.iter()) {
        *v = if lambda > floor {
            *v / (lambda + ridge)
        } else {
            0.0
        };
    }
    Some(eigen.eigenvectors * coordinates)
}

/// A random hidden layer: `a` feature by feature.
struct Layer {
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Layer {
    fn hidden(&self, x: Matrix<'_>) -> Vec<f64> {
        hidden(&self.a, &self.b, x)
    }

    /// Writes H, row by row, each times its factor.
    fn write_weighted(&self, x: Matrix<'_>, factors: &[f64], out: &mut [f64]) {
        write_hidden(&self.a, &self.b, x, Some(factors), out);
    }
}

/// Hidden units whose sums lie in registers.
const LANES: usize = 16;
/// Rows in a piece of the work.
const ROWS: usize = 64;

per_cpu! {
    /// b + xᵀA for every row x, feature by feature. Nothing is contracted: the same bits whatever the width of the vectors.
    fn sums(x: &[f64], a: &[f64], b: &[f64], out: &mut [f64]) = sums_on<Cpu>;
}

#[inline(always)]
fn sums_on<C: Cpu>(x: &[f64], a: &[f64], b: &[f64], out: &mut [f64]) {
    // Rows that share a read of A: as many as there are registers for.
    match C::LEVEL {
        Level::Avx512 => in_tiles::<4>(x, a, b, out),
        Level::Avx2 => in_tiles::<2>(x, a, b, out),
        _ => in_tiles::<1>(x, a, b, out),
    }
}

#[inline(always)]
fn in_tiles<const M: usize>(x: &[f64], a: &[f64], b: &[f64], out: &mut [f64]) {
    let (d, units) = (a.len() / b.len(), b.len());
    let whole = x.len() / d / M * M;
    let (tiles, rest) = out.split_at_mut(whole * units);
    for (x, out) in x.chunks_exact(M * d).zip(tiles.chunks_exact_mut(M * units)) {
        tile::<M>(x, a, b, out);
    }
    let left = x[whole * d..].chunks_exact(d);
    for (x, out) in left.zip(rest.chunks_exact_mut(units)) {
        tile::<1>(x, a, b, out);
    }
}

/// The sums of M rows.
#[inline(always)]
fn tile<const M: usize>(x: &[f64], a: &[f64], b: &[f64], out: &mut [f64]) {
    let (d, units) = (a.len() / b.len(), b.len());
    let whole = units / LANES * LANES;
    for first in (0..whole).step_by(LANES) {
        let mut sums = [[0.0; LANES]; M];
        for sums in &mut sums {
            sums.copy_from_slice(&b[first..first + LANES]);
        }
        for f in 0..d {
            let a = &a[f * units + first..][..LANES];
            for m in 0..M {
                let v = x[m * d + f];
                for l in 0..LANES {
                    sums[m][l] += v * a[l];
                }
            }
        }
        for (m, sums) in sums.iter().enumerate() {
            out[m * units + first..][..LANES].copy_from_slice(sums);
        }
    }
    for (m, out) in out.chunks_exact_mut(units).enumerate() {
        for unit in whole..units {
            let mut sum = b[unit];
            for f in 0..d {
                sum += x[m * d + f] * a[f * units + unit];
            }
            out[unit] = sum;
        }
    }
}

per_cpu! {
    /// 1 / (1 + e) of every e.
    fn odds_to_shares(values: &mut [f64]) = odds_to_shares_on;
}

#[inline(always)]
fn odds_to_shares_on(values: &mut [f64]) {
    for v in values {
        *v = 1.0 / (1.0 + *v);
    }
}

/// H, row by row.
fn hidden(a: &[f64], b: &[f64], x: Matrix<'_>) -> Vec<f64> {
    let mut h = vec![0.0; x.n_rows() * b.len()];
    write_hidden(a, b, x, None, &mut h);
    h
}

/// Writes H, row by row, each times its factor where there are some.
fn write_hidden(a: &[f64], b: &[f64], x: Matrix<'_>, factors: Option<&[f64]>, out: &mut [f64]) {
    let fill = |(k, out): (usize, &mut [f64])| {
        let first = k * ROWS;
        let end = first + out.len() / b.len();
        sums(x.slice_rows(first, end).as_slice(), a, b, out);
        out.iter_mut().for_each(|z| *z = -*z);
        math::exp_all(out);
        odds_to_shares(out);
        let factors = factors.map_or(&[][..], |f| &f[first..end]);
        for (row, factor) in out.chunks_exact_mut(b.len()).zip(factors) {
            row.iter_mut().for_each(|v| *v *= factor);
        }
    };
    let pieces = out.par_chunks_mut(ROWS * b.len());
    pieces.enumerate().for_each(fill);
}

/// A fitted [`WElm`]. The decision value is f(x) = h(x)ᵀβ.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawElm"))]
pub struct ElmModel {
    n_features: usize,
    /// Feature by feature, L values each.
    a: Vec<f64>,
    b: Vec<f64>,
    beta: Vec<f64>,
}

impl ElmModel {
    /// β, one value per hidden unit.
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }

    /// The values of the hidden layer, row by row, L per row.
    ///
    /// # Errors
    /// As [`Classifier::decision_function`].
    pub fn hidden_layer(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        Ok(hidden(&self.a, &self.b, x))
    }
}

impl Classifier for ElmModel {
    fn n_features(&self) -> usize {
        self.n_features
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        check_features(self.n_features, x)?;
        let largest: f64 = self.beta.iter().map(|b| b.abs()).sum();
        let mut values = Vec::with_capacity(x.n_rows());
        for start in (0..x.n_rows()).step_by(BLOCK) {
            let end = (start + BLOCK).min(x.n_rows());
            let h = hidden(&self.a, &self.b, x.slice_rows(start, end));
            let score = |row: &[f64]| {
                let terms = || row.iter().zip(&self.beta).map(|(h, b)| h * b);
                let sum: f64 = terms().sum();
                // The outputs of the hidden layer lie between 0 and 1: hardly ever a tie.
                if sum.abs() > 1e-9 * largest {
                    return sum;
                }
                decision_or_zero(sum, terms().map(f64::abs).sum(), self.beta.len())
            };
            values.extend(h.chunks_exact(self.b.len()).map(score));
        }
        match values.iter().position(|v| !v.is_finite()) {
            Some(row) => Err(PredictError::NotFinite {
                row,
                value: values[row],
            }),
            None => Ok(values),
        }
    }
}

/// What a file holds, before it is checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawElm {
    n_features: usize,
    a: Vec<f64>,
    b: Vec<f64>,
    beta: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawElm> for ElmModel {
    type Error = String;

    fn try_from(raw: RawElm) -> Result<Self, String> {
        let n_hidden = raw.b.len();
        let sizes = raw.n_features > 0
            && n_hidden > 0
            && raw.beta.len() == n_hidden
            && raw.n_features.checked_mul(n_hidden) == Some(raw.a.len());
        if !sizes {
            return Err("`a`, `b` and `beta` must hold n_features × L, L and L values".into());
        }
        let all = [&raw.a, &raw.b, &raw.beta];
        if !all.iter().all(|v| v.iter().all(|v| v.is_finite())) {
            return Err("`a`, `b` and `beta` must be finite".into());
        }
        Ok(Self {
            n_features: raw.n_features,
            a: raw.a,
            b: raw.b,
            beta: raw.beta,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, one unit after another.
    #[test]
    fn hidden_values_are_those_of_the_formula_bit_for_bit() {
        let value = |i: usize| (i * 37 % 101) as f64 / 50.0 - 1.0;
        for (d, units) in [(1, 1), (3, 15), (3, 16), (5, 17), (2, 50)] {
            let a: Vec<f64> = (0..d * units).map(|i| value(i + 3)).collect();
            let b: Vec<f64> = (0..units).map(|i| value(i + 7)).collect();
            for n in [1, 2, 3, 4, 5, 63, 64, 130] {
                let x: Vec<f64> = (0..n * d).map(value).collect();
                let h = hidden(&a, &b, Matrix::new(&x, d).unwrap());
                for (k, h) in h.iter().enumerate() {
                    let (row, unit) = (k / units, k % units);
                    let z = (0..d).fold(b[unit], |z, f| z + x[row * d + f] * a[f * units + unit]);
                    assert_eq!(*h, 1.0 / (1.0 + math::exp(-z)), "{d} {units} {n} {k}");
                }
            }
        }
    }

    /// Of sixteenths, whose sums are exact in any order.
    #[test]
    fn the_normal_matrix_is_the_product_at_and_below_the_diagonal() {
        for (side, n) in [(1, 3), (6, 40), (64, 10), (65, 300), (130, 70)] {
            let value = |i: usize, k: usize| ((i * 7 + k * 11) % 32) as f64 / 16.0 - 1.0;
            let g = DMatrix::from_fn(side, n, value);
            let mut gram = DMatrix::from_element(side, side, 0.5);
            add_to_gram(g.as_view(), &mut gram);
            let expected = &g * g.transpose();
            for (i, j) in (0..side).flat_map(|i| (0..=i).map(move |j| (i, j))) {
                assert_eq!(gram[(i, j)], 0.5 + expected[(i, j)], "{side} {n} {i} {j}");
            }
        }
    }
}
