//! The positions of the kept columns, from a header.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::trim;
use super::columns::{
    ALWAYS, ANNUAL_INC, ANNUAL_INC_JOINT, APPLICATION_TYPE, CATEGORIES, DELINQ_2YRS, DTI,
    DTI_JOINT, FUNDED_AMNT, LAST_PYMNT_AMNT, MTHS_SINCE_LAST_DELINQ, MTHS_SINCE_LAST_RECORD,
    NUMBERS, PUB_REC, TOTAL_PYMNT, text,
};
use super::error::LoanBookError;
use super::features::{Source, source};
use super::month::Month;
use super::need::Need;
use super::reader::ReadOptions;

/// What a cell of a kept column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Status,
    /// Of the status no more than whether the loan meets the credit policy: loans on offer have no other.
    Policy,
    Term,
    Issue,
    /// When a loan on offer was listed.
    Listed,
    EarliestCreditLine,
    LastPayment,
    Grade,
    SubGrade,
    EmpLength,
    /// What the loan is called, as text; the column is the caller's choice.
    Name,
    Category(usize),
    Number(usize),
}

impl Target {
    /// The targets that are neither numbers nor categories.
    const OTHERS: [Target; 11] = [
        Target::Status,
        Target::Policy,
        Target::Term,
        Target::Issue,
        Target::Listed,
        Target::EarliestCreditLine,
        Target::LastPayment,
        Target::Grade,
        Target::SubGrade,
        Target::EmpLength,
        Target::Name,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Target::Status | Target::Policy => "loan_status",
            Target::Term => "term",
            Target::Issue => "issue_d",
            Target::Listed => "list_d",
            Target::EarliestCreditLine => "earliest_cr_line",
            Target::LastPayment => "last_pymnt_d",
            Target::Grade => "grade",
            Target::SubGrade => "sub_grade",
            Target::EmpLength => "emp_length",
            Target::Name => "id",
            Target::Category(i) => CATEGORIES[i].name,
            Target::Number(i) => NUMBERS[i].name,
        }
    }

    fn aliases(self) -> &'static [&'static str] {
        match self {
            Target::Listed => &["listd"],
            Target::Category(i) => CATEGORIES[i].aliases,
            Target::Number(i) => NUMBERS[i].aliases,
            _ => &[],
        }
    }

    /// The target of a column by its name in Lending Club's files.
    pub fn of_column(name: &str) -> Option<Target> {
        let numbers = (0..NUMBERS.len()).map(Target::Number);
        let categories = (0..CATEGORIES.len()).map(Target::Category);
        let mut all = numbers.chain(categories).chain(Target::OTHERS);
        all.find(|target| target.name() == name)
    }
}

/// A set of targets in one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TargetSet(u128);

impl TargetSet {
    fn bit(target: Target) -> u128 {
        let place = match target {
            Target::Number(i) => Target::OTHERS.len() + CATEGORIES.len() + i,
            Target::Category(i) => Target::OTHERS.len() + i,
            other => Target::OTHERS
                .iter()
                .position(|t| *t == other)
                .unwrap_or_default(),
        };
        // A test holds that they are few enough.
        1u128.checked_shl(place as u32).unwrap_or_default()
    }

    pub fn insert(&mut self, target: Target) {
        self.0 |= Self::bit(target);
    }

    pub fn contains(self, target: Target) -> bool {
        self.0 & Self::bit(target) != 0
    }
}

/// The columns to keep, whatever file they come from.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    targets: Vec<Target>,
    needs: Vec<Need>,
    columns: BTreeMap<String, String>,
    id: Option<String>,
    as_of: Option<Month>,
}

/// What every file of finished loans must have, and every file of loans on offer.
const FINISHED: [(&str, &str); 7] = [
    ("loan_status", "the class of a loan"),
    ("term", "every loan"),
    ("int_rate", "every loan"),
    ("issue_d", "every loan"),
    ("funded_amnt", "returns"),
    ("total_pymnt", "returns"),
    ("collection_recovery_fee", "returns"),
];
const ON_OFFER: [(&str, &str); 3] = [
    ("term", "every loan"),
    ("int_rate", "every loan"),
    ("loan_amnt", "every loan"),
];

