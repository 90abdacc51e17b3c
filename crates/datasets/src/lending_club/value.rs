//! The value of a feature in one row, before it is scaled.

use super::book::LoanBook;
use super::features::Source;
use fuzzysvm_core::math;

/// Writes the numbers of a feature in `rows` to `values`, before filling and scaling, NaN where missing.
pub(super) fn numbers(book: &LoanBook, source: Source, rows: &[usize], values: &mut Vec<f64>) {
    values.clear();
    let rows = rows.iter().copied();
    match source {
        Source::Number(place) | Source::MonthsSince(place) => {
            let column = &book.numbers[place];
            values.extend(rows.map(|row| column.get(row)));
        }
        Source::Log(place) => {
            let column = &book.numbers[place];
            values.extend(rows.map(|row| math::ln_1p(column.get(row).max_keeping_nan(0.0))));
        }
        Source::Term => values.extend(rows.map(|row| f64::from(book.loan(row).term()))),
        Source::SubGrade => {
            values.extend(rows.map(|row| book.loan(row).sub_grade().map_or(f64::NAN, f64::from)));
        }
        Source::EmpLength => values.extend(rows.map(|row| book.emp_length.get(row))),
        Source::CreditHistory => values.extend(rows.map(|row| {
            let loan = book.loan(row);
            loan.earliest_credit_line().map_or(f64::NAN, |first| {
                f64::from(loan.issue_month().months_since(first)) / 12.0
            })
        })),
        // Categories are read by their codes.
        Source::Category(_) => {}
    }
}

trait MaxKeepingNan {
    fn max_keeping_nan(self, floor: f64) -> f64;
}

impl MaxKeepingNan for f64 {
    /// `f64::max` would turn a missing value into the floor.
    fn max_keeping_nan(self, floor: f64) -> f64 {
        if self < floor { floor } else { self }
    }
}

/// The value, filled where missing; months since an event are capped at the largest training value.
pub(super) fn filled(value: f64, source: Source, fill: f64) -> f64 {
    match source {
        _ if value.is_nan() => fill,
        Source::MonthsSince(_) => value.min(fill),
        _ => value,
    }
}

/// 1 for yes.
pub(super) fn indicator(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// Code of a category in this book; 0, which no loan of a category has, where no loan is of it.
pub(super) fn category_code(book: &LoanBook, source: Source, category: &str) -> u16 {
    match source {
        Source::Category(place) => book.categories[place].code_of(category).unwrap_or(0),
        _ => 0,
    }
}

/// Whether a loan is of the category with this code.
pub(super) fn is_category(book: &LoanBook, source: Source, row: usize, code: u16) -> bool {
    match source {
        Source::Category(place) => code > 0 && book.categories[place].get(row) == code,
        _ => false,
    }
}
