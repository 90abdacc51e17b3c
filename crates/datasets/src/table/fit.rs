//! Learning a [`TableSchema`] from a table: kinds of columns, categories, classes.

use std::collections::{BTreeSet, HashMap};

use super::error::{TableError, shown};
use super::grid::{Declared, Grid, is_missing_mark};
use super::libsvm::SparseRows;
use super::schema::{ColumnSchema, Encoding, TableSchema, same_class, too_large};
use super::{MAX_CATEGORIES, MAX_MIXED_CATEGORIES, MAX_VALUES, ReadOptions, TableWarning};

/// Distinct target cells counted before giving up: two are wanted.
const MAX_CLASSES: usize = 1000;

#[derive(Default)]
struct Scan {
    numbers: usize,
    /// Count, and line and text of the first.
    texts: usize,
    first_text: Option<(u64, String)>,
}

/// Walks the table twice: what kind each column is, then the categories of the text columns.
pub(crate) fn schema(
    grid: &Grid<'_>,
    options: &ReadOptions,
) -> Result<(TableSchema, Vec<TableWarning>), TableError> {
    let target = match (&options.target, grid.output) {
        (Some(name), _) => grid.column(name)?,
        (None, Some(output)) => output,
        (None, None) => match &grid.inputs {
            // With inputs alone the output is the last column that is not one of them.
            Some(inputs) => (0..grid.columns.len()).rfind(|j| !inputs.contains(j)),
            None => grid.columns.len().checked_sub(1),
        }
        .ok_or_else(|| TableError::Empty {
            file: grid.file.to_owned(),
        })?,
    };
    let features: Vec<usize> = match &grid.inputs {
        Some(inputs) => (0..grid.columns.len())
            .filter(|j| inputs.contains(j) && *j != target)
            .collect(),
        None => (0..grid.columns.len()).filter(|&j| j != target).collect(),
    };
    let target_name = grid.columns[target].name.clone();
    if features.is_empty() {
        return Err(TableError::NoFeatures {
            file: grid.file.to_owned(),
            target: target_name,
        });
    }

    let mut scans: Vec<Scan> = features.iter().map(|_| Scan::default()).collect();
    let mut classes: HashMap<String, usize> = HashMap::new();
    let mut n_rows = 0_usize;
    grid.rows(&mut |row| {
        n_rows += 1;
        for (scan, &j) in scans.iter_mut().zip(&features) {
            if grid.columns[j].declared == Declared::Open {
                let cell = row.cells[j];
                if cell.parse::<f64>().is_ok() {
                    scan.numbers += 1;
                } else if !is_missing_mark(cell) {
                    scan.texts += 1;
                    scan.first_text
                        .get_or_insert_with(|| (row.line, cell.to_owned()));
                }
            }
        }
        let cell = row.cells[target];
        if is_missing_mark(cell) {
            return Err(TableError::Invalid {
                at: grid.at(row.line, target),
                found: format!("no value in column {target_name:?}"),
                expected: "a class".to_owned(),
            });
        }
        if cell.parse::<f64>().is_ok_and(|v| !v.is_finite()) {
            return Err(TableError::Invalid {
                at: grid.at(row.line, target),
                found: format!("{cell} in column {target_name:?}"),
                expected: "a class".to_owned(),
            });
        }
        let class = grid.canonical(&row, target)?;
        if classes.len() < MAX_CLASSES || classes.contains_key(class) {
            *classes.entry(class.to_owned()).or_insert(0) += 1;
        }
        Ok(())
    })?;
    if n_rows == 0 {
        return Err(TableError::NoRows {
            file: grid.file.to_owned(),
        });
    }
    let class_names = two_classes(
        grid.file,
        &target_name,
        classes,
        options.positive.as_deref(),
    )?;

    let mut warnings = Vec::new();
    let encodings = encodings(grid, &features, &scans, &mut warnings)?;
    let columns: Vec<ColumnSchema> = features
        .iter()
        .zip(encodings)
        .map(|(&j, encoding)| ColumnSchema {
            name: grid.columns[j].name.clone(),
            encoding,
        })
        .collect();
    let schema = TableSchema::new(columns, target_name, class_names)?;
    if n_rows.saturating_mul(schema.n_features()) > MAX_VALUES {
        return Err(too_large(grid.file, n_rows, schema.n_features()));
    }
    Ok((schema, warnings))
}

