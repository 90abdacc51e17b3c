//! Flags of Lending Club files that several commands share.

use std::collections::BTreeMap;

use clap::Args;

/// Names of columns in a loan file.
#[derive(Debug, Clone, Args)]
pub struct ColumnFlags {
    /// Lending Club: read column OLD as NEW (repeatable)
    #[arg(long = "map", value_name = "OLD=NEW", value_parser = mapping)]
    map: Vec<(String, String)>,
}

impl ColumnFlags {
    /// The file's names, each with Lending Club's name for it.
    pub fn columns(&self) -> BTreeMap<String, String> {
        self.map.iter().cloned().collect()
    }

    /// Whether there are any.
    pub fn is_given(&self) -> bool {
        !self.map.is_empty()
    }
}

/// `OLD=NEW`. The file's name may hold an equals sign; Lending Club's names hold none.
fn mapping(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((old, new)) if !old.trim().is_empty() && !new.trim().is_empty() => {
            Ok((old.trim().to_owned(), new.trim().to_owned()))
        }
        _ => Err("expected OLD=NEW, as in amount=loan_amnt".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_has_two_sides() {
        let pair = |old: &str, new: &str| Ok((old.to_owned(), new.to_owned()));
        assert_eq!(
            mapping("Loan amount=loan_amnt"),
            pair("Loan amount", "loan_amnt")
        );
        assert_eq!(mapping("a=b = term "), pair("a=b", "term"));
        for text in ["", "=", "a", "a=", "=term", " = "] {
            assert!(mapping(text).is_err(), "{text:?}");
        }
    }
}
