//! The closed set of kernels that the packed fast path computes, and the scalar steps they share.
//!
//! One step combines a feature of two samples into the running sum, one finish turns the sum into
//! the kernel value. Every value, alone or in a block, is made by the same steps in the same order,
//! so blocks, rows and single evaluations are bit-equal.

use crate::vexp;
use fuzzysvm_core::math;

/// A kernel of the fast path with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    Linear,
    Polynomial { degree: u32, gamma: f64, coef0: f64 },
    Rbf { gamma: f64 },
    Sigmoid { gamma: f64, coef0: f64 },
    Laplacian { gamma: f64 },
}

impl Form {
    /// Whether only differences of samples matter, so that shifting all of them changes nothing.
    pub(crate) fn is_shift_invariant(self) -> bool {
        matches!(self, Form::Rbf { .. } | Form::Laplacian { .. })
    }

    /// A number that no value of the kernel exceeds.
    pub(crate) fn bound(self) -> Option<f64> {
        match self {
            Form::Rbf { .. } | Form::Laplacian { .. } | Form::Sigmoid { .. } => Some(1.0),
            Form::Linear | Form::Polynomial { .. } => None,
        }
    }

    /// Whether the kernel has a finite value for any two samples of finite numbers: sums of differences are finite or ∞,
    /// and e^(−∞) is 0. Dot products may be ∞ − ∞, and an infinite γ times 0 is no number.
    pub(crate) fn always_finite(self) -> bool {
        match self {
            Form::Rbf { gamma } | Form::Laplacian { gamma } => gamma > 0.0 && gamma.is_finite(),
            _ => false,
        }
    }

    /// How far from the center of its column a feature may lie for `f32` arithmetic; `None` where the
    /// parameters alone rule it out (0·∞, lost products).
    ///
    /// Narrowing moves a feature by 6e-8 of its distance from the center. With that distance at most
    /// 256 kernel widths the exponential is off by 3e-5 in the worst case, two neighbors at that
    /// distance; a farther one would spoil K among its own neighbors, such as in a second cluster.
    pub(crate) fn narrow_limit(self) -> Option<f64> {
        // Squares of differences up to here stay finite over any number of features.
        const LARGEST: f64 = 1e15;
        const WIDTHS: f64 = 256.0;
        let gamma_ok = |g: f64| (1e-15..=1e15).contains(&g);
        match self {
            Form::Linear => Some(LARGEST),
            Form::Rbf { gamma } => gamma_ok(gamma).then(|| LARGEST.min(WIDTHS / gamma.sqrt())),
            Form::Laplacian { gamma } => gamma_ok(gamma).then(|| LARGEST.min(WIDTHS / gamma)),
            Form::Polynomial { gamma, coef0, .. } | Form::Sigmoid { gamma, coef0 } => {
                (gamma_ok(gamma) && coef0.abs() <= 1e15).then_some(LARGEST)
            }
        }
    }
}

/// `f32` or `f64` with the operations of the kernel loops; `FMA` says whether the CPU code that is
/// being compiled has fused multiply-add.
pub(crate) trait Real: Copy + PartialEq + Send + Sync + 'static {
    const ZERO: Self;
    fn from_f64(v: f64) -> Self;
    fn to_f64(self) -> f64;
    fn sub(self, other: Self) -> Self;
    fn add(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn neg(self) -> Self;
    fn abs(self) -> Self;
    fn tanh(self) -> Self;
    fn mul_add<const FMA: bool>(self, b: Self, c: Self) -> Self;
    fn exp<const FMA: bool>(self) -> Self;
}

