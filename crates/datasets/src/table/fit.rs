//! Learning a [`TableSchema`] from a table: kinds of columns, categories, classes.

use std::collections::{BTreeMap, BTreeSet};

use fuzzysvm_core::quote::{cut, quoted};

use super::classes::ClassCount;
use super::error::{TableError, shown};
use super::grid::{Declared, Grid};
use super::libsvm::SparseRows;
use super::missing::Marks;
use super::number::NumberFormat;
use super::scan::{Scan, scan};
use super::schema::{ColumnSchema, Encoding, Reading, TableSchema, check_size};
use super::{
    Header, MAX_CATEGORIES, MAX_DATE_CATEGORIES, MAX_MIXED_CATEGORIES, MIN_UNIQUE, Missing,
    ReadOptions, TableWarning,
};
use crate::lending_club::{LEAK_COLUMNS, is_book_header};

/// Fewest rows in which a column that counts them is noticed.
const MIN_COUNTED: usize = 20;

/// Walks the table twice: what kind each column is, then the classes and the categories of the text columns.
/// `unnamed` are the columns without a name in the header.
pub(crate) fn schema(
    grid: &Grid<'_>,
    unnamed: &[usize],
    options: &ReadOptions,
) -> Result<(TableSchema, Vec<TableWarning>), TableError> {
    let marks = Marks::new(&options.na);
    let scans = scan(grid, unnamed, marks)?;
    let n_rows = scans.first().map_or(0, |s| s.cells + s.missing);
    let target = target(grid, &scans, unnamed, options)?;
    let mut warnings = Vec::new();
    let features = features(grid, &scans, target, unnamed, options, &mut warnings)?;
    let target_name = grid.columns[target].name.clone();
    if features.is_empty() {
        return Err(TableError::NoFeatures {
            file: grid.file.to_owned(),
            target: target_name,
        });
    }
    if options.missing == Missing::Refuse {
        refuse_missing(grid, &scans, &features)?;
    }

    let kinds = kinds(grid, &scans, &features, options)?;
    let formatted: Vec<(String, String)> = features
        .iter()
        .zip(&kinds)
        .filter(|(_, kind)| matches!(kind, Kind::Formatted(_)))
        .filter_map(|(&j, _)| {
            let cell = scans[j].first_formatted.clone()?;
            Some((grid.columns[j].name.clone(), cell))
        })
        .collect();
    if !formatted.is_empty() {
        warnings.push(TableWarning::FormattedNumbers { columns: formatted });
    }
    let mut sets: Vec<Option<BTreeSet<String>>> = kinds
        .iter()
        .map(|kind| matches!(kind, Kind::Text).then(BTreeSet::new))
        .collect();
    let mut classes = ClassCount::new(options);
    grid.rows(&mut |row| {
        let cell = row.cells[target];
        if grid.is_missing(&row, target, marks) || cell.parse::<f64>().is_ok_and(|v| !v.is_finite())
        {
            let what = match cell.parse::<f64>() {
                Ok(_) => shown(cell),
                Err(_) => "no value".to_owned(),
            };
            return Err(TableError::Invalid {
                at: grid.at(row.line, target),
                found: format!("{what} in column {}", quoted(&target_name)),
                expected: "a class".to_owned(),
            });
        }
        if cell.contains('\0') {
            return Err(TableError::Invalid {
                at: grid.at(row.line, target),
                found: format!("{} in column {}", shown(cell), quoted(&target_name)),
                expected: "a class without NUL characters".to_owned(),
            });
        }
        classes.add(grid.canonical(&row, target)?);
        for (set, &j) in sets.iter_mut().zip(&features) {
            let Some(set) = set else { continue };
            let cell = row.cells[j];
            if set.len() <= MAX_CATEGORIES
                && !set.contains(cell)
                && !grid.is_missing(&row, j, marks)
            {
                set.insert(cell.to_owned());
            }
        }
        Ok(())
    })?;
    let classes = classes.classes(grid.file, &target_name)?;
    check_categories(grid, &scans, &features, &sets, &mut warnings)?;

    let columns: Vec<ColumnSchema> = features
        .iter()
        .zip(kinds)
        .zip(sets)
        .map(|((&j, kind), set)| ColumnSchema {
            name: grid.columns[j].name.clone(),
            encoding: match (kind, set) {
                (Kind::Nominal(values), _) => Encoding::OneHot(values),
                (Kind::Text, set) => Encoding::OneHot(set.into_iter().flatten().collect()),
                (Kind::Formatted(format), _) => Encoding::Formatted(format),
                (Kind::Number, _) => Encoding::Number,
            },
        })
        .collect();
    let reading = Reading {
        header: options.header != Header::No,
        separator: options.separator,
        na: options.na.clone(),
    };
    let schema = TableSchema::new(columns, target_name, classes.names)?
        .with_negative(classes.negative)
        .with_reading(reading);
    check_size(grid.file, n_rows, schema.n_features())?;
    Ok((schema, warnings))
}

