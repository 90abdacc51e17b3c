//! Loans in columns, and one loan's view of them.

use std::collections::BTreeSet;

use fuzzysvm_core::Label;

use super::columns::{
    ANNUAL_INC, CATEGORIES, COLLECTION_RECOVERY_FEE, Categories, DTI, FUNDED_AMNT, ID, INSTALLMENT,
    INT_RATE, LAST_PYMNT_AMNT, LOAN_AMNT, NUMBERS, Numbers, RECOVERIES, TOTAL_PYMNT, TOTAL_REC_INT,
    TOTAL_REC_LATE_FEE, TOTAL_REC_PRNCP, Texts,
};
use super::error::LoanBookError;
use super::features::{Source, source};
use super::layout::{Layout, Target, TargetSet};
use super::month::Month;
use super::need::Need;
use super::status::Status;

/// Lines of the files that are no loans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct OtherLines {
    /// "Notes offered by Prospectus …", and anything else above the first header.
    pub notes: u64,
    /// Headers below the first one of a file.
    pub repeated_headers: u64,
    /// "Loans that do not meet the credit policy".
    pub sections: u64,
    /// "Total amount funded in policy code …".
    pub footers: u64,
    /// Lines of commas and blanks only. Lines without any character are not counted.
    pub blank: u64,
}

/// Of a loan: status, policy, term, three months, two grades, line.
const BYTES_OF_OTHERS: usize = 22;

/// Months from the last payment to the charge-off: a loan is charged off when it is 150 days late.
pub const CHARGE_OFF_DELAY_MONTHS: i32 = 5;

/// Loans of one or several Lending Club files, in columns, in the order of the files.
///
/// Made by [`LoanBook::read_path`], [`LoanBook::read_paths`] or [`LoanBook::from_reader`].
#[derive(Debug, Clone, Default)]
pub struct LoanBook {
    pub(crate) status: Vec<Status>,
    pub(crate) off_policy: Vec<bool>,
    pub(crate) term: Vec<u16>,
    pub(crate) issue: Vec<Month>,
    /// Month index, `NO_MONTH` where missing.
    pub(crate) last_payment: Vec<u32>,
    pub(crate) earliest_credit_line: Vec<u32>,
    pub(crate) grade: Vec<u8>,
    pub(crate) sub_grade: Vec<u8>,
    pub(crate) emp_length: Numbers,
    pub(crate) numbers: Vec<Numbers>,
    pub(crate) categories: Vec<Categories>,
    /// What the loans are called, where it was asked for.
    pub(crate) names: Texts,
    pub(crate) line: Vec<u32>,
    /// First loan of every file, with the file's name.
    pub(crate) files: Vec<(usize, String)>,
    /// Columns that at least one header names.
    pub(crate) present: Vec<Target>,
    /// The headers, as far as they differ.
    pub(crate) segments: Vec<SegmentColumns>,
    /// The caller's own names for columns that headers had.
    pub(crate) mapped: BTreeSet<String>,
    /// Rows of loans that another row holds already, ascending.
    pub(crate) repeated: Vec<usize>,
    pub(crate) other_lines: OtherLines,
    pub(crate) simulated: bool,
}

/// What a header lacks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SegmentColumns {
    /// The first loan below it.
    first: usize,
    /// Its line.
    line: u64,
    /// Kept columns that it lacks.
    absent: TargetSet,
}

/// A month that is missing.
pub(crate) const NO_MONTH: u32 = u32::MAX;

impl LoanBook {
    pub(crate) fn empty() -> Self {
        Self {
            numbers: vec![Numbers::default(); NUMBERS.len()],
            categories: vec![Categories::default(); CATEGORIES.len()],
            ..Self::default()
        }
    }

    /// Number of loans read.
    pub fn len(&self) -> usize {
        self.status.len()
    }

    /// Whether there is no loan.
    pub fn is_empty(&self) -> bool {
        self.status.is_empty()
    }

    /// Lines of the files that were no loans.
    pub fn other_lines(&self) -> OtherLines {
        self.other_lines
    }

