//! Numbers as people write them: per cent, currencies, thousands separators, decimal commas.

/// What a number stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Unit {
    /// Per cent, read as a fraction: `46.1%` is 0.461.
    Percent,
    /// An amount of this currency, `$` or `EUR`.
    Currency(String),
}

/// How the numbers of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct NumberFormat {
    /// The unit behind or before them. Per cent stands at every number, a currency may be absent.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub unit: Option<Unit>,
    /// The decimal mark, `.` or `,`; the other one, blanks and apostrophes may separate thousands.
    pub decimal: char,
}

impl NumberFormat {
    /// The number in a cell, or `None` where it is not written in this way.
    ///
    /// ```
    /// use fuzzysvm_datasets::table::{Encoding, Format, ReadOptions, read_bytes};
    /// let file = b"rate;income;y\n46,1%;1.100,50;p\n8%;900;n\n";
    /// let data = read_bytes("t.csv", Format::Csv, file, &ReadOptions::default())?;
    /// assert_eq!(data.x.row(0), [0.461, 1100.5]);
    /// let Encoding::Formatted(rate) = &data.schema.columns()[0].encoding else { panic!() };
    /// assert_eq!((rate.parse("7,5 %"), rate.parse("7,5")), (Some(0.075), None));
    /// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
    /// ```
    pub fn parse(&self, cell: &str) -> Option<f64> {
        let (unit, value) = read(cell, self.decimal)?;
        match (&self.unit, &unit) {
            (a, b) if a == b => Some(value),
            (Some(Unit::Currency(_)), None) => Some(value),
            _ => None,
        }
    }
}

impl NumberFormat {
    /// A number written in this way.
    pub(super) fn example(&self) -> String {
        let number = format!("36{}8", self.decimal);
        match &self.unit {
            None => number,
            Some(Unit::Percent) => format!("{number}%"),
            Some(Unit::Currency(name)) if SYMBOLS.iter().any(|s| name.starts_with(*s)) => {
                format!("{name}{number}")
            }
            Some(Unit::Currency(name)) => format!("{name} {number}"),
        }
    }
}

const SYMBOLS: [char; 9] = ['$', '€', '£', '¥', '₹', '₩', '₽', '₺', '₴'];
const CODES: [&str; 18] = [
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "INR", "CNY", "SEK", "NOK", "DKK",
    "PLN", "BRL", "MXN", "ZAR", "KRW",
];
const BLANKS: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

/// Unit and value of a cell, read with this decimal mark.
pub(super) fn read(cell: &str, decimal: char) -> Option<(Option<Unit>, f64)> {
    // Accountants write -5 as (5).
    let (rest, mut negative) = match cell.strip_prefix('(').and_then(|c| c.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (cell, false),
    };
    let mut signs = usize::from(negative);
    let mut sign = |text: &mut &str| {
        let plain = text.strip_prefix('+');
        let minus = text.strip_prefix(['-', '\u{2212}']);
        if let Some(rest) = plain.or(minus) {
            (*text, signs) = (rest.trim_start(), signs + 1);
            negative = minus.is_some();
        }
    };
    let mut rest = rest;
    sign(&mut rest);
    let before = currency(rest, |text, name| text.strip_prefix(name));
    if let Some((_, inner)) = &before {
        rest = inner;
        sign(&mut rest);
    }
    if signs > 1 {
        return None;
    }
    let percent = rest.strip_suffix('%');
    let after = currency(rest, |text, name| text.strip_suffix(name));
    let (unit, body) = match (before, percent, after) {
        (Some((name, _)), None, None) => (Some(Unit::Currency(name)), rest),
        (None, Some(body), None) => (Some(Unit::Percent), body),
        (None, None, Some((name, body))) => (Some(Unit::Currency(name)), body),
        (None, None, None) => (None, rest),
        _ => return None,
    };
    let mut value = digits(body.trim_matches(BLANKS), decimal)?;
    if unit == Some(Unit::Percent) {
        value /= 100.0;
    }
    Some((unit, if negative { -value } else { value }))
}

/// The currency at one end of a text, and the rest.
fn currency<'a>(
    text: &'a str,
    strip: impl Fn(&'a str, &str) -> Option<&'a str>,
) -> Option<(String, &'a str)> {
    let mut buffer = [0; 4];
    let symbols = SYMBOLS
        .iter()
        .find_map(|c| strip(text, c.encode_utf8(&mut buffer)).map(|rest| (c.to_string(), rest)));
    let (name, rest) = symbols.or_else(|| {
        let code = |code: &&str| strip(text, code).map(|rest| ((*code).to_owned(), rest));
        CODES.iter().find_map(code)
    })?;
    Some((name, rest.trim_matches(BLANKS)))
}

