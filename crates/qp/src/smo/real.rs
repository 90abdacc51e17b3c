//! The two precisions in which rows of Q are kept.

use crate::{Entries, QMatrix};

/// f32 or f64.
pub(crate) trait Real: Copy + Default + Send + Sync + PartialOrd + 'static {
    /// To double precision, exact.
    fn wide(self) -> f64;
    /// From double precision, rounded to nearest.
    fn narrow(v: f64) -> Self;
    /// (max(b, 0))² and max(sum − 2k, tau), whose quotient is the second-order gain of a pair whose
    /// diagonal entries add up to `sum` and whose entry without signs is `k`, in this precision.
    fn gain(b: Self, sum: Self, k: Self) -> (Self, Self);
    /// Product, for signs.
    fn times(self, other: Self) -> Self;
    /// Sum.
    fn plus(self, other: Self) -> Self;
    /// Difference.
    fn minus(self, other: Self) -> Self;
    /// Quotient.
    fn over(self, other: Self) -> Self;
    /// Infinity.
    const INFINITY: Self;
    /// Whether this is single precision.
    const SINGLE: bool;
    /// A place for entries of Q in this precision.
    fn entries(out: &mut [Self]) -> Entries<'_>;
    /// These values where they are single precision.
    fn singles(values: &[Self]) -> Option<&[f32]>;
    /// All of Q, where it is in memory in this precision.
    fn dense(q: &dyn QMatrix) -> Option<&[Self]>;
}

/// Where the curvature along a pair is not positive, this stands in for it (LIBSVM's TAU).
pub(crate) const TAU: f64 = 1e-12;

impl Real for f32 {
    const INFINITY: f32 = f32::INFINITY;
    const SINGLE: bool = true;
    fn entries(out: &mut [f32]) -> Entries<'_> {
        Entries::F32(out)
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn narrow(v: f64) -> Self {
        v as f32
    }
    #[inline(always)]
    fn gain(b: f32, sum: f32, k: f32) -> (f32, f32) {
        let b = if b > 0.0 { b } else { 0.0 };
        let a = sum - (k + k);
        let a = if a > TAU as f32 { a } else { TAU as f32 };
        (b * b, a)
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self / other
    }
    fn singles(values: &[f32]) -> Option<&[f32]> {
        Some(values)
    }
    fn dense(q: &dyn QMatrix) -> Option<&[f32]> {
        q.dense_f32()
    }
}

impl Real for f64 {
    const INFINITY: f64 = f64::INFINITY;
    const SINGLE: bool = false;
    fn entries(out: &mut [f64]) -> Entries<'_> {
        Entries::F64(out)
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
    #[inline(always)]
    fn narrow(v: f64) -> Self {
        v
    }
    #[inline(always)]
    fn gain(b: f64, sum: f64, k: f64) -> (f64, f64) {
        let b = if b > 0.0 { b } else { 0.0 };
        let a = sum - (k + k);
        let a = if a > TAU { a } else { TAU };
        (b * b, a)
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self / other
    }
    fn singles(_: &[f64]) -> Option<&[f32]> {
        None
    }
    fn dense(_: &dyn QMatrix) -> Option<&[f64]> {
        None
    }
}
