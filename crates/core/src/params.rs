//! Parameters by name: what a command line, a file and a notebook set and show, as scikit-learn's `get_params` and
//! `set_params`.
//!
//! A type lists its parameters once, with [`parameters!`](crate::parameters); everything else derives from that
//! list: `--param NAME=VALUE`, help texts, model files, grids.
//!
//! ```
//! use fuzzysvm_core::{ParamError, Parameters, parameters};
//!
//! #[derive(Debug, Clone, PartialEq)]
//! struct Nearest { n_neighbors: usize, limit: Option<f64> }
//!
//! parameters! {
//!     Nearest {
//!         n_neighbors: usize, "a whole number from 1", "Nearest neighbors, k";
//!         limit: Option<f64>, "a number above 0, or none", "Largest distance of a neighbor";
//!     }
//! }
//!
//! let mut nearest = Nearest { n_neighbors: 7, limit: None };
//! nearest.set_param("limit", "2.5")?;
//! assert_eq!(nearest.limit, Some(2.5));
//! assert_eq!(nearest.get_param("n_neighbors").as_deref(), Some("7"));
//! let error = nearest.set_param("n_neighbors", "many").unwrap_err();
//! assert_eq!(error.to_string(), "parameter `n_neighbors` is \"many\": must be a whole number from 1");
//! # Ok::<(), ParamError>(())
//! ```

use std::borrow::Cow;
use std::fmt;

/// A parameter outside its documented range, or none at all.
///
/// The same shape in every crate: the parameter's name, the value found, the rule it breaks.
///
/// ```
/// use fuzzysvm_core::ParamError;
/// let e = ParamError::new("c", -1.0, "must be finite and > 0");
/// assert_eq!(e.to_string(), "parameter `c` is -1: must be finite and > 0");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{name}` is {value}: {rule}")]
#[non_exhaustive]
pub struct ParamError {
    /// The parameter's name, as in the documentation.
    pub name: Cow<'static, str>,
    /// The value found, as text of at most 60 characters.
    pub value: String,
    /// The rule in plain words, beginning with "must".
    pub rule: Cow<'static, str>,
}

/// Quoted input is cut at this many characters.
const MOST_CHARACTERS: usize = crate::quote::MAX_QUOTED;

impl ParamError {
    /// A new error; `value` is shown as it displays.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        value: impl fmt::Display,
        rule: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            name: name.into(),
            value: value.to_string().chars().take(MOST_CHARACTERS).collect(),
            rule: rule.into(),
        }
    }

    /// An error about an empty list.
    pub fn empty(name: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, "empty", rule)
    }

    /// An error about a text that cannot be read; `rule` says what can, as in [`ParamSpec::rule`].
    pub fn unreadable(name: impl Into<Cow<'static, str>>, value: &str, rule: &str) -> Self {
        let start: String = value.chars().take(MOST_CHARACTERS - 2).collect();
        Self::new(name, format_args!("{start:?}"), format!("must be {rule}"))
    }

    /// An error about a name that is no parameter.
    pub fn unknown(name: &str, specs: &[ParamSpec]) -> Self {
        let known: Vec<&str> = specs.iter().map(|s| s.name).collect();
        let rule = match known.as_slice() {
            [] => "must be left out: there are no parameters".to_owned(),
            _ => format!("must be one of {}", known.join(", ")),
        };
        let start: String = name.chars().take(MOST_CHARACTERS).collect();
        Self::new(start, "unknown", rule)
    }

    /// `Ok(())` where `ok` holds, the error otherwise: one line per rule in a `validate`.
    ///
    /// # Errors
    /// The error, where `ok` is false.
    pub fn check(
        ok: bool,
        name: impl Into<Cow<'static, str>>,
        value: impl fmt::Display,
        rule: impl Into<Cow<'static, str>>,
    ) -> Result<(), Self> {
        if ok {
            Ok(())
        } else {
            Err(Self::new(name, value, rule))
        }
    }
}

/// What kind of value a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamType {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of these names.
    Choice(&'static [&'static str]),
    /// Anything else; the rule says what.
    Text,
}

/// A parameter as its type documents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamSpec {
    /// Its name.
    pub name: &'static str,
    /// What kind of value it takes.
    pub kind: ParamType,
    /// What it may be, in plain words: "a whole number from 1".
    pub rule: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
}

impl ParamSpec {
    /// A parameter of the value type `T`.
    pub const fn of<T: ParamValue>(
        name: &'static str,
        rule: &'static str,
        help: &'static str,
    ) -> Self {
        let kind = T::TYPE;
        Self {
            name,
            kind,
            rule,
            help,
        }
    }
}

