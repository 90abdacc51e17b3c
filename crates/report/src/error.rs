//! What can be wrong with results.

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// No JSON, or JSON of another shape.
    #[error("{path}: {message}")]
    Json {
        /// Where in the file, as `methods[0].name`.
        path: String,
        /// What is wrong there.
        message: String,
    },
    /// JSON of something else.
    #[error("neither results of lend nor of compare: expected {expected} at the top of the file")]
    Unknown {
        /// The keys that tell.
        expected: &'static str,
    },
    /// Results of a later version.
    #[error("schema {found} is newer than schema {known}, the newest that this version reads")]
    Newer {
        /// That of the file.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A number that is none.
    #[error("{path}: found {value}, expected a finite number")]
    NotFinite {
        /// Where in the file, as `methods[0].trials[3].ks`.
        path: String,
        /// NaN or an infinity.
        value: f64,
    },
    /// A page that no browser should be asked to open.
    #[error("the page has {found} bytes, more than the {limit} that are allowed")]
    TooLarge {
        /// Its size.
        found: usize,
        /// The limit.
        limit: usize,
    },
}
