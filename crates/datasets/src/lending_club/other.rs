//! Lines of Lending Club's files below the header that are no loans.

use super::cell::trim;

/// What a record is if it is no loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherLine {
    Notes,
    Section,
    Footer,
    Header,
}

/// What a record is if it is no loan; `term` is the cell in the column of that name, where the record is as long as
/// the header.
pub(crate) fn other_line<'a, F: Iterator<Item = &'a [u8]>>(
    fields: impl Fn() -> F,
    term: Option<&[u8]>,
    is_header: impl FnOnce(F) -> bool,
) -> Option<OtherLine> {
    // A row with a number as its term is a loan: no other cell needs to be looked at.
    if term.is_some_and(|term| trim(term).first().is_some_and(u8::is_ascii_digit)) {
        return None;
    }
    let first = fields().map(trim).find(|f| !f.is_empty())?;
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let first = first.strip_prefix(b"\"").unwrap_or(first);
    let begins = |text: &str| {
        first
            .get(..text.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
    };
    if begins("Total amount funded in policy code") {
        Some(OtherLine::Footer)
    } else if begins("Loans that do not meet the credit policy") {
        Some(OtherLine::Section)
    } else if begins("Notes offered by Prospectus") {
        Some(OtherLine::Notes)
    } else if is_header(fields()) {
        Some(OtherLine::Header)
    } else {
        None
    }
}
