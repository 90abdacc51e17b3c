//! Numbers as readers see them. Rates come as fractions.

/// Minus sign.
const MINUS: char = '\u{2212}';
/// Narrow space that keeps a number and its unit on one line.
pub(crate) const THIN: char = '\u{202f}';

/// With a minus sign in place of a hyphen; a 0 has no sign.
fn signed(text: String) -> String {
    match text.strip_prefix('-') {
        None => text,
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        Some(rest) => format!("{MINUS}{rest}"),
    }
}

/// A number with these decimals: −0.25.
pub(crate) fn decimal(value: f64, decimals: usize) -> String {
    signed(format!("{value:.decimals$}"))
}

/// A fraction in per cent without its sign, for columns that say so: 12.34.
pub(crate) fn in_percent(fraction: f64, decimals: usize) -> String {
    decimal(100.0 * fraction, decimals)
}

/// A fraction in per cent: 12.3 %.
pub(crate) fn percent(fraction: f64, decimals: usize) -> String {
    format!("{}{THIN}%", in_percent(fraction, decimals))
}

/// A share as options give it, without decimals that say nothing: 10 %, 2.5 %.
pub(crate) fn share(fraction: f64) -> String {
    let hundredths = (10_000.0 * fraction).round() / 100.0;
    format!("{}{THIN}%", signed(hundredths.to_string()))
}

/// A difference of fractions in percentage points, with its sign: +3.01.
pub(crate) fn in_points(difference: f64, decimals: usize) -> String {
    let text = in_percent(difference, decimals);
    let is_nil = text.chars().all(|c| matches!(c, '0' | '.'));
    match is_nil || text.starts_with(MINUS) {
        true => text,
        false => format!("+{text}"),
    }
}

/// The same with its unit: +3.0 points.
pub(crate) fn points(difference: f64, decimals: usize) -> String {
    let text = in_points(difference, decimals);
    let unit = match text.trim_start_matches(['+', MINUS]) {
        "1" => "point",
        _ => "points",
    };
    format!("{text} {unit}")
}

/// A count: 12,345.
pub(crate) fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount of money in whole units: 12,345.
pub(crate) fn money(amount: f64) -> String {
    let rounded = amount.abs().round();
    let sign = if amount < 0.0 && rounded > 0.0 {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{}", count(rounded as usize))
}

/// A setting of a grid, small powers of two as such: 16, 0.25, 2^−10.
pub(crate) fn setting(value: f64) -> String {
    let power = value.log2();
    match value < 0.1 && power.fract() == 0.0 {
        true => format!("2^{}", decimal(power, 0)),
        false => signed(value.to_string()),
    }
}

/// A p-value: 0.043, < 0.001.
pub(crate) fn p_value(p: f64) -> String {
    match p < 0.001 {
        true => format!("<{THIN}0.001"),
        false => format!("{p:.3}"),
    }
}

/// A p-value in a sentence: p = 0.043, p < 0.001.
pub(crate) fn p_equals(p: f64) -> String {
    match p < 0.001 {
        true => format!("p{THIN}{}", p_value(p)),
        false => format!("p{THIN}={THIN}{}", p_value(p)),
    }
}

/// What words count: "1 loan", "2 loans".
pub(crate) fn counted(n: usize, one: &str, more: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_units_are_typeset() {
        assert_eq!(percent(0.12345, 1), "12.3\u{202f}%");
        assert_eq!(percent(-0.002, 1), "\u{2212}0.2\u{202f}%");
        assert_eq!(percent(-0.0004, 1), "0.0\u{202f}%");
        assert_eq!(share(0.1), "10\u{202f}%");
        assert_eq!(share(0.025), "2.5\u{202f}%");
        assert_eq!(points(0.0301, 1), "+3.0 points");
        assert_eq!(points(-0.0301, 2), "\u{2212}3.01 points");
        assert_eq!(points(-0.000_01, 1), "0.0 points");
        assert_eq!(points(0.01, 0), "+1 point");
        assert_eq!(decimal(-1.5, 2), "\u{2212}1.50");
    }

    #[test]
    fn counts_are_grouped() {
        let texts = [0, 12, 999, 1000, 12_345, 1_234_567].map(count);
        assert_eq!(texts, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!([money(-1234.6), money(-0.2)], ["\u{2212}1,235", "0"]);
        assert_eq!(counted(1, "loan", "loans"), "1 loan");
        assert_eq!(counted(1200, "loan", "loans"), "1,200 loans");
    }

    #[test]
    fn settings_are_as_they_were_given() {
        let texts = [16.0, 0.25, 2f64.powi(-10), 0.001].map(setting);
        assert_eq!(texts, ["16", "0.25", "2^\u{2212}10", "0.001"]);
    }

    #[test]
    fn small_p_values_are_no_zero() {
        assert_eq!(p_value(0.0004), "<\u{202f}0.001");
        assert_eq!(p_value(0.0426), "0.043");
        assert_eq!(p_equals(0.0426), "p\u{202f}=\u{202f}0.043");
        assert_eq!(p_equals(1e-9), "p\u{202f}<\u{202f}0.001");
    }
}
