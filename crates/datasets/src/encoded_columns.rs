//! Which encoded columns a feature became.

use std::ops::Range;

/// The encoded columns of one feature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodedColumns {
    /// A number.
    Number {
        /// The column of its value; `None` where that was constant in the training rows and has no column.
        value: Option<usize>,
        /// The column that says whether it is missing; `None` where training rows never miss it.
        missing: Option<usize>,
    },
    /// Categories, one column for each.
    Categories(Range<usize>),
}

impl EncodedColumns {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        let (parts, range) = match self {
            EncodedColumns::Number { value, missing } => ([*value, *missing], 0..0),
            EncodedColumns::Categories(range) => ([None, None], range.clone()),
        };
        parts.into_iter().flatten().chain(range)
    }
}
