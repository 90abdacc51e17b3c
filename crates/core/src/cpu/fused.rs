//! Fused multiply-add where the processor has none: the same bits, at ten times the time.

/// a·b + c, rounded once, in a form that the compiler vectorises. The bits are those of [`f32::mul_add`], which is a call of
/// the C library where the processor has no such instruction.
///
/// The product is exact in double precision; its sum with c is rounded to odd there, so that the second rounding is that of
/// the exact value (Boldo & Melquiond 2008, IEEE Transactions on Computers 57(4), doi:10.1109/TC.2007.70819).
///
/// ```
/// use fuzzysvm_core::cpu::mul_add_f32;
///
/// let (a, b) = (1.0 + f32::EPSILON, 1.0 - f32::EPSILON);
/// assert_eq!(a * b - 1.0, 0.0);
/// assert_eq!(mul_add_f32(a, b, -1.0), -f32::EPSILON * f32::EPSILON);
/// ```
#[inline(always)]
pub fn mul_add_f32(a: f32, b: f32, c: f32) -> f32 {
    let (sum, error) = two_sum(f64::from(a) * f64::from(b), f64::from(c));
    to_odd(sum, error) as f32
}

/// a·b + c, rounded once. The bits are those of [`f64::mul_add`], which is a call of the C library where the processor has no
/// such instruction.
///
/// The product is two numbers (Dekker 1971, Numerische Mathematik 18, doi:10.1007/BF01397083), and the sum of the three is
/// rounded once by way of a rounding to odd (Boldo & Melquiond 2008, as above). Near the ends of the range, where parts would
/// overflow or vanish, the C library does it.
#[inline]
pub fn mul_add_f64(a: f64, b: f64, c: f64) -> f64 {
    // 2^±900: parts of products are 2^106 smaller, those of factors 2^27 larger.
    const LARGE: f64 = f64::from_bits((1023 + 900) << 52);
    const SMALL: f64 = f64::from_bits((1023 - 900) << 52);
    let product = a * b;
    let in_range = (SMALL..LARGE).contains(&product.abs())
        && a.abs() < LARGE
        && b.abs() < LARGE
        && c.abs() < LARGE;
    if in_range {
        let (a_high, a_low) = halves(a);
        let (b_high, b_low) = halves(b);
        let low = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
        let (middle, least) = two_sum(c, low);
        let (sum, error) = two_sum(product, middle);
        let (rest, lost) = two_sum(error, least);
        sum + to_odd(rest, lost)
    } else if a == 0.0 || b == 0.0 {
        product + c
    } else {
        a.mul_add(b, c)
    }
}

/// a + b rounded, and what that lost (Knuth).
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// Two numbers of 26 bits that add up to the one (Veltkamp).
#[inline(always)]
fn halves(v: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * v; // 2^27 + 1
    let high = scaled - (scaled - v);
    (high, v - high)
}

/// sum + error, rounded to the neighbor with an odd last bit where it is between two; `sum` is the nearer one. An error that
/// is not a number is none: `sum` is then infinite, or no number.
#[inline(always)]
fn to_odd(sum: f64, error: f64) -> f64 {
    let bits = sum.to_bits();
    let inexact = u64::from((error > 0.0) | (error < 0.0));
    let is_even = !bits & 1;
    // Away from 0 where the signs are the same: 1, else −1.
    let step = 1 | ((bits ^ error.to_bits()) as i64 >> 63) as u64;
    f64::from_bits(bits.wrapping_add(step & (inexact & is_even).wrapping_neg()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bits, with one pattern for what is no number.
    fn bits(v: f64) -> u64 {
        if v.is_nan() { u64::MAX } else { v.to_bits() }
    }

    fn check(a: f64, b: f64, c: f64) {
        let (found, expected) = (mul_add_f64(a, b, c), a.mul_add(b, c));
        assert_eq!(bits(found), bits(expected), "{a:e} {b:e} {c:e}");
    }

    fn check_single(a: f32, b: f32, c: f32) {
        let (found, expected) = (mul_add_f32(a, b, c), a.mul_add(b, c));
        let [found, expected] = [found, expected].map(f64::from).map(bits);
        assert_eq!(found, expected, "{a:e} {b:e} {c:e}");
    }

    #[test]
    fn special_values() {
        let doubles = [
            0.0,
            1.0,
            1.5,
            f64::EPSILON,
            f64::MIN_POSITIVE,
            f64::MAX,
            5e-324,
            1e-271,
            1e271,
            f64::INFINITY,
            f64::NAN,
        ];
        let signed: Vec<f64> = doubles.iter().flat_map(|&v| [v, -v]).collect();
        for &a in &signed {
            for &b in &signed {
                for &c in &signed {
                    check(a, b, c);
                    check_single(a as f32, b as f32, c as f32);
                    // Half way between two numbers, and beside it.
                    check(a, 1.0 + f64::EPSILON, b * c);
                }
            }
        }
    }

    #[test]
    fn ties_and_what_is_beside_them() {
        // 1 + 2^-53 is half way; the product is that, and a little more or less.
        let half = f64::EPSILON / 2.0;
        for factor in [1.0, 1.0 + f64::EPSILON, 1.0 - half, 1.5, 3.0] {
            for c in [1.0, 1.0 + f64::EPSILON, -1.0, 2.0 - f64::EPSILON, 4.0] {
                for scale in [1.0, -1.0, 0.5, 2.0, half] {
                    check(factor * scale, half, c);
                    check(factor * scale, half * half, c);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_double(a in any::<u64>(), b in any::<u64>(), c in any::<u64>()) {
            let [a, b, c] = [a, b, c].map(f64::from_bits);
            check(a, b, c);
            check(a, b, -(a * b));
            check(a, b, (a * b) * c);
        }

        #[test]
        fn doubles_of_like_size(a in -1.0..1.0f64, b in -1.0..1.0f64, c in -1.0..1.0f64, shift in -130..130i32) {
            let scale = 2f64.powi(shift);
            check(a, b, c * scale);
            check(a, b, -(a * b) * (1.0 + c * scale));
            check(a, b, -(a * b));
        }

        #[test]
        fn any_single(a in any::<u32>(), b in any::<u32>(), c in any::<u32>()) {
            let [a, b, c] = [a, b, c].map(f32::from_bits);
            check_single(a, b, c);
            check_single(a, b, -(a * b));
        }

        #[test]
        fn singles_of_like_size(a in -1.0..1.0f32, b in -1.0..1.0f32, c in -1.0..1.0f32, shift in -140..60i32) {
            let scale = 2f64.powi(shift) as f32;
            check_single(a, b, c * scale);
            check_single(a, b, -(a * b) * (1.0 + c * scale));
        }
    }
}
