//! Options that do not go together.

/// Options that contradict each other, in words where an option stands as `` `name` `` or, with its value, as
/// `` `name=value` ``.
///
/// ```
/// use fuzzysvm_experiments::lend::LendOptions;
/// let mut options = LendOptions::default();
/// options.known_only = true;
/// let error = options.check(&|name| name == "known_only").unwrap_err();
/// assert_eq!(error.to_string(), "`known_only` needs `split=out-of-time`");
/// let flag = |name: &str, value: Option<&str>| format!("--{name} {}", value.unwrap_or_default()).trim().to_owned();
/// assert_eq!(error.with_options(&flag), "--known_only needs --split out-of-time");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
#[non_exhaustive]
pub struct Contradiction {
    text: String,
}

impl Contradiction {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The same words with every option, and its value where it stands with one, as `option` writes it.
    pub fn with_options(&self, option: &dyn Fn(&str, Option<&str>) -> String) -> String {
        let parts = self.text.split('`').enumerate();
        let written = |(i, part): (usize, &str)| match (i % 2, part.split_once('=')) {
            (0, _) => part.to_owned(),
            (_, None) => option(part, None),
            (_, Some((name, value))) => option(name, Some(value)),
        };
        parts.map(written).collect()
    }

    /// The contradiction of a name that stands twice among `methods`, where one does.
    ///
    /// # Errors
    /// That contradiction.
    pub(crate) fn check_named_once(
        methods: &[impl PartialEq + std::fmt::Display],
    ) -> Result<(), Self> {
        for (i, name) in methods.iter().enumerate() {
            if methods[..i].contains(name) {
                return Err(Self::new(format!("`methods` names {name} twice")));
            }
        }
        Ok(())
    }
}