    /// What the columns take, or a little less.
    pub(crate) fn bytes(&self) -> u64 {
        let of_numbers = self
            .numbers
            .iter()
            .chain([&self.emp_length])
            .map(Numbers::bytes);
        let of_categories = self.categories.iter().map(Categories::bytes);
        let others = [self.names.bytes(), self.len() * BYTES_OF_OTHERS];
        of_numbers.chain(of_categories).chain(others).sum::<usize>() as u64
    }

    /// Whether a line above the header of a file says that its loans are simulated, as files of
    /// [`SimulatedBook`](crate::simulated::SimulatedBook) do.
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// Loan `row`, counted from 0 in the order of the files; `None` past the end.
    pub fn get(&self, row: usize) -> Option<Loan<'_>> {
        (row < self.len()).then_some(Loan { book: self, row })
    }

    /// Loan `row`, counted from 0 in the order of the files.
    ///
    /// # Panics
    /// Where there is no such loan, as slices do.
    pub fn loan(&self, row: usize) -> Loan<'_> {
        assert!(row < self.len(), "row {row} of {} loans", self.len());
        Loan { book: self, row }
    }

    /// The loans in order.
    pub fn loans(&self) -> impl ExactSizeIterator<Item = Loan<'_>> {
        (0..self.len()).map(|row| Loan { book: self, row })
    }

    /// Whether the column of a feature is in a file and was kept by the reader.
    pub fn has_feature(&self, name: &str) -> bool {
        let Ok((_, source)) = source(name) else {
            return false;
        };
        let target = match source {
            Source::Term => Target::Term,
            Source::SubGrade => Target::SubGrade,
            Source::EmpLength => Target::EmpLength,
            Source::CreditHistory => Target::EarliestCreditLine,
            Source::Category(i) => Target::Category(i),
            Source::Number(i) | Source::Log(i) | Source::MonthsSince(i) => Target::Number(i),
        };
        // Empty months since an event mean "never", which an absent column does not say.
        let partly =
            matches!(source, Source::MonthsSince(_)) && self.segment_without(target).is_some();
        self.present.contains(&target) && !partly
    }

    /// A column of numbers, one per row given, NaN where it is missing; `None` where no column of this name is kept.
    pub fn numbers(&self, column: &str, rows: &[usize]) -> Option<Vec<f64>> {
        let place = NUMBERS.iter().position(|c| c.name == column)?;
        let column = &self.numbers[place];
        let is_kept = self.present.contains(&Target::Number(place));
        is_kept.then(|| rows.iter().map(|&row| column.get(row)).collect())
    }

    /// A column of categories: the place of each row's category among the names, `None` where it is missing. `None` where
    /// no column of this name is kept.
    pub fn categories(
        &self,
        column: &str,
        rows: &[usize],
    ) -> Option<(Vec<Option<usize>>, &[String])> {
        let place = CATEGORIES.iter().position(|c| c.name == column)?;
        let column = &self.categories[place];
        let of = |&row: &usize| usize::from(column.get(row)).checked_sub(1);
        let is_kept = self.present.contains(&Target::Category(place));
        is_kept.then(|| (rows.iter().map(of).collect(), column.names()))
    }

    /// How many rows hold a loan that another row holds already: by its `id` and terms, else by all that was read of it.
    /// [`Selection`](super::Selection) leaves them out.
    pub fn n_repeated(&self) -> usize {
        self.repeated.len()
    }

    /// Checks that the files have columns which a result needs. [`ReadOptions::needs`](super::ReadOptions::needs)
    /// does the same before any loan is read.
    ///
    /// # Errors
    /// [`LoanBookError::AbsentColumns`] with all columns that the first such file lacks.
    pub fn require(&self, needs: &[Need]) -> Result<(), LoanBookError> {
        let lacks = |need: &Need| {
            Target::of_column(&need.column).and_then(|target| self.segment_without(target))
        };
        let Some(segment) = needs.iter().filter_map(lacks).min_by_key(|s| s.first) else {
            return Ok(());
        };
        let here = |need: &&Need| lacks(need).is_some_and(|s| s.first == segment.first);
        let mut columns = Vec::new();
        for need in needs.iter().filter(here) {
            Need::add(&mut columns, need);
        }
        Err(LoanBookError::AbsentColumns {
            file: self.file_of(segment.first).to_owned(),
            line: segment.line,
            columns,
        })
    }

    /// The first header with loans below it that lacks a column.
    fn segment_without(&self, target: Target) -> Option<SegmentColumns> {
        let mut with_loans = self.segments.iter().filter(|s| s.first < self.len());
        with_loans.find(|s| s.absent.contains(target)).copied()
    }

    /// Notes the columns of a header on line `line`.
    pub(crate) fn begin_segment(&mut self, layout: &Layout, line: u64) {
        for (_, target) in &layout.slots {
            if !self.present.contains(target) {
                self.present.push(*target);
            }
        }
        self.mapped.extend(layout.mapped.iter().cloned());
        let first = self.len();
        // A header without a loan below it says nothing.
        if self.segments.last().is_some_and(|s| s.first == first) {
            self.segments.pop();
        }
        if self
            .segments
            .last()
            .is_none_or(|s| s.absent != layout.absent)
        {
            let absent = layout.absent;
            self.segments.push(SegmentColumns {
                first,
                line,
                absent,
            });
        }
    }

    /// The file of a loan.
    fn file_of(&self, row: usize) -> &str {
        let after = self.files.partition_point(|(first, _)| *first <= row);
        let file = after.checked_sub(1).and_then(|i| self.files.get(i));
        file.map_or("", |(_, name)| name.as_str())
    }
}

