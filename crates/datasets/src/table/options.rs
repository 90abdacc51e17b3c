//! How a table is read.

use std::fmt;
use std::str::FromStr;

use super::error::{Location, TableError};
use super::separator::byte_of;
use super::source::Format;

/// What is done with cells that have no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Missing {
    /// They are filled by a rule learnt from training rows: the median of a column of numbers, with an indicator
    /// beside it; for a column of text no category.
    #[default]
    Impute,
    /// The table is refused.
    Refuse,
}

impl Missing {
    /// The names that [`FromStr`] takes.
    pub const NAMES: &'static [&'static str] = &["impute", "refuse"];
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Missing::Impute => "impute",
            Missing::Refuse => "refuse",
        })
    }
}

impl FromStr for Missing {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "impute" => Ok(Missing::Impute),
            "refuse" => Ok(Missing::Refuse),
            _ => Err(format!(
                "found {s:?}, expected one of {}",
                Self::NAMES.join(", ")
            )),
        }
    }
}

/// Whether the first line of a CSV file names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Header {
    /// It must; a line in which a name is a number is refused.
    #[default]
    Auto,
    /// It does, whatever stands there.
    Yes,
    /// It is the first sample; columns are called `column_1`, `column_2`, …
    No,
}

/// Whether the indices of a LIBSVM file count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ZeroBased {
    /// Where an index is 0.
    #[default]
    Auto,
    /// They count from 0.
    Yes,
    /// They count from 1; an index 0 is refused.
    No,
}

impl ZeroBased {
    /// The names that [`FromStr`] takes.
    pub const NAMES: &'static [&'static str] = &["auto", "yes", "no"];
}

impl fmt::Display for ZeroBased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ZeroBased::Auto => "auto",
            ZeroBased::Yes => "yes",
            ZeroBased::No => "no",
        })
    }
}

impl FromStr for ZeroBased {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "auto" => Ok(ZeroBased::Auto),
            "yes" => Ok(ZeroBased::Yes),
            "no" => Ok(ZeroBased::No),
            _ => Err(format!(
                "found {s:?}, expected one of {}",
                Self::NAMES.join(", ")
            )),
        }
    }
}

/// Which column is the target, which of its values is the positive class, and how cells are read.
///
/// ```
/// use fuzzysvm_datasets::table::{Missing, ReadOptions};
/// let options = ReadOptions::default()
///     .with_target("default")
///     .with_positive("yes")
///     .with_drop(["id"])
///     .with_missing(Missing::Refuse);
/// assert_eq!(options.drop, ["id"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// The target column; `None` takes KEEL's `@outputs` or the last column.
    pub target: Option<String>,
    /// The class that is positive; `None` takes the rarer one of two.
    pub positive: Option<String>,
    /// The classes that are negative; rows of others are left out. Empty means every class but the positive one.
    pub negative: Vec<String>,
    /// What is done with cells that have no value.
    pub missing: Missing,
    /// Marks of a cell without value, beside the usual ones.
    pub na: Vec<String>,
    /// Columns that are left out.
    pub drop: Vec<String>,
    /// The columns that are used as features; empty means all but the target and those left out.
    pub features: Vec<String>,
    /// Whether the first line of a CSV file names the columns.
    pub header: Header,
    /// What separates the cells of a CSV file; `None` finds out.
    pub separator: Option<char>,
    /// The decimal mark of a CSV file, `.` or `,`; `None` finds out.
    pub decimal: Option<char>,
    /// The format; `None` takes the one that the file's extension names.
    pub format: Option<Format>,
    /// Whether the indices of a LIBSVM file count from 0.
    pub zero_based: ZeroBased,
    /// The number of features of a LIBSVM file; `None` takes its largest index.
    pub n_features: Option<usize>,
}

