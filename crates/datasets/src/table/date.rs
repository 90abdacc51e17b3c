//! Cells that are dates.

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a cell is a date: year, month and day in the usual orders, or month and year; with a time or without.
pub(super) fn is_date(cell: &str) -> bool {
    let day = match cell.find(':') {
        Some(colon) => match cell[..colon].rfind(['T', ' ']) {
            Some(end) => &cell[..end],
            None => return false,
        },
        None => cell,
    };
    let mut words = 0;
    let mut numbers: Vec<(usize, u32)> = Vec::new();
    for part in day
        .split(['-', '/', '.', ' ', ','])
        .filter(|p| !p.is_empty())
    {
        if part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 4 {
            numbers.push((part.len(), part.parse().unwrap_or(u32::MAX)));
        } else if is_month(part) {
            words += 1;
        } else {
            return false;
        }
    }
    let year = |&(digits, n): &(usize, u32)| digits == 4 && (1800..2200).contains(&n);
    let month = |&(digits, n): &(usize, u32)| digits <= 2 && (1..=12).contains(&n);
    let day = |&(digits, n): &(usize, u32)| digits <= 2 && (1..=31).contains(&n);
    let short_year = |&(digits, _): &(usize, u32)| digits == 2;
    match (words, numbers.as_slice()) {
        // Dec-2011, 2011-12, 12/2011
        (1, [n]) => year(n) || short_year(n),
        (0, [a, b]) => (year(a) && month(b)) || (month(a) && year(b)),
        // 5 Dec 2011, Dec 5, 2011
        (1, [a, b]) => (day(a) && (year(b) || short_year(b))) || (year(a) && day(b)),
        (0, [a, b, c]) => {
            let pair = |a, b| (month(a) && day(b)) || (day(a) && month(b));
            (year(a) && pair(b, c)) || (pair(a, b) && (year(c) || short_year(c)))
        }
        _ => false,
    }
}

fn is_month(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.len() >= 3 && MONTHS.iter().any(|m| m.starts_with(&word))
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_and_what_is_none() {
        for date in [
            "2012-01-31",
            "2012-01-31T10:00:00Z",
            "2012-01-31 10:00",
            "31.01.2012",
            "1/31/2012",
            "01/02/12",
            "Dec-2011",
            "Dec-11",
            "11-Dec",
            "2011-12",
            "12/2011",
            "December 5, 2011",
            "5 Dec 2011",
        ] {
            assert!(is_date(date), "{date}");
        }
        for other in [
            "",
            "own",
            "0-10",
            "10-20",
            "3",
            "2012",
            "May",
            "1.5",
            "1.2.3",
            "id-2012-1",
            "12:30",
            "192.168.1.1",
            "A-12",
            "99/99/2012",
        ] {
            assert!(!is_date(other), "{other}");
        }
    }
}