/// What was lent and what was paid back, in US dollars: a return is computed from it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Payments {
    /// Amount lent, above 0: the denominator of every return (not `loan_amnt`, of which only a part
    /// may have been funded).
    pub funded_amnt: f64,
    /// Number of monthly instalments.
    pub term: u32,
    /// Yearly rate as a fraction.
    pub int_rate: f64,
    /// Monthly instalment, where the file has it.
    pub installment: Option<f64>,
    /// Month of issue.
    pub issue_month: Month,
    /// Month of the last payment, where there was one.
    pub last_pymnt_month: Option<Month>,
    /// Amount of the last payment, 0 where there was none; `None` where the file has no such column, as for the
    /// amounts below.
    pub last_pymnt_amnt: Option<f64>,
    /// All that came in: principal, interest, late fees **and recoveries**.
    pub total_pymnt: f64,
    /// Principal received.
    pub total_rec_prncp: Option<f64>,
    /// Interest received.
    pub total_rec_int: Option<f64>,
    /// Late fees received.
    pub total_rec_late_fee: Option<f64>,
    /// Gross recoveries after the charge-off, inside `total_pymnt`.
    pub recoveries: Option<f64>,
    /// Fee of the collection agency, **not** deducted from `total_pymnt`.
    pub collection_recovery_fee: f64,
}

/// One loan of a [`LoanBook`].
#[derive(Debug, Clone, Copy)]
pub struct Loan<'a> {
    book: &'a LoanBook,
    row: usize,
}

impl<'a> Loan<'a> {
    fn number(&self, column: usize) -> Option<f64> {
        let value = self.book.numbers[column].get(self.row);
        (!value.is_nan()).then_some(value)
    }

    /// Row in the book, from 0.
    pub fn row(&self) -> usize {
        self.row
    }

    /// Status when the file was written.
    pub fn status(&self) -> Status {
        self.book.status[self.row]
    }

    /// Negative for fully paid, positive for charged off and default, `None` while open.
    pub fn label(&self) -> Option<Label> {
        self.status().label()
    }

    /// Whether the loan does not meet the platform's credit policy.
    pub fn is_off_policy(&self) -> bool {
        self.book.off_policy[self.row]
    }

    /// Number of monthly instalments: 36 or 60.
    pub fn term(&self) -> u32 {
        u32::from(self.book.term[self.row])
    }

