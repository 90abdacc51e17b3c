//! Calendar quarters.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::month::{Month, MonthError, digits};

/// A quarter of a calendar year. Quarters order by time.
///
/// ```
/// use fuzzysvm_datasets::lending_club::{Month, Quarter};
/// let quarter: Quarter = "2009Q3".parse()?;
/// assert_eq!(quarter.first_month().to_string(), "2009-07");
/// assert_eq!(quarter.last_month().to_string(), "2009-09");
/// assert_eq!(quarter.plus_quarters(2).to_string(), "2010Q1");
/// let month: Month = "2009-08".parse()?;
/// assert_eq!(month.quarter(), quarter);
/// # Ok::<(), fuzzysvm_datasets::lending_club::MonthError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "String", try_from = "String"))]
pub struct Quarter(Month);

impl Quarter {
    /// Quarter `quarter` (1 to 4) of `year` (0 to 9999); `None` outside these.
    pub fn new(year: u32, quarter: u32) -> Option<Self> {
        let first_month = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
        Month::new(year, first_month).map(Self)
    }

    /// The year.
    pub const fn year(self) -> u32 {
        self.0.year()
    }

    /// The quarter of the year, 1 to 4.
    pub const fn quarter(self) -> u32 {
        self.0.month() / 3 + 1
    }

    /// The month that it begins with: that of a decision made at its start.
    pub const fn first_month(self) -> Month {
        self.0
    }

    /// The month that it ends with.
    pub fn last_month(self) -> Month {
        self.0.plus_months(2)
    }

    /// Its three months, as [`LoanBook::issued_in`](super::LoanBook::issued_in) takes them.
    pub fn months(self) -> RangeInclusive<Month> {
        self.first_month()..=self.last_month()
    }

    /// The quarter `quarters` later, held inside the years 0 to 9999.
    pub fn plus_quarters(self, quarters: i32) -> Self {
        self.0.plus_months(quarters.saturating_mul(3)).quarter()
    }

    /// How many quarters `earlier` lies before this one; negative where it lies after.
    pub const fn quarters_since(self, earlier: Quarter) -> i32 {
        self.0.months_since(earlier.0) / 3
    }
}

impl Month {
    /// The quarter that the month lies in.
    pub fn quarter(self) -> Quarter {
        Quarter(self.plus_months(-((self.month() as i32 - 1) % 3)))
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}Q{}", self.year(), self.quarter())
    }
}

impl FromStr for Quarter {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        text.split_once('Q')
            .and_then(|(year, quarter)| Quarter::new(digits(year, 4)?, digits(quarter, 1)?))
            .ok_or_else(|| MonthError::quarter(text))
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> String {
        quarter.to_string()
    }
}

impl TryFrom<String> for Quarter {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_is_in_its_quarter() {
        for index in 0..10_000 * 12 {
            let month = Month::from_index(index).unwrap();
            let quarter = month.quarter();
            assert!(quarter.months().contains(&month), "{month}");
            assert_eq!(quarter.first_month().month() % 3, 1, "{month}");
            assert_eq!(quarter.year(), month.year(), "{month}");
            assert_eq!(quarter.quarter(), month.month().div_ceil(3), "{month}");
        }
    }

    #[test]
    fn quarters_are_written_and_counted() {
        let q3 = Quarter::new(2009, 3).unwrap();
        assert_eq!("2009Q3".parse(), Ok(q3));
        for step in -40..40 {
            let other = q3.plus_quarters(step);
            assert_eq!(other.quarters_since(q3), step);
            assert_eq!(other.to_string().parse(), Ok(other));
            assert_eq!(Quarter::new(other.year(), other.quarter()), Some(other));
        }
        assert_eq!(q3.plus_quarters(i32::MAX).to_string(), "9999Q4");
        assert_eq!(q3.plus_quarters(i32::MIN).to_string(), "0000Q1");
        for (year, quarter) in [(2009, 0), (2009, 5), (10_000, 1), (2009, u32::MAX)] {
            assert_eq!(Quarter::new(year, quarter), None);
        }
        for text in [
            "", "2009", "2009Q", "2009Q0", "2009Q5", "2009Q33", "09Q3", "2009-Q3", "Q3 2009",
            "2009-07",
        ] {
            let error = text.parse::<Quarter>().unwrap_err();
            assert!(
                error.to_string().contains("YYYYQ1 to YYYYQ4"),
                "{text:?}: {error}"
            );
        }
    }
}
