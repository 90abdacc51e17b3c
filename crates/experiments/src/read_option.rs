//! Values of options from text.

use std::fmt::Display;
use std::str::FromStr;

use fuzzysvm_core::{ParamError, ParamValue};

/// What a count may be.
pub(crate) const COUNT: &str = "a whole number from 1";

/// Reads the value of an option; `rule` says what it may be.
pub(crate) fn read<T: ParamValue>(name: &str, text: &str, rule: &str) -> Result<T, ParamError> {
    T::from_text(text).ok_or_else(|| ParamError::unreadable(name.to_owned(), text, rule))
}

/// As [`read`], of a type that is parsed.
pub(crate) fn parse<T: FromStr>(name: &str, text: &str, rule: &str) -> Result<T, ParamError> {
    let parsed = text.trim().parse();
    parsed.map_err(|_| ParamError::unreadable(name.to_owned(), text, rule))
}

/// A whole number from 1.
pub(crate) fn count(name: &str, text: &str) -> Result<usize, ParamError> {
    let number: usize = read(name, text, COUNT)?;
    match number {
        0 => Err(ParamError::unreadable(name.to_owned(), text, COUNT)),
        _ => Ok(number),
    }
}

/// Whole numbers from 1.
pub(crate) fn counts(name: &str, text: &str) -> Result<Vec<usize>, ParamError> {
    let rule = "whole numbers from 1, as in 1,3,5";
    let numbers: Vec<usize> = read(name, text, rule)?;
    match numbers.contains(&0) {
        true => Err(ParamError::unreadable(name.to_owned(), text, rule)),
        false => Ok(numbers),
    }
}

/// What has a name, of which an unknown one says by itself what there is.
pub(crate) fn named<T>(name: &str, text: &str) -> Result<T, ParamError>
where
    T: FromStr,
    T::Err: Display,
{
    let parsed = text.trim().parse();
    parsed.map_err(|why| {
        let rule = format!("must name what there is: {why}");
        ParamError::new(name.to_owned(), format_args!("{:?}", text.trim()), rule)
    })
}

/// Names with commas between them.
pub(crate) fn names<T>(name: &str, text: &str) -> Result<Vec<T>, ParamError>
where
    T: FromStr,
    T::Err: Display,
{
    text.split(',').map(|text| named(name, text)).collect()
}

/// The option of an unknown name.
pub(crate) fn unknown(name: &str) -> ParamError {
    ParamError::new(name.to_owned(), "unknown", "must be one of the options")
}
