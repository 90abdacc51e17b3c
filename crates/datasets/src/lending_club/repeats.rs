//! The same loan more than once: files overlap, or one was given twice.

use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;

use super::book::LoanBook;
use super::columns::{ID, INT_RATE};

/// Rows that hold a loan which another row holds already, ascending.
///
/// Two rows are the same loan if their ids are the same number and so are the terms (month, number of instalments,
/// amount, rate), because ids of some files count the rows of each from 1; where one of them has no id, if they agree
/// in every column that was read. Of the rows of a loan the first one that knows the outcome stays, else the first:
/// of two downloads the later one may have it. Takes 16 bytes per loan while it runs.
pub(crate) fn repeated_rows(book: &LoanBook) -> Vec<usize> {
    let ids = &book.numbers[ID];
    let has_id = |row: usize| !ids.get(row).is_nan();
    let mut repeated = Vec::new();
    let mut keys: Vec<(u64, usize)> = (0..book.len())
        .into_par_iter()
        .filter(|&row| has_id(row))
        .map(|row| (ids.get(row).to_bits(), row))
        .collect();
    let all_have_ids = keys.len() == book.len();
    keys.par_sort_unstable();
    for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
        by_terms(book, group, &mut repeated);
    }
    if !all_have_ids {
        keys.clear();
        keys.par_extend((0..book.len()).into_par_iter().map(|row| {
            let mut hasher = DefaultHasher::new();
            content(book, row).for_each(|value| value.hash(&mut hasher));
            (hasher.finish(), row)
        }));
        keys.par_sort_unstable();
        for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
            by_content(book, group, &has_id, &mut repeated);
        }
    }
    repeated.sort_unstable();
    repeated.dedup();
    repeated
}

/// Rows with one id, in order: which are the same loan as another one.
fn by_terms(book: &LoanBook, group: &[(u64, usize)], repeated: &mut Vec<usize>) {
    let terms = |row: usize| {
        let rate = single(book.numbers[INT_RATE].get(row));
        let amount = single(book.loan(row).funded_amnt());
        (book.issue[row].index(), book.term[row], amount, rate)
    };
    let mut rows: Vec<_> = group.iter().map(|&(_, row)| (terms(row), row)).collect();
    rows.sort_unstable();
    for loan in rows.chunk_by(|a, b| a.0 == b.0) {
        let finished = |&&(_, row): &&(_, usize)| book.status[row].label().is_some();
        let kept = loan.iter().find(finished).or(loan.first());
        let kept = kept.map(|(_, row)| *row);
        let others = loan.iter().map(|(_, row)| *row);
        repeated.extend(others.filter(|row| Some(*row) != kept));
    }
}

/// A number in single precision, to compare: files that write a rate as a fraction and as per cent differ in the
/// last digit.
fn single(value: f64) -> u64 {
    match value.is_nan() {
        true => u64::MAX,
        // -0 is 0.
        false => u64::from((value as f32 + 0.0).to_bits()),
    }
}

/// Rows with one hash, in order: which are the same as one before, though not both have an id.
fn by_content(
    book: &LoanBook,
    group: &[(u64, usize)],
    has_id: &dyn Fn(usize) -> bool,
    repeated: &mut Vec<usize>,
) {
    // One row for each content: a hash is nearly always of one alone.
    let mut kinds: Vec<(usize, bool)> = Vec::new();
    for &(_, row) in group {
        let same =
            |&&mut (first, _): &&mut (usize, bool)| content(book, first).eq(content(book, row));
        match kinds.iter_mut().find(same) {
            None => kinds.push((row, has_id(row))),
            Some((_, all_ids)) if *all_ids && has_id(row) => {}
            Some((_, all_ids)) => {
                *all_ids = false;
                repeated.push(row);
            }
        }
    }
}

/// Everything that was read of a loan but its id.
fn content(book: &LoanBook, row: usize) -> impl Iterator<Item = u64> + '_ {
    let at = |column: &[u32]| column.get(row).map_or(u64::MAX, |v| u64::from(*v));
    let terms = [
        book.status[row] as u64 * 2 + u64::from(book.off_policy[row]),
        u64::from(book.term[row]),
        u64::from(book.issue[row].index()),
        at(&book.last_payment),
        at(&book.earliest_credit_line),
        u64::from(book.sub_grade[row]) << 8 | u64::from(book.grade[row]),
        single(book.emp_length.get(row)),
    ];
    let numbers = book.numbers.iter().enumerate();
    let numbers = numbers.filter(|(place, column)| *place != ID && !column.is_empty());
    let categories = book.categories.iter();
    terms
        .into_iter()
        .chain(numbers.map(move |(_, column)| single(column.get(row))))
        .chain(categories.map(move |column| u64::from(column.get(row))))
}
