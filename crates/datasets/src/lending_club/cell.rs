//! One cell: numbers, percentages, terms, dates, grades, years of employment, statuses.
//!
//! Every function takes a trimmed cell and returns `Err` with what was expected, so that the reader
//! can add file, line and column.

use super::month::Month;
use super::status::Status;

/// What a cell should have held.
pub(crate) type Expected = &'static str;

/// No amount, count or rate in a loan file comes near this; larger numbers are damage, and would
/// overflow when squared.
const LARGEST: f64 = 1e12;

/// Without blanks at both ends: ASCII ones and the no-break space in UTF-8 and Latin-1.
#[inline]
pub(crate) fn trim(mut cell: &[u8]) -> &[u8] {
    // Fast path for nearly every cell: the rest costs more than parsing its number.
    if let [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] = cell {
        return cell;
    }
    loop {
        cell = match cell {
            [b' ' | b'\t' | b'\r' | b'\n' | 0xA0, rest @ ..] | [0xC2, 0xA0, rest @ ..] => rest,
            // 0xA0 is also the last byte of other characters in UTF-8 (à is C3 A0): keep it there.
            [rest @ .., 0xC2, 0xA0] | [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] => rest,
            _ => return cell,
        };
    }
}

/// Whether a cell says that there is no value: empty, or as pandas and R write it.
pub(crate) fn is_missing(cell: &[u8]) -> bool {
    match cell.len() {
        0 => true,
        2..=4 => [&b"na"[..], b"n/a", b"nan", b"null", b"none"]
            .iter()
            .any(|m| cell.eq_ignore_ascii_case(m)),
        _ => false,
    }
}

/// A finite number of sane size; NaN where the cell is missing.
#[inline]
pub(crate) fn number(cell: &[u8]) -> Result<f64, Expected> {
    match short_decimal(cell) {
        Some(value) => Ok(value),
        None => any_number(cell),
    }
}

fn any_number(cell: &[u8]) -> Result<f64, Expected> {
    const EXPECTED: Expected = "a number between -1e12 and 1e12, or nothing";
    if is_missing(cell) {
        return Ok(f64::NAN);
    }
    match fast_float2::parse::<f64, _>(cell) {
        Ok(value) if value.abs() <= LARGEST => Ok(value),
        _ => Err(EXPECTED),
    }
}

/// Digits with at most one point among them, as nearly all numbers are written. Up to 11 of them are a
/// whole number and a power of ten that doubles hold exactly, so that their quotient is the double
/// nearest to the text, as any correct parser finds it.
#[inline]
fn short_decimal(cell: &[u8]) -> Option<f64> {
    const POWERS: [f64; 12] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11];
    if cell.len() > 12 {
        return None;
    }
    let (mut digits, mut whole, mut point) = (0u64, 0usize, None);
    for (i, &byte) in cell.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            digits = digits * 10 + u64::from(digit);
            whole += 1;
        } else if byte == b'.' && point.is_none() {
            point = Some(i);
        } else {
            return None;
        }
    }
    match point {
        _ if whole == 0 => None,
        None if whole > 11 => None,
        None => Some(digits as f64),
        // No decimals after the last digit.
        Some(at) => Some(digits as f64 / POWERS.get(cell.len() - at - 1)?),
    }
}

/// A number with or without a per cent sign, and whether the sign was there.
#[inline]
pub(crate) fn percent(cell: &[u8]) -> Result<(f64, bool), Expected> {
    const EXPECTED: Expected = "a percentage such as 10.65%, or nothing";
    match cell {
        [.., b'0'..=b'9'] => number(cell).map(|v| (v, false)).map_err(|_| EXPECTED),
        [rest @ .., b'%'] => match number(trim(rest)) {
            Ok(value) if !value.is_nan() => Ok((value, true)),
            _ => Err(EXPECTED),
        },
        _ => number(cell).map(|v| (v, false)).map_err(|_| EXPECTED),
    }
}

/// `36 months`, `36`, `36.0`.
pub(crate) fn term(cell: &[u8]) -> Result<u16, Expected> {
    const EXPECTED: Expected = "a term such as 36 months";
    let digits = cell
        .iter()
        .position(|b| !(b.is_ascii_digit() || *b == b'.'))
        .map_or(cell, |end| &cell[..end]);
    let unit = trim(&cell[digits.len()..]);
    if !(unit.is_empty()
        || [&b"months"[..], b"month"]
            .iter()
            .any(|u| unit.eq_ignore_ascii_case(u)))
    {
        return Err(EXPECTED);
    }
    match number(digits) {
        Ok(value) if (1.0..=600.0).contains(&value) && value.fract() == 0.0 => Ok(value as u16),
        _ => Err(EXPECTED),
    }
}

