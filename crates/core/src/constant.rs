//! When numbers are the same but for rounding.

/// Whether all values are the same up to rounding: their range is at most n·ε·(largest |value|).
///
/// A sum of n values, and so their mean, may be off by that much, and values that were computed in two ways
/// (0.1 + 0.2 and 0.3) differ by less. Scaled to width 1, such differences would count as a full feature, and
/// a new value next to the old ones would be scaled to 1e14. scikit-learn's `StandardScaler` has the same
/// bound for the standard deviation, which is smaller than the range: what is constant here is constant there.
///
/// False without values.
///
/// ```
/// use fuzzysvm_core::is_constant;
/// assert!(is_constant([0.3, 0.1 + 0.2, 0.3].into_iter()));
/// assert!(!is_constant([0.3, 0.31].into_iter()));
/// ```
pub fn is_constant(values: impl Iterator<Item = f64>) -> bool {
    let (mut n, mut min, mut max) = (0.0_f64, f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        n += 1.0;
        min = min.min(value);
        max = max.max(value);
    }
    min == max || max - min <= n * f64::EPSILON * max.abs().max(min.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn constant(values: &[f64]) -> bool {
        is_constant(values.iter().copied())
    }

    #[test]
    fn constant_is_what_rounding_alone_tells_apart() {
        for same in [
            &[0.3, 0.1 + 0.2, 0.3, 0.3][..],
            &[1e9, 1e9_f64.next_up(), 1e9, 1e9_f64.next_down()],
            &[-1e300, (-1e300_f64).next_up(), -1e300],
            &[3e-300, 1e-300 + 2e-300, 3e-300],
            &[0.0, -0.0],
            &[5e-324; 3],
            &[7.0],
        ] {
            assert!(constant(same), "{same:?}");
        }
        for different in [
            &[0.0, 5e-324][..],
            &[1e-17, -1e-17, 1e-17],
            &[1.0, 1.0, 1.0 + 1e-15],
            &[1e9, 1e9 + 1e-3, 1e9],
            &[1.6e18, 1.6e18 + 1e6],
            &[-1e308, 1e308],
            &[],
        ] {
            assert!(!constant(different), "{different:?}");
        }
    }

    proptest! {
        /// What is added in another order is the same column.
        #[test]
        fn sums_in_any_order_are_constant(
            terms in prop::collection::vec(0.0_f64..1.0, 2..8), n in 8_usize..60, exponent in -200_i32..200,
        ) {
            let unit = 10_f64.powi(exponent);
            let sums: Vec<f64> = (0..n)
                .map(|i| {
                    let mut terms: Vec<f64> = terms.iter().map(|t| t * unit).collect();
                    let turn = i % terms.len();
                    terms.rotate_left(turn);
                    terms.iter().sum()
                })
                .collect();
            prop_assert!(constant(&sums));
        }

        #[test]
        fn neither_unit_nor_sign_matter(
            values in prop::collection::vec(-8_i32..8, 1..20), offset in 0_i32..60, power in -100_i32..100,
        ) {
            let of = |unit: f64| -> Vec<f64> {
                values.iter().map(|&v| unit * (2_f64.powi(offset) + f64::from(v))).collect()
            };
            let expected = constant(&of(1.0));
            prop_assert_eq!(constant(&of(2_f64.powi(power))), expected);
            prop_assert_eq!(constant(&of(-1.0)), expected);
        }
    }
}
