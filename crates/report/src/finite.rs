//! Refuses numbers that are none, before anything is drawn.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::ReportError;

/// Whether all numbers of a value are finite.
pub(crate) trait Finite {
    /// The first one that is not, by its place in the file.
    fn check(&self, at: &str) -> Result<(), ReportError>;
}

/// The place of a field.
pub(crate) fn field(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        _ => format!("{at}.{name}"),
    }
}

/// The place of an entry.
fn entry(at: &str, index: impl Display) -> String {
    format!("{at}[{index}]")
}

impl Finite for f64 {
    fn check(&self, at: &str) -> Result<(), ReportError> {
        match self.is_finite() {
            true => Ok(()),
            false => Err(ReportError::NotFinite {
                path: at.to_owned(),
                value: *self,
            }),
        }
    }
}

/// Values without numbers that could be no number.
macro_rules! always {
    ($($kind:ty),*) => {
        $(impl Finite for $kind {
            fn check(&self, _: &str) -> Result<(), ReportError> {
                Ok(())
            }
        })*
    };
}
always!(u32, u64, usize, bool, String);

impl<T: Finite> Finite for Option<T> {
    fn check(&self, at: &str) -> Result<(), ReportError> {
        self.as_ref().map_or(Ok(()), |value| value.check(at))
    }
}

impl<T: Finite> Finite for Vec<T> {
    fn check(&self, at: &str) -> Result<(), ReportError> {
        let mut values = self.iter().enumerate();
        values.try_for_each(|(i, value)| value.check(&entry(at, i)))
    }
}

impl<T: Finite, const N: usize> Finite for [T; N] {
    fn check(&self, at: &str) -> Result<(), ReportError> {
        let mut values = self.iter().enumerate();
        values.try_for_each(|(i, value)| value.check(&entry(at, i)))
    }
}

impl<T: Finite> Finite for BTreeMap<String, T> {
    fn check(&self, at: &str) -> Result<(), ReportError> {
        let mut values = self.iter();
        values.try_for_each(|(name, value)| value.check(&field(at, name)))
    }
}
