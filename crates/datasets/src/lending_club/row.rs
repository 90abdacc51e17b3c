//! From one record to one loan, and corrections that need all rows below a header.

use super::book::{LoanBook, NO_MONTH};
use super::cell::{self, DateCell, Expected};
use super::columns::{
    ANNUAL_INC, ANNUAL_INC_JOINT, APPLICATION_TYPE, CATEGORIES, COLLECTION_RECOVERY_FEE,
    DELINQ_2YRS, DTI, DTI_JOINT, FUNDED_AMNT, ID, INT_RATE, JOINT, LOAN_AMNT,
    MTHS_SINCE_LAST_DELINQ, MTHS_SINCE_LAST_RECORD, NUMBERS, PUB_REC, REVOL_UTIL, TOTAL_PYMNT,
};
use super::layout::{Layout, Target};
use super::month::Month;
use super::status::Status;
use crate::delimited::Record;

/// A row that is no loan, before file and line are known.
pub(crate) enum RowError {
    Cell {
        target: Target,
        found: Vec<u8>,
        expected: Expected,
    },
    TooManyCategories {
        target: Target,
    },
}

/// Whether the rows stand below "Loans that do not meet the credit policy".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// They do not.
    None,
    /// They do, and no status has said so yet: then the line decides.
    Announced,
    /// They do, and statuses say so: the first status that does not ends the section.
    Confirmed,
}

/// Rows below one header. Files may be pasted together, so scales are determined per header.
pub(crate) struct Segment {
    first_row: usize,
    pub section: Section,
    rate_sign: bool,
    rate_max: f64,
    util_sign: bool,
    util_max: f64,
}

/// What a record says about a loan besides numbers and categories.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    status: (Status, bool),
    term: u16,
    grade: u8,
    sub_grade: u8,
    issue: Option<DateCell>,
    listed: Option<DateCell>,
    earliest: Option<DateCell>,
    last: Option<DateCell>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            status: (Status::Unknown, false),
            term: 0,
            grade: 0,
            sub_grade: 0,
            issue: None,
            listed: None,
            earliest: None,
            last: None,
        }
    }
}

impl Terms {
    /// Takes in a trimmed cell.
    #[inline]
    pub fn set(&mut self, target: Target, cell: &[u8]) -> Result<(), Expected> {
        match target {
            Target::Status => self.status = cell::status(cell)?,
            Target::Term => self.term = cell::term(cell)?,
            Target::Grade => self.grade = cell::grade(cell)?,
            Target::SubGrade => self.sub_grade = cell::sub_grade(cell)?,
            Target::Policy => self.status.1 = cell::is_off_policy(cell),
            Target::Issue => self.issue = cell::date(cell)?,
            Target::Listed => self.listed = cell::date(cell)?,
            Target::EarliestCreditLine => self.earliest = cell::date(cell)?,
            Target::LastPayment => self.last = cell::date(cell)?,
            Target::EmpLength | Target::Name | Target::Category(_) | Target::Number(_) => {}
        }
        Ok(())
    }

    /// The month of issue (of the listing, for loans on offer), and that of the first credit line, which is not
    /// after it; or the column that does not fit, and what it should have held.
    pub fn months(
        &self,
        as_of: Option<Month>,
    ) -> Result<(Month, Option<Month>), (Target, Expected)> {
        let written = self.issue.or(self.listed);
        let Some(issue) = written.and_then(DateCell::this_century).or(as_of) else {
            return Err((Target::Issue, "a month such as Dec-2011"));
        };
        match self.earliest.and_then(|d| d.before(issue)) {
            Some(month) if month > issue && written.is_none() => Err((
                Target::EarliestCreditLine,
                "a month not after the one as of which the loans are scored",
            )),
            Some(month) if month > issue => Err((
                Target::EarliestCreditLine,
                "a month not after that of issue_d",
            )),
            earliest => Ok((issue, earliest)),
        }
    }
}