impl Wanted {
    /// The columns that every loan needs, those of the features, and those that the caller needs.
    pub fn new(options: &ReadOptions) -> Result<Self, LoanBookError> {
        let mut targets = vec![Target::Term, Target::Issue, Target::Grade, Target::SubGrade];
        if options.outcome {
            targets.extend([Target::Status, Target::LastPayment]);
        } else {
            targets.extend([Target::Policy, Target::Listed]);
        }
        if options.id.is_some() {
            targets.push(Target::Name);
        }
        let mut add = |target| {
            if !targets.contains(&target) {
                targets.push(target);
            }
        };
        // What became of loans on offer is not known, and how much of them is funded changes by the hour.
        let of_outcome =
            |i: &usize| (TOTAL_PYMNT..=LAST_PYMNT_AMNT).contains(i) || *i == FUNDED_AMNT;
        ALWAYS
            .filter(|i| options.outcome || !of_outcome(i))
            .map(Target::Number)
            .for_each(&mut add);
        for name in &options.features {
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
        for name in &options.groups {
            let place = CATEGORIES.iter().position(|column| column.name == name);
            add(Target::Category(place.ok_or_else(|| {
                LoanBookError::NoGroup { name: name.clone() }
            })?));
        }
        let always = if options.outcome {
            &FINISHED[..]
        } else {
            &ON_OFFER
        };
        let mut needs: Vec<Need> = always
            .iter()
            .map(|(column, by)| Need::new(*column, *by))
            .collect();
        for need in &options.needs {
            Need::add(&mut needs, need);
        }
        let mut columns = BTreeMap::new();
        for (from, to) in &options.columns {
            let (from, to) = (from.trim().to_lowercase(), to.trim().to_lowercase());
            let read = Target::of_column(&to).is_some() || options.id.as_ref() == Some(&to);
            if !read {
                let why = "Lending Club's files have no such column, or it is not read";
                return Err(LoanBookError::Mapping { from, to, why });
            }
            columns.insert(from, to);
        }
        Ok(Self {
            targets,
            needs,
            columns,
            id: options.id.as_ref().map(|id| id.trim().to_lowercase()),
            as_of: options.as_of.filter(|_| !options.outcome),
        })
    }

    /// A header name under Lending Club's name for it.
    fn renamed<'a>(&'a self, name: &'a str) -> &'a str {
        renamed(name, &self.columns)
    }

    /// Whether a record is a header of loans: it names the amount, the term and the rate.
    pub fn is_header<'a>(&self, fields: impl Iterator<Item = &'a [u8]>) -> bool {
        names_loans(fields, &self.columns)
    }

    /// The first of the caller's own names for columns that no header has had.
    pub fn unmet_name(&self, met: &BTreeSet<String>) -> Option<LoanBookError> {
        let (from, to) = self.columns.iter().find(|(from, _)| !met.contains(*from))?;
        Some(LoanBookError::Mapping {
            from: from.clone(),
            to: to.clone(),
            why: "no file has it",
        })
    }
}

fn renamed<'a>(name: &'a str, columns: &'a BTreeMap<String, String>) -> &'a str {
    columns.get(name).map_or(name, String::as_str)
}

/// Whether a record is a header of loans: it names the amount, the term and the rate, in Lending Club's words or in
/// the caller's (`columns`).
pub(crate) fn names_loans<'a>(
    fields: impl Iterator<Item = &'a [u8]>,
    columns: &BTreeMap<String, String>,
) -> bool {
    let longest = columns.keys().map(String::len).max().unwrap_or(0);
    let mut seen = [false; 3];
    for field in fields {
        // Names are short: this keeps the test cheap on rows of loans.
        if field.len() > 24.max(longest + 8) {
            continue;
        }
        match renamed(&header_name(field), columns) {
            "loan_amnt" | "funded_amnt" => seen[0] = true,
            "term" => seen[1] = true,
            "int_rate" => seen[2] = true,
            _ => {}
        }
    }
    seen == [true; 3]
}

