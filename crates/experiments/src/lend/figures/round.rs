//! Numbers as short as a drawing needs them.

/// Rounded to five significant digits.
pub(super) fn short(value: f64) -> f64 {
    match format!("{value:.4e}").parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => rounded,
        // The largest numbers are rounded beyond what there is.
        _ => value,
    }
}

pub(super) fn all_short(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    values.into_iter().map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_digits_stay() {
        for (value, expected) in [
            (0.123_456_7, 0.123_46),
            (-98_765.4, -98_765.0),
            (1.0, 1.0),
            (0.0, 0.0),
            (1.999_999e-7, 2e-7),
            (f64::MAX, f64::MAX),
        ] {
            assert_eq!(short(value), expected);
        }
        assert!(short(f64::NAN).is_nan());
    }
}
