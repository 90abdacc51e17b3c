//! CSV in blocks: units that other threads encoded, or record by record, in the order of the file.

use std::marker::PhantomData;
use std::sync::Arc;

use fuzzysvm_core::MatrixBuf;

use super::super::encode::{ReadRows, TextColumn};
use super::super::encoding::{self, Utf8};
use super::super::error::TableError;
use super::super::grid::{Grid, Row, Syntax};
use super::super::lengths::{Lengths, too_long};
use super::super::source::Stream;
use super::super::{MAX_CELL, MAX_RECORD, Missing, TableSchema};
use super::fast::{Categories, Part};
use super::{BatchedRows, RowBatch};
use crate::delimited::{Append, Blocks, Index, Records, Sizes, Step, append_blocks};

/// Most values (rows × features) of a batch, but for a single row.
const BATCH_VALUES: usize = 1 << 17;

/// A file whose header is read.
pub(super) struct File<'a> {
    pub schema: &'a TableSchema,
    pub grid: &'a Grid<'a>,
    pub missing: Missing,
    /// The column of names.
    pub name: Option<&'a str>,
}

/// What the threads know of a file.
pub(super) struct Layout<'a, W> {
    pub schema: &'a TableSchema,
    pub grid: &'a Grid<'a>,
    pub missing: Missing,
    pub separator: u8,
    /// Where each column of the schema stands in the file.
    pub places: Vec<usize>,
    /// Its categories, where they are many.
    pub categories: Vec<Categories<'a>>,
    /// Where the names of the rows stand.
    pub name: Option<usize>,
    /// Features of a row, and rows of a batch.
    pub width: usize,
    pub batch_rows: usize,
    pub work: &'a W,
}

/// Which of several faults is reported: the greatest, and the first of two that are as great.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// What was read could not be used.
    Use,
    /// A column is absent, or a cell is not what it must be.
    Cell,
    /// A row is not as wide as the header, or a cell too long: known before any cell is looked at, where names are read
    /// first.
    Row,
    /// The text is not UTF-8.
    Encoding,
}

/// Reads a file. What `work` makes of its rows goes to `take`.
pub(super) fn read<T, E, W>(
    file: File<'_>,
    stream: Stream,
    sizes: Sizes,
    work: &W,
    take: impl FnMut(usize, T) -> Result<(), E> + Send,
) -> Result<BatchedRows, E>
where
    T: Send,
    E: From<TableError> + Send,
    W: Fn(RowBatch) -> T + Sync,
{
    let failure = stream.failure();
    let mut reader = Reader::new(&file, stream.known, work, take);
    // `end`: how the source ended.
    let end = append_blocks(&mut reader, Blocks::new(stream, sizes))?;
    end.map_err(failure)?;
    reader.finish()
}

struct Reader<'a, T, E, W, K> {
    layout: Arc<Layout<'a, W>>,
    take: K,
    failed: Option<(Rank, E)>,
    lengths: Lengths<'a>,
    utf8: Utf8,
    /// Whether the byte order mark is passed, and how many bytes the header still has.
    begun: bool,
    header: usize,
    records: Records,
    lines: Lines,
    /// Whether rows are read record by record already: before that no part is taken, since the reader of records must see
    /// how the rows begin.
    in_rows: bool,
    /// Rows so far, without those that wait.
    rows: usize,
    /// Rows that wait to be a batch.
    waiting: ReadRows,
    n_waiting: usize,
    names: Vec<String>,
    /// Cells without a number, of each feature.
    missing: Vec<usize>,
    what: PhantomData<fn() -> T>,
}

