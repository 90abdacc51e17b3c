//! KEEL data files, and the dense part of ARFF that they descend from.
//!
//! Read: `@attribute name real [min, max]` with or without range or spaces (`integer[30,83]`,
//! `Class{a,b}`), quoted names, `numeric`, `string`; `@inputs`/`@input`, `@outputs`/`@output`; keywords in
//! any case; `%` comments, blank lines, CRLF, no final newline. Refused with the place: intervals
//! and bags (data of low quality, multiple instances), dates, sparse and weighted ARFF rows.

use super::error::{Location, TableError, shown};
use super::grid::{Body, Column, Declared, Grid, Row, Syntax, Visit, check_distinct};
use super::source::lines;

struct Cursor<'a> {
    file: &'a str,
    line: u64,
}

impl Cursor<'_> {
    fn refuse<T>(&self, found: impl Into<String>, expected: &str) -> Result<T, TableError> {
        Err(TableError::Invalid {
            at: Location {
                file: self.file.to_owned(),
                line: self.line,
                column: 0,
            },
            found: found.into(),
            expected: expected.to_owned(),
        })
    }
}

/// Reads the header up to `@data`.
pub(crate) fn grid<'a>(file: &'a str, text: &'a str) -> Result<Grid<'a>, TableError> {
    let mut columns: Vec<Column> = Vec::new();
    let mut inputs: Option<Vec<String>> = None;
    let mut outputs: Option<Vec<String>> = None;
    let mut cursor = Cursor { file, line: 0 };
    for (number, raw) in lines(text) {
        cursor.line = number;
        let line = raw.trim();
        if line.is_empty() || line.starts_with('%') {
            continue;
        }
        let Some(directive) = line.strip_prefix('@') else {
            return cursor.refuse(shown(line), "a header line such as @attribute or @data");
        };
        let end = directive
            .find(|c: char| c.is_whitespace())
            .unwrap_or(directive.len());
        let rest = directive[end..].trim();
        match directive[..end].to_ascii_lowercase().as_str() {
            "relation" => {}
            "attribute" => columns.push(attribute(&cursor, rest)?),
            "inputs" | "input" => inputs = Some(names(rest)),
            "outputs" | "output" => outputs = Some(names(rest)),
            "data" => {
                if columns.is_empty() {
                    return cursor.refuse("@data", "@attribute lines before it");
                }
                check_distinct(file, number, &columns)?;
                let index = |name: &String| {
                    columns
                        .iter()
                        .position(|c| c.name == *name)
                        .or_else(|| {
                            columns
                                .iter()
                                .position(|c| c.name.eq_ignore_ascii_case(name))
                        })
                        .ok_or_else(|| TableError::UnknownColumn {
                            file: file.to_owned(),
                            column: name.clone(),
                            columns: columns.iter().map(|c| c.name.clone()).collect(),
                        })
                };
                let indices =
                    |names: Option<Vec<String>>| -> Result<Option<Vec<usize>>, TableError> {
                        names
                            .filter(|n| !n.is_empty())
                            .map(|n| n.iter().map(index).collect())
                            .transpose()
                    };
                let inputs = indices(inputs)?;
                let output = match indices(outputs)?.as_deref() {
                    None => None,
                    Some([one]) => Some(*one),
                    Some(many) => {
                        return cursor.refuse(format!("{} outputs", many.len()), "one output");
                    }
                };
                return Ok(Grid {
                    file,
                    columns,
                    output,
                    inputs,
                    body: Body {
                        syntax: Syntax::Keel,
                        text,
                        start: number as usize + 1,
                        walk: rows,
                    },
                });
            }
            other => {
                return cursor.refuse(
                    shown(&format!("@{other}")),
                    "@relation, @attribute, @inputs, @outputs or @data",
                );
            }
        }
    }
    if cursor.line == 0 || columns.is_empty() {
        return Err(TableError::Empty {
            file: file.to_owned(),
        });
    }
    cursor.refuse("the end of the file", "@data")
}