macro_rules! real {
    ($t:ty, $fma:ident, $exp:ident, $tanh:ident) => {
        impl Real for $t {
            const ZERO: Self = 0.0;
            #[inline(always)]
            fn from_f64(v: f64) -> Self {
                v as $t
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                self - other
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self * other
            }
            #[inline(always)]
            fn neg(self) -> Self {
                -self
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$t>::abs(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                math::$tanh(self)
            }
            #[inline(always)]
            fn mul_add<const FMA: bool>(self, b: Self, c: Self) -> Self {
                vexp::$fma::<FMA>(self, b, c)
            }
            #[inline(always)]
            fn exp<const FMA: bool>(self) -> Self {
                vexp::$exp::<FMA>(self)
            }
        }
    };
}
real!(f32, fma32, exp_f32, tanh_f32);
real!(f64, fma64, exp_f64, tanh);

/// How a feature of two samples enters the running sum.
pub(crate) trait Step {
    fn step<T: Real, const FMA: bool>(sum: T, x: T, z: T) -> T;
    /// Features that add 0: a bit each for those in which the query has the usual value (0 where products are summed), and
    /// those in which all points have it.
    fn adds_nothing(query: u64, points: u64) -> u64;
}

/// Σ x z.
pub(crate) struct Dot;
/// Σ (x − z)²: differences first, so nothing cancels, (x, z) = (z, x) bit by bit and (x, x) is 0.
pub(crate) struct SquaredDifference;
/// Σ |x − z|.
pub(crate) struct AbsoluteDifference;

impl Step for Dot {
    #[inline(always)]
    fn step<T: Real, const FMA: bool>(sum: T, x: T, z: T) -> T {
        x.mul_add::<FMA>(z, sum)
    }
    #[inline(always)]
    fn adds_nothing(query: u64, points: u64) -> u64 {
        query | points
    }
}

impl Step for SquaredDifference {
    #[inline(always)]
    fn step<T: Real, const FMA: bool>(sum: T, x: T, z: T) -> T {
        let d = x.sub(z);
        d.mul_add::<FMA>(d, sum)
    }
    #[inline(always)]
    fn adds_nothing(query: u64, points: u64) -> u64 {
        query & points
    }
}

impl Step for AbsoluteDifference {
    #[inline(always)]
    fn step<T: Real, const FMA: bool>(sum: T, x: T, z: T) -> T {
        sum.add(x.sub(z).abs())
    }
    #[inline(always)]
    fn adds_nothing(query: u64, points: u64) -> u64 {
        query & points
    }
}

/// A dot product with −0 as 0. A sum that has underflowed to −0 stays so where the features that are 0 are passed over, and
/// becomes 0 where they are added.
#[inline(always)]
fn without_sign_of_zero<T: Real>(sum: T) -> T {
    sum.add(T::ZERO)
}

/// Turns running sums into kernel values.
#[inline(always)]
pub(crate) fn finish<T: Real, const W: usize, const FMA: bool>(
    form: Form,
    sums: &[T; W],
    values: &mut [T; W],
) {
    let pairs = values.iter_mut().zip(sums);
    match form {
        Form::Linear => pairs.for_each(|(value, &sum)| *value = without_sign_of_zero(sum)),
        Form::Rbf { gamma } | Form::Laplacian { gamma } => {
            let minus_gamma = T::from_f64(gamma).neg();
            pairs.for_each(|(value, &sum)| *value = minus_gamma.mul(sum).exp::<FMA>());
        }
        Form::Polynomial {
            degree,
            gamma,
            coef0,
        } => {
            let (gamma, coef0) = (T::from_f64(gamma), T::from_f64(coef0));
            pairs.for_each(|(value, &sum)| {
                *value = gamma.mul(without_sign_of_zero(sum)).add(coef0);
            });
            raise(values, degree);
        }
        Form::Sigmoid { gamma, coef0 } => {
            let (gamma, coef0) = (T::from_f64(gamma), T::from_f64(coef0));
            pairs.for_each(|(value, &sum)| {
                *value = T::tanh(gamma.mul(without_sign_of_zero(sum)).add(coef0));
            });
        }
    }
}

/// Raises values to a power >= 1 by squaring as in LIBSVM: the same products on every machine.
#[inline(always)]
fn raise<T: Real, const W: usize>(values: &mut [T; W], mut degree: u32) {
    while degree > 1 && degree & 1 == 0 {
        values.iter_mut().for_each(|v| *v = v.mul(*v));
        degree >>= 1;
    }
    let mut squares = *values;
    degree >>= 1;
    while degree > 0 {
        squares.iter_mut().for_each(|s| *s = s.mul(*s));
        if degree & 1 == 1 {
            let pairs = values.iter_mut().zip(&squares);
            pairs.for_each(|(v, &s)| *v = v.mul(s));
        }
        degree >>= 1;
    }
}
