//! The value of a feature, for people.

use std::fmt;

/// What an encoded row says of one feature, before it was encoded. As text it is short: numbers have four significant
/// digits, or all in front of the point.
///
/// ```
/// use fuzzysvm_datasets::FeatureValue;
/// assert_eq!(FeatureValue::Number(31.234).to_string(), "31.23");
/// assert_eq!(FeatureValue::Number(65_000.4).to_string(), "65000");
/// assert_eq!(FeatureValue::Share(0.1065).to_string(), "10.65 %");
/// assert_eq!(FeatureValue::Category("car".to_owned()).to_string(), "car");
/// assert_eq!(FeatureValue::Never.to_string(), "never");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FeatureValue {
    /// A number.
    Number(f64),
    /// A fraction of 1, which is written in per cent.
    Share(f64),
    /// A category.
    Category(String),
    /// No category of the training rows: another one, or none.
    NoCategory,
    /// No number.
    Missing,
    /// No event to count months from.
    Never,
}

impl fmt::Display for FeatureValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeatureValue::Number(value) => f.write_str(&four_digits(*value)),
            FeatureValue::Share(value) => write!(f, "{} %", four_digits(100.0 * value)),
            FeatureValue::Category(name) => f.write_str(name),
            FeatureValue::NoCategory => f.write_str("unknown"),
            FeatureValue::Missing => f.write_str("missing"),
            FeatureValue::Never => f.write_str("never"),
        }
    }
}

/// Four significant digits, or all in front of the point; no zeros at the end.
fn four_digits(value: f64) -> String {
    let digits = (value.abs().log10().floor() as i32).saturating_add(1);
    let decimals = (4 - digits.clamp(-8, 4)).unsigned_abs() as usize;
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (8.999_999_999_9, "9"),
            (0.012_345_6, "0.01235"),
            (-2.5, "-2.5"),
            (12.344, "12.34"),
            (123.45, "123.5"),
            (9_999.96, "10000"),
            (70_000.000_000_1, "70000"),
            (1e-30, "0"),
        ] {
            assert_eq!(four_digits(value), text, "{value}");
        }
    }
}