impl Segment {
    pub fn starting_at(first_row: usize) -> Self {
        Self {
            first_row,
            section: Section::None,
            rate_sign: false,
            rate_max: 0.0,
            util_sign: false,
            util_max: 0.0,
        }
    }

    /// Converts rates to fractions. Without a per cent sign the column decides: no loan is lent at 1 % or
    /// less, and none at more than 100 %. Where rates are fractions the file is a parsed one: its
    /// utilisation is a fraction too unless it exceeds 10 (1000 %), and the zeros of its
    /// `mths_since_*` columns stand for "never", as empty cells do elsewhere.
    pub fn finish(&self, book: &mut LoanBook) {
        let from = self.first_row;
        let parsed = !self.rate_sign && self.rate_max <= 1.0;
        if !parsed {
            book.numbers[INT_RATE].map_from(from, |v| v / 100.0);
        }
        if !(parsed && !self.util_sign && self.util_max <= 10.0) {
            book.numbers[REVOL_UTIL].map_from(from, |v| v / 100.0);
        }
        if parsed {
            for (column, numbers) in NUMBERS.iter().zip(&mut book.numbers) {
                if column.name.contains("mths_since_") {
                    numbers.map_from(from, |v| if v == 0.0 { f64::NAN } else { v });
                }
            }
        }
    }

    /// Appends the loan of a record to the columns of `book`.
    pub fn push_row(
        &mut self,
        book: &mut LoanBook,
        record: &impl Record,
        layout: &Layout,
    ) -> Result<(), RowError> {
        let row = book.len();
        let mut terms = Terms::default();
        for &(place, target) in &layout.slots {
            let cell = cell::trim(record.field(place));
            let wrong = |expected| RowError::Cell {
                target,
                found: cell.to_vec(),
                expected,
            };
            match target {
                Target::Number(i) => {
                    let value = self.number(i, cell).map_err(wrong)?;
                    book.numbers[i].set(row, value);
                }
                Target::Category(i) => {
                    if !book.categories[i].set(row, cell, CATEGORIES[i].normalize) {
                        return Err(RowError::TooManyCategories { target });
                    }
                }
                Target::EmpLength => {
                    let years = cell::emp_length(cell).map_err(wrong)?;
                    book.emp_length.set(row, years);
                }
                Target::Name => book.names.set(row, cell),
                _ => terms.set(target, cell).map_err(wrong)?,
            }
        }
        let months = terms.months(layout.as_of).map_err(|(target, expected)| {
            let mut slots = layout.slots.iter();
            let place = slots.find(|(_, t)| *t == target).map(|(place, _)| *place);
            RowError::Cell {
                target,
                found: place
                    .map(|i| cell::trim(record.field(i)).to_vec())
                    .unwrap_or_default(),
                expected,
            }
        })?;
        self.push_terms(book, &terms, months, record.line());
        Ok(())
    }

    /// Completes a loan whose numbers and categories are in their columns already.
    pub fn push_terms(
        &mut self,
        book: &mut LoanBook,
        terms: &Terms,
        (issue, earliest): (Month, Option<Month>),
        line: u64,
    ) {
        let row = book.len();
        resolve_joint(book, row);
        resolve_never(book, row);
        let index = |month: Option<Month>| month.map_or(NO_MONTH, Month::index);
        let (status, off_policy) = terms.status;
        book.status.push(status);
        book.off_policy.push(self.off_policy(off_policy));
        book.term.push(terms.term);
        book.issue.push(issue);
        book.last_payment
            .push(index(terms.last.and_then(DateCell::this_century)));
        book.earliest_credit_line.push(index(earliest));
        book.sub_grade.push(terms.sub_grade);
        book.grade.push(match terms.sub_grade {
            0 => terms.grade,
            s => (s - 1) / 5 + 1,
        });
        book.line.push(u32::try_from(line).unwrap_or(u32::MAX));
    }