/// The target: the one asked for, the header's, or the last column; separators at the ends of lines make no column.
fn target(
    grid: &Grid<'_>,
    scans: &[Scan],
    unnamed: &[usize],
    options: &ReadOptions,
) -> Result<usize, TableError> {
    let found = match (&options.target, grid.output, &grid.inputs) {
        (Some(name), _, _) => Some(grid.column(name)?),
        (None, Some(output), _) => Some(output),
        // With inputs alone the output is the last column that is not one of them.
        (None, None, Some(inputs)) => (0..grid.columns.len()).rfind(|j| !inputs.contains(j)),
        (None, None, None) => {
            (0..grid.columns.len()).rfind(|j| scans[*j].cells > 0 || !unnamed.contains(j))
        }
    };
    found.ok_or_else(|| TableError::Empty {
        file: grid.file.to_owned(),
    })
}

/// The columns that become features.
fn features(
    grid: &Grid<'_>,
    scans: &[Scan],
    target: usize,
    unnamed: &[usize],
    options: &ReadOptions,
    warnings: &mut Vec<TableWarning>,
) -> Result<Vec<usize>, TableError> {
    let columns_of = |names: &[String], found, expected| -> Result<Vec<usize>, TableError> {
        let columns = grid.columns_of(names.iter().map(|name| name.trim()))?;
        match columns.contains(&target) {
            true => Err(TableError::ColumnChoice {
                file: grid.file.to_owned(),
                column: grid.columns[target].name.clone(),
                found,
                expected,
            }),
            false => Ok(columns),
        }
    };
    let dropped = columns_of(
        &options.drop,
        "among the columns to drop",
        "not there: it is the target",
    )?;
    let wanted = columns_of(
        &options.features,
        "among the features",
        "not there: it is the target",
    )?;
    let chosen = match (wanted.is_empty(), &grid.inputs) {
        (false, _) => Some(&wanted),
        (true, inputs) => inputs.as_ref(),
    };
    let mut is_feature = vec![chosen.is_none(); grid.columns.len()];
    for &j in chosen.into_iter().flatten() {
        is_feature[j] = true;
    }
    for j in dropped.into_iter().chain([target]) {
        is_feature[j] = false;
    }
    let mut features: Vec<usize> = (0..grid.columns.len()).filter(|&j| is_feature[j]).collect();
    let name = |j: usize| grid.columns[j].name.clone();
    let is_index = |j: usize| {
        j == 0 && unnamed.contains(&j) && !wanted.contains(&j) && scans[j].numbers_rows()
    };
    if features.first().is_some_and(|&j| is_index(j)) {
        let column = name(features.remove(0));
        warnings.push(TableWarning::IndexColumn { column });
    }
    let empty: Vec<String> = features
        .iter()
        .filter(|&&j| scans[j].cells == 0)
        .map(|&j| name(j))
        .collect();
    if !empty.is_empty() {
        features.retain(|&j| scans[j].cells > 0);
        warnings.push(TableWarning::EmptyColumns { columns: empty });
    }
    for &j in &features {
        if scans[j].cells >= MIN_COUNTED && scans[j].counts_rows() {
            warnings.push(TableWarning::CountingColumn { column: name(j) });
        }
    }
    Ok(features)
}