/// Parameters that are read and set by name. Implement it with [`parameters!`](crate::parameters).
pub trait Parameters {
    /// Every parameter, in the order of the documentation.
    fn param_specs(&self) -> &'static [ParamSpec];

    /// The value of a parameter as text; `None` where there is no such parameter.
    fn get_param(&self, name: &str) -> Option<String>;

    /// Sets a parameter from text. Reads the text only; whether the value is in range is said by the type's
    /// `validate`, once all parameters are set.
    ///
    /// # Errors
    /// [`ParamError`]: no such parameter, or a text that cannot be read.
    fn set_param(&mut self, name: &str, value: &str) -> Result<(), ParamError>;

    /// Sets parameters from text, each at most once; as [`Parameters::set_param`].
    ///
    /// # Errors
    /// [`ParamError`]: a name that is no parameter or stands twice, or a text that cannot be read.
    fn set_params<N: AsRef<str>, V: AsRef<str>>(
        &mut self,
        params: &[(N, V)],
    ) -> Result<(), ParamError>
    where
        Self: Sized,
    {
        for (i, (name, value)) in params.iter().enumerate() {
            let (name, value) = (name.as_ref(), value.as_ref());
            let again = params[..i].iter().any(|(other, _)| other.as_ref() == name);
            ParamError::check(!again, name.to_owned(), value, "must be given once")?;
            self.set_param(name, value)?;
        }
        Ok(())
    }

    /// Name and value of every parameter, in the order of the documentation.
    fn get_params(&self) -> Vec<(&'static str, String)> {
        let pair = |spec: &ParamSpec| Some((spec.name, self.get_param(spec.name)?));
        self.param_specs().iter().filter_map(pair).collect()
    }
}

/// A value that can stand behind a parameter's name.
pub trait ParamValue: Sized {
    /// What kind of value it is.
    const TYPE: ParamType;

    /// The value as text, which [`ParamValue::from_text`] reads back exactly.
    fn to_text(&self) -> String;

    /// Reads the value; `None` where the text is none.
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($type:ty),+) => {$(
        impl ParamValue for $type {
            const TYPE: ParamType = ParamType::Integer;
            fn to_text(&self) -> String {
                self.to_string()
            }
            fn from_text(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }
        }
    )+};
}
whole_numbers!(u32, u64, usize);

impl ParamValue for f64 {
    const TYPE: ParamType = ParamType::Number;
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|v: &f64| v.is_finite())
    }
}

impl ParamValue for bool {
    const TYPE: ParamType = ParamType::Boolean;
    fn to_text(&self) -> String {
        self.to_string()
    }
    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

impl ParamValue for String {
    const TYPE: ParamType = ParamType::Text;
    fn to_text(&self) -> String {
        self.clone()
    }
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// `none`, or a value.
impl<T: ParamValue> ParamValue for Option<T> {
    const TYPE: ParamType = T::TYPE;
    fn to_text(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_owned(), T::to_text)
    }
    fn from_text(text: &str) -> Option<Self> {
        if text.trim() == "none" {
            return Some(None);
        }
        T::from_text(text).map(Some)
    }
}

/// `[1,3,5]`; the brackets may be left out where they are not needed to tell the list from several values.
impl<T: ParamValue> ParamValue for Vec<T> {
    const TYPE: ParamType = ParamType::Text;
    fn to_text(&self) -> String {
        let texts: Vec<String> = self.iter().map(T::to_text).collect();
        format!("[{}]", texts.join(","))
    }
    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let inner = text.strip_prefix('[').map_or(Some(text), |rest| {
            // A bracket that opens must close.
            rest.strip_suffix(']')
        })?;
        if inner.trim().is_empty() {
            return Some(Vec::new());
        }
        inner.split(',').map(T::from_text).collect()
    }
}

