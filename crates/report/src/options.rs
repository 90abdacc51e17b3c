//! How a page is drawn.

/// Options of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The title of the page; `None` takes the first line of its answer.
    pub title: Option<String>,
    /// Bytes that the page may have.
    pub max_bytes: usize,
}

impl Default for Options {
    /// Up to 3 MB, titled by its answer.
    fn default() -> Self {
        Self {
            title: None,
            max_bytes: 3_000_000,
        }
    }
}
