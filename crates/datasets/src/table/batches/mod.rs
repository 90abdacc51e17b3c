//! Rows of a file, a batch at a time: the memory that they take does not grow with the file.
//!
//! CSV streams. One thread reads and unpacks blocks, others encode units of sound rows and do the caller's work on them,
//! and what that gave is handed over in the order of the rows. A unit that may hold anything else is read again record by
//! record, and that reader alone decides what is an error and where. Other formats are read as a whole, in one batch.
//!
//! Of several faults of one file the one is reported that a reader of the whole file reports: a stream that breaks off,
//! then bytes that are no UTF-8, then rows, in their order. So reading goes on behind a faulty row, without encoding.

mod fast;
mod start;
mod stream;

use fuzzysvm_core::MatrixBuf;

use super::imputer::Imputer;
use super::missing::MissingCells;
use super::source::Stream;
use super::{ReadOptions, TableError, TableSchema, TableWarning, TargetUse};
use crate::Input;
use crate::delimited::Sizes;

/// Rows of a file as numbers, one behind the other.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RowBatch {
    /// Features, one row per sample; 0 in the cells that are missing.
    pub x: MatrixBuf,
    /// Cells that must hold a number and have no value; the rows count from the first of the batch.
    pub missing: MissingCells,
    /// What each row is called, where a column of names was asked for.
    pub names: Option<Vec<String>>,
}

/// What there is to say of a file that was read in batches.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BatchedRows {
    /// Number of rows.
    pub rows: usize,
    /// Of each feature, in how many rows the number is missing.
    pub missing: Vec<usize>,
    /// The text columns with cells that have no value, and how many; these have no category.
    pub without_category: Vec<(String, usize)>,
    /// Warnings.
    pub warnings: Vec<TableWarning>,
}

impl BatchedRows {
    /// The warning about cells without a value that `imputer` fills, or that have no category.
    pub fn imputed(&self, schema: &TableSchema, imputer: Option<&Imputer>) -> Option<TableWarning> {
        schema.imputed_cells(&self.missing, &self.without_category, imputer)
    }
}

/// Approximate bytes of text of which one thread makes a batch. What the work on a batch costs whatever its length, a
/// model's preparation say, is small beside the work on its rows.
const UNIT: usize = 512 << 10;

/// Units of a block: some for each thread, so that none waits long for the last one.
fn sizes() -> Sizes {
    let units = (2 * rayon::current_num_threads()).clamp(8, 64);
    Sizes {
        block: units * UNIT,
        unit: UNIT,
        ..Sizes::default()
    }
}

impl TableSchema {
    /// Reads a file in the layout of the training table, a batch of rows at a time; the target may be absent, or hold
    /// anything. Of the options those count that count for [`TableSchema::read_as`]. `name` is the column whose texts
    /// become [`RowBatch::names`].
    ///
    /// `work` is done by the threads of rayon's current pool, in any order; `take` gets what it gave in the order of the
    /// rows, with the place of the first of them among the rows of the file. How rows are cut into batches depends on the
    /// file and the number of threads. Where an error is returned, `take` may have got some of the rows before it.
    ///
    /// ```
    /// use fuzzysvm_datasets::Input;
    /// use fuzzysvm_datasets::table::{Format, ReadOptions, TableError, read_bytes};
    /// let options = ReadOptions::default();
    /// let data = read_bytes("train.csv", Format::Csv, b"a,b,y\n1,5,p\n2,6,n\n3,7,n\n", &options)?;
    ///
    /// let path = std::env::temp_dir().join(format!("fuzzysvm-batches-{}.csv", std::process::id()));
    /// std::fs::write(&path, "id,b,a\nx,1,2\ny,3,4\n")?;
    /// let mut sums = Vec::new();
    /// let read = data.schema.read_batches::<_, TableError>(
    ///     Input::open(&path)?,
    ///     &options,
    ///     Some("id"),
    ///     |batch| batch.x.view().rows().map(|row| row.iter().sum::<f64>()).collect::<Vec<_>>(),
    ///     |_, of_rows| Ok(sums.extend(of_rows)),
    /// )?;
    /// assert_eq!((read.rows, sums), (2, vec![3.0, 7.0]));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TableError`] with the place, as [`TableSchema::read_as`] has it, and the error of `take`.
    pub fn read_batches<T: Send, E: From<TableError> + Send>(
        &self,
        input: Input,
        options: &ReadOptions,
        name: Option<&str>,
        work: impl Fn(RowBatch) -> T + Sync,
        take: impl FnMut(usize, T) -> Result<(), E> + Send,
    ) -> Result<BatchedRows, E> {
        self.read_batches_of(input, options, name, sizes(), work, take)
    }

    fn read_batches_of<T: Send, E: From<TableError> + Send>(
        &self,
        input: Input,
        options: &ReadOptions,
        name: Option<&str>,
        sizes: Sizes,
        work: impl Fn(RowBatch) -> T + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), E> + Send,
    ) -> Result<BatchedRows, E> {
        let mut stream = Stream::new(input, options.format);
        if let Some((head, is_all)) = start::of_csv(self, &mut stream, options) {
            let file = stream.file.clone();
            let grid = self.csv(&file, start::text(&head, is_all).0)?;
            let file = stream::File {
                schema: self,
                grid: &grid,
                missing: options.missing,
                name,
            };
            return stream::read(file, stream, sizes, &work, take);
        }
        let (file, format, bytes) = stream.into_whole()?;
        let names = name.map(|name| self.column_texts_in(&file, format, &bytes, name));
        let names = names.transpose()?;
        let rows = self.read_bytes_as(&file, format, &bytes, TargetUse::Ignored, options)?;
        let n_rows = rows.lines.len();
        let mut missing = vec![0; self.n_features()];
        rows.missing.count(&mut missing);
        let batch = RowBatch {
            x: rows.x,
            missing: rows.missing,
            names,
        };
        take(0, work(batch))?;
        Ok(BatchedRows {
            rows: n_rows,
            missing,
            without_category: rows.without_category,
            warnings: rows.warnings,
        })
    }
}

#[cfg(test)]
mod tests;
