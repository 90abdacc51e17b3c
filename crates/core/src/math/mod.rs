//! Elementary functions whose values are the same on every machine.
//!
//! The C library of the system has its own, which differ in the last digit from one to the next, and in the GNU C library
//! with the processor. What enters a result is computed by these: [`exp`], and those of the crate `libm`.

mod exp;

pub use exp::{exp, exp_all};

/// The sum of values in their order, 0 where there are none: [`Iterator::sum`] makes that −0, which people are shown as such.
///
/// ```
/// use fuzzysvm_core::math::total;
/// assert_eq!(total([0.5, 0.25]), 0.75);
/// assert!(total([]).is_sign_positive());
/// ```
pub fn total(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |sum, value| sum + value)
}

macro_rules! of_libm {
    ($($(#[$meta:meta])* $name:ident($($arg:ident),+) = $of:ident;)+) => {$(
        $(#[$meta])*
        #[inline]
        pub fn $name($($arg: f64),+) -> f64 {
            libm::$of($($arg),+)
        }
    )+};
}

of_libm! {
    /// e^x − 1, exact near 0.
    exp_m1(x) = expm1;
    /// 2^x.
    exp2(x) = exp2;
    /// The natural logarithm.
    ln(x) = log;
    /// ln(1 + x), exact near 0.
    ln_1p(x) = log1p;
    /// The logarithm to base 2.
    log2(x) = log2;
    /// x^y.
    powf(x, y) = pow;
    /// The sine.
    sin(x) = sin;
    /// The cosine.
    cos(x) = cos;
    /// The hyperbolic tangent.
    tanh(x) = tanh;
    /// The angle of the point (x, y).
    atan2(y, x) = atan2;
    /// The length of the vector (x, y).
    hypot(x, y) = hypot;
}

/// [`tanh`] in single precision.
#[inline]
pub fn tanh_f32(x: f32) -> f32 {
    libm::tanhf(x)
}

#[cfg(test)]
mod tests {
    /// Within two units of the last place of the C library's.
    #[test]
    fn values_are_those_of_the_c_library_but_for_the_last_digits() {
        let near = |found: f64, expected: f64, what: &str| {
            let ulps = found.to_bits().abs_diff(expected.to_bits());
            assert!(ulps <= 2, "{what}: {found:e} {expected:e}");
        };
        for i in 1..=20_000 {
            let x = f64::from(i) * 7.3e-4;
            near(super::exp_m1(x - 7.0), (x - 7.0).exp_m1(), "exp_m1");
            near(super::exp2(x - 7.0), (x - 7.0).exp2(), "exp2");
            near(super::ln(x), x.ln(), "ln");
            near(super::ln_1p(x), x.ln_1p(), "ln_1p");
            near(super::ln_1p(-x / 15.0), (-x / 15.0).ln_1p(), "ln_1p");
            near(super::log2(x), x.log2(), "log2");
            near(super::powf(x, 0.37), x.powf(0.37), "powf");
            near(super::sin(x), x.sin(), "sin");
            near(super::cos(x), x.cos(), "cos");
            near(super::tanh(x - 7.0), (x - 7.0).tanh(), "tanh");
            near(super::atan2(x, 2.0), x.atan2(2.0), "atan2");
            near(super::hypot(x, 2.0), x.hypot(2.0), "hypot");
            let single = x as f32 - 7.0;
            let found = super::tanh_f32(single);
            let ulps = found.to_bits().abs_diff(single.tanh().to_bits());
            assert!(ulps <= 2, "tanh_f32: {found} {single}");
        }
    }
}