/// A number without sign and unit: thousands in groups of three, a decimal mark, an exponent.
fn digits(body: &str, decimal: char) -> Option<f64> {
    let (mantissa, exponent) = match body.find(['e', 'E']) {
        Some(at) => (&body[..at], body[at + 1..].parse::<i16>().ok()?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once(decimal).unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let mut plain = String::with_capacity(body.len() + 4);
    match whole.find(|c: char| !c.is_ascii_digit()) {
        None => plain.push_str(whole),
        Some(at) => {
            let mark = whole[at..].chars().next()?;
            let thousands = if decimal == ',' { '.' } else { ',' };
            if !(mark == thousands || BLANKS.contains(&mark) || matches!(mark, '\'' | '\u{2019}')) {
                return None;
            }
            for (i, group) in whole.split(mark).enumerate() {
                let fits = match i {
                    0 => (1..=3).contains(&group.len()) && !group.starts_with('0'),
                    _ => group.len() == 3,
                };
                if !(fits && is_digits(group)) {
                    return None;
                }
                plain.push_str(group);
            }
        }
    }
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    if exponent != 0 {
        plain.push_str(&format!("e{exponent}"));
    }
    plain.parse().ok()
}

/// Which ways of writing fit every cell of a column so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FormatScan {
    /// With a point and with a comma as decimal mark.
    fits: [bool; 2],
    unit: Option<Unit>,
    bare: bool,
    /// A cell that shows which mark is the decimal one was met.
    marked: bool,
    /// Every cell is a number that Rust reads.
    pub plain: bool,
}

impl Default for FormatScan {
    fn default() -> Self {
        Self {
            fits: [true; 2],
            unit: None,
            bare: false,
            marked: false,
            plain: true,
        }
    }
}

/// The decimal marks, as `FormatScan` counts them.
const MARKS: [char; 2] = ['.', ','];

impl FormatScan {
    /// Takes the next cell, unless it is not written as those before. `plain` says that Rust reads it as a number.
    pub fn take(&mut self, cell: &str, plain: bool) -> bool {
        // The common cases, fast: a whole number fits any decimal mark, and no plain number has a unit.
        let whole = || cell.bytes().all(|b| b.is_ascii_digit());
        if plain && (!self.fits[1] || whole()) {
            let fits = (self.fits[0] || (self.fits[1] && whole()))
                && !matches!(self.unit, Some(Unit::Percent));
            self.bare |= fits;
            return fits;
        }
        let found = [0, 1].map(|i| match plain && i == 0 {
            true => Some((None, 0.0)),
            false => read(cell, MARKS[i]),
        });
        let fits = [0, 1].map(|i| self.fits[i] && found[i].is_some());
        let Some((unit, _)) = found.into_iter().flatten().next() else {
            return false;
        };
        let agrees = match (&self.unit, &unit) {
            (Some(a), Some(b)) => a == b,
            (Some(Unit::Percent), None) => false,
            (None, Some(Unit::Percent)) => !self.bare,
            _ => true,
        };
        if !agrees || fits == [false; 2] {
            return false;
        }
        self.fits = fits;
        self.bare |= unit.is_none();
        self.plain &= plain;
        self.marked |= cell.contains(MARKS);
        if unit.is_some() {
            self.unit = unit;
        }
        true
    }

    /// The decimal mark that the cells alone show; `None` where either would do.
    pub fn decimal(&self) -> Option<char> {
        match self.fits {
            [true, false] => Some('.'),
            [false, true] => Some(','),
            _ => None,
        }
    }

    /// Whether the number depends on which mark is the decimal one.
    pub fn is_open(&self) -> bool {
        self.fits == [true; 2] && self.marked
    }

    /// The format with this decimal mark, where it fits.
    pub fn format(&self, decimal: char) -> Option<NumberFormat> {
        let at = MARKS.iter().position(|&m| m == decimal)?;
        self.fits[at].then(|| NumberFormat {
            unit: self.unit.clone(),
            decimal,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_people_mean_them() {
        let money = |name: &str| Some(Unit::Currency(name.to_owned()));
        let cases = [
            ("46.1%", '.', Some((Some(Unit::Percent), 0.461))),
            ("46,1 %", ',', Some((Some(Unit::Percent), 0.461))),
            ("-0.5%", '.', Some((Some(Unit::Percent), -0.005))),
            ("$1,100.00", '.', Some((money("$"), 1100.0))),
            ("-$5", '.', Some((money("$"), -5.0))),
            ("$-5", '.', Some((money("$"), -5.0))),
            ("($1,234.5)", '.', Some((money("$"), -1234.5))),
            ("1.100,00 €", ',', Some((money("€"), 1100.0))),
            ("EUR 12", '.', Some((money("EUR"), 12.0))),
            ("12 345,6", ',', Some((None, 12345.6))),
            ("1'234'567", '.', Some((None, 1_234_567.0))),
            ("1,100", '.', Some((None, 1100.0))),
            ("1,100", ',', Some((None, 1.1))),
            ("0,123", '.', None),
            ("36.8", ',', None),
            ("1,10", '.', None),
            ("1,1000", '.', None),
            ("1,234 567", '.', None),
            ("$5%", '.', None),
            ("--5", '.', None),
            ("", '.', None),
            ("%", '.', None),
            ("$", '.', None),
            (".", '.', None),
            ("1.2.3", '.', None),
            ("12-05", '.', None),
            ("1,5e-3", ',', Some((None, 0.0015))),
        ];
        for (cell, decimal, expected) in cases {
            assert_eq!(read(cell, decimal), expected, "{cell} with {decimal}");
        }
    }
}
