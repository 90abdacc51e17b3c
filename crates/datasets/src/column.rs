//! Columns before they are encoded.

/// A column as its file has it, for a data frame: the encoders make features of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers, NaN where one is missing.
    Numbers(Vec<f64>),
    /// Categories.
    Categories {
        /// The place of each row's category among the names, `None` where it is missing.
        places: Vec<Option<usize>>,
        /// The names.
        names: Vec<String>,
        /// Whether the names are in order, the best first.
        is_ordered: bool,
    },
}