fn refuse_missing(grid: &Grid<'_>, scans: &[Scan], features: &[usize]) -> Result<(), TableError> {
    let first = features
        .iter()
        .filter_map(|&j| scans[j].first_missing.map(|line| (line, j)))
        .min();
    match first {
        None => Ok(()),
        Some((line, column)) => Err(TableError::MissingValues {
            at: grid.at(line, column),
            columns: features
                .iter()
                .filter(|&&j| scans[j].missing > 0)
                .map(|&j| (grid.columns[j].name.clone(), scans[j].missing))
                .collect(),
        }),
    }
}

/// What a column is made of.
enum Kind {
    Number,
    Formatted(NumberFormat),
    Text,
    Nominal(Vec<String>),
}

fn kinds(
    grid: &Grid<'_>,
    scans: &[Scan],
    features: &[usize],
    options: &ReadOptions,
) -> Result<Vec<Kind>, TableError> {
    if let Some(other) = options.decimal.filter(|d| !matches!(d, '.' | ',')) {
        return Err(TableError::Invalid {
            at: grid.at(0, 0),
            found: format!("{other:?} as decimal mark"),
            expected: "a point or a comma".to_owned(),
        });
    }
    let is_number = |j: usize| grid.columns[j].declared == Declared::Open && scans[j].texts == 0;
    let shows = |mark: char| {
        let mut numbers = features.iter().filter(|&&j| is_number(j));
        numbers.any(|&j| scans[j].format.decimal() == Some(mark))
    };
    // A column whose numbers could be read with either mark is read as the other columns of the file.
    let decimal = options.decimal.or(match (shows('.'), shows(',')) {
        (true, false) => Some('.'),
        (false, true) => Some(','),
        _ => None,
    });
    features
        .iter()
        .map(|&j| match &grid.columns[j].declared {
            Declared::Number(_) => Ok(Kind::Number),
            Declared::Nominal(values) => Ok(Kind::Nominal(values.clone())),
            Declared::Text => Ok(Kind::Text),
            Declared::Open if scans[j].texts > 0 => Ok(Kind::Text),
            Declared::Open => number(grid, &scans[j], j, decimal),
        })
        .collect()
}

/// A column of numbers alone. `decimal` is the mark of the file, where that is known.
fn number(
    grid: &Grid<'_>,
    scan: &Scan,
    column: usize,
    decimal: Option<char>,
) -> Result<Kind, TableError> {
    let format = &scan.format;
    let mark = match format.decimal().or(decimal) {
        Some(mark) => mark,
        None if format.plain || !format.is_open() => '.',
        None => {
            let (line, cell) = scan.first_marked.clone().unwrap_or_default();
            return Err(TableError::Invalid {
                at: grid.at(line, column),
                found: format!(
                    "numbers such as {} in column {}, whose comma or point may be a decimal mark or \
                     separate thousands",
                    shown(&cell),
                    quoted(&grid.columns[column].name)
                ),
                expected: "the decimal mark to be said: decimal . or decimal ,".to_owned(),
            });
        }
    };
    Ok(match format.format(mark) {
        Some(format) if !(scan.format.plain && mark == '.') => Kind::Formatted(format),
        _ => Kind::Number,
    })
}

