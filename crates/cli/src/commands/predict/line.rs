//! Lines of CSV for scored rows, made by any thread; the numbers of the rows are put before them when they are written.

use std::io::{self, Write};

use fuzzysvm::core::Label;
use fuzzysvm::estimator::ScoredBatch;

/// The names of the classes as they stand in a line.
pub(super) struct Texts([Vec<u8>; 2]);

impl Texts {
    pub fn new(classes: &[String; 2]) -> Self {
        Self(classes.each_ref().map(|class| {
            let mut field = Vec::new();
            push_field(&mut field, class);
            field
        }))
    }
}

/// The lines of a batch.
pub(super) struct Lines {
    text: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
    /// How many are of the positive class.
    pub positive: usize,
}

impl Lines {
    pub fn new(batch: &ScoredBatch, classes: &Texts) -> Self {
        let n = batch.decisions.len();
        let mut lines = Self {
            text: Vec::with_capacity(32 * n),
            ends: Vec::with_capacity(n),
            positive: 0,
        };
        for (i, decision) in batch.decisions.iter().enumerate() {
            let is_positive = Label::from_sign(*decision).is_positive();
            lines.positive += usize::from(is_positive);
            let text = &mut lines.text;
            push_number(text, *decision);
            text.push(b',');
            text.extend_from_slice(&classes.0[usize::from(is_positive)]);
            if let Some(probability) = batch.probabilities.as_ref().and_then(|p| p.get(i)) {
                text.push(b',');
                push_number(text, *probability);
            }
            if let Some(name) = batch.names.as_ref().and_then(|names| names.get(i)) {
                text.push(b',');
                push_field(text, name);
            }
            text.push(b'\n');
            lines.ends.push(text.len());
        }
        lines
    }

    /// Writes the lines of the rows from `first` on.
    pub fn write(&self, first: usize, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut numbered = Vec::with_capacity(self.text.len() + 12 * self.ends.len());
        let mut start = 0;
        for (row, &end) in (first..).zip(&self.ends) {
            write!(numbered, "{row},")?;
            numbered.extend_from_slice(&self.text[start..end]);
            start = end;
        }
        out.write_all(&numbered)
    }
}

fn push_number(text: &mut Vec<u8>, number: f64) {
    // Memory takes all that is written.
    let _ = write!(text, "{number}");
}

/// A field in quotes where it needs them, as the writer of the crate `csv` has it.
fn push_field(text: &mut Vec<u8>, field: &str) {
    if !field.contains([',', '"', '\n', '\r']) {
        return text.extend_from_slice(field.as_bytes());
    }
    text.push(b'"');
    text.extend_from_slice(field.replace('"', "\"\"").as_bytes());
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_csv_writes_them() {
        for field in ["a", "", " a ", "a,b", "a\"b", "\"", "a\nb", "a\rb", "ä;\t|"] {
            let mut csv = csv::Writer::from_writer(Vec::new());
            csv.write_record(["x", field]).unwrap();
            let mut ours = b"x,".to_vec();
            push_field(&mut ours, field);
            ours.push(b'\n');
            assert_eq!(ours, csv.into_inner().unwrap(), "{field:?}");
        }
    }
}
