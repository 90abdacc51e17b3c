//! Which encoded columns make up a feature.

use fuzzysvm_datasets::EncodedColumns;

use crate::Preprocessing;

/// The features of the data, each with the encoded columns that it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureGroups {
    groups: Vec<(String, EncodedColumns)>,
    n_columns: usize,
}

impl FeatureGroups {
    /// Those of a preprocessing, in its order.
    pub fn of(preprocessing: &Preprocessing) -> Self {
        let columns = match preprocessing {
            Preprocessing::Table {
                schema, imputer, ..
            } => schema.encoded_columns(imputer.as_ref()),
            Preprocessing::LendingClub(encoding) => encoding.encoded_columns(),
        };
        let groups = columns.into_iter();
        Self {
            groups: groups.map(|(name, c)| (name.to_owned(), c)).collect(),
            n_columns: preprocessing.n_features(),
        }
    }

    /// One feature per column, for numbers that are not encoded.
    pub fn of_numbers(names: impl IntoIterator<Item = String>) -> Self {
        let number = |(column, name)| {
            let columns = EncodedColumns::Number {
                value: Some(column),
                missing: None,
            };
            (name, columns)
        };
        let groups: Vec<_> = names.into_iter().enumerate().map(number).collect();
        Self {
            n_columns: groups.len(),
            groups,
        }
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is no feature.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Number of encoded columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// The name of a feature.
    pub fn name(&self, feature: usize) -> Option<&str> {
        self.groups.get(feature).map(|(name, _)| name.as_str())
    }

    /// The columns of every feature in order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &EncodedColumns> {
        self.groups.iter().map(|(_, columns)| columns)
    }
}