/// A header: how many cells, and the kept columns in the order of their cells.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub n_fields: usize,
    pub slots: Vec<(usize, Target)>,
    /// Position of the term, by which loans are distinguished from other lines.
    pub term: usize,
    /// Kept columns that the header lacks.
    pub absent: TargetSet,
    /// The caller's names for columns that the header has.
    pub mapped: Vec<String>,
    /// The month that stands in where a loan on offer has none.
    pub as_of: Option<Month>,
}

/// A header name for comparison: lower case, without byte order mark, quotes and surrounding blanks.
fn header_name(cell: &[u8]) -> String {
    let cell = cell.strip_prefix(b"\xef\xbb\xbf").unwrap_or(cell);
    text(trim(cell))
        .trim_matches(['"', ' ', '\u{a0}'])
        .to_lowercase()
}

impl Layout {
    /// Finds the wanted columns in a header.
    pub fn new<'a>(
        fields: impl Iterator<Item = &'a [u8]>,
        wanted: &Wanted,
        file: &str,
        line: u64,
    ) -> Result<Self, LoanBookError> {
        let written: Vec<String> = fields.map(header_name).collect();
        let names: Vec<&str> = written.iter().map(|name| wanted.renamed(name)).collect();
        let place = |name: &str, column: &str| {
            let mut places = (0..names.len()).filter(|i| names[*i] == name);
            let first = places.next();
            match places.next() {
                Some(_) => Err(LoanBookError::DuplicateColumn {
                    file: file.to_owned(),
                    line,
                    column: column.to_owned(),
                }),
                None => Ok(first),
            }
        };
        let mut slots = Vec::with_capacity(wanted.targets.len());
        let mut absent = TargetSet::default();
        for &target in &wanted.targets {
            let column = match (target, &wanted.id) {
                (Target::Name, Some(id)) => id.as_str(),
                _ => target.name(),
            };
            let mut found = place(column, column)?;
            for alias in target.aliases() {
                // Today's name goes before older ones where a file has both.
                if found.is_none() {
                    found = place(alias, column)?;
                }
            }
            match found {
                Some(i) => slots.push((i, target)),
                None => absent.insert(target),
            }
        }
        let lacks = |need: &&Need| match Target::of_column(&need.column) {
            Some(target) if wanted.targets.contains(&target) => absent.contains(target),
            _ => !names.contains(&need.column.as_str()),
        };
        let mut columns: Vec<Need> = wanted.needs.iter().filter(lacks).cloned().collect();
        let dated = !absent.contains(Target::Issue) || !absent.contains(Target::Listed);
        let offered = wanted.targets.contains(&Target::Listed);
        if offered && !dated && wanted.as_of.is_none() {
            let by = "the length of the credit history, unless a month as of which they are scored is given";
            Need::add(&mut columns, &Need::new("issue_d", by));
        }
        if !columns.is_empty() {
            return Err(LoanBookError::AbsentColumns {
                file: file.to_owned(),
                line,
                columns,
            });
        }
        slots.sort_by_key(|(i, _)| *i);
        let term = slots.iter().find(|(_, t)| *t == Target::Term);
        let mapped = written.iter().filter(|n| wanted.columns.contains_key(*n));
        Ok(Self {
            term: term.map_or(0, |(i, _)| *i),
            n_fields: names.len(),
            absent,
            mapped: mapped.cloned().collect(),
            as_of: wanted.as_of,
            slots,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_place_of_its_own_in_a_set() {
        let numbers = (0..NUMBERS.len()).map(Target::Number);
        let categories = (0..CATEGORIES.len()).map(Target::Category);
        let all: Vec<Target> = numbers.chain(categories).chain(Target::OTHERS).collect();
        let mut set = TargetSet::default();
        for (i, &target) in all.iter().enumerate() {
            assert!(!set.contains(target), "{target:?}");
            set.insert(target);
            assert_eq!(set.0.count_ones() as usize, i + 1, "{target:?}");
        }
    }
}
