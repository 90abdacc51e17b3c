//! Calendar months, counted so that differences are exact.

use fuzzysvm_core::quote::cut;
use std::fmt;
use std::str::FromStr;

/// A calendar month, stored as the number of months since January of year 0.
///
/// Months order by time, never by spelling ("Sep-2018" is before "Dec-2019").
///
/// ```
/// use fuzzysvm_datasets::lending_club::Month;
/// let issued: Month = "2009-07".parse()?;
/// assert_eq!(issued.to_string(), "2009-07");
/// assert_eq!(issued.plus_months(36).to_string(), "2012-07");
/// assert_eq!(issued.plus_months(36).months_since(issued), 36);
/// # Ok::<(), fuzzysvm_datasets::lending_club::MonthError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "String", try_from = "String"))]
pub struct Month(u32);

impl Month {
    /// Month `month` (1 to 12) of `year` (0 to 9999); `None` outside these.
    pub const fn new(year: u32, month: u32) -> Option<Self> {
        if year <= 9999 && month >= 1 && month <= 12 {
            Some(Self(year * 12 + month - 1))
        } else {
            None
        }
    }

    /// The year.
    pub const fn year(self) -> u32 {
        self.0 / 12
    }

    /// The month of the year, 1 to 12.
    pub const fn month(self) -> u32 {
        self.0 % 12 + 1
    }

    /// Months since January of year 0.
    pub const fn index(self) -> u32 {
        self.0
    }

    /// The month `months` later, held inside the years 0 to 9999.
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add_signed(months).min(9999 * 12 + 11))
    }

    /// How many months `earlier` lies before this one; negative where it lies after.
    pub const fn months_since(self, earlier: Month) -> i32 {
        // Both are below 120,000, so the difference fits.
        self.0 as i32 - earlier.0 as i32
    }

    /// From [`index`](Self::index), for columns that store it.
    pub(crate) const fn from_index(index: u32) -> Option<Self> {
        if index < 10_000 * 12 {
            Some(Self(index))
        } else {
            None
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

/// Text that is no month, or no quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a {what}: expected {expected}")]
#[non_exhaustive]
pub struct MonthError {
    /// The text found.
    pub found: String,
    /// `month` or `quarter`.
    pub what: &'static str,
    /// How it is written, with an example.
    pub expected: &'static str,
}

impl MonthError {
    fn month(text: &str) -> Self {
        Self::of(text, "month", "YYYY-MM, as in 2009-07")
    }

    pub(crate) fn quarter(text: &str) -> Self {
        Self::of(text, "quarter", "YYYYQ1 to YYYYQ4, as in 2009Q3")
    }

    fn of(text: &str, what: &'static str, expected: &'static str) -> Self {
        Self {
            found: cut(text).to_string(),
            what,
            expected,
        }
    }
}

/// The number that a text of `n` digits is.
pub(super) fn digits(text: &str, n: usize) -> Option<u32> {
    let is_number = text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let wrong = || MonthError::month(text);
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        match (digits(year, 4), digits(month, 2)) {
            (Some(year), Some(month)) => Month::new(year, month).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_and_order_by_time() {
        let sep = Month::new(2018, 9).unwrap();
        let dec = Month::new(2019, 12).unwrap();
        assert!(sep < dec);
        assert_eq!(dec.months_since(sep), 15);
        assert_eq!(sep.months_since(dec), -15);
        assert_eq!((dec.year(), dec.month()), (2019, 12));
        assert_eq!(dec.plus_months(1).to_string(), "2020-01");
        assert_eq!(sep.plus_months(-9).to_string(), "2017-12");
        assert_eq!(sep.plus_months(i32::MIN).to_string(), "0000-01");
        assert_eq!(sep.plus_months(i32::MAX).to_string(), "9999-12");
        assert_eq!(Month::from_index(dec.index()), Some(dec));
        assert_eq!(Month::from_index(u32::MAX), None);
    }

    #[test]
    fn only_four_digits_dash_two_digits_is_a_month() {
        assert_eq!("0000-01".parse::<Month>().unwrap().index(), 0);
        for text in [
            "",
            "2009",
            "2009-7",
            "2009-13",
            "2009-00",
            "09-07",
            "2009-07-01",
            "-009-07",
            "+009-07",
            "2009-+7",
            "Jul-2009",
            "２００９-07",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text:?}");
        }
    }
}
