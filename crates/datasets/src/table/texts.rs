//! The cells of one column as they are written.

use std::path::Path;

use crate::Input;

use super::error::TableError;
use super::grid::Grid;
use super::{Format, ReadOptions, TableSchema, keel, parquet, source};

impl TableSchema {
    /// The text of every row in the column `name` of a file, in the order of the rows: names of the rows, say. Of the
    /// options the format counts; the rest was settled in training.
    ///
    /// # Errors
    /// A file that cannot be read, or without such a column: a LIBSVM file has none that is named.
    pub fn column_texts(
        &self,
        path: &Path,
        name: &str,
        options: &ReadOptions,
    ) -> Result<Vec<String>, TableError> {
        self.column_texts_of(Input::open(path)?, name, options)
    }

    /// As [`TableSchema::column_texts`], from what is open already.
    ///
    /// # Errors
    /// As [`TableSchema::column_texts`].
    pub fn column_texts_of(
        &self,
        input: Input,
        name: &str,
        options: &ReadOptions,
    ) -> Result<Vec<String>, TableError> {
        let (file, format, bytes) = source::open(input, options.format)?;
        self.column_texts_in(&file, format, &bytes, name)
    }

    /// As [`TableSchema::column_texts`], from memory.
    pub(super) fn column_texts_in(
        &self,
        file: &str,
        format: Format,
        bytes: &[u8],
        name: &str,
    ) -> Result<Vec<String>, TableError> {
        let wanted = |column: &str| column == name;
        if format == Format::Parquet {
            let table = parquet::table(file, bytes, &wanted)?;
            return texts(&table.grid(file), name);
        }
        let text = source::text(file, bytes)?;
        match format {
            Format::Keel => texts(&keel::grid(file, &text, &wanted)?, name),
            Format::Libsvm => Err(TableError::UnknownColumn {
                file: file.to_owned(),
                column: name.to_owned(),
                columns: Vec::new(),
            }),
            _ => texts(&self.csv(file, &text)?, name),
        }
    }
}

fn texts(grid: &Grid<'_>, name: &str) -> Result<Vec<String>, TableError> {
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
    use crate::table::read_bytes;

    #[test]
    fn texts_are_the_cells_in_order() {
        let options = ReadOptions::default();
        let data = read_bytes("b.csv", Format::Csv, b"a,y\n1,0\n2,1\n", &options).unwrap();
        let column_texts = |path: &Path, name| data.schema.column_texts(path, name, &options);
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