/// A date as written in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateCell {
    /// With its century.
    Full(Month),
    /// Two digits of the year (0 to 99) and the month (1 to 12).
    TwoDigits(u32, u32),
}

impl DateCell {
    /// The month, where a date without century is one of this century (loans began in 2007).
    pub fn this_century(self) -> Option<Month> {
        match self {
            DateCell::Full(month) => Some(month),
            DateCell::TwoDigits(year, month) => Month::new(2000 + year, month),
        }
    }

    /// The last month that fits the cell and comes before `limit`: `Jan-62` before 2011 is 1962.
    pub fn before(self, limit: Month) -> Option<Month> {
        match self {
            DateCell::Full(month) => Some(month),
            DateCell::TwoDigits(year, month) => Month::new(2000 + year, month)
                .filter(|m| *m < limit)
                .or_else(|| Month::new(1900 + year, month)),
        }
    }
}

/// `Dec-2011`, `Dec-11`, `11-Dec` (a spreadsheet's), `2011-12-01`, `2011-12`, with a time of day or
/// without, `12-2011`; with `/` or a blank in place of `-`. `None` where the cell is missing. `1/12/2011` is none of
/// them: whether it is January or December, the cell does not say.
pub(crate) fn date(cell: &[u8]) -> Result<Option<DateCell>, Expected> {
    const EXPECTED: Expected = "a month such as Dec-2011, or nothing";
    if is_missing(cell) {
        return Ok(None);
    }
    // The first separator decides: a blank may also stand before the time of day.
    let mark = cell.iter().find(|b| matches!(b, b'-' | b'/' | b' '));
    let mut parts = cell.splitn(3, |b| Some(b) == mark);
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    let parsed = match (first, second, third) {
        (Some(a), Some(b), None) => match (month_name(a), a.len(), b.len()) {
            (Some(month), _, 4) => digits(b)
                .and_then(|y| Month::new(y, month))
                .map(DateCell::Full),
            (Some(month), _, 1..=2) => digits(b).map(|y| DateCell::TwoDigits(y, month)),
            (None, 4, 2) => full(a, b),
            (None, 1..=2, 4) => full(b, a),
            (None, 1..=2, _) => match (digits(a), month_name(b)) {
                (Some(year), Some(month)) => Some(DateCell::TwoDigits(year, month)),
                _ => None,
            },
            _ => None,
        },
        (Some(a), Some(b), Some(c)) if a.len() == 4 && b.len() == 2 && mark != Some(&b' ') => {
            let day_ok = c
                .get(..2)
                .and_then(digits)
                .is_some_and(|d| (1..=31).contains(&d))
                && c.get(2).is_none_or(|b| matches!(b, b' ' | b'T'));
            full(a, b).filter(|_| day_ok)
        }
        _ => None,
    };
    parsed.map(Some).ok_or(EXPECTED)
}

fn full(year: &[u8], month: &[u8]) -> Option<DateCell> {
    Month::new(digits(year)?, digits(month)?).map(DateCell::Full)
}

fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 4 {
        return None;
    }
    text.iter().try_fold(0u32, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0'))
    })
}

