//! KEEL data files, and ARFF, which they descend from.
//!
//! Read: `@attribute name real [min, max]` with or without range or spaces (`integer[30,83]`,
//! `Class{a,b}`), quoted names, `numeric`, `string`; `@inputs`/`@input`, `@outputs`/`@output`; keywords in
//! any case; `%` comments, blank lines, CRLF, no final newline; `\` before a character inside quotes; sparse rows
//! (see [`rows`]) and weights behind rows (see [`weights`]). Refused with the place: intervals and bags (data of low
//! quality, multiple instances), relational attributes, and date attributes that are not left out.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::error::{Location, TableError, shown};
use super::grid::{Body, Column, Declared, Grid, Range, Row, Syntax, Visit, check_distinct};
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

/// Reads the header up to `@data`; `wanted` says whether the column of this name is used.
pub(crate) fn grid<'a>(
    file: &'a str,
    text: &'a str,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Grid<'a>, TableError> {
    // The place of each date attribute, and its line.
    let mut dates: Vec<(usize, u64)> = Vec::new();
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
            "attribute" => {
                let (column, is_date) = attribute(&cursor, rest)?;
                if is_date {
                    dates.push((columns.len(), number));
                }
                columns.push(column);
            }
            "inputs" | "input" => inputs = Some(names(rest)),
            "outputs" | "output" => outputs = Some(names(rest)),
            "data" => {
                if columns.is_empty() {
                    return cursor.refuse("@data", "@attribute lines before it");
                }
                check_distinct(file, number, &columns)?;
                let (mut places, mut folded) = (HashMap::new(), HashMap::new());
                for (j, column) in columns.iter().enumerate() {
                    places.insert(column.name.as_str(), j);
                    folded.entry(column.name.to_ascii_lowercase()).or_insert(j);
                }
                let index = |name: &String| {
                    let exact = places.get(name.as_str());
                    exact
                        .or_else(|| folded.get(&name.to_ascii_lowercase()))
                        .copied()
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
                for (j, line) in dates {
                    let name = columns.get(j).map_or("", |c| c.name.as_str());
                    let is_input = inputs.as_ref().is_none_or(|list| list.contains(&j));
                    if (is_input && wanted(name)) || output == Some(j) {
                        cursor.line = line;
                        return cursor.refuse(
                            format!("the date attribute {}", shown(name)),
                            "numbers or nominal values: dates are not supported, drop the column",
                        );
                    }
                }
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
        .map(Cow::into_owned)
        .collect()
}

/// The name and the type of `@attribute`, and whether it is a date.
fn attribute(cursor: &Cursor<'_>, rest: &str) -> Result<(Column, bool), TableError> {
    let (name, kind) = match rest.chars().next() {
        Some('\'' | '"') => match quoted(rest) {
            Some((name, kind)) => (name, kind.trim()),
            None => return cursor.refuse(shown(rest), "a closing quote after the name"),
        },
        _ => {
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '{')
                .unwrap_or(rest.len());
            (Cow::Borrowed(&rest[..end]), rest[end..].trim())
        }
    };
    let name = name.trim();
    if name.is_empty() {
        return cursor.refuse("no attribute name", "@attribute NAME TYPE");
    }
    let column = |declared| Column {
        name: name.to_owned(),
        declared,
    };
    if let Some(list) = kind.strip_prefix('{') {
        let Some((list, _)) = list.rsplit_once('}') else {
            return cursor.refuse(shown(kind), "a closing } after the values");
        };
        let values = names(list);
        if values.is_empty() {
            return cursor.refuse("no values", "values between { and }");
        }
        let mut seen = HashSet::new();
        if let Some(twice) = values.iter().find(|value| !seen.insert(value.as_str())) {
            return cursor.refuse(
                format!("{} twice", shown(twice)),
                "distinct values between { and }",
            );
        }
        return Ok((column(Declared::Nominal(values)), false));
    }
    let end = kind
        .find(|c: char| c.is_whitespace() || c == '[')
        .unwrap_or(kind.len());
    let range = kind[end..].trim();
    let declared = match kind[..end].to_ascii_lowercase().as_str() {
        // The pattern of the dates may follow.
        "date" => return Ok((column(Declared::Text), true)),
        "relational" => {
            return cursor.refuse(
                format!("the relational attribute {}", shown(name)),
                "numbers or nominal values: relational attributes are not supported",
            );
        }
        "real" | "integer" | "numeric" => Declared::Number(range_of(range)),
        "string" => Declared::Text,
        "" => return cursor.refuse("no type", "@attribute NAME TYPE"),
        word => {
            return cursor.refuse(
                format!("type {} of attribute {}", shown(word), shown(name)),
                "real, integer, numeric, string or {values}",
            );
        }
    };
    let bracketed = range.starts_with('[') && range.contains(']');
    if !(range.is_empty() || range.starts_with('%') || bracketed) {
        return cursor.refuse(shown(range), "a range [min, max] or nothing");
    }
    Ok((column(declared), false))
}

/// `[min, max]`; none where it holds no two numbers in order.
fn range_of(text: &str) -> Option<Range> {
    let (inside, _) = text.strip_prefix('[')?.split_once(']')?;
    let (min, max) = inside.split_once(',')?;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite());
    let (min, max) = (number(min)?, number(max)?);
    (min <= max).then_some(Range { min, max })
}

