//! What a registry says of a method.

/// Values to try, by parameter: the product of the lists, the first parameter outermost.
pub type ParamGrid = &'static [(&'static str, &'static [&'static str])];

/// How a method is presented, whatever its kind: written beside the method, read by every table and help text.
///
/// ```
/// use fuzzysvm_core::MethodInfo;
/// const INFO: MethodInfo = MethodInfo::new("w-ELM", "weighted extreme learning machine", "Zong, Huang & Chen 2013")
///     .with_grid(&[("n_hidden", &["50", "200"]), ("c", &["16", "256"])]);
/// assert_eq!(INFO.n_grid_points(), 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodInfo {
    /// The name in tables.
    pub title: &'static str,
    /// What it does, in one line without a full stop.
    pub summary: &'static str,
    /// Where it is from: authors, year, DOI.
    pub source: &'static str,
    /// What it is tuned over beside C and the kernel.
    pub grid: ParamGrid,
}

impl MethodInfo {
    /// A method without parameters to tune.
    pub const fn new(title: &'static str, summary: &'static str, source: &'static str) -> Self {
        Self {
            title,
            summary,
            source,
            grid: &[],
        }
    }

    /// The same, tuned over `grid`.
    #[must_use]
    pub const fn with_grid(mut self, grid: ParamGrid) -> Self {
        self.grid = grid;
        self
    }

    /// How many points the grid has; 1 where there is nothing to tune.
    pub fn n_grid_points(&self) -> usize {
        self.grid.iter().map(|(_, values)| values.len()).product()
    }
}
