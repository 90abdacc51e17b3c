//! Files of simulated loans as tables of cells, to be changed and written again.

use std::path::PathBuf;

use fuzzysvm_datasets::simulated::SimulatedBook;
use tempfile::TempDir;

/// The loans of a file: one cell per column of the header.
#[derive(Debug, Clone)]
pub(super) struct LoanFile {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Simulated loans as they are written, with the lines between them.
pub(super) fn text(n_loans: u64, seed: u64) -> String {
    let mut file = Vec::new();
    SimulatedBook { n_loans, seed }.write_to(&mut file).unwrap();
    String::from_utf8(file).unwrap()
}

impl LoanFile {
    /// The lines that are loans; those outside the credit policy say so in their status.
    pub fn simulated(n_loans: u64, seed: u64) -> Self {
        let text = text(n_loans, seed);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        let mut records = reader.records().map(Result::unwrap);
        let header = records.find(|r| r.iter().any(|cell| cell == "loan_status"));
        let header: Vec<String> = header.map(cells).unwrap();
        let rows: Vec<Vec<String>> = records
            .filter(|r| r.len() == header.len() && !r[0].is_empty())
            .map(cells)
            .collect();
        assert_eq!(rows.len() as u64, n_loans);
        Self { header, rows }
    }

    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|head| head == name).unwrap()
    }

    /// The cell of a loan, counted from 0.
    pub fn cell(&self, row: usize, name: &str) -> &str {
        &self.rows[row][self.column(name)]
    }

    pub fn number(&self, row: usize, name: &str) -> f64 {
        self.cell(row, name).parse().unwrap()
    }

    /// Every loan with this text in the column.
    pub fn with(mut self, name: &str, text: &str) -> Self {
        let column = self.column(name);
        for row in &mut self.rows {
            text.clone_into(&mut row[column]);
        }
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        let column = self.column(name);
        self.header.remove(column);
        for row in &mut self.rows {
            row.remove(column);
        }
        self
    }

    pub fn text(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    /// Writes it into a folder of its own, which is there as long as what comes back.
    pub fn written(&self) -> (TempDir, PathBuf) {
        written(&self.text())
    }
}

/// A file of this text in a folder of its own.
pub(super) fn written(text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("loans.csv");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}