/// Implements [`ParamValue`] for an enum without fields: one name per variant.
///
/// ```
/// use fuzzysvm_core::{ParamValue, param_choice};
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Decay { Linear, Exponential }
/// param_choice! { Decay { Linear = "linear", Exponential = "exponential" } }
/// assert_eq!(Decay::from_text("linear"), Some(Decay::Linear));
/// assert_eq!(Decay::Exponential.to_text(), "exponential");
/// ```
#[macro_export]
macro_rules! param_choice {
    ($type:ty { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $crate::ParamValue for $type {
            const TYPE: $crate::ParamType = $crate::ParamType::Choice(&[$($name),+]);
            fn to_text(&self) -> String {
                match self {
                    $(Self::$variant => $name.to_owned(),)+
                }
            }
            fn from_text(text: &str) -> Option<Self> {
                match text.trim() {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

/// Implements [`Parameters`](crate::Parameters) for a struct: name and type of each field, what it may be, and what
/// it does. A field of a field is written `max_depth (tree.max_depth): …`. See the [module](crate::params) for an
/// example.
#[macro_export]
macro_rules! parameters {
    ($type:ty { $($name:ident $(($($path:ident).+))?: $value:ty, $rule:expr, $help:expr;)* }) => {
        impl $crate::Parameters for $type {
            fn param_specs(&self) -> &'static [$crate::ParamSpec] {
                const SPECS: &[$crate::ParamSpec] = &[
                    $($crate::ParamSpec::of::<$value>(stringify!($name), $rule, $help)),*
                ];
                SPECS
            }

            fn get_param(&self, name: &str) -> Option<String> {
                match name {
                    $(stringify!($name) => {
                        let value: &$value = &$crate::parameters!(@field self $name $(($($path).+))?);
                        Some($crate::ParamValue::to_text(value))
                    })*
                    _ => None,
                }
            }

            #[allow(unused_variables, reason = "a type without parameters reads no value")]
            fn set_param(&mut self, name: &str, value: &str) -> Result<(), $crate::ParamError> {
                match name {
                    $(stringify!($name) => {
                        let read = <$value as $crate::ParamValue>::from_text(value);
                        $crate::parameters!(@field self $name $(($($path).+))?) =
                            read.ok_or_else(|| $crate::ParamError::unreadable(stringify!($name), value, $rule))?;
                        Ok(())
                    })*
                    _ => Err($crate::ParamError::unknown(name, self.param_specs())),
                }
            }
        }
    };
    (@field $self:ident $name:ident) => { $self.$name };
    (@field $self:ident $name:ident ($($path:ident).+)) => { $self.$($path).+ };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Default)]
    struct Inner {
        depth: Option<usize>,
    }
    #[derive(Debug, Clone, PartialEq, Default)]
    struct Outer {
        rate: f64,
        ks: Vec<usize>,
        on: bool,
        inner: Inner,
    }
    parameters! {
        Outer {
            rate: f64, "a number", "Rate";
            ks: Vec<usize>, "whole numbers", "Sizes";
            on: bool, "true or false", "Whether";
            depth (inner.depth): Option<usize>, "a whole number, or none", "Depth";
        }
    }
    struct Nothing;
    parameters! { Nothing {} }

    #[test]
    fn every_value_reads_back_and_fields_of_fields_are_set() {
        let mut a = Outer::default();
        for (name, text) in [
            ("rate", "1e-21"),
            ("ks", "[1,3]"),
            ("on", "true"),
            ("depth", "4"),
        ] {
            a.set_param(name, text).unwrap();
        }
        assert_eq!((a.rate, a.inner.depth), (1e-21, Some(4)));
        let mut b = Outer::default();
        for (name, text) in a.get_params() {
            b.set_param(name, &text).unwrap();
        }
        assert_eq!(a, b);
        b.set_params(&[("ks", "5, 7"), ("depth", "none")]).unwrap();
        let twice = b.set_params(&[("on", "true"), ("on", "false")]);
        assert_eq!(
            twice.unwrap_err().to_string(),
            "parameter `on` is false: must be given once"
        );
        assert_eq!((b.ks, b.inner.depth), (vec![5, 7], None));
    }

    #[test]
    fn what_cannot_be_set_says_what_can() {
        let mut a = Outer::default();
        for (name, text, words) in [
            (
                "rate",
                "inf",
                "parameter `rate` is \"inf\": must be a number",
            ),
            ("rate", "1e999", "must be a number"),
            ("rate", "", "is \"\": must be"),
            ("ks", "[1,2", "must be whole numbers"),
            ("ks", "1,,2", "must be whole numbers"),
            ("on", "yes", "must be true or false"),
            ("depth", "-1", "or none"),
            (
                "width",
                "1",
                "parameter `width` is unknown: must be one of rate, ks, on, depth",
            ),
        ] {
            let e = a.set_param(name, text).unwrap_err().to_string();
            assert!(e.contains(words), "{e}");
        }
        assert_eq!(a, Outer::default());
        let long = a.set_param("rate", &"9".repeat(100_000).replace('9', "x"));
        assert!(long.unwrap_err().to_string().len() < 200);
        let e = Nothing.set_param("a", "1").unwrap_err().to_string();
        assert!(e.ends_with("there are no parameters"), "{e}");
        assert_eq!(
            ParamError::empty("methods", "must name at least one method").to_string(),
            "parameter `methods` is empty: must name at least one method"
        );
    }
}