    /// The number in a cell of a column.
    #[inline]
    pub fn number(&mut self, column: usize, cell: &[u8]) -> Result<f64, Expected> {
        match column {
            INT_RATE => {
                const EXPECTED: Expected = "a yearly rate such as 10.65%";
                let (rate, sign) = cell::percent(cell).map_err(|_| EXPECTED)?;
                if !(0.0..=100.0).contains(&rate) {
                    return Err(EXPECTED);
                }
                self.rate_sign |= sign;
                self.rate_max = self.rate_max.max(rate);
                Ok(rate)
            }
            REVOL_UTIL => {
                let (util, sign) = cell::percent(cell)?;
                self.util_sign |= sign;
                self.util_max = self.util_max.max(util);
                Ok(util)
            }
            // A name, not a quantity: anything but a whole number is no id.
            ID => Ok(cell::number(cell)
                .ok()
                .filter(|id| *id >= 0.0 && id.fract() == 0.0)
                .unwrap_or(f64::NAN)),
            FUNDED_AMNT | LOAN_AMNT => match cell::number(cell)? {
                amount if amount > 0.0 => Ok(amount),
                _ => Err("an amount above 0"),
            },
            TOTAL_PYMNT | COLLECTION_RECOVERY_FEE => match cell::number(cell)? {
                amount if amount.is_nan() => Err("an amount"),
                amount => Ok(amount),
            },
            _ => cell::percent(cell)
                .map(|(value, _)| value)
                .map_err(|_| "a number between -1e12 and 1e12, or nothing"),
        }
    }

    /// Merges the scales found in rows that were parsed elsewhere under the same header.
    pub fn merge_scales(&mut self, part: &Segment) {
        self.rate_sign |= part.rate_sign;
        self.rate_max = self.rate_max.max(part.rate_max);
        self.util_sign |= part.util_sign;
        self.util_max = self.util_max.max(part.util_max);
    }

    /// Whether a loan does not meet the credit policy, by the section that it stands in and by its
    /// status.
    pub fn off_policy(&mut self, by_status: bool) -> bool {
        match (self.section, by_status) {
            (Section::None, _) => by_status,
            (_, true) => {
                self.section = Section::Confirmed;
                true
            }
            (Section::Announced, false) => true,
            (Section::Confirmed, false) => {
                self.section = Section::None;
                false
            }
        }
    }
}

/// Income and debts of a joint loan are those of both borrowers. An income of 0, and a ratio of −1 or
/// 999, are what the platform writes where it has none.
fn resolve_joint(book: &mut LoanBook, row: usize) {
    let kind = book.categories[APPLICATION_TYPE].name(row);
    if kind.is_none_or(|k| k == JOINT) {
        for (single, joint) in [(ANNUAL_INC, ANNUAL_INC_JOINT), (DTI, DTI_JOINT)] {
            let value = book.numbers[joint].get(row);
            if !value.is_nan() {
                book.numbers[single].set(row, value);
            }
        }
    }
    let income = book.numbers[ANNUAL_INC].get(row);
    if income <= 0.0 {
        book.numbers[ANNUAL_INC].set(row, f64::NAN);
    }
    let dti = book.numbers[DTI].get(row);
    if !(0.0..999.0).contains(&dti) {
        book.numbers[DTI].set(row, f64::NAN);
    }
}

/// Some files write 0 where there never was a delinquency or record, which would read "this month".
/// The counts beside them decide: where the count is 0 there never was one.
fn resolve_never(book: &mut LoanBook, row: usize) {
    for (months, count) in [
        (MTHS_SINCE_LAST_DELINQ, DELINQ_2YRS),
        (MTHS_SINCE_LAST_RECORD, PUB_REC),
    ] {
        if book.numbers[months].get(row) == 0.0 && book.numbers[count].get(row) == 0.0 {
            book.numbers[months].set(row, f64::NAN);
        }
    }
}
