//! The product of two matrices that is the same at every level.

use nalgebra::{DMatrixView, DMatrixViewMut};

use super::{Baseline, Cpu as _, Level, level, mul_add_f64};

/// Steps that the product sums on their own before they are added to the rest: those of the crate `matrixmultiply`.
const STEPS: usize = 256;
/// With a side of at most so many, products are made one by one and nothing is fused.
const SMALL: usize = 5;

/// How a product is added to a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// It takes its place.
    Replace,
    /// It is added.
    Add,
    /// It is subtracted.
    Subtract,
}

/// a·b into, onto or off `out`: nalgebra's product, whose steps are fused where the processor has such an instruction, and
/// the same bits where it has not.
///
/// # Panics
/// If the shapes do not match.
pub fn gemm(
    a: DMatrixView<'_, f64>,
    b: DMatrixView<'_, f64>,
    how: Product,
    mut out: DMatrixViewMut<'_, f64>,
) {
    let sides = [a.nrows(), a.ncols(), b.ncols()];
    if level() == Level::Baseline && !Baseline::FMA && sides.into_iter().all(|side| side > SMALL) {
        fused(a, b, how, out);
    } else {
        let (alpha, beta) = match how {
            Product::Replace => (1.0, 0.0),
            Product::Add => (1.0, 1.0),
            Product::Subtract => (-1.0, 1.0),
        };
        out.gemm(alpha, &a, &b, beta);
    }
}

/// [`gemm`], step by step.
fn fused(
    a: DMatrixView<'_, f64>,
    b: DMatrixView<'_, f64>,
    how: Product,
    mut out: DMatrixViewMut<'_, f64>,
) {
    assert_eq!(a.ncols(), b.nrows(), "shapes of a product");
    assert_eq!((a.nrows(), b.ncols()), out.shape(), "shape of a product");
    let mut sums = vec![0.0; a.nrows()];
    for (mut out, b) in out.column_iter_mut().zip(b.column_iter()) {
        for first in (0..a.ncols()).step_by(STEPS) {
            sums.fill(0.0);
            for k in first..a.ncols().min(first + STEPS) {
                for (sum, v) in sums.iter_mut().zip(a.column(k).iter()) {
                    *sum = mul_add_f64(*v, b[k], *sum);
                }
            }
            for (out, sum) in out.iter_mut().zip(&sums) {
                *out = match how {
                    Product::Replace if first == 0 => *sum,
                    Product::Subtract => *out - sum,
                    _ => *out + sum,
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::DMatrix;

    #[test]
    fn the_bits_are_those_of_the_processor_with_fused_multiply_add() {
        let matrix = |n: usize, m: usize, seed: f64| {
            DMatrix::from_fn(n, m, |i, j| ((i * m + j) as f64 * 0.7 + seed).sin())
        };
        let shapes = [
            (1, 9, 9),
            (6, 6, 6),
            (7, 5, 8),
            (9, 13, 21),
            (40, 255, 33),
            (65, 257, 70),
            (130, 600, 12),
        ];
        for (n, k, m) in shapes {
            let (a, b, c) = (matrix(n, k, 0.0), matrix(k, m, 1.0), matrix(n, m, 2.0));
            for how in [Product::Replace, Product::Add, Product::Subtract] {
                let mut found = c.clone();
                gemm(a.as_view(), b.as_view(), how, found.as_view_mut());
                let expected = match how {
                    Product::Replace => &a * &b,
                    Product::Add => &c + &a * &b,
                    Product::Subtract => &c - &a * &b,
                };
                assert!((&found - expected).amax() < 1e-12 * k as f64);
                if level() != Level::Baseline && n.min(k).min(m) > SMALL {
                    let mut stepwise = c.clone();
                    fused(a.as_view(), b.as_view(), how, stepwise.as_view_mut());
                    assert_eq!(found, stepwise, "{n} {k} {m} {how:?}");
                }
            }
        }
    }

    #[test]
    fn a_part_of_a_matrix_is_multiplied_in_place() {
        let a = DMatrix::from_fn(20, 20, |i, j| (i as f64 - 1.5 * j as f64).cos());
        let mut whole = DMatrix::from_fn(20, 20, |i, j| (i + 20 * j) as f64);
        let before = whole.clone();
        let (left, right) = (a.view((2, 3), (7, 8)), a.view((1, 0), (8, 9)));
        let mut stepwise = whole.clone();
        gemm(
            left,
            right,
            Product::Subtract,
            whole.view_mut((4, 5), (7, 9)),
        );
        fused(
            left,
            right,
            Product::Subtract,
            stepwise.view_mut((4, 5), (7, 9)),
        );
        assert!((&whole - &stepwise).amax() < 1e-12);
        whole
            .view_mut((4, 5), (7, 9))
            .copy_from(&before.view((4, 5), (7, 9)));
        assert_eq!(whole, before);
    }
}