    /// Month of issue.
    pub fn issue_month(&self) -> Month {
        self.book.issue[self.row]
    }

    /// Month of the borrower's first credit line; before the issue.
    pub fn earliest_credit_line(&self) -> Option<Month> {
        self.book
            .earliest_credit_line
            .get(self.row)
            .and_then(|i| Month::from_index(*i))
    }

    /// Month of the last payment; `None` where nothing was ever paid.
    pub fn last_pymnt_month(&self) -> Option<Month> {
        self.book
            .last_payment
            .get(self.row)
            .and_then(|i| Month::from_index(*i))
    }

    /// Amount asked for, US dollars; the amount funded where the file lacks it.
    pub fn loan_amnt(&self) -> f64 {
        self.number(LOAN_AMNT)
            .unwrap_or_else(|| self.book.numbers[FUNDED_AMNT].get(self.row))
    }

    /// Amount lent, US dollars; the amount asked for where the file lacks it (loans on offer).
    pub fn funded_amnt(&self) -> f64 {
        self.number(FUNDED_AMNT)
            .unwrap_or_else(|| self.book.numbers[LOAN_AMNT].get(self.row))
    }

    /// Yearly rate as a fraction: 0.1065 for 10.65 %.
    pub fn int_rate(&self) -> f64 {
        self.book.numbers[INT_RATE].get(self.row)
    }

    /// Monthly instalment, US dollars.
    pub fn installment(&self) -> Option<f64> {
        self.number(INSTALLMENT)
    }

    /// Grade `'A'` to `'G'`.
    pub fn grade(&self) -> Option<char> {
        let place = self.book.grade.get(self.row)?.checked_sub(1)?;
        Some(char::from(b'A' + place))
    }

    /// Sub-grade as a number: A1 = 1 to G5 = 35.
    pub fn sub_grade(&self) -> Option<u8> {
        self.book
            .sub_grade
            .get(self.row)
            .copied()
            .filter(|g| *g > 0)
    }

    /// Yearly income, US dollars; of both borrowers for a joint loan.
    pub fn annual_inc(&self) -> Option<f64> {
        self.number(ANNUAL_INC)
    }

    /// Debt payments over income, per cent; of both borrowers for a joint loan.
    pub fn dti(&self) -> Option<f64> {
        self.number(DTI)
    }

    /// Number in `id`, where the file has one. It names the loan and is never computed with.
    pub fn id(&self) -> Option<u64> {
        self.number(ID).map(|id| id as u64)
    }