/// `a, b, 'c d'`
fn names(list: &str) -> Vec<String> {
    split(list)
        .into_iter()
        .filter(|n| !n.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The name and the type of `@attribute`.
fn attribute(cursor: &Cursor<'_>, rest: &str) -> Result<Column, TableError> {
    let (name, kind) = match rest.chars().next() {
        Some(quote @ ('\'' | '"')) => match rest[1..].split_once(quote) {
            Some((name, kind)) => (name.trim(), kind.trim()),
            None => return cursor.refuse(shown(rest), "a closing quote after the name"),
        },
        _ => {
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '{')
                .unwrap_or(rest.len());
            (&rest[..end], rest[end..].trim())
        }
    };
    if name.is_empty() {
        return cursor.refuse("no attribute name", "@attribute NAME TYPE");
    }
    let declared = if let Some(list) = kind.strip_prefix('{') {
        let Some((list, _)) = list.rsplit_once('}') else {
            return cursor.refuse(shown(kind), "a closing } after the values");
        };
        let values = names(list);
        if values.is_empty() {
            return cursor.refuse("no values", "values between { and }");
        }
        if let Some(twice) = (1..values.len()).find(|&i| values[..i].contains(&values[i])) {
            return cursor.refuse(
                format!("{} twice", shown(&values[twice])),
                "distinct values between { and }",
            );
        }
        Declared::Nominal(values)
    } else {
        let end = kind
            .find(|c: char| c.is_whitespace() || c == '[')
            .unwrap_or(kind.len());
        let range = kind[end..].trim();
        let bracketed = range.starts_with('[') && range.contains(']');
        if !(range.is_empty() || bracketed) {
            return cursor.refuse(shown(range), "a range [min, max] or nothing");
        }
        match kind[..end].to_ascii_lowercase().as_str() {
            "real" | "integer" | "numeric" => Declared::Number,
            "string" => Declared::Text,
            "" => return cursor.refuse("no type", "@attribute NAME TYPE"),
            word => {
                return cursor.refuse(
                    format!("type {} of attribute {}", shown(word), shown(name)),
                    "real, integer, numeric, string or {values}",
                );
            }
        }
    };
    Ok(Column {
        name: name.to_owned(),
        declared,
    })
}

/// Splits at commas outside quotes; cells come back trimmed and without their quotes.
fn split(line: &str) -> Vec<&str> {
    if !line.contains(['\'', '"']) {
        return line.split(',').map(str::trim).collect();
    }
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let lead = rest.trim_start();
        // A quote opens a cell only at its start and where it closes again before a comma or the end.
        let quoted = lead
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))
            .and_then(|quote| lead[1..].split_once(quote))
            .filter(|(_, after)| {
                let after = after.trim_start();
                after.is_empty() || after.starts_with(',')
            });
        let (cell, after) = match quoted {
            Some((cell, after)) => (cell, after.trim_start()),
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (&rest[..end], &rest[end..])
            }
        };
        cells.push(cell.trim());
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return cells,
        }
    }
}

/// Walks the rows below `@data`, which begin on line `start`.
fn rows(grid: &Grid<'_>, visit: &mut Visit<'_>) -> Result<(), TableError> {
    let mut row_number = 0;
    for (number, raw) in lines(grid.body.text) {
        let line = raw.trim();
        if number < grid.body.start as u64 || line.is_empty() || line.starts_with('%') {
            continue;
        }
        let cursor = Cursor {
            file: grid.file,
            line: number,
        };
        if line.starts_with('@') {
            return cursor.refuse(shown(line), "a row of cells (bags are not read)");
        }
        if line.starts_with('{') {
            return cursor.refuse("a sparse row", "all cells, separated by commas");
        }
        let cells = split(line);
        grid.check_width(number, cells.len())?;
        row_number += 1;
        visit(Row {
            line: number,
            number: row_number,
            cells: &cells,
        })?;
    }
    Ok(())
}
