//! A loan file in memory, to leave columns out of it and to change cells.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::cases::case;
use crate::common::Bench;

/// A loan file in memory.
#[derive(Clone)]
pub struct Loans {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Loans {
    /// The 4,000 loans of the cases.
    pub fn base() -> Option<Self> {
        let mut text = String::new();
        let file = std::fs::File::open(case("loans/base.csv.gz")?).unwrap();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        Some(Self::of(&text))
    }

    pub fn of(text: &str) -> Self {
        let mut csv = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = cells(csv.headers().unwrap());
        let rows = csv.records().map(|r| cells(&r.unwrap())).collect();
        Self { header, rows }
    }

    pub fn place(&self, column: &str) -> usize {
        self.header.iter().position(|c| c == column).unwrap()
    }

    pub fn keeping(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept: Vec<bool> = self.header.iter().map(|c| keep(c)).collect();
        let part = |row: &Vec<String>| {
            let cells = row.iter().zip(&kept).filter(|(_, kept)| **kept);
            cells.map(|(cell, _)| cell.clone()).collect()
        };
        Self {
            header: part(&self.header),
            rows: self.rows.iter().map(part).collect(),
        }
    }

    pub fn without(&self, columns: &[&str]) -> Self {
        self.keeping(|c| !columns.contains(&c))
    }

    pub fn with_column(mut self, name: &str, cell: impl Fn(usize) -> String) -> Self {
        self.header.push(name.to_owned());
        for (i, row) in self.rows.iter_mut().enumerate() {
            row.push(cell(i));
        }
        self
    }

    pub fn renamed(mut self, names: &[(&str, &str)]) -> Self {
        for column in &mut self.header {
            if let Some((_, new)) = names.iter().find(|(old, _)| old == column) {
                *column = (*new).to_owned();
            }
        }
        self
    }

    pub fn change(mut self, column: &str, change: impl Fn(&[String]) -> String) -> Self {
        let place = self.place(column);
        for row in &mut self.rows {
            row[place] = change(row);
        }
        self
    }

    pub fn put(&self, bench: &Bench, name: &str) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(&self.header).unwrap();
        self.rows.iter().for_each(|r| csv.write_record(r).unwrap());
        bench.put(name, csv.into_inner().unwrap());
    }
}