/// Refuses columns of text that are no features: names of rows, free text, dates, damaged numbers; of a loan file what
/// is known only after a loan was made, too. All of them are named at once.
fn check_categories(
    grid: &Grid<'_>,
    scans: &[Scan],
    features: &[usize],
    sets: &[Option<BTreeSet<String>>],
    warnings: &mut Vec<TableWarning>,
) -> Result<(), TableError> {
    let mut unsuitable = Vec::new();
    let names = || grid.columns.iter().map(|c| c.name.as_str());
    let is_loan_book = is_book_header(names, &BTreeMap::new());
    for (&j, set) in features.iter().zip(sets) {
        let name = &grid.columns[j].name;
        if is_loan_book && LEAK_COLUMNS.iter().any(|c| name.eq_ignore_ascii_case(c)) {
            let reason = "that is known only after the loan was made";
            unsuitable.push((name.clone(), reason.to_owned()));
            continue;
        }
        let (Some(set), scan) = (set, &scans[j]) else {
            continue;
        };
        let (found, cells) = (set.len(), scan.cells);
        let unique = found >= MIN_UNIQUE && 2 * found > cells;
        let mixed = scan.is_mixed() && grid.columns[j].declared == Declared::Open;
        if scan.dates && found > MAX_DATE_CATEGORIES && grid.columns[j].declared == Declared::Open {
            unsuitable.push((name.clone(), "of dates".to_owned()));
        } else if mixed
            && (found > MAX_MIXED_CATEGORIES || (unique && scan.is_mostly_numbers()))
            && let Some((line, text)) = &scan.first_text
        {
            // A few words among many numbers are damaged cells, not categories.
            return Err(TableError::Invalid {
                at: grid.at(*line, j),
                found: format!("{} in column {}", shown(text), quoted(name)),
                expected: format!(
                    "a number as in the other rows (if it marks a missing value: na {}; else drop {})",
                    cut(text),
                    cut(name)
                ),
            });
        } else if found > MAX_CATEGORIES {
            unsuitable.push((
                name.clone(),
                format!("with more than {MAX_CATEGORIES} different texts"),
            ));
        } else if unique {
            unsuitable.push((
                name.clone(),
                format!("with {found} different texts in {cells} rows"),
            ));
        } else if scan.dates && cells > 0 && grid.columns[j].declared == Declared::Open {
            warnings.push(TableWarning::DateCategories {
                column: name.clone(),
                dates: found,
            });
        } else if mixed && let Some((line, text)) = &scan.first_text {
            warnings.push(TableWarning::MixedColumn {
                column: name.clone(),
                line: *line,
                text: text.clone(),
                categories: found,
            });
        }
    }
    match unsuitable.is_empty() {
        true => Ok(()),
        false => Err(TableError::Unsuitable {
            file: grid.file.to_owned(),
            columns: unsuitable,
        }),
    }
}

/// The schema of a LIBSVM file: features are named by their index, the target is `label`.
pub(crate) fn sparse_schema(
    file: &str,
    rows: &SparseRows,
    base: u32,
    options: &ReadOptions,
) -> Result<(TableSchema, Vec<TableWarning>), TableError> {
    let n_features = rows.n_features(file, base, options.n_features)?;
    const TARGET: &str = "label";
    if let Some(name) = options.target.as_deref().filter(|&name| name != TARGET) {
        return Err(TableError::UnknownColumn {
            file: file.to_owned(),
            column: name.to_owned(),
            columns: vec![TARGET.to_owned()],
        });
    }
    if let Some(name) = options.drop.first().or(options.features.first()) {
        return Err(TableError::ColumnChoice {
            file: file.to_owned(),
            column: name.clone(),
            found: "named",
            expected: "in a file with column names, which LIBSVM's format does not have",
        });
    }
    if n_features == 0 {
        return Err(TableError::NoFeatures {
            file: file.to_owned(),
            target: TARGET.to_owned(),
        });
    }
    let mut classes = ClassCount::new(options);
    for label in &rows.labels {
        classes.add(&label.to_string());
    }
    let classes = classes.classes(file, TARGET)?;
    let filled = rows.filled_of_few(base, n_features);
    let mut warnings = Vec::new();
    if let Some(filled) = &filled {
        warnings.push(TableWarning::EmptyIndices {
            kept: filled.len(),
            of: n_features,
        });
    }
    let width = filled.as_ref().map_or(n_features, Vec::len);
    check_size(file, rows.labels.len(), width)?;
    let indices = filled.unwrap_or_else(|| (base..).take(n_features).collect());
    let columns = indices
        .into_iter()
        .map(|index| ColumnSchema {
            name: index.to_string(),
            encoding: Encoding::Number,
        })
        .collect();
    let schema = TableSchema::new(columns, TARGET.to_owned(), classes.names)?;
    Ok((schema.with_negative(classes.negative), warnings))
}