fn encodings(
    grid: &Grid<'_>,
    features: &[usize],
    scans: &[Scan],
    warnings: &mut Vec<TableWarning>,
) -> Result<Vec<Encoding>, TableError> {
    let mut sets: Vec<Option<BTreeSet<String>>> = features
        .iter()
        .zip(scans)
        .map(|(&j, scan)| {
            let is_text = match grid.columns[j].declared {
                Declared::Open => scan.texts > 0,
                Declared::Text => true,
                Declared::Number | Declared::Nominal(_) => false,
            };
            is_text.then(BTreeSet::new)
        })
        .collect();
    if sets.iter().any(Option::is_some) {
        grid.rows(&mut |row| {
            for ((set, &j), scan) in sets.iter_mut().zip(features).zip(scans) {
                let Some(set) = set else { continue };
                let cell = row.cells[j];
                if !set.contains(cell) {
                    set.insert(cell.to_owned());
                    // A few words among many numbers are damaged cells, not categories.
                    let limit = if scan.numbers > 0 {
                        MAX_MIXED_CATEGORIES
                    } else {
                        MAX_CATEGORIES
                    };
                    if set.len() > limit {
                        return Err(too_many(grid, j, scan, limit, row.line, cell));
                    }
                }
            }
            Ok(())
        })?;
    }
    let mut encodings = Vec::with_capacity(features.len());
    for ((set, &j), scan) in sets.into_iter().zip(features).zip(scans) {
        encodings.push(match (set, &grid.columns[j].declared) {
            (Some(set), _) => {
                if let (Some((line, text)), true) = (&scan.first_text, scan.numbers > 0) {
                    warnings.push(TableWarning::MixedColumn {
                        column: grid.columns[j].name.clone(),
                        line: *line,
                        text: text.clone(),
                        categories: set.len(),
                    });
                }
                Encoding::OneHot(set.into_iter().collect())
            }
            (None, Declared::Nominal(values)) => Encoding::OneHot(values.clone()),
            (None, _) => Encoding::Number,
        });
    }
    Ok(encodings)
}

fn too_many(
    grid: &Grid<'_>,
    column: usize,
    scan: &Scan,
    limit: usize,
    line: u64,
    cell: &str,
) -> TableError {
    let name = &grid.columns[column].name;
    match &scan.first_text {
        Some((line, text)) if scan.numbers > 0 => TableError::Invalid {
            at: grid.at(*line, column),
            found: format!("{} in column {name:?}", shown(text)),
            expected: "a number as in the other rows".to_owned(),
        },
        _ => TableError::Invalid {
            at: grid.at(line, column),
            found: format!(
                "{} as category {} of column {name:?}",
                shown(cell),
                limit + 1
            ),
            expected: format!("numbers, or at most {limit} categories"),
        },
    }
}

/// Negative and positive name. Without a wish the rarer class is positive, and of two equally
/// frequent ones the larger number or the lexically later text.
fn two_classes(
    file: &str,
    target: &str,
    counts: HashMap<String, usize>,
    positive: Option<&str>,
) -> Result<[String; 2], TableError> {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    let numbers: Option<Vec<f64>> = counts.iter().map(|(c, _)| c.parse().ok()).collect();
    if let Some(numbers) = numbers {
        // 1, +1 and 1.0 are one class.
        let mut merged: Vec<(f64, usize)> = Vec::new();
        for (value, (_, n)) in numbers.into_iter().zip(&counts) {
            match merged.iter_mut().find(|(v, _)| *v == value) {
                Some((_, total)) => *total += n,
                None => merged.push((value, *n)),
            }
        }
        merged.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Adding 0 turns -0 into 0.
        counts = merged
            .into_iter()
            .map(|(v, n)| ((v + 0.0).to_string(), n))
            .collect();
    } else {
        counts.sort();
    }
    let names = || counts.iter().map(|(c, _)| c.clone());
    let [(first, n_first), (second, n_second)] = counts.as_slice() else {
        return Err(TableError::Classes {
            file: file.to_owned(),
            column: target.to_owned(),
            found: names().take(5).collect(),
            more: counts.len() > 5,
        });
    };
    let second_is_positive = match positive {
        Some(wish) if same_class(second, wish.trim()) => true,
        Some(wish) if same_class(first, wish.trim()) => false,
        Some(wish) => {
            return Err(TableError::UnknownClass {
                file: file.to_owned(),
                column: target.to_owned(),
                value: wish.to_owned(),
                classes: names().collect(),
            });
        }
        None => n_second <= n_first,
    };
    Ok(if second_is_positive {
        [first.clone(), second.clone()]
    } else {
        [second.clone(), first.clone()]
    })
}

/// The schema of a LIBSVM file: features are named by their index, the target is `label`.
pub(crate) fn sparse_schema(
    file: &str,
    rows: &SparseRows,
    options: &ReadOptions,
) -> Result<TableSchema, TableError> {
    let base = rows.base(file, options.zero_based, None)?;
    let n_features = rows.n_features(file, base, options.n_features)?;
    const TARGET: &str = "label";
    if let Some(name) = options.target.as_deref().filter(|&name| name != TARGET) {
        return Err(TableError::UnknownColumn {
            file: file.to_owned(),
            column: name.to_owned(),
            columns: vec![TARGET.to_owned()],
        });
    }
    if n_features == 0 {
        return Err(TableError::NoFeatures {
            file: file.to_owned(),
            target: TARGET.to_owned(),
        });
    }
    let mut counts = HashMap::new();
    for label in &rows.labels {
        let class = label.to_string();
        if counts.len() < MAX_CLASSES || counts.contains_key(&class) {
            *counts.entry(class).or_insert(0) += 1;
        }
    }
    let class_names = two_classes(file, TARGET, counts, options.positive.as_deref())?;
    let n = rows.labels.len();
    if n.saturating_mul(n_features) > MAX_VALUES {
        return Err(too_large(file, n, n_features));
    }
    let columns = (base as usize..)
        .take(n_features)
        .map(|index| ColumnSchema {
            name: index.to_string(),
            encoding: Encoding::Number,
        })
        .collect();
    TableSchema::new(columns, TARGET.to_owned(), class_names)
}
