//! What a table shows once it is read: columns that alone tell the classes apart, and what was filled in.

use fuzzysvm_core::{Label, MatrixBuf};

use super::imputer::Imputer;
use super::missing::MissingCells;
use super::schema::{ColumnSchema, Encoding, TableSchema};
use super::warning::{Filled, TableWarning};

/// Fewest samples of each class among which a column that separates them is no accident.
const MIN_OF_CLASS: usize = 5;

/// Smallest and largest value of a feature in one class.
#[derive(Clone, Copy)]
struct Range {
    min: f64,
    max: f64,
}

const NOTHING: Range = Range {
    min: f64::INFINITY,
    max: f64::NEG_INFINITY,
};

/// The warning about columns that alone separate the classes: numbers by a threshold, categories by each being of one
/// class.
pub(super) fn separating(
    schema: &TableSchema,
    x: &MatrixBuf,
    y: &[Label],
    missing: &MissingCells,
) -> Option<TableWarning> {
    let positive = y.iter().filter(|l| l.is_positive()).count();
    if positive.min(y.len() - positive) < MIN_OF_CLASS {
        return None;
    }
    let mut ranges = vec![[NOTHING; 2]; x.n_cols()];
    for (i, label) in y.iter().enumerate() {
        let class = usize::from(label.is_positive());
        let of_row = missing.of_row(i);
        for (j, &value) in x.row(i).iter().enumerate() {
            if of_row
                .binary_search_by_key(&j, |&(_, feature)| feature)
                .is_ok()
            {
                continue;
            }
            let range = &mut ranges[j][class];
            range.min = range.min.min(value);
            range.max = range.max.max(value);
        }
    }
    let mut start = 0;
    let mut columns = Vec::new();
    for column in schema.columns() {
        let width = column.encoding.width();
        let of_column = &ranges[start..start + width];
        start += width;
        let separates = match &column.encoding {
            // Few rows for each category are pure by accident.
            Encoding::OneHot(list) => {
                4 * list.len() <= y.len() && of_column.iter().all(|[a, b]| a.max * b.max == 0.0)
            }
            _ => of_column
                .iter()
                .any(|[a, b]| a.max < b.min || b.max < a.min),
        };
        if separates {
            columns.push(column.name.clone());
        }
    }
    (!columns.is_empty()).then_some(TableWarning::SeparatesClasses { columns })
}

impl TableSchema {
    /// The warning about cells without a value that `imputer` fills, or that have no category.
    pub fn imputed(
        &self,
        missing: &MissingCells,
        without_category: &[(String, usize)],
        imputer: Option<&Imputer>,
    ) -> Option<TableWarning> {
        let mut counts = vec![0; self.n_features()];
        missing.count(&mut counts);
        self.imputed_cells(&counts, without_category, imputer)
    }

    /// As [`TableSchema::imputed`], of so many cells of every feature.
    pub(super) fn imputed_cells(
        &self,
        counts: &[usize],
        without_category: &[(String, usize)],
        imputer: Option<&Imputer>,
    ) -> Option<TableWarning> {
        let has_indicator =
            |feature| imputer.is_none_or(|i| i.indicators().binary_search(&feature).is_ok());
        let of_columns = self.columns().iter();
        let owners: Vec<&ColumnSchema> = of_columns
            .flat_map(|column| std::iter::repeat_n(column, column.encoding.width()))
            .collect();
        let numbers = counts.iter().enumerate().filter(|(_, n)| **n > 0);
        let numbers = numbers.filter_map(|(feature, &n)| {
            let filled = match has_indicator(feature) {
                true => Filled::MedianAndIndicator,
                false => Filled::Median,
            };
            Some((owners.get(feature)?.name.clone(), n, filled))
        });
        let texts = without_category
            .iter()
            .map(|(name, n)| (name.clone(), *n, Filled::NoCategory));
        let columns: Vec<(String, usize, Filled)> = numbers.chain(texts).collect();
        (!columns.is_empty()).then_some(TableWarning::Imputed { columns })
    }
}
