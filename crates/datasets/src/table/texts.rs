//! The cells of one column as they are written.

use std::path::Path;

use super::error::TableError;
use super::{Format, csv, keel, source};

/// The text of every row in the column `name` of a file, in the order of the rows: names of the rows, say.
///
/// # Errors
/// A file that cannot be read, or without such a column: a LIBSVM file has none that is named.
pub fn column_texts(path: &Path, name: &str) -> Result<Vec<String>, TableError> {
    let format = Format::of_path(path)?;
    let file = path.display().to_string();
    let bytes = source::load(path)?;
    let text = source::text(&file, &bytes)?;
    let grid = match format {
        Format::Csv => csv::grid(&file, text)?,
        Format::Keel => keel::grid(&file, text)?,
        Format::Libsvm => {
            return Err(TableError::UnknownColumn {
                file,
                column: name.to_owned(),
                columns: Vec::new(),
            });
        }
    };
    let at = grid.column(name)?;
    let mut texts = Vec::new();
    grid.rows(&mut |row| {
        texts.push(row.cells.get(at).copied().unwrap_or_default().to_owned());
        Ok(())
    })?;
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_cells_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "id,a\n007,1\n\"b,c\",2\n,3\n").unwrap();
        assert_eq!(column_texts(&path, "id").unwrap(), ["007", "b,c", ""]);
        assert!(matches!(
            column_texts(&path, "name"),
            Err(TableError::UnknownColumn { column, .. }) if column == "name"
        ));
        let path = folder.path().join("a.libsvm");
        std::fs::write(&path, "1 1:2\n").unwrap();
        assert!(column_texts(&path, "id").is_err());
    }
}
