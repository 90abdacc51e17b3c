//! The columns of a table as those of a data frame.

use super::{Dataset, Encoding};
use crate::Column;

impl Dataset {
    /// The columns of the file that features are made of, with their names, in its order: categories as they were before
    /// they were encoded, cells without a value missing again.
    ///
    /// ```
    /// use fuzzysvm_datasets::Column;
    /// use fuzzysvm_datasets::table::{Format, ReadOptions, read_bytes};
    /// let csv = b"home,age,default\nrent,25,yes\nown,,no\nown,52,no\n";
    /// let data = read_bytes("train.csv", Format::Csv, csv, &ReadOptions::default())?;
    /// let columns = data.columns();
    /// let Column::Categories { places, names, .. } = &columns[0].1 else { unreachable!() };
    /// assert_eq!((names[1].as_str(), places[0]), ("rent", Some(1)));
    /// let Column::Numbers(ages) = &columns[1].1 else { unreachable!() };
    /// assert!(ages[1].is_nan() && ages[2] == 52.0);
    /// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
    /// ```
    pub fn columns(&self) -> Vec<(&str, Column)> {
        let mut at = 0;
        let column = |column: &'_ super::ColumnSchema| {
            let first = at;
            match &column.encoding {
                Encoding::OneHot(names) => {
                    at += names.len();
                    let place = |row: &[f64]| row[first..at].iter().position(|v| *v > 0.5);
                    Column::Categories {
                        places: self.x.view().rows().map(place).collect(),
                        names: names.clone(),
                        is_ordered: false,
                    }
                }
                _ => {
                    at += 1;
                    let mut values: Vec<f64> = self.x.view().rows().map(|row| row[first]).collect();
                    let missing = self.missing.iter().flat_map(|missing| missing.cells());
                    for &(row, _) in missing.filter(|(_, feature)| *feature == first) {
                        values[row] = f64::NAN;
                    }
                    Column::Numbers(values)
                }
            }
        };
        let columns = self.schema.columns();
        let names = columns.iter().map(|column| column.name.as_str());
        names.zip(columns.iter().map(column)).collect()
    }
}
