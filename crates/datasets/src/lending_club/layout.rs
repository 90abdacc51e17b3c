//! The positions of the kept columns, from a header.

use super::cell::trim;
use super::columns::{
    ALWAYS, ANNUAL_INC, ANNUAL_INC_JOINT, APPLICATION_TYPE, CATEGORIES, COLLECTION_RECOVERY_FEE,
    DELINQ_2YRS, DTI, DTI_JOINT, FUNDED_AMNT, INT_RATE, LOAN_AMNT, MTHS_SINCE_LAST_DELINQ,
    MTHS_SINCE_LAST_RECORD, NUMBERS, PUB_REC, TOTAL_PYMNT, text,
};
use super::error::LoanBookError;
use super::features::{Source, source};

/// What a cell of a kept column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Status,
    Term,
    Issue,
    EarliestCreditLine,
    LastPayment,
    Grade,
    SubGrade,
    EmpLength,
    Category(usize),
    Number(usize),
}

impl Target {
    pub fn name(self) -> &'static str {
        match self {
            Target::Status => "loan_status",
            Target::Term => "term",
            Target::Issue => "issue_d",
            Target::EarliestCreditLine => "earliest_cr_line",
            Target::LastPayment => "last_pymnt_d",
            Target::Grade => "grade",
            Target::SubGrade => "sub_grade",
            Target::EmpLength => "emp_length",
            Target::Category(i) => CATEGORIES[i].name,
            Target::Number(i) => NUMBERS[i].name,
        }
    }

    fn aliases(self) -> &'static [&'static str] {
        match self {
            Target::Category(i) => CATEGORIES[i].aliases,
            Target::Number(i) => NUMBERS[i].aliases,
            _ => &[],
        }
    }
}

/// The columns to keep, whatever file they come from.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    targets: Vec<Target>,
    required: Vec<Target>,
}

impl Wanted {
    /// The columns that every loan needs, and those of the features.
    pub fn new(features: &[String], outcome: bool) -> Result<Self, LoanBookError> {
        let mut targets = vec![Target::Term, Target::Issue, Target::Grade, Target::SubGrade];
        if outcome {
            targets.extend([Target::Status, Target::LastPayment]);
        }
        let mut add = |target| {
            if !targets.contains(&target) {
                targets.push(target);
            }
        };
        ALWAYS.map(Target::Number).for_each(&mut add);
        for name in features {
            match source(name)?.1 {
                Source::Term | Source::SubGrade => {}
                Source::EmpLength => add(Target::EmpLength),
                Source::CreditHistory => add(Target::EarliestCreditLine),
                Source::Category(i) => add(Target::Category(i)),
                Source::Number(i) | Source::Log(i) | Source::MonthsSince(i) => {
                    add(Target::Number(i));
                    // Columns that decide what the value means.
                    for i in match i {
                        ANNUAL_INC => &[ANNUAL_INC_JOINT][..],
                        DTI => &[DTI_JOINT],
                        MTHS_SINCE_LAST_DELINQ => &[DELINQ_2YRS],
                        MTHS_SINCE_LAST_RECORD => &[PUB_REC],
                        _ => &[],
                    } {
                        add(Target::Number(*i));
                    }
                    if matches!(i, ANNUAL_INC | DTI) {
                        add(Target::Category(APPLICATION_TYPE));
                    }
                }
            }
        }
        let number = Target::Number;
        let mut required = vec![Target::Term, Target::Issue, number(INT_RATE)];
        required.extend(if outcome {
            [FUNDED_AMNT, TOTAL_PYMNT, COLLECTION_RECOVERY_FEE]
                .map(number)
                .to_vec()
        } else {
            vec![number(LOAN_AMNT)]
        });
        if outcome {
            required.push(Target::Status);
        }
        Ok(Self { targets, required })
    }
}

/// A header: how many cells, and the kept columns in the order of their cells.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub n_fields: usize,
    pub slots: Vec<(usize, Target)>,
    /// Position of the term, by which loans are distinguished from other lines.
    pub term: usize,
}

/// A header name for comparison: lower case, without byte order mark, quotes and surrounding blanks.
fn header_name(cell: &[u8]) -> String {
    let cell = cell.strip_prefix(b"\xef\xbb\xbf").unwrap_or(cell);
    text(trim(cell))
        .trim_matches(['"', ' ', '\u{a0}'])
        .to_lowercase()
}

/// Whether a record is a header of loans: it names the amount, the term and the rate.
pub(crate) fn is_header<'a>(fields: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut seen = [false; 3];
    for field in fields {
        // Names are short: this keeps the test cheap on rows of loans.
        if field.len() > 24 {
            continue;
        }
        match header_name(field).as_str() {
            "loan_amnt" | "funded_amnt" => seen[0] = true,
            "term" => seen[1] = true,
            "int_rate" => seen[2] = true,
            _ => {}
        }
    }
    seen == [true; 3]
}

impl Layout {
    /// Finds the wanted columns in a header.
    pub fn new<'a>(
        fields: impl Iterator<Item = &'a [u8]>,
        wanted: &Wanted,
        file: &str,
        line: u64,
    ) -> Result<Self, LoanBookError> {
        let names: Vec<String> = fields.map(header_name).collect();
        let place = |name: &str, column: &'static str| {
            let mut places = (0..names.len()).filter(|i| names[*i] == name);
            let first = places.next();
            match places.next() {
                Some(_) => Err(LoanBookError::DuplicateColumn {
                    file: file.to_owned(),
                    line,
                    column,
                }),
                None => Ok(first),
            }
        };
        let mut slots = Vec::with_capacity(wanted.targets.len());
        for &target in &wanted.targets {
            let column = target.name();
            let mut found = place(column, column)?;
            for alias in target.aliases() {
                // Today's name goes before older ones where a file has both.
                if found.is_none() {
                    found = place(alias, column)?;
                }
            }
            match found {
                Some(i) => slots.push((i, target)),
                None if wanted.required.contains(&target) => {
                    return Err(LoanBookError::MissingColumn {
                        file: file.to_owned(),
                        line,
                        column,
                    });
                }
                None => {}
            }
        }
        slots.sort_by_key(|(i, _)| *i);
        let term = slots.iter().find(|(_, t)| *t == Target::Term);
        Ok(Self {
            term: term.map_or(0, |(i, _)| *i),
            n_fields: names.len(),
            slots,
        })
    }
}