/// The text between the quotes at the start of `text`, and what follows; `None` where no quote closes. A backslash
/// takes the character behind it literally, with WEKA's letters for tab, line feed and carriage return.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let body = &text[1..];
    let end = body.find([quote, '\\'])?;
    if body[end..].starts_with(quote) {
        return Some((Cow::Borrowed(&body[..end]), &body[end + 1..]));
    }
    let mut inside = String::new();
    let mut characters = body.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => match characters.next()?.1 {
                't' => inside.push('\t'),
                'n' => inside.push('\n'),
                'r' => inside.push('\r'),
                other => inside.push(other),
            },
            _ if c == quote => return Some((Cow::Owned(inside), &body[at + 1..])),
            _ => inside.push(c),
        }
    }
    None
}

/// The cell at the start of `rest`, trimmed and without its quotes, and what follows: a comma and more, or nothing.
fn cell(rest: &str) -> (Cow<'_, str>, &str) {
    let lead = rest.trim_start();
    // A quote opens a cell only at its start and where it closes again before a comma or the end.
    let closes = |after: &str| after.is_empty() || after.starts_with(',');
    if let Some((cell, after)) = quoted(lead)
        && closes(after.trim_start())
    {
        let cell = match cell {
            Cow::Borrowed(cell) => Cow::Borrowed(cell.trim()),
            Cow::Owned(cell) => Cow::Owned(cell.trim().to_owned()),
        };
        return (cell, after.trim_start());
    }
    let end = rest.find(',').unwrap_or(rest.len());
    (Cow::Borrowed(rest[..end].trim()), &rest[end..])
}

/// Splits at commas outside quotes; cells come back trimmed and without their quotes.
fn split(line: &str) -> Vec<Cow<'_, str>> {
    if !line.contains(['\'', '"']) {
        return line.split(',').map(|c| Cow::Borrowed(c.trim())).collect();
    }
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (found, after) = cell(rest);
        cells.push(found);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return cells,
        }
    }
}

/// A row and the text of its weight: `cells, {weight}` or `{sparse cells}, {weight}`.
fn split_weight(line: &str) -> (&str, Option<&str>) {
    let weighted = || {
        let (before, weight) = line.strip_suffix('}')?.rsplit_once('{')?;
        let cells = before.trim_end().strip_suffix(',')?.trim_end();
        // A sparse row whose last cell holds an opening brace has none.
        let is_weight = !cells.starts_with('{') || cells.ends_with('}');
        is_weight.then_some((cells, weight.trim()))
    };
    match weighted() {
        Some((cells, weight)) => (cells, Some(weight)),
        None => (line, None),
    }
}

fn weight(text: &str) -> Option<f64> {
    text.parse()
        .ok()
        .filter(|w: &f64| w.is_finite() && *w >= 0.0)
}

/// The weight of each line that has one.
pub(crate) fn weights(grid: &Grid<'_>) -> HashMap<u64, f64> {
    lines(grid.body.text)
        .skip(grid.body.start.saturating_sub(1))
        .map(|(number, line)| (number, line.trim()))
        .filter(|(_, line)| line.ends_with('}') && !line.starts_with('%'))
        .filter_map(|(number, line)| Some((number, weight(split_weight(line).1?)?)))
        .collect()
}

/// The cells of a sparse row `{index value, …}`. As in WEKA, indices count from 0 and ascend, and what is not written
/// is 0 or the first nominal value; a text that is not written is missing.
fn sparse<'a>(
    cursor: &Cursor<'_>,
    columns: &'a [Column],
    line: &'a str,
) -> Result<Vec<Cow<'a, str>>, TableError> {
    let mut cells: Vec<Cow<'a, str>> = columns
        .iter()
        .map(|column| match &column.declared {
            Declared::Nominal(values) => values.first().map_or("", String::as_str),
            Declared::Text => "?",
            Declared::Number(_) | Declared::Open => "0",
        })
        .map(Cow::Borrowed)
        .collect();
    let Some(body) = line.strip_prefix('{').and_then(|l| l.strip_suffix('}')) else {
        return cursor.refuse(shown(line), "a closing } behind the sparse row");
    };
    let mut rest = body.trim();
    let mut next = 0;
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (index, value) = (&rest[..end], &rest[end..]);
        let Ok(j) = index.parse::<usize>() else {
            return cursor.refuse(shown(index), "index value pairs, separated by commas");
        };
        let n = cells.len();
        let Some(place) = cells.get_mut(j) else {
            return cursor.refuse(
                format!("index {j}"),
                &format!("at most {}: there are {n} attributes, from 0", n - 1),
            );
        };
        if j < next {
            return cursor.refuse(format!("index {j} after {}", next - 1), "ascending indices");
        }
        let (found, after) = cell(value);
        if found.is_empty() {
            return cursor.refuse(format!("no value of index {j}"), "index value pairs");
        }
        *place = found;
        next = j + 1;
        rest = match after.strip_prefix(',') {
            Some(more) if more.trim().is_empty() => {
                return cursor.refuse("a comma at the end of the sparse row", "a pair behind it");
            }
            Some(more) => more.trim_start(),
            None => "",
        };
    }
    Ok(cells)
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
        let (line, weight_text) = split_weight(line);
        if let Some(text) = weight_text.filter(|text| weight(text).is_none()) {
            return cursor.refuse(
                format!("the weight {}", shown(text)),
                "a finite number that is not negative between { and }",
            );
        }
        let cells = match line.starts_with('{') {
            true => sparse(&cursor, &grid.columns, line)?,
            false => split(line),
        };
        grid.check_width(number, cells.len())?;
        row_number += 1;
        let cells: Vec<&str> = cells.iter().map(Cow::as_ref).collect();
        visit(Row {
            line: number,
            number: row_number,
            cells: &cells,
        })?;
    }
    Ok(())
}