    /// What the loan is called in the column that [`ReadOptions::id`](super::ReadOptions::id) named; empty where
    /// none was named, the file lacks it, or the cell is empty.
    pub fn name(&self) -> &'a str {
        self.book.names.get(self.row)
    }

    /// Whether an earlier row, or one that knows the outcome, holds the same loan.
    pub fn is_repeated(&self) -> bool {
        self.book.repeated.binary_search(&self.row).is_ok()
    }

    /// Whether the file of the loan has a column that was kept. An absent column is not an empty cell.
    pub fn has_column(&self, column: &str) -> bool {
        Target::of_column(column).is_some_and(|target| self.has(target))
    }

    fn has(&self, target: Target) -> bool {
        let segments = &self.book.segments;
        let after = segments.partition_point(|s| s.first <= self.row);
        let absent = after.checked_sub(1).and_then(|i| segments.get(i));
        self.book.present.contains(&target) && !absent.is_some_and(|s| s.absent.contains(target))
    }

    /// A kept number by the name of its column; `None` where it is missing or not kept.
    pub fn value(&self, column: &str) -> Option<f64> {
        let place = NUMBERS.iter().position(|c| c.name == column)?;
        self.number(place)
    }

    /// A kept category by the name of its column, in lower case; `None` where missing or not kept.
    pub fn category(&self, column: &str) -> Option<&'a str> {
        let place = CATEGORIES.iter().position(|c| c.name == column)?;
        self.book.categories[place].name(self.row)
    }

    /// Years of employment, 0 (below one) to 10 (ten and more).
    pub fn emp_length(&self) -> Option<f64> {
        let years = self.book.emp_length.get(self.row);
        (!years.is_nan()).then_some(years)
    }

    /// File, and the line in it on which the loan's row starts.
    pub fn source(&self) -> (&'a str, u64) {
        let line = u64::from(self.book.line[self.row]);
        (self.book.file_of(self.row), line)
    }

    /// What was lent and what came back.
    pub fn payments(&self) -> Payments {
        let or_zero = |column| self.number(column).unwrap_or(0.0);
        let of_column = |column| self.has(Target::Number(column)).then(|| or_zero(column));
        Payments {
            funded_amnt: self.funded_amnt(),
            term: self.term(),
            int_rate: self.int_rate(),
            installment: self.installment(),
            issue_month: self.issue_month(),
            last_pymnt_month: self.last_pymnt_month(),
            last_pymnt_amnt: of_column(LAST_PYMNT_AMNT),
            total_pymnt: or_zero(TOTAL_PYMNT),
            total_rec_prncp: of_column(TOTAL_REC_PRNCP),
            total_rec_int: of_column(TOTAL_REC_INT),
            total_rec_late_fee: of_column(TOTAL_REC_LATE_FEE),
            recoveries: of_column(RECOVERIES),
            collection_recovery_fee: or_zero(COLLECTION_RECOVERY_FEE),
        }
    }

    /// Whether the loan's term, and the delay of a charge-off, had passed by a month: that of the file's snapshot. Of
    /// younger loans only those that ended early are finished.
    pub fn is_seasoned_by(&self, snapshot: Month) -> bool {
        let due = self.issue_month().plus_months(self.term() as i32);
        due.plus_months(CHARGE_OFF_DELAY_MONTHS) <= snapshot
    }

    /// The month in which it was known how the loan ended; `None` while it is open.
    ///
    /// * Fully paid: the month of the last payment (issue + term where the file lacks it).
    /// * Charged off and default: [`CHARGE_OFF_DELAY_MONTHS`] after the last payment, or after the
    ///   issue where nothing was paid. The last payment of a charged-off loan is often a recovery,
    ///   long after the charge-off: counting from it errs on the late side, and the return is final
    ///   only then. Yet a loan cannot be open longer than its term and the delay, so the month is at
    ///   the latest issue + term + delay, or that of the last payment where this is later.
    pub fn resolved_month(&self) -> Option<Month> {
        let issue = self.issue_month();
        let due = issue.plus_months(self.term() as i32);
        match (self.label()?, self.last_pymnt_month()) {
            (Label::Negative, last) => Some(last.unwrap_or(due)),
            (Label::Positive, None) => Some(issue.plus_months(CHARGE_OFF_DELAY_MONTHS)),
            (Label::Positive, Some(last)) => {
                let latest = due.plus_months(CHARGE_OFF_DELAY_MONTHS).max(last);
                Some(last.plus_months(CHARGE_OFF_DELAY_MONTHS).min(latest))
            }
        }
    }

    /// The month in which the outcome was known to the last cent: a loan and its return may train a model for loans
    /// issued in a later month, never earlier. `None` while the outcome is open.
    ///
    /// It is [`resolved_month`](Self::resolved_month), but for charged-off loans to which money came without a month
    /// of the last payment: recoveries alone, nobody knows when. Their return counts as known at issue + term +
    /// delay.
    pub fn outcome_known(&self) -> Option<Month> {
        let resolved = self.resolved_month()?;
        let paid = self.number(TOTAL_PYMNT).is_some_and(|paid| paid > 0.0);
        let undated = self.label() == Some(Label::Positive) && self.last_pymnt_month().is_none();
        if paid && undated {
            let due = self.issue_month().plus_months(self.term() as i32);
            return Some(due.plus_months(CHARGE_OFF_DELAY_MONTHS));
        }
        Some(resolved)
    }
}
