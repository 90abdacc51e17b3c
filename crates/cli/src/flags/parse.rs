//! Values of flags.

use fuzzysvm::core::{ParamError, math};
use fuzzysvm::datasets::lending_club::Month;
use fuzzysvm::kernels::Gamma;
use fuzzysvm::lend::Buy;

/// A number, or a power of one, as help texts write them: `2^-8`.
fn number(text: &str) -> Option<f64> {
    let real = |text: &str| text.trim().parse::<f64>().ok();
    match text.split_once('^') {
        None => real(text),
        Some((base, exponent)) => {
            let base = real(base).filter(|base| *base > 0.0)?;
            Some(math::powf(base, real(exponent)?))
        }
    }
}

/// A finite number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    match number(text) {
        Some(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("expected a finite number above 0".to_owned()),
    }
}

/// A finite number.
pub fn finite(text: &str) -> Result<f64, String> {
    match number(text) {
        Some(value) if value.is_finite() => Ok(value),
        _ => Err("expected a finite number".to_owned()),
    }
}

/// A whole number from 1.
pub fn count(text: &str) -> Result<usize, String> {
    match text.trim().parse::<usize>() {
        Ok(value) if value > 0 => Ok(value),
        _ => Err("expected a whole number from 1".to_owned()),
    }
}

/// A month.
pub fn month(text: &str) -> Result<Month, String> {
    text.parse()
        .map_err(|_| "expected YYYY-MM, as in 2012-03".to_owned())
}

/// A portfolio rule with its number.
pub fn rule(text: &str) -> Result<Buy, String> {
    text.parse().map_err(|e: ParamError| e.rule.to_string())
}

/// `scale`, `auto` or a number.
pub fn gamma(text: &str) -> Result<Gamma, String> {
    if text.contains('^')
        && let Ok(value) = positive(text)
    {
        return Ok(Gamma::Value(value));
    }
    text.parse()
        .map_err(|_| "expected scale, auto or a finite number above 0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_numbers() {
        for (text, value) in [
            ("2^-8", 1.0 / 256.0),
            (" 10 ^ 2 ", 100.0),
            ("0.5", 0.5),
            ("1e-3", 1e-3),
        ] {
            assert_eq!(positive(text), Ok(value), "{text}");
        }
        assert_eq!(gamma("2^-8"), Ok(Gamma::Value(1.0 / 256.0)));
        for text in [
            "2^", "^2", "2^2^2", "2^-9999", "2^9999", "-2^2", "(-2)^2", "x^2",
        ] {
            assert!(positive(text).is_err() && gamma(text).is_err(), "{text}");
        }
    }
}
