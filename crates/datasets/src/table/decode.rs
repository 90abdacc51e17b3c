//! From features back to the columns of a table.

use super::{Encoding, Imputer, Scaler, TableSchema};
use crate::{EncodedColumns, FeatureValue};

impl TableSchema {
    /// The columns of the table, each with the features that it became; `imputer` is what filled missing numbers.
    pub fn encoded_columns(&self, imputer: Option<&Imputer>) -> Vec<(&str, EncodedColumns)> {
        let indicators = imputer.map_or(&[] as &[usize], Imputer::indicators);
        let n_features = self.n_features();
        let mut first = 0;
        let columns = self.columns.iter().map(|column| {
            let at = first;
            first += column.encoding.width();
            let encoded = match &column.encoding {
                Encoding::OneHot(_) => EncodedColumns::Categories(at..first),
                _ => EncodedColumns::Number {
                    value: Some(at),
                    missing: indicators
                        .binary_search(&at)
                        .ok()
                        .map(|place| n_features + place),
                },
            };
            (column.name.as_str(), encoded)
        });
        columns.collect()
    }

    /// What an encoded row says of the column in this place, up to rounding; `None` where there is no such column or the
    /// row is too short.
    ///
    /// ```
    /// use fuzzysvm_datasets::table::{Format, ReadOptions, Scaler, ScalerKind, read_bytes};
    /// let csv = b"home,age,default\nrent,25,yes\nown,40,no\nown,52,no\n";
    /// let data = read_bytes("train.csv", Format::Csv, csv, &ReadOptions::default())?;
    /// let scaler = Scaler::fit(ScalerKind::Standard, data.x.view())?;
    /// let x = scaler.transform(data.x.view())?;
    /// let word = |place| data.schema.value_of(place, x.row(0), None, &scaler).unwrap().to_string();
    /// assert_eq!((word(0), word(1)), ("rent".to_owned(), "25".to_owned()));
    /// # Ok::<(), fuzzysvm_datasets::table::TableError>(())
    /// ```
    pub fn value_of(
        &self,
        place: usize,
        encoded: &[f64],
        imputer: Option<&Imputer>,
        scaler: &Scaler,
    ) -> Option<FeatureValue> {
        let column = self.columns.get(place)?;
        let (_, columns) = self.encoded_columns(imputer).into_iter().nth(place)?;
        let unscaled = |feature: usize| scaler.unscaled(feature, *encoded.get(feature)?);
        Some(match (&column.encoding, columns) {
            (Encoding::OneHot(names), EncodedColumns::Categories(range)) => {
                let mut category = FeatureValue::NoCategory;
                for (name, feature) in names.iter().zip(range) {
                    if unscaled(feature)? > 0.5 {
                        category = FeatureValue::Category(name.clone());
                    }
                }
                category
            }
            (_, EncodedColumns::Number { value, missing }) => {
                let is_missing = match missing {
                    Some(indicator) => unscaled(indicator)? > 0.5,
                    None => false,
                };
                match is_missing {
                    true => FeatureValue::Missing,
                    false => FeatureValue::Number(unscaled(value?)?),
                }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::table::{Format, Imputer, ReadOptions, Scaler, ScalerKind, read_bytes};

    #[test]
    fn cells_come_back_from_every_scaling() {
        let csv =
            b"home,age,income,default\nrent,25,,yes\nown,40,1200.5,no\nown,52,900,no\n,30,800,no\n";
        let data = read_bytes("t.csv", Format::Csv, csv, &ReadOptions::default()).unwrap();
        let missing = data.missing.as_ref().unwrap();
        let features = data.schema.number_features();
        let imputer = Imputer::fit(data.x.view(), missing, &features, None);
        let x = imputer.transform(data.x.view(), missing, None).unwrap();
        for kind in [ScalerKind::Standard, ScalerKind::MinMax, ScalerKind::None] {
            let scaler = Scaler::fit(kind, x.view()).unwrap();
            let scaled = scaler.transform(x.view()).unwrap();
            let words = |row: usize| -> Vec<String> {
                let of = |place| {
                    let row = scaled.row(row);
                    data.schema.value_of(place, row, Some(&imputer), &scaler)
                };
                (0..3).map(|place| of(place).unwrap().to_string()).collect()
            };
            assert_eq!(words(0), ["rent", "25", "missing"]);
            assert_eq!(words(1), ["own", "40", "1200"]);
            assert_eq!(words(3), ["unknown", "30", "800"]);
            let short = &scaled.row(0)[..2];
            assert_eq!(data.schema.value_of(1, short, None, &scaler), None);
        }
        let columns = data.schema.encoded_columns(Some(&imputer));
        let all: Vec<usize> = columns.iter().flat_map(|(_, c)| c.iter()).collect();
        assert_eq!(all, [0, 1, 2, 3, 4]);
    }
}
