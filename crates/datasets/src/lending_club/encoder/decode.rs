//! From encoded columns back to features.

use super::{FeatureEncoder, Fitted, Output, Part};
use crate::lending_club::features::{Source, source};
use crate::{EncodedColumns, FeatureValue};
use fuzzysvm_core::math;

impl FeatureEncoder {
    /// The features used, each with the encoded columns that it became.
    ///
    /// ```
    /// use fuzzysvm_datasets::EncodedColumns;
    /// use fuzzysvm_datasets::lending_club::{FeatureEncoder, LoanBook, ReadOptions};
    /// # let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,purpose,dti\n\
    /// #             Fully Paid, 36 months,10%,Dec-2011,1000,1100,0,car,12\n\
    /// #             Fully Paid, 36 months,12%,Dec-2011,1000,1100,0,other,13\n";
    /// # let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
    /// let encoder = FeatureEncoder::fit(&book, &[0, 1], &["int_rate", "purpose", "dti"])?;
    /// let columns = encoder.encoded_columns();
    /// assert_eq!(columns[1], ("purpose", EncodedColumns::Categories(1..3)));
    /// let x = encoder.transform(&book, &[1])?;
    /// assert_eq!(encoder.value_of(0, x.row(0)).unwrap().to_string(), "12 %");
    /// assert_eq!(encoder.value_of(1, x.row(0)).unwrap().to_string(), "other");
    /// # Ok::<(), fuzzysvm_datasets::lending_club::LoanBookError>(())
    /// ```
    pub fn encoded_columns(&self) -> Vec<(&str, EncodedColumns)> {
        let mut first = 0;
        let features = self.features.iter().map(|feature| {
            let columns = feature.columns(first);
            first += feature.outputs.len();
            (feature.name.as_str(), columns)
        });
        features.collect()
    }

    /// What an encoded row says of the feature in this place of [`encoded_columns`](Self::encoded_columns), up to
    /// rounding; `None` where there is no such place or the row is too short.
    pub fn value_of(&self, place: usize, encoded: &[f64]) -> Option<FeatureValue> {
        let feature = self.features.get(place)?;
        let first: usize = self.features[..place].iter().map(|f| f.outputs.len()).sum();
        feature.value(encoded.get(first..first + feature.outputs.len())?)
    }
}

impl Fitted {
    /// Its columns, the first of which is `first`.
    fn columns(&self, first: usize) -> EncodedColumns {
        let at = |is_part: fn(&Part) -> bool| {
            let place = self.outputs.iter().position(|o| is_part(&o.part));
            place.map(|place| first + place)
        };
        match self.outputs.first() {
            Some(output) if matches!(output.part, Part::Category(_)) => {
                EncodedColumns::Categories(first..first + self.outputs.len())
            }
            _ => EncodedColumns::Number {
                value: at(|part| *part == Part::Value),
                missing: at(|part| *part == Part::Missing),
            },
        }
    }

    /// What its columns say.
    fn value(&self, encoded: &[f64]) -> Option<FeatureValue> {
        let (_, source) = source(&self.name).ok()?;
        // A value without column is the same everywhere.
        let mut value = self.fill;
        let mut category = None;
        for (output, cell) in self.outputs.iter().zip(encoded) {
            let part = output.unscaled(*cell);
            match &output.part {
                Part::Value => value = part,
                Part::Missing if part > 0.5 => {
                    return Some(match source {
                        Source::MonthsSince(_) => FeatureValue::Never,
                        _ => FeatureValue::Missing,
                    });
                }
                Part::Missing => {}
                Part::Category(name) if part > 0.5 => category = Some(name.clone()),
                Part::Category(_) => {}
            }
        }
        Some(match source {
            Source::Category(_) => {
                category.map_or(FeatureValue::NoCategory, FeatureValue::Category)
            }
            Source::SubGrade => FeatureValue::Category(sub_grade(value)),
            Source::Log(_) => FeatureValue::Number(math::exp_m1(value)),
            _ if matches!(self.name.as_str(), "int_rate" | "revol_util") => {
                FeatureValue::Share(value)
            }
            _ => FeatureValue::Number(value),
        })
    }
}

impl Output {
    fn unscaled(&self, cell: f64) -> f64 {
        cell * self.sd + self.mean
    }
}

/// A1 for 1 to G5 for 35.
fn sub_grade(number: f64) -> String {
    let place = (number.round().clamp(1.0, 35.0) as u8) - 1;
    format!("{}{}", char::from(b'A' + place / 5), place % 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lending_club::{LoanBook, ReadOptions};

    const FEATURES: [&str; 7] = [
        "int_rate",
        "sub_grade",
        "purpose",
        "dti",
        "annual_inc",
        "mths_since_last_delinq",
        "delinq_2yrs",
    ];

    fn book() -> LoanBook {
        let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,sub_grade,purpose,\
                    dti,annual_inc,mths_since_last_delinq,delinq_2yrs\n\
                    Fully Paid,36 months,10.65%,Dec-2011,1000,1100,0,B2,car,12.5,40000,,2\n\
                    Fully Paid,36 months,12%,Dec-2011,1000,1100,0,C5,other,,90000,14,\n\
                    Charged Off,36 months,14%,Dec-2011,1000,300,0,A1,wedding,20,65000,50,2\n";
        let options = ReadOptions {
            features: FEATURES.map(str::to_owned).to_vec(),
            ..ReadOptions::default()
        };
        LoanBook::from_reader(file.as_bytes(), options).unwrap()
    }

    #[test]
    fn values_are_those_of_the_file() {
        let book = book();
        let encoder = FeatureEncoder::fit(&book, &[0, 1], &FEATURES).unwrap();
        let x = encoder.transform(&book, &[0, 1, 2]).unwrap();
        let words = |row: usize| -> Vec<String> {
            let value = |place| encoder.value_of(place, x.row(row)).unwrap().to_string();
            (0..encoder.encoded_columns().len()).map(value).collect()
        };
        let names: Vec<&str> = encoder.features().collect();
        assert_eq!(names, FEATURES);
        assert_eq!(
            words(0),
            ["10.65 %", "B2", "car", "12.5", "40000", "never", "2"]
        );
        assert_eq!(
            words(1),
            ["12 %", "C5", "other", "missing", "90000", "14", "missing"]
        );
        // A wedding was not seen, 50 months is beyond the largest of training: it counts as that. The
        // dti was constant in training but for its gap, so its value has no column.
        assert_eq!(
            words(2),
            ["14 %", "A1", "unknown", "12.5", "65000", "14", "2"]
        );
        assert_eq!(encoder.value_of(7, x.row(0)), None);
        assert_eq!(encoder.value_of(6, &x.row(0)[..3]), None);
    }

    #[test]
    fn columns_are_those_of_the_names() {
        let encoder = FeatureEncoder::fit(&book(), &[0, 1], &FEATURES).unwrap();
        let names = encoder.feature_names();
        let mut met = 0;
        for (feature, columns) in encoder.encoded_columns() {
            for column in columns.iter() {
                assert!(names[column].starts_with(feature), "{feature} {column}");
                assert_eq!(column, met);
                met += 1;
            }
        }
        assert_eq!(met, names.len());
    }
}