fn month_name(text: &[u8]) -> Option<u32> {
    const NAMES: [&[u8; 3]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let place = NAMES.iter().position(|n| text.eq_ignore_ascii_case(*n))?;
    u32::try_from(place + 1).ok()
}

/// `A1` = 1 to `G5` = 35; 0 where the cell is missing.
pub(crate) fn sub_grade(cell: &[u8]) -> Result<u8, Expected> {
    match cell {
        [letter, digit @ b'1'..=b'5'] => match letter.to_ascii_uppercase() {
            upper @ b'A'..=b'G' => Ok((upper - b'A') * 5 + (digit - b'0')),
            _ => Err("a sub-grade from A1 to G5, or nothing"),
        },
        _ if is_missing(cell) => Ok(0),
        _ => Err("a sub-grade from A1 to G5, or nothing"),
    }
}

/// `A` = 1 to `G` = 7; 0 where the cell is missing.
pub(crate) fn grade(cell: &[u8]) -> Result<u8, Expected> {
    match cell {
        [letter @ (b'A'..=b'G' | b'a'..=b'g')] => Ok(letter.to_ascii_uppercase() - b'A' + 1),
        _ if is_missing(cell) => Ok(0),
        _ => Err("a grade from A to G, or nothing"),
    }
}

/// `< 1 year` = 0, `1 year`, `2 years`, to `10+ years` = 10; NaN for `n/a` and nothing.
pub(crate) fn emp_length(cell: &[u8]) -> Result<f64, Expected> {
    const EXPECTED: Expected = "years of employment such as 3 years, < 1 year, 10+ years or n/a";
    if is_missing(cell) {
        return Ok(f64::NAN);
    }
    let (below, rest) = match cell {
        [b'<', rest @ ..] => (true, trim(rest)),
        _ => (false, cell),
    };
    let end = rest
        .iter()
        .position(|b| !(b.is_ascii_digit() || *b == b'.'))
        .unwrap_or(rest.len());
    let (value, unit) = rest.split_at(end);
    let unit = trim(unit.strip_prefix(b"+").unwrap_or(unit));
    let known = [&b""[..], b"year", b"years", b"yr", b"yrs"];
    if !known.iter().any(|u| unit.eq_ignore_ascii_case(u)) || value.is_empty() {
        return Err(EXPECTED);
    }
    match number(value) {
        Ok(1.0) if below => Ok(0.0),
        Ok(years) if !below && years.fract() == 0.0 && years <= 80.0 => Ok(years.min(10.0)),
        _ => Err(EXPECTED),
    }
}

/// Splits off "Does not meet the credit policy. Status:"; whether it was there.
fn without_policy(cell: &[u8]) -> (bool, &[u8]) {
    const PREFIX: &[u8] = b"Does not meet the credit policy.";
    const LABEL: &[u8] = b"Status:";
    match cell.get(..PREFIX.len()) {
        Some(head) if head.eq_ignore_ascii_case(PREFIX) => {
            let rest = trim(&cell[PREFIX.len()..]);
            match rest.get(..LABEL.len()) {
                Some(head) if head.eq_ignore_ascii_case(LABEL) => {
                    (true, trim(&rest[LABEL.len()..]))
                }
                _ => (true, rest),
            }
        }
        _ => (false, cell),
    }
}

/// Whether a status says that the loan does not meet the credit policy, whatever else it says.
pub(crate) fn is_off_policy(cell: &[u8]) -> bool {
    without_policy(cell).0
}

/// A status, and whether the loan does not meet the credit policy.
pub(crate) fn status(cell: &[u8]) -> Result<(Status, bool), Expected> {
    let (off_policy, rest) = without_policy(cell);
    Status::from_cell(rest)
        .map(|s| (s, off_policy))
        .ok_or("a loan status such as Fully Paid, Charged Off or Current")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_and_what_is_none() {
        for (cell, value) in [
            ("0", 0.0),
            ("999999999", 999_999_999.0),
            ("1234567890", 1_234_567_890.0),
            ("-1", -1.0),
            ("10.65", 10.65),
            ("1e3", 1000.0),
            (".5", 0.5),
        ] {
            assert_eq!(number(cell.as_bytes()), Ok(value), "{cell}");
        }
        for cell in ["", "NA", "n/a", "NaN", "nan", "NULL", "None"] {
            assert!(number(cell.as_bytes()).unwrap().is_nan(), "{cell}");
        }
        for cell in [
            "inf", "-inf", "Infinity", "1e308", "1e999", "1,000", "$5", "12x", "-", "n",
        ] {
            assert!(number(cell.as_bytes()).is_err(), "{cell}");
        }
        assert_eq!(percent(b"10.65%"), Ok((10.65, true)));
        assert_eq!(percent(b"10.65 %"), Ok((10.65, true)));
        assert_eq!(percent(b"0.1065"), Ok((0.1065, false)));
        assert!(percent(b"%").is_err() && percent(b"10%%").is_err() && percent(b"nan%").is_err());
    }

    #[test]
    fn blanks_of_every_kind_go() {
        assert_eq!(trim(b"  6.99%"), b"6.99%");
        assert_eq!(trim(b"total_rev_hi_lim \xc2\xa0"), b"total_rev_hi_lim");
        assert_eq!(trim("à".as_bytes()), "à".as_bytes());
        assert_eq!(trim(b" \t\r\n"), b"");
    }

    #[test]
    fn terms() {
        for cell in ["36 months", "36", "36.0", "36 Months", "36months"] {
            assert_eq!(term(cell.as_bytes()), Ok(36), "{cell}");
        }
        for cell in [
            "", "months", "36 years", "0", "-36", "36.5", "1e2", "601", "NaN", "36 m",
        ] {
            assert!(term(cell.as_bytes()).is_err(), "{cell}");
        }
    }

    #[test]
    fn dates_in_every_spelling() {
        let full = DateCell::Full(month("2011-12"));
        for cell in [
            "Dec-2011",
            "DEC-2011",
            "2011-12-01",
            "2011-12",
            "2011-12-01T00:00:00",
            "2011-12-01 00:00:00",
            "2011-12-01T00:00:00.000Z",
            "12-2011",
            "12/2011",
            "2011/12",
            "2011/12/01",
            "Dec 2011",
            "dec/2011",
        ] {
            assert_eq!(date(cell.as_bytes()), Ok(Some(full)), "{cell}");
        }
        let two = DateCell::TwoDigits(11, 12);
        for cell in ["Dec-11", "dec-11", "11-Dec"] {
            assert_eq!(date(cell.as_bytes()), Ok(Some(two)), "{cell}");
        }
        assert_eq!(date(b"9-Dec"), Ok(Some(DateCell::TwoDigits(9, 12))));
        assert_eq!(date(b""), Ok(None));
        for cell in [
            "12/22/11",
            "1/12/2011",
            "13/2011",
            "0/2011",
            "12/11",
            "Dec 2011 01",
            "2011/12-01",
            "2011 12/01",
            "/2011",
            " ",
            "2011-13-01",
            "2011-12-32",
            "Foo-2011",
            "Dec2011",
            "Dec-",
            "-Dec",
            "Dec-011",
            "2011-12-01x",
            "2011",
            "Dec-2011-01",
            "1-1",
            "20111-12",
        ] {
            assert!(date(cell.as_bytes()).is_err(), "{cell}");
        }
    }

    #[test]
    fn two_digit_years_come_before_the_issue() {
        let issue = month("2011-12");
        let date = |y, m| DateCell::TwoDigits(y, m).before(issue).unwrap().to_string();
        assert_eq!(date(62, 1), "1962-01");
        assert_eq!(date(46, 12), "1946-12");
        assert_eq!(date(8, 3), "2008-03");
        assert_eq!(date(11, 11), "2011-11");
        assert_eq!(date(11, 12), "1911-12");
        assert_eq!(date(0, 1), "2000-01");
        assert_eq!(DateCell::TwoDigits(11, 12).this_century(), Some(issue));
    }

    #[test]
    fn grades_and_years_of_employment() {
        assert_eq!(sub_grade(b"A1"), Ok(1));
        assert_eq!(sub_grade(b"g5"), Ok(35));
        assert_eq!(sub_grade(b""), Ok(0));
        assert!(
            sub_grade(b"H1").is_err() && sub_grade(b"A6").is_err() && sub_grade(b"A0").is_err()
        );
        assert_eq!(
            (grade(b"A"), grade(b"g"), grade(b"")),
            (Ok(1), Ok(7), Ok(0))
        );
        assert!(grade(b"H").is_err());
        for (cell, years) in [
            ("< 1 year", 0.0),
            ("<1 year", 0.0),
            ("1 year", 1.0),
            ("2 years", 2.0),
            ("10+ years", 10.0),
            ("10+", 10.0),
            ("7", 7.0),
            ("7.0", 7.0),
            ("12 years", 10.0),
        ] {
            assert_eq!(emp_length(cell.as_bytes()), Ok(years), "{cell}");
        }
        assert!(emp_length(b"n/a").unwrap().is_nan() && emp_length(b"").unwrap().is_nan());
        for cell in [
            "years",
            "< 2 years",
            "2 months",
            "1.5 years",
            "-1 year",
            "+",
            "many",
        ] {
            assert!(emp_length(cell.as_bytes()).is_err(), "{cell}");
        }
    }

    #[test]
    fn statuses_on_and_off_policy() {
        assert_eq!(status(b"Fully Paid"), Ok((Status::FullyPaid, false)));
        assert_eq!(
            status(b"Does not meet the credit policy. Status:Charged Off"),
            Ok((Status::ChargedOff, true))
        );
        assert_eq!(
            status(b"Does not meet the credit policy.  Status: current"),
            Ok((Status::Current, true))
        );
        assert_eq!(
            status(b"Late (31-120 days)"),
            Ok((Status::Late31To120, false))
        );
        assert!(status(b"").is_err() && status(b"Paid").is_err());
    }
}