impl<'a, T, E, W, K> Reader<'a, T, E, W, K>
where
    T: Send,
    E: From<TableError> + Send,
    W: Fn(RowBatch) -> T + Sync,
    K: FnMut(usize, T) -> Result<(), E> + Send,
{
    fn new(file: &File<'a>, known: Option<super::super::Format>, work: &'a W, take: K) -> Self {
        let (schema, grid) = (file.schema, file.grid);
        let separator = match grid.body.syntax {
            Syntax::Csv { separator, .. } => separator,
            _ => b',',
        };
        let name = file.name.map(|name| grid.column(name)).transpose();
        let names = schema.columns.iter().map(|column| column.name.as_str());
        let places = grid.columns_of(names);
        let failed = match (&name, &places) {
            (Err(_), _) => Some(Rank::Row),
            (_, Err(_)) => Some(Rank::Cell),
            _ => None,
        };
        let (name, no_name) = split(name);
        let (places, no_places) = split(places);
        let error = no_name.or(no_places).map(E::from);
        let width = schema.n_features();
        Self {
            layout: Arc::new(Layout {
                schema,
                grid,
                missing: file.missing,
                separator,
                places: places.unwrap_or_default(),
                categories: schema.columns.iter().map(Categories::new).collect(),
                name: name.flatten(),
                width,
                batch_rows: (BATCH_VALUES / width.max(1)).max(1),
                work,
            }),
            take,
            failed: failed.zip(error),
            lengths: Lengths::new(grid.file, known),
            utf8: Utf8::new(),
            begun: false,
            header: grid.body.start,
            records: Records::new(separator, 2 * MAX_RECORD),
            lines: Lines::new(),
            in_rows: false,
            rows: 0,
            waiting: ReadRows::new(schema),
            n_waiting: 0,
            names: Vec::new(),
            missing: vec![0; width],
            what: PhantomData,
        }
    }

    fn fail(&mut self, rank: Rank, error: impl Into<E>) {
        if self.failed.as_ref().is_none_or(|(found, _)| rank > *found) {
            self.failed = Some((rank, error.into()));
        }
    }

    /// Whether a fault of this rank would be reported.
    fn seeks(&self, rank: Rank) -> bool {
        self.failed.as_ref().is_none_or(|(found, _)| rank > *found)
    }

    /// The rank of faults of whole rows.
    fn row_rank(&self) -> Rank {
        match self.layout.name {
            Some(_) => Rank::Row,
            None => Rank::Cell,
        }
    }

    /// Whether a part can be used: the unit begins where all that is counted here is between two rows.
    fn takes_parts(&self) -> bool {
        self.in_rows
            && self.records.is_between()
            && self.utf8.is_at_line()
            && !self.lines.after_return
            && self.lengths.is_at_record()
            && Lengths::separates(self.layout.separator)
    }

    fn take_part(&mut self, part: Part<T>) {
        let line = self.lines.line;
        self.lengths.skip_lines(part.line_feeds);
        self.utf8.skip_lines(part.line_feeds);
        self.lines.line += part.line_feeds;
        for (n, made) in part.batches {
            self.hand_over(n, made);
        }
        for (kept, new) in self.waiting.texts.iter_mut().zip(part.texts) {
            kept.extend(new, line);
        }
        for (kept, new) in self.missing.iter_mut().zip(part.missing) {
            *kept += new;
        }
    }

    fn hand_over(&mut self, n: usize, made: T) {
        let first = self.rows;
        self.rows += n;
        if self.seeks(Rank::Use)
            && let Err(e) = (self.take)(first, made)
        {
            self.fail(Rank::Use, e);
        }
    }

    /// Takes a unit record by record; `end` says that none follows.
    fn take_text(&mut self, unit: &[u8], end: bool) -> Result<(), E> {
        self.lengths.take(unit)?;
        let mut bytes = unit;
        if !std::mem::replace(&mut self.begun, true) {
            bytes = bytes.strip_prefix(encoding::MARK).unwrap_or(bytes);
        }
        if self.seeks(Rank::Encoding) {
            let file = self.layout.grid.file;
            let mut checked = self.utf8.take(file, bytes);
            if end && checked.is_ok() {
                checked = self.utf8.finish(file);
            }
            if let Err(e) = checked {
                self.fail(Rank::Encoding, e);
            }
        }
        let (above, mut rows) = bytes.split_at(self.header.min(bytes.len()));
        self.header -= above.len();
        if !above.is_empty() {
            self.lines.pass_above(above);
        }
        self.in_rows |= !rows.is_empty();
        while self.seeks(self.row_rank()) {
            let before = rows;
            let step = self.records.next(&mut rows, end);
            self.lines.pass(&before[..before.len() - rows.len()]);
            match step {
                Ok(Step::Record) => {
                    self.take_record();
                    self.lines.end_record();
                }
                Ok(Step::More | Step::End) => break,
                Err(_) => {
                    let (file, line) = (self.layout.grid.file, self.lines.record);
                    let error = too_long(file, line, 0, "record", 2 * MAX_RECORD);
                    self.fail(self.row_rank(), error);
                }
            }
        }
        self.flush();
        Ok(())
    }

    fn take_record(&mut self) {
        let layout = Arc::clone(&self.layout);
        let (grid, line) = (layout.grid, self.lines.record);
        let n = self.records.len();
        let fields = self.records.fields();
        let cells: Vec<&str> = fields
            // Otherwise the whole text is not UTF-8, and that is the fault to report.
            .map(|field| std::str::from_utf8(field).unwrap_or_default().trim())
            .collect();
        if n <= 1 && grid.columns.len() > 1 && cells.iter().all(|cell| cell.is_empty()) {
            return;
        }
        if let Err(e) = grid.check_width(line, n) {
            return self.fail(self.row_rank(), e);
        }
        if let Some(j) = cells.iter().position(|cell| cell.len() > MAX_CELL) {
            let error = too_long(grid.file, line, j as u64 + 1, "cell", MAX_CELL);
            return self.fail(self.row_rank(), error);
        }
        if !self.seeks(Rank::Cell) {
            return;
        }
        let row = Row {
            line,
            number: self.rows + self.n_waiting + 1,
            cells: &cells,
        };
        self.waiting.row = self.n_waiting;
        for (k, &j) in layout.places.iter().enumerate() {
            let schema = layout.schema;
            let read = &mut self.waiting;
            if let Err(e) = schema.encode_cell(grid, &row, (k, j), layout.missing, read) {
                return self.fail(Rank::Cell, e);
            }
        }
        if let Some(j) = layout.name {
            self.names.push(cells[j].to_owned());
        }
        self.n_waiting += 1;
        if self.n_waiting >= layout.batch_rows {
            self.flush();
        }
    }

    /// Makes a batch of the rows that wait.
    fn flush(&mut self) {
        if self.n_waiting == 0 || !self.seeks(Rank::Cell) {
            return;
        }
        let n = std::mem::take(&mut self.n_waiting);
        let missing = std::mem::take(&mut self.waiting.missing);
        missing.count(&mut self.missing);
        let names = std::mem::take(&mut self.names);
        let data = std::mem::take(&mut self.waiting.data);
        match MatrixBuf::new(data, self.layout.width) {
            Err(e) => self.fail(Rank::Cell, TableError::from(e)),
            Ok(x) => {
                let names = self.layout.name.map(|_| names);
                let made = (self.layout.work)(RowBatch { x, missing, names });
                self.hand_over(n, made);
            }
        }
    }

    fn finish(mut self) -> Result<BatchedRows, E> {
        self.take_text(&[], true)?;
        if let Some((_, error)) = self.failed {
            return Err(error);
        }
        let layout = &self.layout;
        if self.rows == 0 {
            let file = layout.grid.file.to_owned();
            return Err(TableError::NoRows { file }.into());
        }
        let texts: Vec<TextColumn> = self.waiting.texts;
        let (without_category, warnings) = layout.schema.of_texts(texts);
        Ok(BatchedRows {
            rows: self.rows,
            missing: self.missing,
            without_category,
            warnings,
        })
    }
}