impl ReadOptions {
    /// A separator as it is written: one ASCII character by itself, `tab` (also `\\t`) or `space`.
    ///
    /// # Errors
    /// What was expected, where the text is something else.
    ///
    /// ```
    /// use fuzzysvm_datasets::table::ReadOptions;
    /// assert_eq!(ReadOptions::separator_of("tab"), Ok('\t'));
    /// assert!(ReadOptions::separator_of("::").is_err());
    /// ```
    pub fn separator_of(text: &str) -> Result<char, &'static str> {
        let mut chars = text.chars();
        match (text, chars.next(), chars.next()) {
            ("tab" | "\\t", ..) => Ok('\t'),
            ("space", ..) => Ok(' '),
            (_, Some(one), None) if byte_of("", one).is_ok() => Ok(one),
            _ => Err("one character such as ; or |, or tab"),
        }
    }

    /// A decimal mark as it is written.
    ///
    /// # Errors
    /// What was expected, where the text is something else.
    pub fn decimal_of(text: &str) -> Result<char, &'static str> {
        match text {
            "." => Ok('.'),
            "," => Ok(','),
            _ => Err(". or ,"),
        }
    }

    /// Whether the column of this name is used, as far as the options say.
    pub(crate) fn uses(&self, name: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|n| n == name);
        let chosen = self.features.is_empty() || named(&self.features);
        (chosen && !named(&self.drop)) || self.target.as_deref() == Some(name)
    }

    /// Refuses options of LIBSVM's files for a file of another format.
    pub(crate) fn check_format(&self, file: &str, format: Format) -> Result<(), TableError> {
        let given = [
            ("zero_based", self.zero_based != ZeroBased::Auto),
            ("n_features", self.n_features.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((name, _)) if format != Format::Libsvm => Err(TableError::Invalid {
                at: Location {
                    file: file.to_owned(),
                    line: 0,
                    column: 0,
                },
                found: format!("{name} for a file of format {format}"),
                expected: "a LIBSVM file".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// The same with this target column.
    #[must_use]
    pub fn with_target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// The same with this positive class.
    #[must_use]
    pub fn with_positive(mut self, positive: impl Into<String>) -> Self {
        self.positive = Some(positive.into());
        self
    }

    /// The same with these negative classes alone.
    #[must_use]
    pub fn with_negative<S: Into<String>>(mut self, negative: impl IntoIterator<Item = S>) -> Self {
        self.negative = negative.into_iter().map(Into::into).collect();
        self
    }

    /// The same with this treatment of cells without value.
    #[must_use]
    pub fn with_missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// The same with further marks of a cell without value.
    #[must_use]
    pub fn with_na<S: Into<String>>(mut self, na: impl IntoIterator<Item = S>) -> Self {
        self.na = na.into_iter().map(Into::into).collect();
        self
    }

    /// The same without these columns.
    #[must_use]
    pub fn with_drop<S: Into<String>>(mut self, drop: impl IntoIterator<Item = S>) -> Self {
        self.drop = drop.into_iter().map(Into::into).collect();
        self
    }

    /// The same with these columns alone as features.
    #[must_use]
    pub fn with_features<S: Into<String>>(mut self, features: impl IntoIterator<Item = S>) -> Self {
        self.features = features.into_iter().map(Into::into).collect();
        self
    }

    /// The same with this reading of a CSV file's first line.
    #[must_use]
    pub fn with_header(mut self, header: Header) -> Self {
        self.header = header;
        self
    }

    /// The same with this separator of a CSV file's cells.
    #[must_use]
    pub fn with_separator(mut self, separator: char) -> Self {
        self.separator = Some(separator);
        self
    }

    /// The same with this decimal mark.
    #[must_use]
    pub fn with_decimal(mut self, decimal: char) -> Self {
        self.decimal = Some(decimal);
        self
    }

    /// The same in this format, whatever the file's extension.
    #[must_use]
    pub fn with_format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// The same with this base of a LIBSVM file's indices.
    #[must_use]
    pub fn with_zero_based(mut self, zero_based: ZeroBased) -> Self {
        self.zero_based = zero_based;
        self
    }

    /// The same with this number of features of a LIBSVM file.
    #[must_use]
    pub fn with_n_features(mut self, n_features: usize) -> Self {
        self.n_features = Some(n_features);
        self
    }
}