impl<'a, T, E, W, K> Append for Reader<'a, T, E, W, K>
where
    T: Send,
    E: From<TableError> + Send,
    W: Fn(RowBatch) -> T + Sync,
    K: FnMut(usize, T) -> Result<(), E> + Send,
{
    type Layout = Layout<'a, W>;
    type Part = Part<T>;
    type Error = E;

    fn layout(&self) -> Option<Arc<Self::Layout>> {
        // Behind a faulty cell rows are not encoded any more.
        self.seeks(Rank::Cell).then(|| Arc::clone(&self.layout))
    }

    fn parse(unit: &[u8], layout: &Self::Layout, index: &mut Index) -> Option<Part<T>> {
        Part::read(unit, layout, index)
    }

    fn append(
        &mut self,
        unit: &[u8],
        part: Option<Part<T>>,
        _: Option<&Arc<Self::Layout>>,
    ) -> Result<(), E> {
        match part {
            Some(part) if self.takes_parts() && self.seeks(Rank::Cell) => {
                self.take_part(part);
                Ok(())
            }
            _ => self.take_text(unit, false),
        }
    }
}

/// The value and the error, each where there is one.
fn split<V, X>(result: Result<V, X>) -> (Option<V>, Option<X>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}

/// Counts lines, which a line feed ends, a carriage return, or both.
struct Lines {
    line: u64,
    after_return: bool,
    /// The line on which the current record starts, and whether it started.
    record: u64,
    in_record: bool,
}

impl Lines {
    fn new() -> Self {
        Self {
            line: 1,
            after_return: false,
            record: 1,
            in_record: false,
        }
    }

    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'\n' => self.line += u64::from(!self.after_return),
                b'\r' => self.line += 1,
                _ if !self.in_record => (self.in_record, self.record) = (true, self.line),
                _ => {}
            }
            self.after_return = byte == b'\r';
        }
    }

    /// Passes what stands above the rows.
    fn pass_above(&mut self, bytes: &[u8]) {
        self.in_record = true;
        self.pass(bytes);
        self.in_record = false;
    }

    /// The next byte that ends no line begins a record.
    fn end_record(&mut self) {
        self.in_record = false;
    }
}
